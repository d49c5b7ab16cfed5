"""A file that counts as signed, and what was read in it, never change, whoever asks the database."""

from django.db import migrations

KEEP = """
CREATE FUNCTION keep_signed_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.version_id = NEW.version_id AND OLD.file_id = NEW.file_id
        AND OLD.text_hash = NEW.text_hash AND OLD.found = NEW.found AND OLD.found_at = NEW.found_at
        AND OLD.counted_at IS NOT DISTINCT FROM NEW.counted_at
        AND NOT EXISTS (SELECT FROM agreements_version WHERE id = OLD.version_id AND state IN ('in_force', 'ended'))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a file that counts as signed never changes' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER a_counted_signed_file_never_changes BEFORE UPDATE OR DELETE ON agreements_signedfile FOR EACH ROW
    WHEN (OLD.counted_at IS NOT NULL) EXECUTE FUNCTION keep_signed_file();

CREATE FUNCTION keep_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was read in a signed file never changes' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER a_claim_never_changes BEFORE UPDATE ON agreements_claimedsignature FOR EACH ROW
    EXECUTE FUNCTION keep_claim();
CREATE TRIGGER a_voucher_never_changes BEFORE UPDATE ON agreements_voucher FOR EACH ROW EXECUTE FUNCTION keep_claim();
"""

LET_GO = """
DROP TRIGGER a_voucher_never_changes ON agreements_voucher;
DROP TRIGGER a_claim_never_changes ON agreements_claimedsignature;
DROP FUNCTION keep_claim();
DROP TRIGGER a_counted_signed_file_never_changes ON agreements_signedfile;
DROP FUNCTION keep_signed_file();
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0026_take_in_what_is_signed_elsewhere")]

    operations = [migrations.RunSQL(KEEP, LET_GO)]
