from registry.models.category import CategoryMembership
from registry.models.child import ChildFile, ChildFileEvent, FileSerial, FileState
from registry.models.disclosure import Disclosure
from registry.models.papers import Paper, PaperKind
from registry.models.people import FamilyMember, Guardian

__all__ = [
    "CategoryMembership", "ChildFile", "ChildFileEvent", "FamilyMember", "FileSerial", "FileState", "Guardian",
    "Disclosure", "Paper", "PaperKind",
]  # fmt: skip
