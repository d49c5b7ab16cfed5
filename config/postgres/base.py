"""Django's PostgreSQL backend on the embedded server: starts it when the first connection is asked for."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base
from psycopg import sql

from config import embedded


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        embedded.start(settings.EMBEDDED)
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError as error:
            if "does not exist" not in str(error) or conn_params.get("dbname") != settings.DATABASE_NAME:
                raise
        create_database(conn_params)
        return super().get_new_connection(conn_params)


def create_database(conn_params: dict[str, Any]) -> None:
    """The portal's own database, at the very first connection."""
    address = {name: conn_params[name] for name in ("host", "user")}
    command = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(conn_params["dbname"]))
    with (
        psycopg.connect(**address, dbname="postgres", autocommit=True) as connection,
        suppress(psycopg.errors.DuplicateDatabase),  # another process was first
    ):
        connection.execute(command)
