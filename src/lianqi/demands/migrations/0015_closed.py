"""An index for what was closed since a moment; built without locking the table."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("demands", "0014_duties")]

    operations = [
        AddIndexConcurrently(
            model_name="demand",
            index=models.Index(
                fields=["closed_at"],
                name="demand_by_close",
                condition=Q(closed_at__isnull=False),
            ),
        ),
    ]
