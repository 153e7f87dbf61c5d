"""Small charts painted with QPainter: no plotting library is loaded into QGIS's process."""
