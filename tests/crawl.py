"""From the home of somebody's day to every page that a link or a search form leads to."""

import re
from collections import Counter, deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit

from django.urls import resolve

MANY = 3  # elements of a shape: more of them look no different
OF_A_KIND = 3  # pages of one address name and one set of query keys
SILENT = {"script", "style", "svg", "title"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SAYS = ("aria-label", "placeholder", "title", "alt")


@dataclass
class Page(HTMLParser):
    """What a reader finds on a page: ways on, and texts with the language they are in."""

    links: list[str] = field(default_factory=list)
    forms: list[tuple[str, list]] = field(default_factory=list)  # GET alone: (action, fields as they stand)
    texts: list[tuple[str, str]] = field(default_factory=list)  # (language, text)
    shapes: Counter[tuple] = field(default_factory=Counter)  # of the elements of its main part, without their words

    def __post_init__(self):
        super().__init__()
        self.within: list[tuple[str, str]] = []  # (tag, language) from the root to here
        self.form = self.select = None
        self.in_main = False

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        self.in_main |= tag == "main"
        if self.in_main:
            parent = self.within[-1][0] if self.within else ""
            self.shapes[parent, tag, said.get("class"), said.get("type"), said.get("role"), *sorted(said)] += 1
        language = said.get("lang") or (self.within[-1][1] if self.within else "")
        if tag not in VOID:
            self.within.append((tag, language))
        self.texts += [(language, said[name]) for name in SAYS if said.get(name)]
        if tag == "a" and said.get("href") and "download" not in said:
            self.links.append(said["href"])
        elif tag == "form" and said.get("method", "get").lower() == "get":
            self.form = (said.get("action") or "", [])
            if not any(within == "template" for within, _language in self.within):  # a script puts it to use
                self.forms.append(self.form)
        elif self.form and said.get("name"):
            self._field(tag, said)
        elif self.form and self.select and tag == "option" and ("selected" in said or not self.select[1]):
            self.select[1] = said.get("value") or ""

    def _field(self, tag, said):
        if tag == "select":
            self.select = [said["name"], ""]
            self.form[1].append(self.select)
        elif tag == "textarea" or (tag == "input" and said.get("type") not in ("checkbox", "radio", "submit")):
            self.form[1].append([said["name"], said.get("value") or ""])
        elif tag == "input" and "checked" in said:
            self.form[1].append([said["name"], said.get("value") or "on"])

    def handle_endtag(self, tag):
        self.in_main &= tag != "main"
        if tag in ("form", "select"):
            setattr(self, tag, None)
        while any(open_tag == tag for open_tag, _language in self.within):
            if self.within.pop()[0] == tag:
                break

    def looks(self) -> set[str]:
        """What its main part is made of: each shape of element, and whether there is one of it, two or more."""
        return {f"{shape} {min(number, MANY)}" for shape, number in self.shapes.items()}

    def handle_data(self, text):
        if text.strip() and self.within and not SILENT & {tag for tag, _language in self.within}:
            self.texts.append((self.within[-1][1], " ".join(text.split())))

    def ways(self, here: str):
        """Addresses of this site, each as a browser asks for it."""
        for link in self.links:
            yield urldefrag(urljoin(here, link)).url
        for action, fields in self.forms:
            yield urljoin(here, action).partition("?")[0] + "?" + urlencode([(name, value) for name, value in fields])


def kind_of(path: str) -> tuple:
    """The name of the address and the key of its query; filters upon filters are one kind, or there were thousands."""
    parts = urlsplit(path)
    keys = sorted({key for key, value in parse_qsl(parts.query) if value})
    return resolve(parts.path).view_name, keys[0] if len(keys) == 1 else len(keys) > 1


def crawl(client, home: str = "/", of_a_kind: int = OF_A_KIND):
    """(address, where its link stood, answer, page or None) of each page, at most ``of_a_kind`` of a kind."""
    seen, kinds, queue = set(), Counter(), deque([(home, "")])
    while queue:
        path, came_from = queue.popleft()
        if path in seen or not path.startswith("/") or re.match(r"/(static|api)/", path):
            continue
        seen.add(path)
        kind = kind_of(path)
        kinds[kind] += 1
        if kinds[kind] > of_a_kind:
            continue
        answer = client.get(path, follow=True, headers={"Accept": "text/html"})
        page = None
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            page = Page()
            page.feed(answer.text)
            here = answer.redirect_chain[-1][0] if answer.redirect_chain else path
            queue.extend((way, path) for way in page.ways(here))
        yield path, came_from, answer, page


def typeset_nothing(monkeypatch):
    """Typesetting takes seconds a page, and its own tests look at it."""
    for module in ("registry.printing.views", "visits.schedule.views.plan"):
        monkeypatch.setattr(f"{module}.as_pdf", lambda sheet: b"%PDF")
