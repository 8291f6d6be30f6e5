"""Answers kept for good: each body once under its sha256, and beside it who gave it and when.

`objects/ab/<sha256>` holds a body, `asked/<sha256 of the address>/<instant>.json` says that this
body was the answer at that address then. Nothing is ever rewritten with another content.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from events.errors import DiscoveryError
from events.files.disk import put_whole, sweep_parts


def home(chosen: str | Path | None = None) -> Path:
    """Give the folder of the answers: that named, that of `REACTIONS_HOME`, or the user's own."""
    if chosen is not None:
        return Path(chosen)
    if place := os.environ.get("REACTIONS_HOME"):
        return Path(place) / "filings"
    from platformdirs import user_data_path

    return user_data_path("market-reactions", appauthor=False) / "filings"


@dataclass(frozen=True)
class AnswerStore:
    """The store in a folder, which is made when the first answer comes."""

    root: Path

    def newest(self, url: str) -> bytes | None:
        """Give the last good answer at an address; one whose body is damaged does not count."""
        folder = self.root / "asked" / _digest(url.encode())
        for record in sorted(folder.glob("*.json"), reverse=True):
            with suppress(OSError, ValueError, KeyError, TypeError):
                digest = str(json.loads(record.read_text(encoding="utf-8"))["sha256"])
                body = self._object(digest).read_bytes()
                if _digest(body) == digest:
                    return body
        return None

    def keep(self, url: str, body: bytes) -> None:
        """Keep an answer, unless it is the one kept last. Raises `DiscoveryError`."""
        if self.newest(url) == body:
            return
        digest, now = _digest(body), datetime.now(UTC)
        said = {"url": url, "at": now.isoformat(), "sha256": digest, "bytes": len(body)}
        folder = self.root / "asked" / _digest(url.encode())
        try:
            _put(self._object(digest), body)
            text = json.dumps(said, indent=1) + "\n"
            _put(folder / f"{now:%Y%m%dT%H%M%S.%fZ}.json", text.encode())
        except OSError as error:
            raise DiscoveryError(
                f"the store of filings {self.root} cannot be written: {error.strerror or error}; "
                "choose another place with REACTIONS_HOME"
            ) from None

    def _object(self, digest: str) -> Path:
        return self.root / "objects" / digest[:2] / digest


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _put(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sweep_parts(path.parent)
    put_whole(path, data)
