"""What strategies and searches came to, on the terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator

from reports.run.findings import Findings
from reports.words import count, equal, number, percent


def strategy_lines(findings: Findings) -> Iterator[str]:
    """A line a strategy, then what was searched."""
    for one in findings.backtests:
        if words := one.together_words(2):
            yield f"{one.together_name}: {words}"
        judged = one.evaluation.judgement
        if judged.n_trades:
            mean = f"{percent(judged.mean_net, 2)} each after costs, {one.against(2)}"
            still = ""
            if judged.n_open:
                still = f"; {judged.n_open} still open"
            yield f"{one.name}: {count(judged.n_trades, 'trade')}, {mean}{still}"
        else:
            yield (
                f"{one.name}: no completed trade, {judged.n_open} open, "
                f"account {percent(judged.total_return, 2)}"
            )
    yield from searched_lines(findings)


def searched_lines(findings: Findings) -> Iterator[str]:
    """What was tried, what the best is worth, and what choosing it would have earned."""
    found = findings.searched
    if found is None:
        return
    search, forward = found.search, found.forward
    if search.best.empty:
        yield f"search: {count(len(search.table), 'variant')}, none with enough trades to judge"
    else:
        best = search.best.iloc[0]
        yield (
            f"search: {count(len(search.table), 'variant')} of {found.strategy}, best "
            f"{search.named(int(best['variant']))} with {percent(best['mean_excess'], 2)} a bet "
            f"(t {number(best['t'])}); as good by luck alone with p {equal(search.best_p)}"
        )
    if forward is None:
        return
    judged = forward.out_of_sample.whole
    if not judged.n_trades:
        yield f"walk-forward: no completed bet out of sample; {forward.table['why_not'].iloc[0]}"
        return
    if math.isfinite(judged.sign_flip_p):
        luck = f"cluster sign-flip p {equal(judged.sign_flip_p)}"
    else:
        luck = judged.why_not
    yield (
        f"walk-forward: {count(judged.n_trades, 'bet')} out of sample over "
        f"{count(len(forward.table), 'fold')}, {percent(judged.mean_excess, 2)} each "
        f"({luck}), {percent(-forward.mean_lost, 2)} "
        "against the bets they were chosen on"
    )
    if math.isfinite(forward.deflated):
        worthless = f"the best of {forward.n_variants} worthless variants"
        ratio = (
            f"its account's Sharpe ratio ({number(judged.sharpe)} a year, "
            "the market's part included)"
        )
        yield f"  {ratio} beats {worthless} with probability {forward.deflated:.0%}"
    else:
        yield f"  no Sharpe ratio: {judged.sharpe_why_not}"
