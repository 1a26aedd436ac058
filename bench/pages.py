"""p50 and p95 of the pages over HTTP: `python -m bench.pages --requests 60`.

Takes LIANQI_DATABASE_URL of a database that `bench.load` filled. One client asks one page after the
other with the session cookie of a person who holds the role; the body is read to its end. Every
request differs from the one before: another demand, another filter, another word, another person.
Prints a JSON object of milliseconds per page.
"""

import argparse
import http.client
import json
import os
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import django

from bench.server import running_server

WARM_UP = 6
Address = Callable[[random.Random], tuple[str, str]]


def session_cookie(user: Any) -> str:
    from django.test import Client

    client = Client()
    client.force_login(user)
    return f"sessionid={client.cookies['sessionid'].value}"


def addresses(now_year: int) -> dict[str, Address]:
    """For each page, what makes the next request: cookie and path."""
    from bench.generate import BRAND, MATTERS, ROADS, TRADES
    from lianqi.accounts.models import Unit, User
    from lianqi.demands.enums import DemandStatus
    from lianqi.demands.models import Demand, DemandCategory

    cookies = {
        name: session_cookie(User.people.get(username=name)) for name in ("dispatcher", "leader")
    }
    units = list(Unit.objects.for_choice())
    handlers = [
        session_cookie(User.people.get(username=f"handler-{unit.pk}-0")) for unit in units[:12]
    ]
    last = Demand.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    count = Demand.objects.count()
    categories = list(DemandCategory.objects.values_list("pk", flat=True))
    waiting = list(
        Demand.objects.filter(status=DemandStatus.SUBMITTED)
        .order_by("-pk")
        .values_list("pk", flat=True)[:200]
    )
    matters = [each for group in MATTERS.values() for each in group]

    def words(chance: random.Random) -> str:
        return chance.choice((chance.choice(matters), chance.choice(ROADS), "补贴", "rcgy"))

    def name(chance: random.Random) -> str:
        brand = "".join(chance.choices(BRAND, k=2))
        return chance.choice((brand, brand + chance.choice(TRADES), brand, "ylhn"))

    def desk(path: str, **query: object) -> tuple[str, str]:
        return cookies["dispatcher"], f"{path}?{urlencode(query)}"

    return {
        "inbox (handler)": lambda c: (c.choice(handlers), "/inbox/"),
        "inbox (dispatcher)": lambda _: desk("/inbox/"),
        "list, no filter": lambda _: desk("/demands/"),
        "list, unit and status": lambda c: desk(
            "/demands/", unit=c.choice(units).pk, status=c.choice(("closed", "in_progress"))
        ),
        "list, category and channel": lambda c: desk(
            "/demands/", category=c.choice(categories), channel=c.choice(("portal", "visit"))
        ),
        "list, urgency": lambda c: desk("/demands/", urgency=c.choice(("urgent", "critical"))),
        "list, month and status": lambda c: desk(
            "/demands/", filed_from=f"{now_year}-{c.randint(1, 3):02d}-01",
            filed_until=f"{now_year}-{c.randint(3, 6):02d}-28", status="closed",
        ),
        "demand search": lambda c: desk("/demands/", q=words(c)),
        "demand search by firm": lambda c: desk("/demands/", firm=name(c)),
        "demand detail": lambda c: (
            cookies["dispatcher"], f"/demands/{last - c.randrange(count)}/"
        ),
        "demand waiting for dispatch": lambda c: (
            cookies["dispatcher"], f"/demands/{c.choice(waiting)}/"
        ),
        "wallboard": lambda _: (cookies["leader"], "/wallboard/"),
        "classes of cases": lambda _: desk("/demands/classes/"),
        "enterprise search": lambda c: desk("/register/", q=name(c)),
        "enterprise search, common word": lambda c: desk("/register/", q=c.choice(TRADES)),
        "leader page": lambda c: (
            cookies["leader"], "/leader/?period=" + c.choice(("year", "last_year"))
        ),
        "public figures": lambda _: ("", f"/figures/?year={now_year}"),
    }  # fmt: skip


def measure(server: str, address: Address, requests: int, seed: int) -> list[float]:
    """Milliseconds of each request after the warm-up.

    Raises:
        RuntimeError: A page did not answer 200.
    """
    chance, taken = random.Random(seed), []
    connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=60)
    for number in range(WARM_UP + requests):
        cookie, path = address(chance)
        began = time.perf_counter()
        connection.request("GET", quote(path, safe="/?&=%"), headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        seconds = time.perf_counter() - began
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        if number >= WARM_UP:
            taken.append(1000 * seconds)
    connection.close()
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=60)
    parser.add_argument("--only", default="", help="pages whose name contains this")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    django.setup()
    from django.utils import timezone

    pages, found = addresses(timezone.localdate().year), {}
    log = Path(os.environ["LIANQI_DATA_DIR"]) / "web.log"
    with running_server(os.environ, log=log) as server:
        for page, address in pages.items():
            if chosen.only in page:
                taken = measure(server, address, chosen.requests, chosen.seed)
                cuts = statistics.quantiles(taken, n=20, method="inclusive")
                found[page] = {"p50": statistics.median(taken), "p95": cuts[18]}
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
