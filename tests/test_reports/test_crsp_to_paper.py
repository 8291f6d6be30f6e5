"""From a CRSP-like panel and an Excel list to a paper, in one command each.

CARs, groups, a clustered regression and LaTeX. The panel is SIMULATED here, in the shape of CRSP's
daily file: 200 firms, letter codes, bid-ask means, delistings, three markets.
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from backtest import Returns
from reports.cli import main

FIRMS, DAYS = 200, 420
EFFECT = {"stock": 0.03, "cash": -0.01}


def _panel(
    rng: np.random.Generator, days: pd.DatetimeIndex
) -> tuple[pd.DataFrame, list[list[Any]]]:
    market, parts, deals = rng.normal(0.0004, 0.01, len(days)), [], []
    for k in range(FIRMS):
        permno, method = 10001 + 7 * k, "stock" if k % 2 else "cash"
        returns = rng.uniform(0.5, 1.5) * market + rng.normal(0, 0.01, len(days))
        at = int(rng.integers(300, 370))
        value = float(np.exp(rng.normal(20, 1)))
        returns[at] += EFFECT[method] + 0.01 * (np.log(value) - 20)
        deals.append([permno, f"{days[at]:%d/%m/%Y}", method, round(value), 2000 + k % 12])
        part = pd.DataFrame(
            {
                "PERMNO": permno, "date": days.strftime("%Y%m%d"), "SHRCD": 11,
                "RET": [f"{one:.6f}" for one in returns],
                "PRC": [f"{one:.4f}" for one in 20 * np.cumprod(1 + returns)],
                "VOL": 1000, "DLRET": "", "DLSTCD": "",
                **{
                    name: [f"{one:.6f}" for one in market]
                    for name in ("vwretd", "ewretd", "sprtrn")
                },
            }
        )  # fmt: skip
        part.loc[0, "RET"], part.loc[20, "RET"] = "C", "B"
        part.loc[21, "PRC"] = "-" + part.loc[21, "PRC"]
        if k % 20 == 0:
            part = part.iloc[: at + 16].copy()
            part.loc[at + 15, ["DLRET", "DLSTCD"]] = ["-0.3", "574"]
        parts.append(part)
    return pd.concat(parts), deals


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("crsp")
    days = pd.bdate_range("2018-01-02", periods=DAYS)
    panel, deals = _panel(np.random.default_rng(5), days)
    panel.to_csv(place / "simulated_crsp.csv", index=False)
    path = Path(__file__).parents[1] / "test_events" / "sheets.py"
    spec = importlib.util.spec_from_file_location("sheets", path)
    assert spec
    assert spec.loader
    sheets = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sheets)
    sheets.write_xlsx(
        place / "deals.xlsx", [["PERMNO", "Event Date", "Method", "DealValue", "SIC"], *deals]
    )
    return place


@pytest.fixture(scope="module")
def out(folder: Path) -> Path:
    files = (
        "--returns",
        f"{folder / 'simulated_crsp.csv'}",
        "--catalog",
        f"{folder / 'deals.xlsx'}",
    )
    asked = ("--by", "Method", "--regress", "car ~ log(DealValue) + C(Method)", "--cluster", "SIC")
    with pytest.raises(SystemExit) as ended:
        main(["study", *files, *asked, "--format", "latex", "--out", str(folder / "out")])
    assert not ended.value.code
    return folder / "out"


def test_every_event_has_a_car_on_the_value_weighted_market(out: Path) -> None:
    windows = pd.read_csv(out / "tables" / "windows.csv", dtype={"ticker": str})
    main_model = windows[(windows["model"] == "market") & (windows["benchmark"] == "vwretd")]
    first = main_model[main_model["window"] == "1-day"]
    assert len(first) == FIRMS
    assert first["car"].notna().all()
    month = main_model[main_model["window"] == "1-month"]
    assert month["flags"].astype(str).str.contains("delisting").sum() == FIRMS // 20


def test_groups_and_their_difference_are_there(out: Path) -> None:
    found = pd.read_csv(out / "tables" / "differences.csv")
    mine = found[(found["group"] == "Method") & (found["window"] == "1-day")].set_index(
        "group_value"
    )
    assert mine["n_events"].tolist() == [100, 100]
    assert mine.loc["stock", "mean_car"] == pytest.approx(0.03, abs=0.01)
    assert mine.loc["cash", "mean_car"] == pytest.approx(-0.01, abs=0.01)
    assert mine["pvalue"].max() < 0.001


def test_the_regression_finds_what_was_put_in(out: Path) -> None:
    found = pd.read_csv(out / "tables" / "regressions.csv")
    first = found[found["window"] == "1-day"].set_index("term")
    slope, stock = first.loc["log(DealValue)"], first.loc["C(Method)[T.stock]"]
    for row, true in ((slope, 0.01), (stock, 0.04)):
        assert abs(row["coefficient"] - true) < 3.5 * row["se_cluster"]
        assert row["pvalue_cluster"] < 0.01
        assert row["pvalue_wild"] < 0.02
    assert first["clusters"].unique().tolist() == ["SIC (12)"]


def test_the_tables_for_a_paper_are_there(out: Path) -> None:
    groups = (out / "papers" / "groups-1.tex").read_text(encoding="utf-8")
    regression = (out / "papers" / "regression-1.tex").read_text(encoding="utf-8")
    assert "stock & +" in groups
    assert "cash & $-$" in groups
    assert "log(DealValue) & 0.0" in regression
    assert "clustered by SIC (12)" in regression


def test_least_squares_and_gls_stand_beside_each_other_with_their_placebo_p(out: Path) -> None:
    """Each slope, its error and its place among placebo days, as the CSV has them.

    And which to read.
    """
    written = (out / "papers" / "regression-1.tex").read_text(encoding="utf-8").replace("{[}", "[")
    found = pd.read_csv(out / "tables" / "regressions.csv")
    row = found[(found["window"] == "1-day") & (found["term"] == "log(DealValue)")].iloc[0]
    lines = [one.rstrip("\\ ").split(" & ") for one in written.splitlines() if " & " in one]
    assert lines[0][1:3] == ["1-day, OLS", "1-day, GLS"]
    at = next(i for i, one in enumerate(lines) if one[0].startswith("log(DealValue)"))
    slopes, errors, places = lines[at][1:3], lines[at + 1][1:3], lines[at + 2][1:3]
    for shown, column in zip(slopes, ("coefficient", "coefficient_gls"), strict=True):
        assert shown.rstrip("*") == f"{row[column]:.4f}"
        assert shown.endswith("**")
    assert errors == [f"({row['se_cluster']:.4f})", f"({row['se_gls']:.4f})"]
    assert places == [f"[{row['pvalue_placebo']:.3f}]", f"[{row['pvalue_gls']:.3f}]"]
    assert row["pvalue_gls"] < 0.02
    assert "Read GLS with its bracket first" in written


def test_what_was_understood_is_in_the_manifest(out: Path) -> None:
    prices = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["prices"]
    said = " ".join([*prices["understood"], *prices["notes"]])
    for words in (
        "CRSP daily", "200 securities by permno", "returns as given, simple",
        "markets vwretd, ewretd, sprtrn", "ignored: SHRCD",
        "missing by code in 400 rows (B 200, C 200)", "200 prices are negative",
        "10 delisting returns taken in",
    ):  # fmt: skip
        assert words in said
    assert prices["calendar"] == "own dates"


def test_a_verification_asks_for_the_files_and_finds_no_difference(
    folder: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = ["verify", str(out), "--catalog", str(folder / "deals.xlsx")]
    with pytest.raises(SystemExit) as ended:
        main(plain)
    assert ended.value.code == 2
    assert "name them with --returns FILE" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        main([*plain, "--returns", str(folder / "simulated_crsp.csv")])
    assert "everything is as it was" in capsys.readouterr().out
    assert not ended.value.code


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--regress", "car ~ Methd"], "did you mean 'Method'"),
        (["--regress", "car ~ __import__('os')"], "cannot stand in a formula"),
        (["--cluster", "SIC"], "--cluster is for --regress"),
        (["--by", "Methd"], "did you mean 'Method'"),
        (["--by", "PERMNO"], "'PERMNO' is read as ticker, so write ticker"),
        (["--regress", "car ~ Method", "--cluster", "SIC,PERMNO"], "so write ticker"),
        (["--regress", "car ~ C(PERMNO)"], "so write ticker"),
        (["--where", "PERMNO == '10001'"], "so write ticker"),
        (["--returns-unit", "percent"], "no percent but a fraction"),
        (["--prices", "sample"], "two sources; leave one out"),
        (["--benchmark", "none", "--benchmark", "vwretd"], "leave out the other benchmarks"),
    ],
)
def test_wrong_wishes_are_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], more: list[str], said: str
) -> None:
    files = [
        "--returns",
        f"{folder / 'simulated_crsp.csv'}",
        "--catalog",
        f"{folder / 'deals.xlsx'}",
    ]
    with pytest.raises(SystemExit) as ended:
        main(["study", *files, *more, "--out", str(folder / "not")])
    err = capsys.readouterr().err
    assert ended.value.code == 2
    assert said in err
    assert err.count("\n") == 1


def test_the_same_from_python(folder: Path) -> None:
    found = Returns.read(folder / "simulated_crsp.csv", ids=["10001", "10008"])
    assert found.tickers == ("10001", "10008", "vwretd", "ewretd", "sprtrn")
