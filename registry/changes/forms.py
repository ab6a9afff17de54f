"""The form of an approved file: what is altered in it becomes a change under review, the rest is left alone."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import CleanCharField, CleanDateField
from childwelfare.pages.forms import Answers, DateInput, ManyAnswers, ServiceErrors
from childwelfare.pages.needed import clear_needed, mark_needed, needed_of
from childwelfare.questions.conditions import ANSWERED, Condition
from childwelfare.security.sealing import Unsealable
from childwelfare.workflow.refusals import messages_by_field
from registry.changes.diff import lines_of
from registry.changes.form_base import open_base, seal_base
from registry.changes.models import ChangeField, Verdict
from registry.child import codes
from registry.child.fields import content_of, display, equal, fields, is_category, to_json
from registry.child.forms import ERASE, ChildForm
from registry.child.models import ChildFile
from registry.child.parse import read_value
from registry.child.validation import closing_by_age

OUT_OF_DATE = _("这一页已失效，请重新打开档案再改。")
NO_END = _("请填写退出的日期和原因。")


class ChangeForm(ChildForm):
    """``changes`` gives {name: {base, value}} of what the editor altered; ``base`` is what stood on the screen when
    the form was opened, sealed into the page, so that a field that somebody else changed meanwhile is not undone."""

    base = forms.CharField(widget=forms.HiddenInput)
    note = CleanCharField(required=False, max_length=200, label=_("为什么改"), help_text=_("看到或听到的事实"))
    ending = forms.MultipleChoiceField(required=False, widget=ManyAnswers, label=_("不再属于哪一类"))
    end_on = CleanDateField(required=False, label=_("从哪天起不再属于"))
    end_reason = forms.ChoiceField(choices=[("", "—"), *codes.ExitReason.choices], required=False, label=_("退出原因"))
    also = forms.MultipleChoiceField(
        required=False,
        widget=ManyAnswers,
        label=_("父母、照看人和家庭的变更，同样用于兄弟姐妹的档案"),
        help_text=_("每份档案各提一份变更，分别审核"),
    )

    STEPS = (
        ("note", _("为什么改？"), (("", ("note", "also")),)),
        *ChildForm.STEPS[1:],
        ("category", _("类别有变化吗？"), (
            (_("新增类别"), ("categories", "difficulty", "since", "grounds")),
            (_("退出类别"), ("ending", "end_on", "end_reason")),
        )),
    )  # fmt: skip

    def __init__(self, *args, post, file: ChildFile, siblings=(), **kwargs):
        self.now = content_of(file)
        super().__init__(*args, post=post, file=file, **kwargs)
        self.initial.update(pk=uuid.uuid4(), base=seal_base(file, post, self.now))
        self.initial.update(categories=[], since=None, grounds="", difficulty="")
        self.post = post
        del self.fields["village"]
        held = {code for code in codes.Category.values if self.now[f"category_{code}"]}
        self.fields["categories"].choices = [c for c in codes.Category.choices if c[0] not in held]
        self.fields["categories"].label = _("新增哪一类")
        self.fields["ending"].choices = [c for c in codes.Category.choices if c[0] in held]
        self.fields["also"].choices = [(str(s.pk), f"{s.name} {s.village.short_name}") for s in siblings]
        if not siblings:
            del self.fields["also"]
        if_ending = Condition("ending", (ANSWERED,)).text()
        for name in ("end_on", "end_reason"):
            mark_needed(self.fields[name], NO_END, rule=if_ending)

    def _mark_category(self):
        super()._mark_category()
        clear_needed(self.fields["categories"])  # a change may add none

    def clean(self):
        data = forms.Form.clean(self)
        if data.get("ending") and not (data.get("end_on") and data.get("end_reason")):
            self.add_error("end_on" if not data.get("end_on") else "end_reason", NO_END)
        try:
            self.seen = open_base(self.file, self.post, data.get("base", ""))
        except (Unsealable, ValueError):
            self.add_error(None, OUT_OF_DATE)
        self._refuse_number_and_erasing(data)
        return data

    def doubts(self) -> list[str]:
        """And what follows from a birth date by which the child is of age."""
        born = self.cleaned_data.get("birth_date")
        by_age = closing_by_age(born, begun_on=self.file.begun_on, on=timezone.localdate())
        return [*super().doubts(), *([by_age] if by_age and "birth_date" in self.changes() else [])]

    def changes(self) -> dict[str, dict]:
        """{name: {base, value}} of the fields that differ from what the editor saw; one that was emptied has a blank
        value."""
        data, altered = self.cleaned_data, {}
        for name, field in fields().items():
            value = data.get(name)
            is_untouched = field.sealed and not value and not data.get(ERASE.format(name))
            if name not in data or is_untouched or equal(value, self.seen.get(name)):
                continue
            if field.holder != "child" and field.column == "life" and not value and not self.seen.get(name):
                continue
            altered[name] = {"base": self.seen.get(name), "value": value}
        return altered | self._categories(data)

    def _categories(self, data) -> dict[str, dict]:
        altered = {}
        for code in data.get("categories", []):
            value = {
                "since": data["since"] or timezone.localdate(),
                "grounds": data["grounds"],
                "difficulty": data["difficulty"] if code == codes.Category.DIFFICULTY else "",
            }
            altered[f"category_{code}"] = {"base": None, "value": value}
        for code in data.get("ending", []):
            held = self.seen.get(f"category_{code}") or {}
            value = read_value(f"category_{code}", held | {"until": data["end_on"], "exit_reason": data["end_reason"]})
            altered[f"category_{code}"] = {"base": held, "value": value}
        return altered

    def take_errors(self, error) -> None:
        """A category's message stands at the question that it answers."""
        messages: dict = {}
        for name, found in messages_by_field(error).items():
            if is_category(name):
                name = "end_on" if name[9:] in self.cleaned_data.get("ending", []) else "categories"
            messages.setdefault(name, []).extend(found)
        super().take_errors(ValidationError(messages))


class AmendForm(ServiceErrors, forms.Form):
    """The returned fields of one change, to be corrected and sent again.

    ``base`` is what stood on the page beside them, sealed into it. ``is_outdated``: what was sent corrects fields that
    are not returned any more; then it holds those as well, for ``typed`` to show.
    """

    base = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, change, post, **kwargs):
        super().__init__(*args, **kwargs)
        self.file, self.post = change.child, post
        self.initial["base"] = seal_base(change.child, post, content_of(change.child))
        self.seen: dict = {}
        whole = ChildForm(post=post, file=change.child)
        self.typed_before: dict[str, str] = {}
        self.returned = [f for f in change.fields.all() if f.verdict == Verdict.RETURNED]
        self.is_outdated = False
        for field in change.fields.all():
            inputs = list(_inputs(field, whole))
            is_asked = field.verdict == Verdict.RETURNED
            is_sent = self.is_bound and any(name in self.data for name, _made, _value in inputs)
            self.is_outdated = self.is_outdated or (is_sent and not is_asked)
            if not is_asked and not is_sent:
                continue
            for name, made, value in inputs:
                self.fields[name], self.initial[name] = made, value
                made.required = made.required and is_asked
                if name in self._numbers(change):
                    self._hide_number(change.child, name, made, value)
        self._open_at_the_fault(change)

    def _open_at_the_fault(self, change) -> None:
        """The caret stands in the first field that came back and of which the remark speaks; with faults the page
        begins with these."""
        if not self.returned or self.is_bound:
            return
        lines = [line for line in lines_of(change, {}) if line.verdict == Verdict.RETURNED]
        fault = next((line.name for line in lines if line.remark), self.returned[0].name)
        asked = next((name for name in self.fields if name == fault or name.startswith(f"{fault}_")), None)
        if asked:
            self.fields[asked].widget.attrs["data-focus"] = ""

    @staticmethod
    def _numbers(change) -> set[str]:
        sealed = {name for name, field in fields().items() if field.sealed}
        return sealed & {field.name for field in change.fields.all()}

    def _hide_number(self, file: ChildFile, name: str, made, value):
        """What was sent before is masked; left blank it is sent again as it was."""
        shown = display(name, value)
        self.initial[name] = ""
        made.widget.attrs["placeholder"] = shown
        clear_needed(made)
        made.help_text = _("已填 %(number)s，不改就空着") % {"number": shown} if shown else ""
        if shown:
            self.typed_before[name] = value

    def clean(self):
        data = super().clean()
        if sealed := data.get("base"):
            try:
                self.seen = open_base(self.file, self.post, sealed)
            except (Unsealable, ValueError):
                self.add_error(None, OUT_OF_DATE)
        return data

    def values(self) -> dict:
        """{name: value} as ``amend_change`` takes it. Raises ValidationError by field."""
        data, values = self.cleaned_data, {}
        for field in self.returned:
            if is_category(field.name):
                given = {part: data.get(f"{field.name}_{part}") for part in ("since", "grounds")}
                if "until" in (field.value or {}):
                    given |= {part: data.get(f"{field.name}_{part}") for part in ("until", "exit_reason")}
                values[field.name] = read_value(field.name, {**(field.value or {}), **given})
            else:
                values[field.name] = data[field.name] or self.typed_before.get(field.name, data[field.name])
        return values

    def base_seen(self) -> dict:
        """{name: what the file said on the page} of the fields that were written anew. Who sends one as it was may have
        passed over what stands beside it: the station looks at both."""
        written, values = [], self.values()
        for field in self.returned:
            if field.name in self.seen and not equal(to_json(values[field.name]), field.value):
                written.append(field.name)
        return {name: self.seen[name] for name in written}

    def field_at(self, name: str) -> str | None:
        return super().field_at(name) or super().field_at(f"{name}_since")


def _inputs(field: ChangeField, whole: ChildForm):
    """(name, form field, value) of the inputs for one returned field."""
    if not is_category(field.name):
        made = whole.fields[field.name]
        if needed := needed_of(made):
            mark_needed(made, needed.missing, rule=needed.rule)
        made.required = False
        yield field.name, made, read_value(field.name, field.value)
        return
    value, label = field.value or {}, codes.Category(field.name[9:]).label
    yield (
        f"{field.name}_since",
        CleanDateField(label=_("%(label)s 起始日期") % {"label": label}, widget=DateInput),
        value.get("since"),
    )
    yield (
        f"{field.name}_grounds",
        CleanCharField(label=_("%(label)s 依据") % {"label": label}, required=False, max_length=codes.GROUNDS_LONGEST),
        value.get("grounds"),
    )
    if value.get("until"):
        yield f"{field.name}_until", CleanDateField(label=_("%(label)s 结束日期") % {"label": label}), value["until"]
        yield (
            f"{field.name}_exit_reason",
            forms.ChoiceField(
                label=_("%(label)s 退出原因") % {"label": label}, choices=codes.ExitReason.choices, widget=Answers
            ),
            value.get("exit_reason"),
        )
