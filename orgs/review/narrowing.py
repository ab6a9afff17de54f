"""The desk of one kind or one village alone: what of the queue is shown, and the choices there are."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from orgs.review.queue import QueueItem


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """``kind``: the key of one; ``village``: the key of a unit. "" for all."""

    kind: str = ""
    village: str = ""

    @classmethod
    def of(cls, request: Any) -> "Narrowing":
        """As the address says it: forms and links of the desk carry it on."""
        return cls(kind=request.GET.get("only", ""), village=request.GET.get("village", ""))

    @property
    def query(self) -> str:
        """``?only=visit&village=2504``, or "" where nothing is narrowed."""
        asked = {name: value for name, value in (("only", self.kind), ("village", self.village)) if value}
        return f"?{urlencode(asked)}" if asked else ""

    def among(self, queue: list[QueueItem], kind: str = "", pk: Any = None) -> list[QueueItem]:
        """What of ``queue`` is shown; the case that was asked for always is."""
        return [item for item in queue if self._fits(item) or (item.kind == kind and item.pk == pk)]

    def choices(self, queue: list[QueueItem]) -> dict[str, Any]:
        """The kinds and villages of which something waits, as (key, words, whether chosen)."""
        kinds = {item.kind: str(item.of.label) for item in queue}
        villages = {str(item.record.village_id): item.village for item in queue}
        return {
            "kinds": [(key, label, key == self.kind) for key, label in kinds.items()],
            "villages": [(key, name, key == self.village) for key, name in villages.items()],
        }

    def _fits(self, item: QueueItem) -> bool:
        return self.kind in ("", item.kind) and self.village in ("", str(item.record.village_id))
