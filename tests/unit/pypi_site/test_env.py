import pytest
from django.core.exceptions import ImproperlyConfigured

from pypi_site import env


@pytest.mark.parametrize(
    ("raw", "value"),
    [("1", True), ("Yes", True), (" on ", True), ("0", False), ("off", False), ("", False)],
)
def test_a_flag_is_read(monkeypatch, raw, value):
    monkeypatch.setenv("PYPI_X", raw)
    assert env.flag("PYPI_X") is value


@pytest.mark.parametrize(
    ("read", "raw"),
    [
        pytest.param(env.flag, "maybe", id="a flag that is neither"),
        pytest.param(lambda name: env.integer(name, default=1, least=1), "0", id="a number too small"),
        pytest.param(lambda name: env.integer(name, default=1, most=9), "77", id="a number too large"),
        pytest.param(lambda name: env.integer(name, default=1), "many", id="no number"),
        pytest.param(lambda name: env.web_address(name, env.text(name)), "packages.test", id="no address"),
        pytest.param(lambda name: env.web_address(name, env.text(name)), "ftp://index.example/", id="another scheme"),
        pytest.param(lambda name: env.web_address(name, env.text(name)), "https:///simple/", id="no host"),
        pytest.param(lambda name: env.web_address(name, env.text(name)), "http://a:b@[::1/", id="half an address"),
        pytest.param(lambda name: env.web_address(name, env.text(name)), "https://i.example/?a", id="a query"),
        pytest.param(env.passwords, "ana:b", id="users that are no JSON"),
        pytest.param(env.passwords, "[1]", id="users that are no object"),
        pytest.param(env.passwords, '{"a:b": "c"}', id="a user name with a colon"),
        pytest.param(env.passwords, '{"a": ""}', id="an empty password"),
        pytest.param(env.passwords, '{"a": 1}', id="a password that is no text"),
    ],
)
def test_a_wrong_value_is_refused_naming_the_variable_and_not_the_value(monkeypatch, read, raw):
    monkeypatch.setenv("PYPI_X", raw)
    with pytest.raises(ImproperlyConfigured, match="PYPI_X") as refusal:
        read("PYPI_X")
    assert raw not in str(refusal.value) or len(raw) < 2


def test_a_missing_variable_gives_the_default(monkeypatch, tmp_path):
    monkeypatch.delenv("PYPI_X", raising=False)
    assert env.text("PYPI_X") is None
    assert env.flag("PYPI_X", default=True) is True
    assert env.integer("PYPI_X", default=7) == 7
    assert env.words("PYPI_X", ("a",)) == ("a",)
    assert env.path("PYPI_X", tmp_path) == tmp_path
    assert env.passwords("PYPI_X") == {}


def test_words_are_split_at_commas(monkeypatch):
    monkeypatch.setenv("PYPI_X", "a, b,,c ")
    assert env.words("PYPI_X") == ("a", "b", "c")


def test_users_are_a_json_object(monkeypatch):
    monkeypatch.setenv("PYPI_X", '{"ana": "pa:ssword", "ünal": "ä"}')
    assert env.passwords("PYPI_X") == {"ana": "pa:ssword", "ünal": "ä"}


def test_unknown_names_only_our_own_typos():
    env.text("PYPI_KNOWN")
    assert env.unknown({"PYPI_KNOWN": "1", "PYPI_OVERWRIT": "1", "PATH": "x"}) == ["PYPI_OVERWRIT"]
