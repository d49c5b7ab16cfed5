"""The lowest level as versioned data: drafting, weighing, publishing, and the past that stays as it was."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agreements.actions import checking, rule_sets, weighing
from agreements.evidence import standing_on
from agreements.lowest_level import RULES, Setting, Weight
from agreements.lowest_level.words import changes, faults, in_words
from agreements.models import RuleSet, VerdictPeriod
from contacts.errors import NotAllowed, Refused, Stale
from contacts.models import Event
from contacts.roles import Role
from tests.agreements.rule_sets import RAISED, draft, published
from tests.cast import Cast
from tests.factories import in_force, member, municipality

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def today() -> datetime.date:
    return timezone.localdate()


def save(cast: Cast, rule_set: RuleSet, revision: int | None = None, **rules: Any) -> RuleSet:
    now = rule_sets.written(rule_set)
    change = rule_sets.Draft(now.name, now.note, {**now.rules, **rules})
    revision = rule_set.revision if revision is None else revision
    return rule_sets.save_draft(by=cast.officer, number=rule_set.number, change=change, revision=revision)


# ------------------------------------------------------------------------------------------------------- drafting


def test_a_draft_is_a_copy_of_the_newest_rule_set(cast: Cast) -> None:
    started = rule_sets.start_draft(by=cast.officer)

    assert (started.number, started.published_at) == (2, None)
    assert not changes(RuleSet.objects.get(number=1).settings, started.settings)


def test_no_identity_number_is_saved_in_its_words(cast: Cast) -> None:
    started = rule_sets.start_draft(by=cast.officer)
    written = rule_sets.written(started)

    for words in ({"name": "Nivå 19121212-1212"}, {"note": "Enligt 19121212-1212"}):
        change = replace(written, **words)
        with pytest.raises(Refused, match="personnummer"):
            rule_sets.save_draft(by=cast.officer, number=2, change=change, revision=started.revision)


def test_the_days_of_a_rule_set_are_swedish_days(cast: Cast) -> None:
    started = draft(cast.officer)
    weighing.weigh_drafts(now=timezone.now())
    started.refresh_from_db()
    after_midnight = datetime.datetime(2031, 7, 1, 22, 30, tzinfo=datetime.UTC)
    facts = {"by": cast.officer, "number": started.number, "revision": started.revision, "now": after_midnight}

    with pytest.raises(Refused, match="en dag som har varit"):
        rule_sets.publish(valid_from=datetime.date(2031, 7, 1), **facts)
    assert rule_sets.publish(valid_from=datetime.date(2031, 7, 2), **facts).published_at == after_midnight


def test_there_is_one_draft_at_a_time(cast: Cast) -> None:
    rule_sets.start_draft(by=cast.officer)

    with pytest.raises(Refused):
        rule_sets.start_draft(by=cast.officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleSet.objects.create(number=3, name="Ett till", rules={})


@pytest.mark.parametrize("who", ["coordinator", "skr_reader", "administrator", "outsider"])
def test_nobody_but_skr_officers_drafts(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        rule_sets.start_draft(by=getattr(cast, who))


def test_a_save_on_an_old_revision_is_refused_and_changes_nothing(cast: Cast) -> None:
    started = rule_sets.start_draft(by=cast.officer)
    save(cast, started, N07=Setting(Weight.DEMAND))

    with pytest.raises(Stale) as stale:
        save(cast, started, revision=0, N07=Setting(Weight.ADVICE))

    assert stale.value.current.settings["N07"].weight is Weight.DEMAND


def test_saving_the_same_leaves_the_revision(cast: Cast) -> None:
    started = rule_sets.start_draft(by=cast.officer)

    assert save(cast, started, N07=Setting(Weight.ADVICE)).revision == 0
    assert save(cast, started, N17=Setting(Weight.ADVICE, {"months": 12})).revision == 0


@pytest.mark.parametrize("setting", [Setting(Weight.DEMAND, {"months": 0}), Setting(Weight.DEMAND, {"years": 1})])
def test_a_figure_out_of_bounds_is_refused(cast: Cast, setting: Setting) -> None:
    with pytest.raises(Refused):
        save(cast, rule_sets.start_draft(by=cast.officer), N17=setting)


def test_each_change_leaves_a_history_row(cast: Cast) -> None:
    new = draft(cast.officer, N07=Setting(Weight.DEMAND))
    rule_sets.discard_draft(by=cast.officer, number=new.number)

    events = Event.objects.about(new.subject).order_by("pk")
    assert [event.type for event in events] == ["rule_set.started", "rule_set.saved", "rule_set.discarded"]
    assert {event.actor_name for event in events} == {"Siv Handläggare"}
    assert not RuleSet.objects.drafts().exists()


# ---------------------------------------------------------------------------------------------------- in words


def test_a_rule_set_is_told_in_words(cast: Cast) -> None:
    told = {line.rule: line for line in in_words(RuleSet.objects.get(number=1).settings)}

    assert (told["N07"].weight, told["N01"].weight) == ("Bör", "Krav")
    assert told["N04"].figures == (("Strategiska möten per år", 2), ("Operativa möten per år", 4))


def test_what_differs_is_told_rule_by_rule() -> None:
    old = {"N04": Setting(Weight.DEMAND), "N07": Setting(Weight.ADVICE)}
    new = {"N04": Setting(Weight.DEMAND, {"strategic": 4}), "N13": Setting(Weight.ADVICE)}

    assert [(c.rule, c.before, c.after) for c in changes(old, new)] == [
        (
            "N04",
            "Krav. Strategiska möten per år: 2. Operativa möten per år: 4",
            "Krav. Strategiska möten per år: 4. Operativa möten per år: 4",
        ),
        ("N07", "Bör", "Ingår inte"),
        ("N13", "Ingår inte", "Bör"),
    ]


@given(st.sampled_from(sorted(RULES)), st.integers(-5, 60))
def test_every_figure_is_either_within_its_bounds_or_a_fault(rule: str, value: int) -> None:
    for name, threshold in RULES[rule].thresholds.items():
        wrong = list(faults({rule: Setting(Weight.DEMAND, {name: value})}))
        assert bool(wrong) is not (threshold.least <= value <= threshold.most)


# ------------------------------------------------------------------------------------------------------ weighing


def test_what_publishing_would_mean_is_counted_by_agreement_and_rule(cast: Cast) -> None:
    version = in_force(cast)

    new = draft(cast.officer, weighed=True, N07=Setting(Weight.DEMAND))

    assert new.impact == {
        "against": 1,
        "agreements": 1,
        "now": {"met": 1},
        "then": {"not_met": 1},
        "rules": {"N07": 1},
        "changed": [[version.pk, "met", "not_met", ["N07"], []]],
    }


def test_a_rule_that_is_raised_tells_how_many_would_newly_fall_short(cast: Cast) -> None:
    in_force(cast)

    new = draft(cast.officer, weighed=True, **RAISED)

    assert new.impact["rules"] == {"N04": 1, "N07": 1}
    assert new.impact["changed"][0][3:] == [["N04", "N07"], []]


def test_a_level_that_is_lowered_tells_what_is_no_longer_missed(cast: Cast) -> None:
    in_force(cast)

    new = draft(cast.officer, weighed=True, N16=None, N07=None)

    assert new.impact["rules"] == {}
    assert new.impact["changed"][0][3:] == [[], ["N07", "N16"]]


def test_what_is_counted_is_what_the_check_finds_after_publishing(cast: Cast) -> None:
    version = in_force(cast)
    new = published(cast.officer, **RAISED)

    checking.recheck(version_ids=[version.pk], now=timezone.now())

    period = VerdictPeriod.objects.get(version=version)
    assert {period.level: 1} == new.impact["then"]
    assert period.rule_set_id == new.pk


def test_a_draft_that_was_changed_meanwhile_is_weighed_again(cast: Cast) -> None:
    new = draft(cast.officer, weighed=True)
    save(cast, new, N13=Setting(Weight.DEMAND))
    new.refresh_from_db()
    assert not new.is_weighed

    assert weighing.weigh_drafts(now=timezone.now()) == 1
    assert weighing.weigh_drafts(now=timezone.now()) == 0
    assert weighing.weigh_drafts(now=timezone.now() + DAY) == 1


def test_the_queries_of_weighing_grow_with_batches_and_not_with_agreements(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = []
    for number in range(2):
        place = municipality(f"970{number}", f"Prov{number}")
        in_force(
            cast,
            municipality=place,
            by=member(place, Role.MUNICIPAL_COORDINATOR),
            signatory=member(place, Role.MUNICIPAL_SIGNATORY),
        )
        with CaptureQueriesContext(connection) as asked:
            weighing.impact_of(RuleSet.objects.get(number=1).settings, today())
        counts.append(len(asked))
    monkeypatch.setattr("agreements.actions.checking.BATCH", 1)
    with CaptureQueriesContext(connection) as asked:
        weighing.impact_of(RuleSet.objects.get(number=1).settings, today())
    assert counts[0] == counts[1] < len(asked) < 2 * counts[0]


# ---------------------------------------------------------------------------------------------------- publishing


def publish(cast: Cast, new: RuleSet, day: datetime.date, revision: int | None = None) -> RuleSet:
    revision = new.revision if revision is None else revision
    now = timezone.localtime()
    return rule_sets.publish(by=cast.officer, number=new.number, revision=revision, valid_from=day, now=now)


def test_a_draft_is_not_published_before_its_consequences_are_counted(cast: Cast) -> None:
    with pytest.raises(Refused, match="Följderna räknas"):
        publish(cast, draft(cast.officer), today())


@pytest.mark.parametrize("days", [-1, -400])
def test_a_rule_set_never_begins_on_a_day_that_has_been(cast: Cast, days: int) -> None:
    with pytest.raises(Refused, match="har varit"):
        publish(cast, draft(cast.officer, weighed=True), today() + days * DAY)


def test_two_rule_sets_never_begin_on_the_same_day(cast: Cast) -> None:
    published(cast.officer, valid_from=today() + DAY)

    with pytest.raises(Refused, match="samma dag"):
        publish(cast, draft(cast.officer, weighed=True), today() + DAY)


def test_what_was_changed_after_the_numbers_were_shown_is_not_published(cast: Cast) -> None:
    new = draft(cast.officer, weighed=True)
    save(cast, new, N13=Setting(Weight.DEMAND))

    with pytest.raises(Stale):
        publish(cast, new, today(), revision=new.revision)


def test_what_is_published_never_changes(cast: Cast) -> None:
    new = published(cast.officer)

    for change in (lambda: save(cast, new), lambda: rule_sets.discard_draft(by=cast.officer, number=new.number)):
        with pytest.raises(Refused, match="publicerat"):
            change()
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleSet.objects.filter(pk=new.pk).update(name="Ett annat")


@pytest.mark.parametrize(("days", "tasks"), [(0, ["agreements.recheck_all"]), (1, [])])
def test_publishing_from_today_checks_everything_at_once_and_later_waits_for_the_night(
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
    days: int,
    tasks: list[str],
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(rule_sets, "nudge", asked.append)
    new = draft(cast.officer, weighed=True)

    with django_capture_on_commit_callbacks(execute=True):
        publish(cast, new, today() + days * DAY)

    assert asked == tasks


# ------------------------------------------------------------------------------------------------------- the past


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(ahead=st.integers(0, 400), asked=st.integers(-900, 900))
def test_each_date_is_judged_by_the_rule_set_of_that_date(cast: Cast, ahead: int, asked: int) -> None:
    first_day, on = today() + ahead * DAY, today() + asked * DAY
    with transaction.atomic():
        new = published(cast.officer, valid_from=first_day, **RAISED)
        standing = standing_on(on)
        transaction.set_rollback(True)

    assert standing.rule_set is not None
    assert standing.rule_set.number == (new.number if on >= first_day else 1)


def test_raising_the_level_leaves_what_was_judged_before(cast: Cast) -> None:
    version, now = in_force(cast), timezone.now()
    checking.recheck(version_ids=[version.pk], now=now - DAY)
    before = VerdictPeriod.objects.get(version=version)
    published(cast.officer, **RAISED)

    checking.recheck(version_ids=[version.pk], now=now)

    periods = VerdictPeriod.objects.filter(version=version).order_by("since").values_list("level", "rule_set__number")
    assert list(periods) == [("met", 1), ("not_met", 2)]
    before.refresh_from_db()
    assert (before.level, before.until) == ("met", now)
