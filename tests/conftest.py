"""What every test shares."""

from functools import cache

import botocore.loaders
import botocore.session
import pytest


@pytest.fixture(scope="session", autouse=True)
def _models_of_aws_are_read_once():
    """Let every AWS client of a run share the service descriptions: reading them again takes most of a test's time."""
    patch = pytest.MonkeyPatch()
    patch.setattr(botocore.session, "create_loader", cache(botocore.loaders.create_loader))
    yield
    patch.undo()
