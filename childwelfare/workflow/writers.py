"""Who wrote what is to be decided. Every write of any part of a record leaves an event; who wrote may not decide, nor
may who sent it for the writer: sending vouches for what it says.

The mechanism asks the events, not the first author alone: a record that came back and was completed by somebody else,
a draft that a colleague finished, a change that was amended are then the work of several.
"""

from typing import Any

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from childwelfare.workflow.tables import Actions

WRITTEN_BY_ONESELF = _("不能办理自己填报、送出、补充或提出过的记录，请由其他工作人员办理。")
# actions of events that wrote a part of the record: those that a service leaves when it makes or completes one, or
# takes one in from a file, and the moves that say ``writes``
WRITES = Actions("writes", "make", "complete", "log", "propose", "bring_in")
# whose word the record is: who takes one in, or sends what lay there written, does not decide on it either, but the
# word is another's
AUTHORS = Actions("writes", "make", "complete", "log", "propose", without=("submit",))


def writers_of(record: Any) -> set[Any]:
    """Keys of the persons who wrote any part of ``record``. One query, none where its events were fetched."""
    return {record.made_by_id} | {event.person_id for event in record.events.all() if event.action in WRITES}


def last_sender(record: Any) -> set[Any]:
    """The key of who sent ``record`` last, for ``Transition.writers`` where each sending replaces all that it says and
    its ``made_by`` is who did: what an earlier sender wrote is then not before who decides."""
    return {record.made_by_id}


def last_writer(record: Any) -> Any:
    """Who wrote last what ``record`` says now, among its events as they were fetched, with their persons."""
    written = [event for event in record.events.all() if event.action in AUTHORS]
    return written[-1].person if written else record.made_by


def last_writer_name(model: type[Model]) -> Coalesce:
    """In a query of ``model``: the name of who wrote last what a record says now, its maker's where no event tells."""
    written = model.events.rel.related_model._base_manager.filter(  # type: ignore[attr-defined]
        record=OuterRef("pk"), action__in=AUTHORS
    )
    return Coalesce(Subquery(written.order_by("-at", "-pk").values("person__name")[:1]), F("made_by__name"))


def written_by(person: Any, records: QuerySet) -> QuerySet:
    """Those of ``records`` that ``person`` (a key) made or wrote a part of since. Two indexes give their keys, so that
    no other's records are looked at."""
    return records.filter(pk__in=_work_of(person, records.model))


def events_on_work_of(person: Any, events: QuerySet, *, within: QuerySet) -> QuerySet:
    """Of ``events`` those of records that ``person`` (a key) made, and those that befell what the person had written a
    part of before, as far as the record is one of ``within``."""
    written = events.model._base_manager.filter(
        record=OuterRef("record"), person=person, action__in=WRITES, at__lte=OuterRef("at")
    )
    is_within = Exists(within.order_by().filter(pk=OuterRef("record")))  # a look-up each: the scope may be a county
    of_hers = Q(record__made_by=person) | Q(Exists(written), is_within)
    return events.filter(of_hers, record__in=_work_of(person, within.model))


def _work_of(person: Any, model: type[Model]) -> QuerySet:
    """Keys of the records of ``model`` that ``person`` made or wrote a part of."""
    made = model._base_manager.filter(made_by=person)
    events = model.events.rel.related_model._base_manager  # type: ignore[attr-defined]
    written = events.filter(person=person, action__in=WRITES)
    return made.order_by().values("pk").union(written.order_by().values("record"))
