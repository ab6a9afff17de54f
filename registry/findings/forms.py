"""The decision on a finding."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import CleanCharField, CleanDateField
from childwelfare.pages.forms import Answers, GrowingText, ServiceErrors
from childwelfare.questions.conditions import Condition
from registry.child import codes
from registry.findings.models import Finding, FindingDecision, FindingKind


class DecisionForm(ServiceErrors, forms.Form):
    """What to do about a finding, and why."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        choices=FindingDecision,
        label=_("怎么办"),
        widget=Answers(across=3),
        error_messages={"required": _("请选择怎么办。")},
    )
    reason = CleanCharField(
        label=_("理由"),
        max_length=500,
        widget=GrowingText,
        help_text=_("写看到或查到的事实；会留在这一条的记录里"),
        error_messages={"required": _("请写明理由，以后的人据此了解。")},
    )
    on = CleanDateField(required=False)
    exit_reason = forms.ChoiceField(
        choices=[("", _("请选择")), *codes.ExitReason.choices], required=False, label=_("退出原因")
    )
    difficulty = forms.ChoiceField(
        choices=codes.Difficulty, required=False, label=_("困境类型"), widget=Answers(across=3)
    )
    ask_again_on = CleanDateField(required=False, label=_("到哪天再看"))

    SHOW = {"on": "agree", "exit_reason": "agree", "difficulty": "agree", "ask_again_on": "later"}
    NEEDED: ClassVar = {
        "exit_reason": Condition("decision", (FindingDecision.AGREE,)),
        "difficulty": Condition("decision", (FindingDecision.AGREE,)),
        "ask_again_on": Condition("decision", (FindingDecision.LATER,)),
    }

    def __init__(self, *args, finding: Finding, may_agree: bool = True, **kwargs):
        """``may_agree``: whether agreeing is offered. Who sends it all the same hears from the service why not."""
        super().__init__(*args, **kwargs)
        if not may_agree:
            offered = [each for each in FindingDecision.choices if each[0] != FindingDecision.AGREE]
            self.fields["decision"].widget.choices = offered  # of the field itself it stays one
        kind = finding.kind
        ends = kind in (FindingKind.ENDED, FindingKind.AGE)
        self.fields["on"].label = _("从哪天起结束") if ends else _("从哪天起登记")
        unused = {"exit_reason"} if not ends else set()
        if kind != FindingKind.UNREGISTERED or finding.category != codes.Category.DIFFICULTY:
            unused.add("difficulty")
        if kind == FindingKind.UNCLAIMED:
            unused.add("on")
        for name in unused:
            del self.fields[name]

    def lines(self):
        """(bound field, when it is shown)."""
        for field in self.visible_fields():
            yield field, f"decision={self.SHOW[field.name]}" if field.name in self.SHOW else ""

    def service_arguments(self) -> dict:
        """What ``decide_finding`` takes."""
        data = dict(self.cleaned_data)
        return {"seen_version": data.pop("version"), **data}
