"""What a file's form asks, theme by theme: a step on a phone, a section on a PC. Which fields stand where says their
entry in registry.child.field_table.

A step is (key, question, groups of fields), a group (title, names of fields); one with a title is folded until it is
wanted.
"""

from django.utils.translation import gettext_lazy as _

from registry.child.fields import fields

CATEGORY = ("category", _("属于哪一类？"), (("", ("categories", "difficulty", "since", "grounds")),))

# (key, question, groups); a group: (key, title)
OUTLINE = (
    ("identity", _("孩子是谁？"), (("", ""), ("registration", _("户籍")))),
    ("guardian", _("谁在照看？"), (("", ""), ("more", _("照看人的其他情况")), ("entrusted", _("委托照护")))),
    (
        "family",
        _("父母和家庭"),
        (
            ("father", ""),
            ("father more", _("父亲的其他情况")),
            ("mother", ""),
            ("mother more", _("母亲的其他情况")),
            ("grandparents", _("祖父母、外祖父母")),
            ("household", ""),
        ),
    ),
    (
        "life",
        _("上学和身体"),
        (
            ("", ""),
            ("left school", _("离校情况")),
            ("health", _("残疾、疾病和医保")),
            ("other", _("其他情形")),
        ),
    ),
)
# the one question that is no field: (step, group) → its place among them
VILLAGE = (("identity", ""), 70)


def _names(step: str, group: str) -> tuple[str, ...]:
    """What the group asks, in order."""
    found = []
    for field in fields().values():
        question = field.entry.question
        if (question.step, question.group.format(holder=field.holder)) == (step, group):
            found.append((question.order, field.name))
    if VILLAGE[0] == (step, group):
        found.append((VILLAGE[1], "village"))
    # sorted keeps the table's order where two have the same
    return tuple(name for _order, name in sorted(found, key=lambda pair: pair[0]))


def _step(key: str, question, groups) -> tuple:
    return key, question, tuple((title, _names(key, group)) for group, title in groups)


STEPS = (CATEGORY, *(_step(*step) for step in OUTLINE))
