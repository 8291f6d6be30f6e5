"""What a run was made of: enough to repeat it and to say what changed."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import cast

from backtest import Prices
from backtest.manifest import Made, Manifest
from backtest.prices.factors.files import Factors
from events import Catalog
from reports.experiment.plan import Experiment
from reports.run.findings import Findings

_PACKAGES = ("numpy", "pandas", "scipy", "exchange-calendars", "vectorbt", "yfinance")


def manifest(findings: Findings) -> Manifest:
    """The manifest without the digests of the files; the same inputs give the same manifest."""
    made = made_of(findings.experiment, findings.catalog, findings.prices, findings.factors)
    return cast("Manifest", {**made, "notes": list(findings.notes)})


def made_of(experiment: Experiment, catalog: Catalog, prices: Prices, factors: Factors) -> Made:
    """What a run is made of; known before it runs."""
    sessions = prices.sessions
    return {
        "tool": {"market-reactions": _version("market-reactions")},
        "dependencies": {name: _version(name) for name in _PACKAGES},
        "simulated_prices": prices.simulated,
        "seed": experiment.seed,
        "experiment": _without_folders(experiment).model_dump(mode="json"),
        "catalog": {"digest": catalog.digest, "announcements": len(catalog)},
        "prices": {
            "source": prices.source,
            "digest": prices.digest,
            "tickers": list(prices.tickers),
            "first_session": str(sessions[0].date()) if len(sessions) else None,
            "last_session": str(sessions[-1].date()) if len(sessions) else None,
            "calendar": prices.calendar,
            "exchanges": {
                panel.calendar: list(panel.tickers) for panel in prices.panels if prices.others
            },
            "notes": list(prices.notes),
            "understood": list(prices.understood),
            "snapshots": list(prices.snapshots),
        },
        "factors": [
            {
                "name": file.name,
                "digest": file.digest,
                "first_session": file.first_session,
                "last_session": file.last_session,
                "simulated": file.simulated,
            }
            for file in factors.files
        ],
    }


def _without_folders(experiment: Experiment) -> Experiment:
    """Where a user keeps factor files is nobody else's business."""
    return experiment.with_factors(*(Path(name).name for name in experiment.study.factors))


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
