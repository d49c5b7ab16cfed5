"""The open data: files of any day and of everything that has happened, and what is told of them."""

import csv
import datetime
import io
import json
import tracemalloc

import pytest
from django.utils import timezone

from agreements.states import State
from contacts.models import Event
from municipalities.models import Municipality
from nationwide.open_answers import pieces
from nationwide.open_data import DAY_COLUMNS, EVENT_COLUMNS, csv_lines, json_lines
from nationwide.public import Happening
from nationwide.published import each_public, happenings
from tests.factories import draft
from tests.nationwide.rows import PAST, agreement, country

pytestmark = pytest.mark.django_db
DAY = datetime.date(2023, 3, 15)
EVE = DAY - datetime.timedelta(days=1)
LATEST, EVENTS = "/oppna-data/tackning/senaste", "/oppna-data/handelser"


def body(answer):
    assert answer.status_code == 200
    return b"".join(answer).decode()


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(body(answer), newline="")))


def a_happening(**more):
    facts = {"day": DAY, "event": "began", "code": "0114", "name": "Prov", "county": "01", "agreement": 1, "version": 1}
    return Happening(**{**facts, "template": 1, "signed": EVE, "ending": "", **more})


# ---------------------------------------------------------------------------------------------------- how it is written


def test_a_name_that_a_spreadsheet_would_run_is_defused():
    [_, line] = csv_lines(EVENT_COLUMNS, [a_happening(name="=HYPERLINK(1)")])

    assert line == "2023-03-15,began,0114,'=HYPERLINK(1),01,1,1,1,2023-03-14,\r\n"


@pytest.mark.parametrize("many", [0, 1, 3])
def test_the_json_is_whole_however_many_rows_there_are(many):
    text = "".join(json_lines(EVENT_COLUMNS, [a_happening()] * many, head={"until": DAY}, name="events"))

    found = json.loads(text)
    assert (found["until"], len(found["events"])) == ("2023-03-15", many)
    assert found["licence"].endswith("/publicdomain/zero/1.0/")
    assert all(row["ending"] is None and row["version"] == 1 for row in found["events"])


def test_lines_leave_in_pieces_worth_sending():
    sent = list(pieces("x" * 1000 for _ in range(100)))

    assert (len(sent), sum(map(len, sent))) == (4, 100_000)


def test_memory_does_not_grow_with_the_rows():
    def peak(many):
        tracemalloc.start()
        for _ in pieces(csv_lines(EVENT_COLUMNS, (a_happening() for _ in range(many)))):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(6000) < peak(1500) * 1.2


@pytest.mark.parametrize("size", [3, 30])
def test_the_rows_are_read_with_as_many_questions_however_many_they_are(size, django_assert_num_queries):
    agreement(*country(size), start=PAST)

    with django_assert_num_queries(2):
        assert len(list(each_public(DAY))) == size
    with django_assert_num_queries(1):
        assert len(list(happenings(DAY))) == size


# ---------------------------------------------------------------------------------------------------- a day


def test_a_day_tells_how_each_municipality_stood(client):
    first, _ = country(2)
    agreement(first, start=DAY, end=datetime.date(2027, 1, 1))

    before, after = (rows_of(client.get(f"/oppna-data/tackning/{day}.csv")) for day in (EVE, DAY))

    assert [row["status"] for row in before] == ["in_work", "none"]
    assert [row["in_force_from"] for row in before] == ["", ""]
    assert after[0] | {"code": "9900", "status": "signed", "in_force_to": "2026-12-31", "level": ""} == after[0]
    assert list(after[0]) == [column.name for column in DAY_COLUMNS]


def test_json_holds_the_same_rows(client):
    agreement(*country(2), start=PAST)

    found = json.loads(body(client.get(f"{LATEST}.json")))

    assert found["on"] == str(timezone.localdate())
    assert [row["code"] for row in found["municipalities"]] == ["9900", "9901"]
    assert list(found["municipalities"][0]) == [column.name for column in DAY_COLUMNS]


def test_a_municipality_that_has_merged_stands_on_its_own_days(client):
    old, new = country(2)
    Municipality.objects.filter(pk=new.pk).update(valid_from=DAY)
    Municipality.objects.filter(pk=old.pk).update(valid_to=DAY, successor=new.pk)

    on = {day: [row["code"] for row in rows_of(client.get(f"/oppna-data/tackning/{day}.csv"))] for day in (EVE, DAY)}

    assert on == {EVE: ["9900"], DAY: ["9901"]}


@pytest.mark.parametrize("day", ["2021-12-31", "2999-01-01", "2023-02-31", "2023-3-15", "20230315", "igar"])
def test_a_day_that_cannot_be_shown_is_not_found(client, day):
    assert client.get(f"/oppna-data/tackning/{day}.csv").status_code == 404


@pytest.mark.parametrize("address", [f"{LATEST}.xml", f"{EVENTS}.xml", "/oppna-data/katalog.n3"])
def test_a_form_that_there_is_not_is_not_found(client, address):
    assert client.get(address).status_code == 404


# ---------------------------------------------------------------------------------------------------- what happened


def test_every_beginning_and_end_is_told_in_order(client):
    first, second = country(2)
    old = agreement(first, state=State.ENDED, start=PAST, end=DAY)
    old.ended_as = "replaced"
    old.save()
    agreement(first, second, start=DAY)

    found = rows_of(client.get(f"{EVENTS}.csv"))

    assert [(row["date"], row["event"], row["code"], row["ending"]) for row in found] == [
        ("2023-01-10", "began", "9900", ""),
        ("2023-03-15", "ended", "9900", "replaced"),
        ("2023-03-15", "began", "9900", ""),
        ("2023-03-15", "began", "9901", ""),
    ]
    assert {row["signed"] for row in found} == {"2023-01-10"}


def test_what_has_not_happened_yet_is_not_told(client):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    first, second = country(2)
    agreement(first, start=tomorrow)
    agreement(second, start=PAST, end=tomorrow)

    assert [(row["code"], row["event"]) for row in rows_of(client.get(f"{EVENTS}.csv"))] == [("9901", "began")]


def test_the_events_of_all_days_give_the_coverage_of_each(client):
    """Who adds up the events gets what the day's file says."""
    places = country(4)
    agreement(places[0], state=State.ENDED, start=PAST, end=DAY)
    agreement(places[0], places[1], start=DAY)
    agreement(places[2], state=State.ENDED, start=DAY, end=datetime.date(2024, 1, 1))
    events = rows_of(client.get(f"{EVENTS}.csv"))

    for day in (EVE, DAY, datetime.date(2023, 12, 31), datetime.date(2024, 1, 1)):
        bound = {}
        for row in events:
            if row["date"] <= str(day):
                bound[row["code"]] = row["event"] == "began"
        listed = rows_of(client.get(f"/oppna-data/tackning/{day}.csv"))
        assert {row["code"] for row in listed if row["status"] == "signed"} == {c for c, on in bound.items() if on}


# ---------------------------------------------------------------------------------------------------- how it is sent


@pytest.mark.parametrize("address", [f"{LATEST}.csv", f"{EVENTS}.json", "/oppna-data/katalog.ttl"])
def test_who_has_the_file_is_told_so_and_other_sites_may_fetch_it(client, address):
    country(1)
    note_something()
    first = client.get(address)
    b"".join(first)

    again = client.get(address, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again["ETag"]) == (304, first["ETag"])
    for answer in (first, again):
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert answer["Cache-Control"] == "public, max-age=300"
        assert not answer.cookies


def note_something():
    """Anything that leaves an event, so that there is a newest change."""
    Event.objects.create(type="noted", subject="test")


def test_304_is_answered_after_one_question(client, django_assert_num_queries):
    note_something()
    first = client.get(f"{LATEST}.csv")
    b"".join(first)

    with django_assert_num_queries(1):
        client.get(f"{LATEST}.csv", headers={"If-None-Match": first["ETag"]})


def test_a_write_gives_the_file_another_mark(client, cast):
    before = client.get(f"{LATEST}.csv")
    draft(cast)
    after = client.get(f"{LATEST}.csv", headers={"If-None-Match": before.get("ETag", "")})

    assert b"in_work" in b"".join(after)
    before.close()


def test_the_head_of_a_file_costs_nothing_of_it(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        answer = client.head(f"{LATEST}.csv")

    assert (answer["Content-Type"], answer.content) == ("text/csv; charset=utf-8", b"")


def test_who_fetches_without_end_is_asked_to_wait(client, monkeypatch):
    monkeypatch.setattr("nationwide.views.open_data.MOST", 1)
    b"".join(client.get(f"{LATEST}.csv"))

    answer = client.get(f"{LATEST}.csv")

    assert (answer.status_code, answer["Retry-After"]) == (429, "600")


def test_the_page_documents_every_column_and_links_to_every_file(client):
    page = client.get("/oppna-data/").content.decode()

    for column in (*DAY_COLUMNS, *EVENT_COLUMNS):
        assert f"<code>{column.name}</code>" in page
        assert column.about
    for address in (f"{LATEST}.csv", f"{LATEST}.json", f"{EVENTS}.csv", f"{EVENTS}.json", "/oppna-data/katalog.rdf"):
        assert f'href="{address}"' in page
