"""Forty ways to break a file, each answered by one precise line; and a good catalog by none."""

from __future__ import annotations

from pathlib import Path

import pytest

import events
from events import Catalog, CatalogError
from events.files.check import check

BUNDLED = Path(events.__file__).parent / "announcements"
NAME = "2026-04-09-example.toml"
GOOD = """id = "2026-04-09-example"
headline = "A buys capacity of B"
announced_at = 2026-04-09
timing = "before_open"
first_public = 2026-04-09
signed = 2026-03-31
kind = "capacity_contract"

[amount]
usd = 21_000_000_000
qualifier = "about"
firm_usd = 6_000_000_000
optional_usd = 15_000_000_000
payer = "Meta Platforms"
payee = "CoreWeave"

[confidence]
date = "verified"

[[parties]]
name = "Meta Platforms"
ticker = "META"
roles = ["customer"]

[[parties]]
name = "CoreWeave"
ticker = "CRWV"
roles = ["supplier", "issuer"]

[[links]]
to = "2025-09-30-meta-coreweave-14p2bn"
relation = "adds_to"

[[contamination]]
type = "offering"
note = "Notes on the same day"
not_separable = true

[[sources]]
name = "A paper"
url = "https://example.org/article"

[[claims]]
ticker = "CRWV"
value = 3.35
precision = 0.01
on = 2026-04-09
said_by = "A paper"
"""

# (what is replaced, by what, the line): the file's name stands before each line.
BROKEN = [
    ('id = "2026-04-09-example"', "", "id: is missing"),
    (
        'id = "2026-04-09-example"',
        'id = "../../etc/passwd"',
        "id: '../../etc/passwd' is no id: letters, digits",
    ),
    (
        'id = "2026-04-09-example"',
        'id = "2026-04-09-other"',
        "id: the file of '2026-04-09-other' must be named 2026-04-09-other.toml",
    ),
    ('id = "2026-04-09-example"', "id = 7", "id: text is wanted, not '7'"),
    ('headline = "A buys capacity of B"', "", "headline: is missing"),
    ("A buys capacity of B", "   ", "headline: empty"),
    ("A buys capacity of B", "A\\nB", "headline: a line break; write one line"),
    (
        "A buys capacity of B",
        "A\\u202eB",
        "headline: invisible character U+202E at position 2; remove it",
    ),
    (
        "A buys capacity of B",
        "A" * 10_001,
        "headline: 10001 characters; one line has at most 10000",
    ),
    ('headline = "', 'hedline = "', None),
    ("announced_at = 2026-04-09", "anounced_at = 2026-04-09", None),
    (
        "announced_at = 2026-04-09",
        "announced_at = 2026-04-09T08:00:00",
        "announced_at: no UTC offset (write 2026-04-09T08:00:00-04:00)",
    ),
    (
        "announced_at = 2026-04-09",
        "announced_at = 2026-01-09T08:00:00",
        "announced_at: no UTC offset (write 2026-01-09T08:00:00-05:00)",
    ),
    (
        "announced_at = 2026-04-09",
        'announced_at = "9 April"',
        "announced_at: '9 April' is no ISO date or instant (write 2026-04-09 or",
    ),
    (
        "announced_at = 2026-04-09",
        "announced_at = 20260409",
        "announced_at: '20260409' is neither a date nor an instant (write 2026-04-09",
    ),
    (
        "announced_at = 2026-04-09",
        "announced_at = 0026-04-09",
        "announced_at: year 26 is not between 1900 and 2100",
    ),
    (
        "announced_at = 2026-04-09",
        "announced_at = 2026-04-09T12:00:00-04:00",
        "timing 'before_open' contradicts announced_at, 12:00 in New York",
    ),
    (
        'timing = "before_open"',
        'timing = "befor_open"',
        "timing: 'befor_open' is none of before_open, during_session, after_close, unknown; "
        "did you mean 'before_o",
    ),
    (
        "first_public = 2026-04-09",
        "first_public = 2026-04-10",
        "first_public 2026-04-10 is after announced_at 2026-04-09",
    ),
    (
        "signed = 2026-03-31",
        "signed = 2026-05-31",
        "signed 2026-05-31 is after announced_at 2026-04-09",
    ),
    (
        "signed = 2026-03-31",
        "signed = 2026-03-31T10:00:00Z",
        "signed: a date is wanted, without a time (write 2026-03-31)",
    ),
    (
        'kind = "capacity_contract"',
        'kind = "capacity_contrakt"',
        "kind: 'capacity_contrakt' is none of",
    ),
    ("usd = 21_000_000_000", "usd = -21", "amount: usd: input should be greater than 0, not '-21'"),
    ("usd = 21_000_000_000", "usd = inf", "amount: usd: a finite number is wanted, not 'inf'"),
    ("usd = 21_000_000_000", 'usd = "21bn"', "amount: usd: "),
    (
        "firm_usd = 6_000_000_000",
        "firm_usd = 7_000_000_000",
        "amount: firm_usd + optional_usd = 22,000,000,000, but usd = 21,000,000,000",
    ),
    (
        "firm_usd = 6_000_000_000",
        "firm_usd = 60_000_000_000",
        "amount: a part is larger than the whole, usd = 21,000,000,000",
    ),
    (
        "[amount]\nusd",
        "[amount]\ntotal_usd = 40_000_000_000\nusd",
        "amount: total_usd: 40,000,000,000 is stated, "
        "but it and what it adds to sum to 35,200,000,000",
    ),
    (
        'payee = "CoreWeave"',
        'payee = "Coreweave"',
        "amount names 'Coreweave', who is not among the parties; did you mean 'CoreWeave'?",
    ),
    (
        'date = "verified"',
        'date = "sure"',
        "confidence: date: 'sure' is none of verified, unverified",
    ),
    (
        'date = "verified"',
        'dates = "verified"',
        "confidence: unknown key 'dates'; did you mean 'date'?",
    ),
    (
        'ticker = "META"\n',
        'ticker = "CRWV"\n',
        "parties: CRWV is listed twice; give one party several roles instead",
    ),
    (
        'ticker = "META"\n',
        'ticker = "ME/TA"\n',
        "parties #1: ticker: 'ME/TA' is no ticker (examples: META, BRK-B, 9984.T)",
    ),
    ('roles = ["customer"]', "roles = []", "parties #1: roles: is empty; at least one is needed"),
    ('["supplier", "issuer"]', '["suplier"]', "parties #2: roles #1: 'suplier' is none of"),
    ('["supplier", "issuer"]', '"supplier"', "parties #2: roles: a list is wanted, not 'supplier'"),
    (
        '["supplier", "issuer"]',
        '["supplier", "supplier"]',
        "parties #2: roles: a role is listed twice",
    ),
    (
        "meta-coreweave-14p2bn",
        "meta-corewave-14p2bn",
        "links #1: to: no announcement '2025-09-30-meta-corewave-14p2bn'; "
        "did you mean '2025-09-30-meta-coreweave",
    ),
    (
        "2025-09-30-meta-coreweave-14p2bn",
        "2026-09-17-coreweave-convertible-3bn",
        "links #1: to: '2026-09-17-coreweave-convertible-3bn' comes later; "
        "let the later one link to the earlier",
    ),
    (
        'to = "2025-09-30-meta-coreweave-14p2bn"',
        'to = "2026-04-09-example"',
        "links #1: to: an announcement cannot link to itself",
    ),
    ('type = "offering"', 'type = "ofering"', "contamination #1: type: 'ofering' is none of"),
    ("not_separable = true", 'not_separable = "yes, surely"', "contamination #1: not_separable: "),
    (
        "https://example.org/article",
        "javascript:alert(1)",
        "sources #1: url: 'javascript:alert(1)' is no web address; begin with https://",
    ),
    ("value = 3.35", "value = nan", "claims #1: value: a finite number is wanted, not 'nan'"),
    (
        "precision = 0.01",
        "precision = 0",
        "claims #1: precision: input should be greater than 0, not '0'",
    ),
    (
        "on = 2026-04-09\nsaid",
        "on = 2026-04-03\nsaid",
        "claims #1: on: 2026-04-03 had no session (New York)",
    ),
    (
        "precision = 0.01",
        'precision = 0.01\nbasis = "stated_price"',
        "claims #1: basis is stated_price, but no base_price is given",
    ),
    (
        "[[links]]",
        '[[later]]\nkind = "prised"\non = 2026-04-10\nwhat = "Sold"\n\n[[links]]',
        "later #1: kind: 'prised' is none of",
    ),
    (
        "[[links]]",
        '[[later]]\nkind = "priced"\non = 2026-04-08\nwhat = "Sold"\n\n[[links]]',
        "later: 2026-04-08 (priced) is before announced_at 2026-04-09; what was known then",
    ),
    ("precision = 0.01", 'precision = 0.01\nat = "cloze"', "claims #1: at: 'cloze' is none of"),
    (
        'kind = "capacity_contract"',
        "kind = ",
        "not valid TOML: Invalid value (at line 7, column 8)",
    ),
    (
        'kind = "capacity_contract"',
        'kind = "earnings"\nkind = "earnings"',
        "not valid TOML: Cannot overwrite a value (at line 8",
    ),
    (
        "announced_at = 2026-04-09",
        "announced_at = 2026-02-30",
        "not valid TOML: Invalid date or datetime",
    ),
    (
        '[[sources]]\nname = "A paper"\nurl = "https://example.org/article"\n',
        "",
        "confidence: verified, but no source is given",
    ),
    ('timing = "before_open"', 'timing = "during_session"', None),
]


def broken(tmp_path: Path, old: str, new: str) -> list[str]:
    assert old in GOOD
    (tmp_path / NAME).write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    return [str(problem) for problem in check([tmp_path])]


def test_the_bundled_catalog_is_good() -> None:
    assert check([BUNDLED]) == []


def test_the_example_is_good(tmp_path: Path) -> None:
    assert broken(tmp_path, GOOD, GOOD) == []


def test_there_are_at_least_forty_ways() -> None:
    assert len([line for _, _, line in BROKEN if line]) >= 40


@pytest.mark.parametrize(("old", "new", "line"), [case for case in BROKEN if case[2]])
def test_a_broken_file_gets_one_precise_line(tmp_path: Path, old: str, new: str, line: str) -> None:
    lines = broken(tmp_path, old, new)
    assert len(lines) == 1, lines
    assert lines[0].startswith(f"{NAME}: {line}")
    assert "\n" not in lines[0]


def test_a_misspelt_key_is_named_beside_the_missing_one(tmp_path: Path) -> None:
    lines = broken(tmp_path, "announced_at = 2026-04-09", "anounced_at = 2026-04-09")
    assert lines == [
        f"{NAME}: announced_at: is missing",
        f"{NAME}: unknown key 'anounced_at'; did you mean 'announced_at'?",
    ]


def test_a_session_time_on_a_day_without_session(tmp_path: Path) -> None:
    text = GOOD.replace("announced_at = 2026-04-09", "announced_at = 2026-04-03").replace(
        "before_open", "during_session"
    )
    (tmp_path / NAME).write_text(
        text.replace("first_public = 2026-04-09", "first_public = 2026-04-03")
    )
    assert [str(problem) for problem in check([tmp_path])] == [
        f"{NAME}: timing: during_session, but 2026-04-03 had no session (New York)"
    ]


@pytest.mark.parametrize(
    ("listed", "line"),
    [
        (
            "",
            "parties #2: listed: CRWV had no price before 2025-03-28; "
            "write listed = 2025-03-28 to say so",
        ),
        ("listed = 2025-03-28\n", None),
    ],
)
def test_a_party_before_its_listing(tmp_path: Path, listed: str, line: str | None) -> None:
    text = GOOD.replace("2026-04-09\n", "2025-03-10\n").replace("signed = 2026-03-31\n", "")
    text = text.replace('ticker = "CRWV"\nroles', f'ticker = "CRWV"\n{listed}roles').split(
        "[[links]]"
    )[0]
    text = text.replace('date = "verified"', 'date = "unverified"')
    (tmp_path / NAME).write_text(text)
    assert [str(problem) for problem in check([tmp_path])] == ([f"{NAME}: {line}"] if line else [])


def test_listed_after_the_fact_is_noise(tmp_path: Path) -> None:
    lines = broken(
        tmp_path, 'ticker = "CRWV"\nroles', 'ticker = "CRWV"\nlisted = 2025-03-28\nroles'
    )
    assert lines == [
        f"{NAME}: parties #2: listed: 2025-03-28 is not after the announcement; leave the key out"
    ]


def test_every_problem_of_every_file_at_once(tmp_path: Path) -> None:
    for number, (old, new, _) in enumerate(BROKEN):
        (tmp_path / f"{number:02}.toml").write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    lines = [str(problem) for problem in check([tmp_path])]
    assert {line.split(":")[0] for line in lines} == {path.name for path in tmp_path.iterdir()}
    with pytest.raises(
        CatalogError, match=r"\(and \d+ more; `reactions events check` lists them\)"
    ):
        Catalog.read(tmp_path)


HOSTILE = {
    "ten megabytes": "x = '" + "a" * 10_000_000 + "'",
    "deep arrays": "x = " + "[" * 100_000,
    "deep tables": "x = " + "{a=" * 50_000,
    "deep keys": "a" + ".a" * 50_000 + " = 1",
    "deep inline keys": "x = { a" + " . a" * 50_000 + " = 1 }",
    "deep headers": "[a" + ".a" * 50_000 + "]",
    "huge integer": "x = " + "9" * 100_000,
    "huge exponent": GOOD.replace("usd = 21_000_000_000", "usd = 1e999999"),
    "huge year": GOOD.replace(
        "announced_at = 2026-04-09", "announced_at = 9999-12-31T23:59:59-23:59"
    ),
    "null bytes": "id = 'a\x00b'",
    "many keys": "\n".join(f"k{i} = {i}" for i in range(50_000)),
}


@pytest.mark.parametrize("kind", list(HOSTILE))
def test_hostile_toml_is_refused_in_one_line(tmp_path: Path, kind: str) -> None:
    (tmp_path / NAME).write_text(HOSTILE[kind], encoding="utf-8")
    with pytest.raises(CatalogError) as refused:
        Catalog.read(tmp_path)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 400


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"id = '\xff\xfe'")
    assert [str(problem) for problem in check([tmp_path])] == [f"{NAME}: not UTF-8 text (byte 6)"]


def test_markup_is_kept_as_text_and_formulas_too(tmp_path: Path) -> None:
    headline = "<script>alert(1)</script> =cmd|' /C calc'!A0"
    (tmp_path / NAME).write_text(GOOD.replace("A buys capacity of B", headline))
    assert Catalog.read(tmp_path).announcements[0].headline == headline


def test_a_folder_named_like_a_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / NAME).write_text(GOOD)
    assert check([tmp_path]) == []
