"""The forms of a mandatory report: raising it in a few taps, and what is done afterwards."""

import uuid
from typing import ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import CleanCharField
from childwelfare.pages.forms import Answers, GrowingText, ManyAnswers, PickSelect, ServiceErrors
from childwelfare.questions.conditions import Condition
from orgs.units.models import Level, OrgUnit
from registry.child.models import ChildFile
from registry.stays.models import Stay
from visits.alerts import codes
from visits.alerts.services.handling import STEP_LIMIT
from visits.alerts.services.raising import CALL_FIELDS, LIMITS
from visits.alerts.services.raising import MISSING as SAID_IF_MISSING

NOT_LISTED, WHO_IS_NOT_LISTED = _("不认识，或不在名单里"), _("名单里没有的，写明是谁")


class MomentInput(forms.DateTimeInput):
    """A day and a time with the browser's own picker."""

    input_type = "datetime-local"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class SituationAnswers(forms.CheckboxSelectMultiple):
    """The nine situations as cards: icon, what is seen, what else it covers."""

    template_name = "visits/alerts/_situations.html"

    def create_option(self, name, value, *args, **kwargs):
        icon, covers = codes.FACES[value]
        return super().create_option(name, value, *args, **kwargs) | {"icon": icon, "covers": covers}


def _text(name: str, label, *, help_text="", long=False) -> CleanCharField:
    field = CleanCharField(label=label, max_length=LIMITS[name], required=False, help_text=help_text)
    field.widget = (GrowingText if long else forms.TextInput)({"maxlength": LIMITS[name], "data-secret": ""})
    return field


def _own_children(post) -> forms.ModelChoiceField:
    files = ChildFile.objects.open_to(post, "view_child").to_visit().order_by("name_order", "pk")
    field = forms.ModelChoiceField(
        label=_("是哪个孩子"), queryset=files, empty_label=NOT_LISTED, required=False, widget=PickSelect
    )
    stays = Stay.objects.in_force().filter(child__in=files.order_by())
    now_at = {stay.child_id: stay.address for stay in stays}  # where to go, not where the file is kept
    field.label_from_instance = lambda file: (  # type: ignore[assignment,method-assign]  # as Django says to
        f"{file.name} {now_at.get(file.pk) or file.address}"
    )
    return field


def _moment(label, *, required=False) -> forms.DateTimeField:
    return forms.DateTimeField(label=label, required=required, initial=timezone.localtime, widget=MomentInput)


class CallForm(ServiceErrors, forms.Form):
    """The call to 110; its receipt may follow."""

    call = forms.ChoiceField(
        label=_("110 打通了吗？"), choices=codes.CALLS, required=False, widget=Answers(across=2),
        help_text=_("没打通也先报告，打通后再补记"),
    )  # fmt: skip
    called_at = _moment(_("报警时间"))
    police_unit = _text("police_unit", _("接警单位"), help_text=_("如 高村派出所，不清楚先空着"))
    police_receipt = _text("police_receipt", _("报警回执号"), help_text=_("还没有的，以后补记"))

    NEEDED: ClassVar[dict[str, Condition | None]] = {"call": None, "called_at": Condition("call", codes.CALLED)}
    MISSING = SAID_IF_MISSING

    def arguments(self) -> dict:
        return {"answers": {name: self.cleaned_data.get(name) for name in CALL_FIELDS}}


def draft_key(child_id: uuid.UUID | None) -> str:
    """Under which what is being written of a report is kept, on the page and the server."""
    return f"alert-{child_id or 'new'}"


class AlertForm(CallForm):
    """``child`` is fixed where the form was opened from a child."""

    pk = forms.UUIDField(widget=forms.HiddenInput, required=False)
    child = forms.UUIDField(widget=forms.HiddenInput, required=False)
    situations = forms.MultipleChoiceField(
        label=_("看到了什么？"), choices=codes.Situation, required=False, widget=SituationAnswers
    )
    child_words = _text("child_words", _("是哪个孩子"), help_text=_("姓名、性别、大约几岁；不认识的写特征"))
    village = forms.ModelChoiceField(
        label=_("孩子现在在哪个村（居）"), queryset=OrgUnit.objects.none(), to_field_name="uid", required=False,
        widget=PickSelect,
    )  # fmt: skip
    where = _text("where", _("具体地点"), help_text=_("如 村东桥头、三组 5 号"))
    seen = _text("seen", _("经过"), help_text=_("谁、什么时候、伤在哪里、现在怎样，可以以后补充"), long=True)
    found_at = _moment(_("发现时间"))
    told_by = _text("told_by", _("别人告诉的：是谁，怎么联系"), help_text=_("系统为报告人保密，办结前要答复他"))

    NEEDED = CallForm.NEEDED | {"situations": None, "child_words": Condition("child", ("",)), "village": None}
    ABOUT = ("child_words", "village", "where", "seen", "found_at", "told_by")

    def __init__(self, *args, post, child=None, **kwargs):
        super().__init__(*args, initial={"pk": uuid.uuid4(), "child": child and child.pk}, **kwargs)
        in_village = post is None or post.unit.level == Level.VILLAGE
        if post and in_village and not child:
            self.fields["child"] = _own_children(post)
            self.fields["child_words"].label = WHO_IS_NOT_LISTED
        if in_village or child:
            del self.fields["village"]
        else:
            villages = OrgUnit.objects.visible_to(post, "raise_alert").current().filter(level=Level.VILLAGE)
            self.fields["village"].queryset = villages.with_path().order_by("township__code", "code", "pk")
            self.fields["village"].label_from_instance = lambda village: village.path_label
        if child:
            del self.fields["child_words"]

    @classmethod
    def blank(cls):
        """A director's form without a day or a name in it: phones keep it and put their children in."""
        form = cls(post=None)
        form.fields["child"] = forms.ChoiceField(
            label=_("是哪个孩子"), choices=[("", NOT_LISTED)], required=False, widget=PickSelect
        )
        form.fields["child_words"].label = WHO_IS_NOT_LISTED
        for name in ("called_at", "found_at"):
            form.fields[name].initial = None
        form.initial.clear()
        return form

    def about(self):
        """The bound fields that may wait."""
        return [self[name] for name in self.ABOUT if name in self.fields]

    def arguments(self) -> dict:
        data = self.cleaned_data
        names = (*CALL_FIELDS, "child", "situations", "child_words", "where", "seen", "found_at", "told_by")
        village = data.get("village")
        answers = {name: data.get(name) for name in names} | {"village": village and village.uid}
        answers["child"] = getattr(data["child"], "pk", data["child"])
        return {"answers": answers, "pk": data["pk"]}


class SituationsForm(ServiceErrors, forms.Form):
    """Which situation it is, of a report that an assessment opened."""

    NEEDED: ClassVar = {"situations": None}
    MISSING = SAID_IF_MISSING

    situations = forms.MultipleChoiceField(
        label=_("看到了什么？"), choices=codes.Situation, required=False, widget=SituationAnswers
    )

    def arguments(self) -> dict:
        return self.cleaned_data


class StepForm(ServiceErrors, forms.Form):
    pk = forms.UUIDField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=_("做了什么"), choices=(), required=False, widget=Answers(across=2))
    organ = forms.ChoiceField(
        label=_("移交、通报给"), choices=[("", _("请选择")), *codes.Organ.choices], required=False
    )
    text = CleanCharField(
        label=_("说明"), max_length=STEP_LIMIT, required=False, widget=GrowingText({"data-secret": ""}),
        help_text=_("谁做的、见到谁、结果怎样"),
    )  # fmt: skip
    done_at = _moment(_("时间"))

    NEEDED: ClassVar = {"kind": None, "organ": Condition("kind", (codes.StepKind.HANDED_OVER,)), "text": None}

    def __init__(self, *args, all_kinds: bool, **kwargs):
        super().__init__(*args, initial={"pk": uuid.uuid4()}, **kwargs)
        kinds = codes.BY_HAND if all_kinds else (codes.StepKind.NEWS,)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]
        if not all_kinds:
            self.initial["kind"] = codes.StepKind.NEWS
            del self.fields["organ"]

    def arguments(self) -> dict:
        return self.cleaned_data


class CloseForm(ServiceErrors, forms.Form):
    IF_GUARDED: ClassVar = Condition("outcome", tuple(codes.GROUNDS))
    NEEDED: ClassVar = {"outcome": None, "grounds": IF_GUARDED, "placement": IF_GUARDED, "text": None}

    outcome = forms.ChoiceField(label=_("结果"), choices=codes.Outcome, required=False, widget=Answers(across=2))
    grounds = forms.MultipleChoiceField(
        label=_("法定情形"), choices=codes.GROUND_CHOICES, required=False, widget=ManyAnswers,
        help_text=_("未成年人保护法第九十二条（临时监护）、第九十四条（长期监护）"),
    )  # fmt: skip
    placement = forms.ChoiceField(
        label=_("安置在哪里"), choices=codes.Placement, required=False, widget=Answers(across=2)
    )
    text = CleanCharField(
        label=_("办结说明"), max_length=STEP_LIMIT, required=False, widget=GrowingText({"data-secret": ""}),
        help_text=_("查明了什么、怎样处理、以后谁照护；不属实的写明依据"),
    )  # fmt: skip

    def arguments(self) -> dict:
        return self.cleaned_data


class ReopenForm(ServiceErrors, forms.Form):
    NEEDED: ClassVar = {"text": None}

    text = CleanCharField(
        label=_("有什么新情况"), max_length=STEP_LIMIT, required=False, widget=GrowingText({"data-secret": ""})
    )

    def arguments(self) -> dict:
        return self.cleaned_data


class UndoForm(ReopenForm):
    """That the closing was a mistake."""

    text = CleanCharField(
        label=_("为什么撤销"), max_length=STEP_LIMIT, required=False, widget=GrowingText({"data-secret": ""}),
        help_text=_("如办错了报告、结果选错了；留在经过里"),
    )  # fmt: skip
