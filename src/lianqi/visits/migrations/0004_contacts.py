"""Whom to reach about the matters of a draft."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("visits", "0003_rounds")]

    operations = [
        migrations.AddField(
            model_name="visit",
            name="contacts",
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]
