"""The running number of demands: a sequence never gives a number twice, whoever asks at once."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("demands", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE demands_number", "DROP SEQUENCE demands_number")
    ]
