"""The closed word lists of the catalog.

Each is what a TOML file may say under the key of that name.
"""

from __future__ import annotations

from enum import StrEnum


class Timing(StrEnum):
    """When in its day an announcement was made, where only the date is known."""

    BEFORE_OPEN = "before_open"
    DURING_SESSION = "during_session"
    AFTER_CLOSE = "after_close"
    UNKNOWN = "unknown"


class TimingQuality(StrEnum):
    """How the timing is known."""

    STATED = "stated"  # a source gives the time or says before the open, after the close
    INFERRED = "inferred"  # from reactions, or from other times in the sources
    RECALLED = "recalled"  # from memory
    DATE_ONLY = "date_only"  # the sources give the date and no more
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """What was announced."""

    CAPACITY_CONTRACT = "capacity_contract"
    POWER_CONTRACT = "power_contract"
    SUPPLY_CONTRACT = "supply_contract"
    EARNINGS = "earnings"
    FINANCING = "financing"
    EQUITY_INVESTMENT = "equity_investment"
    PARTNERSHIP = "partnership"
    ACQUISITION = "acquisition"
    PRODUCT_LAUNCH = "product_launch"
    MARKET_CONTEXT = "market_context"
    ANALYST = "analyst"
    STRATEGY_REPORT = "strategy_report"
    IPO = "ipo"
    CAPEX_GUIDANCE = "capex_guidance"
    LOCKUP_EXPIRY = "lockup_expiry"
    EXPANSION = "expansion"
    OTHER = "other"


class Role(StrEnum):
    """What a party does in the announcement."""

    CUSTOMER = "customer"
    SUPPLIER = "supplier"
    INVESTOR = "investor"
    FINANCIER = "financier"
    ARRANGER = "arranger"
    ISSUER = "issuer"
    LANDLORD = "landlord"
    TENANT = "tenant"
    DEVELOPER = "developer"
    ACQUIRER = "acquirer"
    TARGET = "target"
    REPORTER = "reporter"  # publishes its own results
    PARTNER = "partner"
    COMPETITOR = "competitor"
    SUBJECT = "subject"  # what a rating or an article is about
    ANALYST = "analyst"
    READ_THROUGH = "read_through"  # not a party: the market carries the news over to it
    OTHER = "other"


class Qualifier(StrEnum):
    """How firm a number is."""

    EXACT = "exact"
    ABOUT = "about"
    UP_TO = "up_to"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    UPPER_GUIDANCE = "upper_guidance"  # the top of a guided range
    REPORTED = "reported"  # by the press, not by the parties


class LaterOutcome(StrEnum):
    """What became of an announcement later."""

    PRICED = "priced"  # an offering, at the size and the terms it was sold at
    CLOSED = "closed"
    CANCELLED = "cancelled"
    RESTATED = "restated"  # by the parties, or by a filing of theirs
    EXPANDED = "expanded"
    REPORTED = "reported"  # a later account of what was not said on the day
    OTHER = "other"


class Relation(StrEnum):
    """How an announcement stands to an earlier or a simultaneous one."""

    ADDS_TO = "adds_to"  # more of the same commitment: the ledger sums along these
    FINANCES = "finances"
    AMENDS = "amends"
    ENDS = "ends"
    FOLLOWS = "follows"  # a later chapter of the same story, with no sum
    SAME_DAY = "same_day"
    RELATED = "related"


class Contaminant(StrEnum):
    """What else could have moved the price."""

    OFFERING = "offering"
    EARNINGS = "earnings"
    OTHER_NEWS = "other_news"
    MARKET = "market"
    LEAK = "leak"
    CALENDAR = "calendar"
    ESTIMATION = "estimation"  # touches the estimation window, not the event's
    OTHER = "other"


class SourceKind(StrEnum):
    """What kind of document a source is."""

    PRESS = "press"
    PRESS_RELEASE = "press_release"
    FILING = "filing"
    DIGEST = (
        "digest"  # a newsletter or a log that retells others: what rests on it alone is unverified
    )
    DATASET = "dataset"


class Trust(StrEnum):
    """Whether the source's own text was read (verified),
    or only a copy or a memory of it (unverified).
    """  # noqa: D205  # the schema shows the first paragraph, whole

    VERIFIED = "verified"
    UNVERIFIED = "unverified"


class Measure(StrEnum):
    """What a press claim puts a number on."""

    CHANGE = "change"  # in percent
    LEVEL = "level"  # a price in dollars


class PricePoint(StrEnum):
    """A price of a day."""

    CLOSE = "close"
    OPEN = "open"
    HIGH = "high"
    LOW = "low"
    INTRADAY = "intraday"
    PRE_MARKET = "pre_market"
    AFTER_HOURS = "after_hours"
    FOREIGN_LISTING = "foreign_listing"
    UNSPECIFIED = "unspecified"


class Basis(StrEnum):
    """What a claimed change is measured from."""

    PREVIOUS_CLOSE = "previous_close"  # the close before the window's first session
    OPEN = "open"  # of the window's first session
    HIGH = "high"  # the highest price of the window
    OFFER_PRICE = "offer_price"
    STATED_PRICE = "stated_price"  # base_price gives it
    YEAR_END = "year_end"  # the last close of the year before
    UNSPECIFIED = "unspecified"


class WindowUnit(StrEnum):
    """What the length of a claim's window counts."""

    SESSIONS = "sessions"
    CALENDAR_DAYS = "calendar_days"
    CALENDAR_MONTHS = "calendar_months"
    WEEK_TO_DATE = "week_to_date"
    MONTH_TO_DATE = "month_to_date"
    QUARTER_TO_DATE = "quarter_to_date"
    YEAR_TO_DATE = "year_to_date"
    YEARS = "years"
    UNSPECIFIED = "unspecified"
