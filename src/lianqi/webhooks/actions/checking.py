"""Where the platform may send: to the public network, and to hosts the operator named."""

from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit

from lianqi.engines.addresses import addresses_of, is_public
from lianqi.webhooks.errors import AddressNotAllowed, AddressNotKnown, AddressNotPublic

PORTS = {"https": 443, "http": 80}


def checked_address(url: str, *, internal: Collection[str]) -> str:
    """The IP address to connect to for this address of a webhook.

    It is looked up and judged right before every connection, which then goes to exactly this
    address: a name that leads elsewhere a moment later cannot lead inside.

    Args:
        internal: Hosts of the zone's own network that may be told, also over plain HTTP.

    Raises:
        AddressNotAllowed: It is not https, or not the address of a server.
        AddressNotKnown: Nobody has this name.
        AddressNotPublic: One of its addresses is private.
    """
    parts = _parts(url)
    host = parts.hostname or ""
    is_internal = host in internal
    if not host or parts.username is not None or parts.fragment:
        raise AddressNotAllowed
    if parts.scheme != "https" and not (is_internal and parts.scheme == "http"):
        raise AddressNotAllowed
    try:
        found = addresses_of(host, parts.port or PORTS[parts.scheme])
    except (OSError, UnicodeError):
        raise AddressNotKnown(host=host) from None
    if not is_internal and not all(map(is_public, found)):
        raise AddressNotPublic(host=host)
    return found[0]


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise AddressNotAllowed from None
    # What a header or a log could be broken with is no address.
    if any(each.isspace() or not each.isprintable() for each in url):
        raise AddressNotAllowed
    return parts
