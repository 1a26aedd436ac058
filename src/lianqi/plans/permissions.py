"""Who may draw up, agree, carry out and follow service plans. Nothing outside this file decides."""

from typing import Any

from lianqi.accounts.enums import ENTERPRISE_ROLES, WORKING_ROLES, Role, Scope
from lianqi.accounts.models import Unit, User
from lianqi.accounts.permissions import holds
from lianqi.demands.models import EVERYTHING_READERS
from lianqi.engines.access import Rule, rule
from lianqi.plans.flow import BESIDE, BESIDE_MEASURE
from lianqi.plans.models import Measure, ServicePlan
from lianqi.register.permissions import looks_after_it


def _heads_one_of(user: User, unit_ids: list[int]) -> bool:
    headed = user.scope_ids(Scope.UNIT, Role.DEPARTMENT_HEAD)
    if not headed or not unit_ids:
        return False
    paths = Unit.objects.filter(pk__in=unit_ids).values_list("path", flat=True)
    return any(f"/{unit}/" in path for path in paths for unit in headed)


@rule
def works_for_the_zone(user: User, _: Any) -> bool:
    """In any role but the auditor's, who writes nothing."""
    return user.holds(*WORKING_ROLES)


@rule
def reads_for_the_zone(user: User, _: Any) -> bool:
    return user.is_zone_staff


@rule
def is_on_its_unit(user: User, plan: ServicePlan) -> bool:
    return plan.unit_id in user.scope_ids(Scope.UNIT, Role.HANDLER)


@rule
def heads_its_unit(user: User, plan: ServicePlan) -> bool:
    return _heads_one_of(user, [plan.unit_id])


@rule
def is_its_officer(user: User, plan: ServicePlan) -> bool:
    return plan.officer_id == user.pk and user.holds(*WORKING_ROLES)


@rule
def is_named_its_officer(user: User, plan: ServicePlan) -> bool:
    return plan.officer_id == user.pk and user.is_zone_staff


@rule
def works_for_a_unit_of_it(user: User, plan: ServicePlan) -> bool:
    """The responsible unit or the owner of a measure: on its desk, or its head."""
    mine = set(plan.units) & set(user.scope_ids(Scope.UNIT, Role.HANDLER))
    return bool(mine) or _heads_one_of(user, plan.units)


@rule
def looks_after_its_enterprise(user: User, plan: ServicePlan) -> bool:
    return looks_after_it(user, plan.enterprise)


@rule
def is_its_enterprise(user: User, plan: ServicePlan) -> bool:
    own = user.scope_ids(Scope.ENTERPRISE, *ENTERPRISE_ROLES)
    return plan.enterprise_id in own and plan.proposed_at is not None


@rule
def is_of_another_enterprise(user: User, plan: ServicePlan) -> bool:
    return plan.enterprise_id not in user.scope_ids(Scope.ENTERPRISE, *ENTERPRISE_ROLES)


@rule
def carries_it_out(user: User, measure: Measure) -> bool:
    """On the desk of the owner, or its head."""
    mine = measure.unit_id in user.scope_ids(Scope.UNIT, Role.HANDLER)
    return mine or _heads_one_of(user, [measure.unit_id])


@rule
def keeps_its_plan(user: User, measure: Measure) -> bool:
    return keeps_it(user, measure.plan)


@rule
def is_of_its_enterprise(user: User, measure: Measure) -> bool:
    return is_its_enterprise(user, measure.plan)


@rule
def sees_its_plan(user: User, measure: Measure) -> bool:
    return sees_it(user, measure.plan)


@rule
def was_put_to_the_enterprise(user: User, measure: Measure) -> bool:
    """What is being drawn up is no word to the enterprise yet."""
    plan = measure.plan
    return plan.is_put_forward or is_of_another_enterprise(user, plan)


def can_still(move: str) -> Rule[User, ServicePlan]:
    return Rule(f"can still {move}", lambda _, plan: move in plan.moves)


def stands(act: str) -> Rule[User, ServicePlan]:
    return Rule("stands as it must", lambda _, plan: plan.status in BESIDE[act])


def measure_stands(act: str) -> Rule[User, Measure]:
    plan_in, own_in = BESIDE_MEASURE[act]
    return Rule(
        "stands as it must",
        lambda _, measure: measure.plan.status in plan_in and measure.status in own_in,
    )


keeps_it = is_on_its_unit | heads_its_unit | is_its_officer
sees_it = (
    holds(*EVERYTHING_READERS)
    | is_named_its_officer
    | works_for_a_unit_of_it
    | looks_after_its_enterprise
    | is_its_enterprise
)

PERMISSIONS: dict[str, Rule[User, Any]] = {
    "plans.list": holds(
        *EVERYTHING_READERS,
        Role.HANDLER,
        Role.DEPARTMENT_HEAD,
        Role.LIAISON_OFFICER,
        Role.ENTERPRISE_ADMIN,
        Role.ENTERPRISE_STAFF,
    ),
    "plans.view": sees_it,
    "plans.view_notes": reads_for_the_zone & sees_it & is_of_another_enterprise,
    "plans.begin": holds(Role.LEADER, Role.DISPATCHER, Role.HANDLER, Role.DEPARTMENT_HEAD)
    | looks_after_it,
    "plans.write": keeps_it & stands("write"),
    "plans.entrust": (keeps_it | holds(Role.LEADER, Role.DISPATCHER)) & stands("entrust"),
    "plans.link": (keeps_it | holds(Role.DISPATCHER)) & stands("link"),
    "plans.note": works_for_the_zone & sees_it & is_of_another_enterprise & stands("note"),
    "plans.propose": keeps_it & can_still("propose"),
    "plans.take_back": keeps_it & can_still("take_back"),
    "plans.send_back": is_its_enterprise & can_still("send_back"),
    "plans.agree": is_its_enterprise & can_still("agree"),
    "plans.record_agreement": keeps_it & can_still("record_agreement"),
    "plans.start": keeps_it & can_still("start"),
    "plans.review": keeps_it & can_still("review"),
    "plans.complete": keeps_it & can_still("complete"),
    "plans.end": (keeps_it | holds(Role.LEADER)) & can_still("end"),
    "plans.add_measure": keeps_it & stands("add_measure"),
    "plans.view_measure": sees_its_plan & was_put_to_the_enterprise,
    "plans.change_measure": keeps_its_plan & measure_stands("change_measure"),
    "plans.drop_measure": keeps_its_plan & measure_stands("drop_measure"),
    "plans.postpone_measure": keeps_its_plan & measure_stands("postpone_measure"),
    "plans.progress_measure": (keeps_its_plan | carries_it_out)
    & measure_stands("progress_measure"),
    "plans.settle_measure": (keeps_its_plan | carries_it_out) & measure_stands("settle_measure"),
    "plans.restate_measure": (keeps_its_plan | carries_it_out) & measure_stands("restate_measure"),
    "plans.resume_measure": keeps_its_plan & measure_stands("resume_measure"),
    "plans.judge_measure": is_of_its_enterprise & measure_stands("judge_measure"),
}
