"""Filing for another enterprise with its consent, as a form with a file."""

import datetime as dt
from typing import Annotated, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import File, Form, Header, Query, Router, Schema, Status, UploadedFile
from ninja.errors import ValidationError
from pydantic import Field, StringConstraints
from pydantic import ValidationError as Misshapen

from lianqi.api.contact_people import Contacts, stated
from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.demands import actions
from lianqi.demands.enums import Channel, ConsentWay, Covers, DemandStatus
from lianqi.demands.errors import NobodyToRepresent
from lianqi.demands.models import Demand, DemandCategory, Representation
from lianqi.engines.text import compact
from lianqi.register.models import Enterprise

router = Router(tags=["demands"])

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]


class RepresentationOut(Schema):
    """Who filed for whom, by whose consent; `ended_at` is set when the enterprise objected.

    `status` is null once it has ended: whoever filed sees nothing of the demand any more.
    """

    demand_id: int
    number: str = Field(alias="demand.number")
    enterprise_id: int = Field(alias="demand.enterprise_id")
    status: DemandStatus | None
    agent_id: int | None
    consent_by: str
    consent_position: str
    consent_way: ConsentWay
    consent_on: dt.date
    covers: Covers
    object_until: dt.date
    ended_at: dt.datetime | None
    end_reason: str

    @staticmethod
    def resolve_status(held: Representation) -> str | None:
        return None if held.ended_at else held.demand.status


class RepresentationPage(Schema):
    """What was filed for others, newest first. Pass `next_before` as `before` for more."""

    filed: list[RepresentationOut]
    next_before: int | None


class RepresentedIn(Schema):
    """`code` is that of the enterprise whose demand it is; `agent_id` your own, which files."""

    code: Annotated[str, StringConstraints(max_length=18)]
    agent_id: int | None = None
    category: str
    title: Line
    text: Text
    contacts: Contacts = []
    consent_by: Name
    consent_position: Name
    consent_way: ConsentWay
    consent_on: dt.date
    covers: Covers


DESCRIPTION = (
    "As JSON: `code` of the enterprise whose demand it is, `agent_id` of your own that files, "
    "`category`, `title`, `text`, `contacts`, and the consent: `consent_by`, `consent_position`, "
    "`consent_way` (letter, mail, phone, in_person), `consent_on`, `covers` (file, follow)."
)


class EndIn(Schema):
    """`goes_on`: whether it is handled on as the enterprise's own; else it is withdrawn."""

    goes_on: bool
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""


@router.get(
    "/on-behalf",
    response={200: RepresentationPage, **PROBLEMS},
    operation_id="list_filed_for_others",
)
def list_filed(
    request: ApiRequest,
    before: int | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
) -> dict[str, Any]:
    """What you, or your enterprise, filed for others."""
    found = Representation.objects.filed_by(request.user).for_list()
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found[: limit + 1])
    return {"filed": rows[:limit], "next_before": rows[limit - 1].pk if len(rows) > limit else None}


@router.post(
    "/on-behalf", response={201: RepresentationOut, **PROBLEMS}, operation_id="file_for_another"
)
def file_for_another(
    request: ApiRequest,
    idempotency_key: Annotated[str, Header(min_length=8, max_length=64)],
    demand: Annotated[str, Form(description=DESCRIPTION)] = "",
    letter: Annotated[UploadedFile | None, File()] = None,
) -> Status[Representation]:
    """File for an enterprise that consented. It is told at once and may object."""
    if not request.user.has_perm("demands.represent"):
        raise PermissionDenied
    try:
        body = RepresentedIn.model_validate_json(demand)
    except Misshapen as error:
        raise ValidationError([{**each} for each in error.errors()]) from error
    code = compact(body.code).upper()
    if (enterprise := Enterprise.objects.filter(code=code).first()) is None:
        raise NobodyToRepresent(code=code)
    agent = None
    if body.agent_id is not None:
        own = Enterprise.objects.of_own_circle(request.user)
        agent = get_object_or_404(own, pk=body.agent_id)
    filed = actions.file_for_another(
        enterprise=enterprise,
        agent=agent,
        consent=actions.Consent(
            by=body.consent_by,
            position=body.consent_position,
            way=body.consent_way,
            on=body.consent_on,
            covers=body.covers,
            letter=letter,
        ),
        category=get_object_or_404(DemandCategory, code=body.category),
        title=body.title,
        text=body.text,
        channel=Channel.API,
        contacts=stated(body.contacts),
        idempotency_key=idempotency_key,
        max_bytes=settings.UPLOAD_MAX_BYTES,
        daemon=settings.CLAMAV_ADDRESS,
        by=request.user,
        at=timezone.now(),
    )
    return Status(201, _held(request, filed.pk))


@router.get(
    "/{demand_id}/representation",
    response={200: RepresentationOut, **PROBLEMS},
    operation_id="get_representation",
)
def get_representation(request: ApiRequest, demand_id: int) -> Representation:
    """Who filed a demand for its enterprise, by whose consent."""
    return _held(request, demand_id)


@router.post(
    "/{demand_id}/end-representation",
    response={200: RepresentationOut, **PROBLEMS},
    operation_id="end_representation",
)
def end_representation(request: ApiRequest, demand_id: int, body: EndIn) -> Representation:
    """Object, as the represented enterprise, to the filing by others."""
    demand = get_object_or_404(Demand.objects.visible_to(request.user), pk=demand_id)
    actions.end_representation(
        demand.pk, goes_on=body.goes_on, reason=body.reason, by=request.user, at=timezone.now()
    )
    return _held(request, demand.pk)


def _held(request: ApiRequest, demand_id: int) -> Representation:
    visible = Representation.objects.visible_to(request.user).select_related("demand")
    return get_object_or_404(visible, demand_id=demand_id)
