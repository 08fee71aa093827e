"""Pages of tokens: each once, a cursor of any length, and of a user only their own."""

from itertools import chain

import pytest

from packages_app.accounts.permissions import Action
from packages_app.accounts.tokens import read, write
from tests.unit.accounts.conftest import ROOT


@pytest.fixture
def make(make_user):
    """Make tokens of a user, and return their ids."""
    for name in ("ben", "eve"):
        make_user(name, administrator=True)

    def made(owner: str, count: int) -> list[str]:
        return [
            write.create(owner, actions=frozenset({Action.READ}), patterns=("*",), change=ROOT)[0].id
            for _ in range(count)
        ]

    return made


def walked(page_of, size: int) -> list[list[str]]:
    pages, cursor = [], ""
    while True:
        page = page_of(cursor, size)
        pages.append([token.id for token in page.tokens])
        cursor = page.next
        if not cursor:
            return pages


@pytest.mark.parametrize(
    ("size", "sizes"), [(1, [1, 1, 1, 1]), (2, [2, 2]), (3, [3, 1]), (4, [4]), (50, [4])], ids=lambda value: f"{value}"
)
def test_each_token_of_a_user_is_on_one_page_the_newest_first(make, size, sizes):
    ids = make("ben", 4)
    make("eve", 1)
    pages = walked(lambda cursor, size: read.page_of("ben", cursor, size), size)
    assert [len(page) for page in pages] == sizes
    assert list(chain(*pages)) == ids[::-1]


def test_tokens_of_all_come_in_the_order_of_their_ids(make):
    ids = make("ben", 3) + make("eve", 2)
    assert list(chain(*walked(read.page_of_all, 2))) == sorted(ids)


def test_a_token_that_is_made_after_somebody_asked_for_it_is_found(make):
    (id_,) = make("ben", 1)
    assert read.secured("0" * len(id_)) is None
    assert read.token("0" * len(id_)) is None
    token, sha256 = read.secured(id_)
    assert (token, len(sha256)) == (read.token(id_), 64)
