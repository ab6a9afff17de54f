"""What the columns of counties' own sheets are called, and which field each one is.

No page takes in sheets yet; tests hold what the table of fields says of them."""

import re
import unicodedata
from functools import cache

from registry.child.fields import Field, fields

# the words for whose field it is, the usual one first; a sheet of children names the child or nobody
WHOSE = {
    "child": ("", "儿童", "孩子"),
    "father": ("父亲", "父", "爸爸"),
    "mother": ("母亲", "母", "妈妈"),
    "paternal_grandfather": ("祖父", "爷爷"),
    "paternal_grandmother": ("祖母", "奶奶"),
    "maternal_grandfather": ("外祖父", "姥爷", "外公"),
    "maternal_grandmother": ("外祖母", "姥姥", "外婆"),
    "guardian": ("照看人", "监护人", "实际监护人", "委托监护人", "照护人"),
}
_BESIDE = re.compile(r"\(.*?\)|[\s*:、,/·的]")


def field_of_heading(text: str) -> Field | None:
    """The field that a column headed ``text`` holds; None where no field is called so.

    Blanks, marks of what is compulsory, 的 and what stands in brackets don't count: "公民身份号码 *" is the ID number.
    """
    name = _fields_by_heading().get(_normal_form(text))
    return fields()[name] if name else None


def heading_of(field: Field) -> str:
    """What the column of ``field`` is called in the program's own sheet."""
    return WHOSE[field.holder][0] + field.entry.heading


def headings_of(field: Field) -> list[str]:
    """All names under which a sheet may have ``field``, as they are compared."""
    entry, words = field.entry, WHOSE[field.holder]
    found = [f"{word}{name}" for word in words for name in (entry.heading, *entry.synonyms)]
    for name in entry.whole:
        found += [name.format(who=word) for word in words] if "{who}" in name else [name]
    return list(dict.fromkeys(_normal_form(heading) for heading in found))


@cache
def _fields_by_heading() -> dict[str, str]:
    return {heading: name for name, field in fields().items() for heading in headings_of(field)}


def _normal_form(text: str) -> str:
    """Full-width signs as their usual ones, without what stands beside the name."""
    return _BESIDE.sub("", unicodedata.normalize("NFKC", str(text))).lower()
