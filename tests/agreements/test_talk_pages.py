"""The pages of the talk and the review: what each reader is shown, that it works without scripts, and what it costs."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agreements.actions import commenting, negotiating, reviewing, writing
from agreements.actions.commenting import Said
from agreements.anchors import Place, located
from agreements.gather import Whole
from agreements.models import Comment, LastLook, SectionReview, Thread, Version
from agreements.review import section_hashes
from contacts.models import Event, User
from contacts.rules import HIDDEN
from tests.agreements.forms import ids_of, tree_of, words_of
from tests.cast import Cast
from tests.factories import draft, fill, in_force, proposed

TEXT = "<p>Kommunen kallar till möte <strong>varje månad</strong> och Anna Lindqvist skriver protokoll.</p>"
HTMX = {"HX-Request": "true", "HX-Target": "samtal"}


@pytest.fixture
def version(cast: Cast) -> Version:
    made = draft(cast)
    write(made, cast.coordinator, TEXT)
    return made


def write(version: Version, by: User, text: str, key: str = "background", field: str = "local_situation") -> None:
    revision = version.sections.get(key=key).revision
    writing.save_section(by=by, version_id=version.pk, key=key, raw={field: text}, revision=revision)


def say(version: Version, by: User, text: str = "Stämmer det?", words: str = "", **more: Any) -> Thread:
    whole = Whole(version)
    place = located(whole.template_section("background").fields, whole.sections["background"].content, "", words)
    return commenting.begin_thread(
        by=by, version_id=version.pk, key="background", place=place or Place(), said=Said(text), **more
    )


def at(name: str, version: Version, *more: object) -> str:
    return reverse(name, args=(version.pk, *more))


def get(client: Client, user: User, address: str, **headers: str) -> Any:
    client.force_login(user)
    return client.get(address, headers=headers)


def post(client: Client, user: User, address: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
    client.force_login(user)
    return client.post(address, data or {}, **more)


def section(client: Client, user: User, version: Version, key: str = "background") -> Any:
    return get(client, user, at("section_talk", version, key))


# ------------------------------------------------------------------------------------------------------- comments


def test_a_comment_on_words_marks_them_for_both_parties(client: Client, cast: Cast, version: Version) -> None:
    data = {"text": "Hinner vi det?", "words": "varje månad", "place": "local_situation", "visibility": "shared"}

    answer = post(client, cast.coordinator, at("section_talk", version, "background"), data)

    assert answer.url.endswith(f"#trad-{Thread.objects.get().pk}")
    page = section(client, cast.af_coordinator, version)
    assert {"".join(m.itertext()) for m in tree_of(page).iter("mark")} == {"varje månad"}
    assert "Sara Ordnare, Samordnare, kommun, Östersunds kommun" in words_of(page)


def test_words_that_do_not_stand_there_are_told_and_nothing_is_lost(
    client: Client, cast: Cast, version: Version
) -> None:
    data = {"text": "Hinner vi det?", "words": "varje vecka", "visibility": "shared"}

    answer = post(client, cast.coordinator, at("section_talk", version, "background"), data)

    assert answer.status_code == 422
    assert "Orden står inte där" in words_of(answer)
    assert "Hinner vi det?" in answer.content.decode()
    assert not Thread.objects.exists()


def test_a_mark_that_is_gone_is_told_and_the_comment_stays(client: Client, cast: Cast, version: Version) -> None:
    say(version, cast.coordinator, words="varje månad")
    write(version, cast.coordinator, "<p>Möten hålls två gånger om året.</p>")

    page = section(client, cast.af_coordinator, version)

    assert "Texten har ändrats sedan dess" in words_of(page)
    assert "varje månad" in words_of(page)
    assert not list(tree_of(page).iter("mark"))


def test_a_row_is_commented_and_called_by_its_place(client: Client, cast: Cast) -> None:
    version = fill(draft(cast), cast)
    row = version.sections.get(key="goals").content["goals"][0]["id"]
    data = {"text": "Vem mäter?", "place": f"goals.{row}", "visibility": "shared"}

    post(client, cast.af_coordinator, at("section_talk", version, "goals"), data)

    assert Thread.objects.get().path == f"goals.{row}"
    assert "rad 1" in words_of(section(client, cast.coordinator, version, "goals"))


def test_what_is_internal_is_not_on_the_other_partys_pages(client: Client, cast: Cast, version: Version) -> None:
    data = {"text": "Bara för oss", "visibility": "internal"}
    post(client, cast.coordinator, at("section_talk", version, "background"), data)
    pages = [at("section_talk", version, "background"), at("talk", version), at("agreement_history", version)]

    for address in pages:
        assert "Bara för oss" in words_of(get(client, cast.reader, address))
        for user in (cast.af_coordinator, cast.officer, cast.skr_reader):
            assert "Bara för oss" not in words_of(get(client, user, address))


def test_the_history_of_a_section_tells_what_was_said_of_it(client: Client, cast: Cast, version: Version) -> None:
    say(version, cast.coordinator, "Stämmer det här?")
    address = at("agreement_history", version)

    def seen(query: str) -> bool:
        return "Stämmer det här?" in words_of(get(client, cast.reader, f"{address}?{query}"))

    assert [seen("avsnitt=background"), seen("avsnitt=goals"), seen("slag=samtal"), seen("slag=text")] == [
        True,
        False,
        True,
        False,
    ]


def test_nobody_reaches_an_internal_thread_by_its_number(client: Client, cast: Cast, version: Version) -> None:
    thread = say(version, cast.coordinator, internal=True)
    comment = thread.comments.get()

    for name, pk in (
        ("thread_reply", thread.pk),
        ("thread_resolve", thread.pk),
        ("thread_reopen", thread.pk),
        ("comment_change", comment.pk),
        ("comment_withdraw", comment.pk),
    ):
        assert post(client, cast.af_coordinator, at(name, version, pk), {"text": "x"}).status_code == 404


def test_a_thread_of_another_agreement_is_not_found_here(client: Client, cast: Cast, version: Version) -> None:
    other = draft(cast, municipality=cast.are, by=cast.outsider)

    thread = say(version, cast.coordinator)

    assert post(client, cast.af_coordinator, at("thread_resolve", other, thread.pk)).status_code == 404
    assert post(client, cast.outsider, at("thread_resolve", other, thread.pk)).status_code == 404


def test_names_are_covered_for_those_who_see_none(client: Client, cast: Cast, version: Version) -> None:
    say(version, cast.coordinator, "Fråga Anna Lindqvist.", words="Anna Lindqvist")

    text = words_of(section(client, cast.skr_reader, version))

    assert "Lindqvist" not in text
    assert "Sara Ordnare" not in text
    assert HIDDEN in text
    assert "Samordnare, kommun, Östersunds kommun" in text


def test_answering_resolving_and_opening_again_without_scripts(client: Client, cast: Cast, version: Version) -> None:
    thread = say(version, cast.coordinator)

    answer = post(
        client, cast.af_coordinator, at("thread_reply", version, thread.pk), {f"svar-{thread.pk}-text": "Ja."}
    )
    assert answer.status_code == 302
    for name, words in (("thread_resolve", "Öppna igen"), ("thread_reopen", "Markera som klar")):
        assert post(client, cast.coordinator, at(name, version, thread.pk)).status_code == 302
        assert words in words_of(section(client, cast.coordinator, version))


def test_the_part_that_htmx_gets_is_the_pages_own(client: Client, cast: Cast, version: Version) -> None:
    say(version, cast.coordinator)
    address = at("section_talk", version, "background")

    part = get(client, cast.reader, address, **HTMX).content.decode()
    whole = section(client, cast.reader, version).content.decode()

    token = re.compile(r'value="[A-Za-z0-9]{64}"')
    assert token.sub("", part).strip() in token.sub("", whole)


def test_an_answer_by_htmx_comes_back_as_the_talk_with_the_thread_in_focus(
    client: Client, cast: Cast, version: Version
) -> None:
    thread = say(version, cast.coordinator)

    answer = post(client, cast.reader, at("thread_resolve", version, thread.pk), headers=HTMX)

    assert answer.status_code == 200
    assert "Tråden är klar." in answer.content.decode()
    assert "data-autofocus" in answer.content.decode()


def test_ones_own_comment_is_changed_and_taken_back(client: Client, cast: Cast, version: Version) -> None:
    comment = say(version, cast.coordinator).comments.get()

    assert post(client, cast.reader, at("comment_change", version, comment.pk), {"text": "x"}).status_code == 403
    assert post(client, cast.coordinator, at("comment_change", version, comment.pk), {"text": "Ny."}).status_code == 302
    assert post(client, cast.coordinator, at("comment_withdraw", version, comment.pk)).status_code == 302

    page = words_of(section(client, cast.af_coordinator, version))
    assert "Kommentaren är tillbakatagen." in page
    assert "Ny." not in page


@pytest.mark.parametrize("text", ["", "Ring 811228-9874"])
def test_a_change_that_cannot_be_kept_is_told(client: Client, cast: Cast, version: Version, text: str) -> None:
    comment = say(version, cast.coordinator).comments.get()

    answer = post(client, cast.coordinator, at("comment_change", version, comment.pk), {"text": text})

    assert answer.status_code == 422
    assert Comment.objects.get().text == "Stämmer det?"


def test_when_the_text_is_signed_what_was_said_is_read_and_nothing_is_added(client: Client, cast: Cast) -> None:
    version = proposed(cast)
    say(version, cast.coordinator)
    Version.objects.filter(pk=version.pk).update(state="discarded", discarded_at="2026-11-22T12:00Z")

    assert "Stämmer det?" in words_of(section(client, cast.af_coordinator, version))
    assert "Spara kommentaren" not in words_of(section(client, cast.af_coordinator, version))
    answer = post(client, cast.coordinator, at("section_talk", version, "background"), {"text": "Mer."})
    assert (answer.status_code, Comment.objects.count()) == (302, 1)


def test_the_list_of_threads_is_filtered_by_its_address(client: Client, cast: Cast, version: Version) -> None:
    done = say(version, cast.coordinator, "Den första")
    say(version, cast.coordinator, "Den andra")
    commenting.resolve(by=cast.reader, thread_id=done.pk, now=done.created_at)
    address = at("talk", version)

    def seen(shown: str) -> list[bool]:
        text = words_of(get(client, cast.af_coordinator, f"{address}?visa={shown}"))
        return ["Den första" in text, "Den andra" in text]

    assert [seen(shown) for shown in ("", "oppna", "klara", "olasta", "x")] == [
        [True, True],
        [False, True],
        [True, False],
        [True, True],
        [True, True],
    ]


# ------------------------------------------------------------------------------------------------- what is new


def look(client: Client, user: User, version: Version, **data: Any) -> Any:
    last = Event.objects.about(version.subject).newest_first()[0].pk
    newest = max(Comment.objects.values_list("pk", flat=True), default=0)
    return post(client, user, at("looked", version), {"shown": last, "comment": newest} | data)


def new_to(client: Client, user: User, version: Version) -> str:
    return words_of(get(client, user, at("marks", version) + "?rubriker=1"))


def test_the_page_asks_for_what_is_new_and_keeps_nothing_of_it(client: Client, cast: Cast, version: Version) -> None:
    say(version, cast.coordinator)

    page = get(client, cast.af_coordinator, at("agreement", version)).content.decode()

    assert f'hx-get="{at("marks", version)}?sett=' in page
    assert "oläst" not in page


def test_unread_comments_are_counted_for_each_reader(client: Client, cast: Cast, version: Version) -> None:
    thread = say(version, cast.coordinator)
    commenting.reply(by=cast.af_signatory, thread_id=thread.pk, said=Said("Ja."))

    assert "2 olästa kommentarer" in new_to(client, cast.af_coordinator, version)
    assert "1 oläst kommentar" in new_to(client, cast.coordinator, version)
    look(client, cast.af_coordinator, version, section="background")
    assert "oläst" not in new_to(client, cast.af_coordinator, version)
    assert "1 oläst kommentar" in new_to(client, cast.coordinator, version)


def test_looking_at_a_page_marks_nothing_as_read(client: Client, cast: Cast, version: Version) -> None:
    say(version, cast.coordinator)

    for name in ("agreement", "talk", "marks", "changed"):
        get(client, cast.af_coordinator, at(name, version))
    section(client, cast.af_coordinator, version)

    assert not LastLook.objects.exists()


def test_what_others_change_is_marked_and_what_one_changes_oneself_is_not(
    client: Client, cast: Cast, version: Version
) -> None:
    for user in (cast.coordinator, cast.af_coordinator):
        look(client, user, version)
    write(version, cast.coordinator, "<p>Nya ord.</p>")

    assert "1 avsnitt ändrade sedan du läste" in new_to(client, cast.af_coordinator, version)
    assert "Inget ändrat sedan du läste" in new_to(client, cast.coordinator, version)
    page = words_of(get(client, cast.af_coordinator, at("changed", version)))
    assert "Anna Lindqvist skriver protokoll" in page
    assert "Nya ord." in page
    assert "Nya ord." in words_of(section(client, cast.af_coordinator, version))


def test_changes_are_covered_for_those_who_see_no_names(client: Client, cast: Cast, version: Version) -> None:
    look(client, cast.skr_reader, version)
    write(version, cast.coordinator, "<p>Bo Lindqvist skriver.</p>")

    text = words_of(get(client, cast.skr_reader, at("changed", version)))

    assert HIDDEN in text
    assert "Lindqvist" not in text


def test_a_button_marks_as_read_without_scripts(client: Client, cast: Cast, version: Version) -> None:
    answer = look(client, cast.reader, version)

    assert answer.url == at("agreement", version)
    assert LastLook.objects.count() == version.sections.count()


@pytest.mark.parametrize(
    "nonsense", [{}, {"shown": "-1"}, {"shown": "9" * 40}, {"shown": "x", "section": "finns-inte"}]
)
def test_nonsense_marks_nothing_wrongly(client: Client, cast: Cast, version: Version, nonsense: dict[str, str]) -> None:
    answer = post(client, cast.reader, at("looked", version), nonsense)

    assert answer.status_code == 302
    assert set(LastLook.objects.values_list("event", flat=True)) <= {0}


def test_the_desk_asks_for_what_is_new_in_all_agreements(client: Client, cast: Cast, version: Version) -> None:
    say(version, cast.coordinator)
    look(client, cast.af_coordinator, version)
    say(version, cast.coordinator, "Och det här?")
    write(version, cast.coordinator, "<p>Nya ord.</p>")

    assert 'hx-get="/mitt-arbete/nytt/"' in get(client, cast.af_coordinator, reverse("my_work")).content.decode()
    whole = get(client, cast.af_coordinator, reverse("news"))
    part = get(client, cast.af_coordinator, reverse("news"), **{"HX-Request": "true"})
    assert "1 oläst kommentar" in words_of(whole)
    assert "1 avsnitt ändrade sedan du läste" in words_of(whole)
    assert part.content.decode().strip() in whole.content.decode()


def test_what_is_internal_is_not_new_to_the_other_party(client: Client, cast: Cast, version: Version) -> None:
    say(version, cast.coordinator, internal=True)

    assert "oläst" not in new_to(client, cast.af_coordinator, version)
    assert "Inga olästa kommentarer" in words_of(get(client, cast.af_coordinator, reverse("news")))
    assert "1 oläst" in new_to(client, cast.reader, version)


# ------------------------------------------------------------------------------------------------------- review


def hashes(version: Version) -> dict[str, str]:
    return section_hashes(Whole(Version.objects.with_heads().get(pk=version.pk)).document)


def judge(client: Client, user: User, version: Version, key: str, verdict: str = "accepted", reason: str = "") -> Any:
    data = {"verdict": verdict, "reason": reason, "seen_hash": hashes(version)[key]}
    return post(client, user, at("section_review", version, key), data)


def buttons(response: Any) -> dict[str, str]:
    """Words of each button-like link → how bright it is."""
    rows = [a for a in tree_of(response).iter("a") if "ds-button" in (a.get("class") or "")]
    return {" ".join("".join(a.itertext()).split()): a.get("data-variant", "primary") for a in rows}


def test_the_reviewer_is_led_from_section_to_section(client: Client, cast: Cast) -> None:
    version = proposed(cast)

    answer = judge(client, cast.af_coordinator, version, "cover")

    assert answer.url == at("section_talk", version, "parties")
    page = words_of(client.get(answer.url))
    assert f"1 av {version.sections.count()} avsnitt godtagna" in page
    assert "Godta avsnitt" in page


def test_accepting_the_whole_is_bright_when_every_section_is_accepted(client: Client, cast: Cast) -> None:
    version = proposed(cast)
    address = at("agreement", version)
    before = buttons(get(client, cast.af_coordinator, address))
    for key, seen in hashes(version).items():
        reviewing.review_section(
            by=cast.af_coordinator,
            version_id=version.pk,
            key=key,
            verdict="accepted",
            seen_hash=seen,
            now=version.created_at,
        )
    after = buttons(get(client, cast.af_coordinator, address))

    assert (before["Granska avsnitt för avsnitt"], before["Godta texten"]) == ("primary", "secondary")
    assert (after["Godta texten"], after["Visa granskningen"]) == ("primary", "tertiary")


def test_the_proposer_follows_the_review(client: Client, cast: Cast) -> None:
    version = proposed(cast)
    judge(client, cast.af_coordinator, version, "goals", "change", "Målet saknar baslinje.")

    page = words_of(get(client, cast.coordinator, at("review", version)))

    assert "Målet saknar baslinje." in page
    assert "1 behöver ändras" in page
    assert "1 behöver ändras" in words_of(get(client, cast.coordinator, at("agreement", version)))
    assert "Godta avsnitt" not in words_of(section(client, cast.coordinator, version, "goals"))


def test_what_needs_changing_must_say_why(client: Client, cast: Cast) -> None:
    version = proposed(cast)

    answer = judge(client, cast.af_coordinator, version, "goals", "change")

    assert answer.status_code == 422
    assert "Skriv vad som behöver ändras" in words_of(answer)
    assert not SectionReview.objects.exists()


def test_sending_back_collects_the_reasons(client: Client, cast: Cast) -> None:
    version = proposed(cast)
    judge(client, cast.af_coordinator, version, "goals", "change", "Målet saknar baslinje.")

    page = get(client, cast.af_coordinator, at("send_back", version)).content.decode()

    assert "Målet saknar baslinje." in page


def test_accepting_the_whole_says_what_has_not_been_accepted_one_by_one(client: Client, cast: Cast) -> None:
    version = proposed(cast)
    judge(client, cast.af_coordinator, version, "goals", "change", "Målet saknar baslinje.")

    assert "1 behöver ändras" in words_of(get(client, cast.af_coordinator, at("accept", version)))


def test_the_next_review_shows_what_has_changed_since_the_text_was_sent_back(client: Client, cast: Cast) -> None:
    version = proposed(cast)
    judge(client, cast.af_coordinator, version, "employers")
    negotiating.send_back(by=cast.af_coordinator, version_id=version.pk, reason="Skriv om besöken.")
    write(version, cast.coordinator, "<p>Besök varje kvartal.</p>", "employers", "cooperation")
    negotiating.propose(by=cast.coordinator, version_id=version.pk)

    page = words_of(get(client, cast.af_coordinator, at("review", version)))
    assert "Ändrat sedan texten lämnades tillbaka" in page
    assert "Besök varje kvartal." in page
    assert "Ändrat sedan det granskades" in page


def test_reasons_are_covered_for_those_who_see_no_names(client: Client, cast: Cast) -> None:
    version = proposed(cast)
    judge(client, cast.af_coordinator, version, "goals", "change", "Fråga Anna Lindqvist om målet.")

    for address in (at("review", version), at("section_talk", version, "goals")):
        assert "Lindqvist" not in words_of(get(client, cast.skr_reader, address))


def test_a_text_that_has_not_been_reviewed_says_so(client: Client, cast: Cast, version: Version) -> None:
    assert "har inte granskats än" in words_of(get(client, cast.coordinator, at("review", version)))


# --------------------------------------------------------------------------------------------------------- cost


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_the_pages_cost_the_same_with_three_threads_and_with_thirty(client: Client, cast: Cast) -> None:
    version = proposed(cast)
    point = version.contacts.filter(party__side="municipality").first()
    assert point is not None
    names = [at("section_talk", version, "background"), at("talk", version), at("marks", version), reverse("news")]
    counts = {}
    for number in (3, 30):
        for _ in range(number):
            said = Said("Ja.", mentions=(point.contact_point_id,))
            thread = commenting.begin_thread(
                by=cast.coordinator, version_id=version.pk, key="background", place=Place(), said=said
            )
            commenting.reply(by=cast.coordinator, thread_id=thread.pk, said=Said("Jo."))
        client.force_login(cast.af_coordinator)
        counts[number] = [queries(client, address) for address in [*names, at("review", version)]]
    assert counts[3] == counts[30]
    assert counts[30][2] <= 10
    assert counts[30][3] <= 6


def test_an_agreement_in_force_pays_nothing_for_the_talk_and_one_under_review_one_query(
    client: Client, cast: Cast
) -> None:
    version = proposed(cast)
    Event.objects.update(pending=False)
    client.force_login(cast.af_coordinator)
    under_review = queries(client, at("agreement", version))
    Version.objects.filter(pk=version.pk).update(state="draft", proposed_by_side="")

    assert under_review - queries(client, at("agreement", version)) == 1


def test_ids_for_the_marks_stand_on_the_page(client: Client, cast: Cast) -> None:
    version = in_force(cast)

    ids = ids_of(get(client, cast.reader, at("agreement", version)))

    keys = version.sections.values_list("key", flat=True)
    assert {f"ny-{key}" for key in keys} | {f"samtal-{key}" for key in keys} <= ids
