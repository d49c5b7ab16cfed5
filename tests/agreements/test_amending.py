"""A new version of an agreement in force: what comes along, what is refused, and what becomes of the old one."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from psycopg.types.range import Range

from agreements.actions import amending, negotiating, signing, writing
from agreements.content import carried
from agreements.fields import parse
from agreements.models import TemplateSection, TemplateVersion, Version
from agreements.rules import why_not_amend
from agreements.states import State
from contacts import actions as contact_actions
from contacts.errors import NotAllowed, Refused
from contacts.models import Event
from tests import factories
from tests.agreements.forms import tree_of, words_of
from tests.cast import Cast
from tests.factories import TODAY, in_force

LATER = TODAY + datetime.timedelta(days=200)


def amend(version: Version, cast: Cast, *, by: Any = None, today: datetime.date = LATER) -> Version:
    return amending.start_amendment(by=by or cast.coordinator, version_id=version.pk, today=today)


def content_of(version: Version) -> dict[str, Any]:
    return dict(version.sections.values_list("key", "content"))


def sign_all(version: Version, cast: Cast, on: datetime.date) -> Version:
    now = datetime.datetime.combine(on, datetime.time(12), tzinfo=datetime.UTC)
    factories.sign_for(version, "municipality", cast.signatory, now=now)
    version = factories.sign_for(version, "af", cast.af_signatory, now=now)
    version.refresh_from_db()
    return version


def ready(version: Version, cast: Cast, *, start: datetime.date | None = None) -> Version:
    """Dates set anew, proposed and accepted."""
    period = writing.Period(start, datetime.date(2030, 12, 31), None, 6)
    revision = version.sections.get(key="validity").revision
    period = writing.Period(start or LATER, period.end, None, 6)
    writing.save_period(by=cast.coordinator, version_id=version.pk, key="validity", period=period, revision=revision)
    negotiating.propose(by=cast.coordinator, version_id=version.pk)
    return negotiating.accept(by=cast.af_coordinator, version_id=version.pk)


@pytest.mark.parametrize("role", ["coordinator", "af_coordinator"])
def test_either_partys_coordinator_begins_with_all_that_still_holds(cast: Cast, role: str) -> None:
    old = in_force(cast)

    new = amend(old, cast, by=getattr(cast, role))

    assert (new.agreement_id, new.number, new.state) == (old.agreement_id, 2, State.DRAFT)
    assert content_of(new) == content_of(old)
    facts = ("organisation_id", "side", "position", "name", "unit", "signing_function")
    assert list(new.parties.values_list(*facts)) == list(old.parties.values_list(*facts))
    chosen = ("contact_point_id", "level", "position", "party__name")
    assert list(new.contacts.values_list(*chosen)) == list(old.contacts.values_list(*chosen))
    assert (new.period_start, new.period_end, new.notice_months) == (None, old.period_end, 6)


@pytest.mark.parametrize("role", ["signatory", "reader", "officer", "skr_reader", "outsider", "administrator"])
def test_others_may_not(cast: Cast, role: str) -> None:
    old = in_force(cast)

    with pytest.raises(NotAllowed):
        amend(old, cast, by=getattr(cast, role))


def test_the_old_version_stays_in_force_unchanged_until_the_last_signature(cast: Cast) -> None:
    old = in_force(cast)
    before = Version.objects.filter(pk=old.pk).values().get(), list(old.parties.values())
    new = ready(amend(old, cast), cast)
    now = datetime.datetime.combine(LATER, datetime.time(12), tzinfo=datetime.UTC)
    factories.sign_for(new, "municipality", cast.signatory, now=now)

    assert (Version.objects.filter(pk=old.pk).values().get(), list(old.parties.values())) == before

    factories.sign_for(new, "af", cast.af_signatory, now=now)
    signing.end_expired(today=LATER, now=now)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, new.state) == (State.ENDED, State.IN_FORCE)
    assert {party.in_force.upper for party in old.parties.all()} == {LATER}
    assert old.text_hash == before[0]["text_hash"]


def test_until_its_successors_first_day_the_old_one_is_in_force(cast: Cast) -> None:
    old = in_force(cast)
    sign_all(ready(amend(old, cast), cast, start=LATER + datetime.timedelta(days=30)), cast, LATER)

    signing.end_expired(today=LATER, now=timezone.now())

    old.refresh_from_db()
    assert old.state == State.IN_FORCE
    assert list(Version.objects.in_force(LATER)) == [old]


def test_what_has_ended_or_passed_does_not_come_along_and_history_says_so(cast: Cast, client: Client) -> None:
    old = in_force(cast)
    row = old.contacts.filter(party__side="municipality").earliest("position")
    contact_actions.end_contact_point(by=cast.coordinator, contact_point_id=row.contact_point_id, today=TODAY)

    new = amend(old, cast, today=datetime.date(2029, 1, 1))

    assert new.contacts.count() == old.contacts.count() - 1
    assert (new.period_start, new.period_end, new.revision_date) == (None, None, None)
    client.force_login(cast.coordinator)
    told = words_of(client.get(reverse("agreement_history", args=(new.pk,))))
    assert "Började på version 2 från version 1" in told
    assert f"Kontaktytor som har upphört och inte följde med: Strategisk: {row.contact_point.name}" in told


def test_what_a_new_template_has_no_place_for_is_listed(cast: Cast) -> None:
    old = in_force(cast)
    template = TemplateVersion.objects.create(number=2, name="Mall 2")
    TemplateSection.objects.bulk_create(
        TemplateSection(
            version=template,
            key=ts.key,
            number=ts.number,
            title=ts.title,
            position=ts.position,
            locked=ts.locked,
            definition=[] if ts.key == "employers" else ts.definition,
        )
        for ts in old.template.sections.exclude(key="background")
    )
    TemplateVersion.objects.filter(number=2).update(valid_from=TODAY, published_at=timezone.now())

    new = amend(old, cast)

    assert new.template == template
    assert "background" not in content_of(new)
    assert content_of(new)["employers"] == {}
    assert content_of(new)["goals"] == content_of(old)["goals"]
    left = Event.objects.get(type="agreement.amended").after["texts_left"]
    assert [row["section"].split(" ", 1)[0] for row in left] == ["2", "11"]


def test_a_second_one_is_refused_while_the_first_is_in_work(cast: Cast) -> None:
    old = in_force(cast)
    new = amend(old, cast)

    with pytest.raises(Refused, match="Version 2 är redan under arbete"):
        amend(old, cast)
    with pytest.raises(Refused, match="Överenskommelsen är ett utkast"):
        amend(new, cast)
    negotiating.discard(by=cast.coordinator, version_id=new.pk, reason="Behövs inte.")
    assert amend(old, cast).number == 3


def test_another_agreement_in_work_stands_in_the_way(cast: Cast) -> None:
    old = in_force(cast)
    factories.draft(cast)

    with pytest.raises(Refused, match="har redan en överenskommelse under arbete"):
        amend(old, cast)


def test_an_agreement_that_has_ended_can_be_taken_up_again_unless_there_is_another(cast: Cast) -> None:
    old = in_force(cast)
    after = datetime.datetime(2029, 1, 1, tzinfo=datetime.UTC)
    signing.end_expired(today=after.date(), now=after)

    assert amend(old, cast, today=after.date()).number == 2


def test_a_version_that_has_been_replaced_leads_to_its_successor(cast: Cast) -> None:
    old = in_force(cast)
    new = sign_all(ready(amend(old, cast), cast), cast, LATER)

    with pytest.raises(Refused, match="Version 2 har redan ersatt den här"):
        amend(old, cast)
    assert amend(new, cast).number == 3


@pytest.mark.parametrize("state", [s for s in State if s not in (State.IN_FORCE, State.ENDED)])
def test_only_what_is_signed_has_versions_after_it(state: State) -> None:
    assert why_not_amend(state, {}).endswith("En ny version börjar man på när den är undertecknad.")


def test_content_is_carried_as_far_as_it_fits() -> None:
    fields = (
        parse({"key": "groups", "kind": "choices", "label": "G", "options": [["a", "A"]]}),
        parse(
            {"key": "rows", "kind": "rows", "label": "R", "columns": [{"key": "x", "kind": "integer", "label": "X"}]}
        ),
        parse({"key": "text", "kind": "text", "label": "T"}),
        parse({"key": "day", "kind": "date", "label": "D"}),
    )
    content = {
        "groups": ["a", "b"],
        "rows": [{"id": "rad1", "x": 1, "y": "borta"}, {"id": "rad2", "x": "två"}],
        "text": "<p>Kvar</p>",
        "day": "i morgon",
        "gone": "x",
    }

    kept, lost = carried(fields, content)

    assert kept == {"groups": ["a"], "rows": [{"id": "rad1", "x": 1}], "text": "<p>Kvar</p>"}
    assert lost == ["groups", "rows", "day", "gone"]


# ---------------------------------------------------------------------------------------------------- pages


def links(answer: Any) -> dict[str, str]:
    return {" ".join("".join(a.itertext()).split()): a.get("href", "") for a in tree_of(answer).iter("a")}


def test_the_pages_lead_to_the_new_version_and_back(client: Client, cast: Cast) -> None:
    old = in_force(cast)
    client.force_login(cast.coordinator)
    page = client.get(reverse("agreement", args=(old.pk,)))
    confirm = client.get(links(page)["Börja på en ny version"])
    assert "Version 1 gäller oförändrad tills alla parter har undertecknat den nya" in words_of(confirm)
    assert Version.objects.count() == 1

    started = client.post(reverse("new_version", args=(old.pk,)), follow=True)

    new = Version.objects.get(number=2)
    assert "Version 2 är startad." in words_of(started)
    assert links(started)["Version 1 är undertecknad av alla"] == reverse("agreement", args=(old.pk,))
    page = client.get(reverse("agreement", args=(old.pk,)))
    assert links(page)["Version 2 är ett utkast under arbete"] == reverse("agreement", args=(new.pk,))
    assert "Börja på en ny version" not in links(page)


def test_whoever_comes_second_is_led_to_the_one_that_was_started(client: Client, cast: Cast) -> None:
    old = in_force(cast)
    new = amend(old, cast)
    client.force_login(cast.af_coordinator)

    for method in (client.get, client.post):
        answer = method(reverse("new_version", args=(old.pk,)), follow=True)
        assert answer.redirect_chain[-1][0] == reverse("agreement", args=(new.pk,))
        assert "Version 2 är redan under arbete. Fortsätt i den." in words_of(answer)


def test_a_section_of_a_signed_text_says_how_it_is_changed(client: Client, cast: Cast) -> None:
    old = in_force(cast)
    client.force_login(cast.coordinator)

    answer = client.get(reverse("section_edit", args=(old.pk, "goals")), follow=True)

    assert "Den undertecknade texten ändras inte." in words_of(answer)
    assert "Öppna den igen" not in words_of(answer)
    assert links(answer)["Börja på en ny version"] == reverse("new_version", args=(old.pk,))


def test_an_ended_agreement_offers_a_new_one(client: Client, cast: Cast) -> None:
    old = in_force(cast)
    after = datetime.datetime(2029, 1, 1, tzinfo=datetime.UTC)
    signing.end_expired(today=after.date(), now=after)
    client.force_login(cast.coordinator)
    address = links(client.get(reverse("agreement", args=(old.pk,))))["Börja på en ny överenskommelse"]
    assert "Version 1 ligger kvar som den är." in words_of(client.get(address))

    factories.draft(cast)

    assert "Börja på en ny överenskommelse" not in links(client.get(reverse("agreement", args=(old.pk,))))


def test_who_has_left_is_not_asked_again(cast: Cast) -> None:
    old = in_force(cast)
    extra = factories.municipality("2326", "Bergs")
    left = old.parties.create(organisation=extra, side="municipality", position=2, name=extra.name)
    left.in_force = Range(TODAY, LATER)
    left.save()

    assert not amend(old, cast).parties.filter(organisation=extra).exists()
