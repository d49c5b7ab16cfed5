"""The search: everything that one may see, and nothing else, found by words in any form."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from agreements import search
from agreements.actions import amending, attaching, checking, clearing, indexing, negotiating, writing
from agreements.models import AttachedFile, SearchDocument, Version
from agreements.search import Hit
from agreements.searching.words import asked
from contacts import actions as contact_actions
from contacts.access import Reach, reach_of
from contacts.models import ContactPoint, User
from contacts.roles import Permission, Role
from tests import factories, files
from tests.agreements.forms import tree_of, words_of
from tests.cast import Cast

NOW = datetime.datetime.combine(factories.TODAY, datetime.time(12), tzinfo=datetime.UTC)


def settle() -> None:
    """What a worker does after every change."""
    indexing.index_missing()
    while clearing.clear_next(now=datetime.datetime.now(datetime.UTC)):
        pass
    while checking.deliver_events(now=NOW):
        pass


def write(version: Version, cast: Cast, text: str, key: str = "background", field: str = "local_situation") -> None:
    revision = version.sections.get(key=key).revision
    writing.save_section(
        by=cast.coordinator, version_id=version.pk, key=key, raw={field: f"<p>{text}</p>"}, revision=revision
    )


def hits(user: User, text: str, kind: str = "") -> list[Hit]:
    return search.find(reach_of(User.objects.get(pk=user.pk)), asked(text), kind, start=0, end=50)


def kinds(user: User, text: str) -> set[str]:
    return {hit.kind for hit in hits(user, text)}


@pytest.fixture
def version(cast: Cast) -> Version:
    version = factories.fill(factories.draft(cast), cast)
    settle()
    return version


# ------------------------------------------------------------------------------------------------ what is found


def test_a_text_is_found_within_one_delivery_of_its_being_written(version: Version, cast: Cast):
    write(version, cast, "Verkstadsindustrin söker svetsare.")
    before = hits(cast.coordinator, "svetsare")
    settle()

    assert before == []
    assert [(hit.kind, hit.section) for hit in hits(cast.coordinator, "svetsare")] == [("section", "background")]


@pytest.mark.parametrize(
    "text", ["verkstadsindustri", "VERKSTADSINDUSTRIN", "svetsarnas", "verkstadsind", "söker svets"]
)
def test_words_are_found_in_any_form_and_the_last_by_its_beginning(text: str, version: Version, cast: Cast):
    write(version, cast, "Verkstadsindustrin söker svetsare.")
    settle()

    assert kinds(cast.coordinator, text) == {"section"}


def test_who_leaves_the_dots_out_finds_all_the_same(version: Version, cast: Cast):
    assert {hit.version for hit in hits(cast.coordinator, "ostersund overenskommelse")} >= {version.pk}


def test_who_types_the_dots_means_them(version: Version, cast: Cast):
    write(version, cast, "Barnens far arbetar.")
    settle()

    assert kinds(cast.coordinator, "far") == {"section"}
    assert hits(cast.coordinator, "fär") == []


def test_all_of_the_words_are_asked_for(version: Version, cast: Cast):
    write(version, cast, "Verkstadsindustrin söker svetsare.")
    settle()

    assert hits(cast.coordinator, "svetsare målare") == []


@pytest.mark.parametrize("form", ["{reference}", "{number}", "ök {number}", "{short}"])
def test_an_agreement_is_found_by_its_reference(form: str, version: Version, cast: Cast):
    reference = version.agreement.reference
    text = form.format(reference=reference, number=reference.rpartition("-")[2], short=version.agreement_id)

    assert hits(cast.coordinator, text)[0].version == version.pk


def test_an_agreement_is_found_by_its_case_number(version: Version, cast: Cast):
    party = version.parties.get(side="municipality")
    revision = version.sections.get(key="parties").revision
    changes = {party.pk: {"case_number": "AMN 2026/118"}}
    writing.save_parties(by=cast.coordinator, version_id=version.pk, key="parties", changes=changes, revision=revision)
    settle()

    assert [hit.kind for hit in hits(cast.coordinator, "AMN 2026/118")] == ["agreement"]


def test_the_text_of_an_attached_file_is_found(version: Version, cast: Cast):
    attaching.attach(
        by=cast.coordinator,
        version_id=version.pk,
        upload=files.sent(files.pdf("Truckkort och lagerarbete"), "Behov.pdf"),
        title="Arbetsgivarnas behov",
    )
    settle()

    assert kinds(cast.coordinator, "truckkort") == {"attachment"}
    assert kinds(cast.coordinator, "arbetsgivarnas behov") >= {"attachment"}


def test_a_file_that_is_removed_is_found_no_more(version: Version, cast: Cast):
    attachment = attaching.attach(
        by=cast.coordinator, version_id=version.pk, upload=files.sent(files.pdf("Truckkort")), title="Behov"
    )
    settle()
    attaching.remove_attachment(by=cast.coordinator, attachment_id=attachment.pk)

    assert hits(cast.coordinator, "truckkort") == []


def test_contact_points_and_organisations_are_found_by_those_who_read_them(version: Version, cast: Cast):
    assert "organisation" in kinds(cast.coordinator, "Östersunds kommun")
    assert "contact" in kinds(cast.coordinator, "arbetsmarknad@ostersund.se")
    assert "contact" not in kinds(cast.af_coordinator, "arbetsmarknad@ostersund.se")
    assert "section" in kinds(cast.af_coordinator, "arbetsmarknad@ostersund.se")


def test_frozen_versions_and_drafts_are_both_found(cast: Cast):
    signed = factories.in_force(cast)
    draft = amending.start_amendment(by=cast.coordinator, version_id=signed.pk, today=factories.TODAY)
    settle()

    found = {hit.version for hit in hits(cast.coordinator, "arbetslösheten är högst", "section")}
    assert found == {signed.pk, draft.pk}


def test_a_discarded_draft_is_found_no_more(version: Version, cast: Cast):
    negotiating.discard(by=cast.coordinator, version_id=version.pk, reason="Fel mall")
    settle()

    assert {hit.version for hit in hits(cast.coordinator, "Östersund")} == {None}


def test_hits_in_titles_come_first_then_the_newest(version: Version, cast: Cast):
    write(version, cast, "Goda målgrupper")
    settle()

    found = hits(cast.coordinator, "målgrupper")

    assert found[0].section == "target_groups"
    assert "background" in {hit.section for hit in found}


def test_hits_can_be_of_one_kind(version: Version, cast: Cast):
    assert {hit.kind for hit in hits(cast.coordinator, "Östersund", "organisation")} == {"organisation"}


# --------------------------------------------------------------------------------------------- who finds what


def everything(user: User) -> set[int]:
    reach = reach_of(User.objects.get(pk=user.pk))
    return set(SearchDocument.objects.filter(search.visible(reach)).values_list("pk", flat=True))


def test_everybody_finds_what_the_rule_of_reading_says_and_nothing_else(cast: Cast):
    factories.fill(factories.draft(cast), cast)
    factories.draft(cast, municipality=cast.are, by=cast.outsider)
    settle()

    for user in cast.by_name().values():
        reach = reach_of(User.objects.get(pk=user.pk))
        rows = SearchDocument.objects.filter(pk__in=everything(user))
        assert set(rows.filter(search.open_to(reach))) == set(rows)
        versions = set(rows.filter(kind="agreement").values_list("version", flat=True))
        assert versions == set(Version.objects.visible_to(reach).values_list("pk", flat=True))


def test_an_outsider_finds_nothing_of_it(version: Version, cast: Cast):
    write(version, cast, "Verkstadsindustrin söker svetsare.")
    settle()

    assert hits(cast.outsider, "svetsare") == []
    assert hits(cast.administrator, "svetsare") == []
    assert hits(cast.officer, "svetsare") != []


def test_who_sees_no_names_neither_finds_nor_sees_them(version: Version, cast: Cast):
    write(version, cast, "Kontakta Anna Lindqvist om praktikplatser.")
    settle()

    assert kinds(cast.coordinator, "Lindqvist") == {"section"}
    assert hits(cast.skr_reader, "Lindqvist") == []
    (hit,) = hits(cast.skr_reader, "praktikplatser")
    assert "Kontakta [namn visas inte] om praktikplatser." in hit.text


def test_a_holder_is_found_only_by_those_who_see_names(version: Version, cast: Cast):
    point = ContactPoint.objects.filter(organisation=cast.ostersund).earliest("pk")
    contact_actions.change_holder(
        by=cast.coordinator, contact_point_id=point.pk, name="Berit Ekdahl", today=factories.TODAY
    )
    settle()

    assert [hit.contact_point for hit in hits(cast.coordinator, "Ekdahl")] == [point.pk]
    assert hits(cast.skr_reader, "Ekdahl") == []
    contact_actions.change_holder(by=cast.coordinator, contact_point_id=point.pk, name="", today=factories.TODAY)
    settle()
    assert hits(cast.coordinator, "Ekdahl") == []


def test_who_sees_names_in_one_place_does_not_see_them_in_all(version: Version, cast: Cast):
    write(version, cast, "Kontakta Anna Lindqvist om praktikplatser.")
    settle()
    contact_actions.give_role(
        by=None, user=cast.skr_reader, organisation=cast.are, role=Role.READER, today=factories.TODAY
    )

    assert hits(cast.skr_reader, "Lindqvist") == []
    assert len(hits(cast.skr_reader, "praktikplatser")) == 1


def test_who_may_do_nothing_finds_nothing(version: Version):
    assert search.find(Reach({}), ["kommun"], "", start=0, end=50) == []
    assert Permission.READ_AGREEMENTS not in Reach({}).by_permission


# ------------------------------------------------------------------------------------------------- what is kept


def test_a_second_look_writes_nothing(version: Version):
    assert indexing.index_all() == 0


def test_all_can_be_made_anew(version: Version, capsys: pytest.CaptureFixture[str]):
    columns = ("kind", "audience", "version", "section_key", "contact_point", "text", "words")
    known = set(SearchDocument.objects.values_list(*columns))

    call_command("rebuild_search", from_nothing=True)

    assert set(SearchDocument.objects.values_list(*columns)) == known
    assert f"{len(known)} known" in capsys.readouterr().out


def test_what_was_there_before_the_search_is_found_after_a_night(version: Version, cast: Cast):
    SearchDocument.objects.all().delete()

    indexing.index_missing()

    assert {hit.version for hit in hits(cast.coordinator, "ungdomsarbetslöshet utan gymnasieutbildning")} == set()
    assert kinds(cast.coordinator, "gymnasieutbildning") == {"section"}


@pytest.mark.parametrize("number", [1, 5])
def test_indexing_many_versions_asks_no_more_than_indexing_one(
    number: int, cast: Cast, django_assert_max_num_queries: Any
):
    for place in range(number):
        name = f"Prov{place}"
        factories.draft(cast, municipality=factories.municipality(f"90{place:02d}", name), by=cast.af_coordinator)
    ids = list(Version.objects.values_list("pk", flat=True))

    with django_assert_max_num_queries(12):
        indexing.index_versions(ids=ids)


# -------------------------------------------------------------------------------------------------- the page


def look(client: Client, user: User, **asked_for: str) -> Any:
    client.force_login(user)
    return client.get(reverse("search"), asked_for)


def test_the_page_marks_the_words_and_leads_to_the_section(version: Version, cast: Cast, client: Client):
    write(version, cast, "Verkstadsindustrin söker svetsare.")
    settle()

    response = look(client, cast.coordinator, q="svetsarna")

    assert "<mark>svetsare</mark>" in response.content.decode()
    assert f'href="{reverse("agreement", args=[version.pk])}#avsnitt-background"' in response.content.decode()
    assert "1 träff" in words_of(response)


def test_markup_in_what_was_written_or_typed_stays_text(version: Version, cast: Cast, client: Client):
    write(version, cast, "Tecknet &lt;b&gt; betyder fet.")
    settle()

    page = look(client, cast.coordinator, q='fet "><script>').content.decode()

    assert "<script>" not in page.partition("<main")[2].partition("</main>")[0]


def test_every_page_has_the_box_that_leads_here(cast: Cast, client: Client):
    client.force_login(cast.signatory)
    page = client.get(reverse("my_work"))

    forms = [form for form in tree_of(page).iter("form") if form.get("role") == "search"]
    assert [form.get("action") for form in forms] == [reverse("search")]


def test_an_empty_answer_says_how_to_go_on_and_what_was_meant(version: Version, cast: Cast, client: Client):
    response = look(client, cast.coordinator, q="ostersnd")

    assert "Menade du östersunds" in words_of(response)
    assert "Liknande namn" in words_of(response)
    assert "?q=%C3%B6stersunds" in response.content.decode()


def test_a_suggestion_tells_nothing_of_what_one_may_not_see(version: Version, cast: Cast, client: Client):
    words = words_of(look(client, cast.outsider, q="ostersnd"))

    assert "Menade du" not in words
    assert "Östersund" not in words


def test_a_misspelt_name_suggests_no_name_to_those_who_see_none(version: Version, cast: Cast, client: Client):
    attaching.attach(
        by=cast.coordinator, version_id=version.pk, upload=files.sent(files.picture()), title="Möte med Anna Lindqvist"
    )
    settle()

    assert "Menade du lindqvist" in words_of(look(client, cast.coordinator, q="lindkvst"))
    assert "indqvist" not in words_of(look(client, cast.skr_reader, q="lindkvst"))


@pytest.mark.parametrize("text", ["", "   ", "!?", "&|!():*", "'; DROP", "a" * 500, "\x00kommun", "och"])
def test_whatever_is_typed_there_is_a_page(text: str, version: Version, cast: Cast, client: Client):
    assert look(client, cast.coordinator, q=text, slag="nonsens", sida="-1").status_code == 200


@pytest.mark.parametrize("number", [3, 30])
def test_a_search_is_two_queries_however_many_hits(
    number: int, version: Version, cast: Cast, client: Client, django_assert_num_queries: Any
):
    of_version = SearchDocument.objects.filter(version=version, kind="section").first()
    assert of_version is not None
    for place in range(number):
        of_version.pk, of_version.section_key = None, f"prov-{place}"
        of_version.title = "Sammanträden"
        of_version.save()
    rows = SearchDocument.objects.filter(section_key__startswith="prov-")
    rows.update(words=indexing_of("Sammanträden"))
    client.force_login(cast.coordinator)
    client.get(reverse("search"), {"q": "sammanträden"})

    with django_assert_num_queries(4):  # user, reach, the order of the hits, the hits
        response = client.get(reverse("search"), {"q": "sammanträden"})
    assert response.context["total"] == number


def indexing_of(text: str) -> Any:
    from django.contrib.postgres.search import SearchVector
    from django.db.models import Value

    return SearchVector(Value(text), config="swedish")


def test_an_empty_answer_costs_two_queries_more(
    version: Version, cast: Cast, client: Client, django_assert_num_queries: Any
):
    client.force_login(cast.coordinator)
    client.get(reverse("search"), {"q": "kommun"})

    with django_assert_num_queries(5):
        client.get(reverse("search"), {"q": "ostersnd"})


def test_htmx_gets_the_hits_alone(version: Version, cast: Cast, client: Client):
    client.force_login(cast.coordinator)
    part = client.get(reverse("search"), {"q": "kommun"}, headers={"HX-Request": "true", "HX-Target": "traffar"})
    whole = client.get(reverse("search"), {"q": "kommun"}).content.decode()

    assert part.content.decode().strip() in whole


def test_more_than_fifty_hits_are_leafed_through(version: Version, cast: Cast, client: Client):
    for place in range(60):
        title = f"Enhetschef Fjällnäs {place}"
        factories.contact_point(cast.ostersund, "tactical", by=cast.coordinator, function_text=title)
    settle()

    first = look(client, cast.coordinator, q="fjällnäs", slag="contact")
    second = look(client, cast.coordinator, q="fjällnäs", slag="contact", sida="2")

    assert (len(first.context["lines"]), len(second.context["lines"])) == (50, 10)
    assert "?q=fj%C3%A4lln%C3%A4s&amp;slag=contact&amp;sida=2" in first.content.decode()


def test_no_file_is_found_by_its_text_before_it_has_been_cleared(version: Version, cast: Cast):
    attaching.attach(
        by=cast.coordinator, version_id=version.pk, upload=files.sent(files.pdf("Truckkort")), title="Behov"
    )
    checking.deliver_events(now=NOW)

    assert AttachedFile.objects.get().status == "waiting"
    assert not SearchDocument.objects.filter(Q(text__contains="Truckkort")).exists()
