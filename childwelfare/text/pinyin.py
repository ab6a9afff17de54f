"""Pinyin of names: to sort by, and to find a name by its letters or initials."""

import re
import unicodedata
from functools import lru_cache
from itertools import groupby, islice, product
from typing import Any

from childwelfare.text.words import PATH_SIGN

# Surnames whose reading as a name differs from the usual one (现代汉语词典, entries marked 姓).
SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "区": "ou", "解": "xie", "查": "zha", "朴": "piao", "任": "ren",
    "盖": "ge", "缪": "miao", "宓": "fu", "乐": "yue", "员": "yun", "洗": "xian", "尉": "wei", "翟": "zhai",
    "种": "chong", "秘": "bi", "冼": "xian", "折": "she", "繁": "po", "逄": "pang", "黑": "he", "盛": "sheng",
    "石": "shi", "那": "na", "占": "zhan", "万": "wan", "覃": "qin", "召": "shao", "祭": "zhai", "晟": "cheng",
    "车": "che", "隗": "wei", "哈": "ha", "教": "jiao", "谌": "chen", "卜": "bu", "柏": "bai", "纪": "ji",
}  # fmt: skip


# Surnames of two characters (百家姓 and those in use since); they are read as written here, and come before
# the single surname of their first character: 单于 is no 单.
COMPOUND_SURNAMES = {
    "欧阳": "ou yang", "太史": "tai shi", "端木": "duan mu", "上官": "shang guan", "司马": "si ma", "东方": "dong fang",
    "独孤": "du gu", "南宫": "nan gong", "万俟": "mo qi", "闻人": "wen ren", "夏侯": "xia hou", "诸葛": "zhu ge",
    "尉迟": "yu chi", "公羊": "gong yang", "赫连": "he lian", "澹台": "tan tai", "皇甫": "huang fu",
    "宗政": "zong zheng",
    "濮阳": "pu yang", "公冶": "gong ye", "太叔": "tai shu", "申屠": "shen tu", "公孙": "gong sun", "慕容": "mu rong",
    "仲孙": "zhong sun", "钟离": "zhong li", "长孙": "zhang sun", "宇文": "yu wen", "司徒": "si tu", "鲜于": "xian yu",
    "司空": "si kong", "闾丘": "lv qiu", "亓官": "qi guan", "司寇": "si kou", "子车": "zi ju", "颛孙": "zhuan sun",
    "巫马": "wu ma", "公西": "gong xi", "漆雕": "qi diao", "乐正": "yue zheng", "壤驷": "rang si", "公良": "gong liang",
    "拓跋": "tuo ba", "夹谷": "jia gu", "宰父": "zai fu", "谷梁": "gu liang", "穀梁": "gu liang", "单于": "chan yu",
    "淳于": "chun yu", "令狐": "ling hu", "百里": "bai li", "东郭": "dong guo", "南门": "nan men", "呼延": "hu yan",
    "羊舌": "yang she", "微生": "wei sheng", "梁丘": "liang qiu", "左丘": "zuo qiu", "东门": "dong men",
    "西门": "xi men", "段干": "duan gan", "轩辕": "xuan yuan", "完颜": "wan yan", "耶律": "ye lv", "纳兰": "na lan",
    "贺兰": "he lan", "哥舒": "ge shu", "尔朱": "er zhu", "第五": "di wu",
}  # fmt: skip

# Characters of names that are read in several ways (现代汉语词典): who searches may have any of them in mind.
READINGS = {
    "乐": "le yue", "行": "xing hang", "长": "chang zhang", "朝": "chao zhao", "重": "zhong chong",
    "曾": "zeng ceng", "单": "shan dan", "盛": "sheng cheng", "参": "can shen", "晟": "sheng cheng",
    "茜": "qian xi", "娜": "na nuo", "藏": "cang zang", "强": "qiang jiang", "传": "chuan zhuan", "大": "da dai",
    "都": "du dou", "朴": "pu piao", "会": "hui kuai", "车": "che ju", "贾": "jia gu", "解": "jie xie",
    "降": "jiang xiang", "石": "shi dan", "和": "he huo", "薄": "bo bao", "伯": "bo bai", "柏": "bai bo",
    "姣": "jiao xiao", "莎": "sha suo", "俞": "yu shu", "员": "yuan yun", "筠": "yun jun", "沈": "shen chen",
    "祭": "ji zhai", "校": "xiao jiao", "省": "sheng xing", "谷": "gu yu", "折": "zhe she",
    "奇": "qi ji", "其": "qi ji", "期": "qi ji", "六": "liu lu", "露": "lu lou", "落": "luo la", "宿": "su xiu",
    "识": "shi zhi", "殷": "yin yan", "阿": "a e", "番": "fan pan", "繁": "fan po", "尉": "wei yu", "翟": "zhai di",
    "炅": "jiong gui", "见": "jian xian", "覃": "qin tan", "隽": "jun juan", "隗": "wei kui", "冯": "feng ping",
    "么": "me yao", "仔": "zi zai", "便": "bian pian", "俟": "si qi", "厦": "xia sha", "合": "he ge",
    "堡": "bao bu", "弄": "nong long", "拾": "shi she", "术": "shu zhu", "杉": "shan sha", "桔": "jie ju",
    "泌": "mi bi", "洗": "xi xian", "渑": "mian sheng", "盖": "gai ge", "禅": "chan shan", "种": "zhong chong",
    "秘": "mi bi", "粘": "nian zhan", "系": "xi ji", "红": "hong gong", "缪": "miao mou miu", "色": "se shai",
    "若": "ruo re", "蔚": "wei yu", "虹": "hong jiang", "褚": "chu zhu", "角": "jiao jue", "谌": "chen shen",
    "贲": "ben bi", "还": "huan hai", "那": "na nuo", "郇": "xun huan", "郗": "xi chi", "镐": "gao hao",
    "镡": "tan xin", "陶": "tao yao", "靓": "liang jing", "颉": "jie xie",
    "龟": "gui qiu", "区": "qu ou", "仇": "qiu chou", "查": "cha zha", "宓": "mi fu", "召": "zhao shao",
    "万": "wan mo", "句": "ju gou", "能": "neng nai", "率": "shuai lv", "绿": "lv lu", "数": "shu shuo",
    "似": "si shi", "卡": "ka qia", "泊": "bo po", "巷": "xiang hang", "逢": "feng pang", "澄": "cheng deng",
    "调": "tiao diao", "扁": "bian pian", "艾": "ai yi", "约": "yue yao", "钥": "yao yue", "血": "xue xie",
    "佛": "fo fu",
}  # fmt: skip
# ü as it is typed: v by input methods, u by most people, yu in passports (ISO 7098:2015 and 公安部 rules of 2012)
TYPED_V = {"lv": "lu lyu", "nv": "nu nyu", "lve": "lue lyue", "nve": "nue nyue"}
MOST_SPELLINGS = 24

HAN = re.compile(r"[\u3007\u3400-\u9fff\U00020000-\U0003ffff]")
NO_READING = "zz"  # behind all that have one


def has_compound_surname(name: str) -> bool:
    return len(name) > 2 and name[:2] in COMPOUND_SURNAMES


@lru_cache(maxsize=20_000)
def name_pinyin(name: str) -> str:
    """Letters of a name run together, lower case: 单雄信 → shanxiongxin. At most 100."""
    return "".join(syllable for _written, syllable in _syllables(name) if syllable != NO_READING)[:100]


@lru_cache(maxsize=20_000)
def name_initials(name: str) -> str:
    """First letters by the name's own reading: 单雄信 → sxx; all letters of what is written in Latin. At most 40."""
    letters = (syllable if written.isascii() else syllable[0] for written, syllable in _syllables(name)
               if syllable != NO_READING)  # fmt: skip
    return "".join(letters)[:40]


ORDER_LENGTH = 160


@lru_cache(maxsize=20_000)
def name_order(name: str) -> str:
    """What names are put in order by: character after character, each by its syllable, then by itself, so that no
    surname is torn apart: 李…, 林…, 刘…. A syllable ends in 0, which every collation puts before the letters; then
    comes the character's code. At most ORDER_LENGTH, whole characters."""
    order = ""
    for written, syllable in _syllables(name):
        part = f"{syllable}0" if written.isascii() else f"{syllable}0{ord(written):05x}"
        if len(order) + len(part) > ORDER_LENGTH:
            break
        order += part
    return order


@lru_cache(maxsize=20_000)
def other_spellings(name: str) -> frozenset[str]:
    """How else a name may be typed: without its dots, in letters or initials of other readings, ü as u or yu. Without
    what ``name_pinyin`` and ``name_initials`` give; no more than MOST_SPELLINGS, the likeliest of them."""
    syllables = _syllables(name)
    surname = name[: len(_surname(name))]
    plain = _readings(surname) if surname else []  # as one reads it who does not know it for a surname
    each = []
    for place, (written, syllable) in enumerate(syllables):
        if syllable == NO_READING:
            continue
        usual = plain[place : place + 1]
        read = [syllable, *usual, *READINGS.get(written, "").split()]
        read += [typed for one in read for typed in TYPED_V.get(one, "").split()]
        each.append((written, list(dict.fromkeys(read))))
    found: dict[str, None] = {}
    for combined in islice(product(*(read for _written, read in each)), MOST_SPELLINGS):
        found["".join(combined)[:100]] = None
        initials = (s if w.isascii() else s[0] for s, (w, _read) in zip(combined, each, strict=True))
        found["".join(initials)[:40]] = None
    if "·" in name:
        found[name.replace("·", "")] = None
    return frozenset(found.keys() - {name_pinyin(name), name_initials(name), ""})


def letters_to_pick_by(label: str) -> str:
    """What a filter of a long list finds ``label`` by besides its own characters: initials and whole letters, of the
    path to a unit also those of each unit on it."""
    parts = dict.fromkeys([label, *label.split(PATH_SIGN)])
    return " ".join(f"{name_initials(part)} {name_pinyin(part)}" for part in parts)


def typed_letters(text: str) -> str:
    """The letters of what was typed as pinyin, as they are kept: "Lǚ Xi'an" → lvxian; "" for what is none."""
    apart = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).lower()).replace("u\u0308", "v")
    letters = re.sub(r"[\u0300-\u036f\s'’‘`´·.\-]", "", apart)
    return letters if re.fullmatch(r"[a-z0-9]+", letters) else ""


def _syllables(name: str) -> list[tuple[str, str]]:
    """(character, its syllable) of each Chinese character, (word, its letters) of what is written in Latin; dots,
    blanks and other scripts are left out."""
    found: list[tuple[str, str]] = []
    for is_han, run in groupby(name, key=lambda c: bool(HAN.match(c))):
        written = "".join(run)
        if is_han:
            found += zip(written, _readings(written), strict=True)
        else:
            words = re.findall(r"[a-z0-9]+", written.lower())
            found += zip(words, words, strict=True)
    surname = _surname(name)
    return [*zip(name, surname, strict=False), *found[len(surname) :]]


def _surname(name: str) -> list[str]:
    """The syllables of a surname whose reading as a name is its own; [] for others."""
    if has_compound_surname(name):
        return COMPOUND_SURNAMES[name[:2]].split()
    return [SURNAMES[name[0]]] if name[:1] in SURNAMES else []


def _readings(characters: str) -> list[str]:
    from pypinyin import lazy_pinyin  # its dictionaries take half a second to load: not at every start

    def unread(strange: str) -> Any:  # pypinyin takes a list too, one entry a character
        return [NO_READING] * len(strange)

    return lazy_pinyin(characters, errors=unread)
