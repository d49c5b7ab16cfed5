"""Guard rails and fixtures for every test."""

import pytest

pytest_plugins = ["tests.fixtures", "tests.guards"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of those that commit, the longest go first, so that the workers end together."""
    long = [item for item in items if item.get_closest_marker("long")]
    rest = [item for item in items if item not in long]
    place = next((at for at, item in enumerate(rest) if commits(item)), len(rest))
    items[:] = rest[:place] + long + rest[place:]


def commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    return marker is not None and bool(marker.kwargs.get("transaction"))
