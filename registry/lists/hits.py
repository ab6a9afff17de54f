"""Children as hits of the search over everything, as the list names them to the same post."""

from django.urls import reverse
from django.utils.translation import gettext as _

from childwelfare.text.masking import masked_name
from orgs.posts.models import Appointment
from orgs.search.sources import EACH, Hit
from registry.child.models import ChildFile
from registry.lists.search import in_county_of, search


def find_children(post: Appointment, text: str) -> list[Hit]:
    """By all that the list's own search takes. Masked, and without a way into the file, where the list is masked."""
    named = post.holds("view_child")
    files = ChildFile.objects.visible_to(post, "view_child" if named else "list_masked")
    if not named:
        files = files.in_registry()
    found = search(in_county_of(files, post), text).select_related("village", "township").order_by("name_order", "id")
    return [_hit(file, named) for file in found[:EACH]]


def _hit(file: ChildFile, named: bool) -> Hit:
    place = f"{file.township.short_name} › {file.village.short_name}"
    if not named:
        return Hit(title=masked_name(file.name), note=place)
    note = f"{place} · {file.get_state_display()}"
    title = _("%(name)s（%(age)s岁）") % {"name": file.name, "age": file.age()}
    return Hit(title=title, note=note, url=reverse("child-file", args=[file.pk]))
