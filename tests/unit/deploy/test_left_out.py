"""Zappa leaves docutils out of every package; descriptions in reStructuredText need it."""

import subprocess
import sys
import zipfile

import pytest

from deploy import left_out

RENDER = """
import sys
sys.path.insert(0, sys.argv[1])
import docutils, docutils.core
assert docutils.__file__.startswith(sys.argv[1]), docutils.__file__
text = "Title\\n=====\\n\\n.. note:: good\\n\\n.. code-block:: python\\n\\n   x = 1\\n"
from readme_renderer import rst
print(rst.render(text))
"""


def test_what_was_added_renders_a_description(tmp_path):
    path = tmp_path / "package.zip"
    with zipfile.ZipFile(path, "w") as package:
        assert left_out.add(package) > 50
    with zipfile.ZipFile(path) as package:
        package.extractall(tmp_path / "task")
        names = package.namelist()
        assert not [name for name in names if name.endswith(("languages/de.py", ".pyc", "xelatex.tex"))]
    command = [sys.executable, "-c", RENDER, str(tmp_path / "task")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "Title" in done.stdout
    assert "good" in done.stdout
    assert 'class="' in done.stdout  # the code was coloured


def test_an_environment_without_it_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(left_out, "NAMES", ("no_such_library_anywhere",))
    with zipfile.ZipFile(tmp_path / "package.zip", "w") as package, pytest.raises(SystemExit, match="deploy-tools"):
        left_out.add(package)
