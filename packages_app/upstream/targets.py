"""What files are wanted for: versions of Python and platforms, and what of a release fits them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from packaging.markers import Marker, default_environment
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.tags import Tag, compatible_tags, cpython_tags, parse_tag

from packages_app.upstream.errors import BadPattern

PYTHON = re.compile(r"3\.([0-9]{1,2})\Z")
SYSTEMS = {
    "linux": ("linux", "Linux", "posix"),
    "macosx": ("darwin", "Darwin", "posix"),
    "win": ("win32", "Windows", "nt"),
}
"""What a platform tag holds, to ``sys_platform``, ``platform_system`` and ``os_name``."""
MACHINES = ("x86_64", "aarch64", "arm64", "amd64", "i686", "ppc64le", "s390x", "armv7l", "riscv64")


@dataclass(frozen=True)
class Target:
    """One version of CPython, on platforms."""

    python: tuple[int, int]
    platforms: tuple[str, ...]
    """Patterns of platform tags, such as ``manylinux*_x86_64``; none of them means every platform."""

    @property
    def version(self) -> str:
        """The version as text."""
        return f"{self.python[0]}.{self.python[1]}"

    def takes(self, filename: str) -> bool:
        """Return whether a wheel can be installed here."""
        tags = parse_tag("-".join(filename.removesuffix(".whl").split("-")[-3:]))
        return any((tag.interpreter, tag.abi) in pairs_of(self.python) and self.runs_on(tag.platform) for tag in tags)

    def runs_on(self, platform: str) -> bool:
        """Return whether a platform tag is one of those wanted."""
        return platform == "any" or not self.platforms or any(fnmatchcase(platform, each) for each in self.platforms)

    def takes_python(self, requires_python: str) -> bool:
        """Return whether a file's Requires-Python lets it be installed here; one that cannot be read does."""
        try:
            return SpecifierSet(requires_python).contains(f"{self.version}.99", prereleases=True)
        except InvalidSpecifier:
            return True

    def wants(self, marker: Marker | None, extras: frozenset[str]) -> bool:
        """Return whether a dependency with this marker is needed on any of the platforms."""
        if marker is None:
            return True
        chosen = extras or frozenset({""})
        return any(marker.evaluate({**each, "extra": extra}) for each in self.environments() for extra in chosen)

    def environments(self) -> Iterator[dict[str, str]]:
        """Yield what markers are evaluated in; where a pattern leaves the system or machine open, each of them."""
        for platform in self.platforms or ("*",):
            systems = [each for word, each in SYSTEMS.items() if word in platform] or list(SYSTEMS.values())
            machines = [each for each in MACHINES if platform.endswith(each)] or [MACHINES[0], MACHINES[1], MACHINES[2]]
            for sys_platform, system, os_name in systems:
                for machine in machines:
                    yield {
                        **{name: str(value) for name, value in default_environment().items()},
                        "python_version": self.version,
                        "python_full_version": f"{self.version}.99",
                        "implementation_name": "cpython",
                        "platform_python_implementation": "CPython",
                        "sys_platform": sys_platform,
                        "platform_system": system,
                        "os_name": os_name,
                        "platform_machine": machine.upper() if system == "Windows" and machine == "amd64" else machine,
                    }


def target(python: str, platforms: tuple[str, ...]) -> Target:
    """Return a target out of what somebody typed.

    Raises:
        BadPattern: that is no version of Python 3.
    """
    match = PYTHON.match(python)
    if match is None:
        raise BadPattern(f"{python[:20]!a} is no version of Python 3: write 3.12, for example.")
    return Target((3, int(match[1])), platforms)


def pairs_of(python: tuple[int, int]) -> frozenset[tuple[str, str]]:
    """Return the interpreter and ABI tags that a version of CPython takes."""
    found = {*cpython_tags(python, platforms=["any"]), *compatible_tags(python, f"cp3{python[1]}", platforms=["any"])}
    # The compatible tags leave out those of a pure wheel that names this very interpreter.
    found.add(Tag(f"cp3{python[1]}", "none", "any"))
    return frozenset((tag.interpreter, tag.abi) for tag in found)
