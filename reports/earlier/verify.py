"""Running an earlier study again, and saying in which file and how the result differs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from backtest import Prices
from backtest.manifest import MANIFEST, Made, Manifest
from backtest.prices.factors.files import Factors
from backtest.prices.panels.return_prices import SOURCE, return_prices
from backtest.prices.sources.opening import open_prices
from backtest.prices.store.pins import read_factor_pins
from events import Catalog
from events.files.together import Content, digest, digest_of
from reports.earlier.reading import read_manifest
from reports.errors import OutputError
from reports.experiment.plan import Experiment
from reports.export.papers import formats_of, paper_files
from reports.export.tables import table_files
from reports.run.findings import run, select
from reports.run.manifest import manifest
from reports.run.prices.factors import factor_differences, factors_for
from reports.run.prices.needed import needed_tickers


def verify(
    out: Path,
    catalog: Catalog,
    prices_spec: str | None,
    tell: Callable[[str], None],
    factor_files: tuple[str, ...] = (),
    store: Path | None = None,
    returns: tuple[tuple[str, ...], str | None] | None = None,
) -> list[str]:
    """Every difference between the run in `out` and the same run now, a line each; none means none.

    `factor_files` stand in for the factors that the run used; `store` is the price store it used,
    `returns` its files of returns and their unit.
    """
    old = read_manifest(out)
    if not old["files"]:
        raise OutputError(
            f"{out / MANIFEST}: lists no files, so that nothing can be verified; run it again"
        )
    experiment = _experiment(out, old)
    chosen = select(experiment, catalog)
    tell("reading prices")
    needed = needed_tickers(experiment, chosen)
    prices = (
        return_prices(returns[0], needed, returns[1])
        if returns
        else _prices(out, old, prices_spec, needed, store)
    )
    names = set(old["files"])
    studied = "tables/windows.csv" in names
    findings = run(
        experiment,
        chosen,
        prices,
        study=studied,
        trade=bool({"tables/strategies.csv", "tables/sweep.csv"} & names),
        tell=tell,
        factors=_factors(out, experiment, factor_files, store, simulated=prices.simulated)
        if studied
        else None,
    )
    files = {**table_files(findings), **paper_files(findings, formats_of(names))}
    if "report.html" in names:
        from reports.page.render import render

        files["report.html"] = render(findings).encode("utf-8", "replace")
    return [
        *_inputs(old, manifest(findings)),
        *_altered(out, old["files"]),
        *_results(old["files"], files),
    ]


def _experiment(out: Path, old: Manifest) -> Experiment:
    try:
        return Experiment.model_validate(old["experiment"])
    except ValidationError:
        raise OutputError(
            f"{out}: the experiment in manifest.json is not one this version can run"
        ) from None


def _prices(
    out: Path, old: Manifest, spec: str | None, tickers: tuple[str, ...], store: Path | None
) -> Prices:
    if spec:
        return open_prices(spec, tickers, store=store)
    if old["prices"].get("snapshots"):
        return open_prices("yahoo", tickers, pin=out, store=store)
    if old.get("simulated_prices"):
        return open_prices("sample", tickers)
    if old["prices"].get("source") == SOURCE:
        raise OutputError(
            f"{out}: it was run on files of returns; "
            "name them with --returns FILE, their unit with --returns-unit where one was said"
        )
    raise OutputError(f"{out}: the prices came from a folder; name it with --prices DIR")


def _factors(
    out: Path,
    experiment: Experiment,
    named: tuple[str, ...],
    store: Path | None,
    *,
    simulated: bool,
) -> Factors:
    pins = () if named else read_factor_pins(out)
    return factors_for(experiment.study, named, simulated=simulated, store=store, pins=pins)


def _inputs(old: Manifest, new: Made) -> list[str]:
    digests = {
        what: (str(old[what].get("digest")), str(new[what]["digest"]))
        for what in ("catalog", "prices")
    }
    told = [
        f"{what}: not the same as then (digest {then[:12]}, now {now[:12]})"
        for what, (then, now) in digests.items()
        if then != now
    ]
    told += [f"factors: {difference}" for difference in factor_differences(old, new)]
    before, after = ({**made["tool"], **made["dependencies"]} for made in (old, new))
    versions = [
        (name, before.get(name, "none"), now)
        for name, now in after.items()
        if before.get(name) != now
    ]
    return told + [f"{name}: version {then} then, {now} now" for name, then, now in versions]


def _altered(out: Path, listed: dict[str, str]) -> list[str]:
    told = []
    for name, then in listed.items():
        path = out / name
        if not path.resolve().is_relative_to(out.resolve()) or not path.is_file():
            told.append(f"{name}: is missing")
            continue
        with path.open("rb") as file:
            if digest_of(file) != then:
                told.append(f"{name}: was changed after the run")
    return told


def _results(listed: dict[str, str], made: dict[str, Content]) -> list[str]:
    now = {name: digest(content) for name, content in made.items()}
    differing = [
        f"{name}: the run gives another result now"
        for name in listed
        if name in now and now[name] != listed[name]
    ]
    return differing + [
        f"{name}: the run does not make it now" for name in listed if name not in now
    ]
