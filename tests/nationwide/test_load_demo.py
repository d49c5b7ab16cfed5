"""The demonstration: the real course of coverage, told with invented agreements that behave like real ones."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone
from psycopg.types.range import Range

from agreements.actions.checking import batches, recheck
from agreements.binned import days_left
from agreements.document import text_hash
from agreements.gather import Whole
from agreements.models import Agreement, Flag, Notice, Party, PrintedCopy, Section, Signature, VerdictPeriod, Version
from contacts.demo import LOGINS
from contacts.models import ContactPoint, Event, Holder
from municipalities.models import Municipality, Organisation
from nationwide.coverage import read_rows
from nationwide.demo.course import OSTERSUND, STAGED, plan
from nationwide.demo.digest import digest, lines
from nationwide.demo.multiply import TABLES, multiply, ranges
from nationwide.rules import Status

MARCH, YEAR_END = datetime.date(2023, 3, 15), datetime.date(2023, 12, 31)


pytestmark = pytest.mark.django_db  # what a test changes is gone after it


@pytest.fixture(scope="module")
def printed(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The demonstration, loaded once for all tests of this module; what the command prints."""
    with django_db_blocker.unblock(), transaction.atomic():
        out = StringIO()
        call_command("load_demo", stdout=out, stderr=StringIO())
        yield out.getvalue()
        transaction.set_rollback(True)


def signed_on(day: datetime.date) -> int:
    return sum(row.status == Status.SIGNED for row in read_rows(day))


# ---------------------------------------------------------------------------------------------- the course


def test_261_municipalities_have_signed_on_15_march_2023_and_288_at_the_end_of_the_year(printed: str) -> None:
    assert (signed_on(MARCH), signed_on(YEAR_END)) == (261, 288)


def test_today_every_status_is_there_and_each_municipality_has_one(printed: str) -> None:
    statuses = Counter(row.status for row in read_rows(timezone.localdate()))
    assert set(statuses) == set(Status.values)
    assert statuses.total() == 290


@pytest.mark.parametrize("today", [datetime.date(2024, 9, 1), datetime.date(2026, 2, 28), datetime.date(2032, 12, 31)])
@pytest.mark.parametrize("seed", [1, 2, 99])
def test_the_course_is_the_same_whatever_the_seed_and_the_day(seed: int, today: datetime.date) -> None:
    codes = [f"{n:04d}" for n in range(1000, 1274)] + [
        *STAGED,
        "2380",
        "2321",
        "2326",
        "2361",
        "2401",
        "2417",
        "2482",
        "1982",
        "1962",
        "1904",
        "0684",
        "0685",
    ]
    units = plan(codes, seed=seed, today=today)
    in_force = {day: sum(len(u.codes) for u in units if binds(u, day)) for day in (MARCH, YEAR_END)}
    assert in_force == {MARCH: 261, YEAR_END: 288}


def binds(unit: Any, day: datetime.date) -> bool:
    spans = [version.bound for version in unit.versions if version.bound]
    return any(first <= day and (last is None or day < last) for first, last in spans)


def test_no_version_lies_in_the_future_or_runs_before_it_was_signed(printed: str) -> None:
    now = timezone.now()
    assert not Version.objects.filter(created_at__gt=now).exists()
    assert not Event.objects.filter(at__gt=timezone.now()).exists()
    for party in Party.objects.filter(in_force__isnull=False).select_related("version"):
        assert party.in_force.lower >= timezone.localdate(party.version.signed_at)


def test_a_joint_agreement_counts_each_of_its_municipalities_once(printed: str) -> None:
    rows = {row.code: row for row in read_rows(MARCH)}
    assert rows["2417"].agreement == rows["2482"].agreement
    assert len({rows[code].agreement for code in ("1982", "1962", "1904")}) == 1
    assert [row.code for row in read_rows(MARCH)].count("2482") == 1


def test_an_amendment_starts_where_the_version_before_it_ends(printed: str) -> None:
    amended = Party.objects.filter(version__number=2, in_force__isnull=False, side="municipality")
    assert amended.count() > 50
    for party in amended.select_related("version"):
        before = Party.objects.get(
            version__agreement=party.version.agreement_id, version__number=1, organisation=party.organisation_id
        )
        assert before.in_force.upper <= party.in_force.lower


def test_the_region_of_the_logins_has_something_to_write_review_and_sign(printed: str) -> None:
    nord = Party.objects.filter(organisation__name="Arbetsförmedlingen, region Nord")
    states = Counter(nord.values_list("version__state", flat=True))
    assert states["draft"] >= 2
    assert states["proposed"] >= 1 <= states["signing"]
    to_review = nord.filter(version__state="proposed", version__proposed_by_side="municipality")
    assert to_review.exists()


def test_some_have_given_notice_one_leaves_the_others_and_a_draft_lies_in_the_bin(printed: str) -> None:
    notices = Notice.objects.standing().select_related("version", "leaving")
    told = {notice.leaving.name: notice.version.notice_until is not None for notice in notices}
    assert told == {"Härjedalens kommun": True, "Nordmalings kommun": True, "Norbergs kommun": False}
    for notice in notices:
        assert (notice.version.state, notice.last_day >= timezone.localdate()) == ("in_force", True)
        assert notice.leaving.in_force.upper == notice.last_day + datetime.timedelta(days=1)
    binned = Version.objects.get(state="discarded")
    assert days_left(timezone.localdate(binned.discarded_at), timezone.localdate()) > 0


def test_ostersund_is_free_to_start_and_has_its_contact_points(printed: str) -> None:
    ostersund = Municipality.objects.get(code=OSTERSUND)
    assert not Party.objects.filter(organisation=ostersund.pk).exists()
    points = ContactPoint.objects.active().of(ostersund.pk)
    assert {"strategic", "tactical", "operative", "support"} == set(points.values_list("level", flat=True))
    assert Holder.objects.filter(contact_point__in=points).exists()


# ------------------------------------------------------------------------------------ agreements like real ones


def test_signed_texts_are_those_that_were_hashed_and_nothing_is_left_to_fill_in(printed: str) -> None:
    for version in Version.objects.exclude(state="draft").with_heads()[::7]:
        assert Whole(version).left == []
        if version.frozen:
            assert text_hash(version.frozen) == version.text_hash


def test_every_party_of_a_signed_version_has_signed_that_text(printed: str) -> None:
    unsigned = Party.objects.filter(version__signed_at__isnull=False, signature__isnull=True)
    other_text = Signature.objects.exclude(text_hash=F("version__text_hash"))
    assert not unsigned.exists()
    assert not other_text.exists()


def test_the_check_finds_exactly_what_the_demonstration_says(printed: str) -> None:
    ids = list(Version.objects.watched().order_by("pk").values_list("pk", flat=True))
    tallies = [recheck(version_ids=batch, now=timezone.now()) for batch in batches(ids)]
    assert sum(t.opened + t.closed for t in tallies) == 0
    assert sum(t.unchanged for t in tallies) == Flag.objects.open().count() > 100


def test_some_agreements_are_bound_to_persons_and_most_are_not(printed: str) -> None:
    now = VerdictPeriod.objects.filter(until__isnull=True, version__state="in_force")
    verdicts = Counter(now.values_list("verdict", flat=True))
    assert set(verdicts) == {"function_bound", "mixed", "person_bound", "unreachable"}
    assert verdicts["function_bound"] > verdicts.total() / 2


def test_what_was_mended_shows_in_flags_and_verdicts_over_time(printed: str) -> None:
    mended = VerdictPeriod.objects.filter(until__isnull=False)
    assert mended.exclude(verdict="function_bound").count() > 20
    assert Flag.objects.filter(closed_at__isnull=False, closed_by="Kontrollen").count() > 20


def test_only_a_handful_of_copies_is_ordered(printed: str) -> None:
    assert 0 < PrintedCopy.objects.count() < 12


# --------------------------------------------------------------------------------------------------- the command


def test_every_printed_login_opens_the_door(printed: str) -> None:
    for login in LOGINS:
        assert f"{login.email} " in printed
        assert Client().login(username=login.email, password=login.password), login.email


def test_the_same_seed_and_day_give_the_same_country(printed: str) -> None:
    loads = []
    for _ in range(2):
        call_command("load_demo", replace=True, stdout=StringIO(), stderr=StringIO())
        loads.append((digest(), list(lines())))

    (first, before), (second, after) = loads
    assert [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]] == []
    assert first == second


def test_it_refuses_where_there_are_agreements(printed: str) -> None:
    with pytest.raises(CommandError, match="--replace"):
        call_command("load_demo")


def test_it_refuses_in_production(printed: str, settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        call_command("load_demo", replace=True)


# -------------------------------------------------------------------------------------------------- multiplied


def structure() -> list[tuple[str, str]]:
    """Every index and constraint; types the database writes out anew, or brackets, do not matter."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")
        indexes = cursor.fetchall()
        cursor.execute("SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint ORDER BY 1, 2")
        rows = indexes + cursor.fetchall()
    return [(name, re.sub(r"::(text|character varying)|[()]|\[\]", "", definition)) for name, definition in rows]


def test_three_times_the_country_is_three_times_of_everything(printed: str) -> None:
    counts = {model: model._default_manager.count() for model in (Municipality, Agreement, Version, Section, Signature)}
    multiply(3, tell=lambda _what: None)
    assert {model: model._default_manager.count() for model in counts} == {m: 3 * n for m, n in counts.items()}
    assert (signed_on(MARCH), signed_on(YEAR_END)) == (3 * 261, 3 * 288)


def test_copies_point_at_copies_and_share_what_is_national(printed: str) -> None:
    multiply(2, tell=lambda _what: None)
    for table in TABLES:
        for field in table.model._meta.concrete_fields:
            if field.is_relation:
                known = field.related_model._default_manager.values("pk")
                pointing = table.model._default_manager.filter(**{f"{field.name}__isnull": False})
                assert not pointing.exclude(**{f"{field.attname}__in": known}).exists(), (table.name, field.name)
    copy = Organisation.objects.get(name="Umeå kommun 2")
    parties = Party.objects.filter(version__in=Party.objects.filter(organisation=copy).values("version"))
    assert set(parties.values_list("organisation__kind", flat=True)) == {"municipality", "af_region"}
    assert set(parties.filter(side="municipality").values_list("organisation", flat=True)) == {copy.pk}


def test_the_check_finds_the_same_in_the_copies(printed: str) -> None:
    multiply(2, tell=lambda _what: None)
    newest = list(Version.objects.watched().order_by("-pk").values_list("pk", flat=True)[:150])
    tally = recheck(version_ids=newest, now=timezone.now())
    assert (tally.opened, tally.closed) == (0, 0)
    assert tally.unchanged > 30


def test_multiplying_leaves_every_index_and_rule_of_the_database_in_place(printed: str) -> None:
    before = structure()
    multiply(2, tell=lambda _what: None)
    assert structure() == before
    party = Party.objects.filter(side="municipality", in_force__isnull=False).order_by("-pk").first()
    assert party is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        Party.objects.create(
            version=Version.objects.order_by("pk").first(),
            organisation=party.organisation,
            side="municipality",
            name="Samma kommun en gång till",
            in_force=Range(party.in_force.lower, party.in_force.upper),
        )


def test_ids_are_told_as_ranges() -> None:
    assert ranges([1, 2, 3, 7, 9, 10]) == [(1, 3), (7, 7), (9, 10)]
