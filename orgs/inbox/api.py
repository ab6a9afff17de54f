"""The inbox over the API: the same rows and services as the page."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from childwelfare.api.bodies import Body, refuse_body
from childwelfare.text.words import Words
from orgs.access.api.viewsets import VisibleRecords, acting_post
from orgs.inbox.kinds import INBOX_KINDS
from orgs.inbox.models import Message
from orgs.inbox.reading import lines_of, own_messages
from orgs.inbox.services import mark_all_read, mark_read


def inbox_kinds() -> list[tuple[str, Words]]:
    return [(kind.key, kind.label) for kind in INBOX_KINDS.values()]


class MessageOut(serializers.Serializer):
    id = serializers.UUIDField(source="pk")
    label = serializers.CharField(source="kind.label", help_text="种类的文字")
    title = serializers.CharField(help_text="这条消息的文字；打不开档案的，姓名是遮盖的")
    url = serializers.CharField(help_text="要办的事的页面；已经不在了的为空")
    sent_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)
    settled = serializers.BooleanField(source="is_settled", help_text="事情已经办完，不再计入未读")
    unread = serializers.BooleanField(source="is_unread")

    def get_fields(self):
        """``kind`` is one of those that are registered by now."""
        kind = serializers.ChoiceField(choices=inbox_kinds(), source="kind.key")
        fields = super().get_fields()
        return {"id": fields.pop("id"), "kind": kind} | fields


class Asked(serializers.Serializer):
    unread = serializers.BooleanField(required=False, allow_null=True, default=None)

    def get_fields(self):
        return super().get_fields() | {"kind": _kind_field()}


class ReadAllIn(Body):
    def get_fields(self):
        return super().get_fields() | {"kind": _kind_field()}


class ReadAllOut(serializers.Serializer):
    read = serializers.IntegerField(help_text="这次标为读过的条数")


def _kind_field() -> serializers.ChoiceField:
    said: dict[str, Words] = {"invalid_choice": _("没有“{input}”这一种消息。")}
    return serializers.ChoiceField(
        choices=inbox_kinds(), required=False, default="", allow_blank=True, help_text="种类", error_messages=said
    )


@extend_schema(tags=["inbox"])
class InboxViewSet(VisibleRecords, viewsets.GenericViewSet):
    """What the post in which one acts was told: its own messages only."""

    queryset = Message.objects.none()
    serializer_class = MessageOut
    lookup_url_kwarg = "id"
    walked_by = "sent_at"
    permissions = {"list": "view_unit", "read": "view_unit", "read_all": "view_unit"}
    reads = {"list": "read_list"}
    parameters = {"list": ("kind", "unread")}

    def visible_records(self):
        return own_messages(acting_post(self.request))

    @extend_schema(
        parameters=[
            OpenApiParameter("kind", str, description="只要这一种"),
            OpenApiParameter("unread", bool, description="true：只要未读的；false：只要读过的和已经办完的"),
        ]
    )
    def list(self, request):
        """The newest first; ``unread`` counts as the badge does."""
        asked = Asked(data=request.query_params)
        asked.is_valid(raise_exception=True)
        post, given = acting_post(request), asked.validated_data
        messages = own_messages(post, given["kind"])
        if given["unread"] is not None:
            messages = messages.unread() if given["unread"] else messages.done_with()
        lines = lines_of(self.paginate_queryset(messages) or [], post)
        return self.get_paginated_response(MessageOut(lines, many=True).data)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def read(self, request, id=None):
        """Mark one as read; a second time changes nothing."""
        message = get_object_or_404(self.get_queryset(), pk=id)
        refuse_body(request)
        mark_read(message, by=acting_post(request))
        return Response(status=204)

    @extend_schema(request=ReadAllIn, responses=ReadAllOut)
    @action(detail=False, methods=["post"], url_path="read-all")
    def read_all(self, request):
        """Mark all as read, or all of one kind."""
        given = ReadAllIn(data=request.data)
        given.is_valid(raise_exception=True)
        number = mark_all_read(by=acting_post(request), kind=given.validated_data["kind"])
        return Response(ReadAllOut({"read": number}).data)
