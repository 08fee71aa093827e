import inspect
import pkgutil
from importlib import import_module

import pytest
from django.test import RequestFactory

import packages_app
from packages_app import problems
from packages_app.errors import PackagesError, Unavailable

NEVER_ANSWERED = {
    "aws-refused",
    "aws-unreachable",
    "bad-backup",
    "empty-store",
    "name-reserved",
    "no-such-rule",
    "no-versions",
    "object-changed",
    "source-unreadable",
    "table-not-empty",
    "unreadable",
    "wrong-state",
}  # met by commands and event handlers only
REQUEST = RequestFactory().get("/")


def every_error() -> list[type[PackagesError]]:
    for module in pkgutil.walk_packages(packages_app.__path__, "packages_app."):
        if module.name.endswith("errors") or module.name.endswith("names"):
            import_module(module.name)
    found, waiting = [], [PackagesError]
    while waiting:
        waiting.extend(waiting.pop().__subclasses__())
        found = [*found, *[kind for kind in waiting if kind not in found]]
    return [kind for kind in found if kind is not Unavailable and kind.code not in NEVER_ANSWERED]


@pytest.mark.parametrize("kind", every_error(), ids=lambda kind: kind.__name__)
def test_every_domain_error_has_a_code_of_its_own_and_a_status(kind):
    assert kind.code != PackagesError.code, inspect.getsource(kind)
    assert issubclass(kind, Unavailable) or kind.code in problems.STATUSES


def test_a_sentence_that_quotes_a_stranger_stays_on_one_line():
    class Refusal(PackagesError):
        code = "bad-upload"

    answer = problems.response_to(REQUEST, Refusal("first\r\nSet-Cookie: x\u2028second"), "id")
    assert answer.content == b"first Set-Cookie: x second\n"
    assert answer.reason_phrase == "first Set-Cookie: x second"


def test_a_client_that_wants_a_problem_document_gets_one():
    class Refusal(PackagesError):
        code = "file-exists"

    request = RequestFactory().get("/", headers={"accept": "application/problem+json"})
    answer = problems.response_to(request, Refusal("It already exists."), "an-id")
    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert b'"detail": "It already exists."' in answer.content
    assert b'"request-id": "an-id"' in answer.content


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        pytest.param("", "text/plain; charset=utf-8", id="no preference"),
        pytest.param("*/*", "text/plain; charset=utf-8", id="anything, as twine says"),
        pytest.param("application/json;q=0.9, text/plain;q=0.8, text/html;q=0.7", "application/json", id="as uv says"),
        pytest.param("text/plain, application/json;q=0.1", "text/plain; charset=utf-8", id="text before JSON"),
        pytest.param("text/html,application/xml;q=0.9,*/*;q=0.8", "text/html; charset=utf-8", id="as browsers say"),
        pytest.param("application/json, text/html;q=0.1", "application/json", id="HTML as a last resort"),
        pytest.param("text/html;q=0", "text/plain; charset=utf-8", id="anything but HTML"),
        pytest.param("application/json;q=0", "text/plain; charset=utf-8", id="anything but JSON"),
        pytest.param("x*=nope''a, ;;q=;, application/vnd.pypi", "text/plain; charset=utf-8", id="nonsense"),
    ],
)
def test_a_problem_is_told_in_the_format_that_is_asked_for(accept, content_type):
    request = RequestFactory().get("/", headers={"accept": accept} if accept else {})
    assert problems.response_to(request, PackagesError("No."), "id")["Content-Type"] == content_type
