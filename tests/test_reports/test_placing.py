"""Times of day that nobody stated are no reason to trade early."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from backtest import Prices
from backtest.study.place.alignment import align, place
from backtest.study.place.several import calendar_of
from events import Announcement, Catalog, PlacedEvents
from events.clock.exchanges import sessions_of
from reports.experiment.plan import Experiment
from reports.run.findings import run
from reports.run.placing import guessed_times, rivals, tradable


def test_a_guessed_time_waits_for_the_next_session(experiment: Experiment, prices: Prices) -> None:
    catalog = Catalog.bundled()
    placed = place(catalog, prices.returns())
    events, recorded = tradable(experiment, catalog, placed, prices), placed.frame
    guessed = events["event_id"].isin(guessed_times(catalog))
    assert 0 < guessed.sum() < len(events)
    assert events["event_session"].equals(recorded["event_session"])
    assert events[~guessed].equals(recorded[~guessed])
    assert (events["tradable_open"] >= recorded["tradable_open"])[
        guessed & events["tradable_open"].notna()
    ].all()
    early = (
        guessed
        & (recorded["timing"] != "after_close")
        & (recorded["tradable_open"] == recorded["event_session"])
    )
    early &= events["tradable_open"].notna()  # nothing is traded before the first price
    early &= recorded["not_after"].isna()  # an upper bound with its basis is no guess
    assert early.any()
    assert (events["tradable_open"] > events["event_session"])[early].all()
    assert events.loc[guessed, "timing_flags"].str.contains("timing_unknown").all()


def test_a_researcher_may_trust_the_guess(experiment: Experiment, prices: Prices) -> None:
    trusting = experiment.model_copy(update={"trading_times": "recorded"})
    placed = place(Catalog.bundled(), prices.returns())
    assert tradable(trusting, Catalog.bundled(), placed, prices).equals(placed.frame)


@pytest.fixture(scope="module")
def london() -> Prices:
    """A panel on the sessions of London."""
    days = sessions_of("VOD.L", "2026-01-02", "2026-06-30").dates
    random = np.random.default_rng(7)
    path = pd.DataFrame(
        100 * np.cumprod(1 + 0.01 * random.standard_normal((len(days), 2)), axis=0),
        index=days,
        columns=["BP.L", "VOD.L"],
    )
    return Prices(path, path, path, path, path, path, source="made up", calendar="XLON")


def news_at(name: str, when: date, **more: object) -> Announcement:
    return Announcement(
        id=name, headline=name, announced_at=when, timing_basis="said so", facts=("it was said",),
        summary="It was said.", term="none",
        parties=[{"name": "Vodafone", "ticker": "VOD.L", "roles": ["supplier"]}],
        sources=[{"name": "a", "url": "https://example.org/"}], **more,
    )  # fmt: skip


LONDON = [  # London time, day 0, first tradable open
    ("2026-04-14T07:30:00+01:00", "2026-04-14", "2026-04-14"),
    ("2026-04-14T12:00:00+01:00", "2026-04-14", "2026-04-15"),
    ("2026-04-14T17:30:00+01:00", "2026-04-15", "2026-04-15"),  # New York is open
    ("2026-04-06T12:00:00+01:00", "2026-04-07", "2026-04-07"),  # Easter Monday
    ("2026-03-27T16:15:00+00:00", "2026-03-27", "2026-03-30"),  # before summer time
]


def test_london_news_falls_on_one_day_for_study_conflicts_and_trading(
    experiment: Experiment, london: Prices
) -> None:
    catalog = Catalog(
        tuple(news_at(f"n{i}", datetime.fromisoformat(row[0])) for i, row in enumerate(LONDON))
    )
    days = {f"n{i}": pd.Timestamp(row[1]) for i, row in enumerate(LONDON)}
    opens = {f"n{i}": pd.Timestamp(row[2]) for i, row in enumerate(LONDON)}
    placed = place(catalog, london.returns())
    traded = tradable(experiment, catalog, placed, london).set_index("event_id")
    studied, dropped = align(catalog, london.returns())
    assert dropped.empty
    assert traded["event_session"].to_dict() == days
    assert traded["tradable_open"].to_dict() == opens
    assert studied.frame.set_index("event_id")["event_session"].to_dict() == days
    found = rivals(experiment, catalog, placed)
    beside = found[(found["event_id"] == "n1") & (found["with_event"] == "n2")]
    assert beside["day"].tolist() == [1]  # the evening's news is the next session's
    assert not beside["not_separable"].any()


def test_a_guess_in_london_waits_for_londons_next_open(
    experiment: Experiment, london: Prices
) -> None:
    closed = date(2026, 7, 3)  # New York is closed, London is not
    catalog = Catalog((news_at("guess", closed, timing="before_open", timing_quality="inferred"),))
    assert guessed_times(catalog) == ["guess"]
    events = tradable(experiment, catalog, place(catalog, london.returns()), london)
    assert events["event_session"].tolist() == [pd.Timestamp("2026-07-03")]
    assert events["tradable_open"].tolist() == [pd.Timestamp("2026-07-06")]


def test_a_panel_on_dates_of_its_own_keeps_new_yorks_hours(london: Prices) -> None:
    own = dataclasses.replace(london, calendar="own dates")
    calendar = calendar_of("own dates", own.sessions, pd.Series(["2026-04-14"]))
    assert calendar.dates.equals(london.sessions)
    assert calendar.zone == "America/New_York"


def test_a_run_places_its_events_once(
    experiment: Experiment, prices: Prices, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    plain = PlacedEvents.on.__func__  # type: ignore[attr-defined]  # the function of a class method

    def counted(kind: type, events: pd.DataFrame, *more: object) -> PlacedEvents:
        sizes.append(len(events))
        placed: PlacedEvents = plain(kind, events, *more)
        return placed

    monkeypatch.setattr(PlacedEvents, "on", classmethod(counted))
    catalog = Catalog.bundled()
    found = run(experiment, catalog, prices)
    assert len(found.primary.events)
    assert found.backtests
    assert len(found.tables["conflicts"])
    assert sizes == [len(catalog.events())]
