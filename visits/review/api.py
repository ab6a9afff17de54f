"""What waits for review over the API."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets

from orgs.access.api.viewsets import acting_post
from visits.review.queue import DECIDERS, queue_of
from visits.visit.models import Visit


class ReviewOut(serializers.Serializer):
    kind = serializers.ChoiceField(choices=["file", "visit", "change"])
    id = serializers.UUIDField()
    child_name = serializers.CharField()
    village = serializers.CharField()
    since = serializers.DateTimeField()
    flags = serializers.ListField(child=serializers.CharField())
    version = serializers.IntegerField()


@extend_schema(tags=["reviews"], responses=ReviewOut(many=True))
class ReviewViewSet(viewsets.GenericViewSet):
    """What waits for the post to decide, as on its desk: files, changes and visits, flagged ones first; for a county
    what its stations wrote themselves. Decide at their own addresses."""

    queryset = Visit.objects.none()
    serializer_class = ReviewOut
    filter_backends = []
    permissions = {"list": DECIDERS}

    def list(self, request):
        rows = [
            {
                "kind": item.kind,
                "id": item.pk,
                "child_name": item.child.name,
                "village": item.village,
                "since": item.at,
                "flags": [str(flag) for flag in item.flags],
                "version": item.record.version,
            }
            for item in queue_of(acting_post(request))
        ]
        return self.get_paginated_response(ReviewOut(self.paginate_queryset(rows), many=True).data)
