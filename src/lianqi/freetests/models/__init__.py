"""Tables of free tests: institutes and what they offer, what is to be tested, orders."""

from lianqi.freetests.models.free_tests import FreeTest, FreeTestQuerySet
from lianqi.freetests.models.institutes import (
    Accreditation,
    Institute,
    InstituteQuerySet,
    LabOffer,
    LabOfferQuerySet,
)
from lianqi.freetests.models.orders import LabItem, LabOrder, LabOrderQuerySet

__all__ = [
    "Accreditation",
    "FreeTest",
    "FreeTestQuerySet",
    "Institute",
    "InstituteQuerySet",
    "LabItem",
    "LabOffer",
    "LabOfferQuerySet",
    "LabOrder",
    "LabOrderQuerySet",
]
