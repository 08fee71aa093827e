"""Which requests count as downloads."""

import pytest
from django.test import RequestFactory

from packages_app.simple_api.downloads import is_counted
from packages_app.simple_api.wanted import FILE_TYPE, Wanted


@pytest.mark.parametrize(
    ("part", "version", "counted"),
    [
        pytest.param(None, "1.0", True, id="a whole file"),
        pytest.param("bytes=0-", "1.0", True, id="all of it as a part"),
        pytest.param("bytes = 0-99", "1.0", True, id="its beginning"),
        pytest.param("bytes=100-", "1.0", False, id="what goes on with it"),
        pytest.param("bytes=-100", "1.0", False, id="a look at its end"),
        pytest.param("bytes=0123-", "1.0", False, id="a part that begins with a digit nought"),
        pytest.param(None, "", False, id="what lies beside a file, or another index has"),
    ],
)
def test_a_download_counts_when_it_begins(part, version, counted):
    request = RequestFactory().get("/", headers={} if part is None else {"range": part})
    wanted = Wanted(key="k", filename="f", sha256="a", size=1000, content_type=FILE_TYPE, version=version)
    assert is_counted(request, wanted) is counted
