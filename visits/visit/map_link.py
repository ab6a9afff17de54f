"""Finding the way: the phone's own map, which works without a network and is told a place, never a child."""

from urllib.parse import quote

from orgs.units.models import OrgUnit


def map_link(place: OrgUnit, address: str) -> str:
    """A ``geo:`` address (RFC 5870) that a phone opens in its map, looking for ``address`` in ``place``.

    By name and not by coordinates: maps here shift them by some hundred metres (GCJ-02). "" without an address.
    """
    where = "".join(unit.name for unit in place.chain()) + address
    return f"geo:0,0?q={quote(where)}" if address else ""
