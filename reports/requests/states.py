"""Where a request and what a unit answers are, and how an answer is given."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RequestState(models.TextChoices):
    DRAFT = "draft", _("拟要")
    SENT = "sent", _("收数中")
    CLOSED = "closed", _("已收结")
    WITHDRAWN = "withdrawn", _("已撤销")


class QuestionKind(models.TextChoices):
    NUMBER = "number", _("数")
    YES_NO = "yes_no", _("是或否")
    CHOICE = "choice", _("选一项")
    TEXT = "text", _("几个字")


class AnswerState(models.TextChoices):
    OPEN = "open", _("未答")
    ANSWERED = "answered", _("已答")
    RETURNED = "returned", _("已退回")


# what the unit itself is still to send
OPEN_STATES = (AnswerState.OPEN, AnswerState.RETURNED)
