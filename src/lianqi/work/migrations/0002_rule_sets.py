"""Sets of clock rules beside the general ones, and the source of each rule."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("work", "0001_initial")]

    operations = [
        migrations.AddField(
            "clockrule",
            "rule_set",
            models.BigIntegerField(blank=True, help_text="empty: general", null=True),
        ),
        migrations.AddField(
            "clockrule",
            "source",
            models.CharField(
                blank=True,
                default="",
                help_text="who promised this, and where",
                max_length=200,
                verbose_name="source",
            ),
            preserve_default=False,
        ),
        migrations.RemoveConstraint("clockrule", "clock_rule_once"),
        migrations.AddConstraint(
            "clockrule",
            models.UniqueConstraint(
                fields=["subject_kind", "step", "priority", "rule_set"],
                name="clock_rule_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddField(
            "workitem",
            "rule_set",
            models.BigIntegerField(help_text="where its clocks are looked up", null=True),
        ),
    ]
