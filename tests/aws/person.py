"""A person at a deployment: signs in with the form, keeps cookies, and looks at pages."""

import re
import urllib.request
from email.message import Message
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.aws.local_aws import Deployed


class Person:
    """Somebody with a browser; cookies are kept by hand, as they are for https and the local gateway has none."""

    def __init__(self, deployed: Deployed) -> None:
        self.deployed = deployed
        self.cookies = SimpleCookie()

    def get(self, path: str) -> tuple[int, Message, str]:
        """Return the status, headers and body of a page; a redirect is not followed."""
        status, headers, body = self.deployed.get(path, Accept="text/html", Cookie=self.sent())
        self.keep(headers)
        return status, headers, body.decode()

    def sign_in(self, password: str, *, then: str) -> tuple[int, Message]:
        """Send the form, and return the answer's status and headers."""
        _, _, page = self.get(f"/account/sign-in/?{urlencode({'next': then})}")
        form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        form |= {"username": self.deployed.user, "password": password}
        shown = self.deployed.get("/", Accept="text/html", Authorization=self.deployed.basic(password))[2].decode()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "text/html",
            "Cookie": self.sent(),
            "Origin": re.search(r"--index-url (https://[^/]+)/", shown)[1],
        }
        address = f"{self.deployed.url}/account/sign-in/"
        request = urllib.request.Request(address, urlencode(form).encode(), headers)
        status, answered, _ = self.deployed.ask(request, "")
        self.keep(answered)
        return status, answered

    def keep(self, headers: Message) -> None:
        """Keep the cookies that an answer sets."""
        for header in headers.get_all("Set-Cookie", []):
            self.cookies.load(header)

    def sent(self) -> str:
        """Return the cookies as they are sent."""
        return "; ".join(f"{cookie.key}={cookie.value}" for cookie in self.cookies.values())
