"""Text messages: a signed gateway of the zone's own, or Aliyun's short message service."""

import datetime as dt
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from lianqi.notices.channels.gateway import Away, NotTaken, Outgoing, post_json

# Providers bill by parts of 70 characters; three parts say enough.
MOST_CHARACTERS = 200
_MOBILE = re.compile(r"1[3-9]\d{9}")
ACCEPTED = range(200, 300)


def mobile_of(message: Outgoing) -> str:
    """The mobile number of mainland China, eleven digits.

    Raises:
        NotTaken: It is none.
    """
    number = re.sub(r"^(\+?86)?", "", re.sub(r"[\s-]", "", message.address))
    if not _MOBILE.fullmatch(number):
        raise NotTaken("not a mobile number of eleven digits", is_final=True)
    return number


class SignedSms:
    """A gateway that takes `{"id", "to", "text"}` as JSON, signed with a shared secret.

    Headers: `X-Lianqi-Timestamp` (seconds since 1970) and `X-Lianqi-Signature`, the hexadecimal
    HMAC-SHA256 of `timestamp.body`. The gateway answers 2xx with `{"reference": "…"}`, 4xx if it
    will never send this message, and knows a repeated `id` as the same message.
    """

    is_simulated = False

    def __init__(self, *, url: str, secret: str) -> None:
        self.url, self.secret = url, secret

    def send(self, message: Outgoing, *, at: dt.datetime) -> str:
        number = mobile_of(message)
        text = message.in_one(MOST_CHARACTERS)
        body = json.dumps({"id": message.key, "to": number, "text": text}).encode()
        stamp = str(int(at.timestamp()))
        signed = hmac.new(self.secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256)
        headers = {
            "Content-Type": "application/json",
            "X-Lianqi-Timestamp": stamp,
            "X-Lianqi-Signature": signed.hexdigest(),
        }
        answer, said = post_json(self.url, body, headers)
        if answer.status in {401, 403}:
            raise Away(f"the gateway does not know this zone: {answer.status}")
        if answer.status not in ACCEPTED:
            raise NotTaken(f"the gateway answered {answer.status}", is_final=True)
        return str(said.get("reference", ""))

    def close(self) -> None:
        """Nothing is held open."""


class AliyunSms:
    """Aliyun short message service, SendSms of 2017-05-25, requests signed by ACS3-HMAC-SHA256.

    Texts are templates that Aliyun has approved; the zone registers one with two variables, such as
    `您有一条新通知：${title}。${text}`, and names it. Documented at
    https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature and
    https://help.aliyun.com/zh/sms/developer-reference/api-dysmsapi-2017-05-25-sendsms
    (read 2026-11-21).
    """

    is_simulated = False
    # Answers that mean: not now. The others concern this message, number or template.
    BUSY = frozenset(
        {"isv.BUSINESS_LIMIT_CONTROL", "isp.SYSTEM_ERROR", "isv.OUT_OF_SERVICE", "Throttling.User"}
    )
    # Answers that mean: the zone's own settings are wrong, so nothing can be sent.
    SETTINGS = frozenset(
        {
            "InvalidAccessKeyId.NotFound",
            "SignatureDoesNotMatch",
            "isv.ACCOUNT_ABNORMAL",
            "isv.ACCOUNT_NOT_EXISTS",
            "isv.AMOUNT_NOT_ENOUGH",
            "isv.PRODUCT_UN_SUBSCRIPT",
            "isv.SMS_SIGNATURE_ILLEGAL",
            "isv.SMS_TEMPLATE_ILLEGAL",
        }
    )

    def __init__(
        self,
        *,
        key_id: str,
        secret: str,
        sign_name: str,
        template: str,
        endpoint: str = "https://dysmsapi.aliyuncs.com",
    ) -> None:
        self.key_id, self.secret = key_id, secret
        self.sign_name, self.template, self.endpoint = sign_name, template, endpoint

    def send(self, message: Outgoing, *, at: dt.datetime) -> str:
        values = {"title": message.title[:35], "text": message.body[:35]}
        query = {
            "OutId": message.key,
            "PhoneNumbers": mobile_of(message),
            "SignName": self.sign_name,
            "TemplateCode": self.template,
            "TemplateParam": json.dumps(values, ensure_ascii=False),
        }
        headers = acs3_headers(
            "SendSms",
            "2017-05-25",
            host=urlsplit(self.endpoint).netloc,
            query=query,
            key_id=self.key_id,
            secret=self.secret,
            nonce=f"{message.key}-{at.timestamp()}",
            at=at,
        )
        _answer, said = post_json(f"{self.endpoint}/?{canonical_query(query)}", b"", headers)
        code = str(said.get("Code", ""))
        if code == "OK":
            return str(said.get("BizId", ""))
        if code in self.BUSY:
            raise Away(f"Aliyun: {code}", wait=dt.timedelta(minutes=10))
        if code in self.SETTINGS or not code:
            raise Away(f"Aliyun: {code or 'an answer without a code'}")
        raise NotTaken(f"Aliyun: {code}", is_final=True)

    def close(self) -> None:
        """Nothing is held open."""


def acs3_headers(
    action: str,
    version: str,
    *,
    host: str,
    query: Mapping[str, str],
    key_id: str,
    secret: str,
    nonce: str,
    at: dt.datetime,
) -> dict[str, str]:
    """The headers of a POST without a body, with the signature of ACS3-HMAC-SHA256."""
    headers = {
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        "x-acs-date": f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}",
        "x-acs-signature-nonce": nonce,
        "x-acs-version": version,
    }
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    asked = "\n".join(
        ["POST", "/", canonical_query(query), lines, names, headers["x-acs-content-sha256"]]
    )
    to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(asked.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    headers["Authorization"] = (
        f"ACS3-HMAC-SHA256 Credential={key_id},SignedHeaders={names},Signature={signature}"
    )
    return headers


def canonical_query(query: Mapping[str, str]) -> str:
    """Sorted, and percent-encoded as RFC 3986 has it."""
    return "&".join(
        f"{quote(name, safe='')}={quote(query[name], safe='')}" for name in sorted(query)
    )
