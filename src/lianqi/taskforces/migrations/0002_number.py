"""The running number of task forces: a sequence never gives a number twice, whoever asks at once."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("taskforces", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE taskforces_number", "DROP SEQUENCE taskforces_number")
    ]
