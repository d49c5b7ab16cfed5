"""The national template as a draft: a copy that SKR writes in, saved without losing anybody's words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from agreements.actions import template_drafts
from agreements.actions.template_drafts import Facts, OutlineRow, SectionChange, facts_of
from agreements.models import TemplateVersion
from agreements.national.definition import InvalidDefinition
from contacts.errors import NotAllowed, Refused, Stale
from contacts.models import Event
from tests.agreements.templates import Fields, outline_of, rewrite, save_outline, seen_of, without
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast: Cast) -> TemplateVersion:
    return template_drafts.start_draft(by=cast.officer)


def errors_of(cast: Cast, draft: TemplateVersion, key: str, change: object) -> dict[str, str]:
    with pytest.raises(InvalidDefinition) as caught:
        rewrite(cast.officer, draft, key, fields=change)  # type: ignore[arg-type]
    return caught.value.errors


def test_a_draft_is_a_copy_of_the_newest_version_and_says_that_it_is_a_reconstruction(draft: TemplateVersion) -> None:
    first = TemplateVersion.objects.get(number=1)
    columns = ("key", "number", "position", "title", "guidance", "locked", "definition")

    assert (draft.number, draft.published_at, draft.note) == (2, None, first.note)
    assert list(draft.sections.values_list(*columns)) == list(first.sections.values_list(*columns))


def test_there_is_one_draft_at_a_time_and_the_database_says_so_too(cast: Cast, draft: TemplateVersion) -> None:
    with pytest.raises(Refused, match="redan ett utkast"):
        template_drafts.start_draft(by=cast.officer)
    with pytest.raises(IntegrityError, match="there_is_one_draft_template_at_a_time"), transaction.atomic():
        TemplateVersion.objects.create(number=3, name="Ett till")


@pytest.mark.parametrize("role", ["coordinator", "af_coordinator", "skr_reader", "administrator", "outsider"])
def test_nobody_but_skrs_officer_drafts(cast: Cast, draft: TemplateVersion, role: str) -> None:
    user = getattr(cast, role)
    with pytest.raises(NotAllowed):
        template_drafts.save_facts(by=user, number=2, facts=Facts("Min mall", "", ""), revision=0)
    with pytest.raises(NotAllowed):
        template_drafts.discard_draft(by=user, number=2)


def test_sections_are_moved_renamed_added_and_removed_in_one_save(cast: Cast, draft: TemplateVersion) -> None:
    rows = [row for row in outline_of(draft) if row.key != "communication"]
    rows.insert(4, rows.pop(8))
    rows[1] = replace(rows[1], title="Parterna")
    rows.append(OutlineRow("B5", "Resor till arbetet"))

    save_outline(cast.officer, draft, rows)

    kept = list(draft.sections.values_list("key", "title", "position"))
    assert [key for key, _, _ in kept][:6] == ["cover", "parties", "background", "purpose", "responsibilities", "goals"]
    assert kept[1][1] == "Parterna"
    assert kept[-1] == ("resor_till_arbetet", "Resor till arbetet", len(kept) - 1)
    assert not draft.sections.filter(key="communication").exists()


def test_what_a_removed_section_said_is_kept_in_history(cast: Cast, draft: TemplateVersion) -> None:
    locked = draft.sections.get(key="deviations").locked

    without(cast.officer, draft, "deviations")

    [removed] = Event.objects.get(type="template.outline_saved").before["removed"]
    assert (removed["key"], removed["locked"]) == ("deviations", locked)


def test_two_sections_do_not_share_a_number(cast: Cast, draft: TemplateVersion) -> None:
    rows = outline_of(draft)
    rows[5] = replace(rows[5], number="4", title="")

    with pytest.raises(InvalidDefinition) as caught:
        save_outline(cast.officer, draft, rows)

    assert caught.value.errors == {
        "5.number": "Numret står redan på Gemensamma mål.",
        "5.title": "Ge avsnittet en rubrik.",
    }


@pytest.mark.parametrize("number", ["", "-1", "B", "B0", "007", "%00", "<b>", "4a"])
def test_a_section_is_numbered_with_a_number(cast: Cast, draft: TemplateVersion, number: str) -> None:
    rows = outline_of(draft)
    rows[5] = replace(rows[5], number=number)

    with pytest.raises(InvalidDefinition) as caught:
        save_outline(cast.officer, draft, rows)

    assert list(caught.value.errors) == ["5.number"]


def test_the_second_to_save_the_outline_is_told(cast: Cast, draft: TemplateVersion) -> None:
    rows, seen = outline_of(draft), seen_of(draft)
    without(cast.officer, draft, "communication")

    with pytest.raises(Stale):
        template_drafts.save_outline(by=cast.officer, number=2, rows=rows, seen=seen, revision=0)


def test_a_section_is_not_removed_after_somebody_has_written_in_it(cast: Cast, draft: TemplateVersion) -> None:
    rows = [row for row in outline_of(draft) if row.key != "communication"]
    seen = seen_of(draft)
    rewrite(cast.officer, draft, "communication", locked="<p>Nytt.</p>")

    with pytest.raises(Stale):
        template_drafts.save_outline(by=cast.officer, number=2, rows=rows, seen=seen, revision=0)


def test_national_text_is_cleaned_and_the_second_to_save_it_is_told(cast: Cast, draft: TemplateVersion) -> None:
    saved = rewrite(cast.officer, draft, "purpose", locked='<p onclick="x()">Nytt <script>y</script>syfte.</p>')

    assert saved.locked == "<p>Nytt syfte.</p>"
    change = SectionChange("", "<p>Annat.</p>", [])
    with pytest.raises(Stale) as caught:
        template_drafts.save_section(by=cast.officer, number=2, key="purpose", change=change, revision=0)
    assert caught.value.current.locked == "<p>Nytt syfte.</p>"


def test_what_differs_in_spacing_alone_has_not_changed(cast: Cast, draft: TemplateVersion) -> None:
    before = draft.sections.get(key="purpose")

    saved = rewrite(cast.officer, draft, "purpose", locked=before.locked.replace("\n", "  "))

    assert (saved.locked, saved.revision) == (before.locked, 0)


def test_a_new_field_gets_a_key_of_its_label_and_keeps_it(cast: Cast, draft: TemplateVersion) -> None:
    new = {"label": "Ålder på gruppen", "kind": "line", "required": True}

    rewrite(cast.officer, draft, "target_groups", fields=lambda fields: [*fields, new])
    renamed = rewrite(
        cast.officer, draft, "target_groups", fields=lambda fields: [*fields[:-1], fields[-1] | {"label": "Åldrar"}]
    )

    assert renamed.definition[-1] == {"key": "alder_pa_gruppen", "kind": "line", "label": "Åldrar", "required": True}


def test_a_key_is_not_used_twice(cast: Cast, draft: TemplateVersion) -> None:
    twice = {"key": "groups", "label": "Grupper igen", "kind": "line"}

    errors = errors_of(cast, draft, "target_groups", lambda fields: [*fields, twice])

    assert list(errors) == ["2.key", "2.kind"]
    assert "används redan av fältet" in errors["2.key"]


def test_a_key_is_never_used_again_for_another_kind(cast: Cast, draft: TemplateVersion) -> None:
    rewrite(cast.officer, draft, "employers", fields=lambda _: [])
    again = {"key": "cooperation", "label": "Samarbete", "kind": "date"}

    errors = errors_of(cast, draft, "employers", lambda _: [again])

    assert "bär ett annat slags fält i mall 1 (löpande text med formatering)" in errors["0.kind"]


def test_a_demand_that_depends_on_nothing_is_refused_at_its_field(cast: Cast, draft: TemplateVersion) -> None:
    def lone(fields: Fields) -> Fields:
        return [field for field in fields if field["key"] != "used"]

    errors = errors_of(cast, draft, "job_tracks", lone)

    assert errors == {"0.required": "Fältet som kravet beror på finns inte här längre. Välj ett annat krav."}


def test_a_choice_without_options_is_refused_at_its_field(cast: Cast, draft: TemplateVersion) -> None:
    def bare(fields: Fields) -> Fields:
        return [fields[0] | {"options": [["yes", "Ja"]]}, *fields[1:]]

    errors = errors_of(cast, draft, "job_tracks", bare)

    assert errors["0.options"] == "Skriv minst två alternativ, ett per rad."


def test_columns_are_checked_as_fields_are(cast: Cast, draft: TemplateVersion) -> None:
    def wrong(fields: Fields) -> Fields:
        column = {"label": "", "kind": "rows"}
        return [fields[0] | {"columns": [*fields[0]["columns"], column]}]

    errors = errors_of(cast, draft, "goals", wrong)

    assert errors == {
        "0.columns.6.kind": "Välj vilken sorts fält det är.",
        "0.columns.6.label": "Ge fältet en rubrik.",
    }


def test_no_identity_number_is_saved_anywhere(cast: Cast, draft: TemplateVersion) -> None:
    with pytest.raises(Refused, match="personnummer"):
        template_drafts.save_facts(
            by=cast.officer, number=2, facts=replace(facts_of(draft), news="Om 19121212-1212"), revision=0
        )
    with pytest.raises(InvalidDefinition, match="personnummer"):
        rewrite(cast.officer, draft, "purpose", locked="<p>Om 19121212-1212</p>")


def test_a_discarded_draft_is_gone_but_its_words_are_kept(cast: Cast, draft: TemplateVersion) -> None:
    rewrite(cast.officer, draft, "purpose", locked="<p>Ett nytt syfte.</p>")

    template_drafts.discard_draft(by=cast.officer, number=2)

    assert not TemplateVersion.objects.filter(number=2).exists()
    kept = Event.objects.get(type="template.discarded").before["sections"]
    assert "<p>Ett nytt syfte.</p>" in [section["locked"] for section in kept]
