"""The running numbers of tests and orders: a sequence never gives a number twice."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("freetests", "0001_initial")]

    operations = [
        migrations.RunSQL(f"CREATE SEQUENCE {name}", f"DROP SEQUENCE {name}")
        for name in ("freetests_test_number", "freetests_order_number")
    ]
