"""A result as evidence in the checklist of the conversion it belongs to."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from lianqi.accounts.models import User
from lianqi.conversions.actions import report_step, settle_step
from lianqi.conversions.enums import Party
from lianqi.conversions.models import ChainStep, Conversion
from lianqi.files.actions import share_files
from lianqi.freetests.actions.moving import locked_order, note_order
from lianqi.freetests.errors import NoConversion, NoTestStepUnderWay
from lianqi.freetests.models import LabOrder


@transaction.atomic
def use_result(order_id: int, *, by: User, at: dt.datetime) -> ChainStep:
    """Show the result in the step of the checklist that waits for the institute, with its report.

    Whoever keeps the conversion settles the step by it; the enterprise reports it there.

    Raises:
        NoConversion: The test belongs to none.
        NoTestStepUnderWay: The conversion is not at its test, or ended.
    """
    order, _target = locked_order(order_id, "use", by=by)
    if order.test.conversion_id is None:
        raise NoConversion(number=order.test.number)
    conversion = Conversion.objects.select_for_update().get(pk=order.test.conversion_id)
    step = conversion.step
    if step is None or step.template_step.party != Party.INSTITUTE:
        raise NoTestStepUnderWay(number=conversion.number)
    share_files(order, step, by=by, at=at)
    said = evidence_of(order)
    if by.has_perm("conversions.settle", conversion):
        settle_step(conversion.pk, position=step.position, evidence=said, by=by, at=at)
    else:
        report_step(conversion.pk, position=step.position, text=said, by=by, at=at)
    note_order("freetests.used", order, by=by, at=at, conversion=conversion.number)
    return step


def evidence_of(order: LabOrder) -> str:
    """The result in one sentence, as it stands in the checklist."""
    items = [
        f"{item.item} {item.get_verdict_display()}{f' ({item.value})' if item.value else ''}"
        for item in order.items.order_by("pk")
    ]
    return _("Report %(report)s of %(institute)s, order %(number)s: %(items)s.") % {
        "report": order.report_number,
        "institute": order.institute,
        "number": order.number,
        "items": _(", ").join(items),
    }
