"""What has ended was replaced where a new version took over on the very next day, and has else run out."""

from django.db import migrations

SAY_HOW = """
UPDATE agreements_version AS old SET ended_as = CASE WHEN EXISTS (
    SELECT FROM agreements_party AS was
    JOIN agreements_party AS follows ON follows.organisation_id = was.organisation_id
    JOIN agreements_version AS new ON new.id = follows.version_id
    WHERE was.version_id = old.id AND was.side = 'municipality'
        AND new.agreement_id = old.agreement_id AND new.number > old.number AND new.signed_at IS NOT NULL
        AND (was.in_force IS NULL OR lower(follows.in_force) = upper(was.in_force))
) THEN 'replaced' ELSE 'expired' END
WHERE old.state = 'ended' AND old.ended_as = ''
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0011_keep_how_a_version_ends")]

    operations = [migrations.RunSQL(SAY_HOW, migrations.RunSQL.noop)]
