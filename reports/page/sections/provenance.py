"""Where everything comes from and how to make it again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from shlex import quote

from reports.experiment.plan import Experiment
from reports.page.sections.base import Context, Section
from reports.run.manifest import manifest


@dataclass(frozen=True)
class Provenance:
    """Facts as pairs, and the experiment as a whole."""

    facts: tuple[tuple[str, str], ...]
    command: str
    experiment: str


def build(context: Context) -> Section:
    """Versions, digests and the command."""
    made = manifest(context.findings)
    prices = made["prices"]
    versions = {**made["tool"], **made["dependencies"]}
    facts = (
        ("Versions", ", ".join(f"{name} {version}" for name, version in versions.items())),
        (
            "Catalog",
            f"{made['catalog']['announcements']} announcements, sha256 {made['catalog']['digest']}",
        ),
        ("Prices", f"{prices['source']}, sha256 {prices['digest']}"),
        *(("Factors", f"{file}, sha256 {file.digest}") for file in context.findings.factors.files),
        ("Calendar", str(prices["calendar"])),
        ("Seed", str(made["seed"])),
    )
    text = json.dumps(made["experiment"], indent=2, ensure_ascii=False)
    return Section(
        "provenance",
        "Where it comes from, and how to repeat it",
        Provenance(facts, _command(context), text),
    )


def _command(context: Context) -> str:
    """What to type; files are named without their folders."""
    found = context.findings
    experiment = (
        [] if found.experiment == Experiment.default() else ["--experiment EXPERIMENT.toml"]
    )
    factors = [
        f"--factors {quote(file.name)}" for file in found.factors.files if not file.simulated
    ]
    prices = (
        ["--prices sample"]
        if context.simulated
        else []
        if found.prices.snapshots
        else ["--prices DIR"]
    )
    return " ".join(["reactions report", *experiment, *factors, *prices])
