"""Finding a number by its last four digits, without keeping them readable.

A blind index of four digits alone would be weak: there are ten thousand of them, so who holds the database and knows
some of its numbers could look the tails of all others up; and with region, birth date and sex in clear the last four of
an ID number are the whole of it. So the digits are indexed together with a part of the same number that a search can
run through, its compartment: the year of birth in an ID number, the first three digits of a mobile number. A known
number then tells the tail of the few others in its compartment only (one in a hundred thousand or so), and a search
asks for its digits in every compartment. Nothing is known without the index key, which lies apart from the database;
with the key, whole numbers can be guessed as well (``sealing``). More than four digits are not indexed: who
asks for more opens the few candidates.
"""

from django.db.models import Model
from django.utils import timezone

from childwelfare.security.fields import BlindIndexField
from childwelfare.security.sealing import blind_index

TAIL = 4
NETWORKS = [f"1{digits}" for digits in range(30, 100)]  # what a mobile number begins with
YEARS = 40  # back from this one: files of grown-up children stay


def tail_index(number: str, label: str) -> str:
    """The blind index of the last four of ``number`` in its compartment; "" for a number too short to have one."""
    if len(number) < 10:
        return ""
    return _index(_compartment(number, label), number[-TAIL:], label)


def tail_indexes(tail: str, label: str) -> list[str]:
    """What ``tail_index`` gives for the numbers of any compartment that end in the last four of ``tail``."""
    return [_index(compartment, tail[-TAIL:], label) for compartment in _compartments(label)]


def _index(compartment: str, tail: str, label: str) -> str:
    return blind_index(f"{compartment}:{tail}", f"{label}_tail")


def _compartment(number: str, label: str) -> str:
    if label == "id_number":
        return number[6:10]
    return number[:3] if number[:3] in NETWORKS else "0"


def _compartments(label: str) -> list[str]:
    if label == "id_number":
        this_year = timezone.localdate().year
        return [str(year) for year in range(this_year - YEARS, this_year + 1)]
    return ["0", *NETWORKS]


class TailIndexField(BlindIndexField):
    """The tail index of the field ``source``; computed whenever the record is saved."""

    def pre_save(self, instance: Model, add: bool) -> str:
        value = tail_index(getattr(instance, self.source), self.label)
        setattr(instance, self.attname, value)
        return value
