"""The code on each page: what was typed wrongly is found, what is easily misread is read rightly."""

from __future__ import annotations

from agreements.verification_code import ALPHABET, codes_in, new_code, read_code

CODE = "7F3K-9QX2-M4TJ"


def valid() -> str:
    return next(code for code in iter(new_code, "") if "0" in code and "1" in code)


def test_a_new_code_can_be_read() -> None:
    assert all(read_code(code) == code for code in (new_code() for _ in range(500)))


def test_codes_are_made_by_chance() -> None:
    assert len({new_code() for _ in range(1000)}) == 1000


def test_one_wrong_character_is_found_anywhere() -> None:
    code = new_code()
    wrong = [
        code[:i] + letter + code[i + 1 :]
        for i in range(len(code))
        if code[i] != "-"
        for letter in ALPHABET
        if letter != code[i]
    ]

    assert len(wrong) == 12 * 31
    assert [each for each in wrong if read_code(each)] == []


def test_two_characters_in_each_others_place_are_found() -> None:
    letters = new_code().replace("-", "")
    swapped = [
        letters[:i] + letters[j] + letters[i + 1 : j] + letters[i] + letters[j + 1 :]
        for i in range(12)
        for j in range(i + 1, 12)
        if letters[i] != letters[j]
    ]

    assert swapped
    assert [each for each in swapped if read_code(each)] == []


def test_a_code_may_be_typed_in_many_ways() -> None:
    code = valid()
    typed = (
        code.lower(),
        code.replace("-", ""),
        f"  {code.replace('-', ' ')} ",
        code.replace("0", "O").replace("1", "l"),
    )

    assert {read_code(each) for each in typed} == {code}


def test_nothing_else_is_a_code() -> None:
    assert [read_code(each) for each in ("", "7F3K", "U" * 12, "7F3K-9QX2-M4TJ-1", "å" * 12, "1" * 10_000)] == [""] * 6


def test_codes_are_found_in_running_text_once_each() -> None:
    first, second = new_code(), new_code()

    assert codes_in(f"Kod {first}, och {second}; åter {first}.") == [first, second]
    assert codes_in(f"X{first} {second}9") == []
