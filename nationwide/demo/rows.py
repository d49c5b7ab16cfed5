"""The invented agreements as rows, frozen by the same code that freezes real ones."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from psycopg.types.range import Range

from agreements.actions.writing import title_between
from agreements.content import tidy
from agreements.document import locked_hash_of, text_hash
from agreements.gather import Whole
from agreements.models import (
    Agreement,
    AgreementContact,
    Notice,
    Party,
    Section,
    Signature,
    TemplateSection,
    TemplateVersion,
    Version,
)
from agreements.states import FROZEN, State
from contacts.models import Level
from municipalities.models import Municipality, Organisation
from nationwide.demo.accounts import Actor, Staff
from nationwide.demo.bulk import copy_rows
from nationwide.demo.course import Flaw, Unit
from nationwide.demo.people import Person, chance, invent
from nationwide.demo.points import Kept, Registers
from nationwide.demo.register import AF_CHOSEN, AF_DEAD, CHOSEN
from nationwide.demo.timeline import VersionPlan, days, weekday
from nationwide.demo.writing import RENEGOTIATED, SECTIONS, Content, Setting, write

SIGNING_FUNCTIONS = {
    Organisation.Side.MUNICIPALITY: ("Nämndens ordförande", "Förvaltningschef arbetsmarknad", "Kommundirektör"),
    Organisation.Side.AF: ("Regionchef", "Enhetschef"),
}
NOTICE_MONTHS = (3, 6, 6, 12)
LEVELS = {level: place for place, level in enumerate(Level.values)}


@dataclass(frozen=True)
class Ground:
    """What the agreements are built from."""

    municipalities: Mapping[str, Municipality]
    registers: Registers
    staff: Mapping[int, Staff]
    templates: Sequence[TemplateVersion]
    """The published versions, the newest first."""
    sections: Mapping[int, list[TemplateSection]]
    """Of each template, by its number."""
    seed: int
    new_in_template: Mapping[int, Mapping[str, Content]] = field(default_factory=dict)
    """What is written in the fields that are new in a version of the template."""

    def template_at(self, begun: datetime.date) -> TemplateVersion:
        """The newest version that new agreements were made from on the day."""
        return next(template for template in self.templates if template.valid_from and template.valid_from <= begun)


@dataclass
class Built:
    """One version with everything that belongs to it."""

    plan: VersionPlan
    unit: Unit
    version: Version
    parties: list[Party]
    sections: list[Section]
    contacts: list[AgreementContact]
    kept: list[Kept]
    """The register's rows behind `contacts`, in the same order."""
    proposer: Actor
    reviewer: Actor
    signatories: list[Actor]
    signatures: list[Signature] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    @property
    def began_before_change(self) -> bool:
        """Whether a contact point it rests on was another when it was begun."""
        return self.unit.changed is not None and self.plan.steps.created < self.unit.changed


def build_unit(unit: Unit, ground: Ground) -> Iterator[Built]:
    """Every version of a unit's story, oldest first; what is amended carries the rest over."""
    rng = chance("agreement", ground.seed, unit.seed)
    carried: dict[str, Content] = {}
    agreement, number = Agreement(), 0
    for plan in unit.versions:
        if plan.new_agreement or not number:
            agreement, number, carried = Agreement(created_at=plan.steps.created), 0, {}
        number += 1
        contents = write_contents(rng, unit, plan, ground, carried)
        carried = contents
        yield build_version(rng, unit, plan, ground, Version(agreement=agreement, number=number), contents)


def write_contents(
    rng: Random, unit: Unit, plan: VersionPlan, ground: Ground, carried: Mapping[str, Content]
) -> dict[str, Content]:
    """All sections anew the first time, the renegotiated ones after that; a draft lacks some."""
    place = ground.municipalities[unit.codes[0]]
    person = invent(chance("written person", ground.seed, unit.seed))
    setting = Setting(
        place=" och ".join(ground.municipalities[code].organisation.short_name for code in unit.codes),
        county=place.county.name,
        population=place.population,
        functions=function_names(unit, ground),
        start=plan.start,
        person=person if unit.flaw in (Flaw.NAME_IN_TEXT, Flaw.ADDRESS_IN_TEXT) else None,
        address=own_address(unit, place, person),
    )
    keys = [key for key in SECTIONS if key in RENEGOTIATED or not carried]
    contents = {**carried, **write(rng, setting, keys)}
    if plan.state == State.DRAFT:
        for key in rng.sample(sorted(SECTIONS), rng.randint(2, 9)):
            contents.pop(key, None)
    return contents


def own_address(unit: Unit, place: Municipality, person: Person) -> str:
    return person.address(place.organisation.mail_domain) if unit.flaw is Flaw.ADDRESS_IN_TEXT else ""


def function_names(unit: Unit, ground: Ground) -> dict[str, list[str]]:
    """The functions the text speaks of: catalogue names only, so that the text itself is free from persons."""
    first = ground.municipalities[unit.codes[0]]
    ours = ground.registers.kept[first.organisation_id]
    theirs = ground.registers.kept[first.county.af_region_id]
    county = first.county.name
    return {
        "municipality": [ours[slot].row.function.name for slot in CHOSEN[:4]],
        "af": [theirs[f"{slot}:{county}"].row.function.name for slot in AF_CHOSEN],
    }


def build_version(
    rng: Random, unit: Unit, plan: VersionPlan, ground: Ground, version: Version, contents: Mapping[str, Content]
) -> Built:
    places = [ground.municipalities[code] for code in unit.codes]
    region = places[0].county.af_region
    template = ground.template_at(plan.steps.created.date())
    contents = with_new_fields(contents, ground.new_in_template.get(template.number, {}))
    describe(version, plan, template, [place.organisation for place in places], region, rng)
    parties = [make_party(rng, version, position, o) for position, o in enumerate([p.organisation for p in places])]
    parties.append(make_party(rng, version, len(places), region, county=places[0].county.name))
    bind(parties, plan)
    chosen = choose(unit, parties, ground, places[0].county.name, filled=len(contents) == len(SECTIONS))
    ours, theirs = ground.staff[places[0].organisation_id], ground.staff[region.pk]
    proposer, reviewer = (theirs, ours) if version.proposed_by_side == Organisation.Side.AF else (ours, theirs)
    return Built(
        plan=plan,
        unit=unit,
        version=version,
        parties=parties,
        sections=make_sections(version, ground.sections[template.number], contents, plan, proposer.coordinator),
        contacts=[
            AgreementContact(version=version, party=party, contact_point=kept.row, level=kept.row.level, position=n)
            for n, (party, kept) in enumerate(chosen)
        ],
        kept=[kept for _party, kept in chosen],
        proposer=proposer.coordinator,
        reviewer=reviewer.coordinator,
        signatories=[ground.staff[party.organisation_id].signatory for party in parties],
    )


def with_new_fields(contents: Mapping[str, Content], new: Mapping[str, Content]) -> dict[str, Content]:
    """What is written in a section, with what a newer template asks for there."""
    return {key: {**content, **new.get(key, {})} for key, content in contents.items()}


def describe(
    version: Version,
    plan: VersionPlan,
    template: TemplateVersion,
    municipalities: list[Organisation],
    region: Organisation,
    rng: Random,
) -> None:
    """The version's own facts."""
    steps = plan.steps
    version.template = template
    version.title = title_between(municipalities, region)
    version.state = plan.state
    version.state_since = (
        plan.ended
        or plan.discarded
        or max(filter(None, (steps.created, steps.proposed, steps.accepted, *steps.signed)))
    )
    if steps.proposed:
        ours = Organisation.Side.MUNICIPALITY
        version.proposed_by_side = rng.choice((ours, ours, Organisation.Side.AF)) if steps.accepted else ours
    version.created_at = steps.created
    version.period_start, version.period_end, version.revision_date = plan.start, plan.end, plan.revision
    version.notice_months = rng.choice(NOTICE_MONTHS)
    version.signed_at = steps.signed[-1] if plan.bound else None
    version.ended_as, version.discarded_at = plan.ended_as, plan.discarded


def make_party(rng: Random, version: Version, position: int, organisation: Organisation, *, county: str = "") -> Party:
    side = Organisation.Side(organisation.side)
    year, number = version.created_at.year, rng.randint(20, 990)
    af = side == Organisation.Side.AF
    board = rng.choice(("Arbetsmarknadsnämnden", "Kommunstyrelsen"))
    return Party(
        version=version,
        organisation=organisation,
        side=side,
        position=position,
        name=organisation.name,
        unit=f"Enheten för lokal samverkan, {county}" if af else board,
        org_number=organisation.org_number,
        case_number=f"Af-{year}/{number * 13:07d}" if af else f"AMN {year}/{number:04d}",
        signing_function=rng.choice(SIGNING_FUNCTIONS[side]),
    )


def bind(parties: Iterable[Party], plan: VersionPlan) -> None:
    if plan.bound:
        for party in parties:
            party.in_force = Range(*plan.bound)


def choose(unit: Unit, parties: list[Party], ground: Ground, county: str, *, filled: bool) -> list[tuple[Party, Kept]]:
    """The contact points the version rests on, by level and then party; a draft may still lack AF's."""
    kept = ground.registers.kept
    chosen = []
    for party in parties:
        slots = kept[party.organisation_id]
        if party.side == Organisation.Side.MUNICIPALITY:
            chosen += [(party, slots[slot]) for slot in CHOSEN]
        elif unit.flaw is Flaw.DEAD:
            chosen += [(party, slots[slot]) for slot in AF_DEAD]
        elif filled:
            chosen += [(party, slots[f"{slot}:{county}"]) for slot in AF_CHOSEN]
            chosen.append((party, slots["protection_af"]))
    return sorted(chosen, key=lambda pair: (LEVELS[pair[1].row.level], pair[0].position))


def make_sections(
    version: Version,
    template_sections: Iterable[TemplateSection],
    contents: Mapping[str, Content],
    plan: VersionPlan,
    writer: Actor,
) -> list[Section]:
    """One row per section of the template, its content through the same gate as an editor's."""
    changed = plan.steps.created + days(2) if plan.steps.proposed is None else plan.steps.proposed
    rows = []
    for ts in template_sections:
        content = tidy(ts.fields, contents[ts.key]) if contents.get(ts.key) else {}
        touched = {"revision": 1, "changed_at": changed, "changed_by": writer.user.name} if content else {}
        rows.append(Section(version=version, template_section=ts, key=ts.key, content=content, **touched))
    return rows


def whole_of(built: Built, *, as_begun: bool = False) -> Whole:
    """The version with all its parts in hand, nothing read; or with the contact points as they were when it began."""
    whole = Whole(built.version)
    vars(whole).update(
        parties=built.parties,
        template_sections=[section.template_section for section in built.sections],
        sections={section.key: section for section in built.sections},
        contacts=contacts_as_begun(built) if as_begun else built.contacts,
        attachments=[],
    )
    return whole


def contacts_as_begun(built: Built) -> list[AgreementContact]:
    return [
        AgreementContact(
            version=row.version, party=row.party, contact_point=kept.before or row.contact_point, level=row.level
        )
        for row, kept in zip(built.contacts, built.kept, strict=True)
    ]


def freeze(built: Built) -> None:
    """Freeze the text and put the signatures under it. The agreement must have its number by now."""
    if built.plan.state not in FROZEN:
        return
    version = built.version
    version.frozen = whole_of(built, as_begun=built.began_before_change).document
    version.text_hash = text_hash(version.frozen)
    version.locked_hash = locked_hash_of(version.frozen)
    built.signatures = list(sign(built))
    for party in built.parties:
        party.called_at = version.state_since if built.plan.state in (State.ACCEPTED, State.SIGNING) else None


def sign(built: Built) -> Iterator[Signature]:
    rng = chance("signatures", built.unit.seed, built.version.number)
    for party, actor, moment in zip(built.parties, built.signatories, built.plan.steps.signed, strict=False):
        day = weekday(moment.date() - days(rng.randint(0, 6)))
        board = rng.random() < 0.4 and party.side == Organisation.Side.MUNICIPALITY
        yield Signature(
            version=built.version,
            party=party,
            user=actor.user,
            name=actor.user.name,
            function=party.signing_function,
            decision=Signature.Decision.BOARD if board else Signature.Decision.DELEGATION,
            decision_reference=f"{party.case_number}, § {rng.randint(4, 140)}" if board else party.case_number,
            decision_date=day,
            text_hash=built.version.text_hash,
            opened_at=moment - datetime.timedelta(minutes=14),
            proof_method="password",
            proof_level="password",
            proof_at=moment - datetime.timedelta(minutes=2),
            evidence={"login": actor.user.email},
            signed_at=moment,
        )


def write_agreements(all_built: list[Built]) -> None:
    """Every row of the agreements. Numbers are given in the order the agreements were begun."""
    all_built.sort(key=lambda built: (built.plan.steps.created, built.unit.codes))
    copy_rows([built.version.agreement for built in all_built if built.version.number == 1])
    for built in all_built:
        freeze(built)
    copy_rows([built.version for built in all_built])
    copy_rows([row for built in all_built for row in built.parties])
    copy_rows([row for built in all_built for row in built.sections])
    copy_rows([row for built in all_built for row in built.contacts])
    copy_rows([row for built in all_built for row in built.signatures])
    copy_rows([row for built in all_built for row in built.notices])
