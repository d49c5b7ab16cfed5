"""Builds data/shapes.json from data/municipalities.geojson: done once, when the outlines change."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand

from municipalities.reference import DATA
from municipalities.shapes import Projection, build


class Command(BaseCommand):
    help = "Projects the municipalities' outlines to SWEREF 99 TM and writes them as SVG paths."

    def handle(self, *args: Any, **options: Any) -> None:
        collection = json.loads((DATA / "municipalities.geojson").read_text(encoding="utf-8"))
        shapes = build(collection, sweref99tm())
        rows = (f" {json.dumps(code)}: {json.dumps(shape)}" for code, shape in shapes.items())
        (DATA / "shapes.json").write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")
        size = sum(len(shape["path"]) for shape in shapes.values())
        self.stdout.write(f"{len(shapes)} shapes, {size:,} bytes of paths")


def sweref99tm() -> Projection:
    """Longitude and latitude in WGS 84 to metres in SWEREF 99 TM."""
    # A development dependency: the running portal never projects anything.
    from pyproj import Transformer  # noqa: PLC0415

    transformer = Transformer.from_crs("EPSG:4326", "EPSG:3006", always_xy=True)
    return lambda longitude, latitude: transformer.transform(longitude, latitude)
