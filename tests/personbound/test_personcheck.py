"""The command: one JSON object per finding, clear errors, no Django needed."""

import json
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from contacts.personbound import report


def run(*arguments, stdin=b""):
    return subprocess.run(
        [sys.executable, "-m", "contacts.personbound", *arguments], input=stdin, capture_output=True, check=False
    )


def test_each_finding_is_a_line_of_json_with_its_place(tmp_path):
    file = tmp_path / "avtal.txt"
    file.write_text("Avtal\nKontakta Anna Lindqvist.\r\nanna.lindqvist@ostersund.se\n", encoding="utf-8")
    result = run(str(file), "--format", "jsonl")
    rows = [json.loads(line) for line in result.stdout.decode().splitlines()]
    assert result.returncode == 0
    assert [(row["line"], row["start"], row["end"], row["text"], row["kind"]) for row in rows] == [
        (2, 9, 23, "Anna Lindqvist", "person_name"),
        (3, 0, 27, "anna.lindqvist@ostersund.se", "email_personal"),
    ]
    assert set(rows[0]) == {"line", "start", "end", "text", "kind", "confidence", "reason"}


def test_standard_input_and_text_form():
    result = run("-", "--format", "text", stdin=b"Ring enhetschef Lindqvist")
    assert result.stdout.decode().startswith("1:16-25\tperson_name\tstrong\tLindqvist\t")


def test_a_byte_order_mark_does_not_move_the_offsets():
    result = run("-", stdin="Anna Lindqvist".encode("utf-8-sig"))
    assert json.loads(result.stdout)["start"] == 0


def test_an_empty_file_has_no_findings():
    result = run("-", stdin=b"")
    assert (result.returncode, result.stdout) == (0, b"")


def test_a_missing_file_is_told_with_exit_status_two(tmp_path):
    result = run(str(tmp_path / "saknas.txt"))
    assert result.returncode == 2
    assert b"saknas.txt: No such file or directory" in result.stderr


def test_a_folder_is_told_with_exit_status_two(tmp_path):
    result = run(str(tmp_path))
    assert result.returncode == 2
    assert b"Is a directory" in result.stderr


def test_another_encoding_is_told_with_its_line():
    result = run("-", stdin="Avtal\nÖstersund\n".encode("latin-1"))
    assert result.returncode == 2
    assert b"line 2 is not UTF-8 (byte 1)" in result.stderr
    assert b"Traceback" not in result.stderr


def test_findings_before_the_bad_line_are_still_given():
    result = run("-", stdin=b"Anna Lindqvist\n" + b"\xff\n")
    assert b"Anna Lindqvist" in result.stdout


def test_a_wrong_format_is_refused():
    assert run("-", "--format", "xml").returncode == 2


def test_the_management_command_says_the_same(tmp_path, capsys):
    file = tmp_path / "avtal.txt"
    file.write_text("Kontakta Anna Lindqvist.\n", encoding="utf-8")
    call_command("personcheck", str(file), format="jsonl")
    assert json.loads(capsys.readouterr().out)["text"] == "Anna Lindqvist"


def test_the_management_command_ends_with_an_error_for_a_missing_file(tmp_path):
    with pytest.raises(CommandError, match="saknas"):
        call_command("personcheck", str(tmp_path / "saknas.txt"))


def test_the_main_function_answers_with_its_status(tmp_path, capsys):
    assert report.main([str(tmp_path / "saknas.txt")]) == 2
    assert "personcheck:" in capsys.readouterr().err
