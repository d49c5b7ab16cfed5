import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0008_write_letters_to_operations"),
    ]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="links",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(),
                blank=True,
                default=list,
                help_text="Their addresses are put in when it leaves.",
                size=None,
                verbose_name="personliga länkar",
            ),
        ),
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
                ],
                max_length=20,
                verbose_name="slag",
            ),
        ),
        migrations.CreateModel(
            name="PersonalLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "subject",
                    models.CharField(help_text='For example "agreement:12".', max_length=60, verbose_name="gäller"),
                ),
                ("path", models.CharField(max_length=200, verbose_name="sida")),
                ("seed", models.CharField(editable=False, max_length=40, unique=True, verbose_name="frö")),
                (
                    "sha256",
                    models.CharField(editable=False, max_length=64, unique=True, verbose_name="hemlighetens SHA-256"),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="skapad")),
                ("expires_at", models.DateTimeField(verbose_name="gäller till")),
                (
                    "closed_at",
                    models.DateTimeField(
                        blank=True, help_text="Used, or no longer of use.", null=True, verbose_name="stängd"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="mottagare",
                    ),
                ),
            ],
            options={
                "verbose_name": "personlig länk",
                "verbose_name_plural": "personliga länkar",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="a_link_is_kept_as_its_hash"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("path__startswith", "/")), name="a_link_leads_to_a_page_of_ours"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))), name="a_link_expires"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("user", "path"),
                        name="a_user_has_one_open_link_to_a_page",
                    ),
                ],
            },
        ),
    ]
