"""条件核对 over the API: facts of a family in, a verdict for each category out. Nothing is stored."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from childwelfare.api.bodies import Body
from childwelfare.api.fields import LooseDate
from orgs.access.api.viewsets import acting_post
from registry.child import codes
from registry.eligibility import MEETS, NO, UNKNOWN, evaluate
from registry.eligibility.typed_facts import facts_from


def _day(text: str) -> LooseDate:
    return LooseDate(required=False, allow_null=True, default=None, help_text=text)


def _yes_no(text: str) -> serializers.BooleanField:
    return serializers.BooleanField(required=False, allow_null=True, default=None, help_text=text)


def _one_of(choices, text: str) -> serializers.ChoiceField:
    return serializers.ChoiceField(
        choices=choices, required=False, allow_null=True, allow_blank=True, default=None, help_text=text
    )


class FactsOfSituation(Body):
    """One situation of a parent; a bare code of ``kind`` is taken too."""

    kind = serializers.ChoiceField(choices=codes.Situation.choices, help_text="情形")
    since = _day("从哪天起")
    until = _day("刑期、戒毒期等届满的日期；已结束的填结束日期")
    disability = _one_of(codes.Disability.choices, "残疾类别（GB/T 26341）")
    grade = _one_of(codes.DisabilityGrade.choices, "残疾等级")
    proof = _one_of(codes.ContactProof.choices, "失联的证明")

    def to_internal_value(self, data):
        return super().to_internal_value({"kind": data} if isinstance(data, str) else data)


class FactsOfParent(Body):
    """A parent; what is left out is not known. An empty list of situations says that there is none."""

    state = _one_of(codes.Life.choices, "健在、已故、失踪、不详")
    situations = FactsOfSituation(many=True, required=False, allow_null=True, default=None, max_length=20)  # type: ignore[call-arg]  # of the list
    away = _yes_no("外出务工")
    away_since = _day("从哪天起外出；回家探望不中断")
    away_across = _yes_no("在外县（市、区）务工")
    unable = _yes_no("无监护能力")


class FactsOfGuardian(Body):
    """Whom the child lives with."""

    relation = _one_of(codes.Relation.choices, "与儿童关系")
    capacity = _one_of(codes.Capacity.choices, "监护能力")


class EligibilityIn(Body):
    """Facts of a family; everything may be left out, and is then named under ``missing`` where it would decide."""

    birth_date = _day("出生日期")
    age = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=0, max_value=150, help_text="周岁，不知道出生日期时填"
    )
    registration = _one_of(codes.Registration.choices, "户口性质")
    registered_region = serializers.RegexField(
        r"^\d{6}$", required=False, allow_null=True, allow_blank=True, default=None, help_text="户籍所在县 6 位代码"
    )
    living_region = serializers.RegexField(
        r"^\d{6}$", required=False, allow_null=True, allow_blank=True, default=None, help_text="现住县 6 位代码"
    )
    across_county = _yes_no("户口在外县（市、区）；可用两个代码代替")
    here_since = _day("来现住地居住的日期")
    father = FactsOfParent(required=False, allow_null=True, default=None)
    mother = FactsOfParent(required=False, allow_null=True, default=None)
    guardian = FactsOfGuardian(required=False, allow_null=True, default=None)
    with_guardian = _yes_no("有父母或其他监护人一起生活；填了 guardian 的关系即为是")
    guardianship = _one_of(codes.Guardianship.choices, "监护情况")
    low_income = _one_of(codes.LowIncome.choices, "家庭低收入情形")
    disabled = _yes_no("孩子有残疾")
    serious_illness = _yes_no("孩子患重病")
    student = _yes_no("在全日制学校就读")
    on = _day("按哪一天判断；不填按今天")

    def validate_on(self, day):
        if day and day > timezone.localdate():
            raise serializers.ValidationError(_("日期在今天之后，请核对。"))
        return day


class MissingOut(serializers.Serializer):
    fact = serializers.CharField(help_text="事实的路径，如 father.imprisoned.until")
    label = serializers.CharField(help_text="要问什么")


class PartOut(serializers.Serializer):
    """A sub-type of 困境儿童 (``key``), or one of the definitions of 留守儿童 (``version``)."""

    key = serializers.CharField()
    title = serializers.CharField()
    version = serializers.CharField()
    verdict = serializers.ChoiceField(choices=[MEETS, NO, UNKNOWN])
    reasons = serializers.ListField(child=serializers.CharField())
    missing = MissingOut(many=True, source="questions")
    source = serializers.CharField()
    decides = serializers.BooleanField(help_text="现行口径；困境类型均为 true")


class VerdictOut(serializers.Serializer):
    category = serializers.ChoiceField(choices=codes.Category.choices)
    verdict = serializers.ChoiceField(choices=[MEETS, NO, UNKNOWN])
    reasons = serializers.ListField(child=serializers.CharField(), help_text="理由，各带文件和条款")
    missing = MissingOut(many=True, source="questions", help_text="还差什么才能判断")
    source = serializers.CharField(help_text="规则的文件和条款，本地规定在后")
    version = serializers.CharField(help_text="规则版本")
    parts = PartOut(many=True)


EXAMPLE = OpenApiExample(
    "父亲去世，母亲服刑",
    value={
        "birth_date": "2017-03-15",
        "registration": "rural",
        "father": {"state": "dead"},
        "mother": {
            "state": "alive",
            "situations": [{"kind": "imprisoned", "since": "2025-01-10", "until": "2028-01-09"}],
            "away": False,
        },
        "guardian": {"relation": "paternal_grandmother", "capacity": "fair"},
    },
    request_only=True,
)


@extend_schema(tags=["eligibility"])
class EligibilityViewSet(viewsets.ViewSet):
    """Which categories a family's facts come to, by the rules and the variants of one's own unit."""

    permissions = {"create": "check_eligibility"}

    @extend_schema(request=EligibilityIn, responses={200: VerdictOut(many=True)}, examples=[EXAMPLE])
    def create(self, request):
        given = EligibilityIn(data=request.data)
        given.is_valid(raise_exception=True)
        data = dict(given.validated_data)
        today = timezone.localdate()
        on = data.pop("on") or today
        try:
            facts = facts_from(data, on=today)
        except ValidationError as error:
            raise serializers.ValidationError(_by_path(error.message_dict)) from None
        verdicts = evaluate(facts, on, acting_post(request).unit)
        return Response(VerdictOut(verdicts, many=True).data)


def _by_path(problems: dict) -> dict:
    """``{"father.since": […]}`` → ``{"father": {"since": […]}}``, as the API names fields."""
    nested: dict = {}
    for path, found in problems.items():
        *outer, name = path.split(".")
        place = nested
        for step in outer:
            place = place.setdefault(step, {})
        place[name] = found
    return nested
