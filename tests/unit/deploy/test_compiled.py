"""The package holds compiled code that Python uses without looking at the time of its source."""

import subprocess
import sys
import zipfile
from types import SimpleNamespace

import pytest

from deploy import compiled

SOURCE = "VALUE = 42\n"


@pytest.fixture
def package(tmp_path):
    path = tmp_path / "package.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one/__init__.py", "")
        archive.writestr("one/two.py", SOURCE)
        archive.writestr("one/template.py", "{{ not python }}\n{% at all %}\n")
    return path


def test_modules_are_compiled_and_what_is_no_python_is_left(package):
    assert compiled.compile_into(package) == 2
    tag = sys.implementation.cache_tag
    names = zipfile.ZipFile(package).namelist()
    assert f"one/__pycache__/two.{tag}.pyc" in names
    assert names.count("one/two.py") == 1


def test_python_uses_it_whatever_the_time_of_the_source(package, tmp_path):
    compiled.compile_into(package)
    with zipfile.ZipFile(package) as archive:
        archive.extractall(tmp_path / "task")
    (tmp_path / "task/one/two.py").write_text("VALUE = 'compiled again'\n")
    question = "import one.two; print(one.two.VALUE, one.two.__dict__['__cached__'].endswith('.pyc'))"
    done = subprocess.run(
        [sys.executable, "-c", question], cwd=tmp_path / "task", capture_output=True, text=True, check=True
    )
    assert done.stdout == "42 True\n"


def test_another_python_than_the_function_s_is_refused(package):
    with pytest.raises(SystemExit, match=r"python2\.7"):
        compiled.add(SimpleNamespace(runtime="python2.7", zip_path=package))
