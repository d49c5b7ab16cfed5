"""What holds for every text, however strange, and how long it may take."""

import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.personbound import ContactFacts, assess, email_kind, find, phone_kind
from tests.personbound.scoring import labelled

WORDS = st.sampled_from(
    [
        "Anna", "Lindqvist", "von", "af", "enhetschef", "Kontaktpersoner:", "AB", "Mora", "J.K.", "O'Neill",
        "anna.berg@x.se", "070-174 06 05", "850101-1236", ",", "(S)", "och", "ÅÄÖ", "Palme-mordet", "\u00a0", "\n",
        "ß", "İ", "🙂", "IV", "Jr.", "@", "+46", "“",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(WORDS, max_size=30).map(" ".join), st.lists(WORDS, max_size=30).map("".join))


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_findings_slice_back_to_the_text_in_order_and_do_not_overlap(text):
    end = 0
    for finding in find(text):
        assert text[finding.start : finding.end] == finding.text != ""
        assert finding.start >= end
        assert finding.reason
        end = finding.end


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_the_same_text_gives_the_same_findings(text):
    assert find(text) == find(text)


@given(st.text(), st.text())
@settings(max_examples=300, deadline=None)
def test_no_address_and_no_number_breaks_the_check(one, other):
    assert email_kind(f"{one}@{other}").kind in ("personal", "function", "no_reply", "invalid")
    assert email_kind(one).reason
    assert phone_kind(other).kind in ("fixed", "mobile", "short", "invalid")


@given(
    st.builds(
        ContactFacts,
        function=st.text(),
        mailbox=st.text(),
        phone=st.text(),
        sdk_address=st.text(),
        postal_address=st.text(),
    )
)
@settings(max_examples=200, deadline=None)
def test_every_contact_point_gets_a_verdict_and_a_reason(facts):
    assert assess(facts).reasons


def test_a_name_is_found_wherever_in_a_sentence_it_stands():
    for sentence in labelled("agreements"):
        moved = find("Parterna är överens. " + sentence.text)
        assert [each.text for each in moved] == [each.text for each in find(sentence.text)]


HOSTILE = {
    "capitals": "A" * 1_000_000,
    "initials": "A. " * 330_000,
    "dotted": "A." * 500_000,
    "names": "Anna Berg " * 20_000,
    "particles": "Anna " + "von " * 250_000,
    "hyphens": "A-" * 500_000,
    "at signs": "@" * 1_000_000,
    "addresses": "a@" * 500_000,
    "dots after at": "a@" + "a." * 500_000,
    "digits": "0" * 1_000_000,
    "digits and spaces": "0 " * 500_000,
    "plus": "+46" * 330_000,
    "dates": "850101-" * 140_000,
    "spaces": " " * 1_000_000,
    "greetings": "mvh " * 250_000,
    "heads": "kontakt:" * 125_000,
    "heads and names": "Kontakt: Anna, " * 10_000,
    "titles": "chef " * 200_000,
    "no spaces": "Anna@berg" * 110_000,
    "quotes": "\"'" * 500_000,
    "list": "Kontaktpersoner: " + "Anna, " * 160_000,
    "combining": "A\u0301" * 500_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_up_to_a_million_hostile_characters_take_seconds_at_most(name):
    text = HOSTILE[name]
    started = time.process_time()
    find(text)
    spent = time.process_time() - started
    assert spent < 6, f"{spent:.1f} s"


def test_twice_the_hostile_text_takes_about_twice_the_time():
    def once(text):
        started = time.process_time()
        find(text)
        return time.process_time() - started

    def spent(text):
        return min(once(text) for _ in range(3))

    for text in ("Kontakt: Anna, mvh a@a.se 070 " * 1_000, "A. von B-c@d " * 2_000):
        find(text)
        assert spent(text * 4) < 12 * max(spent(text), 0.02)


def test_importing_the_check_loads_no_data_no_django_and_no_number_plans():
    program = (
        "import sys, contacts.personbound as p; from contacts.personbound import lexicon;"
        "assert lexicon.table.cache_info().currsize == 0;"
        "assert not {'django', 'phonenumbers'} & set(sys.modules); print('clean')"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout == "clean\n"
