import pytest

from packages_app.sealed import Broken, seal, unseal


@pytest.mark.parametrize("text", ["", "a", "acme-core", "ü", "a" * 500])
def test_a_sealed_text_comes_back(text):
    sealed = seal(text)
    assert unseal(sealed) == text
    assert sealed.replace("-", "").replace("_", "").isalnum()


def test_another_site_s_seal_is_broken(settings):
    sealed = seal("acme-core")
    settings.SECRET_KEY = "another"
    with pytest.raises(Broken):
        unseal(sealed)


@pytest.mark.parametrize("text", ["x", "%%", "ÿ", "\ud800"], ids=["short", "signs", "letter", "half a character"])
def test_what_was_never_sealed_is_broken(text):
    with pytest.raises(Broken):
        unseal(text)
