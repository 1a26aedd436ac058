"""Beginning a conversion, and the demands it answers."""

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from lianqi.accounts.models import User
from lianqi.conversions.actions.moving import begin, locked, note, tell_the_enterprise
from lianqi.conversions.errors import (
    ConversionUnderWay,
    DemandOfAnotherEnterprise,
    ForceTakesNoConversions,
    ProductMissing,
    TemplateNotInUse,
)
from lianqi.conversions.models import ChainStep, Conversion, ConversionTemplate
from lianqi.demands.models import Demand
from lianqi.register.models import Enterprise
from lianqi.taskforces.enums import ForceStatus
from lianqi.taskforces.models import TaskForce
from lianqi.work.queries import local_date


@transaction.atomic
def begin_conversion(
    *,
    force: TaskForce,
    enterprise: Enterprise,
    template: ConversionTemplate,
    product: str,
    need: str,
    by: User,
    at: dt.datetime,
    capability: str = "",
    demands: Sequence[Demand] = (),
) -> Conversion:
    """Put an enterprise on the way to a product; the first step of the checklist begins.

    Raises:
        ForceTakesNoConversions: The force was closed meanwhile.
        ProductMissing: Nobody could tell what is made, and what for.
        TemplateNotInUse: The form is older than a change of the checklists.
        ConversionUnderWay: The enterprise converts to this product already.
        DemandOfAnotherEnterprise: A demand is somebody else's.
    """
    # Who closes the force waits, and then finds the work of what just began.
    force = TaskForce.objects.select_for_update(of=("self",)).get(pk=force.pk)
    if not by.has_perm("conversions.begin", force):
        raise PermissionDenied
    if force.status != ForceStatus.OPEN:
        raise ForceTakesNoConversions(force=force.unit)
    if not (product.strip() and need.strip()):
        raise ProductMissing
    if not template.is_active:
        raise TemplateNotInUse(template=template)
    conversion = Conversion(
        number=_next_number(local_date(at).year),
        enterprise=enterprise,
        force=force,
        template=template,
        product=product.strip(),
        need=need.strip(),
        capability=capability.strip(),
        opened_at=at,
        opened_by=by,
    )
    try:
        with transaction.atomic():
            conversion.save(force_insert=True)
    except IntegrityError:
        # Two members at once: the other one won the unique key, unless the error was another one.
        twins = Conversion.objects.open().filter(enterprise=enterprise, product=conversion.product)
        if (twin := twins.first()) is None:
            raise
        raise ConversionUnderWay(
            enterprise=enterprise, product=twin.product, number=twin.number
        ) from None
    steps = ChainStep.objects.bulk_create(
        ChainStep(conversion=conversion, template_step=each, position=each.position)
        for each in template.steps.order_by("position")
    )
    note(
        "conversions.begun", conversion, by=by, at=at,
        product=conversion.product, force=force.number, template=template.code,
    )  # fmt: skip
    for demand in demands:
        _link(conversion, demand, by=by, at=at)
    tell_the_enterprise(conversion, "conversions.begun", at=at, unit=force.unit)
    begin(conversion, steps[0], by=by, at=at)
    return conversion


@transaction.atomic
def link_demand(conversion_id: int, *, demand: Demand, by: User, at: dt.datetime) -> Conversion:
    """Note that a demand of the enterprise is answered by the conversion; twice changes nothing.

    Raises:
        DemandOfAnotherEnterprise: It is somebody else's, or `by` may not open it.
    """
    conversion, _target = locked(conversion_id, "link", by=by)
    _link(conversion, demand, by=by, at=at)
    return conversion


def _link(conversion: Conversion, demand: Demand, *, by: User, at: dt.datetime) -> None:
    is_its = demand.enterprise_id == conversion.enterprise_id
    if not is_its or not by.has_perm("demands.view", demand):
        raise DemandOfAnotherEnterprise(number=demand.number, enterprise=conversion.enterprise)
    if conversion.demands.filter(pk=demand.pk).exists():
        return
    conversion.demands.add(demand)
    note("conversions.linked", conversion, by=by, at=at, demand=demand.number)


def _next_number(year: int) -> str:
    """`ZC` (转产), the year, a running number that never repeats."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('conversions_number')")
        return f"ZC{year}{cursor.fetchone()[0]:05d}"
