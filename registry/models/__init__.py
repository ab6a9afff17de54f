from registry.models.category import CategoryMembership
from registry.models.change import Change, ChangeEvent, ChangeField, ChangeState, Verdict
from registry.models.child import ChildFile, ChildFileEvent, FileSerial, FileState
from registry.models.papers import Paper, PaperKind
from registry.models.people import FamilyMember, Guardian

__all__ = [
    "CategoryMembership", "Change", "ChangeEvent", "ChangeField", "ChangeState", "ChildFile", "ChildFileEvent",
    "FamilyMember", "FileSerial", "FileState", "Guardian", "Paper", "PaperKind", "Verdict",
]  # fmt: skip
