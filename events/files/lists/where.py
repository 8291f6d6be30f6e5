"""A condition on the columns of a table, as a user writes it.

For example `DealValue > 1e9 and Method == 'cash'`. What may stand in it is listed here, so that a
condition out of somebody's file can only compare.
"""

from __future__ import annotations

import ast
from copy import deepcopy

import numpy as np
import pandas as pd

from events.errors import CatalogError
from events.files.lists.naming import suggest_column
from events.record.text import composed

_ALLOWED = (
    ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.Compare,
    ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.Name, ast.Load,
    ast.Constant, ast.List, ast.Tuple, ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div,
)  # fmt: skip
_LONGEST = 1000


def where(frame: pd.DataFrame, condition: str) -> pd.DataFrame:
    """The rows of a table that meet a condition on its columns, in their order.

    Comparisons, `and`, `or`, `not`, `in [...]`, the four operations, numbers and quoted words. A
    missing value meets no comparison but `!=`; what is divided by 0 is missing. Raises
    `CatalogError`.

    >>> deals = pd.DataFrame({"value": [1e9, 5e9], "method": ["cash", "shares"]})
    >>> where(deals, "value > 2e9 and method in ['shares', 'mixed']")["value"].tolist()
    [5000000000.0]
    """
    condition = composed(condition)
    told = f"condition '{condition[:80]}'"
    try:
        tree = ast.parse(condition.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise CatalogError(f'{told}: cannot be read; write it like "amount_usd > 1e9"') from None
    for node in ast.walk(tree):
        if not isinstance(node, _ALLOWED) or len(condition) > _LONGEST:
            word = type(node).__name__.lower()
            raise CatalogError(f"{told}: only comparisons of columns are allowed, not a {word}")
        if isinstance(node, ast.Name) and node.id not in frame.columns:
            near = suggest_column(node.id, map(str, frame.columns))
            raise CatalogError(
                f"{told}: no column {node.id!r}{near}; there are "
                f"{', '.join(map(str, frame.columns))}"
            )
        if isinstance(node, ast.Constant) and node.value == np.inf:
            raise CatalogError(f"{told}: a number in it is too large; write one below 1e308")
    if isinstance(tree.body, ast.BinOp | ast.Constant | ast.List | ast.Tuple):
        raise CatalogError(f'{told}: compares nothing; write it like "amount_usd > 1e9"')
    try:
        met = _evaluated(tree, frame, told)
    except (TypeError, ValueError, NotImplementedError, AttributeError) as error:
        words = _columns_of_words(tree, frame)
        why = f"{words[0]} holds words; compare it with a word in quotes" if words else str(error)
        raise CatalogError(f"{told}: {why[:120]}") from None
    if not isinstance(met, pd.Series) or not pd.api.types.is_bool_dtype(met):
        raise CatalogError(f"{told}: is not true or false; compare a column with something")
    return frame[np.asarray(met.fillna(False), dtype=bool)].reset_index(drop=True)


def _evaluated(tree: ast.Expression, frame: pd.DataFrame, told: str) -> object:
    divisions = _Divisions(frame, told)
    divided = divisions.visit(deepcopy(tree))
    return divisions.frame.eval(ast.unparse(divided), engine="python")


class _Divisions(ast.NodeTransformer):
    """Puts columns in the place of divisors that are 0 somewhere, missing there.

    pandas would say infinity, which is above every number.
    """

    def __init__(self, frame: pd.DataFrame, told: str) -> None:
        self.frame, self.told = frame, told

    def visit_BinOp(self, node: ast.BinOp) -> ast.BinOp:
        self.generic_visit(node)
        if not isinstance(node.op, ast.Div):
            return node
        divisor = self.frame.eval(ast.unparse(node.right), engine="python")
        zero = pd.Series(divisor == 0, index=self.frame.index).fillna(False).astype(bool)
        everywhere = divisor == 0 if np.isscalar(divisor) else len(zero) and zero.all()
        if everywhere:
            raise CatalogError(f"{self.told}: divides by 0; divide by a number or another column")
        if zero.any():
            name = "_divisor"
            while name in self.frame.columns:
                name += "_"
            self.frame = self.frame.assign(**{name: pd.Series(divisor).mask(zero)})
            node.right = ast.Name(name, ast.Load())
        return node


def _columns_of_words(tree: ast.Expression, frame: pd.DataFrame) -> list[str]:
    """The columns of a condition that no number can be added to or compared with."""
    names = dict.fromkeys(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
    return [one for one in names if pd.api.types.is_string_dtype(frame[one])]
