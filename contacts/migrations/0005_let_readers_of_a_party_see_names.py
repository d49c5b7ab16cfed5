"""The role of reader now gives names: those who hold it get the grant their role gives."""

from django.db import migrations

NAMES_BY_OTHER_ROLES = (
    "municipal_coordinator",
    "municipal_signatory",
    "af_coordinator",
    "af_signatory",
    "skr_officer",
)


def held(apps):
    return apps.get_model("contacts", "Membership").objects.filter(to_date__isnull=True)


def permission(apps):
    """None in a new database, where there are no roles either."""
    permissions = apps.get_model("auth", "Permission").objects
    return permissions.filter(content_type__app_label="municipalities", codename="see_names").first()


def let_them_see(apps, schema_editor):
    names, grants = permission(apps), apps.get_model("contacts", "OrganisationUserPermission").objects
    if names is None:
        return
    for user, organisation in held(apps).filter(role="reader").values_list("user_id", "organisation_id"):
        grants.get_or_create(user_id=user, content_object_id=organisation, permission_id=names.pk)


def no_longer(apps, schema_editor):
    names, grants = permission(apps), apps.get_model("contacts", "OrganisationUserPermission").objects
    if names is None:
        return
    others = set(held(apps).filter(role__in=NAMES_BY_OTHER_ROLES).values_list("user_id", "organisation_id"))
    readers = set(held(apps).filter(role="reader").values_list("user_id", "organisation_id"))
    for user, organisation in readers - others:
        grants.filter(user_id=user, content_object_id=organisation, permission_id=names.pk).delete()


class Migration(migrations.Migration):
    dependencies = [("contacts", "0004_write_letters_and_ask_for_confirmation"), ("auth", "0001_initial")]

    operations = [migrations.RunPython(let_them_see, no_longer)]
