"""The table for a paper.

Its numbers are those of the averages, and a reader is told how each was made.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from backtest import EventStudy, EventStudyResult, MarketModel, Prices, Returns, Window
from backtest.errors import StudyError
from backtest.study.show.paper import PaperTable
from events import Catalog
from events.errors import ArgumentError

DEAL = "2026-04-09-meta-coreweave-21bn"


@pytest.fixture(scope="module")
def result() -> EventStudyResult:
    return EventStudy(MarketModel("SPY")).fit(Catalog.bundled(), Prices.sample())


def cells(table: PaperTable) -> dict[str, tuple[str, ...]]:
    """The first line of every group, and below it `NAME se`."""
    lines = [line for _, panel in table.panels for line in panel]
    found = {}
    for at, line in enumerate(lines):
        if line[0]:
            found[line[0]] = line[1:]
        else:
            found[f"{lines[at - 1][0]} se"] = line[1:]
    return found


def shown(fraction: float) -> str:
    return f"{100 * fraction:.2f}".replace("-", "−")


def test_effects_errors_and_n_are_those_of_the_averages(result: EventStudyResult) -> None:
    table = cells(result.paper_table("role", windows=["5-day", "1-day"]))
    averages = result.averages("role").set_index(["group_value", "window"])
    for role in ("supplier", "customer", "issuer"):
        rows = [averages.loc[(role, window)] for window in ("5-day", "1-day")]
        errors = [abs(row["weighted_mean"] / row["statistic"]) for row in rows]
        assert table[role][:2] == tuple(shown(row["weighted_mean"]) for row in rows)
        assert table[f"{role} se"][:2] == tuple(f"({shown(error)})" for error in errors)
        assert table[role][2] == str(rows[0]["n_events"])


def test_groups_come_in_the_order_asked_for_and_words_as_they_are_read(
    result: EventStudyResult,
) -> None:
    table = cells(result.paper_table("role", only=["customer", "read-through", "supplier"]))
    assert [name for name in table if not name.endswith(" se")] == [
        "customer",
        "read-through",
        "supplier",
    ]


def test_all_events_stay_beside_the_groups_that_are_named(result: EventStudyResult) -> None:
    made = result.paper_table(["all", "ticker"], only=["CRWV", "META"])
    panels = [[line[0] for line in lines if line[0]] for _, lines in made.panels]
    assert panels == [["All events"], ["CRWV", "META"]]
    named = result.paper_table(["all", "ticker"], only=["all", "CRWV", "META"])
    assert named.as_latex() == made.as_latex()
    alone = result.paper_table("all", only=["all"])
    assert set(alone.estimates["group_value"]) == {"all"}


@pytest.mark.parametrize(
    ("groups", "only", "told"),
    [
        (["role", "ticker"], ["META"],
         "role: none of META is one of its groups; name some of them, or leave role out"),
        (["all", "ticker"], ["all"],
         "ticker: none of all is one of its groups; name some of them, or leave ticker out"),
        ("all", ["META"], "all: no group 'META'; there are all"),
        (["all", "ticker"], ["META", "METB"], "ticker: no group 'METB'; did you mean 'META'?;"),
    ],
)  # fmt: skip
def test_a_panel_of_which_nothing_is_named_is_refused(
    result: EventStudyResult, groups: str | list[str], only: list[str], told: str
) -> None:
    with pytest.raises(StudyError) as refused:
        result.paper_table(groups, only=only)
    assert str(refused.value).startswith(told)


def test_stars_stand_only_where_asked_for_and_go_by_p(result: EventStudyResult) -> None:
    plain, starred = (result.paper_table("role", stars=stars) for stars in (False, True))
    assert "*" not in "".join(sum(cells(plain).values(), ()))
    assert "p below" not in " ".join(plain.notes)
    assert "p below 0.10, 0.05, 0.01" in " ".join(starred.notes)
    for row in starred.estimates.query("why_not == ''").to_dict("records"):
        at = list(result.named_windows).index(row["window"])
        said = cells(starred)[row["group_value"].replace("read_through", "read-through")][at]
        wanted = sum(row["pvalue"] < bound for bound in (0.01, 0.05, 0.10))
        assert said.count("*") == wanted
    assert starred.as_latex().count(r"\rlap{$^{") == (starred.estimates["pvalue"] < 0.10).sum() > 5


def test_what_has_no_test_holds_a_dash_and_the_notes_say_why(result: EventStudyResult) -> None:
    made = result.paper_table("role")
    few = result.averages("role").query("why_not != '' and window == '1-day'")
    assert len(few) > 1
    for role, why in zip(few["group_value"], few["why_not"], strict=True):
        assert cells(made)[role][:4] == ("–",) * 4
        assert f"{role} se" not in cells(made)
        assert re.search(rf"not tested, .*{role}[^;]*\({why}\)", " ".join(made.notes))


def test_single_events_take_the_p_that_is_less_sure(result: EventStudyResult) -> None:
    made = result.paper_table("event", only=[DEAL, "META"], stars=True)
    windows = result.windows.query("event_id == @DEAL and ticker == 'META'")
    days = result.estimates.query("event_id == @DEAL and ticker == 'META'")["n_obs"].iloc[0]
    told = cells(made)["META, 2026-04-09"]
    assert [one.rstrip("*") for one in told[:4]] == [shown(car) for car in windows["car"]]
    assert told[4] == str(days)
    assert made.estimates["pvalue"].tolist() == pytest.approx(
        windows[["pvalue", "conformal_p"]].max(axis=1).tolist()
    )
    assert "ordinary days" in " ".join(made.notes)


def test_two_announcements_of_a_session_are_told_apart_by_their_ids(
    result: EventStudyResult,
) -> None:
    same = result.events[result.events.duplicated(["ticker", "event_session"], keep=False)]
    ticker = same["ticker"].iloc[0]
    names = cells(result.paper_table("event", only=[ticker]))
    mine = [name for name in names if not name.endswith(" se")]
    assert len(mine) == (result.events["ticker"] == ticker).sum()
    assert any(same["event_id"].iloc[0] in name for name in mine)


def test_a_window_that_ends_later_is_said_with_how_many(result: EventStudyResult) -> None:
    n = (result.windows.query("window == '1-day'")["end"] == 1).sum()
    assert n > 10
    assert f"1-day ends a session later for {n} events" in " ".join(result.paper_table().notes)
    other = result.paper_table(windows=["5-day"])
    assert "session later" not in " ".join(other.notes)


def test_windows_with_other_numbers_of_events_say_each() -> None:
    days = pd.bdate_range("2023-01-02", periods=330)
    moves = np.random.default_rng(3).normal(0, 0.01, (330, 6))
    frame = pd.DataFrame(moves, index=days, columns=["SPY", *"ABCDE"])
    rows = [300, 305, 310, 315, 326]
    events = pd.DataFrame(
        {"event_id": list("vwxyz"), "ticker": list("ABCDE"), "event_session": days[rows]}
    )
    study = EventStudy(MarketModel("SPY"), windows={"day": Window(0, 0), "long": Window(0, 10)})
    made = study.fit(events, Returns.from_frame(frame)).paper_table()
    assert cells(made)["All events"][-1] == "5/4"
    assert "one number a window where windows differ" in " ".join(made.notes)


def test_latex_is_whole(result: EventStudyResult) -> None:
    told = result.paper_table(
        ["all", "role"], stars=True, caption="50% & more_of {it}", label="my table"
    ).as_latex()
    lines = told.splitlines()
    assert lines[1:3] == [r"\begin{table}", r"\centering"]
    assert r"\caption{50\% \& more\_of \{it\} (SIMULATED prices)}" in lines
    assert r"\label{tab:my-table}" in lines
    rows = [line for line in lines if line.endswith(r"\\") and "multicolumn" not in line]
    assert {len(re.findall(r"(?<!\\)&", row)) for row in rows} == {5}
    assert told.count("{") - told.count(r"\{") == told.count("}") - told.count(r"\}")
    assert [told.count(rf"\{one}rule") for one in ("top", "mid", "bottom")] == [1, 2, 1]
    assert r"\multicolumn{6}{l}{\textit{By role}} \\" in lines
    assert not re.search(r"(?<![$\d.])-\d", told.replace("2026-", "")), "a bare hyphen as a minus"


def test_a_group_named_like_markup_stays_text() -> None:
    days = pd.bdate_range("2023-01-02", periods=320)
    moves = np.random.default_rng(4).normal(0, 0.01, (320, 5))
    frame = pd.DataFrame(moves, index=days, columns=["SPY", *"ABCD"])
    events = pd.DataFrame({
        "event_id": list("wxyz"), "ticker": list("ABCD"),
        "event_session": days[[300, 302, 304, 306]], "deal": ["*[1] & \\input{x}_|"] * 4,
    })  # fmt: skip
    made = EventStudy(MarketModel("SPY")).fit(events, Returns.from_frame(frame)).paper_table("deal")
    row = next(line for line in made.as_latex().splitlines() if "input" in line)
    assert row.startswith(r"{}*{[}1] \& \textbackslash{}input\{x\} ")
    marked = next(line for line in made.as_markdown().splitlines() if "input" in line)
    assert len(re.findall(r"(?<!\\)\|", marked)) == len(made.head[0]) + 1


def test_simulated_prices_are_said_and_real_ones_are_named(result: EventStudyResult) -> None:
    made = result.paper_table()
    assert made.caption.endswith("(SIMULATED prices)")
    assert "SIMULATED prices: no market made these numbers." in made.notes


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"by": "roel"}, "no column 'roel' of the events to group by; did you mean 'role'"),
        ({"by": "role", "only": ["suplier"]}, "role: no group 'suplier'; did you mean 'supplier'"),
        ({"windows": ["5day"]}, "no window '5day' in this study; did you mean '5-day'"),
        ({"by": "event", "only": [DEAL[:-4]]}, f"did you mean '{DEAL}'"),
        ({"by": "event", "only": [DEAL, "XOM"]}, "event: no group 'XOM'"),
        ({"by": "event", "only": [DEAL, "APLD"]}, "is a party of one of the announcements named"),
        ({"by": "event"}, "groups is none of a paper, 100 are the most: name some of them"),
    ],
)
def test_what_is_not_there_is_told_with_the_nearest(
    result: EventStudyResult, asked: dict[str, object], said: str
) -> None:
    with pytest.raises(StudyError) as told:
        result.paper_table(**asked)
    assert said in str(told.value)


def test_no_grouping_at_all_is_told(result: EventStudyResult) -> None:
    with pytest.raises(ArgumentError, match="by: names nothing; write 'role'"):
        result.paper_table([])
