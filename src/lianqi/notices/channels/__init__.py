"""How messages leave the house. A gateway speaks the language of one provider.

What they know of the zone, as addresses and secrets, is handed to them when they are made; nothing
of it is ever part of an error.
"""

from lianqi.notices.channels.gateway import Away, Gateway, NotTaken, Outgoing
from lianqi.notices.channels.mail import MailGateway
from lianqi.notices.channels.simulated import SimulatedGateway
from lianqi.notices.channels.sms import AliyunSms, SignedSms, mobile_of
from lianqi.notices.channels.wecom import WecomApp

__all__ = [
    "AliyunSms",
    "Away",
    "Gateway",
    "MailGateway",
    "NotTaken",
    "Outgoing",
    "SignedSms",
    "SimulatedGateway",
    "WecomApp",
    "mobile_of",
]
