"""The steps of a conversion: reported, settled, left out, repeated; and its end."""

import datetime as dt

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.conversions.actions.evidence import NONE, Papers, keep_papers
from lianqi.conversions.actions.moving import (
    begin,
    locked,
    note,
    stop,
    tell,
    tell_the_enterprise,
    under_way,
)
from lianqi.conversions.enums import ConversionStatus, Measure, StepStatus
from lianqi.conversions.errors import (
    EndReasonMissing,
    EvidenceMissing,
    FigureMissing,
    GoBackReasonMissing,
    NoMemberOfTheForce,
    NothingToGoBackTo,
    ReportMissing,
    SkipReasonMissing,
)
from lianqi.conversions.models import ChainStep, Conversion, EnterpriseReport
from lianqi.taskforces.enums import ForceStatus
from lianqi.work.actions import cancel_items
from lianqi.work.models import WorkItem
from lianqi.work.queries import people_on_the_desk


@transaction.atomic
def report_step(
    conversion_id: int,
    *,
    position: int,
    text: str,
    by: User,
    at: dt.datetime,
    papers: Papers = NONE,
) -> EnterpriseReport:
    """The enterprise says how the step under way stands; its owner is told and settles it.

    Raises:
        NotTheCurrentStep: Somebody settled it meanwhile.
        ReportMissing: There is nothing to read.
        Refusal: From `store_upload`, for a file; then nothing is reported.
    """
    conversion, _target = locked(conversion_id, "report", by=by)
    step = under_way(conversion, position)
    if not text.strip():
        raise ReportMissing
    report = EnterpriseReport.objects.create(step=step, text=text.strip(), at=at, by=by)
    stored = keep_papers(step, papers, by=by, at=at)
    note(
        "conversions.reported", conversion, by=by, at=at, step=step.template_step.code,
        text=report.text, files=[each.name for each in stored],
    )  # fmt: skip
    people = [step.owner] if step.owner else people_on_the_desk(conversion.unit)
    tell(people, conversion, "conversions.reported", at=at, step=step)
    return report


@transaction.atomic
def settle_step(
    conversion_id: int,
    *,
    position: int,
    evidence: str,
    by: User,
    at: dt.datetime,
    figure: int | None = None,
    figure_unit: str = "",
    papers: Papers = NONE,
) -> Conversion:
    """The step under way is done; the next one begins, or production is stable.

    Args:
        position: Of the step that `by` saw under way.
        evidence: By what one can tell.
        figure: The number of lines, or the capacity a day, where the step asks for it.
        figure_unit: Of the capacity.
        papers: Files that show it.

    Raises:
        NotTheCurrentStep: Somebody settled it meanwhile.
        EvidenceMissing, FigureMissing: What the step asks for is missing.
        Refusal: From `store_upload`, for a file; then the step is not settled.
    """
    conversion, _target = locked(conversion_id, "settle", by=by)
    step = under_way(conversion, position)
    if not evidence.strip():
        raise EvidenceMissing(step=step, evidence=step.template_step.evidence)
    _count(conversion, step, figure, figure_unit)
    step.evidence = evidence.strip()
    stored = keep_papers(step, papers, by=by, at=at)
    _settle(conversion, step, StepStatus.DONE, by=by, at=at)
    note(
        "conversions.settled", conversion, by=by, at=at, step=step.template_step.code,
        evidence=step.evidence, figure=figure, was_late=step.was_late,
        files=[each.name for each in stored],
    )  # fmt: skip
    _go_on(conversion, by=by, at=at)
    return conversion


@transaction.atomic
def skip_step(
    conversion_id: int, *, position: int, reason: str, by: User, at: dt.datetime
) -> Conversion:
    """The step under way does not apply here, for a reason; the next one begins.

    Raises:
        NotTheCurrentStep: Somebody settled it meanwhile.
        SkipReasonMissing: Nobody could tell later why.
    """
    conversion, _target = locked(conversion_id, "skip", by=by)
    step = under_way(conversion, position)
    if not reason.strip():
        raise SkipReasonMissing(step=step)
    step.reason = reason.strip()
    _settle(conversion, step, StepStatus.NOT_APPLICABLE, by=by, at=at)
    note(
        "conversions.skipped", conversion, by=by, at=at,
        step=step.template_step.code, reason=step.reason,
    )  # fmt: skip
    _go_on(conversion, by=by, at=at)
    return conversion


@transaction.atomic
def go_back(
    conversion_id: int, *, position: int, reason: str, by: User, at: dt.datetime
) -> Conversion:
    """Begin an earlier step once more, as the trial sample after a failed test.

    Whatever was settled from there on counts as not done; what it was stands in the audit trail.

    Raises:
        NothingToGoBackTo: The step is under way or was not reached.
        GoBackReasonMissing: The enterprise reads why.
    """
    conversion, _target = locked(conversion_id, "go_back", by=by)
    current = conversion.step
    assert current is not None  # an open conversion has one
    steps = list(conversion.steps.select_related("template_step", "owner").order_by("position"))
    step = next((each for each in steps if each.position == position), current)
    if step.position >= current.position or step.status != StepStatus.DONE:
        raise NothingToGoBackTo(step=step)
    if not reason.strip():
        raise GoBackReasonMissing(step=step)
    stop(conversion, by=by, at=at)
    again = [each for each in steps if step.position <= each.position <= current.position]
    for each in again:
        each.status, each.evidence, each.reason = StepStatus.WAITING, "", ""
        each.settled_at = each.settled_by = each.was_late = each.begun_at = None
        each.attempt += each.position < current.position
        _forget(conversion, each)
    ChainStep.objects.bulk_update(
        again,
        [
            "status", "evidence", "reason", "settled_at", "settled_by", "was_late", "begun_at",
            "attempt",
        ],
    )  # fmt: skip
    note(
        "conversions.went_back", conversion, by=by, at=at,
        step=step.template_step.code, earlier=current.template_step.code, reason=reason.strip(),
    )  # fmt: skip
    begin(conversion, step, by=by, at=at)
    return conversion


@transaction.atomic
def own_step(
    conversion_id: int, *, position: int, owner: User, by: User, at: dt.datetime
) -> Conversion:
    """Give a step that is not settled to a member; the work of the step under way goes along.

    Raises:
        NoMemberOfTheForce: The person works elsewhere.
        NothingToGoBackTo: The step is settled.
    """
    conversion, _target = locked(conversion_id, "own", by=by)
    step = conversion.steps.select_related("template_step").get(position=position)
    force = conversion.force
    is_member = force.members.present().filter(person=owner).exists()
    if force.status == ForceStatus.OPEN and not is_member:
        raise NoMemberOfTheForce(person=owner, force=force.unit)
    if force.status == ForceStatus.CLOSED and owner not in people_on_the_desk(conversion.unit):
        raise NoMemberOfTheForce(person=owner, force=conversion.unit)
    step.owner = owner
    step.save(update_fields=["owner"])
    if step.status == StepStatus.CURRENT:
        owed = WorkItem.objects.about(conversion).open()
        owed.update(person=owner)
    note(
        "conversions.owned", conversion, by=by, at=at,
        step=step.template_step.code, person=owner.pk, person_name=str(owner),
    )  # fmt: skip
    tell([owner], conversion, "conversions.owned", at=at, step=step)
    return conversion


@transaction.atomic
def end_conversion(conversion_id: int, *, reason: str, by: User, at: dt.datetime) -> Conversion:
    """The enterprise does not convert after all, or the shortage is over.

    Raises:
        EndReasonMissing: Whoever took part is told why.
    """
    conversion, target = locked(conversion_id, "end", by=by)
    if not reason.strip():
        raise EndReasonMissing
    step = conversion.step
    assert step is not None  # an open conversion has one
    cancel_items(conversion, by=by, at=at)
    step.status, step.begun_at = StepStatus.WAITING, None
    step.save(update_fields=["status", "begun_at"])
    _close(conversion, target, at=at, reason=reason.strip())
    note("conversions.ended", conversion, by=by, at=at, reason=conversion.end_reason)
    tell_the_enterprise(conversion, "conversions.ended", at=at, reason=conversion.end_reason)
    return conversion


def _count(conversion: Conversion, step: ChainStep, figure: int | None, unit: str) -> None:
    measure = step.template_step.measure
    if not measure:
        return
    if figure is None or figure <= 0:
        raise FigureMissing(step=step, measure=Measure(measure).label)
    if measure == Measure.LINES:
        conversion.lines = figure
    else:
        conversion.capacity, conversion.capacity_unit = figure, unit.strip()
    conversion.save(update_fields=["lines", "capacity", "capacity_unit"])


def _forget(conversion: Conversion, step: ChainStep) -> None:
    """A figure counts only as long as the step that stated it is done."""
    if step.template_step.measure == Measure.LINES:
        conversion.lines = None
    elif step.template_step.measure == Measure.CAPACITY:
        conversion.capacity, conversion.capacity_unit = None, ""
    else:
        return
    conversion.save(update_fields=["lines", "capacity", "capacity_unit"])


def _settle(
    conversion: Conversion, step: ChainStep, status: StepStatus, *, by: User, at: dt.datetime
) -> None:
    step.was_late = stop(conversion, by=by, at=at)
    step.status, step.settled_at, step.settled_by = status, at, by
    step.save(
        update_fields=["status", "settled_at", "settled_by", "was_late", "evidence", "reason"]
    )


def _go_on(conversion: Conversion, *, by: User, at: dt.datetime) -> None:
    following = (
        conversion.steps.filter(status=StepStatus.WAITING)
        .select_related("template_step", "owner")
        .order_by("position")
        .first()
    )
    if following is not None:
        begin(conversion, following, by=by, at=at)
        return
    _close(conversion, ConversionStatus.STABLE, at=at)
    note("conversions.stable", conversion, by=by, at=at, product=conversion.product)
    tell_the_enterprise(conversion, "conversions.stable", at=at)


def _close(
    conversion: Conversion, status: ConversionStatus, *, at: dt.datetime, reason: str = ""
) -> None:
    conversion.status, conversion.step = status, None
    conversion.ended_at, conversion.end_reason = at, reason
    conversion.save(update_fields=["status", "step", "ended_at", "end_reason"])
