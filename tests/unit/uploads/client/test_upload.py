"""The pieces of the one-file client: what it reads, and whom it trusts."""

import ast
import io
import json
import sys
from pathlib import Path

import pytest

from packages_app.uploads.client import upload
from packages_app.uploads.client.upload import Credentials, Misused
from tests.factories import make_sdist, make_wheel, metadata, sha256, tarred, zipped
from tests.unit.uploads.client.conftest import INDEX, put, quiet

SOURCE = Path(upload.__file__)


# --- The file itself ----------------------------------------------------------------------------------------------


def test_the_oldest_python_that_is_promised_can_parse_it():
    ast.parse(SOURCE.read_text(), feature_version=(3, 9))


def test_it_imports_the_standard_library_alone():
    names = set()
    for node in ast.walk(ast.parse(SOURCE.read_text())):
        if isinstance(node, ast.Import):
            names |= {each.name.partition(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module.partition(".")[0])
    assert names <= sys.stdlib_module_names


# --- Files --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("made", [make_wheel("Some.Demo", "1.0"), make_sdist("Some.Demo", "1.0")])
def test_name_and_version_are_the_metadatas(made, tmp_path):
    [dist] = upload.read_dists([str(put(tmp_path, made))], quiet())
    assert (dist.name, dist.version, dist.filename) == ("Some.Demo", "1.0", made[0])
    assert (dist.size, dist.sha256, dist.attestations) == (len(made[1]), sha256(made[1]), "")


def test_patterns_signatures_and_repetitions_are_understood(tmp_path):
    wheel = put(tmp_path, make_wheel())
    put(tmp_path, (f"{wheel.name}.asc", b"x"))
    dists = upload.read_dists([str(tmp_path / "*"), str(wheel)], quiet())
    assert [dist.path for dist in dists] == [wheel]


def test_a_link_keeps_its_name(tmp_path):
    (tmp_path / "store").write_bytes(make_wheel()[1])
    (tmp_path / make_wheel()[0]).symlink_to(tmp_path / "store")
    [dist] = upload.read_dists([str(tmp_path / "*.whl")], quiet())
    assert dist.filename == make_wheel()[0]


def test_attestations_beside_a_file_go_with_it(tmp_path):
    wheel = put(tmp_path, make_wheel())
    put(tmp_path, (f"{wheel.name}.publish.attestation", b'{"version": 1}'))
    put(tmp_path, (f"{wheel.name}.slsa.attestation", b'{"version": 2}'))
    put(tmp_path, ("other.publish.attestation", b"{}"))
    [dist] = upload.read_dists([str(tmp_path / "*")], quiet())
    assert json.loads(dist.attestations) == [{"version": 1}, {"version": 2}]


@pytest.mark.parametrize(
    ("filename", "data", "says"),
    [
        pytest.param("demo-1.0.egg", b"", "neither a wheel", id="another kind of file"),
        pytest.param("gone.whl", None, "no such file", id="a file that is not there"),
        pytest.param("demo-1.0-py3-none-any.whl", b"no zip", "no sound archive", id="no archive"),
        pytest.param("demo-1.0.tar.gz", make_sdist()[1][:60], "no sound archive", id="half an archive"),
        pytest.param("demo-1.0-py3-none-any.whl", zipped({"a": b"b"}), "no METADATA", id="a wheel without metadata"),
        pytest.param("demo-1.0.tar.gz", tarred({"a/b": b"b"}), "no METADATA or PKG-INFO", id="no PKG-INFO"),
        pytest.param("demo-1.0.tar.gz", tarred({"a/b/PKG-INFO": metadata()}), "no METADATA", id="one of a part"),
        pytest.param("demo-1.0.tar.gz", tarred({"a/PKG-INFO": b"Name: demo\n\n"}), "no Version", id="no version"),
        pytest.param(
            "demo-1.0-py3-none-any.whl",
            zipped({"demo-1.0.dist-info/METADATA": metadata() + bytes(5 * upload.MB)}),
            "at most 4 MB",
            id="metadata without end",
        ),
    ],
)
def test_a_file_that_cannot_be_published_is_told_before_anything_is_sent(filename, data, says, tmp_path):
    if data is not None:
        put(tmp_path, (filename, data))
    with pytest.raises(Misused, match=says) as refused:
        upload.read_dists([str(tmp_path / filename)], quiet())
    assert str(refused.value).startswith(f"{filename}: ")


def test_every_wrong_file_has_its_sentence(tmp_path):
    put(tmp_path, make_wheel())
    (tmp_path / "folder.whl").mkdir()
    put(tmp_path, ("notes.txt", b""))
    put(tmp_path, (f"{make_wheel()[0]}.x.attestation", b"no JSON"))
    with pytest.raises(Misused) as refused:
        upload.read_dists([str(tmp_path / "*")], quiet())
    assert len(str(refused.value).splitlines()) == 3


def test_no_file_at_all_is_a_wrong_call(tmp_path):
    with pytest.raises(Misused, match="There is no wheel"):
        upload.read_dists([str(put(tmp_path, ("demo.asc", b"")))], quiet())


# --- Credentials --------------------------------------------------------------------------------------------------

PYPIRC = """\
[distutils]
index-servers = other private
[other]
repository = https://index.example/legacy/
username = wrong
password = wrong
[private]
repository = https://INDEX.example:443/dev/legacy/
username = ana
password = pa:ss%wörd
"""


@pytest.mark.parametrize(
    ("variables", "files", "expected"),
    [
        pytest.param({"ELASTIC_PYPI_TOKEN": "t", "TWINE_PASSWORD": "p"}, {}, ("__token__", "t"), id="a token"),
        pytest.param({"UV_PUBLISH_TOKEN": "t"}, {}, ("__token__", "t"), id="uv's token"),
        pytest.param({"TWINE_USERNAME": "ana", "TWINE_PASSWORD": "p"}, {}, ("ana", "p"), id="twine's variables"),
        pytest.param({"TWINE_PASSWORD": "p"}, {}, ("__token__", "p"), id="twine's password is a token's"),
        pytest.param({}, {".pypirc": PYPIRC}, ("ana", "pa:ss%wörd"), id="the section of this index"),
        pytest.param({}, {".netrc": "machine index.example login ben password p"}, ("ben", "p"), id="netrc"),
        pytest.param(
            {},
            {".pypirc": PYPIRC, ".netrc": "machine index.example login ben password p"},
            ("ana", "pa:ss%wörd"),
            id="both",
        ),
    ],
)
def test_the_first_credentials_that_there_are(variables, files, expected, monkeypatch, tmp_path):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / name).chmod(0o600)
    found = upload.find_credentials(INDEX, None)
    assert (found.user, found.password) == expected
    assert f"={expected[1]!r}" not in repr(found)


@pytest.mark.parametrize(
    ("files", "says"),
    [
        pytest.param({}, "set ELASTIC_PYPI_TOKEN", id="nothing anywhere"),
        pytest.param({".netrc": "default login ana password p"}, "no credentials", id="netrc's entry for any host"),
        pytest.param({".netrc": "machine other.example login a password p"}, "no credentials", id="another host"),
        pytest.param({".pypirc": PYPIRC.replace("/dev", "/prod")}, "no credentials", id="another index of the host"),
        pytest.param({".pypirc": "no section"}, "pypirc cannot be read", id="a broken pypirc"),
        pytest.param({".netrc": "machine"}, "netrc cannot be read", id="a broken netrc"),
        pytest.param({".netrc": "machine index.example login a:b password p"}, "colon", id="a colon in the name"),
    ],
)
def test_no_credentials_are_made_up(files, says, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    for name, text in files.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o600)
    with pytest.raises(Misused, match=says):
        upload.find_credentials(INDEX, None)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_what_is_not_needed_is_not_read(monkeypatch, tmp_path):
    (tmp_path / ".pypirc").write_text("broken")
    monkeypatch.setenv("ELASTIC_PYPI_TOKEN", "t")
    assert upload.find_credentials(INDEX, None).password == "t"


def test_a_terminal_is_asked(monkeypatch):
    monkeypatch.setattr(sys, "stdin", Terminal("ana\n"))
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(upload.getpass, "getpass", lambda prompt: f"for {prompt}")
    assert upload.find_credentials(INDEX, None) == Credentials("ana", "for Password: ", "the prompt")


# --- Addresses ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "index"),
    [
        ("https://index.example", "https://index.example/"),
        ("https://Index.example:443/dev", "https://index.example/dev/"),
        ("https://index.example/dev/legacy/", "https://index.example/dev/"),
        ("https://index.example/dev/upload.py", "https://index.example/dev/"),
        ("http://[::1]:8000/simple/?x#y", "http://[::1]:8000/"),
    ],
)
def test_every_address_of_an_index_leads_to_it(given, index):
    assert upload.split_index(given) == (index, None)


def test_credentials_in_an_address_are_taken_out_of_it():
    index, found = upload.split_index("https://ana:pa%3Ass@index.example/")
    assert (index, found.user, found.password) == ("https://index.example/", "ana", "pa:ss")


def test_a_user_in_an_address_is_only_asked_for_the_password(monkeypatch):
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(upload.getpass, "getpass", lambda prompt: "secret")
    found = upload.find_credentials(*upload.split_index("https://ana@index.example/"))
    assert (found.user, found.password) == ("ana", "secret")


@pytest.mark.parametrize("given", ["", "index.example", "ftp://index.example/", "https://", "http://a:b:c/"])
def test_no_address(given):
    with pytest.raises(Misused, match="--url"):
        upload.split_index(given)


@pytest.mark.parametrize(
    ("url", "is_it"),
    [
        ("http://127.0.0.1:8000/", True),
        ("http://127.8.8.8/", True),
        ("http://[::1]/", True),
        ("http://localhost/", True),
        ("http://localhost.example/", False),
        ("http://10.0.0.1/", False),
        ("http://127.0.0.1.example/", False),
    ],
)
def test_what_loopback_is(url, is_it):
    assert upload.is_loopback(url) is is_it
