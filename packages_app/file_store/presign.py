"""Signs S3 links as of a given moment, where botocore's own presigning always takes the present one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from botocore.auth import SIGV4_TIMESTAMP, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials


class DatedQueryAuth(S3SigV4QueryAuth):
    """Signature version 4 in the query, dated ``signed_at``."""

    def __init__(self, credentials: ReadOnlyCredentials, region: str, *, signed_at: datetime, expires: int) -> None:
        super().__init__(credentials, "s3", region, expires=expires)
        self.signed_at = signed_at

    def _modify_request_before_signing(self, request: AWSRequest) -> Any:  # noqa: ANN401 - what it returns is not declared
        # The first step of add_auth after it wrote down the present; everything later reads it from here.
        request.context["timestamp"] = self.signed_at.strftime(SIGV4_TIMESTAMP)
        return super()._modify_request_before_signing(request)  # type: ignore[misc]  # a hook that the stubs leave out


def signed(
    url: str,
    credentials: ReadOnlyCredentials,
    region: str,
    *,
    signed_at: datetime,
    expires: int,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
) -> str:
    """Return the unsigned address with a signature that lets anybody use it until ``signed_at`` plus ``expires``.

    Who uses it must send the ``headers`` as they were signed.
    """
    request = AWSRequest(method=method, url=url, headers=dict(headers or {}))
    DatedQueryAuth(credentials, region, signed_at=signed_at, expires=expires).add_auth(request)
    return str(request.url)
