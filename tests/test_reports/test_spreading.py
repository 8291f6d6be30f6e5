"""--workers, --resume and what a terminal shows of long work."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.cli import main
from reports.commands.options.spreading import UNFINISHED


def run(*args: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(list(args))
    told = capsys.readouterr()
    return int(ended.value.code or 0), told.out, told.err


@pytest.mark.slow
def test_workers_and_a_resumed_run_write_the_same_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from backtest.work.kept import Kept

    given = ("study", "--prices", "sample", "--calibrate", "7", "--out")
    assert run(*given, str(tmp_path / "one"), capsys=capsys)[0] == 0
    assert run(*given, str(tmp_path / "two"), "--workers", "2", capsys=capsys)[0] == 0
    put = Kept.put

    def stopped(self: Kept, key: str, result: object, begun: float) -> None:
        put(self, key, result, begun)
        if any(self.folder.glob("*.json")):
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Kept, "put", stopped)
        assert run(*given, str(tmp_path / "three"), capsys=capsys)[0] == 130
    assert list((tmp_path / "three" / UNFINISHED).iterdir())
    assert not (tmp_path / "three" / "tables").exists()
    status, _, _ = run(*given, str(tmp_path / "three"), "--resume", capsys=capsys)
    assert status == 0
    for name in ("two", "three"):
        assert not (tmp_path / name / UNFINISHED).exists()
        for table in (tmp_path / "one" / "tables").iterdir():
            assert (tmp_path / name / "tables" / table.name).read_bytes() == table.read_bytes()


def test_a_run_that_was_cut_off_is_mentioned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    left = tmp_path / "out" / UNFINISHED
    left.mkdir(parents=True)
    (left / "abc.json").write_text("not whole")
    few = ("--where", "ticker == 'META'")
    given = ("study", "--prices", "sample", *few, "--out", str(tmp_path / "out"))
    _, _, error = run(*given, capsys=capsys)
    assert "--resume goes on from what it finished" in error
    assert not left.exists()


def test_two_kinds_of_workers_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("study", "--prices", "sample", "--out", str(tmp_path / "out"), "--workers", "2")
    status, _, error = run(*given, "--dask", "tcp://127.0.0.1:1", capsys=capsys)
    assert status == 2
    assert "name one" in error
