"""Following up an agreement: the page that collects it, and the meetings."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agreements.actions import attaching, following_up, meetings
from agreements.actions.followed import FOLLOWED, NOT_IN_FORCE, acting_for
from agreements.attached import attached_lines
from agreements.dates import spelled
from agreements.followed import MeetingLine, Suggestion, forums_of, functions_of, meeting_line, read_followed
from agreements.forms.following import FUNCTIONS_LIST, CancelForm, HeldForm, MeetingForm, MinutesForm
from agreements.gather import Whole
from agreements.goal_chart import draw
from agreements.models import Attachment, FollowUp, Version
from agreements.views.doors import open_version, posted
from contacts.access import Permission, reach_of
from contacts.errors import Refused, Stale
from contacts.models import User

WRITE = Permission.EDIT_AGREEMENTS
CHANGED_MEANWHILE = (
    "Någon annan har ändrat mötet sedan du öppnade det. Läs vad som gäller nu och spara igen om du vill."
)


@require_safe
def following(request: HttpRequest, pk: int) -> HttpResponse:
    """Meetings, goals and the action plan, with what is due next on top."""
    whole = open_version(request, pk)
    elsewhere = in_force_instead(request, whole)
    if elsewhere:
        return redirect("following", elsewhere)
    names = reach_of(request.user).sees_names(whole.organisation_ids)
    followed = read_followed(whole, timezone.localdate(), names=names)
    context = {
        "version": whole.version,
        "followed": followed,
        "goals": [(goal, draw(goal)) for goal in followed.goals],
        "writes": may_follow(request, whole),
        "sees_names": names,
    }
    return render(request, "agreements/following.html", context)


def in_force_instead(request: HttpRequest, whole: Whole) -> int | None:
    """The version in force of the same agreement, when the one that was asked for is not."""
    if whole.version.state in FOLLOWED:
        return None
    rows = Version.objects.visible_to(reach_of(request.user)).filter(agreement=whole.version.agreement_id)
    return rows.filter(state__in=FOLLOWED).order_by("-number").values_list("pk", flat=True).first()


def may_follow(request: HttpRequest, whole: Whole) -> bool:
    """Whether buttons that write are shown; the action asks again."""
    user = cast(User, request.user)
    return whole.version.state in FOLLOWED and bool(acting_for(user, whole, timezone.localdate()))


def shut(request: HttpRequest, whole: Whole) -> HttpResponse | None:
    """The way back when this version can't be followed up now."""
    if whole.version.state in FOLLOWED:
        return None
    messages.info(request, NOT_IN_FORCE)
    return redirect("agreement", whole.version.pk)


def tried(form: Form, act: Callable[[], object]) -> bool:
    """Whether the action was done; why it was not is said in the form."""
    try:
        act()
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Noting a follow-up that was not planned."""
    whole = open_version(request, pk, WRITE)
    if away := shut(request, whole):
        return away
    by, today = cast(User, request.user), timezone.localdate()
    form = HeldForm(posted(request), whole.version, today, functions=functions_of(whole))
    if request.method == "POST" and form.is_valid():
        held = form.held()
        note = partial(following_up.note_follow_up, by=by, version_id=pk, today=today, **vars(held))
        if tried(form, note):
            messages.success(request, f"Uppföljningen {spelled(held.held_on)} är antecknad.")
            return redirect("following", pk)
    rows = FollowUp.objects.held().filter(agreement=whole.version.agreement_id)
    context = {"version": whole.version, "form": form, "held": rows}
    return render(request, "agreements/follow_up.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_plan(request: HttpRequest, pk: int) -> HttpResponse:
    whole = open_version(request, pk, WRITE)
    if away := shut(request, whole):
        return away
    by, today = cast(User, request.user), timezone.localdate()
    form = MeetingForm(posted(request), forums=forums_of(whole), today=today, suggested=_suggested(request, whole))
    if request.method == "POST" and form.is_valid():
        plan = partial(meetings.plan_meeting, by=by, version_id=pk, meeting=form.meeting(), today=today)
        if tried(form, plan):
            messages.success(request, "Mötet är planerat. Det syns i parternas kalendrar.")
            return redirect("following", pk)
    return _meeting_page(request, whole, form, None, 422 if form.errors else 200)


def _suggested(request: HttpRequest, whole: Whole) -> dict[str, Any]:
    """What section 17 says of the day that was chosen."""
    asked = request.GET.get("rad", "")
    found = read_followed(whole, timezone.localdate(), names=True).suggestions if asked else ()
    row: Suggestion | None = next((row for row in found if row.row_id == asked), None)
    return {"planned_on": row.day, "agenda": row.focus, "responsible": row.responsible} if row else {}


def _meeting_page(
    request: HttpRequest, whole: Whole, form: MeetingForm, row: FollowUp | None, status: int
) -> HttpResponse:
    context = {
        "version": whole.version,
        "form": form,
        "meeting": row,
        "functions": functions_of(whole),
        "functions_list": FUNCTIONS_LIST,
    }
    return render(request, "agreements/meeting_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request: HttpRequest, pk: int, meeting_pk: int) -> HttpResponse:
    """The meeting with its files; a post attaches one more, for example the minutes."""
    is_post = request.method == "POST"
    whole = open_version(request, pk, WRITE if is_post else None)
    line = _line(request, whole, meeting_pk)
    if is_post and (away := shut(request, whole)):
        return away
    form = MinutesForm(posted(request), request.FILES if is_post else None, line.day)
    if is_post and form.is_valid():
        attach = partial(attaching.attach_to_follow_up, by=cast(User, request.user), follow_up_id=meeting_pk)
        if tried(form, partial(attach, **form.cleaned_data)):
            messages.success(request, "Filen är bifogad. Den kan öppnas när den är kontrollerad.")
            return redirect("meeting", pk, meeting_pk)
    names = reach_of(request.user).sees_names(whole.organisation_ids)
    context = {
        "version": whole.version,
        "meeting": line,
        "writes": may_follow(request, whole),
        "files": attached_lines(Attachment.objects.with_files().filter(follow_up=meeting_pk), names=names),
        "sees_names": names,
        "form": form,
    }
    return render(request, "agreements/meeting.html", context, status=422 if form.errors else 200)


@require_POST
def meeting_detach(request: HttpRequest, pk: int, meeting_pk: int, attachment_pk: int) -> HttpResponse:
    """Take a file away that was attached by mistake."""
    whole, row = _own(request, pk, meeting_pk)
    attachment = get_object_or_404(Attachment, pk=attachment_pk, follow_up=row)
    if away := shut(request, whole):
        return away
    attaching.remove_attachment(by=cast(User, request.user), attachment_id=attachment.pk)
    messages.success(request, f"”{attachment.title}” är borttagen. Den står kvar i historiken.")
    return redirect("meeting", pk, meeting_pk)


def _line(request: HttpRequest, whole: Whole, meeting_pk: int) -> MeetingLine:
    """The meeting as this reader sees it; 404 for one that is not shown of this version."""
    names = reach_of(request.user).sees_names(whole.organisation_ids)
    followed = read_followed(whole, timezone.localdate(), names=names)
    line = next((line for line in followed.meetings if line.pk == meeting_pk), None)
    if line is None:
        raise Http404("Mötet finns inte.")
    return line


def _own(request: HttpRequest, pk: int, meeting_pk: int) -> tuple[Whole, FollowUp]:
    """A meeting of an agreement the user writes in; 404 for any other meeting, and to outsiders."""
    whole = open_version(request, pk, WRITE)
    row = FollowUp.objects.filter(agreement=whole.version.agreement_id, pk=meeting_pk).first()
    if row is None:
        raise Http404("Mötet finns inte.")
    return whole, row


def _over(request: HttpRequest, whole: Whole, row: FollowUp) -> HttpResponse | None:
    """The way to a meeting that can't be changed any more."""
    if row.is_planned:
        return None
    messages.info(request, meetings.NOT_PLANNED)
    return redirect("meeting", whole.version.pk, row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_change(request: HttpRequest, pk: int, meeting_pk: int) -> HttpResponse:
    whole, row = _own(request, pk, meeting_pk)
    if away := shut(request, whole) or _over(request, whole, row):
        return away
    form = MeetingForm(posted(request), forums=forums_of(whole), today=timezone.localdate(), row=row)
    if request.method == "POST" and form.is_valid():
        try:
            if tried(form, lambda: _change(request, pk, row, form)):
                messages.success(request, "Mötet är ändrat. Ändringen syns i parternas kalendrar.")
                return redirect("meeting", pk, row.pk)
        except Stale as stale:
            return _changed_meanwhile(request, whole, form, stale.current)
    return _meeting_page(request, whole, form, row, 422 if form.errors else 200)


def _change(request: HttpRequest, pk: int, row: FollowUp, form: MeetingForm) -> None:
    shown = form.cleaned_data["revision"]
    meetings.change_meeting(
        by=cast(User, request.user),
        version_id=pk,
        meeting_id=row.pk,
        meeting=form.meeting(),
        revision=-1 if shown is None else shown,
        today=form.today,
    )


def _changed_meanwhile(request: HttpRequest, whole: Whole, form: MeetingForm, row: FollowUp) -> HttpResponse:
    """What is typed stays; above it stands what was saved, and saving again is allowed."""
    data = cast(QueryDict, form.data).copy()
    data["revision"] = str(row.revision)
    again = MeetingForm(data, forums=forums_of(whole), today=form.today, row=row)
    again.add_error(None, CHANGED_MEANWHILE)
    return _meeting_page(request, whole, again, row, 409)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_cancel(request: HttpRequest, pk: int, meeting_pk: int) -> HttpResponse:
    whole, row = _own(request, pk, meeting_pk)
    if away := shut(request, whole) or _over(request, whole, row):
        return away
    by, today = cast(User, request.user), timezone.localdate()
    form = CancelForm(posted(request), label_suffix="")
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        cancel = partial(meetings.cancel_meeting, by=by, version_id=pk, meeting_id=row.pk, reason=reason, today=today)
        if tried(form, cancel):
            messages.success(request, "Mötet är inställt. Skälet syns för den andra parten.")
            return redirect("following", pk)
    context = {"version": whole.version, "meeting": row, "form": form}
    return render(request, "agreements/meeting_cancel.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_hold(request: HttpRequest, pk: int, meeting_pk: int) -> HttpResponse:
    """Noting that the meeting was held, and mending the note afterwards."""
    whole, row = _own(request, pk, meeting_pk)
    if away := shut(request, whole) or (_over(request, whole, row) if row.cancelled_at else None):
        return away
    by, today = cast(User, request.user), timezone.localdate()
    form = HeldForm(posted(request), whole.version, today, functions=functions_of(whole), row=row)
    if request.method == "POST" and form.is_valid():
        facts: dict[str, Any] = {"meeting_id": row.pk, "held": form.held(), "today": today}
        if tried(form, partial(following_up.hold_meeting, by=by, version_id=pk, **facts)):
            messages.success(request, "Anteckningarna är sparade.")
            return redirect("meeting", pk, row.pk)
    context = {"version": whole.version, "meeting": meeting_line(row, today, names=True), "form": form}
    return render(request, "agreements/meeting_hold.html", context, status=422 if form.errors else 200)
