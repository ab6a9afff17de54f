"""What an order will come to, counted before it is given."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from childwelfare.text.words import Words
from orgs.posts.models import Appointment
from orgs.reorganisation.models import Kind, ReorganisationPart
from orgs.reorganisation.registries import CONSEQUENCES
from orgs.reorganisation.rules import Part
from orgs.reorganisation.tree import closing_units


@dataclass(frozen=True)
class Preview:
    """``lines``: what becomes of which unit; ``counts``: (what, how many) lies at those that close."""

    lines: list[str]
    closing: int
    counts: list[tuple[Words, int]]


def preview_of(kind: str, parts: Sequence[Part]) -> Preview:
    closing = closing_units(kind, parts)
    keys = [unit.pk for unit in closing]
    posts = Appointment.objects.current().filter(unit__in=keys).count()
    counts: list[tuple[Words, int]] = [(_("在任的岗位"), posts)] if keys else []
    for counted in CONSEQUENCES if keys else ():
        counts += counted(keys)
    return Preview([line_of(kind, part) for part in parts], len(closing), counts)


def line_of(kind: str, part: Part | ReorganisationPart) -> str:
    """One part in words: “高村乡 › 刘沟村” 改名为 “刘沟社区”."""
    unit = part.source.path_label if part.source else ""
    if kind == Kind.RENAME and isinstance(part, ReorganisationPart):
        unit = part.was_name  # its row has the new one by now
    parent = part.parent.path_label if part.parent else ""
    to = part.target.path_label if part.target else part.name
    words = {
        Kind.RENAME: _("“%(unit)s”改名为“%(to)s”"),
        Kind.MOVE: _("“%(unit)s”调整到“%(parent)s”下面"),
        Kind.MERGE: _("“%(unit)s”并入“%(to)s”"),
        Kind.SPLIT: _("“%(unit)s”拆出“%(to)s”"),
        Kind.OPEN: _("在“%(parent)s”下面新设“%(to)s”"),
        Kind.CLOSE: _("撤销“%(unit)s”"),
    }[Kind(kind)]
    return words % {"unit": unit, "parent": parent, "to": to}
