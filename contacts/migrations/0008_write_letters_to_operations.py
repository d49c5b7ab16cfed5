from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0007_write_a_daily_digest"),
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
                    ("operations", "Till driften"),
                ],
                max_length=20,
                verbose_name="slag",
            ),
        ),
    ]
