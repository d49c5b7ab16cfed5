"""The talk about a version as its pages show it: threads, their places in the text, and what is new to the reader."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.safestring import mark_safe

from agreements.actions.commenting import MENDABLE
from agreements.anchors import Quote, found_again, label_of, texts
from agreements.gather import Whole
from agreements.html import mark_spans
from agreements.models import Comment, LastLook, Mention, Party, Section, Thread, Version, internal_subject
from agreements.models.comment import ThreadQuerySet
from agreements.sheets import Sheet, sheets
from agreements.states import WORKING
from contacts.access import Permission, Reach
from contacts.models import User
from contacts.rules import without_names


@dataclass(frozen=True)
class CommentLine:
    pk: int
    who: str
    at: datetime.datetime
    text: str
    mentions: list[str]
    changed_at: datetime.datetime | None
    is_withdrawn: bool
    is_new: bool
    is_mine: bool
    can_be_mended: bool


@dataclass
class ThreadLine:
    """A thread with its place in words; `is_gone`: the place or the quoted words are no longer there."""

    pk: int
    organisation: int
    section: str
    about: str
    quote: str
    is_gone: bool
    span: tuple[str, int, int] | None
    internal_to: str
    resolved_at: datetime.datetime | None
    resolved_by: str
    comments: list[CommentLine] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return any(comment.is_new for comment in self.comments)

    @property
    def newest(self) -> int:
        return max((comment.pk for comment in self.comments), default=0)


@dataclass(frozen=True)
class Listener:
    """Who reads the talk, and when: what of it is shown, and what can be mended."""

    user: User
    reach: Reach
    names: bool
    now: datetime.datetime

    def shown(self, text: str) -> str:
        return text if self.names else without_names(text)

    def who(self, name: str, function: str) -> str:
        """The person in the function; for those who see no names the function alone."""
        return ", ".join(part for part in (name if self.names else "", function) if part) or "Användare"


def read_threads(whole: Whole, listener: Listener, key: str = "") -> list[ThreadLine]:
    """The threads of a version, or of one section, oldest first: four queries, however many."""
    rows = _rows(Thread.objects.visible_to(listener.reach).filter(version=whole.version), key)
    looked = looks_of(listener.user, whole.version)
    said = _comments([thread.pk for thread in rows])
    mentions = _mentions([comment.pk for comments in said.values() for comment in comments])
    read = {key: _texts_of(whole, key) for key in {thread.section_key for thread in rows if thread.quote}}
    lines = []
    for thread in rows:
        line = _thread_line(thread, whole, read.get(thread.section_key, {}), listener)
        seen = looked[thread.section_key].comment if thread.section_key in looked else 0
        line.comments = [
            _comment_line(comment, thread, said[thread.pk], mentions, seen, listener) for comment in said[thread.pk]
        ]
        lines.append(line)
    return lines


def _rows(threads: ThreadQuerySet, key: str) -> list[Thread]:
    found = threads.filter(section_key=key) if key else threads
    return list(found.select_related("organisation").order_by("pk"))


def _comments(threads: Collection[int]) -> defaultdict[int, list[Comment]]:
    found: defaultdict[int, list[Comment]] = defaultdict(list)
    for comment in Comment.objects.filter(thread__in=threads).order_by("pk") if threads else ():
        found[comment.thread_id].append(comment)
    return found


def _mentions(comments: Collection[int]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    rows = Mention.objects.filter(comment__in=comments).order_by("pk") if comments else Mention.objects.none()
    for mention in rows.select_related("contact_point__function", "contact_point__organisation"):
        point = mention.contact_point
        found[mention.comment_id].append(f"{point.name}, {point.organisation.name}")
    return found


def _texts_of(whole: Whole, key: str) -> dict[str, str]:
    """The texts of a section that words can be quoted from, by their places."""
    return dict(texts(whole.template_section(key).fields, whole.sections[key].content)) if key in whole.sections else {}


def _thread_line(thread: Thread, whole: Whole, read: Mapping[str, str], listener: Listener) -> ThreadLine:
    """With the place as it is called now; what is gone is called what it was when the thread began."""
    section = whole.sections.get(thread.section_key)
    fields = whole.template_section(thread.section_key).fields if section else ()
    content = section.content if section else {}
    about = label_of(fields, content, thread.path)
    span = _span(thread, read) if thread.quote else None
    return ThreadLine(
        pk=thread.pk,
        organisation=thread.organisation_id,
        section=thread.section_key,
        about=about or thread.about,
        quote=listener.shown(thread.quote),
        is_gone=about is None or (bool(thread.quote) and span is None),
        span=span,
        internal_to=thread.organisation.name if thread.internal else "",
        resolved_at=thread.resolved_at,
        resolved_by=listener.who(thread.resolved_by, thread.resolved_function) if thread.resolved_at else "",
    )


def _span(thread: Thread, found: Mapping[str, str]) -> tuple[str, int, int] | None:
    quote = Quote(thread.quote, thread.offset or 0, thread.before, thread.after)
    place = found_again(found.get(thread.path, ""), quote)
    return (thread.path, *place) if place else None


def _comment_line(
    comment: Comment,
    thread: Thread,
    said: Iterable[Comment],
    mentions: Mapping[int, list[str]],
    seen: int,
    listener: Listener,
) -> CommentLine:
    is_mine = comment.author_id == listener.user.pk
    is_withdrawn = comment.withdrawn_at is not None
    answered = any(other.pk > comment.pk and other.author_id != comment.author_id for other in said)
    fresh = listener.now - comment.written_at <= MENDABLE and not answered and thread.resolved_at is None
    return CommentLine(
        pk=comment.pk,
        who=listener.who(comment.author_name, comment.author_function),
        at=comment.written_at,
        text="" if is_withdrawn else listener.shown(comment.text),
        mentions=[] if is_withdrawn else [listener.shown(name) for name in mentions[comment.pk]],
        changed_at=comment.changed_at,
        is_withdrawn=is_withdrawn,
        is_new=not is_mine and not is_withdrawn and comment.pk > seen,
        is_mine=is_mine,
        can_be_mended=is_mine and not is_withdrawn and fresh,
    )


def looks_of(user: User, version: Version) -> dict[str, LastLook]:
    return {look.section_key: look for look in LastLook.objects.filter(user=user, version=version)}


# ------------------------------------------------------------------------------------------ marks beside the text


@dataclass(frozen=True)
class Mark:
    """What is new to one reader in a section, and how much is talked about there."""

    key: str
    number: str
    title: str
    changed: bool
    unread: int
    open_threads: int

    @property
    def words(self) -> str:
        """What the mark says, for those who do not see it."""
        changed = "ändrat sedan du läste" if self.changed else ""
        unread = f"{self.unread} {'oläst kommentar' if self.unread == 1 else 'olästa kommentarer'}"
        return ", ".join(part for part in (changed, unread if self.unread else "") if part)


def marks_of(whole: Whole, user: User, reach: Reach) -> tuple[list[Mark], list[str]]:
    """What is new in each section, and the sections that the user has never read: three queries and the sections."""
    looked = looks_of(user, whole.version)
    unread = unread_in([whole.version.pk], user, reach)[whole.version.pk]
    threads = Thread.objects.visible_to(reach).open().filter(version=whole.version).order_by()
    talked = Counter(threads.values_list("section_key", flat=True))
    marks, unseen = [], []
    for section in whole.template_sections:
        row, look = whole.sections.get(section.key), looked.get(section.key)
        if row is not None and look is None:
            unseen.append(section.key)
        changed = bool(row and look and row.revision > look.revision and row.changed_by_id != user.pk)
        key = section.key
        marks.append(Mark(key, section.number, section.title, changed, unread[key], talked[key]))
    return marks, unseen


def unread_in(versions: Collection[int], user: User, reach: Reach) -> defaultdict[int, Counter[str]]:
    """Comments by others that the user has not seen, by version and section: two queries, however many versions."""
    looks = LastLook.objects.filter(user=user, version__in=versions).values_list("version_id", "section_key", "comment")
    seen = {(version, key): comment for version, key, comment in looks}
    rows = Comment.objects.visible_to(reach).standing().filter(thread__version__in=versions).exclude(author=user)
    found: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for pk, version, key in rows.order_by().values_list("pk", "thread__version_id", "thread__section_key"):
        if pk > seen.get((version, key), 0):
            found[version][key] += 1
    return found


def changed_in(versions: Collection[int], user: User) -> Counter[int]:
    """How many sections of each version others have changed since the user read them: one query."""
    looked = LastLook.objects.filter(user=user, version=OuterRef("version"), section_key=OuterRef("key"))
    rows = Section.objects.filter(Exists(looked.filter(revision__lt=OuterRef("revision"))), version__in=versions)
    return Counter(rows.exclude(changed_by_id=user.pk).order_by().values_list("version_id", flat=True))


# -------------------------------------------------------------------------------------------------- the text itself


def own_subjects(whole: Whole, reach: Reach) -> list[str]:
    """What history calls the internal talk of the parties one reads for."""
    held = reach.organisations(Permission.READ_AGREEMENTS) & whole.organisation_ids
    return [internal_subject(whole.version.agreement_id, organisation) for organisation in sorted(held)]


def may_speak(whole: Whole, reach: Reach) -> list[Party]:
    """The parties one can speak for now; none when the text is no longer in work."""
    held = reach.organisations(Permission.READ_AGREEMENTS)
    in_work = whole.version.state in WORKING
    return [party for party in whole.parties if in_work and party.organisation_id in held]


def sheet_with_marks(whole: Whole, document: Mapping[str, Any], key: str, threads: Iterable[ThreadLine]) -> Sheet:
    """One section ready to show, with the words that open threads are about marked."""
    [sheet] = sheets({"sections": [section for section in document["sections"] if section["key"] == key]}, [])
    spans: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for thread in threads:
        if thread.span and thread.resolved_at is None:
            path, start, end = thread.span
            spans[path].append((start, end))
    columns = {field.key: field.columns for field in whole.template_section(key).fields}
    for block in sheet.blocks if spans else ():
        _mark_block(block, spans, [column.key for column in columns.get(block["key"], ())])
    return sheet


def _mark_block(block: dict[str, Any], spans: Mapping[str, list[tuple[int, int]]], columns: list[str]) -> None:
    own = spans.get(block["key"], [])
    if own and "html" in block:
        block["html"] = mark_safe(mark_spans(str(block["html"]), own))  # noqa: S308 - cleaned when saved
    elif own and "text" in block:
        block["text"] = _marked(block["text"], own)
    elif "ids" in block:
        block["rows"] = [
            [
                (label, _marked(text, spans.get(f"{block['key']}.{row_id}.{column}", [])))
                for column, (label, text) in zip(columns, row, strict=True)
            ]
            for row, row_id in zip(block["rows"], block["ids"], strict=True)
        ]


def _marked(text: str, spans: list[tuple[int, int]]) -> str:
    return mark_safe(mark_spans(escape(text, quote=False), spans)) if spans else text  # noqa: S308 - escaped here
