"""The one contact that a demand had becomes its first contact person.

Set by set and each set committed, so that nobody waits; run again after an interruption it goes on
where something is missing. Numbers are kept as digits only, as they are compared.
"""

from django.db import migrations

BATCH = 50_000

CARRY = """
    INSERT INTO demands_contactperson
        (demand_id, name, phone, email, role, reach, told_by, is_preferred)
    SELECT id, CASE WHEN contact_name = '' AND digits = '' THEN contact_phone ELSE contact_name END,
        digits, '', '', '', '', true
    FROM demands_demand,
        LATERAL (SELECT regexp_replace(
            regexp_replace(contact_phone, '[^0-9]', '', 'g'), '^(00)?86(?=[0-9]{10})|^00', ''
        ) AS digits) AS number
    WHERE id >= %s AND id < %s AND (contact_name <> '' OR contact_phone <> '')
    ON CONFLICT DO NOTHING
"""
BACK = """
    UPDATE demands_demand SET contact_name = person.name, contact_phone = person.phone
    FROM demands_contactperson AS person
    WHERE person.demand_id = demands_demand.id AND person.is_preferred
        AND demands_demand.id >= %s AND demands_demand.id < %s
"""


def in_batches(statement):
    def run(apps, schema_editor):
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(min(id), 0), coalesce(max(id), -1) FROM demands_demand")
            first, last = cursor.fetchone()
            for start in range(first, last + 1, BATCH):
                cursor.execute(statement, [start, start + BATCH])

    return run


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("demands", "0032_contact_people")]

    operations = [migrations.RunPython(in_batches(CARRY), in_batches(BACK))]
