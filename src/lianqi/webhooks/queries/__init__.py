"""What other systems are told about a record: its public part, and nothing else."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Count

from lianqi.accounts.models import Unit
from lianqi.audit.models import Event
from lianqi.conversions.enums import StepStatus
from lianqi.conversions.models import Conversion
from lianqi.demands.models import CaseClass, CaseLink, Demand, MonthlyReport
from lianqi.engines.text import mask_mobile
from lianqi.freetests.models import FreeTest, Institute, LabOrder
from lianqi.needs.models import Need
from lianqi.plans.models import ServicePlan
from lianqi.policies.models import PolicyDocument
from lianqi.register.models import Enterprise
from lianqi.supervision.models import SupervisionOrder
from lianqi.taskforces.models import TaskForce
from lianqi.visits.models import Round, Visit
from lianqi.webhooks.queries.matching import match_runs, packs, turned

# Whoever types a telephone number into a title did not mean to publish it.
_TELEPHONE = re.compile(r"(?<!\d)(?:1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}|0\d{2,3}-?\d{7,8})(?!\d)")

Records = dict[int, dict[str, Any]]


def payloads(events: Iterable[Event]) -> dict[int, dict[str, Any]]:
    """The payload of each event, by its id; an event whose record is gone has none.

    At most four queries per kind of record, however many events. The record is told as it is now,
    not as it was: `type` says what happened.
    """
    told = list(events)
    ids: dict[str, set[int]] = {}
    for event in told:
        ids.setdefault(event.subject_kind, set()).add(event.subject_id)
    found = {kind: RECORDS[kind][1](wanted) for kind, wanted in ids.items() if kind in RECORDS}
    return {
        event.pk: {
            "type": event.verb,
            "timestamp": event.at.isoformat(),
            "version": "1",
            "data": {
                RECORDS[event.subject_kind][0]: found[event.subject_kind][event.subject_id],
                **(DETAILS[event.verb](event.detail) if event.verb in DETAILS else {}),
            },
        }
        for event in told
        if event.subject_id in found.get(event.subject_kind, {})
    }


def without_telephones(text: str) -> str:
    """The text with telephone numbers masked."""
    return _TELEPHONE.sub(lambda number: mask_mobile(number[0]), text)


def _demands(ids: set[int]) -> Records:
    found = Demand.objects.filter(pk__in=ids)
    rows = list(found.select_related("category", "unit", "enterprise", "merged_into"))
    units = Unit.objects.in_bulk({unit for each in rows for unit in each.assisting})
    return {each.pk: _demand(each, units) for each in rows}


def _demand(demand: Demand, units: Mapping[int, Unit]) -> dict[str, Any]:
    moments = ("filed_at", "dispatched_at", "accepted_at", "answered_at", "closed_at")
    return {
        "id": demand.pk,
        "number": demand.number,
        "title": without_telephones(demand.title),
        "category": demand.category.code,
        "channel": demand.channel,
        "urgency": demand.urgency,
        "status": demand.status,
        "enterprise": _firm(demand.enterprise) if demand.enterprise else None,
        "unit": _unit(demand.unit) if demand.unit else None,
        "assisting_units": [_unit(units[unit]) for unit in demand.assisting],
        "merged_into": demand.merged_into.number if demand.merged_into else None,
        **{name: (moment := getattr(demand, name)) and moment.isoformat() for name in moments},
        "closure": demand.closure,
        "rating": demand.rating,
        "returns": demand.bounces,
        "reopenings": demand.reopenings,
    }


def _needs(ids: set[int]) -> Records:
    rows = Need.objects.filter(pk__in=ids).select_related("enterprise", "unit", "lead")
    return {each.pk: _need(each) for each in rows}


def _need(need: Need) -> dict[str, Any]:
    days = ("collected_on", "triaged_on", "progress_on", "solved_on", "confirmed_on")
    return {
        "id": need.pk,
        "number": need.number,
        "status": need.status,
        "verdict": need.verdict,
        "enterprise": _firm(need.enterprise),
        "guarding_unit": _unit(need.unit),
        "unit": _unit(need.lead) if need.lead else None,
        "merged_into": need.merged_into_id,
        **{name: (day := getattr(need, name)) and day.isoformat() for name in days},
    }


def _classes(ids: set[int]) -> Records:
    links = CaseLink.objects.filter(case_class__in=ids).values_list("case_class")
    demands = dict(links.annotate(demands=Count("pk")).order_by())
    rows = CaseClass.objects.filter(pk__in=ids).select_related("unit")
    return {
        each.pk: {
            "id": each.pk,
            "number": each.number,
            "title": without_telephones(each.title),
            "status": each.status,
            "unit": _unit(each.unit),
            "fix_on": each.fix_on.isoformat(),
            "demands": demands.get(each.pk, 0),
            "opened_at": each.opened_at.isoformat(),
            "fixed_at": each.fixed_at and each.fixed_at.isoformat(),
        }
        for each in rows
    }


def _orders(ids: set[int]) -> Records:
    rows = SupervisionOrder.objects.filter(pk__in=ids).select_related("unit")
    return {
        each.pk: {
            "id": each.pk,
            "number": each.number,
            "about": {"kind": each.subject_kind, "id": each.subject_id},
            "status": each.status,
            "urgency": each.urgency,
            "unit": _unit(each.unit),
            "rounds": each.rounds,
            "issued_at": each.issued_at.isoformat(),
            "answered_at": each.answered_at and each.answered_at.isoformat(),
            "ended_at": each.ended_at and each.ended_at.isoformat(),
        }
        for each in rows
    }


def _forces(ids: set[int]) -> Records:
    rows = TaskForce.objects.filter(pk__in=ids).select_related("unit", "lead_unit")
    return {
        each.pk: {
            "id": each.pk,
            "number": each.number,
            "status": each.status,
            "unit": _unit(each.unit),
            "lead_unit": _unit(each.lead_unit),
            "member_units": [_unit(unit) for unit in each.member_units],
            "categories": sorted(category.code for category in each.categories),
            "opened_at": each.opened_at.isoformat(),
            "closed_at": each.closed_at and each.closed_at.isoformat(),
        }
        for each in rows
    }


def _conversions(ids: set[int]) -> Records:
    rows = Conversion.objects.filter(pk__in=ids).select_related(
        "enterprise", "force__unit", "template", "step__template_step"
    )
    return {each.pk: _conversion(each) for each in rows.prefetch_related("steps")}


def _conversion(conversion: Conversion) -> dict[str, Any]:
    statuses = [StepStatus(step.status) for step in conversion.steps.all()]
    return {
        "id": conversion.pk,
        "number": conversion.number,
        "product": without_telephones(conversion.product),
        "status": conversion.status,
        "enterprise": _firm(conversion.enterprise),
        "task_force": {"id": conversion.force_id, "name": conversion.force.unit.name},
        "template": conversion.template.code,
        "step": conversion.step and conversion.step.template_step.code,
        "steps": len(statuses),
        "steps_settled": sum(
            status in {StepStatus.DONE, StepStatus.NOT_APPLICABLE} for status in statuses
        ),
        "lines": conversion.lines,
        "capacity": conversion.capacity,
        "capacity_unit": conversion.capacity_unit,
        "opened_at": conversion.opened_at.isoformat(),
        "ended_at": conversion.ended_at and conversion.ended_at.isoformat(),
    }


def _visits(ids: set[int]) -> Records:
    rows = Visit.objects.filter(pk__in=ids).select_related("enterprise", "round")
    return {
        each.pk: {
            "id": each.pk,
            "number": each.number,
            "kind": each.kind,
            "on": each.on.isoformat(),
            "status": each.status,
            "enterprise": _firm(each.enterprise),
            "round": each.round.number if each.round else None,
            "demands": [matter.demand.number for matter in each.matters.all()],
            "next_on": each.next_on and each.next_on.isoformat(),
            "filed_at": each.filed_at and each.filed_at.isoformat(),
        }
        for each in rows.prefetch_related("matters__demand")
    }


def _rounds(ids: set[int]) -> Records:
    rows = Round.objects.filter(pk__in=ids).prefetch_related("units")
    return {
        each.pk: {
            "id": each.pk,
            "number": each.number,
            "status": each.status,
            "starts_at": each.starts_at.isoformat(),
            "units": [_unit(unit) for unit in each.units.all()],
            "ended_at": each.ended_at and each.ended_at.isoformat(),
        }
        for each in rows
    }


def _reports(ids: set[int]) -> Records:
    return {
        each.pk: {
            "id": each.pk,
            "month": f"{each.month:%Y-%m}",
            "language": each.language,
            "computed_at": each.computed_at.isoformat(),
            "made_at": each.made_at.isoformat(),
        }
        for each in MonthlyReport.objects.filter(pk__in=ids)
    }


def _plans(ids: set[int]) -> Records:
    rows = ServicePlan.objects.filter(pk__in=ids).select_related("enterprise", "unit")
    days = ("agreed_on", "review_on")
    return {
        each.pk: {
            "id": each.pk,
            "number": each.number,
            "status": each.status,
            "enterprise": _firm(each.enterprise),
            "unit": _unit(each.unit),
            "measures": [
                {
                    "id": measure.pk,
                    "position": measure.position,
                    "kind": measure.kind,
                    "status": measure.status,
                    "unit": _unit(measure.unit),
                    "due_on": measure.due_on.isoformat(),
                    "was_late": measure.was_late,
                    "verdict": measure.verdict,
                }
                for measure in sorted(each.measures.all(), key=lambda one: one.position)
            ],
            **{name: (day := getattr(each, name)) and day.isoformat() for name in days},
            "ended_at": each.ended_at and each.ended_at.isoformat(),
        }
        for each in rows.prefetch_related("measures__unit")
    }


def _free_tests(ids: set[int]) -> Records:
    rows = FreeTest.objects.filter(pk__in=ids).select_related("enterprise", "force__unit")
    return {each.pk: _free_test(each) for each in rows}


def _free_test(test: FreeTest) -> dict[str, Any]:
    return {
        "id": test.pk,
        "number": test.number,
        "product": without_telephones(test.product),
        "standard": without_telephones(test.standard),
        "items": [without_telephones(item) for item in test.items],
        "status": test.status,
        "enterprise": _firm(test.enterprise),
        "task_force": {"id": test.force_id, "name": test.force.unit.name},
        "conversion_id": test.conversion_id,
        "demand_id": test.demand_id,
        "wanted_by": test.wanted_by and test.wanted_by.isoformat(),
        "stated_at": test.stated_at.isoformat(),
    }


def _lab_orders(ids: set[int]) -> Records:
    rows = LabOrder.objects.filter(pk__in=ids).select_related(
        "institute", "test__enterprise", "test__force__unit"
    )
    return {each.pk: _lab_order(each) for each in rows.prefetch_related("items")}


def _lab_order(order: LabOrder) -> dict[str, Any]:
    moments = ("placed_at", "answered_at", "received_at", "ended_at")
    return {
        "id": order.pk,
        "number": order.number,
        "status": order.status,
        "institute": _institute(order.institute),
        "test": _free_test(order.test),
        "items": [
            {
                "item": without_telephones(each.item),
                "standard": without_telephones(each.standard),
                "price": str(each.price),
                "verdict": each.verdict,
            }
            for each in sorted(order.items.all(), key=lambda item: item.pk)
        ],
        "saved": str(order.saved),
        **{name: (moment := getattr(order, name)) and moment.isoformat() for name in moments},
    }


def _institute(institute: Institute) -> dict[str, Any]:
    return {"id": institute.pk, "name": institute.name}


def _policies(ids: set[int]) -> Records:
    rows = PolicyDocument.objects.made_known().filter(pk__in=ids)
    days = ("published_on", "valid_from", "valid_until", "ended_on")
    return {
        each.pk: {
            "id": each.pk,
            "title": each.title,
            "number": each.number,
            "issuer": each.issuer,
            "level": each.level,
            "status": each.status,
            "version": each.version,
            "is_trial": each.is_trial,
            "themes": each.themes,
            **{name: (day := getattr(each, name)) and day.isoformat() for name in days},
        }
        for each in rows.defer("source_text", "search_text", "search_tokens")
    }


def _enterprises(ids: set[int]) -> Records:
    rows = Enterprise.objects.filter(pk__in=ids)
    return {
        each.pk: _firm(each)
        | {
            "status": each.status,
            "industry": each.industry_id,
            "size": each.size_class,
            "merged_into": each.merged_into_id,
        }
        for each in rows
    }


def _unit(unit: Unit) -> dict[str, Any]:
    return {"id": unit.pk, "name": unit.name}


def _firm(firm: Enterprise) -> dict[str, Any]:
    return {"id": firm.pk, "code": firm.code, "name": firm.name}


DETAILS: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "matching.matches_changed": turned,
}
"""Events of which the record alone does not say what happened: what the event itself adds."""

RECORDS: Mapping[str, tuple[str, Callable[[set[int]], Records]]] = {
    "demands.demand": ("demand", _demands),
    "demands.caseclass": ("class", _classes),
    "supervision.supervisionorder": ("order", _orders),
    "demands.monthlyreport": ("report", _reports),
    "taskforces.taskforce": ("task_force", _forces),
    "conversions.conversion": ("conversion", _conversions),
    "visits.visit": ("visit", _visits),
    "visits.round": ("round", _rounds),
    "freetests.freetest": ("free_test", _free_tests),
    "freetests.laborder": ("test_order", _lab_orders),
    "needs.need": ("need", _needs),
    "plans.serviceplan": ("plan", _plans),
    "policies.policydocument": ("policy", _policies),
    "matching.rulepack": ("pack", packs),
    "matching.matchrun": ("match_run", match_runs),
    "register.enterprise": ("enterprise", _enterprises),
}
"""Kind of record of the audit trail: its name in a payload, and how it is read."""
