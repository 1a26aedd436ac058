"""What was asked from a number before; built without locking the table."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("demands", "0012_calls")]

    operations = [
        AddIndexConcurrently(
            model_name="demand",
            index=models.Index(
                fields=["contact_phone", "-id"],
                name="demand_by_caller",
                condition=models.Q(("contact_phone", ""), _negated=True),
            ),
        ),
    ]
