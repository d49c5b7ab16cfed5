"""The country's flags: each filter, the lengths, names, and the files that hold the same."""

from __future__ import annotations

import csv
import datetime
import io

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from agreements.models import Flag, Version
from contacts.actions import give_role
from contacts.models import ContactPoint, Function
from contacts.roles import Role
from nationwide.flagged import GROUPS, RULE_LABELS
from tests.cast import Cast
from tests.factories import contact_point, in_force, municipality

pytestmark = pytest.mark.django_db
LIST = "/nationellt/flaggor/"


@pytest.fixture
def version(cast: Cast) -> Version:
    version = in_force(cast)
    Flag.objects.all().delete()
    return version


def flag(version: Version, rule: str = "person_bound_contact", *, days: int = 0, **facts: object) -> Flag:
    given = {"subject": f"contact:{Flag.objects.count()}", "section_key": "contacts", "severity": "serious"}
    at = timezone.now() - datetime.timedelta(days=days)
    words = {"reason": "Bara en person går att nå.", "mend": "Lägg till en funktionsbrevlåda."}
    return Flag.objects.create(version=version, rule=rule, opened_at=at, **given | words | facts)


def listed(client: Client, cast: Cast, query: str = "", who: str = "officer") -> str:
    client.force_login(getattr(cast, who))
    return client.get(f"{LIST}{query}").content.decode()


def test_it_shows_what_where_since_when_and_who_can_mend_it(client: Client, cast: Cast, version: Version) -> None:
    point = contact_point(cast.ostersund, by=cast.coordinator, mailbox="avtal@ostersund.se")
    flag(version, days=30, mender=point, organisation=cast.ostersund)

    page = listed(client, cast)

    assert "1 flagga i 1 överenskommelse<" in page
    assert "Östersund" in page
    assert "30 dagar" in page
    assert point.name in page


@pytest.mark.parametrize(
    ("query", "rules"),
    [
        ("", {"person_bound_contact"}),
        ("?grupp=blandat", {"mixed_contact"}),
        ("?grupp=onabart", {"mail_bounced"}),
        ("?grupp=alla", {"person_bound_contact", "mixed_contact", "mail_bounced", "no_deputy"}),
        ("?grupp=alla&alder=28", {"mail_bounced"}),
        ("?grupp=alla&lan=23", {"person_bound_contact", "mixed_contact", "mail_bounced", "no_deputy"}),
        ("?grupp=alla&funktion=ingen", {"person_bound_contact", "mixed_contact", "mail_bounced", "no_deputy"}),
        ("?grupp=alla&skede=arbete", set()),
    ],
)
def test_each_filter_holds_what_it_says(
    client: Client, cast: Cast, version: Version, query: str, rules: set[str]
) -> None:
    for rule, days in (("person_bound_contact", 1), ("mixed_contact", 20), ("mail_bounced", 29), ("no_deputy", 28)):
        flag(version, rule, days=days)

    page = listed(client, cast, query)

    labels = {RULE_LABELS[rule] for rule in rules}
    assert {label for label in RULE_LABELS.values() if f">{label}</span>" in page} == labels


def test_a_function_can_be_chosen(client: Client, cast: Cast, version: Version) -> None:
    point = contact_point(cast.ostersund, by=cast.coordinator)
    Function.objects.filter(pk=point.function_id).update(mends=3)
    flag(version, mender=point, organisation=cast.ostersund)

    assert "1 flagga" in listed(client, cast, f"?funktion={point.function_id}")
    assert "0 flaggor" in listed(client, cast, "?funktion=ingen")


def test_waived_and_closed_flags_are_not_listed(client: Client, cast: Cast, version: Version) -> None:
    flag(version, waived_until=timezone.localdate(), waived_reason="x", waived_by="y")
    flag(version, closed_at=timezone.now())

    assert "0 flaggor" in listed(client, cast)


def test_a_filter_nobody_can_read_is_told_and_left_out(client: Client, cast: Cast, version: Version) -> None:
    flag(version)

    page = listed(client, cast, "?lan=99&alder=x")

    assert page.count("Det valet finns inte.") == 2
    assert "1 flagga" in page


def test_who_sees_no_names_sees_none_here(client: Client, cast: Cast, version: Version) -> None:
    flag(version, reason="Namnet Anna Lindqvist står i texten. anna.lindqvist@ostersund.se")

    assert "Lindqvist" in listed(client, cast)
    for query in ("", ".csv"):
        client.force_login(cast.skr_reader)
        answer = client.get(LIST.rstrip("/") + (query or "/"))
        text = b"".join(answer).decode()
        assert "lindqvist" not in text.lower()


def test_the_fragment_is_the_list_of_the_page(client: Client, cast: Cast, version: Version) -> None:
    flag(version)
    page = listed(client, cast)

    part = client.get(LIST, headers={"HX-Request": "true"}).content.decode()

    assert part.strip() in page


def test_the_files_hold_the_list_and_run_nothing(client: Client, cast: Cast, version: Version) -> None:
    flag(version, reason='=HYPERLINK("x")', days=3)
    client.force_login(cast.officer)

    rows = list(
        csv.reader(io.StringIO(b"".join(client.get("/nationellt/flaggor.csv")).decode("utf-8-sig")), delimiter=";")
    )
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get("/nationellt/flaggor.xlsx"))))

    assert rows[1][5] == '\'=HYPERLINK("x")'
    sheet = book["Flaggor"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:K2"
    assert sheet["F2"].value == '=HYPERLINK("x")'
    assert sheet["F2"].data_type == "s"
    assert isinstance(sheet["J2"].value, datetime.datetime)
    assert sheet["K2"].value == 3


@pytest.mark.parametrize("number", [3, 30])
def test_the_list_asks_as_much_for_three_as_for_thirty(
    client: Client, cast: Cast, version: Version, number: int, django_assert_num_queries: object
) -> None:
    for _ in range(number):
        flag(version)
    client.force_login(cast.officer)
    client.get(LIST)

    with django_assert_num_queries(9):  # type: ignore[operator]
        client.get(LIST)


def test_every_rule_of_a_group_has_its_words() -> None:
    assert {rule for _, rules in GROUPS.values() for rule in rules} == set(RULE_LABELS)


def test_a_joint_agreement_stands_on_one_line(client: Client, cast: Cast, version: Version) -> None:
    are = municipality("2399", "Grann")
    version.parties.create(organisation=are, side="municipality", name=are.name, position=5)
    flag(version)

    page = listed(client, cast)

    assert "Östersund, Grann" in page
    assert ContactPoint.objects.exists()


def test_an_agreement_that_has_run_out_is_listed_until_something_new_is_begun(
    client: Client, cast: Cast, version: Version
) -> None:
    Version.objects.filter(pk=version.pk).update(state="ended", ended_as="expired")
    flag(version, "expired", subject="period")

    for query in ("?grupp=utgar", "?grupp=alla", "?grupp=utgar&skede=alla"):
        assert "1 flagga" in listed(client, cast, query)
    assert "0 flaggor" in listed(client, cast, "?grupp=utgar&skede=arbete")


def test_seeing_names_in_one_organisation_is_not_seeing_them_in_the_country(
    client: Client, cast: Cast, version: Version
) -> None:
    give_role(by=None, user=cast.skr_reader, organisation=cast.are, role=Role.READER, today=timezone.localdate())
    flag(version, "name_in_text", subject="text:employers:cooperation:Karin", reason="Namnet ”Karin” står i texten.")

    assert "Karin" in listed(client, cast, "?grupp=alla")
    assert "Karin" not in listed(client, cast, "?grupp=alla", who="skr_reader")
    assert "[namn visas inte]" in listed(client, cast, "?grupp=alla", who="skr_reader")
