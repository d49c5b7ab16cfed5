"""A published template never changes, whoever asks the database; only the day it closes for new agreements is open.

One that has not begun to apply, and that no agreement rests on, may still be taken back to be a draft.
"""

from django.db import migrations

KEEP = """
CREATE FUNCTION keep_published_template() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.published_at IS NULL
        AND OLD.valid_from > (now() AT TIME ZONE 'Europe/Stockholm')::date
        AND NOT EXISTS (SELECT FROM agreements_version WHERE template_id = OLD.id)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a published template never changes' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER a_published_template_never_changes BEFORE UPDATE ON agreements_templateversion FOR EACH ROW
    WHEN (
        OLD.published_at IS NOT NULL
        AND (to_jsonb(OLD) - 'valid_to') IS DISTINCT FROM (to_jsonb(NEW) - 'valid_to')
    ) EXECUTE FUNCTION keep_published_template();

CREATE TRIGGER a_published_template_stays BEFORE DELETE ON agreements_templateversion FOR EACH ROW
    WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION keep_published_template();

CREATE FUNCTION keep_sections_of_published_template() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM agreements_templateversion
        WHERE id IN (OLD.version_id, NEW.version_id) AND published_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'a published template never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

CREATE TRIGGER sections_of_a_published_template_never_change
    BEFORE INSERT OR UPDATE OR DELETE ON agreements_templatesection FOR EACH ROW
    EXECUTE FUNCTION keep_sections_of_published_template();
"""

LET_GO = """
DROP TRIGGER sections_of_a_published_template_never_change ON agreements_templatesection;
DROP FUNCTION keep_sections_of_published_template();
DROP TRIGGER a_published_template_stays ON agreements_templateversion;
DROP TRIGGER a_published_template_never_changes ON agreements_templateversion;
DROP FUNCTION keep_published_template();
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0020_let_the_template_be_drafted")]

    operations = [migrations.RunSQL(KEEP, LET_GO)]
