"""The commands for trusted publishers: what they print, change and refuse."""

import io

import pytest
from django.core.management import CommandError, call_command

from packages_app.accounts.publishers import read

GITHUB = "https://ci.test"
WIDGET = ("github", "repository=Acme/Widget", "workflow=release.yml", "environment=release")
ABOUT = "GitHub Actions: acme/widget, workflow release.yml, environment release"


@pytest.fixture
def manage(home, configure):
    """Run a command, and return what it says."""
    configure(trusted_issuers=(("github", GITHUB),))

    def run(*arguments: str) -> str:
        out = io.StringIO()
        call_command(*arguments, stdout=out, stderr=io.StringIO())
        return out.getvalue()

    return run


def test_a_publisher_is_named_listed_withdrawn_and_removed(manage):
    said = manage("trust_publisher", "Acme_Core", *WIDGET)
    (found,) = read.page().publishers
    assert said == f"{found.name} may upload to Acme_Core: {ABOUT}.\n"
    manage("trust_publisher", "tools-*", *WIDGET)
    listed = f"{found.id}  {ABOUT}  {GITHUB}  never used\n    uploader of tools-*\n    uploader of acme-core\n"
    assert manage("publishers") == listed
    assert manage("publishers", "acme.core") == listed
    assert manage("publishers", "other") == ""
    assert manage("distrust_publisher", "acme-core", found.id) == (
        f"{found.name} may not upload to acme-core any more.\n"
    )
    assert "acme-core" not in manage("publishers")
    assert manage("distrust_publisher", "--all", found.name) == f"{found.name} may not upload to anything any more.\n"
    assert manage("publishers") == ""


@pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)
def test_all_pages_are_listed(manage, monkeypatch):
    monkeypatch.setattr(read.page, "__defaults__", ("", 2))
    for number in range(5):
        manage("trust_publisher", "*", "github", f"repository=acme/tool-{number}", "workflow=release.yml")
    lines = [line for line in manage("publishers").splitlines() if not line.startswith(" ")]
    assert sorted(line.split()[3] for line in lines) == [f"acme/tool-{number}," for number in range(5)]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("trust_publisher", "a b", *WIDGET), "no pattern"),
        (("trust_publisher", "acme", "jenkins", "job=x"), "invalid choice"),
        (("trust_publisher", "acme", "github"), "required: FIELD=VALUE"),
        (("trust_publisher", "acme", "github", "acme/widget"), "FIELD=VALUE, such as"),
        (("trust_publisher", "acme", "github", "repository=acme/widget"), "needs the field workflow"),
        (("trust_publisher", "acme", *WIDGET, "branch=main"), "has no field 'branch'"),
        (("trust_publisher", "acme", *WIDGET, "--issuer", "https://x.test"), "does not trust"),
        (("trust_publisher", "acme", "gitlab", "project=a/b"), "PYPI_TRUSTED_ISSUERS"),
        (("distrust_publisher", "nobody"), "or --all; not both"),
        (("distrust_publisher", "--all", "acme", "nobody"), "or --all; not both"),
        (("distrust_publisher", "acme", "nobody"), "was granted nothing on acme"),
        (("distrust_publisher", "--all", "nobody"), "There is no publisher 'nobody'"),
        (("publishers", "a b"), "not a project name"),
    ],
)
@pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)
def test_a_refusal_is_one_sentence(manage, arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        manage(*arguments)
    assert read.page().publishers == ()
