"""How far each user has read, and what has been written since: one's own, and never backwards."""

from __future__ import annotations

from typing import Any

import pytest

from agreements.actions import commenting, looking, negotiating, writing
from agreements.actions.commenting import Said
from agreements.anchors import Place
from agreements.gather import Whole
from agreements.models import LastLook, Version
from agreements.since import Change, changes, written_after
from contacts.errors import NotAllowed
from contacts.models import Event, User
from tests.cast import Cast
from tests.factories import draft, fill


@pytest.fixture
def version(cast: Cast) -> Version:
    return fill(draft(cast), cast)


def newest(version: Version) -> int:
    return Event.objects.about(version.subject).newest_first().values_list("pk", flat=True)[0]


def look(version: Version, by: User, *keys: str, **more: Any) -> int:
    keys = keys or tuple(version.sections.values_list("key", flat=True))
    return looking.look(by=by, version_id=version.pk, keys=keys, shown=more.pop("shown", newest(version)), **more)


def write(version: Version, by: User, text: str) -> None:
    section = version.sections.get(key="employers")
    raw = {"cooperation": f"<p>{text}</p>"}
    writing.save_section(by=by, version_id=version.pk, key="employers", raw=raw, revision=section.revision)


def since(version: Version, user: User) -> list[Change]:
    seen = dict(LastLook.objects.filter(user=user, version=version).values_list("section_key", "event"))
    events = written_after(version.subject, min(seen.values(), default=0))
    return changes(events, Whole(version).template_sections, seen, names=True)


def test_a_look_is_kept_for_each_section_that_was_read(version: Version, cast: Cast) -> None:
    assert look(version, cast.reader, "goals", "employers", "no-such-section") == 2

    row = LastLook.objects.get(section_key="goals")
    assert (row.user, row.revision, row.event) == (cast.reader, 1, newest(version))


@pytest.mark.parametrize("role", ["officer", "skr_reader", "af_signatory"])
def test_whoever_reads_may_look(version: Version, cast: Cast, role: str) -> None:
    assert look(version, getattr(cast, role), "goals") == 1


@pytest.mark.parametrize("role", ["outsider", "administrator"])
def test_an_outsider_may_not(version: Version, cast: Cast, role: str) -> None:
    with pytest.raises(NotAllowed):
        look(version, getattr(cast, role), "goals")


def test_a_look_leaves_no_history(version: Version, cast: Cast) -> None:
    before = Event.objects.count()

    look(version, cast.reader)

    assert Event.objects.count() == before


def test_a_look_never_goes_backwards_nor_beyond_what_there_is(version: Version, cast: Cast) -> None:
    look(version, cast.reader, "goals")
    look(version, cast.reader, "goals", shown=1)
    look(version, cast.reader, "goals", shown=10**12, comment=10**12)

    row = LastLook.objects.get()
    assert (row.event, row.comment) == (newest(version), 0)


def test_what_is_written_while_the_page_is_open_has_not_been_seen(version: Version, cast: Cast) -> None:
    shown = newest(version)
    write(version, cast.af_coordinator, "Nytt.")

    assert look(version, cast.reader, "goals", "employers", shown=shown) == 1
    assert LastLook.objects.get().section_key == "goals"


def test_nothing_has_changed_since_one_looked(version: Version, cast: Cast) -> None:
    look(version, cast.reader)

    assert since(version, cast.reader) == []


def test_several_saves_are_one_change_from_what_was_read_to_what_is_there(version: Version, cast: Cast) -> None:
    look(version, cast.reader)
    for text in ("Ett.", "Två.", "Tre."):
        write(version, cast.af_coordinator, text)

    [change] = since(version, cast.reader)
    [difference] = change.lines[0].differences
    assert (difference.before, difference.after) == ("Gemensamma besök hos arbetsgivare.", "Tre.")


def test_what_was_changed_and_changed_back_is_no_change(version: Version, cast: Cast) -> None:
    look(version, cast.reader)
    write(version, cast.af_coordinator, "Annat.")
    write(version, cast.af_coordinator, "Gemensamma besök hos arbetsgivare.")

    assert since(version, cast.reader) == []


def test_parties_period_and_contacts_are_changes_of_their_sections(version: Version, cast: Cast) -> None:
    look(version, cast.reader)
    party = version.parties.get(side="municipality")
    for case_number in ("AMN 1", "AMN 2"):
        revision = version.sections.get(key="cover").revision
        facts = {party.pk: {"case_number": case_number}}
        writing.save_parties(by=cast.coordinator, version_id=version.pk, key="cover", changes=facts, revision=revision)
    writing.save_period(
        by=cast.coordinator,
        version_id=version.pk,
        key="validity",
        period=writing.Period(None, None, None, 3),
        revision=1,
    )
    writing.choose_contacts(by=cast.coordinator, version_id=version.pk, key="contacts", chosen=[], revision=1)

    found = {change.section.key: change.lines[0].differences for change in since(version, cast.reader)}
    assert set(found) == {"cover", "validity", "contacts"}
    assert (found["cover"][0].before, found["cover"][0].after) == ("", "AMN 2")


def test_talk_and_moves_are_no_changes_of_the_text(version: Version, cast: Cast) -> None:
    look(version, cast.reader)
    commenting.begin_thread(
        by=cast.coordinator, version_id=version.pk, key="goals", place=Place(), said=Said("Hur går det?")
    )
    negotiating.propose(by=cast.coordinator, version_id=version.pk)

    assert since(version, cast.reader) == []
