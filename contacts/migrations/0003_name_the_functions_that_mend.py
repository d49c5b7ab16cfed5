"""Give the shipped functions their place among those that get the letters about what is to be mended."""

from django.db import migrations

MENDS = {
    "agreement-coordinator": 1,
    "labour-market-manager": 2,
    "labour-market-unit-head": 3,
    "labour-market-administration-head": 4,
    "municipality-registrar": 5,
    "af-cooperation-manager": 1,
    "af-unit-head-tactical": 2,
    "af-section-manager": 3,
    "af-local-cooperation-officer": 4,
    "af-registrar": 5,
    "skr-labour-market-officer": 1,
    "skr-template-manager": 2,
}


def name_them(apps, schema_editor):
    functions = apps.get_model("contacts", "Function").objects
    for key, place in MENDS.items():
        functions.filter(key=key).update(mends=place)


class Migration(migrations.Migration):
    dependencies = [("contacts", "0002_say_which_function_mends")]

    operations = [migrations.RunPython(name_them, migrations.RunPython.noop)]
