"""Factor models in an experiment.

Where factors come from, what is recorded, and what is said where they end.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from backtest import Prices
from backtest.prices.store import Store
from backtest.prices.store.store import Request
from reports.cli import main
from reports.experiment.plan import Experiment

QUICK = (
    "strategies = []\nsweep = false\n[filter]\ntickers = ['META']\nsince = 2026-02-15\n"
    "until = 2026-04-30\n[study]\nbenchmarks = ['SPY']\nsensitivity = false\n"
)
MODEL = "F-F_Research_Data_Factors_daily_CSV.zip"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plans" / "plan.toml"
    path.parent.mkdir()
    path.write_text(QUICK + "models = ['market', 'ff3']\n", encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A price store of the test's own."""
    monkeypatch.setenv("REACTIONS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


class Ran:
    """A command that was run: its exit status, what it said, and what it wrote."""

    def __init__(self, out: Path, status: int, told: str, error: str) -> None:
        self.out, self.status, self.told, self.error = out, status, told, error

    @property
    def manifest(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.out / "manifest.json").read_text(encoding="utf-8"))
        return found

    def table(self, name: str) -> pd.DataFrame:
        return pd.read_csv(
            self.out / "tables" / f"{name}.csv", keep_default_na=False, na_values=[""]
        )


class Command:
    """Runs commands of the tool within a test."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.out, self.capsys = folder / "out", capsys

    def __call__(self, *args: object) -> Ran:
        with pytest.raises(SystemExit) as ended:
            main([str(one) for one in args])
        told = self.capsys.readouterr()
        return Ran(self.out, int(ended.value.code or 0), told.out, told.err)

    def study(self, plan: Path, *more: object, prices: object = "sample") -> Ran:
        return self("study", "--prices", prices, "--experiment", plan, "--out", self.out, *more)


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(tmp_path, capsys)


def test_simulated_prices_have_simulated_factors_and_say_so(plan: Path, command: Command) -> None:
    ran = command.study(plan)
    assert ran.status == 0
    (file,) = ran.manifest["factors"]
    assert (file["simulated"], file["name"], file["last_session"]) == (
        True,
        "simulated factors",
        "2026-10-30",
    )
    assert any("Factors are SIMULATED" in note for note in ran.manifest["notes"])
    windows = ran.table("windows")
    assert set(windows["model"] + " on " + windows["benchmark"]) == {
        "market on SPY",
        "ff3 on Mkt-RF+SMB+HML",
    }
    assert windows.groupby("model")["car"].count().nunique() == 1
    assert command("verify", ran.out).told == "everything is as it was\n"


def test_files_lie_beside_the_experiment_and_only_their_names_are_told(
    plan: Path, command: Command, library: Any, tmp_path: Path
) -> None:
    library.folder = plan.parent / "french"
    library.zipped(MODEL)
    plan.write_text(plan.read_text() + f"factors = ['french/{MODEL}']\n")
    ran = command("report", "--prices", "sample", "--experiment", plan, "--out", command.out)
    assert ran.status == 0
    (file,) = ran.manifest["factors"]
    assert (file["name"], file["first_session"], file["simulated"]) == (MODEL, "2023-01-03", False)
    assert ran.manifest["experiment"]["study"]["factors"] == [MODEL]
    page = re.sub("</?span[^>]*>", "", (ran.out / "report.html").read_text())
    assert f"ff3: Mkt-RF, SMB, HML, RF from {MODEL}, 2023-01-03 to 2026-10-30" in page
    assert f"sha256 {file['digest']}" in page
    assert "nothing follows from factor models on them" in page
    for path in (str(tmp_path), "french/"):
        assert path not in page + (ran.out / "manifest.json").read_text()


def test_the_option_goes_before_the_key_and_the_store_before_none(
    plan: Path, command: Command, library: Any
) -> None:
    plan.write_text(plan.read_text() + "factors = ['nowhere.zip']\n")
    assert "there is no factor file" in command.study(plan).error
    path = library.zipped(MODEL)
    named = command.study(plan, "--factors", path)
    assert (
        command("prices", "factors", path).told
        == f"{MODEL}: kept (999 days, 2023-01-03 to 2026-10-30)\n"
    )
    assert "already there" in command("prices", "factors", path).told
    assert (
        f"factors  2023-01-03 to 2026-10-30  {MODEL}, kept 20" in command("prices", "status").told
    )
    digest = named.manifest["factors"]
    assert command.study(plan, "--factors", "store").manifest["factors"] == digest


def test_factor_models_alone_make_a_page(plan: Path, command: Command) -> None:
    plan.write_text(QUICK + "models = ['ff3', 'carhart', 'ff5']\n")
    ran = command("report", "--prices", "sample", "--experiment", plan, "--out", command.out)
    assert ran.status == 0
    assert "no event could be studied" not in ran.told
    page = (ran.out / "report.html").read_text()
    assert "ff5: Mkt-RF, SMB, HML, RMW, CMA, RF from simulated factors (SIMULATED)" in page
    assert "Fama, French (1993, 2015)" in page


def test_events_after_the_factors_are_left_out_with_the_reason(
    plan: Path, command: Command, library: Any
) -> None:
    ran = command.study(plan, "--factors", library.zipped(MODEL, last="2026-03-31"))
    assert any(
        "The ff3 factors end 2026-03-31, before the prices" in note
        for note in ran.manifest["notes"]
    )
    dropped, windows = ran.table("dropped"), ran.table("windows")
    late = dropped[dropped["why"].str.endswith("is after the ff3 factors, which end 2026-03-31")]
    sessions = windows.groupby("model")["event_session"]
    assert sessions.max()["ff3"] <= "2026-03-31" < sessions.max()["market"]
    events = windows[windows["window"] == "1-day"].groupby("model").size()
    assert len(late) == events["market"] - events["ff3"] > 0
    ends = windows[
        (windows["model"] == "ff3") & (windows["window"] == "1-month") & windows["car"].isna()
    ]
    assert len(ends)
    assert ends["flags"].str.contains("cut_off").all()
    assert f"{events['market']} events, 0 left out" in ran.told  # of the main model


@pytest.mark.parametrize("models", ["'ff3'", "'market', 'ff3'"])
def test_factors_that_end_before_the_prices_begin(
    plan: Path, command: Command, library: Any, models: str
) -> None:
    path = library.folder / "old.csv"
    library.folder.mkdir()
    path.write_text(",Mkt-RF,SMB,HML,RF\n19260701,0.1,0.2,0.3,0.009\n19260702,0.1,0.2,0.3,0.009\n")
    plan.write_text(QUICK + f"models = [{models}]\n")
    ran = command.study(plan, "--factors", path)
    assert (ran.status, ran.error.count("\n")) == (2, 1)
    assert (
        "no session of the prices is among the ff3 factors, which run from 1926-07-01 to 1926-07-02"
        in ran.error
    )


def wrong(library: Any, kind: str) -> Path:
    library.folder.mkdir()
    path: Path = library.folder / "F.csv"
    texts = {
        "monthly": ",Mkt-RF,SMB,HML,RF\n202604,1,2,3,4\n",
        "misspelt": ",Mkt-FR,SMB,HML,RF\n20260409,1,2,3,4\n",
        "lacking": ",Mkt-RF,SMB,RF\n20260409,1,2,4\n",
    }
    if kind in texts:
        path.write_text(texts[kind])
    return path


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("missing", "there is no factor file"),
        ("monthly", "F.csv is a monthly file; download the one named [Daily]"),
        ("misspelt", "expected names like Mkt-RF; did you mean 'Mkt-RF'?"),
        (
            "lacking",
            f"model 'ff3' needs HML, which F.csv has not; add {MODEL} of the Ken French library",
        ),
    ],
)
def test_wrong_files_are_one_line(
    plan: Path, command: Command, library: Any, kind: str, said: str
) -> None:
    ran = command.study(plan, "--factors", wrong(library, kind))
    assert (ran.status, ran.error.count("\n"), ran.out.exists()) == (2, 1, False)
    assert said in ran.error


def test_simulated_factors_do_not_go_with_a_market(
    plan: Path, command: Command, tmp_path: Path
) -> None:
    ran = command.study(plan, "--factors", "sample", prices=tmp_path)
    assert (ran.status, "simulated factors say nothing about prices of a market" in ran.error) == (
        2,
        True,
    )


def test_factors_without_a_factor_model_are_a_note(plan: Path, command: Command) -> None:
    plan.write_text(QUICK + "models = ['market']\n")
    ran = command.study(plan, "--factors", "nowhere.zip")
    assert ran.status == 0
    assert (
        "Factors are named, but no model studied takes any: they were not read."
        in ran.manifest["notes"]
    )
    assert ran.manifest["factors"] == []
    assert command("verify", ran.out).status == 0


def test_verify_explains_other_factors(plan: Path, command: Command, library: Any) -> None:
    path = library.zipped(MODEL, last="2026-09-30")
    ran = command.study(plan, "--factors", path)
    gone = command("verify", ran.out)
    assert gone.status == 2
    assert f"the factors of the earlier run ({MODEL} until 2026-09-30, sha256" in gone.error
    assert command("verify", ran.out, "--factors", path).told == "everything is as it was\n"
    other = command("verify", ran.out, "--factors", library.zipped(MODEL))
    assert other.status == 1
    assert f"factors: {MODEL} until 2026-09-30 (digest " in other.told
    assert f"then, {MODEL} until 2026-10-30 (digest " in other.told
    assert "tables/windows.csv: the run gives another result now" in other.told


def test_verify_finds_factors_in_the_store_of_the_run(
    plan: Path, command: Command, library: Any, home: Path
) -> None:
    path = library.zipped(MODEL)
    command("prices", "factors", path, "--store", home / "mine")
    ran = command.study(plan, "--factors", "store", "--store", home / "mine")
    path.unlink()
    assert command("verify", ran.out).status == 2
    assert command("verify", ran.out, "--store", home / "mine").told == "everything is as it was\n"


def test_compare_names_other_factors(
    plan: Path, command: Command, library: Any, tmp_path: Path
) -> None:
    command.study(plan)
    first = command.out.rename(tmp_path / "first")
    command.study(plan, "--factors", library.zipped(MODEL))
    told = command("compare", first, command.out).told
    assert "factors: simulated factors until 2026-10-30 (digest " in told
    assert "factors" not in command("compare", first, first).told


@pytest.fixture
def pin(plan: Path, command: Command, library: Any, home: Path, tmp_path: Path) -> Path:
    """The manifest of a run on stored prices and on factors of a file that is not stored."""
    ran = command.study(plan, "--factors", library.zipped(MODEL))
    assert ran.status == 0
    made, prices, store = ran.manifest, Prices.sample(), Store.open(home / "prices")
    fields = {
        "Open": "open",
        "High": "high",
        "Low": "low",
        "Close": "close",
        "Adj Close": "adjusted",
    }
    kept = []
    for ticker in ("META", "SPY"):
        bars = pd.DataFrame(
            {name: getattr(prices, field)[ticker] for name, field in fields.items()}
        )
        first, last = str(bars.index[0].date()), str(bars.index[-1].date())
        kept.append(store.add(Request(ticker, first, last, "Yahoo"), bars.assign(Volume=1.0)).id)
    path = tmp_path / "earlier.json"
    path.write_text(json.dumps({**made, "prices": {**made["prices"], "snapshots": kept}}))
    return path


def test_a_pin_takes_the_very_factors(
    plan: Path, command: Command, library: Any, pin: Path
) -> None:
    then = json.loads(pin.read_text())["factors"]
    path = library.folder / MODEL
    assert (
        command.study(plan, "--pin", pin, "--factors", path, prices="yahoo").manifest["factors"]
        == then
    )
    command("prices", "factors", path)
    library.zipped(MODEL, seed=7)
    command("prices", "factors", path)
    ran = command.study(plan, "--pin", pin, "--factors", "store", prices="yahoo")
    assert ran.manifest["factors"] == then
    assert not ran.manifest["simulated_prices"]


def test_a_pin_whose_factors_are_gone_is_one_line(
    plan: Path, command: Command, library: Any, pin: Path
) -> None:
    ran = command.study(
        plan, "--pin", pin, "--factors", library.zipped(MODEL, seed=7), prices="yahoo"
    )
    assert (ran.status, ran.error.count("\n")) == (2, 1)
    assert "are neither in the price store nor the files named" in ran.error


def test_a_pin_leaves_room_for_factors_it_had_not(
    plan: Path, command: Command, library: Any, pin: Path
) -> None:
    plan.write_text(QUICK + "models = ['ff3', 'carhart']\n")
    command("prices", "factors", library.folder / MODEL)
    lacking = command.study(plan, "--pin", pin, prices="yahoo")
    assert f"model 'carhart' needs Mom, which {MODEL} has not; add F-F_Momentum" in lacking.error
    ran = command.study(
        plan, "--pin", pin, "--factors", library.zipped(library.momentum), prices="yahoo"
    )
    assert [file["name"] for file in ran.manifest["factors"]] == [MODEL, library.momentum]


def test_words_in_place_of_files_are_no_paths(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text("[study]\nfactors = ['store', 'sample', 'f.zip', '/data/g.zip']\n")
    assert Experiment.read(path).study.factors == (
        "store",
        "sample",
        str(tmp_path / "f.zip"),
        "/data/g.zip",
    )
