"""Fresh proof of who one is, kept in the session: asked for again before what binds, such as a signature."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from contacts.models import User

KEPT_AS: Final = "proof"


@dataclass(frozen=True)
class Proof:
    """By which method, at which level and when a user has shown who it is. evidence: never a personnummer."""

    method: str
    level: str
    at: datetime.datetime
    evidence: dict[str, str]


def proof_of(request: HttpRequest, now: datetime.datetime) -> Proof | None:
    """The proof that is fresh enough to sign with; None when there is none."""
    kept = request.session.get(KEPT_AS)
    if not kept:
        return None
    proof = Proof(**kept | {"at": datetime.datetime.fromisoformat(kept["at"])})
    oldest = now - datetime.timedelta(minutes=settings.SIGNING_PROOF_MINUTES)
    return proof if oldest <= proof.at <= now else None


def keep_password_proof(request: HttpRequest, user: User, now: datetime.datetime) -> None:
    """The password has been given again."""
    proof = Proof("password", "password", now, {"login": user.email, "user": str(user.pk)})
    request.session[KEPT_AS] = asdict(proof) | {"at": now.isoformat()}
