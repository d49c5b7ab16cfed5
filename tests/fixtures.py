"""Fixtures that give rows; loaded as a plugin by conftest."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoDbBlocker

import contacts.kept
import nationwide.kept
import nationwide.published
from agreements.models import TemplateVersion
from tests.cast import Cast, make_cast
from tests.factories import af_region, municipality
from tests.mail_server import Sink, free_port, listening


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database is born with the reference rows; a test that empties it gets them again from `reference`.

    A browser can leave a request behind whose thread still holds a connection when the database is to be dropped.
    """
    with django_db_blocker.unblock():
        load()
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        cursor.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")


def load() -> None:
    """The function catalogue and the national template, by the product's own commands."""
    for command in ("load_functions", "load_national_template", "load_lowest_level"):
        call_command(command, stdout=StringIO())


@pytest.fixture(autouse=True)
def _nothing_near() -> None:
    """Every test begins with a process that has kept nothing."""
    for near in (contacts.kept.near, nationwide.kept.near, nationwide.published.near):
        near.values.clear()


@pytest.fixture
def reference(db: None) -> None:
    if not TemplateVersion.objects.exists():
        load()


@pytest.fixture
def cast(reference: None) -> Cast:
    """Östersund, Åre and AF region Nord, SKR, and a user in every role."""
    nord = af_region("Nord")
    return make_cast(municipality("2380", "Östersunds"), municipality("2321", "Åre"), nord)


@pytest.fixture
def post(settings: Any) -> Iterator[Sink]:
    """A mail server that the portal sends to."""
    send_to(settings, port := free_port())
    with listening(port) as sink:
        yield sink


@pytest.fixture
def dead_post(settings: Any) -> int:
    """The portal sends to a port where nobody listens, yet."""
    send_to(settings, port := free_port())
    return port


def send_to(settings: Any, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.DEFAULT_FROM_EMAIL = settings.BOUNCE_ADDRESS = "portalen@portalen.example"
    settings.SITE_URL = "https://portalen.example"
