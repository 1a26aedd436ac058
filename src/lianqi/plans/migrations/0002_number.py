"""The running number of plans: a sequence never gives a number twice, whoever asks at once."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE plans_number", "DROP SEQUENCE plans_number")
    ]
