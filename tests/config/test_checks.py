"""Settings that are each right and together wrong are found before anything opens."""

from pathlib import Path
from typing import Any

import pytest
from django.core import checks

from config.checks import (
    bounces_have_a_mail_folder,
    cache_and_broker_are_apart,
    demo_stays_at_home,
    private_files_are_not_served,
    production_is_whole,
)
from config.production_check import production_environment
from tests.config.test_environment import read_settings


def ids(found: list[checks.CheckMessage]) -> set[str | None]:
    return {message.id for message in found}


def test_a_demo_in_production_is_an_error(settings: Any) -> None:
    settings.DEMO, settings.PRODUCTION = True, True
    assert ids(demo_stays_at_home(None)) == {"portal.E001"}


def test_a_folder_for_bounces_must_be_a_mail_folder(settings: Any, tmp_path: Path) -> None:
    settings.BOUNCE_MAILDIR = tmp_path
    assert ids(bounces_have_a_mail_folder(None)) == {"portal.E008"}
    for name in ("new", "cur"):
        (tmp_path / name).mkdir()
    assert bounces_have_a_mail_folder(None) == []


def test_a_demo_under_another_name_is_warned_about(settings: Any) -> None:
    settings.DEMO, settings.PRODUCTION, settings.ALLOWED_HOSTS = True, False, ["demo.invalid"]
    assert ids(demo_stays_at_home(None)) == {"portal.W001"}


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("BENCH", True, "portal.E002"),
        ("ALLOWED_HOSTS", ["*"], "portal.E003"),
        ("SITE_URL", "http://portal.invalid", "portal.E004"),
        ("EMAIL_CONFIG", "", "portal.E005"),
    ],
)
def test_production_misses_nothing(settings: Any, name: str, value: object, told: str) -> None:
    settings.PRODUCTION, settings.BENCH, settings.ALLOWED_HOSTS = True, False, ["portal.invalid"]
    settings.SITE_URL, settings.EMAIL_CONFIG = "https://portal.invalid", "smtp://mail.invalid:25"
    assert production_is_whole(None) == []
    setattr(settings, name, value)
    assert ids(production_is_whole(None)) == {told}


def test_agreements_are_not_stored_among_public_files(settings: Any) -> None:
    settings.MEDIA_ROOT = settings.STATIC_ROOT / "files"
    assert ids(private_files_are_not_served(None)) == {"portal.E006"}


def test_cache_and_queue_in_one_database_is_an_error(settings: Any) -> None:
    settings.CACHES["default"] = {**settings.CACHES["default"], "LOCATION": settings.REDIS_URL}
    assert ids(cache_and_broker_are_apart(None)) == {"portal.E007"}


def test_the_invented_production_environment_starts() -> None:
    started = read_settings(**production_environment())
    assert started.returncode == 0, started.stderr
