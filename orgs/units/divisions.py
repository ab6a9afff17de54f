"""Reading division files (code, name, parent_code, tier) and finding everything wrong in them before anything is saved.

A file may lack a tier (a city without counties), repeat a code at the next tier, start at a county, or hold several
cities. A code that begins with ``@`` names a unit that has no official code: ``@郑东新区``.
"""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from childwelfare.text.cleaning import clean_name
from orgs.access.scope import TIERS

COLUMNS = ("code", "name", "parent_code", "tier")
ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass
class Row:
    """One unit as the file gives it; ``line`` is the line in its file."""

    source: str
    line: int
    code: str
    name: str
    parent_code: str
    level: int
    overlay: bool = False

    @property
    def key(self) -> tuple[int, str]:
        """Two tiers may share a code, so the level belongs to the key."""
        return self.level, self.code

    @property
    def where(self) -> str:
        return f"{self.source} 第 {self.line} 行（{self.code or '无代码'} {self.name}）"


class Damaged(Exception):
    """``problems`` is a list of sentences, each with file and row."""

    def __init__(self, problems: list[str]):
        super().__init__("\n".join(problems))
        self.problems = problems


def read_rows(path: Path, *, overlay: bool = False) -> list[Row]:
    """All rows of a file. Raises Damaged with every row that can't be read."""
    rows, problems = [], []
    reader = csv.reader(io.StringIO(_text(path)), strict=True)
    try:
        head = [cell.strip().lower() for cell in next(reader, [])]
        if missing := [column for column in COLUMNS if column not in head]:
            raise Damaged([f"{path.name} 第 1 行：缺少列 {'、'.join(missing)}。表头应为 {','.join(COLUMNS)}。"])
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(head):
                problems.append(f"{path.name} 第 {reader.line_num} 行：应有 {len(head)} 列，实有 {len(cells)} 列。")
                continue
            row, wrong = _row(path.name, reader.line_num, dict(zip(head, cells, strict=True)))
            row.overlay = overlay
            rows.append(row)
            problems += wrong
    except csv.Error as error:
        problems.append(f"{path.name} 第 {reader.line_num} 行：这一行的引号或换行已损坏（{error}）。")
    if not rows and not problems:
        problems.append(f"{path.name}：文件里没有任何机构。")
    if problems:
        raise Damaged(problems)
    return rows


def merge(files: list[list[Row]], overlays: list[list[Row]]) -> list[Row]:
    """One list of units: rows of overlays replace those of the files, where they speak of the same city.

    Raises Damaged for rows given twice within the files.
    """
    merged: dict[tuple[int, str], Row] = {}
    problems = []
    for row in (row for rows in files for row in rows):
        if row.key in merged:
            problems.append(f"{row.where}：与 {merged[row.key].where} 重复。")
        merged.setdefault(row.key, row)
    for rows in overlays:
        codes = {code for _, code in merged}
        if not any(row.code in codes for row in rows):
            continue
        for row in rows:
            if not row.code.startswith("@") and row.key not in merged:
                problems.append(f"{row.where}：主文件里没有这个代码，不能调整它的上级。")
            merged[row.key] = row
    if problems:
        raise Damaged(problems)
    return list(merged.values())


def resolve_parents(rows: list[Row]) -> dict[tuple[int, str], Row | None]:
    """{row key: parent row, None for a root}. Raises Damaged."""
    by_code: dict[str, list[Row]] = {}
    for row in rows:
        by_code.setdefault(row.code, []).append(row)
    parents: dict[tuple[int, str], Row | None] = {}
    problems: list[str] = []
    for row in rows:
        if not row.parent_code:
            if row.level > 2:
                problems.append(f"{row.where}：没有上级代码；只有市或县可以是最高一级。")
            parents[row.key] = None
            continue
        same_code = by_code.get(row.parent_code, [])
        above = [other for other in same_code if other.level < row.level]
        if above:
            parents[row.key] = max(above, key=lambda other: other.level)
        elif same_code:
            problems.append(f"{row.where}：上级 {same_code[0].name}（{row.parent_code}）不比它高一级，层级填错了。")
        else:
            problems.append(f"{row.where}：上级代码 {row.parent_code} 不在文件里。")
    if problems:
        raise Damaged(problems)
    return parents


def _row(source: str, line: int, cells: dict[str, str]) -> tuple[Row, list[str]]:
    code, parent = cells["code"].strip(), cells["parent_code"].strip()
    name, tier = clean_name(cells["name"]), cells["tier"].strip().lower()
    row = Row(source, line, code, name, parent, TIERS.index(tier) + 1 if tier in TIERS else 0)
    problems = []
    if not code:
        problems.append("没有代码；没有官方代码的机构写成 @名称")
    elif not code.startswith("@") and not (code.isascii() and code.isdigit() and 2 <= len(code) <= 12):
        problems.append(f"代码“{code[:20]}”应为 2–12 位数字")
    if not name:
        problems.append("没有名称")
    elif len(name) > 60:
        problems.append(f"名称有 {len(name)} 个字，最多 60 个")
    if not row.level:
        problems.append(f"层级“{tier[:20]}”应为 {'、'.join(TIERS)} 之一")
    return row, [f"{row.where}：{problem}。" for problem in problems]


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Damaged([f"{path}：打不开这个文件（{error.strerror}）。"]) from None
    for encoding in ENCODINGS:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Damaged([f"{path.name}：不是 UTF-8 或 GBK 编码的 CSV 文本。请在 Excel 里“另存为 CSV UTF-8”后再试。"])
