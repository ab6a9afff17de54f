"""The fields for what a director notices that the file says differently: prefilled with what it says now."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import PhoneField
from childwelfare.pages.forms import TRUTH, YES_NO, Answers
from childwelfare.security.sealing import Unsealable
from registry.changes.form_base import open_base, seal_base
from registry.child.fields import display, equal, fields, label_of
from registry.child.form_fields import formfield
from visits.visit.observed_changes import KEY, OBSERVABLE
from visits.visit.services.observed_changes import can_propose, masked_again, shown_again

# beside the blank field of a number that was taken back; the phone's script says it too
KEPT_NUMBER = _("撤回的是 {number}，空着就照它再送；要改就填新的")
# where what is noticed is written into the visit: there is no place in it for a number in full
TOLD_OTHERWISE = _("写进走访记录时打码，全号请另外告诉管理档案的人")


class ObservedFields:
    """Mixed into the visit form. ``about``: (file, post, what the file says), or None where nothing of it may be
    shown: on a phone, whose script fills it in, and for visits from before a move. ``opened_for``: (file, post), where
    a form may come in that was opened while it could be shown: what was noticed in it is read."""

    def add_noticed(self, about, opened_for=None, taken_back=None) -> None:
        """``taken_back``: {name: {base, value}} of what was noticed before, taken back, and is to be sent again
        (``changes_taken_back``)."""
        self.kept = masked_again(taken_back or {})
        self.opened_for = about[:2] if about else opened_for
        self.fields["noticed"] = forms.ChoiceField(
            label=_("地址、电话、照看人、学校、父母去向有变化吗"),
            required=False,
            widget=Answers(across=2),
            choices=[("no", _("没有变化")), ("yes", _("有变化"))],
            help_text=_("有变化的改这里，工作站通过后写进档案"),
        )
        self.fields["base"] = forms.CharField(label=_("变化"), widget=forms.HiddenInput, required=False)
        content = about[2] if about else {}
        file, post = self.opened_for or (None, None)
        note = TOLD_OTHERWISE if file and not can_propose(post, file) else ""
        if about:
            self.initial["base"] = seal_base(*about)
        for name in OBSERVABLE:
            self.fields[KEY.format(name)] = _field(name, content.get(name), self.kept.get(name, ""), note)
            if about and not fields()[name].sealed:
                self.initial[KEY.format(name)] = _shown(content[name])
        if about and taken_back:
            self.initial["noticed"] = "yes"
            self.initial |= {KEY.format(name): _shown(pair["value"]) for name, pair in shown_again(taken_back).items()}

    def clean_base(self):
        """What the file said when the form was opened."""
        if not self.opened_for or self.data.get(self.add_prefix("noticed")) != "yes":
            return {}
        try:
            file, post = self.opened_for
            return open_base(file, post, self.cleaned_data["base"])
        except (Unsealable, ValueError):
            raise ValidationError(_("这一页已失效，请重新打开再填。")) from None

    def changes(self) -> dict[str, dict] | None:
        """{name: {base, value}} of what was altered; a number left blank stays as it is. None where nothing is said of
        what was taken back but its numbers, which go along as they were: ``{}`` would say that nothing changed."""
        data, base = self.cleaned_data, self.cleaned_data.get("base") or {}
        if data.get("noticed") != "yes":
            return None if self.kept and data.get("noticed") != "no" else {}
        values = {name: _read(name, data.get(KEY.format(name))) for name in base}
        altered = {
            name: {"base": base[name], "value": value}
            for name, value in values.items()
            if self._is_altered(name, value, base[name])
        }
        return altered or (None if self.kept else {})

    def _is_altered(self, name: str, value, base) -> bool:
        if fields()[name].sealed and not value:
            return False
        # the file's own number, typed in the place of one that was taken back, says that this one was wrong
        return name in self.kept or not equal(value, base)


def _field(name: str, now, kept: str, note) -> forms.Field:
    """``now``: what the file says; ``kept``: masked, the number that was taken back and goes along; ``note``: what
    becomes of a number, where it does not become a change."""
    declared = fields()[name]
    column = declared.model._meta.get_field(declared.column)
    made: forms.Field
    if declared.column == "phone":
        made = PhoneField(required=False)
        if kept:
            made.widget.attrs["placeholder"] = kept
            made.help_text = KEPT_NUMBER.format(number=kept)
        elif now:
            made.widget.attrs["placeholder"] = display(name, now)
            made.help_text = _("不改就空着")
        if note:
            made.help_text = "；".join(filter(None, [str(made.help_text), str(note)]))
    elif declared.column == "away":
        made = forms.ChoiceField(choices=YES_NO, widget=Answers(across=2))
    else:
        made = formfield(column)
    made.required, made.label = False, label_of(name)
    if isinstance(made.widget, forms.TextInput):
        made.widget.attrs["enterkeyhint"] = "next"
    return made


def _shown(value):
    return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


def _read(name: str, value):
    if fields()[name].column == "away":
        return TRUTH.get(value)
    return value
