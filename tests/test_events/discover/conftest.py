"""An EDGAR of our own, on loopback, for the real client."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from events.discover.answers import AnswerStore
from events.discover.client import Edgar, Pace


@pytest.fixture(scope="session")
def fake() -> ModuleType:
    """The module `fake_edgar`; test folders are no packages."""
    spec = importlib.util.spec_from_file_location(
        "fake_edgar", Path(__file__).with_name("fake_edgar.py")
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["fake_edgar"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def server(fake: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """A running server, with the mirror, the contact and the store set in the environment."""
    one = fake.FakeEdgar()
    monkeypatch.setenv("REACTIONS_EDGAR", one.url)
    monkeypatch.setenv("REACTIONS_CONTACT", "Jane Doe jane@example.org")
    monkeypatch.setenv("REACTIONS_HOME", str(tmp_path / "home"))
    yield one
    one.http.shutdown()
    one.http.server_close()


@pytest.fixture
def edgar(server: object, tmp_path: Path) -> Edgar:
    """A client that waits for milliseconds where the real one waits for seconds."""
    return Edgar(
        AnswerStore(tmp_path / "home" / "filings"),
        "Jane Doe jane@example.org",
        timeout=5,
        attempts=3,
        pause=0.01,
        longest_pause=0.05,
        pace=Pace(1000),
    )


@pytest.fixture
def stored(tmp_path: Path) -> object:
    """The bodies in the store."""

    def bodies() -> list[bytes]:
        return [
            path.read_bytes()
            for path in sorted((tmp_path / "home").rglob("objects/*/*"))
            if path.is_file()
        ]

    return bodies
