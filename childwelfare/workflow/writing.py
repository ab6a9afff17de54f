"""What services share when they write: a record is made once however often its form comes, and taken as it was read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from childwelfare.workflow.refusals import CHANGED_SINCE, Refused, SentBefore, Stale


@dataclass
class Sending:
    """``first``: the record that an earlier sending of the same form made while this one was being written."""

    first: Any = None


def has_values(**sent: Any) -> Callable[[Any], bool]:
    """Whether a record says what is ``sent``, by its attributes."""
    return lambda first: all(getattr(first, name) == value for name, value in sent.items())


def first_sending(earlier: models.QuerySet, *, says: Callable[[Any], bool]) -> Any:
    """The record that an earlier sending of the same form made; None where there is none.

    ``says``: whether a record says what is sent now. Raises SentBefore where it does not: answered with the first
    record, a form that was changed after it was saved would be lost without a word.
    """
    first = earlier.first()
    refuse_other_content(first is None or says(first))
    return first


def refuse_other_content(is_same: bool) -> None:
    """Raises SentBefore unless the form ``is_same`` as the one that was saved with its key."""
    if is_same:
        return
    raise SentBefore(
        _(
            "这个编号已经用过，内容不同：第一次填的已经存上，这次的没有存。要改第一次的，请打开那一条；"
            "确实是另一条，请另存一条再发送（在页面上再提交一次即可）。"
        )
    )


@contextmanager
def created_once(
    earlier: models.QuerySet, *, says: Callable[[Any], bool] = bool, refusal: str | Promise
) -> Iterator[Sending]:
    """One transaction in which a record with a key from the form is made.

    The same form may come twice at once; the database lets one in. For the other, nothing of which is saved,
    ``sending.first`` is the record of ``earlier``::

        with created_once(Alert.objects.filter(pk=alert.pk, made_by=by.person), says=…, refusal=…) as sending:
            alert.save(force_insert=True)
        return sending.first or alert

    Raises SentBefore as ``first_sending``, and Refused with ``refusal`` where the key belongs to somebody else's
    record.
    """
    sending = Sending()
    try:
        with transaction.atomic():
            yield sending
    except IntegrityError:
        sending.first = first_sending(earlier, says=says)
        if sending.first is None:
            raise Refused(refusal) from None


def claim(record: models.Model, seen_version: int, *, message: str | Promise = CHANGED_SINCE, **still: Any) -> None:
    """Take ``record`` as its reader saw it, and count its version on: of two who do so at once one succeeds.

    ``still``: what has to hold besides, as keyword arguments of ``filter``. Call it inside the transaction of the
    change. ``record`` itself keeps its old version: the transaction may still be rolled back. Raises Stale with
    ``message``; then nothing is changed.
    """
    rows = type(record)._base_manager.filter(pk=record.pk, version=seen_version, **still)
    if not rows.update(version=F("version") + 1):
        raise Stale(message)


def count_version(record: models.Model) -> None:
    """Something was added to ``record``: who has it on the screen and decides it is told to read it again first.

    For what is added without having been read before; whoever changes what she read uses ``claim``.
    """
    type(record)._base_manager.filter(pk=record.pk).update(version=F("version") + 1)
    record.refresh_from_db(fields=["version"])
