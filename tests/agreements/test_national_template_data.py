"""The national template's data files: complete, in order, plain markup, and free of persons."""

import datetime
import re
import tomllib
from pathlib import Path

import html5lib
import nh3
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "agreements" / "data" / "national_template_1"
FILES = sorted(path for path in FOLDER.glob("*.toml") if path.name != "version.toml")
SECTIONS = [tomllib.loads(path.read_text(encoding="utf-8")) for path in FILES]
BY_KEY = {section["key"]: section for section in SECTIONS}

ALLOWED_TAGS = {"p", "ul", "ol", "li", "strong", "em", "h3"}
PLAIN_KINDS = {"text", "line", "note", "integer", "date", "choice", "choices", "function", "rows"}
STRUCTURAL_KINDS = {"case_numbers", "parties", "contacts", "period", "signatures", "staffing"}
COLUMN_KINDS = {"line", "note", "integer", "date", "choice", "function"}
# Sections whose national text is locked; the rest are wholly local.
LOCKED = {
    "cover", "parties", "background", "purpose", "target_groups", "organisation", "contacts",
    "responsibilities", "measures", "job_tracks", "routines", "information", "follow_up", "deviations",
    "validity", "signatures",
}  # fmt: skip
NAMES_ARE_TEMPTING = [
    "goals",
    "organisation",
    "contacts",
    "responsibilities",
    "measures",
    "routines",
    "follow_up",
]

# Number, section, then its fields as key:kind, a star where the field must be filled before proposing.
SHAPE = """
0 cover case_numbers:case_numbers
1 parties parties:parties employment_service_part:text
2 background local_situation:text*
3 purpose
4 goals goals:rows*
5 target_groups groups:choices* delimitation:text*
6 organisation forums:rows*
7 contacts contacts:contacts*
8 responsibilities addition:text
9 measures measures:rows*
10 job_tracks used:choice* reason:note tracks:rows
11 employers cooperation:text*
12 presence form:choice* description:text reason:note
13 routines handover:text* transition:text* response_times:line
14 information channels:choices* data_protection_municipality:function* data_protection_af:function* data_flows:rows
15 funding projects:rows compensation_reference:line
16 communication plan:text
17 follow_up times_per_year:integer* meetings:rows*
18 deviations
19 validity period:period*
20 signatures signatures:signatures*
B1 annex_mapping mapping:text
B2 annex_services services:rows
B3 annex_action_plan actions:rows
B4 annex_staffing staffing:staffing
"""

# The columns of every field of rows, in the same notation.
COLUMNS = """
goals what:line* baseline:line target:line* due:date* responsible:function* measured_by:line
forums level:choice* forum:line* task:note meetings_per_year:integer* chair:function municipality_function:function* af_function:function*
measures name:line* category:choice* purpose:note target_group:line municipality_function:function* af_function:function* start:date volume:line programme:line
tracks trade:line* employer_role:line municipality_function:function af_function:function start:date
data_flows what:line* direction:choice* legal_ground:line channel:choice hindrance:note
projects name:line* funder:choice* period:line responsible:function reference:line
meetings date:date* focus:line* responsible:function* reporting:line
services name:line* provider:line target_group:line description:note
actions activity:line* responsible:function* due:date status:choice
"""  # noqa: E501

OPTIONS = {
    ("groups",): "young newly_arrived social_assistance long_term_unemployed disability adult_education",
    ("forums", "level"): "strategic tactical operative",
    ("used",): "yes no",
    ("form",): "co_located booked not_relevant",
    ("channels",): "sdk web_form telephone post",
    ("data_flows", "direction"): "to_af to_municipality both",
    ("data_flows", "channel"): "sdk web_form telephone post",
    ("projects", "funder"): "esf samordningsforbund state other",
    ("actions", "status"): "planned ongoing done",
}


def fields(section):
    return section.get("fields", [])


def notation(items):
    return [f"{item['key']}:{item['kind']}{'*' if item.get('required') else ''}" for item in items]


def all_fields():
    return [field for section in SECTIONS for field in fields(section)]


def fields_and_columns():
    for field in all_fields():
        yield (field["key"],), field
        for column in field.get("columns", []):
            yield (field["key"], column["key"]), column


def plain(markup):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup)).strip()


def every_text(section):
    yield from (section["title"], section["guidance"], section["locked"])
    for field in fields(section):
        yield from (field["label"], field["help"])
        for item in (field, *field.get("columns", [])):
            yield item["label"]
            yield from (label for _value, label in item.get("options", []))


def strings(data):
    """Every string in a piece of TOML, however deep."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list):
        for item in data.values() if isinstance(data, dict) else data:
            yield from strings(item)


each_section = pytest.mark.parametrize("section", SECTIONS, ids=[s["key"] for s in SECTIONS])


def test_the_version_says_that_it_is_a_reconstruction():
    version = tomllib.loads((FOLDER / "version.toml").read_text(encoding="utf-8"))
    assert version["number"] == 1
    assert version["valid_from"] == datetime.date(2022, 12, 1)
    assert version["name"]
    assert "rekonstruktion" in version["note"]


def test_the_sections_and_their_fields_are_those_of_the_template_in_order():
    written = [" ".join([s["number"], s["key"], *notation(fields(s))]) for s in SECTIONS]
    assert written == SHAPE.strip().splitlines()


def test_rows_have_the_agreed_columns():
    rows = [field for field in all_fields() if field["kind"] == "rows"]
    assert [" ".join([f["key"], *notation(f["columns"])]) for f in rows] == COLUMNS.strip().splitlines()


def test_field_keys_are_unique_within_a_section_and_columns_within_a_field():
    for holder in [*(fields(s) for s in SECTIONS), *(f.get("columns", []) for f in all_fields())]:
        keys = [item["key"] for item in holder]
        assert len(keys) == len(set(keys))


def test_only_known_kinds_and_keys_are_used():
    known = {"key", "kind", "label", "help", "required", "options", "required_if", "columns"}
    for path, item in fields_and_columns():
        assert item["kind"] in (COLUMN_KINDS if len(path) == 2 else PLAIN_KINDS | STRUCTURAL_KINDS), path
        assert set(item) <= known - ({"help", "required_if", "columns"} if len(path) == 2 else set()), path
    for section in SECTIONS:
        assert set(section) <= {"key", "number", "title", "guidance", "locked", "fields"}


def test_choices_have_unique_options_and_nothing_else_has_options():
    for path, item in fields_and_columns():
        options = item.get("options", [])
        assert bool(options) == (item["kind"] in {"choice", "choices"}), path
        assert len({value for value, _label in options}) == len(options), path
        assert len({label for _value, label in options}) == len(options), path


def test_the_options_are_the_agreed_ones():
    found = {path: " ".join(v for v, _ in item["options"]) for path, item in fields_and_columns() if "options" in item}
    assert len(found.pop(("measures", "category")).split()) >= 5
    assert found == OPTIONS


def test_a_conditional_requirement_refers_to_an_option_of_a_field_in_the_same_section():
    conditions = {}
    for section in SECTIONS:
        for field in fields(section):
            if condition := field.get("required_if"):
                asked = next(f for f in fields(section) if f["key"] == condition["field"])
                assert condition["value"] in {value for value, _label in asked["options"]}
                conditions[section["key"], field["key"]] = condition["value"]
    assert conditions == {("job_tracks", "reason"): "no", ("presence", "reason"): "not_relevant"}


def test_every_field_has_a_label_and_one_sentence_of_help():
    for field in all_fields():
        assert field["label"]
        assert re.fullmatch(r"[A-ZÅÄÖ][^.!?]{10,140}\.", field["help"]), field["key"]


@each_section
def test_markup_is_well_formed_and_of_the_allowed_tags_only(section):
    for markup in (section["guidance"], section["locked"]):
        tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(markup)
        elements = [element for element in tree.iter() if element is not tree]
        assert {element.tag for element in elements} <= ALLOWED_TAGS
        assert not any(element.attrib for element in elements)


@each_section
def test_cleaning_the_markup_changes_nothing_so_that_its_hash_is_stable(section):
    for markup in (section["guidance"], section["locked"]):
        assert nh3.clean(markup, tags=ALLOWED_TAGS) == markup


@each_section
def test_fields_and_titles_are_plain_text(section):
    outside_markup = [*strings(fields(section)), section["title"]]
    assert not [text for text in outside_markup if re.search(r"[<>&]", text)]


@each_section
def test_locked_text_is_whole_where_the_section_is_locked_and_absent_elsewhere(section):
    words = len(plain(section["locked"]).split())
    assert 60 <= words <= 250 if section["key"] in LOCKED else words == 0


@each_section
def test_every_section_has_short_guidance(section):
    assert 30 <= len(plain(section["guidance"]).split()) <= 120


@pytest.mark.parametrize("key", NAMES_ARE_TEMPTING)
def test_guidance_shows_an_example_and_asks_for_functions_where_names_are_tempting(key):
    guidance = plain(BY_KEY[key]["guidance"])
    assert "Exempel" in guidance
    assert re.search(r"funktion(er)?, aldrig (personers )?namn", guidance)


@each_section
def test_no_text_holds_an_address_a_telephone_number_or_a_personnummer(section):
    for text in strings(section):
        assert "@" not in text
        assert not re.search(r"https?:|www\.", text)
        assert not re.search(r"(\+46|\b0\d{1,3})[\s-]?\d{2,3}[\s-]?\d{2}", text)
        assert not re.search(r"\b(\d{2})?\d{6}[-+]?\d{4}\b", text)


@each_section
def test_no_text_names_a_person(section):
    two_capitals = re.compile(r"\b[A-ZÅÄÖ][a-zåäöé]+ [A-ZÅÄÖ][a-zåäöé]+\b")
    title_and_name = re.compile(
        r"(chef|chefen|handläggare|samordnare|coach|registrator|ordförande|konsulent|rådgivare)"
        r" [A-ZÅÄÖ][a-zåäöé]+"
    )
    for text in map(plain, every_text(section)):
        text = text.replace("Arbetsförmedlingen", "myndigheten")
        assert not two_capitals.search(text)
        assert not title_and_name.search(text)


@each_section
def test_printed_text_spells_out_arbetsformedlingen(section):
    assert not [text for text in every_text(section) if re.search(r"\bAF\b", text)]


@each_section
def test_texts_are_swedish_with_its_own_letters_intact(section):
    text = " ".join(every_text(section))
    assert {"å", "ä", "ö"} <= set(text)
    assert not re.search(r"[\u00c3\u00c2\ufffd\u200b-\u200f\u202a-\u202e]", text)


@pytest.mark.parametrize(
    ("key", "references"),
    [
        ("background", ["14 § förordningen (2022:811)", "6 kap. 2 § lagen (2009:47)"]),
        ("information", ["28 kap. 11 och 12 §§", "26 kap. 1 §", "(2009:400)", "(EU) 2016/679"]),
    ],
)
def test_locked_text_names_the_law_it_stands_on(key, references):
    assert [ref for ref in references if ref not in plain(BY_KEY[key]["locked"])] == []


def test_compensation_is_never_mandatory():
    field = next(f for f in fields(BY_KEY["funding"]) if f["key"] == "compensation_reference")
    assert not field.get("required")
    assert "required_if" not in field
