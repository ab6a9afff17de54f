"""A visit that did not meet the child: what is told of it, which next steps fit, and how it reads.

It is never counted as a visit done, and moves nothing that is due (``VisitQuerySet.seen``).
"""

from django.utils.translation import gettext as _

from childwelfare.tables.columns import column_of
from childwelfare.text.days import short_day
from registry.child.models import ChildFile
from visits.visit.codes import NextStep
from visits.visit.questions import NEXT_STEPS

ADDRESS_LONGEST = column_of(ChildFile, "address").max_length or 0


def address_problems(answers: dict) -> dict[str, list]:
    """What is wrong with a right address that goes into the file, at its field."""
    if answers.get("next_step") != NextStep.CORRECT_ADDRESS or len(answers.get("whereabouts") or "") <= ADDRESS_LONGEST:
        return {}
    return {"whereabouts": [_("地址最多 %(n)s 个字。") % {"n": ADDRESS_LONGEST}]}


def in_words(visit) -> str:
    """外出不在，6月20日再访: what came of a visit that did not meet the child, for whoever goes on from it."""
    if visit.outcome not in NEXT_STEPS:
        return ""
    words = [str(visit.get_outcome_display())]
    if visit.next_step == NextStep.COME_AGAIN and visit.next_on:
        words.append(_("%(day)s再访") % {"day": short_day(visit.next_on)})
    elif visit.next_step:
        words.append(str(visit.get_next_step_display()))
    return _("，").join(words)
