"""Lets the gateway itself say what to do where a request never reaches the index: its own 413 and its own 5xx.

An upload over Lambda's limit is refused before the function is called, so the sentence that helps has to stand in the
gateway. Its responses are kept with the gateway, outside of what Zappa describes, and come into force with a
deployment of the stage.
"""

import json
from http import HTTPStatus
from typing import Any

UPLOADER = "upload.py"
TOO_LARGE = (
    "This upload is larger than the gateway passes on (about 4.5 MB). Upload files of any size with: "
    "python3 upload.py dist/* - the program, with this index's address in it, is at {url}"
)
FAILED = (
    "The index could not answer this request. If it was an upload of more than 4.5 MB, upload it with the program at "
    "{url}; otherwise try again in a moment, and then tell the index's operator."
)


def explain(cli: Any) -> bool:
    """Give the gateway its sentences, and return whether that changed anything."""
    api = cli.zappa.get_api_id(cli.lambda_name) if cli.use_apigateway else None
    if api is None:
        return False
    client = cli.zappa.apigateway_client
    items = client.get_gateway_responses(restApiId=api, limit=500).get("items", ())
    found = {each["responseType"]: each for each in items if not each.get("defaultResponse")}
    changed = False
    for wanted in responses(address(cli, api)):
        if not same(found.get(wanted["responseType"], {}), wanted):
            client.put_gateway_response(restApiId=api, **wanted)
            changed = True
    if changed:
        client.create_deployment(restApiId=api, stageName=cli.api_stage)
    return changed


def address(cli: Any, api: str) -> str:
    """Return where the index is found: its custom domain, or the stage's own address."""
    if cli.domain:
        return "/".join(part for part in (f"https://{cli.domain}", (cli.base_path or "").strip("/")) if part)
    region = cli.zappa.apigateway_client.meta.region_name
    return f"https://{api}.execute-api.{region}.amazonaws.com/{cli.api_stage}"


def responses(url: str) -> list[dict[str, Any]]:
    """Return what the gateway answers by itself, as its API takes it."""
    uploader = f"{url}/{UPLOADER}"
    too_large = document(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE.format(url=uploader), "too-large")
    failed = {
        # The status differs (500, 502, 504): this is the answer to all that have none of their own.
        "type": "about:blank",
        "title": "Unavailable",
        "detail": FAILED.format(url=uploader),
        "message": FAILED.format(url=uploader),
        "error": "unavailable",
    }
    headers = {"gatewayresponse.header.Cache-Control": "'no-store'"}
    return [
        {
            "responseType": "REQUEST_TOO_LARGE",
            "statusCode": "413",
            "responseParameters": headers,
            "responseTemplates": {"application/json": json.dumps(too_large)},
        },
        {
            "responseType": "DEFAULT_5XX",
            "responseParameters": {**headers, "gatewayresponse.header.Retry-After": "'5'"},
            "responseTemplates": {"application/json": json.dumps(failed)},
        },
    ]


def document(status: HTTPStatus, sentence: str, code: str) -> dict[str, Any]:
    """Return a problem as the index itself writes it (RFC 9457, and the keys that upload clients read)."""
    return {
        "type": "about:blank",
        "title": status.phrase,
        "status": int(status),
        "detail": sentence,
        "message": sentence,
        "code": f"{int(status)} {sentence}",
        "error": code,
    }


def same(found: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Return whether a response is there already."""
    return all(found.get(name) == value for name, value in wanted.items())
