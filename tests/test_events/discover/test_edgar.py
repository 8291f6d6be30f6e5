"""Twenty shapes of EDGAR's answers, through the real client.

Bounds to the second, and nothing bad in the store.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from events.discover.answers import AnswerStore
from events.discover.client import Edgar, Pace
from events.discover.filings import Filing, find
from events.errors import DiscoveryError

SINCE, UNTIL = date(2026, 1, 1), date(2026, 12, 31)
Stored = Callable[[], list[bytes]]


def one(edgar: Edgar, since: date = SINCE, until: date = UNTIL) -> Filing:
    (filing,) = find(edgar, ["CRWV"], since, until)
    return filing


def number(n: int = 1) -> str:
    return f"0001769628-26-{n:06d}"


CLOCKS = {  # name: (header, filed, items, form, public by)
    "summer": ("20260602160531", "2026-06-02", "2026-06-02T16:05:31-04:00"),
    "winter": ("20260113070001", "2026-01-13", "2026-01-13T07:00:01-05:00"),
    "the first day of summer time": ("20260309083059", "2026-03-09", "2026-03-09T08:30:59-04:00"),
    "17:30:00": ("20260602173000", "2026-06-02", "2026-06-02T17:30:00-04:00"),
    "17:30:01": ("20260602173001", "2026-06-03", "2026-06-03T06:00:00-04:00"),
    "17:31 of a Friday": ("20260605173100", "2026-06-08", "2026-06-08T06:00:00-04:00"),
    "17:31, filed the same day": ("20260605173100", "2026-06-05", "2026-06-08T06:00:00-04:00"),
    "17:31 before a holiday": ("20260702174500", "2026-07-02", "2026-07-06T06:00:00-04:00"),
    "the night before winter time": ("20261030180000", "2026-11-02", "2026-11-02T06:00:00-05:00"),
    "placeholder": ("20260602235959", "2026-06-02", "2026-06-02T23:59:59-04:00"),
    "placeholder, filed next day": ("20260602235959", "2026-06-03", "2026-06-03T06:00:00-04:00"),
    "midnight as placeholder": ("20260602000000", "2026-06-02", "2026-06-02T23:59:59-04:00"),
}


@pytest.mark.parametrize(("clock", "filed", "public"), CLOCKS.values(), ids=CLOCKS)
@pytest.mark.parametrize("json_is_utc", [True, False], ids=["Z is true", "Z lies"])
def test_bounds_are_right_to_the_second(
    server: Any,
    edgar: Edgar,
    fake: ModuleType,
    clock: str,
    filed: str,
    public: str,
    json_is_utc: bool,
) -> None:
    server.add(fake.Paper(number(), clock, filed=filed, json_is_utc=json_is_utc))
    filing = one(edgar)
    assert filing.acceptance.public_by.isoformat() == public
    assert filing.acceptance.stamp.strftime("%Y%m%d%H%M%S") == clock
    assert filing.acceptance.placeholder == (clock[8:] in ("235959", "000000"))
    assert any("header decides" in said for said in filing.odd) == (not json_is_utc)


def test_without_a_header_the_later_reading_of_the_list_is_the_bound(
    server: Any, edgar: Edgar, fake: ModuleType
) -> None:
    server.add(fake.Paper(number(), "20260602110000", headless=True, json_is_utc=False, exhibits=0))
    filing = one(edgar)
    assert filing.acceptance.public_by.isoformat() == "2026-06-02T11:00:00-04:00"
    assert any("no header" in said for said in filing.odd)


def test_forms_and_items_that_could_be_announcements(
    server: Any, edgar: Edgar, fake: ModuleType
) -> None:
    kinds = [
        ("8-K", "1.01"), ("8-K", "2.01,9.01"), ("8-K", "2.02"), ("8-K", "2.03"), ("8-K", "7.01"),
        ("8-K", "8.01"), ("6-K", ""), ("8-K/A", "1.01"), ("6-K/A", ""),
        ("8-K", "5.02"), ("8-K", "9.01"), ("10-Q", ""), ("4", ""), ("S-1", ""),
    ]  # fmt: skip
    server.add(
        *(
            fake.Paper(
                number(n), f"202606{n:02d}120000", form=form, items=items, filed=f"2026-06-{n:02d}"
            )
            for n, (form, items) in enumerate(kinds, start=1)
        )
    )
    found = find(edgar, ["CRWV"], SINCE, UNTIL)
    assert [(one.form, ",".join(one.items)) for one in found] == kinds[:9]
    assert [one.amends for one in found] == [False] * 7 + [True, True]
    assert [one.acceptance.public_by.isoformat() for one in found[6:]] == [
        "2026-06-08T06:00:00-04:00",  # the 6-K of a Sunday
        "2026-06-08T12:00:00-04:00",  # amendments have clocks of their own
        "2026-06-09T12:00:00-04:00",
    ]


def test_a_foreign_private_issuer_has_titles_from_its_exhibits(
    server: Any, edgar: Edgar, fake: ModuleType
) -> None:
    paper = fake.Paper(
        "0001104659-26-000001", "20260819063000", form="6-K", items="", exhibits=2,
        title="Nebius prices $4.5 billion of notes",
        text="Nebius prices up to $4.5 billion of notes and C$2 billion.",
        dateline="August 19, 2026",
    )  # fmt: skip
    server.add(paper, cik=1513845, name="Nebius Group N.V.", ticker="NBIS")
    (filing,) = find(edgar, ["nbis"], SINCE, UNTIL)
    assert filing.titles == ("Nebius prices $4.5 billion of notes",) * 2
    assert filing.dateline == date(2026, 8, 19)
    assert filing.acceptance.public_by.isoformat() == "2026-08-19T06:30:00-04:00"
    assert [(one.usd, one.written) for one in filing.amounts] == [
        (4.5e9, "$4.5 billion"),
        (None, "C$2 billion"),
    ]


def test_older_filings_are_on_further_pages(server: Any, edgar: Edgar, fake: ModuleType) -> None:
    known = server.add(fake.Paper(number(3), "20260602160531"))
    known.older = [
        [fake.Paper(number(2), "20260301120000", filed="2026-03-02")],
        [fake.Paper("0001769628-24-000001", "20240301120000")],
    ]
    found = find(edgar, ["CRWV"], SINCE, UNTIL)
    assert [(one.accession, one.acceptance.public_by.isoformat()) for one in found] == [
        (number(2), "2026-03-02T06:00:00-05:00"),  # accepted on a Sunday
        (number(3), "2026-06-02T16:05:31-04:00"),
    ]
    assert server.asked["CIK0001769628-submissions-001.json"] == 1
    assert server.asked["CIK0001769628-submissions-002.json"] == 0  # all of it is too old


def test_a_ticker_that_changed_its_number(server: Any, edgar: Edgar, fake: ModuleType) -> None:
    server.add(
        fake.Paper("0000000002-26-000001", "20260602160531"), cik=2, name="New", ticker="CRWV"
    )
    server.add(
        fake.Paper("0000000001-26-000001", "20260202160531"), cik=1, name="Old", ticker="OLDX"
    )
    assert [one.cik for one in find(edgar, ["CRWV"], SINCE, UNTIL)] == [2]
    assert any("CIK 2 has filed since 2026-06-02 only" in note for note in edgar.notes)
    both = find(edgar, ["CRWV", "CRWV=1"], SINCE, UNTIL)
    assert [(one.ticker, one.cik, one.acceptance.public_by.isoformat()) for one in both] == [
        ("CRWV", 1, "2026-02-02T16:05:31-05:00"),
        ("CRWV", 2, "2026-06-02T16:05:31-04:00"),
    ]


def test_days_are_those_of_acceptance_in_new_york(
    server: Any, edgar: Edgar, fake: ModuleType
) -> None:
    server.add(fake.Paper(number(), "20260605200000", filed="2026-06-08"))
    day = date(2026, 6, 5)
    assert len(find(edgar, ["CRWV"], day, day)) == 1
    assert not find(edgar, ["CRWV"], date(2026, 6, 6), date(2026, 6, 8))


def test_filers_together(server: Any, edgar: Edgar, fake: ModuleType) -> None:
    filers = ((1769628, "CoreWeave, Inc."), (1839341, "Core Scientific, Inc."))
    server.add(fake.Paper(number(), "20260602160531", filers=filers))
    assert one(edgar).filers == filers


def test_zipped_answers(server: Any, edgar: Edgar, fake: ModuleType) -> None:
    server.zipped = True
    server.add(fake.Paper(number(), "20260602160531"))
    assert one(edgar).acceptance.public_by.isoformat() == "2026-06-02T16:05:31-04:00"


HEAD = f"{number()}-index-headers.html"
LIST, MAP, EXHIBIT = "CIK0001769628.json", "company_tickers.json", "ex991.htm"


EXCUSE = """<!DOCTYPE html><html><head>\
<title>SEC.gov | Request Rate Threshold Exceeded</title></head>
<body>Request Rate Threshold Exceeded</body></html>"""


def bad(fake: ModuleType, how: str, body: str) -> Callable[[Any, int], bool]:
    """An answer that is wrong in one way, each time."""

    def behave(handler: Any, _: int) -> bool:
        if how == "cut short":
            fake.send(handler, body[: len(body) // 2], length=len(body))
        elif how == "cut short, and says it is whole":
            fake.send(handler, body[: len(body) // 2])
        elif how == "half a zip":
            packed = gzip.compress(body.encode())
            fake.send(handler, packed[: len(packed) // 2], headers={"Content-Encoding": "gzip"})
        elif how == "a page of excuses":
            fake.send(
                handler,
                EXCUSE,
            )
        elif how == "empty":
            fake.send(handler, "")
        elif how == "about another":
            fake.send(handler, body.replace("1769628", "1111111").replace("crwv", "abcd"))
        elif how == "busy":
            fake.send(handler, "slow down", 429)
        else:
            fake.send(handler, "later", 503)
        return True

    return behave


WAYS = [
    "cut short", "cut short, and says it is whole", "half a zip", "a page of excuses", "empty",
    "about another", "busy", "away",
]  # fmt: skip
SAY_NOT_WHOSE = (MAP, EXHIBIT)  # nothing in them says about whom they are
BAD = [
    (where, how)
    for where in (MAP, LIST, HEAD, EXHIBIT)
    for how in WAYS
    if how != "about another" or where not in SAY_NOT_WHOSE
]


@pytest.mark.parametrize(("where", "how"), BAD)
def test_nothing_bad_enters_the_store(
    server: Any, edgar: Edgar, fake: ModuleType, stored: Stored, how: str, where: str
) -> None:
    known = server.add(fake.Paper(number(), "20260602160531"))
    folder = f"/Archives/edgar/data/1769628/{number().replace('-', '')}/"
    whole = server.body(folder + where if where in (HEAD, EXHIBIT) else f"/{where}", where)
    server.behave[where] = bad(fake, how, whole)
    with pytest.raises(DiscoveryError, match=where):
        find(edgar, ["CRWV"], SINCE, UNTIL)
    assert server.asked[where] == 3  # as often as the client tries
    good = {server.body("/" + name, name).encode() for name in (MAP, LIST)}
    good |= {server.body(folder + name, name).encode() for name in (HEAD, EXHIBIT)}
    assert set(stored()) <= good
    assert whole.encode() not in stored()
    del server.behave[where]
    assert one(edgar).cik == known.cik  # and the next day all is well


def test_a_busy_server_is_asked_again(server: Any, edgar: Edgar, fake: ModuleType) -> None:
    server.add(fake.Paper(number(), "20260602160531"))

    def busy_twice(handler: Any, asked: int) -> bool:
        if asked <= 2:
            fake.send(handler, "", 429 if asked == 1 else 503, headers={"Retry-After": "0"})
        return asked <= 2

    server.behave[HEAD] = busy_twice
    assert one(edgar).acceptance.public_by.isoformat() == "2026-06-02T16:05:31-04:00"
    assert server.asked[HEAD] == 3


def test_the_servers_own_waiting_time_is_kept(server: Any, edgar: Edgar, fake: ModuleType) -> None:
    server.add(fake.Paper(number(), "20260602160531"))

    def busy(handler: Any, asked: int) -> bool:
        if asked == 1:
            fake.send(handler, "", 429, headers={"Retry-After": "1"})
        return asked == 1

    server.behave[MAP] = busy
    one(edgar)
    assert server.times[1] - server.times[0] >= 0.95


def test_a_contact_that_is_refused_is_one_error(
    server: Any, edgar: Edgar, fake: ModuleType
) -> None:
    server.add(fake.Paper(number(), "20260602160531"))
    edgar.contact = "nobody"
    with pytest.raises(DiscoveryError, match=r"refused \(403\).*REACTIONS_CONTACT"):
        one(edgar)
    assert sum(server.asked.values()) == 1  # no second attempt


def test_the_user_agent_has_the_contact(server: Any, edgar: Edgar, fake: ModuleType) -> None:
    server.add(fake.Paper(number(), "20260602160531"))
    one(edgar)
    assert all(agent.endswith(" Jane Doe jane@example.org") for agent in server.agents)


def test_never_more_than_ten_requests_in_a_second(
    server: Any, edgar: Edgar, fake: ModuleType
) -> None:
    server.add(*(fake.Paper(number(n), f"202606{n:02d}120000") for n in range(1, 13)))
    edgar.pace = Pace()
    assert len(find(edgar, ["CRWV"], SINCE, UNTIL)) == 12
    times = server.times
    assert len(times) == 26
    assert all(later - first > 0.97 for first, later in zip(times, times[10:], strict=False))


def test_filings_are_asked_for_once_and_lists_each_day(
    server: Any, edgar: Edgar, fake: ModuleType, tmp_path: Path
) -> None:
    server.add(fake.Paper(number(), "20260602160531"))
    one(edgar)
    before = dict(server.asked)
    one(Edgar(edgar.answers, edgar.contact, pace=Pace(1000)))
    after = {name: n - before[name] for name, n in server.asked.items()}
    assert after == {MAP: 1, LIST: 1, HEAD: 0, EXHIBIT: 0}


def test_where_edgar_is_away_what_was_kept_serves(
    server: Any, edgar: Edgar, fake: ModuleType
) -> None:
    server.add(fake.Paper(number(), "20260602160531"))
    one(edgar)
    server.behave[LIST] = bad(fake, "away", "")
    again = Edgar(
        edgar.answers, edgar.contact, attempts=2, pause=0.01, longest_pause=0.01, pace=Pace(1000)
    )
    assert one(again).accession == number()
    assert any("what was kept from an earlier day serves" in note for note in again.notes)


def test_a_damaged_answer_of_the_store_is_asked_for_anew(
    server: Any, edgar: Edgar, fake: ModuleType, tmp_path: Path
) -> None:
    server.add(fake.Paper(number(), "20260602160531"))
    one(edgar)
    for path in (tmp_path / "home").rglob("objects/*/*"):
        path.write_bytes(path.read_bytes()[:50])
    again = Edgar(edgar.answers, edgar.contact, pace=Pace(1000))
    assert one(again).accession == number()
    assert server.asked[HEAD] == 2


def test_names_that_would_leave_the_site_are_refused(
    server: Any, edgar: Edgar, fake: ModuleType
) -> None:
    server.add(fake.Paper(number(), "20260602160531"))
    said = json.loads(server.body("/" + LIST, LIST))
    said["filings"]["files"] = [{"name": "../../etc/passwd", "filingTo": "2026-06-01"}]
    server.behave[LIST] = lambda handler, _: bool(fake.send(handler, json.dumps(said))) or True
    with pytest.raises(DiscoveryError, match="is no page of its filings"):
        one(edgar)


def test_a_redirection_is_not_followed(server: Any, edgar: Edgar, fake: ModuleType) -> None:
    server.add(fake.Paper(number(), "20260602160531"))
    server.behave[MAP] = lambda handler, _: (
        bool(fake.send(handler, "", 302, headers={"Location": "http://127.0.0.1:9/"})) or True
    )
    with pytest.raises(DiscoveryError, match="answered 302"):
        one(edgar)


def test_an_unknown_ticker_names_the_nearest(server: Any, edgar: Edgar, fake: ModuleType) -> None:
    server.add(fake.Paper(number(), "20260602160531"))
    with pytest.raises(DiscoveryError, match=r"did you mean 'CRWV'.*TICKER=CIK"):
        find(edgar, ["CRWW"], SINCE, UNTIL)


def test_a_server_that_is_not_there(edgar: Edgar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REACTIONS_EDGAR", "http://127.0.0.1:9")
    with pytest.raises(DiscoveryError, match="cannot be reached"):
        one(edgar)


def test_equal_answers_are_kept_once(tmp_path: Path) -> None:
    answers = AnswerStore(tmp_path)
    for body in (b"a", b"a", b"b", b"a"):
        answers.keep("https://x", body)
    assert answers.newest("https://x") == b"a"
    assert len(list(tmp_path.rglob("objects/*/*"))) == 2
    assert len(list(tmp_path.rglob("asked/*/*.json"))) == 3
