"""One small zone with something of everything, and one person of every kind."""

import datetime as dt
from dataclasses import dataclass, field
from itertools import count, product
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from lianqi.accounts.enums import ENTERPRISE_ROLES, Role, Scope
from lianqi.accounts.models import Absence, ApiToken, Unit, User, token_digest
from lianqi.conversions.actions import load_conversion_templates
from lianqi.conversions.enums import ConversionStatus, StepStatus
from lianqi.conversions.models import ChainStep, Conversion, ConversionTemplate
from lianqi.demands.actions import load_grounds
from lianqi.demands.enums import (
    Channel,
    Closure,
    DemandStatus,
    LinkedBy,
    MailState,
    ObjectionReason,
    Rating,
    UnsolvableState,
)
from lianqi.demands.models import (
    Appeal,
    BulkDispatch,
    BulkRow,
    Callback,
    CallbackDraw,
    CaseClass,
    CaseLink,
    Demand,
    DemandCategory,
    DemandRating,
    IncomingMail,
    MonthlyReport,
    Objection,
    ParkedCall,
    Remedy,
    Representation,
    Tip,
    Unsolvable,
    secret_digest,
)
from lianqi.files.actions import store_upload
from lianqi.files.models import StoredFile
from lianqi.notices.models import Delivery, Notice
from lianqi.plans.actions import load_plan_clocks
from lianqi.plans.enums import PlanStatus
from lianqi.plans.flow import CURRENT
from lianqi.plans.models import Measure, PlanNote, Proposal, ServicePlan
from lianqi.register.enums import ImportState, MembershipState
from lianqi.register.models import (
    Chain,
    ChainPlace,
    Contact,
    Enterprise,
    Fact,
    Grid,
    ImportRun,
    KeyList,
    Membership,
    Title,
)
from lianqi.supervision.actions import load_order_clocks
from lianqi.supervision.enums import OrderStatus
from lianqi.supervision.models import SupervisionOrder
from lianqi.taskforces.enums import ForceStatus
from lianqi.taskforces.models import TaskForce
from lianqi.visits.models import Round, RoundUnit, Visit
from lianqi.web.people.scopes import REACHES
from lianqi.webhooks.models import HookMessage, Webhook
from lianqi.work.models import WorkItem
from tests.demands.duties import make_duty
from tests.factories import (
    AT,
    grant,
    make_category,
    make_clocks,
    make_enterprise,
    make_ground,
    make_unit,
    make_user,
    make_version,
)
from tests.house.lab_world import fill_labs
from tests.house.needs_world import fill_needs
from tests.house.pack_world import fill_answers, fill_packs
from tests.house.policy_world import fill_policies

BEYOND = 5000


@dataclass(slots=True)
class World:
    """Everything there is. `near` is within the reach of `people`; `far` is not."""

    units: list[Unit] = field(default_factory=list)
    firms: list[Enterprise] = field(default_factory=list)
    people: dict[str, User] = field(default_factory=dict)
    newcomer: User = field(default_factory=User)
    stranger: User = field(default_factory=User)


def make_world() -> World:
    """A zone of two departments, five firms, demands in every state at each of them."""
    make_clocks()
    world = World()
    zone = make_unit("管委会")
    near, far = make_unit("经济发展局", zone), make_unit("科技创新局", zone)
    world.units = [near, make_unit("企业服务科", near), far]
    grids = [Grid.objects.create(code=code, name=code, unit=near) for code in ("G1", "G2")]
    chains = [Chain.objects.create(name=name) for name in ("集成电路", "生物医药")]
    world.firms = [
        make_enterprise("云岭近邻精密有限公司", grid=grids[0]),
        make_enterprise("云岭链上材料有限公司", grid=grids[1]),
        make_enterprise("云岭名下软件有限公司", grid=grids[1]),
        make_enterprise("云岭远方贸易有限公司", grid=grids[1]),
    ]
    ChainPlace.objects.create(enterprise=world.firms[1], chain=chains[0])
    reach = {
        Scope.ZONE: None,
        Scope.UNIT: near.pk,
        Scope.GRID: grids[0].pk,
        Scope.CHAIN: chains[0].pk,
        Scope.ENTERPRISE: world.firms[2].pk,
    }
    for role, scopes in (REACHES | dict.fromkeys(ENTERPRISE_ROLES, (Scope.ENTERPRISE,))).items():
        for scope in scopes:
            person = make_user(f"{role}.{scope}", unit=near)
            world.people[person.username] = grant(person, role, scope, reach[scope])
    world.newcomer, world.stranger = make_user("newcomer"), make_user("stranger", unit=far)
    grant(world.stranger, Role.HANDLER, Scope.UNIT, far.pk)
    category = make_category()
    load_grounds(at=AT)
    _fill(world, category)
    make_version(category)
    make_duty(category, near)
    fill_needs(world.units, world.firms, world.stranger)
    _fill_orders(world)
    _fill_forces(world)
    _fill_conversions(world)
    _fill_plans(world)
    fill_labs(world.firms, world.stranger)
    fill_policies(world.units, world.firms, world.stranger)
    fill_packs(world.stranger)
    fill_answers(world.firms[2], world.stranger)
    _fill_visits(world)
    _number_from_far_above()
    return world


def _number_from_far_above() -> None:
    """The numbers above were given by hand; those that an action gives begin beyond them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(sequencename::regclass, greatest(last_value, %s)) FROM pg_sequences "
            "WHERE schemaname = current_schema AND right(sequencename, 7) = '_number'",
            [BEYOND],
        )


def _fill(world: World, category: DemandCategory) -> None:
    filer = world.people["dispatcher.zone"]
    number = 0
    for firm in world.firms:
        Contact.objects.create(enterprise=firm, name="陈静", mobile="13800138000")
        for status in DemandStatus:
            waits = status in {DemandStatus.SUBMITTED, DemandStatus.WITHDRAWN}
            everywhere = status == DemandStatus.DISPATCHED
            for unit in [None] if waits else world.units[: None if everywhere else 1]:
                number += 1
                demand = _demand(number, firm, category, status, unit, filer)
                _what_belongs_to_it(demand, filer)
                _items(demand, unit, world)
    for channel, told in ((Channel.PHONE, "云岭新来贸易有限公司"), (Channel.TIP, "")):
        number += 1
        _demand_of_nobody(number, category, channel, told, world)
    _represent(world)
    operator = world.people["operator.zone"]
    ParkedCall.objects.create(
        unit=operator.unit, parked_by=operator, parked_at=AT, caller="陈静", typed={"title": "停水"},
        idempotency_key="a-parked-call",
    )  # fmt: skip
    near = Demand.objects.filter(unit=world.units[0])
    MonthlyReport.objects.create(
        month=AT.date().replace(day=1), language="zh-hans", computed_at=AT, made_at=AT
    )
    bulk = BulkDispatch.objects.create(by=filer, at=AT, unit=world.units[0], dispatched=1)
    BulkRow.objects.create(bulk=bulk, demand=near.earliest("pk"), unit=world.units[0])
    for unit, demand in (
        (world.units[0], near.earliest("pk")),
        (world.units[2], near.latest("pk")),
    ):
        case = CaseClass.objects.create(
            number=f"LA2026{unit.pk:05d}",
            title="停电",
            note="换线路",
            unit=unit,
            fix_on=dt.date(2099, 1, 1),
            opened_at=AT,
            opened_by=filer,
            limit=1,
        )
        CaseLink.objects.create(
            case_class=case, demand=demand, how=LinkedBy.PERSON, linked_on=AT.date()
        )
    for demand in (near.earliest("pk"), Demand.objects.latest("pk")):
        upload = SimpleUploadedFile("说明.txt", "情况说明".encode(), content_type="text/plain")
        store_upload(upload, subject=demand, max_bytes=1000, daemon="", by=filer, at=AT)
    _details(world.firms[2])
    for state in (MembershipState.WAITING, MembershipState.REFUSED):
        Membership.objects.create(
            enterprise=world.firms[2],
            user=world.newcomer,
            role=Role.ENTERPRISE_STAFF,
            state=state,
            asked_at=AT,
        )
    staff = world.people["enterprise_staff.enterprise"]
    for firm, person in ((world.firms[2], staff), (world.firms[3], world.stranger)):
        Membership.objects.create(
            enterprise=firm,
            user=person,
            role=Role.ENTERPRISE_STAFF,
            state=MembershipState.CONFIRMED,
            asked_at=AT,
        )
    ImportRun.objects.create(
        state=ImportState.UPLOADED,
        file_name="名录.xlsx",
        path="missing.xlsx",
        mapping=[],
        created_by=filer,
        created_at=AT,
    )
    ApiToken.objects.create(user=filer, label="热线", digest=token_digest("a token"), created_at=AT)
    Absence.objects.create(
        user=world.stranger, stand_in=filer, from_on=AT.date(), until_on=dt.date(2099, 1, 1)
    )
    webhook = Webhook.objects.create(
        name="市平台",
        url="https://hooks.example.com/",
        events=["demand.filed"],
        salt="salt",
        created_by=world.people["platform_admin.zone"],
        created_at=AT,
    )
    HookMessage.objects.create(
        webhook=webhook, type="demand.filed", payload="{}", state="failed", next_try_at=AT,
        created_at=AT,
    )  # fmt: skip
    for person in world.people.values():
        notice = Notice.objects.create(
            person=person, event="demand.filed", title="诉求已收到", created_at=AT, dedupe_key="1"
        )
        Delivery.objects.create(
            notice=notice, person=person, address="a@example.com", state="failed", next_try_at=AT
        )


def _details(firm: Enterprise) -> None:
    """One of everything that people enter on the page of an enterprise."""
    Fact.objects.create(
        enterprise=firm,
        key="employees",
        value=12,
        unit="人",
        period="2025",
        source="enterprise",
        observed_at=AT,
    )
    Title.objects.create(enterprise=firm, label="瞪羚企业", level="zone")
    ChainPlace.objects.create(enterprise=firm, chain=Chain.objects.latest("pk"), layer="设备")
    KeyList.objects.create(name="重点企业").members.add(firm)


def _demand(
    number: int,
    firm: Enterprise,
    category: DemandCategory,
    status: DemandStatus,
    unit: Unit | None,
    filer: User,
) -> Demand:
    survivor = None
    if status == DemandStatus.MERGED:
        survivor = Demand.objects.filter(unit=unit, status=DemandStatus.IN_PROGRESS).latest("pk")
    answered = status in {DemandStatus.ANSWERED, DemandStatus.APPEALED, DemandStatus.CLOSED}
    closed = status == DemandStatus.CLOSED
    return Demand.objects.create(
        number=f"SQ2026{number:07d}",
        enterprise=firm,
        category=category,
        title=f"第{number}件诉求",
        text="用电容量不足。",
        channel=Channel.PORTAL,
        filed_by=filer,
        filed_at=AT,
        filed_on=AT.date(),
        idempotency_key=f"key-{number}",
        status=status,
        unit=unit,
        merged_into=survivor,
        dispatched_at=AT if unit else None,
        answer="已增容。" if answered else "",
        answered_at=AT if answered else None,
        closed_at=AT if closed else None,
        closure=Closure.CONFIRMED if closed else "",
        search_text="",
    )


def _represent(world: World) -> None:
    """The firm of `people` filed for a far one: one it follows, one it may not, one that ended."""
    ended = {"ended_at": AT, "ended_by": world.stranger}
    kinds = ({"covers": "follow"}, {"covers": "file"}, {"covers": "follow", **ended})
    far = Demand.objects.filter(enterprise=world.firms[3]).order_by("pk")
    for demand, how in zip(far[: len(kinds)], kinds, strict=True):
        Representation.objects.create(
            demand=demand,
            agent=world.firms[2],
            filed_by=world.people["enterprise_admin.enterprise"],
            consent_by="沈工",
            consent_position="主管",
            consent_way="phone",
            consent_on=AT.date(),
            object_until=dt.date(2099, 1, 1),
            **how,
        )


def _demand_of_nobody(
    number: int, category: DemandCategory, channel: Channel, told: str, world: World
) -> None:
    """A caller who is not in the register, or a tip; with the near unit, so that some see it."""
    officer = world.people["liaison_officer.grid"]
    demand = Demand.objects.create(
        number=f"SQ2026{number:07d}",
        firm_name=told,
        category=category,
        title=f"第{number}件诉求",
        text="不愿留名。",
        channel=channel,
        filed_by=None if channel == Channel.TIP else officer,
        filed_at=AT,
        filed_on=AT.date(),
        idempotency_key=f"key-{number}",
        status=DemandStatus.DISPATCHED,
        unit=world.units[0],
        search_text="",
        dispatched_at=AT,
    )
    if channel == Channel.PHONE:
        IncomingMail.objects.create(
            message_id="a-mail", sender="li@example.org", received_at=AT, state=MailState.WAITING
        )
    if channel == Channel.TIP:
        Tip.objects.create(demand=demand, digest=secret_digest("a code"))


def _what_belongs_to_it(demand: Demand, filer: User) -> None:
    if demand.status in {DemandStatus.OBJECTED, DemandStatus.ARBITRATION}:
        _objection(demand, filer)
    elif demand.status == DemandStatus.CLOSED:
        _rate_badly(demand)
    elif demand.status in {DemandStatus.IN_PROGRESS, DemandStatus.APPEALED}:
        _call_unsolvable(demand, filer)


def _objection(demand: Demand, raiser: User) -> None:
    is_second = demand.status == DemandStatus.ARBITRATION
    assert demand.unit is not None
    Objection.objects.create(
        demand=demand,
        round=2 if is_second else 1,
        unit=demand.unit,
        reason=ObjectionReason.UNCLEAR,
        note="不属于本单位职责",
        raised_by=raiser,
        raised_at=AT,
    )


def _call_unsolvable(demand: Demand, filer: User) -> None:
    """Proposed while it is worked on, signed by a leader and appealed otherwise."""
    appealed = demand.status == DemandStatus.APPEALED
    assert demand.unit is not None
    finding = Unsolvable.objects.create(
        demand=demand, unit=demand.unit, ground=make_ground(), basis="某条例", text="不予支持",
        state=UnsolvableState.IN_FORCE if appealed else UnsolvableState.PROPOSED,
        needs_head=not appealed, needs_leader=appealed, appeal_days=10, proposed_by=filer,
        proposed_at=AT, leader=filer if appealed else None, leader_at=AT if appealed else None,
        signed_at=AT if appealed else None, appeal_until=AT.date() if appealed else None,
    )  # fmt: skip
    if appealed:
        Appeal.objects.create(unsolvable=finding, text="不服", raised_by=filer, raised_at=AT)


def _rate_badly(demand: Demand) -> None:
    """A rating whose follow-up waits for the head of the unit."""
    rating = DemandRating.objects.create(
        demand=demand, round=0, rating=Rating.DISSATISFIED, solved="no", note="未解决",
        given_by=demand.filed_by, given_at=AT,
    )  # fmt: skip
    assert demand.unit is not None
    Remedy.objects.create(demand=demand, rating=rating, unit=demand.unit, opened_at=AT)
    draw, _ = CallbackDraw.objects.get_or_create(closed_on=AT.date(), defaults={"drawn_at": AT})
    Callback.objects.create(
        demand=demand, round=0, draw=draw, reason="bad", unit=demand.unit,
        closure=demand.closure, next_at=AT,
    )  # fmt: skip


def _fill_orders(world: World) -> None:
    """An order in every state for each unit."""
    load_order_clocks(at=AT)
    number = 0
    for unit in world.units:
        for status in OrderStatus:
            number += 1
            answered = status in {OrderStatus.ANSWERED, OrderStatus.CLOSED}
            ended = status in {OrderStatus.CLOSED, OrderStatus.WITHDRAWN}
            SupervisionOrder.objects.create(
                number=f"DB2026{number:06d}", subject_kind="demands.demand", subject_id=number,
                label="逾期诉求", url="/demands/1/", unit=unit, text="请办理。", status=status,
                issued_by=world.people["leader.zone"], issued_at=AT,
                answer="已办理。" if answered else "", answered_at=AT if answered else None,
                answered_by=world.stranger if answered else None,
                ended_at=AT if ended else None,
            )  # fmt: skip


def _fill_forces(world: World) -> None:
    """A force of each unit, one of them closed."""
    leader = world.people["leader.zone"]
    for number, unit in enumerate(world.units):
        is_closed = number == 1
        TaskForce.objects.create(
            number=f"ZB2026{number:04d}", unit=unit, lead_unit=unit, order="3号",
            opened_at=AT, opened_by=leader,
            status=ForceStatus.CLOSED if is_closed else ForceStatus.OPEN,
            closed_at=AT if is_closed else None, closed_by=leader if is_closed else None,
            close_reason="问题已解除。" if is_closed else "",
        )  # fmt: skip


def _fill_conversions(world: World) -> None:
    """A conversion of each firm with the force of each unit, in every state."""
    load_conversion_templates(at=AT)
    template = ConversionTemplate.objects.get(code="conversion")
    first = template.steps.get(position=1)
    for number, (firm, force, status) in enumerate(
        product(world.firms, TaskForce.objects.order_by("pk"), ConversionStatus)
    ):
        is_open = status == ConversionStatus.OPEN
        conversion = Conversion.objects.create(
            number=f"ZC2026{number:05d}", enterprise=firm, force=force, template=template,
            product=f"产品{number}", need="短缺", status=status, opened_at=AT,
            opened_by=world.stranger, ended_at=None if is_open else AT,
            end_reason="" if is_open else "原料不足",
        )  # fmt: skip
        if is_open:
            conversion.step = ChainStep.objects.create(
                conversion=conversion, template_step=first, position=1, status=StepStatus.CURRENT
            )
            conversion.save(update_fields=["step"])


def _fill_plans(world: World) -> None:
    """A plan of each firm in every state that lets it have several, kept by each kind of unit."""
    load_plan_clocks(at=AT)
    officer = world.people["handler.unit"]
    ended = {"ended_at": AT, "ended_by": officer, "end_reason": "迁出", "outcome": "达产"}
    current = [each for each in PlanStatus if each in CURRENT]
    cases = [
        (firm, status, unit)
        for place, firm in enumerate(world.firms)
        for status, unit in [
            (current[place % len(current)], world.units[place % len(world.units)]),
            *product([PlanStatus.COMPLETED, PlanStatus.ENDED], world.units),
        ]
    ]
    for number, (firm, status, unit) in enumerate(cases, 1):
        plan = ServicePlan.objects.create(
            number=f"FA2026{number:05d}", enterprise=firm, title="方案", aim="达产",
            diagnosis="用电不足", unit=unit, units=[unit.pk], status=status, begun_at=AT,
            begun_by=officer, started_at=AT,
            proposed_at=None if status == PlanStatus.DRAFT else AT,
            agreed_on=None if status in {PlanStatus.DRAFT, PlanStatus.PROPOSED} else AT.date(),
            officer=officer if number % 2 else None,
            **{} if status in CURRENT else ended,
        )  # fmt: skip
        if plan.proposed_at:
            replied = status != PlanStatus.PROPOSED
            Proposal.objects.create(
                plan=plan, round=1, proposed_at=AT, proposed_by=officer,
                content={
                    "title": "方案", "aim": "达产", "diagnosis": "用电不足", "officer": "",
                    "review_on": "", "measures": [],
                },
                **{
                    "reply": "agreed", "replied_at": AT, "replied_by": officer,
                    "agreed_by": "林晓燕", "agreed_on": AT.date(), "way": "meeting",
                } if replied else {},
            )  # fmt: skip
        PlanNote.objects.create(plan=plan, text="内部", written_at=AT, written_by=officer)
        for position, state in enumerate(("planned", "open", "done"), 1):
            settled = {"settled_at": AT, "settled_by": officer, "was_late": False, "result": "已办"}
            Measure.objects.create(
                plan=plan, position=position, what="电源", kind="space", unit=unit,
                due_on=AT.date(), first_due_on=AT.date(), status=state, added_at=AT,
                added_by=officer, **settled if state == "done" else {},
            )  # fmt: skip


def _items(demand: Demand, unit: Unit | None, world: World) -> None:
    common: dict[str, Any] = {
        "subject_kind": "demands.demand",
        "subject_id": demand.pk,
        "enterprise_id": demand.enterprise_id,
        "label": str(demand),
        "url": demand.get_absolute_url(),
        "opened_at": AT,
        "clock_kind": "working_days",
        "clock_amount": 5,
        "outside_hours": "next_working_time",
        "amber_share": "0.80",
        "due_at": AT + dt.timedelta(days=7),
    }
    if demand.status == DemandStatus.SUBMITTED:
        WorkItem.objects.create(**common, step="dispatch", desk=Role.DISPATCHER)
    elif demand.status == DemandStatus.DISPATCHED:
        WorkItem.objects.create(**common, step="accept", unit=unit)
    elif demand.status == DemandStatus.OBJECTED:
        WorkItem.objects.create(**common, step="decide", desk=Role.DISPATCHER)
    elif demand.status == DemandStatus.ARBITRATION:
        WorkItem.objects.create(**common, step="arbitrate", desk=Role.LEADER)
    elif demand.status == DemandStatus.IN_PROGRESS:
        WorkItem.objects.create(**common, step="answer", unit=unit, person=world.stranger)


def stored_files() -> list[StoredFile]:
    """The files of the world, oldest first."""
    return list(StoredFile.objects.order_by("pk"))


def _fill_visits(world: World) -> None:
    """A recorded visit to every firm, and a draft of everybody."""
    numbers = count(1)
    for firm in world.firms:
        _visit(next(numbers), firm, world.stranger, status="filed", said="谈用电。", filed_at=AT)
    for person in world.people.values():
        _visit(next(numbers), world.firms[0], person)
    for unit in (world.units[0], world.units[2]):
        held = Round.objects.create(
            number=f"LX2026{unit.pk:06d}",
            title="复工连线",
            leader=world.people["leader.zone"],
            starts_at=AT,
            planned_by=world.people["dispatcher.zone"],
            planned_at=AT,
            idempotency_key=f"round-{unit.pk}",
        )
        RoundUnit.objects.create(round=held, unit=unit)
        for firm in world.firms[:2] if unit == world.units[0] else world.firms[3:]:
            _visit(next(numbers), firm, world.stranger, status="agenda", round=held)


def _visit(number: int, firm: Enterprise, writer: User, **fields: Any) -> None:
    Visit.objects.create(
        number=f"ZF2026{number:06d}",
        enterprise=firm,
        kind="on_site",
        on=AT.date(),
        written_by=writer,
        saved_at=AT,
        idempotency_key=f"visit-{number}",
        **fields,
    )
