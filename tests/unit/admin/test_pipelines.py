import pytest

from packages_app.admin.pipelines import pipeline_fields


@pytest.fixture
def trusting(settings):
    def change(*kinds: str) -> None:
        settings.PACKAGES_APP = {
            **settings.PACKAGES_APP,
            "trusted_issuers": tuple((kind, f"https://{number}.test") for number, kind in enumerate(kinds)),
        }

    return change


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        pytest.param((), {}, id="no service, no field"),
        pytest.param(
            ("github", "github"),
            {"repository": True, "workflow": True, "environment": False},
            id="one kind, whose fields are needed as it says",
        ),
        pytest.param(
            ("gitlab", "subject"),
            {"project": False, "file": False, "environment": False, "subject": False},
            id="several kinds, of which each leaves the others' fields empty",
        ),
    ],
)
def test_the_form_has_the_fields_of_the_trusted_services(trusting, kinds, expected):
    trusting(*kinds)
    assert {name: field.required for name, field in pipeline_fields().items()} == expected


def test_a_field_that_several_kinds_have_is_explained_once(trusting):
    trusting("github", "gitlab")
    assert pipeline_fields()["environment"].help_text.startswith("For GitHub Actions and GitLab CI: the environment")
