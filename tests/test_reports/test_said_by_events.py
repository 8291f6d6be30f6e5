"""What `reactions events` prints of a small catalog: sums, lists, and what became complete."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reports.cli import main

Said = Callable[..., tuple[int, list[str], str]]
DEAL = """
id = "{id}"
headline = "{headline}"
announced_at = {at}
kind = "{kind}"
{more}
[amount]
usd = {usd}
qualifier = "{qualifier}"
payer = "Meta"
payee = "CoreWeave"

[[parties]]
name = "Meta"
ticker = "META"
roles = ["customer"]

[[parties]]
name = "CoreWeave"
ticker = "CRWV"
roles = ["supplier"]
"""


def deal(folder: Path, name: str, **given: Any) -> None:
    """An announcement by which Meta pays CoreWeave about a billion."""
    known = {
        "id": name, "headline": "Meta buys", "at": name[:10], "kind": "capacity_contract",
        "more": "", "usd": 1e9, "qualifier": "about",
    } | given  # fmt: skip
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.toml").write_text(DEAL.format(**known), encoding="utf-8")


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """Runs a command of `events`: status, lines of standard output, standard error."""

    def run(*args: object) -> tuple[int, list[str], str]:
        with pytest.raises(SystemExit) as ended:
            main(["events", *map(str, args)])
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out.splitlines(), err

    return run


# ledger

FOOT = (
    "in all: of the same two and of purchases or investments alone, so far; "
    "sums “up to” count in full"
)


def words(line: str) -> str:
    """A line without the blanks that set its columns."""
    return " ".join(line.split())


def test_sums_say_of_what_nature_they_are_and_how_firm(said: Said, tmp_path: Path) -> None:
    """2 + 3.5 is 5.5 of purchases; the investment between them is no part of it."""
    folder = tmp_path / "own"
    deal(folder, "2026-01-05-first", usd=2e9, qualifier="up_to")
    deal(folder, "2026-02-02-stake", usd=750e6, qualifier="exact", kind="equity_investment")
    deal(folder, "2026-03-02-second", usd=3.5e9)
    status, lines, err = said("ledger", "--catalog", folder)
    assert (status, err) == (0, "")
    assert list(map(words, lines)) == [
        "2026-01-05 Meta to CoreWeave purchase, up to $2bn $2bn in all",
        "2026-02-02 Meta to CoreWeave investment, exact $750m $750m in all",
        "2026-03-02 Meta to CoreWeave purchase, about $3.5bn $5.5bn in all",
        FOOT,
    ]


def test_a_sum_that_ends_is_taken_back(said: Said, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    deal(folder, "2026-01-05-first", usd=2e9)
    link = '[[links]]\nto = "2026-01-05-first"\nrelation = "amends"\n'
    deal(folder, "2026-03-02-second", usd=3.5e9, more=link)
    _, lines, _ = said("ledger", "--catalog", folder)
    assert [words(line).partition("about ")[2] for line in lines[:-1]] == [
        "$2bn $2bn in all", "−$2bn $0 in all", "$3.5bn $3.5bn in all",
    ]  # fmt: skip


def test_the_ledger_of_an_earlier_day_has_what_was_known_on_it(said: Said, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    deal(folder, "2026-01-05-first", usd=2e9)
    deal(folder, "2026-03-02-second", usd=3.5e9)
    counted = [
        len(said("ledger", "--catalog", folder, "--as-of", day)[1])
        for day in ("2026-01-04", "2026-01-05", "2026-03-01", "2026-03-02")
    ]
    assert counted == [0, 2, 2, 3]  # one line is the note below them


def test_a_catalog_without_sums_says_so(said: Said, tmp_path: Path) -> None:
    table = tmp_path / "own.csv"
    table.write_text("event_id,ticker,announced_at\na,META,2026-01-05\n", encoding="utf-8")
    status, lines, err = said("ledger", "--catalog", table)
    assert (status, lines) == (0, [])
    assert err == "no announcement names a sum and who pays it to whom\n"
    status, lines, err = said("ledger", "--catalog", table, "--json")
    assert (status, json.loads("".join(lines)), err) == (0, [], "")


def test_the_ledger_for_machines_is_in_dollars_and_without_a_total_that_is_unknown(
    said: Said, tmp_path: Path
) -> None:
    folder = tmp_path / "own"
    deal(folder, "2026-01-05-first", usd=2e9, qualifier="up_to")
    (row,) = json.loads("\n".join(said("ledger", "--catalog", folder, "--json")[1]))
    assert row["amount_usd"] == row["cumulative_usd"] == 2e9
    assert (row["qualifier"], row["nature"], row["stated_total_usd"]) == ("up_to", "purchase", None)


# list


def test_a_list_has_the_day_in_new_york_and_the_tickers_with_their_exchange(
    said: Said, tmp_path: Path
) -> None:
    """01:30 on 6 January in Berlin is 19:30 of the 5th in New York."""
    folder = tmp_path / "own"
    deal(folder, "2026-01-05-first", at="2026-01-06T01:30:00+01:00", headline="A " + "b" * 300)
    _, lines, _ = said("list", "--catalog", folder, "--exchange", "CRWV=XETR")
    assert lines[0].split("\t") == ["date", "id", "tickers", "headline"]
    day, name, tickers, headline = lines[1].split("\t")
    assert (day, name, tickers) == ("2026-01-05", "2026-01-05-first", "META,CRWV (XETR)")
    assert (headline[:4], headline[-1], len(headline)) == ("A bb", "…", 240)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (("--since", "2026-01-05"), 2), (("--since", "2026-01-06"), 1),
        (("--until", "2026-01-05"), 1), (("--until", "2026-01-04"), 0),
        (("--kind", "capacity_contract"), 2), (("--role", "customer"), 2),
        (("--text", "MEETS"), 1), (("--timing", "dated"), 2), (("--timing", "exact"), 0),
        (("--confidence", "verified"), 0), (("--confidence", "unverified"), 2),
    ],
)  # fmt: skip
def test_filters_of_a_list_keep_what_they_say(
    asked: tuple[str, ...], found: int, said: Said, tmp_path: Path
) -> None:
    folder = tmp_path / "own"
    deal(folder, "2026-01-05-first")
    deal(folder, "2026-03-02-second", headline="Meta meets")
    status, lines, err = said("list", "--catalog", folder, *asked)
    assert (status, len(lines)) == (0, found + 1 if found else 0)
    assert err == ("" if found else "no announcement meets all of this\n")


# show, for a name that is not there


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "2026-01-05-frist",
            "no announcement '2026-01-05-frist'; did you mean '2026-01-05-first'?"
            " Others are near: 2026-01-06-first",
        ),
        ("gate", "no announcement 'gate'; did you mean 'stargate'?"),
        ("xyz", "no announcement 'xyz': see reactions events list"),
    ],
)
def test_a_name_that_is_not_there_has_near_ones_or_where_to_look(
    name: str, told: str, said: Said, tmp_path: Path
) -> None:
    folder = tmp_path / "own"
    for one in ("2026-01-05-first", "2026-01-06-first"):
        deal(folder, one)
    deal(folder, "stargate", at="2026-03-02")
    status, lines, err = said("show", name, "--catalog", folder)
    assert (status, lines, err) == (2, [], f"error: {told}\n")


# due


WINDOWS = "[study.windows]\n1-day = [0, 0]\n5-day = [0, 4]\n"


@pytest.mark.parametrize(
    ("as_of", "since", "told"),
    [
        # before the open of Friday 4 September; Monday is Labor Day: [0, +4] ends on the 11th
        ("2026-09-04", "2026-09-03", "2 windows of 1 announcement are complete since 2026-09-03"),
        ("2026-09-10", "2026-09-08", "0 windows of 0 announcements are complete since 2026-09-08"),
        ("2026-09-11", "2026-09-10", "2 windows of 1 announcement are complete since 2026-09-10"),
        ("2026-09-11", "2026-09-03", "4 windows of 1 announcement are complete since 2026-09-03"),
    ],
)
def test_windows_are_complete_with_the_close_of_their_last_session(
    as_of: str, since: str, told: str, said: Said, tmp_path: Path
) -> None:
    folder, plan = tmp_path / "own", tmp_path / "plan.toml"
    plan.write_text(WINDOWS, encoding="utf-8")
    deal(folder, "2026-09-04-first", more='timing = "before_open"')
    given = ("--catalog", folder, "--experiment", plan, "--as-of", as_of, "--since", since)
    status, lines, _ = said("due", *given)
    assert status == 0
    assert told in lines
    ahead = [line for line in lines if line.startswith("next: ")]
    after = ["next: 2026-09-11, the 5-day window of 2026-09-04-first"]
    assert ahead == (after if as_of < "2026-09-11" else [])


def test_windows_due_stand_in_the_order_in_which_they_close(said: Said, tmp_path: Path) -> None:
    folder, plan = tmp_path / "own", tmp_path / "plan.toml"
    plan.write_text(WINDOWS, encoding="utf-8")
    deal(folder, "2026-09-04-first", more='timing = "before_open"')
    deal(folder, "2026-09-10-second", more='timing = "before_open"')
    given = ("--catalog", folder, "--experiment", plan)
    _, lines, _ = said("due", *given, "--as-of", "2026-09-10", "--since", "2026-09-09")
    assert lines[-1] == "next: 2026-09-11, the 5-day window of 2026-09-04-first"
    _, lines, _ = said("due", *given, "--as-of", "2026-09-11", "--since", "2026-09-09")
    assert [line.split("\t") for line in lines[:5]] == [
        ["complete with", "window", "ticker", "announcement"],
        ["2026-09-10", "1-day", "CRWV", "2026-09-10-second"],
        ["2026-09-10", "1-day", "META", "2026-09-10-second"],
        ["2026-09-11", "5-day", "CRWV", "2026-09-04-first"],
        ["2026-09-11", "5-day", "META", "2026-09-04-first"],
    ]


# check and import


def test_a_sound_catalog_has_no_problem_and_a_wrong_one_all_of_them(
    said: Said, tmp_path: Path
) -> None:
    folder = tmp_path / "own"
    deal(folder, "2026-01-05-first")
    assert said("check", folder) == (0, ["no problem found"], "")
    deal(folder, "2026-02-02-second", at='"soon"', kind="no_such_kind")
    status, lines, err = said("check", folder)
    assert (status, err) == (1, "")
    assert {line.split(": ")[1] for line in lines} == {"announced_at", "kind"}
    told = json.loads("\n".join(said("check", folder, "--json")[1]))
    assert [one["key"] for one in told["problems"]] == [line.split(": ")[1] for line in lines]


@pytest.mark.parametrize(
    ("rows", "told"),
    [(("a,META,2026-01-05",), "1 announcement written to {0}; study it with --catalog {0}"),
     (("a,META,2026-01-05", "b,CRWV,2026-01-06"),
      "2 announcements written to {0}; study them with --catalog {0}")],
)  # fmt: skip
def test_an_import_counts_what_it_wrote(
    rows: tuple[str, ...], told: str, said: Said, tmp_path: Path
) -> None:
    table, to = tmp_path / "own.csv", tmp_path / "to"
    table.write_text("\n".join(("event_id,ticker,announced_at", *rows)), encoding="utf-8")
    assert said("import", table, "--to", to) == (0, [told.format(to)], "")
