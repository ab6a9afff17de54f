"""Words of a mandatory report (紧急报告): what obliges to report, what was done, on what ground it is closed.

《关于建立侵害未成年人案件强制报告制度的意见（试行）》(2020) art. 4: the nine situations.
未成年人保护法: art. 11 (report at once, answer the reporter), art. 92 and 94 (temporary and long-term guardianship),
art. 93 (where the child is placed).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Situation(models.TextChoices):
    """Said so that a director recognises what she sees."""

    PRIVATE_PARTS = "private_parts", _("隐私部位受伤")
    GIRL_UNDER_14 = "girl_under_14", _("不满 14 岁女孩被侵害")
    GIRL_FROM_14 = "girl_from_14", _("14 岁以上女孩被性侵")
    MANY_INJURIES = "many_injuries", _("多处受伤，像是被打")
    UNNATURAL_HARM = "unnatural_harm", _("自杀、自残、中毒、被打")
    ABANDONED = "abandoned", _("被遗弃，长期没人管")
    ORIGIN_UNKNOWN = "origin_unknown", _("来历不明、失踪、被拐卖")
    BEGGING = "begging", _("被人组织乞讨")
    OTHER = "other", _("其他严重伤害或危险")


# icon, and what else the situation covers
FACES = {
    Situation.PRIVATE_PARTS: ("bandaid", _("不像意外造成的损伤")),
    Situation.GIRL_UNDER_14: ("shield-exclamation", _("疑遭性侵，或怀孕、流产")),
    Situation.GIRL_FROM_14: ("shield-exclamation", _("因此怀孕、流产")),
    Situation.MANY_INJURIES: ("person-exclamation", _("或严重营养不良、意识不清")),
    Situation.UNNATURAL_HARM: ("heart-pulse", _("造成伤残或死亡")),
    Situation.ABANDONED: ("house-exclamation", _("独自在家或流落在外")),
    Situation.ORIGIN_UNKNOWN: ("question-circle", _("包括被收买的孩子")),
    Situation.BEGGING: ("people", _("街头、集市、车站")),
    Situation.OTHER: ("exclamation-triangle", _("正在发生，或眼看要发生")),
}


class Call(models.TextChoices):
    """Whether the police know. A report is never kept back for a missing call: why there is none is an answer too."""

    MADE = "made", _("打通了")
    OTHERS = "others", _("别人已报警")
    BUSY = "busy", _("占线，没打通")
    NO_SIGNAL = "no_signal", _("没有信号")
    UNSAFE = "unsafe", _("当场不便打")
    # of a report that an assessment opened by itself: who assessed completes it
    NOT_SAID = "not_said", _("还没有补记")


CALLED = (Call.MADE, Call.OTHERS)
# what somebody who reports may say
CALLS = [choice for choice in Call.choices if choice[0] != Call.NOT_SAID]


class StepKind(models.TextChoices):
    SEEN = "seen", _("到场查看")
    MEDICAL = "medical", _("送医检查")
    SAFE = "safe", _("安全安置")
    HANDED_OVER = "handed_over", _("移交、通报部门")
    SUPPORT = "support", _("心理、法律帮助")
    ANSWERED = "answered", _("答复报告人")
    OTHER = "other", _("其他处置")
    NEWS = "news", _("补充情况")
    CLOSED = "closed", _("办结说明")
    REOPENED = "reopened", _("重新处置原因")
    UNDONE = "undone", _("撤销办结原因")


# what stops the 24-hour clock: something was done for the child
DEEDS = (StepKind.SEEN, StepKind.MEDICAL, StepKind.SAFE, StepKind.HANDED_OVER, StepKind.SUPPORT, StepKind.OTHER)
# what is written by hand; the last three come with closing, reopening and taking back
BY_HAND = (*DEEDS, StepKind.ANSWERED, StepKind.NEWS)


class Organ(models.TextChoices):
    """To whom a case is handed over or told (意见 art. 3, 10–12)."""

    POLICE = "police", _("公安")
    PROCURATORATE = "procuratorate", _("检察院")
    COURT = "court", _("法院")
    CIVIL_AFFAIRS = "civil_affairs", _("民政、未成年人保护机构")
    EDUCATION = "education", _("教育")
    HEALTH = "health", _("卫健、医院")
    WOMEN = "women", _("妇联")
    YOUTH = "youth", _("团委")
    JUSTICE = "justice", _("司法、法律援助")


class Outcome(models.TextChoices):
    TEMPORARY = "temporary", _("临时监护")
    LONG_TERM = "long_term", _("长期监护")
    WITH_GUARDIAN = "with_guardian", _("属实，仍由监护人照护")
    NOT_CONFIRMED = "not_confirmed", _("不属实")


class TemporaryGround(models.TextChoices):
    """未成年人保护法 art. 92."""

    UNKNOWN = "t1", _("流浪乞讨或身份不明，暂时查找不到监护人")
    MISSING = "t2", _("监护人下落不明，无其他人可担任监护人")
    UNABLE = "t3", _("监护人因自身客观原因或突发事件不能履责，监护缺失")
    NEGLECT = "t4", _("监护人拒绝或怠于履责，孩子无人照料")
    CRIME = "t5", _("监护人教唆、利用孩子违法犯罪，需要带离安置")
    HARM = "t6", _("遭受监护人严重伤害或面临人身安全威胁，需要紧急安置")
    OTHER = "t7", _("法律规定的其他临时监护情形")


class LongTermGround(models.TextChoices):
    """未成年人保护法 art. 94."""

    NOT_FOUND = "l1", _("查找不到父母或其他监护人")
    DEAD = "l2", _("监护人死亡或被宣告死亡，无其他人可担任监护人")
    INCAPABLE = "l3", _("监护人丧失监护能力，无其他人可担任监护人")
    REVOKED = "l4", _("法院撤销监护人资格，指定民政部门担任监护人")
    OTHER = "l5", _("法律规定的其他长期监护情形")


GROUNDS: dict[str, type[models.TextChoices]] = {Outcome.TEMPORARY: TemporaryGround, Outcome.LONG_TERM: LongTermGround}
GROUND_CHOICES = [*TemporaryGround.choices, *LongTermGround.choices]


class Placement(models.TextChoices):
    """未成年人保护法 art. 93."""

    RELATIVES = "relatives", _("委托亲属抚养")
    FOSTER = "foster", _("家庭寄养")
    PROTECTION = "protection", _("未成年人救助保护机构收留、抚养")
    WELFARE = "welfare", _("儿童福利机构收留、抚养")
