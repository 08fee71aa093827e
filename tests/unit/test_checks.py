import pytest
from django.core.checks import run_checks


def ids(*, deploy: bool = False) -> set[str]:
    return {message.id for message in run_checks(include_deployment_checks=deploy)}


def test_a_misspelt_variable_is_reported(settings):
    settings.UNKNOWN_VARIABLES = ["PYPI_OVERWRIT"]
    assert "packages_app.W001" in ids()


@pytest.mark.parametrize(
    ("table", "bucket", "reported"),
    [(None, None, False), ("t", "b", False), ("t", None, True), (None, "b", True)],
)
def test_two_homes_are_reported(settings, table, bucket, reported):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "table": table, "bucket": bucket}
    assert ("packages_app.W002" in ids()) is reported


def test_open_settings_are_reported_before_a_deployment(settings):
    settings.DEBUG = True
    settings.ALLOWED_HOSTS = ["*"]
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "public_read": True}
    assert {"packages_app.E001", "packages_app.W003", "packages_app.W004"} <= ids(deploy=True)
    assert not {"packages_app.E001", "packages_app.W003", "packages_app.W004"} & ids()


@pytest.mark.parametrize(
    ("upstream", "expected"),
    [
        pytest.param({}, set(), id="no upstream"),
        pytest.param({"urls": ("https://index.example/simple/",)}, set(), id="an upstream"),
        pytest.param({"policy": "[]"}, {"W010"}, id="a policy without an upstream"),
        pytest.param({"urls": ("https://index.example/",), "policy": "{}"}, {"E010"}, id="a policy that is none"),
        pytest.param({"urls": ("https://index.example/",), "policy": "/no/file"}, {"E010"}, id="a policy not there"),
        pytest.param(
            {"urls": ("https://index.example/",), "policy": '[{"cooldown": 3}]'}, {"E010"}, id="a policy's misspelt key"
        ),
        pytest.param({"urls": ("https://index.example/",), "reserved": ("*",)}, {"E010"}, id="every name reserved"),
        pytest.param({"urls": ("http://a:b@index.example/",)}, {"W011"}, id="credentials in clear"),
        pytest.param({"urls": ("http://a:b@127.0.0.1/",)}, set(), id="credentials on this machine"),
        pytest.param({"urls": ("https://a:b@index.example/",), "files": "link"}, {"W012"}, id="credentials in links"),
        pytest.param(
            {"urls": ("https://index.example/",), "username": "a", "password": "b", "files": "redirect"},
            {"W012"},
            id="credentials of their own, and redirects",
        ),
        pytest.param({"urls": ("https://index.example/",), "files": "link"}, set(), id="links to a public one"),
    ],
)
def test_settings_of_an_upstream_are_looked_at(settings, upstream, expected):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "upstream": upstream}
    found = {each.removeprefix("packages_app.") for each in ids()}
    assert found & {"E010", "E011", "W010", "W011", "W012"} == expected


GOOD_KEY = "kX3v-" + "".join(chr(97 + number % 26) for number in range(60))


@pytest.fixture
def sound(settings):
    """Settings that nothing is to be said about, before a deployment."""
    settings.DEBUG = False
    settings.SECRET_KEY = GOOD_KEY
    settings.ALLOWED_HOSTS = ["packages.example"]
    settings.TRUSTED_PROXIES = ("10.0.0.0/8",)
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "users": {"ana": "correct horse battery"}}
    return settings


def ours() -> set[str]:
    return {each.removeprefix("packages_app.") for each in ids(deploy=True) if each.startswith("packages_app.")}


def test_sound_settings_pass(sound):
    assert ours() == set()


def option(**changes):
    return lambda settings: setattr(settings, "PACKAGES_APP", {**settings.PACKAGES_APP, **changes})


def setting(name, value):
    return lambda settings: setattr(settings, name, value)


@pytest.mark.parametrize(
    ("change", "reported"),
    [
        pytest.param(setting("DEBUG", True), "E001", id="debug mode"),
        pytest.param(setting("SECRET_KEY", "short"), "E002", id="a short secret key"),
        pytest.param(setting("SECRET_KEY", "abcd" * 20), "E002", id="a secret key that repeats itself"),
        pytest.param(option(users={"ana": "hunter2"}), "E003", id="a short password"),
        pytest.param(option(users={"administrators": "srotartsinimda"}), "E003", id="a name backwards"),
        pytest.param(option(users={"continuous-build": "Continuous-Build"}), "E003", id="the name as a password"),
        pytest.param(setting("TRUSTED_PROXIES", ("0.0.0.0/0",)), "E004", id="everybody as a proxy"),
        pytest.param(setting("TRUSTED_PROXIES", ("::/0",)), "E004", id="everybody as a proxy, with IPv6"),
        pytest.param(option(public_read=True), "W003", id="public reading"),
        pytest.param(setting("ALLOWED_HOSTS", ["*"]), "W004", id="every host name"),
        pytest.param(option(overwrite=True), "W005", id="overwriting"),
        pytest.param(option(link_window=200_000), "W006", id="links for days"),
        pytest.param(setting("TRUSTED_PROXIES", ()), "W007", id="no proxy"),
        pytest.param(
            setting("STORAGES", {"packages": {"BACKEND": "x", "OPTIONS": {"cloudfront_key": "no key"}}}),
            "E005",
            id="a key for CloudFront that is none",
        ),
    ],
)
def test_a_wrong_or_open_setting_is_found_before_a_deployment(sound, change, reported):
    change(sound)
    assert ours() == {reported}


def test_on_lambda_the_gateway_speaks_tls(sound):
    sound.TRUSTED_PROXIES, sound.ON_LAMBDA = (), True
    assert ours() == set()


def test_no_secret_is_shown(sound):
    sound.SECRET_KEY = "a-very-secret"
    sound.PACKAGES_APP = {**sound.PACKAGES_APP, "users": {"ana": "hunter2"}}
    said = str(run_checks(include_deployment_checks=True))
    assert "a-very-secret" not in said
    assert "hunter2" not in said
