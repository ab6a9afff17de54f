"""What an administrator asked for an account: a post or a new password. Kept with how it ended."""

import datetime
import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orgs.access.scope import ScopedQuerySet
from orgs.posts.models import Role


class Kind(models.TextChoices):
    POST = "post", _("任命岗位")
    PASSWORD = "password", _("重设密码")
    END = "end", _("结束岗位")


# what a second administrator is asked before saying yes
CONFIRM_QUESTIONS = {
    Kind.POST: _("您确认已当面或电话核实过？确认后立即任命；给出一次性密码的，由您转交本人。"),
    Kind.PASSWORD: _("您确认已当面或电话核实过？确认后原密码立即作废，一次性密码由您转交本人。"),
    Kind.END: _("您确认已当面或电话核实过？确认后这个岗位立即结束，本人不能再用它查看和办理。"),
}


class State(models.TextChoices):
    TO_CONFIRM = "to_confirm", _("待另一位管理员确认")
    OFFERED = "offered", _("待本人接受")
    DONE = "done", _("已生效")
    DECLINED = "declined", _("本人谢绝")
    REFUSED = "refused", _("未予确认")
    WITHDRAWN = "withdrawn", _("已撤回")


WAITING = (State.TO_CONFIRM, State.OFFERED)


class AccountRequestQuerySet(ScopedQuerySet):
    via = "unit__"

    def waiting(self, now: datetime.datetime | None = None) -> Self:
        """Those that can still take effect: past their last moment they are over without anybody's doing."""
        return self.filter(state__in=WAITING, ends_at__gt=now or timezone.now())

    def to_confirm(self) -> Self:
        return self.waiting().filter(state=State.TO_CONFIRM)

    def offered_to(self, person_id: int) -> Self:
        return self.waiting().filter(state=State.OFFERED, person=person_id)

    def news_for(self, person_id: int) -> Self:
        """What the owner of the account has not been told, or has still to answer."""
        unread = Q(seen_at=None, state=State.DONE) | Q(seen_at=None, state=State.TO_CONFIRM)
        return self.filter(person=person_id).filter(unread | Q(state=State.OFFERED, ends_at__gt=timezone.now()))

    def with_words(self) -> Self:
        return self.select_related(
            "person", "unit__city", "unit__county", "unit__township", "asked_by__person", "asked_by__unit", "decided_by"
        )


class AccountRequest(models.Model):
    """``person``: whose account it is; None while it is a new one, and for an offer that fits nobody.

    ``username`` and ``name`` are as they were typed: what is shown to the asker never says more than that.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("事项"), max_length=10, choices=Kind)
    state = models.CharField(_("状态"), max_length=12, choices=State)
    person = models.ForeignKey("orgs.Person", models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+")
    role = models.CharField(_("岗位"), max_length=32, choices=Role, blank=True)
    username = models.CharField(_("登录名"), max_length=150)
    name = models.CharField(_("姓名"), max_length=50)
    phone = models.CharField(_("工作电话"), max_length=20, blank=True)
    document = models.CharField(_("任免文号"), max_length=60, blank=True)
    asked_by = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("提出时间"))
    ends_at = models.DateTimeField(_("有效至"))
    decided_by = models.ForeignKey("orgs.Person", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    seen_at = models.DateTimeField(null=True)

    objects = AccountRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("账号事项")
        indexes = [
            # what waits for a second administrator: the bell of every page of theirs
            models.Index(fields=["state", "ends_at"], name="account_requests_waiting"),
            # what the owner of an account has not read: the bell of every page of everybody
            models.Index(fields=["person", "state"], name="account_requests_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING and self.ends_at > timezone.now()

    @property
    def is_to_confirm(self) -> bool:
        return self.is_waiting and self.state == State.TO_CONFIRM

    @property
    def is_offered(self) -> bool:
        return self.is_waiting and self.state == State.OFFERED

    @property
    def title(self) -> str:
        return gettext("%(name)s：%(what)s") % {"name": self.get_kind_display(), "what": self.name}

    @property
    def confirm_question(self) -> str:
        return str(CONFIRM_QUESTIONS[Kind(self.kind)])

    @property
    def state_label(self) -> str:
        """How it stands, one that nobody answered in time included."""
        return str(_("已过期") if self.state in WAITING and not self.is_waiting else self.get_state_display())
