"""Mails, tips and callers without an account, by the API."""

import datetime as dt

from lianqi.accounts.enums import Role
from lianqi.demands.actions import dispatch_demand, file_tip
from lianqi.demands.enums import Channel, MailState
from lianqi.demands.models import Demand, IncomingMail
from tests.api.conftest import Call
from tests.demands.scene import Scene
from tests.demands.test_appeals_by_phone import refused
from tests.demands.test_phone import answered
from tests.factories import AT, grant, make_user


def mail(number: int = 1) -> IncomingMail:
    return IncomingMail.objects.create(
        message_id=f"<{number}@x>", sender="a@example.com", subject="停电", text="本周两次。",
        received_at=AT, state=MailState.WAITING,
    )  # fmt: skip


def test_a_mail_is_assigned_once(scene: Scene, call: Call) -> None:
    waiting, other = mail(), mail(2)
    body = {"enterprise_id": scene.enterprise.pk, "category": scene.category.code}

    _ok, page = call("GET", "/mails", by=scene.dispatcher)
    status, made = call("POST", f"/mails/{waiting.pk}/assign", body, by=scene.dispatcher)
    again, problem = call("POST", f"/mails/{waiting.pk}/assign", body, by=scene.dispatcher)
    _fine, aside = call("POST", f"/mails/{other.pk}/aside", {"reason": "广告"}, by=scene.dispatcher)
    refused, _no = call("GET", "/mails", by=scene.handler)

    assert [each["id"] for each in page["mails"]] == [other.pk, waiting.pk]
    assert (status, made["channel"]) == (201, Channel.MAIL)
    assert (again, problem["code"]) == (409, "demand_mail_decided")
    assert aside["state"] == "ignored"
    assert refused == 403


def test_who_handles_a_tip_writes_to_the_tipster(scene: Scene, call: Call) -> None:
    scene.category.allows_anonymous = True
    scene.category.save()
    tip = file_tip(
        category=scene.category, title="异味", text="夜间。", secret="ABCD-EFGH-JKLM-NPQR",
        idempotency_key="tip-1", at=AT,
    )  # fmt: skip
    dispatch_demand(tip.pk, unit=scene.unit, by=scene.dispatcher, at=AT)
    path = f"/demands/{tip.pk}/tip-messages"

    status, said = call("POST", path, {"text": "请问位置？"}, by=scene.handler)
    _ok, listed = call("GET", path, by=scene.handler)
    unseen, _no = call("GET", path, by=scene.member)
    no_tip, _nothing = call("GET", f"/demands/{scene.file().pk}/tip-messages", by=scene.dispatcher)

    assert (status, said["is_from_the_tipster"]) == (201, False)
    assert listed == [said]
    assert (unseen, no_tip) == (404, 404)


def test_the_word_of_a_caller_closes(scene: Scene, call: Call) -> None:
    demand, person = answered(scene), grant(make_user(), Role.OPERATOR)
    body = {"spoke_with": "李晓梅", "solved": "yes", "rating": "4"}

    status, closed = call("POST", f"/demands/{demand.pk}/confirm-by-phone", body, by=person)

    assert (status, closed["closure"], closed["rating"]) == (200, "by_phone", "")


def test_a_caller_who_is_not_content_sends_it_back(scene: Scene, call: Call) -> None:
    demand = answered(scene)
    body = {"spoke_with": "李晓梅", "note": "仍无回音"}

    call("POST", f"/demands/{demand.pk}/dispute-by-phone", body, by=scene.dispatcher)

    assert Demand.objects.get().status == "in_progress"


def test_an_appeal_heard_by_telephone(scene: Scene, call: Call) -> None:
    demand, person = refused(scene), grant(make_user(), Role.OPERATOR)
    demand.unsolvables.update(appeal_until=dt.date(2099, 1, 1))
    path, body = (
        f"/demands/{demand.pk}/appeal-by-phone",
        {"spoke_with": "李晓梅", "text": "请复核。"},
    )

    forbidden, _no = call("POST", path, body, by=scene.handler)
    status, raised = call("POST", path, body, by=person)
    again, problem = call("POST", path, body, by=person)

    assert forbidden == 403
    assert (status, raised["text"]) == (201, "李晓梅：请复核。")
    assert (again, problem["code"]) == (409, "demand_move_not_possible")
