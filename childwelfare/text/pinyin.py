"""Pinyin of names: to sort by, and to find a name by its letters or initials."""

from functools import lru_cache
from typing import Any

# Surnames whose reading as a name differs from the usual one (现代汉语词典, entries marked 姓).
SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "区": "ou", "解": "xie", "查": "zha", "朴": "piao", "任": "ren",
    "盖": "ge", "缪": "miao", "宓": "fu", "乐": "yue", "员": "yun", "洗": "xian", "尉": "wei", "翟": "zhai",
    "种": "chong", "秘": "bi", "冼": "xian", "折": "she", "繁": "po", "逄": "pang", "黑": "he", "盛": "sheng",
    "石": "shi", "那": "na", "占": "zhan", "万": "wan", "覃": "qin", "召": "shao", "祭": "zhai", "晟": "cheng",
    "车": "che", "隗": "wei", "哈": "ha", "教": "jiao", "谌": "chen", "卜": "bu", "柏": "bai", "纪": "ji",
}  # fmt: skip


@lru_cache(maxsize=20_000)
def name_pinyin(name: str) -> str:
    """Letters of a name run together, lower case: 单雄信 → shanxiongxin. At most 100."""
    from pypinyin import lazy_pinyin  # its dictionaries take half a second to load: not at every start

    parts = lazy_pinyin(name, errors=_letters)
    if name[:1] in SURNAMES and name[:2] != "尉迟":
        parts = [SURNAMES[name[0]], *lazy_pinyin(name[1:], errors=_letters)]
    return "".join(parts).lower()[:100]


@lru_cache(maxsize=20_000)
def name_initials(name: str) -> str:
    """First letters by the name's own reading: 单雄信 → sxx. At most 40."""
    from pypinyin import Style
    from pypinyin import pinyin as readings

    first = readings(name, style=Style.FIRST_LETTER, errors=_each_letter)
    letters = [group[0][:1] for group in first if group[0][:1]]
    if name[:1] in SURNAMES and name[:2] != "尉迟" and letters:
        letters[0] = SURNAMES[name[0]][0]
    return "".join(letters).lower()[:40]


def _each_letter(chars: str) -> Any:
    """As ``_letters``, one by one."""
    return list(_letters(chars))


def _letters(chars: str) -> str:
    """Latin letters stay; dots, blanks and characters without a reading are left out."""
    return "".join(c for c in chars if c.isascii() and c.isalnum())
