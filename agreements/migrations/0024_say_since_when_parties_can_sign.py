"""Whoever can sign today has been able to since the text was accepted, or signed by the first."""

from django.db import migrations

SAY_WHEN = """
UPDATE agreements_party AS party SET called_at = version.state_since
FROM agreements_version AS version
WHERE version.id = party.version_id AND version.state IN ('accepted', 'signing') AND party.called_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0023_prove_who_signs_and_ask_them_in_turn")]

    operations = [migrations.RunSQL(SAY_WHEN, migrations.RunSQL.noop)]
