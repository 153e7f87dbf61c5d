"""The documentation is whole: every page in the contents, every link and picture there, the generated pages as new as the code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import List, Set

import pytest

from stillpoint.tools import docs_site, reference
from stillpoint.tools.screenshots import inputs
from stillpoint.tools.screenshots.__main__ import NAMES, shown

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
OTHERS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "benchmarks/README.md")]


def prose(page: Path) -> str:
    """The text of a page without its code."""
    return re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)


def anchors(page: Path) -> Set[str]:
    """The anchors of a page's headings, as the web view and the site make them."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    heads: List[str] = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.replace("`", "").lower()).strip().replace(" ", "-") for head in heads}


def test_every_page_is_in_the_contents_of_the_site_and_on_the_first_page():
    contents = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").split("\nnav:")[1]
    listed = re.findall(r": ([\w-]+\.md)$", contents, re.MULTILINE)
    assert sorted(listed) == sorted([page.name for page in PAGES] + ["benchmarks.md", "contributing.md", "changelog.md"])
    first = (DOCS / "index.md").read_text(encoding="utf-8")
    assert [page.name for page in PAGES if page.name != "index.md" and f"({page.name})" not in first] == []


@pytest.mark.parametrize("page", [*PAGES, *OTHERS], ids=lambda page: page.stem)
def test_links_and_pictures_lead_somewhere(page):
    for target, anchor in re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)", prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        there = (page.parent / target) if target else page
        assert there.is_file(), target
        if anchor:
            assert anchor in anchors(there), f"{target}#{anchor}"


def test_every_picture_is_shown_somewhere():
    assert {path.stem for path in (DOCS / "pictures").glob("*.png")} == shown()


def test_pictures_are_small_enough_to_be_fetched():
    assert [path.name for path in (DOCS / "pictures").glob("*.png") if path.stat().st_size > 450_000] == []


def test_links_are_turned_to_where_the_pages_stand_in_the_site():
    turn = docs_site.relinked
    assert turn("[a](../benchmarks/README.md#scale)", "index.md") == "[a](benchmarks.md#scale)"
    assert turn("[a](../docs/combine.md)", "benchmarks.md") == "[a](combine.md)"
    assert turn("[a](docs/stacks.md)", "contributing.md") == "[a](stacks.md)"
    assert turn("[a](../../docs/trends.md)", "cards/trends-default.md") == "[a](../trends.md)"
    assert turn("[a](https://example.org/a.md) `x`", "index.md") == "[a](https://example.org/a.md) `x`"
    code = "```\n[a](../CONTRIBUTING.md)\n```"
    assert turn(code, "index.md") == code


def test_the_page_of_commands_is_as_new_as_the_jobs():
    assert (DOCS / reference.COMMANDS).read_text(encoding="utf-8") == reference.commands(), "run make reference"


def test_the_page_of_algorithms_is_as_new_as_the_provider(qgis_app):
    assert (DOCS / reference.ALGORITHMS).read_text(encoding="utf-8") == reference.algorithms(), "run make reference"


def test_the_photographer_knows_what_it_makes():
    tours = ROOT / "tools" / "screenshots" / "tours"
    made = {name for path in tours.glob("*.py") for name in re.findall(r'"([a-z-]+)(?:\.png)?"', path.read_text(encoding="utf-8"))}
    assert [name for name in NAMES if name not in made] == []
    assert inputs.ROOT == ROOT
