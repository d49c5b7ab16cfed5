"""Publishing the template: from a day on, for good; and what would lose its footing is told before."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from agreements.actions import template_drafts, template_publishing
from agreements.document import locked_hash
from agreements.evidence import standing_on
from agreements.fields import parse
from agreements.lowest_level import RULES, PartyFacts, Status
from agreements.lowest_level.facts import Facts
from agreements.models import RuleSet, TemplateSection, TemplateVersion
from agreements.national.footing import FOOTING, Needs, SectionFacts, faults, lost_footing
from contacts.errors import NotAllowed, Refused, Stale
from tests.agreements.templates import publish, rewrite, second, with_news, without
from tests.cast import Cast
from tests.factories import FILLED, in_force
from tests.factories import draft as agreement_draft

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def today() -> datetime.date:
    return timezone.localdate()


@pytest.fixture
def draft(cast: Cast) -> TemplateVersion:
    return template_drafts.start_draft(by=cast.officer)


# ----------------------------------------------------------------------------------------------------- publishing


def test_new_agreements_are_made_from_it_from_its_day_on(cast: Cast) -> None:
    second(cast.officer, valid_from=today() + 10 * DAY)

    assert standing_on(today() + 9 * DAY).template == 1
    assert standing_on(today() + 10 * DAY).template == 2
    assert agreement_draft(cast).template.number == 1


def test_an_agreement_on_the_old_template_reads_as_before(cast: Cast) -> None:
    old = in_force(cast)
    frozen, hashed = old.frozen, old.text_hash

    second(cast.officer, lambda draft: rewrite(cast.officer, draft, "purpose", locked="<p>Nytt syfte.</p>"))

    old.refresh_from_db()
    assert (old.template.number, old.frozen, old.text_hash) == (1, frozen, hashed)


def test_the_national_text_is_hashed_when_it_is_published(cast: Cast) -> None:
    new = second(cast.officer)

    assert new.locked_hash == locked_hash((s.key, s.locked) for s in new.sections.all())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE agreements_templateversion SET name = 'Annat' WHERE number = 2",
        "UPDATE agreements_templateversion SET published_at = NULL WHERE number = 2",
        "UPDATE agreements_templateversion SET valid_from = valid_from + 1 WHERE number = 2",
        "DELETE FROM agreements_templateversion WHERE number = 2",
        "UPDATE agreements_templatesection SET locked = 'Annat' WHERE version_id = {pk} AND key = 'purpose'",
        "UPDATE agreements_templatesection SET version_id = {pk} WHERE version_id <> {pk} AND key = 'purpose'",
        "DELETE FROM agreements_templatesection WHERE version_id = {pk} AND key = 'purpose'",
        "INSERT INTO agreements_templatesection (version_id, key, number, position, title, guidance, locked, "
        "definition, revision) VALUES ({pk}, 'ny', '99', 99, 'Ny', '', '', '[]', 0)",
    ],
)
def test_a_published_version_refuses_change_also_by_sql(cast: Cast, statement: str) -> None:
    new = second(cast.officer)

    with pytest.raises(IntegrityError, match="a published template never changes"), transaction.atomic():
        connection.cursor().execute(statement.format(pk=new.pk))


def test_what_was_not_seen_is_not_published(cast: Cast, draft: TemplateVersion) -> None:
    with_news(cast.officer, draft)
    draft.refresh_from_db()
    seen = template_publishing.mark_of(draft, list(draft.sections.all()))
    rewrite(cast.officer, draft, "purpose", locked="<p>I sista stund.</p>")

    with pytest.raises(Stale):
        template_publishing.publish(
            by=cast.officer, number=2, seen=seen, valid_from=today(), close_others=False, now=timezone.localtime()
        )


def test_a_day_that_has_been_or_that_an_older_one_begins_on_is_refused(cast: Cast) -> None:
    second(cast.officer, valid_from=today() + 5 * DAY)
    third = template_drafts.start_draft(by=cast.officer)

    for day, why in ((today() - DAY, "har varit"), (today() + 5 * DAY, "senare dag")):
        with pytest.raises(Refused, match=why):
            publish(cast.officer, third, valid_from=day)


def test_what_is_new_must_be_told(cast: Cast, draft: TemplateVersion) -> None:
    seen = template_publishing.mark_of(draft, list(draft.sections.all()))

    with pytest.raises(Refused, match="vad som är nytt"):
        template_publishing.publish(
            by=cast.officer, number=2, seen=seen, valid_from=today(), close_others=False, now=timezone.localtime()
        )


def test_a_reader_of_the_nation_does_not_publish(cast: Cast, draft: TemplateVersion) -> None:
    with_news(cast.officer, draft)
    with pytest.raises(NotAllowed):
        publish(cast.skr_reader, draft)
    with pytest.raises(NotAllowed):
        template_publishing.close(by=cast.skr_reader, number=1, valid_to=today(), today=today())


# ------------------------------------------------------------------------------------------- taking back, closing


def test_a_publication_is_taken_back_before_its_day_and_opens_what_it_closed(cast: Cast) -> None:
    second(cast.officer, valid_from=today() + 5 * DAY, close_others=True)
    assert TemplateVersion.objects.get(number=1).valid_to == today() + 5 * DAY

    back = template_publishing.withdraw(by=cast.officer, number=2, today=today())

    assert (back.is_draft, back.valid_from) == (True, None)
    assert TemplateVersion.objects.get(number=1).valid_to is None
    rewrite(cast.officer, back, "purpose", locked="<p>Ändrat igen.</p>")


def test_what_applies_already_is_never_taken_back(cast: Cast) -> None:
    second(cast.officer)

    with pytest.raises(Refused, match="gäller redan"):
        template_publishing.withdraw(by=cast.officer, number=2, today=today())


def test_an_old_version_is_closed_and_opened_again(cast: Cast) -> None:
    second(cast.officer)

    closed = template_publishing.close(by=cast.officer, number=1, valid_to=today() + DAY, today=today())
    assert closed.valid_to == today() + DAY
    assert template_publishing.close(by=cast.officer, number=1, valid_to=None, today=today()).valid_to is None


def test_the_last_open_version_is_not_closed(cast: Cast) -> None:
    second(cast.officer, valid_from=today() + 5 * DAY)

    with pytest.raises(Refused, match="ingen mall att starta"):
        template_publishing.close(by=cast.officer, number=1, valid_to=today() + DAY, today=today())
    template_publishing.close(by=cast.officer, number=1, valid_to=today() + 5 * DAY, today=today())


# -------------------------------------------------------------------------------------------------- the footing

PARTIES = (PartyFacts("Östersund", "municipality"), PartyFacts("Nord", "af"))
CONTENT = {key: dict(content) for key, content in FILLED.items()}


def facts_with(content: dict[str, dict[str, object]]) -> Facts:
    on = datetime.date(2026, 11, 22)
    facts = {"start": on, "end": None, "revision": on + 300 * DAY, "template": 1, "current_template": 1}
    rest = {"locked_text_unchanged": True, "identity_numbers": 0, "other_agreements": 0}
    return Facts(on=on, parties=PARTIES, contacts=(), content=content, **facts, **rest)  # type: ignore[arg-type]


def status_of(rule: str, content: dict[str, dict[str, object]]) -> Status:
    thresholds = {name: threshold.default for name, threshold in RULES[rule].thresholds.items()}
    return RULES[rule].answer(facts_with(content), thresholds)[0]


def lacking(content: dict[str, dict[str, object]], needs: Needs) -> dict[str, dict[str, object]]:
    """The content as it can be when the template has no such field."""
    key, _, column = needs.path.partition(".")
    section = dict(content[needs.section])
    if column:
        section[key] = [{k: v for k, v in row.items() if k != column} for row in section[key]]  # type: ignore[attr-defined]
    else:
        section.pop(key, None)
    return content | {needs.section: section}


@pytest.mark.parametrize(("rule", "needs"), [(rule, need) for rule, needs in FOOTING.items() for need in needs])
def test_each_field_of_the_table_is_read_by_its_rule(rule: str, needs: Needs) -> None:
    content = CONTENT | ({"presence": {"form": "not_relevant", "reason": "Litet."}} if rule == "N13" else {})

    assert status_of(rule, content) is Status.MET
    assert status_of(rule, lacking(content, needs)) is not Status.MET


class Noted(dict[str, object]):
    """Content that notes what is asked of it."""

    def __init__(self, values: dict[str, object], prefix: str, asked: set[str]) -> None:
        super().__init__(values)
        self.prefix, self.asked = prefix, asked

    def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
        self.asked.add(f"{self.prefix}{key}")
        value = super().get(key, default)
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return [Noted(row, f"{self.prefix}{key}.", self.asked) for row in value]
        return value


@pytest.mark.parametrize("rule", RULES)
def test_no_rule_reads_a_field_that_the_table_lacks(rule: str) -> None:
    asked: set[str] = set()
    content = CONTENT | {"presence": {"form": "not_relevant", "reason": "Litet."}}
    status_of(rule, {key: Noted(section, f"{key}/", asked) for key, section in content.items()})

    told = {f"{need.section}/{need.path}" for need in FOOTING.get(rule, ())}
    tables = {path.partition(".")[0] for path in told if "." in path}
    assert asked - tables == told


def sections_of(version: TemplateVersion) -> list[SectionFacts]:
    return [template_publishing.section_facts(section) for section in version.sections.all()]


def test_the_shipped_template_carries_every_rule(reference: None) -> None:
    version = TemplateVersion.objects.get(number=1)

    assert template_publishing.faults_of(list(version.sections.all()), today()) == []
    assert lost_footing(sections_of(version), RuleSet.objects.get(number=1).settings) == []


def test_a_rule_that_is_a_demand_stops_publishing_when_it_loses_its_footing(cast: Cast, draft: TemplateVersion) -> None:
    without(cast.officer, draft, "goals")

    with pytest.raises(Refused, match=r"N08 .* tappar fotfästet"):
        publish(cast.officer, draft)


def test_advice_that_loses_its_footing_is_told_but_stops_nothing(cast: Cast, draft: TemplateVersion) -> None:
    without(cast.officer, draft, "presence")

    [fault] = template_publishing.faults_of(list(draft.sections.all()), today())
    assert (fault.rule, fault.blocks) == ("N13", False)
    assert publish(cast.officer, draft).published_at is not None


def test_an_option_that_a_rule_asks_for_is_missed(cast: Cast, draft: TemplateVersion) -> None:
    other = {"options": [["a", "Ja"], ["no", "Nej"]]}
    rewrite(cast.officer, draft, "job_tracks", fields=lambda fields: [fields[0] | other, *fields[1:]])

    [fault] = template_publishing.faults_of(list(draft.sections.all()), today())
    assert "alternativet yes saknas i fältet Användning av lokala jobbspår" in fault.message


@pytest.mark.parametrize("key", ["cover", "parties", "contacts", "follow_up", "validity", "signatures"])
def test_what_the_portal_itself_leads_to_must_be_there(cast: Cast, draft: TemplateVersion, key: str) -> None:
    without(cast.officer, draft, key)

    found = template_publishing.faults_of(list(draft.sections.all()), today())
    assert any(fault.blocks and f"nyckeln {key} saknas" in fault.message for fault in found)


def test_a_section_that_says_nothing_and_rows_without_columns_are_found() -> None:
    rows = parse({"key": "r", "kind": "rows", "label": "Rader"})
    empty = [SectionFacts("a", "1", "Tomt", "", ()), SectionFacts("b", "1", "Rader", "", (rows,))]

    messages = [fault.message for fault in faults(empty, None)]

    assert "1 Tomt har varken nationell text eller fält." in messages
    assert "Fältet Rader i 1 Rader har inga kolumner." in messages
    assert "Numret 1 står på mer än ett avsnitt: Tomt." in messages


def test_sections_of_the_loaded_template_have_stayed(reference: None) -> None:
    assert TemplateSection.objects.filter(version__number=1).count() == 25


def test_numbers_that_do_not_follow_the_order_are_told_and_do_not_stop(draft: TemplateVersion) -> None:
    cover, parties, *others = draft.sections.all()

    [fault] = template_publishing.faults_of([parties, cover, *others], today())

    assert fault.message == "Numren följer inte ordningen: 1 Parter står före 0 Försättsblad."
    assert not fault.blocks
