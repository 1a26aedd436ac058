"""A worker is killed between handing a message over and noting it: nothing is lost or doubled."""

import datetime as dt
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from lianqi.accounts.models import User
from lianqi.notices.actions import TopicWish, choose_messages, notify, send_waiting
from lianqi.notices.channels import SignedSms
from lianqi.notices.enums import Topic
from lianqi.notices.models import Delivery
from tests.notices.http_server import Asked, Said, provider

NOW = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)
WORKER = """
import datetime as dt, sys
import django
django.setup()
from lianqi.notices.actions import send_waiting
from lianqi.notices.channels import SignedSms
send_waiting(
    at=dt.datetime.fromisoformat(sys.argv[1]), limit=10,
    gateways={"sms": SignedSms(url=sys.argv[2], secret="s")},
)
"""


def environment(folder: Path) -> dict[str, str]:
    """A process of its own on the database of the tests."""
    known = connection.settings_dict
    host = known["HOST"] or known["OPTIONS"].get("host", "")
    user = known["USER"] + (f":{known['PASSWORD']}" if known["PASSWORD"] else "")
    address = f"postgresql://{user}@:{known['PORT']}/{known['NAME']}?host={host}"
    if not host.startswith("/"):
        address = f"postgresql://{user}@{host}:{known['PORT']}/{known['NAME']}"
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LIANQI_", "DJANGO_"))}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "lianqi.config.settings",
        "LIANQI_DATABASE_URL": address,
        "LIANQI_DATA_DIR": str(folder),
        "LIANQI_SECRET_KEY": os.environ["LIANQI_SECRET_KEY"],
        "LIANQI_INSECURE_HTTP": "1",
    }


@pytest.mark.slow  # a process of its own
@pytest.mark.django_db(transaction=True)
def test_a_message_of_a_killed_worker_leaves_again_under_the_same_key(tmp_path: Path) -> None:
    anna = User.objects.create(username="anna", name="安娜", mobile="13800138000")
    wish = TopicWish(Topic.DEMANDS, ("sms",))
    hours = {"quiet_from": None, "quiet_until": None, "digest_at": dt.time(8)}
    choose_messages([wish], by=anna, at=NOW, **hours)  # type: ignore[arg-type]  # a table of hours
    for key in ("1", "2"):
        names = {"number": "SQ1", "title": "路灯不亮"}
        notify([anna], event="demand.filed", names=names, url="", at=NOW, dedupe_key=key)

    with provider() as gateway:
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER, NOW.isoformat(), gateway.url], env=environment(tmp_path)
        )

        def take_and_kill(_asked: Asked) -> Said:
            if len(gateway.asked) == 1:
                os.kill(worker.pid, signal.SIGKILL)
                worker.wait()
            return Said(body='{"reference": "r"}')

        gateway.answer = take_and_kill
        worker.wait(timeout=60)
        claimed = Delivery.objects.order_by("pk")[0]
        ways = {"sms": SignedSms(url=gateway.url, secret="s")}
        at_once = send_waiting(at=NOW, limit=10, gateways=ways)
        later = send_waiting(at=claimed.next_try_at, limit=10, gateways=ways)
        ids = [json.loads(each.body)["id"] for each in gateway.asked]

    assert (worker.returncode, claimed.state, claimed.attempts) == (-9, "waiting", 1)
    assert (at_once, later) == (1, 1)
    # What the gateway took before the worker died comes again under the id it knows.
    assert ids == [ids[0], ids[1], ids[0]]
    assert ids[0] != ids[1]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
