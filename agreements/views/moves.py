"""Propose, send back, accept, re-open, discard: a page that says what will happen, then the move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from agreements.actions import binning, negotiating
from agreements.forms.moves import MOST_LETTERS, ReasonForm
from agreements.gather import Whole
from agreements.models import Version
from agreements.rules import may_move
from agreements.sheets import section_address
from agreements.states import TRANSITIONS, Move, refusal
from agreements.steps import names, others, sides
from agreements.views.doors import open_version, posted
from agreements.views.reading import lines_of, reader_of
from agreements.views.review import reasons_of, review_words
from contacts.access import Permission, reach_of
from contacts.errors import NotAllowed, Refused


@dataclass(frozen=True)
class Words:
    """How a move is told, asked about and confirmed. {others} is the other side's parties."""

    title: str
    lead: str
    button: str
    done: str
    color: str = "accent"


WORDS = {
    Move.PROPOSE: Words(
        "Föreslå överenskommelsen",
        "{others} får texten för granskning. Du kan öppna den igen om något behöver rättas.",
        "Föreslå för {others}",
        "Överenskommelsen är föreslagen. Nu granskar {others}.",
    ),
    Move.SEND_BACK: Words(
        "Skicka tillbaka överenskommelsen",
        "Texten blir ett utkast igen och båda parter kan ändra i den. Skälet visas för {others}.",
        "Skicka tillbaka",
        "Överenskommelsen är tillbaka som utkast.",
    ),
    Move.ACCEPT: Words(
        "Godta texten",
        "Texten fastställs här. Därefter kan den undertecknas av behörig funktion hos varje part, och den går inte "
        "att ändra utan att öppnas igen.",
        "Godta texten",
        "Texten är fastställd och kan undertecknas.",
    ),
    Move.REOPEN: Words(
        "Öppna överenskommelsen igen",
        "Texten blir ett utkast igen. Underskrifter som redan har lämnats tas tillbaka och måste göras om. "
        "Skälet visas för {others}.",
        "Öppna igen",
        "Överenskommelsen är ett utkast igen.",
    ),
    Move.DISCARD: Words(
        "Kassera utkastet",
        "Utkastet läggs i papperskorgen hos båda parter. Det kan tas tillbaka i 30 dagar; sedan gallras innehållet. "
        "Kommunen kan därefter starta en ny överenskommelse.",
        "Kassera utkastet",
        "Utkastet ligger i papperskorgen och kan tas tillbaka i 30 dagar.",
        color="danger",
    ),
    Move.RESTORE: Words(
        "Ta tillbaka utkastet",
        "Utkastet blir som det var när det kasserades, och båda parter kan skriva i det igen.",
        "Ta tillbaka utkastet",
        "Utkastet är tillbaka. Det går att skriva i det igen.",
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, pk: int, move: Move) -> HttpResponse:
    whole = open_version(request, pk, Permission.EDIT_AGREEMENTS)
    begun = reasons_of(whole, MOST_LETTERS) if move is Move.SEND_BACK and request.method != "POST" else ""
    form = ReasonForm(posted(request), needed=TRANSITIONS[move].needs_reason, begun=begun)
    if request.method == "POST":
        return _make(request, whole, move, form)
    if not may_move(move, whole.version.state, _own_sides(request, whole), whole.version.proposed_by_side):
        messages.info(request, refusal(move, whole.version.state))
        return redirect("agreement", pk)
    return _page(request, whole, move, form)


def _make(request: HttpRequest, whole: Whole, move: Move, form: ReasonForm) -> HttpResponse:
    if not form.is_valid():
        return _page(request, whole, move, form, status=422)
    verb: Callable[..., Version] = getattr(binning if move is Move.RESTORE else negotiating, move.value)
    try:
        verb(by=request.user, version_id=whole.version.pk, **form.facts())
    except NotAllowed:
        raise PermissionDenied from None
    except Refused as refusal:
        form.add_error(None, str(refusal))
        fresh = open_version(request, whole.version.pk, Permission.EDIT_AGREEMENTS)
        return _page(request, fresh, move, form, status=409)
    messages.success(request, _tell(WORDS[move].done, request, whole))
    return redirect("agreement", whole.version.pk)


def _page(request: HttpRequest, whole: Whole, move: Move, form: ReasonForm, status: int = 200) -> HttpResponse:
    words = WORDS[move]
    left = whole.left if move in (Move.PROPOSE, Move.ACCEPT) else []
    reader = reader_of(whole, reach_of(request.user))
    context = {
        "version": whole.version,
        "serious": lines_of(whole, reader).serious if move is Move.ACCEPT else [],
        "form": form,
        "title": words.title,
        "lead": _tell(words.lead, request, whole) + (review_words(whole) if move is Move.ACCEPT else ""),
        "button": _tell(words.button, request, whole),
        "color": words.color,
        "left": [(item.message, section_address(whole.version.pk, item.section, item.anchor)) for item in left],
    }
    return render(request, "agreements/move.html", context, status=status)


def _own_sides(request: HttpRequest, whole: Whole) -> set[str]:
    return sides(reach_of(request.user), Permission.EDIT_AGREEMENTS, whole.parties)


def _tell(text: str, request: HttpRequest, whole: Whole) -> str:
    return text.format(others=names(others(whole.parties, _own_sides(request, whole))))
