"""Times of day that nobody stated are no reason to trade early."""

from __future__ import annotations

from backtest import Prices
from events import Catalog
from reports.experiment.plan import Experiment
from reports.run.placing import guessed_times, placed, tradable


def test_a_guessed_time_waits_for_the_next_session(experiment: Experiment, prices: Prices) -> None:
    catalog = Catalog.bundled()
    events, recorded = tradable(experiment, catalog, prices), placed(catalog, prices)
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
    assert early.any()
    assert (events["tradable_open"] > events["event_session"])[early].all()
    assert events.loc[guessed, "timing_flags"].str.contains("timing_unknown").all()


def test_a_researcher_may_trust_the_guess(experiment: Experiment, prices: Prices) -> None:
    trusting = experiment.model_copy(update={"trading_times": "recorded"})
    assert tradable(trusting, Catalog.bundled(), prices).equals(placed(Catalog.bundled(), prices))
