"""How `reactions claims` counts what agrees, and which rows it lists."""

from __future__ import annotations

import json
from collections import Counter

import pandas as pd
import pytest

from reports.cli import main

AGREES, NEAR, WRONG, OPEN = "agrees", "near", "disagrees", "not decidable"


def asked(
    verdicts: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    *options: str,
) -> tuple[int, list[str]]:  # fmt: skip
    """The command over claims with these verdicts; its first line says SIMULATED."""
    rows = [(f"e{i}", "META", f"+{i}.0%", one, f"basis {i}") for i, one in enumerate(verdicts)]
    table = pd.DataFrame(rows, columns=["event_id", "ticker", "claim", "verdict", "basis"])
    monkeypatch.setattr("backtest.study.claims.check.check_claims", lambda *_: table)
    with pytest.raises(SystemExit) as ended:
        main(["claims", "--prices", "sample", *options])
    return int(ended.value.code or 0), capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("verdicts", "status", "told"),
    [
        ([], 0, "0 claims: 0 agree, 0 near, 0 disagree, 0 not decidable"),
        ([AGREES], 0, "1 claim: 1 agrees, 0 near, 0 disagree, 0 not decidable"),
        ([AGREES] * 2, 0, "2 claims: 2 agree, 0 near, 0 disagree, 0 not decidable"),
        ([WRONG, NEAR], 1, "2 claims: 0 agree, 1 near, 1 disagrees, 0 not decidable"),
        ([WRONG] * 3 + [OPEN], 1, "4 claims: 0 agree, 0 near, 3 disagree, 1 not decidable"),
        ([NEAR] * 1200, 0, "1,200 claims: 0 agree, 1,200 near, 0 disagree, 0 not decidable"),
    ],
)
def test_claims_are_counted_and_their_verbs_agree(
    verdicts: list[str], status: int, told: str,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    ended, lines = asked(verdicts, monkeypatch, capsys)
    assert (ended, lines[-1]) == (status, told)
    assert lines[0].startswith("SIMULATED")


def test_what_disagrees_is_listed_and_all_where_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [AGREES, WRONG, OPEN]
    head = ["announcement", "ticker", "claim", "verdict", "basis"]
    rows = [line.split("\t") for line in asked(given, monkeypatch, capsys)[1][1:-1]]
    assert rows == [head, ["e1", "META", "+1.0%", "disagrees", "basis 1"]]
    rows = [line.split("\t") for line in asked(given, monkeypatch, capsys, "--all")[1][1:-1]]
    assert [row[3] for row in rows] == ["verdict", *given]
    assert asked([AGREES], monkeypatch, capsys)[1][1:] == [
        "1 claim: 1 agrees, 0 near, 0 disagree, 0 not decidable"
    ]


@pytest.mark.parametrize(("options", "listed"), [((), [WRONG]), (("--all",), [AGREES, WRONG])])
def test_claims_for_machines_are_counted_whole_and_listed_in_part(
    options: tuple[str, ...], listed: list[str],
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    ended, lines = asked([AGREES, WRONG], monkeypatch, capsys, "--json", *options)
    told = json.loads("\n".join(lines))
    assert (ended, told["simulated_prices"]) == (1, True)
    assert told["counts"] == dict(Counter([AGREES, WRONG]))
    assert [one["verdict"] for one in told["claims"]] == listed
