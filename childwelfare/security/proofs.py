"""Do the keys here belong to this database? Each key that was ever used here has left its proof in it.

With other keys, or with one missing, what is there can't be opened, and what is written would be sealed so that the
right keys never open it. So each new connection to the database compares (web, worker, beat and commands alike); where
a key fails, the process uses none (childwelfare.security.keys), pages answer 503, and the words name the files.
"""

import logging
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from childwelfare.security import keys
from childwelfare.security.fields import BlindIndexField, EncryptedTextField
from childwelfare.security.models import KeyProof
from childwelfare.security.sealing import Unsealable, keyed_digest

log = logging.getLogger(__name__)
ROWS_TRIED = 5  # of each model, where no proof was left yet
ALWAYS_ANSWERED = {"/healthz", "/readyz"}


def compare_keys(using: str = "default") -> list[str]:
    """The key files that the database knows and that are missing or others here; [] where all fit or none is known.

    What comes out is kept for the process: with a key that fails it uses none from then on, until they fit again.
    """
    proofs = dict(KeyProof.objects.using(using).values_list("name", "digest"))
    here = _digests(Path(settings.CWR_KEYS))
    failing = sorted(name for name, digest in proofs.items() if here.get(name) != digest)
    if failing:
        _digests.cache_clear()  # the right files may be put back while the process runs
    keys.use_none_because_of(failing)
    return failing


def compare_on_connection(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """Receiver of connection_created. Raises nothing: migrations and health checks have to work."""
    if connection.alias != "default":
        return
    try:
        if failing := compare_keys():
            log.critical(words(failing))
    except (DatabaseError, OSError, ValueError):
        log.debug("keys not compared", exc_info=True)  # no table before the first migrate


def leave_proofs(using: str = "default", **_signal: Any) -> None:
    """Have each key here known to the database (receiver of post_migrate). Raises CommandError for other keys."""
    if using != "default" or KeyProof._meta.db_table not in connections[using].introspection.table_names():
        return
    failing = compare_keys(using)
    if not failing and not KeyProof.objects.using(using).exists():
        failing = _keys_that_open_nothing(using)
    if failing:
        raise CommandError(words(failing))
    if settings.CWR_EMBEDDED:
        keys.make_keys(Path(settings.CWR_KEYS))
    _digests.cache_clear()  # a key may just have been made
    here = _digests(Path(settings.CWR_KEYS))
    known = set(KeyProof.objects.using(using).values_list("name", flat=True))
    KeyProof.objects.using(using).bulk_create(
        [KeyProof(name=name, digest=digest) for name, digest in here.items() if name not in known],
        ignore_conflicts=True,
    )


def refuse_new_keys_beside_data(using: str = "default") -> None:
    """Raise CommandError where keys that this database needs are missing: new ones would not open what is there."""
    connection = connections[using]
    connection.ensure_connection()
    tables = set(connection.introspection.table_names())
    if KeyProof._meta.db_table in tables and KeyProof.objects.using(using).exists():
        failing = compare_keys(using)
    else:
        missing = {"field-1.key", "index.key"} - {path.name for path in Path(settings.CWR_KEYS).glob("*.key")}
        failing = sorted(missing) if missing and any(_sealed_rows(using, tables)) else []
    if failing:
        raise CommandError(words(failing))


def words(failing: list[str]) -> str:
    """What is wrong and what to do, for whoever runs the server."""
    return _(
        "密钥文件夹 %(folder)s 中的密钥不是这个数据库的：%(names)s 缺失或不符。系统已停用全部密钥，"
        "不提供页面，也不加密任何内容；数据没有改动。请从备份取回这些密钥文件放回该文件夹，再重新启动。不要另建新密钥。"
    ) % {"folder": settings.CWR_KEYS, "names": ", ".join(failing)}


class KeysFit:
    """Middleware: where the keys are not the database's, nothing is shown and nothing taken in (503)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if keys.failing() and request.path not in ALWAYS_ANSWERED and _still_failing():
            return _refusal(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return _refusal(request) if isinstance(exception, keys.OtherKeys) else None


def _refusal(request: HttpRequest) -> HttpResponse:
    from childwelfare.pages.errors import json_problem, wants_json

    text = _("服务器上的密钥与数据库不符，系统暂停服务，没有保存任何内容。请联系管理员。")
    if wants_json(request):
        return json_problem(text, 503)
    return HttpResponse(render_to_string("errors/keys.html"), status=503)


def _still_failing() -> list[str]:
    try:
        return compare_keys()
    except DatabaseError:
        return keys.failing()


@lru_cache
def _digests(folder: Path) -> dict[str, str]:
    """{name of the file: its proof} of all keys in ``folder``."""
    return {name: keyed_digest(key, f"proof of {name}") for name, key in keys.keys_in(folder).items()}


def _keys_that_open_nothing(using: str) -> list[str]:
    """Of a database from before the proofs: are its values opened, its blind indexes made by the keys here?"""
    for rows in _sealed_rows(using, set(connections[using].introspection.table_names())):
        if not any(_opens(row) for row in rows):
            return ["field-*.key, index.key"]
    return []


def _opens(row: models.Model) -> bool:
    loaded = [field for field in row._meta.concrete_fields if field.attname not in row.get_deferred_fields()]
    try:
        for field in loaded:
            if isinstance(field, EncryptedTextField):
                getattr(row, field.name)
        return all(
            getattr(row, field.attname) == field.pre_save(row, False)
            for field in loaded
            if isinstance(field, BlindIndexField)
        )
    except Unsealable:
        return False


def _sealed_rows(using: str, tables: set[str]) -> list[list[models.Model]]:
    """The newest rows with a sealed value, of each model that has some; with the columns that are there already."""
    found = []
    for model in apps.get_models():
        sealed = _names_of(model, EncryptedTextField)
        if not sealed or model._meta.proxy or model._meta.db_table not in tables:
            continue
        there = _columns(using, model._meta.db_table)
        sealed = [name for name in sealed if name in there]
        indexes = [
            name for name in _names_of(model, BlindIndexField) if name in there and _source(model, name) in sealed
        ]
        some = models.Q(*((f"{name}__isnull", False) for name in sealed), _connector=models.Q.OR)
        rows = model._base_manager.using(using).filter(some).order_by("-pk")
        found.append(list(rows.only("pk", "id", *sealed, *indexes)[:ROWS_TRIED]) if sealed else [])
    return [rows for rows in found if rows]


def _names_of(model: type[models.Model], kind: type[models.Field]) -> list[str]:
    return [field.name for field in model._meta.local_concrete_fields if isinstance(field, kind)]


def _source(model: type[models.Model], name: str) -> str:
    field = model._meta.get_field(name)
    return field.source if isinstance(field, BlindIndexField) else ""


def _columns(using: str, table: str) -> set[str]:
    connection = connections[using]
    with connection.cursor() as cursor:
        return {column.name for column in connection.introspection.get_table_description(cursor, table)}
