import gzip

import pytest
from django.urls import set_script_prefix

from packages_app.browser.errors import NoSuchPage
from packages_app.browser.static_files import HashedStaticFiles, static_file

STYLE = "packages_app/site.css"


@pytest.fixture
def under_a_stage():
    set_script_prefix("/dev/")
    yield
    set_script_prefix("/")


def test_a_file_is_kept_with_its_type_and_compressed():
    found = static_file(STYLE)
    assert found.content_type == "text/css; charset=utf-8"
    assert gzip.decompress(found.packed) == found.plain


def test_an_address_names_what_the_file_holds():
    assert HashedStaticFiles().url(STYLE) == f"/static/{static_file(STYLE).digest}/{STYLE}"


def test_an_address_follows_the_prefix_of_the_request(under_a_stage):
    assert HashedStaticFiles().url(STYLE).startswith("/dev/static/")


@pytest.mark.parametrize(
    "name",
    ["nothing.css", "packages_app", "", "../settings.py", "/etc/passwd", "packages_app/../../conf.py", "a\0b"],
    ids=repr,
)
def test_what_is_no_static_file_is_not_found(name):
    with pytest.raises(NoSuchPage):
        static_file(name)
