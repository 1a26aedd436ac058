"""What every move of a conversion has in common: lock, table, permission; then work and notices."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.conversions.enums import ConversionStatus, ConversionStep, Party, StepStatus
from lianqi.conversions.errors import ConversionMoveNotPossible, NotTheCurrentStep
from lianqi.conversions.flow import CONVERSION_FLOW
from lianqi.conversions.models import ChainStep, Conversion
from lianqi.engines.flow import IllegalMove
from lianqi.notices.actions import notify
from lianqi.register.queries import people_of
from lianqi.work.actions import finish_items, open_item
from lianqi.work.models import WorkItem


def locked(conversion_id: int, verb: str, *, by: User) -> tuple[Conversion, ConversionStatus]:
    """Lock the conversion and return it with the status that `verb` leads to; the table first.

    Raises:
        ConversionMoveNotPossible: It ended meanwhile.
        PermissionDenied: `by` may not do this.
    """
    # Nothing is joined: what another row said before the wait for the lock may not be true after.
    conversion = Conversion.objects.select_for_update().get(pk=conversion_id)
    try:
        target = CONVERSION_FLOW.target(verb, status=ConversionStatus(conversion.status))
    except IllegalMove as error:
        raise ConversionMoveNotPossible(
            number=conversion.number, status=conversion.get_status_display()
        ) from error
    if not by.has_perm(f"conversions.{verb}", conversion):
        raise PermissionDenied
    return conversion, target


def under_way(conversion: Conversion, position: int) -> ChainStep:
    """The step under way of a locked conversion, if it is still the one that somebody saw.

    Raises:
        NotTheCurrentStep: Somebody settled it meanwhile.
    """
    step = conversion.step
    assert step is not None  # an open conversion has one
    if step.position != position:
        seen = conversion.steps.filter(position=position).order_by("pk").first()
        raise NotTheCurrentStep(step=seen or position, current=step)
    return step


def begin(conversion: Conversion, step: ChainStep, *, by: User, at: dt.datetime) -> None:
    """Let a step begin: whoever owns it owes it, within the working days of the checklist."""
    step.status, step.begun_at = StepStatus.CURRENT, at
    step.save(update_fields=["status", "begun_at"])
    conversion.step = step
    conversion.save(update_fields=["step"])
    open_item(
        conversion,
        step=ConversionStep.CARRY,
        by=by,
        at=at,
        enterprise_id=conversion.enterprise_id,
        label=f"{conversion.number} {conversion.product} · {step.template_step.name_zh}",
        url=conversion.get_absolute_url(),
        unit=conversion.unit,
        person=step.owner,
        rule_set=step.template_step_id,
    )
    if step.template_step.party == Party.ENTERPRISE:
        tell_the_enterprise(conversion, "conversions.step", at=at, step=step)


def stop(conversion: Conversion, *, by: User, at: dt.datetime) -> bool:
    """Close the work item of the step under way; whether it was late."""
    owed = WorkItem.objects.about(conversion).open().filter(step=ConversionStep.CARRY)
    ids = list(owed.values_list("pk", flat=True))
    finish_items(conversion, step=ConversionStep.CARRY, by=by, at=at)
    return WorkItem.objects.filter(pk__in=ids, was_late=True).exists()


def note(verb: str, conversion: Conversion, *, by: User, at: dt.datetime, **detail: Any) -> None:
    record(verb, conversion, by=by, at=at, enterprise_id=conversion.enterprise_id, **detail)


def tell_the_enterprise(
    conversion: Conversion, event: str, *, at: dt.datetime, **names: object
) -> None:
    tell(people_of(conversion.enterprise), conversion, event, at=at, **names)


def tell(
    people: Iterable[User], conversion: Conversion, event: str, *, at: dt.datetime, **names: object
) -> None:
    """Notify people once per event and moment; the text goes out after the commit."""
    notify(
        people,
        event=event,
        names={
            "number": conversion.number,
            "product": conversion.product,
            "enterprise": conversion.enterprise,
            **names,
        },
        url=conversion.get_absolute_url(),
        at=at,
        dedupe_key=f"{event}:{conversion.pk}:{conversion.step_id}:{at.isoformat()}",
    )
