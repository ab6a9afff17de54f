"""What others make of an approved file: once there is any of it, the approval is not taken back.

Concepts add theirs. A test walks all models: a new one that points to a child's file must be named here by the concept
that it belongs to.
"""

import datetime
from dataclasses import dataclass

from django.db import models
from django.db.models import Exists, OuterRef

from childwelfare.hooks import Registry
from childwelfare.text.words import Words
from registry.child.models import ChildFile


@dataclass(frozen=True)
class BuiltOn:
    """Rows of ``model`` that are about the file ``child``; ``moment``: the column that says when each was made."""

    model: type[models.Model]
    label: Words
    moment: str = "made_at"
    child: str = "child"


BUILT_ON: Registry[BuiltOn] = Registry("what is built on an approved file")
# what does not keep an approval from being taken back, and why: {label of the model: reason}
NOT_BUILT_ON: dict[str, str] = {}


def built_since(file: ChildFile, moment: datetime.datetime) -> list[str]:
    """The labels of what was made of ``file`` since ``moment``. One query."""
    found = {}
    for number, each in enumerate(BUILT_ON):
        since = {each.child: OuterRef("pk"), f"{each.moment}__gte": moment}
        found[f"built_{number}"] = Exists(each.model._base_manager.filter(**since))
    row = ChildFile._base_manager.filter(pk=file.pk).annotate(**found).values_list(*found).get()
    return [str(each.label) for each, is_there in zip(BUILT_ON, row, strict=True) if is_there]
