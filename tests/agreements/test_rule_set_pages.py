"""The rule sets' pages: read by all, written by SKR, and what publishing would mean told before it is done."""

from __future__ import annotations

import datetime
import html
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agreements.actions import rule_sets, weighing
from agreements.lowest_level import Setting, Weight
from agreements.models import RuleSet
from agreements.rule_set_pages import timeline
from tests.agreements.rule_sets import RAISED, draft, form_of, published
from tests.cast import Cast
from tests.factories import in_force

pytestmark = pytest.mark.django_db
LIST = "/lagsta-niva/"


def text(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return html.unescape(response.content.decode())


@pytest.fixture
def officer(client: Client, cast: Cast) -> Client:
    client.force_login(cast.officer)
    return client


def test_everybody_reads_the_rules_in_words(client: Client, cast: Cast) -> None:
    client.force_login(cast.outsider)

    page = text(client.get(f"{LIST}1/"))

    assert "N04 Forum, frekvens och ansvarig funktion" in page
    assert "Strategiska möten per år: 2" in page
    assert "Ändra utkastet" not in page


def test_a_draft_is_seen_by_those_who_edit_and_by_nobody_else(client: Client, cast: Cast) -> None:
    new = draft(cast.officer)
    for user, status in ((cast.officer, 200), (cast.skr_reader, 404), (cast.coordinator, 404)):
        client.force_login(user)
        assert client.get(f"{LIST}{new.number}/").status_code == status
        assert ("Utkast" in text(client.get(LIST))) is (status == 200)


def test_a_draft_is_started_from_the_list_and_written_in(officer: Client) -> None:
    started = officer.post(f"{LIST}utkast/")
    assert started["Location"] == f"{LIST}2/andra/"

    saved = officer.post(f"{LIST}2/andra/", form_of(RuleSet.objects.get(number=2), N07="K", N13="-"))

    assert saved["Location"] == f"{LIST}2/"
    rules = RuleSet.objects.get(number=2).settings
    assert rules["N07"].weight is Weight.DEMAND
    assert "N13" not in rules


def test_a_second_draft_is_explained(officer: Client) -> None:
    officer.post(f"{LIST}utkast/")

    assert "Det finns redan ett utkast" in text(officer.post(f"{LIST}utkast/", follow=True))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"N17-months": "0"}, "Ett heltal från 1 till 36"),
        ({"N17-months": "x"}, "Ett heltal från 1 till 36"),
        ({"N17-months": ""}, "Skriv ett tal"),
        ({"name": "\x00 "}, "Ge regelverket ett namn"),
        ({"name": "Nivå 19121212-1212"}, "personnummer får inte finnas i portalen"),
        ({"note": "Mitt skäl gäller 19121212-1212"}, "personnummer får inte finnas i portalen"),
        ({"N07": ""}, "Välj krav, bör eller ingår inte"),
        ({"N07": "X"}, "Välj krav, bör eller ingår inte"),
        ({f"N{number:02}": "-" for number in range(1, 19)}, "Minst en regel måste ingå"),
    ],
)
def test_what_cannot_be_saved_is_explained_and_kept(officer: Client, cast: Cast, change: Any, words: str) -> None:
    new = draft(cast.officer)

    page = text(officer.post(f"{LIST}2/andra/", form_of(new, **{"note": "Mitt skäl", **change})), 422)

    assert words in page
    assert "Mitt skäl" in page


def test_a_save_after_somebody_elses_keeps_both(officer: Client, cast: Cast) -> None:
    old = draft(cast.officer)
    mine = form_of(old, N07="K", note="Mitt skäl")
    officer.post(f"{LIST}2/andra/", form_of(old, N13="K"))

    page = text(officer.post(f"{LIST}2/andra/", mine), 409)

    assert "Någon annan sparade före dig" in page
    assert "N13 Lokal närvaro och samlokalisering besvarad: Krav → Bör" in page
    assert "Mitt skäl" in page
    again = officer.post(f"{LIST}2/andra/", mine | {"revision": str(RuleSet.objects.get(number=2).revision)})
    assert again.status_code == 302


def test_the_panel_asks_again_until_the_worker_has_counted(officer: Client, cast: Cast) -> None:
    in_force(cast)
    draft(cast.officer, **RAISED)
    waiting = text(officer.get(f"{LIST}2/"))
    tired = text(officer.get(f"{LIST}2/foljder/?varv=60"))
    weighing.weigh_drafts(now=timezone.now())

    done = text(officer.get(f"{LIST}2/foljder/"))

    assert ("every 2s" in waiting, "every 2s" in tired, "every 2s" in done) == (True, False, False)
    assert "Räkningen dröjer" in tired
    assert done in text(officer.get(f"{LIST}2/"))
    assert "Visa de överenskommelser som bedöms annorlunda (1)" in done


def test_each_number_that_falls_short_is_the_length_of_its_list(officer: Client, cast: Cast) -> None:
    in_force(cast)
    new = draft(cast.officer, weighed=True, **RAISED)

    for rule, count in [("", len(new.impact["changed"])), *new.impact["rules"].items()]:
        page = text(officer.get(f"{LIST}2/foljder/overenskommelser/", {"regel": rule} if rule else {}))
        assert page.count('<th scope="row"') == count
        assert f"{count} överenskommelser" in page


def test_a_rule_that_is_none_is_not_found(officer: Client, cast: Cast) -> None:
    draft(cast.officer, weighed=True)

    assert officer.get(f"{LIST}2/foljder/overenskommelser/?regel=N99").status_code == 404
    assert officer.get(f"{LIST}1/foljder/overenskommelser/").status_code == 404


def test_publishing_states_the_numbers_and_wants_them_read(officer: Client, cast: Cast) -> None:
    in_force(cast)
    new = draft(cast.officer, weighed=True, **RAISED)
    asked = {"revision": str(new.revision), "valid_from": str(timezone.localdate())}

    page = text(officer.get(f"{LIST}2/publicera/"))
    unread = text(officer.post(f"{LIST}2/publicera/", asked), 422)
    done = officer.post(f"{LIST}2/publicera/", asked | {"read": "on"})

    assert "1 gällande överenskommelser är prövade" in page
    assert "Läs följderna och kryssa i rutan" in unread
    assert done["Location"] == f"{LIST}2/"
    assert RuleSet.objects.in_force(timezone.localdate()).number == 2


@pytest.mark.parametrize(("day", "words"), [("i dag", "ÅÅÅÅ-MM-DD"), ("2020-01-01", "har varit"), ("", "Välj en dag")])
def test_a_day_that_cannot_be_is_explained(officer: Client, cast: Cast, day: str, words: str) -> None:
    new = draft(cast.officer, weighed=True)

    asked = {"revision": str(new.revision), "valid_from": day, "read": "on"}

    assert words in text(officer.post(f"{LIST}2/publicera/", asked), 422)


def test_publishing_what_somebody_has_changed_meanwhile_is_refused(officer: Client, cast: Cast) -> None:
    new = draft(cast.officer, weighed=True)
    asked = {"revision": str(new.revision - 1), "valid_from": str(timezone.localdate()), "read": "on"}

    assert "har ändrats sedan du öppnade" in text(officer.post(f"{LIST}2/publicera/", asked), 409)


def test_a_published_rule_set_has_no_form(officer: Client, cast: Cast) -> None:
    published(cast.officer)

    for page in ("andra", "publicera", "kasta"):
        assert "publicerat och kan inte ändras" in text(officer.get(f"{LIST}2/{page}/", follow=True))
    assert text(officer.post(f"{LIST}2/andra/", form_of(RuleSet.objects.get(number=2))), 409)


def test_a_draft_is_thrown_away(officer: Client, cast: Cast) -> None:
    draft(cast.officer)

    assert "Utkastet är kastat" in text(officer.post(f"{LIST}2/kasta/", follow=True))
    assert officer.get(f"{LIST}2/").status_code == 404


def test_two_rule_sets_are_compared_in_words(client: Client, cast: Cast) -> None:
    published(cast.officer, **RAISED)
    client.force_login(cast.reader)

    page = text(client.get(f"{LIST}2/jamfor/1/"))

    assert "Det som skiljer (2 regler)" in page
    assert "säger samma sak" in text(client.get(f"{LIST}1/jamfor/1/"))


def test_the_history_tells_what_was_changed(officer: Client, cast: Cast) -> None:
    draft(cast.officer, N07=Setting(Weight.DEMAND))

    page = text(officer.get(f"{LIST}2/"))

    assert "N07 Ersättare för strategiska och operativa kontaktytor: Bör → Krav" in page
    assert "Siv Handläggare" in page


def test_the_list_says_which_applies_when(cast: Cast) -> None:
    day = datetime.date(2026, 11, 24)
    facts = {1: datetime.date(2022, 12, 1), 2: datetime.date(2025, 1, 1), 3: datetime.date(2027, 1, 1), 4: None}
    rows = [RuleSet(number=n, valid_from=d, published_at=timezone.now() if d else None) for n, d in facts.items()]

    assert [(line.rule_set.number, line.when, line.until) for line in timeline(rows, day)] == [
        (4, "draft", None),
        (3, "coming", None),
        (2, "now", facts[3]),
        (1, "past", facts[2]),
    ]


@pytest.mark.parametrize("address", ["", "1/", "2/", "2/jamfor/1/", "2/andra/", "2/publicera/"])
def test_the_number_of_queries_does_not_grow(officer: Client, cast: Cast, address: str) -> None:
    new = draft(cast.officer, weighed=True)
    counts = []
    for number in range(10, 40, 20):
        with CaptureQueriesContext(connection) as asked:
            assert officer.get(LIST + address).status_code == 200
        counts.append(len(asked))
        for extra in range(number, number + 10):
            first = datetime.date(2030, 1, 1) + datetime.timedelta(days=extra)
            RuleSet.objects.create(
                number=extra, name="x", rules=new.rules, valid_from=first, published_at=timezone.now()
            )
    assert counts[0] == counts[1] <= 10


def test_a_reader_who_writes_is_refused(client: Client, cast: Cast) -> None:
    client.force_login(cast.skr_reader)

    assert client.post(f"{LIST}utkast/").status_code == 403
    assert client.get(f"{LIST}1/andra/").status_code == 403
    assert not RuleSet.objects.drafts().exists()
    assert rule_sets.start_draft(by=cast.officer).number == 2
