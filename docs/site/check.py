"""Refuse a built site that asks other hosts for anything, or lacks its pictures.

python docs/site/check.py site
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

_FETCH = re.compile(
    r"""<(?:script|img|iframe|source|video|audio)[^>]*\ssrc=["']?https?:|"""
    r"""<link[^>]*rel=["']?(?:stylesheet|preload|preconnect|icon)[^>]*href=["']?https?:|"""
    r"""@import\s+(?:url\()?["']?https?:|url\(["']?https?:"""
)
_PICTURES = {"gallery/gallery.html": 20, "tutorials/quant.html": 3, "tutorials/macro.html": 2}


def faults(site: Path) -> list[str]:
    """What is wrong, a line each."""
    found: list[str] = []
    pages = [*site.rglob("*.html"), *site.rglob("*.css")]
    fetches = ((page, _FETCH.search(page.read_text(encoding="utf-8"))) for page in pages)
    found += [
        f"{page.relative_to(site)}: fetches from another host: {match[0][:120]}"
        for page, match in fetches
        if match
    ]
    for name, least in _PICTURES.items():
        n = (site / name).read_text(encoding="utf-8").count("data:image/png;base64")
        if n < least:
            found.append(f"{name}: {n} pictures, expected {least} or more")
    return found


if __name__ == "__main__":
    problems = faults(Path(sys.argv[1]))
    sys.exit("\n".join(problems) or 0)
