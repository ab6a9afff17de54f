"""The fields of the people around the child: both parents, grandparents, the guardian."""

from django.utils.translation import gettext_lazy as _

from registry.child import codes
from registry.child.field_entry import GRANDPARENTS, GUARDIAN, PARENTS, Asked, Entry, Kind, ListColumn, Needed

FIRST, MORE = "{holder}", "{holder} more"
NUMBER_NAMES = ("身份证号码", "公民身份号码", "身份证", "身份号码", "证件号码")
PHONE_NAMES = ("联系电话", "联系方式", "手机号", "手机号码")
BIRTH_NAMES = ("出生年月", "出生年月日")

PARENT_ENTRIES = [
    Entry(
        "name", PARENTS, "family", Asked("family", 10, FIRST),
        heading="姓名", whole=("{who}",), kind=Kind.NAME, printed="family",
        needed=Needed(_("%(who)s姓名"), 60, lambda parent: parent.life == codes.Life.ALIVE),
    ),
    Entry(
        # blank is "unknown"; registry.quality.missing asks for it of a parent who is not there either
        "life", PARENTS, "family", Asked("family", 20, FIRST, widget="four answers", required=False),
        heading="存亡", synonyms=("是否健在", "健在情况", "存亡情况"), printed="family",
    ),
    Entry(
        "situation", PARENTS, "family",
        Asked("family", 30, MORE, help=_("只用于判断能否享受保障；不便问可以空着")),
        heading="特殊情形", synonyms=("特殊情况", "情形"), printed="family",
    ),
    Entry(
        "situation_since", PARENTS, "family", Asked("family", 40, MORE),
        heading="情形起始日期", synonyms=("特殊情形起始日期",), past=True, printed="family",
        needed=Needed(_("%(who)s特殊情形的起始日期"), 100, lambda parent: bool(parent.situation)),
    ),
    Entry(
        "situation_until", PARENTS, "family", Asked("family", 50, MORE),
        heading="期限届满日期", synonyms=("刑满日期", "情形届满日期"), on_page=False, printed="family",
    ),
    Entry(
        "disability", PARENTS, "family", Asked("family", 60, MORE),
        heading="残疾类别", synonyms=("残疾类型",), on_page=False,
    ),
    Entry(
        "disability_grade", PARENTS, "family", Asked("family", 70, MORE),
        heading="残疾等级", synonyms=("残疾级别",), on_page=False,
    ),
    Entry(
        "contact_proof", PARENTS, "family", Asked("family", 80, MORE),
        heading="失联的证明", synonyms=("失联证明",), on_page=False,
    ),
    Entry(
        "unable", PARENTS, "family", Asked("family", 20, MORE),
        heading="无监护能力", synonyms=("是否无监护能力",), on_page=False,
    ),
    Entry(
        "away", PARENTS, "family", Asked("family", 30, FIRST),
        heading="外出务工", synonyms=("是否外出务工", "是否外出", "外出"), printed="family", observed=5,
    ),
    Entry(
        "away_at", PARENTS, "family", Asked("family", 40, FIRST),
        heading="务工地点（省、市）", synonyms=("当前务工地点", "务工地", "就业地点", "外出地点"),
        printed="family", observed=5,
        needed=Needed(_("%(who)s务工地点"), 80, lambda parent: bool(parent.away)),
    ),
    Entry(
        "away_since", PARENTS, "family", Asked("family", 10, MORE),
        heading="外出日期", synonyms=("外出时间", "外出务工日期", "外出务工时间"), past=True, printed="family",
        needed=Needed(_("%(who)s外出日期"), 90, lambda parent: bool(parent.away)),
    ),
    Entry(
        "birth_date", PARENTS, "family", Asked("family", 90, MORE),
        heading="出生日期", synonyms=BIRTH_NAMES, past=True, on_page=False,
    ),
    Entry(
        "id_number", PARENTS, "family", Asked("family", 100, MORE),
        heading="身份证号", synonyms=NUMBER_NAMES, kind=Kind.ID_NUMBER, on_page=False, printed="family",
    ),
    Entry(
        "phone", PARENTS, "family", Asked("family", 50, FIRST),
        heading="电话", synonyms=PHONE_NAMES, kind=Kind.PHONE, printed="family",
        needed=Needed(
            _("%(who)s电话"), 70, lambda parent: parent.life == codes.Life.ALIVE and bool(parent.away)
        ),
    ),
]  # fmt: skip

# one group for all of them, person after person: the same order for each field
GRANDPARENT_ENTRIES = [
    Entry(
        "name", GRANDPARENTS, "family", Asked("family", 10, "grandparents"),
        heading="姓名", whole=("{who}",), kind=Kind.NAME, printed="family",
    ),
    Entry(
        "life", GRANDPARENTS, "family", Asked("family", 10, "grandparents", widget="four answers", required=False),
        heading="存亡", synonyms=("是否健在", "健在情况", "存亡情况"), printed="family",
    ),
    Entry(
        "birth_date", GRANDPARENTS, "family", Asked("family", 10, "grandparents"),
        heading="出生日期", synonyms=BIRTH_NAMES, past=True, on_page=False,
    ),
]  # fmt: skip

GUARDIAN_ENTRIES = [
    Entry(
        "name", GUARDIAN, "family", Asked("guardian", 20, question=_("照看人姓名"), required=True),
        heading="姓名", whole=("{who}",), kind=Kind.NAME, printed="guardian", observed=3,
        listed=ListColumn(90, "guardian", _("照看人")),
    ),
    Entry(
        "relation", GUARDIAN, "family", Asked("guardian", 10, question=_("是孩子的")),
        heading="与儿童关系", synonyms=("与孩子关系", "关系"), whole=("与被监护人关系", "与儿童的关系"),
        printed="guardian", observed=3,
    ),
    Entry(
        "birth_date", GUARDIAN, "family", Asked("guardian", 10, "more"),
        heading="出生日期", synonyms=BIRTH_NAMES, past=True,
    ),
    Entry(
        "health", GUARDIAN, "family", Asked("guardian", 30, "more"),
        heading="健康状况", synonyms=("健康情况", "身体状况", "身体情况"), printed="guardian",
    ),
    Entry(
        "capacity", GUARDIAN, "family", Asked("guardian", 40, widget="four answers"),
        heading="监护能力", synonyms=("能力",), printed="guardian", needed=Needed(_("照看人监护能力"), 30),
    ),
    Entry(
        "address", GUARDIAN, "family", Asked("guardian", 40, "more"),
        heading="居住地址", synonyms=("居住地地址", "现住址", "住址", "常驻地址"), on_page=False, printed="guardian",
    ),
    Entry(
        "entrusted_from", GUARDIAN, "family", Asked("guardian", 10, "entrusted"),
        heading="委托照护起", whole=("委托照护起", "委托照护开始日期", "委托起始日期"), past=True, printed="guardian",
    ),
    Entry(
        "entrusted_to", GUARDIAN, "family", Asked("guardian", 20, "entrusted"),
        heading="委托照护止", whole=("委托照护止", "委托照护结束日期", "委托截止日期"), printed="guardian",
    ),
    Entry(
        "entrusted_terms", GUARDIAN, "family", Asked("guardian", 30, "entrusted"),
        heading="委托事项", whole=("委托事项", "委托照护事项"), on_page=False, printed="guardian",
    ),
    Entry(
        "briefed_on", GUARDIAN, "family", Asked("guardian", 40, "entrusted"),
        heading="告知监护职责日期", whole=("告知监护职责日期", "监护职责告知日期"), past=True, on_page=False,
    ),
    Entry(
        "id_number", GUARDIAN, "family", Asked("guardian", 20, "more"),
        heading="身份证号", synonyms=NUMBER_NAMES, kind=Kind.ID_NUMBER, printed="guardian",
    ),
    Entry(
        "phone", GUARDIAN, "family", Asked("guardian", 30, help=_("一时问不到可以先空着，走访时再补")),
        heading="电话", synonyms=PHONE_NAMES, kind=Kind.PHONE, printed="guardian", observed=3,
        needed=Needed(_("照看人电话"), 20),
    ),
]  # fmt: skip
