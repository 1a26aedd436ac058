"""The running number of needs: a sequence never gives a number twice, whoever asks at once."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("needs", "0001_initial")]

    operations = [migrations.RunSQL("CREATE SEQUENCE needs_number", "DROP SEQUENCE needs_number")]
