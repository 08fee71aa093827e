"""Why an account could not be looked at or changed; botocore's errors as sentences."""

from collections.abc import Iterator
from contextlib import contextmanager

from packages_app.errors import PackagesError

MISSING_CODES = frozenset(
    {
        "404",
        "NoSuchBucket",
        "NoSuchLifecycleConfiguration",
        "NoSuchPublicAccessBlockConfiguration",
        "ResourceNotFoundException",
        "ServerSideEncryptionConfigurationNotFoundError",
    }
)
REFUSED_CODES = frozenset({"403", "AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})


class AwsRefused(PackagesError):
    """AWS answered, but does not let these credentials do it, or not this way."""

    code = "aws-refused"


class AwsUnreachable(PackagesError):
    """AWS could not be asked: no credentials, no region, no network."""

    code = "aws-unreachable"


@contextmanager
def reported(subject: str) -> Iterator[None]:
    """Translate what botocore raises.

    Raises:
        AwsRefused: AWS refused the call.
        AwsUnreachable: the call could not be made.
    """
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - only this command needs it

    try:
        yield
    except ClientError as error:
        code, operation = code_of(error), error.operation_name
        if code in REFUSED_CODES:
            raise AwsRefused(
                f"{subject}: these credentials may not call {operation}; allow it, and run again."
            ) from error
        raise AwsRefused(
            f"{subject}: {operation} was answered {code}; see the AWS documentation of that call."
        ) from error
    except BotoCoreError as error:
        raise AwsUnreachable(
            f"AWS could not be asked ({type(error).__name__}): set AWS_PROFILE or credentials, and AWS_DEFAULT_REGION."
        ) from error


def code_of(error: Exception) -> str:
    """Return the code in AWS's answer."""
    response = getattr(error, "response", {})
    return str(response.get("Error", {}).get("Code", ""))


def is_missing(error: Exception) -> bool:
    """Return whether AWS says that there is no such thing."""
    return code_of(error) in MISSING_CODES
