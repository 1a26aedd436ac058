"""Indexes for the filters of the trail; built without locking the table."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("audit", "0003_chain_check")]

    operations = [
        AddIndexConcurrently(
            model_name="event",
            index=models.Index(fields=["by_id", "-id"], name="audit_event_by"),
        ),
        AddIndexConcurrently(
            model_name="event",
            index=models.Index(fields=["verb", "-id"], name="audit_event_verb"),
        ),
        AddIndexConcurrently(
            model_name="event",
            index=models.Index(
                fields=["enterprise_id", "-id"],
                name="audit_event_enterprise",
                condition=models.Q(enterprise_id__isnull=False),
            ),
        ),
        AddIndexConcurrently(
            model_name="event",
            index=models.Index(fields=["at", "id"], name="audit_event_at"),
        ),
    ]
