from uuid import uuid4

import pytest
from django.core.cache import caches

from contacts.roles import Role
from municipalities.models import Organisation
from tests.cast import user_with_role


@pytest.fixture(autouse=True)
def _nothing_far(monkeypatch):
    """Every test begins with a cache of its own: to empty the cache would empty that of tests beside it too."""
    monkeypatch.setattr(caches["default"], "version", uuid4().hex)


@pytest.fixture
def nation(client, db):
    """The client of an officer at SKR."""
    skr = Organisation.objects.create(kind="skr", side="none", name="SKR", short_name="SKR")
    client.force_login(user_with_role("siv@skr.example", "Siv Handläggare", skr, Role.SKR_OFFICER))
    return client
