"""How long and how often a vendor is asked before one gives up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import TypeVar

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    sleep_using_event,
    stop_any,
    stop_when_event_set,
)
from tenacity.stop import stop_base
from tenacity.wait import wait_exponential_jitter

from backtest.prices.sources.network.answer import Fault, VendorError

Answer = TypeVar("Answer")

ATTEMPTS = {
    Fault.RATE_LIMITED: 4,
    Fault.UNREACHABLE: 2,
    Fault.BAD_ANSWER: 3,
}  # any other fault is final


@dataclass(frozen=True)
class FetchLimits:
    """Seconds, and questions under way at once.

    `first_sign` is how long one waits for any sign of life, `silence` how long between two signs
    later, `deadline` for everything together; waiting between attempts grows from `pause` to
    `longest_pause`, with jitter.
    """

    workers: int = 4
    first_sign: float = 15.0
    silence: float = 60.0
    deadline: float = 1800.0
    pause: float = 1.0
    longest_pause: float = 30.0

    def persist(
        self, ask: Callable[[], Answer], stop: Event, alive: Callable[[VendorError], None]
    ) -> Answer:
        """Ask until there is an answer, a fault that is final, or too many attempts.

        `alive` hears of each retry.
        """
        retrying = Retrying(
            wait=wait_exponential_jitter(
                multiplier=self.pause, max=self.longest_pause, jitter=self.pause
            ),
            retry=retry_if_exception(lambda error: isinstance(error, VendorError)),
            stop=stop_any(_Enough(), stop_when_event_set(stop)),
            sleep=sleep_using_event(stop),
            before_sleep=lambda state: alive(_error(state)),
            reraise=True,
        )
        return retrying(ask)


def _error(state: RetryCallState) -> VendorError:
    error = None
    if state.outcome:
        error = state.outcome.exception()
    if not isinstance(error, VendorError):
        raise TypeError("only a VendorError is asked about again") from error
    return error


class _Enough(stop_base):
    """Stop by the kind of the last fault."""

    def __call__(self, retry_state: RetryCallState) -> bool:
        return retry_state.attempt_number >= ATTEMPTS.get(_error(retry_state).fault, 1)
