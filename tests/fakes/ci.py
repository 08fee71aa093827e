"""A CI service on loopback: it signs what it says of a job, and gives that to the job as GitHub Actions does."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

REQUEST_TOKEN = "given-to-the-job"
GITHUB_CLAIMS: dict[str, Any] = {
    "sub": "repo:Acme/Widget:environment:Release",
    "repository": "Acme/Widget",
    "repository_id": "74",
    "repository_owner": "Acme",
    "repository_owner_id": "65",
    "job_workflow_ref": "Acme/Widget/.github/workflows/release.yml@refs/tags/v1",
    "ref": "refs/tags/v1",
    "environment": "Release",
    "event_name": "push",
    "actor": "ana",
    "run_id": "900",
}
GITLAB_CLAIMS: dict[str, Any] = {
    "sub": "project_path:Acme/tools/widget:ref_type:tag:ref:v1",
    "project_path": "Acme/tools/widget",
    "project_id": "22",
    "namespace_id": "72",
    "ci_config_ref_uri": "gitlab.test/Acme/tools/widget//.gitlab-ci.yml@refs/tags/v1",
    "ref": "v1",
    "environment": "release",
    "user_login": "ana",
    "job_id": "302",
}


class CiService:
    """A service whose jobs may ask for tokens; ``document`` and ``status`` change what it says of itself."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.claims: dict[str, Any] = dict(GITHUB_CLAIMS)
        self.document: dict[str, Any] = {}
        self.status = 200
        self.made = 0
        self.asked: list[str] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.root = f"http://127.0.0.1:{self.server.server_port}"
        self.issuer = f"{self.root}/ci"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    @property
    def environment(self) -> dict[str, str]:
        """What a job of GitHub Actions finds in its environment."""
        return {
            "GITHUB_ACTIONS": "true",
            "CI": "true",
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{self.root}/request?job=1",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": REQUEST_TOKEN,
        }

    def token(self, audience: str, *, key: Any = None, header: dict[str, Any] | None = None, **changes: Any) -> str:
        """Return a token; a change to None leaves a claim out."""
        now = int(time.time())
        self.made += 1
        claims = {
            "iss": self.issuer,
            "aud": audience,
            "iat": now,
            "nbf": now,
            "exp": now + 300,
            "jti": f"token-{self.made}",
            **self.claims,
            **changes,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        # Not by ``jwt.encode``, which makes no token that is not as it should be.
        headers = {"kid": "one", **(header or {})}
        return jwt.api_jws.encode(json.dumps(claims).encode(), key or self.key, algorithm="RS256", headers=headers)

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "one", "use": "sig"}]}

    def handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                service.asked.append(self.path)
                place = urlsplit(self.path)
                if place.path == "/ci/keys":
                    return self.answer(service.keys())
                if place.path == "/ci/.well-known/openid-configuration":
                    # Services of this kind sign nobody in, so they name no place for that.
                    return self.answer(
                        {"issuer": service.issuer, "jwks_uri": f"{service.issuer}/keys", **service.document}
                    )
                if place.path == "/request" and self.headers.get("Authorization", "").lower() in {
                    f"bearer {REQUEST_TOKEN}",
                    f"token {REQUEST_TOKEN}",
                }:
                    return self.answer({"value": service.token(parse_qs(place.query)["audience"][0])})
                return self.answer({}, 404)

            def answer(self, document: dict[str, Any], status: int = 200) -> None:
                body = json.dumps(document).encode()
                self.send_response(service.status if service.status != 200 else status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler
