from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0009_write_to_those_who_sign"),
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
                    ("signing", "Att underteckna"),
                    ("signing_news", "Om en underskrift"),
                    ("archive", "Arkiv att hämta"),
                ],
                max_length=20,
                verbose_name="slag",
            ),
        ),
    ]
