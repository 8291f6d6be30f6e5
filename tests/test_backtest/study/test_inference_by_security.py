"""Beyond PAIRS_UP_TO events sums run over securities.

The same answers as pair by pair, every test at any size.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from backtest.errors import StudyError
from backtest.prices import Returns
from backtest.study import TESTS, EventStudy, MarketModel, Window
from backtest.study.dependence.correlation import car_correlation
from backtest.study.dependence.securities import SecuritySums, double_sums
from backtest.study.inference import CrossSection
from backtest.study.inference.by_security import CrossSectionBySecurity
from backtest.study.normal import Dimson, GarchMarketModel, MarketAdjusted, MultiFactor, NormalModel
from backtest.study.other.buy_and_hold import bhar_tests

RULE = "backtest.study.inference.by_security.PAIRS_UP_TO"
WINDOWS = {"[0,0]": Window(0, 0), "[-1,4]": Window(-1, 4), "[0,20]": Window(0, 20)}
# Single precision of the products of securities.
SAME_RHO = 2e-4
# What it changes that rho is that of securities, not of pairs of estimation windows.
OWN_RHO = 0.1
# The headline test by security has N_eff - 1 degrees of freedom, fewer than Satterthwaite's.
FEWER_DF = 0.02
# Partners count with the correlation of their securities, not that of their CARs.
RHO_OF_PARTNERS = 0.02


def market(n_events: int, missing: float = 0.02) -> tuple[Returns, pd.DataFrame]:
    """Tickers with many events each, one listed late.

    Windows and estimation windows overlap.
    """
    rng = np.random.default_rng(7)
    y = rng.standard_t(5, (420, 14)) * 0.01
    y[:, :6] += 0.008 * rng.standard_normal((420, 1))  # an industry
    y[rng.random(y.shape) < missing] = np.nan
    y[:, -2:] = rng.normal(0, 0.01, (420, 2))
    y[:210, 3] = np.nan
    frame = pd.DataFrame(
        y,
        index=pd.bdate_range("2015-01-01", periods=420),
        columns=[*map("S{}".format, range(12)), "MKT", "IND"],
    )
    where = rng.choice(12 * 220, n_events, replace=False)
    events = pd.DataFrame(
        {
            "event_id": range(n_events),
            "ticker": frame.columns[where % 12],
            "event_session": frame.index[150 + where // 12],
            "role": np.where(where % 5 == 0, "rare", "common"),
            "first_day_end": where % 2,
        }
    )
    return Returns.from_frame(frame), events


@pytest.mark.parametrize(
    "model",
    [
        MarketModel("MKT"),
        MultiFactor(("MKT", "IND")),
        MarketAdjusted("MKT"),
        Dimson("MKT"),
        GarchMarketModel("MKT"),
    ],
    ids=lambda model: model.name,
)
@pytest.mark.parametrize("exclude", [None, Window(-1, 5)])
def test_agrees_given_the_same_correlation(
    model: NormalModel, exclude: Window | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RULE, 50)
    returns, events = market(90)
    result = EventStudy(model, Window(-130, -11), WINDOWS, exclude).fit(events, returns)
    column = result.measured.events.column
    rho = result.securities.rho.astype(np.float64)[np.ix_(column, column)]
    for name in WINDOWS:
        mine, seen = result.cross_section(name), result.window(name)
        assert isinstance(mine, CrossSectionBySecurity)
        usable = np.flatnonzero(np.isfinite(seen.scar))
        theirs = CrossSection(seen, rho, car_correlation(seen, rho)).take(usable)
        np.testing.assert_array_equal(mine.clusters, theirs.clusters)
        for key, test in TESTS.items():
            got, wanted = test(mine), test(theirs)
            assert got.why_not == wanted.why_not, key
            headline = key in ("kp_bmp_shared_t", "bmp_shift")
            same = RHO_OF_PARTNERS if headline else SAME_RHO
            assert got.statistic == pytest.approx(wanted.statistic, rel=same, nan_ok=True), key
            near = FEWER_DF if headline else SAME_RHO
            assert got.pvalue == pytest.approx(wanted.pvalue, abs=near, nan_ok=True), key
            assert got.n_eff == pytest.approx(wanted.n_eff, rel=same, nan_ok=True), key


def test_the_same_call_gives_every_test_either_way(monkeypatch: pytest.MonkeyPatch) -> None:
    returns, events = market(700, 0.0)
    study = EventStudy(MarketModel("MKT"), Window(-130, -11), WINDOWS, exclude=None)
    by_pair = study.fit(events, returns)
    monkeypatch.setattr(RULE, 300)
    by_security = study.fit(events, returns)
    assert by_security.pair_sums == "by security"
    wanted, got = by_pair.tests("all", "role"), by_security.tests("all", "role")
    same = ["group", "group_value", "window", "test", "n_events", "why_not"]
    pd.testing.assert_frame_equal(got[same], wanted[same])
    np.testing.assert_allclose(got["statistic"], wanted["statistic"], rtol=OWN_RHO)
    np.testing.assert_allclose(got["n_eff"], wanted["n_eff"], rtol=2 * OWN_RHO)
    rare = got["group_value"] == "rare"  # few enough to be summed by pair, as they were
    np.testing.assert_allclose(got["statistic"][rare], wanted["statistic"][rare], rtol=1e-9)


def test_average_paths_and_buy_and_hold_either_way(monkeypatch: pytest.MonkeyPatch) -> None:
    returns, events = market(400, 0.0)
    study = EventStudy(MarketModel("MKT"), Window(-130, -11), WINDOWS, None, horizon=Window(-2, 5))
    by_pair = study.fit(events, returns)
    monkeypatch.setattr(RULE, 300)
    by_security = study.fit(events, returns)
    wanted, got = by_pair.average_paths("all", "ticker"), by_security.average_paths("all", "ticker")
    exact = ["group", "group_value", "day", "caar", "n_events"]
    pd.testing.assert_frame_equal(got[exact], wanted[exact])
    np.testing.assert_allclose(got["se"], wanted["se"], rtol=OWN_RHO)
    pd.testing.assert_frame_equal(bhar_tests(by_security), bhar_tests(by_pair))


def test_the_rule_and_what_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    returns, events = market(40)
    study = EventStudy(MarketModel("MKT"), Window(-130, -11), WINDOWS)
    n_events = len(study.fit(events, returns).events)
    monkeypatch.setattr(RULE, n_events)
    assert study.fit(events, returns).pair_sums == "by pair"
    monkeypatch.setattr(RULE, n_events - 1)
    result = study.fit(events, returns)
    assert result.pair_sums == "by security"
    section = result.cross_section("[0,0]")
    for name in ("rho", "correlation", "overlap"):
        with pytest.raises(StudyError, match=f"{name!r} is a matrix over pairs of events"):
            getattr(section, name)


def test_four_thousand_events_through_the_same_call() -> None:
    rng = np.random.default_rng(1)
    y = 0.01 * rng.standard_normal((300, 101)) + 0.01 * rng.standard_normal((300, 1))
    sessions = pd.bdate_range("2015-01-01", periods=300)
    returns = Returns(y, sessions, (*map("S{}".format, range(100)), "MKT"))
    where = rng.choice(100 * 100, 4000, replace=False)
    events = pd.DataFrame(
        {
            "event_id": range(4000),
            "ticker": np.array(returns.tickers, dtype=object)[where % 100],
            "event_session": sessions[150 + where // 100],
        }
    )
    result = EventStudy(
        MarketModel("MKT"), Window(-60, -11), {"[0,1]": Window(0, 1)}, exclude=None
    ).fit(events, returns)
    table = result.tests()
    assert result.pair_sums == "by security"
    assert set(table["test"]) == set(TESTS)
    # 4,000 windows of two sessions on 100 tickers leave no cluster apart, and few do not overlap
    assert set(table.loc[table["why_not"] != "", "test"]) <= {"wild_cluster", "bmp_shift"}


@pytest.mark.parametrize("chunk", [7, 40])
def test_chunks_change_nothing(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RULE, 50)
    returns, events = market(100)
    study = EventStudy(MarketModel("MKT"), Window(-130, -11), WINDOWS)
    wanted = study.fit(events, returns).tests("all", "role")
    monkeypatch.setattr("backtest.study.inference.days.one_pass.CHUNK", chunk)
    monkeypatch.setattr("backtest.study.inference.days.one_pass._STRETCH", 3 * chunk)
    monkeypatch.setattr("backtest.study.measure.abnormal._CHUNK", chunk)
    got = study.fit(events, returns).tests("all", "role")
    pd.testing.assert_frame_equal(got, wanted, rtol=1e-10)


@pytest.mark.parametrize("several", [False, True])
def test_pairs_of_a_session_are_the_same_few_or_many(
    several: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RULE, 50)
    returns, events = market(90)
    twice = events.assign(event_session=events["event_session"] + pd.offsets.BDay(2))
    events = pd.concat([events, twice], ignore_index=True) if several else events
    events["event_id"] = range(len(events))
    result = EventStudy(MarketModel("MKT"), Window(-130, -11), WINDOWS).fit(events, returns)
    section = result.cross_section("[0,20]")
    assert isinstance(section, CrossSectionBySecurity)
    weights = np.random.default_rng(1).normal(size=len(section))
    found = []
    for few in (0.0, 1e9):
        monkeypatch.setattr("backtest.study.dependence.securities._FEW", few)
        found.append(SecuritySums(section.window, result.securities).of_days(weights))
    assert (found[0] != 0).sum() > 100
    np.testing.assert_allclose(found[0], found[1], rtol=1e-4, atol=1e-5)


def test_windows_beside_each_other_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RULE, 50)
    returns, events = market(90)
    study = EventStudy(MarketModel("MKT"), Window(-130, -11), WINDOWS)
    heard: list[tuple[int, int]] = []
    got = study.fit(events, returns).tests(
        "all", "role", progress=lambda done, of: heard.append((done, of))
    )
    assert heard[-1] == (6, 6)
    assert max(done for done, _ in heard) == 6
    monkeypatch.setattr(
        "backtest.study.inference.spread.beside",
        lambda function, items: [function(one) for one in items],
    )
    wanted = study.fit(events, returns).tests("all", "role")
    pd.testing.assert_frame_equal(got, wanted, check_exact=True)


@pytest.mark.parametrize("at_once", [1, 5, 99])
def test_sums_of_lines_are_those_of_the_whole_matrix(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever number of securities is multiplied at once, of lines that differ and of one."""
    monkeypatch.setattr("backtest.study.dependence.securities._BLOCK", at_once)
    random = np.random.default_rng(3)
    lines = random.normal(size=(12, 3, 30)).astype(np.float32)
    rho = np.corrcoef(random.normal(size=(12, 20))).astype(np.float32)
    pairs = [(0, 0), (0, 1), (2, 2)]
    wanted = [np.einsum("kl,kd,ld->", rho, lines[:, a], lines[:, b]) for a, b in pairs]
    np.testing.assert_allclose(double_sums(lines, rho, pairs), wanted, rtol=1e-5)


def test_no_exact_sum_of_a_section_is_taken_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """And those of the headline test are taken together."""
    monkeypatch.setattr(RULE, 50)
    returns, events = market(90)
    result = EventStudy(MarketModel("MKT"), Window(-130, -11), WINDOWS).fit(events, returns)
    asked: list[int] = []

    def counted(*known: Any) -> list[float]:
        asked.append(len(known[2]))
        return double_sums(*known)

    monkeypatch.setattr("backtest.study.dependence.securities.double_sums", counted)
    result.averages()
    assert asked == [2] * len(WINDOWS)
    result.tests()  # sums of errors of CARs and of their spreads beside them
    assert asked == [2] * len(WINDOWS) + [1, 1] * len(WINDOWS)
    asked.clear()
    paths = result.average_paths()
    assert set(asked) == {3}
    assert len(asked) == len(paths) - 1  # day -1 is there without
