"""Matching a whole register out of PostgreSQL: `python -m bench.matching --enterprises 100000`.

Takes LIANQI_DATABASE_URL of an empty database, or one that this module loaded with as many
enterprises, and prints a JSON object. Of the enterprises 92 % have five yearly figures, a third a
title; the measures are those of the national packs and of regional ones that a zone might adopt.
"""

import argparse
import json
import os
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import django
from django.utils import timezone

FIGURES = (
    ("revenue", "元", 1e8), ("rd_expense", "元", 8e6), ("employees", "人", 300),
    ("total_assets", "元", 2e8), ("tax_paid", "元", 5e6),
)  # fmt: skip
FACTS = """
INSERT INTO register_fact (enterprise_id, key, value, unit, period, source, observed_at, qualifier)
SELECT e.id, %s, round((random() * random() * %s)::numeric, 0), %s, period, 'bench', now(), 'exact'
FROM register_enterprise e, unnest(%s::text[]) AS period WHERE random() < 0.92
"""
TITLES = """
INSERT INTO register_title (enterprise_id, label, level, batch, valid_until, source)
SELECT id, '高新技术企业', 'national', '', current_date + 300, 'bench'
FROM register_enterprise WHERE random() < 0.33
"""
ENTRIES = """
UPDATE register_enterprise SET established_on = current_date - (random() * 9000)::int,
    industry_id = (ARRAY['3976', '6513', '2710', '5510', '7320', '3599'])[1 + floor(random() * 6)]
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--enterprises", type=int, default=100_000)
    parser.add_argument("--packs", type=int, default=24)
    chosen = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianqi.config.settings")
    django.setup()
    from lianqi.matching import actions
    from lianqi.matching.models import Match, MatchRun, RulePack
    from lianqi.matching.queries.columns import columns_of
    from lianqi.matching.queries.results import page_of, results
    from lianqi.matching.queries.standings import in_bulk, standings

    firms, by = _loaded(chosen.enterprises, chosen.packs)
    today = timezone.localdate()
    rows = list(RulePack.objects.in_force(today).for_list().order_by("key", "version"))
    force = in_bulk(rows, today)
    told: dict[str, Any] = {
        "enterprises": chosen.enterprises,
        "measures": len(force.places),
        "columns": len(force.program.wanted),
    }
    told["columns_seconds"] = _seconds(
        lambda: columns_of(firms[:20_000], force.program.wanted, force.catalogue, on=today)
    )
    told["standings_seconds"] = _seconds(lambda: standings(force, firms[:20_000]))
    for name in ("first_run", "second_run"):
        MatchRun.objects.under_way().delete()
        run = actions.start_run(on=today, by=by, at=timezone.now())
        told[f"{name}_seconds"] = _seconds(partial(actions.carry_out, run.pk, at=timezone.now()))
    told["matches"] = Match.objects.count()
    told["one_enterprise_ms"] = _milliseconds(
        lambda pk: actions.match_firms([pk], on=today, at=timezone.now()), firms[:40]
    )
    pack = force.places[0].row
    run = actions.start_pack_run(pack.pk, on=today, by=by, at=timezone.now())
    told["one_pack_seconds"] = _seconds(lambda: actions.carry_out(run.pk, at=timezone.now()))
    told["overview_seconds"] = _seconds(lambda: results(by, on=today))
    place = force.places[0]
    matches = Match.objects.of_measure(place.row.pk, place.measure.key)
    told["page_seconds"] = _seconds(lambda: page_of(matches, "amount"))
    print(json.dumps(told, ensure_ascii=False))


def _loaded(enterprises: int, packs: int) -> tuple[list[int], Any]:
    from django.core.management import call_command
    from django.db import connection

    from bench.generate import analyse, load_enterprises
    from lianqi.accounts.enums import Role
    from lianqi.accounts.models import RoleAssignment, User
    from lianqi.matching.actions import (
        adopt_shipped,
        load_national_packs,
        publish_pack,
        shipped_names,
    )
    from lianqi.register.models import Enterprise, Industry
    from lianqi.shared.errors import Refusal

    call_command("migrate", verbosity=0)
    now = timezone.now()
    if not Enterprise.objects.exists():
        by = User.objects.create(username="bench", name="bench")
        for role in (Role.RULE_EDITOR, Role.DISPATCHER):
            RoleAssignment.objects.create(user=by, role=role)
        for code in ("3976", "6513", "2710", "5510", "7320", "3599"):
            Industry.objects.get_or_create(
                code=code, defaults={"section": "C", "name": code, "level": 4}
            )
        load_enterprises(enterprises, at=now, seed=1)
        year = timezone.localdate(now).year
        with connection.cursor() as cursor:
            for key, unit, most in FIGURES:
                cursor.execute(FACTS, [key, most, unit, [str(year - 1), str(year - 2)]])
            cursor.execute(TITLES)
            cursor.execute(ENTRIES)
        load_national_packs(at=now)
        by = User.objects.get(username="bench")
        for name in shipped_names()[:packs]:
            try:
                publish_pack(adopt_shipped(name, by=by, at=now).pk, by=by, at=now)
            except Refusal:
                continue
        analyse()
    ids = list(Enterprise.objects.order_by("pk").values_list("pk", flat=True))
    return ids, User.objects.get(username="bench")


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return round(time.perf_counter() - began, 3)


def _milliseconds(work: Callable[[int], object], ids: list[int]) -> float:
    """The middle one of many."""
    times = sorted(_seconds(partial(work, pk)) for pk in ids)
    return round(times[len(times) // 2] * 1000, 1)


if __name__ == "__main__":
    main()
