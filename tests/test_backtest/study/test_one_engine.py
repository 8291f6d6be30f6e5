"""Every public result is the same by pairs of events and by pairs of securities.

What is of one event is the same to the last bit; what sums over pairs of events differs by no more
than docs/methods.md says. A new method of the result fails here until it stands in a list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from backtest.errors import StudyError
from backtest.prices import Prices, Returns
from backtest.study import EventStudy, EventStudyResult, MarketModel, Window
from backtest.study.check.calibrate import calibrate
from backtest.study.check.formula import regression
from backtest.study.check.groups import compare_groups, differences, pairs
from backtest.study.check.in_space import in_space_placebos
from backtest.study.check.placebo import placebo
from backtest.study.check.regression import regress
from backtest.study.check.sensitivity import Choices, specification_curve
from backtest.study.donors import FromDonors
from backtest.study.inference import TESTS
from backtest.study.inference.about import ABOUT
from backtest.study.inference.joint.families import joint_families
from backtest.study.inference.joint.max_t import max_t
from backtest.study.normal import (
    Dimson,
    GarchMarketModel,
    MarketAdjusted,
    MeanAdjusted,
    MultiFactor,
    NormalModel,
    ScholesWilliams,
    SyntheticControl,
)
from backtest.study.other.outcomes import outcomes
from events import Catalog
from tests.test_backtest.study.either_way import OF_PAIRS, RULE, near

N, BY_SECURITY = 600, 300
WINDOWS = {"[0,0]": Window(0, 0), "[0,4]": Window(0, 4)}
FORMULA = "car ~ log(amount_usd) + C(role)"
CHOICES = Choices(benchmarks=("MKT",), lengths=(60, 120))
STUDY = EventStudy(MarketModel("MKT"), Window(-130, -11), WINDOWS, None, Window(-5, 5))
Shown = Callable[[EventStudyResult], pd.DataFrame]


def market() -> tuple[pd.DataFrame, Returns]:
    rng = np.random.default_rng(9)
    y = rng.standard_t(5, (420, 14)) * 0.01
    y[:, :6] += 0.008 * rng.standard_normal((420, 1))  # an industry; no security follows MKT
    sessions = pd.bdate_range("2015-01-01", periods=420)
    tickers = (*map("S{}".format, range(12)), "MKT", "IND")
    where = rng.choice(12 * 220, N, replace=False)
    events = pd.DataFrame(
        {
            "event_id": range(N),
            "ticker": np.array(tickers, dtype=object)[where % 12],
            "event_session": sessions[150 + where // 12],
            "role": np.where(where % 5 == 0, "rare", "common"),
            "sector": where % 7,
            "amount_usd": 1e6 * np.exp(rng.normal(size=N)),
        }
    )
    return events, Returns(y, sessions, tickers)


EVENTS, RETURNS = market()


@contextmanager
def by_security() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(RULE, BY_SECURITY)
        yield


def both(study: EventStudy = STUDY) -> tuple[EventStudyResult, EventStudyResult]:
    """A study by pairs of events and by security; `by_security` must last while it is asked."""
    small = study.fit(EVENTS, RETURNS)
    assert small.pair_sums == "by pair"
    return small, study.fit(EVENTS, RETURNS)


@pytest.fixture(scope="module")
def small() -> EventStudyResult:
    return both()[0]


@pytest.fixture(scope="module")
def large() -> EventStudyResult:
    return both()[1]


def arrays(thing: Any, names: str) -> pd.DataFrame:
    return pd.DataFrame({name: np.atleast_1d(getattr(thing, name)) for name in names.split()})


def lines(text: str) -> pd.DataFrame:
    return pd.DataFrame({"line": text.splitlines()})


OF_ONE_EVENT: dict[str, Shown] = {
    "events": lambda r: r.events,
    "windows": lambda r: r.windows,
    "window": lambda r: arrays(r.window("[0,4]"), "start end car car_se scar bhar mde80 n_valid"),
    "abnormal": lambda r: r.abnormal,
    "estimates": lambda r: r.estimates,
    "coefficients": lambda r: r.coefficients,
    "diagnostics": lambda r: replace(r, measured=r.measured.take(np.arange(40))).diagnostics,
    "paths": lambda r: r.paths,
    "single_tests": lambda r: r.single_tests(),
    "dropped": lambda r: r.dropped,
    "groups": lambda r: pd.DataFrame([(v, i) for v, at in r.groups("role") for i in at]),
    "bare": lambda r: r.bare().windows,
    "measured": lambda r: pd.DataFrame(r.measured.abnormal),
    "residual_correlation": lambda r: pd.DataFrame(r.residual_correlation),
    "securities": lambda r: pd.DataFrame(r.securities.rho),
    "named_windows": lambda r: lines("\n".join(r.named_windows)),
    "family": lambda r: lines(r.family),
    "source": lambda r: lines(r.source or "none"),
    "convention": lambda r: lines(r.convention or "none"),
    "simulated": lambda r: lines(str(r.simulated)),
    "under": lambda r: r.under("estudy2").windows,
    "shrunken": lambda r: r.shrunken(),
    "buy_and_hold": lambda r: r.buy_and_hold(),
    "matched_placebos": lambda r: r.matched_placebos(2).table,
    "matched_placebos: paths": lambda r: r.matched_placebos(2).average_paths("all", "role"),
    "placebo: tests": lambda r: placebo(r, range(12, 40)).tests,
    "placebo: means": lambda r: placebo(r, range(12, 40)).means,
    "placebo: positions": lambda r: placebo(r, range(12, 20)).positions,
    "regress": lambda r: r.regress(FORMULA, placebo_days=False).table,
    "regress: placebo days": lambda r: (
        regression(r, FORMULA, "sector", ["[0,0]"], placebo(r, range(12, 40))).table
    ),
    "characteristics": lambda r: regress(
        r, "[0,0]", ("role", "log_amount"), placebo(r, range(12, 40))
    ),
}
OVER_EVENTS: dict[str, Shown] = {
    "tests": lambda r: r.tests("all", "role"),
    "averages": lambda r: r.averages("all", "role"),
    "average_paths": lambda r: r.average_paths("all", "role"),
    "average_days": lambda r: r.average_days(),
    "cross_section": lambda r: arrays(r.cross_section("[0,4]"), "r_bar r_overlap r_star"),
    "tidy": lambda r: r.tidy("role"),
    "summary": lambda r: lines("\n".join(f"{fact}" for fact in r.summary().facts)),
    "paper_table": lambda r: r.paper_table("role").estimates,
    "under: tests": lambda r: r.under("estudy2").tests(),
    "differences": lambda r: differences(r, "role", "sector"),
    "pairs": lambda r: pairs(r, "role"),
    "compare_groups": lambda r: compare_groups(r, "role", "rare", "common"),
}
JOINT: dict[str, Shown] = {  # p-values of several hypotheses together
    "max_t": lambda r: max_t([r], "all", "role"),
    "max_t: of two models": lambda r: max_t([r, other(MarketAdjusted("MKT"))]),
    "joint_families": lambda r: pd.concat(joint_families([r], r, ["role"]), ignore_index=True),
    "specification_curve: joint": lambda _: (
        specification_curve(STUDY, EVENTS, RETURNS, CHOICES).joint
    ),
    "specification_curve": lambda _: specification_curve(STUDY, EVENTS, RETURNS, CHOICES).table,
    "calibrate": lambda _: calibrate(STUDY, EVENTS, RETURNS, (0.0,), 2, ("kp_bmp_shared_t",)),
}
NOT_COMPARED = {
    "pair_sums": "it says which way was taken",
    "plot": "draws the tables compared here",
    "donors": "a study from donors of so many events is refused",
    "conformal_intervals": "a study from donors of so many events is refused",
    "own_size": "is not drawn of so many events, which its table says",
}


def other(model: NormalModel) -> EventStudyResult:
    return replace(STUDY, model=model).fit(EVENTS, RETURNS)


def test_every_public_name_of_the_result_is_compared_or_says_why_not() -> None:
    public = {name for name in dir(EventStudyResult) if not name.startswith("_")}
    public |= set(EventStudyResult.__dataclass_fields__)
    listed = {*OF_ONE_EVENT, *OVER_EVENTS, *JOINT, *NOT_COMPARED}
    assert public - listed == set()
    assert set(TESTS) == set(ABOUT)
    assert set(TESTS) >= OF_PAIRS


@pytest.mark.parametrize("name", OF_ONE_EVENT)
def test_what_is_of_one_event_is_the_same(
    name: str, small: EventStudyResult, large: EventStudyResult
) -> None:
    wanted = OF_ONE_EVENT[name](small)
    with by_security():
        assert large.pair_sums == "by security"
        pd.testing.assert_frame_equal(OF_ONE_EVENT[name](large), wanted, check_exact=True)


@pytest.mark.parametrize("name", [*OVER_EVENTS, *JOINT])
def test_what_is_of_many_events_differs_by_no_more_than_is_said(
    name: str, small: EventStudyResult, large: EventStudyResult
) -> None:
    shown = {**OVER_EVENTS, **JOINT}[name]
    wanted = shown(small)
    assert len(wanted)
    with by_security():
        near(shown(large), wanted, joint=name in JOINT)


@pytest.mark.parametrize(
    "model",
    [
        MarketAdjusted("MKT"), MeanAdjusted(), MultiFactor(("MKT", "IND")), Dimson("MKT"),
        ScholesWilliams("MKT"), GarchMarketModel("MKT", minimum=10_000),
    ],
    ids=lambda model: model.name,
)  # fmt: skip
def test_so_it_is_with_every_model(model: NormalModel) -> None:
    """By security correlations are those of what the model leaves, not of a fit of another."""
    one, many = both(replace(STUDY, model=model))
    wanted = one.tests("all", "role"), one.average_days()
    with by_security():
        for got, of_pairs in zip(
            (many.tests("all", "role"), many.average_days()), wanted, strict=True
        ):
            near(got, of_pairs)


def test_what_is_not_there_of_many_events_says_so(large: EventStudyResult) -> None:
    with by_security():
        sizes = large.own_size(20)
        assert sizes["why_not"].tolist() == [f"{N} events are too many to draw: use calibrate"] * 2
        assert sizes["rejected"].isna().all()


def test_counterfactuals_from_donors_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backtest.study.study.PAIRS_UP_TO", BY_SECURITY)
    with pytest.raises(StudyError, match="too many for counterfactuals from donors"):
        other(FromDonors("pca"))


def test_other_outcomes_and_in_space_placebos(monkeypatch: pytest.MonkeyPatch) -> None:
    catalog, prices = Catalog.bundled().filter(tickers=["META", "CRWV"]), Prices.sample()
    few = EVENTS.iloc[:3]
    control = replace(STUDY, model=SyntheticControl(tuple(map("S{}".format, range(12)))))

    def made() -> tuple[pd.DataFrame, pd.DataFrame]:
        placebos = in_space_placebos(control, control.fit(few, RETURNS), RETURNS)
        return outcomes(EventStudy(MarketModel("SPY")), catalog, prices), placebos

    wanted = made()
    monkeypatch.setattr(RULE, 2)
    for got, by_pair in zip(made(), wanted, strict=True):
        pd.testing.assert_frame_equal(got, by_pair, check_exact=True)
