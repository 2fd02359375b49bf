"""Which addresses are refused, in every way of writing them."""

import pytest

from extractors.addresses import Guard, parse_allowed, refusal
from models.errors import ConfigurationError


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.10", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1",
        "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1",
        "2001:0:4136:e378:8000:63bf:80ff:fffe", "not-an-ip", "",
    ],
)  # fmt: skip
def test_private_and_reserved_addresses_are_refused(address: str) -> None:
    assert refusal(address)


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "2a00:1450:4007:80e::200e", "::ffff:93.184.215.14", "64:ff9b::5db8:d70e"]
)
def test_public_addresses_are_not(address: str) -> None:
    assert refusal(address) is None


def test_only_the_host_and_port_that_were_named_are_open() -> None:
    guard = Guard(["127.0.0.1:8808", "[::1]:81", "intranet:80"])
    assert guard.refuses_socket("127.0.0.1", 8808) is None
    assert guard.refuses_socket("::1", 81) is None
    assert guard.refuses_socket("127.0.0.1", 8809)
    assert guard.refuses_name("mal.example", 8808, "127.0.0.1")
    assert guard.refuses_name("2130706433", 8808, "127.0.0.1")
    assert guard.refuses_socket("10.0.0.5", 80)
    assert guard.refuses_name("INTRANET", 80, "10.0.0.5") is None
    assert guard.refuses_socket("10.0.0.5", 80) is None


@pytest.mark.parametrize("entry", ["127.0.0.1", "127.0.0.1:", ":80", "a:0", "a:70000", "a:x"])
def test_a_wrong_entry_is_told(entry: str) -> None:
    with pytest.raises(ConfigurationError, match="hôte:port"):
        parse_allowed([entry])
