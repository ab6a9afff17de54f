"""Made-up children and their families. Their ID numbers have true checksums under a county code that was never
issued (410199), so no real person can hold one of them."""

import datetime
import random
import uuid
from dataclasses import dataclass, field

from childwelfare.demo import words
from childwelfare.demo.words import Shares
from childwelfare.text.pinyin import name_initials, name_order, name_pinyin
from registry.categories.models import CategoryMembership
from registry.child.ages import age_on
from registry.child.codes import CATEGORY_AGE_LIMIT, Category, Difficulty
from registry.child.fields import fields
from registry.child.id_number import check_character
from registry.child.models import ChildFile, given_name
from registry.family.models import FamilyMember, Guardian

NEVER_ISSUED = "410199"
# shares of the categories, in per cent: about those of a county that lives from work elsewhere
CATEGORY_SHARES = Shares((Category.LEFT_BEHIND, 60), (Category.DIFFICULTY, 22), (Category.MIGRANT, 9),
               (Category.DE_FACTO, 6), (Category.ORPHAN, 3))  # fmt: skip
RISKS = Shares(("high", 3), ("raised", 12), ("general", 45), ("watch", 20), ("unknown", 20))
INCOMES = Shares(("none", 70), ("minimum_living", 22), ("destitute", 3), ("marginal", 5))
GUARDIANSHIPS = Shares(("good", 52), ("fair", 40), ("poor", 8))
CARERS = Shares(("paternal_grandmother", 50), ("paternal_grandfather", 20), ("maternal_grandmother", 18),
                ("uncle", 6), ("aunt", 6))  # fmt: skip
GROUNDS = {
    Category.LEFT_BEHIND: "父母外出务工，入户核实", Category.DIFFICULTY: "村（居）入户核实", Category.MIGRANT: "居住证",
    Category.DE_FACTO: "县级民政部门确认", Category.ORPHAN: "父母死亡证明",
}  # fmt: skip


@dataclass
class Made:
    """One child with all its rows, not yet saved."""

    file: ChildFile
    memberships: list = field(default_factory=list)
    family: list = field(default_factory=list)
    guardian: Guardian | None = None


class Maker:
    """Makes children one after the other from one seed."""

    def __init__(self, rng: random.Random, today: datetime.date):
        self.rng, self.today = rng, today
        self.taken: set = set()

    def child(self, village, *, made_by, made_in, registered_on: datetime.date, pk: uuid.UUID | None = None) -> Made:
        """A child who is in the registry since ``registered_on``."""
        rng = self.rng
        category = CATEGORY_SHARES.pick(rng)
        sex = rng.choice(("male", "female"))
        birth_date = self._birth_date(category)
        surname = rng.choice(words.SURNAMES)
        name = surname + rng.choice(words.BOYS if sex == "male" else words.GIRLS)
        file = ChildFile(
            id=pk or uuid.UUID(int=rng.getrandbits(128), version=4),
            name=name,
            given_name=given_name(name),
            pinyin=name_pinyin(name),
            initials=name_initials(name),
            name_order=name_order(name),
            sex=sex,
            birth_date=birth_date,
            nation="03" if rng.random() < 0.03 else "01",
            id_number=self.id_number(birth_date, sex),
            registration="rural" if rng.random() < 0.8 else "urban",
            registered_at=village.short_name,
            address=rng.choice(words.GROUPS) if village.name.endswith("村委会") else f"{rng.randint(1, 30)}号楼",
            phone=self._phone(),
            incomes=rng.sample(["wages", "farming", "relief", "relatives"], rng.choice((1, 1, 2))),
            low_income=INCOMES.pick(rng),
            guardianship=GUARDIANSHIPS.pick(rng),
            risk=RISKS.pick(rng),
            made_by=made_by,
            made_in=made_in,
        )
        file.guardianship_kind = {"good": "good", "fair": "fair", "poor": "weak_carer"}[file.guardianship]
        self._school(file, village)
        self._health(file)
        file.place(village)
        file.village = village
        made = Made(file)
        self._family(made, category, surname)
        self._memberships(made, category, registered_on, made_by)
        _fill_samples(made)
        return made

    def id_number(self, birth_date: datetime.date, sex: str) -> str:
        while True:
            serial = self.rng.randrange(0, 500) * 2 + (sex == "male")
            first = f"{NEVER_ISSUED}{birth_date:%Y%m%d}{serial:03}"
            if first not in self.taken:
                self.taken.add(first)
                return first + check_character(first)

    def _birth_date(self, category) -> datetime.date:
        limit = CATEGORY_AGE_LIMIT[category]
        oldest = self.today - datetime.timedelta(days=int(limit * 365.25) - 40)
        days = (self.today - oldest).days - 400
        return oldest + datetime.timedelta(days=int(self.rng.betavariate(1.6, 1.4) * days))

    def _phone(self) -> str:
        return f"1380000{self.rng.randrange(10_000):04}"

    def _school(self, file: ChildFile, village) -> None:
        age, rng = age_on(file.birth_date, self.today), self.rng
        place = village.township.name if village.township else ""
        if age < 3:
            file.schooling = "not_enrolled"
        elif age < 6:
            file.schooling, file.school = "kindergarten", f"{place}中心幼儿园"
        elif age < 12:
            file.schooling, file.school = "primary", f"{place}中心小学"
            file.grade = "一二三四五六"[age - 6] + "年级"
        elif age < 15:
            file.schooling, file.school = "junior", f"{place}初级中学"
            file.grade = "七八九"[age - 12] + "年级"
        elif rng.random() < 0.06:
            file.schooling = "not_in_school"
        else:
            file.schooling = rng.choice(("senior", "vocational"))
            file.school = "高级中学" if file.schooling == "senior" else "职业中专"
            file.grade = "高" + "一二三"[min(age, 17) - 15]
        if 7 <= age < 15 and rng.random() < 0.004:
            file.schooling, file.grade = "dropped_out", ""
            file.out_of_school_since = self.today - datetime.timedelta(days=rng.randrange(30, 200))
            file.out_of_school_reason = "厌学"
        file.boarding = age >= 12 and rng.random() < 0.5 if file.school else None

    def _health(self, file: ChildFile) -> None:
        rng, chance = self.rng, self.rng.random()
        file.health, file.insurance = "healthy", "resident" if rng.random() < 0.97 else ""
        if chance < 0.06:
            file.health, file.disability = "disabled", rng.choice("123456")
            file.disability_grade = rng.choice("1234")
        elif chance < 0.09:
            file.health, file.illness = "ill", rng.choice(("哮喘", "先天性心脏病", "癫痫", "贫血"))
            file.serious_illness = file.illness == "先天性心脏病"

    def _family(self, made: Made, category, surname: str) -> None:
        rng, file = self.rng, made.file
        mother_surname = rng.choice(words.SURNAMES)
        father = FamilyMember(child=file, relation="father", name=surname + rng.choice(words.MEN))
        mother = FamilyMember(child=file, relation="mother", name=mother_surname + rng.choice(words.WOMEN))
        for parent in (father, mother):
            parent.birth_date = file.birth_date - datetime.timedelta(days=rng.randrange(21 * 365, 38 * 365))
        since = self.today - datetime.timedelta(days=rng.randrange(300, 1500))
        if category == Category.ORPHAN:
            father.life = mother.life = "dead"
        elif category == Category.DE_FACTO:
            father.situation, father.situation_since = rng.choice(("imprisoned", "disabled", "ill")), since
            mother.situation, mother.situation_since = "out_of_contact", since
        elif category == Category.LEFT_BEHIND:
            for parent in (father, mother) if rng.random() < 0.75 else (father,):
                parent.away, parent.away_at, parent.away_since = True, rng.choice(words.CITIES), since
            if mother.away is None:
                mother.situation, mother.situation_since = "disabled", since
        for parent in (father, mother):
            if parent.life == "alive" and parent.situation != "out_of_contact":
                parent.phone = self._phone()
        made.family = [father, mother]
        file.flags = ["parent_in_prison"] if father.situation == "imprisoned" else []
        made.guardian = self._guardian(file, category, surname, mother, mother_surname)

    def _guardian(self, file, category, surname, mother, mother_surname) -> Guardian:
        rng = self.rng
        if category in (Category.MIGRANT, Category.DIFFICULTY):
            relation, name = "mother", mother.name
        else:
            relation = CARERS.pick(rng)
            male = relation in ("paternal_grandfather", "uncle")
            family_name = mother_surname if relation.startswith("maternal") else surname if male else None
            name = (family_name or rng.choice(words.SURNAMES)) + rng.choice(words.MEN if male else words.WOMEN)
        elder = "grand" in relation
        age = rng.randrange(56, 76) if elder else rng.randrange(30, 50)
        capacity = {"good": "good", "fair": "fair", "poor": "weak"}[file.guardianship]
        guardian = Guardian(
            child=file,
            name=name,
            relation=relation,
            phone=self._phone(),
            capacity=capacity,
            birth_date=self.today - datetime.timedelta(days=age * 365 + rng.randrange(365)),
            health="高血压，生活能自理" if elder and rng.random() < 0.3 else "健康",
            address=file.registered_at + file.address,
        )
        if category == Category.LEFT_BEHIND and rng.random() < 0.7:
            guardian.entrusted_from = self.today - datetime.timedelta(days=rng.randrange(200, 700))
            guardian.entrusted_to = guardian.entrusted_from + datetime.timedelta(days=3 * 365)
            guardian.briefed_on = guardian.entrusted_from
        guardian.mark(file)
        return guardian

    def _memberships(self, made: Made, category, registered_on, decided_by) -> None:
        rng, file = self.rng, made.file
        since = registered_on - datetime.timedelta(days=rng.randrange(0, 90))
        held = {category: max(since, file.birth_date)}
        if category == Category.LEFT_BEHIND and rng.random() < 0.12:
            held[Category.DIFFICULTY] = held[category]
        if category in (Category.ORPHAN, Category.DE_FACTO) and rng.random() < 0.4:
            held[Category.DIFFICULTY] = held[category]
        for code, day in held.items():
            membership = CategoryMembership(child=file, category=code, since=day, decided_by=decided_by)
            membership.grounds = GROUNDS[code] if file.id.int % 8 else ""
            membership.place(file)
            if code == Category.DIFFICULTY:
                membership.difficulty = rng.choice(_fitting(file))
            made.memberships.append(membership)
        file.category_codes = ",".join(code for code in Category.values if code in held)


def _fill_samples(made: Made) -> None:
    """Fields whose entry says what the demo takes, where nothing else was said of them. By a chance of the child's own:
    a new field leaves all others as they were."""
    rng = random.Random(made.file.id.int)
    records = {"child": made.file, "guardian": made.guardian} | {member.relation: member for member in made.family}
    held = {membership.category for membership in made.memberships}
    for each in fields().values():
        record, needed = records.get(each.holder), each.entry.requirement
        asked = needed is None or not needed.categories or held & set(needed.categories)
        if each.entry.sample and record is not None and asked:
            setattr(record, each.column, rng.choice(each.entry.sample))


def _fitting(file: ChildFile) -> list[str]:
    """The types of difficulty that the file bears out."""
    fits = {
        Difficulty.POVERTY: file.low_income != "none",
        Difficulty.OWN: file.health != "healthy",
        Difficulty.GUARDIANSHIP: True,
    }
    return [kind for kind, there in fits.items() if there]
