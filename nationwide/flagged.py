"""The country's flags as a list: which rules, where, how old, and which function can mend them."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from agreements.findings import covered
from agreements.models import Flag, Party
from agreements.models.agreement import LIVING, reference_of
from agreements.states import WORKING, State
from contacts.rules import without_names
from municipalities.models import Organisation

RULE_LABELS: Final = {
    "person_bound_contact": "Personbunden kontaktyta",
    "personal_email_in_text": "Personlig adress i texten",
    "mixed_contact": "Blandad kontaktyta",
    "name_in_text": "Namn i texten",
    "mobile_in_text": "Mobilnummer i texten",
    "unreachable_contact": "Onåbar kontaktyta",
    "mail_bounced": "Brev kom tillbaka",
    "no_deputy": "Ersättare saknas",
    "vacant_function": "Funktionen är vakant",
    "not_confirmed": "Inte bekräftad",
    "foreign_domain": "Adress i annan domän",
    "identity_number_in_text": "Personnummer i texten",
    "expiring": "Går snart ut",
    "expired": "Har gått ut",
    "follow_up_overdue": "Uppföljning försenad",
    "template_behind": "Äldre mall",
    "locked_text_deviates": "Låst text avviker",
}
PERSON_BOUND: Final = ("person_bound_contact", "personal_email_in_text")
MIXED: Final = ("mixed_contact", "name_in_text", "mobile_in_text")
DEAD: Final = ("unreachable_contact", "mail_bounced", "vacant_function")
GROUPS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "personbundet": ("Personbundet", PERSON_BOUND),
    "blandat": ("Blandat", MIXED),
    "utgar": ("Går ut eller har gått ut", ("expiring", "expired")),
    "onabart": ("Onåbart eller vakant", DEAD),
    "alla": ("Alla utom lägsta nivån", tuple(RULE_LABELS)),
}
AGES: Final = {
    "14": "Mer än två veckor",
    "28": "Mer än fyra veckor",
    "91": "Mer än tre månader",
    "365": "Mer än ett år",
}
NOBODY: Final = "ingen"


class Asked(NamedTuple):
    """What the list is filtered by, as in the address."""

    grupp: str = "personbundet"
    lan: str = ""
    alder: str = ""
    funktion: str = ""
    skede: str = "gallande"


@dataclass(frozen=True)
class Line:
    """A flag as the list shows it."""

    municipalities: str
    county: str
    reference: str
    version: int
    rule: str
    is_serious: bool
    reason: str
    mend: str
    function: str
    organisation: str
    since: datetime.date
    days: int


def flags(asked: Asked, on: datetime.date) -> QuerySet[Flag]:
    """The pressing flags that meet the filters, oldest first."""
    rows = Flag.objects.pressing(on).filter(rule__in=GROUPS[asked.grupp][1])
    states = {State.IN_FORCE} if asked.skede == "gallande" else WORKING if asked.skede == "arbete" else LIVING
    ended_alone = Q(rule="expired") if asked.skede != "arbete" else Q(pk=None)
    rows = rows.filter(Q(version__state__in=states) | ended_alone)
    if asked.lan:
        places = Party.objects.filter(version=OuterRef("version"), organisation__municipality__county=asked.lan)
        rows = rows.filter(Exists(places))
    if asked.alder:
        rows = rows.filter(opened_at__date__lt=on - datetime.timedelta(days=int(asked.alder)))
    if asked.funktion == NOBODY:
        rows = rows.filter(mender__isnull=True)
    elif asked.funktion:
        rows = rows.filter(mender__function=int(asked.funktion))
    return rows.order_by("opened_at", "pk")


class Stored(NamedTuple):
    """A flag as it is read; COLUMNS in the same order."""

    version: int
    agreement: int
    created_at: datetime.datetime
    rule: str
    subject: str
    named: list[str] | None
    severity: str
    reason: str
    mend: str
    opened_at: datetime.datetime
    organisation: str | None
    function: str


COLUMNS: Final = (
    "version_id",
    "version__agreement_id",
    "version__agreement__created_at",
    "rule",
    "subject",
    "details__named",
    "severity",
    "reason",
    "mend",
    "opened_at",
    "organisation__name",
    "called",
)
PORTION: Final = 500


def as_lines(found: QuerySet[Flag], on: datetime.date, *, names: bool) -> Iterator[Line]:
    """The flags as lines, a portion at a time: two queries a portion, however long the list."""
    called = Coalesce(NullIf("mender__function_text", Value("")), F("mender__function__name"), Value(""))
    rows = map(Stored._make, found.annotate(called=called).values_list(*COLUMNS).iterator(chunk_size=PORTION))
    while portion := list(islice(rows, PORTION)):
        places = _places({row.version for row in portion})
        yield from (_line(row, *places.get(row.version, ("", "")), on, names=names) for row in portion)


def _line(row: Stored, municipalities: str, county: str, on: datetime.date, *, names: bool) -> Line:
    def shown(text: str) -> str:
        return text if names else covered(text, row.subject, row.named or ())

    since = timezone.localdate(row.opened_at)
    return Line(
        municipalities=municipalities,
        county=county,
        reference=reference_of(row.created_at, row.agreement),
        version=row.version,
        rule=RULE_LABELS[row.rule],
        is_serious=row.severity == Flag.Severity.SERIOUS,
        reason=shown(row.reason),
        mend=shown(row.mend),
        function=row.function if names else without_names(row.function),
        organisation=row.organisation or "",
        since=since,
        days=(on - since).days,
    )


def _places(versions: Iterable[int]) -> Mapping[int, tuple[str, str]]:
    """For each version its municipalities and their counties, as text."""
    names: defaultdict[int, list[str]] = defaultdict(list)
    counties: defaultdict[int, list[str]] = defaultdict(list)
    rows = Party.objects.filter(version__in=versions, side=Organisation.Side.MUNICIPALITY).order_by("position", "pk")
    columns = ("version_id", "organisation__short_name", "organisation__municipality__county__name")
    for version, name, county in rows.values_list(*columns):
        names[version].append(name)
        if county not in counties[version]:
            counties[version].append(county)
    return {version: (", ".join(names[version]), ", ".join(counties[version])) for version in names}
