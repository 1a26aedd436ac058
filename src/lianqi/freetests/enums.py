"""Words of free tests (免费检测)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Accreditor(TextChoices):
    """Who vouches for an institute: for reports with legal effect, or for its competence."""

    CMA = "cma", _("CMA (metrology accreditation)")
    CNAS = "cnas", _("CNAS (laboratory accreditation)")
    OTHER = "other", _("Another accreditation")


class FreeTestStatus(TextChoices):
    OPEN = "open", pgettext_lazy("free test", "Institute sought")
    ORDERED = "ordered", pgettext_lazy("free test", "Ordered")
    TESTED = "tested", pgettext_lazy("free test", "Tested")
    WITHDRAWN = "withdrawn", pgettext_lazy("free test", "Withdrawn")


class LabOrderStatus(TextChoices):
    PLACED = "placed", pgettext_lazy("test order", "Waits for the institute")
    ACCEPTED = "accepted", pgettext_lazy("test order", "Waits for samples")
    RECEIVED = "received", pgettext_lazy("test order", "Being tested")
    DONE = "done", pgettext_lazy("test order", "Result filed")
    DECLINED = "declined", pgettext_lazy("test order", "Declined")
    CANCELLED = "cancelled", pgettext_lazy("test order", "Cancelled")


UNDER_WAY = (LabOrderStatus.PLACED, LabOrderStatus.ACCEPTED, LabOrderStatus.RECEIVED)
HOLDS_PLACES = (*UNDER_WAY, LabOrderStatus.DONE)
"""What was declined or cancelled gave its free places back."""


class Verdict(TextChoices):
    PASSED = "passed", pgettext_lazy("test item", "Passed")
    FAILED = "failed", pgettext_lazy("test item", "Not passed")


class FreeTestStep(TextChoices):
    """What a free test makes somebody owe; the force sees to it that the others act."""

    MATCH = "match_institute", _("Institute for a test")
    ANSWER = "answer_test_order", _("Answer of the institute")
    SAMPLES = "hand_in_samples", _("Samples handed in")
    RESULT = "file_test_result", _("Test result")
