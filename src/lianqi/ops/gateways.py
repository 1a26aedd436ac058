"""The ways out of the house, made from what the environment says."""

import functools

from django.conf import settings

from lianqi.notices.channels import (
    AliyunSms,
    Gateway,
    MailGateway,
    SignedSms,
    SimulatedGateway,
    WecomApp,
    mobile_of,
)
from lianqi.notices.enums import Channel


@functools.cache
def gateways() -> dict[str, Gateway]:
    """By channel, made once per process: WeCom's access token is kept in its gateway."""
    ways: dict[str, Gateway] = {
        Channel.MAIL: MailGateway(
            is_simulated=settings.SIMULATED_CHANNELS and not settings.EMAIL_HOST
        )
    }
    if settings.SMS_URL:
        ways[Channel.SMS] = SignedSms(url=settings.SMS_URL, secret=settings.SMS_SECRET)
    elif settings.ALIYUN_KEY_ID:
        ways[Channel.SMS] = AliyunSms(
            key_id=settings.ALIYUN_KEY_ID,
            secret=settings.ALIYUN_KEY_SECRET,
            sign_name=settings.ALIYUN_SMS_SIGN,
            template=settings.ALIYUN_SMS_TEMPLATE,
        )
    if settings.WECOM_CORP_ID:
        ways[Channel.WECOM] = WecomApp(
            corp_id=settings.WECOM_CORP_ID,
            secret=settings.WECOM_SECRET,
            agent_id=settings.WECOM_AGENT_ID,
        )
    if settings.SIMULATED_CHANNELS:
        ways.setdefault(Channel.SMS, SimulatedGateway(mobile_of))
        ways.setdefault(Channel.WECOM, SimulatedGateway())
    return ways
