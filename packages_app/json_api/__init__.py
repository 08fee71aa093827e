"""The legacy JSON API, ``/pypi/<project>/json``, which tools still read: a release's metadata and files."""
