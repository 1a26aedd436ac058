"""How often one address may use a public page, without keeping the address.

The count stands under a digest of the address that a key of the day goes into. Nobody can read the
address from it, nothing ties it to a tip, and it is gone after an hour.
"""

import datetime as dt

from allauth.core.internal.httpkit import get_client_ip
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

SPAN_SECONDS = 3600


def is_within_limit(request: HttpRequest, use: str, *, most: int, at: dt.datetime) -> bool:
    """Count this use; whether it is one of the first `most` of the hour from this address."""
    hour = at.strftime("%Y%m%d%H")
    address = salted_hmac(f"lianqi.tips.{hour}", get_client_ip(request) or "").hexdigest()
    key = f"{use}:{address[:40]}"
    count = int(cache.get_or_set(key, 0, SPAN_SECONDS) or 0) + 1
    cache.set(key, count, SPAN_SECONDS)
    return count <= most
