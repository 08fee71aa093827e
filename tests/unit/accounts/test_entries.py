import pytest

from packages_app.accounts.entries import Principal, publisher_in


@pytest.mark.parametrize(
    ("name", "publisher"),
    [
        pytest.param("publisher:acme-widget-1f3a", "acme-widget-1f3a", id="a publisher"),
        pytest.param("ana", "", id="a user"),
        pytest.param("publisher", "", id="a user who is called so"),
        pytest.param("", "", id="nobody"),
    ],
)
def test_a_publisher_is_told_from_a_user_by_the_name(name, publisher):
    assert publisher_in(name) == publisher
    assert Principal(name=name).publishes == bool(publisher)
