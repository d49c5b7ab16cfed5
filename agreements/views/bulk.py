"""Many agreements at once: what is chosen in the list, what is to be done with it, and the report of what was not."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from agreements.actions import bulk
from agreements.forms.bulk import WORDS, BulkForm
from agreements.forms.lists import AgreementFilter
from agreements.models import BulkRow, BulkRun
from agreements.views.doors import is_part, posted
from agreements.views.lists import filtered
from contacts.access import Permission, reach_of
from contacts.errors import NotAllowed, Refused
from contacts.models import User

PAGE_SIZE = 50
SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
def bulk_start(request: HttpRequest) -> HttpResponse:
    """Chosen rows come as `val`; `alla` stands for everything that matches the filters in the address."""
    if not reach_of(request.user).organisations(Permission.EDIT_AGREEMENTS):
        raise PermissionDenied
    asked = posted(request) or request.GET
    chosen = _chosen(request, asked)
    form = BulkForm(posted(request), verb=request.GET.get("gor", ""))
    if request.method == "POST" and form.is_valid() and (run := _start(request, form, chosen)):
        return redirect("bulk_run", run.pk)
    context = {
        "form": form,
        "words": WORDS.values(),
        "chosen": chosen,
        "labels": bulk.labels_seen(request.user, chosen[:SHOWN]),  # type: ignore[arg-type]  # login is demanded
        "more": max(0, len(chosen) - SHOWN),
    }
    return render(request, "agreements/bulk.html", context, status=422 if form.errors else 200)


def _chosen(request: HttpRequest, asked: QueryDict) -> list[int]:
    if asked.get("alla"):
        rows = filtered(reach_of(request.user), AgreementFilter.read(asked), timezone.localdate())
        return list(rows.values_list("version_id", flat=True)[: bulk.MOST])
    asked_for = [int(value) for value in asked.getlist("val") if value.isdecimal() and len(value) < 15]
    return bulk.seen(cast(User, request.user), asked_for)


def _start(request: HttpRequest, form: BulkForm, chosen: list[int]) -> BulkRun | None:
    """A few are done at once; many are left to the workers, and the report shows how far they have come."""
    now, facts = timezone.now(), form.cleaned_data
    asked = bulk.Asked(facts["verb"], chosen, form.facts(), facts["token"])
    try:
        run = bulk.start_bulk(by=cast(User, request.user), asked=asked, now=now)
    except NotAllowed:
        raise PermissionDenied from None
    except Refused as refused:
        form.add_error(None, str(refused))
        return None
    if run.total <= bulk.AT_ONCE:
        bulk.do_all(run_id=run.pk, now=now)
    else:
        messages.info(request, "Arbetet är påbörjat. Du kan lämna sidan; rapporten finns kvar.")
    return run


@require_safe
def bulk_run(request: HttpRequest, run_pk: int) -> HttpResponse:
    """The report; while the run goes on, an htmx request gets it alone. Only whoever started it sees it."""
    run = BulkRun.objects.with_progress().filter(user=request.user.pk, pk=run_pk).first()
    if run is None:
        raise Http404("Rapporten finns inte eller är inte din.")
    rows = BulkRow.objects.filter(run=run).exclude(outcome="").select_related("version", "result")
    only = request.GET.get("visa", "")
    if only == "inte":
        rows = rows.exclude(outcome=BulkRow.Outcome.DONE)
    ordered = rows.defer("version__frozen", "result__frozen").order_by("place")
    page = Paginator(ordered, PAGE_SIZE).get_page(request.GET.get("sida"))
    context = {
        "run": run,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "only": only,
        "query": "visa=inte" if only == "inte" else "",
        "waiting": run.total - run.handled,  # type: ignore[attr-defined]  # with_progress
    }
    part = is_part(request, "rapport")
    return render(request, "agreements/_bulk_report.html" if part else "agreements/bulk_run.html", context)


@require_safe
def bulk_runs(request: HttpRequest) -> HttpResponse:
    """One's own runs, the latest first."""
    runs = BulkRun.objects.with_progress().filter(user=request.user.pk)[:PAGE_SIZE]
    return render(request, "agreements/bulk_runs.html", {"runs": runs})
