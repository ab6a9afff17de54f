"""What disclosure adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from orgs.audit.words import AUDIT_ACTS, Act, words_of
from registry.child.built_on import NOT_BUILT_ON
from registry.child.codes import Relation
from registry.child.panels import WAYS_OUT, FileAction
from registry.disclosure.models import IdentityCheck
from registry.merging.rows import NOT_MERGED

NOT_MERGED["registry.Disclosure"] = "what was handed out of that file, and to whom"
WAYS_OUT.add(
    FileAction(
        address="child-disclosure", permission="disclose_child", icon="file-earmark-text",
        label=_("依申请向监护人提供"),
    ),
    order=20,
)  # fmt: skip
AUDIT_ACTS.add(
    Act(
        "disclose", _("向监护人提供档案"), reads_file=True,
        codes={"relation": words_of(Relation), "checked": words_of(IdentityCheck)},
    ),
    order=210,
    subject=_("儿童档案"),
)  # fmt: skip
NOT_BUILT_ON["registry.Disclosure"] = "what was handed out stays recorded; nobody goes on from it in the file"
