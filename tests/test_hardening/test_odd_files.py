"""Files of another encoding, links to nothing, and a strategy's file that ends in an odd way."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from backtest.errors import PriceError
from backtest.prices import Prices
from backtest.prices.sample.market import sample_events
from reports.cli import main
from strategies.asking.ask import ask
from strategies.asking.loader import find_strategy, set_up
from strategies.errors import StrategyError

ROWS = "Date,Close,Währung\n2026-04-01,10,EUR\n2026-04-02,11,EUR\n"
OWN = (
    "from dataclasses import dataclass\n\n\n@dataclass(frozen=True)\nclass Own:\n"
    "    name = 'own'\n    def __post_init__(self):\n        {}\n"
    "    def orders(self, events, prices):\n        {}\n"
)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (ROWS.encode("latin-1"), r"META.csv: .*no UTF-8 text \(byte 12\); save it as UTF-8"),
        (gzip.compress(ROWS.encode()), r"META.csv: .*packed \(gzip\); unpack it first"),
    ],
)
def test_the_encoding_is_told_with_what_to_do(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "META.csv").write_bytes(content)
    with pytest.raises(PriceError, match=words):
        Prices.read(tmp_path)


@pytest.mark.parametrize("target", ["META.csv", "nowhere.csv"])
def test_a_link_to_nothing_is_no_missing_ticker(tmp_path: Path, target: str) -> None:
    (tmp_path / "SPY.csv").write_text(ROWS, encoding="utf-8")
    (tmp_path / "META.csv").symlink_to(tmp_path / target)
    with pytest.raises(PriceError, match=r"META\.csv: a link that leads to no file"):
        Prices.read(tmp_path)


@pytest.mark.parametrize("target", ["out", "nowhere"])
def test_a_target_that_leads_nowhere_is_told_before_the_work(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("out").symlink_to(target)
    with pytest.raises(SystemExit) as ended:
        main(["study", "--prices", "sample", "--out", "out"])
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("error: --out out: is a link that leads nowhere")


@pytest.mark.parametrize("error", ["GeneratorExit", "BaseException"])
def test_an_end_of_any_kind_is_told(tmp_path: Path, error: str) -> None:
    path = tmp_path / "mine.py"
    path.write_text(f"raise {error}('z')", encoding="utf-8")
    with pytest.raises(StrategyError, match=rf"mine.py: RuntimeError: {error}: z"):
        find_strategy(f"{path}:Own")
    path.write_text(OWN.format("pass", f"raise {error}('z')"), encoding="utf-8")
    own = set_up(find_strategy(f"{path}:Own"), {})
    with pytest.raises(StrategyError, match=rf"own failed: RuntimeError: {error}: z"):
        ask(own, sample_events(), Prices.sample())


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("raise ValueError('no\\nway')", "strategy own: no way"),
        ("raise SystemExit(0)", "strategy own: SystemExit: 0"),
        ("raise GeneratorExit('z')", "strategy own: GeneratorExit: z"),
    ],
)
def test_a_strategy_that_cannot_be_set_up_is_told(tmp_path: Path, act: str, words: str) -> None:
    path = tmp_path / "mine.py"
    path.write_text(OWN.format(act, "return ()"), encoding="utf-8")
    with pytest.raises(StrategyError, match=words):
        set_up(find_strategy(f"{path}:Own"), {})


def test_a_file_with_a_nul_has_no_line_none(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_bytes(b"x = 1\x00")
    with pytest.raises(StrategyError, match=r"^mine.py: .*null bytes"):
        find_strategy(f"{path}:Own")


@pytest.mark.parametrize("name", ['"a\\nb"', '" "', '" day"', '"a\\tb"'])
def test_a_window_is_named_in_one_line(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("x.toml").write_text(f"[study.windows]\n{name} = [0, 1]\n", encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["study", "--prices", "sample", "--experiment", "x.toml"])
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("error: x.toml: study.windows")
    assert not Path("out").exists()


def test_json_stays_json_whatever_a_strategy_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    act = "print('thinking'); return ()"
    Path("mine.py").write_text(f"print('read')\n{OWN.format('pass', act)}", encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["backtest", "--prices", "sample", "--strategy", "mine.py:Own", "--json"])
    assert not ended.value.code
    said = capsys.readouterr()
    assert json.loads(said.out)["tables"] == "out/tables"
    assert "thinking" in said.err
    assert "read" in said.err
