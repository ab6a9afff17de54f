"""Every table of moves, by its model, and what the events of their moves mean wherever a record is read."""

from collections.abc import Collection, Iterator
from typing import Any

from django.core.exceptions import ImproperlyConfigured


class Tables(dict[str, Any]):
    """{label of the model: its Workflow}. A Workflow enters itself when its module is imported; at the start every
    ``workflow.py`` is, before any ``hooks.py``, and then they are ``complete``."""

    complete = False


WORKFLOWS = Tables()


def register(workflow: Any) -> None:
    """Raises ImproperlyConfigured where the model has a table already, and where a move has the name of one that means
    something else: who reads an event knows its action alone."""
    if workflow.model in WORKFLOWS:
        raise ImproperlyConfigured(f"{workflow.model} has a table of moves already")
    for label, other in WORKFLOWS.items():
        for action in workflow.transitions.keys() & other.transitions.keys():
            for flag in ("writes", "returns"):
                own, theirs = (bool(getattr(each.transitions[action], flag)) for each in (workflow, other))
                if own != theirs:
                    raise ImproperlyConfigured(
                        f"{workflow.model}: the move {action!r} says {flag}={own}, that of {label} {flag}={theirs};"
                        " say the same, or name it otherwise"
                    )
    WORKFLOWS[workflow.model] = workflow


class Actions(Collection[str]):
    """The actions of events whose moves say ``flag``, and ``others``, which are no moves; ``without`` some.

    A query takes them when it is put together, be it while a module is imported: read before all tables are there they
    raise ImproperlyConfigured, for some would be missing ever after."""

    def __init__(self, flag: str, *others: str, without: Collection[str] = ()) -> None:
        self.flag, self.others, self.without = flag, others, without

    def _names(self) -> dict[str, None]:
        if not WORKFLOWS.complete:
            raise ImproperlyConfigured(f"which moves say {self.flag!r} is asked before every workflow.py is imported")
        moves = [move for workflow in WORKFLOWS.values() for move in workflow.transitions.values()]
        flagged = [move.action for move in moves if getattr(move, self.flag) and move.action not in self.without]
        return dict.fromkeys((*self.others, *flagged))

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def __contains__(self, action: object) -> bool:
        return action in self._names()
