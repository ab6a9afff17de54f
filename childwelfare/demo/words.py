"""Words of which made-up people and places of the demo are put together. None of them names a real child."""

import random
from itertools import accumulate


class Shares:
    """Picks one of several by weight, summed up once."""

    def __init__(self, *weighted: tuple):
        self.those, weights = zip(*weighted, strict=True)
        self.sums = list(accumulate(weights))

    def pick(self, rng: random.Random):
        return rng.choices(self.those, cum_weights=self.sums)[0]


def _words(text: str) -> list[str]:
    return text.split()


SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁于蒋蔡余杜叶程苏魏吕丁任沈"
BOYS = _words("子轩 浩然 宇航 明轩 梓豪 俊杰 博文 天佑 家乐 思源 一鸣 子墨 佳航 皓宇 文博 泽宇 晨阳 梓睿 嘉豪 志远")
GIRLS = _words("子涵 雨桐 梦琪 佳怡 思雨 欣怡 雅婷 语嫣 可馨 诗涵 梓萱 雨欣 若曦 静怡 梦瑶 心怡 欣妍 婉清 佳琪 晓雯")
MEN = _words("建国 志强 国栋 海军 保国 长河 福顺 卫东 永强 建军 立新 振华 学文 春生 铁柱 新民")
WOMEN = _words("秀兰 桂英 玉珍 桂芳 红梅 丽华 秀英 爱玲 玉兰 春梅 桂荣 素珍 海燕 小霞 慧敏 凤英")
CITIES = _words("深圳市 东莞市 苏州市 杭州市 宁波市 佛山市 上海市 郑州市区 武汉市 乌鲁木齐市")
GROUPS = _words("一组 二组 三组 四组 五组 六组")
NEEDS = ("冬季校服和棉被", "作业没人辅导", "需要配一副近视眼镜", "想给外出的妈妈打视频电话", "学习桌坏了")
HELP = ("讲了用火用电安全", "教祖母用手机和孩子父母视频", "帮助申请临时救助", "联系学校老师关注情绪", "送去两本课外书")
WORDS = (
    "孩子听话，就是想爸妈。",
    "我年纪大了，作业辅导不了。",
    "学校说他最近进步了。",
    "挣钱不多，够花。",
    "腿脚不好，接送有困难。",
)
CHANGES = ("母亲上月外出务工，改由祖母照看", "祖父住院，孩子暂住姑姑家", "父亲回来了，在家做零工")
RETURNS = ("请补充照看人电话", "请写明隐患是否已经排除", "日期和上次走访对不上，请核对", "请写清实际照看人是谁")
HAZARD_NOTES = ("院里水缸没有盖", "插线板破损", "门前是大路，没有护栏", "常去水塘边玩")
