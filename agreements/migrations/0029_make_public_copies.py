from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0027_keep_signed_files_as_they_were"),
    ]

    operations = [
        migrations.AlterField(
            model_name="printedcopy",
            name="code",
            field=models.CharField(
                blank=True,
                help_text="Printed on each page of an archive copy or a public one.",
                max_length=14,
                verbose_name="verifieringskod",
            ),
        ),
        migrations.AlterField(
            model_name="printedcopy",
            name="variant",
            field=models.CharField(
                choices=[
                    ("archive", "Arkivexemplar (PDF/A-3a)"),
                    ("reading", "Läsexemplar (PDF/UA-1)"),
                    ("draft", "Utkast"),
                    ("comparison", "Jämförelse"),
                    ("public", "Offentligt exemplar"),
                ],
                max_length=10,
                verbose_name="variant",
            ),
        ),
    ]
