"""The way in and out."""

from typing import Any

import pytest
from django.test import Client

from contacts.demo import LOGINS
from contacts.personbound import email_kind
from tests.cast import PASSWORD, Cast

ADDRESS = "/logga-in/"


def log_in(client: Client, email: str, password: str = PASSWORD, **extra: str) -> Any:
    return client.post(ADDRESS, {"username": email, "password": password, **extra})


def test_a_person_logs_in_however_the_address_is_cased(cast: Cast, client: Client):
    answer = log_in(client, "  Samordnare@Ostersund.SE ")

    assert (answer.status_code, answer["Location"]) == (302, "/mitt-arbete/")


def test_a_wrong_password_an_unknown_address_and_a_closed_login_get_the_same_answer(cast: Cast, client: Client):
    cast.reader.is_active = False
    cast.reader.save()
    tries = [(cast.coordinator.email, "fel"), ("ingen@finns.se", PASSWORD), (cast.reader.email, PASSWORD)]

    errors = [log_in(client, *attempt).context["form"].non_field_errors() for attempt in tries]

    assert errors[0] == ["E-postadressen och lösenordet hör inte ihop. Försök igen."]
    assert errors[0] == errors[1] == errors[2]


def test_a_closed_login_is_out_at_once(cast: Cast, client: Client):
    client.force_login(cast.coordinator)
    cast.coordinator.is_active = False
    cast.coordinator.save()

    assert client.get("/behorigheter/")["Location"].startswith(ADDRESS)


@pytest.mark.parametrize("address", ["https://ondska.se/", "//ondska.se/", "http:///ondska.se", "javascript:alert(1)"])
def test_one_is_never_sent_to_another_site(cast: Cast, client: Client, address: str):
    answer = log_in(client, cast.coordinator.email, next=address)

    assert answer["Location"] == "/mitt-arbete/"


def test_one_comes_back_to_the_page_one_asked_for(cast: Cast, client: Client):
    answer = log_in(client, cast.coordinator.email, next="/behorigheter/")

    assert answer["Location"] == "/behorigheter/"


def test_characters_that_cannot_be_stored_are_an_ordinary_mistake(cast: Cast, client: Client):
    answer = log_in(client, "sam\x00ordnare@ostersund.se", "hemligt\x00")

    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_demo_logins_are_shown_in_demo_mode_only(client: Client, settings: Any, db: None):
    settings.DEMO = True
    shown = client.get(ADDRESS).content.decode()
    settings.DEMO = False
    hidden = client.get(ADDRESS).content.decode()

    assert all(login.email in shown for login in LOGINS)
    assert not any(login.email in hidden or login.password in hidden for login in LOGINS)


def test_every_demo_login_belongs_to_a_person_and_the_list_has_no_address_twice():
    assert [login.email for login in LOGINS if email_kind(login.email).kind != "personal"] == []
    assert len({login.email for login in LOGINS}) == len(LOGINS)


def test_logging_out_is_a_post_and_works_after_the_session_has_ended(cast: Cast, client: Client):
    client.force_login(cast.coordinator)

    assert client.get("/logga-ut/").status_code == 405
    assert client.post("/logga-ut/")["Location"] == ADDRESS
    assert client.post("/logga-ut/")["Location"] == ADDRESS


def test_a_form_sent_after_both_cookies_have_gone_leads_to_the_login_page(cast: Cast):
    browser = Client(enforce_csrf_checks=True)

    answer = browser.post("/behorigheter/")

    assert (answer.status_code, answer["Location"]) == (302, f"{ADDRESS}?next=/behorigheter/")
    assert "Formuläret är för gammalt" in browser.post(ADDRESS).content.decode()
    browser.force_login(cast.coordinator)
    assert browser.post("/behorigheter/").status_code == 403
