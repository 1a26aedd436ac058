"""How long the nightly statistics take: `.venv/bin/python bench/nightly.py --sizes 10000,100000`.

Uses the databases of `bench/run.py` and loads those that are missing. One line per size.
"""

import argparse
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from bench import place, run  # noqa: E402  # the path comes first


def measure() -> None:
    """Compile once, in the database of the environment."""
    import django

    django.setup()
    from django.utils import timezone

    from lianqi.demands.actions import compile_statistics

    began = time.perf_counter()
    rows = compile_statistics(at=timezone.now())
    print(f"{time.perf_counter() - began:.1f} s, {rows:,} rows")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="10000,100000")
    server = place.server_url()
    try:
        for size in map(int, parser.parse_args().sizes.split(",")):
            url = run.loaded(server, f"lianqi_bench_{size}", "--demands", str(size), fresh=False)
            print(f"{size:,} demands: {run.step('bench.nightly', url, '--measure')}", flush=True)
    finally:
        place.stop_server()


if __name__ == "__main__":
    measure() if "--measure" in sys.argv else main()
