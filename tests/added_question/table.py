"""What docs/how_to.md says of a new question, done from outside: code list, column, entry.

A choice asked of each child, which must be answered and raises a flag; a text that its answer opens; a date of each
child that may not lie after the visit.
"""

from django.db import models

from childwelfare.questions.conditions import Condition
from childwelfare.questions.question import AskedOf, Kind, OtherDate, Question
from visits.visit.codes import FlagReason
from visits.visit.questions import CARE, SEEN


class Sleep(models.TextChoices):
    OWN_BED = "own_bed", "自己的床"
    SHARED = "shared", "和大人同床"
    NONE = "none", "没有床"


COLUMNS = {
    "sleep": models.CharField("睡眠情况", max_length=10, choices=Sleep.choices, blank=True, default="", db_default=""),
    "sleep_note": models.CharField("睡在哪里", max_length=50, blank=True, default="", db_default=""),
    "teacher_met_on": models.DateField("老师家访", null=True, blank=True),
}

CARE.items += [
    Question(
        "sleep", Kind.CHOICE, "孩子睡得怎样", codes=Sleep, across=3, asked_of=AskedOf.EACH_CHILD, when=SEEN,
        needed=True, named_last=True, repeated=True, compared=True, detail=65, detail_label="睡眠情况",
        flags={FlagReason.POOR_CARE: (Sleep.NONE,)}, example=Sleep.OWN_BED, sample=(Sleep.OWN_BED, Sleep.SHARED),
    ),
    Question(
        "sleep_note", Kind.TEXT, "那睡在哪里", longest=50, asked_of=AskedOf.EACH_CHILD, needed=True, detail=66,
        when=(Condition("sleep", (Sleep.NONE,)),), missing="请写明睡在哪里。", missing_on_phone="写明睡在哪里。",
    ),
    Question(
        "teacher_met_on", Kind.DATE, "老师最近一次家访", asked_of=AskedOf.EACH_CHILD, when=SEEN, until_today=True,
        until=OtherDate("visited_on", "家访晚于走访。"), detail=67,
    ),
]  # fmt: skip
