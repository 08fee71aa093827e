"""How refusals end commands: with their sentence and a code; what nobody expected is not hidden."""

import pytest
from django.core.management import CommandError

from packages_app.catalogue.errors import NoSuchEntry
from packages_app.management.refusals import told


@pytest.mark.parametrize(("given", "code"), [((), 1), ((2,), 2)])
def test_a_refusal_is_told(given, code):
    with pytest.raises(CommandError, match=r"There is none\.") as raised, told(*given):
        raise NoSuchEntry("There is none.")
    assert raised.value.returncode == code


def test_anything_else_is_raised_as_it_is():
    with pytest.raises(KeyError), told():
        raise KeyError("x")
