"""The peer basket: equal weight of the peers with a return that day, never the security itself."""

from __future__ import annotations

import numpy as np

from backtest.prices.panels.returns import Returns
from backtest.study.running_sums import Bools, Floats, Ints


def peer_returns(returns: Returns, peers: tuple[str, ...], columns: Ints, hidden: Bools) -> Floats:
    """Basket returns for the securities in `columns` of the panel, (T, K).

    `hidden` (T, n_peers) marks sessions on which a peer is left out because of an event of its own.
    NaN on sessions without any peer.
    """
    positions = np.array([returns.position(peer) for peer in peers], dtype=np.int64)
    own = np.where(hidden, np.nan, returns.values[:, positions])
    there = np.isfinite(own)
    filled = np.where(there, own, 0.0)
    itself = (positions[:, None] == columns).astype(np.float64)
    total = filled.sum(axis=1, keepdims=True) - filled @ itself
    count = there.sum(axis=1, keepdims=True) - there @ itself
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(count > 0, total / count, np.nan))
