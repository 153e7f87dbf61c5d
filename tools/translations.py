"""Brings the translations up to date with the texts in the code: ``make translations``, or
``python -m tools.translations [--add LANGUAGE] [--check]``.

For each ``plugin/i18n/stillpoint_<language>.ts``, Qt's own XML, the texts of ``plugin/`` and ``ui/`` are read from the code: what
is new is added as unfinished, what is no longer there is dropped, and what was translated stays. Then ``lrelease`` of Qt makes
the ``.qm`` beside it, which is what QGIS loads. Qt's ``pylupdate`` is not used: it knows neither the functions of a module, nor
the tables and the descriptions of jobs that hold a third of the texts.

With ``--check`` nothing is written; the exit status is 1 where a text has no translation or a ``.qm`` is older than its ``.ts``.
"""

from __future__ import annotations

import argparse
import ast
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Dict, Iterator, List, Sequence, Set, Tuple
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path("plugin", "i18n")
CONTEXT = "Stillpoint"
ROOMS = ("models/trends/classes.py", "plugin", "ui")
JOBS = Path("models", "jobs")
COMMAND = "make translations"
ADVICE = f"Run `{COMMAND}`, translate what the .ts then calls unfinished, and run it again."

TABLES: Dict[str, Tuple[str, ...]] = {
    "models/trends/classes.py": ("NAMES", "NOT_CLASSIFIED"),
    "plugin/environment.py": ("ORIGINS",),
    "plugin/interferograms.py": ("METHODS",),
    "plugin/offsets.py": ("COMPONENTS", "METHODS", "POSITIVE"),
    "plugin/provenance.py": ("_TREND_METHODS",),
    "plugin/report/method.py": ("_LIMITS",),
    "plugin/report/results.py": ("_FIGURES", "_TITLES"),
    "plugin/scatterer_facts.py": ("METHODS", "_TITLES"),
    "plugin/training.py": ("NAMES", "NETWORKS"),
    "ui/analysis_words.py": ("CHAINS", "CHOICES", "EXPLAINED", "LABELS", "MODES", "MORE", "PURPOSES", "STATES", "TITLES"),
    "ui/combine_dialog.py": ("OUTPUTS",),
    "ui/doctor_rows.py": ("ATTENTION", "GROUPS"),
    "ui/export_dialog.py": ("_WAYS",),
    "ui/library_words.py": ("NETWORKS", "TASKS"),
    "ui/offsets_words.py": ("EXPLANATIONS", "WORDS"),
    "ui/open_stack_reading.py": ("FORMATS", "QUANTITIES"),
    "ui/scatterers_words.py": ("EXPLANATIONS",),
    "ui/select_dialog.py": ("OUTPUTS",),
    "ui/select_interferograms_dialog.py": ("EXPLANATIONS", "OUTPUTS"),
    "ui/series_words.py": ("CHOICES",),
    "ui/train_data.py": ("EMPTY",),
    "ui/train_labels.py": ("KINDS", "_FOLDER"),
    "ui/train_split.py": ("PURPOSE",),
    "ui/train_words.py": ("STARTS", "TASKS", "_FIGURES"),
    "ui/triage_filters.py": ("SHOWN",),
    "ui/triage_words.py": ("EVIDENCE",),
    "ui/widgets/fields.py": ("CHOICES", "EMPTY"),
}
"""Tables of texts at the head of modules, which are translated when they are shown: file, and names in it."""

SHOWN: Dict[str, Tuple[str, ...]] = {
    "plugin/algorithms/base.py": (
        "item.metadata['help']",
        "item.metadata['title']",
        "self.GROUP[1]",
        "self.JOB.help",
        "self.JOB.title",
    ),
    "plugin/algorithms/models.py": ("item.metadata['help']",),
    "plugin/algorithms/parameters.py": ("about['help']", "about['title']", "about['unit']"),
    "plugin/provenance.py": (
        "about['title']",
        "key",
        "kind.help",
        "kind.title",
        "known.get(task, {}).get(method, method.replace('_', ' '))",
    ),
    "plugin/report/method.py": ("kind.help", "limit"),
    "plugin/report/results.py": ("_TITLES.get(self.kind, '')", "look.name", "title"),
    "plugin/review_labels.py": ("name",),
    "plugin/scatterer_facts.py": ("_TITLES[role]",),
    "ui/analysis_card.py": (
        "tip",
        "words.EXPLAINED.get(state, '')",
        "words.LABELS.get((self.name, name), about['title'])",
        "words.PURPOSES[self.name]",
        "words.STATES[state]",
        "words.TITLES[self.name]",
        "about['unit']",
    ),
    "ui/doctor_rows.py": ("group",),
    "ui/export_dialog.py": ("_WAYS[way]",),
    "ui/library_words.py": ("TASKS[task]", "known"),
    "ui/open_stack_dialog.py": ("words.get(value, value)",),
    "ui/open_stack_reading.py": (
        "FORMATS.get(str(details.get('format')), str(details.get('format') or '-'))",
        "QUANTITIES.get(str(name), str(name))",
    ),
    "ui/select_dialog.py": ("EXPLANATIONS[self.method.values()['method']]",),
    "ui/select_interferograms_dialog.py": (
        "EXPLANATIONS[self.method.values()['method']]",
        "interferograms.METHODS[box.itemData(index)]",
    ),
    "ui/series_words.py": ("CHOICES.get((name, box.itemData(index)), box.itemText(index))",),
    "ui/track_offsets_dialog.py": ("EXPLANATIONS[self.fields.values()['method']]", "words"),
    "ui/setup_dialog.py": ("environment.ORIGINS[known.origin]",),
    "ui/train_data.py": ("EMPTY[task]",),
    "ui/train_form.py": (
        "STARTS[chosen if chosen in STARTS else 'own']",
        "each.title",
        "known[self.chosen_network()].sentence",
        "tip",
        "title",
    ),
    "ui/train_labels.py": ("each.title", "kind.sentence"),
    "ui/train_split.py": ("NAMES[part]", "PURPOSE[part]"),
    "ui/train_words.py": ("_FIGURES[name]",),
    "ui/triage_words.py": ("EVIDENCE.get(name, name.replace('_', ' ').capitalize())",),
    "ui/widgets/fields.py": (
        "CHOICES.get((item.name, choice), choice)",
        "EMPTY[item.name]",
        "about['help']",
        "about['title']",
        "about['unit']",
    ),
    "ui/widgets/output_files.py": ("output.tip", "output.title", "self.outputs[name].tip"),
    "plugin/doctor.py": ("environment.ORIGINS[served.origin]",),
    "plugin/layers.py": ("look.name",),
    "plugin/styles/trends.py": ("look.name",),
    "plugin/training.py": ("NAMES[part]",),
    "ui/class_chart.py": ("look.name",),
    "ui/series_panel.py": ("look.name", "name"),
    "ui/series_viewer.py": ("pick.look.name",),
}
"""Where ``tr`` is given no literal: file, and what it is given. Each takes its texts from the tables above or from jobs."""

_IDENTIFIER = re.compile(r"[^A-Z\s]+|\W+|[A-Z]+_[A-Z_]+")
"""What is no text for people, though it stands in a table: keys, colours, endings, names of icons."""

_FIELD = re.compile(r"\{[^{}]*\}|%\d+|<[^<>]+>")
_KEY = re.compile(r"&(?=[^\s&])(?!\w+;)")


class UnknownTextError(Exception):
    """A text that cannot be found in the code."""


def texts(root: Path = ROOT) -> Dict[str, List[str]]:
    """Return every text in the code with the places where it stands (file and line).

    Raises
    ------
    UnknownTextError
        Where ``tr`` is given something that is neither a literal nor known to come from a table.
    """
    found: Dict[str, List[str]] = {}
    wrong: List[str] = []
    for room in ROOMS:
        for file in [root / room] if room.endswith(".py") else sorted((root / room).rglob("*.py")):
            name = file.relative_to(root).as_posix()
            tree = ast.parse(file.read_text(encoding="utf-8"))
            for line, text in (*_calls(tree, name, wrong), *_tables(tree, name, wrong), *_groups(tree)):
                found.setdefault(text, []).append(f"{name}:{line}")
    for file in sorted((root / JOBS).glob("*.py")):
        for line, text in _descriptions(ast.parse(file.read_text(encoding="utf-8"))):
            found.setdefault(text, []).append(f"{file.relative_to(root).as_posix()}:{line}")
    if wrong:
        raise UnknownTextError("\n".join(wrong))
    return found


def _calls(tree: ast.Module, name: str, wrong: List[str]) -> Iterator[Tuple[int, str]]:
    """Yield the literals that ``tr`` is given; a text that is translated while its module is loaded is wrong."""
    late = {id(inner) for outer in ast.walk(tree) if isinstance(outer, (ast.FunctionDef, ast.Lambda))
            for part in (outer.body if isinstance(outer.body, list) else [outer.body]) for inner in ast.walk(part)}  # fmt: skip
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or ast.unparse(node.func) not in ("tr", "self.tr", "language.tr"):
            continue
        given = node.args[0]
        if id(node) not in late:
            wrong.append(f"{name}:{node.lineno}: translated while the module is loaded, before the translation is")
        elif isinstance(given, ast.Constant) and isinstance(given.value, str):
            yield node.lineno, given.value
        elif ast.unparse(given) not in (*SHOWN.get(name, ()), "text"):
            wrong.append(
                f"{name}:{node.lineno}: tr({ast.unparse(given)}) is no literal; name the table of its texts in TABLES of "
                "tools/translations.py, and the expression in SHOWN"
            )


def _tables(tree: ast.Module, name: str, wrong: List[str]) -> Iterator[Tuple[int, str]]:
    """Yield the texts of the tables at the head of a module."""
    wanted = set(TABLES.get(name, ()))
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        names = {target.id for target in targets if isinstance(target, ast.Name)}
        value = getattr(node, "value", None)
        if names & wanted and value is not None:
            wanted -= names
            yield from _strings(value)
    wrong += [f"{name}: no table {missing}; mend TABLES of tools/translations.py" for missing in sorted(wanted)]


def _groups(tree: ast.Module) -> Iterator[Tuple[int, str]]:
    """Yield the names of the groups of Processing algorithms."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "GROUP" and isinstance(node.value, ast.Tuple):
            yield from _strings(node.value)


def _strings(node: ast.AST) -> Iterator[Tuple[int, str]]:
    """Yield the texts of a literal, without the keys of dictionaries and what is no text for people."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str) and node.value and not _IDENTIFIER.fullmatch(node.value):
            yield node.lineno, node.value
        return
    for inner in node.values if isinstance(node, ast.Dict) else ast.iter_child_nodes(node):
        yield from _strings(inner)


def _descriptions(tree: ast.Module) -> Iterator[Tuple[int, str]]:
    """Yield titles, help and units of jobs and of their parameters: the labels and tool tips of dialogs."""
    for node in ast.walk(tree):
        pairs: List[Tuple[str, ast.expr]] = []
        if isinstance(node, ast.Call):
            pairs = [(item.arg or "", item.value) for item in node.keywords]
        elif isinstance(node, ast.ClassDef):
            assigned = [item for item in node.body if isinstance(item, (ast.Assign, ast.AnnAssign)) and item.value is not None]
            pairs = [
                (ast.unparse(item.targets[0] if isinstance(item, ast.Assign) else item.target), item.value)  # type: ignore[misc]
                for item in assigned
            ]
        for key, value in pairs:
            text = value.value if isinstance(value, ast.Constant) else None
            if key in ("title", "help", "unit") and isinstance(text, str) and text:
                yield value.lineno, text


def marks(text: str) -> Counter:
    """Return what a translation must take over as it is: placeholders and tags."""
    return Counter(_FIELD.findall(text))


def faults(source: str, translation: str) -> List[str]:
    """Return what is wrong with a translation, in words; nothing where it is good."""
    wrong = []
    if not translation.strip():
        return ["is empty"]
    if marks(source) != marks(translation):
        wrong.append("has other placeholders or tags")
    if len(_KEY.findall(source)) < len(_KEY.findall(translation)):
        wrong.append("has a mnemonic that the source has not")
    for side, end in (("begins", slice(0, len(source) - len(source.lstrip()))), ("ends", slice(len(source.rstrip()), None))):
        kept = translation[: len(translation) - len(translation.lstrip())] if side == "begins" else translation[
            len(translation.rstrip()):]  # fmt: skip
        if source[end] != kept:
            wrong.append(f"{side} with other white space")
    for sign in ("…", ":"):
        if source.rstrip().endswith(sign) != translation.rstrip().endswith(sign):
            wrong.append(f"differs in the {sign} at the end")
    return wrong


def read(path: Path) -> Dict[str, str]:
    """Return the finished translations of a ``.ts`` file, by source."""
    found = {}
    for message in ElementTree.parse(path).getroot().iter("message"):  # nosec B314 - a file of this repository
        translation = message.find("translation")
        if translation is not None and translation.get("type") is None and translation.text:
            found[message.findtext("source") or ""] = translation.text
    return found


def write(path: Path, language: str, found: Dict[str, List[str]], known: Dict[str, str]) -> None:
    """Write a ``.ts`` file: sorted by source, with files but without lines, so that it changes where texts change alone."""
    root = ElementTree.Element("TS", version="2.1", language=language, sourcelanguage="en")
    context = ElementTree.SubElement(root, "context")
    ElementTree.SubElement(context, "name").text = CONTEXT
    for source in sorted(found):
        message = ElementTree.SubElement(context, "message")
        for place in sorted({place.rpartition(":")[0] for place in found[source]}):
            ElementTree.SubElement(message, "location", filename=f"../../{place}")
        ElementTree.SubElement(message, "source").text = source
        translation = ElementTree.SubElement(message, "translation")
        if source in known:
            translation.text = known[source]
        else:
            translation.set("type", "unfinished")
    _indent(root)
    body = ElementTree.tostring(root, encoding="unicode")
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n', encoding="utf-8")


def _indent(node: ElementTree.Element, level: int = 0) -> None:
    """Put each element on a line of its own, so that changes can be read."""
    if len(node):
        node.text = "\n" + "    " * (level + 1)
        for inner in node:
            _indent(inner, level + 1)
            inner.tail = "\n" + "    " * (level + 1)
        node[-1].tail = "\n" + "    " * level


def compile_to(source: Path, target: Path) -> None:
    """Make the ``.qm`` of a ``.ts``."""
    tool = next((found for found in map(shutil.which, ("lrelease", "lrelease-qt5", "lrelease6")) if found), None)
    if tool is None:
        raise UnknownTextError("lrelease is missing; install qttools5-dev-tools, or qt6-l10n-tools")
    done = subprocess.run(
        [tool, "-silent", "-removeidentical", str(source), "-qm", str(target)], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise UnknownTextError(f"lrelease could not read {source}: {done.stderr.strip()}")


def missing(path: Path, found: Dict[str, List[str]]) -> List[str]:
    """Return what a ``.ts`` lacks or has wrong, a line a text."""
    known = read(path)
    wrong = [f"{path.name} has no translation of {source!r} ({found[source][0]})" for source in sorted(set(found) - set(known))]
    wrong += [f"{path.name} translates {source!r}, which is nowhere in the code" for source in sorted(set(known) - set(found))]
    for source in sorted(set(found) & set(known)):
        wrong += [f"{path.name}: the translation of {source!r} {fault}" for fault in faults(source, known[source])]
    return wrong


def is_current(path: Path) -> bool:
    """Tell whether the ``.qm`` beside a ``.ts`` is what ``lrelease`` makes of it."""
    compiled = path.with_suffix(".qm")
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder, compiled.name)
        compile_to(path, fresh)
        return compiled.is_file() and compiled.read_bytes() == fresh.read_bytes()


def languages(root: Path = ROOT) -> List[Path]:
    """Return the ``.ts`` files."""
    return sorted((root / FOLDER).glob(f"{CONTEXT.lower()}_*.ts"))


def main(argv: Sequence[str]) -> int:
    """Update or check; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--add", metavar="LANGUAGE", help="begin a language, such as fr or pt_BR")
    parser.add_argument("--check", action="store_true", help="write nothing; tell what is missing")
    options = parser.parse_args(argv)
    try:
        return _check() if options.check else _update(options.add)
    except UnknownTextError as error:
        print(error)
        return 1


def _check() -> int:
    found = texts()
    wrong: List[str] = []
    for path in languages():
        wrong += missing(path, found)
        if not is_current(path):
            wrong.append(f"{path.with_suffix('.qm').name} is older than {path.name}")
    print("\n".join([*wrong, f"{len(found)} texts, {len(languages())} languages, {len(wrong)} findings"]))
    if wrong:
        print(ADVICE)
    return 1 if wrong else 0


def _update(added: str = "") -> int:
    found = texts()
    paths: Set[Path] = set(languages())
    if added:
        paths.add(ROOT / FOLDER / f"{CONTEXT.lower()}_{added}.ts")
    for path in sorted(paths):
        known = read(path) if path.is_file() else {}
        write(path, path.stem.partition("_")[2], found, known)
        compile_to(path, path.with_suffix(".qm"))
        wrong = missing(path, found)
        print("\n".join([*wrong, f"{path.relative_to(ROOT)}: {len(found)} texts, {len(wrong)} to be translated or mended"]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
