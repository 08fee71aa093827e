import pytest

from packages_app.accounts.entries import Principal
from packages_app.accounts.errors import Forbidden, NotSignedIn
from packages_app.maintenance.trail import trail
from packages_app.maintenance.yank import yank
from tests.unit.maintenance.conftest import ANA, FILE, NOBODY

pytestmark = pytest.mark.usefixtures("demo")
ZOE = Principal(name="zoe")


def test_who_manages_a_project_sees_its_trail():
    yank("demo", FILE.filename, "broken", ANA, source="api")
    (newest, *_) = trail(ANA, project="demo").events
    assert (newest.action, newest.actor, newest.before) == ("file.yank", "ana", {FILE.filename: "not yanked"})
    assert trail(ANA, actor="ana").events == (newest,)


@pytest.mark.parametrize(
    ("who", "asked", "error"),
    [
        pytest.param(NOBODY, {"project": "demo"}, NotSignedIn, id="nobody, of a project"),
        pytest.param(NOBODY, {}, NotSignedIn, id="nobody, of everything"),
        pytest.param(NOBODY, {"actor": ""}, NotSignedIn, id="nobody, of nobody"),
        pytest.param(ZOE, {}, Forbidden, id="somebody, of everything"),
        pytest.param(ZOE, {"actor": "ana"}, Forbidden, id="somebody, of somebody else"),
        pytest.param(ZOE, {"target": "zoe"}, Forbidden, id="somebody, of an account"),
    ],
)
def test_others_do_not(who, asked, error):
    with pytest.raises(error):
        trail(who, **asked)


def test_everybody_sees_what_they_did():
    assert trail(ZOE, actor="zoe").events == ()
