"""A person publishes a wheel and an sdist with each upload client."""

import pytest

from tests.clients.projects import distributions, hashes, make_project
from tests.clients.publishers import PUBLISHERS
from tests.clients.uploads import upload

every_client = pytest.mark.parametrize("client", PUBLISHERS)
CLIENTS_THAT_SEND_BUILT_FILES = [client for client in PUBLISHERS if client != "flit"]  # flit builds what it sends


@every_client
def test_published_files_are_listed_with_their_hashes(client, machine, server):
    project = make_project(machine.home / "project", f"new-by-{client}")
    code, said = PUBLISHERS[client](machine, server, project)
    assert code == 0, said
    assert server.listed(f"new-by-{client}") == hashes(project)


@every_client
def test_publishing_the_same_files_again_is_no_error_and_changes_nothing(client, machine, server):
    project = make_project(machine.home / "project", f"again-by-{client}")
    code, said = PUBLISHERS[client](machine, server, project)
    assert code == 0, said
    before = server.files(f"again-by-{client}")
    for again in (False, True):
        code, said = PUBLISHERS[client](machine, server, project, again=again)
        assert code == 0, said
    assert server.files(f"again-by-{client}") == before
    assert len(before) == 2


@every_client
def test_other_bytes_under_a_published_name_are_refused_and_the_client_shows_why(client, machine, server):
    project = make_project(machine.home / "project", f"other-by-{client}")
    code, said = PUBLISHERS[client](machine, server, project)
    assert code == 0, said
    before = hashes(project)
    make_project(project, f"other-by-{client}", content=b"other")
    code, said = PUBLISHERS[client](machine, server, project)
    assert code != 0, said
    assert "already exists" in said
    assert server.listed(f"other-by-{client}") == before


@pytest.mark.parametrize("client", ["poetry", "pdm"])
def test_skip_existing_leaves_the_published_bytes_alone(client, machine, server):
    project = make_project(machine.home / "project", f"skip-by-{client}")
    code, said = PUBLISHERS[client](machine, server, project)
    assert code == 0, said
    before = hashes(project)
    make_project(project, f"skip-by-{client}", content=b"other")
    code, said = PUBLISHERS[client](machine, server, project, again=True)
    assert code == 0, said
    assert server.listed(f"skip-by-{client}") == before


def test_uv_with_check_url_tells_other_bytes_from_the_listed_ones_before_it_sends_them(machine, server):
    project = make_project(machine.home / "project", "checked-by-uv")
    assert PUBLISHERS["uv"](machine, server, project, again=True)[0] == 0
    make_project(project, "checked-by-uv", content=b"other")
    with server.requests() as requests:
        code, said = PUBLISHERS["uv"](machine, server, project, again=True)
    assert code != 0
    assert "do not match" in said
    assert not any(request.startswith("POST") for request in requests)


@pytest.mark.parametrize("client", ["twine", "uv", "pdm"])
def test_where_overwriting_is_on_other_bytes_replace_the_published_ones(client, machine, start):
    server = start("--overwrite")
    project = make_project(machine.home / "project", "volatile")
    assert PUBLISHERS[client](machine, server, project)[0] == 0
    before = hashes(project)
    make_project(project, "volatile", content=b"other")
    code, said = PUBLISHERS[client](machine, server, project)
    assert code == 0, said
    assert server.listed("volatile") == hashes(project) != before
    assert "was replaced by ana" in server.said()


@every_client
def test_a_wrong_password_fails_and_lists_nothing(client, machine, server):
    project = make_project(machine.home / "project", f"stranger-by-{client}")
    code, said = PUBLISHERS[client](machine, server, project, password="not-my-horse")
    assert code != 0, said
    assert "401" in said
    assert server.listed(f"stranger-by-{client}") == {}


@pytest.mark.parametrize("client", CLIENTS_THAT_SEND_BUILT_FILES)
def test_a_damaged_wheel_is_refused_and_the_client_shows_why(client, machine, server):
    project = make_project(machine.home / "project", f"damaged-by-{client}", content=b"what a disk turned around")
    for path in distributions(project):
        if path.suffix == ".whl":
            path.write_bytes(damaged(path.read_bytes()))
        else:
            path.unlink()
    [wheel] = distributions(project)
    status, sentence = upload(server, wheel.name, wheel.read_bytes())
    assert status == 400
    assert "damaged" in sentence
    code, said = PUBLISHERS[client](machine, server, project)
    assert code != 0, said
    assert sentence in said
    assert server.listed(f"damaged-by-{client}") == {}


def test_what_the_upload_command_publishes_is_listed_by_the_running_server_at_once(machine, server):
    project = make_project(machine.home / "project", "by-command")
    assert server.listed("by-command") == {}
    for _ in range(2):
        done = server.manage("upload", *map(str, distributions(project)))
        assert done.returncode == 0, done.stdout
    assert server.listed("by-command") == hashes(project)


def damaged(wheel: bytes) -> bytes:
    """Change one byte of data.bin; its checksum, and everything that clients look at, stays as it was."""
    at = wheel.index(b"data.bin") + len(b"data.bin") + 8
    return wheel[:at] + bytes([wheel[at] ^ 0x20]) + wheel[at + 1 :]
