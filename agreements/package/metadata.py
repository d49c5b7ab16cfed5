"""metadata.xml: what the agreement is, in Dublin Core and in words of its own. Pure. docs/archive.md maps it to FGS."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from xml.etree import ElementTree

from contacts.rules import without_controls

OURS: Final = "urn:overenskommelseportalen:arkivpaket:1"
DC: Final = "http://purl.org/dc/elements/1.1/"
TERMS: Final = "http://purl.org/dc/terms/"
SIDES: Final = {"municipality": "kommun", "af": "arbetsformedlingen"}

for _prefix, _space in (("", OURS), ("dc", DC), ("dcterms", TERMS)):
    ElementTree.register_namespace(_prefix, _space)


@dataclass(frozen=True)
class Described:
    """What is told of the agreement besides its printed document."""

    state: str
    last_day: datetime.date | None
    earlier: list[str]
    """Identifiers of its earlier signed versions."""
    names: bool
    files: list[tuple[str, str, str]]
    """Name, media type and what it is."""


def identifier(text: Mapping[str, Any]) -> str:
    return f"{text['reference']} version {text['version']}"


def metadata_xml(document: Mapping[str, Any], about: Described) -> bytes:
    """document: what was printed, {"text", "text_hash", "signatures"}, covered for a reader without names."""
    text, signatures = document["text"], document["signatures"]
    root = ElementTree.Element(f"{{{OURS}}}arkivpaket")
    for name, value in _dublin_core(text, signatures, about):
        _add(root, name, value)
    _parties(root, text["parties"], {row["party"]: row for row in signatures})
    _validity(root, text["period"], about)
    whole = _add(root, f"{{{OURS}}}text", "")
    whole.set("sha256", document["text_hash"])
    whole.set("mallversion", str(text["template"]["number"]))
    whole.set("namn", "ja" if about.names else "täckta")
    files = _add(root, f"{{{OURS}}}filer", "")
    for name, media_type, words in about.files:
        _add(files, f"{{{OURS}}}fil", words).attrib.update({"namn": without_controls(name), "typ": media_type})
    ElementTree.indent(root)
    content: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def _dublin_core(
    text: Mapping[str, Any], signatures: Iterable[Mapping[str, str]], about: Described
) -> Iterable[tuple[str, str]]:
    signed = max((row["signed_at"] for row in signatures), default="")
    period = text["period"]
    yield f"{{{DC}}}title", text["title"]
    yield f"{{{DC}}}identifier", identifier(text)
    for party in text["parties"]:
        yield f"{{{DC}}}creator", party["name"]
    yield f"{{{DC}}}type", "Överenskommelse om samverkan"
    yield f"{{{DC}}}subject", "Samverkan mellan kommun och Arbetsförmedlingen"
    yield f"{{{DC}}}language", "sv"
    yield f"{{{DC}}}date", signed[:10]
    yield f"{{{DC}}}format", "application/zip"
    yield f"{{{TERMS}}}created", signed
    yield f"{{{TERMS}}}valid", f"start={period['start'] or ''}; end={about.last_day or ''}; scheme=W3C-DTF;"
    yield f"{{{TERMS}}}conformsTo", f"{text['template']['name']} (mallversion {text['template']['number']})"
    for earlier in about.earlier:
        yield f"{{{TERMS}}}replaces", earlier


def _parties(root: ElementTree.Element, parties: Iterable[Mapping[str, str]], signed: Mapping[str, Any]) -> None:
    held = _add(root, f"{{{OURS}}}parter", "")
    for party in parties:
        row = _add(held, f"{{{OURS}}}part", "")
        row.set("sida", SIDES.get(party["side"], party["side"]))
        signature = signed.get(party["name"], {})
        facts = {
            "namn": party["name"],
            "enhet": party["unit"],
            "organisationsnummer": party["org_number"],
            "diarienummer": party["case_number"],
            "undertecknad": signature.get("signed_at", ""),
            "undertecknare": signature.get("name", ""),
            "funktion": signature.get("function", ""),
            "beslut": " ".join(filter(None, (signature.get("decision"), signature.get("decision_reference")))),
            "beslutsdatum": signature.get("decision_date", ""),
        }
        for name, value in facts.items():
            if value:
                _add(row, f"{{{OURS}}}{name}", value)


def _validity(root: ElementTree.Element, period: Mapping[str, Any], about: Described) -> None:
    held = _add(root, f"{{{OURS}}}giltighet", "")
    facts = {
        "status": about.state,
        "fran": period["start"],
        "till": period["end"],
        "ses-over-senast": period["revision"],
        "uppsagningstid-manader": period["notice_months"],
        "sista-dag": about.last_day,
    }
    for name, value in facts.items():
        if value is not None and value != "":
            _add(held, f"{{{OURS}}}{name}", str(value))


def _add(parent: ElementTree.Element, name: str, value: str) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, name)
    child.text = without_controls(value) or None
    return child
