"""Tests over several events, one statistic a file; the keys are those of the tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from backtest.study.inference.bmp import bmp_t, kp_bmp_exact_t
from backtest.study.inference.caar import caar_exact_z, ts_indep_z
from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.cross_t import cross_t
from backtest.study.inference.outcome import Outcome
from backtest.study.inference.patell import patell_exact_z, patell_z

HEADLINE_TEST = "kp_bmp_exact_t"

TESTS: Mapping[str, Callable[[CrossSection], Outcome]] = {
    "kp_bmp_exact_t": kp_bmp_exact_t,
    "patell_exact_z": patell_exact_z,
    "caar_exact_z": caar_exact_z,
    "bmp_t": bmp_t,
    "patell_z": patell_z,
    "cross_t": cross_t,
    "ts_indep_z": ts_indep_z,
}

__all__ = ["HEADLINE_TEST", "TESTS", "CrossSection", "Outcome"]
