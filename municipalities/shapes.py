"""Outlines in degrees become compact SVG paths in map units. Pure: the projection comes in as a function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

Point = tuple[float, float]
Tenths = tuple[int, int]
Projection = Callable[[float, float], Point]

MAP_WIDTH = 600


@dataclass(frozen=True)
class Frame:
    """Turns metres in the plane into tenths of a map unit, y downwards."""

    min_x: float
    max_y: float
    units_per_metre: float

    @classmethod
    def around(cls, points: Iterable[Point]) -> Frame:
        xs, ys = zip(*points, strict=True)
        return cls(min(xs), max(ys), MAP_WIDTH / (max(xs) - min(xs)))

    def place(self, point: Point) -> Tenths:
        scale = self.units_per_metre * 10
        return round((point[0] - self.min_x) * scale), round((self.max_y - point[1]) * scale)


def rings(geometry: dict[str, Any]) -> list[list[Point]]:
    """Every outer ring and hole of a GeoJSON Polygon or MultiPolygon, closing point left out."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [[(x, y) for x, y in ring[:-1]] for polygon in polygons for ring in polygon]


def build(collection: dict[str, Any], project: Projection) -> dict[str, dict[str, Any]]:
    """The path and bounding box of every feature, by its code."""
    projected = {
        feature["properties"]["code"]: [[project(*point) for point in ring] for ring in rings(feature["geometry"])]
        for feature in collection["features"]
    }
    frame = Frame.around(point for outline in projected.values() for ring in outline for point in ring)
    return {code: shape([[frame.place(p) for p in ring] for ring in projected[code]]) for code in sorted(projected)}


def shape(outline: list[list[Tenths]]) -> dict[str, Any]:
    xs, ys = zip(*(point for ring in outline for point in ring), strict=True)
    box = [value / 10 for value in (min(xs), min(ys), max(xs), max(ys))]
    return {"path": path_data(outline), "box": box}


def path_data(outline: list[list[Tenths]]) -> str:
    """Relative SVG path. Steps are differences of rounded points, so rounding never adds up."""
    parts: list[str] = []
    start = (0, 0)
    for ring in outline:
        parts.append("m" + joined(numbers(steps(start, ring))) + "z")
        start = ring[0]
    return "".join(parts)


def steps(start: Tenths, ring: list[Tenths]) -> Iterator[int]:
    """Dx and dy from point to point; the first step leads from where the ring before began."""
    x, y = start
    for index, (next_x, next_y) in enumerate(ring):
        if index == 0 or (next_x, next_y) != (x, y):
            yield next_x - x
            yield next_y - y
        x, y = next_x, next_y


def numbers(tenths: Iterable[int]) -> Iterator[str]:
    """Tenths as short decimals: 12 is 1.2, -3 is -.3, 50 is 5."""
    for value in tenths:
        whole, rest = divmod(abs(value), 10)
        digits = f"{whole or ''}.{rest}" if rest else str(whole)
        yield f"-{digits}" if value < 0 else digits


def joined(texts: Iterable[str]) -> str:
    """Numbers side by side with a space only where the next would melt into the one before."""
    result = ""
    before = ""
    for text in texts:
        touches = text.startswith("-") or (text.startswith(".") and "." in before)
        result += text if touches or not result else f" {text}"
        before = text
    return result
