"""What everybody may read: the coverage, a page for each municipality, and the map that others show on theirs."""

import datetime
import html
import re

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone

from agreements.models import Party, RuleSet
from agreements.states import State
from contacts.errors import NotAllowed
from contacts.models import Event, Holder
from municipalities.actions import load_reference_data, note_change
from municipalities.models import Municipality
from nationwide import actions
from nationwide.public import code_in, picture, place_of, public
from nationwide.rules import Part, Place, row_of
from tests.factories import draft, in_force
from tests.nationwide.rows import PAST, agreement, country

COVERAGE = "/tackning/"
DAY = datetime.date(2023, 3, 15)
SOME_PLACE = Place(1, "2380", "Östersunds kommun", "Östersund", "", "23", "Jämtlands län", 2, "Nord", "B3", "Stad", 500)


def text(response):
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def a_part(**more):
    facts = {"agreement": 1, "version": 1, "state": "in_force", "template": 1, "created": PAST, "discarded": None}
    return Part(**{**facts, "start": PAST, "end": None, "verdict": "mixed", "level": "met", **more})


# ------------------------------------------------------------------------------------------------- what is public


def test_of_what_is_in_work_nothing_but_that_it_is_becomes_public():
    row = public(row_of(SOME_PLACE, [a_part(state="draft", start=None)], DAY), level=True)

    assert (row.status, row.agreement, row.template, row.start, row.last_day, row.level) == (
        *("in_work", None, None, None, None),
        "",
    )


@pytest.mark.parametrize(("shown", "level"), [(True, "met"), (False, "")])
def test_the_level_is_public_when_skr_shows_it(shown, level):
    assert public(row_of(SOME_PLACE, [a_part()], DAY), level=shown).level == level


def test_the_numbers_are_those_of_the_rows():
    rows = [public(row_of(SOME_PLACE, parts, DAY), level=False) for parts in ([a_part()], [a_part()], [])]

    counted = picture(rows)

    assert [share.size for share in counted.statuses] == [2, 0, 0, 1]
    assert [(line.name, line.signed.size, line.signed.of) for line in counted.counties] == [("Jämtlands län", 2, 3)]
    assert (counted.population_percent, counted.levels) == (67, [])


@pytest.mark.parametrize(
    ("code", "name", "place"), [("2380", "Östersund", "2380-ostersund"), ("2023", "Malung-Sälen", "2023-malung-salen")]
)
def test_a_municipality_has_an_address_by_its_code(code, name, place):
    assert place_of(code, name) == place
    assert code_in(place) == code


# ------------------------------------------------------------------------------------------------------ the pages

pytestmark = pytest.mark.django_db


def test_the_coverage_is_open_and_says_how_many(client):
    agreement(*country(2), start=PAST)
    country(1, first=50)

    page = text(client.get(COVERAGE))

    assert "<strong>2</strong> av 3" in page
    assert '<link rel="canonical" href="http://localhost:8000/tackning/">' in page
    assert '<meta name="description" content="2 av 3 kommuner' in page


def test_the_map_and_the_table_hold_the_same_municipalities(client):
    load_reference_data()

    page = text(client.get(COVERAGE))

    on_map = re.findall(r'<a href="(/tackning/\d[^"]+)"><title>([^:]+): ', page)
    in_table = re.findall(r'<th scope="row"><a href="(/tackning/\d[^"]+)">([^<]+)</a>', page)
    assert len(on_map) == 290
    assert on_map == in_table
    assert ("/tackning/2380-ostersund/", "Östersunds kommun") in on_map


def test_a_county_has_an_address(client):
    load_reference_data()

    page = text(client.get(f"{COVERAGE}?lan=23"))

    assert "Arbetsförmedlingen i Jämtlands län</h1>" in page
    assert page.count("<title>") - 1 == 8
    assert client.get(f"{COVERAGE}?lan=99").status_code == 404


def test_a_chosen_municipality_leads_to_its_page(client):
    assert client.get(f"{COVERAGE}?kommun=2380-ostersund")["Location"] == "/tackning/2380-ostersund/"


def test_no_name_of_a_person_no_contact_and_nothing_of_a_draft_is_public(client, cast):
    version = in_force(cast)
    draft(cast, municipality=cast.are, by=cast.outsider)
    point = version.contacts.first().contact_point
    Holder.objects.create(contact_point=point, name="Vanja Hemligsson", from_date=PAST)
    pages = [COVERAGE, *(f"/tackning/{Municipality.objects.get(pk=o.pk).code}/" for o in (cast.ostersund, cast.are))]

    everything = " ".join(text(client.get(page, follow=True)) for page in pages)

    signatories = version.signatures.values_list("name", flat=True)
    assert [word for word in ("Hemligsson", point.mailbox, point.phone, *signatories) if word in everything] == []
    assert not re.search(r"\w@\w", everything)


def test_the_page_of_a_municipality_tells_its_period_template_and_counterpart(client, cast):
    version = in_force(cast)
    code = Municipality.objects.get(pk=cast.ostersund.pk).code

    page = text(client.get(f"/tackning/{code}-ostersund/"))

    assert "har en gällande överenskommelse" in page
    assert f"Version {version.template.number}" in page
    assert "Arbetsförmedlingen, region Nord" in page


@pytest.mark.parametrize("place", ["9900", "9900-fel-namn"])
def test_another_address_with_the_same_code_leads_to_the_right_one(client, place):
    country(1)

    answer = client.get(f"/tackning/{place}/")

    assert (answer.status_code, answer["Location"]) == (301, "/tackning/9900-prov-00/")


def test_a_code_that_no_municipality_has_is_not_found(client):
    assert client.get("/tackning/0000-ingen/").status_code == 404


def test_those_who_share_an_agreement_are_named_and_its_history_told(client):
    first, second = country(2)
    old = agreement(first, state=State.ENDED, start=PAST, end=DAY)
    old.ended_as = "replaced"
    old.save()
    agreement(first, second, start=DAY)

    page = text(client.get("/tackning/9900-prov-00/"))

    assert '<a href="/tackning/9901-prov-01/">Prov 01 kommun</a>' in page
    assert "Ersatt av en ny version" in page
    assert "14 mars 2023" in page


def test_a_municipality_that_has_merged_keeps_its_page_and_names_its_successor(client):
    old, new = country(2)
    agreement(old, state=State.ENDED, start=PAST, end=DAY)
    Municipality.objects.filter(pk=old.pk).update(valid_to=DAY, successor=new.pk)

    page = text(client.get("/tackning/9900-prov-00/"))

    assert "Kommunen finns inte längre, från och med 15 mars 2023" in page
    assert '<a href="/tackning/9901-prov-01/">' in page


def test_who_leaves_a_joint_agreement_is_told_to_have_left(client):
    first, second = country(2)
    version = agreement(first, second, start=PAST)
    Party.objects.filter(version=version, organisation=first).update(in_force=DateRange(PAST, DAY))

    assert "Kommunen lämnade" in text(client.get("/tackning/9900-prov-00/"))


# ------------------------------------------------------------------------------------------------- kept by everybody


def test_a_page_sets_no_cookie_depends_on_none_and_reads_no_session(client, cast, django_assert_num_queries):
    client.get(COVERAGE)
    client.force_login(cast.coordinator)

    with django_assert_num_queries(1) as asked:
        answer = client.get(COVERAGE)

    assert "contacts_event" in asked.captured_queries[0]["sql"]
    assert (answer["Cache-Control"], answer["Vary"]) == ("public, max-age=300", "Accept-Encoding")
    assert not answer.cookies
    assert answer.content == Client().get(COVERAGE).content


@pytest.mark.parametrize("size", [3, 30])
@pytest.mark.parametrize(("page", "most"), [(COVERAGE, 4), ("/tackning/9900-prov-00/", 6)])
def test_the_number_of_queries_does_not_grow(client, django_assert_max_num_queries, size, page, most):
    agreement(*country(size), start=PAST, verdict="mixed")

    with django_assert_max_num_queries(most):
        client.get(page)


@pytest.mark.parametrize("page", [COVERAGE, "/tackning/9900-prov-00/", "/oppna-data/", "/sitemap.xml", "/robots.txt"])
def test_who_has_the_page_is_told_so(client, page):
    country(1)
    etag = client.get(page)["ETag"]

    answer = client.get(page, headers={"If-None-Match": etag})

    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)
    assert answer["Cache-Control"] == "public, max-age=300"


def test_a_write_shows_at_once_and_one_that_changes_nothing_public_keeps_the_page(client, cast):
    before = client.get(COVERAGE)
    Event.objects.create(type="noted", subject="test")
    same = client.get(COVERAGE, headers={"If-None-Match": before["ETag"]})

    draft(cast)
    after = client.get(COVERAGE, headers={"If-None-Match": before["ETag"]})

    assert (same.status_code, after.status_code) == (304, 200)


def test_a_page_is_sent_compressed_to_who_reads_that(client):
    answer = client.get(COVERAGE, headers={"Accept-Encoding": "br, gzip"})

    assert (answer["Content-Encoding"], answer.content[:2]) == ("gzip", b"\x1f\x8b")


# ------------------------------------------------------------------------------------------------- within others'


def test_the_map_alone_may_be_shown_within_other_sites_and_nothing_else(client):
    country(1)
    embedded, page, other = (client.get(place) for place in (f"{COVERAGE}?embed=1", COVERAGE, "/oppna-data/"))

    assert "frame-ancestors *" in embedded["Content-Security-Policy"]
    assert "X-Frame-Options" not in embedded
    for answer in (page, other):
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "DENY"
    assert 'class="map"' in text(embedded)
    assert "site-header" not in text(embedded)


# ------------------------------------------------------------------------------------------------- SKR's choice


def a_judged_country():
    version = agreement(*country(1), start=PAST, verdict="mixed")
    version.verdicts.update(level="met", rule_set=RuleSet.objects.earliest("number"))


def test_skr_switches_the_level_on_and_off_for_everybody(client, cast):
    a_judged_country()
    hidden = text(client.get("/tackning/9900-prov-00/"))

    client.force_login(cast.officer)
    client.post("/nationellt/oppet/", {"visa": "ja"})
    shown = [text(client.get(page)) for page in ("/tackning/9900-prov-00/", COVERAGE)]
    client.post("/nationellt/oppet/", {"visa": "nej"})

    assert "lägsta nivå" not in hidden
    assert all("Uppfyller" in page for page in shown)
    assert text(client.get("/tackning/9900-prov-00/")) == hidden


def test_only_who_edits_the_rules_decides_what_is_shown(cast):
    with pytest.raises(NotAllowed):
        actions.disclose(by=cast.skr_reader, measure="level")


def test_the_choice_leaves_one_event_however_often_it_is_made(cast):
    for _ in range(2):
        actions.disclose(by=cast.officer, measure="level")
    actions.withhold(by=cast.officer, measure="level")

    told = Event.objects.filter(subject="nation").order_by("pk").values_list("type", flat=True)
    assert list(told) == ["measure.disclosed", "measure.withheld"]


# ------------------------------------------------------------------------------------------------- search engines


def test_the_sitemap_names_every_open_page(client):
    country(2)
    note_change("test")

    page = client.get("/sitemap.xml").content.decode()

    assert "<loc>http://localhost:8000/tackning/9901-prov-01/</loc>" in page
    assert page.count("<loc>") == 6


@pytest.mark.parametrize(("demo", "found"), [(False, True), (True, False)])
def test_open_pages_may_be_found_but_nothing_of_the_demo(client, settings, demo, found):
    settings.DEMO = demo

    lines = client.get("/robots.txt").content.decode().splitlines()

    assert ("Allow: /tackning/" in lines) is found
    assert ("Sitemap: http://localhost:8000/sitemap.xml" in lines) is found
    assert "Disallow: /" in lines


def test_the_day_is_part_of_what_is_kept(client, monkeypatch):
    agreement(*country(1), start=PAST, end=timezone.localdate() + datetime.timedelta(days=1))
    today = text(client.get(COVERAGE))
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    monkeypatch.setattr("nationwide.views.public.timezone.localdate", lambda: tomorrow)

    assert "<strong>1</strong> av 1" in today
    assert "<strong>0</strong> av 1" in text(client.get(COVERAGE))
