"""Two workers at once, with real threads on PostgreSQL: nothing twice, nothing left."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import connection

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.notices.actions import TopicWish, bundle_due, choose_messages, notify
from lianqi.notices.enums import Topic
from lianqi.notices.models import Delivery
from lianqi.webhooks.actions import create_webhook, feed, send_hooks
from lianqi.webhooks.models import HookMessage
from tests.factories import AT, grant, make_user
from tests.notices.http_server import provider
from tests.web.zone import make_zone

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

KEY = "the secret key of an installation"
LATER = AT + dt.timedelta(minutes=1)


def both(work: Callable[[], int]) -> list[int]:
    """What two threads that begin at the same moment return."""
    done: list[int] = []
    together = threading.Barrier(2)

    def run() -> None:
        together.wait()
        done.append(work())
        connection.close()

    threads = [threading.Thread(target=run) for _thread in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


def test_every_event_is_told_once_and_sent_once() -> None:
    zone = make_zone()
    feed(at=AT)
    with provider() as there:
        create_webhook(
            name="市平台", url=there.url, events=["demand.filed"], internal=["127.0.0.1"],
            key=KEY, by=grant(make_user(), Role.PLATFORM_ADMIN), at=AT,
        )  # fmt: skip
        for _each in range(8):
            zone.demand(at=LATER)

        both(lambda: feed(at=LATER, limit=100))
        sent = both(lambda: send_hooks(at=LATER, limit=50, key=KEY, internal=["127.0.0.1"]))

        ids = [asked.headers["webhook-id"] for asked in there.asked]

    assert HookMessage.objects.count() == 8
    assert (sum(sent), len(ids), len(set(ids))) == (8, 8, 8)


def test_every_part_is_in_one_summary() -> None:
    people = [
        User.objects.create(username=f"p{n}", name=f"p{n}", email=f"p{n}@example.com")
        for n in range(5)
    ]
    for person in people:
        choose_messages(
            [TopicWish(Topic.DEMANDS, ("mail",), is_digest=True)],
            quiet_from=None, quiet_until=None, digest_at=dt.time(11), by=person, at=AT,
        )  # fmt: skip
    for key in "abc":
        names = {"number": "SQ1", "title": "路灯不亮"}
        notify(people, event="demand.filed", names=names, url="", at=AT, dedupe_key=key)

    made = both(lambda: bundle_due(at=AT + dt.timedelta(hours=1)))

    summaries = Delivery.objects.filter(notice__isnull=True)
    assert (sum(made), summaries.count()) == (5, 5)
    assert {each.parts.count() for each in summaries} == {3}
