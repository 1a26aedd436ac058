"""Calls: answered at once or turned into demands, counted together; who is calling."""

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.accounts.enums import Role
from lianqi.accounts.models import Unit, User
from lianqi.audit.models import Event
from lianqi.demands.actions import answer_at_once, reopen_demand
from lianqi.demands.enums import Channel, Closure, DemandStatus
from lianqi.demands.errors import AnswerMissing, NoUnitToAnswer
from lianqi.demands.models import ContactGiven, Demand
from lianqi.demands.queries import call_counts, caller_of, figures
from lianqi.register.models import Contact
from lianqi.work.models import WorkItem
from tests.demands.scene import Scene
from tests.factories import AT, grant, make_enterprise, make_unit, make_user

pytestmark = pytest.mark.django_db
PHONE = "13800138000"


@pytest.fixture
def operator(scene: Scene) -> User:
    return grant(make_user(name="苏晴", unit=make_unit("企业服务中心")), Role.OPERATOR)


def answered(scene: Scene, by: User, **changes: object) -> Demand:
    given: dict[str, object] = {
        "enterprise": scene.enterprise,
        "category": scene.category,
        "title": "咨询人才补贴申报时间",
        "text": "",
        "answer": " 每年三月和九月受理。 ",
        "contacts": [ContactGiven(phone=PHONE)],
        "idempotency_key": "call",
        "by": by,
        "at": AT,
    }
    return answer_at_once(**given | changes)  # type: ignore[arg-type]  # test data


def test_an_answered_call_is_received_and_closed_in_the_same_figures(
    scene: Scene, operator: User
) -> None:
    demand = answered(scene, operator)
    scene.file()

    assert (demand.status, demand.closure) == (DemandStatus.CLOSED, Closure.AT_ONCE)
    assert (demand.unit, demand.answer) == (operator.unit, "每年三月和九月受理。")
    assert (demand.answered_at, demand.closed_at) == (AT, AT)
    assert not WorkItem.objects.about(demand).exists()
    month = figures(received_from=AT.date(), received_before=AT.date().replace(day=31))
    assert (month.received, month.closed, month.rated) == (2, 1, 0)
    verbs = Event.objects.about("demands.demand", demand.pk).values_list("verb", flat=True)
    assert list(verbs) == ["demand.filed", "demand.answered_at_once"]


def test_the_same_call_twice_is_noted_once(scene: Scene, operator: User) -> None:
    assert answered(scene, operator) == answered(scene, operator)
    assert Event.objects.filter(verb="demand.answered_at_once").count() == 1


def test_without_an_answer_it_is_no_answered_call(scene: Scene, operator: User) -> None:
    with pytest.raises(AnswerMissing):
        answered(scene, operator, answer="  ")

    assert Demand.objects.count() == 0


def test_somebody_must_answer_for_it(scene: Scene) -> None:
    nowhere = grant(make_user(), Role.OPERATOR)
    Unit.objects.update(is_active=False)

    with pytest.raises(NoUnitToAnswer):
        answered(scene, nowhere)


def test_calls_are_for_operators_and_dispatchers(scene: Scene, operator: User) -> None:
    answered(scene, scene.dispatcher, idempotency_key="another")
    for person in (scene.member, scene.handler, make_user()):
        with pytest.raises(PermissionDenied):
            answered(scene, person)
    assert not operator.has_perm("demands.dispatch", scene.file())


def test_an_answered_call_can_be_reopened(scene: Scene, operator: User) -> None:
    demand = answered(scene, operator)

    reopen_demand(demand.pk, note="未说清楚", window_days=15, by=scene.member, at=AT)

    demand.refresh_from_db()
    assert demand.status == DemandStatus.IN_PROGRESS
    assert WorkItem.objects.about(demand).open().get().unit == operator.unit


def test_the_number_tells_enterprise_person_and_earlier_calls(scene: Scene, operator: User) -> None:
    other = make_enterprise()
    Contact.objects.create(enterprise=other, name="陈静", mobile=PHONE)
    earlier = answered(scene, operator)

    caller = caller_of("+86 138-0013 8000", user=operator)

    assert caller.firms == [other, scene.enterprise]
    assert (caller.name, caller.calls) == ("陈静", [earlier])
    assert caller_of("138001", user=operator).firms == []
    assert caller_of(PHONE, user=make_user()).calls == []


def test_calls_are_counted_by_day_and_operator(scene: Scene, operator: User) -> None:
    answered(scene, operator)
    answered(scene, operator, idempotency_key="second")
    filed = scene.file(by=operator)
    Demand.objects.filter(pk=filed.pk).update(channel=Channel.PHONE)
    scene.file()

    rows = call_counts(AT.date(), AT.date())

    assert [
        (row.operator, row.calls, row.answered_at_once, row.became_demands) for row in rows
    ] == [("苏晴", 3, 2, 1)]
