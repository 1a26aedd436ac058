"""Words of supervision orders."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OrderStatus(TextChoices):
    ISSUED = "issued", _("Waiting for the unit")
    ANSWERED = "answered", _("Answered, to be reviewed")
    CLOSED = "closed", pgettext_lazy("supervision order", "Settled")
    WITHDRAWN = "withdrawn", pgettext_lazy("supervision order", "Taken back")


class OrderStep(TextChoices):
    """What an order makes somebody owe."""

    ANSWER = "answer_order", _("Answer a supervision order")
    REVIEW = "review_order", _("Review an answer to a supervision order")
