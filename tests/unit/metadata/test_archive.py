"""Any bytes whatever end in an answer: what the distribution says, or which check failed."""

import gzip
import io
import os
import tracemalloc
import zipfile

import pytest

from packages_app import names
from packages_app.errors import PackagesError
from packages_app.metadata.archive import inspect, read_document
from packages_app.metadata.errors import BadMetadata, UnsoundArchive
from tests.factories import damaged, make_sdist, make_wheel, metadata, tarred, zipped

SEEDS = 1500


def opened(made):
    """Return the arguments of ``inspect`` for a made distribution."""
    filename, data = made
    return io.BytesIO(data), names.parse(filename)


def outcome(data, distribution):
    """Return what was found and nothing said, or nothing found and the refusal; any other error is a failure."""
    try:
        return inspect(io.BytesIO(data), distribution), ""
    except (UnsoundArchive, BadMetadata) as refusal:
        return None, str(refusal)


@pytest.mark.parametrize(
    ("made", "core"),
    [
        pytest.param(make_wheel(), metadata(), id="a wheel"),
        pytest.param(make_wheel(build="3"), metadata(), id="a wheel with a build tag"),
        pytest.param(make_wheel("Foo.Bar", "1.0+cu121"), metadata("Foo.Bar", "1.0+cu121"), id="a local version"),
        pytest.param(make_wheel(content=os.urandom(3_000_000)), metadata(), id="a wheel of several pieces"),
        pytest.param(make_sdist(), metadata(), id="an sdist"),
        pytest.param(make_sdist("foo-bar", stem="foo-bar-1.0"), metadata("foo-bar"), id="an old sdist name"),
        pytest.param(make_sdist(content=os.urandom(3_000_000)), metadata(), id="an sdist of several pieces"),
    ],
)
def test_a_sound_distribution_tells_its_metadata_byte_for_byte(made, core):
    found = inspect(*opened(made))

    assert found.document == core
    assert f"Name: {found.core.name}\nVersion: {found.core.version}\n".encode() in core


@pytest.mark.parametrize("make", [make_wheel, make_sdist])
def test_bad_metadata_inside_is_refused(make):
    with pytest.raises(BadMetadata, match=r"Metadata-Version '9\.9'"):
        inspect(*opened(make(core=metadata(metadata_version="9.9"))))


@pytest.mark.parametrize(
    ("filename", "data"),
    [
        pytest.param("demo-1.0-py3-none-any.whl", b"", id="an empty wheel"),
        pytest.param("demo-1.0.tar.gz", b"", id="an empty sdist"),
        pytest.param("demo-1.0-py3-none-any.whl", b"<html>Not found</html>" * 9, id="a page named as a wheel"),
        pytest.param("demo-1.0.tar.gz", b"<html>Not found</html>" * 9, id="a page named as an sdist"),
        pytest.param("demo-1.0-py3-none-any.whl", make_sdist()[1], id="an sdist named as a wheel"),
        pytest.param("demo-1.0.tar.gz", make_wheel()[1], id="a wheel named as an sdist"),
        pytest.param("demo-1.0.tar.gz", gzip.compress(b"x" * 2000), id="a gzip file of something else"),
        pytest.param("demo-1.0.tar.gz", gzip.compress(b""), id="a gzip file of nothing"),
        pytest.param("demo-1.0.tar.gz", gzip.decompress(make_sdist()[1]), id="a tar that is not packed"),
        pytest.param("demo-1.0-py3-none-any.whl", zipped({}), id="a zip of nothing"),
        pytest.param("demo-1.0.tar.gz", tarred({}), id="a tar of nothing"),
    ],
)
def test_what_is_no_such_archive_is_refused(filename, data):
    with pytest.raises(UnsoundArchive):
        inspect(io.BytesIO(data), names.parse(filename))


@pytest.mark.parametrize("make", [make_wheel, make_sdist])
def test_an_archive_cut_off_anywhere_is_refused(make):
    filename, data = make(content=os.urandom(2000))

    for end in range(0, len(data), 7):
        with pytest.raises(UnsoundArchive):
            inspect(io.BytesIO(data[:end]), names.parse(filename))


@pytest.mark.parametrize("make", [make_wheel, make_sdist])
def test_any_single_byte_changed_is_refused_or_harmless(make):
    filename, data = make()
    distribution = names.parse(filename)
    expected = inspect(io.BytesIO(data), distribution)

    for at in range(len(data)):
        broken = bytearray(data)
        broken[at] ^= 0x55
        try:
            found = inspect(io.BytesIO(broken), distribution)
        except PackagesError:
            continue
        assert found == expected, f"byte {at} changed the metadata unnoticed"


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("make", [make_wheel, make_sdist])
def test_damage_never_ends_in_another_error(make, seed):
    filename, data = make(content=bytes(range(256)))
    distribution = names.parse(filename)

    for number in range(seed, SEEDS, 4):
        broken = damaged(data, number)
        found, said = outcome(broken, distribution)
        assert said.isprintable(), number
        if found and filename.endswith(".whl"):  # what is taken is what installers will read
            with zipfile.ZipFile(io.BytesIO(broken)) as archive:
                assert archive.testzip() is None
                assert archive.read("demo-1.0.dist-info/METADATA") == found.document, number


@pytest.mark.parametrize("seed", range(4))
def test_damage_inside_the_tar_never_ends_in_another_error(seed):
    filename, data = make_sdist(content=bytes(range(256)))
    plain = gzip.decompress(data)

    for number in range(seed, SEEDS, 4):
        broken = gzip.compress(damaged(plain, number), compresslevel=1, mtime=0)
        _, said = outcome(broken, names.parse(filename))
        assert said.isprintable(), number


@pytest.mark.parametrize("make", [make_wheel, make_sdist])
def test_a_broken_disk_is_not_taken_for_a_broken_file(make):
    class Broken(io.BytesIO):
        def read(self, *_):
            raise OSError(5, "Input/output error")

    filename, data = make()
    with pytest.raises(OSError, match="Input/output error"):
        inspect(Broken(data), names.parse(filename))


@pytest.mark.parametrize("make", [make_wheel, make_sdist])
def test_memory_stays_flat_while_a_large_archive_is_read(make):
    filename, data = make(content=os.urandom(1_000_000) * 40)
    file = io.BytesIO(data)
    tracemalloc.start()

    read_document(file, names.parse(filename))

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4_000_000
