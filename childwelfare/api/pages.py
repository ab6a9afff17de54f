"""How lists of the API are paged: by a key that never changes, so that who walks the pages while others write misses
none of the rows that were there when the walk began, and sees none twice."""

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.pagination import BasePagination, PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from childwelfare.tables.keyset import KeysetPage, is_cursor, page_of

SIZE, MOST = 50, 200  # rows of a page
MADE = ("made_at", "asked_at", "created_at")  # moments that are written once: the newest first


class Pages(BasePagination):
    """{count, next, previous, results}; ``page_size`` up to 200. ``next`` and ``previous`` hold the ``cursor``.

    A viewset of a table of millions, which no index holds by when its rows were made, says ``walked_by = "id"``.
    """

    parameters = ("cursor", "page_size", "page")  # the last is told what to use in its place

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list:
        cursor, fields = request.query_params.get("cursor", ""), order_of(queryset.model, view)
        if request.query_params.get("page") or (cursor and not is_cursor(queryset.model, fields, cursor)):
            raise NotFound(_("没有这一页。请用上一次返回的 next、previous 翻页。"))
        self.request, self.count = request, queryset.order_by().count()
        self.page: KeysetPage = page_of(queryset, fields, cursor, _size(request))
        return self.page.rows

    def get_paginated_response(self, data: Any) -> Response:
        links = {"next": self._link(self.page.older), "previous": self._link(self.page.newer)}
        return Response({"count": self.count, **links, "results": data})

    def get_paginated_response_schema(self, schema: dict) -> dict:
        way = {
            "type": "string",
            "nullable": True,
            "format": "uri",
            "example": "https://registry.example/…?cursor=AQAB…",
        }
        said = {"next": "下一页；没有了是 null。由 POST 得来的，用同样的内容再 POST 一次", "previous": "上一页"}
        ways = {name: way | {"description": text} for name, text in said.items()}
        properties = {"count": {"type": "integer"}, **ways, "results": schema}
        return {"type": "object", "required": ["count", "results"], "properties": properties}

    def get_schema_operation_parameters(self, view: Any) -> list[dict]:
        parameters = (
            ("cursor", "string", "从 next、previous 里取"),
            ("page_size", "integer", f"每页几条，最多 {MOST}"),
        )
        return [
            {"name": name, "in": "query", "required": False, "description": said, "schema": {"type": kind}}
            for name, kind, said in parameters
        ]

    def _link(self, cursor: str) -> str | None:
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor) if cursor else None


class NumberedPages(PageNumberPagination):
    """By number, for what is no table to walk: a queue, which is worked off from its first page, and the figures of one
    month."""

    parameters = ("page", "page_size")
    page_size = SIZE
    page_size_query_param = "page_size"
    max_page_size = MOST


def order_of(model: type[Model], view: Any) -> tuple[str, str]:
    """The columns that order a list: when its rows were made, and their key."""
    names = {field.name for field in model._meta.fields}
    return getattr(view, "walked_by", "") or next((name for name in MADE if name in names), "id"), "id"


def _size(request: Request) -> int:
    """As asked, MOST at most; SIZE where it is no such number."""
    asked = request.query_params.get("page_size", "")
    is_number = asked.isascii() and asked.isdigit() and len(asked) <= 6
    return min(int(asked), MOST) if is_number and int(asked) else SIZE
