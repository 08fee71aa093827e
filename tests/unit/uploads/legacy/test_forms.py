import pytest
from django.http import QueryDict

from packages_app.uploads.errors import BadUpload, Gone
from packages_app.uploads.legacy.forms import claims


def test_a_form_says_what_the_file_is():
    form = QueryDict(
        ":action=file_upload&protocol_version=1&name=demo&version=1.0&filetype=sdist&sha256_digest=AB&md5_digest=cd"
        "&blake2_256_digest=&comment=&gpg_signature=x&requires_python=&import_names=a&import_name=b&provides_extras=c"
    )
    found = claims(form)
    assert (found.name, found.version, found.filetype) == ("demo", "1.0", "sdist")
    assert found.digests == {"sha256": "AB", "md5": "cd"}


def test_an_empty_form_claims_nothing():
    found = claims(QueryDict(""))
    assert (found.name, found.version, found.filetype, found.digests, found.attestations) == ("", "", "", {}, "")


def test_the_placeholder_unknown_is_nothing():
    assert claims(QueryDict("name=UNKNOWN&version=%20UNKNOWN%20")).name == ""


@pytest.mark.parametrize(
    ("form", "error", "says"),
    [
        pytest.param(":action=submit", Gone, "file_upload", id="a retired action"),
        pytest.param(":action=doc_upload", Gone, "file_upload", id="documentation"),
        pytest.param(":action=fly", BadUpload, "fly", id="an unknown action"),
        pytest.param("protocol_version=2", BadUpload, "version 1", id="another protocol"),
        pytest.param("filetype=bdist_egg", BadUpload, "bdist_wheel", id="an egg"),
        pytest.param("content=x", BadUpload, "as a file", id="content that is no file"),
        pytest.param("name=a&name=b", BadUpload, "several times", id="two names"),
    ],
)
def test_a_form_that_cannot_be_meant_is_refused(form, error, says):
    with pytest.raises(error, match=says):
        claims(QueryDict(form))


def test_the_same_value_twice_is_one():
    assert claims(QueryDict("name=demo&name=demo")).name == "demo"
