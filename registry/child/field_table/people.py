"""The fields of the people around the child: both parents, grandparents, the guardian."""

from django.utils.translation import gettext_lazy as _

from registry.child import codes
from registry.child.field_entry import GRANDPARENTS, GUARDIAN, PARENTS, Entry, Kind, ListColumn, Question, Requirement

FIRST, MORE = "{holder}", "{holder} more"
NUMBER_NAMES = ("身份证号码", "公民身份号码", "身份证", "身份号码", "证件号码")
PHONE_NAMES = ("联系电话", "联系方式", "手机号", "手机号码")
BIRTH_NAMES = ("出生年月", "出生年月日")

PARENT_ENTRIES = [
    Entry(
        "name", PARENTS, "family", Question("family", 10, FIRST),
        heading="姓名", whole=("{who}",), kind=Kind.NAME, print_block="family",
        requirement=Requirement(_("%(who)s姓名"), 60, lambda parent: parent.life == codes.Life.ALIVE),
    ),
    Entry(
        # blank is "unknown"; registry.quality.missing asks for it of a parent who is not there either
        "life", PARENTS, "family", Question("family", 20, FIRST, widget="four answers", required=False),
        heading="存亡", synonyms=("是否健在", "健在情况", "存亡情况"), print_block="family",
    ),
    Entry(
        "situation", PARENTS, "family",
        Question("family", 30, MORE, help=_("只用于判断能否享受保障；不便问可以空着")),
        heading="特殊情形", synonyms=("特殊情况", "情形"), print_block="family",
    ),
    Entry(
        "situation_since", PARENTS, "family", Question("family", 40, MORE),
        heading="情形起始日期", synonyms=("特殊情形起始日期",), past=True, print_block="family",
        requirement=Requirement(_("%(who)s特殊情形的起始日期"), 100, lambda parent: bool(parent.situation)),
    ),
    Entry(
        "situation_until", PARENTS, "family", Question("family", 50, MORE),
        heading="期限届满日期", synonyms=("刑满日期", "情形届满日期"), on_page=False, print_block="family",
    ),
    Entry(
        "disability", PARENTS, "family", Question("family", 60, MORE),
        heading="残疾类别", synonyms=("残疾类型",), on_page=False,
    ),
    Entry(
        "disability_grade", PARENTS, "family", Question("family", 70, MORE),
        heading="残疾等级", synonyms=("残疾级别",), on_page=False,
    ),
    Entry(
        "contact_proof", PARENTS, "family", Question("family", 80, MORE),
        heading="失联的证明", synonyms=("失联证明",), on_page=False,
    ),
    Entry(
        "unable", PARENTS, "family", Question("family", 20, MORE),
        heading="无监护能力", synonyms=("是否无监护能力",), on_page=False,
    ),
    Entry(
        "away", PARENTS, "family", Question("family", 30, FIRST),
        heading="外出务工", synonyms=("是否外出务工", "是否外出", "外出"), print_block="family", visit_order=5,
        requirement=Requirement(
            _("%(who)s外出务工情况"), 75, lambda parent: parent.life == codes.Life.ALIVE,
            categories=(codes.Category.LEFT_BEHIND,),
        ),
    ),
    Entry(
        "away_at", PARENTS, "family", Question("family", 40, FIRST),
        heading="务工地点（省、市）", synonyms=("当前务工地点", "务工地", "就业地点", "外出地点"),
        print_block="family", visit_order=5,
        requirement=Requirement(_("%(who)s务工地点"), 80, lambda parent: bool(parent.away)),
    ),
    Entry(
        "away_since", PARENTS, "family", Question("family", 10, MORE),
        heading="外出日期", synonyms=("外出时间", "外出务工日期", "外出务工时间"), past=True, print_block="family",
        requirement=Requirement(_("%(who)s外出日期"), 90, lambda parent: bool(parent.away)),
    ),
    Entry(
        "birth_date", PARENTS, "family", Question("family", 90, MORE),
        heading="出生日期", synonyms=BIRTH_NAMES, past=True, on_page=False,
    ),
    Entry(
        "id_number", PARENTS, "family", Question("family", 100, MORE),
        heading="身份证号", synonyms=NUMBER_NAMES, kind=Kind.ID_NUMBER, on_page=False, print_block="family",
    ),
    Entry(
        "phone", PARENTS, "family", Question("family", 50, FIRST),
        heading="电话", synonyms=PHONE_NAMES, kind=Kind.PHONE, print_block="family",
        requirement=Requirement(
            _("%(who)s电话"), 70, lambda parent: parent.life == codes.Life.ALIVE and bool(parent.away)
        ),
    ),
]  # fmt: skip

# one group for all of them, person after person: the same order for each field
GRANDPARENT_ENTRIES = [
    Entry(
        "name", GRANDPARENTS, "family", Question("family", 10, "grandparents"),
        heading="姓名", whole=("{who}",), kind=Kind.NAME, print_block="family",
    ),
    Entry(
        "life", GRANDPARENTS, "family", Question("family", 10, "grandparents", widget="four answers", required=False),
        heading="存亡", synonyms=("是否健在", "健在情况", "存亡情况"), print_block="family",
    ),
    Entry(
        "birth_date", GRANDPARENTS, "family", Question("family", 10, "grandparents"),
        heading="出生日期", synonyms=BIRTH_NAMES, past=True, on_page=False,
    ),
]  # fmt: skip

GUARDIAN_ENTRIES = [
    Entry(
        "name", GUARDIAN, "family", Question("guardian", 20, label=_("照看人姓名"), required=True),
        heading="姓名", whole=("{who}",), kind=Kind.NAME, print_block="guardian", visit_order=3,
        list_column=ListColumn(90, "guardian", _("照看人")),
    ),
    Entry(
        "relation", GUARDIAN, "family", Question("guardian", 10, label=_("是孩子的")),
        heading="与儿童关系", synonyms=("与孩子关系", "关系"), whole=("与被监护人关系", "与儿童的关系"),
        print_block="guardian", visit_order=3,
    ),
    Entry(
        "birth_date", GUARDIAN, "family", Question("guardian", 10, "more"),
        heading="出生日期", synonyms=BIRTH_NAMES, past=True,
    ),
    Entry(
        "health", GUARDIAN, "family", Question("guardian", 30, "more"),
        heading="健康状况", synonyms=("健康情况", "身体状况", "身体情况"), print_block="guardian",
    ),
    Entry(
        "capacity", GUARDIAN, "family", Question("guardian", 40, widget="four answers"),
        heading="监护能力", synonyms=("能力",), print_block="guardian",
        requirement=Requirement(_("照看人监护能力"), 30),
    ),
    Entry(
        "address", GUARDIAN, "family", Question("guardian", 40, "more"),
        heading="居住地址", synonyms=("居住地地址", "现住址", "住址", "常驻地址"),
        on_page=False, print_block="guardian",
    ),
    Entry(
        "entrusted_from", GUARDIAN, "family", Question("guardian", 10, "entrusted"),
        heading="委托照护起", whole=("委托照护起", "委托照护开始日期", "委托起始日期"),
        past=True, print_block="guardian",
    ),
    Entry(
        "entrusted_to", GUARDIAN, "family", Question("guardian", 20, "entrusted"),
        heading="委托照护止", whole=("委托照护止", "委托照护结束日期", "委托截止日期"), print_block="guardian",
    ),
    Entry(
        "entrusted_terms", GUARDIAN, "family", Question("guardian", 30, "entrusted"),
        heading="委托事项", whole=("委托事项", "委托照护事项"), on_page=False, print_block="guardian",
    ),
    Entry(
        "briefed_on", GUARDIAN, "family", Question("guardian", 40, "entrusted"),
        heading="告知监护职责日期", whole=("告知监护职责日期", "监护职责告知日期"), past=True, on_page=False,
    ),
    Entry(
        "id_number", GUARDIAN, "family", Question("guardian", 20, "more"),
        heading="身份证号", synonyms=NUMBER_NAMES, kind=Kind.ID_NUMBER, print_block="guardian",
    ),
    Entry(
        "phone", GUARDIAN, "family", Question("guardian", 30, help=_("一时问不到可以先空着，走访时再补")),
        heading="电话", synonyms=PHONE_NAMES, kind=Kind.PHONE, print_block="guardian", visit_order=3,
        requirement=Requirement(_("照看人电话"), 20),
    ),
]  # fmt: skip
