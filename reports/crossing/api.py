"""A crossing over the API: what is asked beside unit and month, and what is answered. The resource is that of the
figures (``reports.figures.api``), for it is one question with or without dimensions."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from reports.crossing.dimensions import BY_KEY, DIMENSIONS, SAME, Dimension
from reports.crossing.table import ALL, Crossing

AS = ["live", "official"]
KEYS = [each.key for each in DIMENSIONS]
NAMED = "；".join(f"{each.key} {each.label}" for each in DIMENSIONS)
CROSSING_PARAMETERS = [
    OpenApiParameter("rows", str, enum=KEYS, description=f"行的维度，和 columns 一起写：{NAMED}"),
    OpenApiParameter("columns", str, enum=KEYS, description="列的维度，和 rows 一起写，不能相同"),
    OpenApiParameter(
        "as",
        str,
        enum=AS,
        description=(
            "live（不填也是）：按现有记录现算，过去的月份按月末当时知道的；"
            "official：审核通过的上报数，交叉查数时从封存的名册点数，限县级及以下"
        ),
    ),
]
MISSING = _("行和列要一起写：这一项也要写。")


class CrossingAsked(serializers.Serializer):
    """``rows`` and ``columns`` come together or not at all."""

    rows = serializers.ChoiceField(KEYS, required=False)
    columns = serializers.ChoiceField(KEYS, required=False)

    def get_fields(self) -> dict[str, serializers.Field]:
        """``as`` is no name that a class could give."""
        return {**super().get_fields(), "as": serializers.ChoiceField(AS, required=False)}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        rows, columns = attrs.get("rows"), attrs.get("columns")
        if columns and not rows:
            raise serializers.ValidationError({"rows": MISSING})
        if rows and not columns:
            raise serializers.ValidationError({"columns": MISSING})
        if rows and rows == columns:
            raise serializers.ValidationError({"columns": SAME})
        return attrs

    @property
    def dimensions(self) -> tuple[Dimension, Dimension] | None:
        """None where none is asked for."""
        rows = self.validated_data.get("rows")
        return (BY_KEY[rows], BY_KEY[self.validated_data["columns"]]) if rows else None


class CellOut(serializers.Serializer):
    key = serializers.CharField(help_text="列的值")
    n = serializers.IntegerField(help_text="人数")


class LineOut(serializers.Serializer):
    key = serializers.CharField(help_text="行的值；合计为 all")
    label = serializers.CharField(help_text="名称")
    cells = CellOut(many=True, help_text="各列，次序同 columns")
    total = serializers.IntegerField(help_text="本行的儿童，不重复")


class ValueOut(serializers.Serializer):
    key = serializers.CharField(help_text="列的值")
    label = serializers.CharField(help_text="名称")


class DimensionOut(serializers.Serializer):
    key = serializers.ChoiceField(KEYS, help_text="维度")
    label = serializers.CharField(help_text="名称")
    definition = serializers.CharField(help_text="口径")
    version = serializers.IntegerField(help_text="口径的版本")
    several = serializers.BooleanField(help_text="真：一个孩子可兼几个值，各值相加可大于合计")


class CrossingOut(serializers.Serializer):
    unit = serializers.UUIDField(help_text="机构标识")
    name = serializers.CharField(help_text="机构名称")
    period = serializers.CharField(help_text="月份")
    as_of = serializers.DateField(help_text="数字所说的日期：月末，本月为当天")
    snapshot = serializers.CharField(allow_null=True, help_text="上报数的校验码；实时数为 null")
    dimensions = DimensionOut(many=True, help_text="行的维度、列的维度")
    columns = ValueOut(many=True, help_text="各列")
    rows = LineOut(many=True, help_text="各行")
    all = LineOut(help_text="合计，每个孩子只算一次")


def crossing_data(crossing: Crossing, snapshot: str | None = None) -> dict[str, Any]:
    """As CrossingOut says."""
    return CrossingOut(
        {
            "unit": crossing.unit.uid,
            "name": crossing.unit.name,
            "period": crossing.month.key,
            "as_of": crossing.month.as_of,
            "snapshot": snapshot,
            "dimensions": [crossing.rows, crossing.columns],
            "columns": crossing.columns.values,
            "rows": [_line(crossing, value.key, value.label) for value in crossing.rows.values],
            "all": _line(crossing, ALL, _("合计")),
        }
    ).data


def _line(crossing: Crossing, key: str, label: Any) -> dict[str, Any]:
    cells = [{"key": value.key, "n": crossing.number(key, value.key)} for value in crossing.columns.values]
    return {"key": key, "label": label, "cells": cells, "total": crossing.number(key)}
