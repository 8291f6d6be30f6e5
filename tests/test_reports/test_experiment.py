from __future__ import annotations

from pathlib import Path

import pytest

from events import Catalog
from events.files.toml_files import as_toml
from reports.errors import ExperimentError
from reports.experiment.plan import Experiment, Spec


def test_default_studies_three_models_on_four_benchmarks(experiment: Experiment) -> None:
    specs = [(spec.model, spec.benchmark) for spec in experiment.study.specs]
    on = ["SPY", "QQQ", "SOXX", "PEERS"]
    assert specs == [("market", b) for b in on] + [("market_adjusted", b) for b in on] + [
        ("mean_adjusted", "")
    ]
    assert experiment.study.windows == {
        "1-day": (0, 0),
        "5-day": (0, 4),
        "1-month": (0, 20),
        "run-up": (-5, -1),
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[study]\nbenchmark = ['SPY']",
            "study: unknown key 'benchmark'; did you mean 'benchmarks'?",
        ),
        (
            "[study]\nexclude = [1]",
            "study.exclude #2: two whole numbers are wanted (write [-1, 5])",
        ),
        ("[study.windows]\nlong = [3, 1]", "study: window long [3, 1] ends before it starts"),
        ("[study]\nestimation = 'a year'", "study.estimation: a list is wanted"),
        ("title = 3", "title: text is wanted"),
        ("[filter]\nsince = 'spring'", "filter.since: a date is wanted (write 2026-04-09)"),
        ("study = 3", "study: a table of keys is wanted"),
        ("[study]\nbenchmarks = []", "study: primary, the market model on SPY, is not among"),
        (
            "[study]\nestimation = [-30, -11]",
            "study: estimation has 20 sessions; at least 30 are needed",
        ),
        (
            "[study.windows]\n1-day = [0, 5000]",
            "study: window 1-day [0, 5000] reaches over 2520 sessions",
        ),
        ("[study]\nbenchmarks = ['SPY', 'QQQ', 'SPY']", "study: benchmarks names SPY twice"),
        ("trading_times = 'guessed'", "trading_times"),
        ("x = ", "not valid TOML"),
        ("a = " + "[" * 5000, "not valid TOML|nested too deeply"),
    ],
)
def test_wrong_files_are_told_in_one_line(text: str, said: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        Experiment.parse(text, "experiment.toml")
    message = str(caught.value)
    assert message.startswith("experiment.toml: ")
    assert any(part in message for part in said.split("|"))
    assert "\n" not in message


def test_what_a_file_leaves_out_is_the_default() -> None:
    own = Experiment.parse("title = 'Mine'\n[study]\nestimation = [-130, -11]", "experiment.toml")
    default = Experiment.default()
    assert own.study.estimation == (-130, -11)
    assert own.study.benchmarks == default.study.benchmarks
    assert own.strategies == default.strategies


def test_another_headline_keeps_the_tickers() -> None:
    own = Experiment.parse("[headline]\nannouncements = ['2026-05-20-x']", "experiment.toml")
    assert own.headline.announcements == ("2026-05-20-x",)
    assert own.headline.tickers == ("META", "CRWV")


def test_other_benchmarks_bring_their_own_primary() -> None:
    own = Experiment.parse("[study]\nbenchmarks = ['QQQ', 'SMH']", "experiment.toml")
    assert own.study.primary == Spec(model="market", benchmark="QQQ")


def test_no_exclusion_is_an_empty_list() -> None:
    assert Experiment.parse("[study]\nexclude = []", "experiment.toml").study.exclude is None


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExperimentError, match="cannot be read: No such file"):
        Experiment.read(tmp_path / "none.toml")


def test_a_byte_order_mark_is_no_part_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_bytes(b"\xef\xbb\xbfstrategies = []\n")
    assert Experiment.read(path).strategies == ()
    news = (tmp_path / "news.toml", Catalog.bundled().announcements[0])
    news[0].write_bytes(b"\xef\xbb\xbf" + as_toml(news[1]).encode())
    assert Catalog.read(news[0]).announcements == (news[1],)
