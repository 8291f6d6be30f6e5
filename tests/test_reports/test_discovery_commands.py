"""Discovery and checks by filings, as a user runs them.

`events discover`, `events check --filings`, `events due` and `report --if-changed`.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reports.cli import main

_FAKE = Path(__file__).parents[1] / "test_events" / "discover" / "fake_edgar.py"
Said = Callable[..., tuple[int, str, str]]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """Runs a command: status, standard output, standard error."""

    def run(*args: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main([str(one) for one in args])
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return run


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    spec = importlib.util.spec_from_file_location("fake_edgar", _FAKE)
    assert spec is not None
    assert spec.loader is not None
    fake = importlib.util.module_from_spec(spec)
    sys.modules["fake_edgar"] = fake
    spec.loader.exec_module(fake)
    one = fake.FakeEdgar()
    one.add(
        fake.Paper(
            "0001769628-26-000001",
            "20260917070133",
            title="CoreWeave Announces $3.0 Billion \x1b[2JConvertible Notes",
            text="It is $3.0 billion.",
        )
    )
    monkeypatch.setenv("REACTIONS_EDGAR", one.url)
    monkeypatch.setenv("REACTIONS_CONTACT", "Jane Doe jane@example.org")
    monkeypatch.setenv("REACTIONS_HOME", str(tmp_path / "home"))
    yield one
    one.http.shutdown()
    one.http.server_close()


ASKED = ("events", "discover", "--ticker", "CRWV", "--since", "2026-09-01", "--until", "2026-09-30")


def test_discover_lists_and_drafts(server: Any, said: Said, tmp_path: Path) -> None:
    status, out, _ = said(*ASKED, "--write", tmp_path / "drafts")
    assert status == 0
    assert "2026-09-17 07:01:33\tCRWV\t8-K" in out
    assert "perhaps 2026-09-17-coreweave-convertible-3bn (the same day, the same amount" in out
    assert "\x1b" not in out
    assert f"1 draft written to {tmp_path / 'drafts'}" in out
    assert said("events", "check", tmp_path / "drafts")[:2] == (0, "no problem found\n")


def test_discover_drafts_where_a_ticker_trades(server: Any, said: Said, tmp_path: Path) -> None:
    status, _, _ = said(*ASKED, "--exchange", "CRWV=XLON", "--write", tmp_path / "drafts")
    assert status == 0
    (draft,) = (tmp_path / "drafts").glob("*.toml")
    assert 'exchange = "XLON"' in draft.read_text(encoding="utf-8")
    assert said(*ASKED, "--exchange", "CRWV=XLONN")[0] == 2


def test_discover_as_json(server: Any, said: Said, tmp_path: Path) -> None:
    status, out, _ = said(*ASKED, "--json", "--write", tmp_path / "drafts")
    (found,) = json.loads(out)["found"]
    assert status == 0
    assert found["public_by"] == "2026-09-17T07:01:33-04:00"
    assert json.loads(out)["written"] == [found["draft"]]
    assert (tmp_path / "drafts" / found["draft"]).is_file()


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (("--ticker", "CRWW"), "did you mean 'CRWV'"),
        (("--ticker", "CRWV", "--since", "June"), "since: 'June' is no day"),
        (("--ticker", "CRWV", "--since", "2026-09-02", "--until", "2026-09-01"), "is after until"),
        ((), "Name a ticker"),
        (("--ticker", "CRWV=x"), "write TICKER=CIK"),
        (("--ticker", "../x"), "is no ticker"),
        (("--feed", "nothing.xml"), "nothing.xml: cannot be read"),
    ],
)
def test_what_cannot_be_asked(server: Any, said: Said, args: tuple[str, ...], why: str) -> None:
    status, _, err = said("events", "discover", *args)
    assert status == 2
    assert why in err
    assert len(err.splitlines()) == 1


def test_without_a_contact(server: Any, said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REACTIONS_CONTACT")
    status, _, err = said(*ASKED)
    assert (status, len(err.splitlines())) == (2, 1)
    assert "set REACTIONS_CONTACT=" in err
    assert not server.asked


def test_check_filings(server: Any, said: Said, tmp_path: Path) -> None:
    status, out, _ = said("events", "check", "--filings", "--ticker", "CRWV")
    assert status == 0
    assert "at = 2026-09-17T07:01:33-04:00" in out
    late = tmp_path / "late.toml"
    late.write_text(
        'id = "late"\nheadline = "CoreWeave notes"\n'
        "announced_at = 2026-09-17T08:00:00-04:00\namount = {usd = 3e9}\n"
        'parties = [{name = "CoreWeave", ticker = "CRWV", roles = ["issuer"]}]\n',
        encoding="utf-8",
    )
    status, out, _ = said("events", "check", "--filings", late, "--json")
    (held,) = json.loads(out)["held"]
    assert (status, held["contradiction"], held["proposed"]) == (1, True, False)


DUE = ("events", "due", "--as-of", "2026-09-20", "--since")


def test_due_since_a_day(said: Said) -> None:
    status, out, _ = said(*DUE, "2026-09-16", "--json")
    rows = {(one["event_id"], one["ticker"], one["window"]) for one in json.loads(out)["due"]}
    assert status == 0
    assert ("2026-09-17-coreweave-convertible-3bn", "CRWV", "1-day") in rows
    assert ("2026-09-17-coreweave-convertible-3bn", "CRWV", "5-day") not in rows
    assert said(*DUE, "2026-09-20", "--exit-code")[0] == 0
    assert said(*DUE, "2026-09-16", "--exit-code")[0] == 1


def test_due_since_a_run(said: Said, tmp_path: Path) -> None:
    tables = tmp_path / "out" / "tables"
    tables.mkdir(parents=True)
    keys: dict[str, dict[str, Any]] = {
        key: {} for key in ("experiment", "catalog", "files", "dependencies", "tool")
    }
    manifest = keys | {"prices": {"last_session": "2026-09-17"}}
    (tmp_path / "out" / "manifest.json").write_text(json.dumps(manifest))
    (tables / "windows.csv").write_text(
        "event_id,ticker\n2026-08-20-hudson-river-coreweave,CRWV\n"
        "2026-08-19-nebius-convertible-4p5bn,NBIS\n"
    )
    _, out, _ = said(*DUE, tmp_path / "out", "--json")
    rows = [one for one in json.loads(out)["due"] if one["event_id"].startswith("2026-08-")]
    of_known = [one for one in rows if one["event_id"] == "2026-08-20-hudson-river-coreweave"]
    assert [(one["window"], one["last_session"]) for one in of_known] == [("1-month", "2026-09-18")]
    assert not [one for one in rows if one["ticker"] == "NBIS" and "nebius-conv" in one["event_id"]]
    # an announcement the run did not have is due with all that is complete
    assert any(
        one["event_id"].startswith("2026-08-18") and one["window"] == "1-day" for one in rows
    )


def test_due_in_words_counts_and_names_what_comes_next(said: Said, tmp_path: Path) -> None:
    """News before the open of Wednesday 2 September; Labor Day is on Monday the 7th.

    So [0,+4] is complete with the 9th, and [0,+20] with 1 October.
    """
    listed = tmp_path / "events.csv"
    listed.write_text("event_id,ticker,announced_at,timing\ne,META,2026-09-02,before_open\n")
    asked = tmp_path / "asked.toml"
    asked.write_text("[study.windows]\n5-day = [0, 4]\n1-month = [0, 20]\n")
    given = ("--catalog", listed, "--experiment", asked)
    due = ("events", "due", "--as-of", "2026-09-11", *given, "--since")
    _, out, _ = said(*due, "2026-09-08")
    assert "2026-09-09" in out
    assert "1 window of 1 announcement is complete since 2026-09-08" in out
    assert "next: 2026-10-01, the 1-month window of e" in out
    _, out, _ = said(*due, "2026-09-10")
    assert "0 windows of 0 announcements are complete since 2026-09-10" in out


def test_due_of_no_run(said: Said, tmp_path: Path) -> None:
    status, _, err = said("events", "due", "--since", tmp_path)
    assert status == 2
    assert "no manifest.json" in err


SMALL = (
    "strategies = []\nsweep = false\n[study]\nmodels = ['market']\n"
    "benchmarks = ['SPY']\nsensitivity = false\n"
)


def test_a_report_only_if_anything_changed(said: Said, tmp_path: Path) -> None:
    plan, out = tmp_path / "small.toml", tmp_path / "out"
    plan.write_text(SMALL, encoding="utf-8")
    catalog = tmp_path / "catalog.csv"
    row = (
        "a,CRWV,2026-06-02T08:00:00-04:00\n"
        "b,META,2026-06-09T08:00:00-04:00\nc,NBIS,2026-06-16T08:00:00-04:00\n"
    )
    catalog.write_text("event_id,ticker,announced_at\n" + row, encoding="utf-8")
    asked = (
        "report",
        "--experiment",
        plan,
        "--catalog",
        catalog,
        "--prices",
        "sample",
        "--out",
        out,
    )
    page = out / "report.html"

    def ran() -> bool:
        before = page.stat().st_ino if page.exists() else None
        status, told, _ = said(*asked, "--if-changed")
        assert status == 0
        same = page.stat().st_ino == before
        assert same == ("nothing changed since the run" in told)
        return not same

    assert ran()
    assert not ran()
    catalog.write_text("event_id,ticker,announced_at\n" + row.replace("2026-06-09", "2026-06-10"))
    assert ran()
    plan.write_text(SMALL + "by = ['kind']\n", encoding="utf-8")
    assert ran()
    page.write_text("altered", encoding="utf-8")
    assert ran()
    (out / "tables" / "windows.csv").unlink()
    assert ran()
    assert not ran()


def test_a_window_before_the_first_session_of_a_share_is_never_due(said: Said) -> None:
    _, out, _ = said("events", "due", "--since", "2026-05-01", "--as-of", "2026-07-31", "--json")
    found = {(one["event_id"], one["ticker"], one["window"]) for one in json.loads(out)["due"]}
    assert ("2026-05-20-anthropic-spacex-45bn", "CRWV", "1-month") in found
    assert not [one for one in found if one[1] == "SPCX" and one[0] < "2026-06-12"]
    assert ("2026-06-23-reflection-spacex-6p3bn", "SPCX", "5-day") in found
