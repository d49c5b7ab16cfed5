import datetime

import pytest
from django.db import IntegrityError, transaction

from municipalities.models import County, Municipality, MunicipalityGroup, Organisation, fold, sorts_as

pytestmark = pytest.mark.django_db


def municipalities(*names):
    for name in names:
        Organisation.objects.create(kind="municipality", side="municipality", name=f"{name} kommun", short_name=name)


def test_names_sort_the_swedish_way():
    municipalities("Östersund", "Åre", "Zinkgruvan", "Ängelholm", "Arvika", "Malå", "Malung", "Överkalix")

    names = [organisation.short_name for organisation in Organisation.objects.in_swedish_order()]

    assert names == ["Arvika", "Malung", "Malå", "Zinkgruvan", "Åre", "Ängelholm", "Östersund", "Överkalix"]


@pytest.mark.parametrize("text", ["are", "åre", "ÅRE", " Åre ", "ARE"])
def test_search_finds_are_however_it_is_typed(text):
    municipalities("Åre", "Ånge")

    assert [row.short_name for row in Organisation.objects.matching(text)] == ["Åre"]


@pytest.mark.parametrize("text", ["%", "_", "\\"])
def test_a_wildcard_is_only_a_character(text):
    municipalities("Åre")

    assert not Organisation.objects.matching(text).exists()


def test_an_empty_search_finds_all():
    municipalities("Åre", "Ånge")

    assert Organisation.objects.matching("  ").count() == 2


@pytest.mark.parametrize("name", ["Åre", "Ängelholm", "ÖREBRO", "Ideéns", "Müller", "Saxån À la"])
def test_the_typed_text_folds_as_the_stored_name_does(name):
    organisation = Organisation.objects.create(kind="other", side="none", name=name, short_name=name)

    organisation.refresh_from_db()

    assert organisation.search_key == fold(name)
    assert organisation.sort_key == sorts_as(name)


@pytest.fixture
def merged():
    """A municipality that ended at the new year and went up in another."""
    region = Organisation.objects.create(kind="af_region", side="af", name="Region", short_name="Region")
    county = County.objects.create(code="99", name="Provlän", af_region=region)
    group = MunicipalityGroup.objects.create(code="Z1", name="Prov")
    municipalities("Gamla", "Nya")
    old, new = Organisation.objects.filter(kind="municipality").in_swedish_order()
    facts = {"county": county, "group": group, "population": 10, "population_year": 2025}
    newyear = datetime.date(2026, 1, 1)
    successor = Municipality.objects.create(organisation=new, code="9902", valid_from=newyear, **facts)
    Municipality.objects.create(organisation=old, code="9901", valid_to=newyear, successor=successor, **facts)


@pytest.mark.parametrize(("day", "code"), [("2025-12-31", "9901"), ("2026-01-01", "9902")])
def test_a_day_has_the_municipalities_that_existed_then(merged, day, code):
    existing = Municipality.objects.existing(datetime.date.fromisoformat(day))

    assert [row.code for row in existing] == [code]


def test_only_an_ended_municipality_has_a_successor(merged):
    with (
        pytest.raises(IntegrityError, match="a_municipality_with_a_successor_has_ended"),
        transaction.atomic(),
    ):
        Municipality.objects.filter(code="9901").update(valid_to=None)


def test_an_organisation_is_not_its_own_parent(merged):
    region = Organisation.objects.get(kind="af_region")

    with pytest.raises(IntegrityError, match="organisation_is_not_its_own_parent"), transaction.atomic():
        Organisation.objects.filter(pk=region.pk).update(parent=region)
