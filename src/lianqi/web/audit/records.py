"""The records that events are about, as one reader may know them."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from lianqi.accounts.models import ApiToken, Unit, User
from lianqi.audit.models import Event
from lianqi.conversions.models import ChainStep, Conversion
from lianqi.demands.models import CaseClass, Demand, DemandImport
from lianqi.freetests.models import FreeTest, Institute, LabOrder
from lianqi.matching.models import FactList, RulePack
from lianqi.needs.models import Need, NeedBatch
from lianqi.plans.models import Measure, ServicePlan
from lianqi.policies.models import PolicyDocument
from lianqi.register.models import Contact, Enterprise, ImportRun, Membership
from lianqi.supervision.models import SupervisionOrder
from lianqi.taskforces.models import TaskForce
from lianqi.visits.models import Round, Visit
from lianqi.web.audit.words import kind_in_words, verb_in_words


@dataclass(frozen=True, slots=True)
class Found:
    """Name and page of a record."""

    name: str
    url: str


Finder = Callable[[User, set[int]], dict[int, Found]]


@dataclass(frozen=True, slots=True)
class Line:
    """One event as the page and the spreadsheet show it.

    `is_withheld`: the reader may not open the record, so what was said in the event stays out; who
    did what to which record, and when, is told nevertheless.
    """

    event: Event
    verb: str
    kind: str
    record: Found | None
    enterprise: str
    detail: list[tuple[str, str]]
    is_withheld: bool


def _demands(user: User, ids: set[int]) -> dict[int, Found]:
    rows = Demand.objects.visible_to(user).filter(pk__in=ids)
    return {each.pk: Found(each.number, each.get_absolute_url()) for each in rows}


def _classes(user: User, ids: set[int]) -> dict[int, Found]:
    rows = CaseClass.objects.visible_to(user).filter(pk__in=ids)
    return {each.pk: Found(each.number, each.get_absolute_url()) for each in rows}


def _supervision_orders(user: User, ids: set[int]) -> dict[int, Found]:
    rows = SupervisionOrder.objects.visible_to(user).filter(pk__in=ids)
    return {each.pk: Found(each.number, each.get_absolute_url()) for each in rows}


def _task_forces(user: User, ids: set[int]) -> dict[int, Found]:
    rows = TaskForce.objects.visible_to(user).filter(pk__in=ids).select_related("unit")
    return {each.pk: Found(str(each), each.get_absolute_url()) for each in rows}


def _visits(user: User, ids: set[int]) -> dict[int, Found]:
    rows = Visit.objects.visible_to(user).filter(pk__in=ids)
    return {each.pk: Found(each.number, each.get_absolute_url()) for each in rows}


def _rounds(user: User, ids: set[int]) -> dict[int, Found]:
    rows = Round.objects.visible_to(user).filter(pk__in=ids)
    return {each.pk: Found(each.number, each.get_absolute_url()) for each in rows}


def _needs(user: User, ids: set[int]) -> dict[int, Found]:
    rows = Need.objects.visible_to(user).filter(pk__in=ids)
    return {each.pk: Found(each.number, each.get_absolute_url()) for each in rows}


def _batches(user: User, ids: set[int]) -> dict[int, Found]:
    rows = NeedBatch.objects.visible_to(user).filter(pk__in=ids).select_related("unit")
    return {each.pk: Found(str(each), each.get_absolute_url()) for each in rows}


def _plans(user: User, ids: set[int]) -> dict[int, Found]:
    rows = ServicePlan.objects.visible_to(user).filter(pk__in=ids)
    return {each.pk: Found(each.number, each.get_absolute_url()) for each in rows}


def _measures(user: User, ids: set[int]) -> dict[int, Found]:
    rows = Measure.objects.visible_to(user).filter(pk__in=ids).select_related("plan")
    return {
        each.pk: Found(f"{each.plan.number} · {each.position}", each.get_absolute_url())
        for each in rows
    }


def _conversions(user: User, ids: set[int]) -> dict[int, Found]:
    rows = Conversion.objects.visible_to(user).filter(pk__in=ids)
    return {each.pk: Found(each.number, each.get_absolute_url()) for each in rows}


def _steps(user: User, ids: set[int]) -> dict[int, Found]:
    """A step of a conversion is named by its conversion."""
    visible = Conversion.objects.visible_to(user)
    rows = ChainStep.objects.filter(pk__in=ids, conversion__in=visible).select_related("conversion")
    return {
        each.pk: Found(each.conversion.number, each.conversion.get_absolute_url()) for each in rows
    }


def _free_tests(user: User, ids: set[int]) -> dict[int, Found]:
    rows = FreeTest.objects.visible_to(user).filter(pk__in=ids)
    return {each.pk: Found(each.number, each.get_absolute_url()) for each in rows}


def _lab_orders(user: User, ids: set[int]) -> dict[int, Found]:
    rows = LabOrder.objects.visible_to(user).filter(pk__in=ids).select_related("test")
    return {each.pk: Found(each.number, each.get_absolute_url()) for each in rows}


def _institutes(user: User, ids: set[int]) -> dict[int, Found]:
    rows = Institute.objects.visible_to(user).filter(pk__in=ids)
    return {each.pk: Found(each.name, each.get_absolute_url()) for each in rows}


def _policies(user: User, ids: set[int]) -> dict[int, Found]:
    rows = PolicyDocument.objects.visible_to(user).filter(pk__in=ids).only("pk", "title")
    return {each.pk: Found(each.title, each.get_absolute_url()) for each in rows}


def _rule_packs(user: User, ids: set[int]) -> dict[int, Found]:
    rows = RulePack.objects.visible_to(user).filter(pk__in=ids).only("pk", "title")
    return {each.pk: Found(each.title, each.get_absolute_url()) for each in rows}


def _enterprises(user: User, ids: set[int]) -> dict[int, Found]:
    rows = Enterprise.objects.visible_to(user).filter(pk__in=ids)
    return {each.pk: _to_enterprise(each) for each in rows}


def _contacts(user: User, ids: set[int]) -> dict[int, Found]:
    """A contact is named by its enterprise: the trail shows nobody unmasked."""
    visible = Enterprise.objects.visible_to(user)
    rows = Contact.objects.filter(pk__in=ids, enterprise__in=visible).select_related("enterprise")
    return {each.pk: _to_enterprise(each.enterprise) for each in rows}


def _memberships(user: User, ids: set[int]) -> dict[int, Found]:
    rows = Membership.objects.visible_to(user).filter(pk__in=ids).select_related("enterprise")
    url = reverse("people:memberships")
    return {each.pk: Found(each.enterprise.name, url) for each in rows}


def _imports(user: User, ids: set[int]) -> dict[int, Found]:
    """Imports into the register, of demands, of departments' lists; each has its own page."""
    found: dict[int, Found] = {}
    for model, page in (
        (ImportRun, "register:import"),
        (DemandImport, "demands:import"),
        (FactList, "matching:import"),
    ):
        rows = model.objects.visible_to(user).filter(pk__in=ids)
        found |= {each.pk: Found(each.file_name, reverse(page, args=[each.pk])) for each in rows}
    return found


def _people(user: User, ids: set[int]) -> dict[int, Found]:
    rows = User.objects.filter(pk__in=ids if user.has_perm("accounts.view_people") else ())
    return {each.pk: _to_person(each) for each in rows}


def _tokens(user: User, ids: set[int]) -> dict[int, Found]:
    known = ids if user.has_perm("accounts.view_people") else ()
    rows = ApiToken.objects.filter(pk__in=known).select_related("user")
    return {each.pk: Found(each.label, _to_person(each.user).url) for each in rows}


def _units(user: User, ids: set[int]) -> dict[int, Found]:
    rows = Unit.objects.filter(pk__in=ids if user.has_perm("accounts.view_units") else ())
    return {each.pk: Found(each.name, reverse("people:unit", args=[each.pk])) for each in rows}


def _to_enterprise(enterprise: Enterprise) -> Found:
    return Found(enterprise.name, reverse("register:detail", args=[enterprise.pk]))


def _to_person(person: User) -> Found:
    return Found(person.get_full_name(), reverse("people:person", args=[person.pk]))


# The kinds of record that have a page. The others are named by kind and id.
FINDERS: Mapping[str, Finder] = {
    Demand._meta.label_lower: _demands,
    CaseClass._meta.label_lower: _classes,
    SupervisionOrder._meta.label_lower: _supervision_orders,
    TaskForce._meta.label_lower: _task_forces,
    Visit._meta.label_lower: _visits,
    Round._meta.label_lower: _rounds,
    Need._meta.label_lower: _needs,
    NeedBatch._meta.label_lower: _batches,
    ServicePlan._meta.label_lower: _plans,
    Measure._meta.label_lower: _measures,
    Conversion._meta.label_lower: _conversions,
    ChainStep._meta.label_lower: _steps,
    FreeTest._meta.label_lower: _free_tests,
    LabOrder._meta.label_lower: _lab_orders,
    Institute._meta.label_lower: _institutes,
    PolicyDocument._meta.label_lower: _policies,
    RulePack._meta.label_lower: _rule_packs,
    Enterprise._meta.label_lower: _enterprises,
    Contact._meta.label_lower: _contacts,
    Membership._meta.label_lower: _memberships,
    ImportRun._meta.label_lower: _imports,
    User._meta.label_lower: _people,
    ApiToken._meta.label_lower: _tokens,
    Unit._meta.label_lower: _units,
}


def lines(events: Iterable[Event], *, reader: User) -> list[Line]:
    """The events with their records, in one query for each kind of record at most."""
    events = list(events)
    wanted: dict[str, set[int]] = {}
    for event in events:
        wanted.setdefault(event.subject_kind, set()).add(event.subject_id)
    found = {kind: FINDERS[kind](reader, ids) for kind, ids in wanted.items() if kind in FINDERS}
    firms = _enterprises(reader, {each.enterprise_id for each in events if each.enterprise_id})
    return [_line(event, found, firms) for event in events]


def _line(
    event: Event, found: Mapping[str, Mapping[int, Found]], firms: Mapping[int, Found]
) -> Line:
    record = found.get(event.subject_kind, {}).get(event.subject_id)
    is_withheld = record is None and event.subject_kind in FINDERS
    firm = firms.get(event.enterprise_id or 0)
    return Line(
        event=event,
        verb=verb_in_words(event.verb),
        kind=kind_in_words(event.subject_kind),
        record=record,
        enterprise=firm.name if firm else "",
        detail=[] if is_withheld else [(key, _text(each)) for key, each in event.detail.items()],
        is_withheld=is_withheld,
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
