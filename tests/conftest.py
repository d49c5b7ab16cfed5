"""Guard rails and fixtures for every test."""

pytest_plugins = ["tests.fixtures", "tests.guards"]
