"""What a file is, by its content, and which files are not taken in."""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Callable

import pytest

from agreements.inspecting import sandbox
from agreements.inspecting.__main__ import judge, read
from agreements.inspecting.kinds import BadFile, FileKind, Reason, file_name
from tests import files

GOOD: dict[FileKind, Callable[[], bytes]] = {
    FileKind.PDF: files.pdf,
    FileKind.DOCX: files.word,
    FileKind.XLSX: files.sheet,
    FileKind.PNG: files.picture,
    FileKind.JPEG: lambda: files.picture("JPEG"),
}
BAD: list[tuple[str, Callable[[], bytes], Reason]] = [
    ("nothing", bytes, Reason.EMPTY),
    ("plain text", lambda: b"Protokoll", Reason.UNKNOWN),
    ("a program", lambda: b"MZ" + bytes(500), Reason.UNKNOWN),
    ("a page", lambda: b"<!doctype html><script>alert(1)</script>", Reason.UNKNOWN),
    ("a drawing with script", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", Reason.UNKNOWN),
    ("the test virus", lambda: files.EICAR, Reason.UNKNOWN),
    ("an old Office file", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Reason.OLD_OFFICE),
    ("an encrypted PDF", files.encrypted_pdf, Reason.ENCRYPTED),
    ("a truncated PDF", files.truncated_pdf, Reason.BROKEN),
    ("the head of a PDF", lambda: b"%PDF-1.7\nstartxref\n0\n%%EOF", Reason.BROKEN),
    ("a PDF with script", files.pdf_with_script, Reason.ACTIVE),
    ("a PDF that launches", files.pdf_that_launches, Reason.ACTIVE),
    ("a PDF with a file", files.pdf_with_file, Reason.EMBEDDED),
    ("a zip", files.plain_zip, Reason.UNKNOWN),
    ("a zip bomb", files.zip_bomb, Reason.BOMB),
    ("a zip with many parts", files.zip_with_many_parts, Reason.BOMB),
    ("a truncated Word file", lambda: files.word()[:-300], Reason.BROKEN),
    ("a sheet with a macro", files.sheet_with_macro, Reason.MACROS),
    ("a Word file of a macro type", files.word_with_macro_type, Reason.MACROS),
    ("a Word file with a remote template", files.word_with_remote_template, Reason.LINKED),
    ("a Word file with a command", files.word_with_command, Reason.LINKED),
    ("a Word file with an object", files.word_with_object, Reason.OBJECTS),
    ("a Word file with entities", files.word_with_entities, Reason.BROKEN),
    ("a picture bomb", files.picture_bomb, Reason.PIXELS),
    ("a truncated picture", lambda: files.picture(size=(400, 300))[:-80], Reason.BROKEN),
    ("a truncated photograph", lambda: files.picture("JPEG", (400, 300))[:-900], Reason.BROKEN),
]


@pytest.mark.parametrize("kind", GOOD)
def test_a_good_file_is_known_by_its_content(kind: FileKind):
    assert judge(io.BytesIO(GOOD[kind]())) == kind


@pytest.mark.parametrize(("make", "reason"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_bad_file_is_refused_for_what_is_wrong_with_it(make: Callable[[], bytes], reason: Reason):
    with pytest.raises(BadFile) as refused:
        judge(io.BytesIO(make()))

    assert refused.value.reason == reason


def test_ordinary_links_in_a_document_are_no_danger():
    assert judge(io.BytesIO(files.word_with_link())) == FileKind.DOCX


@pytest.mark.parametrize("kind", [FileKind.PDF, FileKind.DOCX, FileKind.XLSX])
def test_the_text_of_a_file_is_read(kind: FileKind):
    assert "Kartläggning av målgruppen" in read(io.BytesIO(GOOD[kind]()))


def test_tables_and_names_of_sheets_are_read_too():
    assert "Jobbspår" in read(io.BytesIO(files.word()))
    assert "Målgrupp" in read(io.BytesIO(files.sheet()))


def opened(content: bytes) -> object:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the test that reads it
    file.write(content)
    return file


@pytest.mark.parametrize("kind", GOOD)
def test_the_sandbox_judges_as_the_rules_do(kind: FileKind):
    with opened(GOOD[kind]()) as file:
        assert sandbox.judge(file) == kind


def test_the_sandbox_reads():
    with opened(files.pdf("Kommunen och jobbspåren")) as file:
        assert "Kommunen och jobbspåren" in sandbox.read(file)


def test_a_file_that_would_take_for_ever_ends_its_own_process_and_nothing_else(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sandbox, "JUDGING", 2)
    started = time.monotonic()
    with opened(files.pdf_with_endless_pages()) as file, pytest.raises(BadFile) as refused:
        sandbox.judge(file)

    assert refused.value.reason in (Reason.TOO_HEAVY, Reason.BROKEN)
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Protokoll åäö.pdf", "Protokoll åäö.pdf"),
        ("C:\\Users\\anna\\Protokoll.PDF", "Protokoll.PDF"),
        ("../../etc/passwd", "passwd.pdf"),
        ("faktura.pdf.exe", "faktura.pdf.exe.pdf"),
        ("rad\r\nX-Header: 1.pdf", "rad X-Header_ 1.pdf"),
        ("\u202efdp.exe", "fdp.exe.pdf"),
        ('cit"at<b>.pdf', "cit_at_b_.pdf"),
        ("", "bilaga.pdf"),
        ("...", "bilaga.pdf"),
        ("Å" * 300 + ".pdf", "Å" * 146 + ".pdf"),
        ("Ma\u030alen.pdf", "Målen.pdf"),
    ],
)
def test_a_file_is_kept_under_a_name_that_is_safe_to_hand_out(given: str, kept: str):
    assert file_name(given, FileKind.PDF) == kept
