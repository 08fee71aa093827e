"""A person publishes with attestations that lie beside the built files; uv sends them unasked."""

import base64
import json

from tests.clients.projects import distributions, make_project
from tests.factories import sha256


def test_uv_sends_the_attestation_beside_a_file_and_the_index_takes_it(machine, server):
    project = make_project(machine.home / "project", "attested")
    for path in distributions(project):
        attest(path, path.name, sha256(path.read_bytes()))
    with server.requests() as requests:
        machine.run(*publish_everything(server), PWD=str(project))
    assert len(requests) == len(server.files("attested")) == 2


def test_an_attestation_about_another_file_is_refused_and_uv_shows_why(machine, server):
    project = make_project(machine.home / "project", "misattested")
    for path in distributions(project):
        attest(path, "another-1.0-py3-none-any.whl", sha256(path.read_bytes()))
    said = machine.fails(*publish_everything(server), PWD=str(project))
    assert "is about 'another-1.0-py3-none-any.whl', but came with misattested-1.0" in said
    assert server.files("misattested") == []


def publish_everything(server) -> tuple[str, ...]:
    """Return uv's command for all that lies in dist; it finds attestations only among the files it is given."""
    where = ("--publish-url", server.upload_url, "--username", server.user, "--password", server.password)
    return ("uv", "publish", *where, "dist/*")


def attest(path, name: str, digest: str) -> None:
    """Write an attestation of the right form beside a file; nothing in it is signed."""
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": name, "digest": {"sha256": digest}}],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {},
    }
    attestation = {
        "version": 1,
        "verification_material": {"certificate": encoded(b"certificate"), "transparency_entries": [{"logIndex": "1"}]},
        "envelope": {"statement": encoded(json.dumps(statement).encode()), "signature": encoded(b"signature")},
    }
    path.with_name(f"{path.name}.publish.attestation").write_text(json.dumps(attestation))


def encoded(data: bytes) -> str:
    """Return base64."""
    return base64.b64encode(data).decode()
