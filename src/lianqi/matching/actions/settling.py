"""What is paid where packs exclude measures of each other, and one of the packs was matched.

Within the packs that are matched together `standings` says it at once.
"""

import datetime as dt

import numpy as np
from django.db import connection

from lianqi.matching.actions.standing import Reach
from lianqi.matching.models import RulePack
from lianqi.matching.queries.checking import packs_of
from lianqi.matching.queries.combining import PlacedKnot, knots_of_places, pays
from lianqi.matching.queries.verdicts import Place, is_for_one_enterprise

_MET = """
SELECT m.enterprise_id, m.pack_id, m.measure, m.id, coalesce(m.low, 0), m.low IS NULL
FROM matching_match AS m
WHERE m."group" = 'met' AND m.pack_id = ANY(%(packs)s) AND m.measure = ANY(%(measures)s)
    AND {reach}
"""
_PAY = """
UPDATE matching_match AS m SET paid = n.paid
FROM unnest(%s::bigint[], %s::bigint[]) AS n(id, paid)
WHERE m.id = n.id AND m.paid IS DISTINCT FROM n.paid
"""


def settle_across(pack: RulePack, reach: Reach, *, on: dt.date) -> None:
    """Settle again what the measures of a pack and those of others mean for each other.

    In the transaction that matched the pack. A pack that does not hold on the day, as a draft, is
    left as it is by itself: it changes nothing that holds.
    """
    rows = list(RulePack.objects.in_force(on).for_list().order_by("key", "version"))
    if pack.pk not in {row.pk for row in rows}:
        return
    packs = packs_of(rows)
    places = [
        Place(row, packs[row.digest], measure)
        for row in rows
        if row.digest in packs
        for measure in packs[row.digest].measures(on)
        if is_for_one_enterprise(measure)
    ]
    for knot in knots_of_places(places):
        own = [places[each] for each in knot.places]
        kept = {each.row.pk for each in own}
        if pack.pk in kept and len(kept) > 1:
            _settle(own, knot, reach)


def _settle(own: list[Place], knot: PlacedKnot, reach: Reach) -> None:
    numbers = {(each.row.pk, each.measure.key): number for number, each in enumerate(own)}
    given = {
        "packs": sorted({pack for pack, _measure in numbers}),
        "measures": sorted({measure for _pack, measure in numbers}),
        **reach.given,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MET.format(reach=reach.condition), given)
        found = [row for row in cursor.fetchall() if (row[1], row[2]) in numbers]
        if not found:
            return
        firms, columns = np.unique(np.array([row[0] for row in found]), return_inverse=True)
        met = np.zeros((len(own), len(firms)), np.bool_)
        fen = np.zeros((len(own), len(firms)), np.int64)
        for column, (_firm, pack, measure, _id, low, _none) in zip(columns, found, strict=True):
            number = numbers[pack, measure]
            met[number, column] = True
            fen[number, column] = low if pays(own[number].measure) else 0
        paid = knot.paid(met, fen)
        told = []
        for column, (_firm, pack, measure, pk, _low, is_none) in zip(columns, found, strict=True):
            number = numbers[pack, measure]
            if not is_none and pays(own[number].measure):
                told.append((pk, int(fen[number, column]) if paid[number, column] else 0))
        cursor.execute(_PAY, [[pk for pk, _paid in told], [each for _pk, each in told]])
