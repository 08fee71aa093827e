"""What joins a yanked release, through whichever door it comes."""

import pytest

from packages_app.accounts.entries import Principal
from packages_app.maintenance.delete import delete_file
from packages_app.maintenance.yank import yank, yank_release
from tests.factories import make_sdist, make_wheel
from tests.functional.conftest import basic

ANA = Principal(name="ana")
WHEEL, SDIST = make_wheel("acme-core", "1.3"), make_sdist("acme-core", "1.3")


@pytest.fixture(autouse=True)
def _published(publish):
    for each in (WHEEL, make_wheel("acme-core", "1.30"), make_wheel("acme-core", "1.2")):
        assert publish(*each).status_code == 200


def marks(client) -> dict[str, object]:
    headers = {**basic(), "accept": "application/vnd.pypi.simple.v1+json"}
    return {
        file["filename"]: file["yanked"] for file in client.get("/simple/acme-core/", headers=headers).json()["files"]
    }


def test_a_file_that_joins_a_yanked_release_is_yanked_with_it(client, publish):
    yank_release("acme-core", "1.3", "broken", ANA, source="api")
    answer = publish(*SDIST)
    assert answer.content == b"acme_core-1.3.tar.gz: published, yanked as its release is.\n"
    assert marks(client)[SDIST[0]] == "broken"
    assert marks(client)["acme_core-1.30-py3-none-any.whl"] is False


def test_a_deleted_file_of_a_yanked_release_comes_back_yanked(client, publish):
    publish(*SDIST)
    yank_release("acme-core", "1.3", "", ANA, source="api")
    delete_file("acme-core", WHEEL[0], ANA, source="api")
    assert publish(*WHEEL).status_code == 200
    assert marks(client)[WHEEL[0]] is True


def test_a_file_beside_one_yanked_file_of_two_is_not_yanked(client, publish):
    publish(*SDIST)
    yank("acme-core", WHEEL[0], "wrong tag", ANA, source="api")
    other = make_wheel("acme-core", "1.3", tag="py2-none-any")
    assert publish(*other).status_code == 200
    assert marks(client)[other[0]] is False


def test_a_session_s_files_join_a_yanked_release_too(client, uploader):
    yank_release("acme-core", "1.3", "broken", ANA, source="api")
    session = uploader.create("acme-core", "1.3").json()
    uploader.add(session, SDIST)
    assert uploader.publish(session).status_code == 201
    assert marks(client)[SDIST[0]] == "broken"
