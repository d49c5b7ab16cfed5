"""The style guide shows every component, and no page carries style or script of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

from config.components import LEVELS, STATES, VERDICTS
from config.context_processors import frame
from contacts.models import User

TEMPLATES = Path(__file__).parent.parent / "templates"
ELSEWHERE = {"pdf", "mail"}  # what no page of ours shows: a letter carries its style with it
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if ELSEWHERE.isdisjoint(path.parts))
INLINE = re.compile(r"""<style\b|\sstyle=|\son[a-z]+=|["']javascript:|<script(?![^>]*\ssrc=)""", re.IGNORECASE)


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("siv@kommun.example", "en lång hemlig mening 42", name="Siv Ordnare")


@pytest.fixture
def guide(client, user):
    client.force_login(user)
    return client.get(reverse("styleguide"))


def test_the_style_guide_shows_every_component(guide):
    used = {Path(template.name).name for template in guide.templates if (template.name or "").startswith("components/")}
    assert {path.name for path in (TEMPLATES / "components").glob("*.html")} - used == set()


def test_the_readme_lists_every_component():
    readme = (TEMPLATES / "components/README.md").read_text()
    missing = [path.name for path in (TEMPLATES / "components").glob("*.html") if f"`{path.name}`" not in readme]
    assert missing == []


def test_the_style_guide_is_for_those_who_have_logged_in(client, db):
    assert client.get(reverse("styleguide")).status_code == 302


def test_a_posted_sample_form_comes_back_with_its_errors(client, user):
    client.force_login(user)
    response = client.post(reverse("styleguide"), {"goals-TOTAL_FORMS": "0", "goals-INITIAL_FORMS": "0", "title": ""})
    assert response.status_code == 422
    assert "Det här behöver rättas" in response.text


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_no_template_has_style_or_script_of_its_own(path):
    assert INLINE.findall(path.read_text()) == []


def test_a_field_ties_label_help_and_error_to_its_control(guide):
    html = guide.content.decode()
    control = re.search(r'<input type="text" name="wrong-title"[^>]*>', html)[0]
    assert 'aria-describedby="id_wrong-title_helptext id_wrong-title_error"' in control
    assert 'aria-invalid="true"' in control
    assert 'class="ds-input"' in control
    for name in ("helptext", "error"):
        assert f'id="id_wrong-title_{name}"' in html


def test_the_accessibility_statement_is_open_and_says_where_to_complain(client, db):
    response = client.get(reverse("accessibility"))
    assert response.status_code == 200
    assert "https://www.digg.se/tdosanmalan" in response.text


@pytest.mark.parametrize(("who", "national"), [("coordinator", False), ("officer", True)])
def test_the_menu_leads_to_the_nation_only_for_those_who_read_it(client, cast, who, national):
    client.force_login(getattr(cast, who))
    menu = client.get(reverse("styleguide")).context["nav"]
    assert ("Nationellt" in [item.text for item in menu]) is national


def test_the_accessibility_statement_names_the_mail_address_of_the_setting(client, db, settings):
    settings.ACCESSIBILITY_CONTACT = "hinder@portalen.example"
    assert 'href="mailto:hinder@portalen.example"' in client.get(reverse("accessibility")).text


def test_the_menu_costs_no_query_beyond_the_reach(client, cast, django_assert_num_queries):
    client.force_login(cast.officer)
    client.get(reverse("styleguide"))
    with django_assert_num_queries(2):  # the user and the reach; the session is in the cache
        client.get(reverse("styleguide"))


def test_the_menu_marks_where_one_is(rf, cast):
    request = rf.get(reverse("agreement_list"))
    request.user = cast.coordinator
    marked = {item.text: item.current for item in frame(request)["nav"] if item.current}
    assert marked == {"Överenskommelser": "page"}


def test_open_pages_set_no_cookie_and_read_no_rows(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = client.get(reverse("accessibility"))
    assert not response.cookies


def test_the_server_error_page_needs_no_request_and_no_context():
    html = render_to_string("500.html")
    assert "Något gick fel hos oss" in html


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html"])
def test_error_pages_say_what_to_do_next(name):
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    html = render_to_string(name, {"request": request}, request)
    assert "Till startsidan" in html


@pytest.mark.parametrize(("cookie", "scheme"), [("dark", "dark"), ("light", "light"), ('"><b>', "auto"), ("", "auto")])
def test_only_a_known_appearance_is_taken_from_the_cookie(client, db, cookie, scheme):
    client.cookies["utseende"] = cookie
    assert f'data-color-scheme="{scheme}"' in client.get(reverse("accessibility")).text


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{% state 'in_force' 'Gällande' %}", ["success", "#check-circle", "Gällande"]),
        ("{% state 'unheard_of' 'Ny' %}", ["neutral", "#circle", "Ny"]),
        ("{% verdict 'person_bound' %}", ["danger", "#person", "Personbunden"]),
        ("{% level 'partly' %}", ["warning", "#half", "Uppfyller delvis"]),
        ("{% tag label %}", ["neutral", "&lt;b&gt;"]),
    ],
)
def test_a_mark_says_the_same_by_colour_symbol_and_word(source, words):
    html = engines["django"].from_string(source).render({"label": "<b>"})
    assert [word for word in words if word not in html] == []


def test_every_symbol_in_use_is_in_the_sprite():
    sprite = (TEMPLATES.parent / "static/img/icons.svg").read_text()
    known = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    used = {symbol for _, symbol in STATES.values()} | {row[1] for row in (*VERDICTS.values(), *LEVELS.values())}
    for path in TEMPLATES.rglob("*.html"):
        used |= set(re.findall(r"""(?:\{% icon |icon(?:\.html" with name)?=)["']([\w-]+)["']""", path.read_text()))
    assert used - known == set()
