import subprocess
import sys

import pytest
from django.template import TemplateDoesNotExist, engines

from packages_app.admin.engine import AdminTemplates


@pytest.fixture
def engine() -> AdminTemplates:
    return next(engine for engine in engines.all() if isinstance(engine, AdminTemplates))


def test_templates_of_the_admin_are_ours_first_and_then_djangos(engine):
    assert "packages_app" in engine.get_template("admin/index.html").origin.name
    assert "contrib" in engine.get_template("admin/change_form.html").origin.name


@pytest.mark.parametrize(
    "name", ["packages_app/base.html", "registration/login.html", "nothing.html", "admin/nothing.html"]
)
def test_other_templates_are_none_of_its(engine, name):
    with pytest.raises(TemplateDoesNotExist):
        engine.get_template(name)


def test_no_template_is_made_of_a_text(engine):
    with pytest.raises(NotImplementedError):
        engine.from_string("{{ 1 }}")


def test_a_page_for_people_does_not_import_the_admin(tmp_path):
    code = (
        "import django, sys; django.setup(); from django.template.loader import render_to_string;"
        "render_to_string('packages_app/account/sign_in.html', {});"
        "assert 'packages_app.admin.engine' in sys.modules;"
        "print([name for name in sys.modules if name.startswith('django.contrib.admin')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"DJANGO_SETTINGS_MODULE": "pypi_site.settings", "PYPI_DATA": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout == "[]\n", done.stderr
