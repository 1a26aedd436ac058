"""An index for lists of a period; built without locking the table."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("demands", "0002_number")]

    operations = [
        AddIndexConcurrently(
            model_name="demand",
            index=models.Index(fields=["filed_on", "-id"], name="demand_by_day"),
        ),
    ]
