"""Answers of the visit form (巡查巡访): family, guardianship and schooling, as the notice asks (part 4, (四))."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Method(models.TextChoices):
    HOME = "home", _("入户")
    SCHOOL = "school", _("学校")
    PHONE = "phone", _("电话")
    VIDEO = "video", _("视频")


class Outcome(models.TextChoices):
    """Whether the child was met. Only ``seen`` counts as a visit done."""

    SEEN = "seen", _("见到了孩子")
    NOT_FOUND = "not_found", _("没找到人")
    REFUSED = "refused", _("被拒绝")
    AWAY = "away", _("外出不在")
    WRONG_ADDRESS = "wrong_address", _("地址不对")


class NextStep(models.TextChoices):
    """What is to be done where the child was not met (visits.visit.questions says which fit an outcome)."""

    COME_AGAIN = "come_again", _("改天再访")
    ASK_AROUND = "ask_around", _("向学校、邻居、亲属打听")
    TELL_STATION = "tell_station", _("报告工作站查找")
    TOGETHER = "together", _("请工作站或村干部一同上门")
    STAY = "stay", _("办理临时居住")
    CORRECT_ADDRESS = "correct_address", _("更正地址")


class Level(models.TextChoices):
    """Three big answers a question."""

    GOOD = "good", _("好")
    FAIR = "fair", _("一般")
    POOR = "poor", _("差")


class Carer(models.TextChoices):
    SAME = "same", _("与档案一致")
    PARENT = "parent", _("父母")
    OTHER = "other", _("其他人")
    NOBODY = "nobody", _("无人照看")


class CarerAbility(models.TextChoices):
    """Whether who looks after the child can, and does: 未成年人保护法 art. 22; art. 43: the village reports it if not.
    The notice (part 4 (四)) has the director see to it that guardians do their duty."""

    ABLE = "able", _("照看得好")
    STRUGGLES = "struggles", _("有些吃力")
    UNABLE = "unable", _("照看不了")
    NEGLIGENT = "negligent", _("不尽责")


class Attendance(models.TextChoices):
    IN_SCHOOL = "in_school", _("正常到校")
    LEAVE = "leave", _("请假")
    OUT = "out", _("辍学")
    NOT_DUE = "not_due", _("不到入学年龄")


class Mood(models.TextChoices):
    CHEERFUL = "cheerful", _("开朗")
    ORDINARY = "ordinary", _("一般")
    LOW = "low", _("低落或异常")


class Hazard(models.TextChoices):
    WATER = "water", _("水")
    ELECTRICITY = "electricity", _("电")
    FIRE = "fire", _("火")
    TRAFFIC = "traffic", _("路")
    INTERNET = "internet", _("网")
    STRANGERS = "strangers", _("陌生人")
    HOUSE = "house", _("房屋")


class FlagReason(models.TextChoices):
    """Why a visit is opened one by one and never accepted in bulk; the first says that the station has to act."""

    STATION_ASKED = "station_asked", _("请工作站处理")
    HAZARD = "hazard", _("有安全隐患")
    NOBODY_CARES = "nobody_cares", _("无人照看")
    POOR_CARE = "poor_care", _("照看差")
    CARER_UNFIT = "carer_unfit", _("照看人照看不了或不尽责")
    OUT_OF_SCHOOL = "out_of_school", _("辍学")
    LOW_MOOD = "low_mood", _("情绪异常")
    NOT_SEEN = "not_seen", _("未见到孩子")
    FAMILY_CHANGED = "family_changed", _("家庭有变化")
    UNDER_8_UNATTENDED = "under_8_unattended", _("未满8周岁无人看护")
    UNDER_16_ALONE = "under_16_alone", _("未满16周岁单独居住")
    NO_WEEKLY_CONTACT = "no_weekly_contact", _("父母一周以上未联系")
    LATE = "late", _("补录")
    CLOCK_OFF = "clock_off", _("手机日期不准")
    FOCUS = "focus", _("重点关注")
