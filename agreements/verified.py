"""What whoever verifies a copy is told. Open to everybody: functions and parties, and names by the setting alone."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from django.utils import timezone

from agreements.dates import spelled
from agreements.models import PrintedCopy, Seal, Version
from agreements.states import State
from agreements.verifying import Outcome, Verdict, version_of
from contacts.rules import without_names

HEADINGS: Final = {
    Verdict.VALID: "Exemplaret är äkta och oförändrat",
    Verdict.REPLACED: "Äkta, men ersatt av en senare version",
    Verdict.CHANGED: "Filen är ändrad",
    Verdict.UNKNOWN: "Filen är okänd",
    Verdict.ELSEWHERE: "Filen är undertecknad utanför portalen, och oförändrad",
}
TEXTS: Final = {
    Verdict.VALID: "Filen är byte för byte den som portalen skapade när överenskommelsen undertecknades.",
    Verdict.REPLACED: "Filen är byte för byte den som portalen skapade, men parterna har undertecknat en ny version.",
    Verdict.CHANGED: "Filen säger sig vara ett exemplar av överenskommelsen nedan, men är inte den fil som portalen "
    "skapade. Lita inte på innehållet. Be någon av parterna om arkivexemplaret.",
    Verdict.UNKNOWN: "Portalen har inte skapat filen, och ingenting i den visar vilken överenskommelse den gäller.",
    Verdict.ELSEWHERE: "Filen är byte för byte den som parterna undertecknade någon annanstans, lämnade in och "
    "bekräftade. Portalen har inte skapat den och säger inget om vad underskrifterna i den är värda rättsligt.",
}
ADDED_TO: Final = (
    "Början av filen är portalens exemplar, oförändrat. Något har lagts till efteråt, till exempel en anteckning eller "
    "en underskrift."
)
OF_PUBLIC_COPY: Final = (
    "Det här är det offentliga exemplaret: bemanningslistan är utelämnad och namn på personer i texten är täckta. "
    "Originalet är arkivexemplaret, som parterna har."
)
SEALED_ELSEWHERE: Final = (
    "Filen bär en hel försegling med ett certifikat som portalen litar på, men finns inte i registret."
)
CODE_HEADINGS: Final = {
    Verdict.VALID: "Koden hör till en undertecknad överenskommelse",
    Verdict.REPLACED: "Koden hör till en äldre version",
    Verdict.UNKNOWN: "Koden är okänd",
}
CODE_TEXTS: Final = {
    Verdict.VALID: "Jämför uppgifterna nedan med pappret. Koden visar vilken överenskommelse det ska vara. Om det är "
    "oförändrat visar bara filen: lämna PDF:en för kontroll.",
    Verdict.REPLACED: "Parterna har undertecknat en ny version efter den som koden hör till.",
    Verdict.UNKNOWN: "Ingen överenskommelse har den koden. Kontrollera att den är rätt avskriven.",
}
LATER: Final = "Ersatt av version {number}, undertecknad av alla parter {day}."


@dataclass(frozen=True)
class SignedBy:
    party: str
    function: str
    day: str
    name: str = ""


@dataclass(frozen=True)
class SealTold:
    holder: str
    issuer: str
    time: str
    vouched: bool
    until: str
    level: str
    renewed: bool
    is_demo: bool


@dataclass(frozen=True)
class AgreementTold:
    title: str
    reference: str
    version: int
    variant: str
    state: str
    period: str
    signed: str
    code: str
    text_hash: str
    public: str = ""
    later: str = ""
    signatures: list[SignedBy] = field(default_factory=list)
    seal: SealTold | None = None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Told:
    verdict: str
    heading: str
    text: str
    color: str
    note: str = ""
    sha256: str = ""
    agreement: AgreementTold | None = None


_COLOURS: Final = {
    Verdict.VALID: "success",
    Verdict.REPLACED: "warning",
    Verdict.CHANGED: "danger",
    Verdict.UNKNOWN: "info",
    Verdict.ELSEWHERE: "success",
}


def told(outcome: Outcome, *, names: bool, of_code: bool = False) -> Told:
    headings, texts = (CODE_HEADINGS, CODE_TEXTS) if of_code else (HEADINGS, TEXTS)
    verdict, copy = outcome.verdict, outcome.copy
    note = ADDED_TO if outcome.added_to else ""
    if outcome.inspection and outcome.inspection.is_sealed:
        note = SEALED_ELSEWHERE
    agreement = _agreement(copy, outcome.seal, outcome.later, names=names) if copy else None
    return Told(str(verdict), headings[verdict], texts[verdict], _COLOURS[verdict], note, outcome.sha256, agreement)


def _agreement(copy: PrintedCopy, seal: Seal | None, later: Version | None, *, names: bool) -> AgreementTold:
    """Told from the document that was printed, and not from rows that may have changed since."""
    document = copy.document
    text, signed = document["text"], [row["signed_at"] for row in document["signatures"]]
    cover = str if names else without_names
    return AgreementTold(
        title=cover(text["title"]),
        reference=text["reference"],
        version=text["version"],
        variant=copy.get_variant_display(),
        state=State(version_of(copy).state).label,
        period=_period(text["period"]),
        signed=_day(max(signed)) if signed else "",
        code=copy.code,
        text_hash=document["text_hash"],
        public=OF_PUBLIC_COPY if copy.variant == PrintedCopy.Variant.PUBLIC else "",
        later=LATER.format(number=later.number, day=_moment(later.signed_at)) if later and later.signed_at else "",
        signatures=[_signed_by(row, names=names) for row in document["signatures"]],
        seal=_seal(seal) if seal else None,
    )


def _signed_by(row: dict[str, str], *, names: bool) -> SignedBy:
    function = row["function"] if names else without_names(row["function"])
    return SignedBy(row["party"], function, _day(row["signed_at"]), row["name"] if names else "")


def _seal(seal: Seal) -> SealTold:
    return SealTold(
        holder=seal.certificate,
        issuer=seal.certificate_issuer,
        time=f"{_moment(seal.sealed_at)} kl. {timezone.localtime(seal.sealed_at):%H.%M}",
        vouched=seal.timestamped,
        until=_moment(seal.certificate_until),
        level=f"PAdES {seal.level}",
        renewed=seal.kind == Seal.Kind.RENEWAL,
        is_demo="DEMO" in seal.certificate,
    )


def _day(iso: str) -> str:
    return spelled(datetime.date.fromisoformat(iso[:10]))


def _moment(moment: datetime.datetime) -> str:
    return spelled(timezone.localtime(moment).date())


def _period(period: dict[str, Any]) -> str:
    start = _day(period["start"]) if period["start"] else "ej angivet"
    return f"från {start} till {_day(period['end'])}" if period["end"] else f"från {start}, tills vidare"
