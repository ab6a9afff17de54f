"""What is asked of one brother or sister on a family visit; everything else is told once for all."""

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import CleanCharField, CleanDateField
from childwelfare.pages.forms import TRUTH, YES_NO, Answers, GrowingText
from registry.child.models import ChildFile
from visits.visit import codes
from visits.visit.forms.steps import LINES, OWN, Card, Line, rule_of, said_when
from visits.visit.outcomes import ASKED_OF_OUTCOME, NEXT_STEPS

CARRIED = ("carer", "care", "living", "attendance", "health", "mood")


class NextSteps(Answers):
    """Next steps, each shown while the outcome is one that it fits. ``prefix``: of the outcome's name."""

    def __init__(self, prefix: str = ""):
        super().__init__(across=2)
        self.prefix = f"{prefix}-" if prefix else ""

    def create_option(self, name, value, label, *args, **kwargs):
        option = super().create_option(name, value, label, *args, **kwargs)
        fitting = [outcome for outcome, steps in NEXT_STEPS.items() if value in steps]
        return option | {"show_when": f"{self.prefix}outcome={'|'.join(fitting)}"}


def own_fields(prefix: str = "") -> dict[str, forms.Field]:
    """The fields of OWN, fresh."""

    def choice(choices, label, across):
        return forms.ChoiceField(label=label, choices=choices.choices, required=False, widget=Answers(across=across))

    next_steps = forms.ChoiceField(
        label=_("下一步怎么办"), choices=codes.NextStep.choices, required=False, widget=NextSteps(prefix)
    )
    before = f"{prefix}-" if prefix else ""
    asked = said_when({f"{before}outcome={outcome}": text for outcome, text in ASKED_OF_OUTCOME.items()})
    return {
        "outcome": choice(codes.Outcome, _("见到孩子了吗"), 2),
        "seen_alone": forms.ChoiceField(
            label=_("单独和孩子说过话"), choices=YES_NO, required=False, widget=Answers(across=2)
        ),
        "attendance": choice(codes.Attendance, _("上学"), 2),
        "health": choice(codes.Level, _("身体"), 3),
        "mood": choice(codes.Mood, _("情绪"), 3),
        "whereabouts": CleanCharField(
            label=_("去向或对方的话"),
            max_length=200,
            required=False,
            help_text=asked,
            widget=GrowingText(attrs={"maxlength": 200}),
        ),
        "next_step": next_steps,
        "next_on": CleanDateField(label=_("约定下次走访"), required=False),
    }


def name_last(form: forms.Form, last, names) -> None:
    """Last time's answers beside the questions, in words; nothing is chosen by it."""
    for name in names:
        if answer := getattr(last, f"get_{name}_display")():
            day = date_format(last.visited_on, "MONTH_DAY_FORMAT")
            form.fields[name].help_text = gettext("上次：%(answer)s（%(day)s）") % {"answer": answer, "day": day}


class SiblingForm(forms.Form):
    """``child``'s line. ``last``: the visit before, or None."""

    def __init__(self, *args, child: ChildFile, last=None, **kwargs):
        super().__init__(*args, prefix=str(child.pk), **kwargs)
        self.child, self.last = child, last
        self.initial = {"outcome": codes.Outcome.SEEN}  # who is ticked was visited; who was not met is told apart
        self.fields |= own_fields(self.prefix)
        if last:
            name_last(self, last, OWN["care"])

    def line(self, step: str) -> Line | None:
        """What step ``step`` asks of this child."""
        cards = [Card(self[name], rule_of(name, self.prefix)) for name in OWN.get(step, ())]
        return Line(self.child, cards, LINES[step].format(pk=self.child.pk)) if cards else None

    def same(self, step: str) -> dict[str, str]:
        names = OWN["care"] if step == "care" and self.last else ()
        return {self.add_prefix(name): getattr(self.last, name) for name in names}

    def answers(self, shared: dict) -> dict:
        """This child's answers, with what the form told once for all, as far as this child was met."""
        data = {}
        for names in OWN.values():
            for name in names:
                data[name] = self.cleaned_data.get(name)
        data["seen_alone"] = TRUTH.get(data["seen_alone"])
        if data["outcome"] == codes.Outcome.SEEN:
            return shared | data | {"next_on": shared["next_on"], "focus": False}
        about_the_door = (
            "visited_on",
            "method",
            "met",
            "met_relation",
            "late_reason",
            "latitude",
            "longitude",
            "accuracy_m",
        )
        return {name: shared[name] for name in about_the_door} | data
