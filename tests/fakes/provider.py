"""An OpenID Connect provider on loopback: real keys, real tokens, and whatever a test wants wrong with them."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "epypi", "shared:secret"


class Provider:
    """A provider; ``claims``, ``header`` and ``document`` change what it says."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.person: dict[str, Any] = {
            "sub": "248289761001",
            "preferred_username": "Fay",
            "name": "Fay Example",
            "email": "fay@mail.example",
            "groups": ["devs", "unknown"],
        }
        self.claims: dict[str, Any] = {}
        self.document: dict[str, Any] = {}
        self.sign: Any = None
        self.status = 200
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_port}/realm"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def authorize(self, url: str) -> str:
        """Let the person agree, as their browser would show it, and return the code for the way back."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = query
        return code

    def keys(self) -> dict[str, Any]:
        return {
            "keys": [
                {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key())), "kid": "one", "use": "sig"}
            ]
        }

    def token(self, query: dict[str, str]) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "exp": now + 300,
            "iat": now,
            "nonce": query["nonce"],
            **self.person,
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.sign is not None:
            return self.sign(claims)
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "one"})

    def exchange(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """Return a token for a code, once, and only to who can prove that they asked for it."""
        query = self.codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        pair = base64.b64encode(b"epypi:shared%3Asecret").decode()
        if (
            query is None
            or query["code_challenge"] != challenge.rstrip(b"=").decode()
            or query["redirect_uri"] != form.get("redirect_uri")
            or authorization != f"Basic {pair}"
        ):
            return None
        return {"access_token": "unused", "token_type": "Bearer", "id_token": self.token(query)}

    def handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.asked.append(self.path)
                if self.path == "/realm/keys":
                    return self.answer(provider.keys())
                issuer = provider.issuer
                return self.answer(
                    {
                        "issuer": issuer,
                        "authorization_endpoint": f"{issuer}/authorize?tenant=1",
                        "token_endpoint": f"{issuer}/token",
                        "jwks_uri": f"{issuer}/keys",
                        **provider.document,
                    }
                )

            def do_POST(self) -> None:
                provider.asked.append(self.path)
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                found = provider.exchange(
                    {name: values[0] for name, values in form.items()}, self.headers.get("Authorization", "")
                )
                return self.answer(found or {"error": "invalid_grant"}, 200 if found else 400)

            def answer(self, document: dict[str, Any], status: int = 200) -> None:
                body = json.dumps(document).encode()
                self.send_response(provider.status if provider.status != 200 else status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler
