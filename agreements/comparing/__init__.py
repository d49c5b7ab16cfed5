"""Comparing two agreements, or two versions of the national template, clause by clause. Pure: no row, no clock.

    from agreements.comparing import compare, template_as_document

    comparison = compare(old, new)                 # two documents of agreements.document, any schema
    comparison.is_same, comparison.tally           # whether and how much they differ
    comparison.changed                             # the sections that differ; .sections has all of them
    words_of_tally(comparison.tally)               # "4 avsnitt ändrade, 1 rad tillagd"

    compare(template_as_document(1, "Mall 1", sections_of_1), template_as_document(2, "Mall 2", sections_of_2))

To show it, give agreements.redline.redline(comparison) to {% include "agreements/_redline.html" with redline=… only %}
on a page with css/redline.css: inserted and deleted words are <ins> and <del> that are also read aloud as such.
How an agreement stands to the template in force, clause by clause, is told by standing_of(document, own, now).
What every part means is in agreements.comparing.parts.
"""

from agreements.comparing.clauses import Clause, SectionStanding, Standing, standing_of
from agreements.comparing.document import compare
from agreements.comparing.parts import Change, Comparison, Entry, Line, Mark, Piece, Section, Tally, new_text, old_text
from agreements.comparing.telling import words_of_tally
from agreements.comparing.templates import template_as_document

__all__ = [
    "Change",
    "Clause",
    "Comparison",
    "Entry",
    "Line",
    "Mark",
    "Piece",
    "Section",
    "SectionStanding",
    "Standing",
    "Tally",
    "compare",
    "new_text",
    "old_text",
    "standing_of",
    "template_as_document",
    "words_of_tally",
]
