"""Pages of the documentation that are made from the code.

Every test, every table, every command.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pandas as pd
from formulas import FORMULAS, LETTERS
from mkdocs.structure.files import File, Files

from backtest.study.inference.about import ABOUT, DESIGNS, About
from benchmarks.calibration_page import every_test
from reports.cli import COMMANDS, group
from reports.export.meanings import IN_PYTHON
from reports.export.tables import TABLES
from reports.run.columns import COLUMNS

HERE = Path(__file__).parents[1]
ROOT = HERE.parent


def on_files(files: Files, config: Any) -> Files:
    """Add the generated pages and their pictures."""
    sizes = every_test()
    for key in ABOUT:
        files.append(File.generated(config, f"sizes/{key}.svg", content=_picture(key, sizes)))
    made = {
        "tests.md": "\n".join(_tests(sizes)),
        "formats.md": "\n".join(_formats()),
        "commands.md": "\n".join(_commands()),
        "cite.md": _cite(),
    }
    for name, text in made.items():
        files.append(File.generated(config, name, content=text))
    return files


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """A tutorial has no headings to list: its tables of text take the room of the list."""
    if page.file.src_uri.startswith("tutorials/"):
        page.meta.setdefault("hide", []).append("toc")
    return markdown


def _tests(sizes: pd.DataFrame) -> Iterator[str]:
    yield "# Every test\n"
    yield (
        "The null, the distribution, the paper, where its 5% test holds, "
        "and how often it rejects: left of each picture without an effect (it should be 5%, "
        "the grey band is 3.5 to 7%), right with an effect in the window named.\n\n"
        f"{LETTERS} How normal returns and errors are estimated is in [Methods](methods.md)."
    )
    yield "\nThe designs that the pictures name:\n"
    yield "| design | events |\n|---|---|"
    yield from (f"| `{name}` | {told} |" for name, told in DESIGNS.items())
    for key, about in ABOUT.items():
        yield from _test(key, about, sizes)


def _test(key: str, about: About, sizes: pd.DataFrame) -> Iterator[str]:
    yield f"\n## {key}\n"
    star = " **Recommended.**" if about.recommended else ""
    yield f"{about.label}. {about.paper[0].upper()}{about.paper[1:]}.{star}\n"
    yield f"- Statistic: {FORMULAS[key]}."
    yield f"- Null: {about.null}."
    yield f"- Distribution: {about.distribution}."
    yield f"- Withstands unequal variances: {about.unequal_variances}."
    yield f"- Withstands variance that the event raises: {about.event_variance}."
    yield f"- Withstands dependent events: {about.correlation}."
    holds = "; ".join(DESIGNS[name] for name in about.holds_in) or "in none of the designs tried"
    yield f"- Holds: {holds}.\n"
    if len(sizes[sizes["test"] == key]):
        yield f"![How often {key} rejects](sizes/{key}.svg)"


def _picture(key: str, sizes: pd.DataFrame) -> str:
    """Rejection rates of one test: without an effect by design and window, and with effects."""
    from matplotlib.figure import Figure

    own = sizes[sizes["test"] == key]
    figure = Figure(figsize=(8, 2.6), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    null = own[own["effect"] == 0]
    designs = [name for name in reversed(list(DESIGNS)) if name in set(null["design"])]
    windows = sorted(set(own["window"]), key=lambda name: (len(name), name))
    hues = {window: f"C{i}" for i, window in enumerate(windows)}
    for i, window in enumerate(windows):
        part = null[null["window"] == window]
        places = [designs.index(one) + 0.18 * (i - 1) for one in part["design"]]
        left.scatter(100 * part["rejected"], places, s=14, color=hues[window], label=window)
    left.axvspan(3.5, 7, color="0.9", zorder=0)
    left.set_yticks(range(len(designs)), designs, fontsize=7)
    left.set_xlabel("rejected without an effect, %", fontsize=7)
    power = own[(own["effect"] != 0) & (own["design"] == "independent")]
    for window in windows:
        mean = power[power["window"] == window].groupby("effect")["rejected"].mean()
        if len(mean):
            right.plot(100 * mean.index, 100 * mean, marker=".", color=hues[window], label=window)
    right.set_ylim(0, 103)
    right.set_visible(bool(len(power)))
    right.set_xlabel("effect, % (independent events)", fontsize=7)
    right.set_ylabel("found, %", fontsize=7)
    for ax in (left, right):
        ax.tick_params(labelsize=7)
        ax.spines[["top", "right"]].set_visible(False)
        if ax.get_legend_handles_labels()[0]:
            ax.legend(fontsize=6, frameon=False)
    sink = io.StringIO()
    figure.savefig(sink, format="svg", metadata={"Date": None})
    return sink.getvalue()


def _formats() -> Iterator[str]:
    """Every table a run of the sample writes, and its columns."""
    from events import Catalog
    from reports.commands.options.common import read_prices
    from reports.experiment.plan import Experiment
    from reports.run.findings import run

    yield "# Tables and columns\n"
    yield (
        "Made from a run on the simulated sample. Numbers are fractions unless a unit says "
        "otherwise: 0.01 is one percent. Dates are written 2026-04-09. What is missing is empty, "
        "and `why_not` says why. `--format parquet` writes the same tables as Parquet."
    )
    experiment, catalog = Experiment.default(), Catalog.bundled()
    findings = run(experiment, catalog, read_prices("sample", experiment, catalog))
    for name in TABLES:
        if name not in findings.tables:
            continue
        table = findings.tables[name]
        yield f"\n## {name}.csv\n"
        yield "| column | unit | meaning |\n|---|---|---|"
        for column in map(str, table.columns):
            about = COLUMNS.get(column) or IN_PYTHON.get(column)
            told = f"{about.unit} | {about.meaning}" if about else "text | a column of the events"
            yield f"| `{column}` | {told} |"


def _commands() -> Iterator[str]:
    yield "# Commands\n"
    for name in COMMANDS:
        command = group.get_command(click.Context(group), name)
        if command is None:
            continue
        yield from _command(f"reactions {name}", command)


def _command(path: str, command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=path, max_content_width=100)
    yield f"\n## {path}\n\n```text\n{command.get_help(context)}\n```"
    for name, inner in getattr(command, "commands", {}).items():
        yield from _command(f"{path} {name}", inner)


def _cite() -> str:
    cff = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    changes = changes.replace("# Changelog", "## Changes", 1).replace("](docs/", "](")
    return (
        "# Citing\n\nCite the papers of the methods you use, and the software:\n"
        f"\n```yaml\n{cff}```\n\n{changes}"
    )
