"""Which addresses a stranger may send this server to."""

import pytest

from packages_app.upstream.sources.watch import is_public


@pytest.mark.parametrize(
    ("address", "public"),
    [
        pytest.param("93.184.216.34", True, id="an address of the internet"),
        pytest.param("2606:2800:220:1::1", True, id="a newer one"),
        pytest.param("::ffff:93.184.216.34", True, id="an old one written as a newer one"),
        pytest.param("127.0.0.1", False, id="this machine"),
        pytest.param("::1", False, id="this machine, newer"),
        pytest.param("::ffff:127.0.0.1", False, id="this machine, written as a newer one"),
        pytest.param("10.1.2.3", False, id="a private network"),
        pytest.param("192.168.1.1", False, id="a home"),
        pytest.param("169.254.169.254", False, id="where clouds hand out credentials"),
        pytest.param("::ffff:169.254.169.254", False, id="the same, written as a newer one"),
        pytest.param("fe80::1%eth0", False, id="a neighbour, with the interface"),
        pytest.param("fd00::1", False, id="a private network, newer"),
        pytest.param("100.64.0.1", False, id="behind a carrier's translation"),
        pytest.param("0.0.0.0", False, id="no address"),
        pytest.param("::", False, id="no address, newer"),
    ],
)
def test_only_the_public_internet_is_public(address, public):
    assert is_public(address) is public
