"""Under which addresses the deployed index is found: the gateway's own, a custom domain, a function URL."""

import os
from typing import Any

OWN_NAMES = ".amazonaws.com,.on.aws"
"""Host names that a deployment answers to where PYPI_ALLOWED_HOSTS says nothing else; as in the app's settings."""
NO = frozenset({"0", "no", "off", "false"})


def apply(cli: Any) -> None:
    """Take ZAPPA_DOMAIN, ZAPPA_BASE_PATH, ZAPPA_CERTIFICATE_ARN and ZAPPA_FUNCTION_URL from this shell."""
    own_domain(cli)
    function_url(cli)


def own_domain(cli: Any) -> None:
    """Tell Zappa the custom domain, and let the index answer to its name."""
    domain = os.environ.get("ZAPPA_DOMAIN", "").strip().lower()
    base_path = os.environ.get("ZAPPA_BASE_PATH", "").strip("/ ")
    if not domain:
        if base_path:
            raise SystemExit("ZAPPA_BASE_PATH is set without ZAPPA_DOMAIN: a base path is a part of a custom domain.")
        return
    cli.domain, cli.base_path = domain, base_path or None
    settings = {
        "domain": domain,
        "base_path": base_path or None,
        "certificate_arn": os.environ.get("ZAPPA_CERTIFICATE_ARN") or None,
        "route53_enabled": os.environ.get("ZAPPA_ROUTE53", "1").lower() not in NO,
    }
    for name, value in settings.items():
        if value is not None:
            cli.override_stage_config_setting(name, value)
    variables = cli.aws_environment_variables
    hosts = variables.get("PYPI_ALLOWED_HOSTS") or variables_of(cli).get("PYPI_ALLOWED_HOSTS") or OWN_NAMES
    if domain not in hosts.split(","):
        hosts = f"{hosts},{domain}"
    variables["PYPI_ALLOWED_HOSTS"] = hosts


def function_url(cli: Any) -> None:
    """Give the function a URL of its own if the shell asks for one; one that is there stays until it is refused."""
    asked = os.environ.get("ZAPPA_FUNCTION_URL", "").strip().lower()
    wanted = asked not in NO if asked else has_function_url(cli)
    # `zappa certify` would put CloudFront before the URL, for domains that nobody named, and fails at it.
    cli.use_function_url = wanted and cli.command != "certify"
    # The index signs its callers in by itself; other sites' pages have no business with it.
    cli.function_url_config = {"authorizer": "NONE", "cors": {}}


def has_function_url(cli: Any) -> bool:
    """Return whether the deployed function has a URL: Zappa would remove one that is not asked for again."""
    client = cli.zappa.lambda_client
    try:
        found = client.list_function_url_configs(FunctionName=cli.lambda_name)
    except client.exceptions.ResourceNotFoundException:
        return False
    return bool(found.get("FunctionUrlConfigs"))


def variables_of(cli: Any) -> dict[str, str]:
    """Return the variables that the deployed function has; none where there is no function."""
    client = cli.zappa.lambda_client
    try:
        found = client.get_function_configuration(FunctionName=cli.lambda_name)
    except client.exceptions.ResourceNotFoundException:
        return {}
    return dict(found.get("Environment", {}).get("Variables", {}))
