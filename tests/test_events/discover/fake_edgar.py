"""A server on loopback that answers as EDGAR does.

The map of tickers, lists of filings, headers, documents.
"""

from __future__ import annotations

import gzip
import html
import json
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")
RELEASE = """<html><head><title>EX-99.1</title></head><body><p>Exhibit 99.1</p><p><b>{title}</b></p>
<p>LIVINGSTON, N.J., {dateline} /PRNewswire/ -- {text}</p></body></html>"""


@dataclass
class Paper:
    """A filing on the server. `clock` is New York's; `json_is_utc` says what the list's Z means."""

    number: str
    clock: str  # 20260602160531
    form: str = "8-K"
    items: str = "1.01,9.01"
    filed: str = ""
    json_is_utc: bool = True
    title: str = "CoreWeave and Meta Expand Their Agreement"
    text: str = "CoreWeave will supply capacity."
    dateline: str = ""
    exhibits: int = 1
    filers: tuple[tuple[int, str], ...] = ()
    headless: bool = False

    @property
    def day(self) -> str:
        return self.filed or f"{self.clock[:4]}-{self.clock[4:6]}-{self.clock[6:8]}"

    @property
    def stamp(self) -> str:
        naive = datetime.strptime(self.clock, "%Y%m%d%H%M%S")
        utc = naive.replace(tzinfo=NEW_YORK).astimezone(UTC).replace(tzinfo=None)
        return (utc if self.json_is_utc else naive).isoformat() + ".000Z"


@dataclass
class Registrant:
    """A company on the server; `older` are filings on further pages, oldest page last."""

    cik: int
    name: str
    tickers: tuple[str, ...]
    papers: list[Paper] = field(default_factory=list)
    older: list[list[Paper]] = field(default_factory=list)
    former: tuple[str, ...] = ()


class FakeEdgar:
    """The server. `behave[end of a path]` may answer in its own way, and returns True if it did."""

    def __init__(self) -> None:
        self.registrants: list[Registrant] = []
        self.behave: dict[str, Callable[[BaseHTTPRequestHandler, int], bool]] = {}
        self.asked: Counter[str] = Counter()
        self.times: list[float] = []
        self.agents: list[str] = []
        self.zipped = False
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                with suppress(ConnectionError):
                    server.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http.server_address[1]}"

    def add(
        self,
        *papers: Paper,
        cik: int = 1769628,
        name: str = "CoreWeave, Inc.",
        ticker: str = "CRWV",
    ) -> Registrant:
        one = Registrant(cik, name, (ticker,), list(papers))
        self.registrants.append(one)
        return one

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        path, name = handler.path, handler.path.rsplit("/", 1)[-1]
        self.times.append(monotonic())
        self.asked[name] += 1
        agent = handler.headers.get("User-Agent", "")
        self.agents.append(agent)
        if "@" not in agent:
            send(handler, "<html><title>SEC.gov | Undeclared Automated Tool</title></html>", 403)
        elif name in self.behave and self.behave[name](handler, self.asked[name]):
            return
        elif (body := self.body(path, name)) is None:
            send(handler, "<html>NoSuchKey</html>", 404)
        else:
            send(handler, body, zipped=self.zipped)

    def body(self, path: str, name: str) -> str | None:
        if name == "company_tickers.json":
            rows = [(t, r) for r in self.registrants for t in r.tickers]
            return json.dumps(
                {
                    str(i): {"cik_str": r.cik, "ticker": t, "title": r.name}
                    for i, (t, r) in enumerate(rows)
                }
            )
        for one in self.registrants:
            if name == f"CIK{one.cik:010d}.json":
                return json.dumps(listing(one))
            for number, page in enumerate(one.older, start=1):
                if name == f"CIK{one.cik:010d}-submissions-{number:03d}.json":
                    return json.dumps(columns(page))
            for paper in [*one.papers, *(p for page in one.older for p in page)]:
                if f"/data/{one.cik}/{paper.number.replace('-', '')}/" in path:
                    return document(one, paper, name)
        return None


def columns(papers: list[Paper]) -> dict[str, list[Any]]:
    return {
        "accessionNumber": [p.number for p in papers],
        "filingDate": [p.day for p in papers],
        "acceptanceDateTime": [p.stamp for p in papers],
        "form": [p.form for p in papers],
        "items": [p.items for p in papers],
        "primaryDocument": ["main.htm" for _ in papers],
    }


def listing(one: Registrant) -> dict[str, Any]:
    files = [
        {
            "name": f"CIK{one.cik:010d}-submissions-{number:03d}.json",
            "filingFrom": min(p.day for p in page),
            "filingTo": max(p.day for p in page),
        }
        for number, page in enumerate(one.older, start=1)
    ]
    return {
        "cik": str(one.cik).zfill(10),
        "name": one.name,
        "tickers": list(one.tickers),
        "formerNames": [
            {"name": name, "from": "2015-01-01T05:00:00.000Z", "to": "2026-01-01T05:00:00.000Z"}
            for name in one.former
        ],
        "filings": {"recent": columns(one.papers), "files": files},
    }


def document(one: Registrant, paper: Paper, name: str) -> str | None:
    if name.endswith("-index-headers.html"):
        return None if paper.headless else header(one, paper)
    if name.startswith("ex99") or name == "main.htm":
        dateline = paper.dateline or "June 2, 2026"
        return RELEASE.format(title=paper.title, text=paper.text, dateline=dateline)
    return None


def header(one: Registrant, paper: Paper) -> str:
    filers = paper.filers or ((one.cik, one.name),)
    said = "\n\n".join(
        f"FILER:\n\n\tCOMPANY DATA:\t\n\t\tCOMPANY CONFORMED NAME:\t\t\t{name}\n"
        f"\t\tCENTRAL INDEX KEY:\t\t\t{cik:010d}"
        for cik, name in filers
    )
    files = [(paper.form, "main.htm")] + [
        (f"EX-99.{n}", f"ex99{n}.htm") for n in range(1, paper.exhibits + 1)
    ]
    documents = "\n".join(
        f"&lt;DOCUMENT&gt;\n&lt;TYPE&gt;{kind}\n&lt;SEQUENCE&gt;{n}\n&lt;FILENAME&gt;{file}\n"
        f"&lt;DESCRIPTION&gt;{kind}\n"
        f'&lt;TEXT&gt;\n<a href="{file}">Document {n} - file: {file}</a><br>\n&lt;/DOCUMENT&gt;'
        for n, (kind, file) in enumerate(files, start=1)
    )
    day = paper.day.replace("-", "")
    top = f"<SEC-HEADER>{paper.number}.hdr.sgml : {day}\n<ACCEPTANCE-DATETIME>{paper.clock}\n"
    text = (
        f"{top}ACCESSION NUMBER:\t\t{paper.number}\n"
        f"CONFORMED SUBMISSION TYPE:\t{paper.form}\nPUBLIC DOCUMENT COUNT:\t\t{len(files)}\n"
        f"FILED AS OF DATE:\t\t{day}\n{said}\n</SEC-HEADER>\n"
    )
    comment = f"<!--\n{top}<ACCESSION-NUMBER>{paper.number}\n<TYPE>{paper.form}\n</SEC-HEADER>\n-->"
    return (
        f"<HTML><HEAD><TITLE>SEC EDGAR Submission {paper.number}</TITLE>\n{comment}\n"
        f"</HEAD><BODY>\n<PRE>{html.escape(text)}{documents}\n</PRE></BODY></HTML>"
    )


def send(
    handler: BaseHTTPRequestHandler,
    body: str | bytes,
    status: int = 200,
    *,
    length: int | None = None,
    zipped: bool = False,
    headers: dict[str, str] | None = None,
) -> None:
    data = body.encode() if isinstance(body, str) else body
    data = gzip.compress(data) if zipped else data
    handler.send_response(status)
    for name, value in ({"Content-Encoding": "gzip"} if zipped else {}).items():
        handler.send_header(name, value)
    for name, value in (headers or {}).items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(data) if length is None else length))
    handler.end_headers()
    handler.wfile.write(data)
