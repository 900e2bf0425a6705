"""An HTML page, parsed strictly enough that broken markup shows."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

_VOID = {"meta", "br", "link", "img", "hr", "input"}
_INLINE = {"a", "code", "i", "span", "strong", "tspan"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """All elements with their text; raises on a tag that closes nothing or is never closed."""

    source: str
    elements: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[Element] = []
        self.feed(self.source)
        self.close()
        assert not self._open, f"never closed: {[element.tag for element in self._open]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in _INLINE:
            self.handle_data(" ")
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open[-1].tag == tag, f"</{tag}> inside <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]

    @property
    def text(self) -> str:
        """What a person reads, with single spaces."""
        return " ".join(" ".join(element.text for element in self.all("header", "main", "footer")).split())


def check_whole(page: Page) -> None:
    """Nothing is fetched, nothing runs, and who cannot see the pictures still gets the numbers."""
    assert not page.all("script", "iframe", "link", "img", "object", "embed", "image", "use")
    for element in page.elements:
        for name, value in element.attributes.items():
            assert not name.startswith("on"), f"{name} runs code"
            assert name not in {"src", "srcset", "data", "xlink:href", "action"}
            if name == "href":
                assert value.startswith("#")
    style = page.all("style")[0].text
    assert "@import" not in style
    assert "http" not in style
    assert style.count("url(") == style.count("url(#")
    policy = [meta for meta in page.all("meta") if "http-equiv" in meta.attributes]
    assert "default-src 'none'" in policy[0].attributes["content"]


def check_accessible(page: Page) -> None:
    """Language, one title, headings without a gap, anchors that exist, named pictures, headed tables."""
    assert page.all("html")[0].attributes["lang"] == "en"
    assert page.all("title")[0].text
    ids = [element.attributes["id"] for element in page.elements if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    for link in page.all("a"):
        assert link.attributes["href"][1:] in ids
    levels = [int(element.tag[1]) for element in page.all("h1", "h2", "h3")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for element in page.elements:
        if element.attributes.get("role") in {"img", "region"}:
            assert element.attributes["aria-label"].strip()
        if element.attributes.get("tabindex") == "0" and element.tag == "div":
            assert element.attributes["role"] == "region"
    for head in page.all("th"):
        assert head.attributes.get("scope") in {"col", "row"}
