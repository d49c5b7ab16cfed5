"""Two at once, with threads and transactions of their own: no lost text, one agreement in force, one flag."""

from __future__ import annotations

import datetime
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from agreements.actions import amending, bulk, checking, declining, rule_sets, saved_views, template_drafts, writing
from agreements.actions.asking_to_sign import ask_all
from agreements.models import (
    AskedToSign,
    BulkRun,
    Flag,
    PrintedCopy,
    RuleSet,
    SavedView,
    Section,
    TemplateVersion,
    Version,
)
from agreements.states import State
from contacts.actions.personal_links import use_link
from contacts.errors import Refused, Stale
from contacts.models import Event, Letter, PersonalLink
from contacts.roles import Role
from tests.cast import Cast, make_cast
from tests.factories import TODAY, accepted, af_region, draft, in_force, member, municipality, sign_for

NOW = datetime.datetime.combine(TODAY, datetime.time(12), tzinfo=datetime.UTC)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def real_cast(transactional_db: None) -> Cast:
    call_command("load_functions", verbosity=0)
    call_command("load_national_template", verbosity=0)
    return make_cast(municipality("2380", "Östersunds"), municipality("2321", "Åre"), af_region("Nord"))


def both(*actions: Callable[[], object]) -> list[object]:
    """Run the actions at the same moment; what each gave, or the refusal it met."""
    start = threading.Barrier(len(actions))

    def run(action: Callable[[], object]) -> object:
        start.wait(timeout=10)
        try:
            return action()
        except (Refused, Stale) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def write(user: object, version: Version, text: str) -> Callable[[], object]:
    def act() -> object:
        return writing.save_section(
            by=user,
            version_id=version.pk,
            key="employers",
            raw={"cooperation": f"<p>{text}</p>"},
            revision=0,  # type: ignore[arg-type]
        )

    return act


def test_of_two_who_save_a_section_one_is_told_of_the_other(real_cast: Cast) -> None:
    cast, version = real_cast, draft(real_cast)

    results = both(write(cast.coordinator, version, "Vårt"), write(cast.af_coordinator, version, "Ert"))

    stale = [result for result in results if isinstance(result, Stale)]
    saved = Section.objects.get(version=version, key="employers").content
    assert len(stale) == 1
    assert stale[0].current.content == saved
    assert Event.objects.filter(type="agreement.section_saved").count() == 1


def test_two_who_sign_at_the_same_moment_put_one_agreement_in_force(real_cast: Cast) -> None:
    cast, version = real_cast, accepted(real_cast)

    both(
        lambda: sign_for(version, "municipality", cast.signatory, now=NOW),
        lambda: sign_for(version, "af", cast.af_signatory, now=NOW),
    )

    version.refresh_from_db()
    assert (version.state, version.signatures.count()) == (State.IN_FORCE, 2)
    assert Event.objects.filter(type="agreement.complete").count() == 1
    assert PrintedCopy.objects.filter(version=version, variant="archive").count() == 1


def not_signing(act: str, version: Version, user: object, side: str) -> Callable[[], object]:
    facts = {"version_id": version.pk, "party_id": version.parties.get(side=side).pk, "reason": "Nej.", "now": NOW}
    return lambda: getattr(declining, act)(by=user, **facts)


def test_of_two_signatures_of_one_party_at_once_one_is_kept_and_the_other_told(real_cast: Cast) -> None:
    cast, version = real_cast, accepted(real_cast)
    users = (cast.signatory, member(cast.ostersund, Role.MUNICIPAL_SIGNATORY))

    results = both(*(lambda user=user: sign_for(version, "municipality", user, now=NOW) for user in users))

    assert [str(one) for one in results if isinstance(one, Refused)] == ["Östersunds kommun har redan undertecknat."]
    assert version.signatures.count() == Event.objects.filter(type="agreement.sign").count() == 1


def test_of_a_signature_and_a_refusal_at_once_the_later_meets_what_the_first_did(real_cast: Cast) -> None:
    cast, version = real_cast, accepted(real_cast)
    sign_for(version, "municipality", cast.signatory, now=NOW)
    other = member(cast.nord, Role.AF_SIGNATORY)

    results = both(
        lambda: sign_for(version, "af", cast.af_signatory, now=NOW), not_signing("decline", version, other, "af")
    )

    version.refresh_from_db()
    signed, declined = (not isinstance(result, Refused) for result in results)
    assert signed != declined
    assert (version.state, version.signatures.count()) == ((State.IN_FORCE, 2) if signed else (State.DRAFT, 0))


def test_of_the_last_signature_and_a_withdrawal_at_once_both_hold_or_one_is_refused(real_cast: Cast) -> None:
    cast, version = real_cast, accepted(real_cast)
    sign_for(version, "municipality", cast.signatory, now=NOW)

    results = both(
        lambda: sign_for(version, "af", cast.af_signatory, now=NOW),
        not_signing("withdraw", version, cast.signatory, "municipality"),
    )

    version.refresh_from_db()
    withdrawn = not isinstance(results[1], Refused)
    assert not isinstance(results[0], Refused)
    assert (version.state, version.signatures.count()) == ((State.SIGNING, 1) if withdrawn else (State.IN_FORCE, 2))


def test_two_workers_who_ask_at_once_write_one_letter_to_each(real_cast: Cast) -> None:
    accepted(real_cast)

    assert sum(both(*[lambda: ask_all(now=timezone.now(), reminding=False)] * 2)) == 2  # type: ignore[arg-type]
    assert Letter.objects.filter(kind=Letter.Kind.SIGNING).count() == AskedToSign.objects.count() == 2


def test_a_link_used_twice_at_once_is_used_once(real_cast: Cast) -> None:
    accepted(real_cast)
    ask_all(now=timezone.now(), reminding=False)
    link = PersonalLink.objects.get(user=real_cast.signatory)

    facts = {"sha256": link.sha256, "by": real_cast.signatory, "now": timezone.now()}
    results = both(*[lambda: use_link(**facts)] * 2)

    assert sorted(map(str, results)) == [link.path, "None"]


def test_the_check_run_twice_at_once_makes_one_flag(real_cast: Cast) -> None:
    version = draft(real_cast)
    write(real_cast.coordinator, version, "Kontakta Anna Lindqvist på enheten.")()

    both(*[lambda: checking.recheck(version_ids=[version.pk], now=NOW)] * 2)

    assert Flag.objects.open().filter(version=version, rule="name_in_text").count() == 1
    assert Event.objects.filter(type="flag.opened").count() == 1


def test_two_who_start_an_agreement_for_a_municipality_get_one(real_cast: Cast) -> None:
    cast = real_cast

    results = both(lambda: draft(cast), lambda: draft(cast, by=cast.af_coordinator))

    assert sum(isinstance(result, Refused) for result in results) == 1
    assert Version.objects.count() == 1


def test_two_who_begin_on_a_new_version_at_once_get_one(real_cast: Cast):
    version = in_force(real_cast)

    def begin(user: object) -> Callable[[], object]:
        return lambda: amending.start_amendment(by=user, version_id=version.pk, today=TODAY)  # type: ignore[arg-type]

    found = both(begin(real_cast.coordinator), begin(real_cast.af_coordinator))

    assert sorted(type(each).__name__ for each in found) == ["Refused", "Version"]
    assert Version.objects.filter(agreement=version.agreement_id).count() == 2


def test_two_who_begin_on_a_draft_of_the_template_or_of_the_rules_get_one(real_cast: Cast) -> None:
    call_command("load_lowest_level", verbosity=0)
    for actions, drafts in ((template_drafts, TemplateVersion.objects), (rule_sets, RuleSet.objects)):
        results = both(*(lambda: actions.start_draft(by=real_cast.officer),) * 3)  # noqa: B023 - run before the next

        assert sum(isinstance(result, Refused) for result in results) == 2
        assert drafts.drafts().count() == 1


def test_a_form_for_many_sent_twice_at_once_gives_one_run(real_cast: Cast) -> None:
    asked = bulk.Asked("renew", [draft(real_cast).pk], {}, uuid.uuid4())

    both(*(lambda: bulk.start_bulk(by=real_cast.af_coordinator, asked=asked, now=NOW),) * 3)

    assert BulkRun.objects.count() == 1


def test_a_view_saved_twice_at_once_is_one(real_cast: Cast) -> None:
    both(*(lambda: saved_views.save_view(by=real_cast.coordinator, name="Mina", query="status=draft"),) * 3)

    assert SavedView.objects.count() == 1
