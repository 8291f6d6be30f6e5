"""What was studied, on which data, and what to keep in mind while reading."""

from __future__ import annotations

from dataclasses import dataclass

from backtest.study.normal.benchmark import benchmark_of
from events import Catalog
from events.clock.exchanges import MONEY
from events.flag import Flag, count_flags
from events.record.known import counts
from reports.page.sections.base import Context, Section
from reports.rows import interval
from reports.run.exchanges import currencies
from reports.run.findings import Findings
from reports.run.placing import guessed_times
from reports.run.prices.factors import factor_lines
from reports.words import count, day, listed

_HINDSIGHT = (
    "The catalog was collected by people who knew what had happened: "
    "announcements that moved prices are more likely to be in it."
)


@dataclass(frozen=True)
class Studied:
    """Facts as pairs of term and description, and caveats as sentences."""

    facts: tuple[tuple[str, str], ...]
    caveats: tuple[str, ...]


def build(context: Context) -> Section:
    """The design of the study."""
    return Section("studied", "What was studied", Studied(_facts(context), _caveats(context)))


def _facts(context: Context) -> tuple[tuple[str, str], ...]:
    findings, plan = context.findings, context.findings.experiment.study
    events, prices = findings.primary.events, findings.prices
    sessions = prices.sessions
    span = ""
    if len(sessions):
        span = f", {day(sessions[0])} to {day(sessions[-1])}"
    windows = [f"{name} {interval(start, end)}" for name, (start, end) in plan.windows.items()]
    news, tickers = (events[column].nunique() for column in ("event_id", "ticker"))
    many = f"{count(news, 'announcement')} of {len(findings.catalog):,} in the catalog"
    units = f"{count(len(events), 'event')} (announcement × ticker), {count(tickers, 'ticker')}"
    source = f"{prices.source}{' (SIMULATED)' if prices.simulated else ''}"
    return (
        ("Announcements", many),
        ("Events", f"{units}; {len(findings.left_out):,} left out"),
        ("Prices", f"{source}: {count(len(prices.all_tickers), 'ticker')}{span}"),
        *_exchange_facts(findings),
        *(("Factors", line) for line in factor_lines(plan, findings.factors)),
        ("Main model", str(plan.primary)),
        ("Beside it", listed([str(spec) for spec in findings.studies if spec != plan.primary])),
        ("Fitted on", f"sessions {interval(*plan.estimation)} around each event"),
        (
            "Windows",
            f"{listed(windows)} sessions; "
            "day 0 is the first session whose close can reflect the news",
        ),
    )


def _caveats(context: Context) -> tuple[str, ...]:
    findings = context.findings
    first = context.windows[context.windows["window"] == context.first_window]
    flags = count_flags(first["flags"])
    found = [*findings.notes, *findings.prices.notes]
    if context.simulated:
        found.insert(
            0, "Prices are SIMULATED. They show what the tool does, and nothing about any market."
        )
    if any(news.id in Catalog.bundled() for news in findings.catalog):
        found.append(_HINDSIGHT)
    shared = int(first["event_session"].duplicated(keep=False).sum())
    if shared:
        found.append(
            f"{shared:,} of {count(len(first), 'event')} share their session with another one: "
            "see which tests hold then."
        )
    timing = flags[Flag.TIMING_UNKNOWN]
    if timing:
        found.append(
            f"For {count(timing, 'event')} only the date is known: "
            "a window [0, 0] is [0, +1] there."
        )
    found.append(f"When the announcements were made is known: {counts(findings.catalog.held)}.")
    disagree = flags[Flag.BOUNDS_DISAGREE]
    if disagree:
        found.append(
            f"For {count(disagree, 'event')} the bounds of the time leave two sessions for day 0: "
            "a window [0, 0] is [0, +1] there, and orders wait for the later one."
        )
    guessed = len(guessed_times(findings.catalog))
    if guessed:
        if findings.experiment.trading_times == "stated":
            trades = "wait there for the next session"
        else:
            trades = "trust it"
        found.append(
            f"For {count(guessed, 'announcement')} no source states the time of day: "
            f"it was inferred or recalled, and day 0 may be a session off. Strategies {trades}."
        )
    contaminated = [news for news in findings.catalog if news.contamination]
    if contaminated:
        found.append(
            f"{count(len(contaminated), 'announcement')} had rival causes "
            "in the same days (listed with each)."
        )
    return tuple(found)


def _exchange_facts(findings: Findings) -> tuple[tuple[str, str], ...]:
    """A line an exchange for the page: its tickers, currency and benchmark."""
    prices, plan = findings.prices, findings.experiment.study
    if not prices.others:
        return ()
    benchmark, plan_currency = plan.primary.benchmark, findings.experiment.currency
    home = None
    if benchmark_of(benchmark).needs:
        home = prices.panel_of(benchmark_of(benchmark).needs[0])
    facts = []
    for panel in prices.panels:
        if panel.calendar == MONEY:
            continue
        if home is panel:
            own = benchmark
        else:
            own = plan.benchmark_of.get(panel.calendar, "")
        if own:
            held = f", held to {own}"
        elif benchmark:
            held = ", no benchmark"
        else:
            held = ""
        words = (
            f"{listed(list(panel.tickers))}; returns in {plan_currency or currencies(panel)}{held}"
        )
        facts.append((f"On {panel.calendar}", words))
    return tuple(facts)
