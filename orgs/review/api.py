"""The desk over the API: what waits, one case with what it says, the decision."""

import uuid
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from childwelfare.api.pages import NumberedPages
from childwelfare.api.parameters import KnownParameters
from childwelfare.api.schema import Operation
from childwelfare.text.words import Words
from orgs.access.api.viewsets import acting_post
from orgs.access.api.workflow import Decision
from orgs.audit.readings import note_reading
from orgs.review.kinds import DECIDERS, READ_ON_THE_DESK, REVIEW_KINDS, UNDO, ReviewKind
from orgs.review.queue import WholeQueue, item_of

ONE = r"(?P<kind>[^/.]+)/(?P<id>[^/.]+)"


def kind_choices() -> list[tuple[str, Words]]:
    return [(kind.key, kind.label) for kind in REVIEW_KINDS.values()]


class ReviewOut(serializers.Serializer):
    id = serializers.UUIDField(source="pk")
    child_name = serializers.CharField(source="name")
    village = serializers.CharField()
    since = serializers.DateTimeField(source="card.at")
    flags = serializers.ListField(source="card.flags", child=serializers.CharField())
    version = serializers.IntegerField(source="record.version")
    state = serializers.CharField(source="record.state")
    actions = serializers.ListField(
        child=serializers.CharField(),
        help_text="本岗位现在可做的操作；自己填报或送出的由他人办理，已办的不再列出，刚办的可撤销",
    )

    def get_fields(self):
        """``kind`` is one of those that are registered by now."""
        return {"kind": serializers.ChoiceField(choices=kind_choices())} | super().get_fields()


def _title(kind: ReviewKind) -> str:
    return kind.key.title().replace("_", "")


def case_out(kind: ReviewKind) -> type[ReviewOut]:
    """A row with the whole record, as the kind's own resource shows it."""
    record = kind.serializer(read_only=True)
    return type(f"{_title(kind)}ReviewOut", (ReviewOut,), {"record": record, "__doc__": str(kind.label)})


class UndoIn(Decision):
    """A decision is taken back whole: a part of it, or a reason, would be dropped unseen."""

    action = serializers.CharField()

    def validate_reason(self, reason: str) -> str:
        if reason.strip():
            raise serializers.ValidationError(_("撤销不写原因。"))
        return reason


def decision_in(kind: ReviewKind) -> type[serializers.Serializer]:
    """What a decision on a record of ``kind`` says: the action, version and reason, and its own ``body``."""
    moves = [(action, kind.label_of(action)) for action in kind.actions]
    chosen = serializers.ChoiceField(choices=moves, help_text="要做的操作")
    bases = (kind.body,) if issubclass(kind.body, Decision) else (kind.body, Decision)
    return type(f"{_title(kind)}DecisionIn", bases, {"action": chosen, "__doc__": str(kind.label)})


class ReviewSchema(Operation):
    """Describes what the registered kinds take and show."""

    view: Any

    def get_tags(self):
        return ["reviews"]

    def get_override_parameters(self):
        if self.view.action == "list":
            return []
        kind = OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=list(REVIEW_KINDS))
        return [kind, OpenApiParameter("id", uuid.UUID, OpenApiParameter.PATH)]

    def get_request_serializer(self):
        return _one_of("ReviewDecision", decision_in) if self.view.action == "decide" else None

    def get_response_serializers(self):
        return ReviewOut(many=True) if self.view.action == "list" else _one_of("ReviewCase", case_out)


def _one_of(name: str, make) -> PolymorphicProxySerializer:
    serializers_of_kinds = [make(kind) for kind in REVIEW_KINDS.values()]
    return PolymorphicProxySerializer(name, serializers_of_kinds, resource_type_field_name=None)


class ReviewViewSet(KnownParameters, viewsets.GenericViewSet):
    """What waits for the post to decide, as on its desk: flagged ones first, then what waits beyond
    the desk's first hundred of a kind; for a county what its stations wrote
    themselves. Reading a case leaves a trace."""

    pagination_class = NumberedPages
    schema = ReviewSchema()
    serializer_class = ReviewOut
    filter_backends = []
    permissions = {"list": DECIDERS, "case": DECIDERS, "decide": DECIDERS}
    reads = {"list": "read_list", "case": READ_ON_THE_DESK}

    def list(self, request):
        page = self.paginate_queryset(WholeQueue(acting_post(request)))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @action(detail=False, url_path=ONE)
    def case(self, request, kind, id):
        """One that waits, with what it says."""
        post, review_kind = acting_post(request), _kind(kind)
        record = get_object_or_404(review_kind.waiting(post), pk=_key(id))
        note_reading(request, record, act=review_kind.reads)
        return self._answer(review_kind, record)

    @action(detail=False, methods=["post"], url_path=f"{ONE}/decide")
    def decide(self, request, kind, id):
        """Pass it, return it with a reason, or take one's own decision back (within 15 minutes)."""
        post, review_kind, key = acting_post(request), _kind(kind), _key(id)
        record = get_object_or_404(review_kind.decided_by(post), pk=key)
        given = decision_in(review_kind)(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        chosen = data["action"]
        if chosen == UNDO:
            UndoIn(data=request.data).is_valid(raise_exception=True)
        review_kind.apply(
            record,
            chosen,
            by=post,
            seen_version=data["version"],
            reason=data.get("reason") or "",  # a body may declare it otherwise than ``Decision``
            payload=review_kind.payload_of_data(data, record, chosen),
        )
        return self._answer(review_kind, review_kind.decided_by(post).get(pk=key))

    def _answer(self, kind: ReviewKind, record: Any) -> Response:
        post = acting_post(self.request)
        data = case_out(kind)(item_of(kind, record, post), context=self.get_serializer_context()).data
        if kind.workflow.may_undo(post, record):
            data["actions"].append(UNDO)
        return Response(data)


def _kind(key: str) -> ReviewKind:
    if key not in REVIEW_KINDS:
        raise Http404
    return REVIEW_KINDS[key]


def _key(text: str) -> Any:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None
