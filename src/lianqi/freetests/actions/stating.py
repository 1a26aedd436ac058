"""What is to be tested: stated by the enterprise or the force for it, made precise, withdrawn."""

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.models import User
from lianqi.conversions.models import Conversion
from lianqi.demands.models import Demand
from lianqi.freetests.actions.moving import (
    locked_test,
    next_number,
    note_test,
    owe_match,
    tell_desk,
    tell_firm,
)
from lianqi.freetests.errors import (
    DayPassed,
    ForceTakesNoTests,
    NotOfThisEnterprise,
    ReasonMissing,
    WishIncomplete,
)
from lianqi.freetests.models import FreeTest
from lianqi.register.models import Enterprise
from lianqi.taskforces.enums import ForceStatus
from lianqi.taskforces.models import TaskForce
from lianqi.work.actions import cancel_items
from lianqi.work.queries import local_date


@transaction.atomic
def state_test(
    *,
    enterprise: Enterprise,
    force: TaskForce,
    product: str,
    by: User,
    at: dt.datetime,
    question: str = "",
    standard: str = "",
    items: Sequence[str] = (),
    samples: str = "",
    wanted_by: dt.date | None = None,
    conversion: Conversion | None = None,
    demand: Demand | None = None,
) -> FreeTest:
    """Say what is to be tested; the force finds an institute.

    Args:
        question: What is to be found out, where the enterprise does not know the items.
        conversion: In whose checklist the result will be evidence.
        demand: From which it came.

    Raises:
        ForceTakesNoTests: The force was closed meanwhile.
        WishIncomplete: Product, or both question and items, are missing.
        DayPassed: The result is wanted before today.
        NotOfThisEnterprise: Conversion or demand is another's, or not for `by` to see.
    """
    # Who closes the force waits, and then finds the work of what was just stated.
    force = TaskForce.objects.select_for_update(of=("self",)).get(pk=force.pk)
    for_itself = by.has_perm("freetests.state", enterprise)
    if not for_itself and not by.has_perm("freetests.state_for", force):
        raise PermissionDenied
    if force.status != ForceStatus.OPEN:
        raise ForceTakesNoTests(force=force.unit)
    wanted = distinct(items)
    _check(product, question, wanted, wanted_by, at)
    known = ((conversion, "conversions.view"), (demand, "demands.view"))
    for origin, permission in known:
        if origin is None:
            continue
        if origin.enterprise_id != enterprise.pk or not by.has_perm(permission, origin):
            raise NotOfThisEnterprise(number=origin.number, enterprise=enterprise)
    test = FreeTest.objects.create(
        number=next_number("JC", "freetests_test_number", at),
        enterprise=enterprise,
        force=force,
        conversion=conversion,
        demand=demand,
        product=product.strip(),
        question=question.strip(),
        standard=standard.strip(),
        items=wanted,
        samples=samples.strip(),
        wanted_by=wanted_by,
        stated_at=at,
        stated_by=by,
    )
    note_test(
        "freetests.stated", test, by=by, at=at, product=test.product, standard=test.standard,
        items=wanted, conversion=conversion and conversion.number, demand=demand and demand.number,
    )  # fmt: skip
    owe_match(test, by=by, at=at)
    tell_desk(test, "freetests.stated", at=at)
    if not for_itself:
        tell_firm(enterprise, test, "freetests.stated", at=at)
    return test


@transaction.atomic
def specify_test(
    test_id: int,
    *,
    items: Sequence[str],
    by: User,
    at: dt.datetime,
    standard: str = "",
    samples: str = "",
    wanted_by: dt.date | None = None,
) -> FreeTest:
    """The force settles by which standard which items are tested, before it orders anything.

    Raises:
        WishIncomplete: No item is named.
        DayPassed: The result is wanted before today.
    """
    test, _target = locked_test(test_id, "specify", by=by)
    wanted = distinct(items)
    if not wanted:
        raise WishIncomplete
    _check(test.product, test.question, wanted, wanted_by, at)
    test.items, test.standard, test.samples = wanted, standard.strip(), samples.strip()
    test.wanted_by = wanted_by
    test.save(update_fields=["items", "standard", "samples", "wanted_by"])
    note_test("freetests.specified", test, by=by, at=at, standard=test.standard, items=wanted)
    return test


@transaction.atomic
def withdraw_test(test_id: int, *, reason: str, by: User, at: dt.datetime) -> FreeTest:
    """Nothing needs to be tested any more. What is ordered has to be cancelled first.

    Raises:
        ReasonMissing: The others read it.
    """
    test, target = locked_test(test_id, "withdraw", by=by)
    if not reason.strip():
        raise ReasonMissing
    test.status, test.end_reason = target, reason.strip()
    test.save(update_fields=["status", "end_reason"])
    cancel_items(test, by=by, at=at)
    note_test("freetests.withdrawn", test, by=by, at=at, reason=test.end_reason)
    tell_desk(test, "freetests.withdrawn", at=at, reason=test.end_reason)
    tell_firm(test.enterprise, test, "freetests.withdrawn", at=at, reason=test.end_reason)
    return test


def distinct(items: Sequence[str]) -> list[str]:
    """The names without blanks around them, each once, in the given order."""
    return list(dict.fromkeys(name for item in items if (name := " ".join(item.split()))))


def _check(
    product: str, question: str, items: Sequence[str], wanted_by: dt.date | None, at: dt.datetime
) -> None:
    if not product.strip() or not (question.strip() or items):
        raise WishIncomplete
    if wanted_by is not None and wanted_by < local_date(at):
        raise DayPassed(day=wanted_by)
