"""Writes requirements/{base,s3,dev,mutation}.txt: versions and hashes, and no address of any registry."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements"
WITHOUT_ADDRESSES = (
    "--no-header",
    "--no-emit-options",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-emit-trusted-host",
)


def compile_lock(name: str, *options: str, source: str = "pyproject.toml") -> None:
    command = [sys.executable, "-m", "piptools", "compile", "--quiet", "--upgrade", "--generate-hashes"]
    command += ["--strip-extras", "--allow-unsafe", *WITHOUT_ADDRESSES, *options]
    command += [f"--output-file={REQUIREMENTS / name}", source]
    subprocess.run(command, check=True, cwd=REQUIREMENTS.parent)  # noqa: S603 - fixed words


if __name__ == "__main__":
    compile_lock("base.txt")
    compile_lock("s3.txt", "--extra=s3", "--constraint=requirements/base.txt")
    compile_lock("dev.txt", "--extra=dev", "--constraint=requirements/base.txt")
    compile_lock("mutation.txt", source="requirements/mutation.in")
