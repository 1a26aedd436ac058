"""The orders in which the library is read."""

import datetime as dt

from django.db.models import Case, F, FloatField, OuterRef, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Extract

from lianqi.policies.enums import PolicyOrder
from lianqi.policies.models import PolicyDocumentQuerySet, PolicyReads


def placed(
    documents: PolicyDocumentQuerySet, order: PolicyOrder, *, on: dt.date
) -> PolicyDocumentQuerySet:
    """Documents with `place`, by which an order sorts: the smallest comes first.

    What has no day in question, or is over, comes behind everything that has one.
    """
    match order:
        case PolicyOrder.PUBLISHED:
            age = Extract(F("made_known_at"), "epoch", output_field=FloatField())
            return documents.annotate(place=Coalesce(-age, Value(0.0)))
        case PolicyOrder.EXPIRING:
            still = Case(When(valid_until__gte=on, ended_on=None, then=F("valid_until")))
            return documents.annotate(place=Coalesce(still, Value(dt.date.max)))
        case PolicyOrder.READ:
            reads = PolicyReads.objects.filter(document=OuterRef("pk")).order_by()
            total = reads.values("document").annotate(total=Sum("count")).values("total")
            return documents.annotate(place=Coalesce(-Subquery(total), Value(0)))
    return documents.annotate(place=F("title"))
