"""A signed text and a signature can't be changed, whoever asks the database."""

from django.db import migrations

KEEP_SIGNED_TEXT = """
CREATE FUNCTION keep_signed_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the text of a signed agreement never changes' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER signed_text_never_changes BEFORE UPDATE ON agreements_version FOR EACH ROW
    WHEN (
        OLD.state IN ('in_force', 'ended')
        AND (
            OLD.text_hash IS DISTINCT FROM NEW.text_hash
            OR OLD.frozen IS DISTINCT FROM NEW.frozen
            OR NEW.state NOT IN ('in_force', 'ended')
        )
    ) EXECUTE FUNCTION keep_signed_text();

CREATE TRIGGER a_signature_never_changes BEFORE UPDATE ON agreements_signature FOR EACH ROW
    EXECUTE FUNCTION keep_signed_text();
"""

LET_GO = """
DROP TRIGGER a_signature_never_changes ON agreements_signature;
DROP TRIGGER signed_text_never_changes ON agreements_version;
DROP FUNCTION keep_signed_text();
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0001_agreements_from_template_to_signature")]

    operations = [migrations.RunSQL(KEEP_SIGNED_TEXT, LET_GO)]
