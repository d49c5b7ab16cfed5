"""Which flags were told of in which letter, so that the agreement can say who has been written to."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0007_keep_a_published_rule_set_as_it_was"),
        ("contacts", "0004_write_letters_and_ask_for_confirmation"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChasedFlag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("responsible", "den ansvariga funktionen"),
                            ("deputy", "ersättaren"),
                            ("other_party", "den andra parten"),
                            ("skr", "SKR"),
                        ],
                        max_length=20,
                        verbose_name="skickat till",
                    ),
                ),
                (
                    "flag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chased",
                        to="agreements.flag",
                        verbose_name="flagga",
                    ),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chased_flags",
                        to="contacts.letter",
                        verbose_name="brev",
                    ),
                ),
            ],
            options={
                "verbose_name": "flagga i brev",
                "verbose_name_plural": "flaggor i brev",
                "constraints": [
                    models.UniqueConstraint(fields=("letter", "flag"), name="a_letter_tells_of_a_flag_once")
                ],
            },
        ),
    ]
