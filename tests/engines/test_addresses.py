"""Which addresses belong to the public network, however they are written."""

import pytest

from lianqi.engines.addresses import addresses_of, is_public


@pytest.mark.parametrize("address", ["223.5.5.5", "1.1.1.1", "2400:3200::1", "::ffff:223.5.5.5"])
def test_the_public_network(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "100.100.100.200", "0.0.0.1", "255.255.255.255", "224.0.0.1", "192.0.0.8",
        "198.18.0.1", "240.0.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
        "2002:7f00:1::", "2002:a00:1::",
    ],
)  # fmt: skip
def test_this_machine_and_house(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("written", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1"])
def test_an_address_in_another_spelling_is_the_same(written: str) -> None:
    assert addresses_of(written, 443) == ["127.0.0.1"]
