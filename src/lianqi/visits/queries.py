"""Page-shaped answers about visits."""

from dataclasses import dataclass

from django.db.models import Count

from lianqi.visits.models import VisitQuerySet


@dataclass(frozen=True, slots=True)
class VisitCount:
    """Visits (家次) and the distinct enterprises visited (家): two easily mixed figures."""

    visits: int
    firms: int


def visit_count(visits: VisitQuerySet) -> VisitCount:
    """Of recorded visits; drafts count nowhere."""
    found = visits.recorded().order_by()
    return VisitCount(
        **found.aggregate(visits=Count("pk"), firms=Count("enterprise", distinct=True))
    )
