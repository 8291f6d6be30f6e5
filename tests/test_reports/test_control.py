"""The control in a real browser.

Every setting says what the tables say, and the address keeps it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from reports.page.opening import Words
from reports.page.opening_average import Average
from reports.page.sections import answer
from reports.page.sections.base import Context
from reports.page.sections.overall import averages
from reports.page.sections.overall.compare import named
from reports.rows import records
from reports.run.findings import Findings
from reports.words import percent

pytestmark = pytest.mark.browser

SAID = """
const text = (one) => one.textContent.replace(/\\s+/g, " ").trim();
return [text(document.getElementById("answer-title")),
  ...[...document.querySelectorAll("#answer-words li")].map(text)];
"""


def said(words: Words, deals: dict[str, str]) -> list[str]:
    """What the first screen shows of some words."""
    told = [words.headline]
    for what, text in words.sentences:
        dated = what[:10] if what[4:5] == "-" else ""
        head = f"{dated} {deals[what]}".strip() if what in deals else f"{what}. "
        told.append(" ".join(f"{head}{text}".split()))
    return told


def rows_of(browser: Any, table: str) -> dict[str, list[str]]:
    """The rows of a table that are shown, by what they are of."""
    script = """return [...document.querySelectorAll(`#${arguments[0]} tbody tr`)]
      .filter((row) => !row.hidden)
        .map((row) => [row.dataset.row, [...row.cells].map((one) => one.textContent)])"""
    return dict(browser.driver.execute_script(script, table))


def test_every_setting_says_what_the_tables_say(
    browser: Any, page: Path, findings: Findings
) -> None:
    browser.show(page)
    context = Context(findings)
    deals = answer.build(context).content.deals
    plan = findings.experiment.study
    events = findings.primary.events
    for spec in findings.studies:
        windows = findings.of("windows", spec)
        for at, window in enumerate(plan.windows):
            browser.choose(w=window, m=spec.model, b=spec.benchmark or "SPY")
            words = answer.opening(context, spec).words(window)
            assert browser.script(SAID) == said(words, deals)
            assert str(spec) in browser.driver.find_element(By.ID, "chart-headline").text
            own = windows[windows["window"] == window]
            cars = {(row["event_id"], row["ticker"]): row for row in records(own)}
            shown = rows_of(browser, "table-events-table")
            assert len(shown) == len(events)
            for place, event in enumerate(records(events)):
                row = cars[event["event_id"], event["ticker"]]
                assert percent(row["raw_return"]) == shown[str(place)][4]
                assert percent(row["car"]) in shown[str(place)][5:9] or at > 2
                if row["event_id"] in deals and row["ticker"] in context.headline_tickers:
                    line = rows_of(browser, "table-answer-windows")[f"{place}.{at}"]
                    low = percent(row["car_low"])
                    assert line[3] == percent(row["raw_return"])
                    assert line[4].startswith(f"{percent(row['car'])} [{low}, ")


def test_averages_tables_and_pictures_follow(browser: Any, page: Path, findings: Findings) -> None:
    browser.show(page)
    context = Context(findings)
    for spec in findings.studies:
        browser.choose(w="5-day", m=spec.model, b=spec.benchmark or "SPY")
        told = browser.driver.find_element(By.ID, "averages-words").text
        assert told == averages.average_words(context, spec)["all"]
        for by in averages.NAMES:
            table = averages.average_table(context, by, spec)
            shown = rows_of(browser, f"table-averages-{by}")
            assert shown == {
                key: [cell.text for cell in row]
                for key, row in zip(table.keys, table.rows, strict=True)
            }
            lines = averages.forest_rows(context, by, spec, "5-day")
            dots = browser.script(
                f"return [...document.querySelectorAll('#chart-forest-{by} "
                "title')].map((one) => one.textContent)"
            )
            assert [one.split(": ")[-1] for one in dots] == [percent(line[2]) for line in lines]
        whole = findings.studies[spec].average_paths("all").set_index("day")["weighted_mean"]
        title = browser.script(
            "return document.querySelector('#chart-average-all strong').textContent"
        )
        told = re.fullmatch(
            r"Average cumulative abnormal return: (\S+)% by session 0 and (\S+)% by session \+20",
            title,
        )
        assert told
        for shown_at, day in zip(told.groups(), (0, 20), strict=True):
            drawn = float(shown_at.replace("−", "-"))
            assert drawn == pytest.approx(100 * whole[day], abs=0.06)
        title = browser.script(
            "return document.querySelector('#chart-average-ticker strong').textContent"
        )
        assert re.match(r"By session \+20, \d+ of \d+ averages? told apart from zero; larg", title)
        n = findings.of("windows", spec).query("window == '5-day' and pvalue.notna()")
        title = browser.script("return document.querySelector('#chart-strip strong').textContent")
        assert title.startswith(f"5-day: {(n['pvalue'] < 0.05).sum()} of {len(n)} moves beyond")
        assert browser.console() == []


def test_the_page_drawn_by_the_script_says_what_the_first_page_said(
    browser: Any, page: Path, findings: Findings
) -> None:
    browser.show(page)
    tables = ("averages-role", "events-table", "answer-windows", "tests-main", "compare")
    rest = ("#answer-head", "#answer-words", "#averages-words", "#chart-strip strong")
    seen = [*(f"#table-{name} table" for name in tables), *rest, "#chart-forest-kind strong"]
    state = f"""return {seen}.map(
        (one) => document.querySelector(one).textContent.replace(/\\s+/g, ""))"""
    before = browser.script(state)
    browser.choose(w="5-day", m="mean_adjusted")
    between = browser.script(state)
    assert all(a != b for a, b in zip(before, between, strict=True))
    browser.choose()
    after = browser.script(state)
    assert after == before


def test_a_filter_narrows_words_tables_and_announcements(
    browser: Any, page: Path, findings: Findings
) -> None:
    browser.show(page)
    average = Average.of(findings, findings.experiment.study.primary)
    for key, by in (("t", "ticker"), ("r", "role"), ("k", "kind")):
        for value in sorted(findings.primary.events[by].unique())[:4]:
            browser.choose(**{key: value})
            assert browser.script(SAID) == said(average.group(by, value).words("1-day"), {})
            inside = findings.primary.events[findings.primary.events[by] == value]
            assert len(rows_of(browser, "table-events-table")) == len(inside)
            left = browser.script(
                "return [...document.querySelectorAll('details.announcement')].filter((one) "
                "=> !one.hidden).length"
            )
            assert left == inside["event_id"].nunique()


def test_no_match_says_so_and_offers_the_way_back(browser: Any, page: Path) -> None:
    browser.show(page)
    browser.choose(t="META", r="supplier")
    assert browser.script(SAID)[0] == "No event matches ticker META, role supplier."
    assert rows_of(browser, "table-events-table") == {}
    for name in ("count-events-table", "found", "matching"):
        assert browser.script(f"return document.getElementById('{name}').textContent")[:2] == "No"
    browser.driver.find_element(By.CSS_SELECTOR, "#matching button").click()
    assert browser.script(SAID)[0].startswith("META moved")
    assert len(rows_of(browser, "table-events-table")) > 5


def test_two_filters_at_once_give_events_and_the_command_for_their_average(
    browser: Any, page: Path, findings: Findings
) -> None:
    browser.show(page)
    events = findings.primary.events
    n = len(events[(events["ticker"] == "CRWV") & (events["role"] == "issuer")])
    browser.choose(t="CRWV", r="issuer")
    told = browser.script(SAID)
    assert told[0].startswith(f"{n} event")
    assert "--where \"ticker == 'CRWV' and role == 'issuer'\"" in told[2]
    assert len(rows_of(browser, "table-events-table")) == n > 0


def test_the_address_keeps_the_whole_setting(browser: Any, page: Path) -> None:
    browser.show(page)
    browser.choose(w="1-month", m="market_adjusted", b="QQQ", k="financing")
    before = browser.script(SAID)
    address = browser.driver.current_url
    assert address.endswith("?w=1-month&m=market_adjusted&b=QQQ&k=financing")
    browser.open(address)
    assert browser.script(SAID) == before
    browser.script("location.hash = '#events'")
    assert "w=1-month" in browser.driver.current_url
    browser.driver.find_element(By.ID, "reset").click()
    browser.script("return 1")
    assert "?" not in browser.driver.current_url


def test_an_announcement_has_a_view_of_its_own(browser: Any, page: Path) -> None:
    browser.show(page)
    browser.choose(w="5-day")
    name = "event-2026-04-10-anthropic-coreweave"
    browser.script(f"document.getElementById('{name}').open = true")
    link = browser.driver.find_element(By.CSS_SELECTOR, f"[id='{name}'] .link a")
    browser.driver.execute_script("arguments[0].click()", link)
    seen = """return [...document.querySelectorAll("main section, details.announcement")]
        .filter((one) => one.getClientRects().length).map((one) => one.id)"""
    assert browser.script(seen) == ["announcements", name]
    address = browser.driver.current_url
    assert address.endswith(f"#{name}?w=5-day&v=alone")
    browser.open(address)
    assert browser.script(seen) == ["announcements", name]
    browser.driver.find_element(By.CSS_SELECTOR, ".back a").click()
    assert len(browser.script(seen)) > 10
    assert "w=5-day" in browser.driver.current_url
    assert "alone" not in browser.driver.current_url


def test_two_groups_are_compared_by_the_engines_own_test(
    browser: Any, page: Path, findings: Findings
) -> None:
    browser.show(page)
    row = records(
        findings.of_primary("pairs").query(
            "group == 'role' and window == '1-day' and why_not == ''"
        )
    )[0]
    one, other = row["group_value"], row["other_value"]
    script = """const [x, y] = arguments, form = document.getElementById("versus");
        form.elements.x.value = x; form.elements.y.value = y;
        form.dispatchEvent(new Event("change"));
        return [...document.querySelectorAll("#table-compare tbody tr:first-child td")]
          .map((one) => one.textContent)"""
    shown = browser.driver.execute_script(script, f"role={one}", f"role={other}")
    assert shown[1] == str(row["n_events"])
    assert shown[4] == str(row["n_others"])
    means = findings.of_primary("averages").query("group == 'role' and window == '1-day'")
    mean = means.set_index("group_value")["weighted_mean"]
    assert shown[2].startswith(percent(mean[one]))
    assert shown[7].startswith(f"{row['difference']:.2f}".replace("-", "−"))
    back = browser.driver.execute_script(script, f"role={other}", f"role={one}")
    assert back[7].startswith(f"{-row['difference']:.2f}".replace("-", "−"))
    assert back[9] == shown[9]
    told = browser.driver.find_element(By.ID, "compare-words").text
    assert named(("role", other)) in told
    address = browser.driver.current_url
    browser.open(address)
    assert browser.driver.find_element(By.ID, "compare-words").text == told


def test_the_control_is_worked_by_keyboard(browser: Any, page: Path) -> None:
    browser.show(page)
    field = browser.driver.find_element(By.NAME, "w")
    browser.driver.execute_script("arguments[0].focus()", field)
    browser.driver.switch_to.active_element.send_keys(Keys.ARROW_DOWN)
    assert Select(field).first_selected_option.get_attribute("value") == "5-day"
    assert "over 5 sessions" in browser.script(SAID)[0]
    browser.driver.switch_to.active_element.send_keys(Keys.TAB)
    assert browser.driver.switch_to.active_element.get_attribute("name") == "m"


def test_the_control_stays_in_sight(browser: Any, page: Path) -> None:
    for width in (390, 1280):
        browser.show(page, width)
        browser.script("scrollTo({top: 9000, behavior: 'instant'})")
        bar = browser.driver.find_element(By.CLASS_NAME, "topbar")
        top = browser.script("return document.querySelector('.topbar').getBoundingClientRect().top")
        assert 0 <= top < 60
        assert bar.is_displayed()
        assert bar.rect["height"] < 160
    browser.show(page, 390)
    browser.driver.find_element(By.ID, "settings").click()
    assert browser.driver.find_element(By.NAME, "b").is_displayed()


def test_sections_that_do_not_follow_say_so_and_why(browser: Any, page: Path) -> None:
    browser.show(page)
    shown = """return Object.fromEntries([...document.querySelectorAll(".fixed")]
        .filter((one) => one.getClientRects().length)
        .map((one) => [one.closest("section").id, one.textContent]))"""
    assert browser.script(shown) == {}
    browser.choose(w="5-day")
    told = browser.script(shown)
    assert set(told) >= {"counterfactuals", "strategies"}
    assert "because one event has too few dates without news" in told["counterfactuals"]
