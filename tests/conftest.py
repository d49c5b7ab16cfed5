"""Guard rails and fixtures for every test."""

pytest_plugins = ["tests.fixtures", "tests.guards"]


def pytest_collection_modifyitems(items: list) -> None:
    """Browser journeys come last: their driver leaves an event loop in the process, and pyHanko wants its own."""
    items.sort(key=lambda item: item.nodeid.startswith("tests/browser/"))
