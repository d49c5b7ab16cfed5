"""What has ended says how."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agreements", "0012_say_how_older_versions_ended")]

    operations = [
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_as__in", ["expired", "terminated", "replaced"]), ("state", "ended")),
                    models.Q(models.Q(("state", "ended"), _negated=True), ("ended_as", "")),
                    _connector="OR",
                ),
                name="a_version_that_has_ended_says_how",
            ),
        ),
    ]
