"""The life cycle as a state machine: whatever anybody does in whatever order, what must hold holds.

Two municipalities, together or alone with AF, act through the product's own actions on the real database while the
clock moves on. The table of what is allowed is written out here by hand, so that a mistake in agreements/states.py is
seen.

The ordinary run is short and always the same. Asked for a number of examples it is random, and its runs are longer:
    LIFE_CYCLE_EXAMPLES=300 python -m pytest -n 0 tests/agreements/test_life_cycle_machine.py
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable
from itertools import combinations
from typing import Any, ClassVar

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from agreements.actions import (
    amending,
    binning,
    declining,
    giving_notice,
    negotiating,
    ordering,
    renewing,
    signing,
    writing,
)
from agreements.content import tidy
from agreements.document import text_hash
from agreements.gather import Whole
from agreements.models import AgreementContact, Notice, Party, Section, Signature, Version
from agreements.states import WrongMove
from contacts.errors import NotAllowed, Refused, Stale
from contacts.models import ContactPoint, Event, User
from contacts.roles import Role
from municipalities.models import Organisation
from tests import factories
from tests.agreements.joint import signatory_of
from tests.cast import Cast

EXAMPLES = int(os.environ.get("LIFE_CYCLE_EXAMPLES", "0"))
FIRST_DAY = datetime.date(2026, 11, 22)
ONE_DAY = datetime.timedelta(days=1)
NAMED = (Refused, NotAllowed, Stale, WrongMove)

DRAFT, PROPOSED, ACCEPTED, SIGNING = "draft", "proposed", "accepted", "signing"
IN_FORCE, ENDED, DISCARDED = "in_force", "ended", "discarded"
WORK = {DRAFT, PROPOSED, ACCEPTED, SIGNING}
ALLOWED: dict[str, set[tuple[str, str]]] = {
    "propose": {(DRAFT, PROPOSED)},
    "send_back": {(PROPOSED, DRAFT)},
    "accept": {(PROPOSED, ACCEPTED)},
    "reopen": {(PROPOSED, DRAFT), (ACCEPTED, DRAFT), (SIGNING, DRAFT)},
    "sign": {(ACCEPTED, SIGNING), (SIGNING, IN_FORCE)},
    "decline": {(ACCEPTED, DRAFT), (SIGNING, DRAFT)},
    "withdraw": {(SIGNING, ACCEPTED)},
    "discard": {(DRAFT, DISCARDED)},
    "restore": {(DISCARDED, DRAFT)},
    "renew": {("", PROPOSED), ("", DRAFT)},
    "begin": {("", DRAFT)},
    "night": {(IN_FORCE, ENDED)},
}
"""What each act may do to the state of a version; "": there was none. What is not here changes no state."""

people = st.sampled_from(
    ["coordinator", "outsider", "af_coordinator", "signatory", "are_signatory", "af_signatory", "reader", "stranger"]
)
numbers = st.integers(0, 9)


class LifeCycle(RuleBasedStateMachine):
    cast: ClassVar[Cast]
    users: ClassVar[dict[str, User]]
    points: ClassVar[dict[int, dict[str, ContactPoint]]]
    clock: ClassVar[list[datetime.date]]

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.clock[:] = [FIRST_DAY]
        self.signed: dict[int, tuple[str, Any]] = {}
        self.states: dict[int, str] = {}
        self.last_event = self.newest_event()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    # ------------------------------------------------------------------------------------------------- helpers

    @property
    def day(self) -> datetime.date:
        return self.clock[0]

    @property
    def now(self) -> datetime.datetime:
        return datetime.datetime.combine(self.day, datetime.time(12), tzinfo=datetime.UTC)

    @staticmethod
    def newest_event() -> int:
        return Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def version(self, number: int) -> Version:
        found = list(Version.objects.order_by("-pk"))
        return found[number % len(found)]

    def user(self, name: str) -> User:
        """Read anew, as a request does."""
        return User.objects.get(pk=self.users[name].pk)

    def organisations(self, name: str, role: str) -> set[int]:
        """For whom somebody edits or signs: by hand, not asked of the product."""
        ost, are, nord = self.cast.ostersund.pk, self.cast.are.pk, self.cast.nord.pk
        edits = {"coordinator": ost, "outsider": are, "af_coordinator": nord}
        signs = {"signatory": ost, "are_signatory": are, "af_signatory": nord}
        held = (edits if role == "edit" else signs).get(name)
        return {held} if held else set()

    def sides(self, name: str, version: Version) -> set[str]:
        held = self.organisations(name, "edit")
        return {party.side for party in version.parties.all() if party.organisation_id in held}

    def attempt(self, act: str, expected: bool | None, deed: Callable[[], object]) -> bool:
        """Do it. Only named exceptions may come; what is permitted is done, what is not is refused."""
        try:
            with transaction.atomic():
                deed()
            done = True
        except NAMED:
            done = False
        if expected is not None:
            assert done == expected, f"{act}: {'done' if done else 'refused'}, {self.told()}"
        self.compare(act)
        return done

    def told(self) -> list[tuple[int, int, str]]:
        return list(Version.objects.order_by("pk").values_list("pk", "number", "state"))

    def compare(self, act: str) -> None:
        """Every change of state is one that the act may make, and has left its event."""
        events = Event.objects.filter(pk__gt=self.last_event)
        told = {(event.subject, event.after.get("state")) for event in events}
        for version in Version.objects.select_related("agreement"):
            before, after = self.states.get(version.pk, ""), version.state
            if before == after:
                continue
            assert (before, after) in ALLOWED.get(act, set()), (act, before, after)
            begun = before == "" and events.filter(subject=version.subject).exists()
            assert begun or (version.subject, after) in told, (act, before, after)
            self.states[version.pk] = after
        self.last_event = self.newest_event()

    def others_working(self, version: Version, organisations: set[int]) -> bool:
        busy = Party.objects.filter(organisation__in=organisations, version__state__in=WORK)
        return busy.exclude(version=version).exists()

    @staticmethod
    def municipalities(version: Version) -> set[int]:
        return set(version.parties.filter(side="municipality").values_list("organisation_id", flat=True))

    def later(self, version: Version) -> bool:
        rows = Version.objects.filter(agreement=version.agreement_id, number__gt=version.number)
        return rows.exclude(state=DISCARDED).exists()

    def successor(self, version: Version) -> bool:
        rows = Version.objects.filter(agreement=version.agreement_id, number__gt=version.number)
        return rows.filter(state__in=[IN_FORCE, ENDED]).exists()

    # --------------------------------------------------------------------------------------------- begin, write

    @initialize(together=st.booleans())
    def first(self, together: bool) -> None:
        self.begin("coordinator", [self.cast.ostersund, self.cast.are] if together else [self.cast.ostersund])

    @rule(who=people, place=st.integers(0, 2))
    def start(self, who: str, place: int) -> None:
        ost, are = self.cast.ostersund, self.cast.are
        self.begin(who, [[ost], [are], [ost, are]][place])

    def begin(self, who: str, places: list[Organisation]) -> None:
        allowed = bool(self.organisations(who, "edit") & {*(place.pk for place in places), self.cast.nord.pk})
        busy = Party.objects.filter(organisation__in=places, version__state__in=WORK).exists()

        def deed() -> None:
            version = writing.start_agreement(
                by=self.user(who), municipalities=places, af=self.cast.nord, today=self.day
            )
            self.write(version)

        self.attempt("begin", allowed and not busy, deed)

    def write(self, version: Version) -> None:
        """Everything that is needed, put in place at once: what is written is not what is tried here."""
        for section in version.sections.select_related("template_section"):
            if section.key in factories.FILLED:
                raw = factories._with_category(section, factories.FILLED[section.key])
                content = tidy(section.template_section.fields, raw)
                Section.objects.filter(pk=section.pk).update(content=content)
        version.parties.update(unit="Nämnden", signing_function="Förvaltningschef")
        Version.objects.filter(pk=version.pk).update(
            period_start=self.day, period_end=self.day + datetime.timedelta(days=500), notice_months=3
        )
        if not version.contacts.exists():
            AgreementContact.objects.bulk_create(
                AgreementContact(version=version, party=party, contact_point=point, level=level)
                for party in version.parties.all()
                for level, point in self.points[party.organisation_id].items()
            )

    @rule(number=numbers, days=st.integers(0, 400), length=st.integers(1, 800))
    def dates(self, number: int, days: int, length: int) -> None:
        version = self.version(number)
        start = self.day + datetime.timedelta(days=days - 100)
        period = writing.Period(start, start + datetime.timedelta(days=length), None, 3)
        if not version.sections.exists():
            return
        revision = version.sections.get(key="validity").revision
        deed = {"version_id": version.pk, "key": "validity", "period": period, "revision": revision}
        is_party = self.cast.ostersund.pk in self.municipalities(version)
        expected = version.state == DRAFT and is_party
        self.attempt("dates", expected, lambda: writing.save_period(by=self.user("coordinator"), **deed))

    @rule(number=numbers, who=people)
    def amend(self, number: int, who: str) -> None:
        version = self.version(number)
        deed = {"version_id": version.pk, "today": self.day}
        expected = self.amendable(version, who) or (None if version.state in (IN_FORCE, ENDED) else False)
        self.attempt("begin", expected, lambda: amending.start_amendment(by=self.user(who), **deed))

    def amendable(self, version: Version, who: str) -> bool:
        """Surely: in force, nothing after it, nobody leaves, and nobody is busy with anything else."""
        kommuner = self.municipalities(version)
        bound = Party.objects.filter(organisation__in=kommuner, in_force__endswith__gt=self.day)
        return (
            version.state == IN_FORCE
            and bool(self.organisations(who, "edit") & {*kommuner, self.cast.nord.pk})
            and not self.later(version)
            and not Notice.objects.filter(version=version).exists()
            and not self.others_working(version, kommuner)
            and not bound.exclude(version__agreement=version.agreement_id).exists()
        )

    @rule(number=numbers, who=people)
    def renew(self, number: int, who: str) -> None:
        version = self.version(number)
        expected = None if version.state in (IN_FORCE, ENDED) else False
        deed = {"version_id": version.pk, "today": self.day}
        self.attempt("renew", expected, lambda: renewing.renew(by=self.user(who), **deed))

    # ------------------------------------------------------------------------------------------------- the moves

    @rule(number=numbers, who=people, move=st.sampled_from(["propose", "send_back", "accept", "reopen", "discard"]))
    def negotiate(self, number: int, who: str, move: str) -> None:
        self.negotiated(self.version(number), who, move)

    def negotiated(self, version: Version, who: str, move: str) -> bool:
        sides = self.sides(who, version)
        expected = bool(sides) and version.state in {source for source, _ in ALLOWED[move]}
        if move in ("send_back", "accept"):
            expected = expected and bool(sides - {version.proposed_by_side})
        if move in ("propose", "accept"):
            expected = expected and not Whole(version).left
        facts = {} if move in ("propose", "accept") else {"reason": "Skälet är prövat."}
        verb = getattr(negotiating, move)
        return self.attempt(move, expected, lambda: verb(by=self.user(who), version_id=version.pk, **facts))

    @rule(number=numbers, who=people)
    def restore(self, number: int, who: str) -> None:
        version = self.version(number)
        kommuner = self.municipalities(version)
        before = Version.objects.filter(agreement=version.agreement_id).exclude(state=DISCARDED).order_by("-number")
        latest = before.first()
        expected = (
            version.state == DISCARDED
            and bool(self.sides(who, version))
            and version.purged_at is None
            and timezone.localdate(version.discarded_at) + datetime.timedelta(days=30) >= self.day
            and not self.others_working(version, kommuner)
            and (latest is None or latest.number < version.number)
        )
        self.attempt("restore", expected, lambda: binning.restore(by=self.user(who), version_id=version.pk))

    @rule(number=numbers, who=people, place=numbers)
    def sign(self, number: int, who: str, place: int) -> None:
        version = self.version(number)
        parties = list(version.parties.all())
        self.signs(version, who, parties[place % len(parties)])

    def signs(self, version: Version, who: str, party: Party) -> bool:
        expected = (
            party.organisation_id in self.organisations(who, "sign")
            and version.state in (ACCEPTED, SIGNING)
            and not Signature.objects.filter(party=party).exists()
            and (version.period_end is None or version.period_end >= self.day)
        )
        signed = set(version.signatures.values_list("party", flat=True))
        waiting = [one.turn for one in version.parties.all() if one.pk not in signed]
        expected = expected and party.turn <= min(waiting, default=party.turn)
        last = version.signatures.count() + 1 == version.parties.count()
        if expected and last and self.collides(version):
            expected = False
        by, decision = self.user(who), factories.decision(date=self.day)
        return self.attempt(
            "sign", expected, lambda: factories.sign_party(version, party, by, now=self.now, decision=decision)
        )

    @rule(number=numbers, who=people, place=numbers, act=st.sampled_from(["decline", "withdraw"]))
    def not_sign(self, number: int, who: str, place: int, act: str) -> None:
        version = self.version(number)
        parties = list(version.parties.all())
        party = parties[place % len(parties)]
        signature = Signature.objects.filter(party=party).first()
        states = {source for source, _ in ALLOWED[act]} if act == "decline" else {SIGNING}
        expected = (
            party.organisation_id in self.organisations(who, "sign")
            and version.state in states
            and (signature is None) == (act == "decline")
        )
        facts = {"version_id": version.pk, "party_id": party.pk, "reason": "Målen är fel.", "now": self.now}
        self.attempt(act, expected, lambda: getattr(declining, act)(by=self.user(who), **facts))

    @rule(number=numbers, who=people, turns=st.lists(st.integers(0, 2), min_size=3, max_size=3))
    def order(self, number: int, who: str, turns: list[int]) -> None:
        version = self.version(number)
        expected = bool(self.sides(who, version)) and version.state == ACCEPTED
        wish = {party.pk: turn for party, turn in zip(version.parties.all(), turns, strict=False)}
        facts = {"version_id": version.pk, "turns": wish, "now": self.now}
        self.attempt("order", expected, lambda: ordering.order_signatures(by=self.user(who), **facts))

    def collides(self, version: Version) -> bool:
        """Whether another agreement binds one of the municipalities on a day of the period."""
        first = max(version.period_start or self.day, self.day)
        bound = Party.objects.filter(organisation__in=self.municipalities(version), in_force__isnull=False)
        return any(
            (party.in_force.upper is None or party.in_force.upper > first)
            and (version.period_end is None or party.in_force.lower <= version.period_end)
            for party in bound.exclude(version__agreement=version.agreement_id)
        )

    # ---------------------------------------------------------------------------------------------------- notice

    @rule(number=numbers, who=people, place=numbers, chosen=st.sets(st.integers(0, 2)))
    def give_notice(self, number: int, who: str, place: int, chosen: set[int]) -> None:
        version = self.version(number)
        parties = list(version.parties.all())
        giver = parties[place % len(parties)]
        picked = {parties[index].pk for index in chosen if index < len(parties)}
        leaving = [giver] if giver.side == "municipality" else [party for party in parties if party.pk in picked]
        told = set(Notice.objects.filter(version=version, withdrawn_at=None).values_list("leaving_id", flat=True))
        bound = [p.in_force is not None and p.in_force.lower <= self.day < (p.in_force.upper or datetime.date.max)
                 for p in leaving]  # fmt: skip
        expected = (
            giver.organisation_id in self.organisations(who, "sign")
            and version.state == IN_FORCE
            and bool(leaving)
            and all(party.side == "municipality" for party in leaving)
            and all(bound)
            and not told & {party.pk for party in leaving}
            and not self.successor(version)
        )
        wish = giving_notice.Wish("Organisationen ändras.", picked, self.day)
        facts = {"version_id": version.pk, "party_id": giver.pk, "wish": wish, "now": self.now}
        decision = factories.decision(date=self.day)
        self.attempt(
            "give_notice",
            expected,
            lambda: giving_notice.give_notice(by=self.user(who), decision=decision, **facts),
        )

    @rule(who=people, number=numbers, consents=st.booleans())
    def take_back(self, who: str, number: int, consents: bool) -> None:
        notices = list(Notice.objects.select_related("version", "giver", "leaving").order_by("-pk"))
        if not notices:
            return
        notice = notices[number % len(notices)]
        own = notice.giver_id == notice.leaving_id
        other = self.cast.nord.pk if own else notice.leaving.organisation_id
        held = self.organisations(who, "sign")
        expected = (
            (other if consents else notice.giver.organisation_id) in held
            and notice.version.state == IN_FORCE
            and notice.withdrawn_at is None
            and notice.last_day >= self.day
            and not self.successor(notice.version)
            and (notice.asked_back_at is not None) == consents
        )
        facts = {"by": self.user(who), "notice_id": notice.pk, "now": self.now}
        deed = giving_notice.take_back if consents else giving_notice.ask_back
        more = {} if consents else {"reason": "Vi fortsätter."}
        self.attempt("take_back", expected, lambda: deed(**facts, **more))

    # ------------------------------------------------------------------------------------------------- the clock

    @rule(days=st.sampled_from([1, 20, 31, 92, 200, 600]))
    def time_passes(self, days: int) -> None:
        self.clock[0] += datetime.timedelta(days=days)
        self.attempt("night", True, self.night)
        for version in Version.objects.filter(state=IN_FORCE):
            ends = [party.in_force.upper for party in version.parties.all() if party.in_force]
            assert any(end is None or end > self.day for end in ends), "over, and still in force"

    def night(self) -> None:
        signing.end_expired(today=self.day, now=self.now)
        giving_notice.carry_out_all(today=self.day, now=self.now)
        binning.purge_all(today=self.day, now=self.now)

    @rule(number=numbers)
    def carry_on(self, number: int) -> None:
        """The next step of a version by those whose step it is, so that the machine also comes far."""
        version = self.version(number)
        if version.state == DRAFT:
            self.negotiated(version, "af_coordinator", "propose")
        elif version.state == PROPOSED:
            by_af = version.proposed_by_side == "af"
            own = "coordinator" if self.cast.ostersund.pk in self.municipalities(version) else "outsider"
            self.negotiated(version, own if by_af else "af_coordinator", "accept")
        elif version.state in (ACCEPTED, SIGNING):
            self.everybody_signs(version)

    def everybody_signs(self, version: Version) -> None:
        signs = {
            self.cast.ostersund.pk: "signatory",
            self.cast.are.pk: "are_signatory",
            self.cast.nord.pk: "af_signatory",
        }
        for party in sorted(version.parties.all(), key=lambda party: party.turn):
            self.signs(Version.objects.get(pk=version.pk), signs[party.organisation_id], party)

    # ---------------------------------------------------------------------------------------------- what must hold

    @invariant()
    def a_municipality_is_bound_by_one_agreement_a_day(self) -> None:
        for organisation in (self.cast.ostersund, self.cast.are):
            spans = [
                (party.in_force.lower, party.in_force.upper or datetime.date.max)
                for party in Party.objects.filter(organisation=organisation, in_force__isnull=False)
            ]
            for (first, over), (other_first, other_over) in combinations(spans, 2):
                assert over <= other_first or other_over <= first, spans

    @invariant()
    def a_signed_text_never_changes(self) -> None:
        for version in Version.objects.filter(state__in=[IN_FORCE, ENDED]):
            self.signed.setdefault(version.pk, (version.text_hash, version.frozen))
            assert self.signed[version.pk] == (version.text_hash, version.frozen)
            assert text_hash(version.frozen) == version.text_hash
        assert set(self.signed) <= set(Version.objects.filter(state__in=[IN_FORCE, ENDED]).values_list("pk", flat=True))

    @invariant()
    def the_states_fit_together(self) -> None:
        for version in Version.objects.all():
            assert (version.ended_as != "") == (version.state == ENDED)
            assert (version.discarded_at is not None) == (version.state == DISCARDED)
            binds = version.parties.filter(in_force__isnull=False).exists()
            assert not binds or version.state in (IN_FORCE, ENDED)
            self.signatures_fit(version)
            self.leaving_fits(version)
        working = list(Version.objects.filter(state__in=WORK).values_list("agreement", flat=True))
        assert len(working) == len(set(working))

    def signatures_fit(self, version: Version) -> None:
        """As many as the state says, each for the text as it is fixed; whose turn it is has been called."""
        signed = set(version.signatures.values_list("party", flat=True))
        parties = list(version.parties.all())
        assert (version.state == SIGNING) == (0 < len(signed) < len(parties)) or version.state in (IN_FORCE, ENDED)
        assert all(signature.text_hash == version.text_hash for signature in version.signatures.all())
        waiting = [party for party in parties if party.pk not in signed]
        if version.state in (ACCEPTED, SIGNING):
            first = min(party.turn for party in waiting)
            assert all(party.called_at for party in waiting if party.turn == first)

    def leaving_fits(self, version: Version) -> None:
        """Notice for all says when the whole ends; AF is never bound for less than its municipalities."""
        kommuner = list(version.parties.filter(side="municipality"))
        told = dict(Notice.objects.standing().filter(version=version).values_list("leaving_id", "last_day"))
        everyone = bool(kommuner) and all(party.pk in told for party in kommuner)
        assert (version.notice_until is not None) == everyone
        if version.notice_until is not None:
            assert version.notice_until == max(told.values())
        af = version.parties.get(side="af").in_force
        for party in kommuner:
            if party.in_force is not None and af is not None:
                assert (af.upper or datetime.date.max) >= (party.in_force.upper or datetime.date.max)
            if party.pk in told and party.in_force is not None:
                assert party.in_force.upper <= told[party.pk] + ONE_DAY


@pytest.fixture
def world(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Users, contact points that all agreements rest on, and the machine's own clock."""
    LifeCycle.cast, LifeCycle.clock = cast, [FIRST_DAY]
    stranger = factories.member(factories.municipality("2326", "Bergs"), Role.MUNICIPAL_COORDINATOR)
    LifeCycle.users = cast.by_name() | {"are_signatory": signatory_of(cast.are), "stranger": stranger}
    editors = ((cast.ostersund, cast.coordinator), (cast.are, cast.outsider), (cast.nord, cast.af_coordinator))
    LifeCycle.points = {
        place.pk: {level: factories.contact_point(place, level, by=by) for level in ("strategic", "operative")}
        for place, by in editors
    }
    noon = datetime.time(12)
    monkeypatch.setattr(
        timezone, "now", lambda: datetime.datetime.combine(LifeCycle.clock[0], noon, tzinfo=datetime.UTC)
    )


def test_whatever_anybody_does_what_must_hold_holds(world: None) -> None:
    run_state_machine_as_test(
        LifeCycle,
        settings=settings(
            max_examples=EXAMPLES or 14,
            stateful_step_count=50 if EXAMPLES else 24,
            derandomize=not EXAMPLES,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
