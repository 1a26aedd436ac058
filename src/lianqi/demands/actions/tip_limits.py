"""How often one address may send or look up tips, without keeping the address.

The count stands under a digest of the address that a key of the hour goes into. Nobody can read the
address from it, nothing ties it to a tip, and it is gone after an hour. Page and API share it.
"""

import datetime as dt

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from lianqi.demands.errors import TipsTooOften

MOST_TIPS, MOST_LOOKS = 5, 60  # within an hour from one address
SPAN_SECONDS = 3600


def count_tip(address: str, *, at: dt.datetime) -> None:
    """Count a tip that is sent from this address.

    Raises:
        TipsTooOften: It is more than the most of the hour.
    """
    _count("tip", address, MOST_TIPS, at)


def count_look(address: str, *, at: dt.datetime) -> None:
    """Count a look at a tip, or a message about it: the code shall not be guessed.

    Raises:
        TipsTooOften: It is more than the most of the hour.
    """
    _count("tip-look", address, MOST_LOOKS, at)


def _count(use: str, address: str, most: int, at: dt.datetime) -> None:
    hour = at.strftime("%Y%m%d%H")
    digest = salted_hmac(f"lianqi.tips.{hour}", address).hexdigest()
    key = f"{use}:{digest[:40]}"
    count = int(cache.get_or_set(key, 0, SPAN_SECONDS) or 0) + 1
    cache.set(key, count, SPAN_SECONDS)
    if count > most:
        raise TipsTooOften
