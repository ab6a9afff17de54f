"""A made-up survey in two versions; its answers are rows of JSON, {question: answer}, beside the version's number."""

from django.db import models

from childwelfare.questions.conditions import Condition
from childwelfare.questions.question import Fits, Kind, NotLongAfter, Opener, OtherDate, Question
from childwelfare.questions.question_set import QuestionSet, Step


class Home(models.TextChoices):
    HOUSE = "house", "平房"
    FLAT = "flat", "楼房"
    NONE = "none", "没有住处"


class Heating(models.TextChoices):
    COAL = "coal", "烧煤"
    CENTRAL = "central", "暖气"


class Lack(models.TextChoices):
    BED = "bed", "床"
    DESK = "desk", "书桌"


HAS_HOME = (Condition("home", ("house", "flat")),)
FIRST = QuestionSet(
    "homes", 1, [Step("home", "住处", [Question("home", Kind.CHOICE, "住在哪里", codes=Home, detail=10)])]
)
SECOND = QuestionSet(
    "homes",
    2,
    [
        Step(
            "home",
            "住处",
            [
                Question("looked_on", Kind.DATE, "哪天看的", needed=True, detail=5),
                Question(
                    "home", Kind.CHOICE, "住的是什么房", codes=Home, needed=True, detail=10, compared=True,
                    flags={"homeless": ("none",)},
                ),
                Question("late_words", Kind.TEXT, "为什么晚", longest=50, needed=True,
                         when=(Condition("looked_on", (">3d",)),)),
            ],
        ),
        Step(
            "inside",
            "屋里",
            [
                Question(
                    "heating", Kind.CHOICE, "取暖", codes=Heating, detail=20, needed=True,
                    fits=Fits("home", {"house": ("coal",), "flat": ("central", "coal")}, "没有住处就没有取暖。",
                              "可以是：%(answers)s。"),
                ),
                Question(
                    "lacks", Kind.SEVERAL, "缺什么", codes=Lack, needed=True, missing="请看看屋里缺什么。", detail=30,
                    compared=True, none="不缺", flags={"lacks": ()},
                    opener=Opener("lack", "屋里缺吗", "不缺", "缺", unnamed="缺什么？", contrary="缺还是不缺？"),
                ),
                Question("own_bed", Kind.YES_NO, "有自己的床", detail=40),
                Question("words", Kind.LONG_TEXT, "孩子怎么说", longest=200, detail=50),
                Question("shown", Kind.TICK, "看过每间屋"),
                Question("rooms", Kind.HIDDEN_NUMBER, "间数"),
                Question("moved_in_on", Kind.DATE, "搬来的日子", until=OtherDate("looked_on", "晚于看的那天。")),
                Question("again_on", Kind.DATE, "哪天再看", after=OtherDate("looked_on", "应在看的那天之后。"),
                         soon_after=NotLongAfter("looked_on", 30, "一个月内再看。"),
                         needed_when=(Condition("home", ("none",)),)),
            ],
            when=HAS_HOME,
        ),
    ],
)  # fmt: skip
