"""What a visit asks (childwelfare.questions): the form, the phone, the API, the checks and the page of a visit read it.

The notice (郑民文〔2017〕64号, part 4 (四)) asks for the family's situation, guardianship and schooling. What the
director notices that the file says differently is asked by registry's own table (visits.visit.observed_changes).
docs/how_to.md says how a question is added.
"""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.questions.conditions import ANSWERED, Condition
from childwelfare.questions.question import AskedOf, Fits, Kind, NotLongAfter, Opener, OtherDate, Question
from childwelfare.questions.question_set import Piece, QuestionSet, Step, register
from visits.visit.codes import (
    Attendance,
    Carer,
    CarerAbility,
    FlagReason,
    Hazard,
    Level,
    Method,
    Mood,
    NextStep,
    Outcome,
)

LATE_AFTER_DAYS = 3
AGREED_WITHIN_DAYS = 366  # the same day of the next year; the rules ask for visits far more often
# which steps fit an outcome, the natural one first
NEXT_STEPS: dict[str, tuple[str, ...]] = {
    Outcome.NOT_FOUND: (NextStep.COME_AGAIN, NextStep.ASK_AROUND, NextStep.TELL_STATION),
    Outcome.REFUSED: (NextStep.COME_AGAIN, NextStep.TOGETHER),
    Outcome.AWAY: (NextStep.COME_AGAIN, NextStep.STAY, NextStep.TELL_STATION),
    Outcome.WRONG_ADDRESS: (NextStep.CORRECT_ADDRESS, NextStep.TELL_STATION),
}
# what is asked about ``whereabouts``
ASKED_OF_OUTCOME = {
    Outcome.REFUSED: _("谁不让见、怎么说的"),
    Outcome.AWAY: _("孩子去了哪里、和谁在一起、到什么时候"),
    Outcome.WRONG_ADDRESS: _("正确的地址；还不知道就写打听到的"),
}
BY_STATION = (NextStep.TELL_STATION, NextStep.TOGETHER, NextStep.STAY)

SEEN = (Condition("outcome", (Outcome.SEEN,)),)
NOT_SEEN = (Condition("outcome", tuple(NEXT_STEPS)),)
HAZARD = (Condition("hazard", ("yes",)),)
LATE = (Condition("visited_on", (f">{LATE_AFTER_DAYS}d",)),)
COME_AGAIN = (Condition("next_step", (NextStep.COME_AGAIN,)),)

WHO = Step(
    "who",
    _("见到谁？"),
    [
        Question(
            "visited_on",
            Kind.DATE,
            _("走访日期"),
            asked_of=AskedOf.DOOR,
            until_today=True,
            needed=True,
            missing=_("请填写走访日期。"),
        ),
        Question(
            "method",
            Kind.CHOICE,
            _("怎样走访"),
            codes=Method,
            asked_of=AskedOf.DOOR,
            default=Method.HOME,
            example=Method.HOME,
        ),
        Question(
            "outcome",
            Kind.CHOICE,
            _("见到孩子了吗"),
            codes=Outcome,
            asked_of=AskedOf.EACH_CHILD,
            needed=True,
            flags={FlagReason.NOT_SEEN: tuple(NEXT_STEPS)},
            example=Outcome.SEEN,
        ),
        Piece("together"),
        Question(
            "met",
            Kind.TEXT,
            _("见到谁"),
            longest=50,
            names_people=True,
            asked_of=AskedOf.DOOR,
            repeated=True,
            detail=90,
            example="李桂英",
        ),
        Question(
            "met_relation",
            Kind.TEXT,
            _("是孩子的"),
            longest=30,
            names_people=True,
            asked_of=AskedOf.DOOR,
            repeated=True,
            detail=100,
            detail_label=_("与儿童关系"),
            example="奶奶",
        ),
        Question(
            "seen_alone",
            Kind.YES_NO,
            _("单独和孩子说过话"),
            asked_of=AskedOf.EACH_CHILD,
            when=SEEN,
            detail=110,
            detail_label=_("单独见过孩子"),
            example=True,
        ),
        Question(
            "parent_contact_on",
            Kind.DATE,
            _("父母最近一次联系孩子"),
            until_today=True,
            when=SEEN,
            until=OtherDate("visited_on", _("晚于走访日期，请核对。")),
            detail=120,
            detail_label=_("父母最近一次联系"),
        ),
        Question(
            "late_reason",
            Kind.TEXT,
            _("补录原因"),
            help=_("走访超过 3 天才记录时填写"),
            longest=100,
            asked_of=AskedOf.DOOR,
            when=LATE,
            needed=True,
            missing_on_phone=_("走访已过去几天才记录，请写明补录原因。"),
            detail=230,
            example="山里没有信号",
        ),
    ],
)
CARE = Step(
    "care",
    _("谁在照看，过得怎样？"),
    [
        Question(
            "carer",
            Kind.CHOICE,
            _("实际照看人"),
            codes=Carer,
            needed=True,
            named_last=True,
            repeated=True,
            detail=10,
            compared=True,
            flags={FlagReason.NOBODY_CARES: (Carer.NOBODY,)},
            example=Carer.SAME,
        ),
        Question(
            "carer_note",
            Kind.TEXT,
            _("照看人说明"),
            help=_("与档案不一致时写明是谁"),
            longest=100,
            when=(Condition("carer", (Carer.PARENT, Carer.OTHER, Carer.NOBODY)),),
            detail=140,
        ),
        Question(
            "carer_ability",
            Kind.CHOICE,
            _("照看人照看得了孩子吗"),
            codes=CarerAbility,
            when=(Condition("carer", (Carer.SAME, Carer.PARENT, Carer.OTHER)),),
            named_last=True,
            detail=15,
            detail_label=_("照看能力"),
            compared=True,
            flags={FlagReason.CARER_UNFIT: (CarerAbility.UNABLE, CarerAbility.NEGLIGENT)},
            example=CarerAbility.ABLE,
            sample=(CarerAbility.ABLE, CarerAbility.ABLE, CarerAbility.ABLE, CarerAbility.STRUGGLES),
        ),
        Question(
            "care",
            Kind.CHOICE,
            _("照看情况"),
            codes=Level,
            across=3,
            needed=True,
            named_last=True,
            repeated=True,
            detail=20,
            compared=True,
            flags={FlagReason.POOR_CARE: (Level.POOR,)},
            example=Level.GOOD,
        ),
        Question(
            "living",
            Kind.CHOICE,
            _("吃穿住用"),
            codes=Level,
            across=3,
            needed=True,
            named_last=True,
            repeated=True,
            detail=30,
            compared=True,
            flags={FlagReason.POOR_CARE: (Level.POOR,)},
            example=Level.GOOD,
        ),
        Question(
            "attendance",
            Kind.CHOICE,
            _("上学"),
            codes=Attendance,
            asked_of=AskedOf.EACH_CHILD,
            when=SEEN,
            needed=True,
            named_last=True,
            repeated=True,
            detail=40,
            compared=True,
            flags={FlagReason.OUT_OF_SCHOOL: (Attendance.OUT,)},
            example=Attendance.IN_SCHOOL,
        ),
        Question(
            "health",
            Kind.CHOICE,
            _("身体"),
            codes=Level,
            across=3,
            asked_of=AskedOf.EACH_CHILD,
            when=SEEN,
            needed=True,
            named_last=True,
            repeated=True,
            detail=50,
            compared=True,
            example=Level.GOOD,
        ),
        Question(
            "mood",
            Kind.CHOICE,
            _("情绪"),
            codes=Mood,
            across=3,
            asked_of=AskedOf.EACH_CHILD,
            when=SEEN,
            needed=True,
            named_last=True,
            repeated=True,
            detail=60,
            compared=True,
            flags={FlagReason.LOW_MOOD: (Mood.LOW,)},
            example=Mood.CHEERFUL,
        ),
    ],
    when=SEEN,
)
SAFETY = Step(
    "safety",
    _("安全吗，有什么变化？"),
    [
        Question(
            "hazards",
            Kind.SEVERAL,
            _("有哪些隐患"),
            codes=Hazard,
            opener=Opener(
                "hazard",
                _("安全隐患（水、电、火、路、网、陌生人）"),
                help=_("每次都要亲自看，不带入上次答案"),
                no=_("没有"),
                yes=_("有"),
                unnamed=_("请选出是哪些隐患。"),
                contrary=_("上面选了“没有”，下面又选了隐患，请核对。"),
            ),
            needed=True,
            missing=_("请查看安全隐患：没有，还是有哪些。"),
            missing_on_phone=_("请查看安全隐患：没有，还是有哪些。"),
            detail=70,
            detail_label=_("安全隐患"),
            compared=True,
            marked=True,
            none=_("没有"),
            flags={FlagReason.HAZARD: ()},
            example=[],
            api_help="没有隐患发送 []",
        ),
        Question("hazard_note", Kind.LONG_TEXT, _("隐患说明"), longest=200, when=HAZARD, detail=150),
        Question("lives_alone", Kind.YES_NO, _("孩子单独居住"), detail=130, detail_label=_("单独居住")),
        Question(
            "family_change",
            Kind.LONG_TEXT,
            _("家里有什么变化"),
            help=_("与上次相比：谁外出、谁回来、生病、搬家等"),
            longest=200,
            detail=160,
            detail_label=_("家庭变化"),
            marked=True,
            flags={FlagReason.FAMILY_CHANGED: ()},
        ),
        Piece("noticed"),
        Question(
            "guardian_words",
            Kind.LONG_TEXT,
            _("监护人的话"),
            help=_("尽量用原话"),
            longest=200,
            detail=170,
            example="都好",
        ),
    ],
    when=SEEN,
)
NEXT = Step(
    "next",
    _("做了什么，下一步？"),
    [
        Question(
            "whereabouts",
            Kind.LONG_TEXT,
            _("去向或对方的话"),
            help_when=tuple(((Condition("outcome", (each,)),), text) for each, text in ASKED_OF_OUTCOME.items()),
            longest=200,
            asked_of=AskedOf.EACH_CHILD,
            when=(Condition("outcome", tuple(ASKED_OF_OUTCOME)),),
            needed=True,
            missing=_("请写明：%(what)s。"),
            detail=80,
        ),
        Question(
            "next_step",
            Kind.CHOICE,
            _("下一步怎么办"),
            codes=NextStep,
            asked_of=AskedOf.EACH_CHILD,
            when=NOT_SEEN,
            needed=True,
            missing=_("没有见到孩子，请选择下一步怎么办。"),
            fits=Fits(
                "outcome",
                NEXT_STEPS,
                none=_("见到了孩子，没有“未见到”的下一步。"),
                others=_("这种结果的下一步可以是：%(answers)s。"),
            ),
            flags={FlagReason.STATION_ASKED: BY_STATION},
        ),
        Question("needs", Kind.LONG_TEXT, _("需要什么帮助"), longest=200, when=SEEN, detail=180),
        Question("help_given", Kind.LONG_TEXT, _("已提供的帮助和指导"), longest=200, when=SEEN, detail=190),
        Question("benefits", Kind.TEXT, _("正在享受的救助"), longest=100, when=SEEN, detail=200),
        Question(
            "focus",
            Kind.TICK,
            _("列为重点关注"),
            asked_of=AskedOf.ONE_CHILD,
            when=SEEN,
            flags={FlagReason.FOCUS: ("yes",)},
        ),
        Question(
            "next_on",
            Kind.DATE,
            _("约定下次走访"),
            help_when=((SEEN, _("不填就按规定的间隔")),),
            asked_of=AskedOf.EACH_CHILD,
            when=(Condition("next_step", (NextStep.COME_AGAIN, NextStep.TOGETHER)),),
            once_when=SEEN,
            needed_when=COME_AGAIN,
            missing=_("请写明哪天再去。"),
            after=OtherDate("visited_on", _("下次走访应在这次之后。")),
            soon_after=NotLongAfter("visited_on", AGREED_WITHIN_DAYS, _("下次走访最晚约在一年之内，请核对日期。")),
            detail=220,
        ),
        Question(
            "latitude",
            Kind.HIDDEN_NUMBER,
            _("纬度"),
            digits=8,
            decimals=5,
            within=(-90, 90),
            asked_of=AskedOf.DOOR,
            needed_when=(Condition("longitude", (ANSWERED,)), Condition("accuracy_m", (ANSWERED,))),
            missing=_("位置要经度、纬度一起记，缺了纬度。"),
        ),
        Question(
            "longitude",
            Kind.HIDDEN_NUMBER,
            _("经度"),
            digits=8,
            decimals=5,
            within=(-180, 180),
            asked_of=AskedOf.DOOR,
            needed_when=(Condition("latitude", (ANSWERED,)),),
            missing=_("位置要经度、纬度一起记，缺了经度。"),
        ),
        Question("accuracy_m", Kind.HIDDEN_NUMBER, _("定位精度（米）"), asked_of=AskedOf.DOOR),
    ],
)

VISIT_QUESTIONS = register(QuestionSet("visit", 1, [WHO, CARE, SAFETY, NEXT], met=SEEN))


def needed_answers() -> dict[str, Any]:
    """An answer to each question that a visit which met the child must answer: for what makes visits up."""
    met, today = {"outcome": Outcome.SEEN}, timezone.localdate()
    answers = {}
    for question in VISIT_QUESTIONS.questions:
        if question.needed and question.example is not None and VISIT_QUESTIONS.is_shown(question, met, on=today):
            answers[question.name] = question.example
    return answers
