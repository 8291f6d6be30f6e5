"""Tests ticker by ticker of very many tickers are made only when asked for."""

from __future__ import annotations

from reports.commands.options.common import read_experiment
from reports.run.studies import GROUPINGS, TICKERS_UNASKED, groupings


def test_very_many_tickers_are_tested_one_by_one_only_when_asked() -> None:
    plain = read_experiment(None)
    assert groupings(plain, TICKERS_UNASKED) == GROUPINGS
    assert groupings(plain, TICKERS_UNASKED + 1) == ("all", "role", "kind")
    study = plain.study.model_copy(update={"by": ("ticker",)})
    asked = plain.model_copy(update={"study": study})
    assert groupings(asked, TICKERS_UNASKED + 1) == ("all", "role", "kind", "ticker")
