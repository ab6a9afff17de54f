"""The example (示例) from which a city writes its own assessment system.

From 困境级别, 黔西县's list, the Child Status Index, 《未成年人保护法》 and the Japanese sheet of urgency: weights and
thresholds are examples and no rule of any authority. Questions and sentences are written for who sits at the family's
table; they are stored as they stand, so they are Chinese whatever the language of the page.
"""

from registry.instruments.definition import (
    UNKNOWN,
    Answer,
    Definition,
    Dimension,
    Indicator,
    Level,
    Lift,
    ScreenQuestion,
    When,
    Words,
)

EXAMPLE_NAME = "儿童风险评估（示例）"

SCREEN = (
    ScreenQuestion(
        "harm", "孩子正在受到伤害吗？", "挨打、受虐待、被性侵、被拐卖、被雇去干活", "many_injuries",
    ),
    ScreenQuestion(
        "lost", "孩子走失了，或在外流浪吗？", "家里人不知道在哪里，或在街上、车站过夜", "origin_unknown",
    ),
    ScreenQuestion(
        "nobody", "此刻没有大人照料孩子吗？", "大人走了、住院了、被带走了，没有人接手", "other",
    ),
    ScreenQuestion(
        "self_harm", "孩子伤害过自己，或有生命危险吗？", "说过不想活、割伤自己，或病重伤重没有送医", "unnatural_harm",
    ),
    ScreenQuestion(
        "disaster", "家里突遭变故，眼下没有着落吗？", "火灾、车祸、主要劳力去世，没有吃住或没钱救命", "other",
    ),
    ScreenQuestion(
        "unseen", "去了几次都见不到孩子吗？", "大人总有理由不让见，问不到孩子在哪里", "other",
    ),
)  # fmt: skip

# Asked of whoever cares for the child. The questions of health and of duty are asked without anybody too, and answered
# with the worst: what is not asked says nothing against a child, and nobody to care for it is the worst there is.
CARED_FOR = When("carer", ("parents", "relative", "other", UNKNOWN))
NOT_WITH_PARENTS = When("carer", ("relative", "other", "none", UNKNOWN))

CARE = Dimension(
    "care",
    "监护",
    30,
    (
        Indicator(
            "carer", "实际照料人", "平时谁在照料孩子？",
            (
                Answer("parents", "父母", 0, "父亲或母亲同吃同住，继父母也算", "ok", values=("parents",)),
                Answer("relative", "亲属", 2, "祖父母、外祖父母、叔伯姑姨、兄姐", values=("relative",)),
                Answer("other", "其他人", 3, "邻居、老师、朋友或机构", "warm", values=("other",)),
                Answer("none", "没有人", 12, "自己过，或大的带小的", "danger", values=("none",)),
            ),
            help="看晚上谁陪着睡、病了谁送医", source="carer_kind",
        ),
        Indicator(
            "carer_age", "照料人年龄", "照料人多大年纪？",
            (
                Answer("to_60", "60 岁以下", 0, "满 60 岁的也算", "ok", most=60),
                Answer("to_70", "61 到 70 岁", 1, "按身份证上的出生日期", least=61, most=70),
                Answer("over_70", "70 岁以上", 2, "按身份证上的出生日期", "warm", least=71),
            ),
            source="carer_age", when=(CARED_FOR,),
        ),
        Indicator(
            "carer_health", "照料人健康", "照料人身体怎么样？",
            (
                Answer("good", "好", 0, "能干活，能照料孩子", "ok"),
                Answer("one", "有一人重病", 2, "两个大人里一个长期生病或重残", "warm"),
                Answer("all", "都重病，或没有人", 4, "照料的大人都长期生病或重残，或没有大人照料", "danger"),
            ),
            help="看能不能下地做饭、接送，有没有长期吃药",
        ),
        Indicator(
            "carer_habits", "照料人恶习", "照料人有没有恶习？",
            (
                Answer("none", "没有", 0, "没听说，也没看到", "ok"),
                Answer("some", "有", 2, "赌博、酗酒、吸毒，误了照料孩子", "danger"),
            ),
            help="问邻居，也看家里样子", when=(CARED_FOR,),
        ),
        Indicator(
            "duty", "履行监护职责", "照料人照看得怎么样？",
            (
                Answer("full", "尽责", 0, "吃住、上学、看病都管，有事找得到人", "ok"),
                Answer("lacking", "有欠缺", 3, "管吃住，功课和心事顾不上", "warm"),
                Answer("neglect", "不尽责，或没有人", 6, "常不在家，或在家也不管，或没有大人照料", "danger"),
            ),
            help="看吃住、上学、看病，问孩子，也问老师",
        ),
        Indicator(
            "parent_contact", "与父母联系", "父母最近什么时候联系过孩子？",
            (
                Answer("week", "一周以内", 0, "打过电话、视频过，或回来过", "ok", most=7),
                Answer("month", "一个月以内", 1, "八天到三十天前", least=8, most=30),
                Answer("half_year", "半年以内", 3, "一个多月到半年前", "warm", least=31, most=180),
                Answer("longer", "更久", 4, "半年以上没有音信，或已联系不上", "danger", least=181),
            ),
            help="问孩子，看照料人手机里的通话", source="parent_contact_days", when=(NOT_WITH_PARENTS,),
        ),
    ),
)  # fmt: skip
FAMILY = Dimension(
    "family",
    "家庭",
    15,
    (
        Indicator(
            "income", "家庭收入", "家里日子过得怎么样？",
            (
                Answer("enough", "过得去", 0, "没有享受低保、特困，人均收入在低保的两倍以上", "ok", values=("none",)),
                Answer("tight", "紧", 2, "低保边缘，人均收入不到低保的两倍", "warm", values=("marginal",)),
                Answer(
                    "poor", "困难", 4, "享受低保或特困供养，或收入不够低保线", "danger",
                    values=("minimum_living", "destitute"),
                ),
            ),
            source="low_income",
        ),
        Indicator(
            "structure", "家庭结构", "家里是怎样一个家？",
            (
                Answer("both", "父母双全", 0, "父母都在，没有离婚，在外打工的也算", "ok"),
                Answer("again", "重组家庭", 1, "跟继父或继母过"),
                Answer("single", "单亲", 2, "父母离婚，或一方去世、失踪、坐牢", "warm"),
                Answer("none", "父母都不在", 3, "都去世、失踪、坐牢，或都不要孩子", "danger"),
            ),
        ),
        Indicator(
            "ill_members", "病残家人", "家里有几个人重病或残疾？",
            (
                Answer("none", "没有", 0, "一起过的人都健康", "ok", most=0),
                Answer("one", "一人", 1, "一人长期重病或有残疾证", least=1, most=1),
                Answer("more", "两人以上", 2, "两人以上长期重病或有残疾证", "warm", least=2),
            ),
            help="不算孩子自己", source="ill_at_home",
        ),
        Indicator(
            "conflict", "家庭冲突", "家里人处得怎么样？",
            (
                Answer("none", "和睦", 0, "有商有量，偶尔拌嘴", "ok"),
                Answer("quarrels", "常吵", 2, "经常大吵，孩子害怕", "warm"),
                Answer("violence", "动手", 4, "有人动手打人、摔东西，邻居劝过", "danger"),
            ),
            help="孩子挨打的，先答紧急筛查第 1 题",
        ),
        Indicator(
            "housing", "住房", "房子安全吗？",
            (
                Answer("safe", "安全", 0, "不漏不裂，有自己的床", "ok"),
                Answer("repair", "要修", 1, "漏雨、门窗坏、几人挤一张床"),
                Answer("danger", "危房", 2, "墙裂、鉴定过是危房，或没有住处", "danger"),
            ),
        ),
    ),
)  # fmt: skip
HEALTH = Dimension(
    "health",
    "健康",
    15,
    (
        Indicator(
            "disability", "残疾", "孩子有没有残疾？",
            (
                Answer("none", "没有", 0, "没有残疾证，看着也没有", "ok", values=("none",)),
                Answer("lighter", "三、四级", 2, "残疾证上是三级或四级", "warm", values=("3", "4")),
                Answer("severe", "一、二级", 4, "残疾证上是一级或二级", "danger", values=("1", "2")),
            ),
            source="disability_grade",
        ),
        Indicator(
            "illness", "重病", "孩子有没有重病？",
            (
                Answer("none", "没有", 0, "平时感冒发烧不算", "ok", values=("no",)),
                Answer("serious", "有", 4, "要长期吃药、住院或做大手术", "danger", values=("yes",)),
            ),
            source="serious_illness",
        ),
        Indicator(
            "growth", "饮食发育", "孩子吃得怎样，长得怎样？",
            (
                Answer("good", "好", 0, "一日三餐有菜有肉有蛋，个头跟同学差不多", "ok"),
                Answer("weak", "偏弱", 2, "常对付一顿，比同学瘦小", "warm"),
                Answer("poor", "差", 4, "吃不饱，或明显瘦弱、长期不长", "danger"),
            ),
        ),
        Indicator(
            "cover", "医保和接种", "医保和预防接种都有吗？",
            (
                Answer("both", "都有", 0, "今年医保交了，接种本上该打的都打了", "ok"),
                Answer("one", "缺一样", 1, "医保没交，或有该打的没打", "warm"),
                Answer("neither", "都缺", 3, "医保没交，该打的也没打", "danger"),
            ),
            help="看医保缴费记录和接种本",
        ),
    ),
)  # fmt: skip
IN_SCHOOL = When("schooling", ("regular", "often_absent", UNKNOWN))
SCHOOL = Dimension(
    "school",
    "学业",
    15,
    (
        Indicator(
            "schooling", "在学", "孩子正常上学吗？",
            (
                Answer("regular", "正常", 0, "该上学的天天到校；还没到上学年龄的也选这个", "ok"),
                Answer("often_absent", "常缺课", 2, "一个月缺课三天以上，不是因为生病", "warm"),
                Answer("out", "辍学", 6, "该上学却不上了，或没有学上", "danger", values=("left",)),
            ),
            help="问班主任这个月缺了几天", source="left_school",
        ),
        Indicator(
            "dislike", "厌学", "孩子愿意上学吗？",
            (
                Answer("none", "愿意", 0, "高高兴兴去，放学按时回", "ok"),
                Answer("dislikes", "不喜欢", 1, "说不想去，还是去了"),
                Answer("thinks", "想逃学", 3, "说过要逃，装病不去", "warm"),
                Answer("truant", "逃学", 5, "这学期逃过学", "danger"),
            ),
            when=(IN_SCHOOL,),
        ),
        Indicator(
            "at_school", "师生同学", "在学校处得怎么样？",
            (
                Answer("good", "好", 0, "有要好的同学，老师说得出优点", "ok"),
                Answer("one", "有一头不好", 1, "跟老师或同学处不来"),
                Answer("both", "都不好", 2, "跟老师同学都处不来，常一个人", "warm"),
            ),
            when=(IN_SCHOOL,),
        ),
        Indicator(
            "learning", "学习", "功课跟得上吗？",
            (
                Answer("keeps_up", "跟得上", 0, "作业自己能做完", "ok"),
                Answer("behind", "跟不上", 2, "作业常做不了，老师说落下了", "warm"),
            ),
            when=(IN_SCHOOL,),
        ),
    ),
)  # fmt: skip
SAFETY = Dimension(
    "safety",
    "安全",
    15,
    (
        Indicator(
            "hazards", "身边隐患", "家里和路上有哪些隐患？",
            (
                Answer("water", "水", 1, "水塘、水井、河边没有遮拦", "warm"),
                Answer("power", "电和火", 1, "电线裸露、乱接，孩子自己生火", "warm"),
                Answer("gas", "煤气", 1, "煤炉、煤气没有通风", "warm"),
                Answer("road", "交通", 1, "上学要过大路，坐超员车、骑车上路", "warm"),
                Answer("land", "地质", 1, "山坡、沟边、塌陷处", "warm"),
            ),
            help="一样一样看，有几样选几样；都没有就不选", several=True, at_most=4,
        ),
        Indicator(
            "alone", "独处", "孩子有没有一个人过的时候？",
            (
                Answer("no", "没有", 0, "身边总有大人", "ok", values=("no",)),
                Answer("yes", "有", 5, "不满 8 岁常没人看着，或不满 16 岁一个人住", "danger", values=("yes",)),
            ),
            help="《未成年人保护法》第二十一条", source="left_alone",
        ),
        Indicator(
            "nights", "夜不归宿", "孩子有没有夜里不回家？",
            (
                Answer("none", "没有", 0, "天黑就回家", "ok"),
                Answer("talked", "提过", 1, "说过不想回家、要走"),
                Answer("done", "有过", 3, "在外过过夜，大人不知道在哪里", "danger"),
            ),
        ),
        Indicator(
            "exposure", "网络、欺凌、陌生人", "有没有上网、受欺负、跟陌生人来往的事？",
            (
                Answer("none", "没有", 0, "上网有大人管，没人欺负", "ok"),
                Answer("some", "有", 3, "整夜上网、被人欺负，或跟网上的人见面、要钱", "danger"),
            ),
            help="单独问孩子",
        ),
    ),
)  # fmt: skip
MIND = Dimension(
    "mind",
    "心理",
    10,
    (
        Indicator(
            "mood", "情绪", "孩子这阵子心情怎么样？",
            (
                Answer("good", "好", 0, "爱说爱笑，有人可以说心里话", "ok"),
                Answer("negative", "消极", 2, "话少，爱发脾气，提不起劲", "warm"),
                Answer("low", "低落", 4, "常哭、睡不好、不愿见人，两周以上", "danger"),
            ),
            help="有自伤、不想活的话，先答紧急筛查第 4 题",
        ),
        Indicator(
            "bond", "亲子关系", "孩子跟父母亲不亲？",
            (
                Answer("close", "亲", 0, "盼着父母来电话，有事愿意说", "ok"),
                Answer("distant", "不亲", 2, "不愿接电话，提起父母就生气或不作声", "warm"),
            ),
        ),
        Indicator(
            "conduct", "不良行为", "孩子有没有不好的行为？",
            (
                Answer("none", "没有", 0, "跟别的孩子一样", "ok"),
                Answer("minor", "轻", 2, "说谎、骂人、抽烟、拿家里的钱", "warm"),
                Answer("serious", "重", 4, "打群架、偷东西、跟社会上的人混", "danger"),
            ),
        ),
    ),
)  # fmt: skip

LEVELS = (
    Level(
        "high", "高", 45, 1, "三个工作日内会商，报县级，定方案；每 7 天走访一次", "danger",
        plan_days=3, plan_by="county", meeting_days=3, needs_listed=True, county_signs=True,
    ),
    Level(
        "raised", "较高", 30, 3, "十个工作日内定方案；每 15 天走访一次", "warm", plan_days=10, needs_listed=True,
    ),
    Level("general", "一般", 15, 6, "列出需求，逐项办理；每 30 天走访一次", needs_listed=True),
    Level("watch", "关注", 0, 12, "按期走访，有变化再评", "ok"),
)  # fmt: skip

EXAMPLE = Definition(
    dimensions=(CARE, FAMILY, HEALTH, SCHOOL, SAFETY, MIND),
    levels=LEVELS,
    screen=SCREEN,
    screen_level="high",
    lift=Lift(2, 3),
    unknown_most=20,
    words=Words("care", ((0, "监护正常"), (8, "监护不足"), (14, "监护失当"), (24, "监护缺失"))),
)
