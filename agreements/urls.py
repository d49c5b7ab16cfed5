"""Addresses of the agreements: Swedish paths, English names."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path
from django.views.generic import RedirectView

from agreements.states import Move
from agreements.views import (
    amending,
    comments,
    copies,
    flags,
    history,
    levels,
    lists,
    looking,
    moves,
    reading,
    review,
    rule_drafts,
    rule_sets,
    sections,
    signing,
    starting,
    template,
    work,
)

ONE = "overenskommelser/<int:pk>"
RULES = "lagsta-niva/<int:number>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="my_work"), name="start"),
    path("mitt-arbete/", work.my_work, name="my_work"),
    path("mitt-arbete/nytt/", looking.news, name="news"),
    path("overenskommelser/", lists.agreement_list, name="agreement_list"),
    path("overenskommelser/ny/", starting.agreement_start, name="agreement_start"),
    path(f"{ONE}/", reading.agreement, name="agreement"),
    path(f"{ONE}/flaggor/", reading.flags, name="agreement_flags"),
    path(f"{ONE}/lagsta-niva/", levels.agreement_level, name="agreement_level"),
    path(f"{ONE}/historik/", history.agreement_history, name="agreement_history"),
    path(f"{ONE}/avsnitt/<slug:key>/", sections.section_edit, name="section_edit"),
    path(f"{ONE}/samtal/", comments.talk, name="talk"),
    path(f"{ONE}/samtal/<slug:key>/", comments.section_talk, name="section_talk"),
    path(f"{ONE}/samtal/<int:thread_pk>/svara/", comments.thread_reply, name="thread_reply"),
    path(f"{ONE}/samtal/<int:thread_pk>/klar/", comments.thread_resolve, name="thread_resolve"),
    path(f"{ONE}/samtal/<int:thread_pk>/oppna/", comments.thread_reopen, name="thread_reopen"),
    path(f"{ONE}/kommentarer/<int:comment_pk>/andra/", comments.comment_change, name="comment_change"),
    path(f"{ONE}/kommentarer/<int:comment_pk>/ta-tillbaka/", comments.comment_withdraw, name="comment_withdraw"),
    path(f"{ONE}/granskning/", review.review, name="review"),
    path(f"{ONE}/granskning/<slug:key>/", review.section_review, name="section_review"),
    path(f"{ONE}/nytt/", looking.marks, name="marks"),
    path(f"{ONE}/andrat/", looking.changed, name="changed"),
    path(f"{ONE}/last/", looking.looked, name="looked"),
    path(f"{ONE}/foresla/", moves.move, {"move": Move.PROPOSE}, name="propose"),
    path(f"{ONE}/skicka-tillbaka/", moves.move, {"move": Move.SEND_BACK}, name="send_back"),
    path(f"{ONE}/godta/", moves.move, {"move": Move.ACCEPT}, name="accept"),
    path(f"{ONE}/oppna-igen/", moves.move, {"move": Move.REOPEN}, name="reopen"),
    path(f"{ONE}/kassera/", moves.move, {"move": Move.DISCARD}, name="discard"),
    path(f"{ONE}/ny-version/", amending.new_version, name="new_version"),
    path(f"{ONE}/underteckna/<int:party_pk>/", signing.sign, name="sign"),
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
