"""Uploads as clients send them: what is taken, what is refused, and what each refusal says."""

import base64
import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import Client

from packages_app.accounts.entries import Principal
from packages_app.catalogue import read
from packages_app.catalogue.entries import Change
from packages_app.file_store import keys
from packages_app.file_store import read as store
from packages_app.file_store import write as store_write
from packages_app.uploads import publish as journey
from packages_app.uploads.candidate import Candidate, hashed
from packages_app.uploads.errors import TooLarge
from tests.factories import make_sdist, make_wheel, metadata, multipart, sha256, wheel_members, zipped
from tests.functional.conftest import basic

OPERATOR = Change(actor="operator", source="test")


def listed(project: str = "demo") -> dict[str, str]:
    """Return what is listed: file name to digest."""
    return {file.filename: file.sha256 for file in read.files(project)}


def offered(client: Client, data: bytes, filename: str) -> bool:
    """Return whether these bytes can be downloaded under this name."""
    answer = client.get(f"/packages/{sha256(data)}/{filename}", headers=basic())
    if answer.status_code == 302:  # a presigned link of a bucket that only this process knows
        return True
    return b"".join(answer) == data


@pytest.mark.parametrize("path", ["/legacy/", "/legacy", "/simple/", "/"])
def test_a_wheel_is_listed_as_soon_as_its_upload_is_answered(client, publish, path):
    filename, data = make_wheel()
    answer = publish(filename, data, path=path, name="demo", version="1.0", filetype="bdist_wheel")
    assert (answer.status_code, answer.content.decode()) == (200, f"{filename}: published.\n")
    assert listed() == {filename: sha256(data)}


def test_a_wheel_keeps_what_its_metadata_says(client, publish):
    core = metadata("Demo.Project", "1.0+cu121", metadata_version="2.6", requires_python=">=3.9, <4")
    filename, data = make_wheel("Demo.Project", "1.0+cu121", build="7", tag="cp311.cp312-abi3-linux_x86_64", core=core)
    assert publish(filename, data).status_code == 200
    (file,) = read.files("demo-project")
    assert (file.version, file.filetype, file.size) == ("1.0+cu121", "bdist_wheel", len(data))
    assert (file.requires_python, file.uploader) == (">=3.9, <4", "ana")
    assert read.project("demo-project").display_name == "Demo.Project"
    assert b"".join(store.stream(keys.metadata(file.sha256, filename), 0, len(core))) == core
    assert file.metadata_sha256 == sha256(core)


@pytest.mark.parametrize(
    ("stem", "name", "version"),
    [
        pytest.param("foo_bar-1.0", "foo-bar", "1.0", id="an sdist named as PEP 625 says"),
        pytest.param("foo-bar-1.0", "foo-bar", "1.0", id="an old sdist with a hyphen in its name"),
        pytest.param("foo-bar-1.0-1", "foo-bar", "1.0-1", id="an old sdist with a hyphen in its version"),
    ],
)
def test_an_sdist_is_listed(client, publish, stem, name, version):
    filename, data = make_sdist(stem=stem, core=metadata(name, version))
    answer = publish(filename, data, name=name, version=version, filetype="sdist")
    assert answer.status_code == 200, answer.content
    assert listed("foo-bar") == {filename: sha256(data)}
    assert offered(client, data, filename)


def test_the_same_bytes_again_are_a_success_that_changes_nothing(client, publish):
    filename, data = make_wheel()
    publish(filename, data)
    before = read.project("demo").serial
    again = publish(filename, data)
    assert (again.status_code, "already published" in again.content.decode()) == (200, True)
    assert read.project("demo").serial == before


def test_other_bytes_under_a_published_name_are_a_conflict(client, publish):
    filename, data = make_wheel()
    publish(filename, data)
    refused = publish(filename, make_wheel(content=b"other")[1])
    assert refused.status_code == 409
    assert "already exists" in refused.content.decode()
    assert "already exists" in refused.reason_phrase
    assert listed() == {filename: sha256(data)}


def test_overwriting_replaces_the_file_keeps_the_old_bytes_readable_and_is_logged(client, publish, configure, caplog):
    configure(overwrite=True)
    filename, old = make_wheel()
    new = make_wheel(content=b"new")[1]
    publish(filename, old)
    first = read.project("demo").serial
    answer = publish(filename, new)
    assert (answer.status_code, answer.content.decode()) == (200, f"{filename}: replaced.\n")
    assert listed() == {filename: sha256(new)}
    assert read.project("demo").serial > first
    assert offered(client, old, filename)
    assert sha256(old) in caplog.text
    # and back again: the old bytes are listed, not cleared away
    assert publish(filename, old).status_code == 200
    assert [retired.sha256 for retired in read.retired("demo")] == [sha256(new)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(make_wheel(), ("Demo-1.0-py3-none-any.whl", "1.0"), id="a wheel's name in capitals"),
        pytest.param(make_wheel(), ("demo-1.0.0-py3-none-any.whl", "1.0.0"), id="a wheel's version with a zero more"),
        pytest.param(
            make_wheel(tag="py2.py3-none-any"), ("demo-1.0-py3.py2-none-any.whl", "1.0"), id="a wheel's tags in turn"
        ),
    ],
)
def test_overwriting_is_not_got_around_by_another_spelling(client, publish, first, second):
    filename, data = first
    assert publish(filename, data).status_code == 200
    other, version = second
    tag = other.removesuffix(".whl").split("-", 2)[2]
    core = metadata("demo", version)
    answer = publish(other, zipped(wheel_members("demo", version, tag=tag, core=core, content=b"evil")))
    assert (answer.status_code, filename in answer.content.decode()) == (409, True)
    assert "already exists" in answer.reason_phrase
    assert listed() == {filename: sha256(data)}


def test_a_second_sdist_of_a_version_is_refused(client, publish):
    filename, data = make_sdist("foo-bar")
    assert publish(filename, data).status_code == 200
    other = make_sdist("foo-bar", stem="foo-bar-1.0", content=b"other")
    assert publish(*other).status_code == 409
    assert listed("foo-bar") == {filename: sha256(data)}


@pytest.mark.parametrize("damaged", [False, True], ids=["lost", "damaged"])
def test_the_same_bytes_again_bring_back_bytes_that_were(client, publish, damaged):
    filename, data = make_wheel()
    publish(filename, data)
    stored = keys.blob(sha256(data), filename)
    if damaged:
        store_write.put_bytes(stored, data[:-1] + b"x")
    else:
        store_write.remove(stored)
    assert publish(filename, data).status_code == 200
    assert store.read(stored, 10**6) == data


def test_attestations_are_kept_beside_the_file(client, publish):
    filename, data = make_wheel()
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": filename, "digest": {"sha256": sha256(data)}}],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {},
    }
    attestation = {
        "version": 1,
        "verification_material": {"certificate": base64.b64encode(b"c").decode(), "transparency_entries": [{"a": 1}]},
        "envelope": {
            "statement": base64.b64encode(json.dumps(statement).encode()).decode(),
            "signature": base64.b64encode(b"s").decode(),
        },
    }
    assert publish(filename, data, attestations=json.dumps([attestation])).status_code == 200
    (file,) = read.files("demo")
    kept = store.read(keys.attestations(file.sha256, filename), 10**6)
    assert sha256(kept) == file.attestations_sha256
    assert json.loads(kept)[0]["envelope"] == attestation["envelope"]


def test_sixteen_writers_of_one_name_have_one_winner(home, auth):
    wheels = [make_wheel(content=bytes([number])) for number in range(16)]
    start = threading.Barrier(16)

    def send(number: int) -> int:
        filename, data = wheels[number]
        body, content_type = multipart({"sha256_digest": sha256(data)}, [("content", filename, data)])
        start.wait()
        return Client().post("/legacy/", data=body, content_type=content_type, headers=auth).status_code

    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(send, range(16)))
    assert sorted(statuses) == [200] + [409] * 15
    (file,) = read.files("demo")
    assert file.sha256 == sha256(wheels[statuses.index(200)][1])
    stored = b"".join(store.stream(keys.blob(file.sha256, file.filename), 0, file.size))
    assert sha256(stored) == file.sha256


def test_publish_refuses_a_candidate_over_the_limit_from_any_door(home, configure, tmp_path):
    configure(max_upload_bytes=10)
    filename, data = make_wheel()
    path = tmp_path / filename
    path.write_bytes(data)
    hasher = hashed([data])
    candidate = Candidate(
        filename=filename,
        path=path,
        size=hasher.size,
        digests=hasher.digests(),
        principal=Principal(name="ana"),
        source="test",
    )
    with pytest.raises(TooLarge):
        journey.publish(candidate)
