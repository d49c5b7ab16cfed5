"""The controlled list of contact functions: complete, unique, and free of persons."""

import re
import tomllib
from collections import Counter
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "contacts" / "data" / "functions.toml"
FUNCTIONS = tomllib.loads(FILE.read_text(encoding="utf-8"))["functions"]

LEVELS = {
    "municipality": {"strategic", "tactical", "operative", "support"},
    "af": {"strategic", "tactical", "operative", "support"},
    "none": {"operative", "support"},
}


def names(side, level):
    rows = [row for row in FUNCTIONS if (row["side"], row["level"]) == (side, level)]
    return {row["name"] for row in rows if not row["other"]}


def test_every_function_has_the_same_columns():
    assert {tuple(sorted(row)) for row in FUNCTIONS} <= {
        ("key", "level", "name", "other", "side", "signing"),
        ("key", "level", "mends", "name", "other", "side", "signing"),
    }
    assert {type(row[flag]) for row in FUNCTIONS for flag in ("signing", "other")} == {bool}


def test_every_side_has_its_levels():
    found = {side: {row["level"] for row in FUNCTIONS if row["side"] == side} for side in LEVELS}
    assert found == LEVELS
    assert {row["side"] for row in FUNCTIONS} == set(LEVELS)


def test_keys_are_unique_slugs():
    keys = [row["key"] for row in FUNCTIONS]
    assert len(keys) == len(set(keys))
    assert [key for key in keys if not re.fullmatch(r"[a-z]+(-[a-z]+)*", key)] == []


def test_a_name_is_used_once_per_side_and_level():
    times = Counter((row["side"], row["level"], row["name"]) for row in FUNCTIONS)
    assert set(times.values()) == {1}


def test_every_side_offers_another_function_at_each_of_its_levels():
    other = [(row["side"], row["level"], row["name"]) for row in FUNCTIONS if row["other"]]
    assert sorted(other) == sorted((s, level, "Annan funktion") for s in LEVELS for level in LEVELS[s])


def test_only_strategic_functions_of_the_parties_may_sign():
    signing = [row for row in FUNCTIONS if row["signing"]]
    assert {(row["side"], row["level"]) for row in signing} == {
        ("municipality", "strategic"),
        ("af", "strategic"),
    }
    assert {"Nämndens ordförande", "Regionchef", "Enhetschef"} <= {row["name"] for row in signing}
    assert not any(row["other"] for row in signing)


def test_the_support_functions_both_parties_need_are_there():
    assert {"Registrator", "Dataskyddsombud"} <= names("municipality", "support") & names("af", "support")
    assert "Växel/kontaktcenter" in names("municipality", "support")


def test_both_parties_have_a_function_for_local_job_tracks():
    assert "Samordnare lokala jobbspår" in names("municipality", "operative") & names("af", "operative")


def test_names_are_titles_and_hold_no_address_or_number():
    assert [row["name"] for row in FUNCTIONS if not re.fullmatch(r"[A-ZÅÄÖ][\w /-]+", row["name"])] == []
    assert [row["name"] for row in FUNCTIONS if re.search(r"\d|@", row["name"])] == []
