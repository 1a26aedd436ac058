"""What is paid of a match, totals that the database keeps, and no checks of every single row."""

import django.db.models.deletion
from django.db import migrations, models

# What a match adds to its total. Fen are added without bounds: a sum never stops the writing.
_TERMS = """
    sum(sign) AS count, sum(sign * coalesce(low, 0)) AS low, sum(sign * coalesce(high, 0)) AS high,
    sum(sign * coalesce(paid, 0)) AS paid, sum(sign * (low IS NOT NULL)::int) AS lows,
    sum(sign * (high IS NOT NULL)::int) AS highs,
    sum(sign * (low IS NOT NULL AND high IS NULL)::int) AS unbounded
"""
# The rows of totals are taken in one order, so that two writers wait and never block each other. A
# total that is gone went with its pack, and does not come back when the matches go.
_FUNCTION = """
CREATE FUNCTION lianqi_matches_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO matching_matchtotal AS t
        (pack_id, measure, "group", count, low, high, paid, lows, highs, unbounded)
    SELECT pack_id, measure, "group", count, low, high, paid, lows, highs, unbounded FROM (
        SELECT pack_id, measure, "group", {terms} FROM ({rows}) AS one GROUP BY 1, 2, 3
    ) AS change
    WHERE (count, low, high, paid, lows, highs, unbounded) IS DISTINCT FROM (0, 0, 0, 0, 0, 0, 0)
        {still_there}
    ORDER BY pack_id, measure, "group"
    ON CONFLICT (pack_id, measure, "group") DO UPDATE SET
        count = t.count + excluded.count, low = t.low + excluded.low,
        high = t.high + excluded.high, paid = t.paid + excluded.paid,
        lows = t.lows + excluded.lows, highs = t.highs + excluded.highs,
        unbounded = t.unbounded + excluded.unbounded;
    RETURN NULL;
END $$;
CREATE TRIGGER match_{name} AFTER {event} ON matching_match {tables}
    FOR EACH STATEMENT EXECUTE FUNCTION lianqi_matches_{name}();
"""
_ROWS = 'SELECT {sign} AS sign, pack_id, measure, "group", low, high, paid FROM {table}_rows'
_GAINED = _ROWS.format(sign=1, table="new")
_LOST = _ROWS.format(sign=-1, table="old")
_STILL = """AND EXISTS (SELECT FROM matching_matchtotal AS held
            WHERE (held.pack_id, held.measure, held."group")
                = (change.pack_id, change.measure, change."group"))"""


def _function(name: str, event: str, rows: str, tables: str, still_there: str = "") -> str:
    return _FUNCTION.format(
        name=name, event=event, rows=rows, tables=f"REFERENCING {tables}", terms=_TERMS,
        still_there=still_there,
    )  # fmt: skip


FORWARD = (
    # Until the next run that is what was counted so far: as if nothing excluded anything.
    """UPDATE matching_match SET paid = low WHERE "group" = 'met';"""
    + _function("added", "INSERT", _GAINED, "NEW TABLE AS new_rows")
    + _function(
        "changed", "UPDATE", f"{_GAINED} UNION ALL {_LOST}",
        "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    )
    + _function("gone", "DELETE", _LOST, "OLD TABLE AS old_rows", _STILL)
    + """
INSERT INTO matching_matchtotal
    (pack_id, measure, "group", count, low, high, paid, lows, highs, unbounded)
SELECT pack_id, measure, "group", count(*), coalesce(sum(low), 0), coalesce(sum(high), 0),
    coalesce(sum(paid), 0), count(low), count(high),
    count(*) FILTER (WHERE low IS NOT NULL AND high IS NULL)
FROM matching_match GROUP BY 1, 2, 3;
"""
)  # fmt: skip
BACKWARD = "".join(
    f"DROP TRIGGER match_{name} ON matching_match; DROP FUNCTION lianqi_matches_{name}();"
    for name in ("added", "changed", "gone")
)


_GROUPS = [
    ("met", "Conditions met"),
    ("one_missing", "One answer missing"),
    ("nearly", "Nearly: one condition not met"),
    ("open", "Not settled yet"),
    ("not_now", "Not now"),
    ("not_applicable", "Not meant for this enterprise"),
]


class Migration(migrations.Migration):
    dependencies = [("matching", "0007_pack_reviews"), ("register", "0009_statements")]

    operations = [
        migrations.AddField("match", "paid", models.BigIntegerField(null=True)),
        migrations.AddField("matchrun", "changes", models.JSONField(db_default={}, default=dict)),
        migrations.AlterField(
            "match", "enterprise",
            models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE,
                related_name="matches", to="register.enterprise",
            ),
        ),
        migrations.AlterField(
            "match", "pack",
            models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE,
                related_name="matches", to="matching.rulepack",
            ),
        ),
        migrations.AlterField(
            "match", "group", models.CharField(choices=_GROUPS, max_length=14)
        ),
        migrations.AlterField(
            "telling", "group", models.CharField(choices=_GROUPS, max_length=14)
        ),
        migrations.CreateModel(
            name="MatchTotal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("measure", models.CharField(max_length=200)),
                ("group", models.CharField(choices=_GROUPS, max_length=14)),
                ("count", models.BigIntegerField()),
                ("low", models.DecimalField(decimal_places=0, max_digits=40)),
                ("high", models.DecimalField(decimal_places=0, max_digits=40)),
                ("paid", models.DecimalField(decimal_places=0, max_digits=40)),
                ("lows", models.BigIntegerField()),
                ("highs", models.BigIntegerField()),
                ("unbounded", models.BigIntegerField()),
                ("pack", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="match_totals", to="matching.rulepack")),
            ],
            options={
                "verbose_name": "total of matches",
                "constraints": [models.UniqueConstraint(fields=("pack", "measure", "group"), name="match_total_once")],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]  # fmt: skip
