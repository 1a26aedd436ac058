"""Demands of callers whose enterprise is not in the register, until it is found."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from lianqi.accounts.enums import Role, Scope
from lianqi.audit.models import Event
from lianqi.demands.actions import (
    attach_enterprise,
    file_demand,
    record_export,
    record_view,
)
from lianqi.demands.enums import Channel, DemandStatus
from lianqi.demands.errors import EnterpriseKnown, EnterpriseMerged, EnterpriseNotNamed
from lianqi.demands.models import ContactGiven, Demand
from lianqi.demands.queries import Matter, figures, suggest
from lianqi.notices.models import Notice
from lianqi.register.enums import MembershipState
from lianqi.register.models import Membership
from lianqi.work.models import WorkItem
from tests.demands.scene import Scene
from tests.demands.test_at_once import at_once, refusals
from tests.factories import (
    AT,
    grant,
    make_category,
    make_dispatcher,
    make_enterprise,
    make_handler,
    make_user,
)

pytestmark = pytest.mark.django_db


def call(scene: Scene, **changes: object) -> Demand:
    given: dict[str, object] = {
        "enterprise": None,
        "firm_name": "云岭新来贸易有限公司",
        "category": scene.category,
        "title": "咨询落户手续",
        "text": "想在园区落户。",
        "channel": Channel.PHONE,
        "idempotency_key": "call",
        "contacts": [ContactGiven(phone="13800001234")],
        "by": scene.dispatcher,
        "at": AT,
    }
    return file_demand(**given | changes)  # type: ignore[arg-type]  # test data


def test_a_caller_not_in_the_register_is_taken_down_by_name(scene: Scene) -> None:
    demand = call(scene, firm_code=" ma00000x ")

    assert (demand.enterprise, demand.firm_name) == (None, "云岭新来贸易有限公司")
    assert (demand.firm_code, demand.from_whom) == ("MA00000X", "云岭新来贸易有限公司")
    assert Demand.objects.search("新来贸易").get() == demand
    assert WorkItem.objects.about(demand).open().get().enterprise_id is None
    assert Event.objects.get(verb="demand.filed").enterprise_id is None
    day = AT.date()
    assert figures(received_from=day, received_before=day.replace(day=31)).received == 1


def test_a_code_that_the_register_knows_is_its_entry(scene: Scene) -> None:
    demand = call(scene, firm_code=scene.enterprise.code.lower())

    assert (demand.enterprise, demand.firm_name, demand.firm_code) == (scene.enterprise, "", "")


@pytest.mark.parametrize("name", ["", "   "])
def test_somebody_must_be_named(scene: Scene, name: str) -> None:
    with pytest.raises(EnterpriseNotNamed):
        call(scene, firm_name=name)

    assert Demand.objects.count() == 0


def test_only_the_desk_and_officers_file_for_the_unregistered(scene: Scene) -> None:
    officer = grant(make_user(), Role.LIAISON_OFFICER, Scope.ENTERPRISE, scene.enterprise.pk)
    allowed = []
    for person in (scene.dispatcher, officer, scene.member, scene.handler, make_user()):
        try:
            call(scene, by=person)
        except PermissionDenied:
            continue
        allowed.append(person)

    assert allowed == [scene.dispatcher, officer]


def test_who_sees_the_demand_of_an_unregistered_caller(scene: Scene) -> None:
    officer = grant(make_user(), Role.LIAISON_OFFICER, Scope.ENTERPRISE, scene.enterprise.pk)
    other = grant(make_user(), Role.LIAISON_OFFICER, Scope.ENTERPRISE, scene.enterprise.pk)
    demand = scene.dispatch(call(scene, by=officer))
    people = {
        "officer": officer,
        "other officer": other,
        "member": scene.member,
        "dispatcher": scene.dispatcher,
        "handler": scene.handler,
    }

    listed = {
        name
        for name, person in people.items()
        if Demand.objects.visible_to(person).filter(pk=demand.pk).exists()
    }
    single = {name for name, person in people.items() if person.has_perm("demands.view", demand)}

    assert listed == single == {"officer", "dispatcher", "handler"}


def test_the_whole_way_without_an_enterprise(scene: Scene) -> None:
    demand = scene.answer(scene.accept(scene.dispatch(call(scene))))

    record_view(demand, by=scene.handler, at=AT)
    record_export(Demand.objects.all(), filters={}, by=scene.dispatcher, at=AT)

    assert demand.status == DemandStatus.ANSWERED
    assert Event.objects.get(verb="demand.viewed").enterprise_id is None
    assert Event.objects.get(verb="demands.exported").detail["rows"] == 1
    assert not Event.objects.filter(verb="demand.in_export").exists()
    assert set(Notice.objects.filter(event="demand.answered").values_list("person", flat=True)) == {
        scene.dispatcher.pk
    }


def test_a_category_without_lead_unit_has_no_suggestion_for_nobody() -> None:
    assert suggest(Matter(make_category(), None, AT.date())) == []


def test_the_enterprise_is_found_later(scene: Scene) -> None:
    demand = call(scene)
    Membership.objects.create(
        enterprise=scene.enterprise,
        user=scene.member,
        role=Role.ENTERPRISE_ADMIN,
        state=MembershipState.CONFIRMED,
        asked_at=AT,
    )

    attach_enterprise(demand.pk, enterprise=scene.enterprise, by=scene.dispatcher, at=AT)

    demand.refresh_from_db()
    assert (demand.enterprise, demand.firm_name) == (scene.enterprise, "云岭新来贸易有限公司")
    assert Demand.objects.visible_to(scene.member).get() == demand
    assert Notice.objects.filter(person=scene.member, event="demand.filed").count() == 1
    assert WorkItem.objects.about(demand).get().enterprise_id == scene.enterprise.pk
    event = Event.objects.get(verb="demand.enterprise_attached")
    assert event.enterprise_id == scene.enterprise.pk
    assert event.detail["told_name"] == "云岭新来贸易有限公司"


def test_finding_is_the_dispatchers_and_happens_once(scene: Scene) -> None:
    demand, merged = call(scene), make_enterprise(merged_into=scene.enterprise, merged_at=AT)
    handler = make_handler(scene.unit)
    with pytest.raises(PermissionDenied):
        attach_enterprise(demand.pk, enterprise=scene.enterprise, by=handler, at=AT)
    with pytest.raises(EnterpriseMerged):
        attach_enterprise(demand.pk, enterprise=merged, by=scene.dispatcher, at=AT)
    attach_enterprise(demand.pk, enterprise=scene.enterprise, by=scene.dispatcher, at=AT)

    with pytest.raises(EnterpriseKnown) as refused:
        attach_enterprise(demand.pk, enterprise=make_enterprise(), by=scene.dispatcher, at=AT)

    assert str(scene.enterprise) in str(refused.value)


@pytest.mark.django_db(transaction=True)
def test_two_find_it_at_once(scene: Scene) -> None:
    demand, other, colleague = call(scene), make_enterprise(), make_dispatcher()

    results = at_once(
        lambda: attach_enterprise(
            demand.pk, enterprise=scene.enterprise, by=scene.dispatcher, at=AT
        ),
        lambda: attach_enterprise(demand.pk, enterprise=other, by=colleague, at=AT),
    )

    assert refusals(results) == [EnterpriseKnown]
    assert Event.objects.filter(verb="demand.enterprise_attached").count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"firm_name": ""},
        {"filed_by": None},
        {"channel": Channel.TIP},
    ],
)
def test_the_database_refuses_a_demand_of_nobody(scene: Scene, changes: dict[str, object]) -> None:
    demand = call(scene)

    with pytest.raises(IntegrityError), transaction.atomic():
        Demand.objects.filter(pk=demand.pk).update(**changes)
