"""Notice: who gives it, when the agreement ends, joint agreements, taking it back, and what the calendar does."""

from __future__ import annotations

import datetime

import pytest
from psycopg.types.range import Range

from agreements.actions import amending, giving_notice, signing
from agreements.models import Notice, Party, Version
from agreements.states import Ending, Standing, State
from contacts.errors import NotAllowed, Refused
from contacts.models import Event
from nationwide.coverage import read_rows
from nationwide.rules import Status
from tests.agreements.joint import NOW, at, give_notice, joint_in_force, party_of, sign_all, signatory_of
from tests.agreements.test_amending import ready
from tests.cast import Cast
from tests.factories import TODAY, accepted, decision, in_force

LAST = datetime.date(2027, 5, 22)
"""Six months after TODAY."""
AFTER = LAST + datetime.timedelta(days=1)


def last_days(version: Version) -> dict[str, datetime.date]:
    return {party.name: party.in_force.upper for party in version.parties.all()}


def test_notice_shortens_the_agreement_as_the_clause_says_and_leaves_it_in_force(cast: Cast) -> None:
    version = in_force(cast)

    notice = give_notice(version, cast.signatory, cast.ostersund)

    assert (notice.received_on, notice.last_day) == (TODAY, LAST)
    assert (version.state, version.notice_until, version.standing()) == (State.IN_FORCE, LAST, Standing.NOTICE_GIVEN)
    assert set(last_days(version).values()) == {AFTER}
    assert list(Version.objects.in_force(LAST)) == [version]
    event = Event.objects.get(type="agreement.give_notice")
    assert event.after["reason"] == "Organisationen ändras."
    assert event.pending


@pytest.mark.parametrize(
    "role", ["coordinator", "af_coordinator", "af_signatory", "reader", "officer", "administrator", "outsider"]
)
def test_only_who_signs_for_the_party_gives_its_notice(cast: Cast, role: str) -> None:
    version = in_force(cast)

    with pytest.raises(NotAllowed):
        give_notice(version, getattr(cast, role), cast.ostersund)


def test_what_is_not_in_force_can_not_be_given_notice(cast: Cast) -> None:
    with pytest.raises(Refused, match="Överenskommelsen är godtagen och kan inte sägas upp"):
        give_notice(accepted(cast), cast.signatory, cast.ostersund)


def test_notice_needs_a_reason_a_decision_that_is_taken_and_is_given_once(cast: Cast) -> None:
    version = in_force(cast)
    with pytest.raises(Refused, match="skäl"):
        give_notice(version, cast.signatory, cast.ostersund, reason=" ")
    with pytest.raises(Refused, match="Beslutsdatum"):
        giving_notice.give_notice(
            by=cast.signatory,
            version_id=version.pk,
            party_id=party_of(version, cast.ostersund).pk,
            wish=giving_notice.Wish("Skälet."),
            decision=decision(date=AFTER),
            now=NOW,
        )
    give_notice(version, cast.signatory, cast.ostersund)
    with pytest.raises(Refused, match="redan uppsagd för Östersunds kommun"):
        give_notice(version, cast.af_signatory, cast.nord, leaving=[party_of(version, cast.ostersund).pk])


def test_af_says_for_which_municipality_it_gives_notice(cast: Cast) -> None:
    version = joint_in_force(cast)
    for chosen in ([], [party_of(version, cast.nord).pk], [party_of(version, cast.are).pk, 0]):
        with pytest.raises(Refused, match="Ange för vilken kommun"):
            give_notice(version, cast.af_signatory, cast.nord, leaving=chosen)

    give_notice(version, cast.af_signatory, cast.nord, leaving=[party_of(version, cast.are).pk])

    assert last_days(version)["Åre kommun"] == AFTER
    assert version.notice_until is None


def test_without_a_clause_the_last_day_is_chosen(cast: Cast) -> None:
    version = in_force(cast)
    Version.objects.filter(pk=version.pk).update(notice_months=None, period_end=None)

    with pytest.raises(Refused, match="ingen uppsägningstid"):
        give_notice(version, cast.signatory, cast.ostersund)
    with pytest.raises(Refused, match="en dag som har varit"):
        give_notice(version, cast.signatory, cast.ostersund, last_day=TODAY - datetime.timedelta(days=1))
    assert give_notice(version, cast.signatory, cast.ostersund, last_day=LAST).last_day == LAST


def test_when_the_day_has_come_the_agreement_ends_as_terminated(cast: Cast) -> None:
    version = in_force(cast)
    give_notice(version, cast.signatory, cast.ostersund)
    assert signing.end_expired(today=LAST, now=at(LAST)) == 0

    assert signing.end_expired(today=AFTER, now=at(AFTER)) == 1
    assert giving_notice.carry_out_all(today=AFTER, now=at(AFTER)) == 0

    version.refresh_from_db()
    assert (version.state, version.ended_as) == (State.ENDED, Ending.TERMINATED)
    assert Event.objects.get(type="agreement.end").after["ended_as"] == "terminated"
    assert not Event.objects.filter(type="agreement.leave").exists()


def test_what_ends_with_its_period_has_expired_and_what_is_followed_is_replaced(cast: Cast) -> None:
    old = in_force(cast)
    later = TODAY + datetime.timedelta(days=200)
    new = ready(amending.start_amendment(by=cast.coordinator, version_id=old.pk, today=later), cast)
    sign_all(new, cast, on=later)
    signing.end_expired(today=later, now=at(later))
    end = datetime.date(2031, 1, 1)
    signing.end_expired(today=end, now=at(end))

    assert list(Version.objects.order_by("number").values_list("ended_as", flat=True)) == ["replaced", "expired"]


# --------------------------------------------------------------------------------------------- joint agreements


def test_each_municipality_leaves_by_itself_and_the_rest_stays_in_force(cast: Cast) -> None:
    version = joint_in_force(cast)

    give_notice(version, signatory_of(cast.are), cast.are)
    signing.end_expired(today=AFTER, now=at(AFTER))
    left = giving_notice.carry_out_all(today=AFTER, now=at(AFTER))

    version.refresh_from_db()
    assert (left, version.state, version.notice_until) == (1, State.IN_FORCE, None)
    assert giving_notice.carry_out_all(today=AFTER, now=at(AFTER)) == 0
    assert Event.objects.get(type="agreement.leave").after["leaving"] == ["Åre kommun"]
    statuses = {row.name: row.status for row in read_rows(AFTER)}
    assert statuses == {"Åre kommun": Status.EXPIRED, "Östersunds kommun": Status.SIGNED}


def test_the_day_before_each_municipality_counts_once(cast: Cast) -> None:
    version = joint_in_force(cast)
    give_notice(version, signatory_of(cast.are), cast.are)

    rows = [row for row in read_rows(LAST) if row.status == Status.SIGNED]

    assert [(row.name, row.agreement) for row in rows] == [
        ("Åre kommun", version.agreement_id),
        ("Östersunds kommun", version.agreement_id),
    ]
    assert [row.last_day for row in rows] == [LAST, datetime.date(2028, 12, 31)]


def test_when_the_last_municipality_leaves_the_whole_ends(cast: Cast) -> None:
    version = joint_in_force(cast)
    give_notice(version, signatory_of(cast.are), cast.are)
    later = TODAY + datetime.timedelta(days=30)
    give_notice(version, cast.signatory, cast.ostersund, on=later)
    last = datetime.date(2027, 6, 22)
    assert (version.notice_until, last_days(version)[cast.nord.name]) == (last, last + datetime.timedelta(days=1))

    signing.end_expired(today=last + datetime.timedelta(days=1), now=at(last + datetime.timedelta(days=1)))

    version.refresh_from_db()
    assert version.ended_as == Ending.TERMINATED


def test_an_amendment_covers_those_who_stay_and_whoever_leaves_is_bound_until_its_day(cast: Cast) -> None:
    old = joint_in_force(cast)
    give_notice(old, signatory_of(cast.are), cast.are)
    start = TODAY + datetime.timedelta(days=60)
    new = amending.start_amendment(by=cast.coordinator, version_id=old.pk, today=start)
    assert [party.name for party in new.parties.all()] == ["Östersunds kommun", cast.nord.name]

    sign_all(ready(new, cast, start=start), cast, on=start)

    assert last_days(old) == {"Östersunds kommun": start, "Åre kommun": AFTER, cast.nord.name: AFTER}
    assert {v.pk for v in Version.objects.in_force(start)} == {old.pk, new.pk}
    signed = [row for row in read_rows(start) if row.status == Status.SIGNED]
    assert sorted((row.name, row.version) for row in signed) == [("Åre kommun", old.pk), ("Östersunds kommun", new.pk)]
    signing.end_expired(today=AFTER, now=at(AFTER))
    old.refresh_from_db()
    assert old.ended_as == Ending.REPLACED


def test_whoever_has_left_does_not_amend_the_others_agreement(cast: Cast) -> None:
    version = joint_in_force(cast)
    give_notice(version, signatory_of(cast.are), cast.are)

    with pytest.raises(NotAllowed):
        amending.start_amendment(by=cast.outsider, version_id=version.pk, today=AFTER)


# --------------------------------------------------------------------------------------------------- taken back


def test_notice_is_taken_back_when_the_other_party_consents(cast: Cast) -> None:
    version = in_force(cast)
    notice = give_notice(version, cast.signatory, cast.ostersund)
    with pytest.raises(Refused, match="inte bett"):
        giving_notice.take_back(by=cast.af_signatory, notice_id=notice.pk, now=NOW)
    giving_notice.ask_back(by=cast.signatory, notice_id=notice.pk, reason="Nämnden har ändrat sig.", now=NOW)
    with pytest.raises(NotAllowed):
        giving_notice.take_back(by=cast.signatory, notice_id=notice.pk, now=NOW)

    giving_notice.take_back(by=cast.af_signatory, notice_id=notice.pk, now=NOW)

    version.refresh_from_db()
    assert (version.notice_until, version.standing()) == (None, Standing.IN_FORCE)
    assert set(last_days(version).values()) == {datetime.date(2029, 1, 1)}
    assert give_notice(version, cast.signatory, cast.ostersund).last_day == LAST


def test_af_asks_and_the_municipality_it_gave_notice_consents(cast: Cast) -> None:
    version = joint_in_force(cast)
    notice = give_notice(version, cast.af_signatory, cast.nord, leaving=[party_of(version, cast.are).pk])
    with pytest.raises(NotAllowed):
        giving_notice.ask_back(by=cast.signatory, notice_id=notice.pk, reason="Vi ångrar oss.", now=NOW)
    giving_notice.ask_back(by=cast.af_signatory, notice_id=notice.pk, reason="Vi ångrar oss.", now=NOW)
    with pytest.raises(NotAllowed):
        giving_notice.take_back(by=cast.signatory, notice_id=notice.pk, now=NOW)

    giving_notice.take_back(by=signatory_of(cast.are), notice_id=notice.pk, now=NOW)

    assert not Notice.objects.standing().exists()


def test_after_the_last_day_nothing_is_taken_back(cast: Cast) -> None:
    version = joint_in_force(cast)
    notice = give_notice(version, signatory_of(cast.are), cast.are)

    with pytest.raises(Refused, match="Sista dagen har passerat"):
        giving_notice.ask_back(by=signatory_of(cast.are), notice_id=notice.pk, reason="För sent.", now=at(AFTER))


def test_a_version_that_has_been_replaced_is_not_given_notice(cast: Cast) -> None:
    old = in_force(cast)
    start = TODAY + datetime.timedelta(days=60)
    new = ready(amending.start_amendment(by=cast.coordinator, version_id=old.pk, today=TODAY), cast, start=start)
    sign_all(new, cast)

    with pytest.raises(Refused, match="Version 2 är undertecknad"):
        give_notice(old, cast.signatory, cast.ostersund)
    with pytest.raises(Refused, match="börjar gälla"):
        give_notice(new, cast.signatory, cast.ostersund)


def test_the_range_of_days_is_what_the_database_holds(cast: Cast) -> None:
    version = in_force(cast)
    give_notice(version, cast.signatory, cast.ostersund)

    assert set(Party.objects.values_list("in_force", flat=True)) == {Range(TODAY, AFTER)}
