"""Many counts by one query."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

from django.db.models import Count, Model, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

Key = TypeVar("Key", bound=Hashable)


def numbers_of(querysets: Mapping[Key, QuerySet], *, beside: Model) -> dict[Key, int]:
    """{key: how many rows its queryset has}. One query; none where nothing is asked, or of nothing (``none()``).

    ``beside``: a saved record; its table gives the one row that carries all the numbers.
    """
    asked = {key: queryset for key, queryset in querysets.items() if not queryset.query.is_empty()}
    numbers = dict.fromkeys(querysets, 0)
    if asked:
        counts = [Coalesce(Subquery(_count(queryset)), 0) for queryset in asked.values()]
        row = type(beside)._base_manager.filter(pk=beside.pk).values_list(*counts)[0]
        numbers |= dict(zip(asked, row, strict=True))
    return numbers


def _count(queryset: QuerySet) -> QuerySet:
    grouped = queryset.order_by().annotate(_all=Value(1)).values("_all")
    return grouped.annotate(_n=Count("pk")).values("_n")
