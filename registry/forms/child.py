"""The registration form: one theme a step on a phone, one page on a PC. Rules live in ``registry.rules``."""

import uuid

from django import forms
from django.forms.models import fields_for_model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.cleaning import check_name, check_phone, clean_date, clean_digits, clean_text
from childwelfare.forms import Answers, DateInput, IdNumberInput, ManyAnswers, PhoneInput
from orgs.models import OrgUnit
from registry import codes
from registry.idnumber import read_id_number
from registry.models import ChildFile, FamilyMember, Guardian

PARENTS = ("father", "mother")
PARENT_FIELDS = ("name", "life", "situation", "situation_since", "away", "away_at", "away_since", "birth_date")
GUARDIAN_FIELDS = (
    "name", "relation", "birth_date", "health", "capacity", "address",
    "entrusted_from", "entrusted_to", "briefed_on",
)  # fmt: skip
CHILD_FIELDS = (
    "name", "nation", "no_id_reason", "sex", "birth_date", "registration", "registered_at", "address",
    "low_income", "guardianship", "guardianship_kind",
    "schooling", "school", "grade", "boarding", "out_of_school_since", "out_of_school_reason",
    "health", "disability", "disability_grade", "illness", "serious_illness", "insurance", "risk",
)  # fmt: skip
SEALED = ("id_number", "phone")
CHILD_ONLY = (*SEALED, "disability_certificate", "incomes", "flags")

WIDGETS = {
    "risk": Answers(across=4),
    "sex": Answers(across=2),
    "guardianship": Answers(),
    "capacity": Answers(across=4),
    "life": Answers(across=4),
}


def formfield(field, **kwargs):
    """As Django's own, with the house's date and answer widgets and one stored form of every text."""
    made = field.formfield(**kwargs) if field.name not in WIDGETS else field.formfield(widget=WIDGETS[field.name])
    if isinstance(made, forms.DateField):
        made = CleanDateField(label=made.label, required=made.required)
    if isinstance(made, forms.CharField):
        made = CleanCharField(label=made.label, required=made.required, max_length=made.max_length)
    if isinstance(made, forms.NullBooleanField):
        made.widget = forms.NullBooleanSelect()
    return made


class CleanCharField(forms.CharField):
    def to_python(self, value):
        return clean_text(super().to_python(value)) if value else ""


class CleanDateField(forms.DateField):
    """A date in any of the usual writings."""

    widget = DateInput

    def to_python(self, value):
        return clean_date(value)


class NameField(forms.CharField):
    def clean(self, value):
        name = check_name(value) if value or self.required else ""
        self.run_validators(name)
        return name


class PhoneField(forms.CharField):
    widget = PhoneInput

    def clean(self, value):
        return check_phone(value or "")


class IdNumberField(forms.CharField):
    """Blank, or a true number in its stored form."""

    widget = IdNumberInput

    def clean(self, value):
        return read_id_number(value).number if clean_digits(value or "") else ""


def _fields(model, names, prefix=""):
    made = fields_for_model(model, fields=names, formfield_callback=formfield)
    return {f"{prefix}{name}": made[name] for name in names}


class ChildForm(forms.Form):
    """Child, family, guardian and categories of one file; ``service_arguments`` hands them on."""

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
    grounds = CleanCharField(required=False, max_length=200, label=_("依据"), help_text=_("看到或听到的事实"))
    id_number = IdNumberField(required=False, label=_("身份证号"))
    phone = PhoneField(required=False, label=_("家庭联系电话"))
    disability_certificate = CleanCharField(
        required=False, max_length=30, label=_("残疾证号"), widget=forms.TextInput(attrs={"data-secret": ""})
    )
    incomes = forms.MultipleChoiceField(
        choices=codes.Income, widget=ManyAnswers, required=False, label=_("家庭经济来源，可多选")
    )
    flags = forms.MultipleChoiceField(
        choices=codes.Flag,
        widget=ManyAnswers(attrs={"data-secret": ""}),
        required=False,
        label=_("其他情形，可不填"),
        help_text=_("只用于安排帮扶，加密保存，不进名单"),
    )

    STEPS = (
        ("category", _("属于哪一类？"), ("categories", "difficulty", "since", "grounds")),
        ("identity", _("孩子是谁？"), (
            "name", "id_number", "no_id_reason", "birth_date", "sex", "nation", "village", "address",
            "registration", "registered_at",
        )),
        ("guardian", _("谁在照看？"), (
            "guardian_relation", "guardian_name", "guardian_phone", "guardian_birth_date", "guardian_id_number",
            "guardian_health", "guardian_capacity", "guardianship", "guardianship_kind", "risk", "guardian_address",
            "guardian_entrusted_from", "guardian_entrusted_to", "guardian_briefed_on",
        )),
        ("family", _("父母和家庭"), (
            *(f"{parent}_{name}" for parent in PARENTS for name in (*PARENT_FIELDS, "id_number", "phone")),
            "phone", "incomes", "low_income",
        )),
        ("life", _("上学和身体"), (
            "schooling", "school", "grade", "boarding", "out_of_school_since", "out_of_school_reason",
            "health", "disability", "disability_grade", "disability_certificate", "illness", "serious_illness",
            "insurance", "flags",
        )),
    )  # fmt: skip

    def __init__(self, *args, post, file: ChildFile | None = None, **kwargs):
        self.file = file
        super().__init__(*args, initial=_initial(file) | kwargs.pop("initial", {}), **kwargs)
        self.fields |= _fields(ChildFile, CHILD_FIELDS)
        for parent in PARENTS:
            self.fields |= _fields(FamilyMember, PARENT_FIELDS, f"{parent}_")
            self._add_numbers(parent)
        self.fields |= _fields(Guardian, GUARDIAN_FIELDS, "guardian_")
        self._add_numbers("guardian")
        for name in ("name", "father_name", "mother_name", "guardian_name"):
            self.fields[name] = NameField(
                label=self.fields[name].label, required=not name.startswith(PARENTS), max_length=50
            )
        self._label_people()
        for name in (
            "sex",
            "birth_date",
            "risk",
            "father_life",
            "mother_life",
        ):  # completed from the number, or by default
            self.fields[name].required = False
        villages = OrgUnit.objects.visible_to(post, "create_child").filter(level=4).current().in_order()
        self.fields["village"].queryset = villages.with_path()
        if post.unit.level == 4:
            self.fields["village"].initial = post.unit.uid
            self.fields["village"].widget = forms.HiddenInput()
            self.fields["village"].required = True
        else:
            self.fields["village"].label_from_instance = lambda unit: unit.short_name

    def _add_numbers(self, prefix):
        self.fields[f"{prefix}_id_number"] = IdNumberField(required=False, label=_("身份证号"))
        self.fields[f"{prefix}_phone"] = PhoneField(required=False, label=_("电话"))

    def _label_people(self):
        whose = {"father": _("父亲"), "mother": _("母亲")}
        for prefix, who in whose.items():
            for name in (*PARENT_FIELDS, "id_number", "phone"):
                field = self.fields[f"{prefix}_{name}"]
                field.label = f"{who}{'' if name == 'name' else ' '}{field.label}"
        self.fields["guardian_name"].label = _("照看人姓名")
        self.fields["guardian_relation"].label = _("是孩子的")
        self.fields["risk"].help_text = _("初步判断；决定多久走访一次")
        self.fields["guardian_phone"].help_text = _("一时问不到可以先空着，走访时再补")

    def steps(self):
        """(key, question, bound fields) of each step."""
        return [(key, title, [self[name] for name in names]) for key, title, names in self.STEPS]

    def service_arguments(self) -> dict:
        """What ``make_file`` and ``complete_file`` take."""
        data = self.cleaned_data
        child = {name: data[name] for name in (*CHILD_FIELDS, *CHILD_ONLY)}
        child["risk"] = child["risk"] or codes.Risk.GENERAL
        since = data["since"] or timezone.localdate()
        return {
            "child": child,
            "categories": {
                code: {"since": since, "difficulty": data["difficulty"], "grounds": data["grounds"]}
                for code in data["categories"]
            },
            "family": [
                {"relation": parent}
                | {name: data[f"{parent}_{name}"] for name in (*PARENT_FIELDS, *SEALED)}
                | {"life": data[f"{parent}_life"] or codes.Life.UNKNOWN}
                for parent in PARENTS
                if any(data[f"{parent}_{name}"] for name in (*PARENT_FIELDS, *SEALED))
            ],
            "guardian": {name: data[f"guardian_{name}"] for name in (*GUARDIAN_FIELDS, *SEALED)},
        }

    def take_errors(self, error) -> None:
        """Put the messages of a service at the fields of this form."""
        for name, messages in error.message_dict.items():
            for message in messages:
                self.add_error(name if name in self.fields else None, message)


def _initial(file: ChildFile | None) -> dict:
    if file is None:
        return {"pk": uuid.uuid4(), "father_life": "alive", "mother_life": "alive"}
    memberships = list(file.memberships.filter(until=None))
    initial = {name: getattr(file, name) for name in (*CHILD_FIELDS, *CHILD_ONLY)}
    initial |= {"pk": file.pk, "version": file.version, "village": file.village.uid}
    initial["categories"] = [membership.category for membership in memberships]
    if memberships:
        first = memberships[0]
        initial |= {"since": first.since, "grounds": first.grounds}
        initial["difficulty"] = next((m.difficulty for m in memberships if m.difficulty), "")
    for member in file.family.filter(relation__in=PARENTS):
        initial |= {f"{member.relation}_{name}": getattr(member, name) for name in (*PARENT_FIELDS, *SEALED)}
    if guardian := file.guardians.filter(until=None).first():
        initial |= {f"guardian_{name}": getattr(guardian, name) for name in (*GUARDIAN_FIELDS, *SEALED)}
    return initial
