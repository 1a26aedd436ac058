"""How pressing a demand is: until now its category alone said so."""

from django.db import migrations, models

_OF_THE_CATEGORY = """
    UPDATE demands_demand SET urgency = category.usual_urgency
    FROM demands_demandcategory AS category
    WHERE category.id = category_id AND category.usual_urgency <> 'normal'
"""


class Migration(migrations.Migration):
    dependencies = [("demands", "0003_day")]

    operations = [
        migrations.RenameField("demandcategory", "clock_priority", "usual_urgency"),
        migrations.RunSQL(
            "UPDATE demands_demandcategory SET usual_urgency = 'normal'"
            " WHERE usual_urgency NOT IN ('normal', 'urgent', 'critical')",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            "demandcategory",
            "usual_urgency",
            models.CharField(
                choices=[("normal", "Normal"), ("urgent", "Urgent"), ("critical", "Critical")],
                default="normal",
                max_length=20,
                verbose_name="usual urgency",
            ),
        ),
        migrations.AddField(
            "demand",
            "urgency",
            models.CharField(
                choices=[("normal", "Normal"), ("urgent", "Urgent"), ("critical", "Critical")],
                db_default="normal",
                default="normal",
                max_length=8,
                verbose_name="urgency",
            ),
        ),
        migrations.RunSQL(_OF_THE_CATEGORY, migrations.RunSQL.noop),
    ]
