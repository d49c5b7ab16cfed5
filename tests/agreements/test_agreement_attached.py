"""The agreement as data inside the archive copy: whole, as its schema says, with the hash that was signed."""

from __future__ import annotations

import hashlib
import io
import json
import re
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from agreements import pdf
from agreements.document import FORMAT, SCHEMA, WITH_MORE, attached, canonical, text_hash
from agreements.fields import Kind
from tests.printed import copy, proven, signed
from tests.sealing import sealed

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"


@pytest.fixture(scope="module")
def found() -> Any:
    with pikepdf.open(io.BytesIO(copy("archive"))) as file:
        return json.loads(file.attachments[pdf.ATTACHED].get_file().read_bytes())


@pytest.fixture(scope="module")
def schema() -> Any:
    return json.loads((SCHEMAS / f"agreement-{SCHEMA}.json").read_text())


def faults(value: Any, rule: dict[str, Any], whole: dict[str, Any], place: str = "") -> list[str]:
    """What of the value breaks the rule: as much of JSON Schema as our schema uses, and nothing else."""
    known = {"$schema", "$id", "$defs", "title", "$ref", "type", "const", "enum", "pattern", "minimum", "minItems"}
    known |= {"required", "properties", "items", "additionalProperties"}
    assert set(rule) <= known, f"the test does not know {set(rule) - known}"
    if "$ref" in rule:
        return faults(value, whole["$defs"][rule["$ref"].rpartition("/")[2]], whole, place)
    return [*own_faults(value, rule, place), *inner_faults(value, rule, whole, place)]


TYPES: dict[str, Any] = {"object": dict, "array": list, "string": str, "integer": int, "null": type(None)}


def own_faults(value: Any, rule: dict[str, Any], place: str) -> list[str]:
    names = rule.get("type", [])
    wanted = tuple(TYPES[name] for name in ([names] if isinstance(names, str) else names))
    checks = {
        "type": not wanted or isinstance(value, wanted),
        "const": value == rule.get("const", value),
        "enum": value in rule.get("enum", [value]),
        "pattern": not isinstance(value, str) or bool(re.search(rule.get("pattern", ""), value)),
        "minimum": not isinstance(value, int) or value >= rule.get("minimum", value),
        "minItems": not isinstance(value, list) or len(value) >= rule.get("minItems", 0),
        "required": not isinstance(value, dict) or set(rule.get("required", [])) <= set(value),
        "additional": rule.get("additionalProperties", True) or set(value) <= set(rule["properties"]),
    }
    return [f"{place}: {name}" for name, fine in checks.items() if not fine]


def inner_faults(value: Any, rule: dict[str, Any], whole: dict[str, Any], place: str) -> list[str]:
    if isinstance(value, dict):
        inner = rule.get("properties", {})
        return [
            fault for key in value if key in inner for fault in faults(value[key], inner[key], whole, f"{place}/{key}")
        ]
    if isinstance(value, list) and "items" in rule:
        return [fault for i, each in enumerate(value) for fault in faults(each, rule["items"], whole, f"{place}/{i}")]
    return []


def test_the_attached_data_follow_their_schema(found: Any, schema: Any) -> None:
    assert faults(found, schema, schema) == []


@pytest.mark.parametrize("broken", ["text", "signatures", "text_hash", "schema", "format"])
def test_the_schema_finds_what_is_missing(broken: str, found: Any, schema: Any) -> None:
    assert faults({key: value for key, value in found.items() if key != broken}, schema, schema) == [": required"]
    assert faults(found | {broken: 7}, schema, schema)


def test_the_schema_knows_every_kind_of_block(schema: Any) -> None:
    assert set(schema["$defs"]["block"]["properties"]["kind"]["enum"]) == {str(kind) for kind in Kind}


def test_the_attached_data_are_what_was_signed(found: Any) -> None:
    document = signed()

    assert found == {"format": FORMAT, "schema": SCHEMA} | document
    assert hashlib.sha256(canonical(found["text"])).hexdigest() == found["text_hash"] == text_hash(document["text"])


def test_with_proof_of_identity_the_data_follow_the_third_schema() -> None:
    third = json.loads((SCHEMAS / f"agreement-{WITH_MORE}.json").read_text())
    data = json.loads(attached(proven()))

    assert data["schema"] == WITH_MORE
    assert faults(data, third, third) == []
    assert json.loads(attached(signed()))["schema"] == SCHEMA


def test_the_attachment_is_allowed_in_pdf_a_3() -> None:
    with pikepdf.open(io.BytesIO(sealed())) as file:
        (spec,) = file.Root.AF
        assert spec.AFRelationship == pikepdf.Name.Source
        assert str(spec.UF) == "overenskommelse.json"
        assert spec.EF.F.Subtype == pikepdf.Name("/application/json")
        assert str(spec.EF.F.Params.ModDate) == "D:20261122120000Z"


def test_only_the_archive_copy_holds_data() -> None:
    for variant in ("reading", "draft"):
        with pikepdf.open(io.BytesIO(copy(variant))) as file:
            assert "/AF" not in file.Root


def test_a_signature_in_a_file_makes_it_schema_3_and_follows_that(schema: Any) -> None:
    document = signed(only=("contacts", "signatures"))
    file = {"name": "avtal.pdf", "size": 7, "sha256": "0" * 64}
    document["signatures"][0] |= {"method": "Undertecknad på papper", "signed_at": "2026-11-20", "file": file}

    data = json.loads(attached(document))

    elsewhere = json.loads((SCHEMAS / f"agreement-{WITH_MORE}.json").read_text())
    assert faults(data, elsewhere, elsewhere) == []
    assert faults(data, schema, schema) != []
