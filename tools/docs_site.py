"""Hooks of the documentation's site (``mkdocs.yml``): pages from outside ``docs/``, links between them, equations.

Links are written as they lead in the repository (``../benchmarks/README.md``), so that its web view and editors follow them;
here they are turned to where the pages stand in the site. Equations between dollar signs become MathML, which browsers draw by
themselves: no script, nothing from elsewhere.
"""

from __future__ import annotations

import html
import posixpath
import re
from pathlib import Path
from typing import Any, Dict, List

ROOT = Path(__file__).resolve().parents[1]
CARDS = "models/weights"

_LINK = re.compile(r"(\]\()([^)\s#]+)(#[^)\s]*)?(\))")
_FENCE = re.compile(r"^(```.*?^```)", re.MULTILINE | re.DOTALL)
_MATH = re.compile(r'<(span|div) class="arithmatex">\\[(\[](.*?)\\[)\]]</\1>', re.DOTALL)


def outside(root: Path = ROOT) -> Dict[str, str]:
    """Return the pages from outside ``docs/``: path in the repository to path in the site."""
    pages = {"benchmarks/README.md": "benchmarks.md", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
    cards = {f"{CARDS}/{card.name}": f"cards/{card.name}" for card in sorted((root / CARDS).glob("*.md"))}
    return {**pages, **cards}


def in_site(path: str) -> str:
    """Return where a file of the repository stands in the site; empty where it is not part of it."""
    return path[len("docs/") :] if path.startswith("docs/") else outside().get(path, "")


def in_repository(uri: str) -> str:
    """Return the file of the repository that a page of the site comes from."""
    return {there: here for here, there in outside().items()}.get(uri, f"docs/{uri}")


def relinked(markdown: str, uri: str) -> str:
    """Return a page with its links turned from the repository's paths to the site's; code is left alone."""
    source = posixpath.dirname(in_repository(uri))

    def turn(found: re.Match[str]) -> str:
        target = found[2]
        if re.match(r"[a-z]+:", target):
            return found[0]
        there = in_site(posixpath.normpath(posixpath.join(source, target)))
        if not there:
            return found[0]
        return f"{found[1]}{posixpath.relpath(there, posixpath.dirname(uri) or '.')}{found[3] or ''}{found[4]}"

    parts = _FENCE.split(markdown)
    return "".join(part if part.startswith("```") else _LINK.sub(turn, part) for part in parts)


def on_config(config: Any) -> Any:
    """Replace the entry ``cards/`` of the contents by the cards that there are."""
    cards = [there for there in outside().values() if there.startswith("cards/")]
    _put(config.nav, cards)
    return config


def _put(nav: List[Any], cards: List[str]) -> None:
    for entry in nav:
        for title, value in list(entry.items()) if isinstance(entry, dict) else []:
            if value == "cards/":
                entry[title] = [{Path(card).stem: card} for card in cards]
            elif isinstance(value, list):
                _put(value, cards)


def on_files(files: Any, config: Any) -> Any:
    """Add the pages from outside, and the plugin's icon."""
    from mkdocs.structure.files import File

    for here, there in outside().items():
        files.append(File.generated(config, there, content=(ROOT / here).read_text(encoding="utf-8")))
    icon = (ROOT / "plugin" / "icons" / "stillpoint.svg").read_text(encoding="utf-8")
    files.append(File.generated(config, "assets/stillpoint.svg", content=icon))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Turn the links of a page."""
    return relinked(markdown, page.file.src_uri)


def on_page_content(content: str, **_: Any) -> str:
    """Turn the equations of a page to MathML."""
    from latex2mathml.converter import convert

    def turn(found: re.Match[str]) -> str:
        display = "block" if found[1] == "div" else "inline"
        return str(convert(html.unescape(found[2]), display=display))

    return _MATH.sub(turn, content)
