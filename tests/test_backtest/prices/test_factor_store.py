"""Factor files in the store.

Kept once and for good, through damage, crashes and other processes; each model's own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from backtest.errors import PriceError
from backtest.prices.factors.files import FactorFile, Factors
from backtest.prices.factors.library import read_factor_file
from backtest.prices.factors.source import keep, newest, open_factors, pinned_factors
from backtest.prices.sample.market import sample_factors, sample_french_factors
from backtest.prices.store import Snapshot, Store
from backtest.prices.store.pins import FactorPin, read_factor_pins
from backtest.prices.store.place import put
from backtest.prices.store.status import status
from backtest.prices.store.store import Request

FF3 = ("Mkt-RF", "SMB", "HML", "RF")


def kept(store: Store, path: Path) -> Snapshot:
    ((snapshot, new),) = keep(store, [path])
    assert new
    return snapshot


def pin(snapshot: Snapshot, *, simulated: bool = False) -> FactorPin:
    return FactorPin(snapshot.detail, snapshot.content, snapshot.last_session, simulated)


def test_a_file_is_kept_as_it_was_read(store: Store, library: Any) -> None:
    path = library.zipped(library.three)
    snapshot = kept(store, path)
    pd.testing.assert_frame_equal(store.read(snapshot.id), read_factor_file(path), check_freq=False)
    assert (snapshot.detail, snapshot.first_session, snapshot.last_session) == (
        path.name,
        "2023-01-03",
        "2026-10-30",
    )
    assert snapshot.fetched_at.endswith("+00:00")
    assert store.problems() == ()


def test_the_same_content_is_kept_once(store: Store, library: Any) -> None:
    snapshot = kept(store, library.zipped(library.three))
    plain = library.folder / "plain.csv"
    plain.write_text(library.text(library.three))
    assert keep(store, [plain]) == [(snapshot, False)]
    kept(store, library.zipped(library.three, seed=2))
    assert len(store.factors()) == 2


def test_one_bad_file_and_none_is_kept(store: Store, library: Any) -> None:
    bad = library.folder / "bad.csv"
    good = library.zipped(library.three)
    bad.write_text("nothing")
    with pytest.raises(PriceError, match=r"bad\.csv has no rows of daily factors"):
        keep(store, [good, bad])
    assert store.factors() == ()


def test_prices_do_not_see_them(store: Store, library: Any) -> None:
    kept(store, library.zipped(library.three))
    assert store.snapshots() == ()
    assert status(store).empty


def test_damage_is_seen_and_keeping_again_repairs(store: Store, library: Any) -> None:
    path = library.zipped(library.three)
    snapshot = kept(store, path)
    (store.folder / f"{snapshot.id}.parquet").write_bytes(b"PAR1")
    for read in (lambda: newest(store), lambda: pinned_factors([pin(snapshot)], (), store.root)):
        with pytest.raises(
            PriceError, match=rf"{snapshot.id} is damaged .* keep {path.name} again"
        ):
            read()
    kept(store, path)
    assert [file.digest for file in newest(store)] == [snapshot.content]
    assert pinned_factors([pin(snapshot)], (), store.root).files[0].digest == snapshot.content
    assert len(store.problems()) == 1


@pytest.mark.parametrize("damage", ["gone", "garbage"])
def test_a_lost_manifest_is_built_anew(store: Store, library: Any, damage: str) -> None:
    snapshot = kept(store, library.zipped(library.three))
    path = store.root / "manifest.sqlite"
    path.unlink() if damage == "gone" else path.write_bytes(b"no database" * 99)
    assert Store.open(store.root).factors() == (snapshot,)


def test_a_crash_before_listing_loses_nothing_and_doubles_nothing(
    store: Store, library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(place: Path, data: bytes) -> None:
        put(place, data)
        raise KeyboardInterrupt

    path = library.zipped(library.three)
    monkeypatch.setattr("backtest.prices.store.store.put", crash)
    with pytest.raises(KeyboardInterrupt):
        keep(store, [path])
    monkeypatch.undo()
    assert store.factors() == ()
    ((_, new),) = keep(store, [path])
    assert not new
    assert len(store.factors()) == len(list(store.folder.iterdir())) == 1


def test_processes_that_keep_the_same_at_once_keep_it_once(tmp_path: Path, library: Any) -> None:
    path = library.zipped(library.three)
    script = (
        "import sys\nfrom pathlib import Path\nfrom backtest.prices.factors.source import keep\n"
        "from backtest.prices.store import Store\n"
        "store = Store.open(sys.argv[1]); print(flush=True); sys.stdin.readline()\n"
        "print(sum(new for _ in range(5) for _, new in keep(store, [Path(sys.argv[2])])))\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "s"), str(path)]
    pipes: dict[str, Any] = {
        "stdin": subprocess.PIPE,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
    }
    all_ = [subprocess.Popen(command, text=True, **pipes) for _ in range(3)]
    for process in all_:
        assert process.stdout is not None
        process.stdout.readline()
    told = [process.communicate("\n") for process in all_]
    assert [error for _, error in told] == [""] * 3
    assert sorted(out.strip() for out, _ in told) == ["0", "0", "1"]
    store = Store.open(tmp_path / "s")
    assert len(store.factors()) == len(list(store.folder.iterdir())) == 1
    assert store.problems() == ()


def test_the_store_gives_the_newest_of_each_kind(store: Store, library: Any) -> None:
    kept(store, library.zipped(library.three, last="2026-01-30"))
    kept(store, library.zipped(library.momentum))
    kept(store, library.zipped(library.three))
    files = open_factors(["store"], store.root).files
    assert {file.name: file.last_session for file in files} == {
        library.three: "2026-10-30",
        library.momentum: "2026-10-30",
    }


def test_each_model_takes_its_factors_from_the_file_made_for_it(library: Any) -> None:
    named = [library.zipped(name) for name in (library.five, library.momentum, library.three)]
    factors = open_factors(map(str, named))
    served = {
        "ff3": factors.serving(FF3, "ff3"),
        "ff5": factors.serving((*FF3, "RMW", "CMA"), "ff5"),
        "carhart": factors.serving((*FF3, "Mom"), "carhart"),
    }
    assert {model: [file.name for file in files] for model, files in served.items()} == {
        "ff3": [library.three],
        "ff5": [library.five],
        "carhart": [library.three, library.momentum],
    }
    assert list(factors.table(("Mom", "SMB"), "a test")) == ["Mom", "SMB"]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (
            (*FF3, "Mom"),
            "needs Mom, which F-F_Research_Data_Factors_daily_CSV.zip has not; "
            "add F-F_Momentum_Factor",
        ),
        (
            (*FF3, "RMW"),
            "needs RMW, which .* has not; add F-F_Research_Data_5_Factors_2x3_daily_CSV.zip",
        ),
    ],
)
def test_a_missing_factor_names_the_file_to_add(
    library: Any, wanted: tuple[str, ...], said: str
) -> None:
    factors = open_factors([str(library.zipped(library.three))])
    with pytest.raises(PriceError, match=said):
        factors.table(wanted, "a model")


def test_no_file_at_all_names_what_to_download() -> None:
    with pytest.raises(
        PriceError, match=r"needs Mkt-RF, Mom; add F-F_Research_Data_Factors.* and F-F_Momentum"
    ):
        Factors().table(("Mkt-RF", "Mom"), "a model")


def test_wrong_names_are_told(tmp_path: Path) -> None:
    with pytest.raises(
        PriceError, match=r"there is no factor file sampel; did you mean 'sample'\?"
    ):
        open_factors(["sampel"])
    for name in (str(tmp_path), "x" * 3000, "a\0b"):
        with pytest.raises(PriceError, match="there is no factor file"):
            open_factors([name])
    with pytest.raises(
        PriceError, match="has no factors; keep some with: reactions prices factors FILE"
    ):
        open_factors(["store"], tmp_path / "s")


def test_pins_come_from_the_store_or_from_the_very_file(store: Store, library: Any) -> None:
    path = library.zipped(library.three)
    file = FactorFile(path.name, read_factor_file(path))
    pinned = FactorPin(file.name, file.digest, file.last_session, simulated=False)
    assert pinned_factors([pinned], [str(path)], store.root).files[0].digest == file.digest
    kept(store, path)
    library.zipped(library.three, seed=2)
    assert pinned_factors([pinned], [], store.root).files[0].digest == file.digest
    with pytest.raises(
        PriceError,
        match=r"earlier run \(F-F_Research.* until 2026-10-30.*neither in the price store",
    ):
        pinned_factors(
            [FactorPin(path.name, "0" * 64, "2026-10-30", simulated=False)], [str(path)], store.root
        )


@pytest.mark.parametrize("text", ["{", "[]", '{"factors": [{"name": "x"}]}'])
def test_a_manifest_that_does_not_tell_its_factors(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(PriceError, match="does not say which factors the study used"):
        read_factor_pins(tmp_path)


def test_a_manifest_before_there_were_factors_pins_none(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"prices": {}}))
    assert read_factor_pins(tmp_path) == ()
    with pytest.raises(PriceError, match="cannot be read"):
        read_factor_pins(tmp_path / "nowhere.json")


def test_the_simulated_factors_are_the_simulated_market(store: Store) -> None:
    made, again = sample_french_factors(), sample_french_factors()
    pd.testing.assert_frame_equal(made, again)
    market = sample_factors()["market"]
    assert ((made["Mkt-RF"] + made["RF"] - market).abs() < 1e-6).all()
    others = made.drop(columns=["Mkt-RF", "RF"])
    assert others.corrwith(made["Mkt-RF"]).abs().max() < 0.1
    (file,) = open_factors(["sample"]).files
    assert "(SIMULATED)" in str(file)
    snapshot = FactorPin(file.name, file.digest, file.last_session, simulated=True)
    assert pinned_factors([snapshot], (), store.root).simulated


def test_a_ticker_called_factors_is_another_thing(store: Store, library: Any) -> None:
    kept(store, library.zipped(library.three))
    days = pd.bdate_range("2026-01-02", periods=3).as_unit("us")
    store.add(
        Request("factors", "2026-01-02", "2026-01-06", "Yahoo"),
        pd.DataFrame({"Close": [1.0, 2.0, 3.0]}, index=days),
    )
    assert [snapshot.ticker for snapshot in store.snapshots()] == ["factors"]
    assert len(store.factors()) == 1


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the system lists no threads")
def test_a_snapshot_is_read_without_threads_that_could_abort_the_end(
    store: Store, library: Any
) -> None:
    keep(store, [library.zipped(library.three)])
    (file,) = store.folder.glob("*.parquet")
    script = (
        "import os, sys\nfrom pathlib import Path\n"
        "from backtest.prices.store.snapshot import from_bytes\n"
        "data = Path(sys.argv[1]).read_bytes(); before = len(os.listdir('/proc/self/task'))\n"
        "from_bytes(data, 'x'); print(len(os.listdir('/proc/self/task')) - before)\n"
    )
    command = [sys.executable, "-c", script, str(file)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "0\n"
