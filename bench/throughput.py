"""Demands per second through file → dispatch → accept → answer over HTTP: `python -m bench.throughput`.

Takes LIANQI_DATABASE_URL of a database that `bench.load` filled. Each of eight clients files a demand
through the API as an enterprise, dispatches it as the dispatcher, accepts and answers it as the
handler, and begins anew. Prints a JSON object.
"""

import argparse
import http.client
import json
import os
import statistics
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import django

from bench.server import running_server

CLIENTS = 8


@dataclass(frozen=True, slots=True)
class Hands:
    """The tokens of the three people, and whom the demand concerns."""

    firm: str
    dispatcher: str
    handler: str
    enterprise: int
    category: str
    unit: int


def make_hands(count: int) -> list[Hands]:
    """One firm with its person per client; tokens as the administrator issues them."""
    from django.utils import timezone

    from lianqi.accounts.actions import issue_token
    from lianqi.accounts.enums import Role, Scope
    from lianqi.accounts.models import RoleAssignment, Unit, User
    from lianqi.demands.models import DemandCategory
    from lianqi.register.models import Enterprise

    administrator, units = User.people.get(username="administrator"), Unit.objects.for_choice()
    categories = list(DemandCategory.objects.in_use())

    def token(person: User) -> str:
        return issue_token(person, label="bench", by=administrator, at=timezone.now())

    hands = []
    for n, firm in enumerate(Enterprise.objects.order_by("pk")[:count]):
        filer, unit = User.people.get(username=f"filer-{n}"), units[n]
        RoleAssignment.objects.get_or_create(
            user=filer, role=Role.ENTERPRISE_ADMIN, scope=Scope.ENTERPRISE, scope_id=firm.pk
        )
        handler = User.people.get(username=f"handler-{unit.pk}-0")
        hands.append(Hands(
            token(filer), token(User.people.get(username="dispatcher")), token(handler), firm.pk,
            categories[n % len(categories)].code, unit.pk,
        ))  # fmt: skip
    return hands


class ApiClient:
    """Posts JSON over one kept connection and notes how long each answer took."""

    def __init__(self, server: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=60)
        self.taken: list[float] = []

    def post(self, path: str, token: str, body: dict[str, Any], **headers: str) -> dict[str, Any]:
        began = time.perf_counter()
        self.connection.request(
            "POST",
            f"/api/v1/demands{path}",
            json.dumps(body).encode(),
            {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **headers},
        )
        answer = self.connection.getresponse()
        said = answer.read()
        self.taken.append(1000 * (time.perf_counter() - began))
        if answer.status not in {200, 201}:
            raise RuntimeError(f"{path} answered {answer.status}: {said.decode()[:200]}")
        return dict(json.loads(said))


def walk(client: ApiClient, hands: Hands) -> None:
    """One demand from the filing to the answer."""
    filed = client.post(
        "", hands.firm,
        {"enterprise_id": hands.enterprise, "category": hands.category, "title": "电力增容申请",
         "text": "新产线投产，需要增容。"},
        **{"Idempotency-Key": uuid4().hex},
    )  # fmt: skip
    path = f"/{filed['id']}"
    client.post(f"{path}/dispatch", hands.dispatcher, {"unit_id": hands.unit})
    client.post(f"{path}/accept", hands.handler, {})
    client.post(f"{path}/answer", hands.handler, {"answer": "已受理并完成增容。"})


def drive(server: str, everybody: list[Hands], seconds: float) -> dict[str, float]:
    """All clients at once for so long; whole demands per second and milliseconds per step."""
    clients = [ApiClient(server) for _ in everybody]
    done = [0] * len(everybody)
    deadline = time.perf_counter() + seconds

    def work(number: int) -> None:
        while time.perf_counter() < deadline:
            walk(clients[number], everybody[number])
            done[number] += 1

    began = time.perf_counter()
    threads = [threading.Thread(target=work, args=[n]) for n in range(len(everybody))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - began
    taken = [each for client in clients for each in client.taken]
    return {
        "demands": sum(done),
        "demands_per_second": sum(done) / elapsed,
        "steps_per_second": len(taken) / elapsed,
        "p50": statistics.median(taken),
        "p95": statistics.quantiles(taken, n=20, method="inclusive")[18],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15)
    chosen = parser.parse_args()
    django.setup()
    everybody = make_hands(CLIENTS)
    log = Path(os.environ["LIANQI_DATA_DIR"]) / "web.log"
    with running_server(os.environ, log=log) as server:
        drive(server, everybody, 2)
        print(json.dumps(drive(server, everybody, chosen.seconds)))


if __name__ == "__main__":
    main()
