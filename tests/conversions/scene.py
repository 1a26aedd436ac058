"""An enterprise that converts to masks with a force, and everybody who has a part in it."""

import datetime as dt
from typing import Any

from lianqi.accounts.models import User
from lianqi.conversions.actions import begin_conversion, load_conversion_templates, settle_step
from lianqi.conversions.enums import Measure
from lianqi.conversions.models import Conversion, ConversionTemplate
from lianqi.register.enums import MembershipState
from lianqi.register.models import Membership
from lianqi.taskforces.models import TaskForce
from tests.factories import AT
from tests.taskforces.scene import form
from tests.web.zone import Zone

LINES, CAPACITY = 4, 200_000


def member(zone: Zone) -> User:
    """The member of the force, as the next request reads them."""
    return User.objects.get(pk=zone.other_handler.pk)


def make_force(zone: Zone, *, at: dt.datetime = AT, **given: Any) -> TaskForce:
    load_conversion_templates(at=at)
    # The enterprise's people are told by way of their membership.
    Membership.objects.get_or_create(
        user=zone.boss,
        enterprise=zone.firm,
        defaults={
            "role": "enterprise_admin",
            "state": MembershipState.CONFIRMED,
            "asked_at": at,
        },
    )
    return form(zone, at=at, **given)


def begin(zone: Zone, force: TaskForce, *, at: dt.datetime = AT, **given: Any) -> Conversion:
    known = {
        "enterprise": zone.firm,
        "template": ConversionTemplate.objects.get(code="conversion"),
        "product": "医用口罩",
        "need": "园区复工企业日缺口罩二十万只。",
        "by": member(zone),
    }
    return begin_conversion(force=force, at=at, **known | given)  # type: ignore[arg-type]  # test data


def settle(zone: Zone, conversion: Conversion, *, at: dt.datetime = AT, **given: Any) -> Conversion:
    """Settle the step under way, with the figure where it asks for one."""
    step = Conversion.objects.select_related("step__template_step").get(pk=conversion.pk).step
    assert step is not None
    figures: dict[str, dict[str, Any]] = {
        Measure.LINES: {"figure": LINES},
        Measure.CAPACITY: {"figure": CAPACITY, "figure_unit": "只"},
    }
    known = {
        "position": step.position,
        "evidence": "见附件。",
        "by": member(zone),
        **figures.get(step.template_step.measure, {}),
    }
    return settle_step(conversion.pk, at=at, **known | given)


def settle_until(zone: Zone, conversion: Conversion, code: str, *, at: dt.datetime = AT) -> None:
    """Settle every step before the one with this code."""
    while True:
        conversion.refresh_from_db()
        assert conversion.step is not None
        if conversion.step.template_step.code == code:
            return
        settle(zone, conversion, at=at)
