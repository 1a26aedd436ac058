"""People of the demo zone who want to be told otherwise than usual."""

import pytest

from lianqi.notices.actions import notify, send_waiting
from lianqi.notices.channels import MailGateway, SimulatedGateway, mobile_of
from lianqi.notices.models import Delivery
from lianqi.ops.demo.messages import choose_channels
from lianqi.ops.demo.people import create_people
from tests.factories import AT


@pytest.mark.django_db
def test_the_outbox_shows_what_left_and_what_could_not() -> None:
    people = create_people(at=AT)
    choose_channels(people, at=AT)
    names = {"label": "SQ1", "who": "经济发展局", "due_at": "2026-03-04 17:30"}
    told = [people.heads["economy"], people.heads["safety"], people.leader]

    # Read anew: what was chosen is stored, the people made before know nothing of it.
    fresh = [type(each).objects.get(pk=each.pk) for each in told]
    notify(fresh, event="work.overdue", names=names, url="/x/", at=AT, dedupe_key="k")
    ways = {
        "mail": MailGateway(is_simulated=True),
        "sms": SimulatedGateway(mobile_of),
        "wecom": SimulatedGateway(),
    }
    send_waiting(at=AT, limit=10, gateways=ways)

    left = Delivery.objects.order_by("person", "channel")
    assert sorted(
        (each.person.username, each.channel, each.state) for each in left if each.person
    ) == [
        ("economy_head", "mail", "sent"),
        ("economy_head", "wecom", "sent"),
        ("leader", "sms", "sent"),
        ("safety_head", "sms", "failed"),
    ]
    assert all(each.is_simulated for each in left if each.state == "sent")
