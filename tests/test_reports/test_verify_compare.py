from __future__ import annotations

import json
from pathlib import Path

import pytest

from backtest import Prices
from events import Catalog
from reports.earlier.compare import compare
from reports.earlier.verify import verify
from reports.errors import OutputError
from reports.experiment.plan import Experiment
from reports.export.tables import write_run
from reports.run.findings import Findings, run


def quiet(_: str) -> None:
    pass


@pytest.fixture(scope="module")
def whole(small: Experiment, findings: Findings) -> Experiment:
    """A small experiment whose filter makes its catalog out of the bundled one."""
    ids = tuple(news.id for news in findings.catalog)
    return small.model_copy(update={"filter": small.filter.model_copy(update={"ids": ids})})


@pytest.fixture(scope="module")
def quick(whole: Experiment, findings: Findings, prices: Prices) -> Findings:
    return run(whole, findings.catalog, prices)


@pytest.fixture
def out(quick: Findings, tmp_path: Path) -> Path:
    write_run(tmp_path / "out", quick, {})
    return tmp_path / "out"


def test_a_run_verifies(out: Path) -> None:
    assert verify(out, Catalog.bundled(), None, quiet) == []


def test_what_was_changed_by_hand_is_named(out: Path) -> None:
    table = out / "tables" / "windows.csv"
    table.write_text(table.read_text().replace("META", "MATE", 1))
    (out / "tables" / "tests.csv").unlink()
    assert verify(out, Catalog.bundled(), None, quiet) == [
        "tables/tests.csv: is missing",
        "tables/windows.csv: was changed after the run",
    ]


def test_another_catalog_is_told(out: Path, findings: Findings) -> None:
    ids = [news.id for news in findings.catalog]
    changed = [
        news.model_copy(update={"summary": "another"}) if news.id == ids[0] else news
        for news in findings.catalog
    ]
    told = verify(out, Catalog(tuple(changed)), None, quiet)
    assert any(line.startswith("catalog: not the same as then") for line in told)
    assert not [line for line in told if line.startswith("tables")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "no manifest.json"),
        ("{", "not valid JSON"),
        ("[1]", "not the manifest"),
        ("[" * 100_000, "nested too deep"),
        ('{"a":' * 100_000, "nested too deep"),
    ],
)
def test_no_run_is_told(text: str | None, said: str, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(OutputError, match=said):
        verify(tmp_path, Catalog.bundled(), None, quiet)


def test_a_manifest_that_lists_no_files_verifies_nothing(out: Path) -> None:
    path = out / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"files": {}}))
    with pytest.raises(OutputError, match="lists no files"):
        verify(out, Catalog.bundled(), None, quiet)


def test_a_folder_of_prices_must_be_named_again(out: Path) -> None:
    path = out / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"simulated_prices": False}))
    with pytest.raises(OutputError, match="name it with --prices"):
        verify(out, Catalog.bundled(), None, quiet)


def test_equal_runs_compare_equal(out: Path) -> None:
    told = list(compare(out, out))
    assert told[:2] == ["catalog: the same", "prices: the same"]
    assert [line for line in told if " 0 of" in f" {line}"]
    assert not [line for line in told if "->" in line]


def test_comparing_names_what_changed(
    findings: Findings, prices: Prices, out: Path, tmp_path: Path
) -> None:
    text = (
        "strategies = []\nsweep = false\n[study]\nmodels = ['market']\n"
        "benchmarks = ['SPY']\nestimation = [-130, -11]"
    )
    other = Experiment.parse(text, "other.toml")
    catalog = findings.catalog.filter(tickers=["META"])
    write_run(tmp_path / "other", run(other, catalog, prices), {})
    told = list(compare(out, tmp_path / "other"))
    assert "experiment: study.estimation: [-260, -11] -> [-130, -11]" in told
    assert "0 events added" in told
    assert any("events gone" in line for line in told)
    assert any("abnormal returns changed" in line and not line.startswith("0") for line in told)
