"""The gateway says by itself where to go with an upload that it does not pass on."""

import json
from types import SimpleNamespace

import boto3
import pytest
from moto import mock_aws

from deploy import gateway


@pytest.fixture
def cli(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        client = boto3.client("apigateway", region_name="eu-central-1")
        api = client.create_rest_api(name="elastic-pypi-dev")["id"]
        root = client.get_resources(restApiId=api)["items"][0]["id"]
        client.put_method(restApiId=api, resourceId=root, httpMethod="ANY", authorizationType="NONE")
        client.put_integration(restApiId=api, resourceId=root, httpMethod="ANY", type="MOCK")
        yield SimpleNamespace(
            lambda_name="elastic-pypi-dev",
            api_stage="dev",
            use_apigateway=True,
            domain=None,
            base_path=None,
            zappa=SimpleNamespace(apigateway_client=client, get_api_id=lambda _: api),
            api=api,
        )


def kept(cli) -> dict[str, dict]:
    found = cli.zappa.apigateway_client.get_gateway_responses(restApiId=cli.api)["items"]
    return {each["responseType"]: each for each in found}


def said(response: dict) -> dict:
    return json.loads(response["responseTemplates"]["application/json"])


def test_an_upload_that_is_too_large_is_told_of_the_program_that_can(cli):
    assert gateway.explain(cli) is True
    response = kept(cli)["REQUEST_TOO_LARGE"]
    document = said(response)
    assert response["statusCode"] == "413"
    assert f"https://{cli.api}.execute-api.eu-central-1.amazonaws.com/dev/upload.py" in document["detail"]
    assert document["code"].startswith("413 ")
    assert document["message"] == document["detail"]


def test_what_failed_keeps_its_status_and_names_the_program_too(cli):
    gateway.explain(cli)
    response = kept(cli)["DEFAULT_5XX"]
    assert "statusCode" not in response
    assert "/dev/upload.py" in said(response)["detail"]
    assert response["responseParameters"]["gatewayresponse.header.Retry-After"] == "'5'"


def test_it_comes_into_force_and_a_second_time_changes_nothing(cli):
    gateway.explain(cli)
    client = cli.zappa.apigateway_client
    assert client.get_stage(restApiId=cli.api, stageName="dev")["stageName"] == "dev"
    assert gateway.explain(cli) is False
    assert len(client.get_deployments(restApiId=cli.api)["items"]) == 1


def test_a_sentence_that_somebody_changed_is_put_right(cli):
    gateway.explain(cli)
    cli.zappa.apigateway_client.put_gateway_response(
        restApiId=cli.api, responseType="REQUEST_TOO_LARGE", statusCode="413", responseTemplates={}
    )
    assert gateway.explain(cli) is True
    assert "upload.py" in said(kept(cli)["REQUEST_TOO_LARGE"])["detail"]


@pytest.mark.parametrize(
    ("base_path", "url"),
    [(None, "https://packages.example/upload.py"), ("team", "https://packages.example/team/upload.py")],
)
def test_a_custom_domain_is_named_as_people_know_it(cli, base_path, url):
    cli.domain, cli.base_path = "packages.example", base_path
    gateway.explain(cli)
    assert url in said(kept(cli)["REQUEST_TOO_LARGE"])["detail"]


def test_without_a_gateway_there_is_nothing_to_do(cli):
    cli.use_apigateway = False
    assert gateway.explain(cli) is False


def test_a_sentence_is_plain_enough_for_a_template(cli):
    """The gateway's templates take ``$`` for a variable."""
    assert not [each for each in gateway.responses("https://packages.example") if "$" in str(each)]
