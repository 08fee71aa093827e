"""Why a distribution cannot be taken for what it says it is."""

from packages_app.errors import PackagesError


class UnsoundArchive(PackagesError):
    """The archive is damaged, incomplete or dangerous to unpack."""

    code = "unsound-archive"


class BadMetadata(PackagesError):
    """The core metadata breaks a rule that installers rely on."""

    code = "bad-metadata"


class BadAttestations(PackagesError):
    """The attestations do not have the form of PEP 740, or speak of another file."""

    code = "bad-attestations"
