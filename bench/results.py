"""bench/results.json: what was measured last at each scale, and what growing costs."""

from __future__ import annotations

import json
import os
import platform
import time
from pathlib import Path
from typing import Any

from bench.method import growth

PATH = Path(__file__).parent / "results.json"
GROWTH_LIMIT = 1.3


def read(path: Path = PATH) -> dict[str, Any]:
    if not path.exists():
        return {"scales": {}}
    known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return known


def merge(known: dict[str, Any], scale: int, measured: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """The new figures in their place; those of other scales, and of what was not measured now, stay."""
    scales = known.get("scales", {}) | {str(scale): known.get("scales", {}).get(str(scale), {}) | measured}
    return known | other | {"machine": machine(), "scales": scales, "growth": growths(scales)}


def growths(scales: dict[str, Any]) -> dict[str, dict[str, float]]:
    """Every larger scale against the smallest, page by page."""
    ratios = {
        int(scale): {row["name"]: row["ratio"] for row in found["pages"]}
        for scale, found in scales.items()
        if "pages" in found
    }
    if not ratios:
        return {}
    first = min(ratios)
    return {f"{scale}/{first}": growth(ratios[first], ratios[scale]) for scale in sorted(ratios) if scale != first}


def machine() -> dict[str, Any]:
    return {
        "at": time.strftime("%Y-%m-%d %H:%M"),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "load_average": round(os.getloadavg()[0], 2),
    }


def write(found: dict[str, Any], path: Path = PATH) -> None:
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
