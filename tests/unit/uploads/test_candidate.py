import hashlib

from packages_app.uploads.candidate import hashed


def test_every_digest_is_that_of_all_bytes():
    found = hashed([b"one", b"", b"two"])
    assert found.size == 6
    assert found.digests().sha256 == hashlib.sha256(b"onetwo").hexdigest()
    assert found.digests().blake2_256 == hashlib.blake2b(b"onetwo", digest_size=32).hexdigest()
    assert found.digests().md5 == hashlib.md5(b"onetwo").hexdigest()
