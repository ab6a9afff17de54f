"""How far a run goes: ``--quick``, as usual, or ``--long`` with every example and every run of the outbox.

A property test says how many examples the whole of it takes, ``@settings(max_examples=examples(200))``; a usual run
takes a tenth of them. Loaded before the tests are, since decorators ask while they are read.
"""

import pytest
from hypothesis import HealthCheck, settings

FEWEST, FEW = 2, 5  # examples of a quick run; of a usual one at least
_chosen = "usual"


def examples(whole: int) -> int:
    """How many of ``whole`` examples this run takes."""
    return {"long": whole, "usual": min(whole, max(FEW, whole // 10)), "quick": min(whole, FEWEST)}[_chosen]


def pytest_addoption(parser):
    group = parser.getgroup("depth", "how far the run goes")
    group.addoption("--long", action="store_true", help="every example of every property, every run of the outbox")
    group.addoption("--quick", action="store_true", help="no browser, the fewest examples, nothing exhaustive")


def pytest_configure(config):
    global _chosen
    if config.option.long and config.option.quick:
        raise pytest.UsageError("--long or --quick, not both.")
    _chosen = "long" if config.option.long else "quick" if config.option.quick else "usual"
    # no example fails for being slow: the machine may be busy
    settings.register_profile(
        "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=examples(100)
    )
    settings.load_profile("patient")


def pytest_ignore_collect(collection_path, config):
    """The round on SQLite, ``-m both``, reads no file that marks nothing for it: two of three."""
    asked = config.option.markexpr == "both" and collection_path.name.startswith("test_")
    return True if asked and "mark.both" not in collection_path.read_text() else None


def pytest_collection_modifyitems(config, items):
    """A quick run opens no browser, and asks everything of everybody only where such a test is named."""
    if not config.option.quick:
        return
    is_of_all = config.args_source is not config.ArgsSource.ARGS
    left_out = ("browser", "exhaustive") if is_of_all else ("browser",)
    deselected = [item for item in items if any(item.get_closest_marker(name) for name in left_out)]
    if deselected:
        config.hook.pytest_deselected(items=deselected)
        items[:] = [item for item in items if item not in deselected]
