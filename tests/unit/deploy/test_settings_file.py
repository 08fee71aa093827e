"""Zappa's settings file: two stages on one base, whose callbacks exist, and nothing of any account in it."""

import importlib
import json
import re

import pytest
from django.conf import settings

FILE = settings.BASE_DIR / "zappa_settings.json"


@pytest.fixture
def stages():
    return json.loads(FILE.read_text())


@pytest.mark.parametrize("stage", ["dev", "production"])
def test_a_stage_extends_the_base(stages, stage):
    assert stages[stage]["extends"] == "base"
    assert stages[stage]["tags"]["stage"] == stage


def test_callbacks_name_functions(stages):
    for path in stages["base"]["callbacks"].values():
        module, _, name = path.rpartition(".")
        assert callable(getattr(importlib.import_module(module), name))


def test_nothing_of_an_account_stands_in_it():
    text = FILE.read_text()
    assert "PYPI_" not in text
    assert "environment_variables" not in text
    assert not re.search(r"\d{12}|arn:|AKIA|password|secret", text, re.IGNORECASE)


def test_the_python_named_is_one_that_the_app_runs_on(stages):
    version = tuple(int(part) for part in stages["base"]["runtime"].removeprefix("python").split("."))
    assert version >= (3, 11)


@pytest.mark.parametrize("name", [".git", ".venv", ".clients", ".aws", ".deploy", "var"])
def test_what_may_be_large_or_secret_is_not_even_copied(stages, name):
    assert name in stages["base"]["exclude"]


@pytest.mark.parametrize("name", ["tests", "docs", "deploy", "zappa_settings.json"])
def test_what_lambda_does_not_run_is_not_packed(stages, name):
    assert name in stages["base"]["exclude_glob"]
