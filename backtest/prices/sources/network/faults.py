"""What can go wrong with a question to a vendor, whoever it is."""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """What can go wrong with a question to a vendor."""

    UNKNOWN_TICKER = "unknown ticker"
    NO_DATA = "no data in range"
    RATE_LIMITED = "rate-limited"
    UNREACHABLE = "cannot be reached"
    BAD_ANSWER = "unusable answer"
    NO_ACCESS = "key refused"


class VendorError(Exception):
    """A question that got no usable answer; for the fetching code, never for a user."""

    def __init__(self, fault: Fault, detail: str) -> None:
        super().__init__(detail)
        self.fault = fault
