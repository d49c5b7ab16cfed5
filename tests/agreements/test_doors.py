"""Who gets through which door: outsiders 404, readers 403 where something is written."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from agreements.models import Version
from tests.cast import Cast
from tests.factories import accepted, draft

READ = ["agreement", "agreement_flags", "agreement_history"]
WRITE = ["propose", "send_back", "accept", "reopen", "discard"]


def status(client: Client, user: object, address: str, *, post: bool = False) -> int:
    client.force_login(user)  # type: ignore[arg-type]
    return (client.post(address) if post else client.get(address)).status_code


def addresses(version: Version) -> list[str]:
    party = version.parties.first()
    assert party is not None
    return [
        *(reverse(name, args=(version.pk,)) for name in READ + WRITE),
        reverse("section_edit", args=(version.pk, "goals")),
        reverse("sign", args=(version.pk, party.pk)),
    ]


def test_an_outsider_finds_no_page_of_the_agreement(client: Client, cast: Cast) -> None:
    for address in addresses(draft(cast)):
        assert status(client, cast.outsider, address) == 404, address
        assert status(client, cast.outsider, address, post=True) in (404, 405), address


def test_an_administrator_of_the_system_is_an_outsider_to_the_agreement(client: Client, cast: Cast) -> None:
    for address in addresses(draft(cast)):
        assert status(client, cast.administrator, address) == 404, address


@pytest.mark.parametrize("role", ["coordinator", "signatory", "reader", "af_coordinator", "officer", "skr_reader"])
def test_everyone_with_a_part_in_it_reads_the_agreement(client: Client, cast: Cast, role: str) -> None:
    version = accepted(cast)

    for name in READ:
        assert status(client, getattr(cast, role), reverse(name, args=(version.pk,))) == 200, name


@pytest.mark.parametrize("role", ["reader", "signatory", "officer", "skr_reader"])
def test_readers_are_refused_where_something_is_written(client: Client, cast: Cast, role: str) -> None:
    version = draft(cast)

    for address in [
        *(reverse(name, args=(version.pk,)) for name in WRITE),
        reverse("section_edit", args=(version.pk, "goals")),
    ]:
        assert status(client, getattr(cast, role), address) == 403, address
        assert status(client, getattr(cast, role), address, post=True) == 403, address


@pytest.mark.parametrize("role", ["coordinator", "af_coordinator", "reader", "officer"])
def test_only_a_signatory_opens_the_page_for_signing(client: Client, cast: Cast, role: str) -> None:
    version = accepted(cast)
    party = version.parties.get(side="municipality")

    assert status(client, getattr(cast, role), reverse("sign", args=(version.pk, party.pk))) == 403


def test_a_signatory_does_not_sign_for_the_other_party(client: Client, cast: Cast) -> None:
    version = accepted(cast)
    theirs = version.parties.get(side="af")

    assert status(client, cast.signatory, reverse("sign", args=(version.pk, theirs.pk))) == 403


def test_a_party_of_another_agreement_is_not_found(client: Client, cast: Cast) -> None:
    version = accepted(cast)

    assert status(client, cast.signatory, reverse("sign", args=(version.pk, 10**9))) == 404


def test_a_section_that_the_template_lacks_is_not_found(client: Client, cast: Cast) -> None:
    address = reverse("section_edit", args=(draft(cast).pk, "nothing"))

    assert status(client, cast.coordinator, address) == 404


@pytest.mark.parametrize("role", ["reader", "signatory", "officer", "skr_reader", "administrator"])
def test_only_coordinators_start_agreements(client: Client, cast: Cast, role: str) -> None:
    assert status(client, getattr(cast, role), reverse("agreement_start")) == 403


@pytest.mark.parametrize("role", list(Cast.__dataclass_fields__)[4:])
def test_everybody_has_a_desk_and_a_list(client: Client, cast: Cast, role: str) -> None:
    for address in (reverse("my_work"), reverse("agreement_list"), reverse("template", args=(1,))):
        assert status(client, getattr(cast, role), address) == 200, address


def test_nobody_gets_in_without_logging_in(client: Client, cast: Cast) -> None:
    for address in addresses(draft(cast)):
        assert client.get(address).status_code == 302
