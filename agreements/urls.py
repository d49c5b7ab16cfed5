"""Addresses of the agreements: Swedish paths, English names."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path
from django.views.generic import RedirectView

from agreements.states import Move
from agreements.views import (
    amending,
    attachments,
    comparing,
    copies,
    flags,
    history,
    levels,
    lists,
    moves,
    reading,
    rule_drafts,
    rule_sets,
    searching,
    sections,
    signing,
    standing,
    starting,
    template,
    work,
)

ONE = "overenskommelser/<int:pk>"
RULES = "lagsta-niva/<int:number>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="my_work"), name="start"),
    path("sok/", searching.search_page, name="search"),
    path("mitt-arbete/", work.my_work, name="my_work"),
    path("overenskommelser/", lists.agreement_list, name="agreement_list"),
    path("overenskommelser/ny/", starting.agreement_start, name="agreement_start"),
    path(f"{ONE}/", reading.agreement, name="agreement"),
    path(f"{ONE}/flaggor/", reading.flags, name="agreement_flags"),
    path(f"{ONE}/lagsta-niva/", levels.agreement_level, name="agreement_level"),
    path(f"{ONE}/mall/", standing.agreement_standing, name="agreement_standing"),
    path(f"{ONE}/jamfor/", comparing.comparison, name="comparison"),
    path(f"{ONE}/jamfor/exemplar/", comparing.comparison_copy, name="comparison_copy"),
    path(f"{ONE}/jamfor/bestall/", comparing.comparison_order, name="comparison_order"),
    path(f"{ONE}/jamfor/pdf/", comparing.comparison_download, name="comparison_download"),
    path(f"{ONE}/historik/", history.agreement_history, name="agreement_history"),
    path(f"{ONE}/historik.csv", history.history_csv, name="history_csv"),
    path(f"{ONE}/historik.json", history.history_json, name="history_json"),
    path(f"{ONE}/avsnitt/<slug:key>/", sections.section_edit, name="section_edit"),
    path(f"{ONE}/foresla/", moves.move, {"move": Move.PROPOSE}, name="propose"),
    path(f"{ONE}/skicka-tillbaka/", moves.move, {"move": Move.SEND_BACK}, name="send_back"),
    path(f"{ONE}/godta/", moves.move, {"move": Move.ACCEPT}, name="accept"),
    path(f"{ONE}/oppna-igen/", moves.move, {"move": Move.REOPEN}, name="reopen"),
    path(f"{ONE}/kassera/", moves.move, {"move": Move.DISCARD}, name="discard"),
    path(f"{ONE}/ny-version/", amending.new_version, name="new_version"),
    path(f"{ONE}/underteckna/<int:party_pk>/", signing.sign, name="sign"),
    path(f"{ONE}/filer/", attachments.attachments, name="attachments"),
    path(f"{ONE}/filer/<int:attachment_pk>/", attachments.attachment_change, name="attachment_change"),
    path(f"{ONE}/filer/<int:attachment_pk>/ta-bort/", attachments.attachment_remove, name="attachment_remove"),
    path(f"{ONE}/filer/<int:attachment_pk>/hamta/", attachments.attachment_download, name="attachment_download"),
    path(f"{ONE}/pdf/", copies.copies, name="copies"),
    path(f"{ONE}/pdf/utkast/bestall/", copies.draft_order, name="draft_order"),
    path(f"{ONE}/pdf/undertecknad/bestall/", copies.signed_order, name="signed_order"),
    path(f"{ONE}/pdf/<int:copy_pk>/igen/", copies.copy_retry, name="copy_retry"),
    path(f"{ONE}/pdf/<slug:variant>/", copies.copy_download, name="copy_download"),
    path(f"{ONE}/flaggor/<int:flag_pk>/undanta/", flags.flag_waive, name="flag_waive"),
    path(f"{ONE}/flaggor/<int:flag_pk>/undantag/avsluta/", flags.waiver_end, name="waiver_end"),
    path(f"{ONE}/uppfoljning/", flags.follow_up, name="follow_up"),
    path("kontroller/", flags.checks, name="checks"),
    path("kontroller/starta/", flags.check_start, name="check_start"),
    path("mall/<int:number>/", template.template, name="template"),
    path("lagsta-niva/", rule_sets.rule_sets, name="rule_sets"),
    path("lagsta-niva/utkast/", rule_drafts.rule_set_start, name="rule_set_start"),
    path(f"{RULES}/", rule_sets.rule_set, name="rule_set"),
    path(f"{RULES}/jamfor/<int:other>/", rule_sets.rule_set_compare, name="rule_set_compare"),
    path(f"{RULES}/foljder/", rule_sets.rule_set_impact, name="rule_set_impact"),
    path(f"{RULES}/foljder/overenskommelser/", rule_sets.rule_set_changed, name="rule_set_changed"),
    path(f"{RULES}/andra/", rule_drafts.rule_set_edit, name="rule_set_edit"),
    path(f"{RULES}/publicera/", rule_drafts.rule_set_publish, name="rule_set_publish"),
    path(f"{RULES}/kasta/", rule_drafts.rule_set_discard, name="rule_set_discard"),
]
