"""An administrator at Django's admin, as the tests of it use one."""

import html
import re

from django.test import Client

from packages_app.accounts.faces import User

NEEDED = ("csrfmiddlewaretoken", "action", "confirmed", "_selected_action", "seen", "version")


class Administrator:
    """A signed-in client that reads forms as a browser does: what a page carries is sent back."""

    def __init__(self, name: str = "ana") -> None:
        self.client = Client(raise_request_exception=False, enforce_csrf_checks=True, headers={"accept": "text/html"})
        self.sign_in(name)

    def sign_in(self, name: str) -> None:
        """Begin a session, as the page for it does; signing in has tests of its own."""
        page = self.client.get("/account/sign-in/")
        self.client.force_login(User.objects.get_by_natural_key(name), "packages_app.accounts.backend.Accounts")
        self.csrf = hidden(page)["csrfmiddlewaretoken"][0]

    def get(self, path: str, **query):
        return self.client.get(f"/admin/{path}", query)

    def post(self, path: str, data: dict):
        return self.client.post(f"/admin/{path}", {"csrfmiddlewaretoken": self.csrf, **data})

    def ask(self, list_: str, action: str, *keys: str):
        """Choose entries and an action, and return the page that asks to confirm it."""
        return self.post(f"{list_}/", {"action": action, "_selected_action": keys, "index": "0"})

    def confirm(self, page, list_: str, **said: str):
        """Send the page's form with what is filled in."""
        return self.post(f"{list_}/", {**hidden(page), **said})

    def do(self, list_: str, action: str, *keys: str, **said: str):
        """Choose, and confirm."""
        return self.confirm(self.ask(list_, action, *keys), list_, **said)

    def told(self, list_: str) -> str:
        """Return the messages that the list's page shows."""
        return " ".join(re.findall(r'<li class="(?:success|error|warning)">(.*?)</li>', text(self.get(f"{list_}/"))))


def text(response) -> str:
    """Return a page's HTML."""
    return response.content.decode()


def rows(response) -> list[str]:
    """Return the keys of the entries that a list's page offers for actions."""
    return [html.unescape(key) for key in re.findall(r'name="_selected_action" value="([^"]*)"', text(response))]


def hidden(response) -> dict[str, list[str]]:
    """Return a form's hidden fields."""
    found: dict[str, list[str]] = {}
    for field in re.findall(r'<input type="hidden"[^>]*>', text(response)):
        name = re.search(r'name="([^"]*)"', field)
        value = re.search(r'value="([^"]*)"', field)
        if name and name[1] in NEEDED:
            found.setdefault(name[1], []).append(html.unescape(value[1] if value else ""))
    return found


def refusal(response) -> str:
    """Return the sentence that a page refuses with: a form's errors, or the note above it."""
    body = text(response)
    found = re.search(r'<ul class="errorlist[^"]*"[^>]*>(.*?)</ul>', body, re.DOTALL) or re.search(
        r'<p class="errornote"[^>]*>(.*?)</p>', body, re.DOTALL
    )
    return re.sub(r"<[^>]*>", "", html.unescape(found[1])).strip() if found else ""
