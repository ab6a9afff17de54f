"""The child's own fields.

Headings: as the national left-behind form of 2016 (民发〔2016〕42号, annex 1), the national system and counties' sheets
call them.
"""

from django.utils.translation import gettext_lazy as _

from childwelfare.questions.conditions import Condition
from registry.child import codes
from registry.child.field_entry import CHILD, Entry, Kind, ListColumn, ListFilter, Question, Requirement

SCHOOL_AGE = 3  # younger children need no entry about school
OUT = (codes.Schooling.DROPPED_OUT, codes.Schooling.NOT_IN_SCHOOL)

CHILD_ENTRIES = [
    Entry(
        "name", CHILD, "identity", Question("identity", 10, required=True),
        heading="姓名", synonyms=("名字",), kind=Kind.NAME, print_block="child",
    ),
    Entry(
        "nation", CHILD, "identity", Question("identity", 60), heading="民族", print_block="child",
    ),
    Entry(
        "no_id_reason", CHILD, "identity", Question("identity", 30),
        heading="没有身份证号的原因", synonyms=("无身份证原因", "无身份证号原因"), print_block="child",
    ),
    Entry(
        # completed from the number
        "sex", CHILD, "identity",
        Question("identity", 50, widget="two answers", required=False, needed=True, missing=_("请选择性别。")),
        heading="性别", print_block="child",
        list_column=ListColumn(10, usual=True, masked=True), list_filter=ListFilter(40, masked=True),
    ),
    Entry(
        # completed from the number; registry.child.validation.check_identity has its dates
        "birth_date", CHILD, "identity",
        Question("identity", 40, required=False, needed=True, missing=_("请填写出生日期。")),
        heading="出生日期", synonyms=("出生年月", "出生年月日", "生日"), print_block="child",
        list_column=ListColumn(80, css="nowrap", sort="youngest"),
    ),
    Entry(
        "registration", CHILD, "identity", Question("identity", 10, "registration"),
        heading="户口性质", synonyms=("户籍性质", "户口类别", "户口分类"), print_block="child",
        requirement=Requirement(_("户口性质"), 20),
    ),
    Entry(
        "registered_at", CHILD, "identity", Question("identity", 30, "registration"),
        heading="户籍地址", synonyms=("户籍所在地", "户籍地", "户口所在地"), print_block="child",
        requirement=Requirement(_("户籍地址"), 30, lambda case: case.file.registration != "none"),
    ),
    Entry(
        "registered_region", CHILD, "identity",
        Question(
            "identity", 20, "registration",
            _("户籍所在县（市、区）"), _("按户口簿填；身份证号前六位是首次办证的地方，不一定是现在的户籍"),
        ),
        heading="户籍所在县（市、区）代码", synonyms=("户籍所在县代码", "户籍所在县", "户籍县"),
        kind=Kind.REGION, on_page=False,
        # of the others the address of registration is enough; of these the county decides what they are
        requirement=Requirement(_("户籍所在县"), 40, categories=(codes.Category.MIGRANT,)),
    ),
    Entry(
        "here_since", CHILD, "identity", Question("identity", 40, "registration"),
        heading="来现住地居住的日期", synonyms=("来现住地日期", "来本地居住日期", "流入日期"),
        past=True, on_page=False,
        requirement=Requirement(_("来现住地居住的日期"), 60, lambda case: bool(case.from_elsewhere)),
    ),
    Entry(
        "residence_permit", CHILD, "identity", Question("identity", 50, "registration", help=_("流动儿童填写")),
        heading="居住证", synonyms=("居住证情况", "居住证办理情况", "是否办理居住证"), print_block="child",
        requirement=Requirement(
            _("居住证"), 70, categories=(codes.Category.MIGRANT,), source=_("居住证暂行条例（国务院令第663号）")
        ),
        list_filter=ListFilter(115), sample=("held", "held", "applied", "none"),
    ),
    Entry(
        "address", CHILD, "identity", Question("identity", 80), short=_("现住址"),
        heading="现住址", synonyms=("现居住地", "现住地址", "现居住地址", "居住地址", "家庭住址", "住址"),
        family_wide=True, print_block="child", visit_order=1,
        requirement=Requirement(_("现住址"), 50), list_column=ListColumn(120, label=_("现住址")),
    ),
    Entry(
        "low_income", CHILD, "family", Question("family", 30, "household"),
        heading="低收入情形", synonyms=("低保情况", "低收入类型"), family_wide=True, print_block="household",
        requirement=Requirement(_("低收入情形"), 120),
    ),
    Entry(
        "guardianship", CHILD, "family", Question("guardian", 50, widget="answers"),
        heading="监护情况", synonyms=("监护状况",), print_block="household",
        requirement=Requirement(_("监护情况"), 40), list_column=ListColumn(100), list_filter=ListFilter(100),
    ),
    Entry(
        "guardianship_kind", CHILD, "family", Question("guardian", 50, "more"),
        heading="监护类型", on_page=False, print_block="household",
    ),
    Entry(
        "schooling", CHILD, "school", Question("life", 10),
        heading="就学情况", synonyms=("就学状况", "学业状况", "就学阶段"), print_block="school",
        requirement=Requirement(_("就学情况"), 10, lambda case: case.age >= SCHOOL_AGE),
        list_column=ListColumn(110), list_filter=ListFilter(110),
    ),
    Entry(
        "school", CHILD, "school", Question("life", 20),
        heading="学校", synonyms=("就读学校", "学校名称", "所在学校"), print_block="school", visit_order=4,
        requirement=Requirement(_("学校"), 20, lambda case: case.file.schooling in codes.IN_SCHOOL),
    ),
    Entry(
        "grade", CHILD, "school", Question("life", 30),
        heading="年级", synonyms=("就读年级", "年级班级"), print_block="school", visit_order=4,
    ),
    Entry(
        "boarding", CHILD, "school", Question("life", 40),
        heading="寄宿", synonyms=("是否寄宿", "是否学校寄宿", "学校寄宿"), print_block="school",
    ),
    Entry(
        "out_of_school_since", CHILD, "school",
        Question(
            "life", 10, "left school",
            needed_when=(Condition("schooling", (codes.Schooling.DROPPED_OUT,)),),
            missing=_("登记为辍学的，请填写离校日期。"),
        ),
        heading="离校日期", synonyms=("辍学日期", "辍学时间", "离校时间"), past=True, print_block="school",
        requirement=Requirement(_("离校日期"), 30, lambda case: case.file.schooling in OUT),
    ),
    Entry(
        "out_of_school_reason", CHILD, "school", Question("life", 20, "left school"),
        heading="离校原因", synonyms=("辍学原因",), print_block="school",
        requirement=Requirement(_("离校原因"), 40, lambda case: case.file.schooling in OUT),
    ),
    Entry(
        "health", CHILD, "health", Question("life", 50),
        heading="身体情况", synonyms=("身体状况", "健康状况", "健康情况"), print_block="child",
        requirement=Requirement(_("身体情况"), 10),
    ),
    Entry(
        "disability", CHILD, "health", Question("life", 10, "health"),
        heading="残疾类别", synonyms=("残疾类型",), print_block="child",
        requirement=Requirement(_("残疾类别"), 20, lambda case: case.file.health == codes.Health.DISABLED),
    ),
    Entry(
        "disability_grade", CHILD, "health", Question("life", 20, "health"),
        heading="残疾等级", synonyms=("残疾级别",), print_block="child",
        requirement=Requirement(_("残疾等级"), 30, lambda case: bool(case.file.disability)),
    ),
    Entry(
        "illness", CHILD, "health", Question("life", 40, "health"), short=_("疾病"),
        heading="疾病名称", synonyms=("患病类型", "患病名称", "疾病", "所患疾病"), print_block="child",
        requirement=Requirement(_("疾病名称"), 50, lambda case: case.file.health == codes.Health.ILL),
    ),
    Entry(
        "serious_illness", CHILD, "health", Question("life", 50, "health"),
        heading="重病", synonyms=("是否重病", "是否患重病"), print_block="child",
    ),
    Entry(
        "insurance", CHILD, "health", Question("life", 60, "health"),
        heading="医疗保险", synonyms=("医保", "医保情况", "参保情况"), print_block="child",
        requirement=Requirement(_("医疗保险"), 60),
    ),
    Entry(
        "risk", CHILD, "family",
        Question(
            "guardian", 60, help=_("初步判断；决定多久走访一次，未评估的按“一般”走访"), widget="four answers",
            required=False,
        ),
        heading="风险等级", synonyms=("风险", "风险级别"), on_page=False,
        list_column=ListColumn(50, label=_("风险"), usual=True, masked=True, tones=codes.RISK_TONES),
        list_filter=ListFilter(20, label=_("风险"), first=True, masked=True),
    ),
    Entry(
        "id_number", CHILD, "identity",
        Question(
            "identity", 20,
            needed_when=(Condition("no_id_reason", ("",)),),
            missing=_("请填写身份证号；确实没有的，请选择原因。"),
        ),
        heading="身份证号", synonyms=("身份证号码", "公民身份号码", "身份证", "身份号码", "证件号码"),
        kind=Kind.ID_NUMBER, print_block="child",
    ),
    Entry(
        "phone", CHILD, "identity", Question("family", 10, "household", _("家庭联系电话")),
        heading="联系电话", synonyms=("家庭联系电话", "家庭电话", "电话", "联系方式"),
        kind=Kind.PHONE, family_wide=True, print_block="child", visit_order=2,
    ),
    Entry(
        "disability_certificate", CHILD, "health", Question("life", 30, "health"),
        heading="残疾证号", synonyms=("残疾人证号", "残疾证号码", "二代残疾证号"), print_block="child",
        requirement=Requirement(_("残疾证号"), 40, lambda case: bool(case.file.disability)),
    ),
    Entry(
        "incomes", CHILD, "family", Question("family", 20, "household", _("家庭经济来源，可多选")),
        heading="家庭经济来源", synonyms=("经济来源", "家庭收入来源"),
        choices=codes.Income, family_wide=True, print_block="household",
        requirement=Requirement(_("家庭经济来源"), 110),
    ),
    Entry(
        "relief", CHILD, "family", Question("family", 40, "household", _("正在享受的救助帮扶，可多选")),
        heading="救助帮扶", synonyms=("救助帮扶情况", "享受救助情况"),
        choices=codes.Relief, family_wide=True, on_page=False, print_block="household",
    ),
    Entry(
        "flags", CHILD, "family",
        Question("life", 10, "other", _("其他情形，可不填"), _("只用于安排帮扶，加密保存，不进名单")),
        heading="其他情形", label=_("其他情形"), sealed_column="flags_sealed", choices=codes.Flag,
        # marks that only those read who fill in the form
        on_page=False, readable=False,
    ),
]  # fmt: skip
