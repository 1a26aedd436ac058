"""Demands that go to a task force by themselves, where the zone agreed to it for the category."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.audit.actions import Automat, record
from lianqi.demands.actions.assisting import drop_assistances
from lianqi.demands.actions.handling import send
from lianqi.demands.actions.moving import locked, owe, takes_work, tell
from lianqi.demands.actions.tally import contribution, retally
from lianqi.demands.enums import DemandStatus, DutyOrigin, Step
from lianqi.demands.errors import NotATaskForceLine, RecallReasonMissing, RoutingAsItIs
from lianqi.demands.models import Demand, DutyRule
from lianqi.demands.queries import task_force_line
from lianqi.work.actions import finish_items
from lianqi.work.enums import Outcome
from lianqi.work.queries import local_date, people_on_the_desk


@transaction.atomic
def consent_to_routing(rule_id: int, *, by: User, at: dt.datetime) -> DutyRule:
    """Let new demands of the category go to the task force by themselves, from now on.

    Raises:
        NotATaskForceLine: The line is no task force's, or has ended.
        RoutingAsItIs: Somebody agreed before.
    """
    rule = _locked_line(rule_id, by=by, at=at)
    if rule.consented_by is not None:
        raise RoutingAsItIs(category=rule.category)
    rule.consented_by, rule.consented_at = by, at
    rule.save(update_fields=["consented_by", "consented_at"])
    _record("demands.routing_agreed", rule, by=by, at=at)
    return rule


@transaction.atomic
def end_routing(rule_id: int, *, by: User, at: dt.datetime) -> DutyRule:
    """Let the service centre send them again; the task force is still suggested first.

    Raises:
        NotATaskForceLine: The line is no task force's, or has ended.
        RoutingAsItIs: Nobody agreed, or somebody ended it before.
    """
    rule = _locked_line(rule_id, by=by, at=at)
    if rule.consented_by is None:
        raise RoutingAsItIs(category=rule.category)
    rule.consented_by = rule.consented_at = None
    rule.save(update_fields=["consented_by", "consented_at"])
    _record("demands.routing_ended", rule, by=by, at=at)
    return rule


def route(demand: Demand, *, at: dt.datetime) -> bool:
    """Send a demand that was just filed to the task force of its category; whether it went.

    On behalf of the filing. It stays with the service centre where the zone has not agreed for this
    category, and where the task force is just being closed.
    """
    rule = task_force_line(demand.category, on=local_date(at))
    if rule is None or rule.consented_at is None or rule.consented_at > at:
        return False
    if not takes_work(rule.unit):
        return False
    demand.is_routed = True
    send(demand, rule.unit, target=DemandStatus.DISPATCHED, by=None, at=at)
    record(
        "demand.routed",
        demand,
        by=Automat(),
        at=at,
        enterprise_id=demand.enterprise_id,
        unit=rule.unit_id,
        unit_name=rule.unit.name,
        category=rule.category.code,
        order=rule.reason,
    )
    return True


@transaction.atomic
def recall_demand(demand_id: int, *, reason: str, by: User, at: dt.datetime) -> Demand:
    """The service centre takes back what went to a task force by itself, before it is accepted.

    The clock of the dispatch begins now: until now nobody owed one. Units that were asked to assist
    the task force owe nothing more.

    Raises:
        MoveNotPossible: The task force accepted it meanwhile.
        RecallReasonMissing: The task force is told why.
    """
    demand, target = locked(demand_id, "recall", by=by)
    if not reason.strip():
        raise RecallReasonMissing
    before, unit = contribution(demand), demand.unit
    assert unit is not None  # a dispatched demand has one
    demand.status, demand.unit, demand.handler = target, None, None
    demand.dispatched_at, demand.is_routed = None, False
    drop_assistances(demand, reason.strip(), by=by, at=at)
    changed = ["status", "unit", "handler", "dispatched_at", "is_routed", "assisting"]
    demand.save(update_fields=changed)
    Demand.objects.riding_with(demand).update(unit=None)
    finish_items(demand, step=Step.ACCEPT, by=by, at=at, outcome=Outcome.CANCELLED)
    owe(demand, Step.DISPATCH, by=by, at=at, unit=None, desk=Role.DISPATCHER)
    retally(before, contribution(demand))
    tell(people_on_the_desk(unit), demand, "demand.recalled", at=at, reason=reason.strip())
    record(
        "demand.recalled",
        demand,
        by=by,
        at=at,
        enterprise_id=demand.enterprise_id,
        unit=unit.pk,
        unit_name=unit.name,
        reason=reason.strip(),
    )
    return demand


def _locked_line(rule_id: int, *, by: User, at: dt.datetime) -> DutyRule:
    if not by.has_perm("demands.manage_categories"):
        raise PermissionDenied
    rule = DutyRule.objects.select_for_update(of=("self",)).with_names().get(pk=rule_id)
    has_ended = rule.valid_to is not None and rule.valid_to < local_date(at)
    if rule.origin != DutyOrigin.TASK_FORCE or has_ended:
        raise NotATaskForceLine(unit=rule.unit)
    return rule


def _record(verb: str, rule: DutyRule, *, by: User, at: dt.datetime) -> None:
    record(
        verb,
        rule.category,
        by=by,
        at=at,
        rule=rule.pk,
        unit=rule.unit_id,
        unit_name=rule.unit.name,
    )
