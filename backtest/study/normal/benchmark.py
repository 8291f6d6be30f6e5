"""What a normal return is measured against, as an experiment writes it.

A ticker, the peers, or several tickers. A kind of benchmark answers what is asked of it elsewhere;
nobody but this file looks for the word PEERS.
"""

from __future__ import annotations

from collections.abc import Collection, Container
from dataclasses import dataclass
from typing import ClassVar

from backtest.errors import StudyError

PEERS = "PEERS"  # the word for an equal-weighted basket of the peers stated
_JOINED = "+"


@dataclass(frozen=True)
class Ticker:
    """One security: an index fund, mostly."""

    name: str
    peers: ClassVar[tuple[str, ...]] = ()
    may_hold: ClassVar[bool] = True

    @property
    def column(self) -> str:
        """What stands in the column `benchmark` of every table."""
        return self.name

    @property
    def needs(self) -> tuple[str, ...]:
        """The tickers whose prices it takes."""
        return (self.name,)

    @property
    def regressors(self) -> tuple[str, ...]:
        """The columns of a panel that a model regresses on, by name."""
        return (self.name,)

    @property
    def single(self) -> str:
        """The one ticker that can be held instead of a security; "" for a benchmark of more."""
        return self.name

    def missing(self, available: Container[str]) -> str:
        """What of it has no prices among the tickers `available`, the first.

        "" where nothing is missing.
        """
        return next((name for name in self.needs if name not in available), "")


@dataclass(frozen=True)
class Several:
    """Several regressors beside each other, for a model of several factors."""

    names: tuple[str, ...]
    peers: ClassVar[tuple[str, ...]] = ()
    may_hold: ClassVar[bool] = True

    @property
    def column(self) -> str:
        """The tickers joined by +."""
        return joined(self.names)

    @property
    def needs(self) -> tuple[str, ...]:
        """Every ticker of it."""
        return self.names

    @property
    def regressors(self) -> tuple[str, ...]:
        """A column each."""
        return self.names

    @property
    def single(self) -> str:
        """None of them stands for the whole."""
        return ""

    def missing(self, available: Container[str]) -> str:
        """The first of its tickers without prices."""
        return next((name for name in self.names if name not in available), "")


@dataclass(frozen=True)
class Basket:
    """The equal-weighted basket of `peers`, without the security that is measured."""

    peers: tuple[str, ...] = ()
    may_hold: ClassVar[bool] = False  # the security that is measured is never in it

    @property
    def column(self) -> str:
        """The word PEERS."""
        return PEERS

    @property
    def needs(self) -> tuple[str, ...]:
        """The peers."""
        return self.peers

    @property
    def regressors(self) -> tuple[str, ...]:
        """One column, of the basket."""
        return (PEERS,)

    @property
    def single(self) -> str:
        """A basket is not one ticker."""
        return ""

    def missing(self, available: Container[str]) -> str:  # noqa: ARG002 -- asked of every kind
        """The word PEERS where no peers are left; a peer without prices only leaves the basket."""
        if self.peers:
            return ""
        return PEERS

    def among(self, available: Collection[str]) -> Basket:
        """The basket of the peers with prices; an empty one where that would be a single peer.

        >>> Basket(("NVDA", "AMD", "XYZ")).among(["AMD", "NVDA"])
        Basket(peers=('NVDA', 'AMD'))
        """
        known = tuple(peer for peer in self.peers if peer in available)
        if known == self.peers or len(known) > 1:
            return Basket(known)
        return Basket()


Benchmark = Ticker | Basket | Several


def benchmark_of(written: str, peers: tuple[str, ...] = ()) -> Benchmark:
    """Read a benchmark as an experiment, a table or a model writes it.

    `peers` are those behind PEERS.

    >>> benchmark_of("SPY"), benchmark_of("SPY+SOXX").needs
    (Ticker(name='SPY'), ('SPY', 'SOXX'))
    >>> benchmark_of("PEERS", ("NVDA", "AMD")).column
    'PEERS'
    """
    if written == PEERS:
        return Basket(peers)
    if _JOINED in written:
        return Several(tuple(written.split(_JOINED)))
    return Ticker(written)


def check_peers(regressors: tuple[str, ...], peers: tuple[str, ...]) -> None:
    """Refuse a basket without its peers, and peers without a basket: `StudyError`."""
    if PEERS in regressors and not peers:
        raise StudyError(
            f"the benchmark {PEERS} needs its peers stated; pass peers=('NVDA', 'AMD', ...)"
        )
    if peers and PEERS not in regressors:
        raise StudyError(
            f"peers are stated but the benchmark is {regressors}; name the benchmark {PEERS!r}"
        )


def joined(names: tuple[str, ...]) -> str:
    """Several tickers as a table writes them."""
    return _JOINED.join(names)
