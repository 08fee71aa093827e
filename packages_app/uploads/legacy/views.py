"""The legacy upload door: authenticates, reads the form, hands a candidate to ``publish``, says what came of it."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from packages_app.accounts.gate import principal, uploads
from packages_app.accounts.permissions import Action, demand
from packages_app.conf import options
from packages_app.errors import WrongMethod
from packages_app.file_store.errors import reported
from packages_app.file_store.spool import spooled
from packages_app.uploads.bodies import STALL_SECONDS, drain, length_of, wait_at_most
from packages_app.uploads.candidate import Candidate
from packages_app.uploads.check import too_large
from packages_app.uploads.errors import BadUpload
from packages_app.uploads.legacy import forms, multipart
from packages_app.uploads.publish import Published, publish

FORM_ALLOWANCE = 32 * 1024**2
"""Bytes that the other fields and the multipart framing may add to the file."""


@csrf_exempt  # an API door: it reads the Authorization header, never a cookie
def upload(request: HttpRequest) -> HttpResponse:
    """Publish the file in the request, or say why not."""
    wait_at_most(request, STALL_SECONDS)
    try:
        published = take(request)
    except Exception:
        drain(request)
        raise
    marked = ", yanked as its release is" if published.file.yanked else ""
    sentence = f"{published.file.filename}: {published.outcome.value}{marked}."
    return HttpResponse(
        sentence + "\n", content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"}
    )


@uploads
def take(request: HttpRequest) -> Published:
    """Publish the file in the request; nothing is read of a request that may not upload."""
    if request.method != "POST":
        sentence = "This address takes uploads: POST a file with twine, uv publish or another upload client."
        raise WrongMethod(sentence, allowed="POST")
    who = principal(request)
    demand(who, Action.UPLOAD)
    forms.check_action(request.GET.get(":action", ""))
    check_length(request)
    with spooled() as spool:
        handler = multipart.ContentHandler(spool.file)
        claims = forms.claims(multipart.read(request, handler))
        if not handler.filename:
            raise BadUpload("The upload has no file: send it in a part named content, with its file name.")
        with reported():
            spool.file.flush()
        return publish(
            Candidate(
                filename=handler.filename,
                path=spool.path,
                size=handler.hasher.size,
                digests=handler.hasher.digests(),
                principal=who,
                source="legacy",
                claims=claims,
            )
        )


def check_length(request: HttpRequest) -> None:
    """Refuse a body that is too large, or of unknown length, before any of it is read.

    Raises:
        LengthRequired: there is no Content-Length.
        TooLarge: it is over the limit, and over what the form's fields may add.
    """
    if length_of(request) > options().max_upload_bytes + FORM_ALLOWANCE:
        raise too_large()
