"""Letting a flag be for a time, and noting that a follow-up has been held."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agreements.actions import checking, following_up, waiving, writing
from agreements.models import Flag, FollowUp, Version
from contacts.errors import NotAllowed, Refused
from contacts.models import ContactPoint, Event
from tests.cast import Cast
from tests.factories import TODAY, contact_point, draft, in_force, municipality

pytestmark = pytest.mark.django_db
NOW = datetime.datetime.combine(TODAY, datetime.time(12), tzinfo=datetime.UTC)
UNTIL = TODAY + datetime.timedelta(days=30)


def flagged(cast: Cast, text: str = "Kontakta Anna Lindqvist på enheten.") -> Flag:
    version = draft(cast)
    writing.save_section(
        by=cast.coordinator, version_id=version.pk, key="employers", raw={"cooperation": f"<p>{text}</p>"}, revision=0
    )
    checking.recheck(version_ids=[version.pk], now=NOW)
    return Flag.objects.open().get(version=version, rule="name_in_text")


def waive(cast: Cast, flag: Flag, **changes: object) -> Flag:
    facts = {"reason": "Ny brevlåda är beställd.", "until": UNTIL, "today": TODAY} | changes
    return waiving.waive_flag(by=cast.coordinator, flag_id=flag.pk, **facts)  # type: ignore[arg-type]


def recheck(version: Version, *, days: int = 0) -> None:
    checking.recheck(version_ids=[version.pk], now=NOW + datetime.timedelta(days=days))


def test_a_waived_flag_is_open_but_presses_nobody_until_its_day_has_passed(cast: Cast) -> None:
    flag = waive(cast, flagged(cast))

    assert flag in Flag.objects.open()
    assert flag not in Flag.objects.pressing(UNTIL)
    assert flag in Flag.objects.pressing(UNTIL + datetime.timedelta(days=1))
    assert Event.objects.get(type="flag.waived").after["reason"] == "Ny brevlåda är beställd."


def test_a_waiver_outlives_a_recheck(cast: Cast) -> None:
    flag = waive(cast, flagged(cast))

    recheck(flag.version, days=1)

    flag.refresh_from_db()
    assert (flag.closed_at, flag.waived_until) == (None, UNTIL)


def test_a_waiver_can_be_taken_back_and_a_second_time_changes_nothing(cast: Cast) -> None:
    flag = waive(cast, flagged(cast))

    for _ in range(2):
        waiving.end_waiver(by=cast.af_coordinator, flag_id=flag.pk, today=TODAY)

    assert flag in Flag.objects.pressing(TODAY)
    assert Event.objects.filter(type="flag.waiver_ended").count() == 1


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"reason": "  "}, "Skriv ett skäl"),
        ({"reason": "Gäller 19121212-1212"}, "personnummer"),
        ({"until": TODAY - datetime.timedelta(days=1)}, "passerat"),
        ({"until": TODAY + datetime.timedelta(days=400)}, "Högst 12 månader"),
    ],
)
def test_a_waiver_needs_a_reason_and_a_day_within_a_year(
    cast: Cast, changes: dict[str, object], complaint: str
) -> None:
    with pytest.raises(Refused, match=complaint):
        waive(cast, flagged(cast), **changes)


def test_an_identity_number_can_not_be_waived() -> None:
    assert waiving.waiver_complaints("identity_number_in_text", "Ett gott skäl", UNTIL, TODAY)


@pytest.mark.parametrize("who", ["signatory", "reader", "officer", "outsider"])
def test_only_those_who_write_may_waive(cast: Cast, who: str) -> None:
    flag = flagged(cast)
    with pytest.raises(NotAllowed):
        waiving.waive_flag(by=getattr(cast, who), flag_id=flag.pk, reason="Skäl nog", until=UNTIL, today=TODAY)


def test_a_flag_that_comes_back_opens_its_old_row(cast: Cast) -> None:
    flag = flagged(cast)
    flag.version.sections.filter(key="employers").update(content={})
    recheck(flag.version, days=1)
    flag.version.sections.filter(key="employers").update(
        content={"cooperation": "<p>Kontakta Anna Lindqvist på enheten.</p>"}
    )
    recheck(flag.version, days=2)

    again = Flag.objects.get(version=flag.version, rule="name_in_text")
    assert (again.pk, again.closed_at, again.times_opened) == (flag.pk, None, 2)
    assert again.opened_at == NOW + datetime.timedelta(days=2)
    assert again.first_seen == NOW


def test_the_panel_shows_who_can_mend_it_and_folds_away_what_is_waived(client: Client, cast: Cast) -> None:
    flag = flagged(cast)
    client.force_login(cast.coordinator)
    Event.objects.update(pending=False)
    address = reverse("agreement_flags", args=(flag.version_id,))
    before = client.get(address).content.decode()
    answer = client.post(
        reverse("flag_waive", args=(flag.version_id, flag.pk)),
        {"reason": "Ny brevlåda är beställd.", "until": str(timezone.localdate())},
    )
    after = client.get(address).content.decode()

    assert "Kan rättas av Östersunds kommun" in before
    assert answer.status_code == 302
    assert "Undantagen till och med" in after
    assert "Ny brevlåda är beställd." in after


def test_what_is_wrong_in_a_waiver_is_said_at_the_field_and_nothing_typed_is_lost(client: Client, cast: Cast) -> None:
    flag = flagged(cast)
    client.force_login(cast.coordinator)

    answer = client.post(
        reverse("flag_waive", args=(flag.version_id, flag.pk)), {"reason": "Kommer i mars", "until": "2020-01-01"}
    )

    assert answer.status_code == 422
    assert "Dagen har passerat." in answer.content.decode()
    assert "Kommer i mars" in answer.content.decode()


def test_a_flag_of_another_agreement_is_not_found_here(client: Client, cast: Cast) -> None:
    flag = flagged(cast)
    other = draft(cast, municipality=cast.are, by=cast.af_coordinator)
    client.force_login(cast.af_coordinator)

    assert client.get(reverse("flag_waive", args=(other.pk, flag.pk))).status_code == 404


# --------------------------------------------------------------------------------------------------- follow-ups


def note(cast: Cast, version: Version, day: datetime.date = TODAY, **changes: object) -> FollowUp:
    facts = {"summary": "Två mål av tre är nådda.", "today": TODAY} | changes
    return following_up.note_follow_up(by=cast.coordinator, version_id=version.pk, held_on=day, **facts)  # type: ignore[arg-type]


def test_an_overdue_follow_up_is_flagged_after_thirteen_months_and_noting_it_closes_the_flag(cast: Cast) -> None:
    version = in_force(cast)
    recheck(version, days=390)
    assert not Flag.objects.open().filter(rule="follow_up_overdue").exists()
    recheck(version, days=400)
    assert Flag.objects.open().filter(rule="follow_up_overdue").count() == 1

    day = TODAY + datetime.timedelta(days=399)
    note(cast, version, day, today=day)
    recheck(version, days=400)

    assert not Flag.objects.open().filter(rule="follow_up_overdue").exists()
    assert Event.objects.get(type="agreement.followed_up").after["held_on"] == str(day)


@pytest.mark.parametrize(
    ("day", "summary", "complaint"),
    [
        (TODAY + datetime.timedelta(days=1), "", "när den har hållits"),
        (TODAY - datetime.timedelta(days=1), "", "började gälla"),
        (TODAY, "19121212-1212", "personnummer"),
    ],
)
def test_a_follow_up_lies_between_the_first_day_and_today(
    cast: Cast, day: datetime.date, summary: str, complaint: str
) -> None:
    version = in_force(cast)
    with pytest.raises(Refused, match=complaint):
        note(cast, version, day, summary=summary)


def test_a_day_is_noted_once(cast: Cast) -> None:
    version = in_force(cast)
    note(cast, version)
    with pytest.raises(Refused, match="redan antecknad"):
        note(cast, version)


def test_a_draft_is_not_followed_up(cast: Cast) -> None:
    with pytest.raises(Refused, match="gällande"):
        note(cast, draft(cast))


def test_the_page_tells_what_has_been_held(client: Client, cast: Cast) -> None:
    version = in_force(cast)
    note(cast, version)
    client.force_login(cast.coordinator)

    page = client.get(reverse("follow_up", args=(version.pk,))).content.decode()

    assert "Två mål av tre är nådda." in page


def test_a_name_in_the_parties_own_lines_is_flagged(cast: Cast) -> None:
    version = draft(cast)
    party = version.parties.get(side="municipality")
    party.unit = "Fråga Björn Stenqvist"
    party.save()

    recheck(version)

    found = Flag.objects.get(version=version, rule="name_in_text")
    assert (found.section_key, found.details["field"]) == ("parties", "party-0-unit")


def test_a_bounced_contact_says_so_and_the_letters_go_to_another_function(cast: Cast) -> None:
    version = in_force(cast)
    registrar = contact_point(cast.ostersund, "support", by=cast.coordinator)
    registrar.function.mends = 5
    registrar.function.save()
    point = version.contacts.filter(party__side="municipality").first().contact_point
    point.bounced_at = NOW
    point.save()

    recheck(version)

    flag = Flag.objects.open().get(version=version, rule="mail_bounced")
    assert flag.subject == f"contact:{point.pk}"
    assert flag.mender_id == registrar.pk


def test_of_a_joint_agreement_that_ends_all_must_have_begun_anew_before_the_flag_closes(cast: Cast) -> None:
    version = in_force(cast)
    grann = municipality("2398", "Grann")
    version.parties.create(organisation=grann, side="municipality", name=grann.name, position=5)
    Version.objects.filter(pk=version.pk).update(period_end=TODAY + datetime.timedelta(days=60), revision_date=None)
    expiring = Flag.objects.open().filter(version=version, rule="expiring")

    draft(cast)
    recheck(version)
    assert expiring.count() == 1

    draft(cast, municipality=grann, by=cast.af_coordinator)
    recheck(version)
    assert not expiring.exists()


def test_what_is_about_to_end_is_checked_again_when_a_new_one_is_begun(cast: Cast) -> None:
    version = in_force(cast)
    other = draft(cast)

    assert checking.touched_versions([other.subject]) == sorted([version.pk, other.pk])


def panel(client: Client, cast: Cast, version: Version, who: str) -> str:
    Event.objects.update(pending=False)
    client.force_login(getattr(cast, who))
    return client.get(reverse("agreement_flags", args=(version.pk,))).content.decode()


def test_a_contact_point_is_linked_for_those_who_may_open_it(client: Client, cast: Cast) -> None:
    version = in_force(cast)
    point = version.contacts.filter(party__side="municipality").first().contact_point
    ContactPoint.objects.filter(pk=point.pk).update(bounced_at=NOW)
    recheck(version)
    address = reverse("contact_point", args=(point.pk,))

    assert address in panel(client, cast, version, "coordinator")
    assert address not in panel(client, cast, version, "af_coordinator")
    assert client.get(address).status_code == 404


def test_words_in_a_signed_text_lead_writers_to_a_new_version_and_readers_to_the_words(
    client: Client, cast: Cast
) -> None:
    version = in_force(cast)
    version.sections.filter(key="employers").update(content={"cooperation": "<p>Kontakta Anna Lindqvist.</p>"})
    recheck(version)
    anew = reverse("new_version", args=(version.pk,))

    assert f'<a href="{anew}">Rätta i en ny version</a>' in panel(client, cast, version, "coordinator")
    assert anew not in panel(client, cast, version, "reader")
    assert "#avsnitt-employers" in panel(client, cast, version, "reader")
