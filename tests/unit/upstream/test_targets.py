import pytest
from packaging.markers import Marker

from packages_app.upstream.targets import Target, target

LINUX = Target((3, 12), ("manylinux*_x86_64",))


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("py3-none-any", True),
        ("py2.py3-none-any", True),
        ("py312-none-any", True),
        ("cp312-none-any", True),
        ("cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64", True),
        ("cp38-abi3-manylinux_2_28_x86_64", True),
        ("cp313-abi3-manylinux_2_28_x86_64", False),
        ("cp311-cp311-manylinux_2_28_x86_64", False),
        ("cp312-cp312t-manylinux_2_28_x86_64", False),
        ("cp312-cp312-musllinux_1_2_x86_64", False),
        ("cp312-cp312-manylinux_2_28_aarch64", False),
        ("pp310-pypy310_pp73-manylinux_2_28_x86_64", False),
        ("py2-none-any", False),
    ],
)
def test_which_wheels_a_target_takes(tag, expected):
    assert LINUX.takes(f"demo-1.0-{tag}.whl") is expected


@pytest.mark.parametrize(
    ("marker", "expected"),
    [
        ("python_version >= '3.12'", True),
        ("python_version < '3.12'", False),
        ("python_full_version >= '3.12.3'", True),
        ("sys_platform == 'linux'", True),
        ("sys_platform == 'win32'", False),
        ("platform_machine == 'x86_64'", True),
        ("platform_machine == 'aarch64'", False),
        ("implementation_name == 'pypy'", False),
        ("extra == 'big'", False),
    ],
)
def test_which_dependencies_a_target_wants(marker, expected):
    assert LINUX.wants(Marker(marker), frozenset()) is expected


def test_extras_are_wanted_when_they_were_asked_for():
    assert LINUX.wants(Marker("extra == 'big'"), frozenset({"big"}))
    assert not LINUX.wants(Marker("extra == 'big'"), frozenset({"small"}))


def test_without_platforms_every_system_counts():
    anywhere = target("3.12", ())
    for system in ("linux", "win32", "darwin"):
        assert anywhere.wants(Marker(f"sys_platform == '{system}'"), frozenset())
    assert anywhere.takes("demo-1.0-cp312-cp312-win_arm64.whl")


@pytest.mark.parametrize(
    ("requires", "expected"), [("", True), (">=3.8", True), (">=3.13", False), ("<3.12", False), ("nonsense", True)]
)
def test_requires_python_is_heeded(requires, expected):
    assert LINUX.takes_python(requires) is expected
