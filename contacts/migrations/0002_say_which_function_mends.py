"""Functions that get the letters about what an organisation should mend."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0001_people_functions_contact_points_and_history"),
    ]

    operations = [
        migrations.AddField(
            model_name="function",
            name="mends",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Den funktion med lägst nummer som organisationen har får brev om det som ska rättas.",
                null=True,
                verbose_name="rättar som nummer",
            ),
        ),
    ]
