"""The running number of conversions: a sequence never gives a number twice, whoever asks at once."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("conversions", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE conversions_number", "DROP SEQUENCE conversions_number")
    ]
