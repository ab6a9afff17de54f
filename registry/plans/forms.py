"""The forms of plans of help. The rules are in the services."""

import re
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.form_fields import CleanCharField, CleanDateField
from childwelfare.pages.forms import Answers, GrowingText, OnceForm, ServiceErrors
from orgs.posts.models import Appointment
from registry.child.models import ChildFile
from registry.needs.models import Need
from registry.plans.models import GoalState, Plan
from registry.plans.services.checking import (
    CHOOSE_LEAD,
    MOST_GOALS,
    TEXT_LIMIT,
    WHO_LIMIT,
    posts_around,
)

NOBODY = ("", _("不在系统里的人"))
NO_NEED = ("", _("不对应某条需求"))
SPARE = 3  # empty goals below those that are filled in; the script shows more, one by one
GOAL = re.compile(r"goals\.(\d+)\.(\w+)")


def post_choices(posts: list[Appointment]) -> list[tuple[str, str]]:
    """Who may be named: 刘志强 · 高村乡 · 工作站工作人员."""
    return [(str(post.uid), f"{post.person.name} · {post.unit.short_name} · {post.role_label}") for post in posts]


class GoalForm(forms.Form):
    """One line of the plan; blank where nothing was written in it."""

    need = forms.ChoiceField(label=_("对应的需求"), required=False)
    goal = CleanCharField(label=_("目标：要达到什么"), required=False, max_length=TEXT_LIMIT, widget=GrowingText())
    measure = CleanCharField(label=_("措施：用什么办法"), required=False, max_length=TEXT_LIMIT, widget=GrowingText())
    owner = forms.ChoiceField(label=_("谁来做"), required=False)
    who = CleanCharField(
        label=_("姓名和单位"), required=False, max_length=WHO_LIMIT, help_text=_("不在系统里的，如 高村中学 王老师")
    )
    by_on = CleanDateField(label=_("何时前"), required=False)
    carried_from = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, needs: list, posts: list, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["need"].choices = [NO_NEED, *needs]
        self.fields["owner"].choices = [NOBODY, *posts]

    def ask_for_another(self, who: str) -> None:
        """Who was to do it is not there any more: nobody is put in the place unasked."""
        self.initial = {**self.initial, "owner": "", "who": ""}
        self.fields["owner"].help_text = gettext("原来由%(who)s做，现在不在这个孩子的村、乡、县任职，请另选人") % {
            "who": who
        }

    @property
    def is_blank(self) -> bool:
        return not any(self.cleaned_data.values())

    @property
    def is_carried(self) -> bool:
        return bool(self["carried_from"].value())


class PlanForm(OnceForm):
    """A plan and its lines (``rows``): as many as are filled in, and some spare ones."""

    one_at_a_time = True
    NEEDED: ClassVar = {"lead": None, "review_on": None}
    MISSING: ClassVar = {"lead": CHOOSE_LEAD}

    lead = forms.ChoiceField(label=_("牵头人"), required=False, help_text=_("一个孩子只有一位牵头人"))
    review_on = CleanDateField(label=_("下次复查"), required=False)
    child_heard = CleanCharField(
        label=_("孩子的意见"), required=False, max_length=TEXT_LIMIT, widget=GrowingText(),
        help_text=_("听孩子自己说：想要什么，担心什么"),
    )  # fmt: skip
    guardian_heard = CleanCharField(
        label=_("监护人的意见"), required=False, max_length=TEXT_LIMIT, widget=GrowingText()
    )
    not_heard = CleanCharField(
        label=_("没有听取的原因"), required=False, max_length=200, help_text=_("两方都听取过的，不用填")
    )

    def __init__(self, *args: Any, child: ChildFile, before: Plan | None, plan: Plan | None = None, **kwargs: Any):
        given = _initial_of(plan) if plan else {}
        super().__init__(*args, initial=given | (kwargs.pop("initial", None) or {}), **kwargs)
        posts = post_choices(list(posts_around(child)))
        needs = [(str(need.pk), str(need.get_kind_display())) for need in Need.objects.open().filter(child=child)]
        self.fields["lead"].choices = [("", _("请选择")), *posts]
        self.rows = self._rows(_lines_of(plan, before), needs, posts)

    def _rows(self, lines: list[dict], needs: list, posts: list) -> list[GoalForm]:
        number = min(max(len(lines) + SPARE, MOST_GOALS if self.is_bound else 0), MOST_GOALS)
        rows = []
        around = {uid for uid, _name in posts}
        for place in range(number):
            given = lines[place] if place < len(lines) else {}
            data = self.data if self.is_bound else None
            row = GoalForm(data, prefix=f"g{place}", initial=given, needs=needs, posts=posts)
            if given.get("owner") and given["owner"] not in around:
                row.ask_for_another(given["who"])
            rows.append(row)
        return rows

    def is_valid(self) -> bool:
        rows = [row.is_valid() for row in self.rows]
        return super().is_valid() and all(rows)

    @property
    def filled(self) -> list[GoalForm]:
        return [row for row in self.rows if not row.is_blank]

    def arguments(self) -> dict:
        lines = [row.cleaned_data for row in self.filled]
        return {"answers": self.answers(), "lines": lines, "pk": self.cleaned_data["pk"]}

    def take_errors(self, error: Any) -> None:
        """What is said of a line stands in that line; of the lines together above the form."""
        rest = {}
        for name, messages in error.message_dict.items():
            place = GOAL.fullmatch(name)
            if place and place[2] in GoalForm.base_fields:
                self.filled[int(place[1])].add_error(place[2], messages)
                self.add_error(None, gettext("目标 %(n)s 有要改的地方。") % {"n": self._number_of(int(place[1]))})
            else:
                rest[name] = messages
        if rest:
            super().take_errors(forms.ValidationError(rest))

    def _number_of(self, filled: int) -> int:
        return self.rows.index(self.filled[filled]) + 1


class AmendForm(PlanForm):
    def arguments(self) -> dict:
        given = super().arguments()
        del given["pk"]
        return given


class ReviewForm(ServiceErrors, forms.Form):
    NEEDED: ClassVar = {"words": None, "review_on": None}

    words = CleanCharField(
        label=_("复查情况"), required=False, max_length=TEXT_LIMIT, widget=GrowingText(),
        help_text=_("和孩子、监护人一起看：哪些有进展，哪些要改"),
    )  # fmt: skip
    review_on = CleanDateField(label=_("下次复查"), required=False)

    def arguments(self) -> dict:
        return self.cleaned_data


class LeadForm(ServiceErrors, forms.Form):
    NEEDED: ClassVar = {"lead": None}

    lead = forms.ChoiceField(label=_("由谁牵头"), required=False)

    def __init__(self, *args: Any, child: ChildFile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].choices = [("", _("请选择")), *post_choices(list(posts_around(child)))]

    def arguments(self) -> dict:
        return self.cleaned_data


class CloseForm(ServiceErrors, forms.Form):
    NEEDED: ClassVar = {"words": None}

    words = CleanCharField(
        label=_("怎样结束"), required=False, max_length=TEXT_LIMIT, widget=GrowingText(),
        help_text=_("达到了什么，今后还要留意什么"),
    )  # fmt: skip

    def arguments(self) -> dict:
        return self.cleaned_data


class GoalEndForm(ServiceErrors, forms.Form):
    NEEDED: ClassVar = {"state": None, "result": None, "done_on": None}

    state = forms.ChoiceField(
        label=_("结果"), required=False, widget=Answers(across=2),
        choices=[(GoalState.DONE.value, GoalState.DONE.label), (GoalState.GIVEN_UP.value, GoalState.GIVEN_UP.label)],
    )  # fmt: skip
    result = CleanCharField(
        label=_("达到了什么，或为什么不再进行"), required=False, max_length=TEXT_LIMIT, widget=GrowingText()
    )
    done_on = CleanDateField(label=_("日期"), required=False)

    def arguments(self) -> dict:
        return self.cleaned_data


def _initial_of(plan: Plan) -> dict[str, Any]:
    names = ("review_on", "child_heard", "guardian_heard", "not_heard")
    return {name: getattr(plan, name) for name in names} | {"lead": str(plan.lead.uid)}


def _lines_of(plan: Plan | None, before: Plan | None) -> list[dict[str, Any]]:
    """The lines that the form begins with: those of a plan that came back, and what is open of the plan before."""
    if plan:
        goals = list(plan.goals.select_related("owner"))
        lines = [_initial_of_goal(goal) | {"carried_from": goal.carried_from_id} for goal in goals]
    else:
        lines = []
    carried = {line["carried_from"] for line in lines}
    left = before.goals.select_related("owner") if before else ()
    open_ones = [goal for goal in left if goal.state == GoalState.OPEN and goal.pk not in carried]
    return lines + [_initial_of_goal(goal) | {"carried_from": goal.pk} for goal in open_ones]


def _initial_of_goal(goal: Any) -> dict[str, Any]:
    return {
        "need": str(goal.need_id or ""),
        "goal": goal.goal,
        "measure": goal.measure,
        "who": goal.who,
        "owner": str(goal.owner.uid) if goal.owner else "",
        "by_on": goal.by_on,
    }
