"""What the dated status of help adds to other concepts."""

from registry.child.built_on import NOT_BUILT_ON
from registry.help_status import receivers  # noqa: F401  (connected when imported)
from registry.help_status.measures import HELP_MEASURES
from registry.merging.rows import NOT_MERGED
from registry.status.measures import MEASURES
from registry.transfers.moving import NOT_MOVED

MEASURES.add(*HELP_MEASURES)
NOT_MERGED["registry.HelpStatus"] = "what its records counted as: written anew after a merge and its undoing"
NOT_BUILT_ON["registry.HelpStatus"] = "follows the assessments, needs and plans themselves"
NOT_MOVED["registry.HelpStatus"] = "where its records counted until the child moved: figures of the old place stay"
