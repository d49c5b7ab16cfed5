"""The portal's ground: settings, doors, worker, servers. Loads the Celery app, so that tasks find it."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
