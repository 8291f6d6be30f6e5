"""The accounts of several exchanges seen together.

Their bets, and what one part in each would have become.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

_WORTH = ("equity", "benchmark_equity")
_EXPOSED = ("gross_exposure", "net_exposure")


def together(tables: Sequence[tuple[str, pd.DataFrame]]) -> pd.DataFrame:
    """Tables of several exchanges (name, table) below each other.

    In the order of entry, with a column `exchange`.
    """
    parts = [table.assign(exchange=name) for name, table in tables]
    full = [part for part in parts if len(part)] or parts[:1]
    stacked = pd.concat(full, ignore_index=True)
    return stacked.sort_values("entry_session", kind="stable", ignore_index=True)


def whole_account(accounts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The equity tables of accounts of equal size as one, by date; each counts in its own currency.

    A date on which an exchange is closed carries its account's last worth. The columns are those of
    one account.
    """
    days = pd.DatetimeIndex(sorted({day for one in accounts for day in one["session"]}))
    parts = [_on(days, one) for one in accounts]
    total = sum((part["equity"] for part in parts[1:]), parts[0]["equity"])
    out = pd.DataFrame({"session": days})
    for name in _WORTH:
        out[name] = sum((part[name] for part in parts[1:]), parts[0][name]).to_numpy()
    for name in _EXPOSED:
        money = [part[name] * part["equity"] for part in parts]
        out[name] = (sum(money[1:], money[0]) / total).to_numpy()
    held = [part["n_positions"] for part in parts]
    out["n_positions"] = sum(held[1:], held[0]).to_numpy(dtype="int64")
    out["margin_call"] = (
        pd.concat([part["margin_call"] for part in parts], axis=1).any(axis=1).to_numpy()
    )
    return out


def _on(days: pd.DatetimeIndex, account: pd.DataFrame) -> pd.DataFrame:
    """One account on the dates of all.

    As it began before its first session, its last state after each.
    """
    own = account.set_index("session").reindex(days, method="ffill")
    before = days < account["session"].iloc[0]
    for name in _WORTH:
        own.loc[before, name] = account[name].iloc[0]
    own.loc[before, [*_EXPOSED, "n_positions"]] = 0
    after = days > account["session"].iloc[-1]
    own["margin_call"] = own["margin_call"].eq(True)
    if account["n_positions"].iloc[-1] == 0:
        own.loc[after, [*_EXPOSED, "n_positions"]] = 0
    return own
