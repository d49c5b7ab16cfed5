"""The permission matrix: every route, every role, own and foreign objects. A route without a row fails."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from agreements.actions import commenting, rule_sets, template_drafts, weighing
from agreements.anchors import Place
from agreements.models import (
    Agreement,
    ArchiveOrder,
    AttachedFile,
    Attachment,
    BulkRun,
    CalendarFeed,
    Flag,
    FollowUp,
    MeasuredValue,
    Notice,
    Party,
    PrintedCopy,
    RuleSet,
    SavedView,
    SignedFile,
    TemplateVersion,
    Thread,
    Version,
)
from agreements.shelf import shelve_upload
from agreements.verification_code import new_code
from contacts.models import ContactPoint
from tests import factories, files
from tests.cast import Cast

ROLES = (
    "coordinator",
    "signatory",
    "reader",
    "af_coordinator",
    "af_signatory",
    "officer",
    "skr_reader",
    "administrator",
    "outsider",
)
OPEN = {
    "accessibility",
    "calendar_feed",
    "catalogue",
    "catalogue_file",
    "confirm_by_link",
    "confirmed_by_link",
    "health",
    "link",
    "login",
    "logout",
    "public_copy",
    "open_coverage",
    "open_data",
    "open_events",
    "public_coverage",
    "public_municipality",
    "robots",
    "sitemap",
    "verify",
    "verify_code",
}
"""The doors that need no login: the frozen list. confirm_by_link opens for a signed link only, calendar_feed for a
secret address: calendar programs fetch it, and they cannot log in. link shows nothing: it takes the secret out of the
address and leads on to the login. Whoever has got a copy of an agreement, wherever from, may verify it. public_copy is
the agreement without names, once it is in force. The coverage of the country, a page for each municipality and the open
data are for all."""
LOCKED = {"logout", "calendar_feed", "confirm_by_link", "link", "public_copy", "verify_code"}
"""Open doors that have a lock of their own."""
OPEN_TO: dict[str, dict[str, str]] = {
    "catalogue_file": {"form": "ttl"},
    "open_coverage": {"day": "2023-03-15", "kind": "csv"},
    "open_events": {"kind": "json"},
    "public_municipality": {"place": "2380-ostersund"},
}
"""What the addresses of open doors hold."""


@dataclass(frozen=True)
class World:
    """What the routes are about: all of it Östersund's and AF region Nord's; the outsider is Åre's."""

    cast: Cast
    version: Version
    point: ContactPoint


Arguments = Callable[[World], dict[str, object]]


def nothing(world: World) -> dict[str, object]:
    return {}


def version(world: World) -> dict[str, object]:
    return {"pk": world.version.pk}


def party(world: World) -> dict[str, object]:
    return {"pk": world.version.pk, "party_pk": world.version.parties.get(side="municipality").pk}


def view(world: World) -> dict[str, object]:
    row, _ = SavedView.objects.get_or_create(user=world.cast.coordinator, name="Mina", query="status=draft")
    return {"view_pk": row.pk}


def run(world: World) -> dict[str, object]:
    row, _ = BulkRun.objects.get_or_create(verb="renew", user=world.cast.coordinator)
    return {"run_pk": row.pk}


def archive(world: World) -> dict[str, object]:
    """Asked for by the coordinator, with names."""
    choice = {"scope": "own", "place": str(world.cast.ostersund.pk), "label": "Våra", "names": True}
    facts = {"organisation": world.cast.ostersund, "user": world.cast.coordinator}
    row, _ = ArchiveOrder.objects.get_or_create(**choice, **facts)
    return {"order_pk": row.pk}


def second(world: World) -> dict[str, object]:
    """A version that has one before it."""
    first = Version.objects.get(pk=world.version.pk)
    row = Version.objects.filter(number=2).first()
    if row is None:
        facts = {"template": first.template, "title": first.title, "state": "discarded", "discarded_at": timezone.now()}
        row = Version.objects.create(agreement=Agreement.objects.create(), number=2, **facts)
        Version.objects.create(
            agreement=row.agreement,
            template=first.template,
            title=first.title,
            state="ended",
            ended_as="replaced",
            signed_at=timezone.now(),
            frozen=first.frozen,
            text_hash=first.text_hash,
        )
        Party.objects.bulk_create(
            Party(version=row, organisation=o, side=o.side, name=o.name)
            for o in (world.cast.ostersund, world.cast.nord)
        )
    return {"pk": row.pk}


def notice(world: World) -> dict[str, object]:
    party = world.version.parties.get(side="municipality")
    day = timezone.localdate()
    facts = {"user": world.cast.signatory, "decision_date": day, "received_on": day, "last_day": day}
    row, _ = Notice.objects.get_or_create(version=world.version, leaving=party, giver=party, defaults=facts)
    return {"pk": world.version.pk, "notice_pk": row.pk}


def flag(world: World) -> dict[str, object]:
    facts = {"rule": "mixed_contact", "subject": "contact:0", "section_key": "contacts", "severity": "warning"}
    row, _ = Flag.objects.get_or_create(version=world.version, **facts, reason="Blandad.", mend="Byt.")
    return {"pk": world.version.pk, "flag_pk": row.pk}


def section(world: World) -> dict[str, object]:
    return {"pk": world.version.pk, "key": "background"}


def thread(world: World) -> dict[str, object]:
    """The coordinator's, shared with everybody who reads the agreement."""
    row = Thread.objects.filter(version=world.version).first() or commenting.begin_thread(
        by=world.cast.coordinator,
        version_id=world.version.pk,
        key="background",
        place=Place(),
        said=commenting.Said("Stämmer det här?"),
    )
    return {"pk": world.version.pk, "thread_pk": row.pk}


def comment(world: World) -> dict[str, object]:
    row = Thread.objects.get(pk=thread(world)["thread_pk"]).comments.earliest("pk")
    return {"pk": world.version.pk, "comment_pk": row.pk}


def attachment(world: World) -> dict[str, object]:
    """A cleared picture; added to the accepted text as no action would."""
    digest = hashlib.sha256(files.picture()).hexdigest()
    name = shelve_upload(io.BytesIO(files.picture()), digest, 100, ".png").name
    facts = {"kind": "png", "size": 100, "file": name, "status": "clear"}
    file, _ = AttachedFile.objects.get_or_create(sha256=digest, defaults=facts)
    row, _ = Attachment.objects.get_or_create(version=world.version, file=file, title="Karta", name="karta.png")
    return {"pk": world.version.pk, "attachment_pk": row.pk}


def signed_file(world: World) -> dict[str, object]:
    """A cleared one that was taken back, so that another can be handed in."""
    file = Attachment.objects.get(pk=attachment(world)["attachment_pk"]).file
    facts = {"closed_at": timezone.now(), "closed_as": "withdrawn", "found": {"signatures": [], "problem": ""}}
    row, _ = SignedFile.objects.get_or_create(
        version=world.version,
        file=file,
        defaults=facts
        | {"kind": "paper", "text_hash": world.version.text_hash, "name": "a.pdf", "is_marked": False}
        | {"handed_in_by": world.cast.coordinator},
    )
    return {"pk": world.version.pk, "file_pk": row.pk}


def copy(world: World) -> dict[str, object]:
    return {"pk": world.version.pk, "variant": "archive"}


def failed_copy(world: World) -> dict[str, object]:
    copy, _ = PrintedCopy.objects.get_or_create(
        version=world.version,
        variant=PrintedCopy.Variant.DRAFT,
        text_hash="0" * 64,
        defaults={"document": {}, "failed_at": timezone.now()},
    )
    return {"pk": world.version.pk, "copy_pk": copy.pk}


def organisation(world: World) -> dict[str, object]:
    return {"pk": world.cast.ostersund.pk}


def feed(world: World) -> dict[str, object]:
    row = {"organisation": world.cast.ostersund, "user": world.cast.coordinator, "address_hash": "0" * 64}
    return {"pk": world.cast.ostersund.pk, "feed_pk": CalendarFeed.objects.get_or_create(**row)[0].pk}


def point(world: World) -> dict[str, object]:
    return {"pk": world.point.pk}


def template(world: World) -> dict[str, object]:
    return {"number": 1}


def meeting(world: World) -> dict[str, object]:
    row, _ = FollowUp.objects.get_or_create(agreement=world.version.agreement, planned_on=timezone.localdate())
    return {"pk": world.version.pk, "meeting_pk": row.pk}


def minutes(world: World) -> dict[str, object]:
    of, file = meeting(world), attachment(world)
    row, _ = Attachment.objects.get_or_create(
        follow_up_id=of["meeting_pk"],
        file=Attachment.objects.get(pk=file["attachment_pk"]).file,
        defaults={"title": "Protokoll", "name": "protokoll.pdf"},
    )
    return of | {"attachment_pk": row.pk}


def goal(world: World) -> dict[str, object]:
    [row] = world.version.sections.get(key="goals").content["goals"]
    return {"pk": world.version.pk, "row_id": row["id"]}


def goal_value(world: World) -> dict[str, object]:
    row = {"agreement": world.version.agreement, "row_id": goal(world)["row_id"]}
    value, _ = MeasuredValue.objects.get_or_create(**row, measured_on=timezone.localdate(), value=60)
    return goal(world) | {"value_pk": value.pk}


def activity(world: World) -> dict[str, object]:
    [row] = world.version.sections.get(key="annex_action_plan").content["actions"]
    return {"pk": world.version.pk, "row_id": row["id"]}


def templates_compared(world: World) -> dict[str, object]:
    return {"number": 1, "other": 1}


def upgrade_point(world: World) -> dict[str, object]:
    return {"pk": world.version.pk, "point_pk": 1}


def draft_template(world: World) -> dict[str, object]:
    if not TemplateVersion.objects.drafts().exists():
        template_drafts.start_draft(by=world.cast.officer)
    return {"number": 2}


def draft_template_section(world: World) -> dict[str, object]:
    return {**draft_template(world), "key": "purpose"}


def trial(world: World) -> dict[str, object]:
    return {**draft_template(world), "content": "tom"}


def rules(world: World) -> dict[str, object]:
    return {"number": 1}


def rules_compared(world: World) -> dict[str, object]:
    return {"number": 1, "other": 1}


def draft_rules(world: World) -> dict[str, object]:
    if not RuleSet.objects.drafts().exists():
        rule_sets.start_draft(by=world.cast.officer)
        weighing.weigh_drafts(now=timezone.now())
    return {"number": RuleSet.objects.drafts().get().number}


#                           coor sign read af_c af_s offi skrr admi outs
GET: dict[str, tuple[Arguments, str]] = {
    "start":                (nothing, "302 302 302 302 302 302 302 302 302"),
    "my_work":              (nothing, "200 200 200 200 200 200 200 200 200"),
    "search":               (nothing, "200 200 200 200 200 200 200 200 200"),
    "my_organisation":      (nothing, "302 302 302 302 302 302 302 302 302"),
    "styleguide":           (nothing, "200 200 200 200 200 200 200 200 200"),
    "permissions":          (nothing, "200 200 200 200 200 200 200 200 200"),
    "template":             (template, "200 200 200 200 200 200 200 200 200"),
    "template_list":        (nothing, "200 200 200 200 200 200 200 200 200"),
    "template_preview":     (template, "200 200 200 200 200 200 200 200 200"),
    "template_compare":     (templates_compared, "200 200 200 200 200 200 200 200 200"),
    "template_facts":       (draft_template, "404 404 404 404 404 200 404 404 404"),
    "template_outline":     (draft_template, "404 404 404 404 404 200 404 404 404"),
    "template_section":     (draft_template_section, "404 404 404 404 404 200 404 404 404"),
    "template_publish":     (draft_template, "404 404 404 404 404 200 404 404 404"),
    "template_discard":     (draft_template, "404 404 404 404 404 200 404 404 404"),
    "template_withdraw":    (template, "403 403 403 403 403 302 403 403 403"),
    "template_close":       (template, "403 403 403 403 403 200 403 403 403"),
    "template_trials":      (template, "403 403 403 403 403 200 403 403 403"),
    "template_trial":       (trial, "404 404 404 404 404 404 404 404 404"),
    "archive_orders":       (nothing, "200 200 200 200 200 200 200 403 200"),
    "archive_order":        (archive, "200 200 200 404 404 404 404 404 404"),
    "organisation_list":    (nothing, "200 200 200 200 200 200 200 200 200"),
    "organisation":         (organisation, "200 200 200 404 404 200 200 404 404"),
    "organisation_calendar": (organisation, "200 200 200 404 404 403 403 404 404"),
    "contact_point":        (point, "200 200 200 404 404 200 200 404 404"),
    "contact_point_add":    (organisation, "200 403 403 404 404 403 403 404 404"),
    "contact_point_change": (point, "200 403 403 404 404 403 403 404 404"),
    "holder_change":        (point, "200 403 403 404 404 403 403 404 404"),
    "contact_point_end":    (point, "200 403 403 404 404 403 403 404 404"),
    "news":                 (nothing, "200 200 200 200 200 200 200 200 200"),
    "agreement_list":       (nothing, "200 200 200 200 200 200 200 200 200"),
    "view_list":            (nothing, "200 200 200 200 200 200 200 200 200"),
    "view_change":          (view, "200 404 404 404 404 404 404 404 404"),
    "bulk_start":           (nothing, "200 403 403 200 403 403 403 403 200"),
    "bulk_runs":            (nothing, "200 200 200 200 200 200 200 200 200"),
    "bulk_run":             (run, "200 404 404 404 404 404 404 404 404"),
    "agreement_start":      (nothing, "200 403 403 200 403 403 403 403 200"),
    "agreement":            (version, "200 200 200 200 200 200 200 404 404"),
    "agreement_flags":      (version, "200 200 200 200 200 200 200 404 404"),
    "agreement_level":      (version, "200 200 200 200 200 200 200 404 404"),
    "agreement_history":    (version, "200 200 200 200 200 200 200 404 404"),
    "agreement_standing":   (version, "200 200 200 200 200 200 200 404 404"),
    "comparison":           (version, "200 200 200 200 200 200 200 404 404"),
    "comparison_copy":      (version, "200 200 200 200 200 200 200 404 404"),
    "comparison_download":  (version, "404 404 404 404 404 404 404 404 404"),
    "history_csv":          (version, "200 200 200 200 200 200 200 404 404"),
    "history_json":         (version, "200 200 200 200 200 200 200 404 404"),
    "section_talk":         (section, "200 200 200 200 200 200 200 404 404"),
    "talk":                 (version, "200 200 200 200 200 200 200 404 404"),
    "comment_change":       (comment, "200 403 403 403 403 403 403 404 404"),
    "review":               (version, "200 200 200 200 200 200 200 404 404"),
    "marks":                (version, "200 200 200 200 200 200 200 404 404"),
    "changed":              (version, "200 200 200 200 200 200 200 404 404"),
    "section_edit":         (section, "302 403 403 302 403 403 403 404 404"),
    "section_progress":     (section, "200 403 403 200 403 403 403 404 404"),
    "propose":              (version, "302 403 403 302 403 403 403 404 404"),
    "send_back":            (version, "302 403 403 302 403 403 403 404 404"),
    "accept":               (version, "302 403 403 302 403 403 403 404 404"),
    "restore":              (version, "302 403 403 302 403 403 403 404 404"),
    "renew":                (version, "302 403 403 302 403 403 403 404 404"),
    "agreement_changes":    (second, "200 200 200 200 200 200 200 404 404"),
    "bin":                  (nothing, "200 200 200 200 200 200 200 200 200"),
    "reopen":               (version, "200 403 403 200 403 403 403 404 404"),
    "discard":              (version, "302 403 403 302 403 403 403 404 404"),
    "new_version":          (version, "302 403 403 302 403 403 403 404 404"),
    "upgrade":              (version, "302 302 302 302 302 302 302 404 404"),
    "sign":                 (party, "403 200 403 403 403 403 403 404 404"),
    "decline":              (party, "403 200 403 403 403 403 403 404 404"),
    "withdraw":             (party, "403 302 403 403 403 403 403 404 404"),
    "signing_order":        (version, "200 403 403 200 403 403 403 404 404"),
    "prove":                (nothing, "200 200 200 200 200 200 200 200 200"),
    "link_open":            (nothing, "404 404 404 404 404 404 404 404 404"),
    "notice_give":          (party, "403 302 403 403 403 403 403 404 404"),
    "notice_back":          (notice, "403 200 403 403 403 403 403 404 404"),
    "attachments":          (version, "200 200 200 200 200 200 200 404 404"),
    "attachment_change":    (attachment, "200 403 403 200 403 403 403 404 404"),
    "attachment_download":  (attachment, "200 200 200 200 200 200 403 404 404"),
    "copies":               (version, "200 200 200 200 200 200 200 404 404"),
    "hand_in":              (version, "200 403 403 200 403 403 403 404 404"),
    "signed_file":          (signed_file, "200 200 200 200 200 200 200 404 404"),
    "signed_file_download": (signed_file, "200 200 200 200 200 200 403 404 404"),
    "copy_download":        (copy, "404 404 404 404 404 404 403 404 404"),
    "flag_waive":           (flag, "200 403 403 200 403 403 403 404 404"),
    "following":            (version, "200 200 200 200 200 200 200 404 404"),
    "follow_up":            (version, "302 403 403 302 403 403 403 404 404"),
    "meeting_plan":         (version, "302 403 403 302 403 403 403 404 404"),
    "meeting":              (meeting, "200 200 200 200 200 200 200 404 404"),
    "meeting_change":       (meeting, "302 403 403 302 403 403 403 404 404"),
    "meeting_cancel":       (meeting, "302 403 403 302 403 403 403 404 404"),
    "meeting_hold":         (meeting, "302 403 403 302 403 403 403 404 404"),
    "goal":                 (goal, "200 200 200 200 200 200 200 404 404"),
    "goal_value":           (goal_value, "302 403 403 302 403 403 403 404 404"),
    "activity":             (activity, "200 200 200 200 200 200 200 404 404"),
    "staffing":             (version, "200 200 200 200 200 200 403 404 404"),
    "staffing_csv":         (version, "200 200 200 200 200 200 403 404 404"),
    "checks":               (nothing, "404 404 404 404 404 200 200 200 404"),
    "rule_sets":            (nothing, "200 200 200 200 200 200 200 200 200"),
    "rule_set":             (rules, "200 200 200 200 200 200 200 200 200"),
    "rule_set_compare":     (rules_compared, "200 200 200 200 200 200 200 200 200"),
    "rule_set_impact":      (draft_rules, "404 404 404 404 404 200 404 404 404"),
    "rule_set_changed":     (draft_rules, "404 404 404 404 404 200 404 404 404"),
    "rule_set_edit":        (draft_rules, "404 404 404 404 404 200 404 404 404"),
    "rule_set_publish":     (draft_rules, "404 404 404 404 404 200 404 404 404"),
    "rule_set_discard":     (draft_rules, "404 404 404 404 404 200 404 404 404"),
    "dashboard":            (nothing, "404 404 404 404 404 200 200 404 404"),
    "municipality_xlsx":    (nothing, "404 404 404 404 404 200 200 404 404"),
    "map_svg":              (nothing, "404 404 404 404 404 200 200 404 404"),
    "map_png":              (nothing, "404 404 404 404 404 200 200 404 404"),
    "over_time":            (nothing, "404 404 404 404 404 200 200 404 404"),
    "two_days":             (nothing, "404 404 404 404 404 200 200 404 404"),
    "two_days_csv":         (nothing, "404 404 404 404 404 200 200 404 404"),
    "two_days_xlsx":        (nothing, "404 404 404 404 404 200 200 404 404"),
    "national_level":       (nothing, "404 404 404 404 404 200 200 404 404"),
    "national_templates":   (nothing, "404 404 404 404 404 200 200 404 404"),
    "national_template_list": (nothing, "404 404 404 404 404 302 302 404 404"),
    "municipality_list":    (nothing, "404 404 404 404 404 200 200 404 404"),
    "flag_list":            (nothing, "404 404 404 404 404 200 200 404 404"),
    "flag_csv":             (nothing, "404 404 404 404 404 200 200 404 404"),
    "flag_xlsx":            (nothing, "404 404 404 404 404 200 200 404 404"),
    "municipality_csv":     (nothing, "404 404 404 404 404 200 200 404 404"),
    "municipality_json":    (nothing, "404 404 404 404 404 200 200 404 404"),
    "public_measures":      (nothing, "404 404 404 404 404 200 200 404 404"),
}  # fmt: skip
"""Status of a GET by role, in the order of ROLES, on an accepted agreement that waits for signatures."""

#                           coor sign read af_c af_s offi skrr admi outs
POST: dict[str, tuple[Arguments, str]] = {
    "contact_point_add":    (organisation, "422 403 403 404 404 403 403 404 404"),
    "contact_point_change": (point, "422 403 403 404 404 403 403 404 404"),
    "holder_change":        (point, "422 403 403 404 404 403 403 404 404"),
    "contact_point_end":    (point, "302 403 403 404 404 403 403 404 404"),
    "contact_point_confirm": (point, "302 403 403 404 404 403 403 404 404"),
    "view_save":            (nothing, "302 302 302 302 302 302 302 302 302"),
    "view_change":          (view, "422 404 404 404 404 404 404 404 404"),
    "bulk_start":           (nothing, "422 403 403 422 403 403 403 403 422"),
    "calendar_open":        (organisation, "302 302 302 404 404 403 403 404 404"),
    "calendar_shut":        (feed, "302 403 403 404 404 403 403 404 404"),
    "agreement_start":      (nothing, "422 403 403 422 403 403 403 403 422"),
    "section_talk":         (section, "422 422 422 422 422 403 403 404 404"),
    "section_review":       (section, "422 403 403 422 403 403 403 404 404"),
    "thread_reply":         (thread, "422 422 422 422 422 403 403 404 404"),
    "thread_resolve":       (thread, "302 302 302 302 302 403 403 404 404"),
    "thread_reopen":        (thread, "302 302 302 302 302 403 403 404 404"),
    "comment_change":       (comment, "422 403 403 403 403 403 403 404 404"),
    "comment_withdraw":     (comment, "302 403 403 403 403 403 403 404 404"),
    "looked":               (version, "302 302 302 302 302 302 302 404 404"),
    "section_edit":         (section, "422 403 403 422 403 403 403 404 404"),
    "section_autosave":     (section, "422 403 403 422 403 403 403 404 404"),
    "section_presence":     (section, "200 403 403 200 403 403 403 404 404"),
    "propose":              (version, "409 403 403 409 403 403 403 404 404"),
    "send_back":            (version, "422 403 403 422 403 403 403 404 404"),
    "accept":               (version, "409 403 403 409 403 403 403 404 404"),
    "restore":              (version, "409 403 403 409 403 403 403 404 404"),
    "renew":                (version, "302 403 403 302 403 403 403 404 404"),
    "reopen":               (version, "422 403 403 422 403 403 403 404 404"),
    "discard":              (version, "422 403 403 422 403 403 403 404 404"),
    "new_version":          (version, "302 403 403 302 403 403 403 404 404"),
    "upgrade":              (version, "302 403 403 302 403 403 403 404 404"),
    "upgrade_decide":       (upgrade_point, "302 403 403 302 403 403 403 404 404"),
    "sign":                 (party, "403 422 403 403 403 403 403 404 404"),
    "decline":              (party, "403 422 403 403 403 403 403 404 404"),
    "withdraw":             (party, "403 422 403 403 403 403 403 404 404"),
    "signing_order":        (version, "422 403 403 422 403 403 403 404 404"),
    "prove":                (nothing, "422 422 422 422 422 422 422 422 422"),
    "link_open":            (nothing, "404 404 404 404 404 404 404 404 404"),
    "notice_give":          (party, "403 422 403 403 403 403 403 404 404"),
    "notice_back":          (notice, "403 422 403 403 403 403 403 404 404"),
    "flag_waive":           (flag, "422 403 403 422 403 403 403 404 404"),
    "waiver_end":           (flag, "302 403 403 302 403 403 403 404 404"),
    "follow_up":            (version, "302 403 403 302 403 403 403 404 404"),
    "meeting_plan":         (version, "302 403 403 302 403 403 403 404 404"),
    "meeting":              (meeting, "302 403 403 302 403 403 403 404 404"),
    "meeting_detach":       (minutes, "302 403 403 302 403 403 403 404 404"),
    "meeting_change":       (meeting, "302 403 403 302 403 403 403 404 404"),
    "meeting_cancel":       (meeting, "302 403 403 302 403 403 403 404 404"),
    "meeting_hold":         (meeting, "302 403 403 302 403 403 403 404 404"),
    "goal":                 (goal, "302 403 403 302 403 403 403 404 404"),
    "goal_value":           (goal_value, "302 403 403 302 403 403 403 404 404"),
    "goal_value_remove":    (goal_value, "302 403 403 302 403 403 403 404 404"),
    "activity":             (activity, "302 403 403 302 403 403 403 404 404"),
    "check_start":          (nothing, "404 404 404 404 404 302 403 302 404"),
    "comparison_order":     (version, "302 302 302 302 302 302 302 404 404"),
    "attachments":          (version, "422 403 403 422 403 403 403 404 404"),
    "attachment_change":    (attachment, "422 403 403 422 403 403 403 404 404"),
    "attachment_remove":    (attachment, "302 403 403 302 403 403 403 404 404"),
    "hand_in":              (version, "422 403 403 422 403 403 403 404 404"),
    "signed_file_vouch":    (signed_file, "422 403 403 422 403 403 403 404 404"),
    "signed_file_close":    (signed_file, "422 403 403 422 403 403 403 404 404"),
    "archive_orders":       (nothing, "422 422 422 422 422 422 422 403 422"),
    "archive_download":     (archive, "302 302 302 404 404 404 404 404 404"),
    "archive_package":      (version, "302 302 302 302 302 302 302 404 404"),
    "draft_order":          (version, "302 403 403 302 403 403 403 404 404"),
    "signed_order":         (version, "302 403 403 302 403 403 403 404 404"),
    "template_start":       (nothing, "403 403 403 403 403 302 403 403 403"),
    "template_facts":       (draft_template, "404 404 404 404 404 422 404 404 404"),
    "template_outline":     (draft_template, "404 404 404 404 404 422 404 404 404"),
    "template_section":     (draft_template_section, "404 404 404 404 404 422 404 404 404"),
    "template_publish":     (draft_template, "404 404 404 404 404 422 404 404 404"),
    "template_discard":     (draft_template, "404 404 404 404 404 302 404 404 404"),
    "template_withdraw":    (template, "403 403 403 403 403 302 403 403 403"),
    "template_close":       (template, "403 403 403 403 403 302 403 403 403"),
    "template_trial_order": (trial, "404 404 404 404 404 302 404 404 404"),
    "rule_set_start":       (nothing, "403 403 403 403 403 302 403 403 403"),
    "rule_set_edit":        (draft_rules, "404 404 404 404 404 422 404 404 404"),
    "rule_set_publish":     (draft_rules, "404 404 404 404 404 422 404 404 404"),
    "rule_set_discard":     (draft_rules, "404 404 404 404 404 302 404 404 404"),
    "public_measures":      (nothing, "404 404 404 404 404 302 403 404 404"),
    "copy_retry":           (failed_copy, "302 403 403 302 403 403 403 404 404"),
}  # fmt: skip
"""Status of an empty POST by role."""


@pytest.fixture
def world(cast: Cast) -> World:
    version = factories.accepted(cast)
    return World(cast, version, ContactPoint.objects.filter(organisation=cast.ostersund).earliest("pk"))


def routes(patterns: list[URLPattern | URLResolver] | None = None) -> Iterator[str]:
    """The name of every route; Django's own administration is looked after by its own permissions."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            if pattern.app_name != "admin":
                yield from routes(pattern.url_patterns)
        else:
            yield pattern.name or str(pattern.pattern)


def cases(table: dict[str, tuple[Arguments, str]]) -> list[tuple[str, str, int]]:
    return [
        (name, role, int(status))
        for name, (_, statuses) in table.items()
        for role, status in zip(ROLES, statuses.split(), strict=True)
    ]


def address(name: str, table: dict[str, tuple[Arguments, str]], world: World) -> str:
    return reverse(name, kwargs=table[name][0](world))


def closed(answer: Any) -> Any:
    """The answer, whose file, if it has one, is let go of without being read."""
    for close in answer._resource_closers if answer.streaming else ():
        close()
    return answer


def test_every_route_has_a_row_or_is_open():
    assert set(routes()) == set(GET) | set(POST) | OPEN


def test_each_role_gets_what_the_table_says(world: World, client: Client):
    found = {}
    for role, user in world.cast.by_name().items():
        client.force_login(user)
        for name in GET:
            answer = client.get(address(name, GET, world))
            found[name, role] = answer.status_code
            b"".join(answer)  # a file that is streamed is closed when it has been read

    assert found == {(name, role): status for name, role, status in cases(GET)}


@pytest.mark.parametrize("name", POST)
def test_each_role_writes_what_the_table_says(name: str, world: World, client: Client):
    """The roles that may not come first: an empty POST by one who may can change the world."""
    expected = {role: status for row, role, status in cases(POST) if row == name}
    found = {}
    for role in sorted(expected, key=lambda role: -expected[role]):
        client.force_login(getattr(world.cast, role))
        found[role] = client.post(address(name, POST, world)).status_code

    assert found == expected


def test_who_may_look_may_also_ask_for_the_head_alone(world: World, client: Client):
    client.force_login(world.cast.officer)
    places = {name: address(name, GET, world) for name in GET if not name.endswith("xlsx")}

    assert {name for name, place in places.items() if closed(client.head(place)).status_code == 405} == set()


def test_no_page_of_somebody_who_has_logged_in_is_kept(world: World, client: Client):
    client.force_login(world.cast.coordinator)

    kept = {name: closed(client.get(address(name, GET, world))).get("Cache-Control", "") for name in GET}

    assert {name for name, control in kept.items() if control != "private, no-store"} == set()


def test_a_page_that_anyone_reads_says_nothing_of_keeping(client: Client, db: None):
    assert "Cache-Control" not in client.get(reverse("accessibility")).headers


def test_nobody_gets_in_without_logging_in(world: World, client: Client):
    answers = {name: client.get(address(name, GET, world)) for name in GET if name != "start"}
    answers |= {f"post {name}": client.post(address(name, POST, world)) for name in POST}

    assert {
        name for name, answer in answers.items() if not answer.get("Location", "").startswith("/logga-in/")
    } == set()


@pytest.mark.parametrize("name", sorted(OPEN - LOCKED))
def test_the_open_doors_are_open(name: str, client: Client, db: None):
    factories.municipality("2380", "Östersunds")

    assert closed(client.get(reverse(name, kwargs=OPEN_TO.get(name)))).status_code == 200


def test_the_door_of_signed_links_is_shut_for_a_link_that_nobody_signed(client: Client, db: None):
    assert client.get(reverse("confirm_by_link", args=["1.abc.def"])).status_code == 404


def test_the_door_of_personal_links_leads_to_the_login_alone(client: Client, db: None):
    answer = client.get(reverse("link", args=["x" * 43]), follow=True)

    assert answer.redirect_chain == [("/lank/", 302), ("/logga-in/?next=/lank/", 302)]


@pytest.mark.parametrize("secret", ["x" * 43, "short"])
def test_the_door_of_calendars_is_shut_for_an_address_that_nobody_made(client: Client, db: None, secret: str):
    assert client.get(reverse("calendar_feed", args=[secret])).status_code == 404


def test_the_door_of_public_copies_is_shut_for_what_is_not_in_force(world: World, client: Client):
    assert client.get(reverse("public_copy", args=[world.version.pk])).status_code == 404


def test_the_door_of_codes_knows_no_code_that_nobody_made(client: Client, db: None):
    assert client.get(reverse("verify_code", args=[new_code()])).status_code == 404
