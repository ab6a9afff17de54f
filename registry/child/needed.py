"""What a station can't review a file without: a draft may have been put by with less."""

from django.utils.translation import gettext as _

from registry.child.codes import Category, Schooling
from registry.child.models import ChildFile


def needed_before_sending(file: ChildFile) -> dict[str, str]:
    """{key: its words} of what is missing and has to be there before ``file`` is sent. Where a rule of data quality
    asks for the same the key is the rule's: so it isn't named once more among what may come later."""
    held = [one for one in file.memberships.all() if one.until is None]
    unsaid = any(one.category == Category.DIFFICULTY and not one.difficulty for one in held)
    guardian = next((one for one in file.guardians.all() if one.until is None and one.name), None)
    dropped_out = file.schooling == Schooling.DROPPED_OUT
    asked = (
        ("no_id_number", _("身份证号或没有的原因"), file.id_index or file.no_id_reason),
        ("no_sex", _("性别"), file.sex),
        ("no_nation", _("民族"), file.nation),
        ("no_category", _("儿童类别"), file.category_codes),
        ("no_difficulty", _("困境类型"), not unsaid),
        ("no_out_of_school_since", _("离校日期"), file.out_of_school_since or not dropped_out),
        ("no_guardian", _("实际监护人"), guardian),
        ("no_guardian_relation", _("照看人与孩子关系"), guardian is None or guardian.relation),
    )
    return {key: str(label) for key, label, there in asked if not there}
