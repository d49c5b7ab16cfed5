"""Is a contact point bound to a function or to a person? Verdict, reasons and the cheapest mend.

| verdict        | when                                                                                     |
|----------------|------------------------------------------------------------------------------------------|
| function_bound | a function, and a channel that survives a change of staff                                |
| mixed          | a function, but only channels that follow a person, or a name in the function's own text |
| person_bound   | no function: the person is all there is                                                  |
| unreachable    | no usable channel, or the last message bounced                                           |

Function mailbox, fixed telephone, SDK address and official postal address survive a change of staff. A personal
address, a mobile and a holder's own number do not. A function mailbox without any function or person stated names
its function itself, and counts as function-bound.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from . import channels
from .findings import Kind
from .text import find, is_bare_name


class Verdict(StrEnum):
    FUNCTION_BOUND = "function_bound"
    MIXED = "mixed"
    PERSON_BOUND = "person_bound"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Point:
    """A reason or a mend: a code for the program, a Swedish sentence for the reader."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """What is known of one contact point, as plain data."""

    function: str = ""
    in_catalogue: bool = False
    mailbox: str = ""
    phone: str = ""
    sdk_address: str = ""
    postal_address: str = ""
    holder_names: tuple[str, ...] = ()
    holder_emails: tuple[str, ...] = ()
    holder_phones: tuple[str, ...] = ()
    bounced: bool = False
    own_domain: str = ""


@dataclass(frozen=True, slots=True)
class Assessment:
    verdict: Verdict
    reasons: tuple[Point, ...]
    mend: Point | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """The verdict of several contact points together.

    `whole` is the worst of those that can be reached (unreachable only if none can); unreachable points are counted
    apart in `unreachable`, since a dead mailbox says nothing of whom the agreement is tied to.
    """

    whole: Verdict
    total: int
    function_bound: int
    mixed: int
    person_bound: int
    unreachable: int


@dataclass(slots=True)
class _Channels:
    """The channels sorted by what happens to them when somebody leaves."""

    lasting: list[Point] = field(default_factory=list)
    personal: list[Point] = field(default_factory=list)
    unusable: list[Point] = field(default_factory=list)


def assess(facts: ContactFacts) -> Assessment:
    """The verdict on one contact point, why, and what would mend it most cheaply."""
    found = _sort_channels(facts)
    function, named = _function_text(facts)
    verdict = _verdict(facts, found, function=bool(function), named=named)
    reasons = _reasons(facts, found, function=function, named=named)
    return Assessment(verdict, tuple(reasons), _mend(facts, verdict, found, function=function, named=named))


def summarise(verdicts: Iterable[Verdict]) -> Summary:
    """The verdict of a level, a party or a whole agreement."""
    counts = Counter(verdicts)
    order = (Verdict.PERSON_BOUND, Verdict.MIXED, Verdict.FUNCTION_BOUND)
    whole = next((verdict for verdict in order if counts[verdict]), Verdict.UNREACHABLE)
    return Summary(
        whole=whole,
        total=counts.total(),
        function_bound=counts[Verdict.FUNCTION_BOUND],
        mixed=counts[Verdict.MIXED],
        person_bound=counts[Verdict.PERSON_BOUND],
        unreachable=counts[Verdict.UNREACHABLE],
    )


def _sort_channels(facts: ContactFacts) -> _Channels:
    found = _Channels()
    _sort_mailbox(facts, found)
    _sort_phone(facts, found)
    _sort_addresses(facts, found)
    for address in facts.holder_emails:
        if channels.is_address(address.strip()):
            found.personal.append(Point("holder_email", f"{address.strip()} är innehavarens egen adress."))
    for number in facts.holder_phones:
        if channels.phone_kind(number).kind in (channels.FIXED, channels.MOBILE):
            found.personal.append(Point("holder_phone", f"{number.strip()} är innehavarens eget nummer."))
    return found


def _sort_mailbox(facts: ContactFacts, found: _Channels) -> None:
    mailbox = facts.mailbox.strip()
    if not mailbox:
        return
    kind = channels.email_kind(mailbox).kind
    own = mailbox.lower() in {address.strip().lower() for address in facts.holder_emails}
    if kind == channels.INVALID:
        found.unusable.append(Point("mailbox_invalid", f"{mailbox} är ingen giltig e-postadress."))
    elif kind == channels.NO_REPLY:
        found.unusable.append(Point("mailbox_no_reply", f"{mailbox} tar inte emot svar."))
    elif kind == channels.PERSONAL or own:
        found.personal.append(Point("mailbox_personal", f"{mailbox} är en persons egen adress."))
    else:
        found.lasting.append(Point("mailbox_function", f"{mailbox} är en funktionsbrevlåda."))


def _sort_phone(facts: ContactFacts, found: _Channels) -> None:
    phone = facts.phone.strip()
    if not phone:
        return
    kind = channels.phone_kind(phone).kind
    own = _digits(phone) in {_digits(number) for number in facts.holder_phones}
    if kind == channels.FIXED and not own:
        found.lasting.append(Point("phone_fixed", f"{phone} är ett fast nummer."))
    elif kind == channels.FIXED:
        found.personal.append(Point("phone_direct", f"{phone} är innehavarens eget nummer."))
    elif kind == channels.MOBILE:
        found.personal.append(Point("phone_mobile", f"{phone} är ett mobilnummer och följer den som har telefonen."))
    else:
        found.unusable.append(Point("phone_unusable", f"{phone} går inte att ringa utifrån."))


def _sort_addresses(facts: ContactFacts, found: _Channels) -> None:
    sdk = facts.sdk_address.strip()
    if sdk and channels.is_sdk_address(sdk):
        found.lasting.append(Point("sdk", "SDK-adressen hör till funktionen."))
    elif sdk:
        found.unusable.append(Point("sdk_invalid", f"{sdk} är ingen giltig SDK-adress."))
    if facts.postal_address.strip():
        found.lasting.append(Point("postal", "Postadressen hör till organisationen."))


def _digits(number: str) -> str:
    return re.sub(r"[^0-9]", "", number).removeprefix("0046").removeprefix("46").lstrip("0")


def _function_text(facts: ContactFacts) -> tuple[str, str]:
    """(the function without names, the name written into it)."""
    text = facts.function.strip()
    if facts.in_catalogue:
        return text, ""
    if is_bare_name(text):
        return "", text
    names = [finding for finding in find(text) if finding.kind == Kind.PERSON_NAME]
    rest = text
    for finding in reversed(names):
        rest = rest[: finding.start] + rest[finding.end :]
    function = rest if any(len(word) > 1 for word in re.findall(r"[^\W\d_]+", rest)) else ""
    return function, ", ".join(finding.text for finding in names)


def _verdict(facts: ContactFacts, found: _Channels, *, function: bool, named: str) -> Verdict:
    if facts.bounced or not (found.lasting or found.personal):
        return Verdict.UNREACHABLE
    person = bool(named or any(name.strip() for name in facts.holder_names))
    if not function and (person or not found.lasting):
        return Verdict.PERSON_BOUND
    return Verdict.FUNCTION_BOUND if found.lasting and not named else Verdict.MIXED


def _reasons(facts: ContactFacts, found: _Channels, *, function: str, named: str) -> list[Point]:
    reasons = []
    if facts.bounced:
        reasons.append(Point("bounced", "Det senaste meddelandet kom tillbaka."))
    if not function:
        reasons.append(_no_function(is_named=bool(named)))
    elif named:
        reasons.append(Point("name_in_function", f"Namnet {named} står i funktionens egen text."))
    if function and not facts.in_catalogue:
        reasons.append(Point("own_function", "Funktionen finns inte i den gemensamma listan."))
    reasons += found.lasting + found.personal + found.unusable
    if not (found.lasting or found.personal):
        reasons.append(Point("no_channel", "Det finns ingen väg att nå funktionen."))
    elif not found.lasting:
        reasons.append(Point("no_lasting_channel", "Ingen väg till funktionen finns kvar när personen slutar."))
    if channels.is_address(facts.mailbox.strip()) and channels.foreign_domain(facts.mailbox, facts.own_domain):
        reasons.append(Point("foreign_domain", f"Adressen ligger inte under {facts.own_domain}."))
    return reasons


def _no_function(*, is_named: bool) -> Point:
    """The name itself is not repeated: flags, letters and lists quote this sentence."""
    if is_named:
        return Point("no_function", "Funktionens eget namn är ett personnamn.")
    return Point("no_function", "Ingen funktion är angiven.")


def _mend(facts: ContactFacts, verdict: Verdict, found: _Channels, *, function: str, named: str) -> Point | None:
    if verdict == Verdict.FUNCTION_BOUND:
        return None if function else Point("state_function", "Ange vilken funktion brevlådan hör till.")
    if facts.bounced:
        return Point("correct_address", "Rätta adressen eller ange en annan funktionsbrevlåda.")
    if not function and found.lasting:
        return Point("state_function", "Ange funktionen, till exempel arbetsmarknadschef, i stället för personen.")
    if not function:
        example = _example(facts, function)
        return Point("function_and_mailbox", f"Ange funktionen och en funktionsbrevlåda, till exempel {example}.")
    if found.lasting and named:
        return Point("remove_name", f"Ta bort {named} ur funktionens text och skriv namnet som innehavare.")
    return Point("add_mailbox", f"Lägg till en funktionsbrevlåda, till exempel {_example(facts, function)}.")


def _example(facts: ContactFacts, function: str) -> str:
    addresses = (facts.mailbox, *facts.holder_emails)
    written = next((a.strip().rpartition("@")[2] for a in addresses if channels.is_address(a.strip())), "")
    domain = facts.own_domain.strip().lower().removeprefix("@") or written.lower() or "kommunen.se"
    word = next((name for cue, name in _MAILBOXES if cue in function.lower()), "arbetsmarknad")
    return f"{word}@{domain}"


_MAILBOXES = (
    ("registrator", "registrator"),
    ("dataskydd", "dataskyddsombud"),
    ("vux", "komvux"),
    ("sfi", "sfi"),
    ("försörjningsstöd", "forsorjningsstod"),
    ("ifo", "forsorjningsstod"),
    ("social", "socialtjansten"),
    ("närings", "naringsliv"),
    ("arbetsgivar", "naringsliv"),
    ("utbildning", "utbildning"),
    ("integration", "integration"),
    ("kommundirektör", "kommunledning"),
    ("jobbspår", "jobbspar"),
    ("växel", "kontaktcenter"),
    ("kontaktcenter", "kontaktcenter"),
)
