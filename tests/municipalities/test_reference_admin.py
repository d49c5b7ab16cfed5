import pytest

from contacts.roles import Role
from municipalities.actions import load_reference_data
from municipalities.models import Municipality, Organisation, ReferenceRevision
from tests.cast import user_with_role

pytestmark = pytest.mark.django_db
ORGANISATIONS = "/admin/municipalities/organisation/"


@pytest.fixture
def skr():
    load_reference_data()
    return Organisation.objects.get(kind="skr")


@pytest.fixture
def administrator(client, skr):
    client.force_login(user_with_role("admin@skr.example", "Ada Administratör", skr, Role.ADMINISTRATOR))
    return client


def test_others_do_not_come_in(client, skr):
    client.force_login(user_with_role("siv@skr.example", "Siv Handläggare", skr, Role.SKR_OFFICER))

    assert client.get(ORGANISATIONS).status_code != 200


@pytest.mark.parametrize("table", ["organisation", "municipality", "county", "municipalitygroup", "referencerevision"])
def test_the_administrator_sees_every_table(administrator, table):
    assert administrator.get(f"/admin/municipalities/{table}/").status_code == 200


def test_search_in_the_tables_ignores_dots_and_rings(administrator):
    page = administrator.get("/admin/municipalities/municipality/?q=are").content.decode()

    assert "Åre kommun" in page
    assert "Ånge kommun" not in page


def test_a_saved_name_is_noted_and_the_kind_cannot_be_posted(administrator):
    malmo = Organisation.objects.get(municipality__code="1280")
    form = {
        "kind": "skr",
        "side": "none",
        "name": "Malmö stad",
        "short_name": "Malmö",
        "mail_domain": "malmo.se",
    }

    administrator.post(f"{ORGANISATIONS}{malmo.pk}/change/", form)

    malmo.refresh_from_db()
    assert (malmo.name, malmo.kind) == ("Malmö stad", "municipality")
    assert ReferenceRevision.objects.last().what == "organisation: Malmö stad"


def test_nothing_can_be_deleted(administrator):
    code = Municipality.objects.get(code="1280").pk

    assert administrator.get(f"/admin/municipalities/municipality/{code}/delete/").status_code == 403
