"""Every page of Django's admin once: what private parts of Django it leans on shows here first when Django changes."""

import re

import pytest

from packages_app.accounts import read as accounts
from packages_app.accounts.entries import Grant, Group, Principal, Subject, SubjectKind, User
from packages_app.accounts.grants import grant
from packages_app.accounts.publishers.register import trust
from packages_app.accounts.roles import Role
from packages_app.accounts.tokens import write as tokens
from packages_app.accounts.write import create_group, create_user
from packages_app.catalogue.entries import Change
from tests.factories import make_sdist, make_wheel
from tests.functional.administrator import Administrator, rows, text

LISTS = (
    "projectface",
    "releaseface",
    "fileface",
    "sessionface",
    "userface",
    "groupface",
    "publisherface",
    "tokenface",
    "eventface",
)
BEN = Change(actor="ana", source="test")
PIPELINE = {"repository": "acme/demo", "workflow": "release.yml"}


@pytest.fixture
def admin(home) -> Administrator:
    return Administrator()


@pytest.fixture
def full(admin, publish, session, configure) -> Administrator:
    """An index with something in every list."""
    configure(trusted_issuers=(("github", "https://ci.test"),))
    publish(*make_wheel("demo", "1.0"))
    publish(*make_sdist("demo", "1.0"))
    publish(*make_wheel("other", "2.0"))
    create_group(Group(name="developers", description="Who ships"), change=BEN)
    create_user(User(name="cleo", email="cleo@example.test", groups=("developers",)), password="x" * 12, change=BEN)
    grant(Grant(subject=Subject(SubjectKind.GROUP, "developers"), pattern="demo", role=Role.UPLOADER), change=BEN)
    tokens.create("cleo", description="laptop", change=BEN)
    trust(Principal(name="ana", trusted=True), "demo", kind_="github", fields=PIPELINE, source="test")
    return admin


def test_every_list_and_every_entrys_page_is_shown(full):
    for list_ in LISTS:
        page = full.get(f"{list_}/")
        assert page.status_code == 200, list_
        entries = re.findall(rf'href="(/admin/{list_}/[^"]+/change/)[^"]*"', text(page))
        assert entries, list_
        for address in dict.fromkeys(entries):
            entry = full.get(address.removeprefix("/admin/"))
            assert entry.status_code == 200, address


@pytest.mark.parametrize(
    ("list_", "query", "expected"),
    [
        ("projectface", {"q": "DEM"}, ["demo"]),
        ("projectface", {"status": "archived"}, []),
        ("projectface", {"status": "active", "q": "oth"}, ["other"]),
        ("releaseface", {"project": "demo"}, ["demo/1.0"]),
        ("releaseface", {"state": "yanked"}, []),
        ("fileface", {"q": "demo-1.0.tar.gz"}, ["demo/demo-1.0.tar.gz"]),
        ("fileface", {"project": "demo", "kind": "sdist"}, ["demo/demo-1.0.tar.gz"]),
        ("fileface", {"state": "yanked"}, []),
        ("userface", {"q": "EXAMPLE.test"}, ["cleo"]),
        ("userface", {"state": "configured"}, ["ana", "ben"]),
        ("groupface", {"q": "ships"}, ["developers"]),
        ("tokenface", {"owner": "ben"}, []),
        ("tokenface", {"state": "revoked"}, []),
        ("sessionface", {"status": "published"}, []),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else None,
)
def test_lists_are_searched_and_filtered(full, list_, query, expected):
    page = full.get(f"{list_}/", **query)
    assert page.status_code == 200
    assert rows(page) == expected


def test_the_trail_is_filtered_by_project_person_and_what_it_is_about(full):
    def found(**query) -> set[str]:
        return set(re.findall(r'class="field-action">([^<]*)<', text(full.get("eventface/", **query))))

    assert found(project="other") == {"file.publish"}
    assert found(about="group") == {"group.create"}
    assert found(actor="nobody") == set()
    assert found(target="cleo") == {"user.create"}
    assert "file.publish" in found(q="demo-1.0")


def test_pages_go_on_from_a_cursor(full, monkeypatch):
    from packages_app.admin.files import FileAdmin  # noqa: PLC0415 - the admin is imported by its first request

    monkeypatch.setattr(FileAdmin, "list_per_page", 2)
    first = full.get("fileface/")
    assert rows(first) == ["demo/demo-1.0-py3-none-any.whl", "demo/demo-1.0.tar.gz"]
    after = re.search(r'href="\?after=([^"]*)" rel="next"', text(first))[1]
    second = full.get(f"fileface/?after={after}")
    assert rows(second) == ["other/other-2.0-py3-none-any.whl"]
    assert 'rel="next"' not in text(second)
    assert ">First page<" in text(second)
    others = re.findall(r'href="(\?[^"]*)"', text(second)) + re.findall(
        r'<input type="hidden" name="(after)"', text(second)
    )
    assert [other for other in others if "after" in other] == [], "another filter or search begins with its first page"


def test_the_overview_has_figures_a_plot_and_what_happened_last(full):
    page = text(full.get(""))
    assert re.findall(r'class="number">([^<]*)<', page)[:2] == ["2", "3"]
    assert "<svg" in page
    assert "Uploaded files <strong>3</strong>" in page
    assert "token.create" in page


def test_an_entrys_history_is_its_part_of_the_trail(full):
    answer = full.get("projectface/demo/history/")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/eventface/?project=demo")
    assert full.get("userface/cleo/history/")["Location"] == "/admin/eventface/?target=cleo"


def test_an_entry_that_is_not_there_sends_back_with_a_message(admin):
    answer = admin.get("projectface/nothing/change/")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert "Perhaps it was deleted?" in text(admin.get(""))


def test_what_is_no_page_of_the_admin_is_not_found(admin):
    assert admin.get("nonsense/").status_code == 404
    assert admin.get("fileface/add/").status_code == 403


@pytest.mark.parametrize("query", [{"after": "\x00"}, {"after": "zzz/1"}, {"q": "\U0001f40d" * 400}, {"nonsense": "1"}])
def test_odd_queries_are_answered(full, query):
    for list_ in LISTS:
        assert full.get(f"{list_}/", **query).status_code in {200, 302}, list_


def test_markup_in_every_field_is_text(admin):
    name = '<script>alert("x")</script>'
    create_user(User(name="cleo", display_name=name, email=name), password=None, change=BEN)
    create_group(Group(name="developers", description=name), change=BEN)
    tokens.create("cleo", description=name, change=BEN)
    for list_ in ("userface", "groupface", "tokenface", "eventface"):
        page = text(admin.get(f"{list_}/"))
        assert "<script>alert" not in page, list_
        for address in re.findall(rf'href="/admin/({list_}/[^"]+/change/)[^"]*"', page):
            assert "<script>alert" not in text(admin.get(address)), address
    assert "<script>alert" not in text(admin.get("userface/", q=name))


def test_nothing_that_a_page_shows_is_loaded_from_elsewhere_or_run_from_within(full):
    for path in (
        "",
        *(f"{list_}/" for list_ in LISTS),
        "userface/add/",
        "publisherface/add/",
        "userface/cleo/change/",
        "reconcile/",
    ):
        page = full.get(path)
        policy = page["Content-Security-Policy"]
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
        assert "unsafe" not in policy
        body = text(page)
        assert not re.search(r"<script(?![^>]*\bsrc=)", body), path
        assert not re.search(r'\sstyle="|\son[a-z]+="|<style', body), path
        sources = re.findall(r'(?:src|href)="([^"#?]+)', body)
        assert all(source.startswith("/") for source in sources), path


def test_the_scripts_and_styles_that_pages_name_are_there(full):
    body = text(full.get("fileface/")) + text(full.get("userface/add/")) + text(full.get(""))
    for address in set(re.findall(r'(?:src|href)="(/static/[^"]+)"', body)):
        assert full.client.get(address).status_code == 200, address
    assert full.get("jsi18n/").status_code == 200


def test_nothing_stands_in_the_way_of_the_settings_checks():
    from packages_app.admin.urls import site  # noqa: PLC0415 - the admin is imported by its first request

    assert site.check(None) == []


def test_configured_users_are_only_shown(admin):
    page = admin.get("userface/ana/change/")
    assert page.status_code == 200
    assert 'name="_save"' not in text(page)
    assert admin.post("userface/ana/change/", {"display_name": "x"}).status_code == 403
    assert accounts.user("ana").display_name == ""


def test_events_say_in_which_project(full):
    link = '<a href="/admin/projectface/demo/change/">demo</a>'
    assert link in text(full.get("eventface/"))
    assert f"in {link}" in text(full.get(""))


def test_what_would_be_refused_anyway_is_not_offered(full):
    def offered(name: str, who: Administrator = full) -> set[str]:
        return set(re.findall(r'name="action" value="([^"]*)"', text(who.get(f"userface/{name}/change/"))))

    assert offered("ana") == {"grant", "ungrant"}
    assert offered("cleo") == {"disable", "set_password", "grant", "ungrant"}
    create_user(User(name="dora", administrator=True), password=None, change=BEN)
    assert "disable" not in offered("dora", Administrator("dora"))


def test_every_list_leads_to_reconcile(full):
    assert 'href="/admin/reconcile/"' in text(full.get("userface/"))


def test_a_users_roles_are_shown_with_the_group_they_come_through(full):
    grant(Grant(subject=Subject(SubjectKind.GROUP, "everyone"), pattern="oth*", role=Role.READER), change=BEN)
    grant(Grant(subject=Subject(SubjectKind.USER, "cleo"), pattern="other", role=Role.MAINTAINER), change=BEN)
    page = text(full.get("userface/cleo/change/"))
    own = Administrator("cleo").client.get("/account/")
    account = re.sub(r"<[^>]*>|\s+", " ", text(own))
    for role, group in (
        ("maintainer on other", ""),
        ("uploader on demo", "developers"),
        ("reader on oth*", "everyone"),
    ):
        assert role + (f" through the group {group}" if group else "") in page
        assert role in re.sub(" +", " ", account)
        assert not group or f"through the group {group}" in re.sub(" +", " ", account)
