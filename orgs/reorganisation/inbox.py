"""What is told of a reorganisation: to who works there, that it took effect; to who ordered it, that it could not."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs.inbox.kinds import About, InboxKind
from orgs.reorganisation.models import Kind, Reorganisation


def _to_the_order(about: About) -> str:
    return reverse("unit-change-detail", args=[about.pk])


def _changed(about: About) -> str:
    kind = dict(Kind.choices).get(about.mark, "")
    return _("机构有变动，请看与您有关的部分：%(kind)s") % {"kind": kind}


CHANGED = InboxKind(
    key="unit_changed",
    label=gettext_lazy("机构变动"),
    icon="diagram-3",
    records=Reorganisation.objects.all,
    columns={"mark": "kind"},
    title=_changed,
    url=_to_the_order,
    news=True,
)
FAILED = InboxKind(
    key="unit_change_failed",
    label=gettext_lazy("机构调整未能生效"),
    icon="exclamation-circle",
    records=Reorganisation.objects.all,
    title=lambda about: _("一项机构调整到了日期却未能生效，请看原因"),
    url=_to_the_order,
    news=True,
    urgent=True,
)
