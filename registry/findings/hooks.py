"""What findings add to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.audit.words import AUDIT_ACTS, Act, words_of
from orgs.workbench.kinds import TODO_KINDS
from registry.child.built_on import BUILT_ON, BuiltOn
from registry.child.codes import Category
from registry.findings.models import Finding, FindingDecision, FindingKind
from registry.findings.workbench import TO_DECIDE, to_decide
from registry.merging.rows import NOT_MERGED
from registry.transfers.moving import MOVED

NAVIGATION.add(
    Entry("finding-list", _("待核事项"), "lightbulb", ("view_findings",), count=to_decide, group="files"), order=230
)
NOT_MERGED["registry.Finding"] = "what the rules found about that file, and the decision; the survivor is judged anew"
MOVED.add(Finding, order=27)
AUDIT_ACTS.add(
    Act("list_findings", _("打开待核事项"), codes={"kind": words_of(FindingKind)}),
    Act("recount_findings", _("重新核对待核事项")),
    Act(
        "decide_finding", _("决定待核事项"),
        codes={
            "kind": words_of(FindingKind), "category": words_of(Category), "decision": words_of(FindingDecision),
        },
    ),
    Act("undo_decide_finding", _("撤销待核事项的决定")),
    order=220,
    subject=_("待核事项和规定"),
)  # fmt: skip
TODO_KINDS.add(TO_DECIDE, order=50)
BUILT_ON.add(BuiltOn(Finding, _("待核事项的决定"), moment="decided_at"), order=34)
