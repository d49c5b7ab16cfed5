"""Rule sets are drafted one at a time, so that each is a step from the one before it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agreements", "0008_say_which_flags_a_letter_told_of")]

    operations = [
        migrations.AddConstraint(
            model_name="ruleset",
            constraint=models.UniqueConstraint(
                condition=models.Q(published_at__isnull=True),
                fields=("published_at",),
                name="there_is_one_draft_rule_set_at_a_time",
                nulls_distinct=False,
            ),
        ),
    ]
