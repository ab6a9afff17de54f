"""Sessions as Django keeps them in the database, with whose they are, on what device, and when they were last used
(Django's documentation, "Extending database-backed session engines")."""

import datetime
import hashlib
import re
import uuid
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from childwelfare.tables.prepared import Parameter, Prepared
from orgs.accounts.models import USED_TO_THE, DeviceSession

GIVEN_OUT = re.compile(r"[a-z0-9]{8,40}")  # letters and length of Django's session keys
SESSION = Prepared(  # each request asks it
    lambda: DeviceSession.objects.filter(
        session_key=Parameter("key", CharField()), expire_date__gt=Parameter("now", DateTimeField())
    )
)
DEVICE_UID, DEVICE, SINCE = "device_uid", "device", "signed_in_at"  # what the sign-in leaves in a session


class SessionStore(DatabaseStore):
    """The engine that SESSION_ENGINE names."""

    def _validate_session_key(self, key: str | None) -> bool:
        """Only what this engine gives out: a cookie may hold anything, and a database takes no NUL."""
        return key is not None and GIVEN_OUT.fullmatch(key) is not None

    @classmethod
    def get_model_class(cls) -> type[AbstractBaseSession]:
        return DeviceSession

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        session = super().create_model_instance(data)
        assert isinstance(session, DeviceSession)
        session.uid = uuid.UUID(data[DEVICE_UID]) if DEVICE_UID in data else _uid_of_nobody(session.session_key)
        session.person_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        session.device = data.get(DEVICE, "")
        now = timezone.now()
        session.since = datetime.datetime.fromisoformat(data[SINCE]) if SINCE in data else now
        session.used_at = now
        return session

    def cycle_key(self) -> None:
        """A new key for the same row: its device stays the one that the owner sees and ends. Django makes a second row
        and deletes the first; who ended the device in between ended the first alone."""
        signed_in = SESSION_KEY in self  # read before the key is asked: of a row that is gone there is none
        if self.session_key is None:
            super().cycle_key()
            return
        new_key = self._get_new_session_key()  # type: ignore[attr-defined]  # the stubs leave it out
        if DeviceSession.objects.filter(pk=self.session_key).update(session_key=new_key):
            self._session_key, self.modified = new_key, True
        elif signed_in:
            raise SessionInterrupted("the session was ended while it got a new key")
        else:
            super().cycle_key()

    def save(self, must_create: bool = False) -> None:
        try:
            super().save(must_create)
        except UpdateError:  # where a view saves it, as the middleware does behind the view
            raise SessionInterrupted("the session was ended while it was used") from None

    def _get_session_from_db(self) -> Any:
        now = timezone.now()
        session = next(iter(SESSION.ask(key=self.session_key, now=now)), None)
        if session is None:
            self._session_key = None
        elif session.person_id and session.used_at < now - USED_TO_THE:
            DeviceSession.objects.filter(pk=session.pk).update(used_at=now)
        return session


def _uid_of_nobody(session_key: str) -> uuid.UUID:
    """Of a session before its sign-in, which is on no list; of an older one that has a person too."""
    return uuid.UUID(bytes=hashlib.sha256(session_key.encode()).digest()[:16])
