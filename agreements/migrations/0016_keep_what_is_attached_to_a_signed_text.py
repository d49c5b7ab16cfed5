"""What is attached to a signed text stays attached to it, whoever asks the database."""

from django.db import migrations

KEEP = """
CREATE FUNCTION keep_signed_attachment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM agreements_version WHERE id = OLD.version_id AND state IN ('accepted', 'signing', 'in_force', 'ended')
    ) THEN
        RAISE EXCEPTION 'what is attached to a fixed text never changes'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER a_signed_attachment_never_changes BEFORE UPDATE OR DELETE ON agreements_attachment FOR EACH ROW
    WHEN (OLD.version_id IS NOT NULL) EXECUTE FUNCTION keep_signed_attachment();
"""

LET_GO = """
DROP TRIGGER a_signed_attachment_never_changes ON agreements_attachment;
DROP FUNCTION keep_signed_attachment();
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0015_attach_files")]

    operations = [migrations.RunSQL(KEEP, LET_GO)]
