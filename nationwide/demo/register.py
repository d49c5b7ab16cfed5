"""The invented contact points of municipalities and of AF's regions, as plain data. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from nationwide.demo.course import Flaw
from nationwide.demo.people import Person, invent, mailbox

SWITCHBOARDS = {"01": "08-465 004 {:02d}", "14": "031-390 06 {:02d}", "12": "040-628 04 {:02d}"}
"""Numbers set aside for fiction, by county; the rest have the one that follows."""
OTHER_SWITCHBOARD = "0980-319 2{:02d}"
MOBILE = "070-174 06 {:02d}"


@dataclass(frozen=True)
class Point:
    """A contact point to be made. `deputy` is the slot of another of the same organisation."""

    slot: str
    function: str
    """Key in the catalogue of functions."""
    level: str
    unit: str
    mailbox: str = ""
    phone: str = ""
    sdk_address: str = ""
    postal_address: str = ""
    function_text: str = ""
    deputy: str = ""
    holder: Person | None = None
    holder_mailbox: str = ""
    holder_phone: str = ""
    bounced: bool = False
    ended: bool = False
    before: Point | None = None
    """How it was when the agreement was signed, when it has changed since."""


@dataclass(frozen=True)
class Home:
    """The organisation that the points belong to."""

    name: str
    domain: str
    county: str
    population: int = 0
    stays_whole: bool = False
    """Nothing is left to chance here: the municipality that the journey is walked in."""


MUNICIPAL: tuple[tuple[str, str, str, str, str, str], ...] = (
    # slot, function, level, unit, mailbox, deputy
    ("chair", "board-chair", "strategic", "Arbetsmarknadsnämnden", "namnden", ""),
    (
        "head",
        "labour-market-administration-head",
        "strategic",
        "Arbetsmarknadsförvaltningen",
        "arbetsmarknad",
        "manager",
    ),
    ("manager", "labour-market-manager", "tactical", "Arbetsmarknadsavdelningen", "arbetsmarknad", "unit"),
    ("unit", "labour-market-unit-head", "tactical", "Arbetsmarknadsenheten", "arbetsmarknadsenheten", ""),
    (
        "support_unit",
        "income-support-unit-head",
        "tactical",
        "Enheten för försörjningsstöd",
        "forsorjningsstod",
        "unit",
    ),
    ("coach", "job-coach", "operative", "Arbetsmarknadsenheten", "jobbcoach", "officer"),
    ("officer", "income-support-officer", "operative", "Enheten för försörjningsstöd", "forsorjningsstod", "coach"),
    ("tracks", "municipality-job-track-coordinator", "operative", "Arbetsmarknadsenheten", "jobbspar", "coach"),
    ("registrar", "municipality-registrar", "support", "Kansliet", "registrator", ""),
    ("protection", "municipality-data-protection-officer", "support", "Kansliet", "dataskyddsombud", ""),
    ("switchboard", "switchboard", "support", "Kontaktcenter", "kontaktcenter", ""),
)
LARGE_ONLY = frozenset({"unit", "tracks"})
SMALL = 15_000
CHOSEN = ("head", "manager", "coach", "officer", "registrar", "protection")
"""The slots an agreement rests on."""
DEPUTISED, WITHOUT_DEPUTY = ("head", "coach", "officer"), 0.34
"""The slots that should have a deputy, and how many municipalities lack one of them."""
NO_HOLDER = frozenset({"registrar", "switchboard", "registrar_af", "helpline"})

AF_REGION: tuple[tuple[str, str, str, str, str], ...] = (
    ("chief", "af-region-manager", "strategic", "Regionledningen", "region"),
    ("registrar_af", "af-registrar", "support", "Registraturen", "registrator"),
    ("protection_af", "af-data-protection-officer", "support", "Rättsavdelningen", "dataskyddsombud"),
    ("closed", "af-unit-head", "strategic", "Enheten som lades ned", ""),
    ("closed_operative", "af-local-cooperation-officer", "operative", "Enheten som lades ned", ""),
)
AF_COUNTY: tuple[tuple[str, str, str, str, str], ...] = (
    ("head", "af-unit-head", "strategic", "samverkan", "cooperation"),
    ("cooperation", "af-cooperation-manager", "tactical", "samverkan", ""),
    ("officer", "af-local-cooperation-officer", "operative", "lokal.samverkan", "tracks"),
    ("tracks", "af-job-track-coordinator", "operative", "jobbspar", "officer"),
    ("helpline", "af-municipality-helpline", "operative", "kommuntelefon", ""),
)
AF_CHOSEN = ("head", "cooperation", "officer", "tracks")
AF_DEAD = ("closed", "closed_operative")


def municipal_points(rng: Random, home: Home, flaw: Flaw) -> list[Point]:
    """A municipality's register, with what is wrong in it."""
    number = SWITCHBOARDS.get(home.county, OTHER_SWITCHBOARD).format(rng.randrange(100))
    points = {
        slot: Point(
            slot=slot,
            function=function,
            level=level,
            unit=unit,
            mailbox=f"{box}@{home.domain}",
            phone=number,
            deputy=deputy,
        )
        for slot, function, level, unit, box, deputy in MUNICIPAL
        if home.population > SMALL or slot not in LARGE_ONLY
    }
    points["switchboard"] = replace(points["switchboard"], postal_address=f"{home.name}, Kommunhuset")
    points["officer"] = replace(points["officer"], sdk_address=f"0203:{mailbox(home.name)}.ekonomisktbistand")
    held = {slot: _held(rng, point, home) for slot, point in points.items()}
    for slot in _flawed_slots(rng, flaw):
        held[slot] = spoil(rng, held[slot], flaw, home)
    without = rng.choice(DEPUTISED) if rng.random() < WITHOUT_DEPUTY and not home.stays_whole else ""
    return [_with_known_deputy(point, held, without) for point in held.values()]


def _held(rng: Random, point: Point, home: Home) -> Point:
    """Somebody holds the function today; a few are vacant."""
    if point.slot in NO_HOLDER or (rng.random() < 0.08 and not home.stays_whole):
        return point
    person = invent(rng)
    phone = MOBILE.format(rng.randrange(5, 100)) if rng.random() < 0.5 else ""
    return replace(point, holder=person, holder_mailbox=person.address(home.domain), holder_phone=phone)


def _flawed_slots(rng: Random, flaw: Flaw) -> Sequence[str]:
    if flaw is Flaw.DEAD:
        return CHOSEN
    in_contacts = {
        Flaw.MENDED,
        Flaw.PERSONAL_MAILBOX,
        Flaw.MOBILE_ONLY,
        Flaw.NAME_IN_FUNCTION,
        Flaw.PERSON_INSTEAD,
        Flaw.BOUNCED,
        Flaw.NO_CHANNEL,
    }
    return (rng.choice(("coach", "officer", "manager")),) if flaw in in_contacts else ()


def spoil(rng: Random, point: Point, flaw: Flaw, home: Home) -> Point:
    """The point the way it should not be; a mended one remembers how it was."""
    person = point.holder or invent(rng)
    bare = replace(point, holder=person, phone="", mailbox="", sdk_address="", holder_mailbox="", holder_phone="")
    own = replace(bare, mailbox=person.address(home.domain), holder_mailbox=person.address(home.domain))
    spoilt = {
        Flaw.PERSONAL_MAILBOX: own,
        Flaw.MOBILE_ONLY: replace(bare, phone=MOBILE.format(rng.randrange(5, 100))),
        Flaw.NAME_IN_FUNCTION: replace(point, function_text=f"Samordnare {person.name}"),
        Flaw.PERSON_INSTEAD: replace(own, function_text=person.name),
        Flaw.BOUNCED: replace(point, bounced=True, before=point),
        Flaw.NO_CHANNEL: replace(bare, holder=None),
        Flaw.DEAD: replace(point, bounced=True, before=point),
        Flaw.MENDED: replace(point, holder=person, before=rng.choice((own, replace(own, function_text=person.name)))),
    }
    return spoilt[flaw]


def _with_known_deputy(point: Point, points: dict[str, Point], without: str) -> Point:
    """A deputy that the municipality has; `without` is a slot that nobody has thought of one for."""
    return point if point.deputy in points and point.slot != without else replace(point, deputy="")


def region_points(rng: Random, home: Home, counties: Sequence[str]) -> Iterator[Point]:
    """An AF region's register: its own points, and a set for each county it serves."""
    for slot, function, level, unit, box in AF_REGION:
        ended = slot in AF_DEAD
        address = f"{box}.{mailbox(home.name)}@{home.domain}" if box == "region" else f"{box}@{home.domain}"
        point = Point(slot, function, level, unit, mailbox="" if ended else address, ended=ended)
        yield point if ended else _held(rng, point, home)
    for county in counties:
        place = mailbox(county.removesuffix(" län").removesuffix("s"))
        for slot, function, level, box, deputy in AF_COUNTY:
            point = Point(
                slot=f"{slot}:{county}",
                function=function,
                level=level,
                unit=f"Enheten för lokal samverkan, {county}",
                mailbox=f"{box}.{place}@{home.domain}",
                phone=OTHER_SWITCHBOARD.format(rng.randrange(100)) if slot == "helpline" else "",
                deputy=f"{deputy}:{county}" if deputy else "",
            )
            yield _held(rng, point, home)


def skr_points(home: Home) -> Iterator[Point]:
    """SKR is no party, but is written to when nobody else mends what is wrong."""
    for slot, function, level, unit, box in (
        (
            "officer",
            "skr-labour-market-officer",
            "operative",
            "Avdelningen för utbildning och arbetsmarknad",
            "arbetsmarknad",
        ),
        ("template", "skr-template-manager", "support", "Avdelningen för utbildning och arbetsmarknad", "mallar"),
    ):
        yield Point(slot, function, level, unit, mailbox=f"{box}@{home.domain}", phone=SWITCHBOARDS["01"].format(0))
