from __future__ import annotations

import json
from pathlib import Path

import pytest

from backtest import Prices
from events import Catalog
from reports.comparing import compare
from reports.errors import OutputError
from reports.experiment import Experiment
from reports.findings import Findings, run
from reports.tables import write_run
from reports.verifying import verify


def quiet(_: str) -> None:
    pass


@pytest.fixture
def out(findings: Findings, tmp_path: Path) -> Path:
    write_run(tmp_path / "out", findings, {})
    return tmp_path / "out"


@pytest.fixture
def whole(findings: Findings) -> Experiment:
    """The experiment whose filter makes the catalog of the findings out of the bundled one."""
    ids = tuple(news.id for news in findings.catalog)
    return findings.experiment.model_copy(update={"filter": findings.experiment.filter.model_copy(update={"ids": ids})})


def test_a_run_verifies(whole: Experiment, findings: Findings, prices: Prices, tmp_path: Path) -> None:
    write_run(tmp_path, run(whole, findings.catalog, prices), {})
    assert verify(tmp_path, Catalog.bundled(), None, quiet) == []


def test_what_was_changed_by_hand_is_named(
    whole: Experiment, findings: Findings, prices: Prices, tmp_path: Path
) -> None:
    write_run(tmp_path, run(whole, findings.catalog, prices), {})
    table = tmp_path / "tables" / "windows.csv"
    table.write_text(table.read_text().replace("META", "MATE", 1))
    (tmp_path / "tables" / "tests.csv").unlink()
    assert verify(tmp_path, Catalog.bundled(), None, quiet) == [
        "tables/tests.csv: is missing",
        "tables/windows.csv: was changed after the run",
    ]


def test_another_catalog_is_told(out: Path) -> None:
    told = verify(out, Catalog.bundled(), None, quiet)
    assert any(line.startswith("catalog: not the same as then") for line in told)
    assert "tables/windows.csv: the run gives another result now" in told


@pytest.mark.parametrize(
    ("text", "said"), [(None, "no manifest.json"), ("{", "not valid JSON"), ("[1]", "not the manifest")]
)
def test_no_run_is_told(text: str | None, said: str, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(OutputError, match=said):
        verify(tmp_path, Catalog.bundled(), None, quiet)


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


def test_comparing_names_what_changed(findings: Findings, prices: Prices, out: Path, tmp_path: Path) -> None:
    other = Experiment.parse("[study]\nestimation = [-130, -11]\n[filter]\ntickers = ['META']", "other.toml")
    catalog = findings.catalog.filter(tickers=["META"])
    write_run(tmp_path / "other", run(other, catalog, prices), {})
    told = list(compare(out, tmp_path / "other"))
    assert "experiment: study.estimation: [-260, -11] -> [-130, -11]" in told
    assert "0 events added" in told
    assert any("events gone" in line for line in told)
    assert any("abnormal returns changed" in line and not line.startswith("0") for line in told)
