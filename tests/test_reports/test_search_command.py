"""`reactions backtest --over`: a search from the command line, its tables and its words."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from reports.cli import main

RUN = ["backtest", "--prices", "sample", "--strategy", "drift"]


def _run(*args: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(args))
    return int(ended.value.code or 0)


def test_a_search_walked_forward(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("--over", "hold=1,5", "--over", "entry=open,close", "--splits", "2")
    assert _run(*RUN, *asked, "--out", str(tmp_path / "out")) == 0
    said = capsys.readouterr().out
    tables = tmp_path / "out" / "tables"
    variants, folds = (pd.read_csv(tables / f"{name}.csv") for name in ("variants", "walk_forward"))
    assert list(variants["hold"]) == [1, 1, 5, 5]
    assert len(folds) == 2
    best = variants.loc[variants["t"].idxmax()]
    assert f"best hold={best['hold']}, entry={best['entry']}" in said
    out = pd.read_csv(tables / "out_of_sample.csv")
    assert (
        f"walk-forward: {(out['status'] != 'open').sum()} bets out of sample over 2 folds" in said
    )
    swept, trials = (pd.read_csv(tables / f"{name}.csv") for name in ("sweep", "trials"))
    assert trials["n_trials"].tolist() == [1 + len(swept) + len(variants)]
    equity = pd.read_csv(tables / "equity.csv")
    assert set(equity["strategy"]) == {"drift"}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--over", "holt=1"), "no field 'holt'; did you mean 'hold'"),
        (("--over", "hold"), "write FIELD=VALUE,VALUE"),
        (("--over", "hold=0"), "it must be a whole number of sessions"),
        (("--splits", "2"), "add --over FIELD=VALUES"),
        (("--over", "hold=1", "--strategy", "pair"), "name it with --strategy, once"),
    ],
)
def test_what_cannot_be_searched_ends_with_a_line(
    asked: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(*RUN, *asked, "--out", str(tmp_path / "out")) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
