"""The running number of orders: a sequence never gives a number twice, whoever asks at once."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE supervision_number", "DROP SEQUENCE supervision_number")
    ]
