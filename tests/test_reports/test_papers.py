from __future__ import annotations

import io
import re

import pandas as pd
import pytest

from reports.draw.palette import styles
from reports.draw.parts import escape
from reports.draw.tabular import Table
from reports.export.papers import formats_of, latex, markdown, paper_files
from reports.run.findings import Findings

ALL = ("latex", "markdown", "parquet", "svg", "png", "pdf")


@pytest.fixture(scope="module")
def files(findings: Findings) -> dict[str, bytes]:
    return paper_files(findings, ALL)


def test_every_format_is_there_and_recognised_again(files: dict[str, bytes]) -> None:
    assert formats_of(files) == ALL
    assert {"papers/answer-windows.tex", "papers/tests-main.md", "figures/headline.svg"} <= set(
        files
    )


def test_nothing_asked_for_is_nothing(findings: Findings) -> None:
    assert paper_files(findings, ()) == {}


def test_same_findings_same_files(findings: Findings, files: dict[str, bytes]) -> None:
    assert paper_files(findings, ALL) == files


def test_simulated_is_in_every_table_and_figure(files: dict[str, bytes]) -> None:
    texts = {
        name: content.decode()
        for name, content in files.items()
        if name.endswith((".tex", ".md", ".svg"))
    }
    assert len(texts) > 15
    assert [name for name, text in texts.items() if "SIMULATED" not in text] == []


def test_parquet_holds_the_numbers_of_the_table(
    findings: Findings, files: dict[str, bytes]
) -> None:
    back = pd.read_parquet(io.BytesIO(files["tables/windows.parquet"]))
    assert back["car"].tolist() == findings.tables["windows"]["car"].tolist()


def test_latex_keeps_the_table_whole_whatever_the_text() -> None:
    table = Table.of("t", "50% of {x} \\input{y}", ("a_b", "c"), [["[1] & 2", "^~$#"]])
    body = latex(table)
    assert body.count("&") - body.count(r"\&") == 2
    assert r"\input" not in body
    assert r"{[}1] \& 2 & \textasciicircum{}\textasciitilde{}\$\# \\" in body


def test_markdown_keeps_the_table_whole_whatever_the_text() -> None:
    assert markdown(Table.of("t", "x", ("a",), [["<b>|"]])).splitlines()[-1] == "| &lt;b>\\| |"


def test_markdown_makes_no_markup_of_text() -> None:
    hostile = r"a\|b ![x](http://y/z.png) [go](javascript:alert(1)) `c` *d* <img src=x> &lt;"
    told = markdown(Table.of("t", hostile, (hostile, "b"), [[hostile, "1"]]))
    caption, _, *lines = told.splitlines()
    assert [len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in lines] == [3, 3, 3]
    for line in (caption, lines[0], lines[2]):
        assert "<" not in line
        assert "javascript:" not in line
        assert r"\!\[x\](http&#58;//y/z.png)" in line
        assert r"a\\\|b" in line
        assert r"\`c\` \*d\* &lt;img src=x> &amp;lt;" in line


def test_a_ticker_has_its_colour_whoever_else_is_there() -> None:
    few, many = styles(["NVDA", "META"]), styles(["META", "AAA", "NVDA", "ZZZ"])
    assert few["META"] == many["META"]
    assert few["NVDA"] == many["NVDA"]
    every = styles([f"T{i:02}" for i in range(30)])
    assert len(set(every.values())) == 30


def test_labels_hold_no_markup() -> None:
    assert escape("<b>%{x}</b> & $x$") == "&lt;b&gt;% {x}&lt;/b&gt; &amp; &#36;x&#36;"
