"""What machines are told: numbers with their units, what else happened, and what is not proof."""

from __future__ import annotations

import json
import math
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

from events import CatalogError
from reports.agent import answers
from reports.agent.desk import Desk
from reports.experiment.plan import Spec
from reports.rows import Row
from reports.run.findings import Findings
from reports.words import SIMULATED

NAN = math.nan
NEWS: Any = SimpleNamespace(
    id="a", announced_at="2026-01-05", kind_word="earnings", tickers=("META", "CRWV"),
    headline="Meta reports", confidence=SimpleNamespace(studied="verified"),
)  # fmt: skip


def window(name: str = "1-day", **given: object) -> Row:
    """A row of windows.csv: +2% moved, +1.5% abnormal, p 0.4 by t and 0.5 by rank."""
    start, end = {"run-up": (-5, -1), "1-day": (0, 0)}[name]
    return {
        "event_id": "a", "ticker": "META", "window": name, "start": start, "end": end,
        "event_session": pd.Timestamp("2026-01-05"), "raw_return": 0.02, "car": 0.015,
        "car_low": -0.025, "car_high": 0.055, "pvalue": 0.4, "conformal_p": 0.5, "mde80": 0.06,
        "df": 118, "n_valid": np.int64(1), "flags": "overlap;missing_days",
    } | given  # fmt: skip


def run(
    *rows: Row, simulated: bool = False, notes: tuple[str, ...] = (), **tables: Any
) -> Findings:
    known = {
        "windows": pd.DataFrame(list(rows) or [window()]),
        "estimates": pd.DataFrame({"event_id": ["a"], "ticker": ["META"], "n_obs": [120]}),
        "dropped": pd.DataFrame(columns=["event_id", "ticker", "why"]),
        "conflicts": pd.DataFrame(columns=["event_id", "ticker"]),
        **tables,
    }
    made = SimpleNamespace(
        tables=known, of_primary=known.__getitem__, notes=notes,
        prices=SimpleNamespace(simulated=simulated),
        experiment=SimpleNamespace(
            study=SimpleNamespace(primary=Spec(model="market", benchmark="SPY"))
        ),
    )  # fmt: skip
    return cast("Findings", made)


def reaction(findings: Findings) -> dict[str, Any]:
    desk = SimpleNamespace(find=lambda *_: NEWS, findings=findings)
    return answers.reaction(cast("Desk", desk), "META", "a")


# one share


def test_a_reaction_has_its_sentence_numbers_and_days() -> None:
    told = reaction(run(window(), window("run-up"), window(ticker="CRWV")))
    assert told["answer"] == [
        "META, 1-day [0, 0]: moved +2.0%, abnormal return +1.5% (95% interval −2.5% to +5.5%, "
        "p = 0.500, from 120 ordinary days); only moves beyond ±6.0% would be found reliably "
        "(not all of its sessions have a return)"
    ]
    assert [one["window"] for one in told["windows"]] == ["1-day", "run-up"]
    assert (told["ordinary_days"], told["normal_returns"]) == (120, "market model on SPY")
    assert (told["not_studied"], told["also_happened"]) == ([], [])


def test_a_window_has_the_day_of_the_news_and_fractions_and_json_takes_it() -> None:
    """The session of the event is no first session of the five before it."""
    told = reaction(run(window("run-up", mde80=NAN, conformal_p=NAN)))["windows"][0]
    assert told == {
        "window": "run-up", "sessions": "[−5, −1]", "event_session": pd.Timestamp("2026-01-05"),
        "return": 0.02, "abnormal_return": 0.015, "p": 0.4, "low": -0.025, "high": 0.055,
        "df": 118, "mde80": None, "n_sessions": 1, "flags": "overlap;missing_days",
    }  # fmt: skip
    json.dumps(told | {"event_session": ""}, allow_nan=False)


def test_flags_are_explained_once_each() -> None:
    told = reaction(run(window(), window("run-up")))["flags"]
    assert list(told) == ["missing_days", "overlap"]
    assert told["overlap"] == "shares sessions with another event of the same ticker"
    assert reaction(run(window(flags="")))["flags"] == {}


def test_why_a_share_was_not_studied_is_told() -> None:
    dropped = pd.DataFrame(
        [("a", "META", "no prices"), ("a", "CRWV", "other"), ("b", "META", "another")],
        columns=["event_id", "ticker", "why"],
    )
    told = reaction(run(window(event_id="b"), dropped=dropped))
    assert (told["not_studied"], told["windows"], told["answer"]) == (["no prices"], [], [])


@pytest.mark.parametrize(
    ("mixed", "note", "told"),
    [(True, "Results of META", "Results of META"), (True, "", "earnings"), (False, "x", None)],
)
def test_news_of_the_same_session_is_said_to_be_inseparable(
    mixed: bool, note: str, told: str | None
) -> None:
    rival = {
        "event_id": "a", "ticker": "META", "what": "earnings", "with_event": "b", "day": 0.0,
        "not_separable": mixed, "note": note,
    }  # fmt: skip
    other = rival | {"ticker": "CRWV", "not_separable": True}
    found = reaction(run(conflicts=pd.DataFrame([rival, other])))
    assert found["also_happened"] == [
        {"what": "earnings", "with_event": "b", "day": 0.0, "not_separable": mixed, "note": note}
    ]
    alone = f"The move cannot be told from that of other news of the same session: {told}."
    assert found["caveats"][2:] == ([alone] if told else [])
    assert found["caveats"][:2] == [answers.NO_PROOF, answers.ONE_EVENT]


def test_simulated_prices_and_notes_come_before_every_caveat() -> None:
    told = answers.caveats(run(simulated=True, notes=("a note",)))
    assert told == [SIMULATED, "a note", answers.NO_PROOF]


# rows of tables


def averages(n: int) -> pd.DataFrame:
    """An average of all events, and one a role."""
    rows = [("all", "all", 0.01), *(("role", f"r{i}", NAN) for i in range(n - 1))]
    return pd.DataFrame(rows, columns=["group", "group_value", "mean"])


def test_few_averages_are_all_given_and_of_many_those_of_all_events() -> None:
    few = answers._averages(run(averages=averages(answers.MOST_AVERAGES)))
    assert len(few["averages"]) == answers.MOST_AVERAGES
    assert few["averages"][1]["mean"] is None
    assert "more_averages" not in few
    many = answers._averages(run(averages=averages(answers.MOST_AVERAGES + 1)))
    assert [row["group"] for row in many["averages"]] == ["all"]
    assert many["more_averages"] == (
        '61 rows, also by role: table averages of `results`, where {"group": "role"}'
    )


@pytest.mark.parametrize(
    ("start", "where", "rows", "of", "more"),
    [
        (0, {}, 200, 350, True), (200, {}, 150, 350, False), (150, {}, 200, 350, False),
        (0, {"kind": "odd"}, 175, 175, False), (400, {}, 0, 350, False),
        (0, {"n": "7"}, 1, 1, False), (0, {"kind": "none"}, 0, 0, False),
    ],
)  # fmt: skip
def test_rows_come_two_hundred_at_a_time_and_say_whether_there_are_more(
    start: int, where: dict[str, str], rows: int, of: int, more: bool
) -> None:
    table = pd.DataFrame({"n": range(350), "kind": ["even", "odd"] * 175, "flags": "overlap"})
    told = answers.table_rows(run(claims=table), "claims", start, where)
    assert (len(told["rows"]), told["n_rows"], told["more"]) == (rows, of, more)
    assert told["from"] == start
    assert list(told["flags"]) == (["overlap"] if rows else [])


@pytest.mark.parametrize(
    ("table", "where", "told"),
    [
        ("window", {}, "no table 'window'; did you mean 'windows'"),
        ("windows", {"tickr": "x"}, "windows has no column 'tickr'; did you mean 'ticker'"),
    ],
)
def test_a_table_or_column_that_is_not_there_names_the_near_one(
    table: str, where: dict[str, str], told: str
) -> None:
    with pytest.raises(CatalogError, match=told):
        answers.table_rows(run(), table, 0, where)


def test_one_announcement_is_a_line_of_a_list() -> None:
    assert answers.brief(NEWS) == {
        "id": "a", "announced_at": "2026-01-05", "kind": "earnings", "tickers": ["META", "CRWV"],
        "headline": "Meta reports", "confidence": "verified",
    }  # fmt: skip
