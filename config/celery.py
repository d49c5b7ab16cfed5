"""The worker and the whole timetable."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab, schedule
from celery.signals import beat_init, celeryd_init
from django.conf import settings

from config import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# Printing takes seconds a copy and minutes in a rush; what must be quick has workers of its own
QUICK, PRINTING = "celery", "printing"

SLOW = (
    "agreements.render_pdfs",
    "agreements.renew_seals",
    "agreements.pack_archives",
    "agreements.check_archive",
)

TIMETABLE: dict[str, dict[str, Any]] = {
    # What waits in the outbox is delivered even when the nudge after commit was lost
    "deliver events": {
        "task": "agreements.deliver_events",
        "schedule": schedule(5),
        "options": {"expires": 5},
    },
    "render PDFs": {
        "task": "agreements.render_pdfs",
        "schedule": schedule(15),
        "options": {"expires": 15},
    },
    "order public copies that are missing": {
        "task": "agreements.order_public_copies",
        "schedule": schedule(60),
        "options": {"expires": 60},
    },
    "pack archives that are asked for": {
        "task": "agreements.pack_archives",
        "schedule": schedule(30),
        "options": {"expires": 30},
    },
    "purge archives whose days are over": {
        "task": "agreements.purge_archives",
        "schedule": crontab(hour=0, minute=50),
        "options": {"expires": 6 * 3600},
    },
    "scan and read attached files": {
        "task": "agreements.check_attachments",
        "schedule": schedule(15),
        "options": {"expires": 15},
    },
    "let the search know of what it knows nothing of": {
        "task": "agreements.tend_search",
        "schedule": crontab(minute=20),
        "options": {"expires": 1800},
    },
    "tend attached files": {
        "task": "agreements.tend_attachments",
        "schedule": crontab(hour=1, minute=30),
        "options": {"expires": 6 * 3600},
    },
    "send letters": {
        "task": "contacts.send_letters",
        "schedule": schedule(60),
        "options": {"expires": 60},
    },
    "read mail that comes back": {
        "task": "contacts.take_mail",
        "schedule": schedule(60),
        "options": {"expires": 60},
    },
    "ask whether contact points are right": {
        "task": "contacts.ask_for_confirmation",
        "schedule": crontab(hour=7, minute=0, day_of_week="mon-fri"),
        "options": {"expires": 6 * 3600},
    },
    "write to those who have something to mend": {
        "task": "agreements.chase",
        "schedule": crontab(hour=7, minute=15, day_of_week="mon-fri"),
        "options": {"expires": 6 * 3600},
    },
    "ask those whose turn it is to sign": {
        "task": "agreements.ask_to_sign",
        "schedule": schedule(60),
        "options": {"expires": 60},
    },
    "remind those who have not signed": {
        "task": "agreements.remind_to_sign",
        "schedule": crontab(hour=7, minute=45, day_of_week="mon-fri"),
        "options": {"expires": 6 * 3600},
    },
    "tell function mailboxes what is new": {
        "task": "agreements.digest",
        "schedule": crontab(hour=6, minute=45, day_of_week="mon-fri"),
        "options": {"expires": 6 * 3600},
    },
    "count what draft rules of the lowest level would mean": {
        "task": "agreements.weigh_drafts",
        "schedule": schedule(30),
        "options": {"expires": 30},
    },
    "end agreements whose period is over": {
        "task": "agreements.expire",
        "schedule": crontab(hour=0, minute=10),
        "options": {"expires": 6 * 3600},
    },
    "purge what has been in the bin for its days": {
        "task": "agreements.purge_bin",
        "schedule": crontab(hour=0, minute=30),
        "options": {"expires": 6 * 3600},
    },
    "stamp old seals anew": {
        "task": "agreements.renew_seals",
        "schedule": crontab(hour=1, minute=15),
        "options": {"expires": 6 * 3600},
    },
    "tell that the seal's certificate ends": {
        "task": "agreements.watch_seal",
        "schedule": crontab(hour=6, minute=30),
        "options": {"expires": 6 * 3600},
    },
    "go on with checks that were interrupted": {
        "task": "agreements.resume_checks",
        "schedule": schedule(60),
        "options": {"expires": 60},
    },
    "go on with what is done for many at once": {
        "task": "agreements.resume_bulk",
        "schedule": schedule(60),
        "options": {"expires": 60},
    },
    "look through everything that is stored": {
        "task": "agreements.check_archive",
        "schedule": crontab(hour=3, minute=30),
        "options": {"expires": 3 * 3600},
    },
    "check every agreement again": {
        "task": "agreements.recheck_all",
        "schedule": crontab(hour=2, minute=30),
        "options": {"expires": 6 * 3600},
    },
}


def configuration() -> dict[str, Any]:
    """Called by Celery when first needed: importing this module does not read the settings yet."""
    return {
        "broker_url": broker_url(settings.REDIS_URL),
        "broker_transport_options": {
            "global_keyprefix": f"{settings.NAMESPACE}:",
            "visibility_timeout": 15 * 60,  # what a killed worker held is given to another after this
            # A dead or hanging broker must cost a web request a moment, not its life
            "socket_connect_timeout": 0.5,
            "socket_timeout": 1.0,
            "max_retries": 1,
            "interval_start": 0,
        },
        "broker_connection_timeout": 1.0,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "task_publish_retry": False,
        "task_routes": {name: {"queue": PRINTING} for name in SLOW},
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_ignore_result": True,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_time_limit": 10 * 60,
        "worker_cancel_long_running_tasks_on_connection_loss": True,  # they will be delivered again
        "worker_concurrency": 2,
        "worker_prefetch_multiplier": 1,
        "worker_max_tasks_per_child": 500,
        "worker_max_memory_per_child": 400_000,  # kilobytes; the PDF renderer keeps some of every document
        "worker_send_task_events": False,
        "worker_hijack_root_logger": False,
        "timezone": settings.TIME_ZONE,
        "beat_schedule": TIMETABLE,
        "beat_schedule_filename": str(settings.VAR_DIR / "celerybeat-schedule"),
    }


def broker_url(address: str) -> str:
    """Celery's spelling of the same address; a socket is written in another way there."""
    if not address.startswith("unix://"):
        return address
    return address.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")


app = Celery("portal")
app.add_defaults(configuration)
app.autodiscover_tasks()


@celeryd_init.connect
@beat_init.connect
def start_embedded_servers(**_: object) -> None:
    """Worker and beat may be the first to start."""
    if settings.EMBEDDED_VALKEY or settings.EMBEDDED_DATABASE:
        embedded.start(settings.EMBEDDED)
