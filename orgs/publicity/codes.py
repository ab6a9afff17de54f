"""Words of publicity (宣传): for whom an activity was."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    GUARDIANS = "guardians", _("监护人")
    CHILDREN = "children", _("孩子")
    VILLAGERS = "villagers", _("村（居）民")
    TEACHERS = "teachers", _("教师")
    VOLUNTEERS = "volunteers", _("志愿者")
