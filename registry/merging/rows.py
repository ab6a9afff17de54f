"""Which rows of a file go to the survivor when two files are merged, and which stay. Other concepts add theirs.

A test walks all models: a new one that points to a child's file must be named here by the concept that it belongs to.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models

from childwelfare.hooks import Registry


@dataclass(frozen=True)
class Merged:
    """Rows of ``model`` that belong to a file by ``child``.

    ``how``: "moved" to the survivor; "united" by ``services.merge``, which knows what they mean; "anew": derived
    rows, dropped here and planned again by their own concept after children_merged and children_unmerged.
    ``follows``: a placed row is where its file is; one that has a place of its own keeps it.
    ``sent_for``: the column that names the merged file for which a row came after the merge: undoing it gives the row
    to that file.
    """

    model: type[models.Model]
    how: str = "moved"
    follows: bool = True
    sent_for: str = ""


# why(survivor, other): why two files are not merged now, in words, "" for nothing
WHY_NOT_MERGED: Registry[Callable[[Any, Any], str]] = Registry("what keeps files from being merged")
MERGED: Registry[Merged] = Registry("rows that a merge moves")
# what stays with the file it belongs to, and why: {label of the model: reason}
NOT_MERGED: dict[str, str] = {}
