import pytest

from packages_app.accounts.entries import Group, User
from packages_app.accounts.write import create_group, create_user
from packages_app.admin.files import FileReader
from packages_app.admin.groups import GroupReader
from packages_app.admin.projects import ProjectReader
from packages_app.admin.readers import MOST_LOOKED_AT, NothingChosen, Wanted
from packages_app.admin.releases import MOST_PROJECTS, ReleaseReader
from packages_app.admin.users import UserReader
from packages_app.catalogue.entries import Change
from packages_app.catalogue.models import FileRow, ProjectRow, file_key, partition
from tests.unit.admin.conftest import many_projects

READERS = {"projects": ProjectReader, "releases": ReleaseReader, "files": FileReader}
COUNT = 5_000
BY = Change(actor="root", source="test")


def walked(reader, **wanted) -> tuple[list[str], int]:
    found, after, pages = [], "", 0
    while True:
        page = reader.page(Wanted(after=after, **wanted))
        pages += 1
        found += [str(face.pk) for face in page.faces]
        after = page.after
        if not after:
            return found, pages


def test_a_page_of_many_projects_takes_a_query_of_each_shard_and_one_request_for_the_projects(requests):
    names = many_projects(COUNT)
    requests.clear()
    page = ProjectReader().page(Wanted(limit=100))
    assert [str(face.pk) for face in page.faces] == names[:100]
    assert page.after == names[99]
    assert requests["Query"] <= 20, "sixteen shards, and hardly any asked twice"
    assert requests["BatchGetItem"] <= 2
    assert requests["Scan"] == 0
    requests.clear()
    page = ProjectReader().page(Wanted(after=names[-50], limit=100))
    assert ([str(face.pk) for face in page.faces], page.after) == (names[-49:], "")
    assert requests["Query"] <= 20, "the last page costs no more than the first"


@pytest.mark.parametrize("list_", ["releases", "files"])
def test_a_page_of_files_or_releases_reads_the_projects_that_it_shows(list_, requests):
    names = many_projects(300)
    requests.clear()
    page = READERS[list_]().page(Wanted(limit=50))
    assert [str(face.pk).partition("/")[0] for face in page.faces] == names[:50]
    assert page.after.startswith(names[49])
    assert requests["Scan"] == 0
    assert sum(requests.values()) <= 50 + 40, "the listing's shards, and a query of each project shown"


@pytest.mark.parametrize("list_", READERS)
@pytest.mark.parametrize("limit", [1, 7, 100])
def test_pages_of_any_size_show_everything_once(list_, limit):
    names = many_projects(23)
    found, pages = walked(READERS[list_](), limit=limit)
    assert [key.partition("/")[0] for key in found] == names
    assert pages == -(-23 // limit)


@pytest.mark.parametrize("list_", READERS)
def test_a_search_is_the_beginning_of_a_projects_name_however_it_is_written(list_):
    many_projects(120)
    found, _ = walked(READERS[list_](), search="Project_00001", limit=4)
    assert len(found) == 10


@pytest.mark.parametrize("list_", ["releases", "files"])
def test_one_projects_entries_are_asked_for_by_its_name(list_, requests):
    many_projects(50)
    requests.clear()
    found, _ = walked(READERS[list_](), filters={"project": "project-000007"})
    assert [key.partition("/")[0] for key in found] == ["project-000007"]
    assert requests == {"Query": 1}


def test_a_filter_looks_at_so_many_and_tells_where_to_go_on(requests):
    names = many_projects(MOST_LOOKED_AT + 200)
    ProjectRow(partition("main", names[-1]), "#").update([ProjectRow.status.set("archived")])
    requests.clear()
    first = ProjectReader().page(Wanted(filters={"status": "archived"}))
    assert (list(first.faces), first.looked_at, first.after) == ([], MOST_LOOKED_AT, names[MOST_LOOKED_AT - 1])
    assert sum(requests.values()) <= 40
    then = ProjectReader().page(Wanted(filters={"status": "archived"}, after=first.after))
    assert ([str(face.pk) for face in then.faces], then.after) == ([names[-1]], "")


def test_a_whole_file_name_is_found_by_itself(requests):
    many_projects(30)
    requests.clear()
    page = FileReader().page(Wanted(search="project_000007-1.0-py3-none-any.whl"))
    assert [str(face) for face in page.faces] == ["project_000007-1.0-py3-none-any.whl"]
    assert sum(requests.values()) == 1
    assert FileReader().page(Wanted(search="no name.whl")).faces == []


@pytest.mark.parametrize(
    ("list_", "key"),
    [("projects", "Project_000003"), ("releases", "project-000003/1"), ("files", "project-000003/x.whl")],
    ids=["a project by another spelling", "a release by another spelling of its version", "a file that is not there"],
)
def test_one_entry_is_found_by_its_key(list_, key):
    many_projects(5)
    face = READERS[list_]().one(key)
    assert str(face) == {"projects": "project-000003", "releases": "project-000003 1.0", "files": "None"}[list_]


def test_chosen_entries_are_those_that_are_there_still_each_once():
    many_projects(3)
    chosen = ProjectReader().filter(pk__in=["project-000001", "gone", "project-000001"])
    assert [str(face) for face in chosen] == ["project-000001"]


def test_no_action_is_meant_for_everything():
    with pytest.raises(NothingChosen):
        list(ProjectReader())


@pytest.mark.parametrize("list_", [UserReader, GroupReader], ids=["users", "groups"])
@pytest.mark.parametrize("limit", [2, 100])
def test_users_and_groups_are_read_from_the_cursor_on(list_, limit, requests, settings):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "users": {}}
    names = [f"name-{number:02}" for number in range(7)]
    for name in names:
        create_group(Group(name=name), change=BY)
        create_user(User(name=name, groups=(name,)), password=None, change=BY)
    found, pages = walked(list_(), limit=limit)
    assert (found, pages) == (names, -(-7 // limit))
    requests.clear()
    page = list_().page(Wanted(after=names[4], limit=limit))
    assert [str(face.pk) for face in page.faces] == names[5:]
    assert page.looked_at == 2
    assert sum(requests.values()) <= 2, "the names behind the cursor, and for groups who is in them"


def test_a_release_is_one_however_its_files_spell_the_version():
    rows = {"demo-1.0.tar.gz": "1.0", "demo-1.0.0-py3-none-any.whl": "1.0.0", "demo-2.0.tar.gz": "2.0"}
    many_projects(1)
    for filename, version in rows.items():
        FileRow(
            partition("main", "project-000000"),
            file_key(filename),
            version=version,
            filetype="sdist" if filename.endswith(".tar.gz") else "bdist_wheel",
            size=100,
            sha256="b" * 64,
            uploaded_at=1,
            yanked=version == "1.0.0",
        ).save()
    found, _ = walked(ReleaseReader(), limit=1)
    assert found == ["project-000000/2.0", "project-000000/1.0"]
    [yanked] = ReleaseReader().page(Wanted(filters={"state": "yanked"})).faces
    assert str(yanked.pk) == "project-000000/1.0"
    for version in ("1.0", "1.0.0", "1"):
        assert str(ReleaseReader().find(f"project-000000/{version}").pk) == "project-000000/1.0"
    assert ReleaseReader().find("project-000000/3.0") is None


def test_releases_of_more_projects_than_one_request_reads_go_on_behind_them(requests):
    names = many_projects(MOST_PROJECTS + 30)
    first = ReleaseReader().page(Wanted(filters={"state": "yanked"}))
    assert (list(first.faces), first.after) == ([], f"{names[MOST_PROJECTS - 1]}/-")
    requests.clear()
    then = ReleaseReader().page(Wanted(filters={"state": "yanked"}, after=first.after))
    assert (list(then.faces), then.after, then.looked_at) == ([], "", 30)
    assert sum(requests.values()) <= 30 + 20, "none of the projects before is read again"
