"""An index of a test's own in one folder, with another index behind it."""

import pytest

from packages_app.upstream import advisories, bodies, keeping, rules, sources
from tests.fakes.tls import certificate
from tests.fakes.upstream import FakeUpstream
from tests.homes import in_folder


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    in_folder(settings, tmp_path, upstream={})
    yield
    for thread in tuple(keeping.asking):
        thread.join(10)
    for kept in (keeping.asking, advisories.held, rules.last):
        kept.clear()
    bodies.memory.__init__()


@pytest.fixture
def fake():
    """Another index on loopback."""
    started = FakeUpstream()
    yield started
    started.stop()


@pytest.fixture
def configure(settings):
    """Change the options about other indexes: ``configure(urls=(...), budget=0.2)``."""

    def change(**options) -> None:
        chosen = {**settings.PACKAGES_APP["upstream"], **options}
        settings.PACKAGES_APP = {**settings.PACKAGES_APP, "upstream": chosen}

    return change


@pytest.fixture
def behind(fake, configure):
    """The other index, configured; and short times, as it is near."""
    configure(urls=(fake.url,), timeout=3.0, budget=1.0)
    return fake


@pytest.fixture
def sourced(configure, monkeypatch):
    """Let sources in memory be the upstream: ``sourced(FakeSource(...))``."""

    def put(*given) -> None:
        configure(urls=tuple(source.name for source in given))
        monkeypatch.setattr(sources, "configured", lambda: given)

    return put


@pytest.fixture(scope="session", name="certificate")
def made_certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 with its key in one file, signed by itself."""
    return certificate(tmp_path_factory.mktemp("tls") / "certificate.pem")
