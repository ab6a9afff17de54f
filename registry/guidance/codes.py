"""Words of the guidance of guardians (指导监护) and of entrusted care (委托照护)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Topic(models.TextChoices):
    """What a guardian is told: 未成年人保护法 art. 16, 18, 21–23."""

    DUTIES = "duties", _("监护职责")
    CONTACT = "contact", _("每周联系孩子")
    SAFETY = "safety", _("居家和出行安全")
    SCHOOLING = "schooling", _("按时上学")
    HEALTH = "health", _("营养和看病")
    MOOD = "mood", _("陪伴和情绪")
    INTERNET = "internet", _("上网和手机")
    ABUSE = "abuse", _("防侵害，不打骂")
    BENEFITS = "benefits", _("救助政策")


class Unfit(models.TextChoices):
    """Who may not be entrusted with a child (未成年人保护法 art. 22)."""

    OFFENCE = "offence", _("曾有性侵害、虐待、遗弃、拐卖、暴力伤害等违法犯罪行为")
    VICE = "vice", _("有吸毒、酗酒、赌博等恶习")
    NEGLECT = "neglect", _("曾拒不履行或长期怠于履行监护、照护职责")
    OTHER = "other", _("有其他不适宜的情形")
