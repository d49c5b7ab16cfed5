"""Finding: what somebody may see, of what the search knows, decided in the query."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from functools import reduce
from operator import and_
from typing import Final, NamedTuple

from django.contrib.postgres.search import SearchQuery, TrigramWordDistance
from django.db import connection
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from agreements.models import SearchDocument, Version
from agreements.searching.words import SHORTEST_MISSPELT, is_beginning, title_key
from contacts.access import Permission, Reach

MOST: Final = 1000
"""The newest so many hits are put in order and leafed through; the reader is asked for more words instead."""
MOST_ALIKE: Final = 20
HOW_ALIKE: Final = 0.4
"""How much of a misspelt word's letters, three by three, must stand in a title."""
AUDIENCE: Final = SearchDocument.Audience


class Hit(NamedTuple):
    """A row of the answer, as plain values."""

    kind: str
    title: str
    text: str
    version: int | None
    section: str
    contact_point: int | None
    organisation: int | None
    number: int | None
    state: str | None
    agreement: int | None
    begun: datetime.datetime | None
    total: int


VALUES: Final = (
    "kind",
    "title",
    "text",
    "version_id",
    "section_key",
    "contact_point_id",
    "organisation_id",
    "version__number",
    "version__state",
    "version__agreement_id",
    "version__agreement__created_at",
)


def visible(reach: Reach) -> Q:
    """What the reader may find: of the organisations whose agreements he reads, and in the words he may see.

    Quick, since it is answered by the index alone; `open_to` asks the rule itself of the few that are left.
    """
    if reach.nationally(Permission.READ_NATION):
        return _words_for(reach)
    return Q(parties__overlap=_sorted(reach, Permission.READ_AGREEMENTS)) & _words_for(reach)


def _words_for(reach: Reach) -> Q:
    """What names somebody as it stands for those who see names there, and covered for all others."""
    reads, sees = (reach.organisations(p) for p in (Permission.READ_AGREEMENTS, Permission.SEE_NAMES))
    is_national = reach.nationally(Permission.READ_NATION)
    if reach.sees_all_names or (not is_national and reads <= sees):
        return Q(audience__in=[AUDIENCE.ALL, AUDIENCE.NAMED])
    if not sees:
        return Q(audience__in=[AUDIENCE.ALL, AUDIENCE.COVERED])
    ours = Q(parties__overlap=_sorted(reach, Permission.SEE_NAMES))
    return Q(audience=AUDIENCE.ALL) | (Q(audience=AUDIENCE.NAMED) & ours) | (Q(audience=AUDIENCE.COVERED) & ~ours)


def _sorted(reach: Reach, permission: Permission) -> list[int]:
    return sorted(reach.organisations(permission))


def open_to(reach: Reach) -> Q:
    """The pages that the hits lead to open for this reader."""
    if reach.nationally(Permission.READ_NATION):
        return Q()
    versions = Version.objects.visible_to(reach).filter(pk=OuterRef("version"))
    own = Q(version__isnull=True, organisation__in=reach.organisations(Permission.READ_AGREEMENTS))
    return Q(Exists(versions)) | own


def query_of(words: Sequence[str], weight: str = "") -> SearchQuery:
    """All of the words, in any form; the last may be the beginning of a word. weight: "A" for titles alone."""
    return reduce(and_, [*(_stem(word, weight) for word in words[:-1]), _last(words[-1], weight)])


def _stem(word: str, weight: str) -> SearchQuery:
    return SearchQuery(f"{word}:{weight}" if weight else word, config="swedish", search_type="raw")


def _last(word: str, weight: str) -> SearchQuery:
    whole = _stem(word, weight)
    if not is_beginning(word):
        return whole
    beginning: SearchQuery = whole | SearchQuery(f"{word}:*{weight}", config="simple", search_type="raw")
    return beginning


def find(reach: Reach, words: Sequence[str], kind: str, *, start: int, end: int) -> list[Hit]:
    """A page of hits, each with the number of them all: those in titles first, then the newest. Two queries.

    The first puts numbers in order; texts are read of a page's hits alone.
    """
    rows = SearchDocument.objects.filter(visible(reach), words=query_of(words))
    if kind:
        rows = rows.filter(kind=kind)
    places = _ordered(rows, words, start, end)
    found = SearchDocument.objects.filter(open_to(reach), pk__in=[pk for pk, _ in places])
    described = {pk: values for pk, *values in found.values_list("pk", *VALUES)}
    return [Hit._make([*described[pk], total]) for pk, total in places if pk in described]


def _ordered(rows: QuerySet[SearchDocument], words: Sequence[str], start: int, end: int) -> list[tuple[int, int]]:
    """A page of the newest rows' numbers, with the number of rows. In SQL of our own: Django selects from no query."""
    titled = When(words=query_of(words, "A"), then=Value(0))
    in_title = Case(titled, default=Value(1), output_field=IntegerField())
    newest = rows.annotate(in_title=in_title).order_by("-at", "-pk").values("pk", "at", "in_title")[:MOST]
    inner, parameters = newest.query.sql_with_params()
    order = "ORDER BY in_title, at DESC, id DESC OFFSET %s LIMIT %s"
    with connection.cursor() as cursor:
        command = f"SELECT id, count(*) OVER () FROM ({inner}) AS newest(id, at, in_title) {order}"  # noqa: S608
        cursor.execute(command, [*parameters, start, end - start])
        return [(pk, total) for pk, total in cursor.fetchall()]


def find_alike(reach: Reach, words: Sequence[str]) -> list[Hit]:
    """What is called nearly what was typed, for when nothing is called just that. Two queries, or none."""
    keys = [key for word in words if len(key := title_key(word)) >= SHORTEST_MISSPELT and not key.isdecimal()]
    if not keys:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, false)", [str(HOW_ALIKE)])
    alike = Q()
    for key in keys:
        alike |= Q(title_key__trigram_word_similar=key)
    rows = SearchDocument.objects.filter(alike, visible(reach), open_to(reach))
    rows = rows.exclude(kind=SearchDocument.Kind.SECTION)
    longest = max(keys, key=len)
    ordered = rows.order_by(TrigramWordDistance(longest, "title_key"), "-at", "-pk")
    return [Hit._make([*row, MOST_ALIKE]) for row in ordered.values_list(*VALUES)[:MOST_ALIKE]]
