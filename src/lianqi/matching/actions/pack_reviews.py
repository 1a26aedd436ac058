"""Look through a pack before it is published."""

import datetime as dt
from typing import Any

from django.utils import timezone

from lianqi.engines.packs import Pack
from lianqi.engines.packs.cases import examples
from lianqi.engines.packs.linting import Remark, remarks
from lianqi.engines.packs.stating import facts_stated
from lianqi.matching.models import PackReview, RulePack, review_digest

SECONDS = 5.0
"""For the logic of all measures of a pack; what was not looked at is said."""


def look_through(row: RulePack, pack: Pack, *, at: dt.datetime) -> PackReview:
    """Find what should be looked at, and keep it by the text; no event of its own."""
    today = timezone.make_naive(at).date()
    known = examples(pack, row.cases_text) if row.cases_text.strip() else {}
    found = remarks(pack, today, known, seconds=SECONDS)
    review, _created = PackReview.objects.update_or_create(
        digest=review_digest(row.text, row.cases_text),
        defaults={
            "on": today,
            "remarks": [_told(each, pack) for each in found],
            "made_at": at,
        },
    )
    return review


def _told(remark: Remark, pack: Pack) -> dict[str, Any]:
    return {
        "fault": remark.fault.value,
        "problem": remark.problem.value if remark.problem else "",
        "measure": remark.measure,
        "where": list(remark.where),
        "severity": remark.severity.value,
        "example": facts_stated(remark.example, pack.catalogue),
    }
