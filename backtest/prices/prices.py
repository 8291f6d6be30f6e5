"""Daily prices as a user opens them.

From files, the simulated market, or a vendor through the store. It stands above the readers and the
store, which give a `PricePanel` and know nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from backtest.prices.panels.panel import PricePanel
from backtest.prices.tickers import ticker_names
from events.arguments import place, text
from events.clock.exchanges import exchanges_of


@dataclass(frozen=True, eq=False, repr=False)
class Prices(PricePanel):
    """Daily prices, sessions x tickers (sorted), NaN where missing.

    `open`, `high`, `low`, `close` are split-adjusted with dividends left out, `adjusted` has them
    in; a field a source does not give is all NaN. `source` is a label for people, `simulated` says
    whether a market made them, `notes` what a reader must know of them, `understood` how each file
    was read, `snapshots` the ids in the store they came from (empty for other sources). `others`
    are the panels of tickers that trade on other exchanges, each on its own sessions.

    >>> prices = Prices.sample()
    >>> prices
    <Prices from the simulated sample market (SIMULATED): 38 tickers, 2023-01-03 to 2026-10-30>
    >>> prices.simulated, prices.tickers[:3], prices.all_tickers == prices.tickers
    (True, ('AAPL', 'AMD', 'AMZN'), True)
    >>> len(prices.sessions) == len(prices.close) == len(prices.adjusted_open())
    True
    >>> prices.closes(["META", "SPY"]).round(2).iloc[-1].tolist()
    [149.44, 101.06]
    >>> prices.returns().values.shape == prices.close.shape
    True
    >>> prices.panel_of("META") is prices, len(prices.panels), len(prices.digest)
    (True, 1, 64)
    >>> prices.clock.session(0)
    Timestamp('2023-01-03 00:00:00')
    """

    @classmethod
    def read(
        cls,
        folder: str | Path,
        tickers: Iterable[str] | None = None,
        calendar: str = "XNYS",
        exchanges: Mapping[str, str] | None = None,
        *,
        start: str | None = None,
        end: str | None = None,
    ) -> Prices:
        r"""Read a folder of one file a ticker, or one file of a whole panel (long or wide).

        Files are CSV, Parquet, spreadsheets or Stata; a folder may also hold panels or Parquet
        parts, and a table of a database is named by its URL, `sqlite:///prices.db?table=daily`.

        A Parquet panel of over a million rows, and a folder of partitions, are read column by
        column, for the days `start` to `end` (ISO) alone; other files are read whole. Tickers that
        are not there are simply not in the panel. Those of another exchange, by their suffix or
        `exchanges` ({"VOD": "XLON"}), are in `others`, on its own sessions. Raises `PriceError` for
        what cannot be read, and for one text in the place of tickers, whose letters would be read.

        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "META.csv")
        ...     _ = path.write_text("Date,Close\n2026-04-08,600\n2026-04-09,618\n")
        ...     Prices.read(folder).returns().column("META")[1:].round(2)
        array([0.03])
        """
        from backtest.prices.sources.files.arrow_panel import Span, large_panel, read_large
        from backtest.prices.sources.files.folder import read_folder
        from backtest.prices.sources.files.grids import is_database
        from backtest.prices.sources.files.panel_files import has_parts, read_panel

        wanted, path = None if tickers is None else ticker_names(tickers), place("folder", folder)
        text("calendar", calendar, "'XNYS'")
        named = exchanges_of(exchanges or {})
        if isinstance(folder, str) and is_database(folder):
            return cls.of(read_panel(folder, wanted, calendar, named))
        if large_panel(path):
            found = read_large(path, wanted, calendar, Span(start, end), named)
            if found is not None:
                return cls.of(found)
        whole = path.is_file() or has_parts(path)
        return cls.of((read_panel if whole else read_folder)(path, wanted, calendar, named))

    @classmethod
    def sample(cls) -> Prices:
        """The simulated market that ships with the tool; it is made once.

        >>> Prices.sample().source
        'the simulated sample market'
        """
        return _sample()

    @classmethod
    def yahoo(
        cls, tickers: Iterable[str], start: str | None = None, end: str | None = None
    ) -> Prices:
        """Fetch from Yahoo what the store does not have yet, and take all from there.

        `start` and `end` are days (ISO, both included). Raises `PriceError` where there are no
        prices, and for one text in the place of tickers.

        >>> Prices.yahoo("META")
        Traceback (most recent call last):
        backtest.errors.PriceError: tickers is the text 'META'; write a list: ['META']
        """
        from backtest.prices.sources.network.fetched import Wanted, from_vendor
        from backtest.prices.store import Store

        for name, day in (("start", start), ("end", end)):
            if day is not None:
                text(name, day, "'2026-04-09'")
        asked = Wanted("yahoo", ticker_names(tickers), start, end)
        return cls.of(from_vendor(Store.open(None), asked))

    def in_currency(self, currency: str) -> Prices:
        """The prices in one currency ("USD").

        By rates that are among them as JPYUSD=X (or USDJPY=X). A session without a rate is missing,
        a currency without one is missing as a whole; `notes` say so. Raises `PriceError` for what
        is no code of a currency.

        >>> prices = Prices.sample()
        >>> prices.in_currency("USD").close.equals(prices.close)
        True
        """
        from backtest.prices.currency import converted

        return converted(self, currency)

    @classmethod
    def of(cls, panel: PricePanel) -> Prices:
        """The panel that a reader or the store gave, as prices.

        >>> Prices.of(Prices.sample()).tickers == Prices.sample().tickers
        True
        """
        held = {one.name: getattr(panel, one.name) for one in fields(PricePanel)}
        return cls(**{**held, "others": tuple(cls.of(other) for other in panel.others)})


@cache
def _sample() -> Prices:
    """The simulated market, one for all: its panel and its digest are made once."""
    from backtest.prices.sample.market import sample_prices

    return Prices.of(sample_prices())
