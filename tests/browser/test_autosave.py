"""Text that saves itself: a lost server, an ended session and two people at once, and not a word is lost."""

from __future__ import annotations

import re
import socket
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from agreements.actions import writing
from agreements.models import Section, Version
from contacts.models import Event
from tests import factories
from tests.browser.conftest import log_in
from tests.cast import Cast
from tests.mail_server import free_port
from tests.processes import running, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 15_000
SAVED = re.compile(r"^Sparat \d\d\.\d\d\.$")


@pytest.fixture
def version(cast: Cast) -> Version:
    return factories.draft(cast)


@pytest.fixture
def open_section(new_context: Any, version: Version):
    def open_section(user: Any, key: str = "employers") -> Page:
        page = new_context(user=user).new_page()
        page.goto(f"/overenskommelser/{version.pk}/avsnitt/{key}/")
        expect(page.locator("[data-editor]:not([data-ready])")).to_have_count(0, timeout=PATIENCE)
        return page

    return open_section


def surface(page: Page):
    return page.locator(".editor__text").first


def type_at_end(page: Page, text: str) -> None:
    put_cursor(page, "end")
    page.keyboard.type(text)


def put_cursor(page: Page, place: str) -> None:
    page.locator("[data-editor]").first.evaluate("(root, place) => root.editor.commands.focus(place)", place)
    expect(surface(page)).to_be_focused()


def status(page: Page):
    return page.locator("[data-autosave-status]")


def stored(version: Version, key: str = "employers") -> str:
    return str(Section.objects.get(version=version, key=key).content)


def left_in_browser(page: Page) -> int:
    return page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('osparat:')).length")


def test_what_is_typed_is_saved_a_second_after_typing_stops(open_section, cast, version):
    page = open_section(cast.coordinator)
    type_at_end(page, "Gemensamma besök")

    expect(status(page)).to_have_text(SAVED, timeout=PATIENCE)
    assert "Gemensamma besök" in stored(version)
    assert left_in_browser(page) == 0
    expect(surface(page)).to_be_focused()
    page.keyboard.type(" varje vecka")
    expect(page.locator("form[data-dirty]")).to_have_count(1)
    expect(page.locator("form[data-dirty]")).to_have_count(0, timeout=PATIENCE)
    assert "Gemensamma besök varje vecka" in stored(version)


def test_a_lost_server_is_told_at_once_and_nothing_is_lost(open_section, cast, version, complaints):
    page = open_section(cast.coordinator)
    page.route("**/autospara/", lambda route: route.abort())
    type_at_end(page, "Skrivet utan server")

    expect(status(page)).to_contain_text("servern svarar inte", timeout=PATIENCE)
    assert left_in_browser(page) == 1
    assert stored(version) == "{}"
    page.unroute("**/autospara/")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(status(page)).to_have_text(SAVED, timeout=PATIENCE)
    assert "Skrivet utan server" in stored(version)
    assert left_in_browser(page) == 0
    complaints.clear()


def test_text_left_behind_is_offered_and_taken_back(open_section, cast, version, complaints):
    page = open_section(cast.coordinator)
    page.route("**/autospara/", lambda route: route.abort())
    type_at_end(page, "Kvar från förra gången")
    expect(status(page)).to_contain_text("servern svarar inte", timeout=PATIENCE)
    page.unroute("**/autospara/")
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()

    page.get_by_role("button", name="Ta tillbaka texten").click(timeout=PATIENCE)
    expect(surface(page)).to_contain_text("Kvar från förra gången")
    expect(status(page)).to_have_text(SAVED, timeout=PATIENCE)
    assert "Kvar från förra gången" in stored(version)
    complaints.clear()


def test_another_user_of_the_same_browser_is_offered_nothing(open_section, cast, version, live_server, complaints):
    page = open_section(cast.coordinator)
    page.route("**/autospara/", lambda route: route.abort())
    type_at_end(page, "Mitt eget")
    expect(status(page)).to_contain_text("servern svarar inte", timeout=PATIENCE)
    page.context.clear_cookies()
    log_in(page.context, cast.af_coordinator, live_server.url)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator("[data-editor]:not([data-ready])")).to_have_count(0, timeout=PATIENCE)
    other.wait_for_timeout(500)

    expect(other.locator("[data-unsent]")).to_be_hidden()
    complaints.clear()


def test_an_ended_session_is_told_and_saving_goes_on_after_logging_in_elsewhere(
    open_section, cast, version, live_server, complaints
):
    page = open_section(cast.coordinator)
    page.context.clear_cookies()
    type_at_end(page, "Skrivet utloggad")
    expect(status(page)).to_contain_text("du har loggats ut", timeout=PATIENCE)
    expect(surface(page)).to_contain_text("Skrivet utloggad")
    assert stored(version) == "{}"

    log_in(page.context, cast.coordinator, live_server.url)
    expect(status(page)).to_have_text(SAVED, timeout=40_000)
    assert "Skrivet utloggad" in stored(version)
    complaints.clear()


def test_logging_out_leaves_nothing_in_the_browser(open_section, cast, complaints):
    page = open_section(cast.coordinator)
    page.evaluate("localStorage.setItem('osparat:1:2:x', JSON.stringify({at: Date.now(), fields: []}))")
    page.locator("header details[data-menu] summary").last.click()
    page.get_by_role("button", name="Logga ut").click()
    expect(page.get_by_role("button", name="Logga in")).to_be_visible()

    assert left_in_browser(page) == 0


def test_what_cannot_be_saved_is_told_at_its_field_and_the_focus_stays(open_section, cast, version, axe, complaints):
    page = open_section(cast.coordinator, "validity")
    notice = page.get_by_label("Uppsägningstid i månader")
    notice.fill("tre")

    expect(status(page)).to_contain_text("det som är markerat", timeout=PATIENCE)
    expect(notice).to_be_focused()
    expect(notice).to_have_attribute("aria-invalid", "true")
    expect(notice).to_have_accessible_description(re.compile("heltal"))
    axe(page)
    notice.fill("3")
    expect(status(page)).to_have_text(SAVED, timeout=PATIENCE)
    expect(notice).not_to_have_attribute("aria-invalid", "true")
    version.refresh_from_db()
    assert version.notice_months == 3


def test_a_removed_row_that_was_saved_comes_back_with_undo(open_section, cast, version):
    page = open_section(cast.coordinator, "goals")
    what = page.locator("#id_goals-0-what")
    what.fill("Fler i arbete")
    expect(status(page)).to_have_text(SAVED, timeout=PATIENCE)
    row = Section.objects.get(version=version, key="goals").content["goals"][0]
    page.locator("[data-row-remove]").first.click()
    expect(page.locator("form[data-dirty]")).to_have_count(0, timeout=PATIENCE)
    assert stored(version, "goals") == "{}"

    page.get_by_role("button", name="Ångra", exact=True).last.click()
    expect(page.locator("form[data-dirty]")).to_have_count(0, timeout=PATIENCE)
    assert Section.objects.get(version=version, key="goals").content["goals"] == [row]


def test_the_buttons_never_collide_with_the_autosave(open_section, cast, version):
    page = open_section(cast.coordinator)
    held: list[Route] = []
    page.route("**/autospara/", lambda route: held.append(route))
    type_at_end(page, "Ett")
    for _ in range(50):
        if held:
            break
        page.wait_for_timeout(100)
    page.keyboard.type(" två")
    page.get_by_role("button", name="Spara", exact=True).click()
    held[0].continue_()

    expect(page.locator("main")).to_contain_text("är sparat", timeout=PATIENCE)
    assert "Ett två" in stored(version)


def test_two_in_one_section_see_one_another(open_section, cast):
    first = open_section(cast.coordinator)
    second = open_section(cast.af_coordinator)

    expect(second.locator("[data-others]")).to_contain_text("Sara Ordnare (Östersunds kommun)", timeout=PATIENCE)
    first.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(first.locator("[data-others]")).to_contain_text("Ali Ordnare", timeout=PATIENCE)


def test_two_who_write_in_different_places_are_merged(open_section, cast, version, axe, complaints):
    raw = {"cooperation": "<p>Första stycket.</p><p>Andra stycket.</p>"}
    writing.save_section(by=cast.coordinator, version_id=version.pk, key="employers", raw=raw, revision=0)
    ours, theirs = open_section(cast.coordinator), open_section(cast.af_coordinator)
    put_cursor(theirs, "start")
    theirs.keyboard.type("Myndighetens ord. ")
    expect(status(theirs)).to_have_text(SAVED, timeout=PATIENCE)

    type_at_end(ours, " Kommunens ord.")
    expect(status(ours)).to_contain_text("Ali Ordnare har sparat", timeout=PATIENCE)
    assert "Kommunens" not in stored(version)
    ours.get_by_role("button", name="Visa båda texterna").click()
    expect(ours.get_by_role("heading", name="Någon annan sparade före dig")).to_be_visible(timeout=PATIENCE)
    axe(ours)
    ours.get_by_role("button", name="Spara den sammanslagna texten").click()
    expect(ours.locator("main")).to_contain_text("är sparat", timeout=PATIENCE)

    text = Section.objects.get(version=version, key="employers").content["cooperation"]
    assert text == "<p>Myndighetens ord. Första stycket.</p><p>Andra stycket. Kommunens ord.</p>"
    complaints.clear()


def test_two_who_write_in_the_same_place_both_keep_their_words(open_section, cast, version, axe, complaints):
    raw = {"cooperation": "<p>Grund.</p>"}
    writing.save_section(by=cast.coordinator, version_id=version.pk, key="employers", raw=raw, revision=0)
    ours, theirs = open_section(cast.coordinator), open_section(cast.af_coordinator)
    type_at_end(theirs, " Deras.")
    expect(status(theirs)).to_have_text(SAVED, timeout=PATIENCE)
    type_at_end(ours, " Vårt.")
    expect(status(ours)).to_contain_text("har sparat", timeout=PATIENCE)

    ours.get_by_role("button", name="Visa båda texterna").click()
    expect(ours.locator(".both-texts")).to_contain_text("Grund. Deras.", timeout=PATIENCE)
    expect(ours.locator(".both-texts")).to_contain_text("Grund. Vårt.")
    expect(ours.locator("[data-editor][data-ready]")).to_have_count(1, timeout=PATIENCE)
    expect(surface(ours)).to_contain_text("Grund. Vårt.")
    axe(ours)
    ours.get_by_role("button", name="Spara min text").click()
    expect(ours.locator("main")).to_contain_text("är sparat", timeout=PATIENCE)
    assert "Deras" in str(list(Event.objects.values_list("after", "before")))
    complaints.clear()


def test_progress_follows_what_is_saved(open_section, cast):
    page = open_section(cast.coordinator, "background")
    here = page.locator('.side-nav a[aria-current="page"]')
    expect(here).to_contain_text("kvar")
    type_at_end(page, "Läget i kommunen.")

    expect(page.locator('.side-nav a[aria-current="page"]')).to_contain_text("klart", timeout=PATIENCE)


def test_a_contact_point_is_made_over_the_section_and_comes_back_ticked(open_section, cast, version, axe):
    factories.contact_point(cast.ostersund, "operative", by=cast.coordinator)
    page = open_section(cast.coordinator, "contacts")
    page.locator('input[name="contacts"]').first.check()
    page.get_by_role("button", name="Lägg upp en ny kontaktyta för Östersunds kommun").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Ny kontaktyta, Östersunds kommun")).to_be_visible(timeout=PATIENCE)
    axe(page)
    dialog.get_by_role("button", name="Spara kontaktytan").click()
    expect(dialog).to_contain_text("Välj en funktion.", timeout=PATIENCE)
    dialog.get_by_role("combobox", name="Funktion", exact=True).select_option(label="Arbetsmarknadschef")
    dialog.get_by_label("Funktionsbrevlåda").fill("arbetsmarknad@ostersund.se")
    dialog.get_by_role("button", name="Spara kontaktytan").click()

    new = page.get_by_role("checkbox", name=re.compile("Arbetsmarknadschef"))
    expect(new).to_be_checked(timeout=PATIENCE)
    expect(page.locator('input[name="contacts"]:checked')).to_have_count(2)
    expect(status(page)).to_have_text(SAVED, timeout=PATIENCE)
    assert version.contacts.count() == 2


def test_a_server_that_stops_while_somebody_types_is_waited_for(new_context, cast, version, tmp_path, complaints):
    port = free_port()
    command = ("-m", "gunicorn", f"--bind=127.0.0.1:{port}", "--workers=1", "config.wsgi")
    address = f"http://127.0.0.1:{port}"
    context = new_context()
    log_in(context, cast.coordinator, address)
    page = context.new_page()
    with running(*command, log=tmp_path / "web.log", DEBUG="1"):
        assert wait_for(lambda: answers(port), 60), (tmp_path / "web.log").read_text()[-2000:]
        page.goto(f"{address}/overenskommelser/{version.pk}/avsnitt/employers/")
        expect(page.locator("[data-editor]:not([data-ready])")).to_have_count(0, timeout=PATIENCE)
        type_at_end(page, "Innan den stannar")
        expect(status(page)).to_have_text(SAVED, timeout=PATIENCE)
    type_at_end(page, ", och medan den står")
    expect(status(page)).to_contain_text("servern svarar inte", timeout=PATIENCE)
    assert "medan" not in stored(version)
    with running(*command, log=tmp_path / "web.log", DEBUG="1"):
        expect(status(page)).to_have_text(SAVED, timeout=60_000)
    assert "Innan den stannar, och medan den står" in stored(version)
    complaints.clear()


def answers(port: int) -> bool:
    with socket.socket() as door:
        return door.connect_ex(("127.0.0.1", port)) == 0
