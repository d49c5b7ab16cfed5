"""What the check says of the invented agreements: its own words and rows, dated to when it would have said so."""

from __future__ import annotations

from agreements.actions.checking import Changes
from agreements.evidence import Evidence, FlagKey
from agreements.flags import CheckedContact, CheckResult, check
from agreements.models import Flag, VerdictPeriod
from contacts.judging import contact_facts
from contacts.models import Event
from nationwide.demo.bulk import copy_rows
from nationwide.demo.rows import Built, whole_of
from nationwide.demo.timeline import Moment

NOTHING = CheckResult((), None)


class Judge:
    """Checks versions one by one, each in its own time, and collects flags, verdicts and their history."""

    def __init__(self) -> None:
        self.flags: list[Flag] = []
        self.verdicts: list[VerdictPeriod] = []
        self.events: list[Event] = []

    def judge(self, built: Built) -> None:
        """As it was begun; again when a contact point it rests on has changed; and its flags close when it ends."""
        over, changed = built.plan.ended, built.unit.changed
        evidence = Evidence(built.version, [], [], {}, None)
        evidence = self._compare(evidence, checked(built, as_begun=built.began_before_change), built.plan.steps.created)
        if built.began_before_change and changed and (over is None or changed < over):
            evidence = self._compare(evidence, checked(built, as_begun=False), changed)
        if over:
            self._compare(evidence, NOTHING, over)

    def _compare(self, evidence: Evidence, result: CheckResult, at: Moment) -> Evidence:
        """What the check would have written at that moment, and what it would have known the next time."""
        changes = Changes(at)
        changes.compare(evidence, result)
        if result is not NOTHING:
            changes.compare_verdict(evidence, result)
        for event in changes.events:
            event.at = at
        self.flags += changes.opened
        self.verdicts += changes.verdicts_new
        self.events += changes.events
        still_open = (*evidence.flags.values(), *changes.opened)
        flags: dict[FlagKey, Flag] = {(f.rule, f.subject): f for f in still_open if f.closed_at is None}
        verdict = changes.verdicts_new[0] if changes.verdicts_new else evidence.verdict
        return Evidence(evidence.version, [], [], flags, verdict)

    def write(self, now: Moment) -> list[Event]:
        """Write flags and verdicts; the history is returned, to be put among the rest."""
        for flag in self.flags:
            flag.last_seen = flag.closed_at or now
        copy_rows(self.flags)
        copy_rows(self.verdicts)
        return self.events


def checked(built: Built, *, as_begun: bool) -> CheckResult:
    whole = whole_of(built, as_begun=as_begun)
    holders = {kept.row.pk: kept.holders for kept in built.kept}
    contacts = {
        row.contact_point.pk: CheckedContact(
            row.contact_point.pk,
            row.contact_point.name,
            row.party.name,
            contact_facts(row.contact_point, holders[row.contact_point.pk]),
        )
        for row in whole.contacts
    }
    return check((source for source in whole.sources if source.content), contacts.values())
