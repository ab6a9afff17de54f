"""The forms of needs. The rules are in the services."""

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import CleanCharField, CleanDateField, optional_day
from childwelfare.pages.forms import Answers, GrowingText, OnceForm, ServiceErrors
from childwelfare.questions.conditions import Condition
from childwelfare.workflow.transitions import REASON_LONGEST
from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit
from registry.needs import codes
from registry.needs.deadlines import due_from
from registry.needs.models import Need
from registry.needs.services.handling import colleagues_of
from registry.needs.services.recording import STEP_LIMIT, WORDS_LIMIT
from registry.needs.tiers import units_below


def kinds_by_system() -> list[tuple]:
    """The kinds under their systems, as a select groups them."""
    groups = []
    for system in codes.System:
        kinds = [(kind.value, kind.label) for kind in codes.Kind if kind.system == system]
        groups.append((system.label, kinds))
    return [("", _("请选择")), *groups]


class NeedForm(OnceForm):
    """``found_in``: (source, key) of the record from which the form was opened; then the source is fixed."""

    NEEDED: ClassVar = {"kind": None, "urgency": None, "words": None, "source": None, "found_on": None}

    kind = forms.ChoiceField(label=_("需要什么"), required=False, choices=kinds_by_system)
    words = CleanCharField(
        label=_("具体情况"), required=False, widget=GrowingText(), max_length=WORDS_LIMIT,
        help_text=_("缺什么、为什么、家里怎么说"),
    )  # fmt: skip
    urgency = forms.ChoiceField(
        label=_("紧急程度"), required=False, choices=codes.Urgency, widget=Answers(across=3),
        help_text=_("孩子此刻有危险的，不记需求，立即紧急报告"),
    )  # fmt: skip
    source = forms.ChoiceField(
        label=_("从哪里发现"), required=False, choices=[("", _("请选择")), *codes.Source.choices]
    )
    found_on = optional_day(_("发现日期"), initial=timezone.localdate)
    due_on = optional_day(
        _("应办结日期"), help_text=_("不填的，按紧急程度算：紧急 3、尽快 10、一般 20 个工作日（本系统示例）")
    )
    anyway = forms.BooleanField(label=_("是另一件事，仍要记录"), required=False)

    def __init__(self, *args: Any, found_in: tuple[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found_in = found_in
        if found_in:
            del self.fields["source"]

    def field_at(self, name: str) -> str | None:
        return name if name in self.fields else None

    def arguments(self) -> dict:
        given = dict(self.cleaned_data)
        if self.found_in:
            given["source"], given["source_id"] = self.found_in
        return given


class StepForm(OnceForm):
    NEEDED: ClassVar = {"service": None, "text": None, "done_on": None}

    service = forms.ChoiceField(
        label=_("做了什么"), required=False,
        choices=[("", _("请选择")), *((service.value, service.label) for service in codes.STEPS_BY_HAND)],
    )  # fmt: skip
    text = CleanCharField(label=_("说明"), required=False, widget=GrowingText(), max_length=STEP_LIMIT)
    done_on = optional_day(_("日期"), initial=timezone.localdate)

    def arguments(self) -> dict:
        return self.cleaned_data


class MoveForm(ServiceErrors, forms.Form):
    """A move of a need as its reader saw it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, need: Need, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": need.version} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.need = need

    def arguments(self) -> dict:
        given = dict(self.cleaned_data)
        version = given.pop("version")
        return given | {"seen_version": version if version and 0 < version < 2**31 else 0}


def _reason(label: Any, help_text: Any = "") -> CleanCharField:
    return CleanCharField(
        label=label, required=False, widget=GrowingText({"rows": 2}), max_length=REASON_LONGEST, help_text=help_text
    )


class PlainForm(MoveForm):
    """Of a move that needs nothing more."""


class AssignForm(MoveForm):
    NEEDED: ClassVar = {"owner": None}

    owner: Any = forms.ModelChoiceField(
        Appointment.objects.none(), label=_("承办人"), required=False, empty_label=_("请选择")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = colleagues_of(self.need).exclude(pk=self.need.owner_id)
        self.fields["owner"].label_from_instance = lambda post: post.person.name


class ReasonForm(MoveForm):
    NEEDED: ClassVar = {"reason": None}

    reason = _reason(_("原因"))


class PassUpForm(ReasonForm):
    reason = _reason(_("为什么报上级"), _("本级做了什么、还差什么，上级照此接着办"))


class PassDownForm(MoveForm):
    NEEDED: ClassVar = {"unit": None, "due_on": None, "reason": None}

    unit: Any = forms.ModelChoiceField(OrgUnit.objects.none(), label=_("交给"), required=False, empty_label=_("请选择"))
    due_on = CleanDateField(label=_("应办结日期"), required=False)
    reason = _reason(_("怎么办"), _("要下级做什么，上级能给什么"))

    def __init__(self, *args: Any, need: Need, **kwargs: Any) -> None:
        due_on = due_from(timezone.localdate(), need.urgency)
        super().__init__(*args, need=need, **kwargs)
        self.initial.setdefault("due_on", due_on)
        self.fields["unit"].queryset = OrgUnit.objects.filter(pk__in=[unit.pk for unit in units_below(need)])
        self.fields["unit"].label_from_instance = lambda unit: unit.short_name


class MoveDueForm(MoveForm):
    NEEDED: ClassVar = {"due_on": None, "reason": None}

    due_on = CleanDateField(label=_("改到哪一天"), required=False)
    reason = _reason(_("为什么改期限"))


class SettleForm(MoveForm):
    PARTLY: ClassVar = tuple(outcome.value for outcome in codes.BY_HAND if outcome != codes.Outcome.MET)
    NEEDED: ClassVar = {"outcome": None, "words": Condition("outcome", PARTLY), "satisfaction": None}

    outcome = forms.ChoiceField(
        label=_("结果"), required=False, choices=[(outcome.value, outcome.label) for outcome in codes.BY_HAND],
        widget=Answers(across=2),
    )  # fmt: skip
    words = CleanCharField(
        label=_("结果说明"), required=False, widget=GrowingText({"rows": 2}), max_length=STEP_LIMIT,
        help_text=_("没有全部解决的，写明为什么、还差什么"),
    )  # fmt: skip
    satisfaction = forms.ChoiceField(
        label=_("家庭是否满意"), required=False, choices=codes.Satisfaction, widget=Answers(across=2)
    )


FORMS: dict[str, type[MoveForm]] = {
    "take": PlainForm,
    "pull_up": PlainForm,
    "assign": AssignForm,
    "pass_up": PassUpForm,
    "pass_down": PassDownForm,
    "move_due": MoveDueForm,
    "settle": SettleForm,
    "undo_settle": PlainForm,
    "reopen": ReasonForm,
    "void": ReasonForm,
}
