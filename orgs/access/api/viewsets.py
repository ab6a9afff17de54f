"""What viewsets share: the post that acts, and records within its sight."""

from typing import Any, cast

from django.db.models import QuerySet
from rest_framework.request import Request

from childwelfare.api.parameters import KnownParameters
from orgs.access.requests import PostRequest
from orgs.posts.models import Appointment


def acting_post(request: Request) -> Appointment:
    """The post in which the sender acts; a view without one is refused before it runs. (A viewset can't have an
    attribute ``post``: that is the name of the HTTP method.)"""
    return cast(PostRequest, request._request).post


class VisibleRecords(KnownParameters):
    """A viewset over the records that ``visible_records()`` gives; none while the API is only described."""

    def get_queryset(self: Any) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return self.visible_records()

    def visible_records(self) -> QuerySet:
        raise NotImplementedError
