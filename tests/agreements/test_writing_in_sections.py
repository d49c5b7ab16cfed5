"""The page where a section is written: every kind of field, errors at their place, nothing lost."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client

from agreements.models import Section, Version
from contacts.models import Event
from tests.agreements.forms import ids_of, save, section_address, section_form, words_of
from tests.cast import Cast
from tests.factories import contact_point, draft, proposed


@pytest.fixture
def version(cast: Cast) -> Version:
    return draft(cast)


@pytest.fixture
def writer(client: Client, cast: Cast) -> Client:
    client.force_login(cast.coordinator)
    return client


def content(version: Version, key: str) -> dict[str, object]:
    return Section.objects.get(version=version, key=key).content


def test_every_section_opens_and_saves_as_it_is(writer: Client, version: Version) -> None:
    for key in version.sections.exclude(template_section__definition=[]).values_list("key", flat=True):
        assert save(writer, version, key).status_code == 302, key
    assert Event.objects.filter(type__endswith="_saved").count() == 0


def test_locked_text_is_shown_and_is_no_field(writer: Client, version: Version) -> None:
    answer = writer.get(section_address(version, "purpose"))

    assert "Nationell text, låst" in words_of(answer)
    assert set(section_form(writer, version, "purpose")) == {"csrfmiddlewaretoken", "revision"}


def test_rich_text_is_cleaned_and_saved(writer: Client, version: Version) -> None:
    text = '<p onclick="x()">Läget är <b>svårt</b>.</p><script>alert(1)</script><img src="file:///etc/passwd">'

    answer = save(writer, version, "background", local_situation=text + '<img src="http://ond.se/x.png">')

    assert answer.status_code == 302
    assert content(version, "background") == {"local_situation": "<p>Läget är <strong>svårt</strong>.</p>"}


def test_plain_text_without_the_editor_becomes_paragraphs(writer: Client, version: Version) -> None:
    save(writer, version, "background", local_situation="Första stycket.\n\nAndra < tredje.")

    assert content(version, "background")["local_situation"] == "<p>Första stycket.</p><p>Andra &lt; tredje.</p>"


def test_invisible_characters_are_taken_away(writer: Client, version: Version) -> None:
    save(writer, version, "goals", **{"goals-0-what": "Fler\x00 i\u202e arbete"})

    assert content(version, "goals")["goals"][0]["what"] == "Fler i arbete"  # type: ignore[index]


def test_too_long_a_text_is_refused_and_kept_to_the_last_letter(writer: Client, version: Version) -> None:
    text = "<p>" + "Åäö text. " * 10_000 + "SLUTET</p>"

    answer = save(writer, version, "background", local_situation=text)

    assert answer.status_code == 422
    assert "Högst 50000 får plats" in words_of(answer)
    assert "SLUTET" in answer.content.decode()
    assert content(version, "background") == {}


def test_errors_in_rows_stand_at_their_field(writer: Client, version: Version) -> None:
    answer = save(
        writer, version, "goals", **{"goals-0-what": "Mål", "goals-0-due": "i vår", "goals-0-target": "9" * 301}
    )

    assert answer.status_code == 422
    assert {"id_goals-0-due_error", "id_goals-0-target_error"} <= ids_of(answer)
    assert 'value="i vår"' in answer.content.decode()


def test_a_personnummer_is_refused(writer: Client, version: Version) -> None:
    answer = save(writer, version, "background", local_situation="<p>Ring 19811218-9876.</p>")

    assert answer.status_code == 422
    assert "ser ut som ett personnummer" in words_of(answer)


def test_a_locked_field_posted_by_hand_is_refused_and_the_rest_kept(writer: Client, version: Version) -> None:
    answer = save(writer, version, "background", locked="<p>Vår egen lag.</p>", local_situation="<p>Läget.</p>")

    assert answer.status_code == 422
    assert "nationell text och kan inte ändras" in words_of(answer)
    assert "Läget." in answer.content.decode()
    assert content(version, "background") == {}


def test_a_post_cut_short_empties_nothing(writer: Client, version: Version) -> None:
    save(writer, version, "routines", handover="<p>Möte.</p>", transition="<p>Plan.</p>")

    answer = writer.post(section_address(version, "routines"), {"revision": "1", "handover": "<p>Nytt.</p>"})

    assert answer.status_code == 422
    assert content(version, "routines")["transition"] == "<p>Plan.</p>"


def test_rows_keep_their_identity_when_moved_and_removed(writer: Client, version: Version) -> None:
    save(writer, version, "goals", **{"goals-0-what": "Ett"})
    form = section_form(writer, version, "goals") | {
        "goals-TOTAL_FORMS": "2",
        "goals-1-what": "Två",
        "goals-1-ORDER": "0",
    }
    for name in ("baseline", "target", "due", "responsible", "measured_by", "id"):
        form[f"goals-1-{name}"] = ""
    first = content(version, "goals")["goals"][0]["id"]  # type: ignore[index]

    writer.post(section_address(version, "goals"), form)
    rows = content(version, "goals")["goals"]
    save(writer, version, "goals", **{"goals-0-DELETE": "on"})

    assert [(row["what"], row["id"] == first) for row in rows] == [("Två", False), ("Ett", True)]  # type: ignore[index, attr-defined]
    assert [row["id"] for row in content(version, "goals")["goals"]] == [first]  # type: ignore[index, attr-defined]


def test_a_row_is_added_without_scripts_and_all_that_was_typed_is_kept(writer: Client, version: Version) -> None:
    answer = save(writer, version, "goals", **{"goals-0-what": "Inte sparat än", "add_row": "goals"})

    assert answer.status_code == 200
    assert "id_goals-1-what" in ids_of(answer)
    assert 'value="Inte sparat än"' in answer.content.decode()


def test_an_option_that_is_not_on_the_list_is_refused(writer: Client, version: Version) -> None:
    assert save(writer, version, "presence", form="på månen").status_code == 422
    assert save(writer, version, "target_groups", groups=["young", "alla"]).status_code == 422


def test_dates_in_the_wrong_order_are_told_at_the_field(writer: Client, version: Version) -> None:
    answer = save(writer, version, "validity", period_start="2027-01-01", period_end="2026-01-01", notice_months="x")

    assert answer.status_code == 422
    assert {"id_period_end_error", "id_notice_months_error"} <= ids_of(answer)
    assert 'value="2026-01-01"' in answer.content.decode()


def test_the_period_is_saved(writer: Client, version: Version) -> None:
    save(writer, version, "validity", period_start="2027-01-01", period_end="2029-12-31", notice_months="3")

    version.refresh_from_db()
    assert (version.period_start, version.notice_months) == (datetime.date(2027, 1, 1), 3)


def test_a_year_that_no_calendar_holds_is_refused(writer: Client, version: Version) -> None:
    assert save(writer, version, "validity", period_end="9999-12-31").status_code == 422


def test_facts_of_the_parties_are_tidied(writer: Client, version: Version) -> None:
    save(writer, version, "parties", **{"party-0-unit": " Nämnden \x00", "party-0-org_number": "2120002528"})

    party = version.parties.get(position=0)
    assert (party.unit, party.org_number) == ("Nämnden", "212000-2528")


def test_a_wrong_fact_of_a_party_saves_nothing_of_the_section(writer: Client, version: Version) -> None:
    answer = save(
        writer, version, "parties", **{"party-0-org_number": "19811218-9876", "employment_service_part": "<p>Nord.</p>"}
    )

    assert answer.status_code == 422
    assert "id_party-0-org_number_error" in ids_of(answer)
    assert content(version, "parties") == {}


def test_contact_points_are_ticked_from_both_registers(writer: Client, version: Version, cast: Cast) -> None:
    ours, theirs = contact_point(cast.ostersund, by=cast.coordinator), contact_point(cast.nord, by=cast.af_coordinator)
    municipality, af = version.parties.all()

    save(
        writer,
        version,
        "contacts",
        contacts=[f"{municipality.pk}:strategic:{ours.pk}", f"{af.pk}:strategic:{theirs.pk}"],
    )

    assert set(version.contacts.values_list("contact_point", "party")) == {
        (ours.pk, municipality.pk),
        (theirs.pk, af.pk),
    }


def test_somebody_elses_contact_point_is_refused(writer: Client, version: Version, cast: Cast) -> None:
    strange = contact_point(cast.are, by=cast.outsider)
    party = version.parties.get(position=0)

    answer = save(writer, version, "contacts", contacts=f"{party.pk}:strategic:{strange.pk}")

    assert answer.status_code == 409
    assert "hör inte till parten" in words_of(answer)
    assert not version.contacts.exists()


def test_a_contact_point_that_makes_no_sense_is_refused(writer: Client, version: Version) -> None:
    assert save(writer, version, "contacts", contacts="1:nowhere:x").status_code == 422


def test_a_section_saved_meanwhile_shows_both_texts_and_then_saves(
    writer: Client, version: Version, cast: Cast
) -> None:
    mine = section_form(writer, version, "employers") | {"cooperation": "<p>Kommunens ord.</p>"}
    other = Client()
    other.force_login(cast.af_coordinator)
    save(other, version, "employers", cooperation="<p>Myndighetens ord.</p>")

    conflict = writer.post(section_address(version, "employers"), mine)
    page = words_of(conflict)

    assert conflict.status_code == 409
    assert "Myndighetens ord." in page
    assert "Ali Ordnare" in page
    assert "Kommunens ord." in conflict.content.decode()
    again = mine | {"revision": "1"}
    assert 'name="revision" value="1"' in conflict.content.decode()
    assert writer.post(section_address(version, "employers"), again).status_code == 302
    assert content(version, "employers")["cooperation"] == "<p>Kommunens ord.</p>"


def test_a_proposed_agreement_is_not_written_in_and_the_text_is_kept(client: Client, cast: Cast) -> None:
    version = proposed(cast)
    client.force_login(cast.coordinator)
    post = {"revision": "1", "cooperation": "<p>För sent.</p>"}

    answer = client.post(section_address(version, "employers"), post)

    assert answer.status_code == 409
    assert "kan inte ändras" in words_of(answer)
    assert "För sent." in answer.content.decode()
    assert client.get(section_address(version, "employers")).status_code == 302


def test_a_fragment_is_the_form_of_the_page(writer: Client, version: Version) -> None:
    address = section_address(version, "background")
    form = section_form(writer, version, "background") | {"local_situation": "x" * 60_000}

    page = writer.post(address, form).content.decode()
    part = writer.post(address, form, headers={"HX-Request": "true", "HX-Target": "avsnitt-formular"}).content.decode()

    assert without_token(part.strip()) in without_token(page)


def without_token(html: str) -> str:
    import re

    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", html)


def test_saving_by_htmx_leads_on_to_the_next_section(writer: Client, version: Version) -> None:
    form = section_form(writer, version, "background") | {"next": "1"}

    answer = writer.post(
        section_address(version, "background"), form, headers={"HX-Request": "true", "HX-Target": "avsnitt-formular"}
    )

    assert answer.headers["HX-Redirect"] == section_address(version, "goals")
