"""What the nightly verification found."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_chain")]

    operations = [
        migrations.CreateModel(
            name="ChainCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "events",
                    models.BigIntegerField(help_text="how many events hold, from the first on"),
                ),
                ("head", models.CharField(help_text="digest of the last of them", max_length=64)),
                ("broken_event_id", models.BigIntegerField(null=True)),
                ("reason", models.CharField(blank=True, max_length=100)),
            ],
            options={"verbose_name": "verification of the chain"},
        ),
    ]
