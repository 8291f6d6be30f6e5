"""What `reactions compare` says of two runs whose files are written by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reports.cli import main
from reports.earlier.compare import compare, differ

Row = tuple[Any, ...]
Run = Callable[..., Path]
WINDOWS = "event_id,ticker,model,benchmark,window,car"
TESTS = "group,group_value,model,benchmark,window,test,pvalue"
PRICES = {
    "digest": "p", "source": "files", "tickers": ["META", "SPY"],
    "first_session": "2025-01-02", "last_session": "2026-01-02",
}  # fmt: skip


def car(value: object, event: str = "a", ticker: str = "META", window: str = "1-day") -> Row:
    return event, ticker, "market", "SPY", window, value


def p(value: object, test: str = "cross_t", group: str = "all") -> Row:
    return "all", group, "market", "SPY", "1-day", test, value


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Writes the folder of a run that nobody ran; tables that are not given are not there."""

    def write(
        name: str, windows: tuple[Row, ...] | None = (car(0.01),),
        tests: tuple[Row, ...] | None = None, dropped: tuple[Row, ...] = (), **made: Any,
    ) -> Path:  # fmt: skip
        out = tmp_path / name
        (out / "tables").mkdir(parents=True)
        manifest = {
            "experiment": {"study": {"models": ["market"]}}, "tool": {"market-reactions": "1"},
            "dependencies": {"numpy": "2.0"}, "files": {},
            "catalog": {"digest": "c", "announcements": 3}, "prices": PRICES,
        } | made  # fmt: skip
        (out / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        for table, head, rows in (
            ("windows", WINDOWS, windows), ("tests", TESTS, tests),
            ("dropped", "event_id,ticker,why", dropped),
        ):  # fmt: skip
            if rows is not None:
                lines = [",".join(map(str, row)) for row in rows]
                text = "\n".join([head, *lines]) + "\n"
                (out / "tables" / f"{table}.csv").write_text(text, encoding="utf-8")
        return out

    return write


SAME = [
    "catalog: the same", "prices: the same", "0 events added", "0 events gone",
    "0 of 1 abnormal returns changed",
]  # fmt: skip


def test_runs_of_the_same_are_the_same(run: Run) -> None:
    first, second = run("first"), run("second")
    assert list(compare(first, second)) == SAME
    assert not differ(first, second)


# what the runs were made of


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (
            {"experiment": {"study": {"models": ["market", "ff3"]}}},
            "experiment: study.models: ['market'] -> ['market', 'ff3']",
        ),
        (
            {"experiment": {"study": {"models": ["market"], "by": ["kind"]}}},
            "experiment: study.by: None -> ['kind']",
        ),
        ({"tool": {"market-reactions": "2"}}, "market-reactions: version 1 -> 2"),
        ({"dependencies": {"numpy": "2.1"}}, "numpy: version 2.0 -> 2.1"),
        ({"seed": 2}, "seed: None -> 2"),
        ({"simulated_prices": True}, "simulated prices: None -> True"),
        ({"dependencies": {}}, "numpy: version 2.0 -> none"),
        (
            {"catalog": {"digest": "d", "announcements": 4}},
            "catalog: changed (announcements 3 -> 4)",
        ),
        (
            {"catalog": {"digest": "d", "announcements": 3}},
            "catalog: changed (the same in extent, other in content)",
        ),
        (
            {"prices": PRICES | {"digest": "q", "last_session": "2026-02-02"}},
            "prices: changed (last session 2026-01-02 -> 2026-02-02)",
        ),
        (
            {"prices": PRICES | {"digest": "q", "source": "sample", "first_session": None}},
            "prices: changed (source files -> sample, first session 2025-01-02 -> None)",
        ),
        (
            {"prices": PRICES | {"digest": "q", "tickers": ["CRWV", "NVDA", "SPY"]}},
            "prices: changed (with CRWV, NVDA, without META)",
        ),
        (
            {"prices": PRICES | {"digest": "q"}},
            "prices: changed (the same in extent, other in content)",
        ),
    ],
)
def test_what_a_run_was_made_of_is_told_apart(made: dict[str, Any], told: str, run: Run) -> None:
    first, second = run("first"), run("second", **made)
    lines = list(compare(first, second))
    assert told in lines
    assert [line for line in lines if line not in SAME] == [told]
    assert differ(first, second)


def test_of_many_new_tickers_ten_are_named(run: Run) -> None:
    many = [*PRICES["tickers"], *(f"T{i:02}" for i in range(12))]
    second = run("second", prices=PRICES | {"digest": "q", "tickers": many})
    named = ", ".join(f"T{i:02}" for i in range(10))
    assert f"prices: changed (with {named} and 2 more)" in compare(run("first"), second)


# events


def test_events_that_came_and_went_are_named_with_why_they_were_left_out(run: Run) -> None:
    first = run("first", (car(0.01), car(0.01, "b")), dropped=(("c", "CRWV", "no prices of CRWV"),))
    second = run("second", (car(0.01), car(0.01, "c", "CRWV")), dropped=(("b", "META", "too new"),))
    assert list(compare(first, second))[2:6] == [
        "1 event added:",
        "  c CRWV (left out then: no prices of CRWV)",
        "1 event gone:",
        "  b META (left out now: too new)",
    ]


def test_events_that_neither_run_explains_stand_alone_and_are_at_most_ten(run: Run) -> None:
    many = tuple(car(0.01, f"e{i:02}") for i in range(12))
    lines = list(compare(run("first"), run("second", (car(0.01), *many))))
    assert lines[2] == "12 events added:"
    assert lines[3:13] == [f"  e{i:02} META" for i in range(10)]
    assert lines[13:15] == ["  and 2 more", "0 events gone"]


# numbers


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (0.01, -0.02, "+1.00% -> −2.00%"),
        (0.01, "", "+1.00% -> –"),
        ("", 0.01, "– -> +1.00%"),
        (0.01, 0.01002, "+1.00% -> +1.00% (changed by +2e−05)"),
        (0.01002, 0.01, "+1.00% -> +1.00% (changed by −2e−05)"),
    ],
)
def test_an_abnormal_return_that_changed_is_told(
    before: object, after: object, told: str, run: Run
) -> None:
    lines = list(compare(run("first", (car(before),)), run("second", (car(after),))))
    assert lines[4:] == ["1 of 1 abnormal returns changed:", f"  a META market SPY 1-day: {told}"]


def test_missing_in_both_is_no_change(run: Run) -> None:
    lines = list(compare(run("first", (car(""),)), run("second", (car(""),))))
    assert lines[4:] == ["0 of 1 abnormal returns changed"]


def test_the_largest_changes_come_first_and_are_ten(run: Run) -> None:
    """By size without sign; a value that went is larger than any."""
    first = tuple(car(0.0, f"e{i:02}") for i in range(13))
    other = (car("", "e00"), *(car((-1) ** i * i / 100, f"e{i:02}") for i in range(1, 13)))
    lines = list(compare(run("first", first), run("second", other)))
    assert lines[4] == "13 of 13 abnormal returns changed, the largest changes:"
    assert [line.split()[0] for line in lines[5:]] == [
        "e00", "e12", "e11", "e10", "e09", "e08", "e07", "e06", "e05", "e04",
    ]  # fmt: skip
    assert lines[5:7] == [
        "  e00 META market SPY 1-day: 0.00% -> –",
        "  e12 META market SPY 1-day: 0.00% -> +12.00%",
    ]


def test_a_model_without_a_benchmark_is_compared_too(run: Run) -> None:
    rows = [("a", "META", "mean_adjusted", "", "1-day", value) for value in (0.01, 0.02)]
    lines = list(compare(run("first", (rows[0],)), run("second", (rows[1],))))
    assert lines[5:] == ["  a META mean_adjusted 1-day: +1.00% -> +2.00%"]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (0.04, 0.06, "0.040 -> 0.060"),
        (0.2, 0.0004, "0.200 -> <0.001"),
        (0.0001, 0.0002, "<0.001 -> <0.001 (changed by +0.0001)"),
    ],
)
def test_a_p_value_that_changed_is_told(before: float, after: float, told: str, run: Run) -> None:
    first, second = run("first", tests=(p(before),)), run("second", tests=(p(after),))
    assert list(compare(first, second))[5:] == [
        "1 of 1 p-values changed:", f"  all all market SPY 1-day cross_t: {told}",
    ]  # fmt: skip


def test_rows_that_one_run_alone_has_are_not_compared(run: Run) -> None:
    first = run("first", (car(0.01), car(0.5, window="5-day")), (p(0.1), p(0.2, "bmp_t")))
    second = run("second", (car(0.02),), (p(0.1), p(0.3, group="META")))
    lines = list(compare(first, second))
    assert "1 of 1 abnormal returns changed:" in lines
    assert lines[-1] == "0 of 1 p-values changed"


# files


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"a": "1"}, []),
        ({"a": "2"}, ["1 file is not the same in both:", "  a"]),
        ({"b": "1"}, ["2 files are not the same in both:", "  a", "  b"]),
    ],
)
def test_files_that_differ_are_named_last(files: dict[str, str], told: list[str], run: Run) -> None:
    lines = list(compare(run("first", files={"a": "1"}), run("second", files=files)))
    assert lines == [*SAME, *told]


# folders that lack something


@pytest.mark.parametrize(
    ("lacking", "told"),
    [(("second",), "{1}"), (("first",), "{0}"), (("first", "second"), "{0} and {1}")],
)
def test_the_run_without_a_study_is_named(
    lacking: tuple[str, ...], told: str, run: Run, tmp_path: Path
) -> None:
    folders = [run(name, None if name in lacking else (car(0.1),)) for name in ("first", "second")]
    lines = list(compare(*folders))
    named = told.format(*folders)
    assert lines[2:] == [f"no table of windows in {named}: nothing further to compare"]


@pytest.mark.parametrize(
    ("made", "options", "status"),
    [({}, ("--exit-code",), 0), ({"seed": 2}, (), 0), ({"seed": 2}, ("--exit-code",), 1)],
)
def test_the_command_prints_the_lines_and_ends_with_one_where_asked(
    made: dict[str, Any], options: tuple[str, ...], status: int,
    run: Run, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    folders = [str(run("first")), str(run("second", **made))]
    with pytest.raises(SystemExit) as ended:
        main(["compare", *folders, *options])
    assert int(ended.value.code or 0) == status
    lines = [*(["seed: None -> 2"] if made else []), *SAME]
    assert capsys.readouterr().out.splitlines() == lines
    with pytest.raises(SystemExit):
        main(["compare", *folders, "--json"])
    told = json.loads(capsys.readouterr().out)
    assert told == {"changed": bool(made), "lines": lines}
