"""The first screen over announcements of its own, word by word, from tables made by hand."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd

from reports.experiment.plan import Spec
from reports.page.opening import Deals
from reports.run.findings import Findings

FIRST, SECOND = "2025-09-30-first", "2026-04-09-second"
NAN = math.nan


@dataclass
class Made:
    """The tables of a run that nobody ran."""

    tables: dict[str, pd.DataFrame]
    windows: dict[str, tuple[int, int]] = field(
        default_factory=lambda: {"before": (-5, -1), "1-day": (0, 0), "5-day": (0, 4)}
    )

    @property
    def experiment(self) -> Any:
        return SimpleNamespace(study=SimpleNamespace(windows=self.windows))

    def of(self, table: str, spec: Spec) -> pd.DataFrame:
        assert spec == Spec(model="market", benchmark="SPY")
        return self.tables[table]


def window(event: str, ticker: str, name: str = "1-day", **given: object) -> dict[str, object]:
    """A row of windows.csv: a move of +2%, of which 1.5% is abnormal, that does not stand out."""
    start, end = {"before": (-5, -1), "1-day": (0, 0), "5-day": (0, 4)}[name]
    return {
        "event_id": event, "ticker": ticker, "window": name, "start": start, "end": end,
        "event_session": pd.Timestamp(event[:10]), "raw_return": 0.02, "car": 0.015,
        "car_low": -0.025, "car_high": 0.055, "pvalue": 0.4, "conformal_p": 0.5, "mde80": 0.06,
        "flags": "",
    } | given  # fmt: skip


def conflict(
    event: str, ticker: str, day: float, note: str, other: object = "other"
) -> tuple[Any, ...]:
    return event, ticker, other, day, note


def deals(
    *rows: dict[str, object],
    conflicts: tuple[tuple[Any, ...], ...] = (),
    abnormal: dict[int, float] | None = None,
    tickers: tuple[str, ...] = ("META", "CRWV"),
    **given: Any,
) -> Deals:
    """Both announcements of hand-made windows; `abnormal` is by session and of every share."""
    table = pd.DataFrame(rows)
    keys = table[["event_id", "ticker", "event_session"]].drop_duplicates()
    daily = [
        {"event_id": e, "ticker": t, "day": at, "session": s + pd.Timedelta(days=at), "abnormal": v}
        for e, t, s in keys.itertuples(index=False)
        for at, v in (abnormal or {}).items()
    ]
    tables = {
        "windows": table,
        "estimates": keys.assign(n_obs=[100 + i for i in range(len(keys))]),
        "abnormal": pd.DataFrame(
            daily, columns=["event_id", "ticker", "day", "session", "abnormal"]
        ),
        "conflicts": pd.DataFrame(
            conflicts, columns=["event_id", "ticker", "with_event", "day", "note"]
        ),
    }
    spec = Spec(model="market", benchmark="SPY")
    return Deals(cast("Findings", Made(tables, **given)), spec, (FIRST, SECOND), tickers)


def test_the_whole_first_screen_of_two_deals_and_two_shares() -> None:
    said = deals(
        window(SECOND, "CRWV", raw_return=-0.031, car=-0.04, car_low=-0.07, car_high=-0.01,
               pvalue=0.001, conformal_p=0.02),
        window(FIRST, "CRWV"), window(SECOND, "META"), window(FIRST, "META", raw_return=-0.01),
    ).words("1-day")  # fmt: skip
    assert said.headline == (
        "META moved −1.0% and +2.0%, CRWV +2.0% and −3.1% on the two days. With the market’s own "
        "move taken out, CRWV on 2026-04-09 stands out from ordinary days; the other three do not."
    )
    ordinary = "+2.0%, abnormal +1.5% (95% interval −2.5% to +5.5%, p = 0.500)"
    assert said.sentences == (
        (FIRST, f"META −1.0%{ordinary[5:]}; CRWV {ordinary}."),
        (
            SECOND,
            f"META {ordinary}; "
            "CRWV −3.1%, abnormal −4.0% (95% interval −7.0% to −1.0%, p = 0.020).",
        ),
        (
            "How sure",
            "Not standing out is not “no effect”: only moves beyond ±6.0% and ±6.0% for META; "
            "±6.0% and ±6.0% for CRWV would be found four times out of five. Ordinary days behind "
            "each: 103 and 102 for META; 101 and 100 for CRWV. Each p is the larger of two tests’, "
            "by t and by rank among ordinary days; the interval is that of t.",
        ),
        (
            "What else",
            "The catalog knows of no other news of these shares within the 5-day window.",
        ),
    )


def test_other_events_and_shares_are_none_of_its_business() -> None:
    asked = deals(
        window("2026-01-05-third", "META", raw_return=0.5), window(FIRST, "NVDA", raw_return=0.6),
        window(FIRST, "META"), window(FIRST, "META", "5-day", raw_return=0.7),
    )  # fmt: skip
    assert asked.words("1-day").headline.startswith("META moved +2.0% on the day. With the")
    assert [row["raw_return"] for row in asked.rows("1-day")] == [0.02]
    assert asked.rows("no window") == []


def test_the_move_of_a_share_is_said_once_though_its_name_has_a_blank() -> None:
    said = deals(window(FIRST, "BRK B"), window(FIRST, "CRWV"), tickers=("CRWV", "BRK B"))
    assert said.words("1-day").headline.startswith("CRWV moved +2.0%, BRK B +2.0% on the day. ")


def test_a_share_without_a_return_is_named_and_the_other_told() -> None:
    lost = window(FIRST, "META", raw_return=NAN, car=NAN, car_low=NAN, car_high=NAN, pvalue=NAN,
                  conformal_p=NAN, mde80=NAN)  # fmt: skip
    said = deals(lost, window(FIRST, "CRWV")).words("1-day")
    assert said.headline == (
        "CRWV moved +2.0% on the day. There is no return of META on 2025-09-30. With the market’s "
        "own move taken out, the move does not stand out from ordinary days; one cannot be judged."
    )
    assert dict(said.sentences)[FIRST] == (
        "META cannot be measured: its sessions are not all there; "
        "CRWV +2.0%, abnormal +1.5% (95% interval −2.5% to +5.5%, p = 0.500)."
    )


def test_where_a_window_has_no_return_the_next_that_has_one_speaks() -> None:
    gone = {"raw_return": NAN, "car": NAN, "car_low": NAN, "car_high": NAN, "pvalue": NAN}
    asked = deals(
        window(FIRST, "META", **gone), window(FIRST, "CRWV", **gone),
        window(FIRST, "META", "before"), window(FIRST, "META", "5-day", raw_return=0.07),
    )  # fmt: skip
    said = asked.words("1-day")
    assert said.headline.startswith(
        "There is no return of META on 2025-09-30 and CRWV on 2025-09-30. "
        "META moved +7.0% over 5 sessions [0, +4]. "
    )
    assert said.sentences == asked.words("5-day").sentences
    alone = deals(window(FIRST, "META", **gone), window(FIRST, "META", "before")).words("1-day")
    assert alone.headline == (
        "There is no return of META on 2025-09-30. With the market’s own move taken out, nothing "
        "can be said: the sessions of the window are not all there."
    )


def test_day_0_alone_may_be_what_is_measured() -> None:
    gone = {"raw_return": NAN, "car": NAN, "car_low": NAN, "car_high": NAN, "pvalue": NAN}
    asked = deals(window(FIRST, "META", "5-day", **gone), window(FIRST, "META"))
    assert " moved +2.0% on the day. " in asked.words("5-day").headline


def test_a_move_without_an_interval_has_none_in_its_sentence() -> None:
    bare = {"car_low": NAN, "car_high": NAN, "pvalue": NAN, "conformal_p": NAN, "mde80": NAN}
    said = deals(
        window(FIRST, "META", flags="missing_days", **bare), window(SECOND, "META")
    ).words("1-day")  # fmt: skip
    assert dict(said.sentences)[FIRST] == (
        "META +2.0%, abnormal +1.5% (not all of its sessions have a return)."
    )
    assert dict(said.sentences)["How sure"].startswith(
        "Not standing out is not “no effect”: only moves beyond ±6.0% for META would be found"
    )


def test_two_tests_are_spoken_of_where_there_are_two() -> None:
    alone = deals(window(FIRST, "META", conformal_p=NAN)).words("1-day")
    assert dict(alone.sentences)["How sure"].endswith("Ordinary days behind each: 100 for META.")
    both = deals(window(FIRST, "META", conformal_p=NAN), window(SECOND, "META")).words("1-day")
    assert dict(both.sentences)["How sure"].endswith("the interval is that of t.")


def test_an_announcement_without_a_row_has_no_sentence() -> None:
    said = deals(window(SECOND, "META")).words("1-day")
    assert [name for name, _ in said.sentences] == [SECOND, "How sure", "What else"]


OTHERS = (
    conflict(FIRST, "META", 0, "Results of META"),
    conflict(FIRST, "META", 1, "A lawsuit"),
    conflict(FIRST, "META", 2, "A takeover"), conflict(FIRST, "META", 2, "A takeover"),
    conflict(FIRST, "META", 2, "A rumour"),
    conflict(FIRST, "META", 3, "A rating"),
    conflict(FIRST, "META", 4, "A dividend"),
    conflict(FIRST, "META", 5, "too late"), conflict(FIRST, "META", -1, "too early"),
    conflict(FIRST, "META", 4, "of nobody", ""), conflict(FIRST, "META", 4, "of none", NAN),
    conflict(FIRST, "META", NAN, "at no session"),
    conflict("2026-01-05-third", "META", 2, "of another event"),
    conflict(FIRST, "CRWV", 2, "of another share"),
)  # fmt: skip
DAYS = {-1: 0.9, 0: 0.004, 1: 0.01, 2: -0.03, 3: 0.02, 4: -0.001, 5: 0.8}


def test_the_two_largest_days_of_other_news_are_told_and_the_rest_counted() -> None:
    asked = deals(
        window(FIRST, "META"), window(FIRST, "META", "5-day", car=0.03),
        conflicts=OTHERS, abnormal=DAYS,
    )  # fmt: skip
    whole = (
        "Of META’s +3.0% over the 5-day window from 2025-09-30, −3.0% on 2025-10-02 (A takeover "
        "and A rumour) "
        "and +2.0% on 2025-10-03 (A rating) fell on days of other news, and 2 more days had other "
        "news. On 2025-09-30 itself META had other news too, which daily prices cannot tell apart: "
        "Results of META."
    )
    for name in ("1-day", "5-day"):  # of day 0 alone the window after it is told
        assert dict(asked.words(name).sentences)["What else"] == whole
    assert [one.day for one in asked.rivals(asked.rows("5-day")[0])] == [0, 1, 2, 3, 4]
    assert [one.day for one in asked.rivals(asked.rows("1-day")[0])] == [0]


def test_up_to_two_days_of_other_news_none_is_left_to_count() -> None:
    for kept, told in (
        ((2,), "−3.0% on 2025-10-02 (A takeover and A rumour) fell on days of other news."),
        (
            (2, 3),
            "−3.0% on 2025-10-02 (A takeover and A rumour) and +2.0% on 2025-10-03 (A rating) "
            "fell on days of other news.",
        ),
        (
            (2, 3, 4),
            "−3.0% on 2025-10-02 (A takeover and A rumour) and +2.0% on 2025-10-03 (A rating) "
            "fell on days of other news, and 1 more day had other news.",
        ),
    ):
        asked = deals(
            window(FIRST, "META", "5-day"), abnormal=DAYS,
            conflicts=tuple(one for one in OTHERS if one[3] in kept),
        )  # fmt: skip
        assert dict(asked.words("5-day").sentences)["What else"] == (
            f"Of META’s +1.5% over the 5-day window from 2025-09-30, {told}"
        )


def test_each_share_has_its_own_sentence_of_other_news() -> None:
    both = (conflict(FIRST, "META", 0, "One thing"), conflict(FIRST, "CRWV", 0, "Another"))
    asked = deals(
        window(FIRST, "META", "5-day"), window(FIRST, "CRWV", "5-day"),
        conflicts=both, abnormal={0: 0.01},
    )  # fmt: skip
    same = "On 2025-09-30 itself {} had other news too, which daily prices cannot tell apart: {}."
    told = dict(asked.words("5-day").sentences)["What else"]
    assert told == f"{same.format('META', 'One thing')} {same.format('CRWV', 'Another')}"


def test_where_no_window_is_longer_than_day_0_it_is_told_itself() -> None:
    short = {"before": (-5, -1), "1-day": (0, 0)}
    asked = deals(window(FIRST, "META"), conflicts=OTHERS, abnormal=DAYS, windows=short)
    told = dict(asked.words("1-day").sentences)["What else"]
    assert told.startswith("On 2025-09-30 itself META had other news too")


def test_two_days_are_longer_than_day_0() -> None:
    plan = {"1-day": (0, 0), "5-day": (0, 1)}
    asked = deals(
        window(FIRST, "META"), window(FIRST, "META", "5-day", end=1),
        conflicts=OTHERS, abnormal=DAYS, windows=plan,
    )  # fmt: skip
    told = dict(asked.words("1-day").sentences)["What else"]
    assert told.startswith(
        "Of META’s +1.5% over the 5-day window from 2025-09-30, +1.0% on 2025-10-01"
    )


def test_the_picture_has_a_row_a_share_a_window_and_an_announcement_from_day_0_on() -> None:
    asked = deals(
        window(SECOND, "META"), window(FIRST, "META"), window(FIRST, "CRWV", "before"),
        window(FIRST, "CRWV", "5-day", pvalue=0.04, conformal_p=NAN),
        conflicts=(*OTHERS[:2], conflict(FIRST, "CRWV", 2, "A rating")), abnormal=DAYS,
    )  # fmt: skip
    assert [(m.panel, m.window, m.label, m.pvalue, m.rivals) for m in asked.moves()] == [
        ("META", "1-day", "2025-09-30", 0.5, "2025-09-30: Results of META"),
        ("META", "1-day", "2026-04-09", 0.5, ""),
        ("CRWV", "5-day", "2025-09-30", 0.04, "2025-10-02: A rating"),
    ]
    first = asked.moves()[0]
    assert (first.value, first.low, first.high) == (0.015, -0.025, 0.055)
    assert math.isclose(first.ordinary, 0.04)
    many = deals(window(FIRST, "META", "5-day"), conflicts=OTHERS[:2], abnormal=DAYS).moves()
    assert many[0].rivals == "2025-09-30: Results of META; 2025-10-01: A lawsuit"
