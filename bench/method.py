"""The arithmetic of measuring: percentiles, ratios, aims and the table. Pure.

Every page is measured in blocks of sequential requests on new connections, the bare view first, in several passes of
one run; a ratio is the median of a page over the median of the bare view. Differences under about 15 % are noise on a
shared machine.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


def percentile(values: Iterable[float], share: float) -> float:
    """The value below which this share of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


@dataclass(frozen=True)
class Aim:
    """A figure that must not be passed."""

    limit: float
    unit: str = "× bare"

    def __str__(self) -> str:
        return f"≤ {self.limit:g} {self.unit}"

    def met(self, value: float) -> bool:
        return value <= self.limit


@dataclass
class Timing:
    """What was seen of one page."""

    name: str
    status: int
    size: int
    queries: int
    aim: Aim | None = None
    query_aim: int | None = None
    milliseconds: list[float] = field(default_factory=list)
    processor_seconds: float = 0.0
    """What the web processes used for all of it: steadier than the clock where others use the machine too."""

    @property
    def p50(self) -> float:
        return statistics.median(self.milliseconds)

    @property
    def p95(self) -> float:
        return percentile(self.milliseconds, 0.95)

    @property
    def processor_ms(self) -> float:
        return self.processor_seconds * 1000 / len(self.milliseconds)


@dataclass(frozen=True)
class Row:
    """A line of the table, and of results.json."""

    name: str
    status: int
    bytes: int
    queries: int
    p50_ms: float
    p95_ms: float
    ratio: float
    processor_ms: float
    processor_ratio: float
    aim: str
    met: bool | None
    """None where there is no aim."""


def rows(timings: Sequence[Timing]) -> list[Row]:
    """Each page beside the first one, which is the bare view."""
    bare, bare_processor = timings[0].p50, timings[0].processor_ms
    return [
        row(timing, timing.p50 / bare, timing.processor_ms / bare_processor if bare_processor else 0.0)
        for timing in timings
    ]


def row(timing: Timing, ratio: float, processor_ratio: float) -> Row:
    aims = [str(timing.aim)] if timing.aim else []
    verdicts = [timing.aim.met(ratio)] if timing.aim else []
    if timing.query_aim is not None:
        aims.append(f"≤ {timing.query_aim} queries")
        verdicts.append(timing.queries <= timing.query_aim)
    return Row(
        name=timing.name,
        status=timing.status,
        bytes=timing.size,
        queries=timing.queries,
        p50_ms=round(timing.p50, 2),
        p95_ms=round(timing.p95, 2),
        ratio=round(ratio, 2),
        processor_ms=round(timing.processor_ms, 2),
        processor_ratio=round(processor_ratio, 2),
        aim=", ".join(aims),
        met=all(verdicts) if verdicts else None,
    )


def table(heads: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    """Columns as wide as their widest cell; text to the left, numbers to the right."""
    cells = [[str(cell) for cell in line] for line in lines]
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    right = [all(is_number(line[n]) for line in cells) for n in range(len(heads))]

    def laid(line: Sequence[str]) -> str:
        padded = [
            cell.rjust(width) if to_the_right else cell.ljust(width)
            for cell, width, to_the_right in zip(line, widths, right, strict=True)
        ]
        return "  ".join(padded).rstrip()

    return "\n".join([laid(heads), "  ".join("-" * width for width in widths), *map(laid, cells)])


def is_number(text: str) -> bool:
    return text.replace(".", "", 1).replace("-", "", 1).isdigit()


def page_table(found: Sequence[Row]) -> str:
    heads = ("page", "status", "bytes", "queries", "p50 ms", "p95 ms", "× bare", "cpu ms", "× bare", "aim", "")
    lines = []
    for line in found:
        figures = (line.p50_ms, line.p95_ms, line.ratio, line.processor_ms, line.processor_ratio)
        written = [f"{figure:.2f}" for figure in figures]
        lines.append((line.name, line.status, line.bytes, line.queries, *written, line.aim, mark(line.met)))
    return table(heads, lines)


def mark(met: bool | None) -> str:
    return {None: "", True: "ok", False: "MISSED"}[met]


def growth(small: Mapping[str, float], large: Mapping[str, float]) -> dict[str, float]:
    """How many times dearer each page is with the larger data, both beside the bare view of their own run."""
    return {name: round(large[name] / small[name], 2) for name in small if name in large and small[name]}
