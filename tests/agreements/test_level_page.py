"""An agreement's page "Lägsta nivå": rule by rule, why, and where it is mended."""

from __future__ import annotations

import datetime
import html
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agreements.actions import checking
from agreements.level_page import spells
from agreements.models import RuleSet, VerdictPeriod, Version
from contacts import actions as contact_actions
from contacts.models import ContactPoint
from tests.cast import Cast
from tests.factories import contact_facts, draft, fill, in_force, proposed

pytestmark = pytest.mark.django_db


def level_page(client: Client, user: Any, version: Version) -> str:
    client.force_login(user)
    response = client.get(f"/overenskommelser/{version.pk}/lagsta-niva/")
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def line(page: str, rule: str) -> str:
    """The rule's own part of the page, as text."""
    part = re.search(rf'<li class="rule" id="{rule}">(.*?)</li>', page, re.DOTALL)
    assert part is not None
    return part[1]


def check(version: Version) -> None:
    checking.recheck(version_ids=[version.pk], now=timezone.now())


def test_every_rule_stands_once_with_its_status_in_words(client: Client, cast: Cast) -> None:
    page = level_page(client, cast.coordinator, in_force(cast))

    rules = re.findall(r'<li class="rule" id="(N\d\d)">', page)
    assert sorted(rules) == [f"N{number:02}" for number in range(1, 19)]
    assert "Uppfyller" in line(page, "N01")
    assert "Uppfyller inte" in line(page, "N07")
    assert "Ersättare saknas för" in line(page, "N07")


def test_the_page_says_what_the_check_says(client: Client, cast: Cast) -> None:
    version = in_force(cast)
    check(version)
    period = VerdictPeriod.objects.get(version=version)

    page = level_page(client, cast.coordinator, version)

    short = page.split('id="atgarda"')[1].split('id="uppfylls"')[0]
    assert re.findall(r'id="(N\d\d)"', short) == period.short_of
    assert f"Uppfylls ({18 - len(period.short_of)})" in page


def test_a_rule_that_contacts_mend_leads_to_each_contact_point_that_the_reader_may_open(
    client: Client, cast: Cast
) -> None:
    version = in_force(cast)
    ours, theirs = (
        ContactPoint.objects.filter(organisation=party).values_list("pk", flat=True)
        for party in (cast.ostersund, cast.nord)
    )

    part = line(level_page(client, cast.coordinator, version), "N07")

    assert all(f'href="/kontaktytor/{pk}/"' in part for pk in ours)
    assert not any(f'href="/kontaktytor/{pk}/"' in part for pk in theirs)
    assert "Arbetsförmedlingen, region Nord rättar sina egna kontaktytor." in part


def test_in_a_draft_a_rule_leads_to_the_field_that_answers_it(client: Client, cast: Cast) -> None:
    version = draft(cast)

    page = level_page(client, cast.coordinator, version)

    assert f"/overenskommelser/{version.pk}/avsnitt/goals/#id_goals" in line(page, "N08")
    assert f"/overenskommelser/{version.pk}/avsnitt/job_tracks/" in line(page, "N10")


def test_the_fields_that_rules_lead_to_are_on_their_pages(client: Client, cast: Cast) -> None:
    page = level_page(client, cast.coordinator, draft(cast))

    for section, anchor in re.findall(r'href="([^"#]+/avsnitt/[^"#]+)#([^"]+)"', page):
        assert f'id="{anchor}"' in client.get(section).content.decode(), (section, anchor)


def test_a_signed_text_says_that_a_new_version_is_needed(client: Client, cast: Cast) -> None:
    version = in_force(cast)

    part = line(level_page(client, cast.coordinator, version), "N16")

    assert "kräver en ny version" in part
    assert f"/overenskommelser/{version.pk}/#avsnitt-cover" in part


def test_a_year_without_a_follow_up_leads_to_noting_one(client: Client, cast: Cast) -> None:
    version = in_force(cast)
    Version.objects.filter(pk=version.pk).update(period_start=timezone.localdate() - datetime.timedelta(days=800))

    ours, theirs = (line(level_page(client, user, version), "N11") for user in (cast.coordinator, cast.reader))

    assert f"/overenskommelser/{version.pk}/uppfoljning/" in ours
    assert "uppfoljning/" not in theirs


def test_a_draft_is_judged_as_if_it_were_signed(client: Client, cast: Cast) -> None:
    page = level_page(client, cast.coordinator, fill(draft(cast), cast))

    assert "Bedöms när parterna har undertecknat" in line(page, "N01")
    assert re.search(r'verdict-line"><span[^>]*>.*?Uppfyller</span>', page)


def test_a_proposed_text_says_that_it_must_be_opened_again(client: Client, cast: Cast) -> None:
    assert "Öppna den igen" in line(level_page(client, cast.coordinator, proposed(cast)), "N16")


def test_names_are_covered_for_those_who_see_none(client: Client, cast: Cast) -> None:
    version = in_force(cast)
    point = ContactPoint.objects.filter(organisation=cast.ostersund).earliest("pk")
    facts = contact_facts(cast.ostersund, point.level, function_text="Anna Lindqvist", mailbox="", phone="")
    contact_actions.change_contact_point(
        by=cast.coordinator, contact_point_id=point.pk, facts=facts, revision=point.revision
    )

    seen = level_page(client, cast.coordinator, version)
    covered = level_page(client, cast.skr_reader, version)

    assert "Anna Lindqvist" in seen
    assert "Anna" not in covered


def test_a_version_that_is_no_longer_alive_is_not_judged(client: Client, cast: Cast) -> None:
    version = in_force(cast)
    check(version)
    Version.objects.filter(pk=version.pk).update(state="ended", ended_as="expired")

    page = level_page(client, cast.coordinator, version)

    assert "Bedöms inte" in page
    assert "Över tid" in page


def test_periods_that_say_the_same_of_the_level_are_one(cast: Cast) -> None:
    version, rule_set = draft(cast), RuleSet.objects.get(number=1)
    days = [datetime.datetime(2026, month, 1, tzinfo=datetime.UTC) for month in (1, 2, 3, 4)]
    told = [("mixed", "partly", ["N05"]), ("function_bound", "partly", ["N05"]), ("function_bound", "met", [])]
    periods = [
        VerdictPeriod(version=version, verdict=v, level=level, short_of=short, rule_set=rule_set, since=a, until=b)
        for (v, level, short), a, b in zip(told, days, [*days[1:3], None], strict=False)
    ]

    assert [(s.level, s.since.month, s.until and s.until.month) for s in spells(periods)] == [
        ("met", 3, None),
        ("partly", 1, 3),
    ]


def test_the_queries_do_not_grow_with_contact_points_or_periods(client: Client, cast: Cast) -> None:
    version = in_force(cast)
    check(version)
    level_page(client, cast.coordinator, version)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            level_page(client, cast.coordinator, version)
        counts.append(len(asked))
        contact_actions.add_contact_point(
            by=cast.coordinator, organisation=cast.ostersund, facts=contact_facts(cast.ostersund, "tactical")
        )
        point = ContactPoint.objects.latest("pk")
        party = version.parties.get(side="municipality")
        version.contacts.create(party=party, contact_point=point, level="tactical", position=9)
        VerdictPeriod.objects.filter(version=version).update(until=timezone.now())
        VerdictPeriod.objects.create(version=version, verdict="mixed")
    assert counts[0] == counts[1] <= 32


def test_the_agreements_page_tells_the_level_and_leads_to_it(client: Client, cast: Cast) -> None:
    version = in_force(cast)
    check(version)
    cache.clear()
    client.force_login(cast.coordinator)

    page = client.get(f"/overenskommelser/{version.pk}/").content.decode()

    panel = page.split('id="niva"')[1].split("</section>")[0]
    assert "Uppfyller</span>" in panel
    assert f'href="/overenskommelser/{version.pk}/lagsta-niva/"' in panel
