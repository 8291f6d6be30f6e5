"""The recommended test over many windows, benchmarks and groups at once.

max-t under their joint null. Every statistic is a weighted sum of CARs, and every CAR a linear form
in the securities' daily errors (`dependence.correlation`). So how two statistics move together
under the null is known: with `G_h` (T, K) the sum of `w_i g_i / |g_i|` over the events of
hypothesis h, on the calendar of each security,

    Cov(h, l) = sum_kj rho_kj G_hk'G_lj + sqrt(delta_h delta_l) o_hl sum_ij B_ij w_hi w_lj,

where rho is the correlation of the securities' residuals under the models of h and l, and o_hl the
share of sessions their windows have in common. Normal draws with that correlation give the
distribution of the largest of the statistics, taken as normal scores of their p-values; the
step-down of Romano and Wolf (2005) does the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from backtest.errors import StudyError
from backtest.study.dependence.correlation import car_weights
from backtest.study.dependence.securities import Singles
from backtest.study.dependence.shared import joined
from backtest.study.donors.measure import refuse_donors
from backtest.study.fitted import Grouping
from backtest.study.inference import CrossSection
from backtest.study.inference.by_security import CrossSectionBySecurity
from backtest.study.inference.joint.between import between_models, securities_of, tickers_of
from backtest.study.inference.joint.romano_wolf import step_down
from backtest.study.inference.outcome import Outcome
from backtest.study.inference.parametric.shared_shock import MeanTest, kp_bmp_shared_t, mean_test
from backtest.study.measure.event_windows import EventWindow
from backtest.study.result import EventStudyResult
from backtest.study.running_sums import Floats, Ints
from backtest.work.parted import parts
from events.arguments import listed, one_of

DRAWS = 19_999
_SEED = 2
_CHUNK = 2_000  # events whose weights on the calendar are laid out at once
_CELLS_UP_TO = 50_000_000  # of all hypotheses' lines: 400 MB
_COLUMNS = [
    "group", "group_value", "model", "benchmark", "window", "statistic", "pvalue",
    "pvalue_adjusted", "n_events", "family", "why_not",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Hypothesis:
    """One mean that is tested: which result it is of, its events, and how they are weighted."""

    result: int
    events: CrossSection
    outcome: Outcome
    test: MeanTest


def max_t(results: Sequence[EventStudyResult], *by: Grouping) -> pd.DataFrame:
    """`kp_bmp_shared_t` of every window and group of every result, its p-values adjusted together.

    `by` are groupings as in `EventStudyResult.tests`. All rows are one family, in which a true null
    is rejected at all with the chance named. Columns: group, group_value, model, benchmark, window,
    statistic, pvalue, pvalue_adjusted, n_events, family, why_not. Groups without an answer of their
    own are no part of the family; families of too many have no adjusted p-value, and say so.

    >>> from backtest import EventStudy, MarketModel, Prices
    >>> from events import Catalog
    >>> result = EventStudy(MarketModel("SPY")).fit(Catalog.bundled(), Prices.sample())
    >>> table = max_t([result])
    >>> bool((table["pvalue_adjusted"] >= table["pvalue"]).all())
    True
    """
    for one in listed("results", results, "[result]"):
        one_of("results", one, (EventStudyResult,), "[result]")
    if not results:
        raise StudyError("no results to judge together; give at least one")
    for one in results:
        refuse_donors(one.measured, "a joint test", "leave it out")
    parts = list(_parts(results, by or ("all",)))
    outcomes = [kp_bmp_shared_t(part) for _, _, part in parts]
    rows = [
        (*labels, outcome.statistic, outcome.pvalue, np.nan, len(part), "", outcome.why_not)
        for (_, labels, part), outcome in zip(parts, outcomes, strict=True)
    ]
    tested, at = [], []
    for row, ((result, _, part), outcome) in enumerate(zip(parts, outcomes, strict=True)):
        test = None if outcome.why_not else mean_test(part)
        if test is not None:
            tested.append(_Hypothesis(result, part, outcome, test))
            at.append(row)
    table = pd.DataFrame(rows, columns=_COLUMNS)
    table["family"] = _family(table, len(tested))
    if len(tested) * _cells(results) > _CELLS_UP_TO:
        table.loc[at, "why_not"] = (
            f"{len(tested)} hypotheses are too many to judge together; ask for fewer groups"
        )
    elif tested:
        correlation = null_correlation(tested, results)
        table.loc[at, "pvalue_adjusted"] = adjusted_pvalues(
            [h.outcome for h in tested], correlation
        )
    return table


def adjusted_pvalues(outcomes: Sequence[Outcome], correlation: Floats) -> Floats:
    """Step-down p-values (K,) of outcomes.

    Their normal scores correlate so under the null (K, K).
    """
    pvalue = np.array([outcome.pvalue for outcome in outcomes])
    score: Floats = -special.ndtri(pvalue / 2)
    values, vectors = np.linalg.eigh(correlation)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    root /= np.sqrt((root**2).sum(axis=1, keepdims=True))
    drawn = np.random.default_rng(_SEED).standard_normal((DRAWS, len(root))) @ root.T
    # A draw's share is never below the chance of one hypothesis alone but for the draws' own error.
    return np.asarray(np.maximum(step_down(score, drawn), pvalue))


def null_correlation(tested: Sequence[_Hypothesis], results: Sequence[EventStudyResult]) -> Floats:
    """Correlation of the statistics under the null, (K, K)."""
    tickers = tickers_of(results)
    sessions = results[0].measured.panel.dates
    for result in results[1:]:
        sessions = sessions.union(result.measured.panel.dates)
    lines = [
        _line_of_securities(h, h.events, sessions, tickers)
        if isinstance(h.events, CrossSectionBySecurity)
        else _line(h, sessions, tickers)
        for h in tested
    ]
    between = between_models(results, sessions, tickers)
    covariance = np.empty((len(tested), len(tested)))
    for i, left in enumerate(tested):
        seen = {b: lines[i] @ between[left.result, b] for b in range(len(results))}
        for j in range(i, len(tested)):
            value = float((seen[tested[j].result] * lines[j]).sum(dtype=np.float64))
            covariance[i, j] = covariance[j, i] = value
    covariance += _shared(tested)
    spread = np.sqrt(np.maximum(np.diag(covariance), 1e-12))
    return np.asarray(np.clip(covariance / np.outer(spread, spread), -1.0, 1.0))


def _parts(
    results: Sequence[EventStudyResult], by: Sequence[Grouping]
) -> Iterator[tuple[int, tuple[str, ...], CrossSection]]:
    """Every group of every window of every result: which result, its labels, its events."""
    for number, result in enumerate(results):
        model = result.measured.model
        for grouping in by:
            for name in result.named_windows:
                section = result.cross_section(name)
                usable = np.isfinite(result.window(name).scar)
                place = np.where(usable, np.cumsum(usable) - 1, -1)
                for value, members in result.groups(grouping):
                    keep = place[members[usable[members]]]
                    part = section.take(keep) if len(keep) < len(section) else section
                    yield number, (grouping, value, model.name, model.benchmark, name), part


def _cells(results: Sequence[EventStudyResult]) -> int:
    """Cells of one hypothesis' line: sessions times tickers."""
    return max(len(result.measured.panel.dates) for result in results) * len(tickers_of(results))


def _family(table: pd.DataFrame, n_tested: int) -> str:
    """What was judged together, in words."""
    named = [
        benchmark or model
        for model, benchmark in zip(table["model"], table["benchmark"], strict=True)
    ]
    windows, benchmarks = ", ".join(dict.fromkeys(table["window"])), ", ".join(dict.fromkeys(named))
    words = f"{n_tested} hypotheses: {windows} on {benchmarks}"
    n_groups = len(table[["group", "group_value"]].drop_duplicates())
    return f"{words} in {n_groups} groups" if n_groups > 1 else words


def _line(h: _Hypothesis, sessions: pd.DatetimeIndex, tickers: Sequence[str]) -> Floats:
    """`sum_i w_i g_i / |g_i|` on the calendar of each security, (T, K)."""
    window = h.events.window
    rows = sessions.get_indexer(window.abnormal.panel.dates)
    column = pd.Index(tickers).get_indexer(pd.Index(window.abnormal.events.frame["ticker"]))
    line = np.zeros((len(tickers), len(sessions)))
    for some in parts(len(column), _CHUNK):
        part = np.arange(len(column))[some]
        weights = car_weights(window.take(part))
        length = np.sqrt((weights**2).sum(axis=1, keepdims=True))
        placed = np.zeros((len(part), len(sessions)))
        placed[:, rows] = h.test.weights[part, None] * weights / length
        np.add.at(line, column[part], placed)
    return np.ascontiguousarray(line.T)


def _line_of_securities(
    h: _Hypothesis,
    events: CrossSectionBySecurity,
    sessions: pd.DatetimeIndex,
    tickers: Sequence[str],
) -> Singles:
    """The same without a table of events by sessions.

    In single precision, as all sums by security.
    """
    columns, laid = events.lines(h.test.weights)
    there, names = securities_of(h.events.window.abnormal.events)
    placed = np.zeros((len(sessions), len(tickers)), dtype=np.float32)
    rows = sessions.get_indexer(h.events.window.abnormal.panel.dates)
    at = pd.Index(tickers).get_indexer(names[np.searchsorted(there, columns)])
    placed[np.ix_(rows, at)] = laid
    return placed


def _shared(tested: Sequence[_Hypothesis]) -> Floats:
    """What the shocks shared within an announcement or a date add to the covariance, (K, K)."""
    delta = np.sqrt([h.test.delta for h in tested])
    if not (delta > 0).any():
        return np.zeros((len(tested), len(tested)))
    parts = [_who_shares(h.events.window) for h in tested]
    weights = np.concatenate([h.test.weights for h in tested])
    owner = np.repeat(np.arange(len(tested)), [len(part) for part in parts])
    whole = pd.concat(parts)
    group = joined(whole["event_id"].to_numpy(), whole["date"].to_numpy())
    tickers = pd.Series(list(zip(group, whole["ticker"], strict=True)))
    pairs = _products(weights, owner, pd.Series(group), len(tested))
    pairs = pairs - _products(weights, owner, tickers, len(tested))
    windows = [h.events.window for h in tested]
    common = np.array([[_common_share(a, b) for b in windows] for a in windows])
    return np.asarray(np.outer(delta, delta) * common * pairs)


def _who_shares(window: EventWindow) -> pd.DataFrame:
    """The announcement, date and ticker of each event."""
    events, panel = window.abnormal.events, window.abnormal.panel
    dates = panel.dates[panel.day(events.row)]
    return events.frame[["event_id", "ticker"]].assign(date=dates)


def _products(weights: Floats, owner: Ints, names: pd.Series, n: int) -> Floats:
    """Sums of the weights by name, multiplied out over the names two hypotheses share, (K, K)."""
    codes, found = pd.factorize(names)
    sums = np.zeros((n, len(found)))
    np.add.at(sums, (owner, codes), weights)
    return np.asarray(sums @ sums.T)


def _common_share(left: EventWindow, right: EventWindow) -> float:
    """Sessions two windows have in common over the geometric mean of their lengths."""
    a, b = left.nominal, right.nominal
    common = max(min(a.end, b.end) - max(a.start, b.start) + 1, 0)
    return common / float(np.sqrt(len(a) * len(b)))
