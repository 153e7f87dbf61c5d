"""The language of what users read: Stillpoint's translations beside QGIS's own.

Every text goes through :func:`tr` under one context, so that one file a language holds them all. The tables that are
filled when a module is loaded hold English and are translated when they are shown: a module may be loaded before the
translation is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Optional

from qgis.core import QgsSettings
from qgis.PyQt.QtCore import QCoreApplication, QLocale, QTranslator

CONTEXT = "Stillpoint"
FOLDER = Path(__file__).resolve().parent / "i18n"
SOURCE = "en"
"""The language of the texts in the code."""

_installed: Optional[QTranslator] = None


def tr(text: str) -> str:
    """Return ``text`` in the user's language; as it is where there is no translation."""
    return QCoreApplication.translate(CONTEXT, text)


def locale_name() -> str:
    """Return the locale of QGIS's user interface, such as ``"de"`` or ``"pt_BR"``.

    QGIS's own setting counts where the user has overridden the system's, as QGIS itself decides it.
    """
    settings = QgsSettings()
    own = str(settings.value("locale/userLocale", "") or "")
    if settings.value("locale/overrideFlag", False, type=bool) and own:
        return own
    return QLocale().name()


def file_of(locale: str) -> Optional[Path]:
    """Return the translation for a locale: the country's own before the language's; None where there is none."""
    names = [locale.replace("-", "_"), locale.replace("-", "_").partition("_")[0]]
    for name in names:
        if name == SOURCE:
            return None
        path = FOLDER / f"stillpoint_{name}.qm"
        if path.is_file():
            return path
    return None


def install(locale: Optional[str] = None) -> bool:
    """Load the translation for QGIS's language; return whether there is one.

    Parameters
    ----------
    locale
        Another language than QGIS's.
    """
    global _installed
    remove()
    path = file_of(locale or locale_name())
    if path is None:
        return False
    translator = QTranslator()
    if not translator.load(str(path)):
        return False
    QCoreApplication.installTranslator(translator)
    _installed = translator
    return True


def remove() -> None:
    """Take the translation away, as far as there is one."""
    global _installed
    if _installed is not None:
        QCoreApplication.removeTranslator(_installed)
        _installed = None
