"""What the control shows instead, packed: deflated, and as letters that stand in the page."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable

from reports.draw.chart import Chart, Json
from reports.draw.svg import svg
from reports.experiment.plan import Spec
from reports.page.follow.averages import averages_under, groups_of
from reports.page.follow.events import event_cells, event_facts, paths_of, rival_days
from reports.page.follow.texts import CELL, Texts
from reports.page.opening import Words
from reports.page.opening_average import Average
from reports.page.sections.answer import headline_chart, opening
from reports.page.sections.base import Context
from reports.page.sections.overall.compare import difference_cells
from reports.page.sections.overall.tests import tests_table
from reports.rows import records
from reports.words import day, moment, plain, short, unbroken

LETTERS = "".join(map(chr, range(33, 127))).translate(str.maketrans("", "", '&<"'))
Shown = dict[str, list[str]]
_LENGTH = 120  # characters of a headline


"""91 letters that HTML leaves alone."""


def packed(context: Context, charts: Iterable[Chart]) -> tuple[str, int]:
    """Everything behind the page that only its script reads.

    Raw deflate of JSON in `letters`, and its bytes.
    """
    whole = not context.windows.empty
    # the script finds the numbers behind these among those of the events
    found = ("car-", "strip") if context.few.some else ("car-",)
    kept = [one for one in charts if not (whole and one.name.startswith(found))]
    data: Json = {"charts": {chart.name: chart.as_json() for chart in sorted(kept, key=_kind)}}
    if whole:
        data |= _settings(context)
    if context.few.some:
        data["more"] = not_shown(context)
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text = unbroken(text)
    squeezed = zlib.compressobj(9, zlib.DEFLATED, -15)
    small = squeezed.compress(text.encode("utf-8", "replace")) + squeezed.flush()
    return letters(small), len(small)


def letters(found: bytes) -> str:
    """Bytes as `LETTERS`, two for 13 bits or, where that fits, 14 (basE91): 23% more, base64 33%.

    >>> letters(b"abc")
    'c)g+'
    """
    out, waiting, bits = [], 0, 0
    for byte in found:
        waiting |= byte << bits
        bits += 8
        if bits > 13:
            take = 13 if waiting & 8191 > 88 else 14
            value = waiting & ((1 << take) - 1)
            waiting >>= take
            bits -= take
            out.append(LETTERS[value % 91] + LETTERS[value // 91])
    if bits:
        out.append(LETTERS[waiting % 91] + LETTERS[waiting // 91])
    return "".join(out)


def _kind(chart: Chart) -> str:
    """What charts are alike, and so pack best beside one another."""
    return chart.name.split("-")[0]


def _settings(context: Context) -> Json:
    texts, specs = Texts(), context.specs
    plan = context.findings.experiment.study
    means = [averages_under(context, spec, texts) for spec in specs]
    return {
        "specs": [[spec.model, spec.benchmark, str(spec)] for spec in specs],
        "windows": [[name, *span] for name, span in plan.windows.items()],
        "lead": "announcements" if context.headline else "average",
        "headline": list(context.headline),
        "plain": {name: plain(name) for name in sorted(_words(context))},
        "colours": {ticker: style.colour[1:] for ticker, style in context.looks.items()},
        "simulated": "SIMULATED prices" if context.simulated else "",
        "events": event_facts(context),
        "answers": [words_under(context, spec, texts) for spec in specs],
        "pictures": [_picture(headline_chart(context, spec)) for spec in specs],
        "own": event_cells(context),
        "averages": {name: [one[name] for one in means] for name in means[0]},
        "tests": [_cells(context, spec, texts) for spec in specs],
        "paths": paths_of(context),
        "compared": compared(context),
        "rivals": rival_days(context),
        "texts": texts.templates,
    }


def _words(context: Context) -> set[str]:
    events = context.findings.primary.events
    return {str(word) for name in ("role", "kind") for word in events[name]}


def _picture(chart: Chart) -> Json:
    return {
        "title": chart.title, "note": chart.note, "alt": chart.alt,
        "svg": svg(chart, 460), "data": chart.as_json(),
    }  # fmt: skip


def _cells(context: Context, spec: Spec, texts: Texts) -> list[str]:
    """The rows of the table of tests under one model."""
    table = tests_table(context, spec)
    return [
        texts.add(CELL.join(f"{c.text}{'*' if c.strong else ''}" for c in row))
        for row in table.rows
    ]


def compared(context: Context) -> dict[str, Shown]:
    """The rows of pairs.csv and differences.csv as cells.

    `role=a|b` or `role=a|others`, then window by window.
    """
    found: dict[str, Shown] = {}
    for table in ("pairs", "differences"):
        if table in context.findings.tables:
            for row in records(context.findings.of_primary(table)):
                key = f"{row['group']}={row['group_value']}|{row.get('other_value', 'others')}"
                cells = [f"{c.text}{'*' if c.strong else ''}" for c in difference_cells(row)]
                found.setdefault(key, {})[row["window"]] = cells
    return found


def not_shown(context: Context) -> Json:
    """Id, headline (empty where it is the id) and session of each, latest first.

    An announcement that was not studied has its date.
    """
    events = context.findings.primary.events
    sessions = dict(zip(events["event_id"], events["event_session"], strict=True))
    rest = [
        news
        for news in reversed(context.findings.catalog.announcements)
        if news.id not in context.few.names
    ]
    return {
        "id": [news.id for news in rest],
        "title": [_title(news.headline, news.id) for news in rest],
        "date": [
            day(sessions[news.id]) if news.id in sessions else moment(news.announced_at)[:10]
            for news in rest
        ],
    }


def _title(headline: str, name: str) -> str:
    told = short(headline, _LENGTH)
    if told == name:
        return ""
    return told


def words_under(context: Context, spec: Spec, texts: Texts) -> dict[str, list[str]]:
    """Headline and sentences under one model, window by window.

    `lead` of the first screen, and group by group.
    """
    windows = list(context.findings.experiment.study.windows)
    lead = opening(context, spec)
    made = {"lead": [texts.add(_joined(lead.words(window))) for window in windows]}
    average = Average.of(context.findings, spec)
    for by, value in groups_of(context):
        if by != "all":
            of = average.group(by, value)
            made[f"{by}={value}"] = [texts.add(_joined(of.words(window))) for window in windows]
    return made


def _joined(words: Words) -> str:
    return CELL.join((words.headline, *(part for pair in words.sentences for part in pair)))
