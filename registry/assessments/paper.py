"""An assessment on A4: the report with its signers, and the letter to the family, which says nothing of points."""

from dataclasses import dataclass

from registry.assessments.models import Assessment
from registry.assessments.presentation import Reading, reading_of
from registry.child.models import ChildFile
from registry.printing.pieces import Block, Cell, Sheet, day, heads, in_chinese, row, unit_of, unit_of_maker


def report_sheet(assessment: Assessment) -> Sheet:
    """The report: level and why, score by dimension, answers, what child and guardian say."""
    with in_chinese():
        reading = reading_of(assessment)
        blocks = [_head(assessment, reading), *_screen(reading), *_scores(reading), _views(assessment)]
        blocks += [_answers(line) for line in reading.dimensions]
        place = (assessment.city or assessment.county).name
        signers = ("县级确认：", "复核人：", "参与人：", "评估人：") if _is_signed_by_county(assessment) else (
            "复核人：", "参与人：", "评估人：",
        )  # fmt: skip
        return Sheet(
            f"{place}儿童风险评估报告",
            unit_of_maker(assessment),
            day(assessment.assessed_on),
            assessment.child.file_number,
            blocks,
            notes=[str(assessment.instrument)],
            signers=signers,
            seal="工作站（盖章）",
            standing="" if assessment.state in ("checked", "approved") else str(assessment.get_state_display()),
        )


@dataclass(frozen=True)
class Letter:
    """A letter to the family: what is written, in paragraphs."""

    title: str
    to: str
    paragraphs: tuple[str, ...]
    unit: str
    day: str


def letter_before(file: ChildFile, *, on) -> Letter:
    """That an assessment will take place, and what for."""
    with in_chinese():
        return Letter(
            title="儿童评估通知书",
            to=f"{file.name}的家长（监护人）：",
            paragraphs=(
                f"为了了解{file.name}近来的生活、学习、健康和安全情况，看看家里需要什么帮助，儿童福利主任近日将上门走访，"
                "和您、和孩子谈一谈。",
                "谈到的内容只用来安排对孩子和家庭的帮助，不会公开，也不会影响孩子已经享受的待遇。"
                "您可以请信任的亲友一起在场；您和孩子的想法都会记下来。",
                "您对评估有疑问，可以向儿童福利主任或乡镇（街道）儿童福利工作站提出。",
            ),
            unit=unit_of(file),
            day=day(on),
        )


def letter_after(assessment: Assessment, *, on) -> Letter:
    """What came of it, in gentle words: no points, no level, but what follows."""
    file = assessment.child
    with in_chinese():
        held = day(assessment.assessed_on)
        following = (
            f"我们计划在{day(assessment.next_on)}以前再来看看孩子的情况有没有变化。" if assessment.next_on else ""
        )
        return Letter(
            title="儿童评估结果告知书",
            to=f"{file.name}的家长（监护人）：",
            paragraphs=(
                f"{held}，儿童福利主任上门了解了{file.name}的情况，谢谢您和孩子的配合。",
                "根据了解到的情况，工作站会和您一起商量孩子和家里最需要的帮助，并安排儿童福利主任定期上门。"
                + following,
                "您或孩子觉得情况有出入，或者家里有了变化，请随时告诉儿童福利主任或工作站，可以要求重新评估。",
            ),
            unit=unit_of_maker(assessment),
            day=day(on),
        )


def _is_signed_by_county(assessment: Assessment) -> bool:
    return any(event.action in ("sign", "confirm") and event.post.unit.level == 2 for event in assessment.events.all())


def _head(assessment: Assessment, reading: Reading) -> Block:
    file, level = assessment.child, assessment.level_words
    proposed = reading.proposed_words or "没有定级"
    rows = [
        row(("姓名", file.name, 2), ("性别", str(file.get_sex_display()), 2), ("出生日期", day(file.birth_date), 2)),
        row(("评估原因", str(assessment.get_occasion_display()), 4), ("评估人", assessment.made_by.name, 4)),
        row(("参与人", assessment.participants, 10)),
        row(("按分数", proposed, 4), ("确定等级", level, 4)),
    ]
    if assessment.guardianship_words:
        rows.append(row(("监护情况", assessment.guardianship_words, 10)))
    rows.append(row(("依据", "".join(reading.reasons), 10)))
    if assessment.level_reason:
        rows.append(row(("调整原因", assessment.level_reason, 10)))
    if assessment.next_on:
        told = day(assessment.notified_on) or "未记"
        rows.append(row(("下次评估", day(assessment.next_on), 4), ("告知家庭", told, 4)))
    return Block("一、结论", rows)


def _screen(reading: Reading) -> list[Block]:
    rows = [[Cell(text, 9), Cell(str(answer), 3)] for text, answer, _tone in reading.screen]
    return [Block("二、紧急筛查", rows)] if rows else []


def _scores(reading: Reading) -> list[Block]:
    if not reading.dimensions:
        return []
    rows = [heads(("维度", 4), ("得分", 3), ("满分", 2), ("上次", 3))]
    for line in reading.dimensions:
        before = "" if line.before is None else str(line.before)
        rows.append([Cell(line.name, 4), Cell(str(line.score), 3), Cell(str(line.most), 2), Cell(before, 3)])
    return [Block("三、各维度得分", rows)]


def _views(assessment: Assessment) -> Block:
    said = (
        ("孩子的想法", assessment.child_view),
        ("监护人意见", assessment.guardian_view),
        ("有利条件", assessment.strengths),
    )
    return Block("四、意见", [row((name, text or "未记", 10)) for name, text in said])


def _answers(line) -> Block:
    rows = [heads(("项目", 3), ("回答", 3), ("上次", 2), ("说明", 4))]
    for answer in line.answers:
        note = answer.why or (f"档案：{answer.told_by}" if answer.told_by else "")
        rows.append([Cell(answer.name, 3), Cell(answer.said, 3), Cell(answer.last, 2), Cell(note, 4)])
    return Block(line.name, rows)
