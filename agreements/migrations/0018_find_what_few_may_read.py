"""Who reads little has what he reads found first, and looked through for the words."""

import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("agreements", "0017_find_by_words")]

    operations = [
        migrations.AddIndex(
            model_name="searchdocument",
            index=django.contrib.postgres.indexes.GinIndex(fields=["parties"], name="search_parties"),
        ),
    ]
