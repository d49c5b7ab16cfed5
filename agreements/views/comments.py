"""Talking about a section: its text with the words that are talked about, the threads, and what has changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agreements.actions import commenting
from agreements.anchors import targets
from agreements.attached import attached_lines
from agreements.forms.talk import ChangeForm, SayForm, ThreadForm
from agreements.gather import Whole
from agreements.models import Comment, Thread
from agreements.since import changes, written_after
from agreements.states import State
from agreements.talk import Listener, ThreadLine, looks_of, may_speak, read_threads, sheet_with_marks
from agreements.views.body import document_for, happened, parties_for
from agreements.views.doors import is_part, open_version, posted
from agreements.views.reading import reader_of
from agreements.views.review import review_panel
from contacts.access import reach_of
from contacts.errors import Refused
from contacts.models import ContactPoint, User

PART = "samtal"
SHOWN = {"": "Alla", "oppna": "Öppna", "olasta": "Olästa", "klara": "Klara"}


def user_of(request: HttpRequest) -> User:
    return cast(User, request.user)


def listener_of(request: HttpRequest, whole: Whole) -> Listener:
    reach = reach_of(request.user)
    return Listener(user_of(request), reach, reach.sees_names(whole.organisation_ids), timezone.now())


@require_safe
def talk(request: HttpRequest, pk: int) -> HttpResponse:
    """Every thread of the agreement, by section."""
    whole = open_version(request, pk)
    asked = request.GET.get("visa", "")
    threads = [line for line in read_threads(whole, listener_of(request, whole)) if _wanted(line, asked)]
    by_section = [
        (section, own)
        for section in whole.template_sections
        if (own := [line for line in threads if line.section == section.key])
    ]
    address = reverse("talk", args=(pk,))
    context = {
        "version": whole.version,
        "by_section": by_section,
        "tabs": [(label, f"{address}?visa={key}" if key else address, key == asked) for key, label in SHOWN.items()],
        "shown": happened(whole).last,
        "newest": max((line.newest for line in threads), default=0) if not asked else 0,
        "any_new": any(line.is_new for line in threads) and not asked,
    }
    return render(request, "agreements/talk.html", context)


def _wanted(line: ThreadLine, asked: str) -> bool:
    wanted = {"oppna": line.resolved_at is None, "klara": line.resolved_at is not None, "olasta": line.is_new}
    return wanted.get(asked, True)


@require_http_methods(["GET", "HEAD", "POST"])
def section_talk(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """A section to read and talk about; a POST begins a thread."""
    whole = open_section(request, pk, key)
    if request.method != "POST":
        return section_page(request, whole, key)
    if not may_speak(whole, reach_of(request.user)):
        return _not_now(request, whole, key)
    form = thread_form(request, whole, key, posted(request))
    if form.is_valid():
        try:
            thread = commenting.begin_thread(
                by=user_of(request),
                version_id=pk,
                key=key,
                place=form.found,
                said=form.said(),
                internal=form.internal,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return said(request, whole, key, "Kommentaren är sparad.", thread.pk)
    return section_page(request, whole, key, form=form, status=422)


def open_section(request: HttpRequest, pk: int, key: str) -> Whole:
    whole = open_version(request, pk)
    if key not in {section.key for section in whole.template_sections}:
        raise Http404("Avsnittet finns inte i mallen.")
    return whole


def _not_now(request: HttpRequest, whole: Whole, key: str) -> HttpResponse:
    """403 for those who are of no party; the others are told that the time has passed."""
    parties = commenting.speakers(reach_of(request.user), whole.parties)
    if not parties:
        raise PermissionDenied
    messages.info(request, commenting.NOT_NOW)
    return redirect("section_talk", whole.version.pk, key)


@require_POST
def thread_reply(request: HttpRequest, pk: int, thread_pk: int) -> HttpResponse:
    whole, thread = _open_thread(request, pk, thread_pk)
    form = SayForm(posted(request), functions=functions_for(request, whole, thread), prefix=f"svar-{thread_pk}")
    if form.is_valid():
        return _act(
            request,
            whole,
            thread,
            lambda: commenting.reply(by=user_of(request), thread_id=thread_pk, said=form.said()),
            "Svaret är sparat.",
        )
    return section_page(request, whole, thread.section_key, replies={thread_pk: form}, status=422)


@require_POST
def thread_resolve(request: HttpRequest, pk: int, thread_pk: int) -> HttpResponse:
    whole, thread = _open_thread(request, pk, thread_pk)

    def act() -> object:
        return commenting.resolve(by=user_of(request), thread_id=thread_pk, now=timezone.now())

    return _act(request, whole, thread, act, "Tråden är klar.")


@require_POST
def thread_reopen(request: HttpRequest, pk: int, thread_pk: int) -> HttpResponse:
    whole, thread = _open_thread(request, pk, thread_pk)

    def act() -> object:
        return commenting.reopen_thread(by=user_of(request), thread_id=thread_pk)

    return _act(request, whole, thread, act, "Tråden är öppen igen.")


@require_http_methods(["GET", "HEAD", "POST"])
def comment_change(request: HttpRequest, pk: int, comment_pk: int) -> HttpResponse:
    whole, comment = _own_comment(request, pk, comment_pk)
    form = ChangeForm(posted(request), comment.text)
    if request.method == "POST" and form.is_valid():
        try:
            commenting.change_comment(
                by=user_of(request), comment_id=comment_pk, text=form.cleaned_data["text"], now=timezone.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Kommentaren är ändrad. Den tidigare texten står kvar i historiken.")
            return redirect(_place_of(whole, comment.thread))
    context = {"version": whole.version, "form": form, "back": _place_of(whole, comment.thread)}
    return render(request, "agreements/comment_change.html", context, status=422 if form.errors else 200)


@require_POST
def comment_withdraw(request: HttpRequest, pk: int, comment_pk: int) -> HttpResponse:
    whole, comment = _own_comment(request, pk, comment_pk)

    def act() -> object:
        return commenting.withdraw_comment(by=user_of(request), comment_id=comment_pk, now=timezone.now())

    return _act(request, whole, comment.thread, act, "Kommentaren är tillbakatagen.")


# ------------------------------------------------------------------------------------------------------ inside


def _open_thread(request: HttpRequest, pk: int, thread_pk: int) -> tuple[Whole, Thread]:
    """A thread one sees, to write in: 404 for what one does not see, 403 for those who are of no party."""
    whole = open_version(request, pk)
    reach = reach_of(request.user)
    thread = Thread.objects.visible_to(reach).filter(pk=thread_pk, version=whole.version).first()
    if thread is None:
        raise Http404("Tråden finns inte.")
    if not commenting.speakers(reach, whole.parties):
        raise PermissionDenied
    return whole, thread


def _own_comment(request: HttpRequest, pk: int, comment_pk: int) -> tuple[Whole, Comment]:
    whole = open_version(request, pk)
    rows = Comment.objects.visible_to(reach_of(request.user)).select_related("thread")
    comment = rows.filter(pk=comment_pk, thread__version=whole.version).first()
    if comment is None:
        raise Http404("Kommentaren finns inte.")
    if comment.author_id != user_of(request).pk:
        raise PermissionDenied
    return whole, comment


def _act(request: HttpRequest, whole: Whole, thread: Thread, act: Callable[[], object], message: str) -> HttpResponse:
    """Do it and show the threads again; what cannot be done now is told."""
    try:
        act()
    except Refused as refusal:
        return said(request, whole, thread.section_key, str(refusal), thread.pk, done=False)
    return said(request, whole, thread.section_key, message, thread.pk)


def said(
    request: HttpRequest, whole: Whole, key: str, message: str, thread_pk: int, *, done: bool = True
) -> HttpResponse:
    """The threads again, with what was done: for htmx here, else on the page."""
    if is_part(request, PART):
        return section_page(request, whole, key, told=message, focus=thread_pk, status=200 if done else 409)
    (messages.success if done else messages.info)(request, message)
    return redirect(f"{reverse('section_talk', args=(whole.version.pk, key))}#trad-{thread_pk}")


def _place_of(whole: Whole, thread: Thread) -> str:
    return f"{reverse('section_talk', args=(whole.version.pk, thread.section_key))}#trad-{thread.pk}"


def functions_for(request: HttpRequest, whole: Whole, thread: Thread | None = None) -> list[ContactPoint]:
    internal_to = thread.organisation_id if thread and thread.internal else None
    return commenting.choosable(reach_of(request.user), whole, internal_to=internal_to)


def thread_form(
    request: HttpRequest,
    whole: Whole,
    key: str,
    data: QueryDict | None = None,
    functions: list[ContactPoint] | None = None,
) -> ThreadForm:
    fields = whole.template_section(key).fields
    content = whole.sections[key].content if key in whole.sections else {}
    return ThreadForm(
        data,
        functions=functions_for(request, whole) if functions is None else functions,
        targets=targets(fields, content),
        speakers=may_speak(whole, reach_of(request.user)),
        where=(fields, content),
    )


def section_page(
    request: HttpRequest,
    whole: Whole,
    key: str,
    *,
    form: ThreadForm | None = None,
    replies: dict[int, SayForm] | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The section with its talk; for htmx the talk alone."""
    listener = listener_of(request, whole)
    threads = read_threads(whole, listener, key)
    speaks = bool(may_speak(whole, listener.reach))
    functions = functions_for(request, whole) if speaks else []
    context = {
        "version": whole.version,
        "section": whole.template_section(key),
        "threads": [(line, _reply_form(line, replies or {}, functions) if speaks else None) for line in threads],
        "speaks": speaks,
        "form": (form or thread_form(request, whole, key, functions=functions)) if speaks else None,
        "newest": max((line.newest for line in threads), default=0),
        "told": "",
        "focus": 0,
        "in_work": whole.version.state != State.DISCARDED,
        **more,
    }
    if is_part(request, PART):
        return render(request, "agreements/_talk.html", context, status=status)
    context |= _text_of(request, whole, key, threads, listener)
    return render(request, "agreements/section_talk.html", context, status=status)


def _reply_form(line: ThreadLine, replies: dict[int, SayForm], functions: list[ContactPoint]) -> SayForm | None:
    """None for a thread that is done. In internal talk only the organisation's own functions are mentioned."""
    if line.resolved_at is not None:
        return None
    own = [point for point in functions if not line.internal_to or point.organisation_id == line.organisation]
    return replies.get(line.pk) or SayForm(None, functions=own, prefix=f"svar-{line.pk}")


def _text_of(
    request: HttpRequest, whole: Whole, key: str, threads: list[ThreadLine], listener: Listener
) -> dict[str, Any]:
    """The section's text as it stands, what has changed in it since the user read it, and the review of it."""
    reader = reader_of(whole, listener.reach)
    document = document_for(whole, reader)
    look = looks_of(listener.user, whole.version).get(key)
    seen = {key: look.event} if look else {}
    written = written_after(whole.version.subject, look.event) if look else []
    others = [event for event in written if event.actor_id != listener.user.pk]
    shown = happened(whole).last
    keys = [section.key for section in whole.template_sections]
    place = keys.index(key)
    files = attached_lines(whole.attachments, names=reader.names)
    return {
        "sheet": sheet_with_marks(whole, document, key, threads if reader.names else ()),
        "document": document,
        "parties": parties_for(whole, reader),
        "sees_names": reader.names,
        "staffing": None,
        "attached": [file for file in files if (file.section_key if file.section_key in keys else keys[0]) == key],
        "changes": changes(written, whole.template_sections, seen, names=reader.names) if others else [],
        "shown": shown,
        "looked": look is not None and look.event >= shown,
        "previous": whole.template_sections[place - 1] if place else None,
        "following": whole.template_sections[place + 1] if place + 1 < len(keys) else None,
        "editable": reader.editable and bool(whole.template_section(key).definition),
        **review_panel(request, whole, key),
    }
