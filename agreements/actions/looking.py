"""Noting how far a user has read. It is the user's own, shown to nobody else, and leaves no history."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.db import connection, transaction

from agreements.actions.locking import lock
from agreements.gather import Whole
from agreements.models import Comment, Version
from agreements.since import sections_of, written_after
from contacts.access import reach_of
from contacts.errors import NotAllowed
from contacts.models import Event, User

LOOK: Final = """
INSERT INTO agreements_lastlook AS look (user_id, version_id, section_key, revision, event, comment, at)
SELECT %s, section.version_id, section.key, section.revision, %s, %s, now()
FROM agreements_section AS section WHERE section.version_id = %s AND section.key = ANY(%s)
ON CONFLICT ON CONSTRAINT a_user_has_one_last_look DO UPDATE SET
    revision = GREATEST(look.revision, EXCLUDED.revision), event = GREATEST(look.event, EXCLUDED.event),
    comment = GREATEST(look.comment, EXCLUDED.comment), at = EXCLUDED.at
"""
"""In SQL, so that two windows of the same user never make a look go backwards."""


@transaction.atomic
def look(*, by: User, version_id: int, keys: Collection[str], shown: int, comment: int = 0) -> int:
    """Note that sections were read as they stood at a row of history, with comments up to one; the number noted.

    shown: the newest row of the agreement's history when the page was made. A section that has been written in since is
    left as it was: its new text has not been seen. Raises NotAllowed; Version.DoesNotExist.
    """
    whole = Whole(lock(version_id))
    if not reach_of(by).reads(whole.organisation_ids):
        raise NotAllowed
    version = whole.version
    newest = Event.objects.about(version.subject).newest_first().values_list("pk", flat=True).first() or 0
    shown, comment = min(shown, newest), min(comment, _newest_comment(version))
    unseen = {
        key for event in written_after(version.subject, shown) for key in sections_of(event, whole.template_sections)
    }
    return _note(by, version, sorted(set(keys) - unseen), shown, comment)


def _newest_comment(version: Version) -> int:
    rows = Comment.objects.filter(thread__version=version).order_by("-pk")
    return rows.values_list("pk", flat=True).first() or 0


def _note(by: User, version: Version, keys: Collection[str], shown: int, comment: int) -> int:
    if not keys:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(LOOK, [by.pk, shown, comment, version.pk, list(keys)])
        return int(cursor.rowcount)
