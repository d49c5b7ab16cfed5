"""One run at one scale: data, pages, checks, and what does not depend on the scale."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from typing import Any

from django.db import connection

from bench import pdf, personbound, portal, recheck, results
from bench.method import mark, page_table, rows, table
from bench.pages import all_pages, measure


def run(scale: int, options: Namespace) -> None:
    loading = portal.prepare(scale, reload=options.reload)
    portal.empty_valkey()
    measured: dict[str, Any] = {"database_mb": portal.database_size() // 2**20}
    other: dict[str, Any] = {}
    if loading is not None:
        measured["load_demo_seconds"] = loading
        print(f"\nload_demo: {loading} s, {measured['database_mb']} MB")
    if "pages" in options.only:
        measured["pages"] = pages(options)
    if "recheck" in options.only:
        measured["recheck"] = recheck.measure()
    if "pdf" in options.only:
        print("\nA fresh archive copy beside WeasyPrint alone\n")
        other["pdf"] = pdf.measure()
    if "personbound" in options.only:
        print("\nThe person-bound check")
        other["personbound"] = personbound.measure()
    portal.empty_valkey()
    if options.match:
        return
    found = results.merge(results.read(), scale, measured, other)
    results.write(found)
    show_growth(found)
    print(f"\nWritten to {results.PATH}")


def pages(options: Namespace) -> list[dict[str, Any]]:
    bare, *others = all_pages()
    asked = [bare, *(page for page in others if options.match in page.name)]
    connection.close()
    with portal.serving() as server:
        found = rows(measure(asked, server, passes=options.passes, block=options.block))
    print(f"\nPages: {options.passes} passes of {options.block} requests, two workers\n")
    print(page_table(found))
    return [asdict(row) for row in found]


def show_growth(found: dict[str, Any]) -> None:
    for pair, pages in found["growth"].items():
        print(f"\nCost at scale {pair.replace('/', ' against scale ')} (aim ≤ {results.GROWTH_LIMIT:g})\n")
        lines = [(name, f"{times:.2f}", mark(times <= results.GROWTH_LIMIT)) for name, times in pages.items()]
        print(table(("page", "times", ""), lines))
