"""Letters to those who sign, reminders, and the personal link in them."""

from __future__ import annotations

import datetime
import logging
import re
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agreements.actions import declining, negotiating, ordering
from agreements.actions.asking_to_sign import ask_all
from agreements.actions.calling import sign_path
from agreements.models import AskedToSign, Version
from config.logs import WithoutSignedLinks
from contacts.actions import letters
from contacts.links import hash_of
from contacts.models import Event, Letter, PersonalLink, User
from contacts.post_office import message_of
from contacts.roles import Role
from tests import factories
from tests.cast import PASSWORD, Cast
from tests.factories import accepted, sign_for

DAY = datetime.timedelta(days=1)


def ask(days: int = 0, *, reminding: bool = False) -> int:
    return ask_all(now=timezone.now() + days * DAY, reminding=reminding)


def to(user: User) -> list[Letter]:
    return list(Letter.objects.filter(kind=Letter.Kind.SIGNING, recipient=user.email).order_by("pk"))


def address_in(letter: Letter) -> str:
    """The link as it leaves."""
    found = re.search(r"https?://[^/\s]+(/lank/[^\s]+)", str(message_of(letter).body))
    assert found is not None
    return found[1]


@pytest.fixture
def version(cast: Cast) -> Version:
    return accepted(cast)


@pytest.fixture
def link(version: Version, cast: Cast) -> str:
    ask()
    return address_in(to(cast.signatory)[0])


# -------------------------------------------------------------------------------------------------- letters


def test_when_signing_opens_each_signatory_gets_one_letter_and_no_second(version: Version, cast: Cast) -> None:
    assert ask() == 2
    assert ask() == 0

    [letter] = to(cast.signatory)
    assert "Du undertecknar för Östersunds kommun." in letter.text
    assert {row.step for row in AskedToSign.objects.all()} == {0}
    assert Event.objects.filter(type="agreement.asked_to_sign").count() == 2


def test_reminders_come_after_seven_fourteen_and_twenty_eight_days(version: Version, cast: Cast) -> None:
    ask()

    written = [ask(days, reminding=True) for days in (6, 7, 7, 13, 14, 28, 60)]

    assert written == [0, 2, 0, 0, 2, 2, 0]
    assert to(cast.signatory)[1].subject.startswith("Påminnelse")


def test_a_portal_that_was_away_for_weeks_writes_once(version: Version, cast: Cast) -> None:
    assert ask(20, reminding=True) == 2
    assert ask(21, reminding=True) == 0
    [letter] = to(cast.signatory)
    assert "Den har väntat i 20 dagar." in letter.text


def test_several_agreements_are_one_letter(cast: Cast) -> None:
    accepted(cast)
    accepted(cast, municipality=cast.are, by=cast.outsider)

    ask()

    [letter] = to(cast.af_signatory)
    assert letter.subject == "Att underteckna: 2 överenskommelser"
    assert len(letter.links) == 2


def test_who_is_not_in_turn_is_asked_when_the_turn_comes(version: Version, cast: Cast) -> None:
    municipality, af = version.parties.get(side="municipality"), version.parties.get(side="af")
    turns, now = {municipality.pk: 0, af.pk: 1}, timezone.now()
    ordering.order_signatures(by=cast.coordinator, version_id=version.pk, turns=turns, now=now)
    ask()
    assert not to(cast.af_signatory)

    sign_for(version, "municipality", cast.signatory, now=now)
    ask()

    assert len(to(cast.af_signatory)) == 1


@pytest.mark.parametrize("done", ["signed", "declined", "reopened"])
def test_a_letter_whose_question_is_answered_does_not_leave(version: Version, cast: Cast, done: str) -> None:
    ask()
    now, party = timezone.now(), version.parties.get(side="municipality")
    if done == "signed":
        sign_for(version, "municipality", cast.signatory, now=now)
    elif done == "declined":
        facts = {"version_id": version.pk, "party_id": party.pk, "reason": "Nej tack.", "now": now}
        declining.decline(by=cast.signatory, **facts)
    else:
        negotiating.reopen(by=cast.coordinator, version_id=version.pk, reason="Fel datum.")

    while letters.claim(now=now + DAY):
        pass

    assert to(cast.signatory)[0].failure == letters.ANSWERED
    assert ask(30, reminding=True) == (1 if done == "signed" else 0)


def test_a_text_accepted_anew_is_asked_for_anew(version: Version, cast: Cast) -> None:
    ask()
    negotiating.reopen(by=cast.coordinator, version_id=version.pk, reason="Fel datum.")
    negotiating.propose(by=cast.coordinator, version_id=version.pk)
    negotiating.accept(by=cast.af_coordinator, version_id=version.pk)

    assert ask() == 2


def test_who_has_taken_a_signature_back_is_only_reminded(version: Version, cast: Cast) -> None:
    ask()
    now, party = timezone.now(), version.parties.get(side="municipality")
    sign_for(version, "municipality", cast.signatory, now=now)
    declining.withdraw(by=cast.signatory, version_id=version.pk, party_id=party.pk, reason="Fel beslut.", now=now)

    assert ask(1) == 0
    assert ask(7, reminding=True) == 2


def test_who_no_longer_signs_is_not_written_to(version: Version, cast: Cast) -> None:
    User.objects.filter(pk=cast.signatory.pk).update(is_active=False)

    ask()

    assert not to(cast.signatory)


def test_an_older_letter_that_has_not_left_is_replaced_by_the_reminder(version: Version, cast: Cast) -> None:
    ask()
    ask(7, reminding=True)

    first, second = to(cast.signatory)
    assert (first.failure, second.failed_at) == (letters.REPLACED, None)


# --------------------------------------------------------------------------------------------------- the link


def open_link(client: Client, user: User, link: str) -> Any:
    client.force_login(user)
    client.get(link)
    return client.get(reverse("link_open"))


def test_the_link_leads_its_owner_to_the_text_once(client: Client, version: Version, cast: Cast, link: str) -> None:
    assert open_link(client, cast.signatory, link).status_code == 200

    answer = client.post(reverse("link_open"))

    assert answer.headers["Location"] == sign_path(version.pk, version.parties.get(side="municipality").pk)
    assert open_link(client, cast.signatory, link).status_code == 404
    assert Event.objects.filter(type="link.used").count() == 1


def test_the_secret_leaves_the_address_before_the_login(client: Client, cast: Cast, link: str) -> None:
    first = client.get(link)
    second = client.get(first.headers["Location"])

    assert first.headers["Location"] == "/lank/"
    assert (first.headers["Referrer-Policy"], "no-store" in first.headers["Cache-Control"]) == ("no-referrer", True)
    assert second.headers["Location"] == "/logga-in/?next=/lank/"
    answer = client.post("/logga-in/?next=/lank/", {"username": cast.signatory.email, "password": PASSWORD})
    assert client.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize("role", ["coordinator", "af_signatory", "outsider", "administrator"])
def test_somebody_elses_link_is_no_page_and_that_is_kept(
    client: Client, cast: Cast, link: str, role: str, caplog: Any
) -> None:
    user = getattr(cast, role)

    assert open_link(client, user, link).status_code == 404
    assert client.post(reverse("link_open")).status_code == 404

    event = Event.objects.get(type="link.refused")
    assert (event.actor_id, event.after["for"]) == (user.pk, "Karl Chef")
    assert "somebody else's" in caplog.text
    assert open_link(client, cast.signatory, link).status_code == 200


def test_to_look_ahead_uses_nothing_up(client: Client, cast: Cast, link: str) -> None:
    client.force_login(cast.signatory)
    client.head(link)
    client.get(link, headers={"Sec-Purpose": "prefetch;prerender"})
    assert client.get(reverse("link_open")).status_code == 404

    for _ in range(3):
        client.get(link)
        client.head(reverse("link_open"))
        assert client.get(reverse("link_open")).status_code == 200


def test_a_link_expires(client: Client, cast: Cast, link: str) -> None:
    now = timezone.now()
    PersonalLink.objects.update(made_at=now - 31 * DAY, expires_at=now - DAY)

    assert open_link(client, cast.signatory, link).status_code == 404


def test_the_database_holds_the_hash_and_no_log_the_secret(client: Client, cast: Cast, link: str) -> None:
    secret = link.removeprefix("/lank/").strip("/")
    row = PersonalLink.objects.get(user=cast.signatory)

    assert row.sha256 == hash_of(secret)
    assert secret not in f"{row.__dict__} {to(cast.signatory)[0].__dict__}"


def test_what_is_logged_covers_the_secret(link: str) -> None:

    record = logging.LogRecord("x", logging.INFO, "", 0, f'"GET {link} HTTP/1.1" 302', (), None)
    WithoutSignedLinks().filter(record)

    assert record.getMessage() == '"GET /lank/…/ HTTP/1.1" 302'


def test_a_user_has_one_open_link_to_a_page(version: Version, cast: Cast, link: str) -> None:
    row = PersonalLink.objects.get(user=cast.signatory)
    row.pk, row.seed, row.sha256 = None, "b", "b" * 64

    with pytest.raises(IntegrityError, match="a_user_has_one_open_link_to_a_page"), transaction.atomic():
        row.save()


def test_queries_do_not_grow_with_what_waits(cast: Cast, django_assert_max_num_queries: Any) -> None:
    accepted(cast)
    accepted(cast, municipality=cast.are, by=cast.outsider)
    User.objects.exclude(pk=cast.af_signatory.pk).update(is_active=False)

    with django_assert_max_num_queries(32):
        assert ask() == 1


def test_a_role_above_the_region_is_asked_too(version: Version, cast: Cast) -> None:
    above = factories.member(cast.nord.parent, Role.AF_SIGNATORY)

    ask()

    assert len(to(above)) == 1
