"""Every public result is the same by pairs of events and by pairs of securities.

Whichever sums run over. What is of one event is the same to the last bit; what sums over pairs of
events differs by what the correlation of securities over all their sessions differs from that of
two estimation windows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from backtest.prices import Returns
from backtest.study import EventStudy, EventStudyResult, MarketModel, Window
from backtest.study.check.groups import differences
from backtest.study.check.placebo import placebo
from backtest.study.check.regression import regress
from backtest.study.show.tidy import tidy

RULE = "backtest.study.inference.by_security.PAIRS_UP_TO"
N, BY_PAIR, BY_SECURITY = 600, 10_000, 300
OWN_RHO = 0.1  # documented: docs/methods.md and FORMULAS, of sums over pairs of events
WINDOWS = {"[0,0]": Window(0, 0), "[0,4]": Window(0, 4)}


def fitted() -> EventStudyResult:
    rng = np.random.default_rng(9)
    y = rng.standard_t(5, (420, 14)) * 0.01
    y[:, :6] += 0.008 * rng.standard_normal((420, 1))
    sessions = pd.bdate_range("2015-01-01", periods=420)
    tickers = (*map("S{}".format, range(12)), "MKT", "IND")
    where = rng.choice(12 * 220, N, replace=False)
    events = pd.DataFrame(
        {
            "event_id": range(N),
            "ticker": np.array(tickers, dtype=object)[where % 12],
            "event_session": sessions[150 + where // 12],
            "role": np.where(where % 5 == 0, "rare", "common"),
        }
    )
    study = EventStudy(MarketModel("MKT"), Window(-130, -11), WINDOWS, None, Window(-2, 5))
    return study.fit(events, Returns(y, sessions, tickers))


@pytest.fixture(scope="module")
def small() -> EventStudyResult:
    return fitted()


OF_ONE_EVENT: dict[str, Callable[[EventStudyResult], pd.DataFrame]] = {
    "events": lambda result: result.events,
    "windows": lambda result: result.windows,
    "abnormal": lambda result: result.abnormal,
    "estimates": lambda result: result.estimates,
    "coefficients": lambda result: result.coefficients,
    "paths": lambda result: result.paths,
    "single_tests": lambda result: result.single_tests(),
    "dropped": lambda result: result.dropped,
    "positions": lambda result: placebo(result, range(12, 20)).positions,
}
OVER_EVENTS: dict[str, Callable[[EventStudyResult], pd.DataFrame]] = {
    "tests": lambda result: result.tests("all", "role").drop(columns=["df"]),
    "averages": lambda result: result.averages("all", "role").drop(columns=["df", "delta"]),
    "average_paths": lambda result: result.average_paths("all", "role"),
    "differences": lambda result: differences(result, "role").drop(columns=["df"]),
    "regress": lambda result: regress(result, "[0,0]", ("role",)),
    "tidy": lambda result: tidy(result, "role"),
}


@pytest.mark.parametrize("name", OF_ONE_EVENT)
def test_what_is_of_one_event_is_the_same(
    name: str, small: EventStudyResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = OF_ONE_EVENT[name](small)
    monkeypatch.setattr(RULE, BY_SECURITY)
    large = fitted()
    assert large.pair_sums == "by security"
    pd.testing.assert_frame_equal(OF_ONE_EVENT[name](large), wanted, check_exact=True)


@pytest.mark.parametrize("name", OVER_EVENTS)
def test_what_is_of_many_events_differs_by_no_more_than_is_said(
    name: str, small: EventStudyResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = OVER_EVENTS[name](small)
    monkeypatch.setattr(RULE, BY_SECURITY)
    got = OVER_EVENTS[name](fitted())
    assert list(got.columns) == list(wanted.columns)
    for column in wanted:
        _near(got[column], wanted[column])


def _near(got: Any, wanted: Any) -> None:
    if pd.api.types.is_float_dtype(wanted):
        scale = float(np.nanmedian(np.abs(wanted))) if np.isfinite(wanted).any() else 0.0
        np.testing.assert_allclose(
            got, wanted, rtol=2 * OWN_RHO, atol=OWN_RHO * scale, err_msg=str(wanted.name)
        )
    else:
        assert got.tolist() == wanted.tolist(), wanted.name
