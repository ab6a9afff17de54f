"""What is asked when a whole file is closed or reopened. The rules are in the services."""

from typing import ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import CleanCharField, CleanDateField
from childwelfare.pages.forms import Answers, GrowingText, ManyAnswers, ServiceErrors
from childwelfare.questions.conditions import Condition
from registry.child import codes
from registry.child.models import ChildFile, FileState
from registry.closing.services import ANOTHER_TYPE, CLOSE_REASONS, NOT_HELD_BEFORE, may_be_given_back


class ActForm(ServiceErrors, forms.Form):
    """One act on one file, or on one stay (``file``), as it stood on the screen."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, file, **kwargs):
        super().__init__(*args, initial={"version": file.version}, **kwargs)
        self.file = file

    @property
    def is_over(self) -> bool:
        """Whether it was refused for what somebody did first, and is refused each time it is sent again: the record has
        moved on from the version that the form was opened with. Asks the database of a refused form alone."""
        if not self.stale:
            return False
        as_seen = type(self.file)._base_manager.filter(pk=self.file.pk, version=self.cleaned_data.get("version") or 0)
        return not as_seen.exists()

    def arguments(self) -> dict:
        """For the service."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class CloseForm(ActForm):
    DATED: ClassVar = tuple(code for code, _label in CLOSE_REASONS if code != codes.ExitReason.ENTRY_ERROR)
    NEEDED: ClassVar = {
        "on": Condition("reason", DATED),
        "note": Condition("reason", (codes.ExitReason.OTHER,)),
    }

    reason = forms.ChoiceField(
        label=_("结案原因"), choices=CLOSE_REASONS, widget=Answers(), error_messages={"required": _("请选择结案原因。")}
    )
    on = CleanDateField(
        label=_("结案日期"), required=False, help_text=_("从哪一天起不再在册；原因是“录入错误”时可不填，按今天")
    )
    note = CleanCharField(label=_("情况说明"), required=False, max_length=200, widget=GrowingText())


class ReopenForm(ActForm):
    NEEDED: ClassVar = {
        "reason": None,
        "categories": None,
        "difficulty": Condition("categories", (codes.Category.DIFFICULTY,)),
    }

    reason = CleanCharField(label=_("为什么重新在册"), required=False, max_length=200, widget=GrowingText())
    categories = forms.MultipleChoiceField(
        label=_("儿童类别"), choices=codes.Category.choices, widget=ManyAnswers(), required=False,
        help_text=_("结案前的类别不会自己恢复，请按现在的情况选择；别的类别，重新在册后再提出变更"),
        error_messages={"invalid_choice": NOT_HELD_BEFORE},
    )  # fmt: skip
    difficulty = forms.ChoiceField(
        label=_("困境类型（选了困境儿童时）"), choices=codes.Difficulty.choices, widget=Answers(), required=False
    )
    since = CleanDateField(label=_("类别起始日期"), required=False, help_text=_("不填按今天"))
    grounds = CleanCharField(label=_("依据"), required=False, max_length=codes.GROUNDS_LONGEST)

    def __init__(self, *args, file: ChildFile, **kwargs):
        super().__init__(*args, file=file, **kwargs)
        self.gives_none_back = False
        if file.state == FileState.CLOSED:  # else a colleague was first: what was chosen is only shown again
            self._offer(may_be_given_back(file, on=timezone.localdate()))

    def _offer(self, held: dict[str, str]) -> None:
        """What the service takes, and nothing else: of ``held``, {category: its type of difficulty, or ""}."""
        labels = dict(codes.Category.choices)
        self.fields["categories"].choices = [(code, labels[code]) for code in held]
        if kind := held.get(codes.Category.DIFFICULTY):
            self._offer_type(codes.Difficulty(kind))
        else:
            del self.fields["difficulty"]
        self.gives_none_back = not held
        if self.gives_none_back:
            for name in ("categories", "since", "grounds"):
                del self.fields[name]

    def _offer_type(self, kind: codes.Difficulty) -> None:
        """The one that the child had, chosen: another type is a change, which another decides."""
        field, said = self.fields["difficulty"], {"label": kind.label}
        field.choices, field.initial = [(kind.value, kind.label)], kind.value
        field.help_text = _("结案前是“%(label)s”；要改的，重新在册后再提出变更") % said
        field.error_messages["invalid_choice"] = ANOTHER_TYPE % said

    def arguments(self) -> dict:
        data = self.cleaned_data
        each = {name: data.get(name) for name in ("since", "grounds")}
        categories = {name: dict(each) for name in data.get("categories", [])}
        if codes.Category.DIFFICULTY in categories:
            categories[codes.Category.DIFFICULTY]["difficulty"] = data.get("difficulty")
        return {"reason": data["reason"], "categories": categories}
