"""The rich text editor: keyboard, paste from a word processor, several on a page, and no scripts at all."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from agreements.html import clean_html
from contacts.models import User

pytestmark = pytest.mark.django_db(transaction=True)

WORD = """<html><head><style>p.MsoNormal{margin:0}</style></head><body><!--StartFragment-->
<p class=MsoNormal style='mso-margin-top-alt:auto'><b><span style='font-size:12.0pt'>Ansvar</span></b><o:p></o:p></p>
<p class=MsoNormal>&nbsp;</p><p class=MsoNormal>Kommunen <i>kallar</i> till möte.<o:p></o:p></p>
<img src="file:///C:/bild.png"><script>window.bad = true</script><!--EndFragment--></body></html>"""
PASTE = """(element, markup) => {
    const data = new DataTransfer();
    data.setData("text/html", markup);
    element.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def user(transactional_db: None) -> User:
    return User.objects.create_user("siv@kommun.example", "en lång hemlig mening 42", name="Siv Ordnare")


@pytest.fixture
def page(visit, user):
    page = visit("/stilguide/", user=user)
    expect(page.locator("[data-editor][data-ready]")).to_have_count(1)
    return page


def surface(page):
    return page.get_by_role("textbox", name="Lokal text")


def write(page, text, name="Lokal text"):
    """Empty the surface down to one plain paragraph, then type."""
    page.get_by_role("textbox", name=name).click()
    for key in ("Control+a", "Backspace", "Backspace"):
        page.keyboard.press(key)
    page.keyboard.type(text)


def sent(page):
    return page.locator("#id_text").input_value()


def test_the_surface_is_a_named_text_box_with_its_help(page):
    expect(surface(page)).to_have_attribute("aria-multiline", "true")
    expect(surface(page)).to_have_accessible_description("Skriv som i ett brev.")


def test_what_is_written_before_the_engine_has_come_is_kept(new_context, user):
    late = []
    page = new_context(user=user).new_page()
    page.route("**/django_prose_editor/editor.js", lambda route: late.append(route))
    page.goto("/stilguide/", wait_until="domcontentloaded")
    page.locator("#id_text").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("Först\n\nAndra & tredje")
    late[0].continue_()
    expect(page.locator("[data-editor][data-ready]")).to_have_count(1)
    expect(surface(page)).to_be_focused()
    page.keyboard.type("!")
    assert sent(page) == "<p>Först</p><p>Andra &amp; tredje!</p>"


def test_what_is_written_is_what_the_form_sends(page):
    write(page, "Hej på er")
    assert sent(page) == "<p>Hej på er</p>"
    write(page, "")
    assert sent(page) == ""


def test_the_toolbar_is_one_stop_and_arrows_move_in_it(page):
    bold = page.get_by_role("button", name="Fetstil")
    bold.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Kursiv")).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_role("button", name="Gör om")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(bold).to_be_focused()
    page.keyboard.press("Tab")
    expect(surface(page)).to_be_focused()


def test_bold_can_be_set_with_the_keyboard_alone_and_says_so(page):
    write(page, "viktigt")
    surface(page).press("Control+a")
    bold = page.get_by_role("button", name="Fetstil")
    bold.focus()
    page.keyboard.press("Enter")
    expect(bold).to_have_attribute("aria-pressed", "true")
    assert sent(page) == "<p><strong>viktigt</strong></p>"


@pytest.mark.parametrize(
    ("name", "markup"),
    [
        ("Kursiv", "<p><em>ord</em></p>"),
        ("Rubrik", "<h3>ord</h3>"),
        ("Punktlista", "<ul><li><p>ord</p></li></ul>"),
        ("Numrerad lista", "<ol><li><p>ord</p></li></ol>"),
    ],
)
def test_each_tool_does_its_work_and_undo_takes_it_back(page, name, markup):
    write(page, "ord")
    surface(page).press("Control+a")
    page.get_by_role("button", name=name, exact=True).click()
    assert sent(page) == markup
    page.get_by_role("button", name="Ångra", exact=True).click()
    assert sent(page) != markup


def test_paste_from_a_word_processor_is_cleaned(page):
    write(page, "")
    surface(page).evaluate(PASTE, WORD)
    pasted = sent(page)
    assert pasted == "<p><strong>Ansvar</strong></p><p>Kommunen <em>kallar</em> till möte.</p>"
    assert clean_html(pasted) == pasted
    assert page.evaluate("window.bad") is None


def test_paste_from_a_web_editor_keeps_bold_that_is_only_a_style(page):
    write(page, "")
    markup = """<b style="font-weight:normal"><span style="font-weight:700">Tungt</span> lätt</b>"""
    surface(page).evaluate(PASTE, markup)
    assert sent(page) == "<p><strong>Tungt</strong> lätt</p>"


def test_an_editor_that_comes_with_htmx_starts_too(page):
    page.evaluate("""() => {
        const copy = document.querySelector("[data-editor]").parentElement.cloneNode(true);
        const root = copy.querySelector("[data-editor]");
        for (const name of ["starting", "ready"]) delete root.dataset[name];
        root.querySelector(".editor__text").parentElement.remove();
        copy.innerHTML = copy.innerHTML.replaceAll("id_text", "id_second").replace("Lokal text", "Andra texten");
        const place = document.createElement("div");
        place.append(copy);
        document.querySelector("#formular").append(place);
        htmx.process(place);
        htmx.trigger(place, "htmx:load", {elt: place});
    }""")
    write(page, "Två", name="Andra texten")
    assert page.locator("#id_second").input_value() == "<p>Två</p>"
    assert "Två" not in sent(page)


def test_without_scripts_there_is_a_plain_text_area(visit, user):
    page = visit("/stilguide/", user=user, scripts=False)
    expect(page.locator("textarea#id_text")).to_be_visible()
    expect(page.get_by_role("toolbar")).to_have_count(0)
