import pytest
from jsonschema import Draft202012Validator

from packages_app.api.errors import BadBody
from packages_app.api.shapes import Field, Shape

SHAPE = Shape(
    name="Thing",
    about="A thing.",
    fields={
        "name": Field(kind="string", about="A name.", required=True, longest=5),
        "count": Field(kind="integer", about="A number."),
        "on": Field(kind="boolean", about="A switch.", nullable=True),
        "kinds": Field(kind="array", about="Kinds.", items=Field(kind="string", about="One.", choices=("a", "b"))),
    },
)


@pytest.mark.parametrize(
    ("document", "wrong"),
    [
        pytest.param({"name": "x", "count": 1, "on": None, "kinds": ["a"]}, "", id="all of it"),
        pytest.param({}, "name", id="something missing"),
        pytest.param({"name": "x", "more": 1}, "more", id="something unknown"),
        pytest.param({"name": "x", "count": True}, "count", id="a boolean for a number"),
        pytest.param({"name": "x", "count": "1"}, "count", id="a text for a number"),
        pytest.param({"name": None}, "name", id="nothing for a text"),
        pytest.param({"name": "x", "kinds": ["a", "c"]}, "kinds", id="an entry that is no choice"),
        pytest.param({"name": "x", "kinds": [1]}, "kinds", id="an entry of another type"),
    ],
)
def test_a_body_is_checked_as_the_schema_says(document, wrong):
    assert Draft202012Validator(SHAPE.schema()).is_valid(document) is not bool(wrong)
    if not wrong:
        SHAPE.check(document)
        return
    with pytest.raises(BadBody) as refused:
        SHAPE.check(document)
    assert [name for name, _ in refused.value.errors] == [wrong]


@pytest.mark.parametrize(
    "document",
    [{"name": "x" * 6}, {"name": "x", "kinds": ["a"] * 1001}],
    ids=["a text", "an array"],
)
def test_what_is_too_long_is_refused(document):
    with pytest.raises(BadBody, match="at most"):
        SHAPE.check(document)


def test_every_fault_is_named_at_once():
    with pytest.raises(BadBody) as refused:
        SHAPE.check({"count": "1", "more": 1})
    assert {name for name, _ in refused.value.errors} == {"name", "count", "more"}
