"""A styled roster of 100,000 rows × 40 columns beside the csv module, each in its own process; and a summary sheet.

Turn by turn, so that other work on the machine strikes all alike. What a roster may cost: MOST_TIMES the csv module's
seconds, and MOST_MEGABYTES.
"""

import csv
import datetime
import io
import json
import resource
import statistics
import subprocess
import sys
import time

ROWS, COLUMNS = 100_000, 40
TURNS = 5
WAYS = ("csv", "roster", "summary")
MOST_TIMES, MOST_MEGABYTES = 6, 150  # what a styled roster may cost: times the csv module's seconds, memory
MORE = ["一般", "无", "2026-03-01", "汉族"] * ((COLUMNS - 16) // 4)  # beside the roster's own sixteen
NAMES = {
    "csv": "csv module (the floor)",
    "roster": "the long form of the roster",
    "summary": "openpyxl: a summary of 20 units",
}


def main(children: int = ROWS) -> None:
    """Print seconds, the peak of memory above the bare process and the ratio to csv. ``children`` is not used."""
    _nothing, base = _measured("nothing")
    turns = [{way: _measured(way) for way in WAYS} for _turn in range(TURNS)]
    print(f"{ROWS:,} rows × {COLUMNS} columns, medians of {TURNS} turns\n")
    print("| what | s | MB more | ÷ csv |\n|---|--:|--:|--:|")
    ratios = {way: statistics.median(turn[way][0] / turn["csv"][0] for turn in turns) for way in WAYS}
    peaks = {way: max(turn[way][1] for turn in turns) - base for way in WAYS}
    for way in WAYS:
        seconds = statistics.median(turn[way][0] for turn in turns)
        ratio = f"{ratios[way]:.1f}" if way != "summary" else ""
        print(f"| {NAMES[way]} | {seconds:.2f} | {peaks[way]:.0f} | {ratio} |")
    ratio, memory = ratios["roster"], peaks["roster"]
    held = ratio <= MOST_TIMES and memory <= MOST_MEGABYTES
    print(f"\nat most {MOST_TIMES} × csv and {MOST_MEGABYTES} MB: {'held' if held else 'NOT HELD'}")


def _measured(way: str) -> tuple[float, float]:
    done = subprocess.run([sys.executable, "-m", "benchmarks.excel", way], capture_output=True, text=True, check=True)
    return tuple(json.loads(done.stdout.splitlines()[-1]))


def _rows():
    for number in range(1, ROWS + 1):
        yield [
            number, f"张子{chr(0x4E00 + number % 500)}", "女", "汉族", "2017-03-15", f"410199201703{number:06}",
            f"高村乡刘沟村{number % 30}", f"高村乡中心小学 {number % 6 + 1}年级", "广东深圳", "在家（重残）",
            "李桂英", "祖母", f"138{number:08}", "一般", "较高", "留守", *MORE,
        ]  # fmt: skip


def _csv(content: io.BytesIO) -> None:
    text = io.TextIOWrapper(content, "utf-8-sig", newline="")
    csv.writer(text).writerows(_rows())
    text.flush()


def _long(content: io.BytesIO) -> None:
    from reports.exports.excel.people import ROSTER, Column
    from reports.exports.excel.writer import LongList, write_long

    line = ("填报单位：荥阳市儿童福利指导中心（盖章）", "填报日期：2026年11月25日", "单位：人")
    columns = (*ROSTER, *(Column(f"栏目{number}", 10) for number in range(len(ROSTER), COLUMNS)))
    write_long(content, LongList("花名册", "荥阳市留守儿童花名册", line, columns, _rows(), "在册名单", ROWS))


def _summary(content: io.BytesIO) -> None:
    from orgs.units.models import OrgUnit
    from reports.exports.excel.summary import write_summary
    from reports.indicators.table import INDICATORS
    from reports.rollup.periods import Period

    unit = OrgUnit(name="荥阳市", level=2)
    unit.county = unit
    figures = {indicator.key: 0 for indicator in INDICATORS}
    table = [(OrgUnit(pk=number, name=f"第{number}乡", level=3), figures) for number in range(1, 21)]
    day = datetime.date(2026, 11, 25)
    write_summary(content, unit=unit, period=Period.of("2026-10", day), table=table, day=day, person="周敏")


def _work(way: str) -> None:
    """In its own process: do it once and print [seconds, peak MB]."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "childwelfare.settings")
    django.setup()
    import reports.exports.excel.roster
    import reports.exports.excel.summary  # noqa: F401  (all ways start alike)

    ways = {
        "csv": _csv,
        "roster": _long,
        "summary": _summary,
        "nothing": lambda content: None,
    }
    start, content = time.perf_counter(), io.BytesIO()
    ways[way](content)
    seconds = time.perf_counter() - start
    print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


if __name__ == "__main__":
    _work(sys.argv[1])
