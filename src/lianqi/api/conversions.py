"""Conversions over JSON: the same actions as the pages."""

import datetime as dt
from typing import Annotated, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import File, Form, Query, Router, Schema, Status, UploadedFile
from ninja.errors import ValidationError
from pydantic import Field, StringConstraints

from lianqi.accounts.models import User
from lianqi.api.files import FileOut
from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.conversions import actions
from lianqi.conversions.enums import ConversionStatus, StepStatus
from lianqi.conversions.models import ChainStep, Conversion, ConversionTemplate
from lianqi.demands.models import Demand
from lianqi.files.queries import files_of
from lianqi.register.models import Enterprise
from lianqi.taskforces.models import TaskForce

router = Router(tags=["conversions"])

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class EvidenceOut(FileOut):
    """A file of a step. `is_current` is false for one of an earlier attempt."""

    is_current: bool


class ChainStepOut(Schema):
    """A step of the checklist. `party`: who acts; `attempt` above 1: the chain went back to it."""

    position: int
    code: str
    name: str
    party: str
    status: StepStatus
    owner_id: int | None
    attempt: int
    begun_at: dt.datetime | None
    settled_at: dt.datetime | None
    was_late: bool | None
    evidence: str
    reason: str
    files: list[EvidenceOut]

    @staticmethod
    def resolve_files(step: ChainStep) -> list[dict[str, Any]]:
        names = EvidenceOut.model_fields.keys() - {"is_current"}
        return [
            {name: getattr(file, name) for name in names}
            | {"is_current": step.is_of_this_attempt(file)}
            for file in getattr(step, "files", [])
        ]

    @staticmethod
    def resolve_code(step: ChainStep) -> str:
        return step.template_step.code

    @staticmethod
    def resolve_name(step: ChainStep) -> str:
        return str(step.template_step)

    @staticmethod
    def resolve_party(step: ChainStep) -> str:
        return step.template_step.party


class ConversionOut(Schema):
    """An enterprise on its way to a product. `position` is that of the step under way."""

    id: int
    number: str
    enterprise_id: int
    task_force_id: int = Field(alias="force_id")
    template: str = Field(alias="template.code")
    product: str
    need: str
    capability: str
    status: ConversionStatus
    position: int | None
    lines: int | None
    capacity: int | None
    capacity_unit: str
    opened_at: dt.datetime
    ended_at: dt.datetime | None
    end_reason: str
    steps: list[ChainStepOut]

    @staticmethod
    def resolve_position(conversion: Conversion) -> int | None:
        return conversion.step.position if conversion.step else None

    @staticmethod
    def resolve_steps(conversion: Conversion) -> list[ChainStep]:
        return sorted(conversion.steps.all(), key=lambda step: step.position)


class ConversionPage(Schema):
    """Conversions, newest first. Pass `next_before` as `before` for the following page."""

    conversions: list[ConversionOut]
    next_before: int | None


class ConversionIn(Schema):
    """`template` is the code of a checklist; `demands` are numbers."""

    task_force_id: int
    enterprise_id: int
    template: str = "conversion"
    product: Line
    need: Reason
    capability: Annotated[str, StringConstraints(max_length=1000)] = ""
    demands: Annotated[list[str], Field(max_length=20)] = []


class ReportIn(Schema):
    """`position` is that of the step you saw under way; another one is refused."""

    position: int
    text: Text


class SettleIn(Schema):
    """`figure`: lines bought or capacity a day, where the step asks for it."""

    position: int
    evidence: Text
    figure: Annotated[int, Field(ge=1, le=2_000_000_000)] | None = None
    figure_unit: Annotated[str, StringConstraints(max_length=20)] = ""


class StepReasonIn(Schema):
    position: int
    reason: Reason


class OwnerIn(Schema):
    position: int
    owner_id: int


class LinkIn(Schema):
    number: str


class EndIn(Schema):
    reason: Reason


class ConversionFilter(Schema):
    """Filters of the list; all that are given must hold."""

    status: ConversionStatus | None = None
    task_force_id: int | None = None
    enterprise_id: int | None = None
    before: int | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30


@router.get("", response={200: ConversionPage, **PROBLEMS}, operation_id="list_conversions")
def list_conversions(request: ApiRequest, query: Query[ConversionFilter]) -> dict[str, Any]:
    """The conversions you may see, newest first."""
    found = Conversion.objects.visible_to(request.user)
    if query.status is not None:
        found = found.filter(status=query.status)
    if query.task_force_id is not None:
        found = found.filter(force_id=query.task_force_id)
    if query.enterprise_id is not None:
        found = found.filter(enterprise_id=query.enterprise_id)
    if query.before is not None:
        found = found.filter(pk__lt=query.before)
    rows = list(_whole(found.for_list())[: query.limit + 1])
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    _with_files(rows)
    return {"conversions": rows, "next_before": rows[-1].pk if more else None}


@router.get(
    "/{conversion_id}", response={200: ConversionOut, **PROBLEMS}, operation_id="get_conversion"
)
def get_conversion(request: ApiRequest, conversion_id: int) -> Conversion:
    """One conversion with its checklist."""
    return _conversion(request, conversion_id)


@router.post("", response={201: ConversionOut, **PROBLEMS}, operation_id="begin_conversion")
def begin_conversion(request: ApiRequest, body: ConversionIn) -> Status[Conversion]:
    """Put an enterprise on the way to a product, for a task force you belong to."""
    forces = TaskForce.objects.visible_to(request.user)
    force = get_object_or_404(forces.select_related("unit"), pk=body.task_force_id)
    if not request.user.has_perm("conversions.begin", force):
        raise PermissionDenied
    firms = Enterprise.objects.visible_to(request.user).living()
    demands = Demand.objects.visible_to(request.user)
    conversion = actions.begin_conversion(
        force=force,
        enterprise=get_object_or_404(firms, pk=body.enterprise_id),
        template=get_object_or_404(ConversionTemplate, code=body.template),
        product=body.product,
        need=body.need,
        capability=body.capability,
        demands=[get_object_or_404(demands, number=number) for number in body.demands],
        by=request.user,
        at=timezone.now(),
    )
    return Status(201, conversion)


@router.post(
    "/{conversion_id}/report",
    response={200: ConversionOut, **PROBLEMS},
    operation_id="report_conversion",
)
def report(request: ApiRequest, conversion_id: int, body: ReportIn) -> Conversion:
    """As the enterprise, report on the step under way."""
    found = _conversion(request, conversion_id)
    actions.report_step(found.pk, **body.dict(), by=request.user, at=timezone.now())
    return _conversion(request, conversion_id)


@router.post(
    "/{conversion_id}/files",
    response={200: ConversionOut, **PROBLEMS},
    operation_id="attach_to_conversion",
)
def attach(
    request: ApiRequest,
    conversion_id: int,
    position: Annotated[int | None, Form()] = None,
    files: Annotated[list[UploadedFile] | None, File()] = None,
) -> Conversion:
    """Add files as evidence: to a step that began; as the enterprise, to the one under way."""
    found = _conversion(request, conversion_id)
    if not request.user.has_perm("conversions.attach", found):
        raise PermissionDenied
    if position is None:
        raise ValidationError([{"loc": ("form", "position"), "type": "missing", "msg": "missing"}])
    get_object_or_404(found.steps, position=position)
    papers = actions.Papers(files or (), settings.UPLOAD_MAX_BYTES, settings.CLAMAV_ADDRESS)
    actions.attach_evidence(
        found.pk, position=position, papers=papers, by=request.user, at=timezone.now()
    )
    return _conversion(request, conversion_id)


@router.post(
    "/{conversion_id}/settle",
    response={200: ConversionOut, **PROBLEMS},
    operation_id="settle_conversion",
)
def settle(request: ApiRequest, conversion_id: int, body: SettleIn) -> Conversion:
    """The step under way is done; the next one begins."""
    found = _conversion(request, conversion_id)
    actions.settle_step(found.pk, **body.dict(), by=request.user, at=timezone.now())
    return _conversion(request, conversion_id)


@router.post(
    "/{conversion_id}/skip",
    response={200: ConversionOut, **PROBLEMS},
    operation_id="skip_conversion",
)
def skip(request: ApiRequest, conversion_id: int, body: StepReasonIn) -> Conversion:
    """The step under way does not apply; the next one begins."""
    found = _conversion(request, conversion_id)
    actions.skip_step(found.pk, **body.dict(), by=request.user, at=timezone.now())
    return _conversion(request, conversion_id)


@router.post(
    "/{conversion_id}/go-back",
    response={200: ConversionOut, **PROBLEMS},
    operation_id="go_back_conversion",
)
def go_back(request: ApiRequest, conversion_id: int, body: StepReasonIn) -> Conversion:
    """Begin an earlier step once more."""
    found = _conversion(request, conversion_id)
    actions.go_back(found.pk, **body.dict(), by=request.user, at=timezone.now())
    return _conversion(request, conversion_id)


@router.post(
    "/{conversion_id}/own", response={200: ConversionOut, **PROBLEMS}, operation_id="own_conversion"
)
def own(request: ApiRequest, conversion_id: int, body: OwnerIn) -> Conversion:
    """Give a step that is not settled to a member of the task force."""
    found = _conversion(request, conversion_id)
    get_object_or_404(found.steps, position=body.position)
    actions.own_step(
        found.pk,
        position=body.position,
        owner=get_object_or_404(User, pk=body.owner_id),
        by=request.user,
        at=timezone.now(),
    )
    return _conversion(request, conversion_id)


@router.post(
    "/{conversion_id}/link",
    response={200: ConversionOut, **PROBLEMS},
    operation_id="link_conversion",
)
def link(request: ApiRequest, conversion_id: int, body: LinkIn) -> Conversion:
    """Note that a demand of the enterprise is answered by the conversion."""
    found = _conversion(request, conversion_id)
    demands = Demand.objects.visible_to(request.user)
    demand = get_object_or_404(demands, number=body.number)
    actions.link_demand(found.pk, demand=demand, by=request.user, at=timezone.now())
    return _conversion(request, conversion_id)


@router.post(
    "/{conversion_id}/end", response={200: ConversionOut, **PROBLEMS}, operation_id="end_conversion"
)
def end(request: ApiRequest, conversion_id: int, body: EndIn) -> Conversion:
    """The enterprise does not convert after all, or the shortage is over."""
    found = _conversion(request, conversion_id)
    actions.end_conversion(found.pk, reason=body.reason, by=request.user, at=timezone.now())
    return _conversion(request, conversion_id)


def _whole(conversions: Any) -> Any:
    return conversions.select_related("template", "step").prefetch_related("steps__template_step")


def _conversion(request: ApiRequest, conversion_id: int) -> Conversion:
    found: Conversion = get_object_or_404(
        _whole(Conversion.objects.visible_to(request.user)), pk=conversion_id
    )
    _with_files([found])
    return found


def _with_files(conversions: list[Conversion]) -> None:
    """Give each step its files; one query."""
    steps = [step for conversion in conversions for step in conversion.steps.all()]
    files = files_of(steps)
    for step in steps:
        step.files = files.get(step.pk, [])  # type: ignore[attr-defined]  # for the schema only
