"""What a printed comparison shows, made from its document alone. Pure.

A comparison's document is {"reference", "title", "old", "new": two agreements (agreements.document), "old_name",
"new_name": what they are called, "only_changes", "ordered_at"}.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agreements.comparing import compare
from agreements.document import Document
from agreements.html import clean_html
from agreements.printout import long_time
from agreements.redline import Redline, redline


@dataclass(frozen=True)
class PrintedComparison:
    reference: str
    title: str
    old_name: str
    new_name: str
    created: str
    made: str
    redline: Redline
    unchanged: list[str]
    demo: bool


def printed_comparison(document: dict[str, Any], *, demo: bool) -> PrintedComparison:
    """Everything the template needs; in a copy of what has changed, the other sections are only named."""
    comparison = compare(cleaned(document["old"]), cleaned(document["new"]))
    same = [f"{section.number} {section.name}" for section in redline(comparison).sections if section.change == "same"]
    return PrintedComparison(
        reference=document["reference"],
        title=document["title"],
        old_name=document["old_name"],
        new_name=document["new_name"],
        created=document["ordered_at"],
        made=long_time(document["ordered_at"]),
        redline=redline(comparison, only_changes=document["only_changes"]),
        unchanged=same if document["only_changes"] else [],
        demo=demo,
    )


def cleaned(document: Document) -> Document:
    """The document with its rich text cleaned once more: what is printed never rests on an earlier gate alone."""
    return document | {
        "sections": [
            section
            | {
                "locked": clean_html(section["locked"]),
                "blocks": [
                    block | {"html": clean_html(block["html"])} if "html" in block else block
                    for block in section["blocks"]
                ],
            }
            for section in document["sections"]
        ]
    }
