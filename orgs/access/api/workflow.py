"""Moving a record through its workflow over the API: the version that was read, and a reason where one is asked."""

from collections.abc import Callable, Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from childwelfare.api.bodies import Body
from childwelfare.workflow.transitions import Workflow
from orgs.access.api.viewsets import acting_post


class Decision(Body):
    version = serializers.IntegerField(help_text="读到的版本号；期间有变化则得到 409")
    reason = serializers.CharField(required=False, allow_blank=True, default="", help_text="退回时必填")


class Recall(Body):
    version = serializers.IntegerField(help_text="读到的版本号；期间有变化则得到 409")


def actions_of(workflow: Workflow, record: Any, context: Mapping[str, Any]) -> list[str]:
    """The moves open to the reader, as ``actions`` names them: in a list as the table says, which asks no query; of one
    record less those that something else would refuse. ``context``: the serializer's."""
    moves = workflow.offered_to if getattr(context.get("view"), "detail", False) else workflow.open_to
    return [move.action for move in moves(acting_post(context["request"]), record)]


class Moves:
    """A viewset whose records move through ``workflow``: each action hands its move on."""

    def move(self: Any, request: Request, action: str) -> Response:
        """Apply ``action`` to the record as its reader saw it; answers the record anew."""
        record = self.get_object()
        given = Decision(data=request.data)
        given.is_valid(raise_exception=True)
        seen, reason = given.validated_data["version"], given.validated_data["reason"]
        self.workflow.apply(action, record, by=acting_post(request), seen_version=seen, reason=reason)
        return Response(self.get_serializer(record).data)

    def take_back(self: Any, request: Request, service: Callable[..., Any]) -> Response:
        """Call ``service``, by which who sent the record takes it back, of the record as its reader saw it."""
        record = self.get_object()
        given = Recall(data=request.data)
        given.is_valid(raise_exception=True)
        service(record, by=acting_post(request), seen_version=given.validated_data["version"])
        return Response(self.get_serializer(record).data)
