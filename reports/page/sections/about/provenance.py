"""Where everything comes from and how to make it again."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from shlex import quote

from backtest.manifest import Made
from backtest.prices.panels.return_prices import SOURCE
from events import Catalog
from reports.experiment.plan import Experiment
from reports.page.headline import page_title
from reports.page.sections.base import Context, Section
from reports.run.findings import Findings
from reports.run.manifest import manifest
from reports.words import count


@dataclass(frozen=True)
class Provenance:
    """Facts as pairs, and the experiment as a whole.

    `named` says what the words in capitals of the command stand for.
    """

    facts: tuple[tuple[str, str], ...]
    command: str
    named: tuple[tuple[str, str], ...]
    experiment: str
    cite: str


def build(context: Context) -> Section:
    """Versions, digests and the command."""
    made = manifest(context.findings)
    prices = made["prices"]
    versions = {**made["tool"], **made["dependencies"]}
    facts = (
        ("Versions", ", ".join(f"{name} {version}" for name, version in versions.items())),
        (
            "Catalog",
            f"{count(made['catalog']['announcements'], 'announcement')}, "
            f"sha256 {made['catalog']['digest']}",
        ),
        ("Prices", f"{prices['source']}, sha256 {prices['digest']}"),
        *(("Factors", f"{file}, sha256 {file.digest}") for file in context.findings.factors.files),
        ("Calendar", str(prices["calendar"])),
        ("Seed", str(made["seed"])),
    )
    text = json.dumps(made["experiment"], indent=2, ensure_ascii=False)
    command = _command(context)
    named = tuple((word, is_) for word, is_ in _NAMED.items() if f" {word}" in command)
    return Section(
        "provenance",
        "Where it comes from, and how to repeat it",
        Provenance(facts, command, named, text, _cite(made, page_title(context.findings))),
    )


def _cite(made: Made, title: str) -> str:
    """The run as a BibTeX entry: the same catalog, prices and seed give the same tables."""
    ((tool, version),) = made["tool"].items()
    prices, digest = made["prices"], str(made["catalog"]["digest"])
    harmless = re.sub(r"[{}\\]", "", title)
    if prices.get("simulated") or made.get("simulated_prices"):
        simulated = " SIMULATED prices."
    else:
        simulated = ""
    return (
        f"@misc{{reactions-{digest[:12]},\n"
        f"  title = {{{harmless}}},\n"
        f"  howpublished = {{Event study made with {tool} {version}}},\n"
        f"  note = {{Catalog sha256 {digest[:16]}, prices sha256 {str(prices['digest'])[:16]}, "
        f"seed {made['seed']}.{simulated}}}\n}}"
    )


_NAMED = {
    "EXPERIMENT.toml": "holds what is below", "CATALOG": "is your list of announcements",
    "DIR": "is the folder of prices", "RETURNS": "is the file of returns",
    "OUT": "is the folder of this page",
}  # fmt: skip


def _command(context: Context) -> str:
    """What to type; files are named without their folders."""
    found = context.findings
    if found.experiment == Experiment.default():
        experiment = []
    else:
        experiment = ["--experiment EXPERIMENT.toml"]
    factors = [
        f"--factors {quote(file.name)}" for file in found.factors.files if not file.simulated
    ]
    if context.simulated:
        prices = ["--prices sample"]
    elif found.prices.snapshots:
        prices = ["--pin OUT"]
    elif found.prices.source == SOURCE:
        prices = ["--returns RETURNS"]
    else:
        prices = ["--prices DIR"]
    return " ".join(["reactions report", *experiment, *_catalog(found), *factors, *prices])


def _catalog(found: Findings) -> list[str]:
    """The option that names a catalog which is not of the bundled announcements alone."""
    bundled = Catalog.bundled()
    own = any(news.id not in bundled or bundled[news.id] != news for news in found.catalog)
    return ["--catalog CATALOG"] if own else []
