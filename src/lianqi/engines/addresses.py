"""Where a name on the network leads, and whether that is a place of the public network."""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

# Addresses that carry another one inside: what counts is the one they lead to.
_NAT64 = ip_network("64:ff9b::/96")
_SPECIAL = ip_network("192.0.0.0/24")


def addresses_of(host: str, port: int) -> list[str]:
    """The IP addresses of a name, or of an address in any way of writing it.

    Raises:
        OSError: The name is not known.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public network, not to this house or machine.

    Example:
        >>> is_public("10.0.0.1"), is_public("::ffff:127.0.0.1"), is_public("223.5.5.5")
        (False, False, True)
    """
    ip = _innermost(ip_address(address.partition("%")[0]))
    return ip.is_global and not ip.is_multicast and ip not in _SPECIAL


def _innermost(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
    return inner or ip
