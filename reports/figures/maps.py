"""Outlines of counties for the city's map, and which counties they hold: the others are shown as tiles."""

# {first four digits of the city's code: (file under static/, its counties, those too small for a label)}
OUTLINES = {
    "4101": (
        "maps/zhengzhou.json",
        ("中原区", "二七区", "管城回族区", "金水区", "惠济区", "上街区",
         "中牟县", "登封市", "巩义市", "荥阳市", "新密市", "新郑市"),
        ("管城回族区", "二七区", "中原区", "上街区"),
    ),
}  # fmt: skip


def outline_of(city) -> tuple[str, tuple[str, ...], tuple[str, ...]] | None:
    return OUTLINES.get((city.code or "")[:4])
