"""One password tried on many names. Each name by itself stays below its own limit, so the names are counted as well."""

import datetime
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.utils import timezone

from childwelfare.runtime.proxies import client_address

NAMES = 20  # that failed from one address within AXES_COOLOFF_TIME and have not got in since
KNOWN_FOR = datetime.timedelta(days=30)  # who signed in from an address is known there for so long


class NamesCounted(AxesDatabaseHandler):
    """As django-axes locks a name at an address after AXES_FAILURE_LIMIT wrong passwords; besides, once NAMES of one
    address have failed, it lets in only those who are known there. So an office of a hundred people behind one address
    goes on working while a stranger at that address, or a colleague, tries a password on everybody."""

    def is_locked(self, request: Any, credentials: dict | None = None) -> bool:
        return super().is_locked(request, credentials) or self._is_sprayed(request, credentials)

    @staticmethod
    def _is_sprayed(request: Any, credentials: dict | None) -> bool:
        name, address = (credentials or {}).get("username"), client_address(request)
        since = timezone.now() - settings.AXES_COOLOFF_TIME
        failed = AccessAttempt.objects.filter(ip_address=address, attempt_time__gte=since)
        names = set(failed.order_by().values_list("username", flat=True).distinct()[: NAMES + 1])
        if len(names - {name}) < NAMES:
            return False
        known_since = timezone.now() - KNOWN_FOR
        return not AccessLog.objects.filter(ip_address=address, username=name, attempt_time__gte=known_since).exists()
