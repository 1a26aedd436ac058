"""Migrates an empty database and loads it: `python -m bench.load --demands 100000`.

Takes LIANQI_DATABASE_URL; refuses a database with people in it.
"""

import argparse
import sys
import time

import django
from django.utils import timezone

DAYS = 730


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--enterprises", type=int, default=20_000)
    parser.add_argument("--demands", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    django.setup()
    from django.core.management import call_command

    from bench.generate import analyse, load_demands, load_enterprises
    from bench.stories import natural_stories
    from bench.zone import make_zone
    from lianqi.accounts.models import User
    from lianqi.demands.actions import train_classifiers

    call_command("migrate", verbosity=0)
    if User.objects.exists():
        sys.exit("There are people in this database already; name an empty one.")
    began, now = time.monotonic(), timezone.now()
    zone = make_zone(now)
    firms = load_enterprises(chosen.enterprises, at=now, seed=chosen.seed)
    print(f"{chosen.enterprises:,} enterprises after {time.monotonic() - began:.0f} s", flush=True)
    stories = natural_stories(chosen.demands, days=DAYS, now=now, seed=chosen.seed)
    load_demands(zone, firms, stories, seed=chosen.seed)
    print(f"{chosen.demands:,} demands after {time.monotonic() - began:.0f} s", flush=True)
    analyse()
    train_classifiers(by=None, at=now)
    print(f"Ready after {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
