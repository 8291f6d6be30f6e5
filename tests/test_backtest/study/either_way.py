"""What may differ between sums pair by pair and by security, and by how much: docs/methods.md."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from backtest.study.inference.about import ABOUT

RULE = "backtest.study.inference.by_security.PAIRS_UP_TO"
METHODS = Path(__file__).parents[3] / "docs" / "methods.md"

# The tests that sum over pairs of events; every other is the same to the last bit.
OF_PAIRS = frozenset({
    "bmp_shift", "caar_exact_z", "caar_overlap_z", "calendar_time_z", "grank_exact_t",
    "grank_exact_z", "kp_bmp_exact_neff_t", "kp_bmp_exact_t", "kp_bmp_overlap_neff_t",
    "kp_bmp_overlap_t", "kp_bmp_shared_t", "kp_bmp_t", "kp_patell_overlap_z", "kp_patell_z",
    "patell_exact_z", "patell_overlap_z",
})  # fmt: skip
SIZES, P, ADJUSTED, DELTA, DF = "statistics", "p-values", "p-values adjusted", "δ", "degrees"
KIND = {
    **dict.fromkeys(
        ("statistic", "n_eff", "se", "low", "high", "std_error", "conf_low", "conf_high",
         "value", "r_bar", "r_overlap", "r_star", "estimated"), SIZES),
    **dict.fromkeys(
        ("pvalue", "pvalue_upper", "pvalue_lower", "p_value", "companion_pvalue"), P),
    "pvalue_adjusted": ADJUSTED,
    "delta": DELTA,
    "df": DF,
}  # fmt: skip
"""Columns that may differ, and the row of the table in docs/methods.md that says by how much."""
# Weights come of products of matrices, of other shapes here and there: the last bit may differ.
ROUNDED = ["weighted_mean"]


def documented() -> dict[str, float]:
    """The rows of the table, by what they begin with."""
    text = METHODS.read_text(encoding="utf-8")
    part = text[text.index("**Pair by pair, or by security.**") :]
    rows = re.findall(r"^\| (.+?) \| ([\d.]+) \|$", part[: part.index("Beyond 2,000")], re.M)
    found = {}
    for kind in (SIZES, P, ADJUSTED, DELTA, DF):
        mine = [float(most) for what, most in rows if re.match(rf"{kind}(?! adj)", what)]
        assert len(mine) == 1, kind
        found[kind] = mine[0]
    return found


def near(got: pd.DataFrame, wanted: pd.DataFrame, *, joint: bool = False) -> None:
    """Fail where two tables differ by more than is said, or in what may not differ at all.

    `joint` is of a table whose p-values are of several hypotheses together.
    """
    assert list(got.columns) == list(wanted.columns)
    most = documented()
    exact = [name for name in wanted if name not in (*KIND, *ROUNDED)]
    pd.testing.assert_frame_equal(got[exact], wanted[exact], check_exact=True)
    for name in wanted.columns.intersection(ROUNDED):
        np.testing.assert_allclose(got[name], wanted[name], rtol=0, atol=1e-15, err_msg=name)
    if "test" in wanted and set(wanted["test"]) <= set(ABOUT):
        alone = ~wanted["test"].isin(OF_PAIRS).to_numpy()
        pd.testing.assert_frame_equal(got[alone], wanted[alone], check_exact=True)
    for name in wanted.columns.intersection(list(KIND)):
        kind = ADJUSTED if joint and KIND[name] == P else KIND[name]
        _near(got[name], wanted[name], kind, most[kind])


def _near(got: pd.Series, wanted: pd.Series, kind: str, most: float) -> None:
    a, b = got.to_numpy(dtype=np.float64), wanted.to_numpy(dtype=np.float64)
    np.testing.assert_array_equal(np.isnan(a), np.isnan(b), err_msg=str(wanted.name))
    if np.isnan(b).all():
        return
    size = {SIZES: np.maximum(np.abs(b), np.nanmedian(np.abs(b))), DF: np.abs(b)}
    allowed = most * size.get(kind, np.ones(len(b)))
    over = np.flatnonzero(np.abs(a - b) > allowed)
    assert not len(over), (wanted.name, [(a[i], b[i]) for i in over[:5]])
