import pytest
from django.core.exceptions import ImproperlyConfigured

from packages_app.conf import options


def test_an_option_that_does_not_exist_is_refused_by_name(settings):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "overwrit": True}
    with pytest.raises(ImproperlyConfigured, match="overwrit"):
        options()


def test_options_follow_the_setting(settings):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "overwrite": True}
    assert options().overwrite
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "overwrite": False}
    assert not options().overwrite


def test_passwords_are_not_shown_by_repr():
    assert "users" not in repr(options())


def test_an_option_about_the_upstream_that_does_not_exist_is_refused_by_name(settings):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "upstream": {"url": "https://index.example/simple/"}}
    with pytest.raises(ImproperlyConfigured, match="named url"):
        options()


def test_the_upstreams_credentials_are_not_shown_by_repr(settings):
    given = {"urls": ("https://ana:s3cret@index.example/simple/",), "password": "s3cret"}
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "upstream": given}
    assert "s3cret" not in repr(options())
