"""Which rows go along when a child is handed on to another village, and which stay. Other concepts add theirs.

A placed row says by its place who may read and decide it. A test walks all models: a new placed one that points to a
child's file must be named here, in the ``hooks.py`` of the concept that it belongs to.
"""

from typing import Any

from childwelfare.hooks import Registry

# Placed models whose rows are where their ``child`` is: a transfer puts them there with the file
MOVED: Registry[type[Any]] = Registry("rows that move along with a file")
# what stays where it was, or is put there by somebody else, and why: {label of the model: reason}
NOT_MOVED: dict[str, str] = {}
