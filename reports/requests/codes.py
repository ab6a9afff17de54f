"""Words that are looked for in what people write."""

import re

# what tells who a child is: lists of children come from the registry, not out of a form that somebody fills in
PERSONAL = re.compile(
    r"身份证|证件号|姓名|名字|名单|电话|手机号|联系方式|住址|家庭地址|银行卡|卡号|账号|微信号|病历|照片"
)
# said of nearly every column, and so telling nothing of what it is
COMMON = re.compile(r"[\s，。、；：,.;:()（）·/–-]|儿童|孩子|人数|数量|总数|情况|本月|期末|在册|的|数")
