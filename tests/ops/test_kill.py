"""The web server is killed while eight clients file demands: nothing acknowledged is lost or doubled."""

import http.client
import json
import os
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client

from bench.server import free_port, kill_group, start_server
from lianqi.accounts.actions import issue_token
from lianqi.accounts.enums import Role
from lianqi.audit.queries import verify_chain
from lianqi.demands.models import Demand, DemandTally
from lianqi.work.models import WorkItem
from tests.factories import (
    AT,
    grant,
    make_category,
    make_clocks,
    make_enterprise,
    make_member,
    make_user,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

CLIENTS, EACH = 8, 12
PATIENCE = 30.0


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The settings of production on the database of the tests."""
    known = connection.settings_dict
    host = known["HOST"] or known["OPTIONS"].get("host", "")
    address = f"postgresql://{known['USER']}@:{known['PORT']}/{known['NAME']}?host={host}"
    if not host.startswith("/"):
        user = f"{known['USER']}:{known['PASSWORD']}"
        address = f"postgresql://{user}@{host}:{known['PORT']}/{known['NAME']}"
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LIANQI_", "DJANGO_"))}
    return kept | {
        "LIANQI_DATABASE_URL": address,
        "LIANQI_DATA_DIR": str(tmp_path),
        "LIANQI_SECRET_KEY": os.environ["LIANQI_SECRET_KEY"],
        "LIANQI_INSECURE_HTTP": "1",
        "LIANQI_COLLECTED_STATIC": "0",
        "LIANQI_PORT": str(free_port()),
    }


@dataclass
class Filer:
    """A client that repeats a filing under the same key until it is acknowledged."""

    port: int
    enterprise: int
    token: str
    session: str = ""
    acknowledged: dict[str, str] = field(default_factory=dict)
    retries: int = 0
    wrong: list[str] = field(default_factory=list)

    def file_all(self, keys: list[str]) -> None:
        for key in keys:
            deadline = time.monotonic() + PATIENCE
            while key not in self.acknowledged and time.monotonic() < deadline:
                try:
                    self.acknowledged[key] = self.file(key)
                except (OSError, http.client.HTTPException):
                    self.retries += 1
                    time.sleep(0.1)

    def file(self, key: str) -> str:
        body = {"enterprise_id": self.enterprise, "category": "utilities", "title": key,
                "text": "本周已停电三次。"}  # fmt: skip
        headers = {
            "Authorization": f"Bearer {self.token}", "Idempotency-Key": key,
            "Content-Type": "application/json",
        }  # fmt: skip
        status, said, _ = self.ask("POST", "/api/v1/demands", json.dumps(body), headers)
        if status != 201:
            self.wrong.append(f"{status} {said[:200]}")
            raise OSError(status)
        return str(json.loads(said)["id"])

    def ask(
        self, method: str, path: str, body: str, headers: dict[str, str]
    ) -> tuple[int, str, Any]:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            link.request(method, path, body.encode(), headers)
            answer = link.getresponse()
            return answer.status, answer.read().decode(), answer.headers
        finally:
            link.close()


class FormFiler(Filer):
    """The same through the page: its hidden key is kept and the form sent again."""

    def file(self, key: str) -> str:
        cookie = {"Cookie": f"sessionid={self.session}"}
        _, page, headers = self.ask("GET", "/demands/new/", "", cookie)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        sent = re.search(r"csrftoken=([^;]+)", headers.get("Set-Cookie", ""))
        category = re.search(r'<option value="(\d+)"[^>]*>水电气保障', page)
        if not (token and sent and category):
            self.wrong.append(page[:200])
            raise OSError("no form")
        fields = {
            "csrfmiddlewaretoken": token[1], "enterprise": self.enterprise, "channel": "portal",
            "category": category[1], "title": key, "text": of_its_own(key),
            "contact0-name": "林晓", "contact0-phone": "13800000000", "idempotency_key": key,
        }  # fmt: skip
        status, said, headers = self.ask(
            "POST", "/demands/new/", urlencode(fields),
            cookie | {
                "Cookie": f"sessionid={self.session}; csrftoken={sent[1]}",
                "Content-Type": "application/x-www-form-urlencoded",
            },
        )  # fmt: skip
        if status != 303:
            self.wrong.append(f"{status} {said[-2000:]}")
            raise OSError(status)
        return headers["Location"].strip("/").split("/")[-1]


@pytest.fixture
def filers(environment: dict[str, str]) -> Iterator[list[Filer]]:
    """Seven programs and one browser, each of another enterprise."""
    make_clocks()
    make_category()
    administrator = grant(make_user(), Role.PLATFORM_ADMIN)
    port, found = int(environment["LIANQI_PORT"]), []
    for number in range(CLIENTS):
        enterprise = make_enterprise()
        member = make_member(enterprise)
        token = issue_token(member, label="test", by=administrator, at=AT)
        browser = Client()
        browser.force_login(member)
        kind = FormFiler if number == 0 else Filer
        found.append(kind(port, enterprise.pk, token, browser.cookies["sessionid"].value))
    yield found
    connection.close()


def test_every_acknowledged_demand_is_there_exactly_once(
    environment: dict[str, str], filers: list[Filer], tmp_path: Path
) -> None:
    log = tmp_path / "web.log"
    server = start_server(environment, log=log)
    keys = {n: [f"client-{n}-demand-{turn}" for turn in range(EACH)] for n in range(CLIENTS)}
    threads = [
        threading.Thread(target=filer.file_all, args=[keys[n]]) for n, filer in enumerate(filers)
    ]
    try:
        for thread in threads:
            thread.start()
        wait_for(filers, CLIENTS * EACH // 4)
        kill_group(server)
        before = sum(len(filer.acknowledged) for filer in filers)
        server = start_server(environment, log=log)
        wait_for(filers, CLIENTS * EACH // 2)
        kill_group(server)
        server = start_server(environment, log=log)
        for thread in threads:
            thread.join(timeout=PATIENCE)
    finally:
        kill_group(server)

    assert [filer.wrong for filer in filers] == [[]] * CLIENTS
    assert 0 < before < CLIENTS * EACH
    assert sum(filer.retries for filer in filers) >= 2
    for number, filer in enumerate(filers):
        assert sorted(filer.acknowledged) == sorted(keys[number])
    stored = Counter(Demand.objects.values_list("title", flat=True))
    assert stored == Counter(key for each in keys.values() for key in each)
    by_key = {d.idempotency_key: str(d.pk) for d in Demand.objects.all()}
    assert by_key == {k: pk for filer in filers for k, pk in filer.acknowledged.items()}
    assert WorkItem.objects.count() == CLIENTS * EACH
    assert sum(row.received for row in DemandTally.objects.all()) == CLIENTS * EACH
    assert verify_chain().broken is None


def of_its_own(key: str) -> str:
    """A text like no other: the page stops once where a demand is nearly equal to an earlier one."""
    return "".join(chr(0x4E00 + 16 * byte) for byte in sha256(key.encode()).digest() * 2)


def wait_for(filers: list[Filer], count: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while sum(len(filer.acknowledged) for filer in filers) < count:
        assert time.monotonic() < deadline, [filer.wrong[:1] for filer in filers]
        time.sleep(0.01)
