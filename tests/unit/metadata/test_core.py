"""Core metadata: strict in what identifies, lenient in what describes."""

import time

import pytest

from packages_app.metadata import core
from packages_app.metadata.errors import BadMetadata
from tests.factories import metadata

FULL = b"""\
Metadata-Version: 2.6
Name: Foo.Bar
Version: 1.0-rc1
Summary: A demo.
Author: Ana
Author-email: ana@example.invalid
Maintainer: Bo
Maintainer-email: bo@example.invalid
License-Expression: MIT
License-File: LICENSE
License-File: NOTICE
License: UNKNOWN
Home-page: UNKNOWN
Download-URL: https://index.example/foo
Keywords: one,two
Classifier: Programming Language :: Python
Classifier: No Such :: Classifier
Platform: UNKNOWN
Project-URL: Source, https://index.example/source
Project-URL: Source, https://index.example/mirror
Requires-Dist: baz>=1; extra == "x"
Requires-Dist: qux @ https://index.example/qux.whl
Requires-Python: >=3.9, <4
Provides-Extra: x
Import-Name: foo
Import-Namespace: bar
Dynamic: License
Description-Content-Type: text/markdown
X-Unknown: tolerated

# Title

Text.
"""


def test_every_field_is_read():
    found = core.parse(FULL)

    assert (found.metadata_version, found.name, found.version) == ("2.6", "Foo.Bar", "1.0-rc1")
    assert (found.summary, found.requires_python) == ("A demo.", ">=3.9, <4")
    assert (found.author, found.author_email) == ("Ana", "ana@example.invalid")
    assert (found.maintainer, found.maintainer_email) == ("Bo", "bo@example.invalid")
    assert (found.license, found.license_expression, found.license_files) == ("", "MIT", ("LICENSE", "NOTICE"))
    assert (found.home_page, found.download_url) == ("", "https://index.example/foo")
    assert (found.keywords, found.platforms) == (("one", "two"), ())
    assert found.classifiers == ("Programming Language :: Python", "No Such :: Classifier")
    assert found.project_urls == (
        ("Source", "https://index.example/source"),
        ("Source", "https://index.example/mirror"),
    )
    assert found.requires_dist == ('baz>=1; extra == "x"', "qux @ https://index.example/qux.whl")
    assert (found.provides_extra, found.dynamic) == (("x",), ("License",))
    assert (found.import_names, found.import_namespaces) == (("foo",), ("bar",))
    assert found.description_content_type == "text/markdown"
    assert found.description == "# Title\n\nText.\n"


@pytest.mark.parametrize(
    "version", ["1.0", "1.1", "1.2", "2.0", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "2.99"]
)
def test_known_metadata_versions_and_later_minors_are_taken(version):
    assert core.parse(metadata(metadata_version=version)).metadata_version == version


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        pytest.param(b"", "no Metadata-Version", id="nothing"),
        pytest.param(b"\n\n" + metadata(), "no Metadata-Version", id="a document that starts with its body"),
        pytest.param(b"\x00\xff\xfe" * 50, "no Metadata-Version", id="no text at all"),
        pytest.param(metadata(metadata_version="3.0"), "Metadata-Version '3.0'; this index reads", id="version 3.0"),
        pytest.param(metadata(metadata_version="1.3"), "this index reads 1.0 to 1.2", id="a minor that never was"),
        pytest.param(metadata(metadata_version="2"), "this index reads", id="half a metadata version"),
        pytest.param(metadata(name=""), "has no Name", id="no name"),
        pytest.param(metadata(name="foo bar"), "no valid project name", id="a name with a space"),
        pytest.param(metadata(name="-foo"), "no valid project name", id="a name that starts with a hyphen"),
        pytest.param(metadata(name="föö"), "no valid project name", id="a name beyond ASCII"),
        pytest.param(metadata(version=""), "has no Version", id="no version"),
        pytest.param(metadata(version="latest"), "no version of PEP 440", id="a word for a version"),
        pytest.param(metadata(version="9" * 5000), "no version of PEP 440", id="a version with too many digits"),
        pytest.param(metadata(version="1.0" * 200_000), "no version of PEP 440", id="a version of half a megabyte"),
        pytest.param(metadata(requires_python=">=3.x"), "Requires-Python", id="a specifier that nobody can read"),
        pytest.param(metadata(requires_python=">=3," * 900), "longer than 1000", id="a very long specifier"),
        pytest.param(metadata(extra="Name: other"), "Name more than once", id="two names"),
        pytest.param(metadata(extra="version: 2.0"), "Version more than once", id="two versions in two cases"),
        pytest.param(
            metadata(extra="Requires-Python: >=2"), "Requires-Python more than once", id="two Requires-Python"
        ),
        pytest.param(metadata(extra="Summary: Other."), "Summary more than once", id="two summaries"),
        pytest.param(
            metadata(extra="\n".join(f"X-{number}: x" for number in range(201))), "of more than 200 kinds", id="strange"
        ),
        pytest.param(metadata(extra="Classifier: x\n" * 20_001), "more than 20000 fields", id="endless fields"),
    ],
)
def test_bad_metadata_is_refused_naming_the_field(document, sentence):
    with pytest.raises(BadMetadata, match=sentence):
        core.parse(document)


@pytest.mark.parametrize(
    ("document", "field", "value"),
    [
        pytest.param(
            metadata(extra="Author: Jos\xe9").decode().encode("latin-1"),
            "author",
            "Jos\ufffd",
            id="a Latin-1 author",
        ),
        pytest.param(metadata() + b"Jos\xe9", "description", "Jos\ufffd", id="a Latin-1 description"),
        pytest.param(metadata(extra="Author: José", body="ünï"), "author", "José", id="a UTF-8 author"),
        pytest.param(metadata(extra="Summary: A demo."), "summary", "A demo.", id="the same summary twice"),
        pytest.param(metadata(requires_python=""), "requires_python", "", id="no Requires-Python"),
        pytest.param(metadata(requires_python="UNKNOWN"), "requires_python", "", id="the old placeholder"),
        pytest.param(metadata(requires_python=">=3.8,\n <4"), "requires_python", ">=3.8, <4", id="a folded specifier"),
        pytest.param(metadata().replace(b"\n", b"\r\n"), "summary", "A demo.", id="Windows line ends"),
        pytest.param(metadata(extra="Requires-Dist: ???"), "requires_dist", ("???",), id="an odd requirement"),
        pytest.param(metadata(extra="Dynamic: Nothing"), "dynamic", ("Nothing",), id="an odd dynamic field"),
        pytest.param(metadata(extra="Project-URL: nothing"), "project_urls", (), id="a label without a URL"),
        pytest.param(
            metadata(extra="Description: One\n        two\n       |three"),
            "description",
            "One\ntwo\nthree",
            id="a folded description",
        ),
        pytest.param(
            metadata(extra="Description: One\n        \n        two").removesuffix(b"\n"),
            "description",
            "One\n\ntwo",
            id="a folded description at the end",
        ),
        pytest.param(metadata(extra="Description: Old", body="New"), "description", "New", id="two descriptions"),
        pytest.param(
            metadata(extra="Content-Type: multipart/mixed; boundary=x", body="--x\n\nText"),
            "description",
            "--x\n\nText",
            id="a description that looks like mail",
        ),
        pytest.param(
            metadata(extra="Content-Transfer-Encoding: base64", body="VGV4dA=="),
            "description",
            "VGV4dA==",
            id="an encoding of mail",
        ),
    ],
)
def test_odd_metadata_of_real_distributions_is_read(document, field, value):
    assert getattr(core.parse(document), field) == value


def test_many_fields_take_little_time():
    kinds = "\n".join(f"X-{number}: x" for number in range(150))
    started = time.monotonic()

    core.parse(metadata(extra=kinds + "\n" + "Classifier: x\n" * 19_000))

    assert time.monotonic() - started < 5
