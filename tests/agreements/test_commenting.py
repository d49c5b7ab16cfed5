"""Talking about the text: who may, where, internally or to all, mended, taken back, done; and nothing is lost."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from agreements.actions import commenting, negotiating, writing
from agreements.actions.commenting import Said
from agreements.anchors import Place, located
from agreements.gather import Whole
from agreements.models import Comment, Thread, Version
from agreements.presenters import PRESENTERS, Section, present
from contacts.access import reach_of
from contacts.errors import NotAllowed, Refused
from contacts.models import Event, User
from contacts.rules import HIDDEN
from tests.cast import Cast
from tests.factories import TODAY, accepted, contact_point, draft, fill, in_force, municipality, proposed

NOW = datetime.datetime.combine(TODAY, datetime.time(12), tzinfo=datetime.UTC)
TEXT = "<p>Kommunen kallar till möte varje månad och skriver protokoll.</p>"


@pytest.fixture
def version(cast: Cast) -> Version:
    made = draft(cast)
    raw = {"local_situation": TEXT}
    writing.save_section(by=cast.coordinator, version_id=made.pk, key="background", raw=raw, revision=0)
    return made


def say(version: Version, by: User, text: str = "Stämmer det?", **more: Any) -> Thread:
    said = Said(text, mentions=more.pop("mentions", ()), organisation_id=more.pop("organisation_id", None))
    place = more.pop("place", Place())
    return commenting.begin_thread(
        by=by, version_id=version.pk, key=more.pop("key", "background"), place=place, said=said, **more
    )


def on_words(version: Version, words: str) -> Place:
    whole = Whole(version)
    fields, content = whole.template_section("background").fields, whole.sections["background"].content
    place = located(fields, content, "", words)
    assert place is not None
    return place


@pytest.mark.parametrize("role", ["coordinator", "signatory", "reader", "af_coordinator", "af_signatory"])
def test_everybody_of_a_party_may_say_something(version: Version, cast: Cast, role: str) -> None:
    thread = say(version, getattr(cast, role))

    comment = thread.comments.get()
    assert (comment.text, comment.author_name) == ("Stämmer det?", getattr(cast, role).name)
    assert comment.organisation in (cast.ostersund, cast.nord)


@pytest.mark.parametrize("role", ["officer", "skr_reader", "administrator", "outsider"])
def test_nobody_else_may(version: Version, cast: Cast, role: str) -> None:
    with pytest.raises(NotAllowed):
        say(version, getattr(cast, role))


@pytest.mark.parametrize("make", [draft, proposed, accepted])
def test_a_text_in_work_is_talked_about(cast: Cast, make: Any) -> None:
    assert say(make(cast), cast.coordinator).pk


def test_a_text_that_is_signed_is_no_longer_talked_about(cast: Cast) -> None:
    version = in_force(cast)

    with pytest.raises(Refused, match="under arbete"):
        say(version, cast.coordinator)


def test_words_are_marked_with_what_stands_around_them(version: Version, cast: Cast) -> None:
    thread = say(version, cast.af_coordinator, place=on_words(version, "varje månad"))

    assert (thread.path, thread.quote, thread.about) == ("local_situation", "varje månad", "Lokalt läge")
    assert (thread.before[-5:], thread.after[:3]) == ("möte ", " oc")


def test_a_place_that_has_gone_is_refused(version: Version, cast: Cast) -> None:
    with pytest.raises(Refused, match="finns inte längre"):
        say(version, cast.coordinator, key="goals", place=Place("goals.aaaa"))


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "Skriv något"), (" \n ", "Skriv något"), ("x" * 2001, "2001 tecken"), ("Gäller 811228-9874", "personnummer")],
)
def test_words_that_cannot_be_kept_are_refused(version: Version, cast: Cast, text: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        say(version, cast.coordinator, text)
    assert not Thread.objects.exists()


def test_what_is_internal_is_seen_by_ones_own_alone(version: Version, cast: Cast) -> None:
    say(version, cast.coordinator, "Bara för oss", internal=True)
    shared = say(version, cast.coordinator, "För alla")

    def seen(user: User) -> int:
        return Thread.objects.visible_to(reach_of(user)).count()

    assert [seen(user) for user in (cast.coordinator, cast.reader)] == [2, 2]
    assert [seen(user) for user in (cast.af_coordinator, cast.officer, cast.skr_reader)] == [1, 1, 1]
    assert Thread.objects.visible_to(reach_of(cast.af_coordinator)).get() == shared


def test_what_is_internal_stands_in_ones_own_history_alone(version: Version, cast: Cast) -> None:
    thread = say(version, cast.coordinator, "Bara för oss", internal=True)
    commenting.resolve(by=cast.reader, thread_id=thread.pk, now=NOW)

    subject = f"internal:{version.agreement_id}:{cast.ostersund.pk}"
    assert set(Event.objects.about(subject).values_list("type", flat=True)) == {
        "agreement.commented",
        "agreement.thread_resolved",
    }
    assert "Bara för oss" not in str(list(Event.objects.about(version.subject).values_list("after", flat=True)))


def test_nobody_answers_in_what_they_do_not_see(version: Version, cast: Cast) -> None:
    thread = say(version, cast.coordinator, "Bara för oss", internal=True)

    for act in (
        lambda: commenting.reply(by=cast.af_coordinator, thread_id=thread.pk, said=Said("Hej")),
        lambda: commenting.resolve(by=cast.af_coordinator, thread_id=thread.pk, now=NOW),
        lambda: commenting.reopen_thread(by=cast.af_coordinator, thread_id=thread.pk),
    ):
        with pytest.raises(Thread.DoesNotExist):
            act()
    with pytest.raises(Comment.DoesNotExist):
        commenting.withdraw_comment(by=cast.af_coordinator, comment_id=thread.comments.get().pk, now=NOW)


def test_a_municipality_of_a_joint_agreement_keeps_its_own_talk_to_itself(cast: Cast) -> None:
    berg = municipality("2326", "Bergs")
    version = writing.start_agreement(
        by=cast.af_coordinator, municipalities=[cast.ostersund, berg], af=cast.nord, today=TODAY
    )

    say(version, cast.coordinator, internal=True)

    assert Thread.objects.get().organisation == cast.ostersund


def test_a_thread_is_answered_done_and_taken_up_again(version: Version, cast: Cast) -> None:
    thread = say(version, cast.coordinator)
    commenting.reply(by=cast.af_coordinator, thread_id=thread.pk, said=Said("Ja."))
    done = commenting.resolve(by=cast.af_coordinator, thread_id=thread.pk, now=NOW)
    with pytest.raises(Refused, match="Tråden är klar"):
        commenting.reply(by=cast.coordinator, thread_id=thread.pk, said=Said("Nej."))
    commenting.reopen_thread(by=cast.coordinator, thread_id=thread.pk)

    assert (done.resolved_by, done.resolved_at) == ("Ali Ordnare", NOW)
    types = Event.objects.filter(type__contains="thread_").order_by("pk").values_list("type", "actor_name")
    assert list(types) == [
        ("agreement.thread_resolved", "Ali Ordnare"),
        ("agreement.thread_reopened", "Sara Ordnare"),
    ]


def test_ones_own_comment_is_mended_and_history_has_both(version: Version, cast: Cast) -> None:
    comment = say(version, cast.coordinator).comments.get()

    commenting.change_comment(by=cast.coordinator, comment_id=comment.pk, text="Är det rätt?", now=NOW)

    event = Event.objects.get(type="agreement.comment_changed")
    assert (event.before["text"], event.after["text"]) == ("Stämmer det?", "Är det rätt?")


def test_somebody_elses_comment_is_left_alone(version: Version, cast: Cast) -> None:
    comment = say(version, cast.coordinator).comments.get()

    with pytest.raises(NotAllowed):
        commenting.change_comment(by=cast.reader, comment_id=comment.pk, text="Nej.", now=NOW)
    with pytest.raises(NotAllowed):
        commenting.withdraw_comment(by=cast.af_coordinator, comment_id=comment.pk, now=NOW)


def test_what_has_been_answered_or_is_old_is_no_longer_mended(version: Version, cast: Cast) -> None:
    comment = say(version, cast.coordinator).comments.get()
    late = comment.written_at + datetime.timedelta(hours=25)

    with pytest.raises(Refused, match="ett dygn"):
        commenting.change_comment(by=cast.coordinator, comment_id=comment.pk, text="Ny.", now=late)
    commenting.reply(by=cast.af_coordinator, thread_id=comment.thread_id, said=Said("Ja."))
    with pytest.raises(Refused, match="redan svarat"):
        commenting.change_comment(by=cast.coordinator, comment_id=comment.pk, text="Ny.", now=NOW)


def test_what_is_taken_back_stays_in_the_thread_and_its_words_in_history(version: Version, cast: Cast) -> None:
    comment = say(version, cast.coordinator).comments.get()

    for _ in range(2):
        commenting.withdraw_comment(by=cast.coordinator, comment_id=comment.pk, now=NOW)

    assert Comment.objects.get().withdrawn_at == NOW
    assert Event.objects.get(type="agreement.comment_withdrawn").before == {"text": "Stämmer det?"}


def test_a_function_of_a_party_is_mentioned(version: Version, cast: Cast) -> None:
    point = contact_point(cast.ostersund, by=cast.coordinator)

    thread = say(version, cast.coordinator, mentions=(point.pk,))

    assert thread.comments.get().mentioned.get() == point


def test_a_function_of_somebody_else_cannot_be_mentioned(version: Version, cast: Cast) -> None:
    theirs = contact_point(cast.nord, by=cast.af_coordinator)
    outside = contact_point(cast.are, by=cast.outsider)

    for point in (theirs, outside):
        with pytest.raises(Refused, match="hör inte till"):
            say(version, cast.coordinator, mentions=(point.pk,))


def test_the_other_partys_functions_in_the_agreement_can_be_mentioned_but_not_internally(cast: Cast) -> None:
    version = fill(draft(cast), cast)
    theirs = version.contacts.filter(party__side="af").first()
    assert theirs is not None

    assert say(version, cast.coordinator, mentions=(theirs.contact_point_id,))
    with pytest.raises(Refused, match="hör inte till"):
        say(version, cast.coordinator, mentions=(theirs.contact_point_id,), internal=True)


def test_every_event_of_the_talk_is_told_in_plain_words(version: Version, cast: Cast) -> None:
    thread = say(version, cast.coordinator, "Fråga Anna Lindqvist", place=on_words(version, "varje månad"))
    commenting.change_comment(
        by=cast.coordinator, comment_id=thread.comments.get().pk, text="Fråga Bo Lindqvist", now=NOW
    )
    sections = {"background": Section("2", "Bakgrund", ())}

    first, second = Event.objects.filter(type__contains="comment").order_by("pk")
    line, changed = present(first, sections, names=True), present(second, sections, names=True)

    assert first.type in PRESENTERS
    assert (line.text, line.note) == ("Kommenterade avsnitt 2 Bakgrund", "Om ”varje månad”. Fråga Anna Lindqvist")
    assert changed.differences[0].after == "Fråga Bo Lindqvist"
    assert HIDDEN in present(first, sections, names=False).note


def test_a_discarded_draft_is_silent(version: Version, cast: Cast) -> None:
    thread = say(version, cast.coordinator)
    negotiating.discard(by=cast.coordinator, version_id=version.pk, reason="Dubblett.")

    with pytest.raises(Refused, match="under arbete"):
        commenting.resolve(by=cast.coordinator, thread_id=thread.pk, now=NOW)
