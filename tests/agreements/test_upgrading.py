"""Going over to a newer template: what did not fit, what is asked anew, what has changed; each decided and kept."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agreements.actions import amending, negotiating, upgrading, writing
from agreements.actions.template_drafts import OutlineRow
from agreements.models import Flag, TemplateVersion, UpgradePoint, Version
from contacts.errors import NotAllowed, Refused
from contacts.models import Event
from tests.agreements.forms import words_of
from tests.agreements.templates import outline_of, rewrite, save_outline, second
from tests.cast import Cast
from tests.factories import TODAY, contact_point, draft, fill, in_force

pytestmark = pytest.mark.django_db
HABITS = {"label": "Restid till arbetet", "kind": "text", "required": True}


def changed(cast: Cast) -> Any:
    """Template 2: another purpose, no field about employers, no background, a new demand and a new section."""

    def change(new: TemplateVersion) -> None:
        by = cast.officer
        rows = [row for row in outline_of(new) if row.key != "background"]
        save_outline(by, new, [*rows, OutlineRow("21", "Resor")])
        rewrite(by, new, "purpose", locked="<p>Ett nytt gemensamt syfte.</p>")
        rewrite(by, new, "employers", fields=lambda _: [{"label": "Samverkan", "kind": "note"}])
        rewrite(by, new, "resor", locked="<p>Om resor.</p>", fields=lambda _: [HABITS])

    return change


@pytest.fixture
def old(cast: Cast) -> Version:
    return in_force(cast)


@pytest.fixture
def new(cast: Cast, old: Version) -> Version:
    second(cast.officer, changed(cast))
    return amending.start_amendment(by=cast.coordinator, version_id=old.pk, today=timezone.localdate())


def point(version: Version, kind: str) -> UpgradePoint:
    return version.upgrade_points.filter(kind=kind).latest("position")


def now() -> datetime.datetime:
    return timezone.localtime()


def decide(version: Version, cast: Cast, kind: str, **how: Any) -> UpgradePoint:
    asked = point(version, kind)
    return upgrading.decide(by=cast.coordinator, version_id=version.pk, point_id=asked.pk, now=now(), **how)


def place(version: Version, cast: Cast, section: str, field: str, asked: UpgradePoint | None = None) -> UpgradePoint:
    asked = asked or version.upgrade_points.get(kind="text", section_key="background")
    where = {"section_key": section, "field_key": field, "now": now()}
    return upgrading.place(by=cast.coordinator, version_id=version.pk, point_id=asked.pk, **where)  # type: ignore[arg-type]


# --------------------------------------------------------------------------------------------------- laid out


def test_everything_that_differs_for_this_agreement_is_laid_out(new: Version) -> None:
    found = [(p.kind, p.section, p.field) for p in new.upgrade_points.all()]

    assert found == [
        ("locked", "3 Gemensamt syfte", ""),
        ("text", "11 Arbetsgivare och kompetensförsörjning", "Samarbete med arbetsgivare"),
        ("added", "21 Resor", ""),
        ("required", "21 Resor", "Restid till arbetet"),
        ("removed", "2 Bakgrund och uppdrag", ""),
        ("text", "2 Bakgrund och uppdrag", "Lokalt läge"),
    ]


def test_the_old_text_is_kept_as_it_was_printed(new: Version) -> None:
    was = new.upgrade_points.get(kind="text", section_key="background").was

    assert was["html"] == "<p>Arbetslösheten är högst bland unga utan gymnasieutbildning.</p>"


def test_nothing_is_asked_when_the_template_is_the_same(cast: Cast, old: Version) -> None:
    again = amending.start_amendment(by=cast.coordinator, version_id=old.pk, today=timezone.localdate())

    assert not again.upgrade_points.exists()


def test_a_column_that_every_row_must_fill_in_is_a_new_demand(cast: Cast, old: Version) -> None:
    def stricter(fields: Any) -> Any:
        columns = [column | {"required": column["key"] == "measured_by"} for column in fields[0]["columns"]]
        return [fields[0] | {"columns": columns}]

    second(cast.officer, lambda template: rewrite(cast.officer, template, "goals", fields=stricter))
    version = amending.start_amendment(by=cast.coordinator, version_id=old.pk, today=timezone.localdate())

    [asked] = version.upgrade_points.all()
    assert (asked.kind, asked.field) == ("required", "Mål: Hur och varifrån målet mäts")


# ---------------------------------------------------------------------------------------------------- decided


def test_an_old_text_is_put_after_what_stands_in_a_field(cast: Cast, new: Version) -> None:
    done = place(new, cast, "routines", "handover")

    content = new.sections.get(key="routines").content["handover"]
    assert content.startswith("<p>Överlämning sker i trepartsmöte.</p><p>Arbetslösheten är högst")
    assert (done.decision, done.decided_by) == ("placed", "Sara Ordnare")
    assert done.placed_in.startswith("13 ")


def test_rich_text_becomes_plain_in_a_note(cast: Cast, new: Version) -> None:
    place(new, cast, "employers", "samverkan")

    text = new.sections.get(key="employers").content["samverkan"]
    assert text == "Arbetslösheten är högst bland unga utan gymnasieutbildning."


@pytest.mark.parametrize(
    ("section", "field"), [("goals", "goals"), ("follow_up", "times_per_year"), ("goals", "nothing"), ("nowhere", "x")]
)
def test_it_is_not_put_where_it_cannot_stand(cast: Cast, new: Version, section: str, field: str) -> None:
    with pytest.raises(Refused):
        place(new, cast, section, field)


def test_a_line_that_says_something_is_not_overwritten(cast: Cast, new: Version) -> None:
    with pytest.raises(Refused, match="redan något i fältet"):
        place(new, cast, "information", "data_protection_af")


def test_each_decision_is_told_in_history(cast: Cast, new: Version, client: Client) -> None:
    decide(new, cast, "locked")
    decide(new, cast, "text")
    client.force_login(cast.coordinator)

    told = words_of(client.get(reverse("agreement_history", args=(new.pk,))))

    assert "Läste vad som är ändrat i mallen" in told
    assert "Bestämde att en text från en äldre mall inte behövs" in told
    assert "Arbetslösheten är högst" in told


def test_a_decision_is_taken_back_and_the_point_asked_again(cast: Cast, new: Version) -> None:
    asked = decide(new, cast, "locked")
    with pytest.raises(Refused, match="redan tagit ställning"):
        decide(new, cast, "locked")

    again = upgrading.undo(by=cast.coordinator, version_id=new.pk, point_id=asked.pk)

    assert (again.decision, again.decided_at) == ("", None)
    assert Event.objects.get(type="upgrade.reopened").before["section"] == "3 Gemensamt syfte"


def test_a_new_demand_is_met_by_filling_it_in_and_by_nothing_else(cast: Cast, new: Version) -> None:
    with pytest.raises(Refused, match="fylls i"):
        decide(new, cast, "required")


@pytest.mark.parametrize("role", ["reader", "signatory", "officer", "outsider"])
def test_nobody_decides_without_writing_in_the_agreement(cast: Cast, new: Version, role: str) -> None:
    asked = point(new, "locked")
    with pytest.raises(NotAllowed):
        upgrading.decide(by=getattr(cast, role), version_id=new.pk, point_id=asked.pk, now=now())
    with pytest.raises(NotAllowed):
        upgrading.move_to_newest(by=getattr(cast, role), version_id=new.pk, today=timezone.localdate())


def test_the_other_party_may_decide_too(cast: Cast, new: Version) -> None:
    asked = point(new, "locked")

    done = upgrading.decide(by=cast.af_coordinator, version_id=new.pk, point_id=asked.pk, now=now())

    assert done.decided_by == "Ali Ordnare"


def test_it_is_not_proposed_before_all_is_decided(cast: Cast, new: Version) -> None:
    start = timezone.localdate()
    period = writing.Period(start, None, start + datetime.timedelta(days=400), 6)
    validity = new.sections.get(key="validity")
    writing.save_period(
        by=cast.coordinator, version_id=new.pk, key="validity", period=period, revision=validity.revision
    )
    raw = {"restid_till_arbetet": "<p>Högst en timme.</p>"}
    resor = new.sections.get(key="resor")
    writing.save_section(by=cast.coordinator, version_id=new.pk, key="resor", raw=raw, revision=resor.revision)

    with pytest.raises(Refused, match="det som är nytt i mallen \\(5 kvar\\)"):
        negotiating.propose(by=cast.coordinator, version_id=new.pk)
    for asked in new.upgrade_points.open():
        upgrading.decide(by=cast.coordinator, version_id=new.pk, point_id=asked.pk, now=now())

    assert negotiating.propose(by=cast.coordinator, version_id=new.pk).state == "proposed"


# ------------------------------------------------------------------------------------- a draft that is in work


def test_a_draft_goes_over_with_its_text_and_keeps_what_did_not_fit(cast: Cast) -> None:
    version = fill(draft(cast), cast)
    before = {section.key: section.content for section in version.sections.all()}
    second(cast.officer, changed(cast))

    moved = upgrading.move_to_newest(by=cast.coordinator, version_id=version.pk, today=timezone.localdate())

    after = {section.key: section.content for section in moved.sections.all()}
    assert moved.template.number == 2
    assert after["goals"] == before["goals"]
    assert (after["employers"], after["resor"]) == ({}, {})
    assert "background" not in after
    assert set(moved.sections.values_list("template_section__version__number", flat=True)) == {2}
    lost = Event.objects.get(type="agreement.template_changed").before["lost"]
    assert lost == {"background": before["background"], "employers": before["employers"]}
    assert moved.upgrade_points.count() == 6


def test_whoever_had_the_draft_open_is_told(cast: Cast) -> None:
    version = fill(draft(cast), cast)
    seen = version.sections.get(key="goals").revision
    second(cast.officer, changed(cast))
    upgrading.move_to_newest(by=cast.coordinator, version_id=version.pk, today=timezone.localdate())

    assert version.sections.get(key="goals").revision == seen + 1


def test_a_third_template_asks_again_only_about_what_it_changes(cast: Cast, new: Version) -> None:
    decide(new, cast, "locked")
    decide(new, cast, "added")
    later = timezone.localdate() + datetime.timedelta(days=1)
    second(
        cast.officer,
        lambda template: rewrite(cast.officer, template, "purpose", locked="<p>Ett tredje syfte.</p>"),
        valid_from=later,
    )

    upgrading.move_to_newest(by=cast.coordinator, version_id=new.pk, today=later)

    asked = point(new, "locked")
    assert (asked.decision, asked.source.number) == ("", 2)
    assert point(new, "added").decision == "read"
    assert new.upgrade_points.count() == 6


def test_a_draft_on_the_newest_template_stays(cast: Cast) -> None:
    version = draft(cast)

    with pytest.raises(Refused, match="redan på den nyaste"):
        upgrading.move_to_newest(by=cast.coordinator, version_id=version.pk, today=TODAY)


# --------------------------------------------------------------------------------------------------- the pages


@pytest.fixture
def coordinator(client: Client, cast: Cast) -> Client:
    client.force_login(cast.coordinator)
    return client


def page(version: Version) -> str:
    return reverse("upgrade", args=(version.pk,))


def test_an_agreement_says_that_a_newer_template_applies_and_leads_on(
    coordinator: Client, cast: Cast, old: Version
) -> None:
    agreement = reverse("agreement", args=(old.pk,))
    assert "Mall 2" not in words_of(coordinator.get(agreement))

    second(cast.officer, changed(cast))
    told = words_of(coordinator.get(agreement))
    assert "Bygger på mall 1. Mall 2 gäller från" in told
    foreseen = words_of(coordinator.get(page(old)))
    assert "Nytt krav i 21 Resor: Restid till arbetet" in foreseen
    assert "Uppföljning varje halvår." in foreseen

    answer = coordinator.post(page(old), follow=True)
    assert answer.redirect_chain[-1][0] == page(Version.objects.latest("pk"))
    assert "Text som inte fick plats (2)" in words_of(answer)


def test_a_template_to_come_is_told_of_but_not_gone_over_to(coordinator: Client, cast: Cast, old: Version) -> None:
    second(cast.officer, changed(cast), valid_from=timezone.localdate() + datetime.timedelta(days=9))

    assert "Vad är nytt i mall 2" in words_of(coordinator.get(reverse("agreement", args=(old.pk,))))
    assert "Börja på en ny version" not in words_of(coordinator.get(page(old)))


def test_a_template_that_applies_is_gone_over_to_while_a_later_one_is_to_come(
    coordinator: Client, cast: Cast, old: Version
) -> None:
    second(cast.officer, changed(cast))
    second(cast.officer, valid_from=timezone.localdate() + datetime.timedelta(days=9))

    assert "Börja på en ny version på mall 2" in words_of(coordinator.get(page(old)))


def test_the_list_shows_old_text_redline_and_guidance_and_how_far_it_has_come(
    coordinator: Client, new: Version
) -> None:
    told = words_of(coordinator.get(page(new)))

    assert "Arbetslösheten är högst bland unga" in told
    assert "Ett nytt gemensamt syfte." in told
    assert "Vägledning till 3 Gemensamt syfte" in told
    assert "0 av 6 saker klara" in told


def test_points_are_decided_one_by_one_on_the_page(coordinator: Client, cast: Cast, new: Version) -> None:
    texts = new.upgrade_points.get(kind="text", section_key="background")
    decided = reverse("upgrade_decide", args=(new.pk, texts.pk))

    answer = coordinator.post(decided, {"deed": "place", "place": "routines.handover"})
    assert answer["Location"] == f"{page(new)}#punkt-{texts.pk}"
    coordinator.post(reverse("upgrade_decide", args=(new.pk, point(new, "locked").pk)), {"deed": "decide"})

    told = words_of(coordinator.get(page(new)))
    assert "2 av 6 saker klara" in told
    assert "Inlagd i 13 Rutiner och övergångar" in told


def test_a_refusal_is_told_on_the_page(coordinator: Client, new: Version) -> None:
    asked = new.upgrade_points.get(kind="text", section_key="background")

    answer = coordinator.post(reverse("upgrade_decide", args=(new.pk, asked.pk)), {"deed": "place"}, follow=True)

    assert "Välj vilket fält texten ska läggas i." in words_of(answer)


def test_a_filled_in_demand_is_done_by_itself(coordinator: Client, cast: Cast, new: Version) -> None:
    raw = {"restid_till_arbetet": "<p>Högst en timme.</p>"}
    writing.save_section(by=cast.coordinator, version_id=new.pk, key="resor", raw=raw, revision=0)

    assert "Nya krav (1, klart)" in words_of(coordinator.get(page(new)))


def test_a_reader_without_names_sees_none_in_the_list(client: Client, cast: Cast, old: Version) -> None:
    background = {"local_situation": "<p>Ring Karin Lindqvist om läget.</p>"}
    second(cast.officer, changed(cast))
    new = amending.start_amendment(by=cast.coordinator, version_id=old.pk, today=timezone.localdate())
    asked = new.upgrade_points.get(kind="text", section_key="background")
    UpgradePoint.objects.filter(pk=asked.pk).update(was=asked.was | {"html": background["local_situation"]})
    decide(new, cast, "locked")

    client.force_login(cast.skr_reader)
    told = words_of(client.get(page(new)))

    assert "[namn visas inte]" in told
    assert "Lindqvist" not in told
    assert "Sara Ordnare" not in told
    assert "Behövs inte" not in told


def test_an_agreement_on_the_newest_template_has_no_list(coordinator: Client, old: Version) -> None:
    answer = coordinator.get(page(old), follow=True)

    assert "som är den nyaste" in words_of(answer)


def test_the_desk_leads_to_what_is_left_to_decide(coordinator: Client, new: Version) -> None:
    told = coordinator.get(reverse("my_work"))

    assert "Ny mall att gå igenom (1)" in words_of(told)
    assert "5 saker i mall 2 väntar på att ni tar ställning." in words_of(told)
    assert page(new) in told.content.decode()


def test_the_flag_about_the_template_leads_to_the_assistant(coordinator: Client, cast: Cast, old: Version) -> None:
    second(cast.officer)
    facts = {"section_key": "cover", "severity": "warning", "reason": "Bygger på mall 1.", "mend": "Gå över."}
    Flag.objects.create(version=old, rule="template_behind", subject="template", **facts)
    contact_point(cast.ostersund, by=cast.coordinator)

    shown = coordinator.get(reverse("agreement", args=(old.pk,))).content.decode()

    assert f'href="{page(old)}"' in shown
    assert "Gå över till den nya mallen" in shown


def test_the_list_asks_the_same_questions_however_many_points(
    coordinator: Client, cast: Cast, new: Version, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    coordinator.get(page(new))
    with django_assert_max_num_queries(16) as few:
        coordinator.get(page(new))
    rows = [
        UpgradePoint(version=new, source_id=point(new, "locked").source_id, kind=kind, section_key=key, section=key)
        for kind in ("locked", "removed")
        for key in ("cover", "goals", "routines", "follow_up", "deviations", "presence", "employers", "job_tracks")
    ]
    UpgradePoint.objects.bulk_create(rows)

    with django_assert_num_queries(len(few)):
        coordinator.get(page(new))
