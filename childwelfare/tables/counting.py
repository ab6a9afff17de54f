"""Many counts by one query."""

from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar

from django.db.models import Count, Model, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from childwelfare.tables.kept import kept_rows

Key = TypeVar("Key", bound=Hashable)


def numbers_of(querysets: Mapping[Key, Callable[[], QuerySet]], *, reach: Hashable, beside: Model) -> dict[Key, int]:
    """{key: how many rows its queryset has}. One query; none where nothing is asked, or of nothing (``none()``).

    ``querysets``: what gives them; the keys and ``reach`` hold all by which they differ, for their SQL is kept
    (``childwelfare.tables.kept``). ``beside``: a saved record; its table gives the one row that carries all numbers.
    """

    def row() -> QuerySet:
        rows = type(beside)._base_manager.filter(pk=beside.pk)
        counts = [_count(make()) for make in querysets.values()]
        return rows.values_list(*(count or Value(0) for count in counts)) if any(counts) else rows.none()

    for numbers in kept_rows(("numbers", reach, tuple(querysets), type(beside), beside.pk), row):
        return dict(zip(querysets, numbers, strict=True))
    return dict.fromkeys(querysets, 0)


def _count(queryset: QuerySet) -> Coalesce | None:
    """How many rows it has; None where it can have none."""
    if queryset.query.is_empty():
        return None
    grouped = queryset.order_by().annotate(_all=Value(1)).values("_all")
    return Coalesce(Subquery(grouped.annotate(_n=Count("pk")).values("_n")), 0)
