"""Liveness and readiness for the launcher, the containers and the monitoring."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse

from childwelfare.runtime.tables import TablesDiffer, check_tables

BEAT_IS_LATE = timedelta(minutes=1)


def healthz(request):
    """200 while the process answers; touches nothing else."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request):
    """200 when pages can be served, else 503; the body names each check. A silent beat is named, yet not fatal."""
    checks = {"database": _database(), "migrations": _migrations(), "keys": _keys()}
    ready = all(answer == "ok" for answer in checks.values())
    return JsonResponse({"ready": ready, **checks, "beat": _beat()}, status=200 if ready else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return "ok"
    except DatabaseError:
        return "unreachable"


def _migrations() -> str:
    try:
        executor = MigrationExecutor(connection)
        missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if missing:
            return f"{missing} missing"
        check_tables()
    except DatabaseError:
        return "unknown"
    except TablesDiffer as different:
        return f"tables differ: {different.brief}"
    return "ok"


def _keys() -> str:
    from childwelfare.security.keys import chain_keys, field_keys, index_key
    from childwelfare.security.proofs import compare_keys

    try:
        if failing := compare_keys():
            return f"not those of this database: {', '.join(failing)} in {settings.CWR_KEYS.name}/"
        field_keys(), index_key(), chain_keys()
        return "ok"
    except DatabaseError:
        return "unknown"
    except (ImproperlyConfigured, OSError, ValueError):
        return f"missing in {settings.CWR_KEYS.name}/"


def _beat() -> str:
    from childwelfare.jobs.models import BeatLease

    try:
        if BeatLease.objects.is_alive(BeatLease.BEAT, late=BEAT_IS_LATE):
            return "ok"
        return "late" if BeatLease.objects.filter(name=BeatLease.BEAT).exists() else "never seen"
    except DatabaseError:
        return "unknown"
