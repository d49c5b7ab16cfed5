"""The page that compares: what can be chosen, what is shown, and to whom."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agreements.actions import negotiating, writing
from agreements.models import Version
from contacts.models import Event
from tests import factories
from tests.agreements.forms import tree_of, words_of
from tests.agreements.test_amending import amend
from tests.agreements.test_without_names import NAME, SURNAME, named_everywhere
from tests.cast import Cast


def compared(client: Client, user: Any, version: Version, **query: str) -> HttpResponse:
    client.force_login(user)
    return client.get(reverse("comparison", args=(version.pk,)), query)


def write(version: Version, cast: Cast, key: str, **raw: Any) -> None:
    section = version.sections.get(key=key)
    raw = section.content | raw
    writing.save_section(by=cast.coordinator, version_id=version.pk, key=key, raw=raw, revision=section.revision)


def marks(answer: HttpResponse, tag: str) -> list[str]:
    """What stands inserted or deleted, as it is heard."""
    return [" ".join("".join(element.itertext()).split()) for element in tree_of(answer).iter(tag)]


def chosen(answer: HttpResponse) -> list[str]:
    options = (option for option in tree_of(answer).iter("option") if option.get("selected") is not None)
    return ["".join(option.itertext()) for option in options]


def test_a_first_version_is_compared_with_its_template(client: Client, cast: Cast) -> None:
    version = factories.draft(cast)
    write(version, cast, "employers", cooperation="<p>Gemensamma besök.</p>")

    answer = compared(client, cast.coordinator, version)

    assert chosen(answer) == ["Nationell mall 1, inget ifyllt", "Version 1, utkast"]
    assert marks(answer, "ins") == ["tillagt: Gemensamma besök. slut på tillägg"]
    assert "1 avsnitt ändrat." in words_of(answer)


def test_an_amendment_is_compared_with_the_version_it_amends(client: Client, cast: Cast) -> None:
    new = amend(factories.in_force(cast), cast)
    write(new, cast, "employers", cooperation="<p>Gemensamma besök hos alla arbetsgivare.</p>")

    answer = compared(client, cast.coordinator, new)

    assert "Gemensamma besök hos" in words_of(answer)
    assert "tillagt: alla slut på tillägg" in marks(answer, "ins")
    assert chosen(answer)[0].startswith("Version 1, gällande, undertecknad 22 november 2026")


def test_the_summary_leads_to_what_has_changed(client: Client, cast: Cast) -> None:
    version = factories.draft(cast)
    write(version, cast, "employers", cooperation="<p>Besök.</p>")

    answer = compared(client, cast.coordinator, version)

    assert 'href="#avsnitt-employers"' in answer.content.decode()
    assert 'id="avsnitt-employers"' in answer.content.decode()


def test_what_is_the_same_is_folded_or_left_out(client: Client, cast: Cast) -> None:
    version = factories.draft(cast)
    write(version, cast, "employers", cooperation="<p>Besök.</p>")

    whole = compared(client, cast.coordinator, version).content.decode()
    changes = compared(client, cast.coordinator, version, visa="andringar").content.decode()

    assert '<details class="redline__same" id="avsnitt-purpose">' in whole
    assert 'id="avsnitt-purpose"' not in changes
    assert 'id="avsnitt-employers"' in changes


def test_the_two_sides_can_be_turned(client: Client, cast: Cast) -> None:
    version = factories.draft(cast)
    write(version, cast, "employers", cooperation="<p>Besök.</p>")

    answer = compared(client, cast.coordinator, version, fran=f"version-{version.pk}", till="mall-1")

    assert marks(answer, "del") == ["borttaget: Besök. slut på borttaget"]


def test_a_text_compared_with_itself_has_no_differences(client: Client, cast: Cast) -> None:
    version = factories.draft(cast)
    itself = f"version-{version.pk}"

    answer = compared(client, cast.coordinator, version, fran=itself, till=itself, visa="andringar")

    assert "Det är samma text." in words_of(answer)


def test_the_text_as_it_was_proposed_can_be_rebuilt(client: Client, cast: Cast) -> None:
    version = factories.proposed(cast)
    proposed = Event.objects.get(type="agreement.propose")
    negotiating.send_back(by=cast.af_coordinator, version_id=version.pk, reason="Fler besök.")
    write(version, cast, "employers", cooperation="<p>Många besök hos arbetsgivare.</p>")
    facts = {version.parties.get(side="af").pk: {"unit": "Lokal samverkan"}}
    revision = version.sections.get(key="parties").revision
    writing.save_parties(by=cast.coordinator, version_id=version.pk, key="parties", changes=facts, revision=revision)

    answer = compared(client, cast.coordinator, version, fran=f"handelse-{proposed.pk}", visa="andringar")

    assert "När den föreslogs" in chosen(answer)[0]
    assert marks(answer, "del") == [
        "borttaget: Arbetsmarknadsnämnden slut på borttaget",
        "borttaget: Gemensamma slut på borttaget",
    ]
    assert marks(answer, "ins") == ["tillagt: Lokal samverkan slut på tillägg", "tillagt: Många slut på tillägg"]


def test_the_beginning_of_the_past_is_the_empty_template(client: Client, cast: Cast) -> None:
    version = factories.fill(factories.draft(cast), cast)
    started = Event.objects.get(type="agreement.started")

    answer = compared(client, cast.coordinator, version, fran="mall-1", till=f"handelse-{started.pk}")

    assert "Det är samma text." in words_of(answer)


def test_an_event_of_another_version_or_agreement_is_no_past_of_this_one(client: Client, cast: Cast) -> None:
    old = factories.in_force(cast)
    new = amend(old, cast)
    before, after = Event.objects.get(type="agreement.propose"), Event.objects.get(type="agreement.amended")

    assert compared(client, cast.coordinator, new, fran=f"handelse-{before.pk}").status_code == 404
    assert compared(client, cast.coordinator, old, fran=f"handelse-{after.pk}").status_code == 404


@pytest.mark.parametrize("value", ["mall-99", "version-0", "handelse-0", "utkast", "version-" + "9" * 30, "mall-1\x00"])
def test_what_does_not_exist_is_not_found(client: Client, cast: Cast, value: str) -> None:
    assert compared(client, cast.coordinator, factories.draft(cast), fran=value).status_code == 404


# ------------------------------------------------------------------------------------------ other municipalities


def signed_in_are(cast: Cast) -> Version:
    """What Åre has signed; its coordinator is the outsider."""
    return factories.in_force(cast, municipality=cast.are, by=cast.outsider, signatory=signatory_of_are(cast))


def signatory_of_are(cast: Cast) -> Any:
    return factories.member(cast.are, factories.Role.MUNICIPAL_SIGNATORY)


def test_another_municipality_is_found_by_its_name(client: Client, cast: Cast) -> None:
    theirs, ours = signed_in_are(cast), factories.draft(cast)

    answer = compared(client, cast.coordinator, ours, kommun="åre")

    assert f'value="version-{theirs.pk}"' in answer.content.decode()
    assert "Åre kommun, version 1, gällande" in words_of(answer)


def test_a_search_that_finds_nothing_says_so(client: Client, cast: Cast) -> None:
    answer = compared(client, cast.coordinator, factories.draft(cast), kommun="Kiruna")

    assert "Ingen annan kommun med ”Kiruna” i namnet har en undertecknad överenskommelse." in words_of(answer)


def test_what_another_municipality_has_signed_can_be_compared_with(client: Client, cast: Cast) -> None:
    theirs, ours = signed_in_are(cast), factories.draft(cast)

    answer = compared(client, cast.coordinator, ours, fran=f"version-{theirs.pk}", visa="andringar")

    assert answer.status_code == 200
    assert "borttaget: Gemensamma besök hos arbetsgivare. slut på borttaget" in marks(answer, "del")


def test_what_another_municipality_has_not_signed_is_not_found(client: Client, cast: Cast) -> None:
    theirs = factories.draft(cast, municipality=cast.are, by=cast.outsider)
    ours = factories.draft(cast)

    assert compared(client, cast.coordinator, ours, fran=f"version-{theirs.pk}").status_code == 404
    assert f"version-{theirs.pk}" not in compared(client, cast.coordinator, ours, kommun="Åre").content.decode()


def test_names_in_another_municipalitys_text_are_covered(client: Client, cast: Cast) -> None:
    theirs = factories.fill(factories.draft(cast, municipality=cast.are, by=cast.outsider), cast, by=cast.outsider)
    section = theirs.sections.get(key="employers")
    writing.save_section(
        by=cast.outsider,
        version_id=theirs.pk,
        key="employers",
        raw={"cooperation": f"<p>Ring {NAME}.</p>"},
        revision=section.revision,
    )
    negotiating.propose(by=cast.outsider, version_id=theirs.pk)
    theirs = negotiating.accept(by=cast.af_coordinator, version_id=theirs.pk)
    now = factories.datetime.datetime(2026, 11, 22, 12, tzinfo=factories.datetime.UTC)
    factories.sign_for(theirs, "municipality", signatory_of_are(cast), now=now)
    factories.sign_for(theirs, "af", cast.af_signatory, now=now)
    ours = factories.draft(cast)
    where = {"fran": f"version-{theirs.pk}"}

    hidden = compared(client, cast.coordinator, ours, **where).content.decode()
    shown = compared(client, cast.af_coordinator, ours, **where).content.decode()

    assert SURNAME not in hidden.lower()
    assert "[namn visas inte]" in hidden
    assert NAME in shown


def test_one_who_may_not_see_names_sees_none_in_a_comparison(client: Client, cast: Cast) -> None:
    version = named_everywhere(cast)
    started = Event.objects.get(type="agreement.started")

    for query in ({}, {"fran": f"handelse-{started.pk}"}, {"visa": "andringar"}):
        compared(client, cast.coordinator, version, **query)  # what is kept for one is not shown to the other
        text = compared(client, cast.skr_reader, version, **query).content.decode().lower()
        assert SURNAME not in text
        assert "torgny" not in text


# --------------------------------------------------------------------------------------------------- questions


def queries(client: Client, user: Any, version: Version, **query: str) -> int:
    client.force_login(user)
    address = reverse("comparison", args=(version.pk,))
    client.get(address, query)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address, query).status_code == 200
    return len(captured)


def rows(number: int) -> list[dict[str, str]]:
    return [{"what": f"Mål {i}", "target": "75", "due": "2027-12-31", "responsible": "Chef"} for i in range(number)]


def test_the_number_of_questions_does_not_grow_with_rows_or_history(client: Client, cast: Cast) -> None:
    version = factories.draft(cast)
    started = Event.objects.get(type="agreement.started")
    ways: list[dict[str, str]] = [{}, {"fran": f"handelse-{started.pk}"}, {"kommun": "Å"}]

    counts = []
    for number in (3, 30):
        for size in range(number):
            write(version, cast, "goals", goals=rows(size + 1))
        counts.append([queries(client, cast.coordinator, version, **way) for way in ways])

    assert counts[0] == counts[1]
    assert max(counts[0]) <= 16, counts
