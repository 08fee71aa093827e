"""Where somebody may be sent after they signed in."""

import pytest
from django.test import RequestFactory

from packages_app.accounts.answers import safe


@pytest.mark.parametrize(
    "target",
    [
        pytest.param("/project/demo/", id="a page"),
        pytest.param("/search/?q=a&page=2#x", id="a page with a query"),
    ],
)
def test_a_page_of_this_index_is_gone_to(target):
    assert safe(RequestFactory().get("/"), target) == target


@pytest.mark.parametrize(
    "target",
    [
        pytest.param("", id="nothing"),
        pytest.param("project/demo/", id="a relative path"),
        pytest.param("https://evil.example/", id="another site"),
        pytest.param("//evil.example/", id="another site without a scheme"),
        pytest.param("///evil.example/", id="with one slash more"),
        pytest.param("/\\evil.example/", id="with a backslash, which browsers take for a slash"),
        pytest.param("\\\\evil.example/", id="with two of them"),
        pytest.param("/\t/evil.example/", id="with a tab, which browsers drop"),
        pytest.param("javascript:alert(1)", id="a script"),
        pytest.param("http://testserver/project/demo/", id="this site by its address"),
    ],
)
def test_everything_else_leads_home(target):
    assert safe(RequestFactory().get("/"), target) == "/"
