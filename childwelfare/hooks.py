"""Hooks: what a concept adds to others, found by one loop.

A concept is a package inside an app (``registry.papers``). Its ``hooks.py`` puts into the registries of what lies
below it what it adds there: a navigation entry, a panel on the child's page, a kind of item that phones send, signal
receivers, words of the audit trail. What lies below never imports it. The apps' start imports every ``workflow.py``,
then every ``hooks.py`` and ``jobs.py`` once, when all models are loaded; the demo command imports every ``demo.py``.
"""

import importlib
import importlib.util
import pkgutil
from bisect import bisect_right
from typing import Generic, TypeVar

from django.core.exceptions import ImproperlyConfigured

APPS = ("childwelfare", "orgs", "registry", "visits", "reports")

Item = TypeVar("Item")


class Registry(list[Item], Generic[Item]):
    """What concepts add to one place: in the order of their ``order``, then as they came.

    ``of`` says in the error message what the items are. The same item twice is a mistake of the code and raises
    ImproperlyConfigured.
    """

    def __init__(self, of: str) -> None:
        super().__init__()
        self.of = of
        self._orders: list[int] = []

    def add(self, *items: Item, order: int = 0) -> None:
        for item in items:
            if item in self:
                raise ImproperlyConfigured(f"{self.of}: {item!r} is there already")
            place = bisect_right(self._orders, order)
            self._orders.insert(place, order)
            self.insert(place, item)


class KeyedRegistry(dict[str, Item], Generic[Item]):
    """As Registry, by the attribute ``key`` of each item."""

    def __init__(self, of: str, key: str) -> None:
        super().__init__()
        self.of, self.key = of, key
        self._orders: dict[str, int] = {}

    def add(self, *items: Item, order: int = 0) -> None:
        for item in items:
            name = getattr(item, self.key)
            if name in self:
                raise ImproperlyConfigured(f"{self.of}: {name!r} is there already")
            self[name], self._orders[name] = item, order
        in_order = sorted(self.items(), key=lambda pair: self._orders[pair[0]])
        self.clear()
        self.update(in_order)


def concepts() -> list[str]:
    """The dotted names of all packages inside the apps, app by app from the bottom up."""
    found = []
    for app in APPS:
        folder = importlib.import_module(app).__path__
        found += [f"{app}.{module.name}" for module in pkgutil.iter_modules(folder) if module.ispkg]
    return found


def discover(*names: str) -> None:
    """Import the modules ``names`` of every concept that has them."""
    for concept in concepts():
        for name in names:
            module = f"{concept}.{name}"
            if importlib.util.find_spec(module):
                importlib.import_module(module)
