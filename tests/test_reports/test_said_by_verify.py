"""What `verify` and `report --if-changed` say of a run and the same run now, by hand-made runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import pytest

from backtest.manifest import Made, Manifest
from reports.cli import main
from reports.earlier.changed import changes
from reports.earlier.verify import _altered, _inputs, _results

MADE: dict[str, Any] = {
    "tool": {"market-reactions": "1"}, "dependencies": {"numpy": "2.0"}, "simulated_prices": False,
    "seed": 1, "experiment": {"strategies": []}, "catalog": {"digest": "c" * 64}, "factors": [],
    "prices": {"digest": "p" * 64, "source": "files", "tickers": ["META"], "calendar": "XNYS"},
}  # fmt: skip


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


# verify: what went in


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ({}, []),
        (
            {"catalog": {"digest": "d" * 64}},
            ["catalog: not the same as then (digest cccccccccccc, now dddddddddddd)"],
        ),
        (
            {"prices": MADE["prices"] | {"digest": "q" * 64}},
            ["prices: not the same as then (digest pppppppppppp, now qqqqqqqqqqqq)"],
        ),
        ({"tool": {"market-reactions": "2"}}, ["market-reactions: version 1 then, 2 now"]),
        ({"dependencies": {"numpy": "2.1"}}, ["numpy: version 2.0 then, 2.1 now"]),
        (
            {"dependencies": {"numpy": "2.0", "scipy": "1.9"}},
            ["scipy: version none then, 1.9 now"],
        ),
    ],
)  # fmt: skip
def test_what_a_run_is_made_of_now_is_told_from_then(now: dict[str, Any], told: list[str]) -> None:
    assert _inputs(cast("Manifest", MADE), cast("Made", MADE | now)) == told


# verify: what is in the folder, and what the run gives now


def test_files_that_are_gone_or_changed_since_are_named(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for name, text in (("same", "1"), ("changed", "2"), ("../beside", "3")):
        (out / name).write_text(text, encoding="utf-8")
    listed = {name: digest("1") for name in ("same", "changed", "gone")} | {
        "../beside": digest("3")
    }
    assert _altered(out, listed) == [
        "changed: was changed after the run", "gone: is missing", "../beside: is missing",
    ]  # fmt: skip


def test_a_file_that_comes_out_differently_now_is_named_and_one_that_does_not_come_out() -> None:
    listed = {name: digest("1") for name in ("same", "other", "gone")}
    made = {"same": b"1", "other": b"2", "new": b"3"}
    assert _results(listed, made) == [
        "other: the run gives another result now", "gone: the run does not make it now",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("differences", "status", "told"),
    [
        ([], 0, ["everything is as it was"]),
        (["a: is missing"], 1, ["a: is missing", "1 difference"]),
        (["a: x", "b: y"], 1, ["a: x", "b: y", "2 differences"]),
    ],
)
def test_the_command_counts_the_differences(
    differences: list[str], status: int, told: list[str], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr("reports.earlier.verify.verify", lambda *_: differences)

    def ran(*options: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            main(["verify", str(tmp_path), *options])
        return int(ended.value.code or 0), capsys.readouterr().out

    ended, out = ran()
    assert (ended, out.splitlines()) == (status, told)
    ended, out = ran("--json")
    assert (ended, json.loads(out)) == (
        status, {"same": not differences, "differences": differences},
    )  # fmt: skip


# --if-changed


@pytest.fixture
def before(tmp_path: Path) -> Callable[..., Path]:
    """The folder of a run with a page and a table."""

    def write(**given: Any) -> Path:
        files = {"report.html": "page", "tables/windows.csv": "table", "papers/a.tex": "paper"}
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        listed = {name: digest(text) for name, text in files.items()}
        manifest = MADE | {"files": listed} | given
        (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        return tmp_path

    return write


WANTED = ("report.html", "tables/windows.csv")


def changed(out: Path, wanted: tuple[str, ...] = WANTED, formats: tuple[str, ...] = (),
            **now: Any) -> tuple[str, ...]:  # fmt: skip
    return changes(out, cast("Made", MADE | now), wanted, formats)


def test_a_run_of_the_same_has_not_changed(before: Callable[..., Path]) -> None:
    assert changed(before()) == ()
    assert changed(before(), formats=("latex",)) == ()


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ({"tool": {"market-reactions": "2"}}, "tool changed"),
        ({"dependencies": {}}, "dependencies changed"),
        ({"simulated_prices": True}, "simulated prices changed"),
        ({"seed": 2}, "seed changed"),
        ({"experiment": {"strategies": [], "title": "x"}}, "experiment changed"),
        ({"catalog": {"digest": "d"}}, "catalog changed"),
        ({"factors": [{"name": "x", "digest": "y"}]}, "factors changed"),
        ({"prices": MADE["prices"] | {"digest": "q"}}, "prices changed"),
        ({"prices": MADE["prices"] | {"tickers": ["META", "CRWV"]}}, "prices changed"),
    ],
)  # fmt: skip
def test_each_thing_a_run_is_made_of_is_named(
    now: dict[str, Any], told: str, before: Callable[..., Path]
) -> None:
    assert changed(before(), **now) == (told,)


def test_snapshots_fetched_again_that_hold_the_same_are_the_same(
    before: Callable[..., Path],
) -> None:
    assert changed(before(), prices=MADE["prices"] | {"snapshots": ["META-2"]}) == ()


def test_files_that_were_not_made_or_are_not_as_left_are_named(
    before: Callable[..., Path],
) -> None:
    out = before()
    assert changed(out, (*WANTED, "x.csv")) == ("x.csv was not made then",)
    assert changed(out, formats=("latex", "markdown")) == ("markdown was not made then",)
    (out / "report.html").write_text("altered", encoding="utf-8")
    (out / "papers" / "a.tex").unlink()
    assert changed(out) == (
        "report.html is not as the run left it", "papers/a.tex is not as the run left it",
    )  # fmt: skip
    assert changed(before(files={})) == ("the earlier run lists no files",)


def test_a_strategy_of_a_file_is_never_known_to_be_the_same(before: Callable[..., Path]) -> None:
    plan = {"strategies": [{"name": "own.py:Mine"}, {"name": "drift"}]}
    assert changed(before(experiment=plan), experiment=plan) == (
        "strategy own.py:Mine is of a file, which may have changed",
    )


def test_a_folder_without_a_run_has_none(tmp_path: Path) -> None:
    assert changed(tmp_path) == ("there is no earlier run",)
