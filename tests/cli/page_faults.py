"""What is wrong with a page: for tests of every page that people read."""

import re
from html.parser import HTMLParser

VOID = frozenset({"meta", "br", "link", "img", "input", "hr"})


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.ids, self.links, self.headings, self.faults = [], [], [], [], []
        self.lang, self.title, self.cells, self.in_svg = None, "", [], 0

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if tag == "html":
            self.lang = given.get("lang")
        if tag == "script":
            self.faults.append("a script")
        if tag == "svg" and given.get("role") != "img":
            self.faults.append("a picture without a role")
        self.in_svg += tag == "svg"
        if tag == "th" and given.get("scope") not in ("col", "row"):
            self.faults.append("a table header without scope")
        if "id" in given:
            self.ids.append(given["id"])
        for name in ("src", "href", "action", "srcset", "xlink:href"):
            value = given.get(name)
            if value and not value.startswith("#"):
                self.faults.append(f"reaches outside: {value}")
            elif value:
                self.links.append(value[1:])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "table":
            self.cells.append(0)
        if tag == "th" and self.cells:
            self.cells[-1] += 1

    def handle_startendtag(self, tag, attrs):
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")
        if tag == "table" and not self.cells.pop():
            self.faults.append("a table without headers")


def page_faults(page, *, links_out=()):
    """Return every fault of a page: structure, names, what reaches outside but for the links allowed."""
    reader = _Reader()
    reader.feed(page)
    faults = [fault for fault in reader.faults if not any(fault == f"reaches outside: {link}" for link in links_out)]
    if reader.open:
        faults.append(f"left open: {reader.open}")
    if reader.lang != "en":
        faults.append("no language")
    if reader.headings[:1] != [1] or reader.headings.count(1) != 1:
        faults.append("not one first heading")
    if any(later > earlier + 1 for earlier, later in zip(reader.headings, reader.headings[1:], strict=False)):
        faults.append("a heading is left out")
    doubled = {one for one in reader.ids if reader.ids.count(one) > 1}
    if doubled:
        faults.append(f"ids stand twice: {sorted(doubled)}")
    lost = set(reader.links) - set(reader.ids)
    if lost:
        faults.append(f"links lead nowhere: {sorted(lost)}")
    return faults
