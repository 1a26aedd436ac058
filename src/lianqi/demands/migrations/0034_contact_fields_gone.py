"""The fields whose content was carried over go; the database keeps contacts away from tips."""

from django.db import migrations, models
from django.db.models import Q

FORWARD = """
CREATE FUNCTION lianqi_tip_has_no_contact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM demands_demand WHERE id = NEW.demand_id AND channel = 'tip') THEN
        RAISE EXCEPTION 'an anonymous tip has no contact person' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contact_person_of_no_tip BEFORE INSERT OR UPDATE OF demand_id
    ON demands_contactperson FOR EACH ROW EXECUTE FUNCTION lianqi_tip_has_no_contact();
"""
BACKWARD = """
DROP TRIGGER contact_person_of_no_tip ON demands_contactperson;
DROP FUNCTION lianqi_tip_has_no_contact();
"""
NOBODY = Q(enterprise__isnull=True, filed_by__isnull=True, firm_name="", firm_code="")


class Migration(migrations.Migration):
    dependencies = [("demands", "0033_contacts_carried")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RemoveConstraint(model_name="demand", name="demand_tip_names_nobody"),
        migrations.RemoveIndex(model_name="demand", name="demand_by_caller"),
        # With a default the way back finds something to put into the rows that are there.
        migrations.AlterField(
            model_name="demand",
            name="contact_name",
            field=models.CharField(blank=True, default="", max_length=50),
        ),
        migrations.AlterField(
            model_name="demand",
            name="contact_phone",
            field=models.CharField(blank=True, default="", max_length=30),
        ),
        migrations.RemoveField(model_name="demand", name="contact_name"),
        migrations.RemoveField(model_name="demand", name="contact_phone"),
        migrations.AddConstraint(
            model_name="demand",
            constraint=models.CheckConstraint(
                condition=~Q(channel="tip") | NOBODY, name="demand_tip_names_nobody"
            ),
        ),
    ]
