import stat
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from pypi_site.kept_secrets import kept


def test_a_secret_is_made_once_and_kept_for_its_owner_only(tmp_path):
    path = tmp_path / "new" / "secret"
    assert kept(path, lambda: "first") == "first"
    assert kept(path, lambda: "second") == "first"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["secret"]


def test_an_empty_file_is_no_secret(tmp_path):
    (tmp_path / "secret").write_text("\n")
    with pytest.raises(ImproperlyConfigured, match="secret"):
        kept(tmp_path / "secret", lambda: "new")


def test_processes_that_start_together_agree(tmp_path):
    code = (
        "import os, pathlib, sys; from pypi_site.kept_secrets import kept;"
        "print(kept(pathlib.Path(sys.argv[1]), lambda: str(os.getpid())))"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "secret")], stdout=subprocess.PIPE, text=True)
        for _ in range(8)
    ]
    assert len({process.communicate(timeout=30)[0] for process in started}) == 1
