"""A comparison is ordered, made and kept like any other copy."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agreements", "0009_let_there_be_one_draft_rule_set")]

    operations = [
        migrations.AlterField(
            model_name="printedcopy",
            name="variant",
            field=models.CharField(
                choices=[
                    ("archive", "Arkivexemplar (PDF/A-3a)"),
                    ("reading", "Läsexemplar (PDF/UA-1)"),
                    ("draft", "Utkast"),
                    ("comparison", "Jämförelse"),
                ],
                max_length=10,
                verbose_name="variant",
            ),
        ),
    ]
