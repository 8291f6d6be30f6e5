"""`reactions claims` and `reactions prices check`, as a user reads them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reports.cli import main

NEWS = """
id = "a"
headline = "A"
announced_at = "2026-04-09"

[[parties]]
name = "M"
ticker = "META"
roles = ["customer"]
"""
CLAIM = """
[[claims]]
ticker = "META"
value = {value}
at = "{at}"
precision = 0.1
on = "2026-04-10"
said_by = "a paper"
"""


@pytest.fixture
def given(tmp_path: Path) -> list[str]:
    """Options for a market of two securities.

    META rose by 3.7% (108 to 112) on the day of four claims.
    """
    days = pd.bdate_range("2026-03-30", "2026-04-10").drop(pd.Timestamp("2026-04-03"))
    closes = [100, 102, 101, 105, 110, 105, 106, 108, 112]
    rows = pd.DataFrame({"Date": days, "Close": closes, "Adj Close": closes})
    (tmp_path / "prices").mkdir()
    for ticker in ("META", "SPY"):
        rows.to_csv(tmp_path / "prices" / f"{ticker}.csv", index=False)
    claims = ((3.7, "close"), (3.8, "close"), (5.9, "close"), (99.0, "pre_market"))
    (tmp_path / "a.toml").write_text(
        NEWS + "".join(CLAIM.format(value=value, at=at) for value, at in claims)
    )
    return ["--catalog", str(tmp_path / "a.toml"), "--prices", str(tmp_path / "prices")]


def other_party(given: list[str]) -> None:
    """A second party, of which there are no prices."""
    with Path(given[1]).open("a") as catalog:
        catalog.write('[[parties]]\nname = "N"\nticker = "NVDA"\nroles = ["supplier"]\n')


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, list[str]]:
    with pytest.raises(SystemExit) as ended:
        main(list(args))
    return int(ended.value.code or 0), capsys.readouterr().out.splitlines()


def test_claims_counts_every_verdict_and_shows_what_disagrees(
    given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    status, lines = run(capsys, "claims", *given)
    assert status == 1
    assert lines[-1] == "4 claims: 1 agrees, 1 near, 1 disagrees, 1 not decidable"
    assert len(lines) == 3
    assert lines[0].split("\t") == ["announcement", "ticker", "claim", "verdict", "basis"]
    assert "META\t+5.9%" in lines[1]
    assert "from the close of 2026-04-09 (108.00) to the close of 2026-04-10 (112.00)" in lines[1]


def test_claims_shows_all_where_asked(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    _, lines = run(capsys, "claims", *given, "--all")
    assert len(lines) == 6


@pytest.mark.parametrize("command", ["claims", "prices check", "prices export"])
def test_simulated_prices_are_called_so(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = [str(tmp_path / "out")] if command == "prices export" else []
    status, lines = run(capsys, *command.split(), *into, "--prices", "sample")
    assert status == 0
    assert lines[0].startswith("SIMULATED")


def test_two_simulated_sources_are_called_so_once(capsys: pytest.CaptureFixture[str]) -> None:
    _, lines = run(capsys, "prices", "check", "--prices", "sample", "--against", "sample")
    assert sum(line.startswith("SIMULATED") for line in lines) == 1


def test_check_lists_findings_and_counts_the_rest(
    given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(given[-1])
    text = (folder / "META.csv").read_text().replace("2026-04-08,106,106", "2026-04-08,53,53")
    (folder / "META.csv").write_text(text)
    status, lines = run(capsys, "prices", "check", *given)
    assert status == 1
    assert any("META: spike, 2026-04-08" in line for line in lines)
    assert not any(line.startswith("SIMULATED") for line in lines)


def test_check_names_what_the_catalog_names_and_no_file_holds(
    given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "prices", "check", *given)[0] == 0  # META is there, peers are not asked for
    other_party(given)
    status, lines = run(capsys, "prices", "check", *given)
    assert status == 1
    (told,) = [line for line in lines if line.startswith("no prices for ")]
    assert told == "no prices for NVDA, which the catalog or the experiment names"
    plan = Path(given[1]).with_name("plan.toml")
    plan.write_text("[study]\nbenchmarks = ['QQQ', 'SPY']\npeers = []\n")
    _, lines = run(capsys, "prices", "check", *given, "--experiment", str(plan))
    assert "no prices for NVDA, QQQ, which the catalog or the experiment names" in lines
    _, lines = run(capsys, "prices", "check", *given[-2:])  # nothing is asked for
    assert not any(line.startswith("no prices for ") for line in lines)


def test_two_folders_are_held_against_one_another_by_the_names_given(
    given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = Path(given[-1]), tmp_path / "other"
    shutil.copytree(one, other)
    text = (other / "META.csv").read_text()
    (other / "META.csv").write_text(text.replace("2026-04-08,106,106", "2026-04-08,107,107"))
    status, lines = run(capsys, "prices", "check", *given, "--against", str(other))
    assert status == 1
    (found,) = [line for line in lines if "2026-04-08" in line and "META: " in line]
    assert f"106 ({one}), 107 ({other})" in found


def test_a_misspelt_source_of_prices_names_the_near_one(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["prices", "check", "--prices", "yaho"])
    assert "'tiingo'; did you mean 'yahoo'?" in capsys.readouterr().err


def test_json_of_every_command_that_lists(
    given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = lambda *args: run(capsys, *args, "--json")  # noqa: E731 -- one use
    status, lines = asked("claims", *given)
    told = json.loads("\n".join(lines))
    assert (status, len(told["claims"]), told["counts"]["disagrees"]) == (1, 1, 1)
    assert told["claims"][0]["ticker"] == "META"
    other_party(given)
    status, lines = asked("prices", "check", *given)
    checked = json.loads("\n".join(lines))
    assert set(checked) == {"simulated_prices", "tickers", "missing", "findings"}
    assert checked["missing"] == ["NVDA"]
    assert not set(checked["missing"]) & set(checked["tickers"])
    listed = json.loads("\n".join(asked("events", "list", *given[:2])[1]))
    one = json.loads("\n".join(asked("events", "show", listed[0]["id"], *given[:2])[1]))
    assert listed[0].items() <= one.items()
    assert one["in_a_study"]
    store = ("prices", "status", "--store", str(tmp_path / "store"))
    assert json.loads("\n".join(asked(*store)[1]))["tickers"] == []


def test_json_of_every_command_that_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*args: str) -> tuple[int, Any]:
        status, lines = run(capsys, *args, "--json")
        return status, json.loads("\n".join(lines))

    monkeypatch.chdir(tmp_path)
    plan = Path("plan.toml")
    keys = "models = ['market']\nbenchmarks = ['SPY']\nsensitivity = false\npeers = []\n"
    traded = "sweep = false\n[[strategies]]\nname = 'drift'\n"
    plan.write_text(f"{traded}[study]\n{keys}", encoding="utf-8")
    few = ("--prices", "sample", "--experiment", "plan.toml", "--where", "ticker == 'META'")
    status, told = asked("report", *few, "--out", "out")
    assert (status, told["changed"], told["simulated_prices"]) == (0, True, True)
    assert (told["page"], told["tables"]) == ("out/report.html", "out/tables")
    windows = pd.read_csv("out/tables/windows.csv")
    assert told["events"] == windows["event_id"].nunique()
    assert set(windows["ticker"]) == {"META"}
    status, again = asked("backtest", *few, "--out", "traded")
    assert (status, again["strategies"]) == (0, told["strategies"])
    assert again["strategies"][0]["name"] == "drift"
    assert asked("report", *few, "--out", "out", "--if-changed") == (0, {"changed": False})
    assert asked("verify", "out") == (0, {"same": True, "differences": []})
    Path("out/tables/tests.csv").unlink()
    missing = {"same": False, "differences": ["tables/tests.csv: is missing"]}
    assert asked("verify", "out") == (1, missing)
    _, ledger = asked("events", "ledger", "--as-of", "2025-10-01")
    assert {"payer", "payee", "amount_usd", "cumulative_usd"} <= set(ledger[0])
    assert max(row["announced_at"][:10] for row in ledger) <= "2025-10-01"


def test_json_of_every_command_that_writes(
    given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def asked(*args: str) -> Any:
        return json.loads("\n".join(run(capsys, *args, "--json")[1]))

    told = asked("prices", "export", str(tmp_path / "prices2"), *given)
    assert not told["simulated_prices"]
    assert all(Path(path).is_file() for path in told["files"])
    assert {Path(path).stem for path in told["files"]} == {"META", "SPY"}
    news = ("--headline", "Meta buys", "--at", "2026-04-09", "--party", "META:customer")
    added = asked("events", "add", *news, "--to", str(tmp_path / "own"))
    assert Path(added["written"]).name == f"{added['id']}.toml"
    table = tmp_path / "table.csv"
    table.write_text("event_id,ticker,announced_at\nx,META,2026-04-09\n", encoding="utf-8")
    assert asked("events", "import", str(table), "--to", str(tmp_path / "in"))["written"] == [
        "x.toml"
    ]
    factors = tmp_path / "ff.csv"
    rows = "".join(f"2026010{i},0.1,0.2,0.3,0.01\n" for i in (5, 6, 7, 8))
    factors.write_text(f",Mkt-RF,SMB,HML,RF\n{rows}", encoding="utf-8")
    kept = asked("prices", "factors", str(factors), "--store", str(tmp_path / "store"))
    assert [(one["file"], one["new"], one["rows"]) for one in kept] == [("ff.csv", True, 4)]


def test_an_unknown_id_names_those_that_hold_its_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["events", "show", "coreweave-meta"])
    error = capsys.readouterr().err
    assert ended.value.code == 2
    assert "2025-09-30-meta-coreweave-14p2bn" in error
    assert "2026-04-09-meta-coreweave-21bn" in error


def test_a_study_of_nothing_says_why_and_two_runs_compare(
    given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = tmp_path / "plan.toml"
    keys = "models = ['market']\nbenchmarks = ['SPY']\nsensitivity = false\npeers = []\n"
    plan.write_text(f"strategies = []\nsweep = false\n[study]\n{keys}", encoding="utf-8")
    out, other = str(tmp_path / "out"), str(tmp_path / "other")
    assert run(capsys, "study", *given, "--experiment", str(plan), "--out", out)[0] == 0
    news = tmp_path / "a.toml"
    text = news.read_text(encoding="utf-8").partition("[[claims]]")[0]
    news.write_text(text.replace("2026-04-09", "2026-03-02"), encoding="utf-8")
    status, lines = run(capsys, "study", *given, "--experiment", str(plan), "--out", other)
    assert status == 1
    assert "no event could be studied:" in lines
    status, lines = run(capsys, "report", *given, "--experiment", str(plan), "--out", other)
    assert (status, lines[0]) == (1, "no event could be studied:")
    assert lines[1].startswith("  a, META: ")
    assert run(capsys, "compare", out, out, "--exit-code")[0] == 0
    assert run(capsys, "compare", out, other)[0] == 0
    status, lines = run(capsys, "compare", out, other, "--exit-code", "--json")
    assert (status, json.loads("\n".join(lines))["changed"]) == (1, True)
