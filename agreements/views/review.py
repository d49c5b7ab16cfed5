"""The review of a proposed text: how far it has come, and a verdict on each section."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from agreements.actions import reviewing
from agreements.actions.reviewing import reviewers, standing_review
from agreements.forms.talk import ReviewForm
from agreements.gather import Whole
from agreements.models import SectionReview
from agreements.review import ACCEPTED, Reviewed, Standing, collected, next_open, progress, section_hashes
from agreements.since import Change, changes, written_after
from agreements.states import State
from agreements.steps import names
from agreements.views.doors import open_version, posted
from contacts.access import Permission, reach_of
from contacts.errors import Refused
from contacts.models import Event, User
from contacts.rules import without_names

LABELS = {
    Standing.ACCEPTED: ("Godtaget", "success"),
    Standing.CHANGE: ("Behöver ändras", "warning"),
    Standing.CHANGED_SINCE: ("Ändrat sedan det granskades", "info"),
    Standing.OPEN: ("Inte granskat", "neutral"),
}
BACK = ("agreement.send_back", "agreement.reopen", "agreement.decline")


@require_safe
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Every section and how it stands, for everybody who reads the agreement."""
    whole = open_version(request, pk)
    sees_names = reach_of(request.user).sees_names(whole.organisation_ids)
    sections = standing_review(whole)
    going_on = whole.version.state == State.PROPOSED
    side = reviewing.reviewing_side(whole.version.proposed_by_side)
    lines = [line_of(whole, one, names=sees_names) for one in sections.values()]
    context = {
        "version": whole.version,
        "lines": lines,
        "progress": progress(sections),
        "going_on": going_on,
        "anything": going_on or any(line["said"] or line["earlier"] for line in lines),
        "reviewers": names([party for party in whole.parties if party.side == side]),
        "mine": bool(reviewers(whole, _user(request))) and going_on,
        "next": next_open(sections),
        "since": since_reopening(whole, names=sees_names) if going_on else [],
    }
    return render(request, "agreements/review.html", context)


@require_POST
def section_review(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    whole = open_version(request, pk, Permission.EDIT_AGREEMENTS)
    if key not in {section.key for section in whole.template_sections}:
        raise Http404("Avsnittet finns inte i mallen.")
    form = ReviewForm(posted(request))
    if not form.is_valid():
        return _again(request, whole, key, form)
    try:
        reviewing.review_section(by=_user(request), version_id=pk, key=key, now=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _again(request, whole, key, form, status=409)
    messages.success(request, _done(whole, key, form.cleaned_data["verdict"]))
    following = next_open(standing_review(whole), key)
    return redirect("section_talk", pk, following) if following else redirect("review", pk)


def _done(whole: Whole, key: str, verdict: str) -> str:
    number = whole.template_section(key).number
    what = "är godtaget" if verdict == SectionReview.Verdict.ACCEPTED else "är markerat: behöver ändras"
    return f"Avsnitt {number} {what}. {progress(standing_review(whole)).words}."


def _again(request: HttpRequest, whole: Whole, key: str, form: ReviewForm, status: int = 422) -> HttpResponse:
    """The form with what is wrong; the text is shown on the section's own page."""
    context = {
        "version": whole.version,
        "section": whole.template_section(key),
        "review_form": form,
        "may_review": bool(reviewers(whole, _user(request))),
    }
    return render(request, "agreements/section_review.html", context, status=status)


def review_panel(request: HttpRequest, whole: Whole, key: str) -> dict[str, Any]:
    """How the section stands in the review, and the form for those whose turn it is."""
    if whole.version.state not in (State.DRAFT, State.PROPOSED):
        return {"reviewed": None, "review_form": None, "may_review": False, "since_reopening": []}
    sees_names = reach_of(request.user).sees_names(whole.organisation_ids)
    hashes = section_hashes(whole.document)
    sections = standing_review(whole, hashes)
    going_on = whole.version.state == State.PROPOSED
    one = sections[key]
    mine = {party.organisation_id for party in reviewers(whole, _user(request))} if going_on else set()
    following = next_open(sections, key)
    back = since_reopening(whole, names=sees_names) if going_on else []
    return {
        "reviewed": line_of(whole, one, names=sees_names) if going_on or one.said or one.earlier else None,
        "review_progress": progress(sections) if going_on else None,
        "may_review": bool(mine),
        "accepted_by_me": any(said.organisation in mine and said.verdict == ACCEPTED for said in one.said),
        "next_section": whole.template_section(following) if following not in ("", key) else None,
        "review_form": ReviewForm(None, reason=_own_reason(one), seen_hash=hashes[key]) if mine else None,
        "since_reopening": [change for change in back if change.section.key == key],
    }


def _own_reason(one: Reviewed) -> str:
    return one.reasons[0] if one.reasons else ""


def line_of(whole: Whole, one: Reviewed, *, names: bool) -> dict[str, Any]:
    """A section of the review as its page shows it."""
    label, color = LABELS[one.standing]

    def told(said: list[Any]) -> list[dict[str, str]]:
        return [
            {
                "who": row.who,
                "label": SectionReview.Verdict(row.verdict).label,
                "reason": row.reason if names else without_names(row.reason),
            }
            for row in said
        ]

    return {
        "section": whole.template_section(one.key),
        "standing": str(one.standing),
        "label": label,
        "color": color,
        "said": told(one.said),
        "earlier": told(one.earlier),
    }


def since_reopening(whole: Whole, *, names: bool) -> list[Change]:
    """What has been written since the text was last sent back or opened again; nothing when it never was."""
    last = Event.objects.about(whole.version.subject).filter(type__in=BACK, after__version=whole.version.number)
    event = last.newest_first().values_list("pk", flat=True).first()
    if event is None:
        return []
    seen = {section.key: event for section in whole.template_sections}
    return changes(written_after(whole.version.subject, event), whole.template_sections, seen, names=names)


def reasons_of(whole: Whole, most: int) -> str:
    """What the marked sections need, as one text to send back with."""
    if whole.version.state != State.PROPOSED:
        return ""
    numbers = {section.key: section.number for section in whole.template_sections}
    return collected(standing_review(whole), numbers, most)


def review_words(whole: Whole) -> str:
    """How far the review has come, for those who are about to accept the whole; empty when nobody has begun one."""
    if whole.version.state != State.PROPOSED:
        return ""
    found = progress(standing_review(whole))
    return f" {found.words}. Resten godtas nu." if (found.accepted or found.marked) and not found.is_complete else ""


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)
