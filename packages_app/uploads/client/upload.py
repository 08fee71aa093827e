# /// script
# requires-python = ">=3.9"
# dependencies = []
# ///
"""Publishes wheels and source distributions to a package index: `python upload.py dist/*`.

One file, and nothing but the standard library. It speaks Upload 2.0 (PEP 694): the files of a release go into a
session, the index checks each, and all of them become visible together. Run again, it goes on where it was.

Credentials come from the first of these that has any:
  ELASTIC_PYPI_TOKEN or UV_PUBLISH_TOKEN            an API token
  TWINE_USERNAME and TWINE_PASSWORD                 or UV_PUBLISH_USERNAME and UV_PUBLISH_PASSWORD
  the index's URL                                   https://USER:PASSWORD@HOST/
  ~/.pypirc                                         the section whose repository is at the index's URL
  ~/.netrc, or the file that NETRC names            the entry of the index's host
  a prompt                                          on a terminal only

Exit codes:
  0    done: published, staged, canceled, or there already (with --skip-existing)
  1    the index refused a file, a release or the credentials; the reasons are printed
  2    this call cannot be carried out as it is; nothing was sent
  3    the index cannot be reached, or does not do what it should; run it again to go on
  130  interrupted; run it again to go on
"""

from __future__ import annotations

import argparse
import base64
import configparser
import getpass
import hashlib
import http.client
import io
import ipaddress
import json
import netrc
import os
import random
import re
import ssl
import sys
import tarfile
import threading
import time
import urllib.request
import zipfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from email.parser import HeaderParser
from email.utils import mktime_tz, parsedate_tz
from glob import escape, glob
from pathlib import Path
from typing import IO, Any, TypeVar
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

INDEX_URL = ""  # the index that serves this file writes its address here

MB = 1024 * 1024
CHUNK = MB // 4
LONGEST_METADATA = 4 * MB
LONGEST_ATTESTATION = MB
LONGEST_ANSWER = 64 * MB
TIMEOUT = 60
"""Seconds that a connection may stand still."""
LONGEST_WAIT = 120
"""Seconds between two tries, at most, whatever an answer asks for."""
PATIENCE = 20 * 60
"""Seconds that a check or a publication may take which the index says it is working on."""
MULTIPART_FROM = 64 * MB
"""Files of this size and more are sent in parts, so that a broken transfer goes on where it was."""
DOCUMENT = "application/vnd.pypi.upload.v2+json"
PAGE = "application/vnd.pypi.simple.v1+json"
META = {"api-version": "2.0"}
POST, PUT, PARTS = "http-post-bytes", "vnd-elasticpypi-put-presigned", "vnd-elasticpypi-multipart-presigned"
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses of answers that another try may better."""

ENDED = frozenset({"session-closed", "no-such-session"})
"""The session was published, canceled or left to lapse while this run was at work."""
LIVE = frozenset({"pending", "processing", "completed"})
"""Statuses of files that are in a session."""
OTHER_SIZE = "it was announced with another size."
BAD_CREDENTIALS = "bad-credentials"

Json = dict[str, Any]
Item = TypeVar("Item")


# --- What can go wrong ------------------------------------------------------------------------------------------------


class Failure(Exception):
    """What ends the run, in a sentence that says what to do; here, the index does not answer as it should."""

    exit_code = 3


class Misused(Failure):
    """The call cannot be carried out as it is."""

    exit_code = 2


class Refused(Failure):
    """The index says no; ``code`` is its short name for the reason."""

    exit_code = 1

    def __init__(self, sentence: str, code: str = "", location: str = "") -> None:
        super().__init__(sentence)
        self.code, self.location = code, location


class Interrupted(Failure):
    """Somebody pressed Ctrl-C."""

    exit_code = 130


# --- Files ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dist:
    """A file to publish."""

    path: Path
    filename: str
    name: str
    version: str
    size: int
    sha256: str
    attestations: str
    """A JSON array (PEP 740); empty when none lie beside the file."""


def normalized(name: str) -> str:
    """Return a project's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def plain(text: str) -> str:
    """Return text from elsewhere on one line, without what a terminal would obey."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text).strip()


def read_dists(given: list[str], progress: Progress) -> list[Dist]:
    """Return the distributions among these paths, or say of every path that is none what is wrong with it."""
    wrong: list[str] = []
    found: dict[str, Dist] = {}
    # A pattern that no shell has expanded, as on Windows, is expanded here.
    paths = [Path(each) for path in given for each in ([path] if Path(path).exists() else sorted(glob(path)) or [path])]
    for path in dict.fromkeys(path.absolute() for path in paths):
        if path.name.endswith((".attestation", ".asc", ".sig")):
            continue  # the first kind goes with its file; no index takes the others any more
        try:
            if path.name in found:
                raise Misused(f"another file of this name is {found[path.name].path}.")
            found[path.name] = read_dist(path, progress)
        except Misused as error:
            wrong.append(f"{path.name}: {error}")
    if wrong or not found:
        raise Misused("\n".join(wrong or ["There is no wheel (.whl) or source distribution (.tar.gz) among these."]))
    return list(found.values())


def read_dist(path: Path, progress: Progress) -> Dist:
    """Return what there is to know of a file before it is sent."""
    if path.is_dir():
        raise Misused("it is a directory; name the files in it.")
    if not path.name.endswith((".whl", ".tar.gz")):
        raise Misused("it is neither a wheel (.whl) nor a source distribution (.tar.gz).")
    try:
        document = metadata_of_wheel(path) if path.suffix == ".whl" else metadata_of_sdist(path)
        size, sha256 = digest(path, show=progress.show)
    except FileNotFoundError:
        raise Misused("there is no such file.") from None
    except Exception as error:  # damaged archives have a dozen kinds of errors
        raise Misused(f"it cannot be read, or is no sound archive: {plain(str(error))}.") from error
    if document is None or len(document) > LONGEST_METADATA:
        raise Misused(f"it has no METADATA or PKG-INFO of at most {LONGEST_METADATA // MB} MB; build it again.")
    headers = HeaderParser().parsestr(document.decode("utf-8", "replace"))
    name, version = plain(headers.get("Name") or ""), plain(headers.get("Version") or "")
    if not name or not version:
        raise Misused("its metadata has no Name or no Version; build it again.")
    return Dist(path, path.name, name, version, size, sha256, read_attestations(path))


def metadata_of_wheel(path: Path) -> bytes | None:
    """Return METADATA, and at most one byte more than it may have."""
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if re.fullmatch(r"[^/]+\.dist-info/METADATA", entry.filename):
                with archive.open(entry) as member:
                    return member.read(LONGEST_METADATA + 1)
    return None


def metadata_of_sdist(path: Path) -> bytes | None:
    """Return PKG-INFO, and at most one byte more than it may have."""
    with tarfile.open(path, "r|gz") as archive:
        for entry in archive:
            archive.__dict__["members"].clear()  # or each member that was passed would stay in memory
            if entry.isfile() and re.fullmatch(r"(\./)?[^/]+/PKG-INFO", entry.name):
                member = archive.extractfile(entry)
                return member.read(LONGEST_METADATA + 1) if member else None
    return None


def read_attestations(path: Path) -> str:
    """Return the attestations beside a file, ``<file name>.<anything>.attestation``, as one JSON array (PEP 740)."""
    found = []
    for beside in sorted(path.parent.glob(f"{escape(path.name)}.*attestation")):
        try:
            with beside.open("rb") as opened:
                found.append(json.loads(opened.read(LONGEST_ATTESTATION)))
        except (OSError, ValueError) as error:
            raise Misused(f"its attestation {beside.name} cannot be used: {error}.") from error
    return json.dumps(found) if found else ""


def digest(path: Path, start: int = 0, length: int = -1, show: Callable[[str], object] = str) -> tuple[int, str]:
    """Return the size and sha256 of a file or a part of it; memory stays flat."""
    hasher, size = hashlib.sha256(), 0
    with path.open("rb") as opened:
        opened.seek(start)
        while chunk := opened.read(MB if length < 0 else min(MB, length - size)):
            hasher.update(chunk)
            size += len(chunk)
            show(f"reading {path.name}: {size // MB} MB")
    return size, hasher.hexdigest()


# --- Credentials ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Credentials:
    """A user and a password, or a token; never printed."""

    user: str
    password: str = field(repr=False)
    source: str


def find_credentials(index: str, in_url: Credentials | None) -> Credentials:
    """Return the first credentials that there are; see the top of this file for the order."""
    user = ""
    for look in (from_environment, lambda _: in_url, from_pypirc, from_netrc):
        found = look(index)
        if found and found.password:
            if ":" in found.user:
                raise Misused(f"A user's name cannot hold a colon; the one from {found.source} does.")
            return found if found.user else replace(found, user="__token__")
        user = user or (found.user if found else "")
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Misused("There are no credentials: set ELASTIC_PYPI_TOKEN, or TWINE_USERNAME and TWINE_PASSWORD.")
    user = user or input(f"User of {index} (empty with a token): ").strip() or "__token__"
    return Credentials(user, getpass.getpass("Token: " if user == "__token__" else "Password: "), "the prompt")


def from_environment(_: str) -> Credentials | None:
    """Return what environment variables hold."""
    for name in ("ELASTIC_PYPI_TOKEN", "UV_PUBLISH_TOKEN"):
        if os.environ.get(name):
            return Credentials("__token__", os.environ[name].strip(), name)
    for tool in ("TWINE", "UV_PUBLISH"):
        user, password = os.environ.get(f"{tool}_USERNAME", ""), os.environ.get(f"{tool}_PASSWORD", "")
        if password:
            return Credentials(user, password, f"{tool}_PASSWORD")
    return None


def from_pypirc(index: str) -> Credentials | None:
    """Return what the section of ~/.pypirc holds whose repository is this index."""
    config = configparser.RawConfigParser()
    try:
        config.read(Path("~/.pypirc").expanduser(), encoding="utf-8")
    except (OSError, UnicodeError, configparser.Error) as error:
        raise Misused(f"~/.pypirc cannot be read ({type(error).__name__}); mend it, or move it away.") from None
    for section in config.sections():
        repository, password = (config.get(section, key, fallback="") for key in ("repository", "password"))
        try:
            if split_index(repository)[0] == index:
                return Credentials(config.get(section, "username", fallback=""), password, "~/.pypirc")
        except Misused:
            continue  # a section without an address, such as [distutils]
    return None


def from_netrc(index: str) -> Credentials | None:
    """Return what netrc holds for the index's host; its ``default`` is for no host in particular, and left aside."""
    path = Path(os.environ.get("NETRC") or "~/.netrc").expanduser()
    try:
        entry = netrc.netrc(path).hosts.get(urlsplit(index).hostname or "") if path.exists() else None
    except (OSError, UnicodeError, netrc.NetrcParseError) as error:
        raise Misused(f"{path} cannot be read ({type(error).__name__}); mend it, or move it away.") from None
    return Credentials(entry[0], entry[2] or "", "netrc") if entry else None


# --- Addresses --------------------------------------------------------------------------------------------------------


def split_index(url: str) -> tuple[str, Credentials | None]:
    """Return an index's own address, whichever of its addresses is given, and the credentials in it."""
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    if parts.scheme not in ("http", "https") or not host:
        raise Misused("The index's address is no http or https URL; give one with --url https://HOST/.")
    netloc = f"[{host}]" if ":" in host else host
    if port and port != {"http": 80, "https": 443}[parts.scheme]:
        netloc += f":{port}"
    path = re.sub(r"/(simple|legacy|upload|upload\.py)/?$", "/", parts.path).rstrip("/") + "/"
    known = Credentials(unquote(parts.username or ""), unquote(parts.password or ""), "the URL")
    return urlunsplit((parts.scheme, netloc, path, "", "")), known if known.user or known.password else None


def origin(url: str) -> str:
    """Return where a URL leads, without its path, which may be a secret."""
    try:
        parts = urlsplit(split_index(url)[0])
    except Misused:
        raise Failure("The index answers with an address that is none; its operator has to look at it.") from None
    return f"{parts.scheme}://{parts.netloc}"


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this very machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


# --- Requests ---------------------------------------------------------------------------------------------------------


class Answer:
    """What came back: a status, headers, and a document where the body is a JSON object."""

    def __init__(self, status: int, headers: Any, body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body
        try:
            found = json.loads(body)
        except ValueError:
            found = None
        self.document: Json = found if isinstance(found, dict) else {}
        self.code = str(self.document.get("error", ""))

    def sentence(self) -> str:
        """Return why it is no success."""
        said = plain(str(self.document.get("detail") or self.document.get("message") or ""))[:1000]
        if not said and (code := re.search(rb"<Code>(\w+)</Code>", self.body)):  # S3 answers in XML
            said = code[1].decode()
        return f"{said or http.client.responses.get(self.status, 'no reason is given')} ({self.status})"

    def seconds(self) -> float | None:
        """Return how long the answer asks to wait (RFC 9110: seconds or a date); None when it does not."""
        text = (self.headers.get("Retry-After") or "").strip()
        when = parsedate_tz(text)
        if text.isdigit():
            return float(min(int(text), LONGEST_WAIT))
        return min(max(0.0, mktime_tz(when) - time.time()), LONGEST_WAIT) if when else None


class EveryAnswer(urllib.request.HTTPErrorProcessor):
    """Hands every answer over as it is: no redirect is followed, credentials and bytes stay where they were sent."""

    def http_response(self, request: urllib.request.Request, response: Any) -> Any:  # noqa: ARG002 - urllib's own name
        """Return the answer."""
        return response

    https_response = http_response


class Http:
    """Sends requests, again where that may help; credentials go to the index's own origin and nowhere else."""

    def __init__(
        self,
        index: str,
        credentials: Credentials,
        progress: Progress,
        stopped: threading.Event,
        options: argparse.Namespace,
    ) -> None:
        self.index, self.credentials, self.progress, self.stopped = index, credentials, progress, stopped
        self.tries, self.insecure = options.retries + 1, options.insecure_http
        self.lanes = threading.BoundedSemaphore(options.jobs)
        # A proxy would see what goes to this very machine in clear.
        direct = urllib.request.build_opener(EveryAnswer, urllib.request.ProxyHandler({}))
        self.openers = {True: direct, False: urllib.request.build_opener(EveryAnswer)}

    def ask(
        self, method: str, url: str, body: Json | str | None = None, *, kind: str = DOCUMENT, allowed: int = 0
    ) -> Answer:
        """Send a small body to the index with credentials; ``allowed`` is a status that is no refusal."""
        headers = {**self.signed(url), "Accept": f"{kind}, application/problem+json;q=0.5"}
        data = (body if isinstance(body, str) else json.dumps(body)).encode() if body else None
        if method == "POST":
            headers["Content-Type"], data = kind, data or b""
        answer = self.repeat(origin(url), lambda _: self.once(method, url, headers, data))
        if answer.status < 300 or answer.status == allowed:
            return answer
        raise self.refusal(answer, url)

    def settled(self, answer: Answer, name: str) -> Json:
        """Return the document of a session or file once the index does not work on it any more."""
        until = time.monotonic() + PATIENCE
        while answer.document.get("status") == "processing" and time.monotonic() < until:
            self.pause(answer.seconds() or 1)
            answer = self.ask("GET", link(answer.document, name))
        return answer.document

    def signed(self, url: str) -> dict[str, str]:
        """Return the headers with credentials for an address of the index."""
        if origin(url) != origin(self.index):
            raise Failure(
                f"The index at {origin(self.index)} leads to {origin(url)}, where its credentials are not sent: use "
                "--url with the address that the index knows itself by, or have its operator correct that."
            )
        pair = f"{self.credentials.user}:{self.credentials.password}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    def refusal(self, answer: Answer, url: str) -> Failure:
        """Return what an answer that is no success means."""
        if answer.status == 401 or (answer.status == 403 and answer.code in ("", "forbidden")):
            sentence = f"{answer.sentence()} The credentials came from {self.credentials.source}."
            return Refused(sentence, BAD_CREDENTIALS if answer.status == 401 else answer.code)
        if answer.status < 400:
            where = plain(str(answer.headers.get("Location", "")))
            return Failure(f"{origin(url)} sends its callers on to {where}: use --url with the index's own address.")
        if not answer.code and answer.status in (404, 405):
            return Failure(f"{self.index} does not speak Upload 2.0 ({answer.status}): is it the index's address?")
        return Refused(answer.sentence(), answer.code, str(answer.headers.get("Location", "")))

    def repeat(
        self, where: str, attempt: Callable[[int], Answer], hopeful: Callable[[Answer], bool] = lambda _: False
    ) -> Answer:
        """Return the answer of an attempt, made again while it fails, or while its answer is ``AGAIN`` or hopeful."""
        busy_until = time.monotonic() + PATIENCE
        failed = 0
        while True:
            seconds = None
            try:
                answer = attempt(failed)
            except (OSError, http.client.HTTPException) as error:
                reason = getattr(error, "reason", error)
                trouble = plain(str(reason)) or type(reason).__name__
                if isinstance(reason, ssl.SSLCertVerificationError):
                    raise Failure(f"{where}: {trouble}. SSL_CERT_FILE names the certificates to trust.") from None
            else:
                seconds = answer.seconds()
                if answer.code == "session-busy" and time.monotonic() < busy_until:
                    self.pause(seconds or 1)
                    continue
                if answer.status not in AGAIN and not hopeful(answer):
                    return answer
                trouble = answer.sentence()
            failed += 1
            if failed >= self.tries:
                raise Failure(f"{where}: {trouble}. Gave up after {failed} tries; run it again to go on.")
            if seconds is None:  # clients that failed together must not come back together
                seconds = min(30, 0.5 * 2**failed) * random.uniform(0.5, 1)  # noqa: S311 - no secret
            self.progress.say(f"{where}: {trouble}; again in {seconds:.0f} s")
            self.pause(seconds)

    def once(self, method: str, url: str, headers: dict[str, str], body: bytes | Iterable[bytes] | None) -> Answer:
        """Send one request, and return whatever answers it."""
        self.check(url)
        headers = {"User-Agent": f"elastic-pypi-upload Python/{sys.version_info[0]}.{sys.version_info[1]}", **headers}
        request = urllib.request.Request(url, data=body, headers=headers, method=method)  # noqa: S310 - checked above
        with self.openers[is_loopback(url)].open(request, timeout=TIMEOUT) as response:
            said = bytearray()
            while len(said) < LONGEST_ANSWER and (piece := response.read(CHUNK)):
                said += piece
            return Answer(response.status, response.headers, bytes(said))

    def check(self, url: str) -> None:
        """Return if bytes and credentials may go to this address."""
        if self.stopped.is_set():
            raise Interrupted("Interrupted.")
        if urlsplit(url).scheme == "https" or (urlsplit(url).scheme == "http" and (is_loopback(url) or self.insecure)):
            return
        raise Failure(f"{origin(url)} is not reached by https; --insecure-http sends in clear all the same.")

    def pause(self, seconds: float) -> None:
        """Wait, unless the run is interrupted."""
        if self.stopped.wait(seconds):
            raise Interrupted("Interrupted.")

    def carry(
        self, method: str, url: str, headers: dict[str, str], dist: Dist, *, start: int = 0, length: int = 0
    ) -> Answer:
        """Send a piece of a file by one request, straight from the disk."""
        sent, length = 0, length or dist.size

        def pieces() -> Iterator[bytes]:
            nonlocal sent
            with dist.path.open("rb") as opened:
                opened.seek(start)
                while sent < length:
                    self.check(url)
                    chunk = opened.read(min(CHUNK, length - sent))
                    if not chunk:
                        raise Refused("it changed while it was sent.")
                    yield chunk
                    sent += len(chunk)
                    self.progress.add(len(chunk))

        headers = {"Content-Type": "application/octet-stream", **headers, "Content-Length": str(length)}
        arrived = False
        try:
            with self.lanes:
                answer = self.once(method, url, headers, pieces())
            arrived = answer.status < 300
        finally:
            if not arrived:
                self.progress.add(-sent)
        return answer


class Progress:
    """What people see: lines that stay, and on a terminal a bar that shows how far the bytes are."""

    def __init__(self) -> None:
        self.shown = sys.stderr.isatty()
        self.lock = threading.Lock()
        self.total = self.done = 0
        self.next = 0.0

    def expect(self, total: int) -> None:
        """Begin a bar of so many bytes."""
        self.total, self.done, self.next = total, 0, 0.0

    def add(self, count: int) -> None:
        """Count bytes that were sent, or take back what was sent in vain."""
        with self.lock:
            self.done += count
        filled = 30 * self.done // max(self.total, 1)
        self.show(f"[{'#' * filled:.<30}] {self.done / MB:,.1f} of {self.total / MB:,.1f} MB")

    def show(self, text: str) -> None:
        """Show a line that the next one replaces."""
        with self.lock:
            if self.shown and time.monotonic() >= self.next:
                self.next = time.monotonic() + 0.1
                sys.stderr.write(f"\r\x1b[K{text}")
                sys.stderr.flush()

    def say(self, text: str, stream: IO[str] | None = None) -> None:
        """Write a line that stays: results to standard output, the rest to standard error."""
        with self.lock:
            if self.shown:
                sys.stderr.write("\r\x1b[K")
                sys.stderr.flush()
            print(text, file=stream or sys.stderr, flush=True)


# --- A release on its way in ------------------------------------------------------------------------------------------


def link(document: Json, name: str) -> str:
    """Return one of the links that a document of the index holds."""
    found = (document.get("links") or {}).get(name)
    if not isinstance(found, str):
        raise Failure(f"The index's answer has no link {name}; is it the index's address?")
    return found


def reasons(document: Json) -> str:
    """Return what a document says of its state."""
    said = "; ".join(plain(str(notice)) for notice in document.get("notices") or ())
    return said or f"it is {plain(str(document.get('status')))}."


class Release:
    """The files of one release, and the session that brings them in."""

    def __init__(self, web: Http, dists: list[Dist], options: argparse.Namespace) -> None:
        self.web, self.dists, self.options = web, dists, options
        self.name, self.version = dists[0].name, dists[0].version
        self.title = f"{self.name} {self.version}"

    def run(self) -> None:
        """Publish the release, or stage it."""
        if self.options.skip_existing:
            self.leave_out_existing()
        for _ in range(3):
            if not self.dists:
                return
            session, is_new = self.begin()
            failures = self.send_files(session)
            if not failures:
                self.finish(session)
                return
            if not any(getattr(failure, "code", "") in ENDED for _, failure in failures):
                break
            self.leave_out_existing()  # somebody who worked on the same session may have published it
        raise self.report(session, is_new, failures)

    def leave_out_existing(self) -> None:
        """Leave out the files that are published with the same bytes."""
        page = f"{self.web.index}simple/{quote(normalized(self.name))}/"
        answer = self.web.ask("GET", page, kind=PAGE, allowed=404)
        listed = {each["filename"]: each["hashes"].get("sha256", "") for each in answer.document.get("files", ())}
        other = [dist.filename for dist in self.dists if listed.get(dist.filename, dist.sha256) != dist.sha256]
        if other:
            raise Refused(f"{self.title}: published with other bytes: {', '.join(other)}. Raise the version.")
        for dist in self.dists:
            if dist.filename in listed:
                self.web.progress.say(f"{dist.filename}: skipped, it is published with the same bytes", sys.stdout)
        self.dists = [dist for dist in self.dists if dist.filename not in listed]

    def begin(self) -> tuple[Json, bool]:
        """Return the session's document, and whether it is new; one that an interrupted run left is gone on with."""
        until = time.monotonic() + self.options.wait
        while True:
            wanted = {"meta": META, "name": self.name, "version": self.version}
            try:
                return self.web.ask("POST", f"{self.web.index}upload/", wanted).document, True
            except Refused as refusal:
                if refusal.code != "session-exists" or not refusal.location:
                    raise
                at = refusal.location
            answer = self.web.ask("GET", at, allowed=404)
            ours = {dist.filename for dist in self.dists}
            live = {name for name, each in answer.document.get("files", {}).items() if each["status"] in LIVE}
            if answer.document.get("status") == "open" and live <= ours:
                return answer.document, False
            if time.monotonic() >= until:
                others = ", ".join(sorted(live - ours)) or "files of its own"
                raise Refused(
                    f"{self.title}: another upload of this release is open and holds {others}. Wait for it, name its "
                    f"files too, or end it with --cancel {at}"
                )
            self.web.progress.say(f"{self.title}: waiting for another upload of this release")
            self.web.pause(2)

    def send_files(self, session: Json) -> list[tuple[Dist, Failure]]:
        """Bring in all files, several at a time, and return those that failed, with the reasons."""
        self.web.progress.expect(sum(dist.size for dist in self.dists))
        failures = in_parallel(lambda dist: self.bring(session, dist), self.dists, self.options.jobs)
        return [(dist, failure) for dist, failure in zip(self.dists, failures) if failure]

    def report(self, session: Json, is_new: bool, failures: list[tuple[Dist, Failure]]) -> Failure:
        """Tell why files failed, and return what that means for the release."""
        for dist, failure in failures:
            self.web.progress.say(f"{dist.filename}: {failure}")
        worst = min(failures, key=lambda each: each[1].exit_code)[1]
        sentence = f"{self.title} is not published: {len(failures)} of {len(self.dists)} files did not come in."
        here = link(session, "session")
        if is_new and len(failures) == len(self.dists) and isinstance(worst, Refused):
            self.web.ask("DELETE", here, allowed=404)  # nothing in it is worth keeping
        else:
            sentence += f" What came in is kept: run it again to go on, or drop it with --cancel {here}"
        return Refused(sentence) if isinstance(worst, Refused) else Failure(sentence)

    def finish(self, session: Json) -> None:
        """Publish the session, or tell how to look at it first."""
        here = link(session, "session")
        if not self.options.stage:
            publish(self.web, here, until=time.monotonic() + self.options.wait)
            return
        program = self.options.program + ("" if self.web.index == INDEX_URL else f" --url {self.web.index}")
        self.web.progress.say(
            f"{self.title} is staged. Look at it:\n"
            f"  pip install --extra-index-url {link(session, 'stage')} {self.name}=={self.version}\n"
            f"Then publish it, or drop it:\n"
            f"  {program} --publish {here}\n"
            f"  {program} --cancel {here}",
            sys.stdout,
        )

    # --- One file ---

    def bring(self, session: Json, dist: Dist) -> None:
        """Bring one file in: announced, attested, sent and checked."""
        known = session.get("files", {}).get(dist.filename)
        for _ in range(3):
            if known and known["status"] in LIVE and self.go_on(session, dist, known["link"]):
                return
            if known and known["status"] != "canceled":
                self.web.ask("DELETE", known["link"], allowed=404)
            try:
                document = self.announce(session, dist)
            except Refused as refusal:
                if refusal.code != "file-in-session":
                    raise
                # The answer to our own announcement was lost, or another run sends the same file.
                known = self.web.ask("GET", link(session, "session")).document["files"].get(dist.filename)
                if known is None:
                    raise
                continue
            self.attest(dist, document)
            self.deliver_all(dist, document)
            return
        raise Refused("others send this file at the same time.")

    def announce(self, session: Json, dist: Dist) -> Json:
        """Tell the index what will come, and return how it wants it."""
        offered = session.get("mechanisms") or [POST]
        wanted = [PARTS, PUT] if dist.size >= MULTIPART_FROM else [PUT]
        mechanism = next((each for each in wanted if each in offered), POST)
        told = {"filename": dist.filename, "size": dist.size, "hashes": {"sha256": dist.sha256}}
        return self.web.ask("POST", link(session, "upload"), {"meta": META, **told, "mechanism": mechanism}).document

    def go_on(self, session: Json, dist: Dist, here: str) -> bool:
        """Go on with a file that is in the session already, and return whether it is there now with these bytes."""
        try:
            document = self.web.settled(self.web.ask("GET", here), "file-upload-session")
            if document["status"] == "pending":
                self.attest(dist, document)
                if not self.is_complete(document):  # all bytes may have come, and only the answer was lost
                    self.deliver_all(dist, document)
        except Refused as refusal:
            if refusal.code in ENDED:
                raise
            return False  # other bytes were announced: it is begun anew, and told if that is refused too
        return self.is_previewed(session, dist)

    def is_previewed(self, session: Json, dist: Dist) -> bool:
        """Whether the session's preview shows the file with these bytes; a rebuilt file has others."""
        page = urljoin(link(session, "stage"), f"{quote(normalized(self.name))}/")
        answer = self.web.repeat(origin(page), lambda _: self.web.once("GET", page, {}, None))
        return f"{quote(dist.filename, safe='')}#sha256={dist.sha256}".encode() in answer.body

    def attest(self, dist: Dist, document: Json) -> None:
        """Send the attestations that lie beside the file."""
        where = document["mechanism"].get("attestations_url")
        if dist.attestations and where:
            self.web.ask("POST", where, dist.attestations, kind="application/json")

    def deliver_all(self, dist: Dist, document: Json) -> None:
        """Send the file's bytes until none are missing, and have the index check them."""
        for _ in range(3):
            self.deliver(dist, document)
            if self.is_complete(document):
                return
        raise Failure("the index keeps losing what was sent of it.")

    def deliver(self, dist: Dist, document: Json) -> None:
        """Send the file's bytes in the way that its mechanism asks for."""
        here, current = link(document, "file-upload-session"), document

        def attempt(failed: int) -> Answer:
            nonlocal current
            if failed:
                current = self.web.ask("GET", here).document  # signed links grow old
                if current.get("status") != "pending":
                    raise Refused(reasons(current))
            mechanism = current["mechanism"]
            if mechanism["identifier"] == POST:
                url = mechanism["file_url"]
                return self.web.carry("POST", url, self.web.signed(url), dist)
            return self.web.carry("PUT", mechanism["file_url"], mechanism["headers"], dist)

        if document["mechanism"]["identifier"] == PARTS:
            self.deliver_parts(dist, document["mechanism"])
        else:
            self.arrive(origin(document["mechanism"]["file_url"]), attempt)

    def deliver_parts(self, dist: Dist, mechanism: Json) -> None:
        """Send the parts of a file that are not there yet."""
        where, size = mechanism["parts_url"], int(mechanism["part-size"])
        numbers = list(range(1, -(-dist.size // size) + 1))
        there = {int(part["number"]) for part in self.web.ask("GET", where).document["received"]}

        def send(number: int) -> None:
            start = (number - 1) * size
            length = min(size, dist.size - start)
            if number in there:
                self.web.progress.add(length)
                return
            wanted = {"meta": META, "parts": [{"number": number, "sha256": digest(dist.path, start, length)[1]}]}

            def attempt(_: int) -> Answer:
                [part] = self.web.ask("POST", where, wanted).document["parts"]
                if part["size"] != length:
                    raise Refused(OTHER_SIZE)
                return self.web.carry("PUT", part["url"], part["headers"], dist, start=start, length=length)

            self.arrive(origin(where), attempt)

        if len(numbers) != mechanism["parts"]:
            raise Refused(OTHER_SIZE)
        for failure in in_parallel(send, numbers, self.options.jobs):
            if failure:
                raise failure

    def arrive(self, where: str, attempt: Callable[[int], Answer]) -> None:
        """Send bytes until they arrive, or the index itself says no; whatever else a store says may pass."""
        answer = self.web.repeat(where, attempt, hopeful=is_no_verdict)
        if answer.status >= 300:
            raise self.web.refusal(answer, where)

    def is_complete(self, document: Json) -> bool:
        """Have the index check the file, and return whether it could; bytes are missing where it could not."""
        try:
            answer = self.web.ask("POST", link(document, "complete"))
        except Refused as refusal:
            if refusal.code != "not-received":
                raise
            return False
        document = self.web.settled(answer, "file-upload-session")
        if document.get("status") not in ("completed", "pending"):
            raise Refused(reasons(document))
        return bool(document["status"] == "completed")


def is_no_verdict(answer: Answer) -> bool:
    """Whether bytes were turned away without a reason of the index: a link grew old, or a store had its own trouble."""
    return answer.status >= 300 and answer.status != 413 and answer.code in ("", "bad-link")


def publish(web: Http, session: str, until: float) -> None:
    """Publish a session, and tell its files."""
    while True:
        try:
            document = web.settled(web.ask("POST", link(web.ask("GET", session).document, "publish")), "session")
            break
        except Refused as refusal:
            # Another upload of the same release has put its files into the session, and is about to complete them.
            if refusal.code != "incomplete-files" or time.monotonic() >= until:
                raise
            web.pause(2)
    if document.get("status") != "published":
        raise Refused(f"{plain(str(document.get('name')))} is not published: {reasons(document)}")
    for filename, each in sorted(document.get("files", {}).items()):
        if each["status"] == "completed":
            web.progress.say(f"{plain(filename)}: published", sys.stdout)


def in_parallel(work: Callable[[Item], None], items: list[Item], jobs: int) -> list[Failure | None]:
    """Do work on all items, several at a time, and return how each of them failed; None where it did not.

    What is refused does not hold the others up; when the index cannot be reached, what is left is not tried.
    """
    out_of_reach = threading.Event()

    def attempt(item: Item) -> Failure | None:
        if out_of_reach.is_set():
            return Failure("not sent: the index cannot be reached.")
        try:
            work(item)
        except Refused as refusal:
            return refusal
        except Failure as failure:
            out_of_reach.set()
            return failure
        return None

    pool = ThreadPoolExecutor(jobs)
    futures = [pool.submit(attempt, item) for item in items]
    try:
        while wait(futures, timeout=0.2).not_done:
            pass  # without a time limit Windows would not hear of Ctrl-C
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return [future.result() for future in futures]


# --- The command line -------------------------------------------------------------------------------------------------


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what this program takes; ``manage.py upload`` takes the same."""
    parser.add_argument("files", nargs="*", metavar="FILE", help="a .whl or .tar.gz, such as dist/*")
    parser.add_argument("--url", default=INDEX_URL, help=f"the index{f' (default: {INDEX_URL})' if INDEX_URL else ''}")
    parser.add_argument(
        "--skip-existing",
        action="store_true",
        help="leave out files that are published with the same bytes; other bytes under a published name stay an error",
    )
    parser.add_argument("--stage", action="store_true", help="send and check everything, and publish nothing yet")
    parser.add_argument("--publish", metavar="SESSION", nargs="+", default=[], help="publish what was staged")
    parser.add_argument("--cancel", metavar="SESSION", nargs="+", default=[], help="drop what was staged or left over")
    parser.add_argument("--jobs", type=number, default=4, metavar="N", help="files sent at a time (default: 4)")
    parser.add_argument("--retries", type=number, default=5, metavar="N", help="tries after a first one (default: 5)")
    waiting = "how long to wait for another upload of the same release (default: 60)"
    parser.add_argument("--wait", type=number, default=60, metavar="SECONDS", help=waiting)
    in_clear = "send files and credentials over plain http, in clear"
    parser.add_argument("--insecure-http", action="store_true", help=in_clear)


def number(text: str) -> int:
    """Read a whole number above 0."""
    if not text.isdecimal() or not int(text):
        raise ValueError
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Do what the options say, and return the exit code."""
    progress, stopped = Progress(), threading.Event()
    try:
        if sum([bool(options.files), bool(options.publish), bool(options.cancel)]) != 1:
            raise Misused("Name files to publish, or sessions with --publish or --cancel; see --help.")
        index, in_url = split_index(options.url)
        if not (index.startswith("https:") or is_loopback(index) or options.insecure_http):
            raise Misused(f"{index} is not https: credentials would cross the network in clear; see --insecure-http.")
        dists = read_dists(options.files, progress) if options.files else []
        web = Http(index, find_credentials(index, in_url), progress, stopped, options)
        for session in options.publish + options.cancel:
            # A session is named by its address or the last part of it.
            here = session if "://" in session else f"{index}upload/{quote(session, safe='')}/"
            if options.publish:
                publish(web, here, until=time.monotonic() + options.wait)
            else:
                web.ask("DELETE", here)
                progress.say(f"{plain(session)}: canceled", sys.stdout)
        return upload(web, dists, options)
    except Failure as failure:
        progress.say(str(failure))
        return failure.exit_code
    except (KeyboardInterrupt, EOFError):
        stopped.set()
        progress.say("Interrupted. Run it again to go on.")
        return Interrupted.exit_code


def upload(web: Http, dists: list[Dist], options: argparse.Namespace) -> int:
    """Bring in one release after the other, past those that are refused, and return the exit code."""
    code = 0
    releases: dict[tuple[str, str], list[Dist]] = {}
    for dist in dists:
        releases.setdefault((normalized(dist.name), dist.version), []).append(dist)
    for files in releases.values():
        try:
            Release(web, files, options).run()
        except Refused as refusal:
            if refusal.code == BAD_CREDENTIALS:
                raise
            web.progress.say(str(refusal))
            code = refusal.exit_code
    return code


def main() -> int:
    """Run as a program."""
    summary, _, rest = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(
        prog="upload.py", description=summary, epilog=rest, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_options(parser)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal need not know every letter of a reason
    options = parser.parse_args()
    options.program = "upload.py"
    code = run(options)
    if code == Interrupted.exit_code:
        os._exit(code)  # threads that still wait for an answer would hold the program back
    return code


if __name__ == "__main__":
    sys.exit(main())
