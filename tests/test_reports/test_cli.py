from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from reports.cli import COMMANDS, main


def run(*args: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(list(args))
    told = capsys.readouterr()
    return int(ended.value.code or 0), told.out, told.err


def test_help_lists_every_command_and_loads_nothing_heavy() -> None:
    heavy = ("numpy", "pandas", "pydantic", "rich", "scipy", "vectorbt", "yfinance")
    code = (
        "import sys; from reports.cli import main\n"
        "try: main(['--help'])\n"
        f"finally: sys.stderr.write(' '.join(sorted(set({heavy}) & set(sys.modules))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert all(name in done.stdout for name in COMMANDS)
    assert done.stderr == ""


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(name, "--help", capsys=capsys)
    assert status == 0
    assert "Usage: reactions" in out


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["reprot"], "no command 'reprot'; did you mean 'report'?"),
        (["report", "--outt", "x"], "No such option '--outt'. Did you mean '--out'?"),
        (["report", "--prices", "/no/such/folder"], "price folder /no/such/folder does not exist"),
        (
            ["report", "--prices", "sample", "--experiment", "none.toml"],
            "none.toml: cannot be read",
        ),
        (["report", "--prices", "sample", "--catalog", "none.toml"], "none.toml"),
        (
            ["events", "show", "2026-04-09-meta-coreweave-21b"],
            "did you mean '2026-04-09-meta-coreweave-21bn'?",
        ),
        (["events", "list", "--ticker", "CRWX"], "did you mean 'CRWV'?"),
    ],
)
def test_wrong_input_is_one_line_and_status_2(
    args: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--out", str(tmp_path / "out")] if args[0] == "report" else []
    status, told, error = run(*args, *out, capsys=capsys)
    assert status == 2
    assert error.startswith("error: ")
    assert said in error
    assert error.count("\n") == 1
    assert not told
    assert not list(tmp_path.rglob("*.csv"))


def test_out_that_is_a_file_is_told_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").write_text("mine")
    status, _, error = run(
        "report", "--prices", "sample", "--out", str(tmp_path / "out"), capsys=capsys
    )
    assert (status, "is a file; name a folder" in error) == (2, True)
    assert (tmp_path / "out").read_text() == "mine"


def test_a_filter_that_keeps_nothing_is_wrong_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "e.toml"
    path.write_text("[filter]\nsince = 2031-01-01")
    status, _, error = run(
        "study",
        "--prices",
        "sample",
        "--experiment",
        str(path),
        "--out",
        str(tmp_path / "out"),
        capsys=capsys,
    )
    assert status == 2
    assert "no announcement of" in error


def test_interrupting_is_130(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("reports.commands.running.read_prices", interrupted)
    status, _, error = run(
        "report", "--prices", "sample", "--out", str(tmp_path / "out"), capsys=capsys
    )
    assert status == 130
    assert "interrupted" in error
    assert not (tmp_path / "out").exists()


def test_debug_lets_the_error_through() -> None:
    from events.errors import ReactionsError

    with pytest.raises(ReactionsError):
        main(["events", "show", "none", "--debug"])


def test_events_list_and_show(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run("events", "list", "--ticker", "META", capsys=capsys)
    assert status == 0
    assert "2026-04-09-meta-coreweave-21bn" in out
    status, out, _ = run("events", "show", "2026-04-09-meta-coreweave-21bn", capsys=capsys)
    assert "Meta adds about $21bn" in out


def test_a_factor_model_says_where_factors_go(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan, prices = tmp_path / "plan.toml", tmp_path / "prices"
    plan.write_text("[study]\nmodels = ['market', 'ff3', 'carhart']\n", encoding="utf-8")
    prices.mkdir()
    out = str(tmp_path / "out")
    status, _, error = run(
        "study", "--prices", str(prices), "--experiment", str(plan), "--out", out, capsys=capsys
    )
    assert (status, error.count("\n")) == (2, 1)
    assert (
        "no factors for 'ff3' and 'carhart': "
        "add F-F_Research_Data_Factors_daily_CSV.zip and F-F_Momentum" in error
    )
    assert "(--factors FILE, or its name under factors in [study])" in error


def test_calibration_is_printed_and_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = tmp_path / "plan.toml"
    keys = "models = ['market']\nbenchmarks = ['SPY']\nsensitivity = false\ncalibrate = 3\n"
    plan.write_text(
        f"strategies = []\nsweep = false\n[filter]\ntickers = ['META']\n[study]\n{keys}",
        encoding="utf-8",
    )
    out = tmp_path / "out"
    given = ("--prices", "sample", "--experiment", str(plan), "--out", str(out))
    status, told, _ = run("study", *given, capsys=capsys)
    assert status == 0
    assert "no effect at 5%\tno effect at 10%\t+1.0% at 5%" in told
    assert "rejects on 3 placebo catalogs" in told
    assert run("report", *given, capsys=capsys)[0] == 0
    assert "3 shifted catalogs" in (out / "report.html").read_text(encoding="utf-8")


def test_every_vendor_can_be_named_on_the_command_line() -> None:
    from backtest.prices.sources.network import vendors
    from reports.commands.options.common import VENDORS

    assert list(VENDORS) == list(vendors.VENDORS)
