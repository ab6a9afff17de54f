"""What docs/how_to.md says of a new field, done from outside: code list, column, entry.

A choice, a sealed number and a text of the child's, the text needed of migrant children alone; one of the guardian's.
"""

from django.db import models

from childwelfare.security.fields import EncryptedTextField
from registry.child.codes import IN_SCHOOL, Category
from registry.child.field_entry import CHILD, GUARDIAN, Entry, ListColumn, ListFilter, Question, Requirement
from registry.child.field_table import TABLE
from registry.child.parts import SchoolLife


class WayToSchool(models.TextChoices):
    WALK = "walk", "步行上学"
    BUS = "bus", "坐校车"


SchoolLife.add_to_class(
    "way_to_school", models.CharField("上学方式", max_length=8, choices=WayToSchool.choices, blank=True)
)
SchoolLife.add_to_class("student_number", EncryptedTextField("学籍号"))
SchoolLife.add_to_class("camp", models.CharField("夏令营", max_length=20, blank=True))
WORK = models.CharField("职业", max_length=20, blank=True)  # of registry.family.models.Guardian, which isn't there yet

TABLE += [
    Entry(
        "way_to_school", CHILD, "school", Question("life", 45, label="孩子怎样上学"), heading="上学方式",
        synonyms=("交通方式",), print_block="school", visit_order=4, sample=("walk", "bus"),
        requirement=Requirement(
            "上学的方式", 25, lambda case: case.file.schooling in IN_SCHOOL, source="校车安全管理条例"
        ),
        list_column=ListColumn(115), list_filter=ListFilter(115),
    ),
    Entry("student_number", CHILD, "school", Question("life", 46), heading="学籍号", print_block="school"),
    Entry(
        "camp", CHILD, "school", Question("life", 47), heading="夏令营", print_block="school",
        requirement=Requirement("夏令营", 26, categories=(Category.MIGRANT,)),
    ),
    Entry("work", GUARDIAN, "family", Question("guardian", 35, "more"), heading="职业", print_block="guardian"),
]  # fmt: skip
