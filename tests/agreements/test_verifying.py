"""Whether a file is ours: valid, replaced, changed, unknown; and files that say nothing."""

from __future__ import annotations

import datetime
import io
import json
import random
import time
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.management import call_command

from agreements import seal_inspection
from agreements.actions import printing
from agreements.actions.printing import make_next
from agreements.models import PrintedCopy, Version
from agreements.pdf import render
from agreements.seal_inspection import Inspection, inspect
from agreements.seal_source import Source, from_settings
from agreements.shelf import read
from agreements.verified import told
from agreements.verifying import CannotRead, Unreadable, Verdict, by_code, verify
from tests import factories
from tests.cast import Cast
from tests.factories import in_force
from tests.printed import signed
from tests.sealing import authority, sealed

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
SOME = ("background", "signatures")


@pytest.fixture
def version(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Version:
    """In force with its two copies, of few sections so that they are quickly printed."""
    monkeypatch.setattr(printing, "render", lambda _, *, variant, demo, code: printed(variant, code))
    signed_version = in_force(cast)
    for _ in range(2):
        make_next(now=NOW)
    return signed_version


def printed(variant: str, code: str) -> bytes:
    return render(signed(only=SOME), variant=variant, demo=False, code=code)


@pytest.fixture
def archive(version: Version) -> PrintedCopy:
    return version.copies.get(variant="archive")


@pytest.fixture
def pdf(archive: PrintedCopy) -> bytes:
    return read(str(archive.file.name))


def never(_: bytes) -> Inspection:
    raise AssertionError("the file was opened")


def test_the_very_file_is_valid_and_is_not_even_opened(pdf: bytes, archive: PrintedCopy) -> None:
    outcome = verify(pdf, look=never)

    assert outcome.verdict is Verdict.VALID
    assert outcome.copy == archive
    assert outcome.seal == archive.seals.get()


def test_the_reading_copy_is_valid_too(version: Version) -> None:
    reading = version.copies.get(variant="reading")

    outcome = verify(read(str(reading.file.name)), look=never)

    assert (outcome.verdict, outcome.copy, outcome.seal) == (Verdict.VALID, reading, None)


def test_one_flipped_byte_anywhere_makes_it_changed(pdf: bytes, archive: PrintedCopy) -> None:
    for place in random.Random(7).sample(range(10, len(pdf)), 60):
        outcome = verify(pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :], look=never)
        assert (outcome.verdict, outcome.copy) == (Verdict.CHANGED, archive)


def test_a_file_with_something_behind_it_is_changed_and_told_so(pdf: bytes) -> None:
    outcome = verify(pdf + b"\n% more", look=never)

    assert (outcome.verdict, outcome.added_to) == (Verdict.CHANGED, True)


def test_a_truncated_copy_of_ours_is_changed(pdf: bytes) -> None:
    assert verify(pdf[: len(pdf) - 9000], look=never).verdict is Verdict.CHANGED


def test_a_copy_that_was_written_anew_is_recognised_by_the_code_on_its_pages(pdf: bytes, archive: PrintedCopy) -> None:
    """Another program dropped metadata and seal; the bytes name nothing, the pages do."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as file:
        del file.pages[0].Annots
        del file.Root.Metadata, file.Root.AcroForm, file.trailer.Info, file.Root.Names
        file.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=True)

    outcome = verify(out.getvalue())

    assert (outcome.verdict, outcome.copy) == (Verdict.CHANGED, archive)


def test_a_pdf_of_somebody_else_is_unknown(version: Version) -> None:
    assert verify(foreign()).verdict is Verdict.UNKNOWN


def test_a_whole_seal_that_is_not_in_the_register_is_told(version: Version) -> None:
    found = Inspection(seals={"seals": [{"intact": True, "trusted": True, "covers": True}]})

    outcome = verify(foreign(), look=lambda _: found)

    assert outcome.verdict is Verdict.UNKNOWN
    assert "finns inte i registret" in told(outcome, names=False).note


def test_a_draft_is_nobodys_to_verify(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "render", lambda *_, **__: foreign())
    copy = printing.order_draft(by=cast.coordinator, version_id=factories.draft(cast).pk, now=NOW)
    make_next(now=NOW)
    copy.refresh_from_db()

    assert verify(read(str(copy.file.name)), look=lambda _: Inspection()).verdict is Verdict.UNKNOWN


def test_a_copy_of_an_older_version_is_replaced(pdf: bytes, version: Version) -> None:
    newer = signed_anew(version)

    outcome = verify(pdf, look=never)

    assert (outcome.verdict, outcome.later) == (Verdict.REPLACED, newer)
    assert "Ersatt av version 2" in told(outcome, names=False).agreement.later  # type: ignore[union-attr]
    assert by_code(outcome.copy.code).verdict is Verdict.REPLACED  # type: ignore[union-attr]


def signed_anew(version: Version) -> Version:
    """A second version that all have signed."""
    newer = Version.objects.get(pk=version.pk)
    newer.pk, newer.number = None, 2
    newer.save(force_insert=True)
    return newer


def test_a_code_leads_to_its_copy(archive: PrintedCopy) -> None:
    assert by_code(archive.code).copy == archive
    assert by_code("").verdict is Verdict.UNKNOWN


def test_names_are_told_by_the_setting_only(pdf: bytes, archive: PrintedCopy) -> None:
    hidden, shown = (told(verify(pdf), names=names).agreement for names in (False, True))
    assert hidden
    assert shown

    assert [each.name for each in hidden.signatures] == ["", ""]
    assert [each.name for each in shown.signatures] == ["Karl Chef", "Eva Regionchef"]
    assert [each.party for each in hidden.signatures] == ["Östersunds kommun", "Arbetsförmedlingen, region Nord"]


def foreign() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as file:
        file.add_blank_page()
        file.save(out)
    return out.getvalue()


def encrypted() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(foreign())) as file:
        file.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", Unreadable.EMPTY),
        (b"PK\x03\x04 a spreadsheet", Unreadable.NO_PDF),
        (b"%PDF-1.7" + b"x" * 25 * 1024 * 1024, Unreadable.TOO_LARGE),
        (foreign()[:-30], Unreadable.TRUNCATED),
        (encrypted(), Unreadable.ENCRYPTED),
        (b"%PDF-1.7 nothing of the kind %%EOF", Unreadable.BROKEN),
    ],
    ids=["empty", "no pdf", "too large", "truncated", "encrypted", "broken"],
)
def test_a_file_that_says_nothing_is_told_why(content: bytes, why: Unreadable) -> None:
    with pytest.raises(CannotRead) as refusal:
        verify(content)

    assert refusal.value.why is why


# --------------------------------------------------------------------------------------------- the other process


def test_the_inspector_finds_whole_seals() -> None:
    found = inspect(sealed(), Source(demo=authority()))

    assert found.is_sealed
    assert found.seals
    assert found.seals["level"] == "B-T"


def test_a_file_that_hangs_its_reader_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o700)
    monkeypatch.setattr(seal_inspection.sys, "executable", str(slow))

    assert inspect(foreign(), None, seconds=0.5).problem == "too heavy"


def bomb() -> bytes:
    """A small file whose page unpacks to 50 million bytes of text."""
    out = io.BytesIO()
    with pikepdf.new() as file:
        file.add_blank_page()
        file.pages[0].Contents = file.make_stream(b"BT (a) Tj ET " * 4_000_000)
        file.save(out, compress_streams=True)
    return out.getvalue()


@pytest.mark.parametrize(
    "hostile",
    [
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[2 0 R]/Count 9>>endobj "
        b"trailer<</Root 1 0 R>>\n%%EOF",
        b"%PDF-1.7\n" + b"[" * 200_000 + b"\n%%EOF",
        b"%PDF-1.7\nstartxref\n99999999999999999999\n%%EOF",
        b"%PDF-1.7\n1 0 obj<</Length 1 0 R>>stream\nendstream endobj\nstartxref\n9\n%%EOF",
    ],
    ids=["pages in a circle", "deep", "far away", "length of itself"],
)
def test_a_hostile_file_gets_an_answer(hostile: bytes) -> None:
    assert inspect(hostile, from_settings(), seconds=30).codes == ()


def test_a_file_that_unpacks_to_far_more_is_answered_in_time() -> None:
    started = time.monotonic()

    inspect(bomb(), None, seconds=4)

    assert time.monotonic() - started < 10


# ---------------------------------------------------------------------------------------------------- the command


def run(path: Path, *options: str, capsys: Any) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        call_command("verify", str(path), *options)
    return int(ended.value.code or 0), capsys.readouterr().out


def test_the_command_says_valid(pdf: bytes, archive: PrintedCopy, tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "copy.pdf").write_bytes(pdf)

    status, said = run(tmp_path / "copy.pdf", "--json", capsys=capsys)

    facts = json.loads(said)
    assert status == 0
    assert (facts["verdict"], facts["seals_hold"], facts["code"]) == ("valid", True, archive.code)
    assert facts["signatures"][0]["name"] == ""


def test_the_command_says_changed(pdf: bytes, tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "copy.pdf").write_bytes(pdf[:5000] + b"x" + pdf[5001:])

    status, said = run(tmp_path / "copy.pdf", capsys=capsys)

    assert status == 1
    assert "verdict: changed" in said
    assert "seals_hold: False" in said


def test_the_command_says_unknown_and_unreadable(db: None, tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "other.pdf").write_bytes(foreign())
    (tmp_path / "empty.pdf").touch()

    assert run(tmp_path / "other.pdf", capsys=capsys)[0] == 2
    assert run(tmp_path / "empty.pdf", "--json", capsys=capsys) == (
        2,
        json.dumps({"verdict": "unreadable", "reason": Unreadable.EMPTY}, ensure_ascii=False, indent=2) + "\n",
    )
