"""The running number of visits: a sequence never gives a number twice, whoever asks at once."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE visits_number", "DROP SEQUENCE visits_number")
    ]
