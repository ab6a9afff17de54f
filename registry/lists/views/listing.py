"""The list of files within one's scope: searched, filtered, ordered, paged by key."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from childwelfare.pages.searched import KEY, Searched, open_search, searched_by
from childwelfare.tables.keyset import capped_count, page_of
from childwelfare.text.masking import masked_name
from orgs.access.declarations import needs
from orgs.audit.readings import note_reading
from registry.child.models import ChildFile
from registry.child.workflow import FILE
from registry.lists.columns import ALWAYS_READ, ORDERS, Column, Order, columns_for, columns_of, order_of
from registry.lists.filters import Narrowing, filters_for, read_filters
from registry.lists.models import SavedView
from registry.lists.row_notes import notes_of
from registry.lists.search import in_county_of, search
from registry.stays.rows import hosted_stays

HOSTED_AT_MOST = 500  # children who stay here, looked at beside the list


@dataclass
class Asked:
    """What an address asks of the list, and what was searched for."""

    named: bool
    text: str
    searched: Searched
    narrowing: Narrowing
    order: Order
    columns: list[Column]
    chosen_columns: bool

    @classmethod
    def of(cls, post, query, searched: Searched) -> "Asked":
        """Named rows for who holds view_child; masked rows, without a way into the file, for the city."""
        named = post.holds("view_child")
        columns = columns_of(query.getlist("col"), named=named)
        return cls(
            named=named,
            # a masked list is not searched: a hit would tell the name that the mask hides
            text=searched.get("q") if named else "",
            searched=searched,
            narrowing=read_filters(post, query),
            order=order_of(query.get("sort", ""), named=named),
            columns=columns,
            chosen_columns=columns != columns_of([], named=named),
        )

    @classmethod
    def sent(cls, request) -> "Asked":
        """The list that a form came from: it sends the list's address as ``query``."""
        query = QueryDict(request.POST.get("query", "")[:2000])
        return cls.of(request.post, query, open_search(request, query.get(KEY, "")))

    @property
    def narrowed(self) -> bool:
        return bool(self.text or self.narrowing.chosen)

    @property
    def straight(self) -> bool:
        """Whether the list is the whole one as it comes, which goes along the index of the post's own unit."""
        return self.order is ORDERS[0] and not self.narrowed

    def pairs(self, without: str = "") -> list[tuple[str, str]]:
        """Filters, order and columns as an address holds them; what was searched for is not among them."""
        pairs = [(name, text) for name, text in self.narrowing.query().items() if name != without]
        if self.order is not ORDERS[0] and without != "sort":
            pairs.append(("sort", self.order.name))
        return pairs + [("col", column.name) for column in self.columns if self.chosen_columns]

    def address(self, without: str = "", **more: str) -> str:
        """The address of this list, without one of its conditions."""
        text = self.searched.pairs() if self.text and without != "q" else []
        return "?" + urlencode(text + self.pairs(without) + list(more.items()))


@needs("view_child", "list_masked", reads="read_list")
@searched_by("q")
def child_list(request):
    context = listing(request.post, request.GET, request.searched)
    numbers = sum(bool(file.note and file.note.call) for file in context["page"])
    note_reading(request, rows=len(context["page"]) + len(context["hosted"]), numbers=numbers)
    return render(request, "registry/lists/list.html", context)


def listing(post, query, searched: Searched) -> dict:
    """What the page of the list shows."""
    asked = Asked.of(post, query, searched)
    files = ChildFile.objects.visible_to(post, "view_child" if asked.named else "list_masked")
    if not asked.named:
        files = files.in_registry()
    by_county = asked.text or post.unit.level == 3  # indexes find, order and count by county; a village is walked
    if by_county and not asked.straight:
        files = in_county_of(files, post)
    narrowed = asked.narrowing.apply(search(files, asked.text))
    count, more = capped_count(in_county_of(narrowed, post) if by_county else narrowed)
    page = _page(narrowed, asked, query.get("page", ""))
    _show(page, asked, post)
    return {
        "hosted": _hosted(post, asked) if asked.named and not query.get("page") else [],
        "page": page,
        "count": count,
        "more": more,
        "asked": asked,
        "named": asked.named,
        "filtered": asked.narrowed,
        "chips": _chips(asked),
        "heads": _heads(asked),
        "name_url": asked.address("sort", sort="name"),
        "tickable": any(file.tickable for file in page),
        "orders": [order for order in ORDERS if asked.named or order.masked],
        "all_columns": columns_for(named=asked.named),
        "may_create": post.holds("create_child"),
        "ways": _first_steps(post),
        **_form(post, asked, query),
        **_saved(post, asked),
    }


def _page(files, asked: Asked, cursor: str):
    reads = {name for column in asked.columns for name in column.reads}
    rows = files.only(*{*ALWAYS_READ, *reads}).select_related("village", "township")
    order = asked.order
    return page_of(
        rows, (order.column, "id"), cursor, ascending=order.ascending, empty=order.empty, keys_first=not asked.straight
    )


def _hosted(post, asked: Asked) -> list:
    """Children kept elsewhere who stay here now, by the same search: a block above the list."""
    hosted = ChildFile.objects.hosted_at(post, "view_child").order_by()
    keys = list(hosted.values_list("pk", flat=True)[:HOSTED_AT_MOST])
    if not keys:  # nearly always: asked first, for the whole question takes the database long to plan
        return []
    return hosted_stays(post, asked.narrowing.apply(search(ChildFile.objects.filter(pk__in=keys), asked.text)))


def _show(page, asked: Asked, post) -> None:
    """Give each row its cells, its masked name, what a phone says of it, and whether it can be ticked."""
    notes = notes_of(list(page), post) if asked.named else {}
    submit = FILE.transitions["submit"]
    may_tick = post.holds("submit_child")
    for file in page:
        file.cells = [(column, column.cell(file)) for column in asked.columns]
        file.note = notes.get(file.pk)
        file.tickable = may_tick and file.state in submit.source and post.may("submit_child", file)
        if not asked.named:
            file.name = masked_name(file.name)


def _chips(asked: Asked) -> list[dict]:
    """All that narrows the list, each with the address of the list without it."""
    searched = [{"name": _("查找"), "label": asked.text, "remove": asked.address("q")}] if asked.text else []
    return searched + [
        {"name": each.filter.label, "label": each.label, "remove": asked.address(each.filter.name)}
        for each in asked.narrowing.chosen
    ]


def _heads(asked: Asked) -> list[dict]:
    """The heads of the columns; one that stands for an order leads to the list in it."""
    heads = []
    for column in asked.columns:
        order = order_of(column.order, named=asked.named) if column.order else None
        leads = order is not None and order.name == column.order
        heads.append(
            {
                "label": column.label,
                "css": "num" if column.css == "num" else "",
                "url": asked.address("sort", sort=order.name) if order and leads and order is not asked.order else "",
                "sorted": ("ascending" if order.ascending else "descending") if order is asked.order else "",
            }
        )
    return heads


def _form(post, asked: Asked, query) -> dict:
    """The fields of the form: those beside the search, the others, and the hidden ones that stay."""
    texts = asked.narrowing.query()
    fields = []
    for each in filters_for(post):
        field = {"filter": each, "text": texts.get(each.name, ""), "choices": list(each.choices(post, query))}
        shown = {value for value, _label in field["choices"]}
        if each.kind == "choice" and field["text"] and field["text"] not in shown:
            label = next(chosen.label for chosen in asked.narrowing.chosen if chosen.filter is each)
            field["choices"].append((field["text"], label))  # by an address: a choice that the form doesn't offer
        if each.kind in ("date", "flag") or field["choices"] or field["text"]:
            fields.append(field)
    return {
        "first_fields": [field for field in fields if field["filter"].first],
        "more_fields": [field for field in fields if not field["filter"].first and field["filter"].kind != "hidden"],
        "hidden_fields": [field for field in fields if field["filter"].kind == "hidden" and field["text"]],
    }


def _saved(post, asked: Asked) -> dict:
    """The saved views, the one that is open marked, and what would be saved now."""
    now = urlencode(asked.pairs())
    views = list(SavedView.objects.open_to(post))
    for view in views:
        view.own, view.open = view.made_in_id == post.pk, bool(now) and view.query == now and not asked.text
    is_open = any(view.open for view in views)
    return {"views": views, "to_save": "" if is_open else now, "open_view": next((v for v in views if v.open), None)}


def _first_steps(post) -> list[dict]:
    """What one can do where there is no file yet."""
    if not post.holds("create_child"):
        return []
    return [
        {
            "icon": "plus-lg",
            "title": _("登记一个孩子"),
            "text": _("有身份证号就能带出出生日期和性别"),
            "url": reverse("child-new"),
            "action": _("登记"),
            "primary": True,
        }
    ]
