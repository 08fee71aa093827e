import pytest

from packages_app.uploads.yanked import stem


@pytest.mark.parametrize(
    ("filename", "beginning"),
    [
        ("acme_core-1.3-py3-none-any.whl", "acme_core-1.3"),
        ("acme_core-1.3-2-cp311-cp311-linux_x86_64.whl", "acme_core-1.3"),
        ("acme_core-1.3.tar.gz", "acme_core-1.3"),
        ("acme-core-1.3.tar.gz", "acme-core-1.3"),
    ],
)
def test_files_of_a_release_begin_alike(filename, beginning):
    assert stem(filename) == beginning
