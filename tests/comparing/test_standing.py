"""How an agreement stands to the template in force, clause by clause."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agreements.comparing import Standing, new_text, old_text, standing_of
from agreements.fields import Field, Kind
from agreements.models import TemplateSection, TemplateVersion, Version
from contacts.history import by_the_system, record_all
from tests import factories
from tests.agreements.forms import words_of
from tests.cast import Cast
from tests.comparing.test_compare_page import write

LOCKED = "<ol><li>Parterna möts två gånger om året.</li><li>Frågor besvaras inom fem dagar.</li></ol>"


@dataclass(frozen=True)
class Part:
    key: str = "routines"
    number: str = "13"
    title: str = "Rutiner"
    guidance: str = ""
    locked: str = LOCKED
    fields: tuple[Field, ...] = (Field("handover", Kind.TEXT, "Överlämning"),)


def written(locked: str = LOCKED, *blocks: dict[str, Any]) -> dict[str, Any]:
    section = {"key": "routines", "number": "13", "title": "Rutiner", "locked": locked, "blocks": list(blocks)}
    return {"sections": [section]}


HANDOVER = {"key": "handover", "kind": "text", "label": "Överlämning", "html": "<p>I möte.</p>"}


def test_text_that_is_the_same_everywhere_is_unchanged():
    (section,) = standing_of(written(), [Part()], [Part()])

    assert section.standings == [Standing.UNCHANGED]
    assert section.unchanged == 2


def test_what_is_written_locally_is_an_addition():
    (section,) = standing_of(written(LOCKED, HANDOVER), [Part()], [Part()])

    assert (section.standings, section.additions) == ([Standing.ADDITION], ("Överlämning",))


def test_a_clause_that_the_template_in_force_says_otherwise_is_behind():
    (section,) = standing_of(written(), [Part()], [Part(locked=LOCKED.replace("fem", "tre"))])

    behind = [clause.line for clause in section.clauses if clause.standing is Standing.BEHIND]
    assert [(line.number, old_text(line.pieces), new_text(line.pieces)) for line in behind] == [
        (2, "Frågor besvaras inom fem dagar.", "Frågor besvaras inom tre dagar.")
    ]


def test_national_text_that_is_not_the_templates_own_deviates():
    (section,) = standing_of(written(LOCKED.replace("två", "fyra")), [Part()], [Part()])

    assert section.standings == [Standing.DEVIATES]
    assert [clause.line.number for clause in section.clauses if clause.standing is Standing.DEVIATES] == [1]


def test_a_section_can_deviate_be_behind_and_have_additions_at_once():
    document = written(LOCKED.replace("två", "fyra"), HANDOVER)

    (section,) = standing_of(document, [Part()], [Part(locked=LOCKED.replace("fem", "tre"))])

    assert section.standings == [Standing.DEVIATES, Standing.BEHIND, Standing.ADDITION]


def test_sections_that_come_and_go_are_behind():
    found = standing_of(written(), [Part()], [Part(key="newcomer", fields=())])

    told = {section.key: (section.is_new, section.is_gone, section.standings) for section in found}
    assert told == {"newcomer": (True, False, [Standing.BEHIND]), "routines": (False, True, [Standing.BEHIND])}


def test_bold_in_the_national_text_leaves_nobody_behind():
    (section,) = standing_of(written(), [Part()], [Part(locked=LOCKED.replace("fem", "<strong>fem</strong>"))])

    assert section.standings == [Standing.UNCHANGED]


def test_fields_that_come_and_go_are_named():
    now = Part(fields=(Field("times", Kind.LINE, "Svarstider"),))

    (section,) = standing_of(written(LOCKED, HANDOVER), [Part()], [now])

    assert (section.new_fields, section.lost_fields) == (("Svarstider",), ("Överlämning",))


# ------------------------------------------------------------------------------------------------------- pages


def second_template(**changes: str) -> TemplateVersion:
    """Template 2: a copy of the first, with other national text in some sections."""
    first = TemplateVersion.objects.get(number=1)
    second = TemplateVersion.objects.create(number=2, name="Nationell mall, version 2")
    for section in first.sections.all():
        section.pk, section.version = None, second
        section.locked = changes.get(section.key, section.locked)
        section.save()
    second.valid_from, second.published_at = (
        datetime.date(2027, 1, 1),
        datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC),
    )
    second.save()
    return second


def told() -> None:
    """What loading a template leaves in the history."""
    record_all([by_the_system("template.loaded", subject="template:2")])


def page(client: Client, user: Any, version: Version, name: str = "agreement_standing", *more: str) -> HttpResponse:
    client.force_login(user)
    return client.get(reverse(name, args=(version.pk, *more)))


def locked_of(key: str) -> str:
    return TemplateSection.objects.get(version__number=1, key=key).locked


def test_an_agreement_on_the_newest_template_says_so(client: Client, cast: Cast) -> None:
    version = factories.draft(cast)
    write(version, cast, "employers", cooperation="<p>Besök.</p>")

    text = words_of(page(client, cast.coordinator, version))

    assert "Bygger på mall 1, som är den senaste." in text
    assert "Lokalt tillägg 1 avsnitt" in text
    assert "Nyare text i mallen 0 avsnitt" in text


def test_a_newer_template_is_told_with_what_it_changes(client: Client, cast: Cast) -> None:
    version = factories.draft(cast)
    second_template(routines=locked_of("routines").replace("fem arbetsdagar", "tre arbetsdagar"))

    text = words_of(page(client, cast.coordinator, version))

    assert "Bygger på mall 1. Mall 2 gäller från 1 januari 2027." in text
    assert "Nyare text i mallen 1 avsnitt" in text
    assert "borttaget: fem slut på borttaget tillagt: tre slut på tillägg" in text


def test_the_agreements_page_and_the_sections_page_tell_of_the_newer_template(client: Client, cast: Cast) -> None:
    version = factories.draft(cast)
    before = words_of(page(client, cast.coordinator, version, "agreement"))
    second_template(routines=locked_of("routines").replace("fem arbetsdagar", "tre arbetsdagar"))
    told()

    after = words_of(page(client, cast.coordinator, version, "agreement"))
    section = words_of(page(client, cast.coordinator, version, "section_edit", "routines"))
    other = words_of(page(client, cast.coordinator, version, "section_edit", "employers"))

    assert "Bygger på mall 1, som är den senaste." in before
    assert "Mall 2 gäller från 1 januari 2027." in after
    assert "Nyare text i mall 2" in section
    assert "Nyare text i mall 2" not in other


def test_the_page_asks_no_more_for_a_long_agreement(client: Client, cast: Cast) -> None:
    second_template()
    empty, full = (
        factories.draft(cast),
        factories.fill(factories.draft(cast, municipality=cast.are, by=cast.outsider), cast, by=cast.outsider),
    )
    counts = []
    for version in (empty, full):
        page(client, cast.officer, version)
        with CaptureQueriesContext(connection) as captured:
            page(client, cast.officer, version)
        counts.append(len(captured))

    assert counts[0] == counts[1]
