"""The ledger's columns under their merged headers, as the screen and the paper print them."""

from collections.abc import Iterable

from childwelfare.text.words import Words
from reports.indicators.table import INDICATORS, Indicator


def header_groups(columns: Iterable[Indicator] = INDICATORS) -> list[tuple[Words, list[Indicator]]]:
    """Neighbours of one group together; a column without a group stands alone under ""."""
    groups: list[tuple[Words, list[Indicator]]] = []
    for indicator in columns:
        if groups and indicator.group and groups[-1][0] == indicator.group:
            groups[-1][1].append(indicator)
        else:
            groups.append((indicator.group, [indicator]))
    return groups
