"""The registration form: one theme a step on a phone, one page on a PC. Rules live in ``registry.child.validation``."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import CleanCharField, CleanDateField
from childwelfare.pages.forms import Answers, ManyAnswers, PickSelect, ServiceErrors
from childwelfare.pages.needed import clear_needed, mark_needed
from childwelfare.questions.conditions import Condition
from orgs.units.models import Level, OrgUnit
from registry.child import codes
from registry.child.field_entry import GRANDPARENTS, Kind
from registry.child.fields import RELATIVES, Field, columns_of, content_of, masked_value, whose
from registry.child.fields import fields as content_fields
from registry.child.form_fields import field_of_form
from registry.child.form_steps import STEPS
from registry.child.id_number import read_id_number
from registry.child.models import ChildFile
from registry.child.regions import counties_of, doubt_about
from registry.child.validation import NO_CATEGORY, NO_DIFFICULTY
from registry.quality import RuleKind, case_of, rules_to_tell

ERASE = "erase_{}"  # the tick beside a number that is held already


class ChildForm(ServiceErrors, forms.Form):
    """Child, family, guardian and categories of one file; ``service_arguments`` hands them on. ``unfinished``: it is
    put by as a draft, and only who it is of is demanded."""

    ALWAYS_NEEDED = ("name", "village")

    pk = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    village = forms.ModelChoiceField(
        OrgUnit.objects.none(),
        to_field_name="uid",
        label=_("现住在"),
        error_messages={"invalid_choice": _("这个村（居）不在您的工作范围，请重新选择。")},
    )
    categories = forms.MultipleChoiceField(
        choices=codes.Category, widget=ManyAnswers, required=False, label=_("属于哪一类，可多选")
    )
    difficulty = forms.ChoiceField(
        choices=codes.Difficulty, widget=Answers, required=False, label=_("困境类型（选了困境儿童时填）")
    )
    since = CleanDateField(required=False, label=_("从何时起"), help_text=_("不清楚就空着，按今天算"))
    grounds = CleanCharField(
        required=False, max_length=codes.GROUNDS_LONGEST, label=_("依据"), help_text=_("看到或听到的事实")
    )

    # of registry.child.form_steps; a form that asks something else has its own
    STEPS: tuple = STEPS

    def __init__(
        self,
        *args,
        post,
        file: ChildFile | None = None,
        sibling: ChildFile | None = None,
        unfinished: bool = False,
        **kwargs,
    ):
        self.file, self.sibling = file, sibling
        initial = _initial(file) | (_family_content(sibling) if sibling else {}) | kwargs.pop("initial", {})
        super().__init__(*args, initial=initial, **kwargs)
        self.fields |= {name: field_of_form(field) for name, field in content_fields().items()}
        self._label_people()
        self._mark_category()
        self._offer_villages(post)
        self.held: dict[str, str] = {}
        lender = file or sibling
        if lender:
            self._hide_numbers(lender)
        if unfinished and self.is_bound:
            self._take_blanks()

    def _take_blanks(self):
        """The server takes what is blank; shown again the form marks it all the same, for it may be sent then."""
        for name in self.fields.keys() - self.ALWAYS_NEEDED:
            made = self.fields[name]
            if made.required:
                mark_needed(made)
                made.required = False

    def _hide_numbers(self, lender: ChildFile):
        """The numbers that ``lender`` holds are masked, each with the recorded way to see it. Left blank they stay as
        they are, for nobody sees what a blank would erase; a tick beside each erases it."""
        for name, field in content_fields().items():
            number = self.initial.get(name) if field.sealed else None
            if not number:
                continue
            self.held[name] = number
            self.initial[name] = ""
            made, shown = self.fields[name], masked_value(field, number)
            made.widget.attrs["placeholder"] = shown
            clear_needed(made)  # blank it stays as it is
            if self._says_what_the_number_says(name, number):
                made.widget.attrs["data-held"] = ERASE.format(name)
            made.help_text = number_on_file(lender, field, shown)
            label = format_lazy(_("清空{label}"), label=made.label)
            self.fields[ERASE.format(name)] = forms.BooleanField(required=False, label=label)

    def _says_what_the_number_says(self, name: str, number: str) -> bool:
        """Whether the birth date and sex beside a number are those that it tells: then nobody is asked for them."""
        if not name.endswith("id_number"):
            return False
        try:
            told = read_id_number(number)
        except ValidationError:  # of before the check
            return False
        whose = name.removesuffix("id_number")
        beside = (self.initial.get(f"{whose}birth_date"), self.initial.get(f"{whose}sex", told.sex))
        return beside == (told.birth_date, told.sex)

    def _is_kept(self, data: dict, name: str) -> bool:
        """Whether the number on file stays: nothing was typed and nothing erased."""
        return name in self.held and not data.get(name) and not data.get(ERASE.format(name))

    def _refuse_number_and_erasing(self, data: dict):
        for name in self.held:
            if data.get(ERASE.format(name)) and data.get(name):
                self.add_error(name, _("填了新号码，又勾选了清空。请只留一样。"))

    def _mark_category(self):
        mark_needed(self.fields["categories"], NO_CATEGORY)
        if_difficulty = Condition("categories", (codes.Category.DIFFICULTY,))
        mark_needed(self.fields["difficulty"], NO_DIFFICULTY, rule=if_difficulty.text())

    def _offer_villages(self, post):
        """A director's own without asking; others choose among those below them."""
        field = self.fields["village"]
        villages = OrgUnit.objects.visible_to(post, "create_child").filter(level=Level.VILLAGE).current().in_order()
        field.queryset = villages.with_path()
        if post.unit.level == Level.VILLAGE:
            field.initial = post.unit.uid
            field.widget = forms.HiddenInput()
            field.required = True
        else:
            field.label_from_instance = lambda unit: unit.short_name
            field.widget = PickSelect(choices=field.choices)

    def _label_people(self):
        for name, field in content_fields().items():
            if field.holder in RELATIVES:
                between = "" if field.column == "name" else " "
                self.fields[name].label = f"{whose(field.holder)}{between}{self.fields[name].label}"
        for person in RELATIVES:
            self.fields[f"{person}_life"].widget.choices = codes.Life.choices
        for person in GRANDPARENTS:  # of whom nothing is said nothing is kept
            self.fields[f"{person}_life"].initial = ""

    def steps(self):
        """(key, question, groups, state) of each step; a group: {title, fields, open}; the state of an existing
        file's step: {missing, to_check}, as its page has them."""
        states = self._states()
        return [
            (key, question, [self._group(title, names) for title, names in groups], states.get(key))
            for key, question, groups in self.STEPS
        ]

    def step_named_in(self, reason: str) -> str:
        """The key of the step about which ``reason`` speaks: what the file lacks counts, and what fields are called,
        also by the person they are about, the longer words first; else the first step that lacks something."""
        named: dict[str, str] = {}
        lacking: list[str] = []
        for key, _question, groups, state in self.steps():
            asked = [field for group in groups for field in group["fields"]]
            labels = [field.label for field in asked]
            holders = [content_fields()[field.name].holder for field in asked if field.name in content_fields()]
            labels += [whose(holder) for holder in holders if holder != "child"]
            missing = state["missing"] if state else []
            lacking += [key] if missing else []
            for words in map(str, [*missing, *labels]):
                if len(words) > 1 and words in reason:
                    named.setdefault(words, key)
        return named[max(named, key=len)] if named else next(iter(lacking), "")

    def _states(self) -> dict[str, dict]:
        if self.file is None:
            return {}
        states: dict[str, dict[str, list]] = {
            key: {"missing": [], "to_check": []} for key, _question, _groups in self.STEPS if key != "note"
        }
        for rule in rules_to_tell(case_of(self.file)):
            missing = rule.kind == RuleKind.MISSING
            states[rule.step]["missing" if missing else "to_check"].append(rule.label if missing else rule)
        return states

    def _group(self, title, names) -> dict:
        names = [part for name in names for part in (name, ERASE.format(name))]
        found = [self[name] for name in names if name in self.fields]
        return {"title": title, "fields": found, "open": any(map(self._is_open_for, found))}

    def _is_open_for(self, field) -> bool:
        return bool(field.errors) or field.name in self.held or _has_value(field)

    def regions(self):
        """What the list of counties offers: those of the province."""
        return counties_of("41")

    def doubts(self) -> list[str]:
        """What is to be looked at again in the ID numbers that were typed: never a reason to refuse them."""
        numbers = [name for name, field in content_fields().items() if field.kind == Kind.ID_NUMBER]
        found = [(name, doubt_about(self.cleaned_data.get(name) or "")) for name in numbers]
        return [f"{self.fields[name].label}：{doubt}" for name, doubt in found if doubt]

    def clean(self):
        data = super().clean() or {}
        self._refuse_number_and_erasing(data)
        data |= {name: number for name, number in self.held.items() if name in data and self._is_kept(data, name)}
        return data

    def service_arguments(self) -> dict:
        """What ``make_file`` and ``complete_file`` take."""
        data = self.cleaned_data
        child = {name: data[name] for name in columns_of("child")}
        child["risk"] = child["risk"] or codes.UNASSESSED
        since = data["since"] or timezone.localdate()
        categories = {
            code: {"since": since, "difficulty": data["difficulty"], "grounds": data["grounds"]}
            for code in data["categories"]
        }
        people = [self._person(relation, data) for relation in RELATIVES]
        return {
            "child": child,
            "categories": categories,
            "family": [person for person in people if person is not None],
            "guardian": {name: data[f"guardian_{name}"] for name in columns_of("guardian")},
        }

    @staticmethod
    def _person(relation: str, data: dict) -> dict | None:
        """The columns of a family member of whom anything is known."""
        person = {name: data[f"{relation}_{name}"] for name in columns_of(relation)}
        if not any(value for name, value in person.items() if (name, value) != ("life", codes.Life.UNKNOWN)):
            return None
        return {"relation": relation} | person | {"life": person["life"] or codes.Life.UNKNOWN}


def number_on_file(file: ChildFile, field: Field, shown: str):
    """Beside the field of a number: the masked one with the click that shows it and is recorded."""
    named = field.column if field.holder == "child" else f"{field.holder}.{field.column}"
    context = {"text": shown, "url": reverse("child-reveal", args=[file.pk]), "field": named}
    masked = render_to_string("components/_masked.html", context)
    return format_html("{} {}", masked, _("不改就空着；要去掉就勾选“清空”"))


def _has_value(field) -> bool:
    """Whether something is known already, so that its group stands open."""
    return field.value() not in (None, "", [], "unknown", False)


def _family_content(sibling: ChildFile) -> dict:
    """What a brother's or sister's file fills in: parents, grandparents, guardian, household, address."""
    content = content_of(sibling)
    return {name: content[name] for name, field in content_fields().items() if field.family_wide}


def _initial(file: ChildFile | None) -> dict:
    if file is None:
        return {"pk": uuid.uuid4(), "father_life": "alive", "mother_life": "alive"}
    content = content_of(file)
    initial = {name: content[name] for name in content_fields()}
    initial |= {"pk": file.pk, "version": file.version, "village": file.village.uid}
    memberships = list(file.memberships.filter(until=None))
    initial["categories"] = [membership.category for membership in memberships]
    if memberships:
        first = memberships[0]
        initial |= {"since": first.since, "grounds": first.grounds}
        initial["difficulty"] = next((m.difficulty for m in memberships if m.difficulty), "")
    return initial
