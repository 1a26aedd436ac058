"""Seconds that compiling the statistics of all demands takes: `python -m bench.nightly`.

Takes LIANQI_DATABASE_URL of a database that `bench.load` filled, and prints a JSON object.
"""

import json
import time

import django


def main() -> None:
    django.setup()
    from django.utils import timezone

    from lianqi.demands.actions import compile_statistics

    began = time.perf_counter()
    rows = compile_statistics(at=timezone.now())
    print(json.dumps({"rows": rows, "seconds": round(time.perf_counter() - began, 2)}))


if __name__ == "__main__":
    main()
