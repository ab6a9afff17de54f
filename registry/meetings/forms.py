"""The form of a meeting, and one small form for each need that lies on its table. The rules are in the services."""

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import CleanCharField, CleanDateField, optional_day
from childwelfare.pages.forms import GrowingText, OnceForm, ServiceErrors
from childwelfare.text.days import short_day
from childwelfare.workflow.transitions import seen_version
from orgs.units.models import OrgUnit
from registry.meetings.models import Decision
from registry.meetings.services import ITEM_LIMIT, LIMITS, MISSING, Decided
from registry.needs import codes
from registry.needs.models import Need
from registry.needs.services.handling import LastDay
from registry.needs.tiers import units_below

NOT_TALKED_OF = ("", _("没有讨论"))


class MeetingForm(OnceForm):
    NEEDED: ClassVar = {"held_on": None, "chair": None, "present": None, "text": None}
    MISSING: ClassVar = MISSING

    held_on = optional_day(_("会商日期"), initial=timezone.localdate)
    place = CleanCharField(label=_("地点"), required=False, max_length=LIMITS["place"])
    chair = CleanCharField(label=_("主持人"), required=False, max_length=LIMITS["chair"])
    present = CleanCharField(
        label=_("参加的人和单位"), required=False, max_length=LIMITS["present"], widget=GrowingText({"rows": 2}),
        help_text=_("如 派出所李刚、中心校王老师、儿童福利主任王秀兰"),
    )  # fmt: skip
    text = CleanCharField(
        label=_("会商情况"), required=False, max_length=LIMITS["text"], widget=GrowingText(),
        help_text=_("家里的长处和难处，各单位能做什么"),
    )  # fmt: skip

    def __init__(self, *args: Any, items: "list[ItemForm]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(item.is_valid() for item in self.items)])

    def arguments(self) -> dict:
        decided = [item.decided() for item in self.items]
        return super().arguments() | {"items": [each for each in decided if each.decision]}

    def take_errors(self, error: Any) -> None:
        """Those of an item stand in its own form."""
        own = {}
        for name, words in error.message_dict.items():
            __, dot, rest = name.partition("items.")
            if not dot:
                own[name] = words
                continue
            key, __, field = rest.partition(".")
            form = next(item for item in self.items if str(item.need.pk) == key)
            form.add_error(field if field in form.fields else None, words)
        for name, words in own.items():
            self.add_error(self.field_at(name), words)
        if not own:
            self.add_error(None, _("有的需求没有填完整，见下面标红的地方。没有存上，也没有动任何一条需求。"))


def _words_of(need: Need, last_day: LastDay) -> str:
    """What the day of a decision does to the need's own last day, and how far it may go."""
    words = {"due": short_day(need.due_on), "day": short_day(last_day.day)}
    if last_day.is_used_up:
        text = gettext("本级已经延期过一次，不能晚于应办结日期（%(due)s）；还要更久的，定“报上级办理”。")
    elif last_day.is_by_itself:
        text = gettext("晚于应办结日期（%(due)s）的，需求的期限跟着改；本级只能延一次，最晚%(day)s。")
    else:
        text = gettext("晚于应办结日期（%(due)s）的，需求的期限跟着改，最晚%(day)s。")
    return text % words


class ItemForm(ServiceErrors, forms.Form):
    """``need``: with what a row of it shows. Left at 没有讨论, it is no part of the meeting."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)
    decision = forms.ChoiceField(label=_("会上怎么定"), required=False, choices=[NOT_TALKED_OF, *Decision.choices])
    text = CleanCharField(label=_("谁做什么"), required=False, max_length=ITEM_LIMIT, widget=GrowingText({"rows": 2}))
    by_on = CleanDateField(label=_("何时前"), required=False)
    unit: Any = forms.ModelChoiceField(OrgUnit.objects.none(), label=_("交给"), required=False, empty_label=_("请选择"))
    outcome = forms.ChoiceField(
        label=_("结果"), required=False,
        choices=[("", _("请选择")), *((each.value, each.label) for each in codes.BY_HAND)],
    )  # fmt: skip
    satisfaction = forms.ChoiceField(
        label=_("家庭是否满意"), required=False, choices=[("", _("请选择")), *codes.Satisfaction.choices]
    )

    def __init__(self, *args: Any, need: Need, last_day: LastDay, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"n-{need.pk}", **kwargs)
        self.need = need
        self.fields["by_on"].help_text = _words_of(need, last_day)
        self.initial = {"version": str(need.version), "by_on": need.due_on, **self.initial}
        below = {unit.pk: unit for unit in units_below(need)}
        self.fields["unit"].queryset = OrgUnit.objects.filter(pk__in=below)
        # known already: no query a row
        self.fields["unit"].choices = [
            ("", _("请选择")), *((str(unit.pk), unit.short_name) for unit in reversed(below.values()))
        ]  # fmt: skip

    def decided(self) -> Decided:
        given = self.cleaned_data
        version = seen_version(given.pop("version"))
        return Decided(need=self.need, seen_version=version, **given)
