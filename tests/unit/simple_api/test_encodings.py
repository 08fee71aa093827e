import gzip

import pytest
import zstandard

from packages_app.errors import NotAcceptable
from packages_app.simple_api.encodings import Encoding, encode, negotiate


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param("gzip, deflate", Encoding.GZIP, id="pip gets gzip"),
        pytest.param("gzip, deflate, zstd", Encoding.ZSTD, id="uv gets zstd"),
        pytest.param("gzip, deflate, br, zstd", Encoding.ZSTD, id="a browser gets zstd"),
        pytest.param(None, Encoding.IDENTITY, id="no header gets no encoding"),
        pytest.param("", Encoding.IDENTITY, id="an empty header gets no encoding"),
        pytest.param("identity", Encoding.IDENTITY, id="none is none"),
        pytest.param("br, deflate", Encoding.IDENTITY, id="unknown encodings get none"),
        pytest.param("GZIP;q=0.5", Encoding.GZIP, id="names have no case"),
        pytest.param("x-gzip", Encoding.GZIP, id="the old name of gzip"),
        pytest.param("zstd;q=0.5, gzip", Encoding.GZIP, id="the higher quality wins"),
        pytest.param("gzip;q=0.1, identity;q=0.9", Encoding.IDENTITY, id="none can be preferred"),
        pytest.param("gzip;q=0", Encoding.IDENTITY, id="gzip can be refused"),
        pytest.param("gzip;q=0.001", Encoding.GZIP, id="any quality is more than unsaid"),
        pytest.param("identity;q=0, gzip", Encoding.GZIP, id="an encoding can be demanded"),
        pytest.param("*", Encoding.GZIP, id="a wildcard gets what everybody reads"),
        pytest.param("gzip;q=0, *", Encoding.IDENTITY, id="a wildcard without gzip gets none"),
        pytest.param("identity;q=0, gzip;q=0, *", Encoding.ZSTD, id="a wildcard without both gets zstd"),
        pytest.param("gzip, *;q=0", Encoding.GZIP, id="nothing but gzip"),
        pytest.param("gzip;q=oops,;;,", Encoding.GZIP, id="rubbish does no harm"),
    ],
)
def test_the_header_chooses_the_encoding(header, expected):
    assert negotiate(header) is expected


@pytest.mark.parametrize("header", ["*;q=0", "identity;q=0", "identity;q=0, br", "gzip;q=0, zstd;q=0, identity;q=0"])
def test_refusing_everything_is_not_acceptable(header):
    with pytest.raises(NotAcceptable, match="accept one of them"):
        negotiate(header)


BODY = b"<a href='demo/'>demo</a>\n" * 50


def test_gzip_gives_the_body_back_and_the_same_bytes_at_any_time(monkeypatch):
    packed = encode(BODY, Encoding.GZIP)
    monkeypatch.setattr("time.time", lambda: 1.0)
    assert gzip.decompress(packed) == BODY
    assert encode(BODY, Encoding.GZIP) == packed
    assert len(packed) < len(BODY)


def test_zstd_gives_the_body_back_in_one_frame_that_says_its_size():
    packed = encode(BODY, Encoding.ZSTD)
    assert zstandard.ZstdDecompressor().decompress(packed) == BODY
    assert zstandard.frame_content_size(packed) == len(BODY)


def test_identity_is_the_body_itself():
    assert encode(BODY, Encoding.IDENTITY) is BODY
