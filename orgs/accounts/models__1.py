"""Accounts: one per person, never shared, never deleted."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Person(AbstractUser):
    """A member of staff who signs in. What it may do comes from its appointments alone."""

    first_name = last_name = None
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("姓名"), max_length=50)
    phone = models.CharField(_("工作电话"), max_length=20, blank=True)
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=False)

    class Meta:
        verbose_name = _("工作人员")

    def __str__(self):
        return self.name or self.username

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name
