"""The administration: one way in, nothing deleted, every change through an action."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin import site
from django.test import Client

from contacts import actions
from contacts.access import reach_of
from contacts.errors import NotAllowed, Refused
from contacts.models import Event, Function, Membership, User
from contacts.roles import Permission, Role
from tests.cast import PASSWORD, Cast
from tests.factories import TODAY, member


@pytest.fixture
def administrator(cast: Cast, client: Client) -> Client:
    client.force_login(cast.administrator)
    return client


def current(user: User) -> list[str]:
    return list(Membership.objects.filter(user=user, to_date__isnull=True).values_list("role", flat=True))


@pytest.mark.parametrize(
    "role",
    ["coordinator", "signatory", "reader", "af_coordinator", "af_signatory", "officer", "skr_reader", "outsider"],
)
def test_only_the_administrator_gets_in(role: str, cast: Cast, client: Client):
    user = getattr(cast, role)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    client.force_login(user)

    assert client.get("/admin/", follow=True).status_code == 404
    assert client.get("/admin/contacts/user/", follow=True).status_code == 404


def test_a_stranger_is_sent_to_the_portals_own_login_page(client: Client, db: None):
    answer = client.get("/admin/contacts/user/", follow=True)

    assert answer.redirect_chain[-1][0] == "/logga-in/?next=/admin/contacts/user/"


def test_the_door_closes_when_the_role_ends(administrator: Client, cast: Cast):
    other = member(cast.skr, Role.ADMINISTRATOR)
    before = administrator.get("/admin/").status_code
    membership = Membership.objects.get(user=cast.administrator)
    actions.end_role(by=other, membership=membership, today=TODAY)

    assert (before, administrator.get("/admin/", follow=True).status_code) == (200, 404)


def test_the_administrator_opens_every_list_and_form(administrator: Client):
    for model, model_admin in site._registry.items():
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert administrator.get(base).status_code == 200, base
        adds = model_admin.has_add_permission(administrator.get(base).wsgi_request)
        assert administrator.get(f"{base}add/").status_code == (200 if adds else 403), base


def test_nothing_can_be_deleted(administrator: Client, cast: Cast):
    request = administrator.get("/admin/").wsgi_request

    assert [m for m, model_admin in site._registry.items() if model_admin.has_delete_permission(request)] == []
    assert administrator.post(f"/admin/contacts/user/{cast.reader.pk}/delete/", {"post": "yes"}).status_code == 403


def test_only_what_has_its_own_actions_is_registered():
    own = {model._meta.label for model in site._registry if model._meta.app_label == "contacts"}

    assert own == {"contacts.Function", "contacts.Letter", "contacts.Membership", "contacts.User"}
    assert "auth.Group" not in {model._meta.label for model in site._registry}
    assert admin.site is not None


def give(client: Client, user: User, organisation: Any, role: Role) -> Any:
    return client.post(
        "/admin/contacts/membership/add/", {"user": user.pk, "organisation": organisation.pk, "role": role.value}
    )


def test_a_role_is_given_through_the_action(administrator: Client, cast: Cast):
    answer = give(administrator, cast.reader, cast.ostersund, Role.MUNICIPAL_COORDINATOR)

    assert answer.status_code == 302
    assert reach_of(User.objects.get(pk=cast.reader.pk)).may(Permission.EDIT_CONTACTS, [cast.ostersund.pk])
    assert Event.objects.filter(type="membership.given", actor_id=cast.administrator.pk).count() == 1


@pytest.mark.parametrize("role", [Role.AF_COORDINATOR, Role.ADMINISTRATOR, Role.READER])
def test_a_role_that_does_not_fit_or_is_held_already_is_refused_at_the_field(
    administrator: Client, cast: Cast, role: Role
):
    answer = give(administrator, cast.reader, cast.ostersund, role)

    assert list(answer.context["adminform"].form.errors) == ["role"]
    assert current(cast.reader) == ["reader"]


def test_a_role_that_has_been_given_is_never_edited(administrator: Client, cast: Cast):
    membership = Membership.objects.get(user=cast.reader)

    answer = administrator.post(
        f"/admin/contacts/membership/{membership.pk}/change/", {"role": "municipal_coordinator"}
    )

    assert answer.status_code == 403
    assert current(cast.reader) == ["reader"]


def test_roles_are_ended_from_the_list(administrator: Client, cast: Cast):
    membership = Membership.objects.get(user=cast.reader)

    administrator.post("/admin/contacts/membership/", {"action": "end", "_selected_action": [membership.pk]})

    assert current(cast.reader) == []
    assert not reach_of(User.objects.get(pk=cast.reader.pk)).by_permission


def test_the_last_administrator_cannot_leave(administrator: Client, cast: Cast):
    membership = Membership.objects.get(user=cast.administrator)

    answer = administrator.post(
        "/admin/contacts/membership/", {"action": "end", "_selected_action": [membership.pk]}, follow=True
    )

    assert "minst en systemadministratör" in answer.content.decode()
    assert current(cast.administrator) == ["administrator"]


def new_user(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.post("/admin/contacts/user/add/", {"email": email, "name": "Nils Ny", "new_password": password})


def test_a_new_login_can_log_in_and_has_no_role(administrator: Client):
    new_user(administrator, "Nils.Nyberg@Ostersund.se")

    user = User.objects.get(email="nils.nyberg@ostersund.se")
    assert user.check_password(PASSWORD)
    assert (user.is_staff, user.is_superuser, current(user)) == (False, False, [])
    assert Event.objects.get(type="user.added").subject == f"user:{user.pk}"


@pytest.mark.parametrize(
    ("email", "password", "field"),
    [
        ("arbetsmarknad@ostersund.se", PASSWORD, "email"),
        ("samordnare@ostersund.se", PASSWORD, "email"),
        ("nils.nyberg@ostersund.se", "kort", "new_password"),
        ("nils.nyberg@ostersund.se", "", "new_password"),
    ],
)
def test_a_shared_mailbox_a_taken_address_and_a_weak_password_are_refused(
    administrator: Client, email: str, password: str, field: str
):
    before = User.objects.count()

    answer = new_user(administrator, email, password)

    assert list(answer.context["adminform"].form.errors) == [field]
    assert User.objects.count() == before


def test_a_person_can_be_renamed_and_given_a_new_password(administrator: Client, cast: Cast):
    own = Client()
    own.force_login(cast.reader)
    administrator.post(
        f"/admin/contacts/user/{cast.reader.pk}/change/", {"name": "Lena Ny", "new_password": "ännu en lång mening 7"}
    )

    user = User.objects.get(pk=cast.reader.pk)
    assert (user.name, user.email) == ("Lena Ny", cast.reader.email)
    assert user.check_password("ännu en lång mening 7")
    assert own.get("/behorigheter/").status_code == 302


def test_rights_cannot_be_posted_into_a_login(administrator: Client, cast: Cast):
    extra = {"is_superuser": "on", "is_staff": "on", "email": "annan@ostersund.se", "user_permissions": "1"}
    administrator.post(f"/admin/contacts/user/{cast.reader.pk}/change/", {"name": "Lena Läsare", **extra})

    user = User.objects.get(pk=cast.reader.pk)
    assert (user.is_superuser, user.is_staff, user.email) == (False, False, cast.reader.email)


def test_a_closed_login_has_no_roles_left_and_stays_as_a_row(administrator: Client, cast: Cast):
    administrator.post("/admin/contacts/user/", {"action": "close", "_selected_action": [cast.reader.pk]})

    user = User.objects.get(pk=cast.reader.pk)
    assert (user.is_active, current(user)) == (False, [])


def test_nobody_closes_the_own_login(cast: Cast):
    with pytest.raises(Refused):
        actions.close_user(by=cast.administrator, user=cast.administrator, today=TODAY)


def test_a_function_is_changed_through_the_action_and_keeps_its_key(administrator: Client):
    function = Function.objects.get(key="job-coach")

    administrator.post(
        f"/admin/contacts/function/{function.pk}/change/",
        {"name": "Jobbcoach och mentor", "position": function.position, "key": "annat", "side": "af", "active": "on"},
    )

    changed = Function.objects.get(pk=function.pk)
    assert (changed.name, changed.key, changed.side) == ("Jobbcoach och mentor", "job-coach", "municipality")
    event = Event.objects.get(type="function.changed")
    assert (event.before["name"], event.after["name"]) == ("Jobbcoach", "Jobbcoach och mentor")


def test_the_actions_refuse_everybody_else(cast: Cast):
    function = Function.objects.get(key="job-coach")
    for user in cast.by_name().values():
        if user != cast.administrator:
            with pytest.raises(NotAllowed):
                actions.save_function(by=user, function=function)
            with pytest.raises(NotAllowed):
                actions.add_user(by=user, email="ny.person@ostersund.se", name="Ny", password=PASSWORD)
            with pytest.raises(NotAllowed):
                actions.give_role(by=user, user=user, organisation=cast.skr, role=Role.ADMINISTRATOR, today=TODAY)
