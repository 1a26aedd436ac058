"""Channels, readers and states of notices."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    IN_APP = "in_app", _("In the platform")
    MAIL = "mail", _("E-mail")
    SMS = "sms", _("Text message")
    WECOM = "wecom", _("WeCom")


# Those that leave the house; the platform itself is never switched off.
LEAVING = (Channel.MAIL, Channel.SMS, Channel.WECOM)
# What somebody gets who has chosen nothing. Text messages cost money and are asked for.
USUAL_CHANNELS = (Channel.MAIL,)


class Audience(TextChoices):
    """Who reads: the same event is told to civil servants and to enterprises in other words."""

    ANY = "any", _("Everybody")
    STAFF = "staff", _("People who work for the zone")
    ENTERPRISE = "enterprise", _("People of enterprises")


class Urgency(TextChoices):
    """How much a message can wait."""

    LOW = "low", _("never by text message")
    NORMAL = "normal", _("not at night")
    URGENT = "urgent", _("at once, at night too")


class Topic(TextChoices):
    """What a message is about, as people choose it."""

    DEMANDS = "demands", _("Progress of demands")
    WORK = "work", _("New work")
    DEADLINES = "deadlines", _("Time limits")
    ACCESS = "access", _("Accounts and access")
    FIGURES = "figures", _("Figures and reports")
    POLICIES = "policies", _("Policies that fit the enterprise")
    PLATFORM = "platform", _("Running of the platform")


# A time limit that the law sets, and what happens to one's own account, cannot be switched off:
# the first of these channels at which the person can be reached is used whatever was chosen.
OBLIGATORY: Mapping[Topic, tuple[Channel, ...]] = {
    Topic.DEADLINES: LEAVING,
    Topic.ACCESS: LEAVING,
}
# Work of somebody who is away goes to the stand-in; so do the messages about it.
FOR_STAND_INS = frozenset({Topic.WORK, Topic.DEADLINES})


class DeliveryState(TextChoices):
    WAITING = "waiting", _("Waiting")
    HELD = "held", _("Held for the daily summary")
    BUNDLED = "bundled", _("In a daily summary")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    DROPPED = "dropped", _("Not sent")
