"""What the search knows; pg_trgm finds what is misspelt (a trusted extension, like btree_gist)."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0016_keep_what_is_attached_to_a_signed_text"),
        ("contacts", "0006_keep_what_the_check_said_of_a_contact_point"),
        ("municipalities", "0001_lay_the_ground"),
    ]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("agreement", "Överenskommelse"),
                            ("section", "Avsnitt"),
                            ("attachment", "Bifogad fil"),
                            ("contact", "Kontaktyta"),
                            ("organisation", "Organisation"),
                        ],
                        max_length=20,
                        verbose_name="slag",
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("all", "Alla"),
                            ("named", "De som får se namn"),
                            ("covered", "De som inte får se namn"),
                        ],
                        max_length=10,
                        verbose_name="för",
                    ),
                ),
                ("section_key", models.SlugField(blank=True, db_index=False, max_length=40, verbose_name="avsnitt")),
                (
                    "parties",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        size=None,
                        verbose_name="organisationer vars läsare får hitta den",
                    ),
                ),
                ("title", models.CharField(max_length=250, verbose_name="rubrik")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("title_key", models.CharField(blank=True, max_length=250, verbose_name="rubriken utan prickar")),
                ("words", django.contrib.postgres.search.SearchVectorField(verbose_name="ord")),
                ("at", models.DateTimeField(verbose_name="senast ändrad")),
                (
                    "mark",
                    models.CharField(
                        help_text="A hash of what it was made of, and how.", max_length=32, verbose_name="gjord av"
                    ),
                ),
                (
                    "attachment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="agreements.attachment",
                        verbose_name="bifogad fil",
                    ),
                ),
                (
                    "contact_point",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="contacts.contactpoint",
                        verbose_name="kontaktyta",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="municipalities.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="agreements.version",
                        verbose_name="version",
                    ),
                ),
            ],
            options={
                "verbose_name": "sökbar text",
                "verbose_name_plural": "sökbara texter",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["words", "parties"], name="search_words"),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("kind", "section"), _negated=True),
                        fields=["title_key"],
                        name="search_title",
                        opclasses=["gin_trgm_ops"],
                    ),
                    models.Index(fields=["-at", "-id"], name="search_newest"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=(
                            "version",
                            "kind",
                            "section_key",
                            "attachment",
                            "contact_point",
                            "organisation",
                            "audience",
                        ),
                        name="a_thing_is_found_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
    ]
