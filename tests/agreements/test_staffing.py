"""Annex B4: who holds the functions, today and on a day that has been, and that nobody without names meets it."""

from __future__ import annotations

import datetime
import io
import json
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agreements import pdf
from agreements.actions import amending, printing, subscribing
from agreements.calendar_days import calendar_of
from agreements.gather import Whole
from agreements.models import PrintedCopy, Version
from contacts import actions
from contacts.models import ContactPoint, Holder
from tests.agreements.following import plan
from tests.cast import Cast
from tests.factories import TODAY, in_force
from tests.printed import whole_text

pytestmark = pytest.mark.django_db
NAME = "Torgny Lindqvist"
DAY = datetime.timedelta(days=1)


@pytest.fixture
def version(cast: Cast) -> Version:
    """An agreement in force whose functions are held by somebody."""
    version = in_force(cast)
    for contact in version.contacts.select_related("contact_point"):
        by = cast.coordinator if contact.contact_point.organisation_id == cast.ostersund.pk else cast.af_coordinator
        actions.change_holder(by=by, contact_point_id=contact.contact_point_id, name=NAME, today=TODAY - 300 * DAY)
    return version


def point_of(version: Version, side: str = "municipality") -> ContactPoint:
    return version.contacts.filter(party__side=side).earliest("pk").contact_point


def page(client: Client, version: Version, **asked: str) -> Any:
    return client.get(reverse("staffing", args=(version.pk,)), asked)


def names_on(client: Client, version: Version, day: datetime.date, point: ContactPoint) -> str | None:
    posts = page(client, version, datum=str(day)).context["staffing"].posts
    holder = next(post.holder for post in posts if post.contact_point == point.pk)
    return holder.name if holder else None


def test_each_party_sees_both_parties_functions_and_who_holds_them(
    client: Client, cast: Cast, version: Version
) -> None:
    client.force_login(cast.af_coordinator)

    staffing = page(client, version).context["staffing"]

    assert [party for party, _posts in staffing.by_party] == ["Östersunds kommun", "Arbetsförmedlingen, region Nord"]
    assert {post.holder.name for post in staffing.posts} == {NAME}


def test_whoever_keeps_the_contact_points_changes_the_holder_and_comes_back(
    client: Client, cast: Cast, version: Version
) -> None:
    client.force_login(cast.coordinator)
    point, other = point_of(version), point_of(version, "af")
    text = page(client, version).content.decode()
    ours = f"{reverse('holder_change', args=(point.pk,))}?overenskommelse={version.pk}"
    assert ours in text
    assert reverse("holder_change", args=(other.pk,)) not in text

    form = client.get(ours).content.decode()
    assert f'name="overenskommelse" value="{version.pk}"' in form
    facts = {"name": "Bo Ek", "email": "", "phone": "", "overenskommelse": str(version.pk)}
    answer = client.post(reverse("holder_change", args=(point.pk,)), facts)

    assert answer["Location"] == reverse("staffing", args=(version.pk,))
    assert "Bo Ek" in client.get(answer["Location"]).content.decode()


def test_the_form_leads_back_to_nowhere_else(client: Client, cast: Cast, version: Version) -> None:
    client.force_login(cast.coordinator)
    point = point_of(version)
    facts = {"name": "Bo Ek", "email": "", "phone": "", "overenskommelse": "https://ond.example/"}

    answer = client.post(reverse("holder_change", args=(point.pk,)), facts)

    assert answer["Location"] == reverse("contact_point", args=(point.pk,))


def test_a_day_that_has_been_is_answered_with_who_held_the_function_then(
    client: Client, cast: Cast, version: Version
) -> None:
    point = point_of(version)
    Holder.objects.filter(contact_point=point).update(to_date=TODAY - 30 * DAY)
    Holder.objects.create(contact_point=point, name="Bo Ek", from_date=TODAY - 20 * DAY)
    client.force_login(cast.reader)

    days = {ago: names_on(client, version, TODAY - ago * DAY, point) for ago in (301, 300, 31, 30, 20)}

    assert days == {301: None, 300: NAME, 31: NAME, 30: None, 20: "Bo Ek"}


def test_a_holder_of_no_day_at_all_is_not_told_of(client: Client, cast: Cast, version: Version) -> None:
    point = point_of(version)
    for name in ("Fel Person", "Bo Ek"):
        actions.change_holder(by=cast.coordinator, contact_point_id=point.pk, name=name, today=timezone.localdate())
    client.force_login(cast.reader)

    assert "Fel Person" not in page(client, version).content.decode()
    assert "Bo Ek" in page(client, version).content.decode()


def test_before_it_was_in_force_the_functions_are_those_of_this_version(
    client: Client, cast: Cast, version: Version
) -> None:
    client.force_login(cast.reader)

    found = page(client, version, datum=str(TODAY - 10 * DAY)).context["staffing"]

    assert (found.was_in_force, found.version) == (False, 1)


def test_the_list_of_a_draft_shows_the_version_that_is_in_force(client: Client, cast: Cast, version: Version) -> None:
    new = amending.start_amendment(by=cast.coordinator, version_id=version.pk, today=TODAY)
    new.contacts.all().delete()
    client.force_login(cast.reader)

    found = page(client, new).context["staffing"]

    assert (found.version, len(found.posts)) == (1, 4)


@pytest.mark.parametrize(
    ("asked", "complaint"), [("i går", "ÅÅÅÅ-MM-DD"), ("2025-02-30", "ÅÅÅÅ-MM-DD"), ("2099-01-01", "framöver")]
)
def test_a_day_that_can_not_be_is_complained_of(
    client: Client, cast: Cast, version: Version, asked: str, complaint: str
) -> None:
    client.force_login(cast.reader)

    answer = page(client, version, datum=asked)

    assert answer.status_code == 422
    assert complaint in answer.content.decode()


def test_the_file_holds_the_list_of_the_day_and_runs_nothing(client: Client, cast: Cast, version: Version) -> None:
    point = point_of(version)
    Holder.objects.filter(contact_point=point).update(name="=cmd()")
    client.force_login(cast.coordinator)

    answer = client.get(reverse("staffing_csv", args=(version.pk,)), {"datum": str(timezone.localdate())})
    lines = b"".join(answer).decode().removeprefix("\ufeff").splitlines()

    assert lines[0].startswith("Part;Nivå;Funktion;Enhet;Innehavare;Sedan")
    assert len(lines) == 5
    assert any(";'=cmd();" in line for line in lines)
    assert answer["Content-Disposition"].endswith(f'-bemanning-{timezone.localdate()}.csv"')


@pytest.mark.parametrize("posts", [3, 30])
def test_the_list_asks_as_little_however_long_it_is(
    client: Client, cast: Cast, version: Version, posts: int, django_assert_num_queries: Any
) -> None:
    party, contact = version.parties.get(side="municipality"), version.contacts.earliest("pk")
    point = contact.contact_point
    for number in range(posts):
        point.pk = None
        point.save()
        version.contacts.create(party=party, contact_point=point, level="support", position=number)
    client.force_login(cast.coordinator)
    page(client, version)

    with django_assert_num_queries(7):
        page(client, version)


# -------------------------------------------------------------------------------- nobody without names meets it


def document_of(cast: Cast, version: Version, variant: str) -> dict[str, Any]:
    """What the PDF of this kind is made of."""
    if variant != PrintedCopy.Variant.DRAFT:
        return version.copies.get(variant=variant).document
    new = amending.start_amendment(by=cast.coordinator, version_id=version.pk, today=TODAY)
    return printing.order_draft(by=cast.coordinator, version_id=new.pk, now=timezone.now()).document


KINDS = ["archive", "reading", "draft"]
"""A comparison is made of two of these documents, and a public copy of one, without the annex."""


@pytest.mark.parametrize("variant", KINDS)
def test_no_kind_of_pdf_holds_the_list(cast: Cast, version: Version, variant: str) -> None:
    document = document_of(cast, version, variant)
    text = whole_text(pdf.render(document, variant=variant, demo=False))

    assert "Bemanningslista" in text
    assert "Lindqvist" not in json.dumps(document, ensure_ascii=False) + text


def test_the_frozen_text_does_not_hold_the_list(version: Version) -> None:
    assert "Lindqvist" not in json.dumps(Whole(version).document, ensure_ascii=False)


def test_no_calendar_holds_the_list(client: Client, cast: Cast, version: Version) -> None:
    plan(cast, version, responsible="Avtalssamordnare")
    opened = subscribing.open_feed(by=cast.coordinator, organisation=cast.ostersund)
    feed = client.get(reverse("calendar_feed", args=(opened.secret,))).content

    assert b"Lindqvist" not in feed + calendar_of(cast.nord, TODAY)


@pytest.mark.parametrize("who", ["officer", "skr_reader"])
def test_no_national_export_holds_the_list(client: Client, cast: Cast, version: Version, who: str) -> None:
    client.force_login(getattr(cast, who))
    for name in ("municipality_csv", "municipality_json", "flag_csv", "flag_xlsx"):
        answer = client.get(reverse(name))
        content = b"".join(answer) if answer.streaming else answer.content
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                content = b"".join(packed.read(part) for part in packed.namelist())
        assert b"Lindqvist" not in content


def test_a_reader_without_names_meets_it_on_no_page_and_is_refused_the_list(
    client: Client, cast: Cast, version: Version
) -> None:
    client.force_login(cast.skr_reader)
    pages = ("agreement", "following", "agreement_history", "agreement_level", "copies")

    assert all("Lindqvist" not in client.get(reverse(n, args=(version.pk,))).content.decode() for n in pages)
    assert "Lindqvist" not in client.get(reverse("organisation", args=(cast.ostersund.pk,))).content.decode()
    for name in ("staffing", "staffing_csv"):
        answer = client.get(reverse(name, args=(version.pk,)))
        assert (answer.status_code, b"Lindqvist" in answer.content) == (403, False)


def test_the_outsider_is_told_that_there_is_no_such_page(client: Client, cast: Cast, version: Version) -> None:
    client.force_login(cast.outsider)

    assert client.get(reverse("staffing_csv", args=(version.pk,))).status_code == 404
