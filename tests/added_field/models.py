"""What docs/how_to.md says of a new field, done from outside: code list, column, entry.

A choice, a sealed number and a text of the child's, the text needed of migrant children alone; one of the guardian's.
"""

from django.db import models

from childwelfare.security.fields import EncryptedTextField
from registry.child.codes import IN_SCHOOL, Category
from registry.child.field_entry import CHILD, GUARDIAN, Asked, Entry, ListColumn, ListFilter, Needed
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
        "way_to_school", CHILD, "school", Asked("life", 45, question="孩子怎样上学"), heading="上学方式",
        synonyms=("交通方式",), printed="school", observed=4, sample=("walk", "bus"),
        needed=Needed("上学的方式", 25, lambda case: case.file.schooling in IN_SCHOOL, source="校车安全管理条例"),
        listed=ListColumn(115), filter=ListFilter(115),
    ),
    Entry("student_number", CHILD, "school", Asked("life", 46), heading="学籍号", printed="school"),
    Entry(
        "camp", CHILD, "school", Asked("life", 47), heading="夏令营", printed="school",
        needed=Needed("夏令营", 26, categories=(Category.MIGRANT,)),
    ),
    Entry("work", GUARDIAN, "family", Asked("guardian", 35, "more"), heading="职业", printed="guardian"),
]  # fmt: skip
