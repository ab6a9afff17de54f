"""What other concepts say of units that are to be reorganised, and what follows from it there."""

import datetime
from collections.abc import Callable, Collection

from django.dispatch import Signal

from childwelfare.hooks import Registry
from childwelfare.text.words import Words
from orgs.units.models import OrgUnit

# (root, first day) → why nothing may be altered from that day on, "" where nothing was told of it yet
REPORTED: Registry[Callable[[OrgUnit, datetime.date], str]] = Registry("what was reported of days that are over")
# (keys of units that close) → (what lies there, how many): what the preview counts
CONSEQUENCES: Registry[Callable[[Collection[int]], list[tuple[Words, int]]]] = Registry("what lies at units that close")

# an order took effect, inside its transaction: reorganisation
units_reorganised = Signal()
