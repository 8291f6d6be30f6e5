from __future__ import annotations

import io
import re
from dataclasses import replace

import pandas as pd
import pytest

from backtest.study.show.markup import starred_line
from events.files.together import Content
from reports.draw.palette import styles
from reports.draw.parts import escape
from reports.draw.tabular import Table
from reports.export.papers import formats_of, latex, markdown, paper_files
from reports.run.findings import Findings
from tests.test_reports.contents import as_bytes

ALL = ("latex", "markdown", "parquet", "svg", "png", "pdf")


@pytest.fixture(scope="module")
def files(findings: Findings) -> dict[str, bytes]:
    return read(paper_files(findings, ALL))


def read(files: dict[str, Content]) -> dict[str, bytes]:
    """What each content writes."""
    return {name: as_bytes(content) for name, content in files.items()}


def test_every_format_is_there_and_recognised_again(files: dict[str, bytes]) -> None:
    assert formats_of(files) == ALL
    assert {"papers/answer-windows.tex", "papers/tests-main.md", "figures/headline.svg"} <= set(
        files
    )


def test_nothing_asked_for_is_nothing(findings: Findings) -> None:
    assert paper_files(findings, ()) == {}


def test_same_findings_same_files(findings: Findings, files: dict[str, bytes]) -> None:
    assert read(paper_files(findings, ALL)) == files


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


HOSTILE = (
    "a|b", "a\\b", "a\\|b", "end\\", "[x](javascript:alert(1))", "![i](http://e/x.png)", "50% off",
    "a_b _c_", "two\nlines", "two\n\nparagraphs", "tab\there", "<b>x</b>", "`c`", "**d**",
    "www.x.y", "a@b.cd", "$x^2$", "# head", "- item", "1. item", "> said", "~~no~~", "\\input{x}",
    "&lt;", "[^1]", "{x", "a\x0bb", "b***",
)  # fmt: skip
_BAR = re.compile(r"(?<!\\)(?:\\\\)*\|")


@pytest.mark.parametrize("text", HOSTILE)
def test_every_cell_head_caption_and_note_stays_text(text: str) -> None:
    table = replace(Table.of(text, text, (text, text), [[text, "1"], ["1", text]]), notes=text)
    caption, _, *lines = (told := markdown(table)).splitlines()
    *rows, _, note = lines
    assert len(lines) == 6
    assert [len(_BAR.findall(row)) for row in rows] == [3, 3, 3, 3]
    assert not re.search(r"(?<!\\)(?:\\\\)*(\]\(|!\[|`|\$|~)", told)
    assert not re.search(r"<|https?:|javascript:|www\.|\S@\S|[\t\x0b]", told)
    assert not re.match(r"(#|-|>|\d+\.) ", note)
    assert caption.count("**") == 2
    made = latex(table)
    assert len(made.splitlines()) == 14  # a blank line would end the caption
    assert not re.search(r"[\t\x0b]", made)
    assert not re.search(r"(?<!\\)[%#_^~]", made)
    body = made[made.index(r"\toprule") : made.index(r"\bottomrule")].splitlines()
    lines_of_cells = [line for line in body if line.endswith(r" \\")]
    assert [len(re.findall(r"(?<!\\)&", line)) for line in lines_of_cells] == [1, 1, 1]


def test_stars_of_a_name_are_its_own() -> None:
    assert starred_line(["Q1 deals***", "1.0**", "−2,345.1%*"]) == (
        r"Q1 deals*** & 1.0\rlap{$^{**}$} & $-$2,345.1\%\rlap{$^{*}$} \\"
    )


def test_a_ticker_has_its_colour_whoever_else_is_there() -> None:
    few, many = styles(["NVDA", "META"]), styles(["META", "AAA", "NVDA", "ZZZ"])
    assert few["META"] == many["META"]
    assert few["NVDA"] == many["NVDA"]
    every = styles([f"T{i:02}" for i in range(30)])
    assert len(set(every.values())) == 30


def test_labels_hold_no_markup() -> None:
    assert escape("<b>%{x}</b> & $x$") == "&lt;b&gt;% {x}&lt;/b&gt; &amp; &#36;x&#36;"
