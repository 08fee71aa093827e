"""Which names of projects are looked for at all."""

import pytest

from packages_app.catalogue.errors import NoSuchProject
from packages_app.catalogue.sought import normalized


@pytest.mark.parametrize("name", ["acme-widget", "Acme.Widget", "acme__widget"])
def test_every_spelling_of_a_name_is_the_same_project(name):
    assert normalized(name) == "acme-widget"


@pytest.mark.parametrize(
    "name",
    ["", "-acme", "acme/widget", "<b>", "acmé", "x" * 201],
    ids=["empty", "begins with a dash", "two names", "markup", "a letter beyond ASCII", "too long"],
)
def test_what_no_project_can_be_called_is_not_looked_for_nor_repeated(name):
    with pytest.raises(NoSuchProject) as refused:
        normalized(name)
    assert str(refused.value) == "This index has no such project: that is no name a project can have."
