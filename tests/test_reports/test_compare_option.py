"""`--compare Method=cash,stock`: on the terminal, on the page, for papers, in the tables."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from reports.cli import main

TICKERS = ("META", "CRWV", "NVDA", "ORCL", "AMD", "MSFT")


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("compare") / "list.csv"
    rows = [
        (ticker, f"2025-{month:02d}-{10 + at:02d}", ("cash", "stock", "mixed")[(at + month) % 3])
        for at, ticker in enumerate(TICKERS)
        for month in (4, 6, 9)
    ]
    pd.DataFrame(rows, columns=["ticker", "date", "Method"]).to_csv(path, index=False)
    return path


def run(*args: object, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        main([str(one) for one in args])
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out + said.err


def test_it_is_said_everywhere(listed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = listed.parent / "out"
    given = ("--catalog", listed, "--prices", "sample", "--out", out, "--format", "latex")
    code, said = run("report", *given, "--compare", "Method=cash,stock", capsys=capsys)
    assert code == 0, said
    table = pd.read_csv(out / "tables" / "differences.csv")
    row = table[(table["group_value"] == "cash against stock") & (table["window"] == "5-day")].iloc[
        0
    ]
    assert row["n_events"] >= 3
    apart = f"{(row['mean_car'] - row['mean_car_others']) * 100:+.2f}%".replace("-", "\u2212")
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "Method: cash against stock, market model on SPY" in page
    assert apart in page
    paper = (out / "papers" / "compared-1.tex").read_text(encoding="utf-8")
    assert f"{row['pvalue']:.3f}" in paper
    code, said = run("study", *given, "--by", "Method", "--compare", "cash,stock", capsys=capsys)
    assert (code, "Method: cash against stock, market model on SPY" in said) == (0, True)
    assert f"{row['pvalue']:.3f}" in said


@pytest.mark.parametrize(
    ("compare", "said"),
    [
        (
            "cash,stock",
            "'cash,stock' does not name a column and two of its levels; write Method=cash",
        ),
        ("Method=cash", "does not name a column and two of its levels"),
        ("Method=cash,stok", "Method has no level 'stok'; did you mean 'stock'"),
        ("Metod=cash,stock", "the events have no column 'Metod'; did you mean 'Method'"),
    ],
)
def test_what_cannot_be(
    compare: str, said: str, listed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("--catalog", listed, "--prices", "sample", "--out", listed.parent / "no")
    code, told = run("study", *given, "--compare", compare, capsys=capsys)
    assert (code, said in told, told.count("\n")) == (2, True, 1), told
