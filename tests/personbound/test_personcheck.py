"""The command: one JSON object per finding, clear errors, no Django needed."""

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest
from django.core.management import CommandError, call_command

from contacts.personbound import report


class Done(NamedTuple):
    returncode: int
    stdout: bytes
    stderr: bytes


@pytest.fixture
def run(monkeypatch, capsysbinary) -> Callable[..., Done]:
    """The command in this process: its exit status and what it wrote."""

    def command(*arguments: str, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        try:
            status = report.main(arguments)
        except SystemExit as ending:
            status = ending.code
        return Done(status, *capsysbinary.readouterr())

    return command


def test_each_finding_is_a_line_of_json_with_its_place(run, tmp_path):
    file = tmp_path / "avtal.txt"
    file.write_text("Avtal\nKontakta Åsa Lindqvist.\r\nanna.lindqvist@ostersund.se\n", encoding="utf-8")
    result = run(str(file), "--format", "jsonl")
    rows = [json.loads(line) for line in result.stdout.decode().splitlines()]
    assert result.returncode == 0
    assert [(row["line"], row["start"], row["end"], row["text"], row["kind"]) for row in rows] == [
        (2, 9, 22, "Åsa Lindqvist", "person_name"),
        (3, 0, 27, "anna.lindqvist@ostersund.se", "email_personal"),
    ]
    assert set(rows[0]) == {"line", "start", "end", "text", "kind", "confidence", "reason"}
    assert "Åsa" in result.stdout.decode()


def test_json_is_given_when_nothing_else_is_asked_for(run):
    assert json.loads(run("-", stdin=b"Anna Lindqvist").stdout)["line"] == 1


def test_standard_input_and_text_form(run):
    result = run("-", "--format", "text", stdin=b"Ring enhetschef Lindqvist")
    assert result.stdout.decode() == "1:16-25\tperson_name\tstrong\tLindqvist\tNamn efter titeln enhetschef\n"


def test_the_module_is_the_command_and_keeps_its_status(tmp_path):
    for arguments, status in ((["-"], 0), ([str(tmp_path)], 2)):
        command = [sys.executable, "-m", "contacts.personbound", *arguments]
        assert subprocess.run(command, input=b"", capture_output=True, check=False).returncode == status


def test_the_help_names_the_command_and_what_it_takes(run):
    text = run("--help").stdout.decode()
    assert text.startswith("usage: personcheck [-h] [--format {jsonl,text}] FILE\n")
    assert {
        "Find person-bound contact data in a text.",
        "text file in UTF-8, or - for standard input",
        "jsonl (default) or text",
    } <= set(re.split(r"\s{2,}|\n", text))


def test_a_reader_that_has_heard_enough_ends_it_without_noise(monkeypatch):
    class Closed(io.StringIO):
        def write(self, words: str) -> int:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Anna Lindqvist")))
    monkeypatch.setattr(sys, "stdout", Closed())
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert report.main(["-"]) == 1
    assert sys.stderr.closed


def test_a_byte_order_mark_does_not_move_the_offsets(run):
    rows = run("-", stdin="Anna Lindqvist\n\ufeffAnna Lindqvist".encode("utf-8-sig")).stdout.splitlines()
    assert [json.loads(row)["start"] for row in rows] == [0, 1]


def test_spaces_at_the_edges_of_a_line_are_part_of_it(run):
    row = json.loads(run("-", stdin=b"  Anna Lindqvist\r\n").stdout)
    assert (row["start"], row["end"]) == (2, 16)


def test_an_empty_file_has_no_findings(run):
    result = run("-")
    assert (result.returncode, result.stdout) == (0, b"")


def test_a_missing_file_is_told_with_exit_status_two(run, tmp_path):
    result = run(str(tmp_path / "saknas.txt"))
    assert result.returncode == 2
    assert result.stderr.startswith(b"personcheck: ")
    assert result.stderr.endswith(b"saknas.txt: No such file or directory\n")


def test_a_folder_is_told_with_exit_status_two(run, tmp_path):
    result = run(str(tmp_path))
    assert result.returncode == 2
    assert b"Is a directory" in result.stderr


def test_another_encoding_is_told_with_its_line(run):
    result = run("-", stdin="Avtal\ni Östersund\n".encode("latin-1"))
    assert result.returncode == 2
    assert b"line 2 is not UTF-8 (byte 3)" in result.stderr
    assert b"Traceback" not in result.stderr


def test_findings_before_the_bad_line_are_still_given(run):
    result = run("-", stdin=b"Anna Lindqvist\n" + b"\xff\n")
    assert b"Anna Lindqvist" in result.stdout


def test_a_wrong_format_is_refused(run):
    assert run("-", "--format", "xml").returncode == 2


def test_the_management_command_says_the_same(tmp_path, capsys):
    file = tmp_path / "avtal.txt"
    file.write_text("Kontakta Anna Lindqvist.\n", encoding="utf-8")
    call_command("personcheck", str(file), format="jsonl")
    assert json.loads(capsys.readouterr().out)["text"] == "Anna Lindqvist"


def test_the_management_command_ends_with_an_error_for_a_missing_file(tmp_path):
    with pytest.raises(CommandError, match="saknas"):
        call_command("personcheck", str(tmp_path / "saknas.txt"))
