"""A daily digest is a letter of its own kind."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0006_keep_what_the_check_said_of_a_contact_point"),
    ]

    operations = [
        migrations.AlterField(
            model_name="letter",
            name="kind",
            field=models.CharField(
                choices=[
                    ("chase", "Det som väntar på att rättas"),
                    ("confirmation", "Stämmer uppgifterna?"),
                    ("digest", "Nytt om överenskommelserna"),
                ],
                max_length=20,
                verbose_name="slag",
            ),
        ),
    ]
