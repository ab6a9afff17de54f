"""Which characters of a text are only another code of one we know, and which are none.

Texts copied from PDFs, old GBK systems and phones carry characters that look right and are not: 马 as the radical ⻢
(U+2EE2), or in a font's private area. They are neither found nor equal, and print as boxes.

| What | Becomes | Source |
|---|---|---|
| Kangxi radicals, U+2F00–2FD5 | the character itself | Unicode, UnicodeData.txt (compatibility decomposition) |
| CJK radicals, U+2E80–2EF3 | the character itself | Unicode, EquivalentUnifiedIdeograph.txt |
| compatibility ideographs, U+F900–FAD9, U+2F800–2FA1D | the character itself | Unicode, NFC |
| U+E815–E864 of GBK fonts (FE50–FEA0) | the character itself | GB 18030-2005, table of the two-byte part |
| U+E78D–E796, U+E7C7 of GBK fonts | U+FE10–FE19, ḿ | GB 18030-2005 |
| variation selectors, noncharacters | nothing | Unicode, chapter 23 |
| other private use | refused: every font draws another one | |
"""

import unicodedata

KANGXI = range(0x2F00, 0x2FD6)

# a radical and its character, in turn
CJK_RADICALS = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇𠘨⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺑𡯂⺒巳⺓幺⺔彑⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵"
    "⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪𤴔⺫目⺬示⺭礻⺮𥫗⺯糹⺰纟⺱罓⺲罒⺳㓁⺴冗⺵𦉫⺶羊⺷𦍌⺸𦍋⺹耂⺺肀⺻聿⺼肉⺽𦥑⺾艹⺿艹⻀艹⻁虎"
    "⻂衤⻃覀⻄西⻅见⻆角⻇𧢲⻈讠⻉贝⻊𧾷⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長⻒镸⻓长⻔门⻕𨸏⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞𩙿⻟飠⻠饣⻡𩠐"
    "⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)

# U+E815 and those after it
GBK_FROM = 0xE815
GBK = (
    "⺁𠂇𠂉𠃌⺄㑳㑇⺈⺋龴㖞㘚㘎⺌⺗㥮㤘龵㧏㧟㩳㧐龶龷㭎㱮㳠⺧𡗗龸⺪䁖䅟⺮䌷⺳⺶⺷𢦏䎱"
    "䎬⺻䏝䓖䙡䙌龹䜣䜩䝼䞍⻊䥇䥺䥽䦂䦃䦅䦆䦟䦛䦷䦶龺𤇾䲣䲟䲠䲡䱷䲢䴓䴔䴕䴖䴗䴘䴙䶮龻"
)

# vertical punctuation, from U+E78D on
GBK_VERTICAL_FROM = 0xE78D
GBK_VERTICAL = "\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19"

VARIATION_SELECTORS = [*range(0x180B, 0x180E), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]
NONCHARACTERS = [*range(0xFDD0, 0xFDF0), *(plane * 0x10000 + last for plane in range(17) for last in (0xFFFE, 0xFFFF))]

# Python's table is of Unicode 14; both planes of ideographs grow with every edition (GB 18030-2022 reaches into them)
IDEOGRAPHS = range(0x20000, 0x40000)


def _known_characters() -> dict[int, str | None]:
    table: dict[int, str | None] = dict.fromkeys([*VARIATION_SELECTORS, *NONCHARACTERS])
    table |= {code: unicodedata.normalize("NFKC", chr(code)) for code in KANGXI}
    radicals = dict(zip(CJK_RADICALS[::2], CJK_RADICALS[1::2], strict=True))
    table |= {ord(radical): character for radical, character in radicals.items()}
    table |= {GBK_FROM + place: radicals.get(character, character) for place, character in enumerate(GBK)}
    table |= {GBK_VERTICAL_FROM + place: character for place, character in enumerate(GBK_VERTICAL)}
    table[0xE7C7] = "\u1e3f"
    return table


KNOWN = _known_characters()


def to_known(text: str) -> str:
    """``text`` with each character in the code by which everybody knows it."""
    return text.translate(KNOWN)


def unprintable_in(text: str) -> list[str]:
    """What of ``text`` is no character of a written word: private use, codes nobody gave, emoji."""
    return sorted({c for c in text if _is_unprintable(c)})


def strange_in_name(name: str) -> list[str]:
    """What of ``name`` cannot stand in a name, besides digits and punctuation: the same, symbols, and accents that
    belong to no letter."""
    strange = {c for c in name if unicodedata.category(c) in ("So", "Sk", "Sm", "Sc", "No")}
    strange |= {c for before, c in zip(" " + name, name, strict=False) if _is_mark(c) and not _takes_mark(before)}
    return sorted(strange | set(unprintable_in(name)))


def _is_unprintable(c: str) -> bool:
    category = unicodedata.category(c)
    if category == "Cn":
        return ord(c) not in IDEOGRAPHS
    return category == "Co" or c == "\ufffd" or (category in ("So", "Sk") and ord(c) >= 0x1F000)


def _is_mark(c: str) -> bool:
    return unicodedata.category(c).startswith("M")


def _takes_mark(c: str) -> bool:
    """Letters of alphabets do; Chinese characters, blanks and dots do not."""
    return _is_mark(c) or (c.isalpha() and "CJK" not in unicodedata.name(c, "CJK"))
