"""An index of a test's own in one folder, with another index behind it."""

import ipaddress
from datetime import UTC, datetime, timedelta

import pytest

from packages_app.upstream import advisories, bodies, keeping, rules, sources
from tests.fakes.upstream import FakeUpstream


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "data": tmp_path / "index", "upstream": {}}
    settings.STORAGES = {
        **settings.STORAGES,
        "packages": {
            "BACKEND": "packages_app.file_store.local.DurableStorage",
            "OPTIONS": {"location": tmp_path / "files", "incoming": tmp_path / "incoming"},
        },
    }
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


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 with its key in one file, signed by itself."""
    # cryptography comes with PyJWT.
    from cryptography import x509  # noqa: PLC0415 - only this fixture needs it
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415 - the same
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - the same

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "upstream.test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    encoding, none = serialization.Encoding.PEM, serialization.NoEncryption()
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, none)
    path.write_bytes(private + made.public_bytes(encoding))
    return path
