"""Why a file was not taken."""

from packages_app.errors import PackagesError


class BadUpload(PackagesError):
    """The upload itself is not well formed: fields missing, twice, or of another kind."""

    code = "bad-upload"


class BadDigest(PackagesError):
    """The bytes are not the ones that were announced."""

    code = "bad-digest"


class Disagreement(PackagesError):
    """File name, form and metadata do not speak of the same project and version."""

    code = "disagreement"


class FileExists(PackagesError):
    """Other bytes are published under this file name, and overwriting is off."""

    code = "file-exists"


class TooLarge(PackagesError):
    """The file is larger than this index takes."""

    code = "too-large"


class LengthRequired(PackagesError):
    """The upload did not say how long it is."""

    code = "length-required"


class Gone(PackagesError):
    """An action of the upload API that was retired long ago."""

    code = "gone"
