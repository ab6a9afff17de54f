"""One word for one thing: what docs/glossary.md says the screens don't say stands in none of their texts."""

import re

import pytest

HAN = re.compile(r"[\u4e00-\u9fff]")
ASIDE = re.compile(r"（[^）]*）|\([^)]*\)")
# a word that is the wrong one for its thing and the right one for another: the texts about the other
ELSEWHERE = {
    "强制报告": "侵害未成年人案件强制报告制度",
    "委托监护": "受委托监护人监护能力不足",
    "关闭": "^关闭$",
    "恢复": "合并|号码|类别|恢复上报",
    "转来": "本人提出的",
    "提示": "矛盾只作提示",
    "删除": "文件|类别不能删除|已删除“|名单",
    "日志": "/readyz",
    "列表": "列表里?中?选|查看名单或列表",
    "生成": "PDF",
    "有效": "有效至|天内有效|前有效|^有效$|未生效|没有生效|有效的[数那上]|旧数有效",
    "转交": "密码",
}
# of words that are wrong for some uses only, no list can tell
ASKED_OF_A_READER = re.compile(r" for ")


@pytest.fixture(scope="module")
def texts(pytestconfig):
    catalogue = (pytestconfig.rootpath / "locale/en/LC_MESSAGES/django.po").read_text()
    return re.findall(r'^msgid "(.+)"$', catalogue, re.MULTILINE)


@pytest.fixture(scope="module")
def table(pytestconfig):
    """[(what the screens say, what they don't)]"""
    glossary = (pytestconfig.rootpath / "docs/glossary.md").read_text()
    words = glossary.partition("## Words of the screens")[2]
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in words.splitlines() if row.startswith("| ")]
    return [(said, unsaid) for said, _for, unsaid in rows[1:]]


def forbidden(table) -> list[str]:
    """Words that no text of a screen has. Left out: those that the row says are for something else, and those that the
    table itself says of another thing."""
    said = "".join(ASIDE.sub("", cell) for cell, _unsaid in table)
    found = []
    for _said, unsaid in table:
        asides = " ".join(ASIDE.findall(unsaid))
        if ASKED_OF_A_READER.search(ASIDE.sub("", unsaid)):
            continue
        for word in re.split("[,、]", ASIDE.sub("", unsaid)):
            word = word.strip()
            is_told_apart = word in said or f"{word} is " in asides or f"{word} (is " in unsaid
            if HAN.search(word) and not is_told_apart:
                found.append(word)
    return found


def test_no_screen_says_a_word_that_the_glossary_says_it_does_not(texts, table):
    words = forbidden(table)
    assert len(words) > 50, "the table was read"
    found = []
    for word in words:
        allowed = re.compile(ELSEWHERE[word]) if word in ELSEWHERE else None
        found += [f"{word}: {text}" for text in texts if word in text and not (allowed and allowed.search(text))]
    assert not found, "\n".join(found)


def test_what_stands_apart_is_still_in_use(texts, table):
    words = forbidden(table)
    assert not [word for word in ELSEWHERE if word not in words]
    assert not [word for word in ELSEWHERE if not any(word in text for text in texts)]


def test_the_word_for_findings_stands_in_full(texts):
    assert not [text for text in texts if "待核" in text.replace("待核事项", "")]
