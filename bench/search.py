"""The search of the register alone, without the page around it: `python -m bench.search`.

What the page asks the database for one word: the thirty newest matches and their capped number.
Takes LIANQI_DATABASE_URL. Prints a JSON object of milliseconds.
"""

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable

import django


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=60)
    chosen = parser.parse_args()
    django.setup()
    from django.http import QueryDict

    from bench.generate import BRAND, TRADES
    from lianqi.register.models import Enterprise
    from lianqi.web.paging import newest_first

    chance = random.Random(2)

    def brand() -> str:
        return "".join(chance.choices(BRAND, k=2))

    kinds: dict[str, Callable[[], str]] = {
        "query: two characters of a name": brand,
        "query: name and trade": lambda: brand() + chance.choice(TRADES),
        "query: four initials": lambda: "".join(chance.choices("yhsxjlmtdc", k=4)),
        "query: end of a code": lambda: f"{chance.randrange(10**6):06d}",
        "query: common trade": lambda: chance.choice(TRADES),
    }
    found = {}
    for kind, word in kinds.items():
        taken = []
        for _ in range(chosen.requests + 5):
            asked, began = word(), time.perf_counter()
            newest_first(
                Enterprise.objects.search(asked).for_list(),
                QueryDict(""),
                unindexed=Enterprise.objects.search(asked, by_index=False).for_list(),
            )
            taken.append(1000 * (time.perf_counter() - began))
        cuts = statistics.quantiles(taken[5:], n=20, method="inclusive")
        found[kind] = {"p50": statistics.median(taken[5:]), "p95": cuts[18]}
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
