"""One password tried on many names. Each name by itself stays below its own limit, so the names are counted as well."""

import datetime
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from childwelfare.runtime.proxies import client_address
from orgs.accounts.models import Person
from orgs.accounts.services import name_on_record

NAMES = 20  # that failed from one address within AXES_COOLOFF_TIME and have not got in since
KNOWN_FOR = datetime.timedelta(days=30)  # who signed in from an address is known there for so long


class NamesCounted(AxesDatabaseHandler):
    """As django-axes locks a name at an address after AXES_FAILURE_LIMIT wrong passwords; besides, once NAMES of one
    address have failed, it lets in only those who are known there, and who holds a one-time password: that one is drawn
    by lot and not tried on everybody. So an office of a hundred people behind one address goes on working, and takes
    in its new people, while a stranger at that address, or a colleague, tries a password on everybody.

    From then on a wrong password is answered alike, and as slowly, whosever it is: who is known at an address, and
    which names there are, is not told by trying."""

    def is_locked(self, request: Any, credentials: dict | None = None) -> bool:
        name = name_kept(request, credentials)
        kept_out = super().is_locked(request, credentials)
        return kept_out or (self._is_sprayed(request, name) and not self._may_come_in(request, name))

    def user_login_failed(self, sender: Any, credentials: dict, request: Any = None, **signal: Any) -> None:
        super().user_login_failed(sender, credentials, request, **signal)
        if request is None:
            return
        name = name_kept(request, credentials)
        if not self._is_sprayed(request, name):
            return
        if not self._may_come_in(request, name):
            make_password("")  # nobody looked at the password: it takes the time that a look takes
        request.axes_locked_out = True

    @staticmethod
    def _is_sprayed(request: Any, name: str) -> bool:
        """Whether NAMES others have failed from where ``request`` comes."""
        since = timezone.now() - settings.AXES_COOLOFF_TIME
        failed = AccessAttempt.objects.filter(ip_address=client_address(request), attempt_time__gte=since)
        names = set(failed.order_by().values_list("username", flat=True).distinct()[: NAMES + 1])
        return len(names - {name}) >= NAMES

    @staticmethod
    def _may_come_in(request: Any, name: str) -> bool:
        """Whether ``name`` is known where ``request`` comes from, or holds a one-time password."""
        known = AccessLog.objects.filter(
            ip_address=client_address(request), username=name, attempt_time__gte=timezone.now() - KNOWN_FOR
        )
        newcomers = Person.objects.filter(username=name, must_change_password=True)
        return known.exists() or newcomers.exists()


def name_kept(request: Any, credentials: dict | None = None) -> str:
    """What django-axes writes down of a login name, and counts by (AXES_USERNAME_CALLABLE): not what was typed, where
    nobody has it. Looked up once for a request."""
    asked = credentials if credentials else request.POST
    typed = str(asked.get("username") or "")
    kept = request.__dict__.setdefault("names_kept", {})
    if typed not in kept:
        kept[typed] = name_on_record(typed) if typed else ""
    return kept[typed]
