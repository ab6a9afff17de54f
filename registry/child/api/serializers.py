"""What a child's file looks like over the API, going in and coming out."""

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from childwelfare.api.bodies import Body
from childwelfare.api.fields import CleanChoice, Cleaned, CleanText, LooseDate, NameText, PhoneText, _as_api
from childwelfare.text.cleaning import clean_digits
from childwelfare.text.masking import masked_name
from orgs.access.api.viewsets import acting_post
from orgs.access.api.workflow import actions_of
from orgs.posts.models import Appointment
from registry.child import codes
from registry.child.field_entry import SEALED_LENGTH, Kind
from registry.child.fields import (
    RELATIVES,
    choices_of,
    columns_of,
    content_of,
    empty_value,
    fields,
    fields_of,
    masked_value,
    to_json,
)
from registry.child.id_number import masked, masked_phone, read_id_number
from registry.child.models import ChildFile
from registry.child.workflow import FILE
from registry.closing.services import UNDOABLE, may_undo_act
from registry.family.models import FamilyMember, Guardian
from registry.stays.models import may_open


class IdNumberText(serializers.CharField):
    def to_internal_value(self, value):
        text = super().to_internal_value(value)
        return _as_api(lambda: read_id_number(text).number if clean_digits(text) else "")


class ContentIn(Cleaned):
    """The fields of ``holder``: those that a class doesn't declare are made by their kind."""

    holder = ""

    def get_fields(self):
        made = super().get_fields()
        for field in fields_of(self.holder):
            if field.column in made and field.column not in self._declared_fields and field.kind in BY_KIND:
                made[field.column] = BY_KIND[field.kind](field)
        return made


BY_KIND = {
    Kind.ID_NUMBER: lambda field: IdNumberText(required=False, allow_blank=True, default=""),
    Kind.PHONE: lambda field: PhoneText(required=False, allow_blank=True, default=""),
    Kind.SEALED: lambda field: CleanText(max_length=SEALED_LENGTH, required=False, allow_blank=True, default=""),
    Kind.SEVERAL: lambda field: serializers.MultipleChoiceField(
        choices=choices_of(field).choices, required=False, default=list
    ),
}


class GuardianIn(ContentIn):
    holder = "guardian"

    name = NameText(max_length=50, help_text="照看人姓名")
    id_number = IdNumberText(required=False, allow_blank=True, default="", help_text="身份证号")
    phone = PhoneText(required=False, allow_blank=True, default="", help_text="电话")

    class Meta:
        model = Guardian
        fields = columns_of("guardian")


class ParentIn(ContentIn):
    holder = "father"

    relation = CleanChoice(choices=[choice for choice in codes.Relation.choices if choice[0] in RELATIVES])
    name = NameText(max_length=50, required=False, default="")
    id_number = IdNumberText(required=False, allow_blank=True, default="")
    phone = PhoneText(required=False, allow_blank=True, default="")

    class Meta:
        model = FamilyMember
        fields = ["relation", *columns_of("father")]


class EachCategoryOnce(serializers.ListSerializer):
    def to_internal_value(self, data):
        read = super().to_internal_value(data)
        codes_read = [given["category"] for given in read]
        if twice := [code for code in codes.Category.values if codes_read.count(code) > 1]:
            labels = "、".join(str(codes.Category(code).label) for code in twice)
            raise serializers.ValidationError([_("“%(what)s”写了两次，每一类只写一次。") % {"what": labels}])
        return read


class CategoryIn(Body):
    class Meta:
        list_serializer_class = EachCategoryOnce

    category = CleanChoice(choices=codes.Category.choices)
    since = LooseDate(required=False, help_text="不填按今天")
    difficulty = CleanChoice(choices=codes.Difficulty.choices, required=False, default="")
    grounds = CleanText(max_length=codes.GROUNDS_LONGEST, required=False, allow_blank=True, default="")


class ChildIn(ContentIn):
    """What a file is made of. Birth date and sex may be left to the ID number."""

    holder = "child"

    id = serializers.UUIDField(required=False, help_text="由客户端生成；重复发送得到同一份档案")
    village = serializers.UUIDField(help_text="村（居）标识，见 /api/v1/units/?level=4")
    name = NameText(max_length=50, help_text="姓名")
    sex = CleanChoice(choices=codes.Sex.choices, required=False, default="")
    birth_date = LooseDate(required=False, default=None)
    id_number = IdNumberText(required=False, allow_blank=True, default="", help_text="18 位身份证号")
    phone = PhoneText(required=False, allow_blank=True, default="", help_text="联系电话")
    disability_certificate = CleanText(
        max_length=SEALED_LENGTH, required=False, allow_blank=True, default="", help_text="残疾证号"
    )
    categories = CategoryIn(many=True, help_text="儿童类别，可多个")
    guardian = GuardianIn(required=False, allow_null=True, default=None)
    family = ParentIn(many=True, required=False, default=list)
    version = serializers.IntegerField(required=False, help_text="修改时必填：读到的版本号")

    class Meta:
        model = ChildFile
        fields = ["id", "village", *columns_of("child"), "categories", "guardian", "family", "version"]

    def validate(self, data):
        relations = [parent["relation"] for parent in data.get("family", [])]
        if len(relations) != len(set(relations)):
            raise serializers.ValidationError({"family": [_("父母、祖父母、外祖父母各只能填一次。")]})
        return data

    def service_arguments(self) -> dict:
        data = dict(self.validated_data)
        child = {}
        for field in fields_of("child"):
            child[field.name] = data.get(field.name, empty_value(field))
            if field.kind == Kind.SEVERAL:
                child[field.name] = sorted(child[field.name])
        return {
            "child": child,
            "categories": {given["category"]: dict(given) for given in data["categories"]},
            "family": [dict(parent) for parent in data.get("family", [])],
            "guardian": dict(data["guardian"]) if data.get("guardian") else None,
        }


class PatchIn(Body):
    version = serializers.IntegerField(help_text="读到的版本号")
    fields = serializers.DictField(
        child=serializers.JSONField(allow_null=True), help_text="各字段的新值，没有列出的不变"
    )


class LastChange(serializers.DateTimeField):
    """When what is shown of a file changed last: the file, or the name or place of its village."""

    def get_attribute(self, file: ChildFile) -> datetime.datetime:
        return max(file.updated_at, file.village.updated_at or file.updated_at)


class ChildOut(serializers.ModelSerializer):
    """A file as its post sees it: numbers masked; name, address and numbers hidden from a post that may not open it."""

    village = serializers.UUIDField(source="village.uid")
    place = serializers.CharField(
        source="village.path_label", help_text="村（居）的完整路径，随机构改名而变；认机构请用 village"
    )
    name = serializers.SerializerMethodField()
    id_number = serializers.SerializerMethodField(help_text="遮盖的身份证号")
    phone = serializers.SerializerMethodField(help_text="遮盖的电话")
    address = serializers.SerializerMethodField()
    categories = serializers.SerializerMethodField()
    updated_at = LastChange(
        read_only=True,
        help_text="这里所示内容最近一次改动的时刻；所在村（居）或其上级改名、调整隶属也算。actions 因人而异，不算在内",
    )
    taken_back = serializers.BooleanField(
        read_only=True, help_text="state 为 returned 时：真是建档的人自己撤回修改，假是审核的人退回"
    )
    actions = serializers.SerializerMethodField(help_text="现在可做的操作")

    class Meta:
        model = ChildFile
        fields = [
            "id",
            "file_number",
            "name",
            "sex",
            "birth_date",
            "nation",
            "id_number",
            "phone",
            "village",
            "place",
            "address",
            "categories",
            "risk",
            "guardianship",
            "schooling",
            "state",
            "taken_back",
            "version",
            "approved_on",
            "updated_at",
            "actions",
        ]

    def get_name(self, file) -> str:
        return file.name if self._may_name(file) else masked_name(file.name)

    def get_id_number(self, file) -> str:
        return masked(file.id_number) if self._may_name(file) else ""

    def get_phone(self, file) -> str:
        return masked_phone(file.phone) if self._may_name(file) else ""

    def get_address(self, file) -> str:
        return file.address if self._may_name(file) else ""

    def get_categories(self, file) -> list[str]:
        return [category.value for category in file.categories]

    def get_actions(self, file) -> list[str]:
        post = acting_post(self.context["request"])
        actions = actions_of(FILE, file, self.context)
        return [*actions, "undo"] if self._may_undo(post, file) else actions

    def _may_undo(self, post: Appointment, file: ChildFile) -> bool:
        """In a list: asked further only of what the reader did last herself, by the events that were fetched."""
        last = next(reversed(file.events.all()), None)
        is_hers = last is not None and last.person_id == post.person_id and last.action in UNDOABLE
        return is_hers and may_undo_act(post, file)

    def _may_name(self, file) -> bool:
        return may_open(acting_post(self.context["request"]), "view_child", file)

    def to_representation(self, file):
        shown = super().to_representation(file)
        if not self._may_name(file):
            shown |= {"file_number": "", "birth_date": None}
        return shown


class ChildDetailOut(ChildOut):
    """One file with its whole content, nothing of it for a post that may not open the file."""

    content = serializers.SerializerMethodField(help_text="档案各项，以字段名为键；证件号、电话等遮盖")

    class Meta(ChildOut.Meta):
        fields = [*ChildOut.Meta.fields, "content"]

    def _may_undo(self, post: Appointment, file: ChildFile) -> bool:
        return may_undo_act(post, file)  # what was done by this very request is not among the events that were fetched

    def get_content(self, file) -> dict[str, Any]:
        if not self._may_name(file):
            return {}
        readable = {name: field for name, field in fields().items() if field.entry.readable}
        content = content_of(file, readable)
        for name, field in readable.items():
            value = content[name]
            content[name] = (masked_value(field, value) if value else "") if field.sealed else to_json(value)
        return content
