"""What a try-out found, as the API gives it: of the reader's own scope."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from childwelfare.jobs.models import JobState
from registry.instruments.models import TryOut
from registry.instruments.try_out import Tally, tallies_below, tally_within


class PairOut(serializers.Serializer):
    level = serializers.CharField(help_text="原等级")
    level_by_it = serializers.CharField(help_text="按新版；unknown 为不清楚太多，评不出")
    children = serializers.IntegerField()


class TallyOut(serializers.Serializer):
    scored = serializers.IntegerField(help_text="有现行评估的孩子")
    changed = serializers.IntegerField(help_text="等级会变的")
    worse = serializers.IntegerField(help_text="变重的")
    better = serializers.IntegerField(help_text="变轻的")
    unscored = serializers.IntegerField(help_text="按新版评不出的")


class PlaceOut(TallyOut):
    unit = serializers.UUIDField()
    name = serializers.CharField()


class TryOutOut(serializers.ModelSerializer):
    state = serializers.ChoiceField(choices=JobState.choices, source="job.state")
    done = serializers.IntegerField(source="job.done", help_text="看过几个孩子")
    total = serializers.IntegerField(source="job.total")
    problem = serializers.CharField(source="job.problem")
    result = serializers.SerializerMethodField()
    table = serializers.SerializerMethodField(help_text="原等级 × 新等级")
    below = serializers.SerializerMethodField(help_text="下一级各单位")

    class Meta:
        model = TryOut
        fields = [
            "id", "version", "state", "done", "total", "problem", "counted_at", "result", "table", "below",
        ]  # fmt: skip

    @extend_schema_field(TallyOut)
    def get_result(self, try_out) -> dict:
        return TallyOut(self._tally(try_out)).data

    @extend_schema_field(PairOut(many=True))
    def get_table(self, try_out) -> list[dict]:
        pairs = sorted(self._tally(try_out).pairs.items())
        return [{"level": was, "level_by_it": now, "children": n} for (was, now), n in pairs]

    @extend_schema_field(PlaceOut(many=True))
    def get_below(self, try_out) -> list[dict]:
        return [
            TallyOut(found).data | {"unit": str(unit.uid), "name": unit.name}
            for unit, found in tallies_below(try_out, self.context["unit"])
        ]

    def _tally(self, try_out) -> Tally:
        if not hasattr(self, "_found"):
            self._found = tally_within(try_out, self.context["unit"])
        return self._found
