"""What waits for one user: read with a constant number of queries, told as lines that lead to the exact place."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from agreements.dates import spelled
from agreements.followed_desk import meetings_ahead, untold
from agreements.gather import Whole, gather_all
from agreements.listing import SOON
from agreements.models import Flag, Party, Section, Signature, SignedFile, UpgradePoint, Version
from agreements.notices import on_desk
from agreements.sheets import Panel, Reader, flag_lines
from agreements.states import SIGNED, State
from agreements.steps import names, waits_for
from agreements.told import begun_by, discarded_by_others
from agreements.turns import next_to_sign
from contacts.access import Permission, Reach
from contacts.models import Event
from municipalities.models import Organisation

MOST = 20
"""Lines of a kind that are shown; the list of agreements holds the rest."""


@dataclass(frozen=True)
class Item:
    """One thing that waits."""

    title: str
    address: str
    text: str
    note: str = ""
    icon: str = "document"
    since: datetime.datetime | None = None
    is_serious: bool = False


@dataclass
class Pile:
    """Things of a kind, and the address of the whole list when not all are shown."""

    title: str
    items: list[Item] = field(default_factory=list)
    more: str = ""


class Desk:
    """Everything on one user's desk today."""

    def __init__(self, reach: Reach, today: datetime.date) -> None:
        self.reach, self.today = reach, today
        self.editing = reach.organisations(Permission.EDIT_AGREEMENTS)
        self.signing = reach.organisations(Permission.SIGN_AGREEMENTS)
        self.reads = reach.organisations(Permission.READ_AGREEMENTS)
        self.working = gather_all(self._working())
        self.signed = set(
            Signature.objects.filter(version__in=[whole.version.pk for whole in self.working]).values_list(
                "party", flat=True
            )
        )
        self.returned = self._returned()
        self.begun = begun_by([w.version.subject for w in self.working if w.version.state == State.DRAFT])

    def _working(self) -> QuerySet[Version]:
        mine = Version.objects.of(self.editing | self.signing)
        return mine.working().with_heads().defer("frozen").order_by("-state_since")[: MOST * 3]

    def _returned(self) -> dict[str, Event]:
        """The last word about each draft, when that is that it was sent back or re-opened."""
        subjects = [whole.version.subject for whole in self.working if whole.version.state == State.DRAFT]
        types = ("agreement.propose", "agreement.send_back", "agreement.reopen", "agreement.decline")
        last = Event.objects.about(*subjects).filter(type__in=types).order_by("subject", "-pk").distinct("subject")
        return {event.subject: event for event in last if event.type != "agreement.propose"}

    def piles(self) -> list[Pile]:
        """What waits, the most urgent first; empty piles are left out."""
        piles = [
            _pile("Att underteckna", (self._sign_item(w, p) for w, p in self._to_sign())),
            _pile("Filer att bekräfta", self._to_vouch()),
            _pile("Att granska", (_item(w, "Föreslagen av den andra parten.", "mail") for w in self._to_review())),
            _pile("Avböjda underskrifter", self._declined()),
            _pile("Tillbaka från den andra parten", (self._returned_item(w) for w in self._drafts(returned=True))),
            _pile("Utkast att skriva klart", (self._draft_item(whole) for whole in self._drafts(returned=False))),
            _pile("Ny mall att gå igenom", self._upgrading()),
            _pile("Kasserade av den andra parten", self._discarded()),
            *self._flags(),
            *self._notices(),
            _pile("Uppföljningsmöten de närmaste 30 dagarna", self._meetings()),
            _pile("Mål och handlingsplan att uppdatera", self._untold()),
            self._ending(),
            _pile("Väntar på andra", (self._waiting_item(whole) for whole in self._waiting())),
        ]
        return [_cut(pile) for pile in piles if pile.items]

    def _mine(self, whole: Whole, organisations: frozenset[int]) -> bool:
        return not organisations.isdisjoint(whole.organisation_ids)

    def _to_sign(self) -> Iterable[tuple[Whole, Party]]:
        for whole in self.working:
            if whole.version.state in (State.ACCEPTED, State.SIGNING):
                for party in next_to_sign(whole.parties, self.signed):
                    if party.organisation_id in self.signing:
                        yield whole, party

    def _sign_item(self, whole: Whole, party: Party) -> Item:
        address = reverse("sign", args=(whole.version.pk, party.pk))
        text = f"Läs texten och underteckna för {party.name}."
        return Item(whole.version.title, address, text, icon="signature", since=whole.version.state_since)

    def _to_vouch(self) -> Iterable[Item]:
        """Files signed outside the portal that somebody else handed in; a side that has vouched waits for others."""
        unsigned = {w.version.pk: w for w in self.working if w.version.state in (State.ACCEPTED, State.SIGNING)}
        rows = SignedFile.objects.waiting().filter(version__in=unsigned).prefetch_related("vouchers")
        for row in rows:
            whole = unsigned[row.version_id]
            vouched = {voucher.party_id for voucher in row.vouchers.all()}
            mine = {party.pk for party in whole.parties if party.organisation_id in self.editing}
            if mine - vouched and not mine & vouched:
                address = reverse("signed_file", args=(row.version_id, row.pk))
                text = "Undertecknad utanför portalen. Öppna filen och bekräfta den."
                yield Item(whole.version.title, address, text, icon="signature", since=row.handed_in_at)

    def _own_sides(self, whole: Whole) -> set[str]:
        return {party.side for party in whole.parties if party.organisation_id in self.editing}

    def _to_review(self) -> list[Whole]:
        proposed = [whole for whole in self.working if whole.version.state == State.PROPOSED]
        return [whole for whole in proposed if self._own_sides(whole) - {whole.version.proposed_by_side}]

    def _drafts(self, *, returned: bool) -> list[Whole]:
        return [
            whole
            for whole in self.working
            if whole.version.state == State.DRAFT
            and self._mine(whole, self.editing)
            and (whole.version.subject in self.returned) == returned
        ]

    def _returned_item(self, whole: Whole) -> Item:
        event = self.returned[whole.version.subject]
        return _item(whole, f"{_declined_by(event)}Skäl: {event.after.get('reason', '')}", "undo", note=_left(whole))

    def _declined(self) -> Iterable[Item]:
        """For those who sign and do not write: why what they have signed, or were to sign, is a draft again."""
        for whole in self.working:
            event = self.returned.get(whole.version.subject)
            if event and event.type == "agreement.decline" and not self._mine(whole, self.editing):
                text = f"{_declined_by(event)}Skäl: {event.after.get('reason', '')}"
                yield _item(whole, text, "undo")

    def _draft_item(self, whole: Whole) -> Item:
        ready = "Allt som krävs är ifyllt. Läs igenom och föreslå."
        return _item(whole, _left(whole) or ready, "pen", note=self.begun.get(whole.version.subject, ""))

    def _upgrading(self) -> list[Item]:
        """One's own drafts that have gone over to a newer template, with what is left to decide."""
        drafts = {w.version.pk: w for returned in (True, False) for w in self._drafts(returned=returned)}
        rows = UpgradePoint.objects.open().filter(version__in=drafts).order_by().values_list("version_id")
        left = dict(rows.annotate(left=Count("pk"))) if drafts else {}
        return [
            Item(
                whole.version.title,
                reverse("upgrade", args=(pk,)),
                f"{left[pk]} {'sak' if left[pk] == 1 else 'saker'} i mall {whole.version.template.number} "
                "väntar på att ni tar ställning.",
                icon="lock",
                since=whole.version.state_since,
            )
            for pk, whole in drafts.items()
            if pk in left
        ]

    def _discarded(self) -> list[Item]:
        found = discarded_by_others(self.editing, self.today, MOST + 1) if self.editing else []
        return [
            Item(
                version.title, reverse("agreement", args=(version.pk,)), text, icon="trash", since=version.discarded_at
            )
            for version, text in ((row.version, row.text) for row in found)
        ]

    def _waiting(self) -> list[Whole]:
        """One's own agreements that somebody else must act on."""
        reviewed = {whole.version.pk for whole in self._to_review()} | {w.version.pk for w, _p in self._to_sign()}
        return [
            whole
            for whole in self.working
            if whole.version.state != State.DRAFT
            and whole.version.pk not in reviewed
            and self._mine(whole, self.editing | self.signing)
        ]

    def _waiting_item(self, whole: Whole) -> Item:
        if whole.version.state == State.PROPOSED:
            reviewers = [party for party in whole.parties if party.side != whole.version.proposed_by_side]
            return _item(whole, f"{names(reviewers)} granskar.", "clock")
        return _item(whole, waits_for(whole.parties, self.signed), "clock")

    def _flags(self) -> list[Pile]:
        """What the check has found in one's own living agreements: what oneself can mend apart from what others can."""
        every = f"{reverse('agreement_list')}?visa=flaggade"
        own = self._flag_items(Q(organisation__isnull=True) | Q(organisation__in=self.editing))
        others = self._flag_items(Q(organisation__isnull=False) & ~Q(organisation__in=self.editing))
        return [Pile("Att rätta", own, more=every), Pile("Väntar på att motparten rättar", others, more=every)]

    def _flag_items(self, whose: Q) -> list[Item]:
        mine = Flag.objects.pressing(self.today).filter(whose, version__in=Version.objects.of(self.editing).watched())
        rows = mine.exclude(details__has_key="level").select_related("version", "organisation", "mender__function")
        flags = list(rows.defer("version__frozen").order_by("severity", "pk")[: MOST + 1])
        contents: defaultdict[int, dict[str, dict[str, object]]] = defaultdict(dict)
        of_text = [flag for flag in flags if "field" in flag.details]
        sections = Section.objects.filter(
            version__in={flag.version_id for flag in of_text}, key__in={flag.section_key for flag in of_text}
        )
        for version, key, content in sections.values_list("version_id", "key", "content"):
            contents[version][key] = content
        items = []
        for flag in flags:
            editable = flag.version.state == State.DRAFT
            fixed = flag.version.state in SIGNED
            reader = Reader(editable, names=True, writes=True, is_fixed=fixed, reads=self.reads)
            panel = Panel(flag.version_id, contents[flag.version_id], self.today, reader)
            [line] = flag_lines([flag], panel)
            note = ". ".join(part for part in (flag.version.title, line.mender) if part)
            items.append(Item(flag.reason, line.address, flag.mend, note, "flag", is_serious=line.is_serious))
        return items

    def _notices(self) -> list[Pile]:
        """Notice that has been given, and what asks for one's consent."""
        told = on_desk(self.editing, self.signing, self.today, MOST + 1)
        asked, given = ([row for row in told if row.asks is asks] for asks in (True, False))
        return [
            Pile("Att samtycka till", [Item(row.version.title, row.address, row.text, icon="undo") for row in asked]),
            Pile("Uppsagda", [Item(row.version.title, row.address, row.text, icon="clock") for row in given]),
        ]

    def _meetings(self) -> Iterable[Item]:
        for row in meetings_ahead(self.editing, self.today, MOST + 1):
            yield Item(row.name, row.address, row.text(self.today), note=row.title, icon="calendar")

    def _untold(self) -> Iterable[Item]:
        for row in untold(self.editing, self.today, MOST + 1):
            yield Item(row.title, row.address, row.text, icon="clock")

    def _ending(self) -> Pile:
        """What has been given notice stands in a pile of its own."""
        rows = Version.objects.of(self.editing).ending_by(self.today + SOON).filter(notice_until__isnull=True)
        items = [
            Item(
                version.title,
                reverse("agreement", args=(version.pk,)),
                f"Gäller till och med {spelled(version.period_end)}. Börja förnya den i god tid.",
                icon="calendar",
            )
            for version in rows.defer("frozen").order_by("period_end", "pk")[: MOST + 1]
            if version.period_end is not None
        ]
        return Pile("Upphör inom sex månader", items, more=f"{reverse('agreement_list')}?visa=upphor-snart")


def without_agreement(organisations: frozenset[int], today: datetime.date) -> list[Organisation]:
    """One's own municipalities that have neither an agreement in work nor one in force."""
    here = Party.objects.remaining(today).filter(organisation=OuterRef("pk"))
    covered = here.filter(version__in=Version.objects.living())
    rows = Organisation.objects.filter(pk__in=organisations, kind=Organisation.Kind.MUNICIPALITY)
    return list(rows.exclude(Exists(covered)).in_swedish_order()[:MOST])


def _item(whole: Whole, text: str, icon: str, note: str = "") -> Item:
    version = whole.version
    return Item(version.title, reverse("agreement", args=(version.pk,)), text, note, icon, version.state_since)


def _declined_by(event: Event) -> str:
    """Which party would not sign; empty when the text came back in another way."""
    return f"{event.after.get('party')} avböjde att underteckna. " if event.type == "agreement.decline" else ""


def _left(whole: Whole) -> str:
    count = len(whole.left)
    return "" if not count else f"{count} {'sak' if count == 1 else 'saker'} återstår att fylla i."


def _pile(title: str, items: Iterable[Item]) -> Pile:
    """One more than is shown tells that there are more; the rest need not be made."""
    return Pile(title, list(islice(items, MOST + 1)))


def _cut(pile: Pile) -> Pile:
    if len(pile.items) <= MOST:
        pile.more = ""
    elif not pile.more:
        pile.more = reverse("agreement_list")
    pile.items = pile.items[:MOST]
    return pile
