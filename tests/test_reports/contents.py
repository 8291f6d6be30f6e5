"""What is to be written, read without a file."""

from __future__ import annotations

from io import BytesIO

from events.files.together import Content, put


def as_bytes(content: Content) -> bytes:
    file = BytesIO()
    put(file, content)
    return file.getvalue()
