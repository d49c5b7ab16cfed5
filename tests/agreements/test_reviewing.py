"""The other party's review: section by section, for the text that was read, by each party of the side."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest

from agreements.actions import negotiating, reviewing, writing
from agreements.actions.reviewing import standing_review
from agreements.gather import Whole
from agreements.models import SectionReview, Version
from agreements.presenters import Section, present
from agreements.review import Said, Standing, collected, next_open, progress, reviewed, section_hashes
from contacts import actions as contact_actions
from contacts.errors import NotAllowed, Refused
from contacts.models import Event, User
from contacts.roles import Role
from municipalities.models import Organisation
from tests.cast import Cast
from tests.factories import TODAY, accepted, contact_facts, draft, member, municipality, proposed

NOW = datetime.datetime.combine(TODAY, datetime.time(12), tzinfo=datetime.UTC)


def hashes_of(version: Version) -> dict[str, str]:
    return section_hashes(Whole(Version.objects.with_heads().get(pk=version.pk)).document)


def judge(
    version: Version, by: User, key: str = "goals", verdict: str = "accepted", **more: Any
) -> list[SectionReview]:
    seen = more.pop("seen_hash", None) or hashes_of(version)[key]
    return reviewing.review_section(
        by=by, version_id=version.pk, key=key, verdict=verdict, seen_hash=seen, now=NOW, **more
    )


def standing(version: Version) -> dict[str, Standing]:
    whole = Whole(Version.objects.with_heads().get(pk=version.pk))
    return {key: one.standing for key, one in standing_review(whole).items()}


def rewrite(version: Version, by: User, text: str) -> None:
    section = version.sections.get(key="employers")
    raw = {"cooperation": f"<p>{text}</p>"}
    writing.save_section(by=by, version_id=version.pk, key="employers", raw=raw, revision=section.revision)


# ------------------------------------------------------------------------------------------------------- rules

HASHES = {"a": "1" * 64, "b": "2" * 64, "c": "3" * 64}
OK = Said("a", 1, "af", "accepted", "", "1" * 64, "AF")


def test_a_verdict_holds_for_the_text_it_was_given_for() -> None:
    changed = replace_hash(OK, "9" * 64)

    assert reviewed(HASHES, [OK], "af")["a"].standing is Standing.ACCEPTED
    assert reviewed(HASHES, [changed], "af")["a"].standing is Standing.CHANGED_SINCE
    assert reviewed(HASHES, [changed], "af")["a"].earlier == [changed]
    assert reviewed(HASHES, [OK], "municipality")["a"].standing is Standing.OPEN


def replace_hash(said: Said, text_hash: str) -> Said:
    return said._replace(text_hash=text_hash)


def test_what_one_party_of_the_side_has_marked_is_not_accepted_by_the_side() -> None:
    other = OK._replace(organisation=2, verdict="change", reason="Oklart.")

    assert reviewed(HASHES, [OK, other], "af")["a"].standing is Standing.CHANGE


def test_progress_is_told_in_words() -> None:
    marked = OK._replace(section="b", verdict="change", reason="Oklart.", text_hash="2" * 64)

    assert progress(reviewed(HASHES, [OK, marked], "af")).words == "1 av 3 avsnitt godtagna, 1 behöver ändras"
    assert not progress(reviewed(HASHES, [OK], "af")).is_complete
    assert replace(progress(reviewed(HASHES, [OK], "af")), accepted=3).is_complete


def test_the_next_section_is_the_first_that_waits_and_round_again() -> None:
    sections = reviewed(HASHES, [OK], "af")

    assert [next_open(sections), next_open(sections, "b"), next_open(sections, "c")] == ["b", "c", "b"]
    assert next_open({"a": sections["a"]}) == ""


def test_the_reasons_are_collected_and_never_too_long() -> None:
    said = [OK._replace(section=key, verdict="change", reason="Oklart " * 20, text_hash=HASHES[key]) for key in HASHES]
    numbers = {"a": "1", "b": "2", "c": "3"}

    whole = collected(reviewed(HASHES, said, "af"), numbers, 1000)
    short = collected(reviewed(HASHES, said, "af"), numbers, 250)

    assert [line[:10] for line in whole.splitlines()] == ["Avsnitt 1:", "Avsnitt 2:", "Avsnitt 3:"]
    assert short.endswith("… och 2 avsnitt till, se granskningen.")
    assert len(short) <= 250


def test_a_section_is_what_its_files_are_as_well() -> None:
    def hashes(*files: dict[str, str]) -> dict[str, str]:
        sections = [{"key": key, "blocks": []} for key in ("cover", "goals")]
        return section_hashes({"sections": sections, "parties": [], "period": {}, "attachments": list(files)})

    bare = hashes()
    of_goals, of_none = (hashes({"section": key, "sha256": "1" * 64}) for key in ("goals", ""))

    assert [key for key in bare if bare[key] != of_goals[key]] == ["goals"]
    assert [key for key in bare if bare[key] != of_none[key]] == ["cover"]
    assert of_goals != hashes({"section": "goals", "sha256": "2" * 64})


# ----------------------------------------------------------------------------------------------------- on rows


def test_the_other_party_accepts_section_by_section(cast: Cast) -> None:
    version = proposed(cast)

    judge(version, cast.af_coordinator)

    row = SectionReview.objects.get()
    assert (row.organisation, row.side, row.name) == (cast.nord, "af", "Ali Ordnare")
    assert standing(version)["goals"] is Standing.ACCEPTED
    assert sum(one is Standing.ACCEPTED for one in standing(version).values()) == 1


@pytest.mark.parametrize(
    ("role", "error"), [("coordinator", Refused), ("af_signatory", NotAllowed), ("outsider", NotAllowed)]
)
def test_neither_the_proposer_nor_those_who_only_read_review(cast: Cast, role: str, error: type[Exception]) -> None:
    version = proposed(cast)

    with pytest.raises(error):
        judge(version, getattr(cast, role))


@pytest.mark.parametrize("make", [draft, accepted])
def test_only_what_is_proposed_is_reviewed(cast: Cast, make: Any) -> None:
    version = make(cast)

    with pytest.raises(Refused):
        judge(version, cast.af_coordinator)


@pytest.mark.parametrize(
    ("verdict", "reason", "words"),
    [
        ("change", "", "Skriv vad"),
        ("change", "x" * 1001, "högst 1000"),
        ("change", "Ta bort 811228-9874", "personnummer"),
        ("banan", "", "Välj om"),
    ],
)
def test_what_needs_changing_says_why(cast: Cast, verdict: str, reason: str, words: str) -> None:
    version = proposed(cast)

    with pytest.raises(Refused, match=words):
        judge(version, cast.af_coordinator, verdict=verdict, reason=reason)


def test_a_text_that_is_not_the_one_that_was_read_is_read_again(cast: Cast) -> None:
    version = proposed(cast)
    seen = hashes_of(version)["contacts"]
    row = version.contacts.filter(party__side="municipality").first()
    assert row is not None
    facts = contact_facts(cast.ostersund, "strategic", unit="Nya enheten")
    contact_actions.change_contact_point(
        by=cast.coordinator, contact_point_id=row.contact_point_id, facts=facts, revision=1
    )

    with pytest.raises(Refused, match="Läs det igen"):
        judge(version, cast.af_coordinator, key="contacts", seen_hash=seen)


def test_only_what_has_changed_is_looked_at_again_after_a_send_back(cast: Cast) -> None:
    version = proposed(cast)
    for key in hashes_of(version):
        judge(version, cast.af_coordinator, key=key)
    negotiating.send_back(by=cast.af_coordinator, version_id=version.pk, reason="Arbetsgivare saknas.")
    rewrite(version, cast.coordinator, "Nya ord om arbetsgivare.")
    negotiating.propose(by=cast.coordinator, version_id=version.pk)

    waits = {key for key, one in standing(version).items() if one is not Standing.ACCEPTED}
    assert waits == {"employers"}
    assert standing(version)["employers"] is Standing.CHANGED_SINCE


def test_what_is_changed_back_holds_again(cast: Cast) -> None:
    version = proposed(cast)
    judge(version, cast.af_coordinator, key="employers")
    negotiating.reopen(by=cast.coordinator, version_id=version.pk, reason="Rättar ett fel.")
    rewrite(version, cast.coordinator, "Annat.")
    rewrite(version, cast.coordinator, "Gemensamma besök hos arbetsgivare.")
    negotiating.propose(by=cast.coordinator, version_id=version.pk)

    assert standing(version)["employers"] is Standing.ACCEPTED


def test_when_the_other_side_proposes_the_first_one_reviews(cast: Cast) -> None:
    version = proposed(cast)
    judge(version, cast.af_coordinator)
    negotiating.send_back(by=cast.af_coordinator, version_id=version.pk, reason="Vi föreslår själva.")
    negotiating.propose(by=cast.af_coordinator, version_id=version.pk)

    assert set(standing(version).values()) == {Standing.OPEN}
    assert judge(version, cast.coordinator)[0].side == "municipality"


def test_the_same_verdict_twice_is_one_and_a_new_one_is_told_with_the_old(cast: Cast) -> None:
    version = proposed(cast)
    for _ in range(2):
        judge(version, cast.af_coordinator, verdict="change", reason="Målet saknar baslinje.")
    judge(version, cast.af_coordinator)

    first, second = Event.objects.filter(type="agreement.section_reviewed").order_by("pk")
    lines = [present(event, {"goals": Section("4", "Mål", ())}, names=True) for event in (first, second)]
    assert [line.text for line in lines] == ["Behöver ändras: avsnitt 4 Mål", "Godtaget: avsnitt 4 Mål"]
    assert lines[0].note == "Skäl: Målet saknar baslinje."
    assert lines[1].differences[0].before == "Behöver ändras: Målet saknar baslinje."


def joint(cast: Cast) -> tuple[Version, User, Organisation]:
    """Proposed by AF to two municipalities, and the coordinator of the second."""
    berg = municipality("2326", "Bergs")
    version = writing.start_agreement(
        by=cast.af_coordinator, municipalities=[cast.ostersund, berg], af=cast.nord, today=TODAY
    )
    Version.objects.filter(pk=version.pk).update(state="proposed", proposed_by_side="af")
    return version, member(berg, Role.MUNICIPAL_COORDINATOR), berg


def test_each_municipality_of_a_joint_agreement_says_its_own_word(cast: Cast) -> None:
    version, other, berg = joint(cast)
    judge(version, cast.coordinator)
    judge(version, other, verdict="change", reason="Vårt mål saknas.")

    whole = Whole(Version.objects.with_heads().get(pk=version.pk))
    one = standing_review(whole)["goals"]
    assert one.standing is Standing.CHANGE
    assert {(said.who, said.verdict) for said in one.said} == {
        ("Östersunds kommun", "accepted"),
        (berg.name, "change"),
    }
