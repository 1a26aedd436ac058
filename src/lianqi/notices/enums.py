"""Channels, readers and states of notices."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    IN_APP = "in_app", _("In the platform")
    MAIL = "mail", _("E-mail")
    SMS = "sms", _("Text message")
    WECOM = "wecom", _("WeCom")


class Audience(TextChoices):
    """Who reads: the same event is told to civil servants and to enterprises in other words."""

    ANY = "any", _("Everybody")
    STAFF = "staff", _("People who work for the zone")
    ENTERPRISE = "enterprise", _("People of enterprises")


class Urgency(TextChoices):
    """How much a message can wait."""

    LOW = "low", _("can wait for the daily summary")
    NORMAL = "normal", _("not at night")
    URGENT = "urgent", _("at once, at night too")


class Topic(TextChoices):
    """What a message is about, as people choose it."""

    DEMANDS = "demands", _("Progress of demands")
    WORK = "work", _("New work")
    DEADLINES = "deadlines", _("Time limits")
    ACCESS = "access", _("Accounts and access")
    PLATFORM = "platform", _("Running of the platform")


class DeliveryState(TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
