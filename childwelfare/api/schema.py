"""How each operation of the API is described: what it answers when it refuses stands with every one that may refuse
so, not by hand at each."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers

from childwelfare.api.parameters import KnownParameters, is_list

WRITING = ("POST", "PUT", "PATCH")
# fields of a body that name a record which may not be there, or not for the reader
NAMES_A_RECORD = {"child", "other", "post", "survivor", "unit", "village"}
# a record that moved on, was sent with other content, or a pair of which something else was said meanwhile
KEYED = {"id", "other", "version"}


class Refusal(serializers.Serializer):
    detail = serializers.CharField(help_text="为什么，怎么办")


class ErrorsByField(serializers.Serializer):
    """Described below: its names are those of what was sent."""


class DescribeErrorsByField(OpenApiSerializerExtension):
    target_class = ErrorsByField

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict:
        return {
            "type": "object",
            "description": "{字段名或参数名: [原因]}；里层的字段在它的名下再分，列表里的各条按顺序；"
            "整个内容读不出来时是 {detail: 原因}",
            "additionalProperties": {},
        }


BY_FIELD = OpenApiResponse(ErrorsByField, description="内容不对：哪一项，为什么。没有这一项的也在内")
REFUSED = {
    400: BY_FIELD,
    401: OpenApiResponse(Refusal, description="没有登录，或令牌已失效"),
    403: OpenApiResponse(Refusal, description="这个岗位没有这项权限"),
    404: OpenApiResponse(Refusal, description="没有找到，或这个岗位看不到"),
    409: OpenApiResponse(Refusal, description="读过以后有变化，或这个 id 用过而内容不同；写明最近一步"),
    422: OpenApiResponse(Refusal, description="现在不能这样办；写明为什么、怎么办"),
}


class Operation(AutoSchema):
    """One operation. What it says of its refusals itself (``extend_schema``) stands."""

    view: Any

    def _get_response_bodies(self, direction: Any = "response") -> dict:
        answers = super()._get_response_bodies(direction)
        if direction == "response" and not getattr(self.view, "describes_refusals", False):
            for code in sorted(self._refusals() - {int(code) for code in answers}):
                answers[str(code)] = self._get_response_for_code(REFUSED[code], str(code), direction=direction)
        return answers

    def _refusals(self) -> set[int]:
        body = self._names_of_body()
        lists = isinstance(self.view, KnownParameters) and is_list(self.view)
        pages = getattr(self.view, "pagination_class", None) if lists else None
        asked = set(self.view.parameters.get(self.view.action, ())) if lists else set()
        names_a_record = "{" in self.path or bool((body | asked) & NAMES_A_RECORD)
        codes = {401}
        if self.view.authentication_classes:
            codes |= {403, 404} if names_a_record or pages else {403}
        if lists or self.method in WRITING:
            codes.add(400)
        if body & KEYED:
            codes.add(409)
        if self.method in (*WRITING, "DELETE") and self.view.authentication_classes:
            codes.add(422)
        return codes

    def _names_of_body(self) -> set[str]:
        """Fields of what is sent; of several forms, those of all."""
        given = self.get_request_serializer() if self.method in WRITING else None
        given = given.get("multipart/form-data") if isinstance(given, dict) else given
        forms = getattr(given, "serializers", None) or [given]
        found: set[str] = set()
        for form in forms:
            made = form() if isinstance(form, type) else form
            found |= set(getattr(made, "fields", ()))
        return found
