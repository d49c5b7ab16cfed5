"""What changes the ground. It knows no users, so its history is its own: one ReferenceRevision per change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model

from municipalities import reference
from municipalities.models import (
    County,
    Municipality,
    MunicipalityGroup,
    MunicipalityShape,
    Organisation,
    ReferenceRevision,
)
from municipalities.reference import ASSOCIATION, EMPLOYMENT_SERVICE, CountyRow, MunicipalityRow

Kind = Organisation.Kind
Side = Organisation.Side
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Loaded:
    """How many rows stand in the tables after loading, and how many had to be written."""

    municipalities: int
    counties: int
    groups: int
    regions: int
    shapes: int
    written: int


@transaction.atomic
def load_reference_data(*, overwrite: bool = False) -> Loaded:
    """Create what is missing and mend what the files once had wrong.

    Rows that exist keep what an administrator has changed, unless overwritten.
    """
    service, is_new_service = Organisation.objects.get_or_create(
        kind=Kind.AF, defaults={**EMPLOYMENT_SERVICE, "side": Side.AF}
    )
    _, is_new_association = Organisation.objects.get_or_create(
        kind=Kind.SKR, defaults={**ASSOCIATION, "side": Side.NONE}
    )
    rows = reference.municipalities()
    written = is_new_service + is_new_association
    written += load_counties(reference.counties(), service, overwrite=overwrite)
    written += load_groups(rows, overwrite=overwrite)
    written += load_municipalities(rows, overwrite=overwrite)
    written += correct_names()
    written += load_shapes()
    if written:
        note_change("Referensdata inläst från filerna")
    return count_loaded(written)


def note_change(what: str) -> ReferenceRevision:
    """Tell every kept picture of the country that the ground has changed."""
    return ReferenceRevision.objects.create(what=what[:200])


def load_counties(rows: list[CountyRow], service: Organisation, *, overwrite: bool) -> int:
    """Counties and the AF regions that serve them; a region is known by its name or by its county."""
    known = set(County.objects.values_list("code", flat=True))
    due = [row for row in rows if overwrite or row.code not in known]
    served_by = {row.region: load_region(row, service) for row in {row.region: row for row in due}.values()}
    wanted = {row.code: {"name": row.name, "af_region_id": served_by[row.region][0].pk} for row in due}
    new_regions = sum(is_new for _, is_new in served_by.values())
    return new_regions + merge(County, "code", wanted, overwrite=overwrite)


def load_region(row: CountyRow, service: Organisation) -> tuple[Organisation, bool]:
    return Organisation.objects.get_or_create(
        kind=Kind.AF_REGION,
        name=row.region_name,
        defaults={
            "short_name": row.region,
            "side": Side.AF,
            "parent": service,
            "mail_domain": EMPLOYMENT_SERVICE["mail_domain"],
        },
    )


def load_groups(rows: Iterable[MunicipalityRow], *, overwrite: bool) -> int:
    wanted = {row.group: {"name": row.group_name} for row in rows}
    return merge(MunicipalityGroup, "code", wanted, overwrite=overwrite)


def load_municipalities(rows: list[MunicipalityRow], *, overwrite: bool) -> int:
    known = set(Municipality.objects.values_list("code", flat=True))
    new = [row for row in rows if row.code not in known]
    organisations = Organisation.objects.bulk_create(
        Organisation(kind=Kind.MUNICIPALITY, side=Side.MUNICIPALITY, **identity(row)) for row in new
    )
    Municipality.objects.bulk_create(
        Municipality(organisation=organisation, code=row.code, **facts(row))
        for organisation, row in zip(organisations, new, strict=True)
    )
    return len(new) + (restore_municipalities(rows, known) if overwrite else 0)


def restore_municipalities(rows: Iterable[MunicipalityRow], codes: set[str]) -> int:
    """Bring existing municipalities back to the files."""
    wanted = {row.code: row for row in rows if row.code in codes}
    known_facts = {code: facts(row) for code, row in wanted.items()}
    known_names = {code: identity(row) for code, row in wanted.items()}
    written = merge(Municipality, "code", known_facts, overwrite=True)
    return written + merge(Organisation, "municipality__code", known_names, overwrite=True)


def correct_names() -> int:
    """Mend names that the files once held wrongly; a name that an administrator has given stays."""
    municipalities = Organisation.objects.filter(kind=Kind.MUNICIPALITY)
    return sum(
        municipalities.filter(name=wrong).update(name=right) for wrong, right in reference.CORRECTED_NAMES.items()
    )


def identity(row: MunicipalityRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "short_name": row.short_name,
        "org_number": row.org_number,
        "mail_domain": row.mail_domain,
    }


def facts(row: MunicipalityRow) -> dict[str, Any]:
    return {
        "county_id": row.county,
        "group_id": row.group,
        "population": row.population,
        "population_year": row.population_year,
    }


def load_shapes() -> int:
    """Outlines always follow the file: nobody edits them by hand."""
    places = dict(Municipality.objects.values_list("code", "pk"))
    wanted = {
        places[code]: dict(zip(("min_x", "min_y", "max_x", "max_y"), shape["box"], strict=True))
        | {"path": shape["path"]}
        for code, shape in reference.shapes().items()
    }
    return merge(MunicipalityShape, "municipality_id", wanted, overwrite=True)


def merge(model: type[Row], key: str, wanted: Mapping[Any, dict[str, Any]], *, overwrite: bool) -> int:
    """Create the missing rows; with overwrite, bring back those that differ. Empty erases nothing."""
    manager = model._default_manager
    relation = key.rpartition("__")[0]
    rows = manager.select_related(relation) if relation else manager.all()
    known = {attribute(row, key): row for row in rows.filter(**{f"{key}__in": list(wanted)})}
    created = manager.bulk_create(model(**{key: k}, **v) for k, v in wanted.items() if k not in known)
    changed = [row for k, row in known.items() if overwrite and bring_back(row, wanted[k])]
    if changed:
        manager.bulk_update(changed, [name.removesuffix("_id") for name in next(iter(wanted.values()))])
    return len(created) + len(changed)


def attribute(row: Model, path: str) -> Any:
    value: Any = row
    for name in path.split("__"):
        value = getattr(value, name)
    return value


def bring_back(row: Model, values: dict[str, Any]) -> bool:
    """Set the values on the row; True when any of them was different."""
    differing = {name: value for name, value in values.items() if value != "" and getattr(row, name) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    return bool(differing)


def count_loaded(written: int) -> Loaded:
    return Loaded(
        municipalities=Municipality.objects.count(),
        counties=County.objects.count(),
        groups=MunicipalityGroup.objects.count(),
        regions=Organisation.objects.filter(kind=Kind.AF_REGION).count(),
        shapes=MunicipalityShape.objects.count(),
        written=written,
    )
