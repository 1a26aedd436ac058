"""Files of records: the attachments of a demand, and any stored file by its token."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import FileResponse, Http404
from django.utils import timezone
from ninja import File, Form, Header, Router, Schema, Status, UploadedFile
from ninja.errors import ValidationError
from pydantic import Field
from pydantic import ValidationError as Misshapen

from lianqi.accounts.enums import ENTERPRISE_ROLES
from lianqi.api.demands import DemandIn, DemandOut, demand_of, filing_of
from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.demands.actions import file_demand_with_files, record_view
from lianqi.demands.models import Demand
from lianqi.files.actions import hand_out
from lianqi.files.models import StoredFile

router = Router(tags=["files"])
demands = Router(tags=["demands"])

MOST = 10


class FileOut(Schema):
    """A stored file; its content is at `/api/v1/files/{token}`."""

    token: UUID
    name: str
    content_type: str
    size_bytes: int
    sha256: str
    uploaded_at: dt.datetime


@router.get("/{token}", response={200: None, **PROBLEMS}, operation_id="get_file")
def get_file(request: ApiRequest, token: UUID) -> FileResponse:
    """The content of a stored file whose record you may see; that it was taken is noted there."""
    try:
        stored, opened = hand_out(token, by=request.user, at=timezone.now())
    except ObjectDoesNotExist as error:
        raise Http404 from error
    answer = FileResponse(
        opened, as_attachment=True, filename=stored.name, content_type=stored.content_type
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


@demands.get(
    "/{demand_id}/attachments",
    response={200: list[FileOut], **PROBLEMS},
    operation_id="list_attachments",
)
def list_attachments(request: ApiRequest, demand_id: int) -> list[StoredFile]:
    """The attachments of a demand, oldest first."""
    demand = demand_of(request, demand_id)
    record_view(demand, by=request.user, at=timezone.now())
    return list(StoredFile.objects.of(demand))


class WithFilesIn(DemandIn):
    """A demand with files. `evidence` names the kind of each of `documents`, in their order."""

    evidence: list[int] = Field(default_factory=list, max_length=MOST)


DESCRIPTION = (
    "The demand as JSON, as `POST /demands` takes it; with `evidence`, the kinds of `documents`."
)


@demands.post(
    "/with-files",
    response={201: DemandOut, **PROBLEMS},
    operation_id="file_demand_with_files",
)
def file_with_files(
    request: ApiRequest,
    idempotency_key: Annotated[str, Header(min_length=8, max_length=64)],
    demand: Annotated[str, Form(description=DESCRIPTION)] = "",
    attachments: Annotated[list[UploadedFile] | None, File()] = None,
    documents: Annotated[list[UploadedFile] | None, File()] = None,
) -> Status[Demand]:
    """File a demand together with its files: all of it or nothing.

    The kinds of evidence that a category asks for, and which of them are obligatory, stand in its
    version (`GET /categories`).
    """
    files_for_others = request.user.has_perm("demands.file_on_behalf")
    if not files_for_others and not request.user.holds(*ENTERPRISE_ROLES):
        raise PermissionDenied
    try:
        body = WithFilesIn.model_validate_json(demand)
    except Misshapen as error:
        raise ValidationError([{**each} for each in error.errors()]) from error
    uploads, papers = attachments or [], documents or []
    if len(uploads) > MOST:
        raise _malformed("attachments")
    if len(papers) != len(body.evidence) or len(set(body.evidence)) != len(papers):
        raise _malformed("evidence")
    filed = file_demand_with_files(
        **filing_of(request, body),
        uploads=uploads,
        documents=dict(zip(body.evidence, papers, strict=True)),
        max_bytes=settings.UPLOAD_MAX_BYTES,
        daemon=settings.CLAMAV_ADDRESS,
        idempotency_key=idempotency_key,
        by=request.user,
        at=timezone.now(),
    )
    return Status(201, filed)


def _malformed(name: str) -> ValidationError:
    return ValidationError([{"loc": ("form", name), "type": "count", "msg": "count"}])
