"""What all tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .play import SERVER, UNMEASURED


@pytest.fixture(scope="session", autouse=True)
def servers() -> Iterator[None]:
    """End the fork servers with the last test: their coverage is part of the result."""
    yield
    SERVER.close()
    UNMEASURED.close()
