"""Sessions as Django keeps them in the database, with whose they are, on what device, and when they were last used
(Django's documentation, "Extending database-backed session engines")."""

import datetime
import hashlib
import uuid
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone

from orgs.accounts.models import USED_TO_THE, DeviceSession

DEVICE, SINCE = "device", "signed_in_at"  # what the sign-in leaves in a session


class SessionStore(DatabaseStore):
    """The engine that SESSION_ENGINE names."""

    @classmethod
    def get_model_class(cls) -> type[AbstractBaseSession]:
        return DeviceSession

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        session = super().create_model_instance(data)
        assert isinstance(session, DeviceSession)
        session.uid = uuid.UUID(bytes=hashlib.sha256(session.session_key.encode()).digest()[:16])
        session.person_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        session.device = data.get(DEVICE, "")
        now = timezone.now()
        session.since = datetime.datetime.fromisoformat(data[SINCE]) if SINCE in data else now
        session.used_at = now
        return session

    def _get_session_from_db(self) -> Any:
        session: Any = super()._get_session_from_db()  # type: ignore[misc]  # the stubs leave it out
        if session and session.person_id and session.used_at < timezone.now() - USED_TO_THE:
            DeviceSession.objects.filter(pk=session.pk).update(used_at=timezone.now())
        return session
