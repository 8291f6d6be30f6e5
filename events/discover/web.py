"""One answer of the web, of bounded size."""

from __future__ import annotations

from importlib.metadata import version

import requests

from events.errors import DiscoveryError


def download(url: str, most: int, timeout: float = 20.0) -> bytes:
    """Give the body at an address; at most five redirections are followed, to http(s) only.

    Raises `DiscoveryError`.
    """
    headers = {"User-Agent": f"market-reactions/{version('market-reactions')}"}
    session = requests.Session()
    session.max_redirects = 5
    try:
        with session.get(url, headers=headers, timeout=timeout, stream=True) as answer:
            if answer.status_code != 200:
                raise DiscoveryError(f"{url}: answered {answer.status_code}")
            body = b""
            for part in answer.iter_content(1 << 16):
                body += part
                if len(body) > most:
                    raise DiscoveryError(f"{url}: larger than {most / 1e6:.0f} MB; refused")
            return body
    except requests.exceptions.RequestException as error:
        raise DiscoveryError(f"{url}: cannot be read ({type(error).__name__})") from None
