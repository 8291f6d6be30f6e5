"""Announcements as files, each wrong in one way.

Written as: what replaces which line of a sound file.
"""

from __future__ import annotations

SOUND = """\
id = "2026-05-20-deal"
headline = "A deal"
announced_at = 2026-05-20
kind = "capacity_contract"
sources = [{ name = "Release", url = "https://example.org/a" }]
facts = ["One"]
timing = "before_open"
timing_basis = "before the open, said the release"
timing_quality = "stated"
first_public = 2026-05-20

[amount]
usd = 1_000_000_000
qualifier = "about"

[confidence]
date = "verified"

[[parties]]
name = "Meta Platforms"
ticker = "META"
roles = ["customer"]

[[links]]
to = "2026-04-01-earlier"
relation = "adds_to"
"""

# name: (line of the sound file, what stands there instead)
CHANGED = {
    "id_number": ('id = "2026-05-20-deal"', "id = 7"),
    "id_empty": ('id = "2026-05-20-deal"', 'id = ""'),
    "id_spaces": ('id = "2026-05-20-deal"', 'id = "a deal of may"'),
    "id_path": ('id = "2026-05-20-deal"', 'id = "../../etc/passwd"'),
    "id_slash": ('id = "2026-05-20-deal"', 'id = "2026-05-20/deal"'),
    "id_long": ('id = "2026-05-20-deal"', f'id = "{"a" * 300}"'),
    "id_escape": ('id = "2026-05-20-deal"', 'id = "2026-05-20-\\u001b[31mred"'),
    "id_missing": ('id = "2026-05-20-deal"\n', ""),
    "headline_number": ('headline = "A deal"', "headline = 5"),
    "headline_empty": ('headline = "A deal"', 'headline = ""'),
    "headline_blank": ('headline = "A deal"', 'headline = "   "'),
    "headline_long": ('headline = "A deal"', f'headline = "{"a" * 10_000}"'),
    "headline_list": ('headline = "A deal"', 'headline = ["A deal"]'),
    "headline_nul": ('headline = "A deal"', 'headline = "A\\u0000deal"'),
    "headline_bidi": ('headline = "A deal"', 'headline = "A \\u202Edeal"'),
    "headline_missing": ('headline = "A deal"\n', ""),
    "date_text": ("announced_at = 2026-05-20", 'announced_at = "soon"'),
    "date_number": ("announced_at = 2026-05-20", "announced_at = 20260520"),
    "date_bool": ("announced_at = 2026-05-20", "announced_at = true"),
    "date_no_zone": ("announced_at = 2026-05-20", "announced_at = 2026-05-20T08:00:00"),
    "date_far_past": ("announced_at = 2026-05-20", "announced_at = 0001-01-01"),
    "date_far_future": ("announced_at = 2026-05-20", "announced_at = 9999-12-31"),
    "date_time_only": ("announced_at = 2026-05-20", "announced_at = 08:00:00"),
    "date_february_30": ("announced_at = 2026-05-20", "announced_at = 2026-02-30"),
    "date_list": ("announced_at = 2026-05-20", "announced_at = [2026-05-20]"),
    "date_missing": ("announced_at = 2026-05-20\n", ""),
    "date_twice": ("announced_at = 2026-05-20",
                   "announced_at = 2026-05-20\nannounced_at = 2026-05-21"),
    "kind_unknown": ('kind = "capacity_contract"', 'kind = "capacity_contrct"'),
    "kind_number": ('kind = "capacity_contract"', "kind = 3"),
    "kind_empty": ('kind = "capacity_contract"', 'kind = ""'),
    "kind_list": ('kind = "capacity_contract"', 'kind = ["capacity_contract"]'),
    "source_text": ('sources = [{ name = "Release", url = "https://example.org/a" }]',
                    'sources = "https://example.org"'),
    "source_no_url": (', url = "https://example.org/a"', ""),
    "source_javascript": ("https://example.org/a", "javascript:alert(1)"),
    "source_file": ("https://example.org/a", "file:///etc/passwd"),
    "source_url_number": ('url = "https://example.org/a"', "url = 5"),
    "source_unknown_key": ('name = "Release"', 'title = "Release"'),
    "source_name_empty": ('name = "Release"', 'name = ""'),
    "facts_text": ('facts = ["One"]', 'facts = "One"'),
    "facts_number": ('facts = ["One"]', "facts = [1]"),
    "facts_empty_text": ('facts = ["One"]', 'facts = [""]'),
    "timing_unknown": ('timing = "before_open"', 'timing = "before_opening"'),
    "timing_bool": ('timing = "before_open"', "timing = true"),
    "timing_quality_unknown": ('timing_quality = "stated"', 'timing_quality = "sure"'),
    "timing_basis_number": ('timing_basis = "before the open, said the release"',
                            "timing_basis = 1"),
    "first_public_text": ("first_public = 2026-05-20", 'first_public = "then"'),
    "first_public_later": ("first_public = 2026-05-20", "first_public = 2027-05-20"),
    "amount_text": ("usd = 1_000_000_000", 'usd = "1bn"'),
    "amount_bool": ("usd = 1_000_000_000", "usd = true"),
    "amount_negative": ("usd = 1_000_000_000", "usd = -1"),
    "amount_zero": ("usd = 1_000_000_000", "usd = 0"),
    "amount_nan": ("usd = 1_000_000_000", "usd = nan"),
    "amount_inf": ("usd = 1_000_000_000", "usd = inf"),
    "amount_huge": ("usd = 1_000_000_000", "usd = 1e300"),
    "amount_list": ("usd = 1_000_000_000", "usd = [1]"),
    "amount_qualifier": ('qualifier = "about"', 'qualifier = "abuot"'),
    "amount_qualifier_number": ('qualifier = "about"', "qualifier = 2"),
    "amount_unknown_key": ('qualifier = "about"', 'currency_name = "dollars"'),
    "amount_not_a_table": ('[amount]\nusd = 1_000_000_000\nqualifier = "about"\n', ""),
    "confidence_word": ('date = "verified"', 'date = "certain"'),
    "confidence_bool": ('date = "verified"', "date = true"),
    "confidence_key": ('date = "verified"', 'dates = "verified"'),
    "party_no_name": ('name = "Meta Platforms"\n', ""),
    "party_name_empty": ('name = "Meta Platforms"', 'name = ""'),
    "party_name_number": ('name = "Meta Platforms"', "name = 1"),
    "party_ticker_space": ('ticker = "META"', 'ticker = "ME TA"'),
    "party_ticker_number": ('ticker = "META"', "ticker = 700"),
    "party_ticker_path": ('ticker = "META"', 'ticker = "../META"'),
    "party_ticker_empty": ('ticker = "META"', 'ticker = ""'),
    "party_ticker_long": ('ticker = "META"', f'ticker = "{"M" * 60}"'),
    "party_ticker_formula": ('ticker = "META"', 'ticker = "=1+1"'),
    "party_role_unknown": ('roles = ["customer"]', 'roles = ["custommer"]'),
    "party_roles_text": ('roles = ["customer"]', 'roles = "customer"'),
    "party_roles_empty": ('roles = ["customer"]', "roles = []"),
    "party_roles_twice": ('roles = ["customer"]', 'roles = ["customer", "customer"]'),
    "party_roles_number": ('roles = ["customer"]', "roles = [1]"),
    "party_unknown_key": ('roles = ["customer"]', 'role = "customer"'),
    "party_attribute_nan": ('roles = ["customer"]',
                            'roles = ["customer"]\nattributes = { x = nan }'),
    "party_attribute_list": ('roles = ["customer"]',
                             'roles = ["customer"]\nattributes = { x = [1] }'),
    "party_attribute_text": ('roles = ["customer"]', 'roles = ["customer"]\nattributes = "x"'),
    "party_twice": ('[[links]]',
                    '[[parties]]\nname = "Meta"\nticker = "META"\nroles = ["supplier"]\n\n'
                    '[[links]]'),
    "no_party": ('[[parties]]\nname = "Meta Platforms"\nticker = "META"\nroles = ["customer"]\n',
                 ""),
    "parties_a_table": ("[[parties]]", "[parties]"),
    "link_relation": ('relation = "adds_to"', 'relation = "adds"'),
    "link_relation_missing": ('relation = "adds_to"\n', ""),
    "link_to_itself": ('to = "2026-04-01-earlier"', 'to = "2026-05-20-deal"'),
    "link_to_nothing": ('to = "2026-04-01-earlier"', 'to = ""'),
    "link_to_unknown": ("One", "Two"),
    "unknown_key": ('facts = ["One"]', 'fact = ["One"]'),
    "unknown_key_bidi": ('facts = ["One"]', '"fa\\u202Ects" = ["One"]'),
    "unknown_key_escape": ('facts = ["One"]', '"fa\\u001B[2Jcts" = ["One"]'),
    "unknown_table": ("[confidence]", "[confidense]"),
    "later_no_date": ("[[links]]", '[[later]]\nwhat = "priced"\n\n[[links]]'),
    "later_before": ("[[links]]", '[[later]]\non = 2020-01-01\nwhat = "priced"\n\n[[links]]'),
    "later_a_table": ("[[links]]", "[later]\nx = 1\n\n[[links]]"),
    "bad_toml": ('headline = "A deal"', "headline = A deal"),
    "bad_toml_quote": ('headline = "A deal"', 'headline = "A deal'),
    "bad_toml_bracket": ("[amount]", "[amount"),
    "bad_toml_key": ('facts = ["One"]', "= 3"),
    "deep": ('facts = ["One"]', "facts = " + "[" * 5000 + "]" * 5000),
    "long_number": ("usd = 1_000_000_000", "usd = " + "9" * 5000),
}  # fmt: skip
