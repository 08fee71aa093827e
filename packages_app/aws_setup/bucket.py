"""What the bucket must have: privacy, encryption, versions, and rules that clear away what was left half done."""

from collections.abc import Iterator
from typing import Any

from packages_app.aws_setup.entries import Step, Subject, Wanted
from packages_app.aws_setup.errors import is_missing

PRIVATE = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
ABORTED, INCOMING, PAGES = "elastic-pypi-aborted-uploads", "elastic-pypi-incoming", "elastic-pypi-large-pages"
STAGING, WORK = "elastic-pypi-staging", "elastic-pypi-work"
# A page is put again when it is a day old, and a link to it works for a week at most.
DAYS = {ABORTED: 7, INCOMING: 30, PAGES: 9, STAGING: 30, WORK: 30}  # an upload session lives for 14 at most
FIRST_REGION = "us-east-1"
"""S3 refuses to hear this region's name when a bucket is made there."""


class Bucket:
    """One look at the bucket; every step is found from it."""

    def __init__(self, client: Any, wanted: Wanted) -> None:  # noqa: ANN401 - botocore makes clients' classes
        self.client, self.wanted, self.name = client, wanted, wanted.bucket
        self.subject = Subject(f"bucket {wanted.bucket}")
        self.exists = self.asked("head_bucket") is not None

    def asked(self, operation: str) -> dict[str, Any] | None:
        """Return S3's answer about the bucket, or None if there is no such bucket or configuration."""
        try:
            return dict(getattr(self.client, operation)(Bucket=self.name))
        except self.client.exceptions.ClientError as error:
            if is_missing(error):
                return None
            raise

    def configured(self, operation: str) -> dict[str, Any]:
        """Return a configuration of the bucket; empty if it has none."""
        return (self.asked(operation) or {}) if self.exists else {}

    def steps(self) -> Iterator[Step]:
        """Yield each thing that the bucket must have, in the order in which they can be made."""
        if not self.exists:
            yield self.subject.missing("the bucket itself", self.create)
        yield self.privacy()
        yield self.encryption()
        yield self.versions()
        yield self.rules()
        yield self.events()

    def privacy(self) -> Step:
        """Compare the block of public access."""
        found = self.configured("get_public_access_block").get("PublicAccessBlockConfiguration", {})
        if all(found.get(name) for name in PRIVATE):
            return self.subject.there("public access is blocked")
        return self.subject.missing("the block of all public access", self.block)

    def encryption(self) -> Step:
        """Compare encryption at rest: any kind will do, and a key of the owner's stays."""
        found = self.configured("get_bucket_encryption").get("ServerSideEncryptionConfiguration", {})
        kinds = [
            rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"]
            for rule in found.get("Rules", ())
            if "ApplyServerSideEncryptionByDefault" in rule
        ]
        if kinds and kinds[0].startswith("aws:kms"):
            return self.subject.note(
                "it is encrypted with a KMS key, which stays: let the function's role use that key"
            )
        if kinds:
            return self.subject.there("it is encrypted")
        return self.subject.missing("encryption with S3's own keys", self.encrypt)

    def versions(self) -> Step:
        """Compare versioning."""
        if self.configured("get_bucket_versioning").get("Status") == "Enabled":
            return self.subject.there("it keeps versions")
        return self.subject.missing("versions of what is replaced or removed", self.keep_versions)

    def rules(self) -> Step:
        """Compare the lifecycle rules of ours; one of these names that its owner changed stays as it is."""
        found = {rule.get("ID") for rule in self.lifecycle()}
        if missing := sorted(set(DAYS) - found):
            return self.subject.missing(f"the lifecycle rules {' and '.join(missing)}", self.add_rules)
        return self.subject.there(
            "it clears away aborted uploads, what stayed in the incoming area, large pages, and what sessions left"
        )

    def lifecycle(self) -> list[dict[str, Any]]:
        """Return the rules it has."""
        return list(self.configured("get_bucket_lifecycle_configuration").get("Rules", ()))

    def events(self) -> Step:
        """Say whether a function hears of what is put in or removed; deploying sees to that."""
        heard = self.configured("get_bucket_notification_configuration").get("LambdaFunctionConfigurations", ())
        if heard:
            return self.subject.there("its events go to a function")
        return self.subject.note("no function hears of its events yet: `zappa deploy` or `zappa schedule` sees to that")

    # --- What is made ---

    def create(self) -> None:
        """Make the bucket, where only its owner can put and name things."""
        region = self.wanted.region
        where = {}
        if region not in (None, FIRST_REGION):
            where = {"CreateBucketConfiguration": {"LocationConstraint": region}}
        self.client.create_bucket(Bucket=self.name, ObjectOwnership="BucketOwnerEnforced", **where)
        self.exists = True

    def block(self) -> None:
        """Block public access in every way."""
        self.client.put_public_access_block(Bucket=self.name, PublicAccessBlockConfiguration=PRIVATE)

    def encrypt(self) -> None:
        """Encrypt at rest."""
        rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
        self.client.put_bucket_encryption(Bucket=self.name, ServerSideEncryptionConfiguration={"Rules": [rule]})

    def keep_versions(self) -> None:
        """Keep versions."""
        self.client.put_bucket_versioning(Bucket=self.name, VersioningConfiguration={"Status": "Enabled"})

    def add_rules(self) -> None:
        """Add our rules to those it has; S3 only takes all of them at once."""
        found = self.lifecycle()
        names = {rule.get("ID") for rule in found}
        ours = [rule for rule in lifecycle_rules(self.wanted) if rule["ID"] not in names]
        self.client.put_bucket_lifecycle_configuration(
            Bucket=self.name, LifecycleConfiguration={"Rules": [*found, *ours]}
        )


def lifecycle_rules(wanted: Wanted) -> list[dict[str, Any]]:
    """Return the rules that clear away what was left half done."""
    return [
        {
            "ID": ABORTED,
            "Status": "Enabled",
            "Filter": {"Prefix": f"{wanted.prefix}/" if wanted.prefix else ""},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": DAYS[ABORTED]},
        },
        {
            "ID": INCOMING,
            "Status": "Enabled",
            "Filter": {"Prefix": wanted.incoming},
            "Expiration": {"Days": DAYS[INCOMING]},
        },
        {
            "ID": PAGES,
            "Status": "Enabled",
            "Filter": {"Prefix": wanted.pages},
            "Expiration": {"Days": DAYS[PAGES]},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
        },
        *(
            {
                "ID": name,
                "Status": "Enabled",
                "Filter": {"Prefix": prefix},
                "Expiration": {"Days": DAYS[name]},
                # Versions would keep what sessions have removed; what they published lies elsewhere by then.
                "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
            }
            for name, prefix in ((STAGING, wanted.staging), (WORK, wanted.work))
        ),
    ]
