"""The one door to EDGAR: its rules kept, its faults told apart, and only good answers handed on.

Rules: a contact in the user agent, at most ten requests a second, and patience where it says "too
many". An answer enters the store after its reader took it: one that is cut short, a page of
excuses, or about somebody else does not.
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_exponential_jitter

from events.discover.answers import AnswerStore
from events.errors import DiscoveryError
from events.files.disk import put_whole, sweep_parts

Read = TypeVar("Read")
WWW, DATA = "https://www.sec.gov", "https://data.sec.gov"
MIRROR = "REACTIONS_EDGAR"  # a mirror of both hosts, for those who have one
PER_SECOND = 10
MAX_BYTES = 60_000_000  # the longest list of filings has some 15 million
_BUSY = {429: "too many requests", 503: "not available", 500: "a fault", 502: "a fault"}
_BUSY[504] = "no answer in time"
VARIABLE = "REACTIONS_CONTACT"
_EXAMPLE = "Jane Doe jane@example.org"
_CONTACT = re.compile(
    r"[\x20-\x7e]{0,150}\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+[\x20-\x7e]{0,50}", re.ASCII
)


class BadAnswerError(Exception):
    """An answer that its reader cannot trust; only the client sees it."""


class NotThereError(DiscoveryError):
    """EDGAR has nothing at this address."""


class _AgainError(Exception):
    """Worth another attempt, after `after` seconds where the server said so."""

    def __init__(self, why: str, after: float = 0.0, *, away: bool = False) -> None:
        super().__init__(why)
        self.after, self.away = after, away


@dataclass
class Pace:
    """At most `per_second` requests in any second, whatever number of threads asks."""

    per_second: int = PER_SECOND
    _taken: list[float] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self) -> None:
        """Come back when a request may be made."""
        with self._lock:
            now = time.monotonic()
            if len(self._taken) >= self.per_second:
                pause = self._taken[-self.per_second] + 1.0 - now
                if pause > 0:
                    time.sleep(pause)
            self._taken = [*self._taken[-self.per_second + 1 :], time.monotonic()]


_PACE = Pace()  # the limit is that of a user, not of a client: all clients of a process share it


@dataclass
class Edgar:
    """A client with its store. `notes` gathers what was not as it should be, for the user."""

    answers: AnswerStore
    contact: str
    timeout: float = 20.0
    attempts: int = 5
    pause: float = 1.0  # seconds before the second attempt; doubled from there
    longest_pause: float = 60.0
    pace: Pace = field(default_factory=lambda: _PACE)
    notes: list[str] = field(default_factory=list)
    _today: dict[str, bytes] = field(default_factory=dict)

    def www(self, path: str) -> str:
        """Give the address of a path at www.sec.gov, or at the mirror."""
        return (os.environ.get(MIRROR) or WWW).rstrip("/") + path

    def data(self, path: str) -> str:
        """Give the address of a path at data.sec.gov, or at the mirror."""
        return (os.environ.get(MIRROR) or DATA).rstrip("/") + path

    def get(self, url: str, read: Callable[[bytes], Read], *, lasting: bool) -> Read:
        """Give what `read` makes of the answer at an address.

        A `lasting` answer (a filing never changes) is asked for once in a lifetime, any other once
        a client; where EDGAR is away, the answer kept last serves and a note says so. `read` raises
        `BadAnswerError` for what it cannot trust. Raises `DiscoveryError`.
        """
        kept = self._today.get(url) or self.answers.newest(url)
        if kept is not None and (lasting or url in self._today):
            try:
                return read(kept)
            except BadAnswerError:  # kept by an earlier version that took less care: ask again
                kept = None
        try:
            body, found = self._persist(url, read)
        except _AgainError as error:
            if error.away and kept is not None:
                self.notes.append(f"{url}: {error}; what was kept from an earlier day serves")
                return read(kept)
            raise DiscoveryError(f"{url}: {error}") from None
        self.answers.keep(url, body)
        self._today[url] = body
        return found

    def _persist(self, url: str, read: Callable[[bytes], Read]) -> tuple[bytes, Read]:
        def once() -> tuple[bytes, Read]:
            body = self._ask(url)
            try:
                return body, read(body)
            except BadAnswerError as error:
                raise _AgainError(f"the answer cannot be used: {error}") from None

        retrying = Retrying(
            retry=retry_if_exception_type(_AgainError),
            stop=stop_after_attempt(self.attempts),
            wait=self._wait,
            reraise=True,
        )
        return retrying(once)

    def _wait(self, state: RetryCallState) -> float:
        error = None
        if state.outcome:
            error = state.outcome.exception()
        asked = 0.0
        if isinstance(error, _AgainError):
            asked = error.after
        grows = wait_exponential_jitter(
            multiplier=self.pause, max=self.longest_pause, jitter=self.pause
        )
        return max(min(asked, 600.0), grows(state))

    def _ask(self, url: str) -> bytes:
        self.pace.wait()
        agent = f"market-reactions/{version('market-reactions')} {self.contact}"
        headers = {"User-Agent": agent, "Accept-Encoding": "gzip, deflate"}
        try:
            with requests.get(
                url, headers=headers, timeout=self.timeout, stream=True, allow_redirects=False
            ) as answer:
                _judge(url, answer)
                return _body(answer)
        except requests.exceptions.RequestException as error:
            away = not isinstance(error, requests.exceptions.ContentDecodingError)
            if _cut(error):
                why = "cut short"
            else:
                why = f"cannot be reached ({type(error).__name__})"
            raise _AgainError(why, away=away) from None


def _judge(url: str, answer: requests.Response) -> None:
    status = answer.status_code
    if status == 200:
        return
    if status == 404:
        raise NotThereError(f"{url}: nothing is there (404)")
    if status == 403:
        raise DiscoveryError(
            f"{url}: refused (403); the SEC wants a true contact in REACTIONS_CONTACT, and shuts "
            "out for ten minutes who asks too often"
        )
    if status in _BUSY:
        wait = answer.headers.get("Retry-After", "")
        after = 0.0
        if wait.isdigit() and len(wait) < 6:
            after = float(wait)
        raise _AgainError(f"{_BUSY[status]} ({status})", after, away=True)
    raise DiscoveryError(f"{urlsplit(url).netloc} answered {status} for {url}")


def _body(answer: requests.Response) -> bytes:
    parts, size = [], 0
    for part in answer.iter_content(1 << 16):
        size += len(part)
        if size > MAX_BYTES:
            raise DiscoveryError(f"{answer.url}: more than {MAX_BYTES / 1e6:.0f} MB; refused")
        parts.append(part)
    return b"".join(parts)


def _cut(error: Exception) -> bool:
    cut = (
        requests.exceptions.ChunkedEncodingError,
        requests.exceptions.ContentDecodingError,
    )
    return isinstance(error, cut) or "IncompleteRead" in str(error)


def contact(folder: Path, ask: Callable[[str], str] | None = None) -> str:
    """Give the contact: of the environment, else the one kept in `folder`, else asked for once.

    `ask` puts a question to a person and gives the answer; what it gives is kept. Raises
    `DiscoveryError` where nobody can be asked, or where no address of mail is in it.
    """
    if said := os.environ.get(VARIABLE):
        return checked(said)
    kept = folder / "contact.txt"
    if kept.is_file():
        return checked(kept.read_text(encoding="utf-8", errors="replace"), f"{kept}: ")
    if ask is None:
        raise DiscoveryError(
            "the SEC asks every program for a contact, and answers none without; "
            f"set {VARIABLE}='{_EXAMPLE}'"
        )
    given = checked(ask(f"The SEC asks for a contact in every request (as in {_EXAMPLE})"))
    folder.mkdir(parents=True, exist_ok=True)
    sweep_parts(folder)
    put_whole(kept, given + "\n")
    return given


def checked(text: str, where: str = "") -> str:
    """Refuse what is no contact, or could not stand in a request.

    >>> checked(" Jane Doe jane@example.org ")
    'Jane Doe jane@example.org'
    """
    stripped = text.strip()
    if not _CONTACT.fullmatch(stripped):
        shown = stripped.encode("ascii", "backslashreplace").decode()[:60]
        raise DiscoveryError(
            f"{where}contact {shown!r}: write a name and an address of mail in plain letters, "
            f"as in {VARIABLE}='{_EXAMPLE}'"
        )
    return stripped
