"""Who may do what to a demand. Nothing outside this file decides it."""

from typing import Any

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import RoleAssignment, Unit, User
from lianqi.accounts.permissions import holds
from lianqi.demands.enums import ClassStatus, Decider, DemandStatus, Step
from lianqi.demands.flow import ALIVE, CLASS_FLOW, OPEN
from lianqi.demands.models import (
    EVERYTHING_READERS,
    FIGURE_READERS,
    Assistance,
    Callback,
    CaseClass,
    Demand,
    ExtensionRequest,
    Representation,
    TransferRequest,
    Unsolvable,
)
from lianqi.engines.access import Rule, rule
from lianqi.register.models import Enterprise
from lianqi.register.permissions import is_of_own_circle
from lianqi.work.models import WorkItem


@rule
def is_on_its_unit(user: User, demand: Demand) -> bool:
    return demand.unit_id is not None and demand.unit_id in user.scope_ids(Scope.UNIT, Role.HANDLER)


@rule
def heads_its_unit(user: User, demand: Demand) -> bool:
    headed = user.scope_ids(Scope.UNIT, Role.DEPARTMENT_HEAD)
    if demand.unit_id is None or not headed:
        return False
    path = Unit.objects.values_list("path", flat=True).get(pk=demand.unit_id)
    return any(f"/{unit}/" in path for unit in headed)


@rule
def assists(user: User, demand: Demand) -> bool:
    """Works for a unit that assists, or heads one."""
    if not demand.assisting:
        return False
    if set(demand.assisting) & set(user.scope_ids(Scope.UNIT, Role.HANDLER)):
        return True
    headed = user.scope_ids(Scope.UNIT, Role.DEPARTMENT_HEAD)
    paths = Unit.objects.filter(pk__in=demand.assisting).values_list("path", flat=True)
    return bool(headed) and any(f"/{unit}/" in path for path in paths for unit in headed)


@rule
def is_of_the_assisting_unit(user: User, assistance: Assistance) -> bool:
    headed = user.scope_ids(Scope.UNIT, Role.DEPARTMENT_HEAD)
    return assistance.unit_id in user.scope_ids(Scope.UNIT, Role.HANDLER) or any(
        f"/{unit}/" in assistance.unit.path for unit in headed
    )


@rule
def has_a_unit(_user: User, demand: Demand) -> bool:
    return demand.status in {DemandStatus.DISPATCHED, DemandStatus.IN_PROGRESS}


@rule
def is_assisted(_user: User, demand: Demand) -> bool:
    return bool(demand.assisting) and demand.status in OPEN


@rule
def is_asked_to_transfer(_user: User, demand: Demand) -> bool:
    return TransferRequest.objects.pending().filter(demand_id=demand.pk).exists()


@rule
def is_its_enterprise(user: User, demand: Demand) -> bool:
    return demand.enterprise_id is not None and demand.enterprise_id in user.scope_ids(
        Scope.ENTERPRISE, Role.ENTERPRISE_ADMIN, Role.ENTERPRISE_STAFF
    )


@rule
def is_from_own_circle(user: User, demand: Demand) -> bool:
    if not user.holds(Role.LIAISON_OFFICER):
        return is_its_enterprise(user, demand)
    if demand.enterprise is None:
        return demand.filed_by_id == user.pk
    return is_of_own_circle(user, demand.enterprise)


@rule
def represents_it(user: User, demand: Demand) -> bool:
    """Filed it for another enterprise that consented to more than the filing and did not object."""
    return Representation.objects.followed_by(user).filter(demand_id=demand.pk).exists()


@rule
def waits_for_its_enterprise(_user: User, demand: Demand) -> bool:
    """The caller's enterprise was not in the register; whom a tip is from is never asked."""
    return demand.enterprise_id is None and not demand.is_tip


@rule
def is_a_tip(_user: User, demand: Demand) -> bool:
    return demand.is_tip


@rule
def is_an_open_tip(_user: User, demand: Demand) -> bool:
    return demand.is_tip and demand.status in ALIVE


@rule
def may_call_its_contact(user: User, demand: Demand) -> bool:
    """As for contacts of the register; those of an unregistered caller, whoever works on it."""
    if demand.enterprise is not None:
        return user.has_perm("register.reveal_contact", demand.enterprise)
    works_on_it = user.holds(Role.OPERATOR, Role.DISPATCHER, Role.HANDLER, Role.DEPARTMENT_HEAD)
    return works_on_it or demand.filed_by_id == user.pk


@rule
def speaks_for_the_enterprise(user: User, enterprise: Enterprise) -> bool:
    """May file for this firm: its own people, its liaison officer, the service centre."""
    return user.holds(Role.OPERATOR, Role.DISPATCHER) or is_of_own_circle(user, enterprise)


@rule
def went_by_itself(_user: User, demand: Demand) -> bool:
    """To a task force; whatever somebody dispatched is dispatched again instead."""
    return demand.is_routed


@rule
def was_never_accepted(_user: User, demand: Demand) -> bool:
    return demand.accepted_at is None


@rule
def is_open(_user: User, demand: Demand) -> bool:
    return demand.status in OPEN


@rule
def arbitrates(user: User, demand: Demand) -> bool:
    """The leader in charge or the stand-in; every leader where the units share none."""
    item = WorkItem.objects.about(demand).open().filter(step=Step.ARBITRATE).first()
    if item is None:
        return False
    if item.person_id is None:
        return user.holds(Role.LEADER)
    return item.person_id == user.pk or demand.objections.pending().filter(arbiter=user).exists()


@rule
def answers_for_its_unit(user: User, demand: Demand) -> bool:
    """Heads the unit; where no unit up the line has a head, whoever is on its desk."""
    if heads_its_unit(user, demand):
        return True
    if not is_on_its_unit(user, demand) or demand.unit_id is None:
        return False
    path = Unit.objects.values_list("path", flat=True).get(pk=demand.unit_id)
    heads = RoleAssignment.objects.current().filter(
        role=Role.DEPARTMENT_HEAD, scope=Scope.UNIT, user__is_active=True
    )
    return not heads.filter(scope_id__in=[int(part) for part in path.split("/") if part]).exists()


@rule
def decides_about_more_time(user: User, demand: Demand) -> bool:
    """Whom the rule named when it was asked: the head or the stand-in, or the dispatcher."""
    request = ExtensionRequest.objects.of(demand).undecided().first()
    if request is None:
        return user.holds(Role.DISPATCHER) or heads_its_unit(user, demand)
    if request.decider == Decider.DISPATCHER:
        return user.holds(Role.DISPATCHER)
    items = WorkItem.objects.about(demand).open().filter(step=Step.EXTEND, person=user)
    return heads_its_unit(user, demand) or items.exists()


@rule
def signs_unsolvable(user: User, demand: Demand) -> bool:
    """Whose signature is missing: the head's or the stand-in's, then a leader's."""
    proposal = Unsolvable.objects.of(demand).proposed().first()
    if proposal is None:
        return heads_its_unit(user, demand)
    if not proposal.waits_for_the_head:
        return user.holds(Role.LEADER)
    items = WorkItem.objects.about(demand).open().filter(step=Step.SIGN, person=user)
    return heads_its_unit(user, demand) or items.exists()


@rule
def works_for_the_called_unit(user: User, callback: Callback) -> bool:
    """Nobody asks an enterprise how satisfied it is with the caller's own work."""
    return callback.unit_id in user.scope_ids(Scope.UNIT, Role.HANDLER, Role.DEPARTMENT_HEAD)


def can_still(move: str) -> Rule[User, Demand]:
    return Rule(f"can still {move}", lambda _, demand: move in demand.moves)


@rule
def owns_the_class(user: User, case: CaseClass) -> bool:
    """On the desk of the unit that fixes the cause, or its head."""
    if case.unit_id in user.scope_ids(Scope.UNIT, Role.HANDLER):
        return True
    headed = user.scope_ids(Scope.UNIT, Role.DEPARTMENT_HEAD)
    return any(f"/{unit}/" in case.unit.path for unit in headed)


def class_can_still(move: str) -> Rule[User, CaseClass]:
    return Rule(
        f"class can still {move}",
        lambda _, case: move in CLASS_FLOW.allowed(ClassStatus(case.status)),
    )


is_its_handler = is_on_its_unit | heads_its_unit
is_dispatcher = holds(Role.DISPATCHER)
is_its_liaison = holds(Role.LIAISON_OFFICER) & is_from_own_circle

# Nobody writes down how satisfied a caller is with the writer's own work.
hears_its_caller = (
    holds(Role.OPERATOR, Role.DISPATCHER) & waits_for_its_enterprise & ~is_its_handler
)

TAKERS = (Role.OPERATOR, Role.DISPATCHER, Role.LIAISON_OFFICER)

PERMISSIONS: dict[str, Rule[User, Any]] = {
    "demands.manage_categories": holds(Role.PLATFORM_ADMIN),
    "demands.try_catalogue": holds(Role.PLATFORM_ADMIN, Role.DISPATCHER),
    "demands.list": holds(*Role),
    "demands.view": (
        holds(*EVERYTHING_READERS) | is_its_handler | assists | is_from_own_circle | represents_it
    ),
    "demands.represent": holds(*TAKERS, Role.ENTERPRISE_ADMIN, Role.ENTERPRISE_STAFF),
    "demands.end_representation": is_its_enterprise,
    "demands.reveal_contact": may_call_its_contact,
    "demands.keep_contacts": (
        is_its_enterprise | is_its_handler | is_its_liaison | holds(Role.OPERATOR, Role.DISPATCHER)
    )
    & ~is_a_tip,
    "demands.file": speaks_for_the_enterprise,
    "demands.file_on_behalf": holds(*TAKERS),
    "demands.judge_urgency": holds(*TAKERS),
    "demands.file_unregistered": holds(*TAKERS),
    "demands.sort_mails": holds(Role.OPERATOR, Role.DISPATCHER),
    "demands.import": holds(Role.OPERATOR, Role.DISPATCHER),
    "demands.view_import": holds(Role.OPERATOR, Role.DISPATCHER, Role.AUDITOR),
    "demands.take_calls": holds(Role.OPERATOR, Role.DISPATCHER),
    "demands.answer_on_visit": holds(*TAKERS),
    "demands.view_calls": holds(Role.OPERATOR, Role.DISPATCHER, Role.LEADER, Role.AUDITOR),
    "demands.attach_enterprise": is_dispatcher & waits_for_its_enterprise,
    "demands.move_category": is_dispatcher & is_open,
    "demands.write_to_tipster": (is_its_handler | is_dispatcher) & is_an_open_tip,
    "demands.dispatch": is_dispatcher & can_still("dispatch"),
    "demands.recall": is_dispatcher & can_still("recall") & went_by_itself,
    "demands.dispatch_many": is_dispatcher,
    "demands.view_bulk": holds(Role.DISPATCHER, Role.AUDITOR),
    "demands.merge": is_dispatcher & can_still("merge") & was_never_accepted,
    "demands.unmerge": is_dispatcher & can_still("unmerge"),
    "demands.accept": is_its_handler & can_still("accept"),
    "demands.object": is_its_handler & can_still("object"),
    "demands.uphold": is_dispatcher & can_still("uphold"),
    "demands.overrule": is_dispatcher & can_still("overrule"),
    "demands.arbitrate": can_still("arbitrate") & arbitrates,
    "demands.add_assistance": is_dispatcher & has_a_unit,
    "demands.remove_assistance": is_dispatcher & is_assisted,
    "demands.contribute": assists & is_assisted,
    "demands.contribute_for": is_of_the_assisting_unit,
    "demands.ask_transfer": is_its_handler & can_still("transfer"),
    "demands.transfer": is_dispatcher & can_still("transfer"),
    "demands.refuse_transfer": is_dispatcher & can_still("transfer") & is_asked_to_transfer,
    "demands.answer": is_its_handler & can_still("answer"),
    "demands.pause": is_its_handler & can_still("answer"),
    "demands.confirm": is_its_enterprise & can_still("confirm"),
    "demands.confirm_by_phone": hears_its_caller & can_still("confirm_by_phone"),
    "demands.dispute_by_phone": hears_its_caller & can_still("dispute_by_phone"),
    "demands.dispute": is_its_enterprise & can_still("dispute"),
    "demands.reopen": (is_its_enterprise | is_dispatcher) & can_still("reopen"),
    "demands.withdraw": is_its_enterprise & can_still("withdraw"),
    "demands.view_clusters": holds(*EVERYTHING_READERS),
    "demands.list_classes": holds(*EVERYTHING_READERS, Role.HANDLER, Role.DEPARTMENT_HEAD),
    "demands.view_class": holds(*EVERYTHING_READERS) | owns_the_class,
    "demands.open_class": holds(Role.DISPATCHER, Role.LEADER),
    "demands.link_class": is_dispatcher & class_can_still("link"),
    "demands.postpone_class": holds(Role.DISPATCHER, Role.LEADER) & class_can_still("postpone"),
    "demands.fix_class": (owns_the_class | is_dispatcher) & class_can_still("fix"),
    "demands.drop_class": holds(Role.DISPATCHER, Role.LEADER) & class_can_still("drop"),
    "demands.reopen_class": holds(Role.DISPATCHER, Role.LEADER) & class_can_still("reopen"),
    "demands.view_classifier": holds(
        Role.DISPATCHER, Role.LEADER, Role.AUDITOR, Role.DEPARTMENT_HEAD, Role.PLATFORM_ADMIN
    ),
    "demands.train_classifier": is_dispatcher,
    "demands.rate": is_its_enterprise,
    "demands.remedy": answers_for_its_unit,
    "demands.log_contact": is_its_handler,
    "demands.reply": is_its_enterprise,
    "demands.close_unreplied": is_its_handler & can_still("close_unreplied"),
    "demands.report": is_its_handler,
    "demands.ask_extension": is_its_handler,
    "demands.decide_extension": decides_about_more_time,
    "demands.reassign": heads_its_unit,
    "demands.propose_unsolvable": is_its_handler,
    "demands.declare": can_still("declare") & signs_unsolvable,
    "demands.appeal": is_its_enterprise & can_still("appeal"),
    "demands.appeal_by_phone": hears_its_caller & can_still("appeal_by_phone"),
    "demands.dismiss": holds(Role.LEADER, Role.DISPATCHER) & can_still("dismiss"),
    "demands.allow": holds(Role.LEADER, Role.DISPATCHER) & can_still("allow"),
    "demands.change_urgency": is_dispatcher,
    "demands.note": (is_its_handler | is_its_liaison | holds(Role.DISPATCHER, Role.LEADER))
    & ~is_its_enterprise,
    "demands.view_notes": (is_its_handler | is_its_liaison | holds(*EVERYTHING_READERS))
    & ~is_its_enterprise,
    "demands.view_callbacks": holds(*EVERYTHING_READERS),
    "demands.make_calls": is_dispatcher,
    "demands.call_back": is_dispatcher & ~works_for_the_called_unit,
    "demands.figures": holds(*FIGURE_READERS),
    "demands.make_report": holds(Role.LEADER, Role.DISPATCHER),
}
