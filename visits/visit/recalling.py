"""What keeps a visit from being taken back by who sent it, besides its state. What is built on a visit adds its own."""

from collections.abc import Callable

from childwelfare.hooks import Registry
from visits.visit.models import Visit

# each gives why the visit is not taken back, in words for who sent it, or blank; asked with the visit's row held
WHY_NOT_RECALLED: Registry[Callable[[Visit], str]] = Registry("what keeps a visit from being taken back")
