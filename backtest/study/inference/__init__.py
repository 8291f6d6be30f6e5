"""Tests over several events, one idea a file; the keys are those of the tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from backtest.study.inference.about import ABOUT, About
from backtest.study.inference.cross_section import CrossSection
from backtest.study.inference.nonparametric.bmp_shift import bmp_shift
from backtest.study.inference.nonparametric.grank import (
    grank_exact_t,
    grank_exact_z,
    grank_t,
    grank_z,
)
from backtest.study.inference.nonparametric.placebo_shift import placebo_shift
from backtest.study.inference.nonparametric.rank import (
    corrado_rank_z,
    corrado_zivney_z,
    cumrank_fpc_t,
    cz_cumrank_fpc_t,
    cz_sign_z,
)
from backtest.study.inference.nonparametric.sign import gsign_z, sign_z, wilcoxon
from backtest.study.inference.outcome import Outcome
from backtest.study.inference.parametric.clustered import cr2_date_t, wild_cluster, wild_event
from backtest.study.inference.parametric.cross_t import bmp_t, cross_t
from backtest.study.inference.parametric.forecast_error import (
    caar_exact_z,
    caar_overlap_z,
    patell_csar_z,
    patell_exact_z,
    patell_overlap_z,
    patell_z,
    ts_indep_z,
)
from backtest.study.inference.parametric.kolari_pynnonen import (
    kp_bmp_exact_neff_t,
    kp_bmp_exact_t,
    kp_bmp_overlap_neff_t,
    kp_bmp_overlap_t,
    kp_bmp_t,
    kp_patell_overlap_z,
    kp_patell_z,
)
from backtest.study.inference.parametric.portfolios import calendar_time_z, crude_dep_t
from backtest.study.inference.parametric.shared_shock import kp_bmp_shared_t
from backtest.study.inference.parametric.skew import hall_z, johnson_t, lbt_boot

HEADLINE_TEST = "kp_bmp_shared_t"
COMPANION_TEST = "bmp_shift"

_TESTS: tuple[Callable[[CrossSection], Outcome], ...] = (
    kp_bmp_shared_t,
    bmp_shift,
    cr2_date_t,
    kp_bmp_exact_t,
    grank_exact_t,
    grank_exact_z,
    patell_exact_z,
    caar_exact_z,
    calendar_time_z,
    placebo_shift,
    wild_cluster,
    wild_event,
    kp_bmp_overlap_t,
    kp_patell_overlap_z,
    patell_overlap_z,
    caar_overlap_z,
    kp_bmp_t,
    kp_patell_z,
    crude_dep_t,
    cross_t,
    bmp_t,
    patell_z,
    patell_csar_z,
    ts_indep_z,
    corrado_rank_z,
    cumrank_fpc_t,
    corrado_zivney_z,
    cz_cumrank_fpc_t,
    cz_sign_z,
    grank_t,
    grank_z,
    sign_z,
    gsign_z,
    wilcoxon,
    johnson_t,
    hall_z,
    lbt_boot,
    kp_bmp_exact_neff_t,
    kp_bmp_overlap_neff_t,
)

TESTS: Mapping[str, Callable[[CrossSection], Outcome]] = {test.__name__: test for test in _TESTS}

__all__ = ["ABOUT", "COMPANION_TEST", "HEADLINE_TEST", "TESTS", "About", "CrossSection", "Outcome"]
