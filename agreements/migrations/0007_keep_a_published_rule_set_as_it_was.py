"""A published rule set never changes, whoever asks the database: each date is judged by the set of that date."""

from django.db import migrations

KEEP = """
CREATE FUNCTION keep_published_rule_set() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published rule set never changes' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER a_published_rule_set_never_changes BEFORE UPDATE OR DELETE ON agreements_ruleset FOR EACH ROW
    WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION keep_published_rule_set();
"""

LET_GO = """
DROP TRIGGER a_published_rule_set_never_changes ON agreements_ruleset;
DROP FUNCTION keep_published_rule_set();
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0006_fill_in_what_older_rows_lack")]

    operations = [migrations.RunSQL(KEEP, LET_GO)]
