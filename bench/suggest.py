"""What a dispatcher's form and a typed demand ask for: `python -m bench.suggest`.

The units suggested for a demand and the check for similar ones, together, as both are needed when
the form opens; and the check alone while somebody types. Takes LIANQI_DATABASE_URL of a database
that `bench.load` filled. Prints a JSON object of milliseconds.
"""

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable

import django

WARM_UP = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=60)
    parser.add_argument("--seed", type=int, default=3)
    chosen = parser.parse_args()
    django.setup()
    from django.utils import timezone

    from lianqi.accounts.models import User
    from lianqi.demands.models import Demand
    from lianqi.demands.queries import near_duplicates, suggested_category, suggestions

    chance, today = random.Random(chosen.seed), timezone.localdate()
    last = Demand.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    count = Demand.objects.count()
    dispatcher = User.people.get(username="dispatcher")
    seen = Demand.objects.visible_to(dispatcher)

    def some_demand() -> Demand:
        wanted = last - chance.randrange(count)
        return Demand.objects.select_related("category", "enterprise").get(pk=wanted)

    def check(demand: Demand, *, without: int | None) -> None:
        near_duplicates(
            demand.title,
            demand.text,
            among=seen,
            enterprise_id=demand.enterprise_id,
            across=True,
            on=today,
            without=without,
        )

    def dispatching(demand: Demand) -> None:
        suggestions(demand, on=today)
        check(demand, without=demand.pk)

    def typing(demand: Demand) -> None:
        check(demand, without=None)
        suggested_category(demand.title, demand.text)

    kinds: dict[str, Callable[[Demand], None]] = {
        "suggested units and similar demands, at dispatch": dispatching,
        "similar demands and category, while typing": typing,
    }
    found = {}
    for kind, ask in kinds.items():
        taken = []
        for _ in range(chosen.requests + WARM_UP):
            demand = some_demand()
            began = time.perf_counter()
            ask(demand)
            taken.append(1000 * (time.perf_counter() - began))
        cuts = statistics.quantiles(taken[WARM_UP:], n=20, method="inclusive")
        found[kind] = {"p50": statistics.median(taken[WARM_UP:]), "p95": cuts[18]}
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
