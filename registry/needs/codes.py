"""Words of needs (需求): kinds in the six systems of help, urgency, what came of it.

The systems: the State Council office's opinion on children in difficulty of May 2025; the kinds below them from that
and from the six faces of 脆弱家庭 in Taiwan; services and results from case records in use (Primero, OSCaR).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class System(models.TextChoices):
    """六大体系, and growing up, which they do not name."""

    LIVING = "living", _("基本生活")
    HEALTH = "health", _("医疗康复")
    EDUCATION = "education", _("公共教育")
    MIND = "mind", _("心理健康")
    SAFETY = "safety", _("人身安全")
    GUARDIANSHIP = "guardianship", _("法定监护")
    GROWN_UP = "grown_up", _("成年准备")


class Kind(models.TextChoices):
    """The part before the point is the system."""

    INCOME = "living.income", _("收入")
    FOOD = "living.food", _("食物")
    CLOTHES = "living.clothes", _("衣物")
    HOUSING = "living.housing", _("住房")
    PAPERS = "living.papers", _("户口证件")
    TREATMENT = "health.treatment", _("就医")
    CHRONIC = "health.chronic", _("慢性病")
    REHABILITATION = "health.rehabilitation", _("康复")
    AIDS = "health.aids", _("辅助器具")
    INSURANCE = "health.insurance", _("医疗保险")
    ENROLMENT = "education.enrolment", _("入学")
    BACK_TO_SCHOOL = "education.back_to_school", _("复学")
    TAUGHT_AT_HOME = "education.taught_at_home", _("送教上门")
    FEES = "education.fees", _("学费资助")
    STUDY = "education.study", _("学业辅导")
    MOOD = "mind.mood", _("情绪")
    TRAUMA = "mind.trauma", _("创伤")
    BEHAVIOUR = "mind.behaviour", _("行为")
    TIES = "mind.ties", _("亲情联系")
    HARM = "safety.harm", _("侵害")
    BULLYING = "safety.bullying", _("欺凌")
    DROWNING = "safety.drowning", _("防溺水等安全")
    INTERNET = "safety.internet", _("网络")
    ASTRAY = "safety.astray", _("流浪")
    NOBODY = "guardianship.nobody", _("无人监护")
    WEAK = "guardianship.weak", _("监护能力不足")
    IMPROPER = "guardianship.improper", _("监护失当")
    ENTRUSTED = "guardianship.entrusted", _("委托照护")
    PARENTING = "guardianship.parenting", _("亲职指导")
    LEGAL = "guardianship.legal", _("法律帮助")
    JOB = "grown_up.job", _("就业")
    SKILLS = "grown_up.skills", _("技能")
    OWN_HOME = "grown_up.own_home", _("住房安置")
    IDENTITY = "grown_up.identity", _("身份证件")

    @property
    def system(self) -> System:
        return System(self.value.partition(".")[0])


class Urgency(models.TextChoices):
    URGENT = "urgent", _("紧急")
    SOON = "soon", _("尽快")
    NORMAL = "normal", _("一般")


class Source(models.TextChoices):
    """Where it was found."""

    VISIT = "visit", _("走访")
    ASSESSMENT = "assessment", _("评估")
    SURVEY = "survey", _("摸底排查")
    ALERT = "alert", _("紧急报告")
    GUARDIAN = "guardian", _("监护人提出")
    CHILD = "child", _("孩子提出")
    SCHOOL = "school", _("学校")
    OTHER = "other", _("其他")


class Outcome(models.TextChoices):
    """How it ended. Whatever is no full help takes a reason."""

    MET = "met", _("已解决")
    PARTLY = "partly", _("部分解决")
    NO_MEANS = "no_means", _("无资源")
    DECLINED = "declined", _("本人或监护人拒绝")
    NOT_ENTITLED = "not_entitled", _("不符合条件")
    ELSEWHERE = "elsewhere", _("已从他处得到")
    LEFT = "left", _("孩子已不在册")
    MISTAKEN = "mistaken", _("记录有误")


# what a person may say when she settles; the others follow from another act
BY_HAND = (
    Outcome.MET, Outcome.PARTLY, Outcome.NO_MEANS, Outcome.DECLINED, Outcome.NOT_ENTITLED, Outcome.ELSEWHERE,
)  # fmt: skip

BY_HAND_CHOICES = [(each.value, each.label) for each in BY_HAND]


class Satisfaction(models.TextChoices):
    """What the family said of the outcome; "not asked" is an answer of its own."""

    SATISFIED = "satisfied", _("满意")
    PARTLY = "partly", _("基本满意")
    NOT = "not", _("不满意")
    NOT_ASKED = "not_asked", _("没有问到")


class Service(models.TextChoices):
    """What was done (a step)."""

    CASH = "cash", _("现金")
    GOODS = "goods", _("物资")
    APPLICATION = "application", _("代办申请")
    TREATMENT = "treatment", _("就医")
    REHABILITATION = "rehabilitation", _("康复")
    AIDS = "aids", _("辅助器具")
    RESPITE = "respite", _("照料喘息")
    STUDY_AID = "study_aid", _("助学")
    BACK_TO_SCHOOL = "back_to_school", _("返校")
    TUTORING = "tutoring", _("学业辅导")
    COUNSELLING = "counselling", _("心理咨询")
    GROUP = "group", _("小组活动")
    SHELTER = "shelter", _("临时庇护")
    POLICE = "police", _("报警陪同")
    LEGAL_AID = "legal_aid", _("法律援助")
    PARENTING = "parenting", _("亲职指导")
    MEDIATION = "mediation", _("家庭调解")
    GUARDIANSHIP = "guardianship", _("监护干预")
    FOSTERING = "fostering", _("寄养")
    SEARCH = "search", _("寻亲")
    TRAINING = "training", _("职业培训")
    JOB = "job", _("就业")
    COMPANY = "company", _("陪伴")
    HOME_ACTIVITY = "home_activity", _("儿童之家活动")
    CONTACT = "contact", _("联系、询问")
    OTHER = "other", _("其他")
    SETTLEMENT = "settlement", _("办结说明")  # written by the settling itself, so that a reopened need keeps it


# what a person may say that she did
STEPS_BY_HAND = tuple(service for service in Service if service != Service.SETTLEMENT)
