"""Image and composition say what they should; no container engine is asked."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

BASE_DIR = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def composition() -> Any:
    return yaml.safe_load((BASE_DIR / "docker-compose.yml").read_text())


def test_all_parts_are_there(composition: Any) -> None:
    assert set(composition["services"]) == {"migrate", "web", "worker", "printer", "beat", "postgres", "valkey"}


@pytest.mark.parametrize("name", ["worker", "printer", "beat", "postgres", "valkey"])
def test_every_lasting_service_tells_how_it_is(composition: Any, name: str) -> None:
    assert composition["services"][name]["healthcheck"]["test"]


def test_the_image_tells_how_web_is() -> None:
    assert "HEALTHCHECK" in (BASE_DIR / "Dockerfile").read_text()


def test_web_worker_and_beat_wait_for_the_tables(composition: Any) -> None:
    for name in ("web", "worker", "printer", "beat"):
        wait = composition["services"][name]["depends_on"]["migrate"]
        assert wait == {"condition": "service_completed_successfully"}


def test_no_secret_stands_in_the_composition(composition: Any) -> None:
    for service in composition["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search(r"SECRET|PASSWORD|URL", name):
                assert "${" in str(value), name


def test_the_image_runs_as_an_ordinary_user() -> None:
    users = re.findall(r"^USER (\S+)", (BASE_DIR / "Dockerfile").read_text(), re.MULTILINE)
    assert users[-1] not in ("root", "0")


def test_every_variable_the_settings_read_is_told_in_the_example() -> None:
    settings = (BASE_DIR / "config/settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z0-9_]+)"', settings))
    told = set(re.findall(r"^#? ?([A-Z0-9_]+)=", (BASE_DIR / ".env.example").read_text(), re.MULTILINE))
    assert read - told <= {"TEST_DATABASE_NAME"}


def test_every_variable_of_the_composition_is_told_in_the_example() -> None:
    wanted = set(re.findall(r"\$\{([A-Z0-9_]+)", (BASE_DIR / "docker-compose.yml").read_text()))
    told = set(re.findall(r"^#? ?([A-Z0-9_]+)=", (BASE_DIR / ".env.example").read_text(), re.MULTILINE))
    assert wanted <= told
