"""The conditions of which the rules are made; each can tell in a sentence why it holds, fails or is open.

Terms as 民发〔2019〕62号 art. 1 sets them: severe disability is grade 1–2, or grade 3–4 mental or intellectual; prison,
drug isolation and other deprivation of liberty count from a term of 6 months; out of contact counts after 6 months.
Months end as 民法典 art. 202 has it: on the corresponding day, or on the month's last where there is none.
"""

import calendar
import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from childwelfare.text.words import Words
from registry.child.ages import age_on
from registry.child.codes import Disability, DisabilityGrade, Situation
from registry.eligibility.facts import WHOSE, SituationFacts
from registry.eligibility.logic import Answer, Circumstances, Condition, Reason

BY_TERM = (Situation.IMPRISONED, Situation.DRUG_ISOLATION, Situation.DETAINED)
SINCE_125 = (Situation.CUSTODY_REVOKED, Situation.EXPELLED)
# whoever is in one of these is not there to care for the child, however long it lasts
ABSENT = (*BY_TERM, Situation.OUT_OF_CONTACT, *SINCE_125)
SEVERE = (DisabilityGrade.FIRST, DisabilityGrade.SECOND)
MIND = (Disability.INTELLECT, Disability.MENTAL)
SOURCE_62, SOURCE_125 = _("民发〔2019〕62号第一条"), _("民发〔2020〕125号第一条")
SOURCE_CONTACT = _("民发〔2019〕62号第一条、民发〔2020〕125号第一条")


def months_after(day: datetime.date, months: int) -> datetime.date:
    """The corresponding day ``months`` later, or that month's last."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def lasted(since: datetime.date, until: datetime.date, months: int) -> bool:
    return months_after(since, months) <= until


class Younger(Condition):
    """Under ``limit`` years old; with ``student_past_18`` set, also a full-time student who is older."""

    reads = ("birth_date", "age", "student")

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def test(self, case: Circumstances) -> Answer:
        facts, words = case.facts, {"n": self.limit}
        years = age_on(facts.birth_date, case.on) if facts.birth_date else facts.age
        past = case.given.get("student_past_18", False)
        if years is None:
            if past and facts.student:
                return Answer(True, (Reason(_("仍在全日制学校就读"), {}),))
            return Answer(None, missing=("birth_date",))
        if years < self.limit:
            return Answer(True, (Reason(_("未满 %(n)s 周岁"), words),))
        if not past or facts.student is False:
            return Answer(False, (Reason(_("已满 %(n)s 周岁"), words),))
        if facts.student is None:
            return Answer(None, missing=("student",))
        return Answer(True, (Reason(_("已满 %(n)s 周岁，仍在全日制学校就读"), words),))


class OfParent(Condition):
    """Asks about one of the parents."""

    asks: tuple[str, ...] = ()

    def __init__(self, parent: str) -> None:
        self.parent = parent
        self.reads = tuple(f"{parent}.{name}" for name in self.asks)

    def yes(self, text: Words, source: Words = "", **words: Any) -> Answer:
        return Answer(True, (self._said(text, source, words),))

    def no(self, text: Words, source: Words = "", **words: Any) -> Answer:
        return Answer(False, (self._said(text, source, words),))

    def open(self, *names: str) -> Answer:
        return Answer(None, missing=tuple(f"{self.parent}.{name}" for name in names))

    def _said(self, text: Words, source: Words, words: dict) -> Reason:
        return Reason(text, {"who": WHOSE[self.parent], **words}, source)


class Gone(OfParent):
    """Dead or missing."""

    asks = ("state",)

    def test(self, case: Circumstances) -> Answer:
        gone = getattr(case.facts, self.parent).gone
        if gone is None:
            return self.open("state")
        return self.yes(_("%(who)s已故或失踪")) if gone else self.no(_("%(who)s健在"))


class InSituation(OfParent):
    """Alive and in one of the situations of 62号 and 125号. ``beside``: the other parent is dead or missing, the one
    branch in which ``expelled_only_beside_dead`` lets expulsion count."""

    asks = ("state", "situations")

    def __init__(self, parent: str, *, beside: bool = False) -> None:
        super().__init__(parent)
        self.beside = beside

    def test(self, case: Circumstances) -> Answer:
        parent = getattr(case.facts, self.parent)
        if parent.gone:
            return self.no(_("%(who)s已故或失踪"))
        if parent.situations is None:
            return self.open(*(["state"] if parent.state is None else []), "situations")
        answers = [self._one(situation, case) for situation in parent.situations]
        if true := next((answer for answer in answers if answer.value), None):
            return true
        if unknown := [answer for answer in answers if answer.value is None]:
            return Answer(None, missing=sum((answer.missing for answer in unknown), ()))
        said = sum((answer.said for answer in answers), ())
        return Answer(False, said) if said else self.no(_("%(who)s没有所列的情形"))

    def _one(self, situation: SituationFacts, case: Circumstances) -> Answer:
        kind, label = situation.kind, Situation(situation.kind).label
        if (situation.until and situation.until <= case.on) or (situation.since and situation.since > case.on):
            return self.no(_("%(who)s%(what)s已结束或还没有开始"), what=label)
        if kind in SINCE_125 and case.given.get("without_125"):
            return self.no(_("%(who)s%(what)s，当时的规定没有列入"), SOURCE_62, what=label)
        if kind == Situation.EXPELLED and case.given.get("expelled_only_beside_dead") and not self.beside:
            return self.no(_("按本地规定，%(who)s%(what)s只在另一方死亡或失踪时才算"), what=label)
        if kind == Situation.DISABLED:
            return self._disabled(situation)
        if kind in BY_TERM:
            return self._term(situation, case)
        if kind == Situation.OUT_OF_CONTACT:
            return self._out_of_contact(situation, case)
        if kind == Situation.ILL:
            return self.yes(_("%(who)s患重病（病种以当地规定为准）"), SOURCE_62)
        return self.yes(_("%(who)s%(what)s"), SOURCE_125, what=label)

    def _disabled(self, situation: SituationFacts) -> Answer:
        if situation.grade in SEVERE:
            return self.yes(_("%(who)s为一级或二级残疾"), SOURCE_62)
        if situation.disability in MIND:
            return self.yes(_("%(who)s为智力或精神残疾"), SOURCE_62)
        if situation.grade is None:
            return self.open(f"{situation.kind}.grade")
        if situation.disability in (None, Disability.MULTIPLE):
            return self.open(f"{situation.kind}.disability")
        return self.no(_("%(who)s的残疾不属于重残（一、二级，或三、四级智力、精神残疾）"), SOURCE_62)

    def _term(self, situation: SituationFacts, case: Circumstances) -> Answer:
        """The whole term counts, from beginning to end; without its end, what has passed of it."""
        kind, months = situation.kind, case.given["min_months"]
        words = {"what": Situation(kind).label, "n": months}
        since, until = situation.since, situation.until
        if (since and lasted(since, until or case.on, months)) or (until and lasted(case.on, until, months)):
            return self.yes(_("%(who)s%(what)s，期限满 %(n)s 个月"), SOURCE_62, **words)
        if since and until:
            return self.no(_("%(who)s%(what)s，期限不满 %(n)s 个月"), SOURCE_62, **words)
        return self.open(f"{kind}.until" if since else f"{kind}.since")

    def _out_of_contact(self, situation: SituationFacts, case: Circumstances) -> Answer:
        kind, months = situation.kind, case.given["min_months"]
        if situation.since is None:
            return self.open(f"{kind}.since")
        if not lasted(situation.since, case.on, months):
            return self.no(_("%(who)s失联不满 %(n)s 个月"), SOURCE_62, n=months)
        if situation.proof is None and case.given.get("contact_proof_required"):
            return self.open(f"{kind}.proof")
        text = _("%(who)s失联满 %(n)s 个月")
        if situation.proof is None:
            text = _("%(who)s失联满 %(n)s 个月；认定时须有公安查找回执，或逐级确认的认定表")
        return self.yes(text, SOURCE_CONTACT, n=months)


class Absent(OfParent):
    """In a situation that keeps a parent from the child, whatever its length."""

    asks = ("situations",)

    def test(self, case: Circumstances) -> Answer:
        situations = getattr(case.facts, self.parent).situations
        if situations is None:
            return self.open("situations")
        for one in situations:
            over = (one.until and one.until <= case.on) or (one.since and one.since > case.on)
            if one.kind in ABSENT and not over:
                return self.yes(_("%(who)s%(what)s，不能照看孩子"), what=Situation(one.kind).label)
        return Answer(False)


class Unable(OfParent):
    """Noted as unable to guard."""

    asks = ("unable",)

    def test(self, case: Circumstances) -> Answer:
        unable = getattr(case.facts, self.parent).unable
        if unable is None:
            return self.open("unable")
        return self.yes(_("%(who)s无监护能力")) if unable else self.no(_("%(who)s有监护能力"))


class Away(OfParent):
    """Away for work. ``far``: across the county line, for ``min_months`` running; visits home do not interrupt."""

    asks: tuple[str, ...] = ("state", "away")

    def __init__(self, parent: str, *, far: bool = False) -> None:
        self.asks = ("state", "away", "away_since", "away_across") if far else ("state", "away")
        super().__init__(parent)
        self.far = far

    def test(self, case: Circumstances) -> Answer:
        parent = getattr(case.facts, self.parent)
        if parent.gone:
            return self.no(_("%(who)s已故或失踪"))
        if parent.away is False:
            return self.no(_("%(who)s没有外出务工"))
        missing = [name for name in ("state", "away") if getattr(parent, name) is None]
        if self.far:
            months = case.given["min_months"]
            if parent.away_across is False:
                return self.no(_("%(who)s在本县（市、区）内务工"))
            if parent.away_since and not lasted(parent.away_since, case.on, months):
                return self.no(_("%(who)s外出不满 %(n)s 个月"), n=months)
            missing += [name for name in ("away_across", "away_since") if getattr(parent, name) is None]
        if missing:
            return self.open(*missing)
        if self.far:
            return self.yes(_("%(who)s跨县外出务工满 %(n)s 个月"), n=months)
        return self.yes(_("%(who)s外出务工"))


class Known(Condition):
    """A fact has one of the values. ``yes`` and ``no`` are the sentences."""

    def __init__(self, path: str, values: tuple, yes: Words, no: Words) -> None:
        self.path, self.values, self.reads = path, values, (path,)
        self.yes, self.no = yes, no

    def test(self, case: Circumstances) -> Answer:
        value = case.facts.at(self.path)
        if value is None:
            return Answer(None, missing=(self.path,))
        return Answer(True, (Reason(self.yes),)) if value in self.values else Answer(False, (Reason(self.no),))


class ParameterSet(Condition):
    """A parameter is set here."""

    def __init__(self, parameter: str) -> None:
        self.parameter = parameter

    def test(self, case: Circumstances) -> Answer:
        return Answer(bool(case.given.get(self.parameter)))


class AcrossCounty(Condition):
    """Registered in another county. Between two of the ``central_districts`` of a city nobody counts as moved."""

    reads = ("across_county", "registered_region", "living_region")

    def test(self, case: Circumstances) -> Answer:
        facts = case.facts
        across = facts.across_county
        if across is None and facts.registered_region and facts.living_region:
            central = case.given.get("central_districts", ())
            here, home = facts.living_region, facts.registered_region
            if here != home and here in central and home in central:
                return Answer(False, (Reason(_("户口和住处都在中心城区，不算流动")),))
            across = here != home
        if across is None:
            return Answer(None, missing=("across_county",))
        if across:
            return Answer(True, (Reason(_("户口在外县（市、区）")),))
        return Answer(False, (Reason(_("户口就在本县（市、区）")),))


class LivedHere(Condition):
    """Has lived here for ``min_months``."""

    reads = ("here_since",)

    def test(self, case: Circumstances) -> Answer:
        since, months = case.facts.here_since, case.given["min_months"]
        if since is None:
            return Answer(None, missing=("here_since",))
        words = {"n": months}
        if lasted(since, case.on, months):
            return Answer(True, (Reason(_("来本地居住满 %(n)s 个月"), words),))
        return Answer(False, (Reason(_("来本地居住不满 %(n)s 个月"), words),))
