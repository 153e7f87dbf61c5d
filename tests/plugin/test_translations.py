"""Every text has its translation; QGIS's language decides which is loaded; unloading takes it away."""

from __future__ import annotations

import shutil
import time

import pytest

from tools import translations

needs_lrelease = pytest.mark.skipif(shutil.which("lrelease") is None, reason="lrelease of Qt is not installed")


@pytest.fixture(scope="module")
def found():
    return translations.texts()


def test_german_is_complete_and_keeps_placeholders(found):
    wrong = [line for path in translations.languages() if path.stem.endswith("_de") for line in translations.missing(path, found)]
    assert not wrong, "\n".join([*wrong, translations.ADVICE])
    assert len(found) > 1500


@needs_lrelease
@pytest.mark.parametrize("path", translations.languages(), ids=lambda path: path.stem)
def test_what_qgis_loads_is_as_new_as_what_was_translated(path):
    assert translations.is_current(path), f"Run `{translations.COMMAND}`."


@pytest.mark.parametrize(
    ("source", "translation", "fault"),
    [
        ("{n} pairs", "{m} Paare", "placeholders"), ("Open…", "Öffnen", "…"), (" and", "und", "white space"), ("Dot", " ", "empty"),
        ("<b>A</b>", "A", "tags"), ("Points", "&Punkte", "mnemonic"), ("Known limits:", "Bekannte Grenzen", ":"),
    ],
)  # fmt: skip
def test_faults_are_seen(source, translation, fault):
    assert any(fault in said for said in translations.faults(source, translation))
    assert translations.faults(source, source) == []


def test_a_text_that_cannot_be_found_is_told(tmp_path):
    for room in (*translations.ROOMS, str(translations.JOBS)):
        if not room.endswith(".py"):
            (tmp_path / room).mkdir(parents=True)
    classes = tmp_path / translations.ROOMS[0]
    classes.parent.mkdir(parents=True)
    classes.write_text('NAMES = ("Stable",)\nNOT_CLASSIFIED = "Not classified"\n')
    (tmp_path / "ui" / "new.py").write_text('EARLY = tr("Early")\n\ndef show(name):\n    return tr(TABLE[name]) + tr("two")\n')
    with pytest.raises(translations.UnknownTextError) as told:
        translations.texts(tmp_path)
    assert "ui/new.py:1: translated while the module is loaded" in str(told.value)
    assert "ui/new.py:4: tr(TABLE[name]) is no literal" in str(told.value)
    (tmp_path / "ui" / "new.py").write_text('def show():\n    return tr("two " "parts")\n')
    assert set(translations.texts(tmp_path)) == {"Stable", "Not classified", "two parts"}


def test_a_new_text_is_unfinished_and_a_known_one_stays(tmp_path):
    path, added = tmp_path / "stillpoint_xx.ts", " & <b>new</b>\n"
    translations.write(path, "xx", {"Open": ["ui/a.py:1"], added: ["ui/a.py:2"]}, {"Open": "Auf"})
    assert translations.read(path) == {"Open": "Auf"}
    translations.write(path, "xx", {added: ["ui/a.py:2"]}, {**translations.read(path), added: " & <b>neu</b>\n"})
    assert translations.read(path) == {added: " & <b>neu</b>\n"}


@pytest.fixture
def language(qgis_app):
    from qgis.core import QgsSettings

    from stillpoint.plugin import language

    settings = QgsSettings()
    before = settings.value("locale/userLocale"), settings.value("locale/overrideFlag")
    yield language
    language.remove()
    for key, value in zip(("locale/userLocale", "locale/overrideFlag"), before):
        settings.remove(key) if value is None else settings.setValue(key, value)


def test_the_language_of_qgis_decides(language):
    from qgis.core import QgsSettings

    assert language.tr("New Analysis") == "New Analysis"
    QgsSettings().setValue("locale/userLocale", "de_AT")
    QgsSettings().setValue("locale/overrideFlag", True)
    began = time.perf_counter()
    assert language.install()
    assert time.perf_counter() - began < 0.05
    assert language.tr("New Analysis") == "Neue Analyse"
    assert language.tr("This is in no table") == "This is in no table"
    language.remove()
    assert language.tr("New Analysis") == "New Analysis"
    QgsSettings().setValue("locale/userLocale", "fr")
    assert not language.install()
    QgsSettings().setValue("locale/userLocale", "en_GB")
    assert not language.install()


def test_every_translation_is_in_what_qgis_loads(language, found):
    path = next(path for path in translations.languages() if path.stem.endswith("_de"))
    known = translations.read(path)
    assert language.install("de")
    assert [source for source in found if language.tr(source) != known[source]] == []


def test_plugin_speaks_german_and_leaves_english_behind(qgis_iface, processing, qtbot, monkeypatch, language):
    from qgis.core import QgsApplication

    import stillpoint

    monkeypatch.setattr(language, "locale_name", lambda: "de")
    plugin = stillpoint.classFactory(qgis_iface)
    plugin.initGui()
    try:
        texts = [item.text() for item in plugin.toolbar.actions()]
        assert texts[:3] == ["Neue Analyse", "Stapel öffnen…", "Interferogramme auswählen…"]
        algorithm = QgsApplication.processingRegistry().algorithmById("stillpoint:classifytrends")
        assert algorithm.displayName() == "Trends klassifizieren"
        assert algorithm.parameterDefinition("WAVELENGTH").description() == "Wellenlänge (m)"
    finally:
        plugin.unload()
    assert language.tr("New Analysis") == "New Analysis"
