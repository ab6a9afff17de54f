"""The visit form: four steps on a phone, three big answers a question, two where the child was not met; safety is asked
anew every time."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import CleanCharField, CleanDateField
from childwelfare.pages.forms import TRUTH, YES_NO, Answers, DateInput, GrowingText, ManyAnswers, ServiceErrors
from visits.visit import codes
from visits.visit.forms.observed_changes import ObservedFields
from visits.visit.forms.siblings import CARRIED, SiblingForm, name_last, own_fields
from visits.visit.forms.steps import OF_ANY, SAME, STEPS, STEPS_OF_ANY, WHEN_SEEN, Card, Step, rule_of, said_when
from visits.visit.models import Visit
from visits.visit.observed_changes import KEY, OBSERVABLE

CHOICES = {
    "method": (codes.Method, _("怎样走访"), 2),
    "carer": (codes.Carer, _("实际照看人"), 2),
    "care": (codes.Level, _("照看情况"), 3),
    "living": (codes.Level, _("吃穿住用"), 3),
}
TEXTS = {
    "met": (50, _("见到谁"), ""),
    "met_relation": (30, _("是孩子的"), ""),
    "late_reason": (100, _("补录原因"), _("走访超过 3 天才记录时填写")),
    "carer_note": (100, _("照看人说明"), _("与档案不一致时写明是谁")),
    "hazard_note": (200, _("隐患说明"), ""),
    "family_change": (200, _("家里有什么变化"), _("与上次相比：谁外出、谁回来、生病、搬家等")),
    "guardian_words": (200, _("监护人的话"), _("尽量用原话")),
    "needs": (200, _("需要什么帮助"), ""),
    "help_given": (200, _("已提供的帮助和指导"), ""),
    "benefits": (100, _("正在享受的救助"), ""),
}
LONG = {"hazard_note", "family_change", "guardian_words", "needs", "help_given"}
YES_OR_NO = ("seen_alone", "lives_alone")
PLACE = ("latitude", "longitude", "accuracy_m")
ANSWERED = (
    *CHOICES, *TEXTS, "outcome", "attendance", "health", "mood", "whereabouts", "next_step", "visited_on",
    "parent_contact_on", "next_on", "focus",
)  # fmt: skip


class VisitForm(ObservedFields, ServiceErrors, forms.Form):
    """Answers to one visit; ``answers`` hands them on to ``log_visit``, ``ticked`` the lines of the brothers and
    sisters for ``log_family_visit``.

    ``last``: the visit before; ``visit``: one that came back; ``siblings``: [(file, its last visit)] who may be
    ticked; ``about``: as ObservedFields; ``noticing``: ask what changed though nothing is known here.
    """

    pk = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    latitude = forms.DecimalField(widget=forms.HiddenInput, required=False, max_digits=8, decimal_places=5)
    longitude = forms.DecimalField(widget=forms.HiddenInput, required=False, max_digits=8, decimal_places=5)
    accuracy_m = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    visited_on = CleanDateField(label=_("走访日期"))
    together = forms.MultipleChoiceField(
        label=_("一起走访的兄弟姐妹"), required=False, widget=ManyAnswers,
        help_text=_("共同的只填一次，每个孩子各记一条"),
    )  # fmt: skip
    lives_alone = forms.ChoiceField(label=_("孩子单独居住"), choices=YES_NO, required=False, widget=Answers(across=2))
    parent_contact_on = CleanDateField(label=_("父母最近一次联系孩子"), required=False)
    hazard = forms.ChoiceField(
        label=_("安全隐患（水、电、火、路、网、陌生人）"),
        help_text=_("每次都要亲自看，不带入上次答案"),
        choices=[("no", _("没有")), ("yes", _("有"))],
        required=False,
        widget=Answers(across=2),
    )
    hazards = forms.MultipleChoiceField(label=_("有哪些隐患"), choices=codes.Hazard, required=False, widget=ManyAnswers)
    focus = forms.BooleanField(label=_("列为重点关注"), required=False)
    # read by the view; here for what is said about them
    photos = forms.Field(label=_("照片"), required=False, widget=forms.FileInput)

    def __init__(
        self,
        *args,
        last: Visit | None = None,
        visit: Visit | None = None,
        siblings=(),
        about=None,
        noticing=False,
        **kwargs,
    ):
        super().__init__(*args, initial=_initial(visit), **kwargs)
        self.last, self.noticing = last, noticing or about is not None
        for name, (choices, label, across) in CHOICES.items():
            self.fields[name] = forms.ChoiceField(
                label=label, choices=choices.choices, required=False, widget=Answers(across=across)
            )
        for name, (limit, label, help_text) in TEXTS.items():
            self.fields[name] = CleanCharField(label=label, max_length=limit, required=False, help_text=help_text)
            if name in LONG:
                self.fields[name].widget = GrowingText(attrs={"maxlength": limit})
            else:
                self.fields[name].widget.attrs["enterkeyhint"] = "next"
        self.fields |= own_fields()
        self.fields["next_on"].help_text = said_when({WHEN_SEEN: _("不填就按规定的间隔")})
        today = timezone.localdate().isoformat()
        for name in ("visited_on", "parent_contact_on"):
            self.fields[name].widget = DateInput(attrs={"max": today})
        self.add_noticed(about)
        self.siblings = [SiblingForm(self.data or None, child=child, last=before) for child, before in siblings]
        self.fields["together"].choices = [
            (str(line.child.pk), f"{line.child.name}（{line.child.age()}）") for line in self.siblings
        ]
        if last:
            name_last(self, last, CARRIED)

    def steps(self) -> list[Step]:
        """The steps, each with its cards and the lines of brothers and sisters."""
        return [self._step(key, title, names) for key, title, names in STEPS]

    def _step(self, key: str, title: str, names) -> Step:
        cards = []
        for name in names:
            if (name == "together" and not self.siblings) or (name == "noticed" and not self.noticing):
                continue
            cards.append(Card(self[name], self._rule(name)))
            if name == "noticed":
                cards[-1].inside = [Card(self[KEY.format(each)], "noticed=yes") for each in OBSERVABLE]
        lines = [line for line in (sibling.line(key) for sibling in self.siblings) if line]
        return Step(key, title, self._any_seen if key in STEPS_OF_ANY else "", cards, lines, self._same(key))

    @property
    def _any_seen(self) -> str:
        return ",".join([WHEN_SEEN, *(f"{sibling.prefix}-{WHEN_SEEN}" for sibling in self.siblings)])

    def _rule(self, name: str) -> str:
        if name == "next_on":
            return f"{self._any_seen},{rule_of(name)}"
        return self._any_seen if name in OF_ANY else rule_of(name)

    def _same(self, key: str) -> dict:
        """Last time's answers of a step, where all of them are known."""
        names = SAME.get(key, ()) if self.last else ()
        same = {name: getattr(self.last, name) for name in names}
        if not same or not all(same.values()):
            return {}
        for sibling in self.siblings:
            same |= sibling.same(key)
        return same

    def clean(self):
        data = super().clean()
        if data.get("hazard") == "yes" and not data.get("hazards"):
            self.add_error("hazards", _("请选出是哪些隐患。"))
        if data.get("hazard") == "no" and data.get("hazards"):
            self.add_error("hazard", _("上面选了“没有”，下面又选了隐患，请核对。"))
        if not data.get("method"):
            data["method"] = codes.Method.HOME
        if not data.get("outcome") and "outcome" not in self.errors:
            self.add_error("outcome", _("请选择一项。"))
        return data

    def is_valid(self):
        """The lines of the ticked brothers and sisters too."""
        valid = super().is_valid()
        for line in self.ticked:
            if line.is_valid() and not line.cleaned_data.get("outcome"):
                line.add_error("outcome", _("请选择一项。"))
            for name, texts in line.errors.items():
                super().add_error(None, [f"{line.child.name} {line.fields[name].label}：{text}" for text in texts])
        return valid and not self.errors

    @property
    def ticked(self) -> list[SiblingForm]:
        keys = self.cleaned_data.get("together", []) if self.is_bound else []
        return [line for line in self.siblings if str(line.child.pk) in keys]

    @property
    def hazards_looked_at(self) -> bool:
        return self.cleaned_data.get("hazard") in ("yes", "no")

    def answers(self) -> dict:
        """Cleaned fields of Visit."""
        data = self.cleaned_data
        answers = {name: data.get(name) for name in (*ANSWERED, *PLACE)}
        answers |= {name: TRUTH.get(data.get(name)) for name in YES_OR_NO}
        return answers | {"hazards": data.get("hazards", [])}

    def add_error(self, field, error):
        """A message about a brother or sister stands at that child's line."""
        for line in getattr(self, "siblings", []):
            if field and field.startswith(f"{line.prefix}-"):
                line.add_error(field.removeprefix(f"{line.prefix}-"), error)
                field, error = None, [f"{line.child.name}：{text}" for text in ValidationError(error).messages]
        return super().add_error(field, error)

    def field_at(self, name: str) -> str | None:
        for line in self.siblings:
            if name.startswith(f"{line.prefix}-"):
                own = name.removeprefix(f"{line.prefix}-")
                return name if own in line.fields else self.field_at(own)
        return super().field_at("hazard" if name == "hazards" else name)


def _initial(visit: Visit | None) -> dict:
    if visit is None:
        return {
            "pk": uuid.uuid4(),
            "visited_on": timezone.localdate(),
            "method": codes.Method.HOME,
            "outcome": codes.Outcome.SEEN,
        }
    initial = {name: getattr(visit, name) for name in (*ANSWERED, *PLACE)}
    words = {True: "yes", False: "no", None: ""}
    initial |= {name: words[getattr(visit, name)] for name in YES_OR_NO}
    looked = "" if visit.outcome != codes.Outcome.SEEN else "yes" if visit.hazards else "no"
    initial |= {"hazards": visit.hazards, "hazard": looked}
    return initial | {"pk": visit.pk, "version": visit.version}
