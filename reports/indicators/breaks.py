"""Where a series of periods breaks: an indicator that came to count something else has another version from then on,
and what was counted before it is not the same measure."""

from collections.abc import Iterable, Mapping, Sequence

from reports.indicators.indicator import Indicator

Stored = Mapping[str, int]  # {stored key: number} of one period


def counted_as(indicator: Indicator, stored: Stored) -> tuple[int, int] | None:
    """(version, number) of ``indicator`` in a period, by the last version that it was counted by then; None where it
    was not counted at all."""
    for version in range(indicator.version, 0, -1):
        key = indicator.key if version == 1 else f"{indicator.key}.{version}"
        if key in stored:
            return version, stored[key]
    return None


def breaks_in(indicator: Indicator, periods: Sequence[tuple[str, Stored]]) -> list[str]:
    """Keys of those of ``periods``, oldest first, from which on it counts something else than in the one before."""
    found, last = [], None
    for key, stored in periods:
        counted = counted_as(indicator, stored)
        if counted is None:
            continue
        if last is not None and counted[0] != last:
            found.append(key)
        last = counted[0]
    return found


def changed_since(indicators: Iterable[Indicator], stored: Stored) -> list[Indicator]:
    """Those that count something else today than in ``stored``, so that the two must not be compared."""
    held = ((each, counted_as(each, stored)) for each in indicators)
    return [each for each, counted in held if counted is not None and counted[0] != each.version]
