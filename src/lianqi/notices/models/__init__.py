"""Messages to people, how they want them, and the outbox from which those that leave are sent."""

from lianqi.notices.models.choices import MessageChoice, TopicChoice
from lianqi.notices.models.notices import Notice, NoticeQuerySet
from lianqi.notices.models.outbox import Delivery, DeliveryQuerySet
from lianqi.notices.models.wordings import OwnWording

__all__ = [
    "Delivery",
    "DeliveryQuerySet",
    "MessageChoice",
    "Notice",
    "NoticeQuerySet",
    "OwnWording",
    "TopicChoice",
]
