from datetime import UTC, datetime, timedelta

import pytest

from packages_app.accounts.errors import BadAccount, BadPattern, NoSuchAccount
from packages_app.accounts.permissions import Action
from packages_app.accounts.tokens import read, write
from packages_app.audit.read import events
from packages_app.tables.base import connection
from tests.unit.accounts.conftest import ROOT
from tests.unit.audit.test_write import MONTH


def test_a_token_is_read_back_as_it_was_made_and_its_secret_is_nowhere(make_user):
    make_user("ben")
    made, whole = write.create(
        "ben",
        description="CI",
        actions=frozenset({Action.READ, Action.UPLOAD}),
        patterns=("Acme_*", "demo"),
        networks=("192.0.2.0/24",),
        expires=datetime.now(UTC) + timedelta(days=1),
        change=ROOT,
    )
    assert read.token(made.id) == made
    assert (made.patterns, made.state) == (("acme-*", "demo"), "active")
    secret = whole[22:65]
    assert secret not in repr(made) + repr(list(events(MONTH)))
    assert whole.encode() not in b"".join(path.read_bytes() for path in _files())


def _files():
    from packages_app.conf import options  # noqa: PLC0415 - the folder of this test

    return [path for path in options().data.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        pytest.param({"owner": "nobody"}, NoSuchAccount, id="an owner who is not there"),
        pytest.param({"owner": "gone"}, NoSuchAccount, id="an owner who is disabled"),
        pytest.param({"actions": frozenset()}, BadAccount, id="no action"),
        pytest.param({"patterns": ()}, BadAccount, id="no project"),
        pytest.param({"patterns": ("a b",)}, BadPattern, id="a pattern that is none"),
        pytest.param({"patterns": tuple(f"p{n}" for n in range(51))}, BadAccount, id="too many patterns"),
        pytest.param({"networks": ("192.0.2.7/24",)}, BadAccount, id="an address with a network's length"),
        pytest.param({"networks": ("here",)}, BadAccount, id="a network that is none"),
        pytest.param({"description": "x" * 201}, BadAccount, id="an endless description"),
        pytest.param({"description": "a\x1bb"}, BadAccount, id="a control character"),
        pytest.param({"expires": datetime(2020, 1, 1, tzinfo=UTC)}, BadAccount, id="a time that is over"),
    ],
)
def test_a_token_that_cannot_be_is_refused(make_user, changes, error):
    make_user("ben")
    make_user("gone", disabled=True)
    with pytest.raises(error):
        write.create(**{"owner": "ben", "change": ROOT, **changes})
    assert read.page_of_all().tokens == ()


def test_tokens_are_listed_by_owner_newest_first_and_all_of_them_by_pages(make_user):
    for name in ("ben", "cem"):
        make_user(name)
    of_ben = [write.create("ben", description=str(number), change=ROOT)[0] for number in range(5)]
    of_cem = write.create("cem", change=ROOT)[0]
    first = read.page_of("ben", size=3)
    second = read.page_of("ben", first.next, size=3)
    assert [*first.tokens, *second.tokens] == of_ben[::-1]
    assert second.next == ""
    seen, page = [], read.page_of_all(size=2)
    seen += page.tokens
    while page.next:
        page = read.page_of_all(page.next, size=2)
        seen += page.tokens
    assert sorted(token.id for token in seen) == sorted(token.id for token in [*of_ben, of_cem])


def test_a_cursor_of_any_length_becomes_no_key_that_is_too_long(monkeypatch):
    sent, kind = [], type(connection())
    call = kind._make_api_call
    monkeypatch.setattr(kind, "_make_api_call", lambda *given: sent.append(repr(given[1:])) or call(*given))
    assert read.page_of("ben", "9" * 3000).tokens == ()
    assert read.page_of_all("z" * 3000).tokens == ()
    assert len(sent) == 2
    assert max(map(len, sent)) < 1024
