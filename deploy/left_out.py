"""Adds to the package what Zappa leaves out of every one, although the index runs it: docutils, for descriptions."""

import importlib.util
import zipfile
from collections.abc import Iterator
from pathlib import Path

NAMES = ("docutils",)
NEEDLESS = ("languages", "latex2e", "odf_odt", "s5_html", "xetex", "rst/include")
"""Parts that no page of the index uses; English is kept."""
ENGLISH = "en.py"


def add(package: zipfile.ZipFile) -> int:
    """Add them from the environment that Zappa runs in, and return how many files that were."""
    count = 0
    for name in NAMES:
        found = importlib.util.find_spec(name)
        if found is None or found.origin is None:
            raise SystemExit(f"{name} is not installed beside Zappa: run `make deploy-tools` again.")
        folder = Path(found.origin).parent
        for path in files(folder):
            inside = zipfile.ZipInfo(f"{name}/{path.relative_to(folder).as_posix()}")
            inside.external_attr = 0o644 << 16
            package.writestr(inside, path.read_bytes(), zipfile.ZIP_DEFLATED)
            count += 1
    return count


def files(folder: Path) -> Iterator[Path]:
    """Yield what of a library is packed."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).as_posix()
        if not path.is_file() or "__pycache__" in path.parts or path.suffix in (".pyc", ".pyi"):
            continue
        if path.name in (ENGLISH, "__init__.py") or not any(part in f"{inside}/" for part in NEEDLESS):
            yield path
