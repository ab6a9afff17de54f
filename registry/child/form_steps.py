"""What a file's form asks, theme by theme: a step on a phone, a section on a PC.

A step is (key, question, groups of fields), a group (title, names of fields); one with a title is folded until it is
wanted.
"""

from django.utils.translation import gettext_lazy as _

from registry.child.fields import GRANDPARENT_FIELDS, GRANDPARENTS

CATEGORY = ("category", _("属于哪一类？"), (("", ("categories", "difficulty", "since", "grounds")),))

IDENTITY = (
    "identity",
    _("孩子是谁？"),
    (
        ("", ("name", "id_number", "no_id_reason", "birth_date", "sex", "nation", "village", "address")),
        (_("户籍"), ("registration", "registered_region", "registered_at", "here_since")),
    ),
)

GUARDIAN = (
    "guardian",
    _("谁在照看？"),
    (
        ("", ("guardian_relation", "guardian_name", "guardian_phone", "guardian_capacity", "guardianship", "risk")),
        (
            _("照看人的其他情况"),
            (
                "guardian_birth_date",
                "guardian_id_number",
                "guardian_health",
                "guardian_address",
                "guardianship_kind",
            ),
        ),
        (
            _("委托照护"),
            (
                "guardian_entrusted_from",
                "guardian_entrusted_to",
                "guardian_entrusted_terms",
                "guardian_briefed_on",
            ),
        ),
    ),
)

PARENT_FIRST = ("name", "life", "away", "away_at", "phone")
PARENT_MORE = (
    "away_since",
    "unable",
    "situation",
    "situation_since",
    "situation_until",
    "disability",
    "disability_grade",
    "contact_proof",
    "birth_date",
    "id_number",
)


def _each(people, columns) -> tuple[str, ...]:
    return tuple(f"{person}_{column}" for person in people for column in columns)


FAMILY = (
    "family",
    _("父母和家庭"),
    (
        ("", _each(["father"], PARENT_FIRST)),
        (_("父亲的其他情况"), _each(["father"], PARENT_MORE)),
        ("", _each(["mother"], PARENT_FIRST)),
        (_("母亲的其他情况"), _each(["mother"], PARENT_MORE)),
        (_("祖父母、外祖父母"), _each(GRANDPARENTS, GRANDPARENT_FIELDS)),
        ("", ("phone", "incomes", "low_income", "relief")),
    ),
)

LIFE = (
    "life",
    _("上学和身体"),
    (
        ("", ("schooling", "school", "grade", "boarding", "health")),
        (_("离校情况"), ("out_of_school_since", "out_of_school_reason")),
        (
            _("残疾、疾病和医保"),
            ("disability", "disability_grade", "disability_certificate", "illness", "serious_illness", "insurance"),
        ),
        (_("其他情形"), ("flags",)),
    ),
)

STEPS = (CATEGORY, IDENTITY, GUARDIAN, FAMILY, LIFE)
