"""What the check said of a contact point is kept with it, under the hash of what it saw."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0005_let_readers_of_a_party_see_names"),
    ]

    operations = [
        migrations.AddField(
            model_name="contactpoint",
            name="assessed_as",
            field=models.CharField(
                blank=True,
                editable=False,
                help_text="Hash of the facts, and the check's edition.",
                max_length=60,
                verbose_name="bedömd som",
            ),
        ),
        migrations.AddField(
            model_name="contactpoint",
            name="assessment",
            field=models.JSONField(
                blank=True,
                default=dict,
                editable=False,
                help_text="What the check said last: judging.stored.",
                verbose_name="bedömning",
            ),
        ),
    ]
