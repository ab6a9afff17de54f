"""Reorganisations over the API: what was ordered of units, and which took over from which."""

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.generics import get_object_or_404

from orgs.access.api.viewsets import VisibleRecords, acting_post
from orgs.access.declarations import NO_CHILD
from orgs.reorganisation.models import Kind, Reorganisation, Result, Succession


class SuccessionOut(serializers.ModelSerializer):
    predecessor = serializers.UUIDField(source="predecessor.uid", help_text="原机构标识")
    successor = serializers.UUIDField(source="successor.uid", help_text="接续的机构标识")

    class Meta:
        model = Succession
        fields = ["predecessor", "successor", "on"]


class ReorganisationOut(serializers.ModelSerializer):
    result = serializers.ChoiceField(
        choices=[("", "待生效"), *Result.choices], help_text="结果；空：还没有到生效日期", read_only=True
    )
    successions = SuccessionOut(many=True, help_text="生效后：谁接续谁；拆分的一个原机构有几行")

    class Meta:
        model = Reorganisation
        fields = ["id", "kind", "effective_on", "document", "reason", "result", "made_at", "successions"]


class ReorganisationFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=Kind.choices, help_text="事项")

    class Meta:
        model = Reorganisation
        fields = ["kind"]


@extend_schema(tags=["units"])
class ReorganisationViewSet(VisibleRecords, viewsets.ReadOnlyModelViewSet):
    """Orders that concern units of one's own subtree, the newest first."""

    queryset = Reorganisation.objects.none()
    serializer_class = ReorganisationOut
    filterset_class = ReorganisationFilter
    lookup_url_kwarg = "id"
    permissions = {"list": "view_unit", "retrieve": "view_unit"}
    reads = {"list": NO_CHILD, "retrieve": NO_CHILD}

    def get_object(self):
        """An order lies in several places at once: whom it concerns says its queryset alone."""
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["id"])

    def visible_records(self):
        found = Reorganisation.objects.visible_to(acting_post(self.request), "view_unit").select_related("outcome")
        return found.prefetch_related("successions__predecessor", "successions__successor").order_by("-made_at", "-id")
