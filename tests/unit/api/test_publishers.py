from datetime import UTC, datetime

import pytest

from packages_app.accounts.publishers.entries import Pipeline, Publisher
from packages_app.accounts.publishers.kinds import KINDS
from packages_app.api.publishers import PUBLISHER, WANTED, WANTED_ON, document

OWN = {"kind", "issuer", "pattern", "id", "about", "creator", "created", "pinned", "last-used"}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_the_fields_of_each_kind_are_taken_and_answered_under_their_own_names(kind):
    for field in kind.fields:
        assert field.name not in OWN
        for shape in (WANTED, WANTED_ON, PUBLISHER):
            assert kind.title in shape.fields[field.name].about
            assert not shape.fields[field.name].required, "other kinds have no such field"


@pytest.mark.parametrize(
    "pipeline",
    [
        pytest.param(Pipeline(kind="subject", issuer="https://ci.test", fields={"subject": "me"}), id="a known kind"),
        pytest.param(Pipeline(kind="later", issuer="https://ci.test", fields={"step": "me"}), id="a later version's"),
    ],
)
def test_a_publisher_is_answered_in_its_shape(pipeline):
    found = Publisher(id="me-1", pipeline=pipeline, created=datetime(2026, 1, 1, tzinfo=UTC))
    told = document(found)
    assert {name for name, field in PUBLISHER.fields.items() if field.required} <= set(told) <= set(PUBLISHER.fields)
    assert (told["kind"], told["created"], told["last-used"]) == (pipeline.kind, "2026-01-01T00:00:00Z", None)
