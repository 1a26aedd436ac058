"""Seconds that dispatching 500 demands at once takes: `python -m bench.bulk_dispatch`.

Takes LIANQI_DATABASE_URL of a database that `bench.load` filled. Files the demands first, sends them
to what is suggested for each, and prints a JSON object.
"""

import json
import time
from uuid import uuid4

import django

COUNT = 500


def main() -> None:
    django.setup()
    from django.utils import timezone

    from lianqi.accounts.models import User
    from lianqi.demands.actions import dispatch_many, file_demand
    from lianqi.demands.enums import Channel
    from lianqi.demands.models import DemandCategory
    from lianqi.register.models import Enterprise

    dispatcher = User.people.get(username="dispatcher")
    firms = list(Enterprise.objects.select_related("industry").order_by("pk")[:50])
    categories = list(DemandCategory.objects.in_use())
    ids = [
        file_demand(
            enterprise=firms[number % len(firms)],
            category=categories[number % len(categories)],
            title=f"园区{number}号路灯损坏",
            text="夜间无照明，员工上下班不安全，请尽快修复。",
            channel=Channel.PHONE,
            idempotency_key=str(uuid4()),
            by=dispatcher,
            at=timezone.now(),
        ).pk
        for number in range(COUNT)
    ]
    begun = time.perf_counter()
    report = dispatch_many(ids, unit=None, by=dispatcher, at=timezone.now())
    seconds = time.perf_counter() - begun
    result = {
        "demands": COUNT,
        "dispatched": report.dispatched,
        "refused": report.refused,
        "seconds": round(seconds, 3),
    }
    print(json.dumps(result))  # the result of the measurement


if __name__ == "__main__":
    main()
