"""Who is asking: the SEC wants a name and an address in the user agent of every request."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from events.errors import DiscoveryError
from events.files.disk import put_whole, sweep_parts

VARIABLE = "REACTIONS_CONTACT"
_EXAMPLE = "Jane Doe jane@example.org"
_CONTACT = re.compile(
    r"[\x20-\x7e]{0,150}\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+[\x20-\x7e]{0,50}", re.ASCII
)


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
