"""What is drawn or added up in parts, because all at once is too much for many events."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest

from backtest.study import EventStudy, MarketModel, Window
from backtest.study.dependence.correlation import active_sessions, chained_windows
from backtest.study.inference.parametric import clustered, skew, turned
from backtest.study.inference.parametric.clustered import clustered_t, wild_event
from backtest.study.inference.parametric.forecast_error import patell_csar_z
from backtest.study.inference.parametric.skew import lbt_boot
from backtest.study.inference.single.conformal import conformal
from backtest.study.normal import Dimson, MeanAdjusted, MultiFactor, NormalModel
from tests.test_backtest.study.test_inference_by_security import WINDOWS, market


@pytest.mark.parametrize("at_once", [1, 50, 10_000])
def test_draws_in_pieces_are_those_of_one_call(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    returns, events = market(90)
    section = (
        EventStudy(MarketModel("MKT"), Window(-130, -11), WINDOWS)
        .fit(events, returns)
        .cross_section("[0,0]")
    )
    monkeypatch.setattr(clustered, "_KEPT_UP_TO", 12)
    wanted = [lbt_boot(section), wild_event(section)]
    monkeypatch.setattr(skew, "_CELLS", at_once)
    monkeypatch.setattr(turned, "_AT_ONCE", 32 * at_once)
    assert [lbt_boot(section), wild_event(section)] == wanted


@pytest.mark.parametrize("n_clusters", [40, 703])
def test_flips_of_many_clusters_are_those_of_their_bits(
    n_clusters: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(5)
    sums, sizes = rng.normal(0.2, 1.0, n_clusters), rng.integers(1, 4, n_clusters).astype(float)
    bits = [signs for _, signs in turned.drawn_signs(n_clusters, clustered.DRAWS)]
    laid_out = np.unpackbits(np.vstack(bits), axis=0, bitorder="little")[:n_clusters]
    wanted = clustered_t(np.where(laid_out.T, -1.0, 1.0) * sums, sizes)
    assert abs(laid_out.mean() - 0.5) < 4 * 0.5 / np.sqrt(laid_out.size)
    monkeypatch.setattr(clustered, "_KEPT_UP_TO", 12)
    np.testing.assert_allclose(clustered._drawn(sums, sizes), wanted, rtol=1e-10, atol=1e-12)


def test_single_days_added_up_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    returns, events = market(90)
    result = EventStudy(MarketModel("MKT"), Window(-130, -11), WINDOWS).fit(events, returns)
    wanted = patell_csar_z(result.cross_section("[0,20]")), result.single_tests()
    for reader in ("abnormal", "event_windows"):
        monkeypatch.setattr(f"backtest.study.measure.{reader}.AT_ONCE", 7)
    module = sys.modules["backtest.study.inference.single.among_ordinary_days"]
    monkeypatch.setattr(module, "_CHUNK", 13)
    again = EventStudy(MarketModel("MKT"), Window(-130, -11), WINDOWS).fit(events, returns)
    found = patell_csar_z(again.cross_section("[0,20]"))
    assert found.statistic == pytest.approx(wanted[0].statistic, rel=1e-12)
    assert found.pvalue == pytest.approx(wanted[0].pvalue, rel=1e-12)
    pd.testing.assert_frame_equal(again.single_tests(), wanted[1], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("missing", [0.02, 0.4])
@pytest.mark.parametrize("span", [Window(0, 0), Window(-1, 4), Window(-5, 20)])
def test_groups_of_windows_are_those_of_shared_sessions(missing: float, span: Window) -> None:
    returns, events = market(25, missing)
    result = EventStudy(MarketModel("MKT"), Window(-130, -11), {"w": span}).fit(events, returns)
    window = result.window("w")
    active = active_sessions(window).toarray()
    group = np.arange(len(active))  # by hand: whoever shares a session takes the least number
    for _ in group:
        for session in active.T > 0:
            if session.any():
                group[session] = group[session].min()
    wanted = pd.factorize(group)[0]
    assert chained_windows(window).tolist() == wanted.tolist()


@pytest.mark.parametrize("span", [Window(0, 0), Window(-1, 4), Window(0, 20)])
@pytest.mark.parametrize(
    "model",
    [MarketModel("MKT"), MultiFactor(("MKT", "IND")), MeanAdjusted(), Dimson("MKT")],
    ids=lambda model: model.name,
)
def test_stretches_event_by_event_are_those_of_the_table(
    model: NormalModel, span: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    returns, events = market(60, 0.1)
    late = events.assign(event_id=range(100, 160), event_session=returns.sessions[-3])
    events = pd.concat([events, late.drop_duplicates("ticker")], ignore_index=True)
    window = EventStudy(model, Window(-130, -11), {"w": span}).fit(events, returns).window("w")
    table = conformal(window)
    assert np.isfinite(table.pvalue).sum() > 40
    monkeypatch.setattr(sys.modules[conformal.__module__], "_TABLE_UP_TO", 10)
    passed = conformal(window)
    np.testing.assert_allclose(passed.statistic, table.statistic, rtol=1e-9, atol=1e-14)
    np.testing.assert_array_equal(passed.pvalue, table.pvalue)
    assert passed.why_not.tolist() == table.why_not.tolist()
    monkeypatch.setattr(sys.modules[conformal.__module__], "_CHUNK", 7)
    in_parts = conformal(window)
    np.testing.assert_array_equal(in_parts.statistic, passed.statistic)
    np.testing.assert_array_equal(in_parts.pvalue, passed.pvalue)
