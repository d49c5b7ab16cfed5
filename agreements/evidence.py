"""What the checks need to know of many versions at once: the queries do not grow with them."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from agreements.deadlines import Leaving
from agreements.findings import InText, read_text
from agreements.flags import Case, CheckedContact, Mender
from agreements.lowest_level import Facts, RuleSet
from agreements.models import Flag, Section, TemplateSection, TemplateVersion, VerdictPeriod, Version
from agreements.models import RuleSet as StoredRuleSet
from agreements.rows import (
    FlagKey,
    PartyRow,
    contact_rows,
    describe,
    files_with_numbers,
    grouped,
    lapsed,
    latest_follow_ups,
    living_elsewhere,
    mender_of,
    open_flags,
    party_facts,
    party_rows,
    party_text,
    standing_notices,
)
from contacts.mailboxes import mending_mailboxes
from contacts.personbound import edition

TEXT = ("version_id", "pk", "key", "template_section_id", "content", "content_hash", "findings", "checked_as")


class Unread(NamedTuple):
    """A section whose text this edition of the check has not read. mark: what it is kept as when it has."""

    pk: int
    key: str
    template_section: TemplateSection
    content: dict[str, Any]
    mark: str


@dataclass(frozen=True)
class Evidence:
    """Everything about one version that the check looks at, and what was found the last time."""

    version: Version
    case: Case
    flags: dict[FlagKey, Flag] = field(default_factory=dict)
    verdict: VerdictPeriod | None = None
    unread: list[Unread] = field(default_factory=list)


def read_anew(evidence: Evidence) -> list[tuple[Unread, list[InText]]]:
    """What this edition of the check reads in the texts that it has not read."""
    return [(section, read_text(section.template_section.fields, section.content)) for section in evidence.unread]


def with_texts(case: Case, read: Iterable[tuple[Unread, Sequence[InText]]]) -> Case:
    return replace(case, texts={**case.texts, **{section.key: found for section, found in read}})


class Standing(NamedTuple):
    """What applies to every version on a day."""

    on: datetime.date
    template: int
    rule_set: StoredRuleSet | None
    settings: RuleSet | None


def standing_on(on: datetime.date) -> Standing:
    newest = TemplateVersion.objects.open_for_new_agreements(on).values_list("number", flat=True).first()
    rule_set = StoredRuleSet.objects.in_force(on)
    return Standing(on, newest or 0, rule_set, rule_set.settings if rule_set else None)


def read_evidence(versions: Collection[Version], standing: Standing) -> list[Evidence]:
    """The evidence of each version, in the order given."""
    batch = Batch(versions, standing)
    return [batch.evidence(version) for version in versions]


class Batch:
    """Every row that the evidence of some versions is made of, read with a constant number of queries."""

    def __init__(self, versions: Collection[Version], standing: Standing) -> None:
        self.standing = standing
        ids = [version.pk for version in versions]
        templates = {version.template_id for version in versions}
        self.templates = {t.pk: t for t in TemplateVersion.objects.filter(pk__in=templates)}
        self.template_sections = {
            ts.pk: ts for ts in TemplateSection.objects.filter(version__in=templates).defer("guidance", "locked")
        }
        self.parties = grouped(party_rows(ids, standing.on))
        self.contacts = grouped(contact_rows(ids, standing.on))
        self.notices = standing_notices(ids)
        self.points = describe({row.contact_point for rows in self.contacts.values() for row in rows}, standing.on)
        organisations = {row.organisation for rows in self.parties.values() for row in rows}
        self.reserves = mending_mailboxes(organisations)
        ours = {row.organisation for rows in self.parties.values() for row in rows if row.side == "municipality"}
        self.others = living_elsewhere(ours, standing.on)
        self.lapsed = lapsed(versions)
        self.files = files_with_numbers(ids)
        self.flags = open_flags(ids)
        judged = VerdictPeriod.objects.filter(version__in=ids, until__isnull=True)
        self.verdicts = {row.version_id: row for row in judged}
        self.followed_up = latest_follow_ups({version.agreement_id for version in versions})
        self._read_sections(ids)

    def _read_sections(self, ids: list[int]) -> None:
        """Local content, and what was found in it; locked text is national and not checked."""
        self.contents: defaultdict[int, dict[str, Any]] = defaultdict(dict)
        self.texts: defaultdict[int, dict[str, list[InText]]] = defaultdict(dict)
        self.unread: defaultdict[int, list[Unread]] = defaultdict(list)
        now = edition()
        rows = Section.objects.filter(version__in=ids).exclude(content={}).order_by("version_id", "pk")
        for version, pk, key, template_section, content, content_hash, findings, checked_as in rows.values_list(*TEXT):
            self.contents[version][key] = content
            mark = f"{content_hash}:{now}"
            if checked_as != mark:
                self.unread[version].append(Unread(pk, key, self.template_sections[template_section], content, mark))
            elif findings:
                self.texts[version][key] = [InText(*finding) for finding in findings]

    def evidence(self, version: Version) -> Evidence:
        others = [row for party in self.parties[version.pk] for row in self.others[party.organisation]]
        case = Case(
            state=version.state,
            texts=self.texts[version.pk],
            contacts=self._contacts(version),
            facts=self._facts(version, {agreement for agreement, _ in others} - {version.agreement_id}),
            rule_set=self.standing.settings,
            menders=tuple(self._mender(version, party) for party in self.parties[version.pk]),
            lines=tuple(party_text(self.parties[version.pk])),
            files=tuple(self.files[version.pk]),
            has_successor=self._has_successor(version),
            is_lapsed=version.pk in self.lapsed,
            under_notice=version.notice_until is not None,
            leaving=() if version.notice_until else tuple(self._leaving(version)),
        )
        pk = version.pk
        return Evidence(version, case, self.flags[pk], self.verdicts.get(pk), self.unread[pk])

    def _has_successor(self, version: Version) -> bool:
        """Whether every municipality has something else in work or in force: of a joint agreement, each by itself."""
        kommuner = [party.organisation for party in self.parties[version.pk] if party.side == "municipality"]
        return all(any(other != version.pk for _, other in self.others[kommun]) for kommun in kommuner)

    def _leaving(self, version: Version) -> Iterator[Leaving]:
        for notice in self.notices[version.pk]:
            others = any(other != version.pk for _, other in self.others[notice.organisation])
            yield Leaving(notice.organisation, notice.name, notice.last_day, others)

    def _contacts(self, version: Version) -> tuple[CheckedContact, ...]:
        """Each contact point once, with the levels it stands at."""
        levels: defaultdict[int, list[str]] = defaultdict(list)
        chosen = {row.contact_point: row for row in self.contacts[version.pk]}
        for row in self.contacts[version.pk]:
            levels[row.contact_point].append(row.level)
        return tuple(self.points[pk].at(row, tuple(levels[pk])) for pk, row in chosen.items())

    def _facts(self, version: Version, other_agreements: set[int]) -> Facts:
        template = self.templates[version.template_id]
        return Facts(
            on=self.standing.on,
            parties=tuple(party_facts(row) for row in self.parties[version.pk]),
            contacts=(),
            content=self.contents[version.pk],
            start=version.period_start,
            end=version.last_day,
            revision=version.revision_date,
            template=template.number,
            current_template=self.standing.template,
            locked_text_unchanged=not template.locked_hash or version.locked_hash in ("", template.locked_hash),
            identity_numbers=0,
            other_agreements=len(other_agreements),
            latest_follow_up=self.followed_up.get(version.agreement_id),
        )

    def _mender(self, version: Version, party: PartyRow) -> Mender:
        own = (row.contact_point for row in self.contacts[version.pk] if row.organisation == party.organisation)
        _, reserve = self.reserves.get(party.organisation, ("", None))
        return mender_of(party, (self.points[pk] for pk in own), reserve)
