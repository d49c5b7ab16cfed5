import pytest
from django.core.cache import cache

from contacts.roles import Role
from municipalities.models import Organisation
from tests.cast import user_with_role


@pytest.fixture(autouse=True)
def _nothing_far():
    """Every test begins with an empty cache; what the process keeps is forgotten in every test."""
    cache.clear()


@pytest.fixture
def nation(client, db):
    """The client of an officer at SKR."""
    skr = Organisation.objects.create(kind="skr", side="none", name="SKR", short_name="SKR")
    client.force_login(user_with_role("siv@skr.example", "Siv Handläggare", skr, Role.SKR_OFFICER))
    return client
