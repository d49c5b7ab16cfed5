"""Fixtures that give rows; loaded as a plugin by conftest."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from tests.cast import Cast, make_cast
from tests.factories import af_region, municipality


@pytest.fixture
def reference(db: None) -> None:
    """The function catalogue and the national template, loaded by the product's own commands."""
    call_command("load_functions", verbosity=0)
    call_command("load_national_template", verbosity=0)


@pytest.fixture
def cast(reference: None) -> Cast:
    """Östersund, Åre and AF region Nord, SKR, and a user in every role."""
    nord = af_region("Nord")
    return make_cast(municipality("2380", "Östersunds"), municipality("2321", "Åre"), nord)
