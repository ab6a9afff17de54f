"""The units through which a need goes: those over the child's village, and the village. Asks nothing of a need that was
read with ``Need.PLACES``."""

from orgs.access.scope import TIERS
from orgs.units.models import Level, OrgUnit
from registry.needs.models import Need


def line_of(need: Need) -> list[OrgUnit]:
    """From the city down to the village, without a tier that is a stand-in here: nobody works there."""
    units = [getattr(need, tier) for tier in TIERS]
    return [unit for unit in units if unit and not unit.stand_in]


def unit_above(need: Need) -> OrgUnit | None:
    """The unit of the tier over the one that holds ``need``; None at the top."""
    over = [unit for unit in line_of(need) if unit.level < need.holder.level]
    return over[-1] if over else None


def units_below(need: Need) -> list[OrgUnit]:
    """To whom its holder may give it, the nearest first."""
    return [unit for unit in line_of(need) if unit.level > need.holder.level]


def units_between(need: Need) -> list[OrgUnit]:
    """Those over the unit that recorded ``need``, below the one that holds it: through whose hands it went."""
    return [unit for unit in line_of(need) if need.holder.level < unit.level < need.made_in.unit.level]


def told_of_discontent(need: Need) -> list[OrgUnit]:
    """Who is told that a need was settled and left the family dissatisfied, besides who recorded it: the tier above,
    and who had it in hands before. One query."""
    above, line = unit_above(need), line_of(need)
    had_it = set(need.events.values_list("holder", flat=True)) - {need.holder_id, need.made_in.unit_id}
    told = {unit.pk for unit in (*([above] if above else []), *units_between(need))}
    return [unit for unit in line if unit.pk in told | had_it]


def own_unit_in_line(need: Need) -> OrgUnit:
    """The unit of the holder's tier where the child is now; the next one over it, where that tier is a stand-in."""
    line = line_of(need)
    return next((unit for unit in reversed(line) if unit.level <= need.holder.level), line[0])


def tier_word(level: int) -> str:
    """村, 乡, 县, 市: how a chain of hands names a tier."""
    return str(Level(level).label)
