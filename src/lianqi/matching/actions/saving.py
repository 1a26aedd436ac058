"""Saving what a measure is for an enterprise, with the rule and the facts it rests on."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.engines.packs.saving import saved, version_of
from lianqi.engines.rules.rule import assess
from lianqi.matching.errors import MeasureNotInForce
from lianqi.matching.models import SavedAssessment
from lianqi.matching.queries.saved import slots_of
from lianqi.matching.queries.snapshots import Known, snapshots
from lianqi.matching.queries.verdicts import in_force, verdict_of
from lianqi.register.actions.enterprises import locked


@transaction.atomic
def save_assessment(
    enterprise_id: int, pack_id: int, measure_key: str, *, on: dt.date, by: User, at: dt.datetime
) -> SavedAssessment:
    """Save the assessment of a measure as of a day; only the facts that its rule reads.

    Raises:
        MeasureNotInForce: The measure does not hold on that day, or is not for one enterprise.
    """
    enterprise = locked(enterprise_id)
    if not by.has_perm("matching.save_assessment", enterprise):
        raise PermissionDenied
    force = in_force(on)
    wanted = (pack_id, measure_key)
    place = next((each for each in force.places if (each.row.pk, each.measure.key) == wanted), None)
    if place is None:
        raise MeasureNotInForce(day=on.isoformat())
    known = snapshots([enterprise.pk], force.catalogue, on=on)[enterprise.pk]
    rule = place.measure.rule(place.pack.key)
    slots = slots_of(rule, on)
    facts = {name: value for name, value in known.values.items() if name in slots}
    verdict = verdict_of(place, assess(rule.on(on), facts), force.catalogue)
    row = SavedAssessment.objects.create(
        enterprise=enterprise, pack=place.row, measure_key=measure_key,
        title=place.measure.title[:300], on=on, status=verdict.status.value,
        rule_digest=version_of(rule), kept=saved(rule, facts, on),
        origins=_origins(known, facts), saved_at=at, saved_by=by,
    )  # fmt: skip
    record(
        "matching.assessment_saved", row, by=by, at=at, enterprise_id=enterprise.pk,
        title=row.title, on=on.isoformat(), status=row.status, digest=row.rule_digest,
    )  # fmt: skip
    return row


def _origins(known: Known, facts: dict[str, Any]) -> dict[str, dict[str, str | None]]:
    return {
        name: {
            "source": known.origins[name].source,
            "observed_at": _moment(known.origins[name].observed_at),
        }
        for name in facts
    }


def _moment(at: dt.datetime | None) -> str | None:
    return at.isoformat() if at else None
