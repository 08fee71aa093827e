"""A deployment is found under the gateway's name, and under a domain or function URL that the shell asks for."""

from types import SimpleNamespace

import pytest

from deploy import addresses


class NotFound(Exception):
    """Stands for botocore's."""


class Lambda:
    """Answers for a function with these variables and URLs, or for none."""

    exceptions = SimpleNamespace(ResourceNotFoundException=NotFound)

    def __init__(self, variables, urls):
        self.variables, self.urls = variables, urls

    def get_function_configuration(self, *, FunctionName):  # noqa: N803 - boto3's word
        if self.variables is None:
            raise NotFound(FunctionName)
        return {"Environment": {"Variables": self.variables}}

    def list_function_url_configs(self, *, FunctionName):  # noqa: N803 - boto3's word
        if self.variables is None:
            raise NotFound(FunctionName)
        return {"FunctionUrlConfigs": self.urls}


class Cli:
    """What is used of Zappa's command line."""

    lambda_name = "elastic-pypi-dev"
    command = "update"
    domain = base_path = None
    use_function_url = None

    def __init__(self, variables=None, urls=()):
        self.zappa = SimpleNamespace(lambda_client=Lambda(variables, list(urls)))
        self.aws_environment_variables = {}
        self.settings = {}

    def override_stage_config_setting(self, name, value):
        self.settings[name] = value


@pytest.fixture(autouse=True)
def shell(monkeypatch):
    for name in ("DOMAIN", "BASE_PATH", "CERTIFICATE_ARN", "ROUTE53", "FUNCTION_URL"):
        monkeypatch.delenv(f"ZAPPA_{name}", raising=False)
    return monkeypatch


def applied(cli):
    addresses.apply(cli)
    return cli


def test_nothing_is_asked_for_and_nothing_changes():
    cli = applied(Cli())
    assert (cli.domain, cli.base_path, cli.use_function_url) == (None, None, False)
    assert cli.settings == cli.aws_environment_variables == {}


def test_a_domain_is_told_to_zappa_and_the_index_answers_to_it(shell):
    shell.setenv("ZAPPA_DOMAIN", "Packages.example")
    shell.setenv("ZAPPA_BASE_PATH", "/team/")
    shell.setenv("ZAPPA_CERTIFICATE_ARN", "arn:aws:acm:us-east-1:123456789012:certificate/one")
    cli = applied(Cli())
    assert (cli.domain, cli.base_path) == ("packages.example", "team")
    assert cli.settings["domain"] == "packages.example"
    assert cli.settings["base_path"] == "team"
    assert cli.settings["route53_enabled"] is True
    assert cli.aws_environment_variables["PYPI_ALLOWED_HOSTS"] == ".amazonaws.com,.on.aws,packages.example"


@pytest.mark.parametrize(
    ("held", "hosts"),
    [
        pytest.param("old.example", "old.example,packages.example", id="beside those the function has"),
        pytest.param("packages.example,b.example", "packages.example,b.example", id="named already"),
    ],
)
def test_a_domain_is_added_to_the_names_that_are_allowed(shell, held, hosts):
    shell.setenv("ZAPPA_DOMAIN", "packages.example")
    cli = applied(Cli({"PYPI_ALLOWED_HOSTS": held}))
    assert cli.aws_environment_variables["PYPI_ALLOWED_HOSTS"] == hosts


def test_names_that_the_shell_allows_come_first(shell):
    shell.setenv("ZAPPA_DOMAIN", "packages.example")
    cli = Cli({"PYPI_ALLOWED_HOSTS": "old.example"})
    cli.aws_environment_variables["PYPI_ALLOWED_HOSTS"] = "new.example"
    assert applied(cli).aws_environment_variables["PYPI_ALLOWED_HOSTS"] == "new.example,packages.example"


def test_records_of_route_53_are_left_to_their_owner_if_wanted(shell):
    shell.setenv("ZAPPA_DOMAIN", "packages.example")
    shell.setenv("ZAPPA_ROUTE53", "0")
    assert applied(Cli()).settings["route53_enabled"] is False


def test_a_base_path_needs_a_domain(shell):
    shell.setenv("ZAPPA_BASE_PATH", "team")
    with pytest.raises(SystemExit, match="ZAPPA_DOMAIN"):
        addresses.apply(Cli())


@pytest.mark.parametrize(
    ("asked", "urls", "wanted"),
    [
        pytest.param("1", [], True, id="asked for"),
        pytest.param("", [{}], True, id="there, and not asked about"),
        pytest.param("", [], False, id="not there, and not asked about"),
        pytest.param("0", [{}], False, id="there, and refused"),
    ],
)
def test_a_function_url_stays_as_long_as_nobody_refuses_it(shell, asked, urls, wanted):
    shell.setenv("ZAPPA_FUNCTION_URL", asked)
    cli = applied(Cli({}, urls))
    assert cli.use_function_url is wanted
    assert cli.function_url_config == {"authorizer": "NONE", "cors": {}}


def test_certifying_a_domain_leaves_the_function_url_alone(shell):
    shell.setenv("ZAPPA_FUNCTION_URL", "1")
    cli = Cli({}, [{}])
    cli.command = "certify"
    assert applied(cli).use_function_url is False
