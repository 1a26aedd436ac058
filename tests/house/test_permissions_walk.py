"""Every address and every API operation with every kind of person.

Nothing breaks; the public sees a listed set of pages; what a list, a search, an export or the API
shows is exactly what a person may open one by one; an auditor writes nothing.
"""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import openpyxl
import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from lianqi.accounts.models import Absence, User
from lianqi.audit.models import Event
from lianqi.conversions.models import Conversion, ConversionTemplate
from lianqi.demands.models import (
    BulkDispatch,
    Callback,
    CaseClass,
    CategoryVersion,
    Demand,
    DemandCategory,
    DutyRule,
    Ground,
    IncomingMail,
    MonthlyReport,
    ParkedCall,
)
from lianqi.files.models import StoredFile
from lianqi.freetests.models import FreeTest, Institute, LabOffer, LabOrder
from lianqi.matching.models import FactList, MatchRun, ReviewAnswer, RulePack, SavedAssessment
from lianqi.needs.models import Need, NeedBatch
from lianqi.notices.models import Delivery
from lianqi.plans.models import Measure, ServicePlan
from lianqi.policies.models import (
    Overlap,
    PolicyArticle,
    PolicyAspect,
    PolicyDocument,
    PolicyMeasure,
    PolicyNote,
    PolicyOutcome,
    PolicyQuestion,
)
from lianqi.register.models import (
    ChainPlace,
    Contact,
    Enterprise,
    Fact,
    Grid,
    ImportRun,
    KeyList,
    Membership,
    Statement,
    Title,
)
from lianqi.supervision.models import SupervisionOrder
from lianqi.taskforces.models import TaskForce
from lianqi.visits.models import Round, Visit
from lianqi.webhooks.models import HookMessage, Webhook
from lianqi.work.models import WorkItem
from tests.factories import AT
from tests.house.world import World, make_world, stored_files

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MISSING = 999_999_999
REFUSED = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
PUBLIC = {
    "home",
    "public_figures",
    "set_language",
    "people:invitation",
    "points:list",
    "policies:list",
    "policies:detail",
    "policies:compare",
    "policies:sheet",
    "policies:export_sheet",
    "tips:follow",
    "tips:reply",
    "tips:write",
    "api:list_tip_categories",
    "api:file_tip",
    "api:look_up_tip",
    "api:add_to_tip",
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_reauthenticate",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "openid_connect_login",
    "openid_connect_callback",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "socialaccount_signup",
    "socialaccount_connections",
}
# What belongs to a person and not to the zone: the own account, language, notices, requests.
OWN = {
    "set_language", "notices:read", "api:read_notices", "messages:choices", "people:waiting", "people:invitation",
    "points:list", "tips:follow", "tips:reply", "tips:write",
    "api:file_tip", "api:look_up_tip", "api:add_to_tip",
}  # fmt: skip
DESCRIPTION = "api:openapi-json"  # answers every method alike and only describes
# These compute with what they are sent and keep nothing.
TRIES = ("api:try_figures", "matching:settlement")
OWN_BEGINNINGS = ("account_", "mfa_", "socialaccount_", "openid_connect_")


# In which state a demand is ready for a move; refused for its state, it would prove nothing.
STATUS_OF = {
    "dispatch": "submitted",
    "accept": "dispatched",
    "object": "dispatched",
    "object_to_dispatch": "dispatched",
    "add_assistance": "in_progress",
    "remove_assistance": "in_progress",
    "contribute": "in_progress",
    "ask_transfer": "in_progress",
    "transfer": "in_progress",
    "refuse_transfer": "in_progress",
    "ask_extension": "in_progress",
    "list_extensions": "in_progress",
    "decide_extension": "in_progress",
    "propose": "in_progress",
    "propose_unsolvable": "in_progress",
    "list_unsolvable": "in_progress",
    "sign": "in_progress",
    "sign_unsolvable": "in_progress",
    "reassign": "in_progress",
    "appeal": "answered",
    "appeal_by_phone": "answered",
    "decide": "appealed",
    "decide_appeal": "appealed",
    "merge": "dispatched",
    "unmerge": "merged",
    "uphold": "objected",
    "uphold_objection": "objected",
    "overrule": "objected",
    "overrule_objection": "objected",
    "arbitrate": "arbitration",
    "arbitrate_objection": "arbitration",
    "answer": "in_progress",
    "ask": "in_progress",
    "interim": "in_progress",
    "progress": "in_progress",
    "reply": "in_progress",
    "close_unreplied": "in_progress",
    "list_questions": "in_progress",
    "list_reports": "in_progress",
    "write_report": "in_progress",
    "resume": "in_progress",
    "confirm": "answered",
    "dispute": "answered",
    "confirm_by_phone": "answered",
    "dispute_by_phone": "answered",
    "reopen": "closed",
    "withdraw": "submitted",
    "rate": "closed",
    "rate_again": "closed",
    "contact_remedy": "closed",
    "finish_remedy": "closed",
    "note_remedy_contact": "closed",
}
# The same for needs, by the name of the address.
LAB_STATUS_OF = {
    "api:receive": "accepted",
    "api:result": "received",
    "api:use": "done",
}
NEED_STATUS_OF = {
    "needs:sort": "reported",
    "api:triage_need": "reported",
    "api:confirm_need": "solved",
    "api:dispute_need": "solved",
}


# The same for plans and for measures: in which status the plan is, and the measure itself.
PLAN_STATUS_OF = {
    "api:write_plan": "draft",
    "api:propose_plan": "draft",
    "api:take_back_plan": "proposed",
    "api:send_back_plan": "proposed",
    "api:agree_plan": "proposed",
    "api:record_agreement_plan": "proposed",
    "api:review_plan": "under_way",
    "api:complete_plan": "under_way",
    "api:drop_measure": "draft",
    "api:progress_measure": "under_way",
    "api:settle_measure": "under_way",
    "api:restate_measure": "under_way",
    "api:resume_measure": "under_way",
    "api:judge_measure": "under_way",
}
MEASURE_STATUS_OF = {
    "api:progress_measure": "open",
    "api:settle_measure": "open",
    "api:restate_measure": "done",
    "api:resume_measure": "done",
    "api:judge_measure": "done",
}


APPEALS = {"api:decide", "demands:decide_appeal"}
ORDER_STATUS_OF = {"settle_order": "answered", "send_back_order": "answered"}


@dataclass(frozen=True, slots=True)
class Address:
    """One pattern of the site's addresses."""

    name: str
    parameters: tuple[str, ...]

    @property
    def is_api(self) -> bool:
        return self.name.startswith("api:")

    @property
    def is_own(self) -> bool:
        return self.name in OWN or self.name.startswith(OWN_BEGINNINGS)

    def path(self, values: dict[str, Any]) -> str:
        chosen = {each: values[each] for each in self.parameters}
        return reverse(self.name, kwargs=chosen)


def addresses() -> list[Address]:
    """All named patterns, each once. Only old addresses of the sign-in library have no name."""
    return sorted(set(_below(get_resolver(), "", ())), key=lambda each: each.name)


def _below(resolver: URLResolver, prefix: str, above: tuple[str, ...]) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        own = tuple(getattr(entry.pattern, "converters", {})) or tuple(
            getattr(getattr(entry.pattern, "regex", None), "groupindex", {})
        )
        parameters = above + tuple(each for each in own if each not in above)
        if isinstance(entry, URLResolver):
            space = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from _below(entry, space, parameters)
        elif isinstance(entry, URLPattern) and entry.name:
            yield Address(prefix + entry.name, parameters)


@pytest.fixture
def world() -> World:
    return make_world()


def client_of(user: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    return client


def present(world: World) -> dict[str, Any]:
    """A value for every parameter of every address: something that exists."""
    dispatcher = world.people["dispatcher.zone"]
    near = Demand.objects.filter(unit=world.units[0], status="dispatched").first()
    assert near is not None
    held = dispatcher.role_assignments.get()
    return {
        "absence_id": Absence.objects.get().pk,
        "assignment_id": held.pk,
        "audience": "any",
        "channel": "any",
        "batch_id": NeedBatch.objects.open().earliest("pk").pk,
        "category_id": DemandCategory.objects.earliest("pk").pk,
        "rule_id": DutyRule.objects.get().pk,
        "version_id": CategoryVersion.objects.get().pk,
        "code": "other",
        "class_id": CaseClass.objects.get(unit=world.units[0]).pk,
        "bulk_id": BulkDispatch.objects.get().pk,
        "callback_id": Callback.objects.earliest("pk").pk,
        "conversion_id": Conversion.objects.open().earliest("pk").pk,
        "contact_id": Contact.objects.get(enterprise=world.firms[2]).pk,
        "demand_id": near.pk,
        "delivery_id": Delivery.objects.earliest("pk").pk,
        "enterprise_id": world.firms[2].pk,
        "institute_id": Institute.objects.earliest("pk").pk,
        "lab_order_id": LabOrder.objects.earliest("pk").pk,
        "offer_id": LabOffer.objects.earliest("pk").pk,
        "test_id": FreeTest.objects.earliest("pk").pk,
        "event": "demand.filed",
        "fact_id": Fact.objects.get().pk,
        "force_id": TaskForce.objects.open().earliest("pk").pk,
        "item_id": WorkItem.objects.filter(unit=world.units[0]).earliest("pk").pk,
        "key": "a-key",
        "mail_id": IncomingMail.objects.get().pk,
        "key_list_id": KeyList.objects.get().pk,
        "kind": "grids",
        "language": "zh-hans",
        "message_id": HookMessage.objects.get().pk,
        "membership_id": Membership.objects.earliest("pk").pk,
        "order_id": SupervisionOrder.objects.filter(unit=world.units[0]).earliest("pk").pk,
        "need_id": Need.objects.filter(status="assigned").earliest("pk").pk,
        "parked_id": ParkedCall.objects.get().pk,
        "pack_id": RulePack.objects.published().get().pk,
        "measure_key": "rd",
        "match_run_id": MatchRun.objects.earliest("pk").pk,
        "statement_id": Statement.objects.get().pk,
        "saved_id": SavedAssessment.objects.get().pk,
        "answer_id": ReviewAnswer.objects.get().pk,
        "policy_id": PolicyDocument.objects.get(version=1, status="revised").pk,
        "other_id": PolicyDocument.objects.get(version=2).pk,
        "article_id": PolicyArticle.objects.earliest("pk").pk,
        "aspect_id": PolicyAspect.objects.earliest("pk").pk,
        "overlap_id": Overlap.objects.get().pk,
        "policy_measure_id": PolicyMeasure.objects.earliest("pk").pk,
        "policy_note_id": PolicyNote.objects.get().pk,
        "policy_outcome_id": PolicyOutcome.objects.get().pk,
        "policy_question_id": PolicyQuestion.objects.waiting().get().pk,
        "person_id": dispatcher.pk,
        "place_id": ChainPlace.objects.latest("pk").pk,
        "plan_id": ServicePlan.objects.get(enterprise=world.firms[2], status="agreed").pk,
        "measure_id": Measure.objects.get(
            plan__enterprise=world.firms[2], plan__status="agreed", status="planned"
        ).pk,
        "provider_id": "nobody",
        "report_id": MonthlyReport.objects.get().pk,
        "row_id": Grid.objects.earliest("pk").pk,
        "run_id": ImportRun.objects.of("register").get().pk,
        "list_id": FactList.objects.get().pk,
        "fact": "abnormal",
        "token": stored_files()[0].token,
        "title_id": Title.objects.get().pk,
        "token_id": dispatcher.api_tokens.get().pk,
        "uidb36": "1",
        "verb": "answer",
        "visit_id": Visit.objects.filter(status="agenda").earliest("pk").pk,
        "round_id": Round.objects.earliest("pk").pk,
        "webhook_id": Webhook.objects.get().pk,
        "unit_id": world.units[0].pk,
        "move": "progress",
    }


def absent(values: dict[str, Any]) -> dict[str, Any]:
    """The same parameters with values that name nothing."""
    return {
        name: MISSING if isinstance(value, int) else value for name, value in values.items()
    } | {"token": "00000000-0000-4000-8000-000000000000"}


def filled_in(world: World, name: str) -> dict[str, Any]:
    """What a complete form or body holds, whatever the address; each takes what it knows."""
    reasons = {
        "demands:object": "wrong_unit",
        "api:object_to_dispatch": "wrong_unit",
        "api:triage_need": "policy_in_force",
        "demands:ask": "enterprise_material",
        "api:ask": "enterprise_material",
        "api:list_questions": "enterprise_material",
    }
    decisions = {
        "needs:sort": "valid:policy_in_force",
        "demands:decide_extension": "granted",
        "api:decide_extension": "granted",
        "demands:sign_unsolvable": "granted",
        "api:sign": "granted",
    }
    kinds = {
        "policies:article": "",
        "policies:add_article": "",
        "api:add_measure": "space",
        "api:change_measure": "space",
    }
    verdicts = {**dict.fromkeys(APPEALS, "stands"), "api:judge_measure": "confirmed"}
    ground = Ground.objects.earliest("pk")
    category = DemandCategory.objects.earliest("pk")
    return {
        "amount": "1元" if name == "policies:outcomes" else 1,
        "basis": "《办法》第二条",
        "ground": ground.code if name.startswith("api:") else ground.pk,
        "person": "李女士"
        if name == "api:record_agreement_plan"
        else world.people["handler.unit"].pk,
        "reasons": "依据充分。" if name in APPEALS else [],
        "username": world.people["handler.unit"].username,
        "answer": True if name == "api:answer_question" else "已办理。",
        "facts": {},
        "slot": "rd_expense@2025",
        "source": "部门名单",
        "value": {"number": "1", "unit": "元"},
        "lines": [{"code": world.firms[0].code, "slot": "above_scale", "value": True}],
        "request": "请提供意见",
        "category": category.code if name.startswith("api:") else category.pk,
        "decision": decisions.get(name, "依职责目录"),
        "categories": [category.code if name.startswith("api:") else category.pk],
        "demand_ids": [Demand.objects.filter(status="submitted").earliest("pk").pk],
        "fix_on": "2099-12-31",
        "consent_by": "沈工",
        "consent_position": "主管",
        "consent_way": "phone",
        "consent_on": "2026-03-04",
        "covers": "follow",
        "goes_on": "yes",
        "contacts": [{"name": "沈工"}],
        "contact0-name": "沈工",
        "number": Demand.objects.earliest("pk").number,
        "enterprise": world.firms[2].pk,
        "enterprise_id": world.firms[2].pk,
        "evidence": "缺少资料。",
        "accreditor": "cma",
        "contact_name": "方敏",
        "contact_phone": "0591-87650000",
        "days": 5,
        "force": TaskForce.objects.open().earliest("pk").pk,
        "institute": Institute.objects.earliest("pk").pk,
        "institute_id": Institute.objects.earliest("pk").pk,
        "item": "色牢度",
        "items": ["过滤效率"],
        "offer_ids": [LabOffer.objects.earliest("pk").pk],
        "offers": [LabOffer.objects.earliest("pk").pk],
        "price": "1.00",
        "samples": "30 只",
        "standard": "GB 2",
        "valid_until": "2099-12-31",
        "events": ["demand.filed"],
        "idempotency_key": "a-key-of-one-form",
        "into": Demand.objects.filter(status="in_progress").earliest("pk").number,
        "into_id": Demand.objects.filter(status="in_progress").earliest("pk").pk,
        "label": "系统",
        "layer": "设备",
        "lead": world.units[0].pk,
        "lead_id": world.units[0].pk,
        "lead_unit": world.units[0].pk,
        "lead_unit_id": world.units[0].pk,
        "level": "national",
        "measures": "已整改。",
        "cause": "slow",
        "result": "done",
        "solved": "yes",
        "by_itself": True,
        "month": "2026-03",
        "code": world.firms[2].code,
        "need": "短缺",
        "owner_id": world.newcomer.pk,
        "position": 1,
        "product": "医用口罩",
        "task_force_id": TaskForce.objects.open().earliest("pk").pk,
        "template": "conversion"
        if name.startswith("api:")
        else ConversionTemplate.objects.earliest("pk").pk,
        "name": "名称",
        "note": "说明",
        "order": "云高管〔2026〕3号",
        "person_id": world.newcomer.pk,
        "progress": "已对接。",
        "grounds": "两次函告未复。",
        "kind": kinds.get(name, "on_site" if "visit" in name else "progress"),
        "agreed_on": AT.date().isoformat(),
        "aim": "达产",
        "round": 1,
        "diagnosis": "用电不足",
        "due_on": "2099-12-31",
        "review_on": "2099-12-31",
        "what": "增设电源",
        "wishes": "再加一场",
        "on": "2026-03-04",
        "said": "谈用电。",
        "spoke_with": "李女士",
        "starts_at": "2026-03-04T10:00",
        "leader": world.people["leader.zone"].pk,
        "leader_id": world.people["leader.zone"].pk,
        "enterprises": [world.firms[2].pk],
        "enterprise_ids": [world.firms[2].pk],
        "outcome": "no_answer" if name.endswith("record_call") else "not_reached",
        "purpose": "电话核实",
        "rating": "5",
        "reason": reasons.get(name, "说明"),
        "remark": "说明",
        "role": "leader",
        "solution": "已解决。",
        "text": "内容",
        "title": "标题",
        "unit": world.units[0].pk,
        "unit_id": world.units[0].pk,
        "urgency": "urgent",
        "url": "https://192.0.2.1/hook",
        "work_item_id": WorkItem.objects.filter(unit=world.units[0]).earliest("pk").pk,
        "verdict": verdicts.get(name, "valid"),
        "way": "telephone",
    }


def posted(client: Client, world: World, address: Address, path: str) -> Any:
    """The answer to a complete POST, taken back at once."""
    data = filled_in(world, address.name)
    with transaction.atomic():
        if address.is_api:
            answer: Any = client.post(
                path,
                json.dumps(data),
                content_type="application/json",
                headers={"Idempotency-Key": "a-key-of-one-call"},
            )
        else:
            answer = client.post(path, data)
        transaction.set_rollback(True)
    return answer


SHARES = 2  # of the people, so that two workers share the long walk
ASK_FOR_WHAT_IS_NOT_THERE = {
    "nobody", "enterprise_staff.enterprise", "handler.unit", "dispatcher.zone", "platform_admin.zone"
}  # fmt: skip
"""A record that does not exist is looked up in the same way for everybody of a kind."""


def everybody(world: World) -> dict[str, User | None]:
    return {"nobody": None, "newcomer": world.newcomer, **world.people}


@pytest.mark.parametrize("share", range(SHARES))
def test_nothing_breaks_whoever_asks_for_whatever(world: World, share: int) -> None:
    there = present(world)
    assert everybody(world).keys() >= ASK_FOR_WHAT_IS_NOT_THERE
    broken = []
    for who, user in list(everybody(world).items())[share::SHARES]:
        client = client_of(user)
        looked_for = (there, absent(there)) if who in ASK_FOR_WHAT_IS_NOT_THERE else (there,)
        for address in addresses():
            for values in looked_for:
                try:
                    path = address.path(values)
                except NoReverseMatch:
                    continue
                with transaction.atomic():
                    got = client.get(path)
                    transaction.set_rollback(True)
                answers = {"GET": got, "POST": posted(client, world, address, path)}
                broken += [
                    f"{method} {path} by {who}: {answer.status_code}"
                    for method, answer in answers.items()
                    if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
                ]

    assert broken == []


def test_the_public_sees_a_listed_set_of_pages(world: World) -> None:
    client, values, open_to_all = client_of(None), present(world), set()
    for address in addresses():
        answer = client.get(address.path(values))
        turned_away = (
            answer.status_code == HTTPStatus.UNAUTHORIZED
            if address.is_api
            else answer.headers.get("Location", "").startswith("/accounts/login/?next=")
        )
        if not turned_away:
            open_to_all.add(address.name)

    assert open_to_all - PUBLIC == set()


def ready_for(verb: str) -> Demand:
    """A demand to which this could be done."""
    if verb == "write_to_tipster":
        return Demand.objects.get(channel="tip")
    if verb == "attach_enterprise":
        return Demand.objects.exclude(firm_name="").get()
    return Demand.objects.filter(status=STATUS_OF.get(verb, "dispatched")).earliest("pk")


def test_an_auditor_writes_nothing(world: World) -> None:
    client, values, accepted = client_of(world.people["auditor.zone"]), present(world), []
    for address in addresses():
        if address.is_own or address.name in (DESCRIPTION, *TRIES):
            continue
        verb = address.name.partition(":")[2].removesuffix("_demand")
        ready = ready_for(verb)
        fixed = {"status": "fixed", "fixed_at": AT, "fixed_by": world.stranger}
        still_open = {"status": "open", "fixed_at": None, "fixed_by": None}
        CaseClass.objects.update(**fixed if verb == "reopen_class" else still_open)
        order = SupervisionOrder.objects.filter(
            status=ORDER_STATUS_OF.get(verb, "issued")
        ).earliest("pk")
        status = NEED_STATUS_OF.get(address.name, "assigned")
        need = Need.objects.filter(status=status).earliest("pk")
        plan = ServicePlan.objects.get(status=PLAN_STATUS_OF.get(address.name, "agreed"))
        measure = plan.measures.get(status=MEASURE_STATUS_OF.get(address.name, "planned"))
        lab_orders = LabOrder.objects.filter(status=LAB_STATUS_OF.get(address.name, "placed"))
        records = {"demand_id": ready, "order_id": order, "need_id": need}
        records |= {"plan_id": plan, "measure_id": measure}
        records["lab_order_id"] = lab_orders.earliest("pk")
        path = address.path(values | {name: record.pk for name, record in records.items()})
        answer = posted(client, world, address, path)
        if answer.status_code not in REFUSED:
            accepted.append(f"{address.name}: {answer.status_code}")

    assert accepted == [], "\n".join(accepted)


@pytest.mark.parametrize(
    ("model", "permission"),
    [
        (Enterprise, "register.view"),
        (Demand, "demands.view"),
        (Need, "needs.view"),
        (NeedBatch, "needs.view_batch"),
        (CaseClass, "demands.view_class"),
        (WorkItem, "work.view"),
        (SupervisionOrder, "supervision.view"),
        (TaskForce, "taskforces.view"),
        (Conversion, "conversions.view"),
        (ServicePlan, "plans.view"),
        (Measure, "plans.view_measure"),
        (FreeTest, "freetests.view"),
        (LabOrder, "freetests.view_order"),
        (Institute, "freetests.view_institute"),
        (PolicyDocument, "policies.view"),
        (PolicyQuestion, "policies.view_question"),
        (RulePack, "matching.view_pack"),
        (MatchRun, "matching.view_results"),
        (Enterprise, "matching.view_verdicts"),
        (Visit, "visits.view"),
        (Round, "visits.view_round"),
        (Membership, "register.view_member"),
        (ImportRun, "register.view_import"),
        (FactList, "matching.view_import"),
        (Event, "accounts.view_trail"),
        (Delivery, "notices.view_outbox"),
        (Webhook, "webhooks.view"),
        (HookMessage, "webhooks.view"),
    ],
)
def test_a_list_holds_exactly_what_may_be_opened(world: World, model: Any, permission: str) -> None:
    differing = []
    for who, user in world.people.items():
        listed = set(model.objects.visible_to(user).values_list("pk", flat=True))
        allowed = {each.pk for each in model.objects.all() if user.has_perm(permission, each)}
        if listed != allowed:
            differing.append(f"{who}: only listed {listed - allowed}, only open {allowed - listed}")

    assert differing == []


def test_the_world_tells_the_kinds_of_people_apart(world: World) -> None:
    """A world in which everybody sees everything, or nothing, would prove nothing."""
    sizes = {who: Demand.objects.visible_to(user).count() for who, user in world.people.items()}

    assert sizes["leader.zone"] == Demand.objects.count()
    assert sizes["platform_admin.zone"] == 0
    assert 0 < sizes["handler.unit"] < sizes["department_head.unit"] < sizes["leader.zone"]
    of_each = Demand.objects.filter(enterprise__isnull=False).count() // len(world.firms)
    assert sizes["liaison_officer.chain"] == of_each
    assert sizes["enterprise_admin.enterprise"] == of_each + 1  # and what it follows for another
    assert sizes["liaison_officer.grid"] == of_each + 1  # and the unregistered caller's


def column_of_export(client: Client, name: str, column: int) -> set[str]:
    answer: Any = client.get(reverse(name))
    if answer.status_code == HTTPStatus.FORBIDDEN:
        return set()
    sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue()), read_only=True).active
    assert sheet is not None
    return {str(row[column]) for row in sheet.iter_rows(min_row=2, values_only=True)}


def pages_of(client: Client, name: str, query: str = "") -> set[int]:
    """The ids on all pages of a list."""
    found: set[int] = set()
    cursor = ""
    while True:
        answer: Any = client.get(f"{reverse(name)}?{query}{cursor}")
        if answer.status_code == HTTPStatus.FORBIDDEN:
            return found
        page = answer.context["page"]
        found |= {row.pk for row in page.rows}
        if page.after is None:
            return found
        cursor = f"&after={page.after}"


def operation(client: Client, path: str, key: str, query: str = "") -> set[int]:
    rows: list[dict[str, Any]] = client.get(f"{path}?limit=100{query}").json()[key]
    return {row["id"] for row in rows}


def test_demands_agree_in_list_search_export_api_and_one_by_one(world: World) -> None:
    for who, user in world.people.items():
        client = client_of(user)
        visible = set(Demand.objects.visible_to(user).values_list("pk", flat=True))
        numbers = set(Demand.objects.visible_to(user).values_list("number", flat=True))
        found = set(Demand.objects.search("SQ20260000").values_list("pk", flat=True)) & visible

        opened = {
            pk
            for pk in Demand.objects.values_list("pk", flat=True)
            if client.get(reverse("demands:detail", args=[pk])).status_code == HTTPStatus.OK
        }
        by_api = {
            pk
            for pk in Demand.objects.values_list("pk", flat=True)
            if client.get(f"/api/v1/demands/{pk}").status_code == HTTPStatus.OK
        }

        assert pages_of(client, "demands:list") == visible, who
        assert pages_of(client, "demands:list", "q=SQ20260000") == found, who
        assert column_of_export(client, "demands:export", 0) == numbers, who
        assert operation(client, "/api/v1/demands", "demands") == visible, who
        assert operation(client, "/api/v1/demands", "demands", "&q=SQ20260000") == found, who
        assert (opened, by_api) == (visible, visible), who


def test_needs_agree_in_list_search_export_api_and_one_by_one(world: World) -> None:
    for who, user in world.people.items():
        client = client_of(user)
        visible = set(Need.objects.visible_to(user).values_list("pk", flat=True))
        # A platform administrator keeps the programmes and sees no need, so there is no list.
        numbers = set(Need.objects.visible_to(user).values_list("number", flat=True))
        some = list(Need.objects.order_by("pk")[::7])

        opened = {
            need.pk for need in some if client.get(need.get_absolute_url()).status_code == 200
        }
        by_api = {
            need.pk
            for need in some
            if client.get(f"/api/v1/needs/{need.pk}").status_code == HTTPStatus.OK
        }

        assert pages_of(client, "needs:list") == visible, who
        assert pages_of(client, "needs:list", "q=XQ20260000") == visible, who
        assert column_of_export(client, "needs:export", 0) == numbers, who
        assert operation(client, "/api/v1/needs", "needs", "&q=XQ202600000") <= visible, who
        assert opened == by_api == visible & {need.pk for need in some}, who


def test_plans_and_measures_agree_in_list_export_api_and_one_by_one(world: World) -> None:
    some = ServicePlan.objects.order_by("pk")[:8]
    for who, user in world.people.items():
        client = client_of(user)
        visible = set(ServicePlan.objects.visible_to(user).values_list("pk", flat=True))
        numbers = set(ServicePlan.objects.visible_to(user).values_list("number", flat=True))
        measures = set(Measure.objects.visible_to(user).values_list("pk", flat=True))
        opened = {
            plan.pk
            for plan in some
            if client.get(plan.get_absolute_url()).status_code == HTTPStatus.OK
        }
        by_api = {
            plan.pk
            for plan in some
            if client.get(f"/api/v1/plans/{plan.pk}").status_code == HTTPStatus.OK
        }

        is_reader = user.has_perm("plans.list")
        assert pages_of(client, "plans:list") == (visible if is_reader else set()), who
        assert pages_of(client, "plans:measures") == (measures if is_reader else set()), who
        assert column_of_export(client, "plans:export", 0) == (numbers if is_reader else set()), who
        assert operation(client, "/api/v1/plans", "plans") == visible, who
        assert operation(client, "/api/v1/measures", "measures") == measures, who
        assert opened == by_api == visible & {plan.pk for plan in some}, who


def test_policies_agree_in_list_search_api_and_one_by_one(world: World) -> None:
    known = set(PolicyDocument.objects.made_known().values_list("pk", flat=True))
    for who, user in {"nobody": None, **world.people}.items():
        client = client_of(user)
        seen = PolicyDocument.objects.visible_to(user) if user else PolicyDocument.objects
        visible = set(seen.values_list("pk", flat=True)) if user else known

        opened = {
            pk
            for pk in PolicyDocument.objects.values_list("pk", flat=True)
            if client.get(reverse("policies:detail", args=[pk])).status_code == HTTPStatus.OK
        }

        assert pages_of(client, "policies:list") == visible, who
        assert opened == visible, who
        if user is not None:
            assert operation(client, "/api/v1/policies", "policies") == visible, who
            questions = set(PolicyQuestion.objects.visible_to(user).values_list("pk", flat=True))
            path = "/api/v1/policies/questions"
            assert operation(client, path, "questions") == questions, who


def test_rule_packs_agree_in_list_and_one_by_one(world: World) -> None:
    for who, user in world.people.items():
        client = client_of(user)
        visible = set(RulePack.objects.visible_to(user).values_list("pk", flat=True))

        opened = {
            pk
            for pk in RulePack.objects.values_list("pk", flat=True)
            if client.get(reverse("matching:pack", args=[pk])).status_code == HTTPStatus.OK
        }

        assert opened == visible, who
        if user.has_perm("matching.list_packs"):
            assert pages_of(client, "matching:packs") == visible, who


def test_enterprises_agree_in_list_search_export_api_and_one_by_one(world: World) -> None:
    for who, user in world.people.items():
        client = client_of(user)
        visible = set(Enterprise.objects.visible_to(user).values_list("pk", flat=True))
        # People of an enterprise have its page but no list of the register.
        listed = visible if user.has_perm("register.list") else set()
        codes = set(Enterprise.objects.filter(pk__in=listed).values_list("code", flat=True))

        opened = {
            firm.pk
            for firm in world.firms
            if client.get(reverse("register:detail", args=[firm.pk])).status_code == HTTPStatus.OK
        }
        by_api = {
            firm.pk
            for firm in world.firms
            if client.get(f"/api/v1/enterprises/{firm.pk}").status_code == HTTPStatus.OK
        }

        assert pages_of(client, "register:list") == listed, who
        assert pages_of(client, "register:list", "q=云岭") == listed, who
        assert column_of_export(client, "register:export", 0) == codes, who
        assert operation(client, "/api/v1/enterprises", "enterprises") == visible, who
        assert operation(client, "/api/v1/enterprises", "enterprises", "&q=云岭") == visible, who
        assert (opened, by_api) == (visible, visible), who


def test_a_file_is_open_to_whoever_sees_its_demand(world: World) -> None:
    for who, user in {**world.people, "newcomer": world.newcomer}.items():
        client = client_of(user)
        visible = set(Demand.objects.visible_to(user).values_list("pk", flat=True))

        downloaded = {
            stored.pk
            for stored in stored_files()
            if client.get(reverse("files:download", args=[stored.token])).status_code
            == HTTPStatus.OK
        }

        expected = {each.pk for each in StoredFile.objects.filter(subject_id__in=visible)}
        assert downloaded == expected, who


def test_an_inbox_holds_only_items_that_may_be_opened(world: World) -> None:
    for who, user in world.people.items():
        inbox = set(WorkItem.objects.inbox_of(user).values_list("pk", flat=True))
        visible = set(WorkItem.objects.visible_to(user).values_list("pk", flat=True))

        assert inbox <= visible, who


def test_imports_are_open_to_those_who_may_read_them_and_to_nobody_else(world: World) -> None:
    run = ImportRun.objects.of("register").get()
    for who, user in world.people.items():
        client = client_of(user)

        single = client.get(reverse("register:import", args=[run.pk])).status_code
        several = client.get(reverse("register:imports")).status_code
        upload = client.get(reverse("register:upload")).status_code

        def status(permission: str, user: User = user) -> HTTPStatus:
            return HTTPStatus.OK if user.has_perm(permission) else HTTPStatus.FORBIDDEN

        reading = status("register.view_import")
        assert (single, several) == (reading, reading), who
        assert upload == status("register.import"), who


def test_requests_are_open_to_readers_and_decided_by_those_who_confirm(world: World) -> None:
    row = Membership.objects.earliest("pk")
    for who, user in world.people.items():
        client = client_of(user)

        page = client.get(reverse("people:memberships")).status_code
        with transaction.atomic():
            act = client.post(reverse("people:confirm", args=[row.pk])).status_code
            transaction.set_rollback(True)

        assert page == (200 if user.has_perm("register.list_members") else 403), who
        assert act == (303 if user.has_perm("register.confirm_members") else 403), who


def test_the_trail_is_open_to_its_readers_and_to_nobody_else(world: World) -> None:
    everything = set(Event.objects.values_list("pk", flat=True))
    assert everything
    for who, user in world.people.items():
        client = client_of(user)
        readable = everything if user.has_perm("accounts.view_trail") else set()

        listed = pages_of(client, "audit:list", "what=changes")
        exported = column_of_export(client, "audit:export", 0)

        assert listed == readable, who
        assert {int(each) for each in exported} - listed <= set(
            Event.objects.reads().values_list("pk", flat=True)
        ), who
        assert {int(each) for each in exported} >= readable, who
