"""What placing adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.text.words import Words
from orgs.audit.words import AUDIT_ACTS, Act
from orgs.reorganisation.registries import CONSEQUENCES
from orgs.workbench.kinds import TODO_KINDS
from registry.changes.models import Change
from registry.child.models import ChildFile, FileState
from registry.child.panels import FILE_EVENTS, FileEvent
from registry.placing import receivers  # noqa: F401  (connected when imported)
from registry.placing.workbench import TO_PLACE
from registry.stays.models import Stay
from registry.transfers.models import Transfer


def what_lies_there(units) -> list[tuple[Words, int]]:
    files = ChildFile.objects.filter(village__in=units, merged_into=None)
    open_changes = Change.objects.filter(child__village__in=units, state__in=("submitted", "returned"))
    transfers = Transfer.objects.open()
    return [
        (_("在册儿童"), files.filter(state=FileState.APPROVED).count()),
        (_("还没有审核通过的档案"), files.exclude(state__in=(FileState.APPROVED, FileState.CLOSED)).count()),
        (_("已结案的档案（留在原处，由接续单位查看）"), files.filter(state=FileState.CLOSED).count()),
        (_("没有办完的变更"), open_changes.count()),
        (
            _("没有办完的转出转入和临时居住"),
            (transfers.filter(origin__in=units) | transfers.filter(target__in=units)).count()
            + Stay.objects.open().filter(village__in=units).count(),
        ),
    ]


CONSEQUENCES.add(what_lies_there, order=10)
TODO_KINDS.add(TO_PLACE, order=45)
FILE_EVENTS.add(FileEvent("place", _("随机构调整")))
AUDIT_ACTS.add(
    Act("place_child", _("随机构调整安置儿童")),
    Act("list_to_place", _("打开待安置名单")),
    order=145,
    subject=_("转出转入和临时居住"),
)
