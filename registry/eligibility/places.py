"""Where somebody works, as far as a place written by hand tells it."""

from registry.child.models import ChildFile

# by the first two digits of the official codes (GB/T 2260)
PROVINCES = {
    "11": "北京", "12": "天津", "13": "河北", "14": "山西", "15": "内蒙古", "21": "辽宁",
    "22": "吉林", "23": "黑龙江", "31": "上海", "32": "江苏", "33": "浙江", "34": "安徽",
    "35": "福建", "36": "江西", "37": "山东", "41": "河南", "42": "湖北", "43": "湖南",
    "44": "广东", "45": "广西", "46": "海南", "50": "重庆", "51": "四川", "52": "贵州",
    "53": "云南", "54": "西藏", "61": "陕西", "62": "甘肃", "63": "青海", "64": "宁夏",
    "65": "新疆", "71": "台湾", "81": "香港", "82": "澳门",
}  # fmt: skip


def beyond_county(place: str, file: ChildFile) -> bool | None:
    """Whether a work place, written down to province and city, lies beyond the county; None when it can't be told."""
    if not place:
        return None
    own = (file.township.code or file.county.code or "")[:2]
    if any(name in place for code, name in PROVINCES.items() if code != own):
        return True
    if _stem(file.county.name) in place:
        return False
    if "市" in place and file.city and _stem(file.city.name) not in place:
        return True
    return None


def _stem(name: str) -> str:
    return name[:-1] if len(name) > 2 and name[-1] in "市县区" else name
