"""How every form is drawn: Django's own renderer, looking first into templates/forms/ and templates/django/forms/."""

import uuid
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import django.forms
from django import forms
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.forms.renderers import DjangoTemplates
from django.template.backends.django import DjangoTemplates as Engine
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.needed import mark_needed
from childwelfare.pages.typed import typed_words
from childwelfare.questions.conditions import Condition
from childwelfare.runtime.database import is_busy
from childwelfare.runtime.file_lock import Busy
from childwelfare.text.pinyin import letters_to_pick_by
from childwelfare.text.words import Words
from childwelfare.workflow.refusals import Refused, SentBefore, Stale, messages_by_field

ROOT = Path(__file__).resolve().parents[2]


BUILT_IN = Path(django.forms.__file__).resolve().parent / "templates"


YES_NO = [("yes", _("是")), ("no", _("否"))]
TRUTH = {"yes": True, "no": False}
BUSY = _("现在正忙，这次没有存上，填的内容都还在。请再提交一次。")


class Renderer(DjangoTemplates):
    """FORM_RENDERER of the project. ``{{ form }}`` and ``{{ field.as_field_group }}`` look as the project's do."""

    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "forms/field.html"

    @cached_property
    def engine(self):
        return Engine({"APP_DIRS": True, "DIRS": [ROOT / "templates", BUILT_IN], "NAME": "djangoforms", "OPTIONS": {}})


class ServiceErrors:
    """A form that puts a service's messages at its fields; ``field_at`` says where one stands. ``stale``: somebody else
    moved the record first. ``one_at_a_time``: what it makes can't be made again while the first is open.

    ``NEEDED``: what the service demands though the field takes it blank: the answer on which alone it does, None for
    always. ``MISSING``: what is said where it is missing, if that is more than the label."""

    data: Any
    fields: dict[str, forms.Field]
    stale = False
    one_at_a_time = False
    NEEDED: ClassVar[Mapping[str, Condition | None]] = {}
    MISSING: ClassVar[Mapping[str, Words]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, condition in self.NEEDED.items():
            if name in self.fields:
                mark_needed(self.fields[name], self.MISSING.get(name, ""), rule=condition.text() if condition else "")

    def attempt(self, service, /, *args, **kwargs):
        """What ``service`` gives, or None: its refusals become messages of the form, and what was typed stays."""
        self.stale = False
        try:
            return service(*args, **kwargs)
        except ValidationError as error:
            self.take_errors(error)
        except Refused as refusal:
            self.stale = isinstance(refusal, Stale)
            if isinstance(refusal, SentBefore):
                self.take_sent_before(refusal)
            else:
                self.add_error(None, str(refusal))
        except (OperationalError, Busy) as error:
            if not is_busy(error):
                raise
            self.stale = True
            self.add_error(None, BUSY)
        return None

    def take_sent_before(self, refusal: SentBefore) -> None:
        """Say that the first sending was saved and this one was not; shown again the form makes another record."""
        self.stale = True
        self.add_error(None, refusal.page_words(another=not self.one_at_a_time))
        self.take_new_key()

    def take_new_key(self) -> None:
        """The form as it is shown again makes another record: whoever has read that the first was saved may want it."""
        self.data = self.data.copy()
        self.data[self.add_prefix("pk")] = str(uuid.uuid4())

    def take_errors(self, error) -> None:
        for name, messages in messages_by_field(error).items():
            self.add_error(self.field_at(name), messages)

    def field_at(self, name: str) -> str | None:
        """The field for a message about ``name``; None: above the form."""
        return name if name in self.fields else None

    @property
    def typed(self) -> list[tuple[Words, str]]:
        """(label, words) of what was filled in: ``components/_typed.html`` shows it where the form can't be sent any
        more, so that it may be read and copied."""
        return typed_words(self)


class Answers(forms.RadioSelect):
    """Radios as big answers. ``last`` says what was answered last time, in words; nothing is chosen by it."""

    template_name = "forms/answers.html"

    def __init__(self, attrs=None, choices=(), *, across: int = 3):
        super().__init__(attrs, choices)
        self.across = across

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["across"] = self.across
        return context

    def optgroups(self, name, value, attrs=None):
        """Without the blank choice: an unanswered question shows no answer at all."""
        return [group for group in super().optgroups(name, value, attrs) if group[1][0]["value"] != ""]


class ManyAnswers(forms.CheckboxSelectMultiple):
    """Checkboxes as big answers, as many in a row as fit."""

    template_name = "forms/answers.html"

    def get_context(self, name, value, attrs):
        return super().get_context(name, value, attrs) | {"across": "auto", "many": True}


class PickSelect(forms.Select):
    """A long list; the script puts a filter on top of it that narrows it by characters or pinyin letters."""

    def __init__(self, attrs=None, choices=()):
        super().__init__({"data-pick": _("筛选（汉字或拼音字母）"), **(attrs or {})}, choices)

    def create_option(self, name, value, label, *args, **kwargs):
        option = super().create_option(name, value, label, *args, **kwargs)
        if value:
            option["attrs"]["data-letters"] = letters_to_pick_by(str(label))
        return option


class IdNumberInput(forms.TextInput):
    """Eighteen digits in groups of 6-8-4; the script checks GB 11643 and shows birth date and sex as read."""

    def __init__(self, attrs=None):
        super().__init__(
            {
                "inputmode": "text",
                "autocomplete": "off",
                "maxlength": "24",
                "data-id-number": "",
                **(attrs or {}),
            }
        )
        self.attrs.setdefault("class", "input-big w-id")


class PhoneInput(forms.TextInput):
    """A mobile or landline number; the script says by how many digits it is short."""

    input_type = "tel"

    def __init__(self, attrs=None):
        super().__init__({"inputmode": "tel", "autocomplete": "off", "data-phone": "", **(attrs or {})})
        self.attrs.setdefault("class", "w-name")


class DateInput(forms.DateInput):
    """A date with the browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__({"class": "w-date", **(attrs or {})}, format="%Y-%m-%d")


class GrowingText(forms.Textarea):
    """A text that grows with what is written."""

    def __init__(self, attrs=None):
        super().__init__({"rows": 3, "data-grow": "", **(attrs or {})})


class OnceForm(ServiceErrors, forms.Form):
    """``pk`` makes a second sending the same record."""

    pk = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, initial=None, **kwargs):
        super().__init__(*args, initial={"pk": uuid.uuid4()} | (initial or {}), **kwargs)

    def answers(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "pk"}

    def arguments(self) -> dict:
        return {"answers": self.answers(), "pk": self.cleaned_data["pk"]}
