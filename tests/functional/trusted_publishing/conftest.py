"""A CI service that this index trusts, in every home."""

import pytest

from tests.factories import make_wheel
from tests.fakes.ci import CiService
from tests.functional.conftest import basic


@pytest.fixture(scope="module")
def running():
    made = CiService()
    yield made
    made.close()


@pytest.fixture
def service(running, home, configure):
    """The service as it should be, trusted by the settings."""
    fresh = dict(running.claims)
    running.document, running.status, running.asked = {}, 200, []
    configure(trusted_issuers=(("github", running.issuer),))
    yield running
    running.claims = fresh


@pytest.fixture
def upload(publish):
    """Upload a wheel with a token of this index."""
    return lambda name, given, version="1.0": publish(*make_wheel(name, version), headers=basic("__token__", given))
