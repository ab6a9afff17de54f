"""What of the audit trail is asked for: of a kind, a person, a unit, a record, between two days."""

import datetime
import re
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_date

from childwelfare.pages.searched import Searched
from childwelfare.text.days import midnight, within_our_time
from orgs.audit.models import AuditChild, AuditPending
from orgs.audit.words import AUDIT_ACTS

RECORD = re.compile(r"[a-z_]+\.[a-z_]+:[0-9a-zA-Z-]{1,60}")


@dataclass(frozen=True, kw_only=True)
class AuditFilter:
    """``record``: as the trail names it; ``since``, ``until``: days in the reader's time zone, both of them meant;
    ``person``, ``unit``: names, as they were ``searched``. What makes no sense is left out."""

    action: str = ""
    person: str = ""
    unit: str = ""
    record: str = ""
    since: str = ""
    until: str = ""
    searched: Searched = Searched()

    @classmethod
    def of(cls, asked: Any, searched: Searched) -> "AuditFilter":
        found = {name: asked.get(name, "").strip() for name in NARROWED}
        found |= {name: searched.get(name) for name in SEARCHED}
        if found["action"] not in AUDIT_ACTS:
            found["action"] = ""
        if not RECORD.fullmatch(found["record"]):
            found["record"] = ""
        for name in ("since", "until"):
            found[name] = str(_day(found[name]) or "")
        return cls(**found, searched=searched)

    def _narrow_without_record(self, rows: QuerySet) -> QuerySet:
        exact = {"action": self.action, "person__name": self.person}
        rows = rows.filter(**{name: value for name, value in exact.items() if value})
        if self.unit:
            within = [Q(**{f"{path}name__startswith": self.unit}) for path in UNIT_PATHS]
            rows = rows.filter(within[0] | within[1] | within[2])
        if since := _day(self.since):
            rows = rows.filter(at__gte=_midnight(since))
        if until := _day(self.until):
            rows = rows.filter(at__lt=_midnight(until + datetime.timedelta(days=1)))
        return rows

    def narrow(self, rows: QuerySet) -> QuerySet:
        """Of a child the newest OF_A_CHILD of what else is asked for; ``leaves_out`` says whether there are more."""
        rows = self._narrow_without_record(rows)
        if not self.record:
            return rows
        child = self._child
        if child is None:
            return rows.filter(record=self.record)
        return rows.filter(pk__in=[key for (key,) in self._about_child(rows, child)[:OF_A_CHILD]])

    def leaves_out(self, rows: QuerySet) -> bool:
        child = self._child
        if child is None:
            return False
        return bool(self._about_child(self._narrow_without_record(rows), child)[OF_A_CHILD : OF_A_CHILD + 1])

    @property
    def _child(self) -> uuid.UUID | None:
        label, _colon, key = self.record.partition(":")
        return _uuid(key) if label == "registry.childfile" else None

    def _about_child(self, rows: QuerySet, child: uuid.UUID) -> QuerySet:
        """The keys of its file's events and of those of its visits, changes and papers, which name it; newest first."""
        waiting = AuditPending.objects.values("audit")
        named = AuditChild.objects.filter(child=child).values("audit")
        # each kind by its own index: joined by OR, or asked within, all rows would be walked
        keys = (
            rows.filter(record=self.record)
            .values_list("id")
            .union(
                rows.filter(pk__in=named).values_list("id"),
                rows.filter(pk__in=waiting, data__contains=str(child)).values_list("id"),
            )
        )
        return keys.order_by("-id")

    @property
    def query(self) -> str:
        return self.with_(before="")

    def with_(self, **other: Any) -> str:
        """The query of an address with ``other`` instead; for the names that were typed the key of the search."""
        asked = {name: getattr(self, name) for name in NARROWED} | dict(self.searched.pairs()) | other
        return urlencode({name: value for name, value in asked.items() if value})

    def of_record(self, record: str) -> str:
        """All that was done to ``record``, whoever did it; "" where it is none."""
        return AuditFilter(record=record, since=self.since, until=self.until).query if RECORD.fullmatch(record) else ""

    @property
    def without_record(self) -> str:
        return self.with_(record="")

    def months(self, today: datetime.date) -> list[tuple[datetime.date, str, bool]]:
        """This month and the two before it: (its first day, the query that asks for it, whether it is asked for)."""
        found, first = [], today.replace(day=1)
        for _n in range(3):
            last = (first + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
            is_asked = (self.since, self.until) == (str(first), str(last))
            found.append((first, self.with_(since=first, until=last), is_asked))
            first = (first - datetime.timedelta(days=1)).replace(day=1)
        return found


NARROWED = ("action", "record", "since", "until")  # what an address holds
SEARCHED = ("person", "unit")  # what is typed: kept beside it
OF_A_CHILD = 20_000  # acts of one child that are looked through: more than are taken out as a table
UNIT_PATHS = ("unit__", "unit__township__", "unit__county__")


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _day(text: str) -> datetime.date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day and within_our_time(day)


def _midnight(day: datetime.date) -> str:
    """The beginning of ``day`` as the trail writes a moment: in UTC, so that texts compare as times do."""
    return midnight(day).astimezone(datetime.UTC).isoformat(timespec="microseconds")
