"""The database keeps the trail: it links every event on commit and refuses any change.

The link is written by a deferred trigger, at the end of the transaction: the lock that puts events
in one order is held for the commit only, so a long import does not make anybody wait.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION lianqi_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only: % on % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION lianqi_link_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last audit_link%ROWTYPE;
    before text;
BEGIN
    PERFORM pg_advisory_xact_lock(748261);
    SELECT * INTO last FROM audit_link ORDER BY position DESC LIMIT 1;
    before := coalesce(last.digest, repeat('0', 64));
    INSERT INTO audit_link (position, event_id, previous, digest) VALUES (
        coalesce(last.position, 0) + 1, NEW.id, before,
        encode(sha256(convert_to(concat_ws(E'\\x1f', before, NEW.id::text,
            (extract(epoch FROM NEW.at) * 1000000)::bigint::text, coalesce(NEW.by_id::text, ''),
            NEW.by_name, NEW.verb, NEW.subject_kind, NEW.subject_id::text,
            coalesce(NEW.enterprise_id::text, ''), NEW.is_read::text, NEW.detail::text
        ), 'UTF8')), 'hex'));
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER audit_event_link AFTER INSERT ON audit_event
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION lianqi_link_event();
CREATE TRIGGER audit_event_refuse BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION lianqi_refuse_change();
CREATE TRIGGER audit_link_refuse BEFORE UPDATE OR DELETE ON audit_link
    FOR EACH ROW EXECUTE FUNCTION lianqi_refuse_change();
CREATE TRIGGER audit_event_keep BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION lianqi_refuse_change();
CREATE TRIGGER audit_link_keep BEFORE TRUNCATE ON audit_link
    FOR EACH STATEMENT EXECUTE FUNCTION lianqi_refuse_change();
"""

BACKWARD = """
DROP TRIGGER audit_event_link ON audit_event;
DROP TRIGGER audit_event_refuse ON audit_event;
DROP TRIGGER audit_link_refuse ON audit_link;
DROP TRIGGER audit_event_keep ON audit_event;
DROP TRIGGER audit_link_keep ON audit_link;
DROP FUNCTION lianqi_link_event();
DROP FUNCTION lianqi_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
