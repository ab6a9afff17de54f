"""A visit that did not meet the child: what is told of it, which next steps fit, and how it reads.

It is never counted as a visit done, and moves nothing that is due (``VisitQuerySet.seen``).
"""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.tables.columns import column_of
from registry.child.models import ChildFile
from visits.visit.codes import NextStep, Outcome

# which steps fit, the natural one first
NEXT_STEPS = {
    Outcome.NOT_FOUND: (NextStep.COME_AGAIN, NextStep.ASK_AROUND, NextStep.TELL_STATION),
    Outcome.REFUSED: (NextStep.COME_AGAIN, NextStep.TOGETHER),
    Outcome.AWAY: (NextStep.COME_AGAIN, NextStep.STAY, NextStep.TELL_STATION),
    Outcome.WRONG_ADDRESS: (NextStep.CORRECT_ADDRESS, NextStep.TELL_STATION),
}
# what is asked about ``whereabouts``
ASKED_OF_OUTCOME = {
    Outcome.REFUSED: gettext_lazy("谁不让见、怎么说的"),
    Outcome.AWAY: gettext_lazy("孩子去了哪里、和谁在一起、到什么时候"),
    Outcome.WRONG_ADDRESS: gettext_lazy("正确的地址；还不知道就写打听到的"),
}
DATED = (NextStep.COME_AGAIN,)
ADDRESS_LONGEST = column_of(ChildFile, "address").max_length or 0
BY_STATION = (NextStep.TELL_STATION, NextStep.TOGETHER, NextStep.STAY)


def problems_of(answers: dict) -> dict[str, list]:
    """What is wrong with the outcome's own answers, by field."""
    outcome, step = answers.get("outcome"), answers.get("next_step")
    if outcome not in NEXT_STEPS:
        return {"next_step": [_("见到了孩子，没有“未见到”的下一步。")]} if step else {}
    problems = {}
    if not step:
        problems["next_step"] = [_("没有见到孩子，请选择下一步怎么办。")]
    elif step not in NEXT_STEPS[outcome]:
        fitting = _("、").join(str(fits.label) for fits in NEXT_STEPS[outcome])
        problems["next_step"] = [_("这种结果的下一步可以是：%(steps)s。") % {"steps": fitting}]
    if outcome in ASKED_OF_OUTCOME and not answers.get("whereabouts"):
        problems["whereabouts"] = [_("请写明：%(what)s。") % {"what": ASKED_OF_OUTCOME[outcome]}]
    elif step == NextStep.CORRECT_ADDRESS and len(answers["whereabouts"]) > ADDRESS_LONGEST:
        problems["whereabouts"] = [_("地址最多 %(n)s 个字。") % {"n": ADDRESS_LONGEST}]
    if step in DATED and not answers.get("next_on"):
        problems["next_on"] = [_("请写明哪天再去。")]
    return problems


def in_words(visit) -> str:
    """外出不在，6月20日再访: what came of a visit that did not meet the child, for whoever goes on from it."""
    if visit.outcome not in NEXT_STEPS:
        return ""
    words = [str(visit.get_outcome_display())]
    if visit.next_step == NextStep.COME_AGAIN and visit.next_on:
        words.append(_("%(day)s再访") % {"day": date_format(visit.next_on, "MONTH_DAY_FORMAT")})
    elif visit.next_step:
        words.append(str(visit.get_next_step_display()))
    return _("，").join(words)
