"""Files as evidence of a step: brought with a report, with the settling, or by themselves."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from lianqi.accounts.enums import ENTERPRISE_ROLES, Scope
from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.conversions.actions.moving import locked, note, tell, under_way
from lianqi.conversions.enums import StepStatus
from lianqi.conversions.errors import FilesMissing, StepNotBegun
from lianqi.conversions.models import ChainStep, Conversion
from lianqi.files.actions import store_upload
from lianqi.files.models import StoredFile
from lianqi.work.queries import people_on_the_desk

if TYPE_CHECKING:  # the class takes a type argument for the type checker only
    from django.core.files.uploadedfile import UploadedFile


@dataclass(frozen=True, slots=True)
class Papers:
    """Files that somebody hands in, with the limits of the installation.

    `max_bytes`: the most that one file may have; `daemon`: `host:port` of the ClamAV daemon, empty
    for none.
    """

    uploads: Sequence["UploadedFile[Any]"] = ()
    max_bytes: int = 0
    daemon: str = ""


NONE = Papers()


@transaction.atomic
def attach_evidence(
    conversion_id: int, *, position: int, papers: Papers, by: User, at: dt.datetime
) -> list[StoredFile]:
    """Add files to a step: whoever keeps it to any that began, the enterprise to the one under way.

    Raises:
        FilesMissing: Nothing was chosen.
        NotTheCurrentStep: The enterprise adds to a step that somebody settled meanwhile.
        StepNotBegun: The chain has not come to the step.
        Refusal: From `store_upload`, for a file; then none is kept.
    """
    conversion, _target = locked(conversion_id, "attach", by=by)
    if _is_of_the_enterprise(conversion, by):
        step = under_way(conversion, position)
    else:
        step = conversion.steps.select_related("template_step").get(position=position)
    if step.status not in {StepStatus.CURRENT, StepStatus.DONE}:
        raise StepNotBegun(step=step)
    if not papers.uploads:
        raise FilesMissing(step=step)
    stored = keep_papers(step, papers, by=by, at=at)
    note(
        "conversions.attached", conversion, by=by, at=at,
        step=step.template_step.code, files=[each.name for each in stored],
    )  # fmt: skip
    if _is_of_the_enterprise(conversion, by):
        people = [step.owner] if step.owner else people_on_the_desk(conversion.unit)
        tell(people, conversion, "conversions.reported", at=at, step=step)
    return stored


def keep_papers(step: ChainStep, papers: Papers, *, by: User, at: dt.datetime) -> list[StoredFile]:
    """Keep the files as those of a step; all of them or, with a refusal, none."""
    return [
        store_upload(
            each, subject=step, max_bytes=papers.max_bytes, daemon=papers.daemon, by=by, at=at
        )
        for each in papers.uploads
    ]


@transaction.atomic
def record_evidence_download(
    conversion: Conversion, stored: StoredFile, *, by: User, at: dt.datetime
) -> None:
    """Note that somebody of the zone took a file of a conversion; every time."""
    if by.is_zone_staff:
        record(
            "conversions.file_downloaded", conversion, by=by, at=at,
            enterprise_id=conversion.enterprise_id, is_read=True, file=stored.name,
        )  # fmt: skip


def _is_of_the_enterprise(conversion: Conversion, user: User) -> bool:
    return conversion.enterprise_id in user.scope_ids(Scope.ENTERPRISE, *ENTERPRISE_ROLES)
