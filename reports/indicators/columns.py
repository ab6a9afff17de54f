"""The ledger's columns under their merged headers, as the screen and the paper print them."""

from reports.indicators.table import INDICATORS, Indicator


def header_groups() -> list[tuple[str, list[Indicator]]]:
    """Neighbours of one group together; a column without a group stands alone under ""."""
    groups: list[tuple[str, list[Indicator]]] = []
    for indicator in INDICATORS:
        if groups and indicator.group and groups[-1][0] == indicator.group:
            groups[-1][1].append(indicator)
        else:
            groups.append((indicator.group, [indicator]))
    return groups
