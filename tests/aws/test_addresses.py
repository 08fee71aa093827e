"""A deployment under each of its addresses: the gateway's stage, a custom domain, and a URL of the function itself."""

import json
import re
from urllib.parse import urlsplit

import pytest

from tests.aws.front import Behind
from tests.aws.local_aws import Named
from tests.clients.machines import installed
from tests.clients.projects import make_project
from tests.clients.publishers import PUBLISHERS

DOMAIN = "packages.example"


@pytest.fixture(scope="module")
def function_url(aws, deployed) -> Named:
    """The index under its function's own URL."""
    client = aws.client("lambda")
    (found,) = client.list_function_url_configs(FunctionName=deployed.function)["FunctionUrlConfigs"]
    client.close()
    assert found["AuthType"] == "NONE"
    assert urlsplit(found["FunctionUrl"]).hostname.endswith(".on.aws")
    return Named(aws, deployed.api, base=f"http://{urlsplit(found['FunctionUrl']).hostname}")


@pytest.fixture(params=["domain", "function_url"])
def named(request) -> Named:
    return request.getfixturevalue(request.param)


def test_the_gateway_says_where_large_uploads_go(aws, deployed):
    client = aws.client("apigateway")
    found = {each["responseType"]: each for each in client.get_gateway_responses(restApiId=deployed.api)["items"]}
    for kind in ("REQUEST_TOO_LARGE", "DEFAULT_5XX"):
        said = json.loads(found[kind]["responseTemplates"]["application/json"])
        assert f"https://{DOMAIN}/upload.py" in said["detail"]
    assert found["REQUEST_TOO_LARGE"]["statusCode"] == "413"


@pytest.mark.parametrize("row", [pytest.param(7, id="D7"), pytest.param(8, id="D8")])
def test_d7_d8_no_authoriser_stands_in_front(aws, deployed, row):
    """None can then allow too much, and none costs a second function for each request."""
    client = aws.client("apigateway")
    assert client.get_authorizers(restApiId=deployed.api)["items"] == []
    methods = [
        client.get_method(restApiId=deployed.api, resourceId=resource["id"], httpMethod=method)
        for resource in client.get_resources(restApiId=deployed.api)["items"]
        for method in resource.get("resourceMethods", {})
    ]
    assert methods
    assert {method["authorizationType"] for method in methods} == {"NONE"}
    if row == 7:
        policy = json.loads(aws.client("lambda").get_policy(FunctionName=deployed.function)["Policy"])
        gateways = [each for each in policy["Statement"] if "apigateway" in str(each["Principal"])]
        assert all(deployed.api in str(each["Condition"]) for each in gateways)


@pytest.mark.parametrize("row", [pytest.param(10, id="D10: pages, redirects and files")])
def test_d10_a_wheel_is_published_and_installed_under_every_name(named, front, machine, row):
    name = f"by-{named.base.rpartition('.')[2]}"
    machine = Behind(machine.home, front.url)
    project = make_project(machine.home / "project", name)
    code, said = PUBLISHERS["uv"](machine, named, project)
    assert code == 0, said
    for_pip, for_uv = machine.virtual_environment("for-pip"), machine.virtual_environment("for-uv")
    trusted = ("--trusted-host", urlsplit(named.base).hostname)
    machine.run("pip", "--python", for_pip, "install", *trusted, "--index-url", named.index_url, name)
    machine.run("uv", "pip", "install", "--python", for_uv, "--default-index", named.index_url, name)
    module = name.replace("-", "_")
    assert installed(for_pip, module) == installed(for_uv, module) == "1.0"


def test_d10_a_page_s_links_carry_no_stage_where_the_address_has_none(named, front):
    status, _, body = named.get("/", through=front.url, Authorization=named.basic(), Accept="text/html")
    assert status == 200
    links = re.findall(r'(?:href|src)="(/[^"]*)"', body.decode())
    assert links
    assert not [link for link in links if link.startswith("/dev")]
    style = next(link for link in links if link.endswith(".css"))
    assert named.get(style, through=front.url)[0] == 200


def test_absolute_addresses_are_those_that_the_caller_knows(named, front):
    asked = {"meta": {"api-version": "2.0"}, "name": "absolute", "version": f"{len(named.base)}.0"}
    status, headers, body = named.post("/upload/", asked, through=front.url)
    assert status == 201, body
    session = json.loads(body)
    links = [link for link in session["links"].values() if link]
    assert links
    host = urlsplit(named.base).hostname
    assert {urlsplit(link).hostname for link in (headers["Location"], *links)} == {host}, session
    assert {urlsplit(link).path.split("/")[1] for link in links} == {"upload"}


def test_a_name_that_is_not_allowed_is_refused(aws, deployed, front):
    other = Named(aws, deployed.api, base="http://elsewhere.example")
    assert other.get("/simple/", through=front.url)[0] >= 400
