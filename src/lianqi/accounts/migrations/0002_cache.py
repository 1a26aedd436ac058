"""The table of the cache that all processes share; login throttling counts in it."""

from django.db import migrations

FORWARD = """
CREATE TABLE lianqi_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX lianqi_cache_expires ON lianqi_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, "DROP TABLE lianqi_cache")]
