r"""Text as LaTeX and Markdown take it: it stays text, whatever stands in it."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LATEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "_": r"\_", "%": r"\%", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "−": "$-$", "±": r"$\pm$", "<": "$<$", ">": "$>$",
    "²": "$^2$", "|": "$|$",  # other signs in the fonts LaTeX begins with
    "[": "{[}",  # after the end of a row it would be a length
    "’": "'", "–": "--", "“": "``", "”": "''",
}  # fmt: skip
# `_` inside a word (an id, a test) is no markup and stays readable
_MARKUP = re.compile(r"[\\`*\[\]|!~$^]|(?<!\w)_|_(?!\w)")
_ADDRESS = re.compile(r"(?i)\b(https?|ftp|javascript|data|vbscript|file|mailto):")
_SITE = re.compile(r"(?i)\b(www)\.")
_BLOCK = re.compile(r"^(\d{0,9})([#>+.)-])(?=[\s#>]|$)")  # a heading, a list, a quotation
_NO_LETTERS = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")  # line breaks, tabs, controls
_NUMBER = re.compile(r"[−+-]?\d[\d.,]*%?")


def latex_text(text: str) -> str:
    r"""Text in which LaTeX finds nothing to do.

    >>> latex_text("50% of a_b & −1")
    '50\\% of a\\_b \\& $-$1'
    """
    return "".join(_LATEX.get(letter, letter) for letter in _NO_LETTERS.sub(" ", text))


def latex_line(cells: Iterable[str]) -> str:
    r"""One row of a tabular, of cells that LaTeX takes as they are.

    >>> latex_line(["*a", "1"])  # a bare star would belong to the end of the row before
    '{}*a & 1 \\\\'
    """
    row = " & ".join(cells)
    return ("{}" if row.startswith("*") else "") + row + r" \\"


def starred_line(cells: Iterable[str]) -> str:
    r"""One row of a tabular, of plain text with stars behind numbers.

    >>> starred_line(["a_b", "1.0**"])
    'a\\_b & 1.0\\rlap{$^{**}$} \\\\'
    """
    return latex_line(map(_starred, cells))


def _starred(cell: str) -> str:
    """A cell; stars take no width, so that digits stand below one another."""
    bare = cell.rstrip("*")
    if bare == cell or not _NUMBER.fullmatch(bare):  # a name may end with stars of its own
        return latex_text(cell)
    return latex_text(bare) + rf"\rlap{{$^{{{cell[len(bare) :]}}}$}}"


def latex_label(name: str) -> str:
    """A name as LaTeX labels take it.

    >>> latex_label("car by role")
    'car-by-role'
    """
    return re.sub(r"[^A-Za-z0-9:-]+", "-", name)


def markdown_text(text: str) -> str:
    r"""Text in which Markdown finds nothing to do.

    >>> print(markdown_text(r"a\|b ![x](y) <i>"))
    a\\\|b \!\[x\](y) &lt;i>
    """
    escaped = _MARKUP.sub(r"\\\g<0>", _NO_LETTERS.sub(" ", text).strip()).replace("&", "&amp;")
    escaped = _BLOCK.sub(r"\1\\\2", escaped.replace("<", "&lt;").replace("@", "&#64;"))
    return _SITE.sub(r"\1&#46;", _ADDRESS.sub(r"\1&#58;", escaped))


def markdown_line(cells: Iterable[str]) -> str:
    """One row of a table in Markdown, of plain text.

    >>> markdown_line(["a", "1"])
    '| a | 1 |'
    """
    return f"| {' | '.join(map(markdown_text, cells))} |"
