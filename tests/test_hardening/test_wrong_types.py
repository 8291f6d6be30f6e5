"""Every public function, called with a wrong kind of thing for each of its arguments in turn."""

from __future__ import annotations

import pathlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import reactions as rx

DAYS = pd.bdate_range("2024-01-02", periods=400)
FRAME = pd.DataFrame(
    np.random.default_rng(1).normal(0, 0.01, (400, 3)), index=DAYS, columns=["SPY", "A", "B"]
)
EVENTS = pd.DataFrame(
    {"event_id": ["e1", "e2"], "ticker": ["A", "B"], "event_session": [DAYS[300], DAYS[320]]}
)
SAMPLE = rx.Prices.sample()
FEW = rx.Catalog.bundled().filter(tickers=["CRWV"], since="2026-04-01")
PLACED = rx.tradable_events(FEW, SAMPLE)
DRIFT = rx.STRATEGIES["drift"]
FOUND = rx.search(DRIFT, {"hold": (2,)}, PLACED, SAMPLE)
MARKET = {
    "events": PLACED, "prices": SAMPLE, "costs": None, "benchmark": "SPY", "limits": None,
    "benchmark_of": None,
}  # fmt: skip
NO_LIMITS = {name: one for name, one in MARKET.items() if name not in ("limits", "benchmark_of")}
RETURNS = rx.Returns.from_frame(FRAME)
DONORS = rx.EventStudy(rx.SyntheticControl(("SPY", "A", "B")))
CURVE = {
    "study": rx.EventStudy(rx.MarketModel("SPY")), "events": EVENTS, "prices": RETURNS,
    "choices": rx.Choices(benchmarks=("SPY",)),
}  # fmt: skip
MODEL = rx.MarketModel("SPY")
RESULT = rx.EventStudy(MODEL).fit(EVENTS, RETURNS)
CATALOG = rx.Catalog.bundled()
WRONG: tuple[Any, ...] = (
    None, True, 5, -1.5, float("nan"), "", "zzz", b"x", [], [1], {}, {"a": 1}, (1, 2), object(),
    len, np.array([1.0, 2.0]), pd.DataFrame(), pd.Series([1]), pd.NaT, EVENTS,
    pathlib.Path("/nowhere"),
)  # fmt: skip

# what is called, and arguments that are right
CALLS: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "Window": (rx.Window, {"start": 0, "end": 1}),
    "Window.parse": (rx.Window.parse, {"text": "[0,1]"}),
    "MarketModel": (rx.MarketModel, {"benchmark": "SPY", "peers": (), "own_weights": {}}),
    "MarketAdjusted": (rx.MarketAdjusted, {"benchmark": "SPY", "peers": (), "own_weights": {}}),
    "Dimson": (rx.Dimson, {"benchmark": "SPY", "lags": 1, "peers": ()}),
    "GarchMarketModel": (rx.GarchMarketModel, {"benchmark": "SPY", "minimum": 250}),
    "ScholesWilliams": (rx.ScholesWilliams, {"benchmark": "SPY", "peers": ()}),
    "MultiFactor": (rx.MultiFactor, {"factors": ("SPY",), "risk_free": ""}),
    "SyntheticControl": (rx.SyntheticControl, {"donors": ("A", "B")}),
    "FromDonors": (rx.FromDonors, {"method": "ridge", "donors": ("A", "B")}),
    "trade_to_trade": (
        rx.trade_to_trade, {"prices": rx.Prices.sample(), "dividends": True},
    ),
    "matched_placebos": (
        rx.matched_placebos, {"result": RESULT, "per_event": 1, "seed": 1},
    ),
    "fama_french": (rx.fama_french, {"name": "ff3"}),
    "with_factors": (
        rx.with_factors,
        {"returns": RETURNS, "factors": FRAME[["SPY"]].rename(columns={"SPY": "M"})},
    ),
    "EventStudy": (
        rx.EventStudy,
        {
            "model": MODEL, "estimation": rx.Window(-260, -11), "windows": [rx.Window(0, 1)],
            "exclude": rx.Window(-1, 5), "horizon": rx.Window(-10, 20), "skip_after_listing": 5,
        },
    ),
    "fit": (rx.EventStudy(MODEL).fit, {"events": EVENTS, "prices": RETURNS}),
    "tests": (lambda by: RESULT.tests(by), {"by": "all"}),
    "averages": (lambda by: RESULT.averages(by), {"by": "all"}),
    "paper_table": (
        RESULT.paper_table,
        {"by": "all", "only": (), "windows": None, "stars": False, "caption": "", "label": ""},
    ),
    "average_paths": (lambda by: RESULT.average_paths(by), {"by": "all"}),
    "groups": (lambda by: list(RESULT.groups(by)), {"by": "all"}),
    "window": (RESULT.window, {"name": "1-day"}),
    "cross_section": (RESULT.cross_section, {"name": "1-day"}),
    "Returns.from_frame": (rx.Returns.from_frame, {"frame": FRAME}),
    "position": (RETURNS.position, {"ticker": "A"}),
    "column": (RETURNS.column, {"ticker": "A"}),
    "Prices.read": (rx.Prices.read, {"folder": "/nowhere", "tickers": None, "calendar": "XNYS"}),
    "Prices.yahoo": (rx.Prices.yahoo, {"tickers": ["../x"], "start": None, "end": None}),
    "prices.returns": (rx.Prices.sample().returns, {"dividends": True}),
    "explain": (rx.explain, {"word": "overlap"}),
    "describe": (rx.describe, {"frame": FRAME}),
    "tidy": (rx.tidy, {"result": RESULT, "by": "all"}),
    "evaluate": (rx.evaluate, {"strategy": DRIFT(), **MARKET}),
    "search": (rx.search, {"kind": DRIFT, "over": {"hold": (2,)}, **MARKET, "settings": None}),
    "walk_forward": (rx.walk_forward, {"found": FOUND, **MARKET, "splits": 1}),
    "matched_shifts": (rx.matched_shifts, {"strategy": DRIFT(), **NO_LIMITS, "shifts": [30]}),
    "bridge": (
        rx.bridge,
        {"evaluation": FOUND.evaluations[0], "events": PLACED, "prices": SAMPLE, "model": None},
    ),
    "rows": (lambda events: list(rx.rows(events)), {"events": PLACED}),
    "tradable_events": (rx.tradable_events, {"catalog": FEW, "prices": SAMPLE}),
    "compare_groups": (
        rx.compare_groups, {"result": RESULT, "by": "ticker", "first": "A", "second": "B"},
    ),
    "outcomes": (rx.outcomes, {"study": rx.EventStudy(MODEL), "events": FEW, "prices": SAMPLE}),
    "in_space_placebos": (
        rx.in_space_placebos,
        {"study": DONORS, "result": DONORS.fit(EVENTS, RETURNS), "prices": RETURNS},
    ),
    "max_t": (rx.max_t, {"results": [RESULT]}),
    "Choices": (
        rx.Choices,
        {"models": ("market",), "benchmarks": ("SPY",), "day_zero": ("as placed",),
         "lengths": (60,)},
    ),
    "specification_curve": (
        rx.specification_curve,
        CURVE,
    ),
    "Catalog": (rx.Catalog, {"announcements": (), "tickers": (), "roles": ()}),
    "Catalog.read": (rx.Catalog.read, {"path": "/nowhere", "columns": None, "dayfirst": None}),
    "Catalog.write": (rx.Catalog(()).write, {"folder": "made"}),
    "catalog[]": (CATALOG.__getitem__, {"name": "2026-04-09-meta-coreweave-21bn"}),
    "filter": (
        CATALOG.filter,
        {
            "tickers": (), "roles": (), "kinds": (), "since": None, "until": None, "ids": (),
            "confidence": None, "text": "",
        },
    ),
}  # fmt: skip
ARGUMENTS = [(call, name) for call, (_, right) in CALLS.items() for name in right]
# what an error of a wrong session says in place of `frame` or `name`, where the reader knows it so
ALSO = {"frame": "returns", "name": "id", "since": "since/until", "until": "since/until"}


@pytest.mark.parametrize(("call", "argument"), ARGUMENTS)
def test_a_wrong_kind_of_thing_is_told_by_the_name_of_its_argument(
    call: str, argument: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    does, right = CALLS[call]
    told = []
    for wrong in WRONG:
        try:
            does(**{**right, argument: wrong})
        except (rx.ReactionsError, TypeError) as error:  # anything else is a fault of ours
            told.append(error)
    for said in told:
        named = argument in str(said) or ALSO.get(argument, argument) in str(said)
        assert str(said)
        assert named or isinstance(said, rx.ReactionsError), said
    refused = len(told)
    assert refused >= len(WRONG) // 2, "most of these are wrong for any argument"


def test_every_public_name_is_called_or_holds_no_call() -> None:
    called = {name.split(".")[0] for name in CALLS}
    kinds = {"Prices", "Returns", "EventStudyResult", "Announcement", "Strategy", "Event", "Flag"}
    errors = {name for name in rx.__all__ if name.endswith("Error")}
    values = {name for name in rx.__all__ if name.isupper()}
    others = set(rx.__all__) - called - kinds - errors - values
    # these take what others here made, or are told wrong values by name in tests of their own
    made_of_others = {
        "Costs", "Discovery", "Limits", "discover",
    }  # fmt: skip
    any_cell = {"flags_in"}
    assert others <= {"MeanAdjusted", *any_cell, *made_of_others}
