"""A person signs in to the pages of a deployment with a form, and stays signed in by a cookie alone."""

import re
import urllib.parse
import urllib.request
from email.message import Message
from http.cookies import SimpleCookie

from tests.clients.publishers import PUBLISHERS
from tests.factories import make_wheel, metadata


class Browser:
    """Keeps cookies and sends forms; its cookies are for https, which the local gateway does not speak."""

    def __init__(self, named, front) -> None:
        self.named, self.front = named, front
        self.cookies: dict[str, str] = {}

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, Message, str]:
        """Return the status, headers and text of a page, or of the answer to a form."""
        headers = {"Accept": "text/html,*/*", "Cookie": "; ".join(f"{name}={it}" for name, it in self.cookies.items())}
        data = None
        if form is not None:
            data = urllib.parse.urlencode(form).encode()
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.named.base}
        request = urllib.request.Request(self.named.base + path, data=data, headers=headers)
        status, answered, body = self.named.ask(request, self.front.url)
        for line in answered.get_all("Set-Cookie", ()):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
                if morsel.value:  # else it is taken away
                    assert morsel["secure"], line
                    assert morsel["httponly"], line
        return status, answered, body.decode()

    def send(self, path: str, **fields: str) -> tuple[int, Message, str]:
        """Send the form of a page with its hidden fields."""
        shown = self.ask(path)[2]
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', shown))
        return self.ask(path, {**hidden, **fields})


def test_a_person_signs_in_to_a_page_and_out_again(domain, front):
    browser = Browser(domain, front)
    assert browser.ask("/account/")[1]["Location"].startswith("/account/sign-in/")
    assert browser.send("/account/sign-in/", username=domain.user, password="wrong")[0] != 302
    status, headers, _ = browser.send("/account/sign-in/", username=domain.user, password=domain.password)
    assert (status, headers["Location"].startswith("/")) == (302, True)
    status, headers, body = browser.ask("/account/")
    assert (status, headers["Cache-Control"]) == (200, "no-store")
    assert domain.user in body
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', body))
    assert browser.ask("/account/sign-out/", hidden)[0] == 302
    assert browser.ask("/account/")[0] == 302


def test_a_description_is_rendered_on_the_function(deployed, domain, front, machine):
    words = "# Tidepool\n\n**Readings** of the sea: Grüße, 潮だまり.\n\n<script>alert(1)</script>\n"
    core = metadata("described", extra="Description-Content-Type: text/markdown", body=words * 40)
    filename, data = make_wheel("described", core=core)
    (machine.home / "project" / "dist").mkdir(parents=True)
    (machine.home / "project" / "dist" / filename).write_bytes(data)
    code, said = PUBLISHERS["twine"](machine, deployed, machine.home / "project")
    assert code == 0, said
    browser = Browser(domain, front)
    browser.send("/account/sign-in/", username=domain.user, password=domain.password)
    status, _, page = browser.ask("/project/described/")
    assert status == 200
    assert "<strong>Readings</strong> of the sea: Grüße, 潮だまり." in page
    assert "<script" not in page
