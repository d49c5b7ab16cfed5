"""Saving while somebody writes: what can be saved is, what can't is told at its field, and history stays readable."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agreements.actions import checking, writing
from agreements.models import Flag, Section, Version
from contacts.models import Event
from tests.agreements.forms import filled, save, section_address, section_form, words_of
from tests.cast import Cast
from tests.factories import TODAY, contact_point, draft, proposed

NOW = datetime.datetime.combine(TODAY, datetime.time(12), tzinfo=datetime.UTC)


@pytest.fixture
def version(cast: Cast) -> Version:
    return draft(cast)


@pytest.fixture
def writer(client: Client, cast: Cast) -> Client:
    client.force_login(cast.coordinator)
    return client


def autosave(client: Client, version: Version, key: str, **changes: Any) -> HttpResponse:
    """Send a section as it stands on the page, on the newest revision unless another one is given."""
    form = section_form(client, version, key) | changes
    return client.post(reverse("section_autosave", args=(version.pk, key)), form)


def content(version: Version, key: str) -> dict[str, Any]:
    return Section.objects.get(version=version, key=key).content


def test_the_answer_is_short_and_says_what_to_build_on(writer: Client, version: Version):
    answer = autosave(writer, version, "employers", cooperation="<p>Möten.</p>")

    assert answer.json() | {"at": ""} == {"revision": 1, "at": "", "base": "", "errors": []}
    assert len(answer.content) < 200
    assert content(version, "employers") == {"cooperation": "<p>Möten.</p>"}


def test_what_cannot_be_saved_is_told_at_its_field_and_the_rest_is_saved(writer: Client, version: Version):
    typed = {"goals-0-what": "Fler i arbete", "goals-0-due": "i vår", "goals-0-id": "abcd"}

    answer = autosave(writer, version, "goals", **typed)

    assert [error["id"] for error in answer.json()["errors"]] == ["id_goals-0-due"]
    assert content(version, "goals") == {"goals": [{"id": "abcd", "what": "Fler i arbete"}]}


def test_a_value_that_cannot_be_saved_leaves_what_is_stored(writer: Client, version: Version):
    save(writer, version, "goals", **{"goals-0-what": "Mål", "goals-0-due": "2027-01-01", "goals-0-id": "abcd"})

    autosave(writer, version, "goals", **{"goals-0-what": "Målet", "goals-0-due": "2027-13-01"})

    assert content(version, "goals")["goals"] == [{"id": "abcd", "what": "Målet", "due": "2027-01-01"}]


def test_a_personnummer_is_never_saved_not_even_for_a_moment(writer: Client, version: Version):
    answer = autosave(writer, version, "background", local_situation="<p>Ring 19811218-9876.</p>")

    assert "ser ut som ett personnummer" in answer.json()["errors"][0]["message"]
    assert content(version, "background") == {}
    assert not Event.objects.filter(type__contains="section").exists()


def test_dates_in_the_wrong_order_wait_and_the_field_says_why(writer: Client, version: Version):
    answer = autosave(writer, version, "validity", period_start="2027-01-01", period_end="2026-01-01")

    version.refresh_from_db()
    assert [error["id"] for error in answer.json()["errors"]] == ["id_period_end"]
    assert version.period_start is None


def test_a_locked_field_posted_by_hand_is_refused_whole(writer: Client, version: Version):
    answer = autosave(writer, version, "background", locked="<p>Vår lag.</p>", local_situation="<p>Läget.</p>")

    assert answer.status_code == 422
    assert content(version, "background") == {}


def test_a_post_cut_short_empties_nothing(writer: Client, version: Version):
    save(writer, version, "routines", handover="<p>Möte.</p>", transition="<p>Plan.</p>")
    address = reverse("section_autosave", args=(version.pk, "routines"))

    assert writer.post(address, {"revision": "1", "handover": "<p>Nytt.</p>"}).status_code == 422
    assert content(version, "routines")["transition"] == "<p>Plan.</p>"


def test_a_text_that_somebody_else_has_saved_is_never_written_over(writer: Client, version: Version, cast: Cast):
    raw = {"cooperation": "<p>Myndighetens.</p>"}
    writing.save_section(by=cast.af_coordinator, version_id=version.pk, key="employers", raw=raw, revision=0)

    answer = autosave(writer, version, "employers", cooperation="<p>Kommunens.</p>", revision="0")

    assert (answer.status_code, answer.json()) == (409, {"stale": "Ali Ordnare"})
    assert content(version, "employers") == raw


def test_an_answer_that_was_lost_can_be_asked_for_again(writer: Client, version: Version):
    autosave(writer, version, "employers", cooperation="<p>Möten.</p>")

    again = autosave(writer, version, "employers", cooperation="<p>Möten.</p>", revision="0")

    assert (again.status_code, again.json()["revision"]) == (200, 1)
    assert Event.objects.filter(type="agreement.section_saved", after__autosaved=True).count() == 1


def test_a_proposed_agreement_takes_no_more(client: Client, cast: Cast):
    version = proposed(cast)
    client.force_login(cast.coordinator)
    post = {"revision": "1", "cooperation": "<p>För sent.</p>"}

    answer = client.post(reverse("section_autosave", args=(version.pk, "employers")), post)

    assert answer.status_code == 409
    assert "kan inte ändras" in answer.json()["refused"]


def test_an_autosave_reaches_the_check_like_any_other_save(writer: Client, version: Version):
    autosave(writer, version, "background", local_situation="<p>Kontakta Anna Lindqvist.</p>")

    checking.deliver_events(now=NOW)

    assert Flag.objects.open().filter(version=version, rule="name_in_text").exists()


@pytest.mark.parametrize("name", ["section_edit", "section_autosave"])
def test_a_save_asks_few_questions(name: str, writer: Client, version: Version):
    form = section_form(writer, version, "employers") | {"cooperation": "<p>Möten.</p>"}

    with CaptureQueriesContext(connection) as captured:
        writer.post(reverse(name, args=(version.pk, "employers")), form)

    assert len(captured) <= 8, "\n".join(query["sql"] for query in captured)


def test_a_save_of_many_rows_asks_no_more(writer: Client, version: Version):
    rows = {
        f"goals-{n}-{name}": ""
        for n in range(30)
        for name in ("baseline", "target", "due", "responsible", "measured_by")
    }
    rows |= {f"goals-{n}-what": f"Mål {n}" for n in range(30)} | {f"goals-{n}-id": f"rad{n:04}" for n in range(30)}
    form = section_form(writer, version, "goals") | rows | {"goals-TOTAL_FORMS": "30"}

    with CaptureQueriesContext(connection) as captured:
        writer.post(reverse("section_autosave", args=(version.pk, "goals")), form)

    assert len(captured) <= 8
    assert len(content(version, "goals")["goals"]) == 30


# ------------------------------------------------------------------------------------------------------ history


def type_slowly(client: Client, version: Version, *texts: str, key: str = "employers") -> None:
    for text in texts:
        autosave(client, version, key, cooperation=f"<p>{text}</p>")


def history(client: Client, version: Version) -> str:
    return words_of(client.get(reverse("agreement_history", args=(version.pk,))))


def test_a_sitting_is_one_line_with_what_was_before_and_after_all_of_it(writer: Client, version: Version):
    save(writer, version, "employers", cooperation="<p>Från början.</p>")
    type_slowly(writer, version, "Mö", "Möten va", "Möten varje vecka.")

    page = history(writer, version)

    assert page.count("Ändrade avsnitt 11") == 2
    assert "Före Från början. Efter Möten varje vecka." in page
    assert "Möten va " not in page


def test_a_save_by_the_button_ends_the_sitting_it_belongs_to(writer: Client, version: Version):
    type_slowly(writer, version, "Ett", "Ett två")
    save(writer, version, "employers", cooperation="<p>Ett två tre</p>")

    page = history(writer, version)

    assert page.count("Ändrade avsnitt 11") == 1
    assert "Före tomt Efter Ett två tre" in page


def test_somebody_else_in_between_begins_a_new_line(writer: Client, version: Version, cast: Cast):
    other = Client()
    other.force_login(cast.af_coordinator)
    type_slowly(writer, version, "Ett")
    type_slowly(other, version, "Ett, och vårt")
    type_slowly(writer, version, "Ett, och vårt, och mitt")

    page = history(writer, version)

    assert page.count("Ändrade avsnitt 11") == 3
    assert "Före Ett, och vårt Efter Ett, och vårt, och mitt" in page


def test_half_an_hour_of_silence_ends_a_sitting(writer: Client, version: Version):
    type_slowly(writer, version, "Före lunch")
    Event.objects.filter(type="agreement.section_saved", after__autosaved=True).update(at=NOW)
    type_slowly(writer, version, "Efter lunch")

    assert history(writer, version).count("Ändrade avsnitt 11") == 2


def test_what_is_typed_of_the_parties_is_one_line_too(writer: Client, version: Version):
    for unit in ("Arb", "Arbetsmarknads", "Arbetsmarknadsnämnden"):
        autosave(writer, version, "parties", **{"party-0-unit": unit})

    page = history(writer, version)

    assert page.count("Arbetsmarknadsnämnden") == 1
    assert "Arbetsmarknads " not in page


def test_history_asks_the_same_number_of_questions_however_much_is_typed(writer: Client, version: Version):
    def questions() -> int:
        with CaptureQueriesContext(connection) as captured:
            history(writer, version)
        return len(captured)

    type_slowly(writer, version, *(f"Text {n}" for n in range(3)))
    few = questions()
    type_slowly(writer, version, *(f"Text {n}" for n in range(3, 30)))

    assert questions() == few <= 10


def test_names_typed_in_a_sitting_are_covered_for_who_may_not_see_them(
    writer: Client, version: Version, cast: Cast, client: Client
):
    type_slowly(writer, version, "Ring Anna Lindqvist.")
    reader = Client()
    reader.force_login(cast.skr_reader)

    assert "Lindqvist" not in history(reader, version)


# ------------------------------------------------------------------------------------------------------- merging


def their_change(version: Version, cast: Cast, text: str) -> None:
    revision = Section.objects.get(version=version, key="employers").revision
    raw = {"cooperation": text}
    writing.save_section(by=cast.af_coordinator, version_id=version.pk, key="employers", raw=raw, revision=revision)


def both(writer: Client, version: Version, cast: Cast, was: str, theirs: str, mine: str) -> HttpResponse:
    save(writer, version, "employers", cooperation=was)
    form = section_form(writer, version, "employers") | {"cooperation": mine}
    their_change(version, cast, theirs)
    return writer.post(section_address(version, "employers"), form)


def test_changes_that_do_not_touch_are_offered_as_one_text(writer: Client, version: Version, cast: Cast):
    answer = both(writer, version, cast, "<p>A</p><p>B</p>", "<p>A deras</p><p>B</p>", "<p>A</p><p>B mitt</p>")

    page = words_of(answer)
    assert answer.status_code == 409
    assert "Spara den sammanslagna texten" in page
    assert "A deras" in page
    assert "B mitt" in page


def test_the_merged_text_is_saved_as_it_is_offered(writer: Client, version: Version, cast: Cast):
    answer = both(writer, version, cast, "<p>A</p><p>B</p>", "<p>A deras</p><p>B</p>", "<p>A</p><p>B mitt</p>")

    saved = writer.post(section_address(version, "employers"), filled(answer, "avsnitt-formular"))

    assert saved.status_code == 302
    assert content(version, "employers")["cooperation"] == "<p>A deras</p><p>B mitt</p>"


def test_one_s_own_text_can_be_saved_instead_of_the_merged_one(writer: Client, version: Version, cast: Cast):
    answer = both(writer, version, cast, "<p>A</p><p>B</p>", "<p>A deras</p><p>B</p>", "<p>A</p><p>B mitt</p>")

    writer.post(section_address(version, "employers"), filled(answer, "bara-min-text"))

    assert content(version, "employers")["cooperation"] == "<p>A</p><p>B mitt</p>"


def test_colliding_changes_stand_side_by_side_and_are_named(writer: Client, version: Version, cast: Cast):
    answer = both(writer, version, cast, "<p>A</p>", "<p>A deras</p>", "<p>A mitt</p>")

    page = words_of(answer)
    assert "Det här har ni båda ändrat" in page
    assert "A deras" in page
    assert "Spara min text" in page
    assert "A mitt" in answer.content.decode()


def test_two_who_autosave_are_merged_from_what_both_began_with(writer: Client, version: Version, cast: Cast):
    type_slowly(writer, version, "A</p><p>B")
    form = section_form(writer, version, "employers") | {"cooperation": "<p>A</p><p>B mitt</p>"}
    other = Client()
    other.force_login(cast.af_coordinator)
    type_slowly(other, version, "A de</p><p>B", "A deras</p><p>B")

    answer = writer.post(section_address(version, "employers"), form)

    assert "Spara den sammanslagna texten" in words_of(answer)
    assert "A deras</p><p>B mitt" in answer.content.decode()


def test_different_facts_of_the_parties_are_merged(writer: Client, version: Version, cast: Cast):
    form = section_form(writer, version, "parties") | {"party-0-unit": "Nämnden"}
    other = Client()
    other.force_login(cast.af_coordinator)
    save(other, version, "parties", **{"party-1-unit": "Region Nord"})

    answer = writer.post(section_address(version, "parties"), form)

    text = answer.content.decode()
    assert "Spara den sammanslagna texten" in words_of(answer)
    assert 'value="Nämnden"' in text
    assert 'value="Region Nord"' in text


def test_contact_points_ticked_by_both_are_both_ticked(writer: Client, version: Version, cast: Cast):
    ours, theirs = contact_point(cast.ostersund, by=cast.coordinator), contact_point(cast.nord, by=cast.af_coordinator)
    municipality, af = version.parties.all()
    mine, other = f"{municipality.pk}:strategic:{ours.pk}", f"{af.pk}:strategic:{theirs.pk}"
    form = section_form(writer, version, "contacts") | {"contacts": [mine]}
    colleague = Client()
    colleague.force_login(cast.af_coordinator)
    save(colleague, version, "contacts", contacts=[other])

    answer = writer.post(section_address(version, "contacts"), form)

    assert set(filled(answer, "avsnitt-formular")["contacts"]) == {mine, other}
