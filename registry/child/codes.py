"""Option lists of the file, each with its source.

Nations: GB/T 3304-1991. Relationships: GB/T 4761-2008 (those that occur between a child and a guardian).
Disability: GB/T 26341-2010. Guardianship, economic sources, help: the 2016 national left-behind form (民发〔2016〕42号,
annex 1). Situations of parents: 民发〔2019〕62号 and 民发〔2020〕125号. Difficulty: 国发〔2016〕36号.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

_NATION_NAMES = [
    _("汉族"), _("蒙古族"), _("回族"), _("藏族"), _("维吾尔族"), _("苗族"),
    _("彝族"), _("壮族"), _("布依族"), _("朝鲜族"), _("满族"), _("侗族"),
    _("瑶族"), _("白族"), _("土家族"), _("哈尼族"), _("哈萨克族"), _("傣族"),
    _("黎族"), _("傈僳族"), _("佤族"), _("畲族"), _("高山族"), _("拉祜族"),
    _("水族"), _("东乡族"), _("纳西族"), _("景颇族"), _("柯尔克孜族"), _("土族"),
    _("达斡尔族"), _("仫佬族"), _("羌族"), _("布朗族"), _("撒拉族"), _("毛南族"),
    _("仡佬族"), _("锡伯族"), _("阿昌族"), _("普米族"), _("塔吉克族"), _("怒族"),
    _("乌孜别克族"), _("俄罗斯族"), _("鄂温克族"), _("德昂族"), _("保安族"), _("裕固族"),
    _("京族"), _("塔塔尔族"), _("独龙族"), _("鄂伦春族"), _("赫哲族"), _("门巴族"),
    _("珞巴族"), _("基诺族"),
]  # fmt: skip
NATIONS = [(f"{number:02}", name) for number, name in enumerate(_NATION_NAMES, start=1)]
NATIONS += [("97", _("其他")), ("98", _("外国血统中国籍人士"))]


class Sex(models.TextChoices):
    MALE = "male", _("男")
    FEMALE = "female", _("女")


class Registration(models.TextChoices):
    """户口性质; the 2016 definition of left-behind children asks for rural registration."""

    RURAL = "rural", _("农业户口")
    URBAN = "urban", _("非农业户口")
    NONE = "none", _("无户籍")


class NoIdReason(models.TextChoices):
    NOT_YET = "not_yet", _("尚未办理")
    UNREGISTERED = "unregistered", _("无户籍")
    NOT_AT_HAND = "not_at_hand", _("证件不在身边，待补")


class Category(models.TextChoices):
    """Whom the registry covers; a child may hold several at once."""

    ORPHAN = "orphan", _("孤儿")
    DE_FACTO = "de_facto", _("事实无人抚养儿童")
    DIFFICULTY = "difficulty", _("困境儿童")
    LEFT_BEHIND = "left_behind", _("留守儿童")
    MIGRANT = "migrant", _("流动儿童")


# Ages at which a category ends: the first birthday on which it no longer holds.
CATEGORY_AGE_LIMIT: dict[str, int] = {
    Category.ORPHAN: 18,
    Category.DE_FACTO: 18,
    Category.DIFFICULTY: 18,
    Category.LEFT_BEHIND: 16,
    Category.MIGRANT: 16,
}


class Difficulty(models.TextChoices):
    POVERTY = "poverty", _("家庭贫困")
    OWN = "own", _("自身困境")
    GUARDIANSHIP = "guardianship", _("监护困境")


GROUNDS_LONGEST = 500  # characters, of why a child holds a category: as long as the reason of a decision may be


class Risk(models.TextChoices):
    """Four levels, as most county instruments have; an assessment sets them later."""

    HIGH = "high", _("高")
    RAISED = "raised", _("较高")
    GENERAL = "general", _("一般")
    WATCH = "watch", _("关注")


# how a level looks; the others have no tone of their own
UNASSESSED = "unknown"  # nobody has judged the child's risk yet: a value of its own, never taken for 一般
CHILD_RISKS = [*Risk.choices, (UNASSESSED, _("未评估"))]
RISK_TONES: dict[str, str] = {Risk.HIGH: "danger", Risk.RAISED: "warm"}


class Guardianship(models.TextChoices):
    """监护情况 as the 2016 form judges it; 差: nobody guards, one out and the other unable, or the carer unfit."""

    GOOD = "good", _("较好")
    FAIR = "fair", _("一般")
    POOR = "poor", _("差")


class GuardianshipKind(models.TextChoices):
    NOBODY = "nobody", _("无人监护")
    UNABLE_PARENT = "unable_parent", _("父或母无监护能力")
    WEAK_CARER = "weak_carer", _("受委托监护人监护能力不足")
    FAIR = "fair", _("一般")
    GOOD = "good", _("较好")


class Relation(models.TextChoices):
    """Relation of a person to the child."""

    FATHER = "father", _("父亲")
    MOTHER = "mother", _("母亲")
    PATERNAL_GRANDFATHER = "paternal_grandfather", _("祖父")
    PATERNAL_GRANDMOTHER = "paternal_grandmother", _("祖母")
    MATERNAL_GRANDFATHER = "maternal_grandfather", _("外祖父")
    MATERNAL_GRANDMOTHER = "maternal_grandmother", _("外祖母")
    STEPFATHER = "stepfather", _("继父")
    STEPMOTHER = "stepmother", _("继母")
    UNCLE = "uncle", _("伯叔舅父")
    AUNT = "aunt", _("姑姨母")
    BROTHER = "brother", _("兄弟")
    SISTER = "sister", _("姐妹")
    OTHER_RELATIVE = "other_relative", _("其他亲属")
    NEIGHBOUR = "neighbour", _("邻居")
    INSTITUTION = "institution", _("机构")
    OTHER = "other", _("其他")


class Life(models.TextChoices):
    ALIVE = "alive", _("健在")
    DEAD = "dead", _("已故")
    MISSING = "missing", _("失踪")
    UNKNOWN = "unknown", _("不详")


class Situation(models.TextChoices):
    """Situations of a parent in which it can't care for the child (62号 art. 1; 125号 adds the last two)."""

    DISABLED = "disabled", _("重残")
    ILL = "ill", _("重病")
    IMPRISONED = "imprisoned", _("服刑在押")
    DRUG_ISOLATION = "drug_isolation", _("强制隔离戒毒")
    DETAINED = "detained", _("被执行其他限制人身自由的措施")
    OUT_OF_CONTACT = "out_of_contact", _("失联")
    CUSTODY_REVOKED = "custody_revoked", _("被撤销监护资格")
    EXPELLED = "expelled", _("被遣送（驱逐）出境")


class ContactProof(models.TextChoices):
    """How being out of contact was shown (125号 art. 1; the second where the police can't search)."""

    POLICE = "police", _("公安机关查找回执")
    CHAIN = "chain", _("个人承诺、邻里证明、村（居）证实、乡镇查验、县级确认")


class Capacity(models.TextChoices):
    NONE = "none", _("无")
    WEAK = "weak", _("较弱")
    FAIR = "fair", _("一般")
    GOOD = "good", _("较好")


class Health(models.TextChoices):
    HEALTHY = "healthy", _("健康")
    DISABLED = "disabled", _("残疾")
    ILL = "ill", _("患病")


class Disability(models.TextChoices):
    SIGHT = "1", _("视力残疾")
    HEARING = "2", _("听力残疾")
    SPEECH = "3", _("言语残疾")
    LIMB = "4", _("肢体残疾")
    INTELLECT = "5", _("智力残疾")
    MENTAL = "6", _("精神残疾")
    MULTIPLE = "7", _("多重残疾")


class DisabilityGrade(models.TextChoices):
    FIRST = "1", _("一级")
    SECOND = "2", _("二级")
    THIRD = "3", _("三级")
    FOURTH = "4", _("四级")


class Schooling(models.TextChoices):
    """就学情况 of the 2016 form. 辍学: left compulsory schooling; 不在学: aged 14–16 and not in school."""

    NOT_ENROLLED = "not_enrolled", _("未入园")
    KINDERGARTEN = "kindergarten", _("幼儿园")
    PRIMARY = "primary", _("小学")
    JUNIOR = "junior", _("初中")
    SENIOR = "senior", _("高中")
    VOCATIONAL = "vocational", _("中职")
    DROPPED_OUT = "dropped_out", _("辍学")
    NOT_IN_SCHOOL = "not_in_school", _("不在学")


IN_SCHOOL = (
    Schooling.KINDERGARTEN,
    Schooling.PRIMARY,
    Schooling.JUNIOR,
    Schooling.SENIOR,
    Schooling.VOCATIONAL,
)


class Income(models.TextChoices):
    WAGES = "wages", _("打工收入")
    FARMING = "farming", _("种养殖业")
    RELIEF = "relief", _("政府救助")
    RELATIVES = "relatives", _("亲朋接济")
    OTHER = "other", _("其他")


class LowIncome(models.TextChoices):
    NONE = "none", _("无")
    MINIMUM_LIVING = "minimum_living", _("低保")
    DESTITUTE = "destitute", _("特困供养")
    MARGINAL = "marginal", _("低保边缘")


class Relief(models.TextChoices):
    """救助帮扶 of the 2016 form."""

    MINIMUM_LIVING = "minimum_living", _("低保")
    TEMPORARY = "temporary", _("临时救助")
    MEDICAL = "medical", _("医疗救助")
    HOUSING = "housing", _("住房救助")
    OTHER = "other", _("其他")


class Insurance(models.TextChoices):
    RESIDENT = "resident", _("城乡居民医保")
    EMPLOYEE = "employee", _("职工医保（家庭共济）")
    NONE = "none", _("未参保")


class ResidencePermit(models.TextChoices):
    """居住证暂行条例 (国务院令第663号), article 2: for who has lived half a year in another place. The screening of
    2024, as 潜江 carried it out, asks it of every migrant child."""

    HELD = "held", _("已办理")
    APPLIED = "applied", _("办理中")
    NONE = "none", _("未办理")


class Flag(models.TextChoices):
    """Marks beside the categories; delicate, so stored sealed and never counted with a name."""

    HIV = "hiv", _("受艾滋病影响")
    STREET = "street", _("流浪")
    PARENT_IN_PRISON = "parent_in_prison", _("服刑在押人员子女")
    SINGLE_PARENT = "single_parent", _("单亲")
    SERIOUS_ILLNESS = "serious_illness", _("未成年重病")


class ExitReason(models.TextChoices):
    """Why a category or a file ends; nothing is ever deleted."""

    AGE = "age", _("超龄")
    PARENTS_BACK = "parents_back", _("父母返乡")
    ADOPTED = "adopted", _("被收养")
    MOVED = "moved", _("户籍迁出")
    DEAD = "dead", _("死亡")
    NOT_ELIGIBLE = "not_eligible", _("不再符合条件")
    ENTRY_ERROR = "entry_error", _("录入错误")
    MERGED = "merged", _("并入另一份档案")
    OTHER = "other", _("其他")
