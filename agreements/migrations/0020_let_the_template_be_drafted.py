"""SKR drafts the national template, one version at a time; an agreement that goes over keeps what was decided."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0019_plan_follow_ups_and_measure_goals"),
    ]

    operations = [
        migrations.CreateModel(
            name="UpgradePoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="ordning")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("required", "Nytt krav"),
                            ("text", "Text utan plats"),
                            ("locked", "Ändrad nationell text"),
                            ("added", "Nytt avsnitt"),
                            ("removed", "Borttaget avsnitt"),
                        ],
                        max_length=10,
                        verbose_name="slag",
                    ),
                ),
                ("section_key", models.CharField(max_length=40, verbose_name="avsnittets nyckel")),
                ("section", models.CharField(max_length=130, verbose_name="avsnitt")),
                ("field_key", models.CharField(blank=True, max_length=40, verbose_name="fältets nyckel")),
                ("field", models.CharField(blank=True, max_length=200, verbose_name="fält")),
                (
                    "was",
                    models.JSONField(
                        blank=True,
                        help_text="The field's block of the old document.",
                        null=True,
                        verbose_name="som det stod",
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("placed", "Inlagd"), ("not_needed", "Behövs inte"), ("read", "Läst")],
                        max_length=12,
                        verbose_name="beslut",
                    ),
                ),
                ("placed_in", models.CharField(blank=True, max_length=340, verbose_name="inlagd i")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="beslutad")),
                ("decided_by", models.CharField(blank=True, max_length=150, verbose_name="beslutad av")),
            ],
            options={
                "verbose_name": "sak att ta ställning till",
                "verbose_name_plural": "saker att ta ställning till",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.AddField(
            model_name="printedcopy",
            name="template",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="copies",
                to="agreements.templateversion",
                verbose_name="mallversion",
            ),
        ),
        migrations.AddField(
            model_name="templatesection",
            name="revision",
            field=models.PositiveIntegerField(default=0, verbose_name="ändringsnummer"),
        ),
        migrations.AddField(
            model_name="templateversion",
            name="news",
            field=models.TextField(
                blank=True, help_text="Told to those who write in agreements.", verbose_name="vad är nytt"
            ),
        ),
        migrations.AddField(
            model_name="templateversion",
            name="revision",
            field=models.PositiveIntegerField(
                default=0, help_text="Of the outline and the facts above.", verbose_name="ändringsnummer"
            ),
        ),
        migrations.AlterField(
            model_name="printedcopy",
            name="version",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="copies",
                to="agreements.version",
                verbose_name="version",
            ),
        ),
        migrations.AddConstraint(
            model_name="printedcopy",
            constraint=models.UniqueConstraint(
                fields=("template", "variant", "text_hash"), name="one_copy_per_template_variant_and_text"
            ),
        ),
        migrations.AddConstraint(
            model_name="printedcopy",
            constraint=models.CheckConstraint(
                condition=models.Q(("version__isnull", True), ("template__isnull", True), _connector="XOR"),
                name="a_copy_is_of_an_agreement_or_a_template",
            ),
        ),
        migrations.AddConstraint(
            model_name="templateversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("published_at__isnull", False)),
                fields=("valid_from",),
                name="one_published_template_begins_on_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="templateversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("published_at__isnull", True)),
                fields=("published_at",),
                name="there_is_one_draft_template_at_a_time",
                nulls_distinct=False,
            ),
        ),
        migrations.AddField(
            model_name="upgradepoint",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="agreements.templateversion",
                verbose_name="från mall",
            ),
        ),
        migrations.AddField(
            model_name="upgradepoint",
            name="version",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="upgrade_points",
                to="agreements.version",
                verbose_name="version",
            ),
        ),
        migrations.AddConstraint(
            model_name="upgradepoint",
            constraint=models.UniqueConstraint(
                fields=("version", "kind", "section_key", "field_key"), name="a_point_is_asked_once_in_a_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="upgradepoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("decision", "")),
                    models.Q(("decided_at__isnull", False), models.Q(("decision", ""), _negated=True)),
                    _connector="OR",
                ),
                name="a_decided_point_says_what_was_decided",
            ),
        ),
    ]
