"""The reference files of this package, read into plain rows. Sources and licences: data/SOURCES.md."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"

EMPLOYMENT_SERVICE = {
    "name": "Arbetsförmedlingen",
    "short_name": "Arbetsförmedlingen",
    "org_number": "202100-2114",
    "mail_domain": "arbetsformedlingen.se",
}
ASSOCIATION = {
    "name": "Sveriges Kommuner och Regioner",
    "short_name": "SKR",
    "org_number": "222000-0315",
    "mail_domain": "skr.se",
}


CORRECTED_NAMES = {
    "Faluns kommun": "Falu kommun",
    "Kalixs kommun": "Kalix kommun",
    "Överkalixs kommun": "Överkalix kommun",
}
"""Names that these files once held, and the right ones: mended where nobody has changed them."""


@dataclass(frozen=True)
class CountyRow:
    code: str
    name: str
    region: str

    @property
    def region_name(self) -> str:
        return f"{EMPLOYMENT_SERVICE['name']}, region {self.region}"


@dataclass(frozen=True)
class MunicipalityRow:
    code: str
    name: str
    short_name: str
    county: str
    group: str
    group_name: str
    population: int
    population_year: int
    org_number: str
    mail_domain: str


def counties() -> list[CountyRow]:
    return [CountyRow(row["code"], row["name"], row["af_region_name"]) for row in table("counties.csv")]


def municipalities() -> list[MunicipalityRow]:
    short_names = {row["code"]: row["short_name"] for row in table("municipality_domains.csv")}
    return [municipality(row, short_names[row["code"]]) for row in table("municipalities.csv")]


def municipality(row: dict[str, str], short_name: str) -> MunicipalityRow:
    return MunicipalityRow(
        code=row["code"],
        name=row["name"],
        short_name=short_name,
        county=row["county_code"],
        group=row["group_code"],
        group_name=row["group_name"],
        population=int(row["population"]),
        population_year=int(row["population_year"]),
        org_number=row["org_number"],
        mail_domain=row["domain"],
    )


def shapes() -> dict[str, dict[str, Any]]:
    """Path and bounding box by municipality code, as written by build_shapes."""
    loaded: dict[str, dict[str, Any]] = json.loads((DATA / "shapes.json").read_text(encoding="utf-8"))
    return loaded


def table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
