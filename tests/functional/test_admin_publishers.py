"""Trusted publishers in the admin: who is listed, how one is added, given roles, withdrawn and removed."""

import re

import pytest

from packages_app.accounts import read as accounts
from packages_app.accounts.entries import Principal
from packages_app.accounts.publishers import read, register, write
from packages_app.audit.read import trail
from packages_app.catalogue.entries import Change
from tests.factories import make_wheel
from tests.functional.accounts import token
from tests.functional.administrator import Administrator, refusal, rows, text

GITHUB, GITLAB = "https://ci.test", "https://gitlab.test"
LIST = "publisherface"
WIDGET = {"repository": "acme/widget", "workflow": "release.yml"}
ROOT = Principal(name="root", trusted=True)
CHANGE = Change(actor="root", source="test")


@pytest.fixture
def admin(home, configure) -> Administrator:
    configure(trusted_issuers=(("github", GITHUB), ("gitlab", GITLAB)))
    return Administrator()


@pytest.fixture
def widget(admin) -> str:
    """The id of a publisher of acme-core, and of what begins with tools-."""
    trust("acme-core")
    return trust("tools-*")


def trust(pattern: str, kind: str = "github", **fields: str) -> str:
    return register.trust(ROOT, pattern, kind_=kind, fields=fields or WIDGET, source="test").id


def held(id_: str) -> set[str]:
    found = read.publisher(id_)
    return {f"{each.role.value} on {each.pattern}" for each in accounts.grants_of(found.subject)}


def last() -> tuple[str, str, str, str]:
    event = trail(limit=1).events[0]
    return event.action, event.target, event.actor, event.source


def test_a_publisher_is_added_by_the_form_and_added_again(admin):
    page = text(admin.get(f"{LIST}/add/"))
    assert re.findall(r'<option value="([^"]*)">([^<]*)<', page) == [
        (GITHUB, f"GitHub Actions, {GITHUB}"),
        (GITLAB, f"GitLab CI, {GITLAB}"),
    ]
    filled = {**WIDGET, "service": GITHUB, "environment": "Release", "pattern": "Acme_Core"}
    for _ in range(2):
        assert admin.post(f"{LIST}/add/", filled).status_code == 302
    (found,) = read.page().publishers
    assert found.about == "GitHub Actions: acme/widget, workflow release.yml, environment release"
    assert held(found.id) == {"uploader on acme-core"}
    assert last() == ("publisher.trust", found.name, "ana", "admin")
    assert found.id in admin.told(LIST)
    shown = text(admin.get(f"{LIST}/{found.id}/change/"))
    for said in ("repository: acme/widget", "environment: release", GITHUB, "ana", "never", "uploader on acme-core"):
        assert said in shown
    assert 'name="_save"' not in shown


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param({"repository": "acme"}, "owner/name", id="a repository without its owner"),
        pytest.param({"repository": ""}, "needs the field repository", id="no repository"),
        pytest.param({"project": "acme/widget"}, "has no field 'project'", id="a field of the other service"),
        pytest.param({"pattern": "a b"}, "no pattern of project names", id="a pattern that is none"),
        pytest.param({"pattern": ""}, "required", id="nothing to publish"),
        pytest.param({"service": "https://x.test"}, "not one of the available choices", id="another service"),
        pytest.param({"workflow": "x" * 300}, "255", id="a workflow without measure"),
    ],
)
@pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)
def test_what_is_no_pipeline_is_refused_on_the_form_and_stays_filled_in(admin, change, said):
    filled = {**WIDGET, "service": GITHUB, "environment": "prod-1", "pattern": "acme-core"} | change
    answer = admin.post(f"{LIST}/add/", filled)
    assert answer.status_code == 400
    assert said in refusal(answer)
    assert 'value="prod-1"' in text(answer)
    assert read.page().publishers == ()


@pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)
def test_with_one_service_its_fields_alone_are_asked_for(admin, configure):
    configure(trusted_issuers=(("gitlab", GITLAB),))
    page = text(admin.get(f"{LIST}/add/"))
    assert re.findall(r'<input type="text" name="(\w+)"', page) == ["project", "file", "environment", "pattern"]
    assert admin.post(f"{LIST}/add/", {"service": GITLAB, "pattern": "acme-*"}).status_code == 400
    assert admin.post(f"{LIST}/add/", {"service": GITLAB, "pattern": "*", "project": "a/b"}).status_code == 302


def test_where_no_service_is_trusted_the_list_says_what_is_missing(admin, configure, widget):
    assert "PYPI_TRUSTED_ISSUERS" not in text(admin.get(f"{LIST}/"))
    configure(trusted_issuers=())
    page = text(admin.get(f"{LIST}/"))
    assert "PYPI_TRUSTED_ISSUERS" in page
    assert f"{LIST}/add/" not in page
    assert admin.get(f"{LIST}/add/").status_code == 403
    assert admin.get(f"{LIST}/{widget}/change/").status_code == 200
    assert admin.do(LIST, "remove", widget, typed=widget).status_code == 302
    assert read.publisher(widget) is None


def test_publishers_are_searched_filtered_and_come_in_pages(admin, widget, monkeypatch):
    other = trust("acme-*", "gitlab", project="Acme/Tools")
    assert rows(admin.get(f"{LIST}/")) == sorted([other, widget])
    for query, expected in (
        ({"q": "RELEASE.yml"}, [widget]),
        ({"q": other}, [other]),
        ({"kind": "gitlab"}, [other]),
        ({"use": "used"}, []),
        ({"use": "never", "kind": "github"}, [widget]),
        ({"q": "nothing"}, []),
    ):
        assert rows(admin.get(f"{LIST}/", **query)) == expected, query
    from packages_app.admin.publishers import PublisherAdmin  # noqa: PLC0415 - the admin is imported by a request

    monkeypatch.setattr(PublisherAdmin, "list_per_page", 1)
    first = admin.get(f"{LIST}/")
    after = re.search(r'href="\?after=([^"]*)" rel="next"', text(first))[1]
    assert rows(first) + rows(admin.get(f"{LIST}/?after={after}")) == sorted([other, widget])


def test_roles_are_given_and_withdrawn_until_nothing_is_left(admin, widget):
    admin.do(LIST, "grant", widget, pattern="shared-*", role="reader")
    assert held(widget) == {"uploader on acme-core", "uploader on tools-*", "reader on shared-*"}
    for pattern in ("tools-*", "Acme.Core"):
        assert admin.do(LIST, "withdraw", widget, pattern=pattern).status_code == 302
    assert held(widget) == {"reader on shared-*"}
    answer = admin.do(LIST, "withdraw", widget, pattern="tools-*")
    assert (answer.status_code, refusal(answer)) == (404, f"publisher:{widget} was granted nothing on tools-*.")
    admin.do(LIST, "withdraw", widget, pattern="shared-*")
    assert read.publisher(widget) is None
    assert last() == ("publisher.remove", f"publisher:{widget}", "ana", "admin")


def test_a_publisher_is_removed_after_typing_its_id(admin, widget):
    ask = admin.ask(LIST, "remove", widget)
    assert f"To confirm, type: {widget}" in text(ask)
    assert admin.confirm(ask, LIST, typed="yes").status_code == 400
    assert admin.confirm(ask, LIST, typed=widget).status_code == 302
    assert admin.told(LIST) == f"Removed {widget}."
    assert read.publisher(widget) is None
    assert list(accounts.grants_on("acme-core")) == []


@pytest.mark.parametrize(
    ("action", "said"),
    [("grant", {"pattern": "x", "role": "reader"}), ("withdraw", {"pattern": "acme-core"}), ("remove", {})],
    ids=["giving a role", "withdrawing", "removing"],
)
@pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)
def test_the_second_of_two_administrators_is_told(admin, widget, action, said):
    ask = admin.ask(LIST, action, widget)
    said = said or {"typed": widget}
    trust("late-*")
    answer = admin.confirm(ask, LIST, **said)
    assert answer.status_code == 409
    assert refusal(answer) == f"Somebody else changed the roles of {widget} in the meantime; look again."
    assert held(widget) == {"uploader on acme-core", "uploader on tools-*", "uploader on late-*"}
    ask = admin.ask(LIST, action, widget)
    write.remove(read.publisher(widget), change=CHANGE)
    assert admin.confirm(ask, LIST, **said).status_code == 302
    assert admin.told(LIST) == "What you chose is not there any more; look again."


@pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)
def test_wherever_a_publisher_is_named_a_link_leads_to_its_page(admin, widget, publish):
    name = f"publisher:{widget}"
    link = f'<a href="/admin/{LIST}/{widget}/change/">{name}</a>'
    assert publish(*make_wheel("acme-core"), headers=token(name)).status_code == 200
    for path in (
        "tokenface/",
        "fileface/",
        "fileface/acme-core/acme_core-1.0-py3-none-any.whl/change/",
        "eventface/?about=file",
        "eventface/?about=publisher",
        "projectface/acme-core/change/",
    ):
        assert link in text(admin.get(path)), path
    page = text(admin.get(f"{LIST}/{widget}/change/"))
    assert f'href="/admin/tokenface/?owner=publisher%3A{widget}"' in page
    assert f'href="/admin/eventface/?actor=publisher%3A{widget}"' in page
    assert rows(admin.get(f"tokenface/?owner=publisher%3A{widget}")) != []
    assert admin.get(f"{LIST}/{widget}/history/")["Location"] == f"/admin/eventface/?target=publisher%3A{widget}"


@pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)
def test_markup_in_what_a_publisher_is_called_is_text(admin, configure):
    configure(trusted_issuers=(("subject", GITHUB),))
    id_ = trust("*", "subject", subject='<script>alert("x")</script>')
    for path in (f"{LIST}/", f"{LIST}/{id_}/change/", "eventface/"):
        page = text(admin.get(path))
        assert "<script>alert" not in page
        assert admin.get(path).status_code == 200
