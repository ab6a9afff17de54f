"""Other ways in which the names of a file may be typed: an index for the search, beside the file's own columns."""

import uuid
from typing import Any

from django.db import models
from django.db.models.signals import post_save
from django.dispatch import receiver

from childwelfare.text.pinyin import other_spellings
from registry.child.models import ChildFile


class NameSpelling(models.Model):
    """One spelling of the child's name, or of the name of who cares for it now (``of_carer``): another reading of a
    character, ü as u, a name without its dot (childwelfare.text.pinyin.other_spellings)."""

    child = models.ForeignKey(ChildFile, models.CASCADE, related_name="spellings")
    of_carer = models.BooleanField(default=False)
    spelling = models.CharField(max_length=100)

    class Meta:
        indexes = [
            # search by the beginning; the county is the file's own
            models.Index(
                fields=["spelling", "child"], name="spelling_beginning", opclasses=["text_pattern_ops", "uuid_ops"]
            )
        ]

    def __str__(self) -> str:
        return self.spelling


@receiver(post_save, sender=ChildFile, dispatch_uid="spellings_of_a_name")
def follow_the_name(instance: ChildFile, created: bool, raw: bool = False, **_signal: Any) -> None:
    if instance.is_renamed and not raw:
        keep_spellings(instance, had=not created)
        instance.is_renamed = False


def keep_spellings(file: ChildFile, *, of_carer: bool = False, had: bool = True) -> None:
    """Keep the spellings of the name of ``file``, or of its carer, after it changed. ``had``: there was another one."""
    if had:
        NameSpelling.objects.filter(child=file, of_carer=of_carer).delete()
    NameSpelling.objects.bulk_create(spellings_of(file.pk, file.guardian_name if of_carer else file.name, of_carer))


def spellings_of(child: uuid.UUID, name: str, of_carer: bool = False) -> list[NameSpelling]:
    return [
        NameSpelling(child_id=child, of_carer=of_carer, spelling=spelling) for spelling in sorted(other_spellings(name))
    ]
