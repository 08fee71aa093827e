"""What every test shares."""

import signal
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


@pytest.fixture(scope="session", autouse=True)
def _programs_hear_of_an_interrupt():
    """Let programs that tests start hear of Ctrl-C: a shell's background job ignores it, and hands that down to all."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    if before is signal.SIG_IGN:
        signal.signal(signal.SIGINT, before)
