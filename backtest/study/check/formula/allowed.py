"""What a formula may say: `car ~ log(deal_value) + C(method)`.

The library that reads formulas would run Python in them, so everything but what is listed here is
refused before it sees the text.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass

from backtest.errors import StudyError
from events.errors import suggest
from events.files.lists.naming import suggest_column

OUTCOMES = ("car", "scar", "bhar", "raw_return")
FUNCTIONS = (
    "C",
    "I",
    "log",
    "log1p",
    "sqrt",
    "exp",
    "abs",
    "center",
    "standardize",
    "scale",
    "poly",
)
LONGEST, MOST_TERMS, HIGHEST_POWER = 1000, 60, 10
_NODES = (
    ast.Expression, ast.Call, ast.Name, ast.Load, ast.Constant, ast.keyword, ast.BinOp, ast.Add,
    ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.UnaryOp, ast.USub,
)  # fmt: skip
_QUOTED = re.compile(r"`([^`]+)`")
_TEXT = re.compile(r"[\w\s+\-*/:^(),.='\"]*")
_POINT = re.compile(r"(?<!\d)\.|\.(?!\d)|(?<=[A-Za-z_])\d*\.")
_BASE = re.compile(r"C\(\s*(\w+)\s*,\s*base\s*=\s*('[^']*'|\"[^\"]*\"|\d+)\s*\)")
_POWER = re.compile(r"(?:\*\*|\^)\s*\(?\s*(\d+)?")
_WRITE = "write it like car ~ log(deal_value) + C(method)"


@dataclass(frozen=True)
class Formula:
    """An outcome and the text of the right side, its quoted columns under names of their own.

    `columns` are name in the text -> column of the events.
    """

    text: str
    outcome: str
    right: str
    columns: dict[str, str]

    def written(self, term: str) -> str:
        """A term as the user wrote it."""
        for name, column in self.columns.items():
            if name != column:
                term = re.sub(rf"\b{name}\b", column.replace("\\", r"\\"), term)
        return re.sub(r", contr\.treatment\(base=([^)]*)\)", r", base=\1", term)


def parsed(text: str) -> Formula:
    """Check a formula as far as it goes without knowing the events. Raises `StudyError`.

    >>> parsed("car ~ log(`Deal Value`)").columns
    {'quoted_0': 'Deal Value'}
    """
    told = f"formula {text[:80]!r}"
    left, tilde, right = text.partition("~")
    outcome = left.strip()
    if not tilde or not right.strip() or "~" in right or len(text) > LONGEST:
        raise StudyError(f"{told}: needs one ~ with something on both sides; {_WRITE}")
    if outcome not in OUTCOMES:
        raise StudyError(
            f"{told}: {outcome[:40]!r} cannot be explained{suggest(outcome, OUTCOMES)}; "
            f"on the left stands one of {', '.join(OUTCOMES)}"
        )
    quoted = dict.fromkeys(_QUOTED.findall(right))
    names = {f"quoted_{at}": column for at, column in enumerate(quoted)}
    back = {column: name for name, column in names.items()}
    right = _QUOTED.sub(lambda found: back[found[1]], right)
    _check_text(told, right)
    used = _names(told, right)
    columns = {name: names.get(name, name) for name in used}
    return Formula(text.strip(), outcome, _BASE.sub(_with_base, right).strip(), columns)


def check_columns(formula: Formula, known: Sequence[str]) -> None:
    """Raise `StudyError` for a column that the events lack, naming the nearest."""
    for column in formula.columns.values():
        if column not in known:
            near = suggest_column(column, known) or suggest(column.replace("_", "").lower(), known)
            raise StudyError(
                f"formula {formula.text[:80]!r}: the events have no column {column!r}"
                f"{near or _alike(column, known)}; they have {', '.join(known)}"
            )


def _alike(column: str, known: Sequence[str]) -> str:
    """A column that differs only in case and signs."""
    plain = re.sub(r"\W|_", "", column).lower()
    like = [one for one in known if re.sub(r"\W|_", "", one).lower() == plain]
    if like:
        return f"; did you mean {like[0]!r}?"
    return ""


def _with_base(found: re.Match[str]) -> str:
    return f"C({found[1]}, contr.treatment(base={found[2]}))"


def _check_text(told: str, right: str) -> None:
    bad = next((mark for mark in right if not _TEXT.fullmatch(mark)), None)
    if bad is None and (_POINT.search(re.sub(r"'[^']*'|\"[^\"]*\"", "''", right))):
        bad = "."
    if bad is None and "__" in right:
        bad = "__"
    if bad is not None:
        quote = "; a column with such a name stands in backquotes: `Deal.Value`"
        raise StudyError(f"{told}: {bad!r} cannot stand in a formula{quote}")
    for power in _POWER.findall(right):
        if not power or int(power[:6]) > HIGHEST_POWER:
            raise StudyError(f"{told}: a power is a whole number up to {HIGHEST_POWER}")


def _names(told: str, right: str) -> list[str]:
    """The columns a right side names; everything in it is looked at."""
    from formulaic import Formula as Read
    from formulaic.errors import FormulaicError

    try:
        terms = list(Read(right))
        factors = [factor.expr for term in terms for factor in term.factors]
    except (FormulaicError, SyntaxError, ValueError, AttributeError, TypeError, RecursionError):
        raise StudyError(f"{told}: cannot be read; {_WRITE}") from None
    if len(terms) > MOST_TERMS:
        raise StudyError(f"{told}: makes {len(terms)} terms; at most {MOST_TERMS} are taken")
    found: dict[str, None] = {}
    for factor in factors:
        try:
            tree = ast.parse(factor, mode="eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise StudyError(f"{told}: {factor[:40]!r} cannot be read; {_WRITE}") from None
        found |= dict.fromkeys(_checked(told, tree))
    return list(found)


def _checked(told: str, tree: ast.Expression) -> list[str]:
    """The names of columns in one factor; raises for anything but what is listed."""
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    columns = []
    for node in ast.walk(tree):
        if not isinstance(node, _NODES):
            kind = type(node).__name__.lower()
            raise StudyError(f"{told}: a {kind} cannot stand in a formula")
        if isinstance(node, ast.Call):
            _check_call(told, node)
        if isinstance(node, ast.Pow):
            continue
        if isinstance(node, ast.Name) and id(node) not in called:
            columns.append(node.id)
    return columns


def _check_call(told: str, call: ast.Call) -> None:
    if isinstance(call.func, ast.Name):
        name = call.func.id
    else:
        name = ast.unparse(call.func)
    if name not in FUNCTIONS:
        raise StudyError(
            f"{told}: {name[:40]!r} is no function of a formula{suggest(name, FUNCTIONS)}; "
            f"there are {', '.join(FUNCTIONS)}"
        )
    degree = None
    if name == "poly" and len(call.args) == 2:
        degree = call.args[1]
    whole = isinstance(degree, ast.Constant) and degree.value in range(1, HIGHEST_POWER + 1)
    if len(call.args) != (2 if whole else 1) or not any(
        isinstance(node, ast.Name) for node in ast.walk(call.args[0])
    ):
        raise StudyError(f"{told}: {name} takes one column{', and a degree' * (name == 'poly')}")
    for keyword in call.keywords:
        if name != "C" or keyword.arg != "base" or not isinstance(keyword.value, ast.Constant):
            raise StudyError(f"{told}: {name} takes no {keyword.arg}; C(method, base='cash') does")
