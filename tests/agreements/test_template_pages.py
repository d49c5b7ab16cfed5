"""The template editor's pages: what SKR writes there, what is told at which field, and that nothing typed is lost."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agreements.actions import template_drafts
from agreements.models import TemplateVersion
from tests.agreements.forms import filled, ids_of, words_of
from tests.agreements.templates import publish, rewrite, second, with_news, without
from tests.cast import Cast

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def officer(client: Client, cast: Cast) -> Client:
    client.force_login(cast.officer)
    return client


@pytest.fixture
def draft(cast: Cast) -> TemplateVersion:
    return template_drafts.start_draft(by=cast.officer)


def section_page(key: str) -> str:
    return reverse("template_section", args=(2, key))


def opened(client: Client, page: str, form: str) -> dict[str, Any]:
    return filled(client.get(page), form)


OUTLINE = "/mall/2/disposition/"


def test_everybody_sees_the_versions_and_none_but_skr_the_draft(
    client: Client, cast: Cast, draft: TemplateVersion
) -> None:
    for user, seen in ((cast.officer, True), (cast.skr_reader, False), (cast.outsider, False)):
        client.force_login(user)
        assert ("Utkast" in words_of(client.get("/mall/"))) is seen
        assert client.get("/mall/2/").status_code == (200 if seen else 404)


def test_a_draft_is_started_from_the_list(officer: Client) -> None:
    started = officer.post("/mall/utkast/", follow=True)

    assert started.redirect_chain[-1][0] == "/mall/2/"
    assert "Inget gäller förrän du publicerar" in words_of(started)
    assert "är en rekonstruktion" in words_of(started)


def test_the_section_page_saved_as_it_is_changes_nothing(officer: Client, draft: TemplateVersion) -> None:
    before = list(draft.sections.values_list("key", "locked", "guidance", "definition"))

    for key, *_ in before:
        assert officer.post(section_page(key), opened(officer, section_page(key), "mall-avsnitt")).status_code == 302

    assert list(draft.sections.values_list("key", "locked", "guidance", "definition")) == before


def test_the_outline_saved_as_it_is_changes_nothing(officer: Client, draft: TemplateVersion) -> None:
    officer.post(OUTLINE, opened(officer, OUTLINE, "mall-disposition"))

    draft.refresh_from_db()
    assert draft.revision == 0


def test_a_section_is_moved_renamed_and_removed_in_the_form(officer: Client, draft: TemplateVersion) -> None:
    form = opened(officer, OUTLINE, "mall-disposition")
    moved = {"sections-3-ORDER": "1", "sections-0-ORDER": "2", "sections-3-title": "Syftet", "sections-16-DELETE": "on"}

    officer.post(OUTLINE, {f"sections-{i}-ORDER": str(i + 3) for i in range(25)} | form | moved)

    first = list(draft.sections.values_list("key", "title"))[:2]
    assert first == [("purpose", "Syftet"), ("cover", "Försättsblad")]
    assert not draft.sections.filter(key="communication").exists()


def test_a_field_is_made_required_and_another_depends_on_a_choice(officer: Client, draft: TemplateVersion) -> None:
    form = opened(officer, section_page("presence"), "mall-avsnitt")

    officer.post(section_page("presence"), form | {"fields-1-required": "yes"})

    fields = {row["key"]: row for row in draft.sections.get(key="presence").definition}
    assert fields["description"]["required"] is True
    assert fields["reason"]["required_if"] == {"field": "form", "value": "not_relevant"}


def test_a_new_field_with_options_is_added_without_javascript(officer: Client, draft: TemplateVersion) -> None:
    page = section_page("communication")
    form = opened(officer, page, "mall-avsnitt")
    more = filled(officer.post(page, form | {"add_row": "fields"}), "mall-avsnitt")
    new = {"fields-1-label": "Språk", "fields-1-kind": "choices", "fields-1-options": "sv: Svenska\nLättläst svenska"}

    saved = officer.post(page, more | new)

    assert saved.status_code == 302
    field = draft.sections.get(key="communication").definition[-1]
    assert (field["key"], field["options"]) == ("sprak", [["sv", "Svenska"], ["lattlast_svenska", "Lättläst svenska"]])


def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_is_kept(officer: Client, draft: TemplateVersion) -> None:
    page = section_page("goals")
    wrong = {"columns-goals-0-label": "", "columns-goals-3-kind": "integer", "locked": "<p>Mitt nya mål.</p>"}

    answer = officer.post(page, opened(officer, page, "mall-avsnitt") | wrong)

    assert answer.status_code == 422
    assert "Mål, kolumn 1, rubrik: Ge fältet en rubrik." in words_of(answer)
    assert "Nyckeln due bär ett annat slags fält i mall 1 (datum)" in words_of(answer)
    assert {"id_columns-goals-0-label", "id_columns-goals-3-kind"} <= ids_of(answer)
    assert "Mitt nya mål." in answer.content.decode()


def test_the_second_to_save_a_section_sees_both_and_can_save_over(
    officer: Client, cast: Cast, draft: TemplateVersion
) -> None:
    page = section_page("purpose")
    mine = opened(officer, page, "mall-avsnitt") | {"locked": "<p>Mitt syfte.</p>"}
    rewrite(cast.officer, draft, "purpose", locked="<p>Deras syfte.</p>")

    told = officer.post(page, mine)
    assert told.status_code == 409
    assert "Deras syfte." in words_of(told)
    officer.post(page, filled(told, "mall-avsnitt"))

    assert draft.sections.get(key="purpose").locked == "<p>Mitt syfte.</p>"


def test_what_was_typed_in_a_section_that_is_gone_is_shown_again(
    officer: Client, cast: Cast, draft: TemplateVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = section_page("communication")
    mine = opened(officer, page, "mall-avsnitt") | {"locked": "<p>Mina ord.</p>"}
    save = template_drafts.save_section

    def late(**how: Any) -> Any:
        without(cast.officer, draft, "communication")
        return save(**how)

    monkeypatch.setattr(template_drafts, "save_section", late)
    told = officer.post(page, mine)

    assert told.status_code == 409
    assert "Mina ord." in told.content.decode()


def test_the_second_to_save_the_outline_keeps_the_others_new_section(
    officer: Client, cast: Cast, draft: TemplateVersion
) -> None:
    mine = opened(officer, OUTLINE, "mall-disposition") | {"sections-0-title": "Framsida"}
    theirs = opened(officer, OUTLINE, "mall-disposition")
    new = {"sections-TOTAL_FORMS": "26", "sections-25-number": "B5", "sections-25-title": "Resor"}
    assert officer.post(OUTLINE, theirs | new).status_code == 302

    told = officer.post(OUTLINE, mine)
    assert told.status_code == 409
    officer.post(OUTLINE, filled(told, "mall-disposition"))

    assert list(draft.sections.filter(number__in=["0", "B5"]).values_list("title", flat=True)) == ["Framsida", "Resor"]


def test_the_second_to_save_the_facts_sees_both(officer: Client, cast: Cast, draft: TemplateVersion) -> None:
    mine = opened(officer, "/mall/2/uppgifter/", "mall-uppgifter") | {"news": "Mina nyheter."}
    with_news(cast.officer, draft, "Deras nyheter.")

    told = officer.post("/mall/2/uppgifter/", mine)

    assert told.status_code == 409
    assert "Deras nyheter." in words_of(told)
    assert "Mina nyheter." in told.content.decode()


def test_a_rule_that_loses_its_footing_is_told_on_the_draft_and_stops_the_publishing(
    officer: Client, cast: Cast, draft: TemplateVersion
) -> None:
    with_news(cast.officer, draft)
    without(cast.officer, draft, "goals")

    assert "N08" in words_of(officer.get("/mall/2/"))
    form = opened(officer, "/mall/2/publicera/", "mall-publicera")
    answer = officer.post("/mall/2/publicera/", form | {"valid_from": str(timezone.localdate()), "read": "on"})

    assert answer.status_code == 409
    assert "tappar fotfästet" in words_of(answer)
    assert TemplateVersion.objects.get(number=2).is_draft


def test_it_is_published_from_a_day_and_closes_the_old_one(officer: Client, cast: Cast, draft: TemplateVersion) -> None:
    with_news(cast.officer, draft)
    day = timezone.localdate() + 30 * DAY
    form = opened(officer, "/mall/2/publicera/", "mall-publicera")

    answer = officer.post("/mall/2/publicera/", form | {"valid_from": str(day), "read": "on"}, follow=True)

    assert "är publicerad" in words_of(answer)
    assert TemplateVersion.objects.get(number=2).valid_from == day
    assert TemplateVersion.objects.get(number=1).valid_to == day


def test_who_publishes_must_have_read_what_stands_there_now(
    officer: Client, cast: Cast, draft: TemplateVersion
) -> None:
    with_news(cast.officer, draft)
    form = opened(officer, "/mall/2/publicera/", "mall-publicera")
    rewrite(cast.officer, draft, "purpose", locked="<p>I sista stund.</p>")

    answer = officer.post("/mall/2/publicera/", form | {"valid_from": str(timezone.localdate()), "read": "on"})

    assert answer.status_code == 409
    assert "har ändrats sedan du öppnade sidan" in words_of(answer)


def test_a_published_version_leads_back_from_every_form(officer: Client, cast: Cast) -> None:
    second(cast.officer)

    for page in ("uppgifter", "disposition", "avsnitt/purpose", "publicera", "kasta"):
        answer = officer.get(f"/mall/2/{page}/")
        assert (answer.status_code, answer["Location"]) == (302, "/mall/2/"), page


def test_a_publication_is_taken_back_on_its_page(officer: Client, cast: Cast) -> None:
    second(cast.officer, valid_from=timezone.localdate() + DAY)
    assert "Ta tillbaka publiceringen" in words_of(officer.get("/mall/2/"))

    assert "blir den ett utkast igen" in words_of(officer.get("/mall/2/ta-tillbaka/"))
    officer.post("/mall/2/ta-tillbaka/")

    assert TemplateVersion.objects.get(number=2).is_draft


def test_the_history_of_a_version_is_told_in_words(officer: Client, cast: Cast, draft: TemplateVersion) -> None:
    rewrite(cast.officer, draft, "purpose", locked="<p>Ett nytt syfte.</p>")
    without(cast.officer, draft, "communication")
    publish(cast.officer, draft)

    told = words_of(officer.get("/mall/2/"))

    for words in ("Kopia av mall 1.", "Ändrade 3 Gemensamt syfte", "Borttaget avsnitt: 16", "Publicerade mallen"):
        assert words in told
    assert "Händelse:" not in told
