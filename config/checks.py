"""Combinations of settings that are each right and together wrong."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from agreements.seal_source import from_settings
from config.environment import LOOPBACK_HOSTS


@register(Tags.security)
def demo_stays_at_home(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """The demo shows its logins to everybody."""
    found: list[CheckMessage] = []
    if settings.DEMO and settings.PRODUCTION:
        found.append(Error("DEMO=1 together with DEBUG=0 would show logins to everybody.", id="portal.E001"))
    elif settings.DEMO and not set(settings.ALLOWED_HOSTS) <= set(LOOPBACK_HOSTS):
        found.append(Warning("The demo answers to other names than this machine's own.", id="portal.W001", obj="DEMO"))
    return found


@register(Tags.security, deploy=True)
def production_is_whole(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """What production cannot do without, although each setting has a usable default elsewhere."""
    if not settings.PRODUCTION:
        return []
    wrong = {
        "portal.E002": (settings.BENCH, "BENCH opens a door that production does not need."),
        "portal.E003": ("*" in settings.ALLOWED_HOSTS, "ALLOWED_HOSTS must name its hosts."),
        "portal.E004": (not settings.SITE_URL.startswith("https://"), "SITE_URL must begin with https://."),
        "portal.E005": (not settings.EMAIL_CONFIG, "EMAIL_URL is missing: no letter would leave."),
    }
    return [Error(text, id=name) for name, (is_wrong, text) in wrong.items() if is_wrong]


@register(Tags.files)
def private_files_are_not_served(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Agreements are stored where no address leads."""
    static, private = settings.STATIC_ROOT.resolve(), settings.MEDIA_ROOT.resolve()
    if private.is_relative_to(static) or static.is_relative_to(private):
        return [Error("MEDIA_ROOT and STATIC_ROOT must not lie in one another.", id="portal.E006")]
    return []


@register(Tags.files)
def bounces_have_a_mail_folder(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """What comes back is read where the mail server puts it."""
    folder = settings.BOUNCE_MAILDIR
    if folder is not None and not all((folder / name).is_dir() for name in ("new", "cur")):
        return [Error(f"BOUNCE_MAILDIR={folder} is no Maildir: it lacks the folders new and cur.", id="portal.E008")]
    return []


@register(Tags.security)
def the_seal_can_be_used(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """A wrong file or passphrase stops what starts, before a worker finds it out. The demo makes its own."""
    source = from_settings()
    if source is None or source.demo:
        return []
    found: list[CheckMessage] = []
    # Cryptography takes time to import, and is needed where a seal is configured only
    problem = import_module("agreements.seal_check").problem_of(source)
    if problem:
        found.append(Error(problem, id="portal.E020"))
    if not source.timestamp_url:
        found.append(
            Warning("SEAL_TIMESTAMP_URL is missing: seals say no time that others vouch for.", id="portal.W021")
        )
    if not settings.OPERATIONS_MAILBOX:
        found.append(Warning("OPERATIONS_MAILBOX is missing: no letter tells that the seal ends.", id="portal.W022"))
    return found


@register(Tags.security, deploy=True)
def production_seals(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.PRODUCTION and from_settings() is None:
        return [Warning("No seal is configured: archive copies are made unsealed. See docs/seal.md.", id="portal.W020")]
    return []


@register(Tags.caches)
def cache_and_broker_are_apart(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Emptying the cache must not empty the worker's queue."""
    if settings.CACHES["default"]["LOCATION"] == settings.REDIS_URL:
        return [Error("CACHE_URL and REDIS_URL must be different databases.", id="portal.E007")]
    return []
