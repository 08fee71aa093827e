import pytest
from pynamodb.exceptions import UpdateError

from packages_app.tables.conditional import updated
from packages_app.tables.errors import TableUnavailable
from packages_app.upstream.models import PageRow


@pytest.fixture
def row(settings, tmp_path):
    """The key of an item that is not there yet."""
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "data": tmp_path}
    return PageRow("a", "b")


def test_an_item_changes_only_where_the_condition_holds(row):
    assert updated(row, [PageRow.body.set("first")], PageRow.body.does_not_exist())
    assert not updated(row, [PageRow.body.set("second")], PageRow.body.does_not_exist())
    assert PageRow.get("a", "b").body == "first"


def test_another_refusal_is_none_of_the_condition(row):
    with pytest.raises(UpdateError, match="ValidationException"):
        updated(PageRow("", "b"), [PageRow.body.set("first")], PageRow.body.does_not_exist())


def test_a_catalogue_that_cannot_answer_says_so(row, settings, tmp_path):
    (tmp_path / "file").write_text("no folder")
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "data": tmp_path / "file"}
    with pytest.raises(TableUnavailable):
        updated(row, [PageRow.body.set("first")], PageRow.body.does_not_exist())
