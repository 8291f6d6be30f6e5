"""From files of returns to a panel of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from backtest.errors import PriceError
from backtest.prices.sources.files.grids import opened
from backtest.prices.sources.return_files.identity import meeting
from backtest.prices.sources.return_files.long import read_long
from backtest.prices.sources.return_files.panel import ReturnPanel, joined
from backtest.prices.sources.return_files.roles import roles_of
from backtest.prices.sources.return_files.wide import read_wide
from events.errors import suggest


def read_return_panel(
    paths: Sequence[str | Path], wanted: tuple[str, ...] | None = None, unit: str | None = None
) -> ReturnPanel:
    """Read files of returns side by side; `wanted` are the securities to keep, None for all.

    Columns of markets are always kept. Raises `PriceError` where a file cannot be read, and where
    it has none of the securities wanted.
    """
    if not paths:
        raise PriceError("returns: no file is named")
    panel = joined([_one(path, wanted, unit) for path in paths])
    if wanted is None:
        return panel
    by = _by(panel)
    found = dict(meeting(wanted, panel.securities, by))
    if not found:
        there = [name for name in panel.securities if name not in panel.markets]
        listed = ", ".join(there[:5]) or "nothing but markets"
        near = next((hint for one in wanted if (hint := suggest(one, there))), "")
        raise PriceError(
            f"{', '.join(Path(path).name for path in paths)}: has none of {', '.join(wanted[:5])}"
            f"{near}; it has {listed}{' ...' if len(there) > 5 else ''}"
        )
    odd = tuple(f"{one}: read from {name}" for one, name in found.items() if one != name)
    kept = found | {name: name for name in panel.markets if name not in found}
    taken = panel.take(kept)
    return ReturnPanel(**{**vars(taken), "notes": taken.notes + odd})


def _one(path: Path | str, wanted: tuple[str, ...] | None, unit: str | None) -> ReturnPanel:
    cells = opened(path)
    roles = roles_of(cells.head)
    if roles.wide:
        return read_wide(cells, roles, unit)
    return read_long(cells, roles, wanted, unit)


def _by(panel: ReturnPanel) -> str:
    """The kind of ids, as far as it decides how they may be written."""
    return next(
        (
            by
            for by in ("permno", "gvkey", "cusip")
            for line in panel.understood
            if f"by {by}" in line
        ),
        "",
    )
