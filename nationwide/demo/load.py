"""Builds the demonstration: invented agreements of 290 real municipalities, from 2022 until today."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

from agreements.actions.indexing import index_all
from agreements.actions.printing import order_copies
from agreements.models import RuleSet, TemplateVersion
from agreements.states import State
from contacts.models import Event, Function
from municipalities.actions import note_change
from municipalities.models import Municipality, Organisation
from nationwide.demo.accounts import Staff, make_logins, make_staff
from nationwide.demo.attachments import attach_some
from nationwide.demo.bulk import copy_rows
from nationwide.demo.course import ARE, OSTERSUND, Flaw, Unit, plan
from nationwide.demo.follow_ups import follow_ups
from nationwide.demo.history import of_point, of_version, write_history
from nationwide.demo.judging import Judge, surroundings
from nationwide.demo.notices import give_notice, of_notices
from nationwide.demo.people import chance
from nationwide.demo.points import Registers
from nationwide.demo.progress import action_progress, measured_values, meetings_to_come
from nationwide.demo.register import Home, municipal_points, region_points, skr_points
from nationwide.demo.rows import Built, Ground, build_unit, write_agreements
from nationwide.demo.rule_sets import draft_rule_set
from nationwide.demo.talk import talk
from nationwide.demo.templates import SECOND, WRITTEN, ask_of_upgraded, draft_template, second_template
from nationwide.demo.timeline import TEMPLATE_DAY, Moment, days, moment

REGISTERED = moment(TEMPLATE_DAY - days(20), 9)
"""When the registers of contact points were laid up."""

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Loaded:
    """How much was invented, before it was multiplied."""

    agreements: int
    versions: int
    contact_points: int
    flags: int
    events: int


def load(*, seed: int, now: Moment, tell: Tell) -> Loaded:
    """Everything of scale 1, inside the caller's transaction. The same seed and day give the same."""
    today = now.date()
    places = list(Municipality.objects.select_related("organisation", "county__af_region").order_by("code"))
    units = plan([place.code for place in places], seed=seed, today=today)
    tell("accounts")
    make_logins()
    regions = list({place.county.af_region_id: place.county.af_region for place in places}.values())
    staff = make_staff([*(place.organisation for place in places), *regions], seed=seed)
    tell("contact points")
    registers = make_registers(places, regions, units, seed=seed, today=today)
    tell("agreements")
    second = second_template(today)
    built = make_agreements(places, units, registers, staff, seed=seed, today=today)
    tell("checks")
    followed_up = list(follow_ups(built, seed=seed, today=today))
    copy_rows([*followed_up, *meetings_to_come(built, seed=seed, today=today)])
    copy_rows(list(measured_values(built, seed=seed, today=today)))
    copy_rows(list(action_progress(built, seed=seed, today=today)))
    judge = Judge(surroundings(built, registers, followed_up, RuleSet.objects.earliest("number"), second, now))
    for one in built:
        judge.judge(one)
    judged = judge.write()
    draft_rule_set()
    draft_template()
    ask_of_upgraded(built)
    tell("history")
    events = write_history(
        chain(judged, talk(built), attach_some(built), histories(built, units, places, registers, staff))
    )
    order_some_copies(built)
    tell("search")
    index_all()
    note_change("Demodata inläst")
    return Loaded(
        agreements=len({one.version.agreement_id for one in built}),
        versions=len(built),
        contact_points=sum(map(len, registers.kept.values())),
        flags=len(judge.flags),
        events=events,
    )


def order_some_copies(built: list[Built]) -> None:
    """PDF copies of the two latest agreements, of Åre's and of a joint one; others are ordered when asked for."""
    in_force = [one for one in built if one.plan.state == State.IN_FORCE]
    joint = [one for one in in_force if len(one.unit.codes) > 1]
    outsider = [one for one in in_force if ARE in one.unit.codes]
    latest = sorted(in_force, key=lambda one: one.plan.steps.last)[-2:]
    for one in {id(one): one for one in (*joint[:1], *outsider, *latest)}.values():
        order_copies(one.version)


def make_registers(
    places: list[Municipality], regions: list[Organisation], units: list[Unit], *, seed: int, today: datetime.date
) -> Registers:
    """The contact points of every municipality and region."""
    flaws = {code: unit.flaw for unit in units for code in unit.codes[:1]}
    registers = Registers(today, {function.key: function for function in Function.objects.all()}, seed)
    for place in places:
        organisation = place.organisation
        home = Home(
            name=organisation.name,
            domain=organisation.mail_domain,
            county=place.county_id,
            population=place.population,
            stays_whole=place.code == OSTERSUND,
        )
        flaw = flaws.get(place.code, Flaw.NONE)
        points = municipal_points(chance("points", seed, place.code), home, flaw)
        registers.add(organisation, points, since=REGISTERED)
    for region in regions:
        counties = sorted({place.county.name for place in places if place.county.af_region_id == region.pk})
        home = Home(name=region.short_name, domain=region.mail_domain, county="")
        points = list(region_points(chance("points", seed, region.name), home, counties))
        registers.add(region, points, since=REGISTERED)
    skr = Organisation.objects.get(kind=Organisation.Kind.SKR)
    registers.add(skr, skr_points(Home(name=skr.name, domain=skr.mail_domain or "skr.se", county="")), since=REGISTERED)
    registers.write()
    return registers


def make_agreements(
    places: list[Municipality],
    units: list[Unit],
    registers: Registers,
    staff: dict[int, Staff],
    *,
    seed: int,
    today: datetime.date,
) -> list[Built]:
    templates = list(TemplateVersion.objects.published().order_by("-number"))
    ground = Ground(
        municipalities={place.code: place for place in places},
        registers=registers,
        staff=staff,
        templates=templates,
        sections={template.number: list(template.sections.all()) for template in templates},
        seed=seed,
        new_in_template={SECOND: WRITTEN},
    )
    built = [one for unit in units for one in build_unit(unit, ground)]
    for one in built:
        give_notice(one, today)
    write_agreements(built)
    return built


def histories(
    built: list[Built], units: list[Unit], places: list[Municipality], registers: Registers, staff: dict[int, Staff]
) -> Iterator[Event]:
    organisation_of = {place.code: place.organisation_id for place in places}
    changed = {organisation_of[unit.codes[0]]: unit.changed for unit in units}
    for one in built:
        yield from of_version(one)
        yield from of_notices(one)
    ours = ((organisation, slots) for organisation, slots in registers.kept.items() if organisation in staff)
    for organisation, slots in ours:
        for kept in slots.values():
            yield from of_point(kept, staff[organisation], changed.get(organisation))
