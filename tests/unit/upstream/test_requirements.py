"""Which files a line of a policy means: a wrong reading would let a denied file pass."""

import pytest

from packages_app.upstream.errors import BadPattern
from packages_app.upstream.requirements import selection


@pytest.mark.parametrize(
    ("line", "name", "version", "meant"),
    [
        pytest.param("demo", "demo", "1.0", True, id="a name means every version"),
        pytest.param("demo", "demo", "", True, id="and a file whose name tells none"),
        pytest.param("demo", "demos", "1.0", False, id="but no longer name"),
        pytest.param("De_mo.X", "de-mo-x", "1.0", True, id="in any spelling"),
        pytest.param("acme-*", "acme-core", "1.0", True, id="a pattern means what begins so"),
        pytest.param("acme-*", "acme", "1.0", False, id="and not what is shorter"),
        pytest.param("*", "demo", "1.0", True, id="a star means all"),
        pytest.param("demo>=1,<2", "demo", "1.9", True, id="a version in the range"),
        pytest.param("demo >=1,<2", "demo", "2.0", False, id="a version behind the range"),
        pytest.param("demo<2", "demo", "2.0a1", False, id="a pre-release of what is excluded"),
        pytest.param("demo>=1", "demo", "2.0a1", True, id="a pre-release in the range"),
        pytest.param("demo==1.0", "demo", "1.0.0", True, id="a version that is spelled in another way"),
        pytest.param("demo>=1", "demo", "", False, id="a version that nobody knows, where not all are meant"),
    ],
)
def test_a_line_means_names_and_versions(line, name, version, meant):
    assert selection(line).means(name, version) is meant


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("", id="nothing"),
        pytest.param(">=2", id="versions of nothing"),
        pytest.param("demo 2", id="a version without an operator"),
        pytest.param("demo[extra]", id="an extra"),
        pytest.param("-demo", id="a name that begins with a hyphen"),
    ],
)
def test_what_is_no_line_is_refused(line):
    with pytest.raises(BadPattern, match="write demo"):
        selection(line)
