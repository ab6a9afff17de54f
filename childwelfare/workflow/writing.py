"""What services share when they write: a record is made once however often its form comes, and taken as it was read."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from childwelfare.workflow.refusals import Refused, Stale

HANDLED_BY_ANOTHER = _("这条记录刚被他人处理过，请刷新后再看。")


@dataclass
class Sending:
    """``first``: the record that an earlier sending of the same form made while this one was being written."""

    first: Any = None


@contextmanager
def created_once(earlier: models.QuerySet, *, refusal: str | Promise) -> Iterator[Sending]:
    """One transaction in which a record with a key from the form is made.

    The same form may come twice at once; the database lets one in. For the other, nothing of which is saved,
    ``sending.first`` is the record of ``earlier``::

        with created_once(Alert.objects.filter(pk=alert.pk, made_by=by.person), refusal=…) as sending:
            alert.save(force_insert=True)
        return sending.first or alert

    Raises Refused with ``refusal`` where the key belongs to somebody else's record.
    """
    sending = Sending()
    try:
        with transaction.atomic():
            yield sending
    except IntegrityError:
        sending.first = earlier.first()
        if sending.first is None:
            raise Refused(refusal) from None


def claim(
    record: models.Model, seen_version: int, *, message: str | Promise = HANDLED_BY_ANOTHER, **still: Any
) -> None:
    """Take ``record`` as its reader saw it, and count its version on: of two who do so at once one succeeds.

    ``still``: what has to hold besides, as keyword arguments of ``filter``. Call it inside the transaction of the
    change. ``record`` itself keeps its old version: the transaction may still be rolled back. Raises Stale with
    ``message``; then nothing is changed.
    """
    rows = type(record)._base_manager.filter(pk=record.pk, version=seen_version, **still)
    if not rows.update(version=F("version") + 1):
        raise Stale(message)
