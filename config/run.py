"""`make run`: prepares what is missing, then web, worker and beat as one process that ends cleanly."""

from __future__ import annotations

import os
import socket
import sys
import time
import urllib.error
import urllib.request

from django.conf import settings

from config.celery import PRINTING, QUICK
from config.prepare import prepare
from config.supervisor import Child, Supervisor, say
from contacts import demo

PORTS_TO_TRY = 20


def listen(host: str, port: int) -> socket.socket:
    """The wanted port, or the next free one. The socket is handed on, so nobody can take it in between."""
    for candidate in [*range(port, port + PORTS_TO_TRY), 0]:
        door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, candidate))
        except OSError:
            door.close()
            continue
        door.listen(128)
        if candidate != port:
            say("setup", f"port {port} is taken; using {door.getsockname()[1]} instead")
        return door
    raise SystemExit(f"No free port on {host}")


def children(door: socket.socket) -> list[Child]:
    python = sys.executable
    web = [python, "-m", "gunicorn", "--config=python:config.webserver", f"--bind=fd://{door.fileno()}"]
    celery = [python, "-W", "ignore:You're running the worker", "-m", "celery", "--app=config", "--quiet"]
    worker = [*celery, "worker", "--loglevel=INFO", "--without-gossip", "--without-mingle"]
    quick = [f"--queues={QUICK}", "--hostname=quick@%h"]
    printing = [f"--queues={PRINTING}", "--hostname=printer@%h"]
    return [
        Child("web", web, pass_fds=[door.fileno()]),
        Child("worker", [*worker, *quick]),
        Child("printer", [*worker, *printing]),
        Child("beat", [*celery, "beat", "--loglevel=WARNING", "--pidfile="]),
    ]


def wait_for_answer(address: str, supervisor: Supervisor, seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not supervisor.ending:
        try:
            with urllib.request.urlopen(f"{address}/halsa", timeout=2) as answer:  # noqa: S310 - our own address
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


def welcome(address: str, seconds: float) -> None:
    say("portal", f"ready after {seconds:.1f} s at {address}  (Ctrl-C ends it)")
    if settings.DEMO:
        say("portal", f"demo logins, all with the password {demo.PASSWORD}")
        for login in demo.LOGINS:
            say("portal", f"  {login.email:<34} {login.role_text}, {login.organisation}")


def run_portal() -> None:
    started = time.monotonic()
    prepare()
    door = listen(os.environ.get("HOST", "127.0.0.1"), settings.WEB_PORT)
    address = f"http://localhost:{door.getsockname()[1]}"
    supervisor = Supervisor(children(door), {**os.environ, "SITE_URL": os.environ.get("SITE_URL", address)})
    supervisor.end_on_signals()
    supervisor.start_first()
    if wait_for_answer(address, supervisor):
        welcome(address, time.monotonic() - started)
    supervisor.look_after()
    say("portal", "ending")
    supervisor.end()
    say("portal", "ended")
