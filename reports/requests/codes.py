"""Words that are looked for in what people write."""

import re

# what tells who a child is: lists of children come from the registry, not out of a form that somebody fills in
PERSONAL = re.compile(
    r"身\s*份\s*证|身份号码|证件\s*号|姓\s*名|名\s*字|称呼|名\s*单|花名册|电\s*话|手\s*机\s*号|家长手机|联系方式|住\s*址|家庭地址|户籍地址"
    r"|叫什么|监护人手机|父母手机|微信(?!群)|银行卡|卡\s*号|账\s*号|微信号|病历|照片"
)
# {what people say: how the catalogue says it}
SAID_ALSO = {
    "女孩": "女",
    "女童": "女",
    "男孩": "男",
    "男童": "男",
    "失学": "辍学",
    "新增": "增减·增",
    "减少": "增减·减",
    "走访次数": "已访",
    "高风险": "风险·高",
    "六岁以下": "0–5",
    "6岁以下": "0–5",
    "儿童总数": "在册合计",
    "总人数": "在册合计",
    "没走访": "未走访",
}
# said of nearly every column, and so telling nothing of what it is
COMMON = re.compile(r"[\s，。、；：,.;:()（）·/–-]|儿童|孩子|人数|数量|总数|情况|本月|期末|在册|的|数")
