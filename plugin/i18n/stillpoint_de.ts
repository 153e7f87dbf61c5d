<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
    <context>
        <name>Stillpoint</name>
        <message>
            <location filename="../../ui/scatterers_threshold.py" />
            <source>
{0} per km²</source>
            <translation>
{0} je km²</translation>
        </message>
        <message>
            <location filename="../../ui/library_words.py" />
            <source> (as imported)</source>
            <translation> (wie importiert)</translation>
        </message>
        <message>
            <location filename="../../ui/library_words.py" />
            <source> (changed since the import: it is refused)</source>
            <translation> (seit dem Import geändert: es wird abgelehnt)</translation>
        </message>
        <message>
            <location filename="../../plugin/report/motion.py" />
            <source> and perpendicular baseline.</source>
            <translation> und senkrechter Basislinie.</translation>
        </message>
        <message>
            <location filename="../../ui/series_panel.py" />
            <source> at least</source>
            <translation> mindestens</translation>
        </message>
        <message>
            <location filename="../../ui/classify_dialog.py" />
            <source> in {seconds:.1f} s</source>
            <translation> in {seconds:.1f} s</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source> of {0:.3g} x {1:.3g} m</source>
            <translation> zu {0:.3g} x {1:.3g} m</translation>
        </message>
        <message>
            <location filename="../../ui/track_offsets_dialog.py" />
            <source> px</source>
            <translation> px</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_words.py" />
            <source> with amplitudes beside it</source>
            <translation> mit Amplituden daneben</translation>
        </message>
        <message>
            <location filename="../../plugin/interferograms.py" />
            <source> with coherence beside it</source>
            <translation> mit Kohärenz daneben</translation>
        </message>
        <message>
            <location filename="../../ui/series_viewer.py" />
            <source> · reference</source>
            <translation> · Referenz</translation>
        </message>
        <message>
            <location filename="../../ui/library_compare.py" />
            <source>&amp;Add both to the map</source>
            <translation>&amp;Beide zur Karte hinzufügen</translation>
        </message>
        <message>
            <location filename="../../ui/assess_dialog.py" />
            <source>&amp;Assess</source>
            <translation>Be&amp;werten</translation>
        </message>
        <message>
            <location filename="../../ui/help_dialog.py" />
            <source>&amp;Back</source>
            <translation>&amp;Zurück</translation>
        </message>
        <message>
            <location filename="../../ui/setup_dialog.py" />
            <source>&amp;Build of PyTorch</source>
            <translation>Variante von P&amp;yTorch</translation>
        </message>
        <message>
            <location filename="../../ui/classify_dialog.py" />
            <source>&amp;Classify</source>
            <translation>&amp;Klassifizieren</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <source>&amp;Close</source>
            <translation>S&amp;chließen</translation>
        </message>
        <message>
            <location filename="../../ui/combine_dialog.py" />
            <source>&amp;Combine</source>
            <translation>&amp;Kombinieren</translation>
        </message>
        <message>
            <location filename="../../ui/library_compare.py" />
            <source>&amp;Compare</source>
            <translation>&amp;Vergleichen</translation>
        </message>
        <message>
            <location filename="../../ui/assess_dialog.py" />
            <source>&amp;DEM</source>
            <translation>&amp;DGM</translation>
        </message>
        <message>
            <location filename="../../ui/classify_dialog.py" />
            <location filename="../../ui/estimate_series_dialog.py" />
            <location filename="../../ui/library_compare.py" />
            <location filename="../../ui/select_dialog.py" />
            <location filename="../../ui/select_interferograms_dialog.py" />
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>&amp;Device</source>
            <translation>&amp;Gerät</translation>
        </message>
        <message>
            <location filename="../../ui/setup_dialog.py" />
            <source>&amp;Environment</source>
            <translation>&amp;Umgebung</translation>
        </message>
        <message>
            <location filename="../../ui/estimate_series_dialog.py" />
            <source>&amp;Estimate</source>
            <translation>&amp;Schätzen</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <source>&amp;Export…</source>
            <translation>E&amp;xportieren…</translation>
        </message>
        <message>
            <location filename="../../ui/select_dialog.py" />
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>&amp;Extent</source>
            <translation>&amp;Ausdehnung</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_sources.py" />
            <source>&amp;Files…</source>
            <translation>&amp;Dateien…</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/source_picker.py" />
            <source>&amp;File…</source>
            <translation>&amp;Datei…</translation>
        </message>
        <message>
            <location filename="../../ui/library_compare.py" />
            <source>&amp;First model</source>
            <translation>&amp;Erstes Modell</translation>
        </message>
        <message>
            <location filename="../../ui/sample_dialog.py" />
            <source>&amp;Folder</source>
            <translation>&amp;Ordner</translation>
        </message>
        <message>
            <location filename="../../ui/setup_dialog.py" />
            <source>&amp;Forget it</source>
            <translation>Ve&amp;rgessen</translation>
        </message>
        <message>
            <location filename="../../ui/train_dialog.py" />
            <source>&amp;Go on</source>
            <translation>&amp;Weiter</translation>
        </message>
        <message>
            <location filename="../../ui/train_dialog.py" />
            <source>&amp;Go on from it</source>
            <translation>&amp;Damit weitermachen</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <source>&amp;Help</source>
            <translation>&amp;Hilfe</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <source>&amp;Import…</source>
            <translation>&amp;Importieren…</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>&amp;Keep the layout in the project</source>
            <translation>&amp;Layout im Projekt behalten</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>&amp;Layers</source>
            <translation>L&amp;ayer</translation>
        </message>
        <message>
            <location filename="../../ui/setup_dialog.py" />
            <source>&amp;Log</source>
            <translation>&amp;Protokoll</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>&amp;Maps</source>
            <translation>&amp;Karten</translation>
        </message>
        <message>
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>&amp;Offsets</source>
            <translation>Vers&amp;ätze</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_dialog.py" />
            <source>&amp;Open</source>
            <translation>Ö&amp;ffnen</translation>
        </message>
        <message>
            <location filename="../../ui/sample_dialog.py" />
            <source>&amp;Open sample</source>
            <translation>&amp;Beispiel öffnen</translation>
        </message>
        <message>
            <location filename="../../ui/assess_dialog.py" />
            <source>&amp;PS masks</source>
            <translation>&amp;PS-Masken</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>&amp;Pages</source>
            <translation>&amp;Seiten</translation>
        </message>
        <message>
            <location filename="../../ui/train_dialog.py" />
            <source>&amp;Pause</source>
            <translation>&amp;Pause</translation>
        </message>
        <message>
            <location filename="../../ui/classify_dialog.py" />
            <location filename="../../ui/library_compare.py" />
            <source>&amp;Points</source>
            <translation>&amp;Punkte</translation>
        </message>
        <message>
            <location filename="../../ui/select_dialog.py" />
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>&amp;Preview</source>
            <translation>&amp;Vorschau</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_dialog.py" />
            <source>&amp;Product</source>
            <translation>&amp;Produkt</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_dialog.py" />
            <source>&amp;Quantity</source>
            <translation>&amp;Größe</translation>
        </message>
        <message>
            <location filename="../../ui/assess_dialog.py" />
            <location filename="../../ui/library_compare.py" />
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>&amp;Reference</source>
            <translation>&amp;Referenz</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <source>&amp;Remove</source>
            <translation>&amp;Entfernen</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_repeat.py" />
            <source>&amp;Repeat</source>
            <translation>&amp;Wiederholen</translation>
        </message>
        <message>
            <location filename="../../ui/setup_dialog.py" />
            <source>&amp;Report</source>
            <translation>&amp;Bericht</translation>
        </message>
        <message>
            <location filename="../../ui/library_compare.py" />
            <source>&amp;Second model</source>
            <translation>&amp;Zweites Modell</translation>
        </message>
        <message>
            <location filename="../../ui/select_dialog.py" />
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>&amp;Select</source>
            <translation>A&amp;uswählen</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>&amp;Series of</source>
            <translation>Zeitre&amp;ihen von</translation>
        </message>
        <message>
            <location filename="../../ui/assess_dialog.py" />
            <source>&amp;Table</source>
            <translation>&amp;Tabelle</translation>
        </message>
        <message>
            <location filename="../../ui/setup_dialog.py" />
            <source>&amp;Test the engine</source>
            <translation>Rechenprogramm &amp;testen</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>&amp;Title</source>
            <translation>&amp;Titel</translation>
        </message>
        <message>
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>&amp;Track</source>
            <translation>&amp;Messen</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/reading.py" />
            <source>&amp;Unit</source>
            <translation>&amp;Einheit</translation>
        </message>
        <message>
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>&amp;Units</source>
            <translation>&amp;Einheiten</translation>
        </message>
        <message>
            <location filename="../../ui/setup_dialog.py" />
            <source>&amp;Use it</source>
            <translation>&amp;Verwenden</translation>
        </message>
        <message>
            <location filename="../../ui/train_progress.py" />
            <source>&amp;Use it now…</source>
            <translation>&amp;Jetzt verwenden…</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_options.py" />
            <source>&amp;Use these options</source>
            <translation>Diese Optionen &amp;verwenden</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/reading.py" />
            <source>&amp;Wavelength</source>
            <translation>&amp;Wellenlänge</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>&amp;Web page</source>
            <translation>&amp;Webseite</translation>
        </message>
        <message>
            <location filename="../../ui/assess_dialog.py" />
            <location filename="../../ui/report_dialog.py" />
            <source>&amp;Zones</source>
            <translation>&amp;Zonen</translation>
        </message>
        <message>
            <location filename="../../plugin/report/zones.py" />
            <source>(no name)</source>
            <translation>(ohne Namen)</translation>
        </message>
        <message>
            <location filename="../../plugin/interferograms.py" />
            <source>, and this one as the coherence</source>
            <translation>, und diesen als Kohärenz</translation>
        </message>
        <message>
            <location filename="../../ui/pixel_dock_panel.py" />
            <source>, but the method left it out after its threshold</source>
            <translation>, aber die Methode ließ ihn nach ihrer Schwelle weg</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>, {n} of your choices among them</source>
            <translation>, {n} davon durch Sie entschieden</translation>
        </message>
        <message>
            <location filename="../../ui/offsets_words.py" />
            <source>, {speed:.3g} m/day</source>
            <translation>, {speed:.3g} m/Tag</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <source>0 to 1</source>
            <translation>0 bis 1</translation>
        </message>
        <message>
            <location filename="../../ui/review_words.py" />
            <source>1 label</source>
            <translation>1 Label</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>1 loop of {all} lost</source>
            <translation>1 Schleife von {all} verloren</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>1 rad</source>
            <translation>1 rad</translation>
        </message>
        <message>
            <location filename="../../ui/series_picks.py" />
            <source>10 % to 90 % of the points</source>
            <translation>10 % bis 90 % der Punkte</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>24 radar images of a city on a river. Pixels that stay the same from image to image, persistent scatterers (PS), are those whose phase means something. Click Select Scatterers.</source>
            <translation>24 Radarbilder einer Stadt an einem Fluss. Pixel, die von Bild zu Bild gleich bleiben, Persistent Scatterer (PS), sind die, deren Phase etwas bedeutet. Klicken Sie auf „Scatterer auswählen“.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/motion.py" />
            <location filename="../../plugin/report/results.py" />
            <source>5 %</source>
            <translation>5 %</translation>
        </message>
        <message>
            <location filename="../../plugin/report/motion.py" />
            <location filename="../../plugin/report/results.py" />
            <source>95 %</source>
            <translation>95 %</translation>
        </message>
        <message>
            <location filename="../../ui/series_panel.py" />
            <source>95 % from</source>
            <translation>95 % ab</translation>
        </message>
        <message>
            <location filename="../../ui/train_progress.py" />
            <source>95 % interval {low} to {high}</source>
            <translation>95-%-Intervall {low} bis {high}</translation>
        </message>
        <message>
            <location filename="../../plugin/report/motion.py" />
            <source>95 % move less</source>
            <translation>95 % bewegen sich weniger</translation>
        </message>
        <message>
            <location filename="../../ui/series_panel.py" />
            <source>95 % to</source>
            <translation>95 % bis</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>; beside it {0}</source>
            <translation>; daneben {0}</translation>
        </message>
        <message>
            <location filename="../../ui/review_start.py" />
            <source>&lt;b&gt;1&lt;/b&gt; Stable &amp;nbsp; &lt;b&gt;2&lt;/b&gt; Linear &amp;nbsp; &lt;b&gt;3&lt;/b&gt; Quadratic &amp;nbsp; &lt;b&gt;4&lt;/b&gt; Bilinear &amp;nbsp; &lt;b&gt;5&lt;/b&gt; Unwrapping error &amp;nbsp; &lt;b&gt;0&lt;/b&gt; None of them &amp;nbsp; {0}</source>
            <translation>&lt;b&gt;1&lt;/b&gt; Stabil &amp;nbsp; &lt;b&gt;2&lt;/b&gt; Linear &amp;nbsp; &lt;b&gt;3&lt;/b&gt; Quadratisch &amp;nbsp; &lt;b&gt;4&lt;/b&gt; Bilinear &amp;nbsp; &lt;b&gt;5&lt;/b&gt; Abwicklungsfehler &amp;nbsp; &lt;b&gt;0&lt;/b&gt; Keines davon &amp;nbsp; {0}</translation>
        </message>
        <message>
            <location filename="../../ui/train_curves.py" />
            <source>&lt;b&gt;Loss&lt;/b&gt;</source>
            <translation>&lt;b&gt;Verlust&lt;/b&gt;</translation>
        </message>
        <message>
            <location filename="../../ui/review_start.py" />
            <source>&lt;b&gt;P&lt;/b&gt; PS &amp;nbsp; &lt;b&gt;N&lt;/b&gt; not &amp;nbsp; {0}</source>
            <translation>&lt;b&gt;P&lt;/b&gt; PS &amp;nbsp; &lt;b&gt;N&lt;/b&gt; nicht &amp;nbsp; {0}</translation>
        </message>
        <message>
            <location filename="../../ui/review_start.py" />
            <source>&lt;b&gt;Space&lt;/b&gt;&amp;nbsp;agree &amp;nbsp; &lt;b&gt;Backspace&lt;/b&gt;&amp;nbsp;undo &amp;nbsp; &lt;b&gt;←&amp;nbsp;→&lt;/b&gt;&amp;nbsp;back,&amp;nbsp;skip &amp;nbsp; &lt;b&gt;Esc&lt;/b&gt;&amp;nbsp;leave</source>
            <translation>&lt;b&gt;Leertaste&lt;/b&gt;&amp;nbsp;zustimmen &amp;nbsp; &lt;b&gt;Rücktaste&lt;/b&gt;&amp;nbsp;rückgängig &amp;nbsp; &lt;b&gt;←&amp;nbsp;→&lt;/b&gt;&amp;nbsp;zurück,&amp;nbsp;überspringen &amp;nbsp; &lt;b&gt;Esc&lt;/b&gt;&amp;nbsp;beenden</translation>
        </message>
        <message>
            <location filename="../../ui/train_curves.py" />
            <source>&lt;b&gt;Validation&lt;/b&gt;</source>
            <translation>&lt;b&gt;Validierung&lt;/b&gt;</translation>
        </message>
        <message>
            <location filename="../../ui/class_chart.py" />
            <source>&lt;b&gt;{0}&lt;/b&gt;: {1} points</source>
            <translation>&lt;b&gt;{0}&lt;/b&gt;: {1} Punkte</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/scheduler_field.py" />
            <source>A Dask cluster (optional)</source>
            <translation>Ein Dask-Cluster (freigestellt)</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <source>A PS mask</source>
            <translation>Eine PS-Maske</translation>
        </message>
        <message>
            <location filename="../../ui/offsets_words.py" />
            <source>A Siamese network with cross-connections that reads both images at once. To compare with the literature.</source>
            <translation>Ein siamesisches Netz mit Querverbindungen, das beide Bilder zugleich liest. Zum Vergleich mit der Literatur.</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_words.py" />
            <source>A U-Net that reads the differential interferograms as pictures. To compare with the literature.</source>
            <translation>Ein U-Net, das die differentiellen Interferogramme als Bilder liest. Zum Vergleich mit der Literatur.</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor.py" />
            <source>A build of the environment that was interrupted left {names}.</source>
            <translation>Ein unterbrochener Bau der Umgebung hat {names} hinterlassen.</translation>
        </message>
        <message>
            <location filename="../../ui/export_dialog.py" />
            <source>A field a date (D20170201 ...)</source>
            <translation>Ein Feld je Termin (D20170201 ...)</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/fields.py" />
            <source>A field for each date</source>
            <translation>Ein Feld für jeden Termin</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <source>A field of the points</source>
            <translation>Ein Feld der Punkte</translation>
        </message>
        <message>
            <location filename="../../ui/combine_dialog.py" />
            <source>A file does not say in which coordinate system its points lie. Choose it as CRS, under Advanced.</source>
            <translation>Eine Datei sagt nicht, in welchem Koordinatensystem ihre Punkte liegen. Wählen Sie es als KBS unter „Erweitert“.</translation>
        </message>
        <message>
            <location filename="../../plugin/pip_output.py" />
            <source>A file of the environment cannot be written. Close other QGIS windows and try again.</source>
            <translation>Eine Datei der Umgebung kann nicht geschrieben werden. Schließen Sie andere QGIS-Fenster und versuchen Sie es noch einmal.</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <source>A folder of masks or points</source>
            <translation>Ein Ordner mit Masken oder Punkten</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <source>A folder of rasters</source>
            <translation>Ein Ordner mit Rastern</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <source>A folder of tables</source>
            <translation>Ein Ordner mit Tabellen</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor_repairs.py" />
            <source>A job of Stillpoint is running, and this would end it. Wait for it, or cancel it in QGIS's task manager.</source>
            <translation>Ein Auftrag von Stillpoint läuft, und dies würde ihn beenden. Warten Sie auf ihn, oder brechen Sie ihn in der Aufgabenverwaltung von QGIS ab.</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/train_model.py" />
            <source>A layer in the place of the text above: mask, points, table, or offsets.</source>
            <translation>Ein Layer anstelle des Textes oben: Maske, Punkte, Tabelle oder Versätze.</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <source>A layer or file of points. Where a field ps says 1 or 0, pixels without points are not judged; else they count as no PS.</source>
            <translation>Ein Layer oder eine Datei von Punkten. Wo ein Feld ps 1 oder 0 sagt, sind Pixel ohne Punkte nicht beurteilt; sonst gelten sie als kein PS.</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <source>A layer or table with the identifier of the points and their trends, such as the corrections of a review.</source>
            <translation>Ein Layer oder eine Tabelle mit der Kennung der Punkte und ihren Trends, etwa den Berichtigungen einer Nachprüfung.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/base.py" />
            <source>A model file of yours (.safetensors) instead of the one shipped with Stillpoint.</source>
            <translation>Eine eigene Modelldatei (.safetensors) anstelle der mit Stillpoint gelieferten.</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <source>A model file, or an archive of a model and its card (zip, tar)</source>
            <translation>Eine Modelldatei oder ein Archiv aus einem Modell und seinem Steckbrief (zip, tar)</translation>
        </message>
        <message>
            <location filename="../../ui/train_form.py" />
            <source>A model file…</source>
            <translation>Eine Modelldatei…</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>A network gives every point one of five classes: stable, linear, quadratic, bilinear, or a phase unwrapping error. Click Classify Trends.</source>
            <translation>Ein Netz gibt jedem Punkt eine von fünf Klassen: stabil, linear, quadratisch, bilinear oder Abwicklungsfehler. Klicken Sie auf „Trends klassifizieren“.</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <source>A network needs at least two.</source>
            <translation>Ein Netz braucht mindestens zwei.</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>A network of your own, from your layers and labels</source>
            <translation>Ein eigenes Netz, aus Ihren Layern und Labels</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <source>A new file, or labels of before to go on with</source>
            <translation>Eine neue Datei, oder frühere Labels, um weiterzumachen</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_checks.py" />
            <source>A part of {path} cannot be cut out: {reason}.</source>
            <translation>Aus {path} kann kein Teil ausgeschnitten werden: {reason}.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/motion.py" />
            <source>A plane fitted on stable ground was removed; its file is no longer there to be judged again.</source>
            <translation>Eine auf stabilem Boden angepasste Ebene wurde abgezogen; seine Datei ist nicht mehr da, um ihn noch einmal zu beurteilen.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/motion.py" />
            <source>A plane fitted on the stable ground was removed. What is left there is error: the median is what remains of a shift, the NMAD (1.48 times the median absolute deviation) is the error of a single offset.</source>
            <translation>Eine auf dem stabilen Boden angepasste Ebene wurde abgezogen. Was dort bleibt, ist Fehler: der Median ist der Rest einer Verschiebung, die NMAD (das 1,48-Fache der mittleren absoluten Abweichung vom Median) der Fehler eines einzelnen Versatzes.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <source>A point in zones that overlap counts in each of them; a zone's area is that of all its polygons.</source>
            <translation>Ein Punkt in sich überlappenden Zonen zählt in jeder davon; die Fläche einer Zone ist die aller ihrer Polygone.</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>A product's folder or files as one stack of dates</source>
            <translation>Ordner oder Dateien eines Produkts als ein Stapel von Terminen</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <source>A raster of offsets</source>
            <translation>Ein Raster von Versätzen</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <source>A raster on the grid of the stack: 1 PS, 0 not, 255 or no data not judged.</source>
            <translation>Ein Raster auf dem Gitter des Stapels: 1 PS, 0 nicht, 255 oder keine Daten: nicht beurteilt.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <source>A raster with a band a date or pair (see Open Stack), or the folder of a product</source>
            <translation>Ein Raster mit einem Band je Termin oder Paar (siehe „Stapel öffnen“) oder der Ordner eines Produkts</translation>
        </message>
        <message>
            <location filename="../../ui/sample_dialog.py" />
            <source>A sample lies there already: it opens at once.</source>
            <translation>Dort liegt schon ein Beispiel: es öffnet sich sofort.</translation>
        </message>
        <message>
            <location filename="../../plugin/export.py" />
            <source>A shapefile holds {dbf_fields} fields at most, but {dates} date columns and the attributes make {total}: write the series to a CSV beside it, leave it out, or export a GeoPackage.</source>
            <translation>Ein Shapefile fasst höchstens {dbf_fields} Felder, aber {dates} Terminspalten und die Attribute ergeben {total}: schreiben Sie die Zeitreihen in eine CSV-Datei daneben, lassen Sie sie weg, oder exportieren Sie ein GeoPackage.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_checks.py" />
            <source>A spacing of {spacing} px leaves only {least} offsets along the shorter side.</source>
            <translation>Ein Abstand von {spacing} px lässt nur {least} Versätze entlang der kürzeren Seite.</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <source>A table of decisions</source>
            <translation>Eine Tabelle von Entscheidungen</translation>
        </message>
        <message>
            <location filename="../../ui/train_dialog.py" />
            <source>A training of {name} was stopped before its end; its checkpoint is of {when}.</source>
            <translation>Ein Training von {name} wurde vor seinem Ende angehalten; sein Zwischenstand ist von {when}.</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>A valley that moves</source>
            <translation>Ein Tal, das sich bewegt</translation>
        </message>
        <message>
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>A velocity needs unwrapped phase and the wavelength of the radar</source>
            <translation>Eine Geschwindigkeit braucht abgewickelte Phase und die Wellenlänge des Radars</translation>
        </message>
        <message>
            <location filename="../../plugin/export.py" />
            <source>A {suffix} file cannot keep the series as {series}; choose {ways}.</source>
            <translation>Eine Datei {suffix} kann die Zeitreihen nicht als {series} aufnehmen; wählen Sie {ways}.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/points.py" />
            <source>Abstain where nothing fits</source>
            <translation>Enthalten, wo nichts passt</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <location filename="../../ui/series_panel.py" />
            <source>Acceleration</source>
            <translation>Beschleunigung</translation>
        </message>
        <message>
            <location filename="../../ui/train_words.py" />
            <source>Accuracy</source>
            <translation>Richtig klassifiziert</translation>
        </message>
        <message>
            <location filename="../../models/jobs/library.py" />
            <source>Action</source>
            <translation>Aktion</translation>
        </message>
        <message>
            <location filename="../../ui/assess_inputs.py" />
            <location filename="../../ui/train_data.py" />
            <source>Add &amp;files…</source>
            <translation>Dateien hinz&amp;ufügen…</translation>
        </message>
        <message>
            <location filename="../../ui/train_data.py" />
            <source>Add &amp;layer</source>
            <translation>&amp;Layer hinzufügen</translation>
        </message>
        <message>
            <location filename="../../ui/series_viewer.py" />
            <source>Add a layer of points with displacement series, and choose it in the layer list.</source>
            <translation>Fügen Sie einen Punktlayer mit Verschiebungszeitreihen hinzu, und wählen Sie ihn in der Layerliste.</translation>
        </message>
        <message>
            <location filename="../../ui/pixel_dock.py" />
            <source>Add a stack first: Open Stack makes one of a product's folder or files.</source>
            <translation>Fügen Sie zuerst einen Stapel hinzu: „Stapel öffnen“ macht einen aus Ordner oder Dateien eines Produkts.</translation>
        </message>
        <message>
            <location filename="../../ui/train_data.py" />
            <source>Add amplitude images two by two: reference, secondary.
With none, it learns from simulated pairs.</source>
            <translation>Fügen Sie Amplitudenbilder zu zweien hinzu: Referenz, zweites.
Ohne lernt es aus simulierten Paaren.</translation>
        </message>
        <message>
            <location filename="../../ui/train_data.py" />
            <source>Add fol&amp;der…</source>
            <translation>&amp;Ordner hinzufügen…</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <source>Add labels of others…</source>
            <translation>Labels anderer hinzufügen…</translation>
        </message>
        <message>
            <location filename="../../ui/train_data.py" />
            <source>Add layers or files of points with their displacement series.
With none, it learns from simulated series.</source>
            <translation>Fügen Sie Layer oder Dateien von Punkten mit Verschiebungszeitreihen hinzu.
Ohne lernt es aus simulierten Zeitreihen.</translation>
        </message>
        <message>
            <location filename="../../ui/review_start.py" />
            <source>Add points that &lt;b&gt;Classify Trends&lt;/b&gt; has classified, or the probability of a PS selection made with &lt;b&gt;Select Scatterers&lt;/b&gt;. Interferograms are reviewed on the &lt;b&gt;Interferogram Triage&lt;/b&gt; board: press U there.</source>
            <translation>Fügen Sie Punkte hinzu, die &lt;b&gt;Trends klassifizieren&lt;/b&gt; klassifiziert hat, oder die Wahrscheinlichkeit einer PS-Auswahl aus &lt;b&gt;Scatterer auswählen&lt;/b&gt;. Interferogramme werden auf der Tafel &lt;b&gt;Interferogramme sichten&lt;/b&gt; nachgeprüft: drücken Sie dort U.</translation>
        </message>
        <message>
            <location filename="../../ui/train_data.py" />
            <source>Add stacks of images or interferograms, or a folder of them.
With none, it learns from simulated scenes.</source>
            <translation>Fügen Sie Stapel von Bildern oder Interferogrammen hinzu, oder einen Ordner davon.
Ohne lernt es aus simulierten Szenen.</translation>
        </message>
        <message>
            <location filename="../../ui/train_data.py" />
            <source>Add stacks of interferograms.
With none, it learns from simulated stacks.</source>
            <translation>Fügen Sie Stapel von Interferogrammen hinzu.
Ohne lernt es aus simulierten Stapeln.</translation>
        </message>
        <message>
            <location filename="../../ui/assess_dialog.py" />
            <source>Add the density &amp;map as a layer</source>
            <translation>Dichte&amp;karte als Layer hinzufügen</translation>
        </message>
        <message>
            <location filename="../../ui/export_dialog.py" />
            <source>Add the exported layer to the map</source>
            <translation>Exportierten Layer zur Karte hinzufügen</translation>
        </message>
        <message>
            <location filename="../../models/jobs/base.py" />
            <source>Address of a Dask scheduler (tcp://host:8786) that computes instead of this machine.</source>
            <translation>Adresse eines Dask-Schedulers (tcp://host:8786), der anstelle dieses Rechners rechnet.</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/scheduler_field.py" />
            <source>Address of a Dask scheduler whose workers have Stillpoint. It stands in every dialog, where it can be cleared.</source>
            <translation>Adresse eines Dask-Schedulers, dessen Arbeiter Stillpoint haben. Sie steht in jedem Dialog, wo sie gelöscht werden kann.</translation>
        </message>
        <message>
            <location filename="../../ui/assess_dialog.py" />
            <location filename="../../ui/classify_dialog.py" />
            <location filename="../../ui/combine_dialog.py" />
            <location filename="../../ui/estimate_series_dialog.py" />
            <location filename="../../ui/open_stack_dialog.py" />
            <location filename="../../ui/select_dialog.py" />
            <location filename="../../ui/select_interferograms_dialog.py" />
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>Advanced</source>
            <translation>Erweitert</translation>
        </message>
        <message>
            <location filename="../../ui/triage_filters.py" />
            <source>All</source>
            <translation>Alle</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <source>All classes</source>
            <translation>Alle Klassen</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>All four work in the same way on data of yours: open them with Open Stack or as a layer, or use the Processing toolbox. New Analysis takes all steps one after the other; Report writes up the result. Every window has a Help button, and F1 opens the same page. Should something not work, the menu has Check the Environment.</source>
            <translation>Alle vier gehen genauso mit Ihren Daten: öffnen Sie sie mit „Stapel öffnen“ oder als Layer, oder nehmen Sie die Verarbeitungswerkzeugkiste. „Neue Analyse“ macht alle Schritte nacheinander; „Bericht“ schreibt das Ergebnis auf. Jedes Fenster hat einen Knopf „Hilfe“, und F1 öffnet dieselbe Seite. Sollte etwas nicht gehen, hat das Menü „Umgebung prüfen“.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/picks.py" />
            <source>All have the same scale.</source>
            <translation>Alle haben denselben Maßstab.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_dock.py" />
            <source>All is up to date</source>
            <translation>Alles ist aktuell</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_options.py" />
            <source>All options: {title}</source>
            <translation>Alle Optionen: {title}</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <source>All options…</source>
            <translation>Alle Optionen…</translation>
        </message>
        <message>
            <location filename="../../ui/profile_dock.py" />
            <source>All pairs</source>
            <translation>Alle Paare</translation>
        </message>
        <message>
            <location filename="../../ui/class_chart.py" />
            <source>All points</source>
            <translation>Alle Punkte</translation>
        </message>
        <message>
            <location filename="../../ui/series_panel.py" />
            <source>All series inside were read.</source>
            <translation>Alle Zeitreihen darin wurden gelesen.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <source>All zones</source>
            <translation>Alle Zonen</translation>
        </message>
        <message>
            <location filename="../../ui/profile_dock.py" />
            <source>Along and across the line</source>
            <translation>Entlang und quer zur Linie</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>Along arcs between PS</source>
            <translation>Entlang von Verbindungen zwischen PS</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Along the line of sight (for height errors); empty derives it from the incidence angle and a height of 700 km.</source>
            <translation>Entlang der Sichtlinie (für Höhenfehler); leer leitet sie aus dem Einfallswinkel und einer Höhe von 700 km ab.</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <location filename="../../ui/pixel_dock_content.py" />
            <source>Amplitude</source>
            <translation>Amplitude</translation>
        </message>
        <message>
            <location filename="../../models/jobs/offsets.py" />
            <source>Amplitude (or intensity, dB, or complex) image of the first date; or a stack of images, tracked in consecutive pairs.</source>
            <translation>Amplitudenbild (oder Intensität, dB oder komplex) des ersten Termins; oder ein Stapel von Bildern, der in aufeinanderfolgenden Paaren gemessen wird.</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Amplitude and phase of a pixel, and why it is a PS or not</source>
            <translation>Amplitude und Phase eines Pixels, und warum er ein PS ist oder nicht</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <location filename="../../plugin/scatterer_facts.py" />
            <location filename="../../ui/widgets/fields.py" />
            <source>Amplitude dispersion</source>
            <translation>Amplitudendispersion</translation>
        </message>
        <message>
            <location filename="../../plugin/report/method.py" />
            <source>Amplitude dispersion after Ferretti et al.: the standard deviation of the amplitude over its mean stands for the noise of the phase.</source>
            <translation>Amplitudendispersion nach Ferretti et al.: die Standardabweichung der Amplitude durch ihr Mittel steht für das Rauschen der Phase.</translation>
        </message>
        <message>
            <location filename="../../ui/library_compare.py" />
            <source>Amplitude image of the first date, or a stack of images</source>
            <translation>Amplitudenbild des ersten Termins oder ein Stapel von Bildern</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <source>Amplitude image of the first date, or a stack of them</source>
            <translation>Amplitudenbild des ersten Termins oder ein Stapel davon</translation>
        </message>
        <message>
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>Amplitude image of the first date; or a stack of images, tracked from each date to the next</source>
            <translation>Amplitudenbild des ersten Termins; oder ein Stapel von Bildern, von jedem Termin zum nächsten gemessen</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <location filename="../../ui/library_compare.py" />
            <source>Amplitude image of the second date</source>
            <translation>Amplitudenbild des zweiten Termins</translation>
        </message>
        <message>
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>Amplitude image of the second date; none where the reference is a stack</source>
            <translation>Amplitudenbild des zweiten Termins; keines, wo die Referenz ein Stapel ist</translation>
        </message>
        <message>
            <location filename="../../plugin/sample_map.py" />
            <source>Amplitude images of the glacier</source>
            <translation>Amplitudenbilder des Gletschers</translation>
        </message>
        <message>
            <location filename="../../ui/pixel_dock.py" />
            <location filename="../../ui/review_stage.py" />
            <source>Amplitude over time</source>
            <translation>Amplitude über der Zeit</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <location filename="../../ui/select_dialog.py" />
            <source>Amplitude stack</source>
            <translation>Amplitudenstapel</translation>
        </message>
        <message>
            <location filename="../../ui/setup_dialog.py" />
            <source>An interpreter of your own</source>
            <translation>Ein eigener Interpreter</translation>
        </message>
        <message>
            <location filename="../../plugin/analysis.py" />
            <source>Analysis</source>
            <translation>Analyse</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>Angle between the line of sight and the vertical at the ground; empty takes it from the file, point by point.</source>
            <translation>Winkel zwischen Sichtlinie und Lot am Boden; leer nimmt ihn Punkt für Punkt aus der Datei.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Angle between the line of sight and the vertical, where the stack does not tell it (for height errors).</source>
            <translation>Winkel zwischen Sichtlinie und Lot, wo der Stapel ihn nicht nennt (für Höhenfehler).</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>Angle between the line of sight and the vertical; empty takes it from the stack or mask.</source>
            <translation>Winkel zwischen Sichtlinie und Lot; leer nimmt ihn aus Stapel oder Maske.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>Angles of further tracks</source>
            <translation>Winkel weiterer Spuren</translation>
        </message>
        <message>
            <location filename="../../ui/series_toolbar.py" />
            <source>Annual</source>
            <translation>Jahresgang</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <location filename="../../ui/series_panel.py" />
            <source>Annual amplitude</source>
            <translation>Jahresamplitude</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <source>Another layer or table</source>
            <translation>Anderer Layer oder Tabelle</translation>
        </message>
        <message>
            <location filename="../../ui/triage_export.py" />
            <source>Another stack is still being written. Wait for it.</source>
            <translation>Ein anderer Stapel wird noch geschrieben. Warten Sie auf ihn.</translation>
        </message>
        <message>
            <location filename="../../plugin/installation.py" />
            <source>Apple (CPU and Apple GPU)</source>
            <translation>Apple (CPU und Apple-GPU)</translation>
        </message>
        <message>
            <location filename="../../plugin/interferograms.py" />
            <location filename="../../ui/triage_words.py" />
            <source>Area ratio</source>
            <translation>Flächenverhältnis</translation>
        </message>
        <message>
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>Arrows</source>
            <translation>Pfeile</translation>
        </message>
        <message>
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>Arrows of the motion beside the raster, thinned out as the map shows more</source>
            <translation>Pfeile der Bewegung neben dem Raster, ausgedünnt, wo die Karte mehr zeigt</translation>
        </message>
        <message>
            <location filename="../../ui/series_picks.py" />
            <source>As measured</source>
            <translation>Wie gemessen</translation>
        </message>
        <message>
            <location filename="../../ui/series_words.py" />
            <source>As the files have it</source>
            <translation>Wie die Dateien sie haben</translation>
        </message>
        <message>
            <location filename="../../ui/series_words.py" />
            <source>As the stack records it</source>
            <translation>Wie der Stapel es verzeichnet</translation>
        </message>
        <message>
            <location filename="../../ui/review_stage.py" />
            <source>As {0}</source>
            <translation>Als {0}</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>Ascending points</source>
            <translation>Aufsteigende Punkte</translation>
        </message>
        <message>
            <location filename="../../ui/combine_dialog.py" />
            <source>Ascending track</source>
            <translation>Aufsteigende Spur</translation>
        </message>
        <message>
            <location filename="../../ui/assess_dialog.py" />
            <source>Assess Scatterers</source>
            <translation>Scatterer bewerten</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Assess Scatterers…</source>
            <translation>Scatterer bewerten…</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>Assess scatterers</source>
            <translation>Scatterer bewerten</translation>
        </message>
        <message>
            <location filename="../../ui/series_viewer.py" />
            <source>At most {0} points are compared at once.</source>
            <translation>Es werden höchstens {0} Punkte zugleich verglichen.</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <source>At random</source>
            <translation>Zufällig</translation>
        </message>
        <message>
            <location filename="../../ui/series_words.py" />
            <source>At the points of the first file</source>
            <translation>An den Punkten der ersten Datei</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Atmosphere: width in space</source>
            <translation>Atmosphäre: Breite im Raum</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Atmosphere: width in time</source>
            <translation>Atmosphäre: Breite in der Zeit</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/device_picker.py" />
            <source>Automatic (the fastest)</source>
            <translation>Automatisch (das schnellste)</translation>
        </message>
        <message>
            <location filename="../../ui/series_words.py" />
            <source>Automatic: the best that is installed</source>
            <translation>Automatisch: die beste installierte</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>Average in a cell</source>
            <translation>Mittel in einer Zelle</translation>
        </message>
        <message>
            <location filename="../../ui/series_words.py" />
            <source>Away from the satellite</source>
            <translation>Vom Satelliten weg</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets.py" />
            <source>Azimuth</source>
            <translation>Azimut</translation>
        </message>
        <message>
            <location filename="../../ui/review_keys.py" />
            <location filename="../../ui/tour.py" />
            <source>Back</source>
            <translation>Zurück</translation>
        </message>
        <message>
            <location filename="../../plugin/report/atlas.py" />
            <source>Background: {whose}</source>
            <translation>Hintergrund: {whose}</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>Band</source>
            <translation>Band</translation>
        </message>
        <message>
            <location filename="../../plugin/triage_rasters.py" />
            <source>Band {number} of {name} cannot be read: {reason}.</source>
            <translation>Band {number} von {name} ist nicht lesbar: {reason}.</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>Bands</source>
            <translation>Bänder</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_plot.py" />
            <source>Baseline</source>
            <translation>Basislinie</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>Baseline (m)</source>
            <translation>Basislinie (m)</translation>
        </message>
        <message>
            <location filename="../../ui/triage_filters.py" />
            <source>Baseline up to</source>
            <translation>Basislinie bis</translation>
        </message>
        <message>
            <location filename="../../plugin/interferograms.py" />
            <location filename="../../ui/open_stack_reading.py" />
            <source>Baselines</source>
            <translation>Basislinien</translation>
        </message>
        <message>
            <location filename="../../plugin/report/method.py" />
            <source>Baselines alone decide, whatever the pictures show.</source>
            <translation>Allein die Basislinien entscheiden, gleich was die Bilder zeigen.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_graph_paint.py" />
            <source>Baselines unknown: arcs span the days</source>
            <translation>Basislinien unbekannt: Bögen überspannen die Tage</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_plot.py" />
            <source>Baselines unknown; {what} in order</source>
            <translation>Basislinien unbekannt; {what} der Reihe nach</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor.py" />
            <source>Before it was tried: {problem}</source>
            <translation>Zuvor wurde versucht: {problem}</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>Beside the saved project; choose a file for another place</source>
            <translation>Neben dem gespeicherten Projekt; für anderswo eine Datei wählen</translation>
        </message>
        <message>
            <location filename="../../ui/triage_toolbar.py" />
            <source>Best first</source>
            <translation>Beste zuerst</translation>
        </message>
        <message>
            <location filename="../../ui/train_progress.py" />
            <source>Best: epoch {n:g}{figure}</source>
            <translation>Beste: Epoche {n:g}{figure}</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>Between dates of a track farther apart than this nothing is interpolated: the values stay missing.</source>
            <translation>Zwischen Terminen einer Spur, die weiter auseinander liegen, wird nicht interpoliert: die Werte fehlen.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/method.py" />
            <source>Between neighbouring points and dates, motion of more than a quarter of the wavelength is ambiguous and may be off by half a wavelength.</source>
            <translation>Zwischen benachbarten Punkten und Terminen ist Bewegung von mehr als einer Viertelwellenlänge mehrdeutig und kann um eine halbe Wellenlänge falsch sein.</translation>
        </message>
        <message>
            <location filename="../../models/trends/classes.py" />
            <source>Bilinear</source>
            <translation>Bilinear</translation>
        </message>
        <message>
            <location filename="../../ui/library_compare.py" />
            <source>Both are run as usual, and their answers counted side by side. Where they differ, this alone does not tell which is right: only labels do.</source>
            <translation>Beide laufen wie sonst, und ihre Antworten werden nebeneinander gezählt. Wo sie sich unterscheiden, sagt das allein nicht, welches recht hat: das sagen nur Labels.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_filters.py" />
            <source>Both dates on or after this one</source>
            <translation>Beide Termine an oder nach diesem</translation>
        </message>
        <message>
            <location filename="../../ui/triage_filters.py" />
            <source>Both dates on or before this one</source>
            <translation>Beide Termine an oder vor diesem</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>Both images are chosen already. Click Track: magnitude, direction and standard errors come back as maps with arrows.</source>
            <translation>Beide Bilder sind schon gewählt. Klicken Sie auf „Messen“: Betrag, Richtung und Standardfehler kommen als Karten mit Pfeilen zurück.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_checks.py" />
            <source>Both images are of {first}: there are no days to divide by. Take metres.</source>
            <translation>Beide Bilder sind vom {first}: es gibt keine Tage, durch die zu teilen wäre. Nehmen Sie Meter.</translation>
        </message>
        <message>
            <location filename="../../ui/combine_dialog.py" />
            <source>Both tracks are the same points. Choose another line of sight for one of them.</source>
            <translation>Beide Spuren sind dieselben Punkte. Wählen Sie für eine davon eine andere Sichtlinie.</translation>
        </message>
        <message>
            <location filename="../../ui/combine_dialog.py" />
            <source>Both tracks fly in nearly the same direction: up and east can hardly be told apart.</source>
            <translation>Beide Spuren fliegen fast in dieselbe Richtung: vertikal und Ost lassen sich kaum trennen.</translation>
        </message>
        <message>
            <location filename="../../ui/series_panel.py" />
            <source>Break</source>
            <translation>Knick</translation>
        </message>
        <message>
            <location filename="../../ui/series_picks.py" />
            <source>Break {dates}</source>
            <translation>Knick {dates}</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor_repairs.py" />
            <source>Build Stillpoint's own environment now?

PyTorch: {build}. It needs {needed:.0f} GB of disk while it is unpacked, an internet connection, and some minutes. The environment that is there stays until the new one works.</source>
            <translation>Die Umgebung von Stillpoint jetzt bauen?

PyTorch: {build}. Es braucht {needed:.0f} GB auf dem Datenträger, solange es entpackt wird, eine Internetverbindung und einige Minuten. Die vorhandene Umgebung bleibt, bis die neue läuft.</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor_repairs.py" />
            <source>Build the environment…</source>
            <translation>Umgebung bauen…</translation>
        </message>
        <message>
            <location filename="../../ui/triage_toolbar.py" />
            <source>By baseline</source>
            <translation>Nach Basislinie</translation>
        </message>
        <message>
            <location filename="../../ui/triage_toolbar.py" />
            <source>By date</source>
            <translation>Nach Datum</translation>
        </message>
        <message>
            <location filename="../../ui/triage_toolbar.py" />
            <source>By days</source>
            <translation>Nach Tagen</translation>
        </message>
        <message>
            <location filename="../../ui/offsets_words.py" />
            <source>By the coordinates of the reference</source>
            <translation>Nach den Koordinaten der Referenz</translation>
        </message>
        <message>
            <location filename="../../ui/combine_dialog.py" />
            <source>By their names, the first points are of a descending track.</source>
            <translation>Dem Namen nach gehören die ersten Punkte zu einer absteigenden Spur.</translation>
        </message>
        <message>
            <location filename="../../plugin/analysis_board.py" />
            <source>By your choices no interferogram is kept. Keep some on the triage board.</source>
            <translation>Nach Ihren Entscheidungen wird kein Interferogramm behalten. Behalten Sie einige auf der Sichtungstafel.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/gather.py" />
            <source>By zone: {name}</source>
            <translation>Nach Zonen: {name}</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/reading.py" />
            <source>C&amp;RS</source>
            <translation>KB&amp;S</translation>
        </message>
        <message>
            <location filename="../../ui/train_dialog.py" />
            <source>C&amp;heck and show the split</source>
            <translation>Prüfen und Aufteilung &amp;zeigen</translation>
        </message>
        <message>
            <location filename="../../ui/library_words.py" />
            <source>CC-ResSiamNet</source>
            <translation>CC-ResSiamNet</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets.py" />
            <source>CC-ResSiamNet of Kim et al.</source>
            <translation>CC-ResSiamNet von Kim et al.</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <source>CC-ResSiamNet, as published</source>
            <translation>CC-ResSiamNet, wie veröffentlicht</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <source>CC-ResSiamNet, narrow</source>
            <translation>CC-ResSiamNet, schmal</translation>
        </message>
        <message>
            <location filename="../../plugin/scatterer_facts.py" />
            <location filename="../../ui/library_words.py" />
            <source>CLSTM-ISS</source>
            <translation>CLSTM-ISS</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <location filename="../../ui/widgets/fields.py" />
            <source>CLSTM-ISS of Tiwari et al.</source>
            <translation>CLSTM-ISS von Tiwari et al.</translation>
        </message>
        <message>
            <location filename="../../plugin/provenance.py" />
            <location filename="../../plugin/training.py" />
            <location filename="../../ui/library_words.py" />
            <location filename="../../ui/widgets/fields.py" />
            <source>CNN of Mirmazloumi et al.</source>
            <translation>CNN von Mirmazloumi et al.</translation>
        </message>
        <message>
            <location filename="../../plugin/scatterer_facts.py" />
            <location filename="../../ui/library_words.py" />
            <source>CNN-ISS</source>
            <translation>CNN-ISS</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <location filename="../../ui/widgets/fields.py" />
            <source>CNN-ISS of Tiwari et al.</source>
            <translation>CNN-ISS von Tiwari et al.</translation>
        </message>
        <message>
            <location filename="../../plugin/installation.py" />
            <source>CPU only (small download)</source>
            <translation>Nur CPU (kleiner Download)</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <location filename="../../models/jobs/points.py" />
            <location filename="../../ui/combine_dialog.py" />
            <source>CRS</source>
            <translation>KBS</translation>
        </message>
        <message>
            <location filename="../../ui/triage_export.py" />
            <source>CSV (*.csv)</source>
            <translation>CSV (*.csv)</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>CSV file to write: mask, section, zone, measure, value.</source>
            <translation>Zu schreibende CSV-Datei: Maske, Abschnitt, Zone, Maß, Wert.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/interferograms.py" />
            <source>CSV file to write: reference_date, secondary_date, score (0 bad to 1 good), keep (1 or 0), reason, and the evidence.</source>
            <translation>Zu schreibende CSV-Datei: reference_date, secondary_date, score (0 schlecht bis 1 gut), keep (1 oder 0), reason und die Belege.</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <source>CSV with reference_date, secondary_date and keep (1 or 0). The triage board writes it: Export, Save my corrections as labels.</source>
            <translation>CSV mit reference_date, secondary_date und keep (1 oder 0). Die Sichtungstafel schreibt sie: Exportieren, Meine Berichtigungen als Labels speichern.</translation>
        </message>
        <message>
            <location filename="../../ui/train_words.py" />
            <source>Calibration error</source>
            <translation>Kalibrierungsfehler</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <location filename="../../ui/analysis_layout.py" />
            <location filename="../../ui/export_dialog.py" />
            <location filename="../../ui/library_compare.py" />
            <location filename="../../ui/library_window.py" />
            <location filename="../../ui/report_dialog.py" />
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <location filename="../../ui/train_progress.py" />
            <source>Cancelled</source>
            <translation>Abgebrochen</translation>
        </message>
        <message>
            <location filename="../../ui/export_dialog.py" />
            <source>Cancelled. Nothing was written.</source>
            <translation>Abgebrochen. Es wurde nichts geschrieben.</translation>
        </message>
        <message>
            <location filename="../../ui/train_dialog.py" />
            <source>Cancelled. The checkpoint of the last whole epoch is kept: train the same file again to go on from it.</source>
            <translation>Abgebrochen. Der Zwischenstand der letzten ganzen Epoche bleibt: trainieren Sie dieselbe Datei noch einmal, um weiterzumachen.</translation>
        </message>
        <message>
            <location filename="../../ui/doctor_dialog.py" />
            <source>Cancelled. What was installed until then stays.</source>
            <translation>Abgebrochen. Was bis dahin installiert wurde, bleibt.</translation>
        </message>
        <message>
            <location filename="../../ui/doctor_dialog.py" />
            <source>Cancelled; everything is as it was.</source>
            <translation>Abgebrochen; alles ist, wie es war.</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/report.py" />
            <location filename="../../ui/report_dialog.py" />
            <source>Cancelled; nothing more was written.</source>
            <translation>Abgebrochen; es wurde nichts weiter geschrieben.</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/base.py" />
            <location filename="../../ui/job_dialog.py" />
            <location filename="../../ui/train_dialog.py" />
            <source>Cancelled; nothing was written.</source>
            <translation>Abgebrochen; es wurde nichts geschrieben.</translation>
        </message>
        <message>
            <location filename="../../ui/setup_dialog.py" />
            <source>Cancelled; the environment is as it was.</source>
            <translation>Abgebrochen; die Umgebung ist, wie sie war.</translation>
        </message>
        <message>
            <location filename="../../ui/sample_dialog.py" />
            <source>Cancelled; the sample was not made.</source>
            <translation>Abgebrochen; das Beispiel wurde nicht gemacht.</translation>
        </message>
        <message>
            <location filename="../../ui/train_progress.py" />
            <source>Cancelling</source>
            <translation>Wird abgebrochen</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <source>Cannot be used</source>
            <translation>Kann nicht verwendet werden</translation>
        </message>
        <message>
            <location filename="../../ui/library_card.py" />
            <source>Card</source>
            <translation>Steckbrief</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>Cell of the density map</source>
            <translation>Zelle der Dichtekarte</translation>
        </message>
        <message>
            <location filename="../../ui/triage_filters.py" />
            <source>Changed</source>
            <translation>Geändert</translation>
        </message>
        <message>
            <location filename="../../plugin/pixel.py" />
            <source>Changing amplitude</source>
            <translation>Wechselnde Amplitude</translation>
        </message>
        <message>
            <location filename="../../ui/doctor_dialog.py" />
            <source>Check &amp;again</source>
            <translation>&amp;Erneut prüfen</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>Check environment</source>
            <translation>Umgebung prüfen</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Check the Environment…</source>
            <translation>Umgebung prüfen…</translation>
        </message>
        <message>
            <location filename="../../plugin/installation.py" />
            <source>Checking the environment</source>
            <translation>Umgebung wird geprüft</translation>
        </message>
        <message>
            <location filename="../../plugin/provenance.py" />
            <source>Checksum of the model</source>
            <translation>Prüfsumme des Modells</translation>
        </message>
        <message>
            <location filename="../../ui/estimate_series_dialog.py" />
            <source>Choose a PS mask</source>
            <translation>PS-Maske wählen</translation>
        </message>
        <message>
            <location filename="../../ui/estimate_series_dialog.py" />
            <source>Choose a PS mask, or points. Select Scatterers makes both.</source>
            <translation>Wählen Sie eine PS-Maske oder Punkte. „Scatterer auswählen“ macht beides.</translation>
        </message>
        <message>
            <location filename="../../ui/class_chart.py" />
            <source>Choose a classified layer to see how many points each class has.</source>
            <translation>Wählen Sie einen klassifizierten Layer, um zu sehen, wie viele Punkte jede Klasse hat.</translation>
        </message>
        <message>
            <location filename="../../plugin/dialogs.py" />
            <source>Choose a classified point layer in the layer list first.</source>
            <translation>Wählen Sie zuerst einen klassifizierten Punktlayer in der Layerliste.</translation>
        </message>
        <message>
            <location filename="../../ui/review_dock.py" />
            <source>Choose a file for the labels.</source>
            <translation>Wählen Sie eine Datei für die Labels.</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>Choose a file for the {what}, or leave it out.</source>
            <translation>Wählen Sie eine Datei für: {what}, oder lassen Sie es weg.</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/output_files.py" />
            <source>Choose a folder</source>
            <translation>Ordner wählen</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/output_files.py" />
            <source>Choose a folder for {title}, or leave it out.</source>
            <translation>Wählen Sie einen Ordner für {title}, oder lassen Sie es weg.</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>Choose a folder or files: dates and baselines appear here before anything is written.</source>
            <translation>Wählen Sie einen Ordner oder Dateien: Termine und Basislinien erscheinen hier, bevor etwas geschrieben wird.</translation>
        </message>
        <message>
            <location filename="../../ui/series_viewer.py" />
            <source>Choose a layer of points with displacement series in the layer list first.</source>
            <translation>Wählen Sie zuerst einen Punktlayer mit Verschiebungszeitreihen in der Layerliste.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_run.py" />
            <source>Choose a raster of offsets in the layer list first.</source>
            <translation>Wählen Sie zuerst ein Raster mit Versätzen in der Layerliste.</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor_repairs.py" />
            <source>Choose an interpreter…</source>
            <translation>Interpreter wählen…</translation>
        </message>
        <message>
            <location filename="../../plugin/report/gather.py" />
            <source>Choose at least one layer for the report, or the table of a selection of interferograms.</source>
            <translation>Wählen Sie mindestens einen Layer für den Bericht oder die Tabelle einer Auswahl von Interferogrammen.</translation>
        </message>
        <message>
            <location filename="../../ui/train_progress.py" />
            <source>Choose task and data, look at the split, and press Train.</source>
            <translation>Wählen Sie Aufgabe und Daten, sehen Sie die Aufteilung an, und drücken Sie „Trainieren“.</translation>
        </message>
        <message>
            <location filename="../../ui/library_compare.py" />
            <source>Choose the data that both models shall look at.</source>
            <translation>Wählen Sie die Daten, die beide Modelle ansehen sollen.</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <source>Choose the file with the labels.</source>
            <translation>Wählen Sie die Datei mit den Labels.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_layout.py" />
            <source>Choose the folder for the results</source>
            <translation>Ordner für die Ergebnisse wählen</translation>
        </message>
        <message>
            <location filename="../../plugin/analysis.py" />
            <source>Choose the folder for the results.</source>
            <translation>Wählen Sie den Ordner für die Ergebnisse.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_options.py" />
            <location filename="../../ui/open_stack_dialog.py" />
            <source>Choose the folder of a product, or its files.</source>
            <translation>Wählen Sie den Ordner eines Produkts oder seine Dateien.</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <source>Choose the folder with the labels.</source>
            <translation>Wählen Sie den Ordner mit den Labels.</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <source>Choose the layer or file with the labels.</source>
            <translation>Wählen Sie den Layer oder die Datei mit den Labels.</translation>
        </message>
        <message>
            <location filename="../../ui/train_form.py" />
            <source>Choose the model file to start from, or another start.</source>
            <translation>Wählen Sie die Modelldatei, mit der begonnen wird, oder einen anderen Anfang.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_repeat.py" />
            <source>Choose the new data: a layer of the project, a file, or the folder of a product.</source>
            <translation>Wählen Sie die neuen Daten: einen Layer des Projekts, eine Datei oder den Ordner eines Produkts.</translation>
        </message>
        <message>
            <location filename="../../ui/estimate_series_dialog.py" />
            <source>Choose the points of the scatterers, or a PS mask. Select Scatterers makes both.</source>
            <translation>Wählen Sie die Punkte der Scatterer oder eine PS-Maske. „Scatterer auswählen“ macht beides.</translation>
        </message>
        <message>
            <location filename="../../ui/combine_dialog.py" />
            <source>Choose the points of the {name} track: a layer of the project or a file.</source>
            <translation>Wählen Sie die Punkte der Spur ({name}): einen Layer des Projekts oder eine Datei.</translation>
        </message>
        <message>
            <location filename="../../ui/classify_dialog.py" />
            <source>Choose the points to classify: a layer of the project or a file.</source>
            <translation>Wählen Sie die zu klassifizierenden Punkte: einen Layer des Projekts oder eine Datei.</translation>
        </message>
        <message>
            <location filename="../../ui/setup_dialog.py" />
            <source>Choose the python program of an environment first.</source>
            <translation>Wählen Sie zuerst das Programm python einer Umgebung.</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <source>Choose the raster with the labels.</source>
            <translation>Wählen Sie das Raster mit den Labels.</translation>
        </message>
        <message>
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>Choose the reference image: a raster layer of the project or a file.</source>
            <translation>Wählen Sie das Referenzbild: einen Rasterlayer des Projekts oder eine Datei.</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/track_offsets.py" />
            <source>Choose the reference image: a raster layer or file.</source>
            <translation>Wählen Sie das Referenzbild: einen Rasterlayer oder eine Datei.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_toolbar.py" />
            <source>Choose the stack of the coherence of the same pairs</source>
            <translation>Den Stapel der Kohärenz derselben Paare wählen</translation>
        </message>
        <message>
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>Choose the stack to judge: a raster layer of the project or a file.</source>
            <translation>Wählen Sie den zu beurteilenden Stapel: einen Rasterlayer des Projekts oder eine Datei.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_looks.py" />
            <source>Choose the stack to see the pair.</source>
            <translation>Wählen Sie den Stapel, um das Paar zu sehen.</translation>
        </message>
        <message>
            <location filename="../../ui/select_dialog.py" />
            <source>Choose the stack to select in: a raster layer of the project or a file.</source>
            <translation>Wählen Sie den Stapel, in dem ausgewählt wird: einen Rasterlayer des Projekts oder eine Datei.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_toolbar.py" />
            <source>Choose the stack whose pictures are shown</source>
            <translation>Den Stapel wählen, dessen Bilder gezeigt werden</translation>
        </message>
        <message>
            <location filename="../../ui/estimate_series_dialog.py" />
            <source>Choose the stack: a raster layer of the project or a file.</source>
            <translation>Wählen Sie den Stapel: einen Rasterlayer des Projekts oder eine Datei.</translation>
        </message>
        <message>
            <location filename="../../ui/library_compare.py" />
            <source>Choose two different models.</source>
            <translation>Wählen Sie zwei verschiedene Modelle.</translation>
        </message>
        <message>
            <location filename="../../ui/review_dock.py" />
            <source>Choose what to review first.</source>
            <translation>Wählen Sie, was zuerst nachgeprüft wird.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/__init__.py" />
            <location filename="../../ui/report_dialog.py" />
            <source>Choose what to write: a PDF, a web page, or a layout in the project.</source>
            <translation>Wählen Sie, was geschrieben wird: ein PDF, eine Webseite oder ein Layout im Projekt.</translation>
        </message>
        <message>
            <location filename="../../plugin/sample_map.py" />
            <source>City: radar images</source>
            <translation>Stadt: Radarbilder</translation>
        </message>
        <message>
            <location filename="../../ui/classify_dialog.py" />
            <source>Classified &amp;layer</source>
            <translation>Klassifizierter &amp;Layer</translation>
        </message>
        <message>
            <location filename="../../models/jobs/points.py" />
            <source>Classified points</source>
            <translation>Klassifizierte Punkte</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Classified points as shapefile, GeoPackage or CSV</source>
            <translation>Klassifizierte Punkte als Shapefile, GeoPackage oder CSV</translation>
        </message>
        <message>
            <location filename="../../models/jobs/points.py" />
            <source>Classifies the displacement series of every point as Stable, Linear, Quadratic, Bilinear or Phase unwrapping error, with probabilities, velocities, break date and jumps.</source>
            <translation>Klassifiziert die Verschiebungszeitreihe jedes Punkts als stabil, linear, quadratisch, bilinear oder Abwicklungsfehler, mit Wahrscheinlichkeiten, Geschwindigkeiten, Knickdatum und Sprüngen.</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>Classify</source>
            <translation>Klassifizieren</translation>
        </message>
        <message>
            <location filename="../../ui/classify_dialog.py" />
            <source>Classify Trends</source>
            <translation>Trends klassifizieren</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Classify Trends…</source>
            <translation>Trends klassifizieren…</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>Classify them</source>
            <translation>Klassifizieren</translation>
        </message>
        <message>
            <location filename="../../models/jobs/points.py" />
            <source>Classify trends</source>
            <translation>Trends klassifizieren</translation>
        </message>
        <message>
            <location filename="../../ui/map_dock.py" />
            <location filename="../../ui/series_toolbar.py" />
            <source>Clear</source>
            <translation>Leeren</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor_repairs.py" />
            <source>Clear it</source>
            <translation>Leeren</translation>
        </message>
        <message>
            <location filename="../../ui/pixel_dock.py" />
            <source>Click a pixel</source>
            <translation>Pixel anklicken</translation>
        </message>
        <message>
            <location filename="../../ui/pixel_dock.py" />
            <source>Click a pixel of the stack on the map</source>
            <translation>Einen Pixel des Stapels auf der Karte anklicken</translation>
        </message>
        <message>
            <location filename="../../ui/pixel_dock.py" />
            <source>Click a pixel on the map to see its amplitude and phase on every date, and why it is a PS or not.</source>
            <translation>Klicken Sie auf der Karte auf einen Pixel, um seine Amplitude und Phase an jedem Termin zu sehen, und warum er ein PS ist oder nicht.</translation>
        </message>
        <message>
            <location filename="../../ui/series_viewer.py" />
            <source>Click a point of {0} on the map to see its series. Hold Shift to compare several.</source>
            <translation>Klicken Sie auf der Karte auf einen Punkt von {0}, um seine Zeitreihe zu sehen. Halten Sie Umschalt, um mehrere zu vergleichen.</translation>
        </message>
        <message>
            <location filename="../../ui/series_toolbar.py" />
            <source>Click a point on the map; Shift adds it to those shown</source>
            <translation>Einen Punkt auf der Karte anklicken; mit Umschalt kommt er zu den gezeigten hinzu</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <source>Click a point or pixel on the map to label it, whatever its turn</source>
            <translation>Einen Punkt oder Pixel auf der Karte anklicken und labeln, außer der Reihe</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>Click on a coloured point in the map. Its displacements appear with the fitted trend, the velocity and the probability of each class. Shift adds a point to compare.</source>
            <translation>Klicken Sie auf der Karte auf einen farbigen Punkt. Seine Verschiebungen erscheinen mit dem angepassten Trend, der Geschwindigkeit und der Wahrscheinlichkeit jeder Klasse. Mit Umschalt kommt ein Punkt zum Vergleich hinzu.</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>Click on a point</source>
            <translation>Auf einen Punkt klicken</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>Click points and see their displacement series</source>
            <translation>Punkte anklicken und ihre Verschiebungszeitreihen sehen</translation>
        </message>
        <message>
            <location filename="../../ui/triage_graph.py" />
            <source>Click shows its pairs alone</source>
            <translation>Ein Klick zeigt nur seine Paare</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>Click the button that starts it. Every interferogram gets a score, and a reason where it is dropped.</source>
            <translation>Klicken Sie auf den Knopf, der es startet. Jedes Interferogramm bekommt eine Bewertung, und einen Grund, wo es verworfen wird.</translation>
        </message>
        <message>
            <location filename="../../ui/series_viewer.py" />
            <source>Click the corners of an area on the map, and close it with the right button: the median of the points of {0} inside is shown.</source>
            <translation>Klicken Sie die Ecken einer Fläche auf der Karte an, und schließen Sie sie mit der rechten Taste: der Median der Punkte von {0} darin wird gezeigt.</translation>
        </message>
        <message>
            <location filename="../../ui/profile_dock.py" />
            <source>Click the places of a line on the map, and end it with the right button.</source>
            <translation>Klicken Sie die Stellen einer Linie auf der Karte an, und beenden Sie sie mit der rechten Taste.</translation>
        </message>
        <message>
            <location filename="../../ui/profile_dock.py" />
            <source>Click the places of a line on the map; the right button ends it</source>
            <translation>Die Stellen einer Linie auf der Karte anklicken; die rechte Taste beendet sie</translation>
        </message>
        <message>
            <location filename="../../ui/series_toolbar.py" />
            <source>Clicks read the layer {0}</source>
            <translation>Klicks lesen den Layer {0}</translation>
        </message>
        <message>
            <location filename="../../ui/export_dialog.py" />
            <location filename="../../ui/library_compare.py" />
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <location filename="../../ui/tour_bubble.py" />
            <source>Close (Esc)</source>
            <translation>Schließen (Esc)</translation>
        </message>
        <message>
            <location filename="../../ui/tour_bubble.py" />
            <source>Close the tour</source>
            <translation>Rundgang schließen</translation>
        </message>
        <message>
            <location filename="../../ui/triage_detail.py" />
            <location filename="../../ui/triage_words.py" />
            <source>Closure</source>
            <translation>Schleifenschluss</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>Closure, RMS (rad)</source>
            <translation>Schleifenschluss, RMS (rad)</translation>
        </message>
        <message>
            <location filename="../../models/jobs/base.py" />
            <source>Cloud-optimised</source>
            <translation>Cloud-optimiert</translation>
        </message>
        <message>
            <location filename="../../ui/setup_dialog.py" />
            <source>Co&amp;py</source>
            <translation>&amp;Kopieren</translation>
        </message>
        <message>
            <location filename="../../ui/doctor_dialog.py" />
            <source>Co&amp;py report</source>
            <translation>Bericht ko&amp;pieren</translation>
        </message>
        <message>
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>Cohe&amp;rence</source>
            <translation>Kohä&amp;renz</translation>
        </message>
        <message>
            <location filename="../../plugin/sample_map.py" />
            <location filename="../../ui/open_stack_reading.py" />
            <location filename="../../ui/triage_detail.py" />
            <source>Coherence</source>
            <translation>Kohärenz</translation>
        </message>
        <message>
            <location filename="../../ui/estimate_series_dialog.py" />
            <source>Coherence of the same pairs, by which they are weighted</source>
            <translation>Kohärenz derselben Paare, nach der sie gewichtet werden</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Coherence of the same pairs, by which they are weighted; empty takes the companion that the stack names, where it names one.</source>
            <translation>Kohärenz derselben Paare, nach der sie gewichtet werden; leer nimmt die begleitende, die der Stapel nennt, sofern er eine nennt.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/interferograms.py" />
            <location filename="../../models/jobs/series.py" />
            <location filename="../../ui/estimate_series_dialog.py" />
            <location filename="../../ui/select_interferograms_dialog.py" />
            <location filename="../../ui/triage_board.py" />
            <source>Coherence stack</source>
            <translation>Kohärenzstapel</translation>
        </message>
        <message>
            <location filename="../../ui/triage_toolbar.py" />
            <source>Coherence…</source>
            <translation>Kohärenz…</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <source>Com&amp;pare two…</source>
            <translation>Zwei ver&amp;gleichen…</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>Combine</source>
            <translation>Kombinieren</translation>
        </message>
        <message>
            <location filename="../../ui/combine_dialog.py" />
            <source>Combine Ascending and Descending</source>
            <translation>Auf- und absteigend kombinieren</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Combine Ascending and Descending…</source>
            <translation>Auf- und absteigend kombinieren…</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>Combine ascending and descending</source>
            <translation>Auf- und absteigend kombinieren</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>Combines point series of an ascending and a descending track (or more) into vertical and east-west displacement series, with velocities and standard errors. Motion to the north is taken for 0: radar hardly sees it.</source>
            <translation>Kombiniert Punktzeitreihen einer aufsteigenden und einer absteigenden Spur (oder mehrerer) zu vertikalen und Ost-West-Verschiebungszeitreihen mit Geschwindigkeiten und Standardfehlern. Bewegung nach Norden wird als 0 angenommen: Radar sieht sie kaum.</translation>
        </message>
        <message>
            <location filename="../../ui/library_words.py" />
            <source>Comes from</source>
            <translation>Kommt von</translation>
        </message>
        <message>
            <location filename="../../ui/library_compare.py" />
            <source>Compare Models: {task}</source>
            <translation>Modelle vergleichen: {task}</translation>
        </message>
        <message>
            <location filename="../../plugin/library_layers.py" />
            <source>Compared: {first} and {second}</source>
            <translation>Verglichen: {first} und {second}</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>Compares PS masks: share of PS by zone, counts, agreement with a reference, clustering, density per km², R-index.</source>
            <translation>Vergleicht PS-Masken: PS-Anteil je Zone, Anzahlen, Übereinstimmung mit einer Referenz, Häufung, Dichte je km², R-Index.</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>Complex values</source>
            <translation>Komplexe Werte</translation>
        </message>
        <message>
            <location filename="../../plugin/report/motion.py" />
            <source>Component ({unit})</source>
            <translation>Komponente ({unit})</translation>
        </message>
        <message>
            <location filename="../../ui/profile_dock.py" />
            <source>Components</source>
            <translation>Komponenten</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor_repairs.py" />
            <source>Compute on this machine</source>
            <translation>Auf diesem Rechner rechnen</translation>
        </message>
        <message>
            <location filename="../../plugin/provenance.py" />
            <source>Computed on</source>
            <translation>Gerechnet auf</translation>
        </message>
        <message>
            <location filename="../../ui/help_dialog.py" />
            <source>Con&amp;tents</source>
            <translation>&amp;Inhalt</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <source>Confidence</source>
            <translation>Konfidenz</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_words.py" />
            <source>Convolutional memory over the sequence of interferograms. Slow; to compare with the literature.</source>
            <translation>Faltendes Gedächtnis über die Folge der Interferogramme. Langsam; zum Vergleich mit der Literatur.</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_words.py" />
            <source>Convolutions over the interferograms of each pixel's surroundings. To compare with the literature.</source>
            <translation>Faltungen über die Interferogramme der Umgebung jedes Pixels. Zum Vergleich mit der Literatur.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>Coordinate reference system (EPSG:4326 ...) of the files that name none.</source>
            <translation>Koordinatenbezugssystem (EPSG:4326 ...) der Dateien, die keines nennen.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/points.py" />
            <source>Coordinate reference system (EPSG:4326 ...) where the file names none or a wrong one.</source>
            <translation>Koordinatenbezugssystem (EPSG:4326 ...), wo die Datei keines oder ein falsches nennt.</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/reading.py" />
            <source>Coordinate reference system of the file, where it names none or a wrong one</source>
            <translation>Koordinatenbezugssystem der Datei, wo sie keines oder ein falsches nennt</translation>
        </message>
        <message>
            <location filename="../../plugin/report/atlas.py" />
            <source>Coordinates {crs}</source>
            <translation>Koordinaten {crs}</translation>
        </message>
        <message>
            <location filename="../../ui/assess_table.py" />
            <source>Cop&amp;y table</source>
            <translation>Tabelle k&amp;opieren</translation>
        </message>
        <message>
            <location filename="../../ui/assess_table.py" />
            <source>Copy the table, or the selected cells, for a spreadsheet</source>
            <translation>Die Tabelle oder die gewählten Zellen für eine Tabellenkalkulation kopieren</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Correct by loops</source>
            <translation>Mit Schleifen korrigieren</translation>
        </message>
        <message>
            <location filename="../../models/jobs/points.py" />
            <source>Correct jumps</source>
            <translation>Sprünge korrigieren</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor.py" />
            <source>Correct the variable {name} and start QGIS again, or choose an interpreter, which goes before it.</source>
            <translation>Berichtigen Sie die Variable {name} und starten Sie QGIS neu, oder wählen Sie einen Interpreter; der hat Vorrang.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Corrects whole cycles of single interferograms where loops of three do not close (networks only).</source>
            <translation>Korrigiert ganze Zyklen einzelner Interferogramme, wo Dreierschleifen sich nicht schließen (nur bei Netzen).</translation>
        </message>
        <message>
            <location filename="../../ui/offsets_words.py" />
            <source>Correlation with windows of several sizes, weighed by a network that knows how well each can be trusted where. The most accurate, also for motion far below a pixel.</source>
            <translation>Korrelation mit Fenstern mehrerer Größen, gewogen von einem Netz, das weiß, wie weit jedem wo zu trauen ist. Am genauesten, auch bei Bewegung weit unter einem Pixel.</translation>
        </message>
        <message>
            <location filename="../../ui/class_chart.py" />
            <source>Count again, after the map was moved or the selection changed</source>
            <translation>Neu zählen, nachdem die Karte verschoben oder die Auswahl geändert wurde</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_threshold.py" />
            <source>Counting pixels…</source>
            <translation>Pixel werden gezählt…</translation>
        </message>
        <message>
            <location filename="../../plugin/interferograms.py" />
            <location filename="../../ui/triage_words.py" />
            <source>Coverage</source>
            <translation>Abdeckung</translation>
        </message>
        <message>
            <location filename="../../ui/setup_dialog.py" />
            <source>Create en&amp;vironment</source>
            <translation>Umgebung an&amp;legen</translation>
        </message>
        <message>
            <location filename="../../plugin/installation.py" />
            <source>Creating the environment</source>
            <translation>Umgebung wird angelegt</translation>
        </message>
        <message>
            <location filename="../../ui/train_words.py" />
            <source>Cross-entropy</source>
            <translation>Kreuzentropie</translation>
        </message>
        <message>
            <location filename="../../ui/train_form.py" />
            <source>D&amp;ata</source>
            <translation>D&amp;aten</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <location filename="../../ui/assess_dialog.py" />
            <source>DEM</source>
            <translation>DGM</translation>
        </message>
        <message>
            <location filename="../../models/jobs/base.py" />
            <source>Dask scheduler</source>
            <translation>Dask-Scheduler</translation>
        </message>
        <message>
            <location filename="../../models/jobs/library.py" />
            <source>Data</source>
            <translation>Daten</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>Date</source>
            <translation>Datum</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <location filename="../../ui/open_stack_reading.py" />
            <location filename="../../ui/triage_filters.py" />
            <location filename="../../ui/widgets/reading.py" />
            <source>Dates</source>
            <translation>Termine</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <location filename="../../ui/triage_filters.py" />
            <source>Days</source>
            <translation>Tage</translation>
        </message>
        <message>
            <location filename="../../ui/train_form.py" />
            <source>De&amp;vice</source>
            <translation>&amp;Gerät</translation>
        </message>
        <message>
            <location filename="../../ui/triage_filters.py" />
            <source>Decided</source>
            <translation>Entschieden</translation>
        </message>
        <message>
            <location filename="../../ui/train_words.py" />
            <source>Deciding figure</source>
            <translation>Entscheidende Kennzahl</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <source>Default</source>
            <translation>Standard</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <source>Delete this model of yours and its card</source>
            <translation>Dieses eigene Modell und seinen Steckbrief löschen</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>Density</source>
            <translation>Dichte</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>Descending points</source>
            <translation>Absteigende Punkte</translation>
        </message>
        <message>
            <location filename="../../ui/combine_dialog.py" />
            <source>Descending track</source>
            <translation>Absteigende Spur</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>Describe a training</source>
            <translation>Training beschreiben</translation>
        </message>
        <message>
            <location filename="../../models/jobs/points.py" />
            <source>Describe points</source>
            <translation>Punkte beschreiben</translation>
        </message>
        <message>
            <location filename="../../models/jobs/rasters.py" />
            <source>Describe stack</source>
            <translation>Stapel beschreiben</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/describe_stack.py" />
            <source>Details (JSON)</source>
            <translation>Einzelheiten (JSON)</translation>
        </message>
        <message>
            <location filename="../../models/jobs/base.py" />
            <location filename="../../ui/setup_dialog.py" />
            <source>Device</source>
            <translation>Gerät</translation>
        </message>
        <message>
            <location filename="../../ui/doctor_rows.py" />
            <location filename="../../ui/setup_dialog.py" />
            <source>Devices</source>
            <translation>Geräte</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Differences of height error between neighbouring PS are looked for up to this.</source>
            <translation>Unterschiede des Höhenfehlers benachbarter PS werden bis hierher gesucht.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Differences of velocity between neighbouring PS are looked for up to this.</source>
            <translation>Geschwindigkeitsunterschiede benachbarter PS werden bis hierher gesucht.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/offsets.py" />
            <source>Different grids</source>
            <translation>Verschiedene Gitter</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>Direction of flight, clockwise from north (Sentinel-1 ascending about -12); empty takes it from the file.</source>
            <translation>Flugrichtung, im Uhrzeigersinn von Nord (Sentinel-1 aufsteigend etwa -12); leer nimmt sie aus der Datei.</translation>
        </message>
        <message>
            <location filename="../../ui/series_picks.py" />
            <source>Displacement</source>
            <translation>Verschiebung</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Displacement of every scatterer of a stack, date by date, with its velocity</source>
            <translation>Verschiebung jedes Scatterers eines Stapels, Termin für Termin, mit seiner Geschwindigkeit</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <location filename="../../plugin/algorithms/combine_geometries.py" />
            <location filename="../../plugin/algorithms/estimate_series.py" />
            <location filename="../../plugin/report/gather.py" />
            <location filename="../../plugin/report/results.py" />
            <location filename="../../ui/analysis_words.py" />
            <source>Displacement series</source>
            <translation>Verschiebungszeitreihen</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>Displacement series along the first line of sight, positive towards the satellite (EGMS, Stillpoint, StaMPS ...).</source>
            <translation>Verschiebungszeitreihen entlang der ersten Sichtlinie, positiv zum Satelliten hin (EGMS, Stillpoint, StaMPS ...).</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>Displacement series along the second line of sight; dates and positions may differ from the first.</source>
            <translation>Verschiebungszeitreihen entlang der zweiten Sichtlinie; Termine und Orte dürfen von den ersten abweichen.</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Displacement series of the points you click</source>
            <translation>Verschiebungszeitreihen der angeklickten Punkte</translation>
        </message>
        <message>
            <location filename="../../ui/plot/chart.py" />
            <source>Displacement time series</source>
            <translation>Verschiebungszeitreihe</translation>
        </message>
        <message>
            <location filename="../../plugin/report/method.py" />
            <source>Displacements are relative to the reference, and only along the line of sight.</source>
            <translation>Verschiebungen beziehen sich auf die Referenz und gelten nur entlang der Sichtlinie.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Distance of the satellite</source>
            <translation>Entfernung des Satelliten</translation>
        </message>
        <message>
            <location filename="../../ui/select_dialog.py" />
            <source>Do the same for what the map shows, and show the result as a temporary layer</source>
            <translation>Dasselbe für das tun, was die Karte zeigt, und das Ergebnis als temporären Layer zeigen</translation>
        </message>
        <message>
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>Do the same for what the map shows, and show the result as temporary layers</source>
            <translation>Dasselbe für das tun, was die Karte zeigt, und das Ergebnis als temporäre Layer zeigen</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>Does not say how it was made; the report shows it all the same</source>
            <translation>Sagt nicht, wie es entstand; der Bericht zeigt es trotzdem</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <location filename="../../ui/train_progress.py" />
            <source>Done</source>
            <translation>Fertig</translation>
        </message>
        <message>
            <location filename="../../plugin/report/picks.py" />
            <source>Dots are the measured displacements in mm, {sense}; the line is the trend, the dashed line its break.</source>
            <translation>Punkte sind die gemessenen Verschiebungen in mm, {sense}; die Linie ist der Trend, die gestrichelte sein Knick.</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>Dots are what was measured, the line is the trend. Try a point of each colour, then go on to a city seen by radar.</source>
            <translation>Punkte sind, was gemessen wurde, die Linie ist der Trend. Versuchen Sie einen Punkt jeder Farbe, dann geht es weiter zu einer Stadt im Radar.</translation>
        </message>
        <message>
            <location filename="../../plugin/pip_output.py" />
            <source>Downloading {name}</source>
            <translation>{name} wird heruntergeladen</translation>
        </message>
        <message>
            <location filename="../../plugin/pip_output.py" />
            <source>Downloading {name}: {done:.0f} of {all:.0f} MB</source>
            <translation>{name} wird heruntergeladen: {done:.0f} von {all:.0f} MB</translation>
        </message>
        <message>
            <location filename="../../ui/profile_dock.py" />
            <source>Draw a line</source>
            <translation>Linie zeichnen</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>Draw a line on the map and see the motion along it</source>
            <translation>Eine Linie auf der Karte zeichnen und die Bewegung entlang ihr sehen</translation>
        </message>
        <message>
            <location filename="../../ui/series_toolbar.py" />
            <source>Draw a polygon: the median of the points inside is shown; right click closes it</source>
            <translation>Ein Polygon zeichnen: der Median der Punkte darin wird gezeigt; ein Rechtsklick schließt es</translation>
        </message>
        <message>
            <location filename="../../plugin/report/gather.py" />
            <source>Drawing maps</source>
            <translation>Karten werden gezeichnet</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <source>Drawn at random: the agreement then holds for the whole layer</source>
            <translation>Zufällig gezogen: die Übereinstimmung gilt dann für den ganzen Layer</translation>
        </message>
        <message>
            <location filename="../../plugin/review_labels.py" />
            <source>Drop</source>
            <translation>Verwerfen</translation>
        </message>
        <message>
            <location filename="../../ui/triage_detail.py" />
            <source>Drop (D)</source>
            <translation>Verwerfen (D)</translation>
        </message>
        <message>
            <location filename="../../ui/triage_board.py" />
            <source>Drop anyway</source>
            <translation>Trotzdem verwerfen</translation>
        </message>
        <message>
            <location filename="../../ui/triage_detail.py" />
            <source>Drop the selected pairs; for a pair that is dropped, confirm it</source>
            <translation>Die gewählten Paare verwerfen; bei einem verworfenen Paar: bestätigen</translation>
        </message>
        <message>
            <location filename="../../ui/triage_history.py" />
            <source>Drop {which}</source>
            <translation>{which} verwerfen</translation>
        </message>
        <message>
            <location filename="../../ui/triage_filters.py" />
            <location filename="../../ui/triage_words.py" />
            <source>Dropped</source>
            <translation>Verworfen</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>Dropped by you</source>
            <translation>Von Ihnen verworfen</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>Dropped, confirmed by you</source>
            <translation>Verworfen, von Ihnen bestätigt</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>Dropping {which} splits the network. {lost}.</source>
            <translation>Verwerfen ({which}) zerteilt das Netz. {lost}.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/picks.py" />
            <source>Each has a scale of its own.</source>
            <translation>Jede hat ihren eigenen Maßstab.</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>Each point carries its displacement along the line of sight of a radar satellite at 139 dates. All of it is simulated, so the truth is known: it lies in the layer True trends. This tour takes some ten minutes; close it whenever you like.</source>
            <translation>Jeder Punkt trägt seine Verschiebung entlang der Sichtlinie eines Radarsatelliten an 139 Terminen. Alles ist simuliert, sodass die Wahrheit bekannt ist: sie liegt im Layer „Wahre Trends“. Dieser Rundgang dauert etwa zehn Minuten; schließen Sie ihn, wann immer Sie möchten.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets.py" />
            <location filename="../../ui/series_words.py" />
            <source>East</source>
            <translation>Ost</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <location filename="../../ui/combine_dialog.py" />
            <source>East-west series</source>
            <translation>Ost-West-Zeitreihen</translation>
        </message>
        <message>
            <location filename="../../ui/assess_dialog.py" />
            <source>Elevation model in metres, for the R-index</source>
            <translation>Höhenmodell in Metern, für den R-Index</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>Elevation model in metres, for the R-index and layover and shadow.</source>
            <translation>Höhenmodell in Metern, für den R-Index und für Layover und Schatten.</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/report.py" />
            <source>Empty takes the first field of texts.</source>
            <translation>Leer nimmt das erste Textfeld.</translation>
        </message>
        <message>
            <location filename="../../ui/train_dialog.py" />
            <source>End now: the model is that of the best epoch so far</source>
            <translation>Jetzt beenden: das Modell ist das der bisher besten Epoche</translation>
        </message>
        <message>
            <location filename="../../ui/train_progress.py" />
            <source>Ending with the best epoch</source>
            <translation>Endet mit der besten Epoche</translation>
        </message>
        <message>
            <location filename="../../ui/doctor_rows.py" />
            <source>Engine</source>
            <translation>Rechenprogramm</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor.py" />
            <source>Engine answers</source>
            <translation>Rechenprogramm antwortet</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor.py" />
            <source>Engine starts</source>
            <translation>Rechenprogramm startet</translation>
        </message>
        <message>
            <location filename="../../models/jobs/doctor.py" />
            <source>Environment doctor</source>
            <translation>Umgebung prüfen</translation>
        </message>
        <message>
            <location filename="../../ui/train_form.py" />
            <source>Epo&amp;chs</source>
            <translation>Epo&amp;chen</translation>
        </message>
        <message>
            <location filename="../../ui/train_curves.py" />
            <source>Epoch {number:g}</source>
            <translation>Epoche {number:g}</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <location filename="../../ui/series_panel.py" />
            <source>Epochs</source>
            <translation>Epochen</translation>
        </message>
        <message>
            <location filename="../../ui/estimate_series_dialog.py" />
            <source>Estimate Displacement Series</source>
            <translation>Verschiebungszeitreihen schätzen</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Estimate Displacement Series…</source>
            <translation>Verschiebungszeitreihen schätzen…</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Estimate displacement series</source>
            <translation>Verschiebungszeitreihen schätzen</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Estimate height errors</source>
            <translation>Höhenfehler schätzen</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>Estimate them</source>
            <translation>Schätzen</translation>
        </message>
        <message>
            <location filename="../../ui/select_dialog.py" />
            <source>Estimated phase noise of every pixel in radians</source>
            <translation>Geschätztes Phasenrauschen jedes Pixels in Radiant</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Estimates the displacement of persistent scatterers (PS) date by date: unwraps the phase in space and time, inverts the network of interferograms, removes height errors, orbits and atmosphere, and writes points with their series, velocity and its standard error.</source>
            <translation>Schätzt die Verschiebung von Persistent Scatterern (PS) Termin für Termin: wickelt die Phase in Raum und Zeit ab, invertiert das Netz der Interferogramme, entfernt Höhenfehler, Bahnfehler und Atmosphäre und schreibt Punkte mit Zeitreihe, Geschwindigkeit und deren Standardfehler.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Estimates the error of each point's height from the perpendicular baselines and removes its phase.</source>
            <translation>Schätzt den Höhenfehler jedes Punkts aus den senkrechten Basislinien und entfernt seine Phase.</translation>
        </message>
        <message>
            <location filename="../../ui/review_start.py" />
            <source>Every label is written here at once. A file with labels is gone on with, never overwritten.</source>
            <translation>Jedes Label wird hier sofort geschrieben. Eine Datei mit Labels wird fortgeführt, nie überschrieben.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <source>Every option of this step, in the dialog of its own</source>
            <translation>Jede Option dieses Schritts, in seinem eigenen Dialog</translation>
        </message>
        <message>
            <location filename="../../ui/review_words.py" />
            <source>Everything here has a label already.</source>
            <translation>Alles hier hat schon ein Label.</translation>
        </message>
        <message>
            <location filename="../../ui/review_words.py" />
            <source>Everything of this class has a label already. Choose another class above.</source>
            <translation>Alles in dieser Klasse hat schon ein Label. Wählen Sie oben eine andere Klasse.</translation>
        </message>
        <message>
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>Everything outside these polygons</source>
            <translation>Alles außerhalb dieser Polygone</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_layout.py" />
            <source>Everything that the steps write goes here</source>
            <translation>Alles, was die Schritte schreiben, kommt hierher</translation>
        </message>
        <message>
            <location filename="../../ui/train_split.py" />
            <source>Examples</source>
            <translation>Beispiele</translation>
        </message>
        <message>
            <location filename="../../ui/train_split.py" />
            <source>Examples by part and class</source>
            <translation>Beispiele nach Teil und Klasse</translation>
        </message>
        <message>
            <location filename="../../ui/combine_dialog.py" />
            <source>Exchange the two tracks, with their angles</source>
            <translation>Die beiden Spuren samt ihren Winkeln vertauschen</translation>
        </message>
        <message>
            <location filename="../../models/jobs/points.py" />
            <source>Expected class shares</source>
            <translation>Erwartete Klassenanteile</translation>
        </message>
        <message>
            <location filename="../../ui/export_dialog.py" />
            <location filename="../../ui/profile_dock.py" />
            <location filename="../../ui/series_toolbar.py" />
            <location filename="../../ui/triage_toolbar.py" />
            <source>Export</source>
            <translation>Exportieren</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <source>Export a model</source>
            <translation>Modell exportieren</translation>
        </message>
        <message>
            <location filename="../../ui/export_dialog.py" />
            <source>Export to</source>
            <translation>Exportieren nach</translation>
        </message>
        <message>
            <location filename="../../ui/export_dialog.py" />
            <source>Export {0}</source>
            <translation>{0} exportieren</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Export…</source>
            <translation>Exportieren…</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <location filename="../../models/jobs/series.py" />
            <location filename="../../ui/estimate_series_dialog.py" />
            <source>Extent</source>
            <translation>Ausdehnung</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/report.py" />
            <source>Extent of the maps</source>
            <translation>Ausdehnung der Karten</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/scheduler_field.py" />
            <source>F&amp;orget it</source>
            <translation>Ver&amp;gessen</translation>
        </message>
        <message>
            <location filename="../../ui/train_words.py" />
            <source>F1</source>
            <translation>F1</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <location filename="../../ui/train_progress.py" />
            <source>Failed</source>
            <translation>Gescheitert</translation>
        </message>
        <message>
            <location filename="../../plugin/pixel.py" />
            <source>Fairly steady amplitude</source>
            <translation>Ziemlich beständige Amplitude</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>Fast motion: offsets between two images</source>
            <translation>Schnell: Versätze zwischen zwei Bildern</translation>
        </message>
        <message>
            <location filename="../../ui/triage_filters.py" />
            <source>Fewest days</source>
            <translation>Wenigste Tage</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <source>Field</source>
            <translation>Feld</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/train_model.py" />
            <source>Field of labels</source>
            <translation>Feld der Labels</translation>
        </message>
        <message>
            <location filename="../../ui/assess_inputs.py" />
            <source>Field of the polygon layer with the names of the zones; empty takes the first text field</source>
            <translation>Feld des Polygonlayers mit den Namen der Zonen; leer nimmt das erste Textfeld</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>Field of the polygon layer; empty takes the first text field.</source>
            <translation>Feld des Polygonlayers; leer nimmt das erste Textfeld.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <location filename="../../plugin/algorithms/report.py" />
            <source>Field of the zone names</source>
            <translation>Feld der Zonennamen</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <source>Field with the class of each point</source>
            <translation>Feld mit der Klasse jedes Punkts</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <location filename="../../ui/library_agreement.py" />
            <location filename="../../ui/library_card.py" />
            <source>Figure</source>
            <translation>Kennzahl</translation>
        </message>
        <message>
            <location filename="../../ui/train_curves.py" />
            <source>Figure on the validation part by epoch</source>
            <translation>Kennzahl am Validierungsteil nach Epochen</translation>
        </message>
        <message>
            <location filename="../../ui/library_card.py" />
            <source>Figures</source>
            <translation>Kennzahlen</translation>
        </message>
        <message>
            <location filename="../../plugin/report/gather.py" />
            <source>Figures of the points</source>
            <translation>Kennzahlen der Punkte</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <location filename="../../ui/export_dialog.py" />
            <location filename="../../ui/library_words.py" />
            <location filename="../../ui/open_stack_reading.py" />
            <source>File</source>
            <translation>Datei</translation>
        </message>
        <message>
            <location filename="../../ui/review_dock.py" />
            <source>File of labels</source>
            <translation>Datei der Labels</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>File to write: .gpkg, .csv, .shp; for interferograms and offsets the stack (.tif); for a scene the stack, or points of its true scatterers where the stack has a name of its own.</source>
            <translation>Zu schreibende Datei: .gpkg, .csv, .shp; für Interferogramme und Versätze der Stapel (.tif); für eine Szene der Stapel, oder die Punkte ihrer wahren Scatterer, wo der Stapel einen eigenen Namen hat.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/points.py" />
            <source>File to write: .gpkg, .shp, .csv, .fgb or .parquet.</source>
            <translation>Zu schreibende Datei: .gpkg, .shp, .csv, .fgb oder .parquet.</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/report.py" />
            <source>File to write; empty writes none.</source>
            <translation>Zu schreibende Datei; leer schreibt keine.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/points.py" />
            <source>File with one displacement series a point (CSV, HDF5 or any vector format of GDAL).</source>
            <translation>Datei mit einer Verschiebungszeitreihe je Punkt (CSV, HDF5 oder ein Vektorformat von GDAL).</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>Files are gone</source>
            <translation>Dateien fehlen</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_sources.py" />
            <source>Files of a product</source>
            <translation>Dateien eines Produkts</translation>
        </message>
        <message>
            <location filename="../../ui/offsets_stable.py" />
            <location filename="../../ui/widgets/raster_picker.py" />
            <source>File…</source>
            <translation>Datei…</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Filter the atmosphere</source>
            <translation>Atmosphäre filtern</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>Finds the pixels whose phase stays coherent through time: persistent scatterers (PS).</source>
            <translation>Findet die Pixel, deren Phase über die Zeit kohärent bleibt: Persistent Scatterer (PS).</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>Finish</source>
            <translation>Beenden</translation>
        </message>
        <message>
            <location filename="../../plugin/export.py" />
            <source>Finishing</source>
            <translation>Wird abgeschlossen</translation>
        </message>
        <message>
            <location filename="../../ui/series_panel.py" />
            <source>First</source>
            <translation>Erster</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <location filename="../../ui/analysis_repeat.py" />
            <source>First image</source>
            <translation>Erstes Bild</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_dock.py" />
            <source>First run</source>
            <translation>Erster Lauf</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>Flight direction, clockwise from north (Sentinel-1: about 348 ascending, 192 descending).</source>
            <translation>Flugrichtung, im Uhrzeigersinn von Nord (Sentinel-1: etwa 348 aufsteigend, 192 absteigend).</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_sources.py" />
            <source>Fo&amp;lder…</source>
            <translation>O&amp;rdner…</translation>
        </message>
        <message>
            <location filename="../../models/jobs/analysis.py" />
            <location filename="../../ui/analysis_layout.py" />
            <location filename="../../ui/setup_dialog.py" />
            <source>Folder</source>
            <translation>Ordner</translation>
        </message>
        <message>
            <location filename="../../models/jobs/analysis.py" />
            <source>Folder for all results, made where it is missing. What was done there already and is unchanged is not done again.</source>
            <translation>Ordner für alle Ergebnisse; er wird angelegt, wo er fehlt. Was dort schon getan wurde und unverändert ist, wird nicht noch einmal getan.</translation>
        </message>
        <message>
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>Folder for lists that MintPy, LiCSBAS and others read</source>
            <translation>Ordner für Listen, die MintPy, LiCSBAS und andere lesen</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_dock.py" />
            <location filename="../../ui/analysis_layout.py" />
            <source>Folder for the results</source>
            <translation>Ordner für die Ergebnisse</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_sources.py" />
            <source>Folder of a product</source>
            <translation>Ordner eines Produkts</translation>
        </message>
        <message>
            <location filename="../../models/jobs/rasters.py" />
            <source>Folder of a product, or its files: SNAP/StaMPS export, ISCE2, GAMMA, LiCSAR, HyP3, MintPy, OPERA CSLC, GeoTIFF, ENVI.</source>
            <translation>Ordner eines Produkts oder seine Dateien: SNAP/StaMPS-Export, ISCE2, GAMMA, LiCSAR, HyP3, MintPy, OPERA CSLC, GeoTIFF, ENVI.</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_sources.py" />
            <source>Folder of a product, or its files; they can be dropped here</source>
            <translation>Ordner eines Produkts oder seine Dateien; sie können hier abgelegt werden</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_repeat.py" />
            <source>Folder of a product…</source>
            <translation>Ordner eines Produkts…</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_repeat.py" />
            <source>Folder of the product</source>
            <translation>Ordner des Produkts</translation>
        </message>
        <message>
            <location filename="../../models/jobs/rasters.py" />
            <source>Folder or files</source>
            <translation>Ordner oder Dateien</translation>
        </message>
        <message>
            <location filename="../../models/jobs/interferograms.py" />
            <source>Folder to write the selection to as a MintPy template, a LiCSBAS list of removed pairs and a plain list; empty writes none.</source>
            <translation>Ordner, in den die Auswahl als MintPy-Vorlage, als LiCSBAS-Liste entfernter Paare und als einfache Liste geschrieben wird; leer schreibt keine.</translation>
        </message>
        <message>
            <location filename="../../ui/train_data.py" />
            <source>Folder with training data</source>
            <translation>Ordner mit Trainingsdaten</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <source>Follow</source>
            <translation>Folgen</translation>
        </message>
        <message>
            <location filename="../../ui/setup_dialog.py" />
            <source>For a bug report. Your home folder appears as ~.</source>
            <translation>Für einen Fehlerbericht. Ihr Benutzerordner erscheint als ~.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/analysis.py" />
            <source>For a recipe of offsets: image of the first date in the place of the recipe's; empty takes the recipe's.</source>
            <translation>Für ein Rezept mit Versätzen: Bild des ersten Termins anstelle desjenigen im Rezept; leer nimmt das des Rezepts.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/analysis.py" />
            <source>For a recipe of offsets: image of the second date in the place of the recipe's; empty takes the recipe's.</source>
            <translation>Für ein Rezept mit Versätzen: Bild des zweiten Termins anstelle desjenigen im Rezept; leer nimmt das des Rezepts.</translation>
        </message>
        <message>
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>For outlines of what moves, such as glaciers or landslides</source>
            <translation>Für Umrisse dessen, was sich bewegt, etwa Gletscher oder Hangrutschungen</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <source>For pairs that Stillpoint simulated: their truth lies beside them.</source>
            <translation>Für Paare, die Stillpoint simuliert hat: ihre Wahrheit liegt neben ihnen.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>For scatterers stacks (of images, of interferograms) or a folder of them; for interferograms stacks of them; for trends files of points with their series; for offsets images two by two: reference, secondary, reference ... Empty simulates.</source>
            <translation>Für Scatterer Stapel (von Bildern, von Interferogrammen) oder ein Ordner davon; für Interferogramme Stapel davon; für Trends Punktdateien mit ihren Zeitreihen; für Versätze Bilder zu zweien: Referenz, zweites, Referenz ... Leer simuliert.</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <source>For stacks that Stillpoint simulated: their truth lies beside them.</source>
            <translation>Für Stapel, die Stillpoint simuliert hat: ihre Wahrheit liegt neben ihnen.</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/train_model.py" />
            <source>For trends: the field that holds the class of each point. The layer above may be the training data itself; without one, it is a field of the training data.</source>
            <translation>Für Trends: das Feld mit der Klasse jedes Punkts. Der Layer oben darf der mit den Trainingsdaten selbst sein; ohne einen ist es ein Feld der Trainingsdaten.</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_dialog.py" />
            <source>For&amp;mat</source>
            <translation>For&amp;mat</translation>
        </message>
        <message>
            <location filename="../../models/jobs/base.py" />
            <source>Forecast only</source>
            <translation>Nur Vorhersage</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor_repairs.py" />
            <source>Forget the choice</source>
            <translation>Wahl vergessen</translation>
        </message>
        <message>
            <location filename="../../ui/profile_dock.py" />
            <source>Forget the line and take it off the map</source>
            <translation>Die Linie vergessen und von der Karte nehmen</translation>
        </message>
        <message>
            <location filename="../../ui/pixel_dock.py" />
            <source>Forget the pixel and take its outline off the map</source>
            <translation>Den Pixel vergessen und seinen Umriss von der Karte nehmen</translation>
        </message>
        <message>
            <location filename="../../models/jobs/rasters.py" />
            <location filename="../../ui/export_dialog.py" />
            <location filename="../../ui/open_stack_reading.py" />
            <location filename="../../ui/widgets/reading.py" />
            <source>Format</source>
            <translation>Format</translation>
        </message>
        <message>
            <location filename="../../models/jobs/rasters.py" />
            <source>Format of the product; auto recognises it by its content.</source>
            <translation>Format des Produkts; auto erkennt es am Inhalt.</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <source>Found by phase stability</source>
            <translation>Mit Phasenstabilität gefunden</translation>
        </message>
        <message>
            <location filename="../../ui/triage_toolbar.py" />
            <source>Fringes</source>
            <translation>Streifen</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <source>From</source>
            <translation>Von</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>From the stack to the map, step by step</source>
            <translation>Vom Stapel zur Karte, Schritt für Schritt</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <source>From the step before</source>
            <translation>Aus dem Schritt davor</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <location filename="../../ui/combine_dialog.py" />
            <source>Further tracks</source>
            <translation>Weitere Spuren</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>GAMMA</source>
            <translation>GAMMA</translation>
        </message>
        <message>
            <location filename="../../plugin/triage_exports.py" />
            <source>GDAL gave no reason</source>
            <translation>GDAL nannte keinen Grund</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>GeoTIFF for the heights of the valley or scene, as a background of the map; empty writes none.</source>
            <translation>GeoTIFF für die Höhen des Tals oder der Szene, als Hintergrund der Karte; leer schreibt keines.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>GeoTIFF for the images of a scene; its truth, land cover and zones are written beside it.</source>
            <translation>GeoTIFF für die Bilder einer Szene; ihre Wahrheit, Landbedeckung und Zonen werden daneben geschrieben.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>GeoTIFF to write: 1 PS, 0 not, 255 no data.</source>
            <translation>Zu schreibendes GeoTIFF: 1 PS, 0 nicht, 255 keine Daten.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>GeoTIFF to write: PS per km², a band a mask; empty writes none.</source>
            <translation>Zu schreibendes GeoTIFF: PS je km², ein Band je Maske; leer schreibt keines.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>GeoTIFF to write: R-index of each pixel (needs the DEM); empty writes none.</source>
            <translation>Zu schreibendes GeoTIFF: R-Index jedes Pixels (braucht das DGM); leer schreibt keines.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/offsets.py" />
            <source>GeoTIFF to write: offset in range and azimuth (or x and y), the standard error of each, correlation peak.</source>
            <translation>Zu schreibendes GeoTIFF: Versatz in Entfernung und Azimut (oder x und y), Standardfehler von beiden, Korrelationsspitze.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>GeoTIFF to write: probability in 0..1, NaN no data; empty writes none.</source>
            <translation>Zu schreibendes GeoTIFF: Wahrscheinlichkeit in 0..1, NaN keine Daten; leer schreibt keines.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>GeoTIFF to write: standard deviation of the phase of a single image in radians; empty writes none.</source>
            <translation>Zu schreibendes GeoTIFF: Standardabweichung der Phase eines einzelnen Bildes in Radiant; leer schreibt keines.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/interferograms.py" />
            <source>GeoTIFF to write: velocity by all interferograms, by the kept ones, and their difference, in mm/yr; empty writes none.</source>
            <translation>Zu schreibendes GeoTIFF: Geschwindigkeit aus allen Interferogrammen, aus den behaltenen und ihre Differenz, in mm/a; leer schreibt keines.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/interferograms.py" />
            <source>GeoTIFF to write: weight of every pixel of every interferogram, 0 to 1 (default method only); empty writes none.</source>
            <translation>Zu schreibendes GeoTIFF: Gewicht jedes Pixels jedes Interferogramms, 0 bis 1 (nur Methode default); leer schreibt keines.</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_dialog.py" />
            <source>GeoTIFF, a copy (*.tif)</source>
            <translation>GeoTIFF, eine Kopie (*.tif)</translation>
        </message>
        <message>
            <location filename="../../models/jobs/offsets.py" />
            <source>Geometry</source>
            <translation>Geometrie</translation>
        </message>
        <message>
            <location filename="../../ui/triage_detail.py" />
            <source>Give the selected pairs back to what the method chose</source>
            <translation>Für die gewählten Paare wieder gelten lassen, was die Methode wählte</translation>
        </message>
        <message>
            <location filename="../../plugin/sample_map.py" />
            <source>Glacier: two amplitude images</source>
            <translation>Gletscher: zwei Amplitudenbilder</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_threshold.py" />
            <source>Go back to the threshold with which the selection was made</source>
            <translation>Zurück zur Schwelle, mit der die Auswahl entstand</translation>
        </message>
        <message>
            <location filename="../../ui/train_dialog.py" />
            <source>Go on from where it is</source>
            <translation>Weitermachen, wo es steht</translation>
        </message>
        <message>
            <location filename="../../ui/review_start.py" />
            <source>Go on reviewing</source>
            <translation>Weiter nachprüfen</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <source>Goes in</source>
            <translation>Eingang</translation>
        </message>
        <message>
            <location filename="../../ui/train_words.py" />
            <source>Goes on from a model of yours, with more data, or data of another place.</source>
            <translation>Macht weiter mit einem Ihrer Modelle, mit mehr Daten oder Daten eines anderen Orts.</translation>
        </message>
        <message>
            <location filename="../../ui/train_words.py" />
            <source>Goes on from a model that you have as a file, such as a colleague's.</source>
            <translation>Macht weiter mit einem Modell, das Sie als Datei haben, etwa von einer Kollegin.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>Goes on from the last checkpoint of the same output.</source>
            <translation>Macht beim letzten Zwischenstand derselben Ausgabe weiter.</translation>
        </message>
        <message>
            <location filename="../../ui/train_words.py" />
            <source>Goes on from what Stillpoint's data taught it: needs few labels of yours, and minutes rather than hours.</source>
            <translation>Macht weiter mit dem, was Stillpoints Daten lehrten: braucht wenige eigene Labels und eher Minuten als Stunden.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>Good interferograms</source>
            <translation>Gute Interferogramme</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>Grid</source>
            <translation>Gitter</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_run.py" />
            <source>Ground lies outside of polygons, not of a raster. Give a mask of the stable ground.</source>
            <translation>Boden liegt außerhalb von Polygonen, nicht eines Rasters. Geben Sie eine Maske des stabilen Bodens an.</translation>
        </message>
        <message>
            <location filename="../../ui/tour.py" />
            <source>Ground motion measured by radar: this toolbar selects interferograms and scatterers, classifies trends and tracks offsets. A tour of ten minutes shows it on a sample project. It is also in the menu Plugins &gt; Stillpoint.</source>
            <translation>Bodenbewegung, mit Radar gemessen: diese Werkzeugleiste wählt Interferogramme und Scatterer aus, klassifiziert Trends und misst Versätze. Ein Rundgang von zehn Minuten zeigt es an einem Beispielprojekt. Er ist auch im Menü Erweiterungen &gt; Stillpoint.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <source>Ground motion trends</source>
            <translation>Trends der Bodenbewegung</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_run.py" />
            <source>Ground outside polygons needs coordinates of the images and of the polygons.</source>
            <translation>Boden außerhalb von Polygonen braucht Koordinaten der Bilder und der Polygone.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Growing phase means</source>
            <translation>Wachsende Phase bedeutet</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>HTML page with tables and figures to write; empty writes none.</source>
            <translation>Zu schreibende HTML-Seite mit Tabellen und Bildern; leer schreibt keine.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>Heading</source>
            <translation>Flugrichtung</translation>
        </message>
        <message>
            <location filename="../../ui/combine_track.py" />
            <source>Heading (°)</source>
            <translation>Flugrichtung (°)</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>Heading, ascending</source>
            <translation>Flugrichtung, aufsteigend</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>Heading, descending</source>
            <translation>Flugrichtung, absteigend</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <source>Height error</source>
            <translation>Höhenfehler</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <location filename="../../ui/help_keys.py" />
            <location filename="../../ui/review_bar.py" />
            <location filename="../../ui/triage_toolbar.py" />
            <source>Help</source>
            <translation>Hilfe</translation>
        </message>
        <message>
            <location filename="../../ui/help_keys.py" />
            <source>Help (F1)</source>
            <translation>Hilfe (F1)</translation>
        </message>
        <message>
            <location filename="../../ui/triage_filters.py" />
            <source>Highest score</source>
            <translation>Größte Bewertung</translation>
        </message>
        <message>
            <location filename="../../ui/library_agreement.py" />
            <source>Histogram of the differences</source>
            <translation>Histogramm der Unterschiede</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_histogram.py" />
            <source>Histogram of the probability</source>
            <translation>Histogramm der Wahrscheinlichkeit</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>Holds</source>
            <translation>Enthält</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>How does each point move?</source>
            <translation>Wie bewegt sich jeder Punkt?</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>How far did the ice go?</source>
            <translation>Wie weit floss das Eis?</translation>
        </message>
        <message>
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>How far each pixel of each interferogram can be trusted, 0 to 1</source>
            <translation>Wie weit jedem Pixel jedes Interferogramms zu trauen ist, 0 bis 1</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <location filename="../../ui/train_words.py" />
            <source>How far features moved between two amplitude images</source>
            <translation>Wie weit sich Merkmale zwischen zwei Amplitudenbildern bewegt haben</translation>
        </message>
        <message>
            <location filename="../../plugin/report/gather.py" />
            <source>How it was made</source>
            <translation>Wie es entstand</translation>
        </message>
        <message>
            <location filename="../../plugin/provenance.py" />
            <source>How it was made:</source>
            <translation>So ist es entstanden:</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>How many epochs (256,000 simulated series each for the default network of trends); 0 takes the network's own number.</source>
            <translation>Wie viele Epochen (je 256 000 simulierte Zeitreihen beim Standardnetz für Trends); 0 nimmt die Zahl des Netzes.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>How many epochs a series has, or images a scene; empty takes 139 for points, 30 for a scene, 24 for interferograms (20 in the demo).</source>
            <translation>Wie viele Termine eine Zeitreihe hat oder Bilder eine Szene; leer nimmt 139 für Punkte, 30 für eine Szene, 24 für Interferogramme (20 in der Demo).</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>How many points to simulate.</source>
            <translation>Wie viele Punkte simuliert werden.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_toolbar.py" />
            <source>How phase is shown</source>
            <translation>Wie Phase gezeigt wird</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>How the A4 pages lie</source>
            <translation>Wie die A4-Seiten liegen</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/report.py" />
            <source>How the A4 pages lie.</source>
            <translation>Wie die A4-Seiten liegen.</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <source>How to review</source>
            <translation>Wie man nachprüft</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>How to work with Stillpoint</source>
            <translation>Wie man mit Stillpoint arbeitet</translation>
        </message>
        <message>
            <location filename="../../ui/triage_toolbar.py" />
            <source>How to work with the board</source>
            <translation>Wie man mit der Tafel arbeitet</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>HyP3</source>
            <translation>HyP3</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>I have a PS mask or PS points</source>
            <translation>Ich habe eine PS-Maske oder PS-Punkte</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>I have a stack of good ones</source>
            <translation>Ich habe einen Stapel guter</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>I have points with series</source>
            <translation>Ich habe Punkte mit Zeitreihen</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>ISCE2</source>
            <translation>ISCE2</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_repeat.py" />
            <source>Image of the second date</source>
            <translation>Bild des zweiten Termins</translation>
        </message>
        <message>
            <location filename="../../models/jobs/offsets.py" />
            <source>Image of the second date on the same grid; empty where the reference is a stack.</source>
            <translation>Bild des zweiten Termins auf demselben Gitter; leer, wo die Referenz ein Stapel ist.</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <source>Import a model</source>
            <translation>Modell importieren</translation>
        </message>
        <message>
            <location filename="../../ui/export_dialog.py" />
            <source>In a CSV beside the shapefile</source>
            <translation>In einer CSV-Datei neben dem Shapefile</translation>
        </message>
        <message>
            <location filename="../../ui/triage_looks.py" />
            <source>In no loop of three whose pictures overlap</source>
            <translation>In keiner Dreierschleife, deren Bilder sich überlappen</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>In no loop of three, so no closure can tell on it.</source>
            <translation>In keiner Dreierschleife, sodass kein Schleifenschluss darüber etwas sagt.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <source>In no zone</source>
            <translation>In keiner Zone</translation>
        </message>
        <message>
            <location filename="../../ui/export_dialog.py" />
            <source>In one binary field (for the series viewer)</source>
            <translation>In einem binären Feld (für den Zeitreihenbetrachter)</translation>
        </message>
        <message>
            <location filename="../../ui/series_words.py" />
            <source>In the cells of a grid</source>
            <translation>In den Zellen eines Gitters</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>In the queue</source>
            <translation>In der Schlange</translation>
        </message>
        <message>
            <location filename="../../ui/combine_track.py" />
            <source>Incidence (°)</source>
            <translation>Einfallswinkel (°)</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>Incidence and heading of each further file in degrees, such as 41/-10.5, 33/-167; empty where the files tell them.</source>
            <translation>Einfallswinkel und Flugrichtung jeder weiteren Datei in Grad, etwa 41/-10.5, 33/-167; leer, wo die Dateien sie nennen.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <location filename="../../models/jobs/series.py" />
            <source>Incidence angle</source>
            <translation>Einfallswinkel</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>Incidence, ascending</source>
            <translation>Einfallswinkel, aufsteigend</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>Incidence, descending</source>
            <translation>Einfallswinkel, absteigend</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor_repairs.py" />
            <source>Install what is missing</source>
            <translation>Fehlendes installieren</translation>
        </message>
        <message>
            <location filename="../../plugin/pip_output.py" />
            <source>Installed</source>
            <translation>Installiert</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <source>Installed models by task</source>
            <translation>Installierte Modelle nach Aufgabe</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor_repairs.py" />
            <source>Installs the missing libraries into Stillpoint's own environment.</source>
            <translation>Installiert die fehlenden Bibliotheken in die Umgebung von Stillpoint.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_board.py" />
            <source>Interferogram Triage</source>
            <translation>Interferogramme sichten</translation>
        </message>
        <message>
            <location filename="../../ui/triage_board.py" />
            <source>Interferogram Triage: {name}</source>
            <translation>Interferogramme sichten: {name}</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Interferogram Triage…</source>
            <translation>Interferogramme sichten…</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/select_interferograms.py" />
            <location filename="../../plugin/report/results.py" />
            <location filename="../../ui/library_words.py" />
            <location filename="../../ui/train_words.py" />
            <location filename="../../ui/triage_list.py" />
            <source>Interferograms</source>
            <translation>Interferogramme</translation>
        </message>
        <message>
            <location filename="../../plugin/sample_map.py" />
            <source>Interferograms (stack)</source>
            <translation>Interferogramme (Stapel)</translation>
        </message>
        <message>
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>Interferograms of at least this score are kept. Pairs can be kept and dropped afterwards.</source>
            <translation>Interferogramme mit mindestens dieser Bewertung werden behalten. Paare können danach behalten und verworfen werden.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/interferograms.py" />
            <source>Interferograms of at least this score are kept; empty takes the method's own.</source>
            <translation>Interferogramme mit mindestens dieser Bewertung werden behalten; leer nimmt den Wert der Methode.</translation>
        </message>
        <message>
            <location filename="../../plugin/pixel.py" />
            <source>Interferograms of the other order were conjugated, so that all are against {common}.</source>
            <translation>Interferogramme der anderen Reihenfolge wurden konjugiert, sodass alle gegen den {common} stehen.</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor.py" />
            <source>Interpreter</source>
            <translation>Interpreter</translation>
        </message>
        <message>
            <location filename="../../ui/review_keys.py" />
            <source>Is this pixel a persistent scatterer?</source>
            <translation>Ist dieser Pixel ein Persistent Scatterer?</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>It alone connects {days}: dropping it would lose that.</source>
            <translation>Nur es verbindet {days}: verworfen ginge das verloren.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/method.py" />
            <source>It expects a stated number of pixels of mere noise among those that it keeps.</source>
            <translation>Sie nimmt unter den behaltenen eine angegebene Zahl von Pixeln aus bloßem Rauschen hin.</translation>
        </message>
        <message>
            <location filename="../../ui/setup_dialog.py" />
            <source>It is checked before it is used, and then comes before every other interpreter.</source>
            <translation>Er wird geprüft, bevor er verwendet wird, und hat dann Vorrang vor jedem anderen.</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_threshold.py" />
            <source>It looks at more than its threshold, at neighbours say. A mask saved here holds all pixels that reach it.</source>
            <translation>Sie sieht mehr an als ihre Schwelle, etwa Nachbarn. Eine hier gespeicherte Maske enthält alle Pixel, die sie erreichen.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>It needs the step before.</source>
            <translation>Er braucht den Schritt davor.</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor.py" />
            <source>It starts, computes and answers: {cold:.1f} s when it is cold, {warm:.2f} s when it is warm.</source>
            <translation>Es startet, rechnet und antwortet: kalt {cold:.1f} s, warm {warm:.2f} s.</translation>
        </message>
        <message>
            <location filename="../../ui/library_words.py" />
            <source>Its card does not say, which is no sign that it never does.</source>
            <translation>Sein Steckbrief sagt es nicht, was kein Zeichen dafür ist, dass es nie versagt.</translation>
        </message>
        <message>
            <location filename="../../ui/combine_track.py" />
            <source>Its columns do not tell the line of sight: type {missing} below, unless its metadata tell them.</source>
            <translation>Ihre Spalten nennen die Sichtlinie nicht: geben Sie unten {missing} ein, falls ihre Metadaten sie nicht nennen.</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <source>Its figures cannot tell how well classes are told apart.</source>
            <translation>Die Kennzahlen können nicht sagen, wie gut Klassen unterschieden werden.</translation>
        </message>
        <message>
            <location filename="../../ui/library_words.py" />
            <source>Its file does not say.</source>
            <translation>Seine Datei sagt es nicht.</translation>
        </message>
        <message>
            <location filename="../../ui/library_words.py" />
            <source>Its file does not say; your data are not checked against it.</source>
            <translation>Seine Datei sagt es nicht; Ihre Daten werden nicht daran geprüft.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <source>Its layers are not in the project.</source>
            <translation>Seine Layer sind nicht im Projekt.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>Its only loop is complete.</source>
            <translation>Seine einzige Schleife ist vollständig.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>Its options, or what goes in, changed since it ran.</source>
            <translation>Seine Optionen oder Eingaben haben sich seit dem Lauf geändert.</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>Judge them</source>
            <translation>Beurteilen</translation>
        </message>
        <message>
            <location filename="../../models/jobs/interferograms.py" />
            <source>Judges the interferograms of a small-baseline stack: a score and a reason for each, and the set that gives the best velocity, with every date still connected.</source>
            <translation>Beurteilt die Interferogramme eines Small-Baseline-Stapels: zu jedem eine Bewertung und ein Grund, und die Auswahl, die die beste Geschwindigkeit ergibt, wobei jeder Termin verbunden bleibt.</translation>
        </message>
        <message>
            <location filename="../../ui/series_picks.py" />
            <location filename="../../ui/series_toolbar.py" />
            <source>Jumps removed</source>
            <translation>Sprünge entfernt</translation>
        </message>
        <message>
            <location filename="../../plugin/review_labels.py" />
            <source>Keep</source>
            <translation>Behalten</translation>
        </message>
        <message>
            <location filename="../../ui/triage_detail.py" />
            <source>Keep (K)</source>
            <translation>Behalten (K)</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/fields.py" />
            <source>Keep all</source>
            <translation>Alle behalten</translation>
        </message>
        <message>
            <location filename="../../ui/offsets_words.py" />
            <source>Keep everything measured</source>
            <translation>Alles Gemessene behalten</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <source>Keep labels in another file…</source>
            <translation>Labels in anderer Datei ablegen…</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/fields.py" />
            <source>Keep the best of each group</source>
            <translation>Den besten jeder Gruppe behalten</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/report.py" />
            <source>Keep the layout in the project</source>
            <translation>Layout im Projekt behalten</translation>
        </message>
        <message>
            <location filename="../../ui/triage_detail.py" />
            <source>Keep the selected pairs; for a pair that is kept, confirm it</source>
            <translation>Die gewählten Paare behalten; bei einem behaltenen Paar: bestätigen</translation>
        </message>
        <message>
            <location filename="../../models/jobs/points.py" />
            <source>Keep the series</source>
            <translation>Zeitreihen mitschreiben</translation>
        </message>
        <message>
            <location filename="../../ui/triage_history.py" />
            <source>Keep {which}</source>
            <translation>{which} behalten</translation>
        </message>
        <message>
            <location filename="../../ui/triage_filters.py" />
            <location filename="../../ui/triage_words.py" />
            <source>Kept</source>
            <translation>Behalten</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>Kept by you</source>
            <translation>Von Ihnen behalten</translation>
        </message>
        <message>
            <location filename="../../plugin/interferograms.py" />
            <source>Kept interferograms</source>
            <translation>Behaltene Interferogramme</translation>
        </message>
        <message>
            <location filename="../../models/jobs/interferograms.py" />
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>Kept stack</source>
            <translation>Behaltener Stapel</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>Kept, confirmed by you</source>
            <translation>Behalten, von Ihnen bestätigt</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>Kept, it would complete {whole} of its {all} loops.</source>
            <translation>Behalten, würde es {whole} seiner {all} Schleifen vervollständigen.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/method.py" />
            <source>Known limits:</source>
            <translation>Bekannte Grenzen:</translation>
        </message>
        <message>
            <location filename="../../ui/train_form.py" />
            <source>La&amp;bels</source>
            <translation>La&amp;bels</translation>
        </message>
        <message>
            <location filename="../../ui/review_keys.py" />
            <source>Labelled &lt;b&gt;{0}&lt;/b&gt; by {1}. Another key changes that.</source>
            <translation>Als &lt;b&gt;{0}&lt;/b&gt; gelabelt von {1}. Eine andere Taste ändert das.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <location filename="../../ui/review_bar.py" />
            <location filename="../../ui/review_start.py" />
            <location filename="../../ui/train_labels.py" />
            <source>Labels</source>
            <translation>Labels</translation>
        </message>
        <message>
            <location filename="../../ui/review_dock.py" />
            <source>Labels (*.gpkg *.csv)</source>
            <translation>Labels (*.gpkg *.csv)</translation>
        </message>
        <message>
            <location filename="../../ui/review_words.py" />
            <source>Labels are in {0}</source>
            <translation>Labels sind in {0}</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <source>Labels of another reviewer or file; where both say something the newer counts</source>
            <translation>Labels einer anderen Person oder Datei; wo beide etwas sagen, zählt das neuere</translation>
        </message>
        <message>
            <location filename="../../ui/review_dock.py" />
            <source>Labels of others</source>
            <translation>Labels anderer</translation>
        </message>
        <message>
            <location filename="../../plugin/review_file.py" />
            <source>Labels of {kind} are kept in a file {wanted}; {name} is none. Give it another ending.</source>
            <translation>Labels für {kind} stehen in einer Datei {wanted}; {name} ist keine. Geben Sie ihr eine andere Endung.</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>Landscape</source>
            <translation>Querformat</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>Largest condition number</source>
            <translation>Größte Konditionszahl</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Largest height error between neighbours</source>
            <translation>Größter Höhenfehler zwischen Nachbarn</translation>
        </message>
        <message>
            <location filename="../../models/jobs/offsets.py" />
            <source>Largest offset expected, in pixels; what moved farther is reported as invalid.</source>
            <translation>Größter erwarteter Versatz in Pixeln; was sich weiter bewegt hat, wird als ungültig gemeldet.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Largest velocity between neighbours</source>
            <translation>Größte Geschwindigkeit zwischen Nachbarn</translation>
        </message>
        <message>
            <location filename="../../ui/series_panel.py" />
            <source>Last</source>
            <translation>Letzter</translation>
        </message>
        <message>
            <location filename="../../models/jobs/points.py" />
            <source>Layer</source>
            <translation>Layer</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/train_model.py" />
            <source>Layer of labels</source>
            <translation>Layer der Labels</translation>
        </message>
        <message>
            <location filename="../../models/jobs/points.py" />
            <source>Layer to read where the file has several.</source>
            <translation>Zu lesender Layer, wo die Datei mehrere hat.</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/report.py" />
            <source>Layers</source>
            <translation>Layer</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/report.py" />
            <source>Layers that the report is about, the most important first.</source>
            <translation>Layer, von denen der Bericht handelt, die wichtigsten zuerst.</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>Layers that the report is about; results of Stillpoint come first and say how they were made</source>
            <translation>Layer, von denen der Bericht handelt; Ergebnisse von Stillpoint kommen zuerst und sagen, wie sie entstanden</translation>
        </message>
        <message>
            <location filename="../../ui/sample_dialog.py" />
            <source>Leads through the sample step by step when it is open.</source>
            <translation>Führt Schritt für Schritt durch das Beispiel, wenn es geöffnet ist.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Least coherence</source>
            <translation>Kleinste Kohärenz</translation>
        </message>
        <message>
            <location filename="../../ui/series_words.py" />
            <source>Least squares along arcs (built in)</source>
            <translation>Kleinste Quadrate entlang von Verbindungen (eingebaut)</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <location filename="../../ui/triage_toolbar.py" />
            <source>Least sure first</source>
            <translation>Unsicherste zuerst</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <source>Least sure, spread</source>
            <translation>Unsicherste, verteilt</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <source>Leave</source>
            <translation>Beenden</translation>
        </message>
        <message>
            <location filename="../../ui/triage_board.py" />
            <source>Leave it</source>
            <translation>Lassen</translation>
        </message>
        <message>
            <location filename="../../ui/export_dialog.py" />
            <source>Leave it out</source>
            <translation>Weglassen</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>Leave out</source>
            <translation>Auslassen</translation>
        </message>
        <message>
            <location filename="../../ui/offsets_words.py" />
            <source>Leave out what is not trusted</source>
            <translation>Weglassen, was nicht vertrauenswürdig ist</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>Leave out: use all</source>
            <translation>Auslassen: alle verwenden</translation>
        </message>
        <message>
            <location filename="../../models/jobs/doctor.py" />
            <source>Leaves out what takes seconds: trying each device, and the checksums of models.</source>
            <translation>Lässt weg, was Sekunden dauert: den Versuch auf jedem Gerät und die Prüfsummen der Modelle.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/points.py" />
            <source>Leaves points without a class where the series looks like none of the five, and says why.</source>
            <translation>Lässt Punkte ohne Klasse, deren Zeitreihe keiner der fünf gleicht, und sagt warum.</translation>
        </message>
        <message>
            <location filename="../../ui/plot/chart.py" />
            <source>Left and right read the values epoch by epoch, plus and minus zoom, Home shows everything.</source>
            <translation>Links und Rechts lesen die Werte Termin für Termin, Plus und Minus vergrößern und verkleinern, Pos1 zeigt alles.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>Left out</source>
            <translation>Ausgelassen</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor_repairs.py" />
            <source>Lets you point to the python program of an environment of yours.</source>
            <translation>Sie zeigen auf das Programm python einer Ihrer Umgebungen.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/points.py" />
            <source>Level of the tests of the method statistical; smaller calls fewer points moving.</source>
            <translation>Niveau der Tests der Methode statistical; kleiner nennt weniger Punkte bewegt.</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>LiCSAR</source>
            <translation>LiCSAR</translation>
        </message>
        <message>
            <location filename="../../ui/doctor_rows.py" />
            <source>Libraries</source>
            <translation>Bibliotheken</translation>
        </message>
        <message>
            <location filename="../../ui/library_words.py" />
            <source>Licence</source>
            <translation>Lizenz</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <source>Like CNN-ISS, with a memory along time; slower to train.</source>
            <translation>Wie CNN-ISS, mit einem Gedächtnis über die Zeit; trainiert langsamer.</translation>
        </message>
        <message>
            <location filename="../../models/trends/classes.py" />
            <source>Linear</source>
            <translation>Linear</translation>
        </message>
        <message>
            <location filename="../../ui/triage_export.py" />
            <source>List of removed pairs for LiCSBAS…</source>
            <translation>Liste entfernter Paare für LiCSBAS…</translation>
        </message>
        <message>
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>Lists</source>
            <translation>Listen</translation>
        </message>
        <message>
            <location filename="../../models/jobs/interferograms.py" />
            <source>Lists for other programs</source>
            <translation>Listen für andere Programme</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <source>Load again</source>
            <translation>Neu laden</translation>
        </message>
        <message>
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>Long temporal and perpendicular baselines are dropped, whatever the pictures show.</source>
            <translation>Lange zeitliche und senkrechte Basislinien werden verworfen, gleich was die Bilder zeigen.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>Longest gap</source>
            <translation>Größte Lücke</translation>
        </message>
        <message>
            <location filename="../../ui/triage_filters.py" />
            <source>Longest perpendicular baseline</source>
            <translation>Längste senkrechte Basislinie</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>Look at a series</source>
            <translation>Eine Zeitreihe ansehen</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Look at every pair of a selection, and keep or drop it</source>
            <translation>Jedes Paar einer Auswahl ansehen und behalten oder verwerfen</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>Look at every pair, and keep or drop it by hand</source>
            <translation>Jedes Paar ansehen und von Hand behalten oder verwerfen</translation>
        </message>
        <message>
            <location filename="../../ui/review_keys.py" />
            <source>Look at the next one and label nothing (right or down)</source>
            <translation>Das nächste ansehen und nichts labeln (Rechts oder Ab)</translation>
        </message>
        <message>
            <location filename="../../ui/review_keys.py" />
            <source>Look at the one before (left or up)</source>
            <translation>Das davor ansehen (Links oder Auf)</translation>
        </message>
        <message>
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>Look at the pairs, and keep or drop them by hand</source>
            <translation>Die Paare ansehen und von Hand behalten oder verwerfen</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Look at what a model is least sure of, and correct it with one key</source>
            <translation>Ansehen, wo ein Modell am unsichersten ist, und mit einer Taste berichtigen</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor.py" />
            <source>Looked at everything</source>
            <translation>Alles wurde angesehen</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <location filename="../../models/jobs/scatterers.py" />
            <source>Looking</source>
            <translation>Blickseite</translation>
        </message>
        <message>
            <location filename="../../ui/doctor_dialog.py" />
            <source>Looking at QGIS</source>
            <translation>QGIS wird angesehen</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor.py" />
            <source>Looking at the profile</source>
            <translation>Profil wird angesehen</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor.py" />
            <source>Looking for the interpreter</source>
            <translation>Interpreter wird gesucht</translation>
        </message>
        <message>
            <location filename="../../plugin/pip_output.py" />
            <source>Looking for {library}</source>
            <translation>{library} wird gesucht</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>Looking into the files…</source>
            <translation>Dateien werden angesehen…</translation>
        </message>
        <message>
            <location filename="../../ui/combine_track.py" />
            <location filename="../../ui/widgets/reading.py" />
            <source>Looking into the points…</source>
            <translation>Punkte werden angesehen…</translation>
        </message>
        <message>
            <location filename="../../ui/doctor_dialog.py" />
            <source>Looks at everything once more.</source>
            <translation>Sieht alles noch einmal an.</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_words.py" />
            <source>Looks at phase, amplitude and neighbours of every pixel on all dates. The most accurate on single-look stacks; gives a probability and the phase noise in radians.</source>
            <translation>Sieht Phase, Amplitude und Nachbarn jedes Pixels an allen Terminen an. Am genauesten bei Single-Look-Stapeln; ergibt eine Wahrscheinlichkeit und das Phasenrauschen in Radiant.</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <source>Looks at pictures of the interferograms, as analysts do. Trains without a GPU.</source>
            <translation>Sieht Bilder der Interferogramme an, wie Auswertende es tun. Trainiert ohne GPU.</translation>
        </message>
        <message>
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>Looks at the picture, the coherence and the closure of the loops of every pair together, and says what is wrong. Strong atmosphere alone is kept: it averages out.</source>
            <translation>Sieht Bild, Kohärenz und Schleifenschluss jedes Paars zusammen an und sagt, was falsch ist. Starke Atmosphäre allein wird behalten: sie mittelt sich heraus.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/doctor.py" />
            <source>Looks at what the engine runs on: interpreter, libraries, which GPU is used and why, memory and disk, model files, folders, cluster, variables and proxies; says of each whether it is good, and what to do where it is not. It works where libraries are missing, too.</source>
            <translation>Sieht nach, worauf das Rechenprogramm läuft: Interpreter, Bibliotheken, welche GPU warum genutzt wird, Speicher und Platte, Modelldateien, Ordner, Cluster, Variablen und Proxys; sagt zu jedem, ob es in Ordnung ist und was zu tun ist, wo nicht. Geht auch, wo Bibliotheken fehlen.</translation>
        </message>
        <message>
            <location filename="../../plugin/interferograms.py" />
            <source>Loop closure (LiCSBAS)</source>
            <translation>Schleifenschluss (LiCSBAS)</translation>
        </message>
        <message>
            <location filename="../../plugin/report/method.py" />
            <source>Loops of three interferograms must close. It sees unwrapping errors, not what closes although it is wrong.</source>
            <translation>Schleifen aus drei Interferogrammen müssen sich schließen. Das sieht Abwicklungsfehler, nicht aber, was sich schließt, obwohl es falsch ist.</translation>
        </message>
        <message>
            <location filename="../../ui/train_words.py" />
            <source>Loss</source>
            <translation>Verlust</translation>
        </message>
        <message>
            <location filename="../../ui/train_curves.py" />
            <source>Loss by epoch</source>
            <translation>Verlust nach Epochen</translation>
        </message>
        <message>
            <location filename="../../ui/train_words.py" />
            <source>Loss on the validation part</source>
            <translation>Verlust am Validierungsteil</translation>
        </message>
        <message>
            <location filename="../../ui/triage_graph.py" />
            <source>Lost: no longer connected</source>
            <translation>Verloren: nicht mehr verbunden</translation>
        </message>
        <message>
            <location filename="../../ui/triage_filters.py" />
            <source>Lowest score</source>
            <translation>Kleinste Bewertung</translation>
        </message>
        <message>
            <location filename="../../ui/train_form.py" />
            <source>M&amp;odel file</source>
            <translation>Mo&amp;delldatei</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>Ma&amp;ke report</source>
            <translation>Bericht &amp;machen</translation>
        </message>
        <message>
            <location filename="../../ui/train_progress.py" />
            <source>Ma&amp;ke this the default</source>
            <translation>Zum &amp;Standard machen</translation>
        </message>
        <message>
            <location filename="../../ui/doctor_rows.py" />
            <source>Machine</source>
            <translation>Rechner</translation>
        </message>
        <message>
            <location filename="../../plugin/provenance.py" />
            <source>Made</source>
            <translation>Entstanden</translation>
        </message>
        <message>
            <location filename="../../ui/profile_dock.py" />
            <source>Magnitude</source>
            <translation>Betrag</translation>
        </message>
        <message>
            <location filename="../../plugin/report/motion.py" />
            <source>Magnitude of the offsets ({unit}), {pair}</source>
            <translation>Betrag der Versätze ({unit}), {pair}</translation>
        </message>
        <message>
            <location filename="../../ui/sample_dialog.py" />
            <source>Make it &amp;anew</source>
            <translation>&amp;Neu machen</translation>
        </message>
        <message>
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>Make the earlier image the reference</source>
            <translation>Das frühere Bild zur Referenz machen</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <source>Make the stack of a product's folder or files; new dates are taken in later</source>
            <translation>Aus Ordner oder Dateien eines Produkts den Stapel machen; neue Termine werden später aufgenommen</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor_repairs.py" />
            <source>Makes Stillpoint's own environment anew in your QGIS profile, beside the one that is there until it is done.</source>
            <translation>Baut die Umgebung von Stillpoint in Ihrem QGIS-Profil neu; die vorhandene bleibt daneben, bis das getan ist.</translation>
        </message>
        <message>
            <location filename="../../ui/sample_dialog.py" />
            <source>Makes a project to try things on: displacement series of a valley, radar images of a city, interferograms, and two images of a glacier. All of it is simulated, so that the truth is known. It takes about a minute and 35 MB.</source>
            <translation>Macht ein Projekt zum Ausprobieren: Verschiebungszeitreihen eines Tals, Radarbilder einer Stadt, Interferogramme und zwei Bilder eines Gletschers. Alles ist simuliert, sodass die Wahrheit bekannt ist. Es braucht etwa eine Minute und 35 MB.</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/report.py" />
            <source>Makes a report of results as PDF and web page: maps, tables, charts, method and limits.</source>
            <translation>Macht einen Bericht über Ergebnisse als PDF und Webseite: Karten, Tabellen, Diagramme, Methode und Grenzen.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/rasters.py" />
            <source>Makes one stack (a raster with a band a date or pair, dates and baselines in its metadata) of a product's folder or files.</source>
            <translation>Macht aus dem Ordner oder den Dateien eines Produkts einen Stapel (ein Raster mit einem Band je Termin oder Paar, mit Terminen und Basislinien in den Metadaten).</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor_repairs.py" />
            <source>Makes the models that came with Stillpoint the default where yours is gone.</source>
            <translation>Macht die mitgelieferten Modelle zum Standard, wo Ihres weg ist.</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>Making the report</source>
            <translation>Der Bericht wird gemacht</translation>
        </message>
        <message>
            <location filename="../../plugin/report/atlas.py" />
            <source>Map</source>
            <translation>Karte</translation>
        </message>
        <message>
            <location filename="../../ui/offsets_words.py" />
            <source>Map: north and east</source>
            <translation>Karte: Nord und Ost</translation>
        </message>
        <message>
            <location filename="../../plugin/report/gather.py" />
            <source>Maps</source>
            <translation>Karten</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Maps, tables, charts and method of a result as PDF and web page</source>
            <translation>Karten, Tabellen, Diagramme und Methode eines Ergebnisses als PDF und Webseite</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>Mask that the others are compared with (precision, recall, F1, Jaccard).</source>
            <translation>Maske, mit der die anderen verglichen werden (Genauigkeit, Trefferquote, F1, Jaccard).</translation>
        </message>
        <message>
            <location filename="../../ui/assess_dialog.py" />
            <source>Mask that the others are compared with: precision, recall, F1, Jaccard</source>
            <translation>Maske, mit der die anderen verglichen werden: Genauigkeit, Trefferquote, F1, Jaccard</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>Masks to compare side by side (1 PS, 0 not, 255 no data), all on one grid; layers of PS points serve too, beside at least one raster.</source>
            <translation>Masken, die nebeneinander verglichen werden (1 PS, 0 nicht, 255 keine Daten), alle auf einem Gitter; auch Layer mit PS-Punkten gehen, neben mindestens einem Raster.</translation>
        </message>
        <message>
            <location filename="../../plugin/sample_map.py" />
            <source>Mean amplitude</source>
            <translation>Mittlere Amplitude</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>Mean coherence</source>
            <translation>Mittlere Kohärenz</translation>
        </message>
        <message>
            <location filename="../../plugin/interferograms.py" />
            <source>Mean coherence (MintPy)</source>
            <translation>Mittlere Kohärenz (MintPy)</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <source>Mean velocity (mm/yr)</source>
            <translation>Mittlere Geschwindigkeit (mm/a)</translation>
        </message>
        <message>
            <location filename="../../ui/series_words.py" />
            <source>Mean, weighted by noise</source>
            <translation>Mittel, nach Rauschen gewichtet</translation>
        </message>
        <message>
            <location filename="../../ui/series_picks.py" />
            <source>Measured</source>
            <translation>Gemessen</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <source>Measured by correlation</source>
            <translation>Mit Korrelation gemessen</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>Measures how each PS moved from date to date, in millimetres towards the satellite.</source>
            <translation>Misst, wie sich jeder PS von Termin zu Termin bewegt hat, in Millimetern zum Satelliten hin.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/offsets.py" />
            <source>Measures how far features moved between two amplitude images, for glaciers, earthquakes, volcanoes and landslides: offsets, their standard errors and the height of the correlation peak.</source>
            <translation>Misst, wie weit sich Merkmale zwischen zwei Amplitudenbildern bewegt haben, für Gletscher, Erdbeben, Vulkane und Hangrutschungen: Versätze, ihre Standardfehler und die Höhe der Korrelationsspitze.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>Measures how far features moved between two amplitude images: glaciers, earthquakes, landslides.</source>
            <translation>Misst, wie weit sich Merkmale zwischen zwei Amplitudenbildern bewegt haben: Gletscher, Erdbeben, Hangrutschungen.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/motion.py" />
            <location filename="../../plugin/report/results.py" />
            <location filename="../../ui/series_picks.py" />
            <location filename="../../ui/series_words.py" />
            <source>Median</source>
            <translation>Median</translation>
        </message>
        <message>
            <location filename="../../ui/series_picks.py" />
            <source>Median of {count:,} points</source>
            <translation>Median von {count:,} Punkten</translation>
        </message>
        <message>
            <location filename="../../ui/setup_dialog.py" />
            <source>Memory</source>
            <translation>Speicher</translation>
        </message>
        <message>
            <location filename="../../ui/select_dialog.py" />
            <location filename="../../ui/select_interferograms_dialog.py" />
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>Met&amp;hod</source>
            <translation>Met&amp;hode</translation>
        </message>
        <message>
            <location filename="../../models/jobs/interferograms.py" />
            <location filename="../../models/jobs/offsets.py" />
            <location filename="../../models/jobs/points.py" />
            <location filename="../../models/jobs/scatterers.py" />
            <source>Method</source>
            <translation>Methode</translation>
        </message>
        <message>
            <location filename="../../plugin/report/gather.py" />
            <source>Method and its known limits</source>
            <translation>Methode und ihre bekannten Grenzen</translation>
        </message>
        <message>
            <location filename="../../ui/triage_detail.py" />
            <source>Method's choice (R)</source>
            <translation>Wahl der Methode (R)</translation>
        </message>
        <message>
            <location filename="../../ui/triage_history.py" />
            <source>Method's choice for {which}</source>
            <translation>Wahl der Methode für {which}</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_threshold.py" />
            <source>Method's own</source>
            <translation>Wert der Methode</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_threshold.py" />
            <source>Method's own ({0:.2f})</source>
            <translation>Wert der Methode ({0:.2f})</translation>
        </message>
        <message>
            <location filename="../../ui/offsets_words.py" />
            <source>Metres</source>
            <translation>Meter</translation>
        </message>
        <message>
            <location filename="../../ui/offsets_words.py" />
            <source>Metres a day</source>
            <translation>Meter pro Tag</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_checks.py" />
            <source>Metres a day need the date of every band of {name}. Take metres, or date them with Open Stack.</source>
            <translation>Meter pro Tag brauchen das Datum jedes Bandes von {name}. Nehmen Sie Meter, oder datieren Sie sie mit „Stapel öffnen“.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_checks.py" />
            <source>Metres a day need the dates of both images, and {unknown} names none (YYYYMMDD). Take metres.</source>
            <translation>Meter pro Tag brauchen die Termine beider Bilder, und {unknown} nennt keinen (JJJJMMTT). Nehmen Sie Meter.</translation>
        </message>
        <message>
            <location filename="../../ui/series_words.py" />
            <source>Minimum-cost flow (whirlwind)</source>
            <translation>Fluss minimaler Kosten (whirlwind)</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>MintPy HDF5</source>
            <translation>MintPy HDF5</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>Missing (%)</source>
            <translation>Fehlend (%)</translation>
        </message>
        <message>
            <location filename="../../models/jobs/base.py" />
            <location filename="../../models/jobs/making.py" />
            <location filename="../../ui/library_window.py" />
            <source>Model</source>
            <translation>Modell</translation>
        </message>
        <message>
            <location filename="../../ui/train_dialog.py" />
            <source>Model and data</source>
            <translation>Modell und Daten</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>Model file to write (.safetensors); its card and report are written beside it.</source>
            <translation>Zu schreibende Modelldatei (.safetensors); Steckbrief und Bericht werden daneben geschrieben.</translation>
        </message>
        <message>
            <location filename="../../plugin/provenance.py" />
            <source>Model used</source>
            <translation>Verwendetes Modell</translation>
        </message>
        <message>
            <location filename="../../models/jobs/library.py" />
            <location filename="../../ui/doctor_rows.py" />
            <location filename="../../ui/library_window.py" />
            <source>Models</source>
            <translation>Modelle</translation>
        </message>
        <message>
            <location filename="../../ui/train_form.py" />
            <source>Models (*.safetensors)</source>
            <translation>Modelle (*.safetensors)</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/models.py" />
            <source>Models (names or files, separated by ;)</source>
            <translation>Modelle (Namen oder Dateien, durch ; getrennt)</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <source>Models and archives of them</source>
            <translation>Modelle und Archive davon</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/models.py" />
            <location filename="../../plugin/algorithms/simulate.py" />
            <location filename="../../plugin/algorithms/train_model.py" />
            <source>Models and simulation</source>
            <translation>Modelle und Simulation</translation>
        </message>
        <message>
            <location filename="../../models/jobs/library.py" />
            <source>Models by name, or files: one for show, export, remove and default, the file or archive for import, two for compare; any number for check, where none means all.</source>
            <translation>Modelle mit Namen oder als Dateien: eines für show, export, remove und default, Datei oder Archiv für import, zwei für compare; beliebig viele für check, wo keines alle bedeutet.</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Models…</source>
            <translation>Modelle…</translation>
        </message>
        <message>
            <location filename="../../ui/triage_filters.py" />
            <source>Most days</source>
            <translation>Meiste Tage</translation>
        </message>
        <message>
            <location filename="../../ui/train_form.py" />
            <source>Most epochs; the training ends earlier where the validation part gets no better</source>
            <translation>Höchstens so viele Epochen; das Training endet früher, wo der Validierungsteil nicht besser wird</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Motion slower than this is kept, whatever its extent (standard deviation of the Gaussian filter in time).</source>
            <translation>Langsamere Bewegung bleibt erhalten, gleich wie ausgedehnt sie ist (Standardabweichung des Gaußfilters in der Zeit).</translation>
        </message>
        <message>
            <location filename="../../ui/series_words.py" />
            <source>Motion to the north is taken for 0: 1 mm/yr of it would appear as {up:+.2f} up and {east:+.2f} east.</source>
            <translation>Bewegung nach Norden wird als 0 angenommen: 1 mm/a davon erschiene als {up:+.2f} vertikal und {east:+.2f} nach Osten.</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <source>Move the map to what is looked at</source>
            <translation>Die Karte zu dem bewegen, was angesehen wird</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>Move the threshold</source>
            <translation>Die Schwelle verschieben</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>Move the threshold and see the PS change</source>
            <translation>Die Schwelle verschieben und sehen, wie sich die PS ändern</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Move the threshold of a selection, and save its mask</source>
            <translation>Schwelle einer Auswahl verschieben und die Maske speichern</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets.py" />
            <source>Multi-kernel correlation</source>
            <translation>Korrelation mit mehreren Fenstern</translation>
        </message>
        <message>
            <location filename="../../ui/train_form.py" />
            <source>My model {name}</source>
            <translation>Mein Modell {name}</translation>
        </message>
        <message>
            <location filename="../../plugin/installation.py" />
            <source>NVIDIA CUDA {major}.{minor} (about 3 GB)</source>
            <translation>NVIDIA CUDA {major}.{minor} (etwa 3 GB)</translation>
        </message>
        <message>
            <location filename="../../models/jobs/library.py" />
            <location filename="../../ui/library_words.py" />
            <location filename="../../ui/setup_dialog.py" />
            <source>Name</source>
            <translation>Name</translation>
        </message>
        <message>
            <location filename="../../ui/train_form.py" />
            <source>Name the model file to write.</source>
            <translation>Nennen Sie die zu schreibende Modelldatei.</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>Named after the first result</source>
            <translation>Nach dem ersten Ergebnis benannt</translation>
        </message>
        <message>
            <location filename="../../ui/train_form.py" />
            <source>Net&amp;work</source>
            <translation>&amp;Netz</translation>
        </message>
        <message>
            <location filename="../../models/jobs/interferograms.py" />
            <location filename="../../models/jobs/making.py" />
            <location filename="../../ui/analysis_words.py" />
            <location filename="../../ui/library_window.py" />
            <location filename="../../ui/library_words.py" />
            <source>Network</source>
            <translation>Netz</translation>
        </message>
        <message>
            <location filename="../../plugin/report/gather.py" />
            <location filename="../../ui/triage_graph.py" />
            <source>Network of interferograms</source>
            <translation>Netz der Interferogramme</translation>
        </message>
        <message>
            <location filename="../../plugin/report/gather.py" />
            <source>Network of pairs</source>
            <translation>Netz der Paare</translation>
        </message>
        <message>
            <location filename="../../plugin/report/motion.py" />
            <source>Network of {n} interferograms over time</source>
            <translation>Netz aus {n} Interferogrammen über Zeit</translation>
        </message>
        <message>
            <location filename="../../plugin/sample_map.py" />
            <source>Network: interferograms</source>
            <translation>Netz: Interferogramme</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <location filename="../../ui/analysis_layout.py" />
            <source>New Analysis</source>
            <translation>Neue Analyse</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>Next</source>
            <translation>Weiter</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/fields.py" />
            <source>No</source>
            <translation>Nein</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor.py" />
            <source>No Python was found. Build Stillpoint's own environment, or choose one.</source>
            <translation>Es wurde kein Python gefunden. Bauen Sie die Umgebung von Stillpoint, oder wählen Sie eine.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <source>No class</source>
            <translation>Ohne Klasse</translation>
        </message>
        <message>
            <location filename="../../ui/series_panel.py" />
            <source>No class fits well.</source>
            <translation>Keine Klasse passt gut.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_looks.py" />
            <source>No coherence of this pair</source>
            <translation>Keine Kohärenz dieses Paars</translation>
        </message>
        <message>
            <location filename="../../ui/triage_looks.py" />
            <source>No coherence stack</source>
            <translation>Kein Kohärenzstapel</translation>
        </message>
        <message>
            <location filename="../../ui/pixel_dock.py" />
            <location filename="../../ui/review_stage.py" />
            <source>No data at this pixel.</source>
            <translation>Keine Daten an diesem Pixel.</translation>
        </message>
        <message>
            <location filename="../../ui/pixel_dock_panel.py" />
            <source>No data here.</source>
            <translation>Hier sind keine Daten.</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_plot.py" />
            <source>No dates were found.</source>
            <translation>Es wurden keine Termine gefunden.</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor_repairs.py" />
            <source>No default was missing.</source>
            <translation>Es fehlte kein Standard.</translation>
        </message>
        <message>
            <location filename="../../ui/setup_dialog.py" />
            <source>No engine is known to work yet. Create the environment, or choose an interpreter.</source>
            <translation>Es ist noch kein Rechenprogramm bekannt, das läuft. Legen Sie die Umgebung an, oder wählen Sie einen Interpreter.</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/source_picker.py" />
            <source>No features of {name} are selected.</source>
            <translation>In {name} sind keine Objekte gewählt.</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <source>No labels are needed: an analysis after StaMPS finds the scatterers first.</source>
            <translation>Es sind keine Labels nötig: eine Analyse nach StaMPS findet die Scatterer zuerst.</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <source>No labels are needed: correlation measures the offsets first.</source>
            <translation>Es sind keine Labels nötig: die Korrelation misst die Versätze zuerst.</translation>
        </message>
        <message>
            <location filename="../../ui/train_data.py" />
            <source>No layer of the project fits</source>
            <translation>Kein Layer des Projekts passt</translation>
        </message>
        <message>
            <location filename="../../plugin/report/motion.py" />
            <source>No offset was measured on the stable ground.</source>
            <translation>Auf dem stabilen Boden wurde kein Versatz gemessen.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_detail.py" />
            <source>No pair chosen</source>
            <translation>Kein Paar gewählt</translation>
        </message>
        <message>
            <location filename="../../plugin/triage_exports.py" />
            <source>No pair is kept, so there is no stack to write.</source>
            <translation>Es wird kein Paar behalten, daher gibt es keinen Stapel zu schreiben.</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <source>No part is kept for the test: nobody will know how good the model is.</source>
            <translation>Für den Test bleibt kein Teil: niemand wird wissen, wie gut das Modell ist.</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <source>No part is kept for the validation: the training cannot tell when to stop.</source>
            <translation>Für die Validierung bleibt kein Teil: das Training weiß nicht, wann es aufhören soll.</translation>
        </message>
        <message>
            <location filename="../../plugin/export.py" />
            <source>No point is selected: select some on the map, or export all of them.</source>
            <translation>Kein Punkt ist gewählt: wählen Sie einige auf der Karte, oder exportieren Sie alle.</translation>
        </message>
        <message>
            <location filename="../../plugin/series.py" />
            <source>No point of the layer lies inside the polygon.</source>
            <translation>Im Polygon liegt kein Punkt des Layers.</translation>
        </message>
        <message>
            <location filename="../../ui/class_chart.py" />
            <source>No point of {0} is selected.</source>
            <translation>In {0} ist kein Punkt gewählt.</translation>
        </message>
        <message>
            <location filename="../../ui/series_viewer.py" />
            <source>No point there. Zoom in, or click closer to one.</source>
            <translation>Dort ist kein Punkt. Vergrößern Sie, oder klicken Sie näher an einen.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/picks.py" />
            <source>No points of {name} are selected; shown are {which}.</source>
            <translation>In {name} sind keine Punkte gewählt; gezeigt: {which}.</translation>
        </message>
        <message>
            <location filename="../../ui/pixel_dock_panel.py" />
            <source>No selection covers this pixel yet: Select Scatterers tells whether it is a PS.</source>
            <translation>Noch keine Auswahl deckt diesen Pixel ab: „Scatterer auswählen“ sagt, ob er ein PS ist.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/picks.py" />
            <source>No series are shown. {reason}</source>
            <translation>Es werden keine Zeitreihen gezeigt. {reason}</translation>
        </message>
        <message>
            <location filename="../../plugin/report/motion.py" />
            <source>No stable ground was given, so the offsets are as measured, and their errors are the method's own.</source>
            <translation>Es wurde kein stabiler Boden angegeben; die Versätze sind daher wie gemessen, und ihre Fehler sind die der Methode.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_board.py" />
            <source>No stack with these pairs was found. Choose it with Stack… to see them.</source>
            <translation>Es wurde kein Stapel mit diesen Paaren gefunden. Wählen Sie ihn mit „Stapel…“, um sie zu sehen.</translation>
        </message>
        <message>
            <location filename="../../ui/train_progress.py" />
            <source>No training yet</source>
            <translation>Noch kein Training</translation>
        </message>
        <message>
            <location filename="../../plugin/report/charts.py" />
            <source>No values</source>
            <translation>Keine Werte</translation>
        </message>
        <message>
            <location filename="../../ui/assess_dialog.py" />
            <source>No web browser could be opened; the report is {path}</source>
            <translation>Es konnte kein Webbrowser geöffnet werden; der Bericht ist {path}</translation>
        </message>
        <message>
            <location filename="../../plugin/pixel.py" />
            <source>Noisy phase</source>
            <translation>Verrauschte Phase</translation>
        </message>
        <message>
            <location filename="../../ui/assess_dialog.py" />
            <location filename="../../ui/assess_inputs.py" />
            <location filename="../../ui/combine_dialog.py" />
            <location filename="../../ui/report_dialog.py" />
            <location filename="../../ui/widgets/fields.py" />
            <source>None</source>
            <translation>Keine</translation>
        </message>
        <message>
            <location filename="../../plugin/review_labels.py" />
            <source>None of them</source>
            <translation>Keines davon</translation>
        </message>
        <message>
            <location filename="../../ui/offsets_stable.py" />
            <source>None: offsets are given as measured</source>
            <translation>Keiner: Versätze werden wie gemessen ausgegeben</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <location filename="../../ui/analysis_repeat.py" />
            <source>None: the first is a stack of dates</source>
            <translation>Keines: das erste ist ein Stapel von Terminen</translation>
        </message>
        <message>
            <location filename="../../ui/library_compare.py" />
            <source>None: the reference is a stack</source>
            <translation>Keines: die Referenz ist ein Stapel</translation>
        </message>
        <message>
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>None: the reference is a stack of dates</source>
            <translation>Keines: die Referenz ist ein Stapel von Terminen</translation>
        </message>
        <message>
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>None: the search starts at no motion</source>
            <translation>Keines: die Suche beginnt ohne Bewegung</translation>
        </message>
        <message>
            <location filename="../../plugin/report/method.py" />
            <source>Normalised cross-correlation in windows of several sizes: motion that differs within a window is averaged.</source>
            <translation>Normierte Kreuzkorrelation in Fenstern mehrerer Größen: Bewegung, die sich innerhalb eines Fensters unterscheidet, wird gemittelt.</translation>
        </message>
        <message>
            <location filename="../../ui/offsets_words.py" />
            <source>Normalised cross-correlation with windows of several sizes, refined to fractions of a pixel. Needs no network.</source>
            <translation>Normierte Kreuzkorrelation mit Fenstern mehrerer Größen, auf Bruchteile eines Pixels verfeinert. Braucht kein Netz.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets.py" />
            <location filename="../../plugin/report/atlas.py" />
            <source>North</source>
            <translation>Nord</translation>
        </message>
        <message>
            <location filename="../../plugin/review_labels.py" />
            <location filename="../../ui/pixel_dock_panel.py" />
            <source>Not PS</source>
            <translation>Kein PS</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <source>Not PS only</source>
            <translation>Nur keine PS</translation>
        </message>
        <message>
            <location filename="../../models/trends/classes.py" />
            <location filename="../../ui/review_bar.py" />
            <source>Not classified</source>
            <translation>Nicht klassifiziert</translation>
        </message>
        <message>
            <location filename="../../ui/tour.py" />
            <source>Not now</source>
            <translation>Nicht jetzt</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <source>Note: {text}</source>
            <translation>Hinweis: {text}</translation>
        </message>
        <message>
            <location filename="../../plugin/endings.py" />
            <source>Nothing half-written was left, and QGIS is not affected.</source>
            <translation>Nichts Halbfertiges blieb zurück, und QGIS ist nicht betroffen.</translation>
        </message>
        <message>
            <location filename="../../ui/review_dock.py" />
            <source>Nothing to label there. Zoom in, or click closer to a point of {0}.</source>
            <translation>Dort ist nichts zu labeln. Vergrößern Sie, oder klicken Sie näher an einen Punkt von {0}.</translation>
        </message>
        <message>
            <location filename="../../ui/review_start.py" />
            <source>Nothing to review yet</source>
            <translation>Noch nichts nachzuprüfen</translation>
        </message>
        <message>
            <location filename="../../plugin/triage_exports.py" />
            <source>Nothing was decided yet, so there are no labels to save. Keep (K) or drop (D) pairs first; that also confirms what the method chose.</source>
            <translation>Es wurde noch nichts entschieden, daher gibt es keine Labels zu speichern. Behalten (K) oder verwerfen (D) Sie zuerst Paare; das bestätigt auch, was die Methode wählte.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_board.py" />
            <source>Nothing was decided yet. Keep (K) or drop (D) some pairs first; U finds those that the method is least sure of.</source>
            <translation>Es wurde noch nichts entschieden. Behalten (K) oder verwerfen (D) Sie zuerst einige Paare; U findet die, bei denen die Methode am unsichersten ist.</translation>
        </message>
        <message>
            <location filename="../../ui/profile_dock.py" />
            <source>Nothing was measured along this line.</source>
            <translation>Entlang dieser Linie wurde nichts gemessen.</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/describe_stack.py" />
            <source>Number of bands</source>
            <translation>Anzahl der Bänder</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>Number of dates</source>
            <translation>Anzahl der Termine</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>Number of points</source>
            <translation>Anzahl der Punkte</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/report.py" />
            <source>Number of points whose displacement series are drawn: the selected ones, else the fastest; 0 draws none.</source>
            <translation>Anzahl der Punkte, deren Verschiebungszeitreihen gezeichnet werden: die gewählten, sonst die schnellsten; 0 zeichnet keine.</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>Number of points whose series are drawn</source>
            <translation>Anzahl der Punkte, deren Zeitreihen gezeichnet werden</translation>
        </message>
        <message>
            <location filename="../../ui/profile_dock.py" />
            <location filename="../../ui/series_toolbar.py" />
            <source>Numbers (CSV) ...</source>
            <translation>Zahlen (CSV) ...</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>OPERA CSLC-S1</source>
            <translation>OPERA CSLC-S1</translation>
        </message>
        <message>
            <location filename="../../ui/review_words.py" />
            <source>Of what the model calls {0}, {1} of {2} labels agree</source>
            <translation>Von dem, was das Modell {0} nennt, stimmen {1} von {2} Labels überein</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_threshold.py" />
            <source>Of {0} that reach {1:.2f} the method kept {2} as PS: its points and PS mask.</source>
            <translation>Von {0}, die {1:.2f} erreichen, behielt die Methode {2} als PS: ihre Punkte und PS-Maske.</translation>
        </message>
        <message>
            <location filename="../../ui/profile_content.py" />
            <source>Offset</source>
            <translation>Versatz</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Offset Profile</source>
            <translation>Versatzprofil</translation>
        </message>
        <message>
            <location filename="../../ui/profile_dock.py" />
            <source>Offset profile</source>
            <translation>Versatzprofil</translation>
        </message>
        <message>
            <location filename="../../models/jobs/offsets.py" />
            <location filename="../../plugin/algorithms/track_offsets.py" />
            <location filename="../../plugin/report/gather.py" />
            <location filename="../../plugin/report/motion.py" />
            <location filename="../../plugin/report/results.py" />
            <location filename="../../ui/analysis_words.py" />
            <location filename="../../ui/library_words.py" />
            <location filename="../../ui/train_words.py" />
            <source>Offsets</source>
            <translation>Versätze</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Offsets along a line that you draw on the map</source>
            <translation>Versätze entlang einer Linie, die Sie auf der Karte zeichnen</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <source>Offsets along range (columns) and azimuth (rows) in pixels, as Track Offsets writes them.</source>
            <translation>Versätze in Entfernung (Spalten) und Azimut (Zeilen) in Pixeln, wie „Versätze messen“ sie schreibt.</translation>
        </message>
        <message>
            <location filename="../../ui/profile_dock.py" />
            <source>Offsets along the line</source>
            <translation>Versätze entlang der Linie</translation>
        </message>
        <message>
            <location filename="../../ui/train_form.py" />
            <source>Offsets are learned from pairs: add the images two by two, reference and secondary.</source>
            <translation>Versätze werden aus Paaren gelernt: fügen Sie die Bilder zu zweien hinzu, Referenz und zweites.</translation>
        </message>
        <message>
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>Offsets that are expected, in pixels, such as an earlier result: the search starts there</source>
            <translation>Erwartete Versätze in Pixeln, etwa ein früheres Ergebnis: dort beginnt die Suche</translation>
        </message>
        <message>
            <location filename="../../ui/profile_dock.py" />
            <source>Offsets that are shown</source>
            <translation>Gezeigte Versätze</translation>
        </message>
        <message>
            <location filename="../../plugin/report/motion.py" />
            <source>On stable ground ({unit})</source>
            <translation>Auf stabilem Boden ({unit})</translation>
        </message>
        <message>
            <location filename="../../ui/train_progress.py" />
            <source>On the test part</source>
            <translation>Am Testteil</translation>
        </message>
        <message>
            <location filename="../../ui/review_words.py" />
            <source>On {0} you disagree: the newer label counts.</source>
            <translation>In {0} sind Sie uneins: das neuere Label zählt.</translation>
        </message>
        <message>
            <location filename="../../ui/train_progress.py" />
            <source>On {n:,} test examples</source>
            <translation>An {n:,} Testbeispielen</translation>
        </message>
        <message>
            <location filename="../../ui/triage_board.py" />
            <source>One decision of before was taken over.</source>
            <translation>Eine frühere Entscheidung wurde übernommen.</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>One file that carries its maps and drawings, for any browser</source>
            <translation>Eine Datei, die ihre Karten und Zeichnungen enthält, für jeden Browser</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/report.py" />
            <source>One file that carries its maps and drawings; empty writes none.</source>
            <translation>Eine Datei, die ihre Karten und Zeichnungen enthält; leer schreibt keine.</translation>
        </message>
        <message>
            <location filename="../../ui/review_start.py" />
            <source>One label is in the file.</source>
            <translation>In der Datei ist ein Label.</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>One of these interferograms is decorrelated, and one is unwrapped wrongly. Click Select Interferograms to find them.</source>
            <translation>Eines dieser Interferogramme ist dekorreliert, und eines ist falsch abgewickelt. Klicken Sie auf „Interferogramme auswählen“, um sie zu finden.</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>One raster a date or pair</source>
            <translation>Ein Raster je Termin oder Paar</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>One raster with many bands</source>
            <translation>Ein Raster mit vielen Bändern</translation>
        </message>
        <message>
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>Only Stillpoint's network weighs single pixels</source>
            <translation>Nur das Netz von Stillpoint gewichtet einzelne Pixel</translation>
        </message>
        <message>
            <location filename="../../ui/export_dialog.py" />
            <source>Only selected points (none is selected)</source>
            <translation>Nur gewählte Punkte (keiner ist gewählt)</translation>
        </message>
        <message>
            <location filename="../../models/jobs/base.py" />
            <source>Only tells how much time, memory and disk the job would need, from its sizes and a short calibration.</source>
            <translation>Sagt nur, wie viel Zeit, Arbeitsspeicher und Plattenplatz der Auftrag brauchen würde, aus seiner Größe und einer kurzen Messung.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_filters.py" />
            <source>Only the pairs of this date are shown; a click shows those of all dates</source>
            <translation>Nur die Paare dieses Termins werden gezeigt; ein Klick zeigt die aller Termine</translation>
        </message>
        <message>
            <location filename="../../ui/export_dialog.py" />
            <source>Only the {0} selected points</source>
            <translation>Nur die {0} gewählten Punkte</translation>
        </message>
        <message>
            <location filename="../../models/jobs/analysis.py" />
            <source>Only these steps, separated by commas: stack, interferograms, scatterers, series, trends, offsets; empty runs all.</source>
            <translation>Nur diese Schritte, durch Kommas getrennt: stack, interferograms, scatterers, series, trends, offsets; leer führt alle aus.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Only what neighbours within this distance share is taken for atmosphere (standard deviation of the Gaussian filter).</source>
            <translation>Nur was Nachbarn in diesem Abstand gemeinsam haben, gilt als Atmosphäre (Standardabweichung des Gaußfilters).</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <source>Only what the model gave this class</source>
            <translation>Nur, dem das Modell diese Klasse gab</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>Open PDF</source>
            <translation>PDF öffnen</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_dialog.py" />
            <source>Open Stack</source>
            <translation>Stapel öffnen</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Open Stack…</source>
            <translation>Stapel öffnen…</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <source>Open a product…</source>
            <translation>Produkt öffnen…</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_dock.py" />
            <source>Open a recipe or an earlier analysis…</source>
            <translation>Rezept oder frühere Analyse öffnen…</translation>
        </message>
        <message>
            <location filename="../../ui/train_dialog.py" />
            <source>Open data and labels, and show on the map which regions are for what</source>
            <translation>Daten und Labels öffnen und auf der Karte zeigen, welche Gebiete wofür sind</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>Open layout</source>
            <translation>Layout öffnen</translation>
        </message>
        <message>
            <location filename="../../ui/assess_dialog.py" />
            <source>Open rep&amp;ort</source>
            <translation>Ber&amp;icht öffnen</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <location filename="../../ui/job_dialog.py" />
            <location filename="../../ui/library_compare.py" />
            <location filename="../../ui/library_window.py" />
            <source>Open set-up…</source>
            <translation>Einrichtung öffnen…</translation>
        </message>
        <message>
            <location filename="../../models/jobs/rasters.py" />
            <source>Open stack</source>
            <translation>Stapel öffnen</translation>
        </message>
        <message>
            <location filename="../../ui/train_progress.py" />
            <source>Open the dialog of the task with this model filled in</source>
            <translation>Den Dialog der Aufgabe mit diesem Modell öffnen</translation>
        </message>
        <message>
            <location filename="../../ui/train_progress.py" />
            <source>Open the re&amp;port</source>
            <translation>Be&amp;richt öffnen</translation>
        </message>
        <message>
            <location filename="../../ui/combine_dialog.py" />
            <source>Open the series viewer: the next click on the map shows the series of a place</source>
            <translation>Zeitreihenbetrachter öffnen: der nächste Klick auf die Karte zeigt die Zeitreihen eines Orts</translation>
        </message>
        <message>
            <location filename="../../ui/estimate_series_dialog.py" />
            <source>Open the series viewer: the next click on the map shows the series of a point</source>
            <translation>Zeitreihenbetrachter öffnen: der nächste Klick auf die Karte zeigt die Zeitreihe eines Punkts</translation>
        </message>
        <message>
            <location filename="../../ui/triage_toolbar.py" />
            <source>Open the table of a selection</source>
            <translation>Die Tabelle einer Auswahl öffnen</translation>
        </message>
        <message>
            <location filename="../../ui/triage_graph.py" />
            <source>Open the table of a selection to see its network.</source>
            <translation>Öffnen Sie die Tabelle einer Auswahl, um ihr Netz zu sehen.</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <source>Open the training with this data and these labels filled in</source>
            <translation>Das Training mit diesen Daten und Labels öffnen</translation>
        </message>
        <message>
            <location filename="../../ui/triage_export.py" />
            <source>Open the training with this stack and what you decided filled in</source>
            <translation>Das Training mit diesem Stapel und Ihren Entscheidungen öffnen</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>Open web page</source>
            <translation>Webseite öffnen</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>Opens training data and labels, checks what would make the training fail, and shows which parts are for learning, for stopping and for the test.</source>
            <translation>Öffnet Trainingsdaten und Labels, prüft, woran das Training scheitern würde, und zeigt, welche Teile zum Lernen, zum Anhalten und für den Test dienen.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_toolbar.py" />
            <source>Open…</source>
            <translation>Öffnen…</translation>
        </message>
        <message>
            <location filename="../../ui/triage_toolbar.py" />
            <source>Order of the pictures</source>
            <translation>Reihenfolge der Bilder</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>Out of date</source>
            <translation>Veraltet</translation>
        </message>
        <message>
            <location filename="../../models/jobs/offsets.py" />
            <source>Outliers</source>
            <translation>Ausreißer</translation>
        </message>
        <message>
            <location filename="../../models/jobs/library.py" />
            <source>Output</source>
            <translation>Ausgabe</translation>
        </message>
        <message>
            <location filename="../../ui/library_card.py" />
            <location filename="../../ui/series_viewer.py" />
            <source>Overview</source>
            <translation>Überblick</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>PD&amp;F</source>
            <translation>PD&amp;F</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/report.py" />
            <source>PDF</source>
            <translation>PDF</translation>
        </message>
        <message>
            <location filename="../../plugin/review_labels.py" />
            <location filename="../../ui/pixel_dock_panel.py" />
            <source>PS</source>
            <translation>PS</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>PS Threshold</source>
            <translation>PS-Schwelle</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <source>PS and not</source>
            <translation>PS und nicht</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <location filename="../../models/jobs/series.py" />
            <location filename="../../plugin/scatterers.py" />
            <location filename="../../ui/estimate_series_dialog.py" />
            <location filename="../../ui/select_dialog.py" />
            <source>PS mask</source>
            <translation>PS-Maske</translation>
        </message>
        <message>
            <location filename="../../plugin/scatterers.py" />
            <source>PS mask at {threshold:.2f}</source>
            <translation>PS-Maske bei {threshold:.2f}</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <location filename="../../ui/assess_inputs.py" />
            <source>PS masks</source>
            <translation>PS-Masken</translation>
        </message>
        <message>
            <location filename="../../ui/assess_inputs.py" />
            <source>PS masks (1 PS, 0 not, 255 no data) on one grid; point layers serve beside at least one raster</source>
            <translation>PS-Masken (1 PS, 0 nicht, 255 keine Daten) auf einem Gitter; Punktlayer gehen neben mindestens einem Raster</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>PS masks compared: zones, agreement, density, terrain</source>
            <translation>PS-Masken im Vergleich: Zonen, Übereinstimmung, Dichte, Gelände</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <source>PS only</source>
            <translation>Nur PS</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <source>PS per km²</source>
            <translation>PS je km²</translation>
        </message>
        <message>
            <location filename="../../ui/assess_dialog.py" />
            <source>PS per km², written beside the table; tick to see it on the map.</source>
            <translation>PS je km², neben der Tabelle geschrieben; ankreuzen, um sie auf der Karte zu sehen.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <location filename="../../models/jobs/series.py" />
            <location filename="../../plugin/scatterers.py" />
            <location filename="../../ui/estimate_series_dialog.py" />
            <location filename="../../ui/select_dialog.py" />
            <location filename="../../ui/train_labels.py" />
            <source>PS points</source>
            <translation>PS-Punkte</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <location filename="../../plugin/report/results.py" />
            <location filename="../../plugin/scatterers.py" />
            <location filename="../../ui/select_dialog.py" />
            <source>PS probability</source>
            <translation>PS-Wahrscheinlichkeit</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <source>PS probability (0 to 1)</source>
            <translation>PS-Wahrscheinlichkeit (0 bis 1)</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <source>PS probability of the pixels (0 to 1)</source>
            <translation>PS-Wahrscheinlichkeit der Pixel (0 bis 1)</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_threshold.py" />
            <source>PS threshold</source>
            <translation>PS-Schwelle</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>PS threshold…</source>
            <translation>PS-Schwelle…</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/fields.py" />
            <source>Packed into one field (quick for the series viewer)</source>
            <translation>In ein Feld gepackt (schnell für den Zeitreihenbetrachter)</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/report.py" />
            <source>Pages</source>
            <translation>Seiten</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>Pages for print and mail</source>
            <translation>Seiten für Druck und Post</translation>
        </message>
        <message>
            <location filename="../../ui/profile_dock.py" />
            <source>Pair of dates whose offsets are shown</source>
            <translation>Terminpaar, dessen Versätze gezeigt werden</translation>
        </message>
        <message>
            <location filename="../../ui/train_data.py" />
            <source>Pair {n}, {side}: {name}</source>
            <translation>Paar {n}, {side}: {name}</translation>
        </message>
        <message>
            <location filename="../../plugin/report/motion.py" />
            <source>Pairs</source>
            <translation>Paare</translation>
        </message>
        <message>
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>Pairs of low mean coherence are dropped. Needs a coherence stack; does not see unwrapping errors.</source>
            <translation>Paare mit geringer mittlerer Kohärenz werden verworfen. Braucht einen Kohärenzstapel; sieht keine Abwicklungsfehler.</translation>
        </message>
        <message>
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>Pairs whose loops of three do not close are dropped. Sees unwrapping errors, not what closes although wrong.</source>
            <translation>Paare, deren Dreierschleifen sich nicht schließen, werden verworfen. Sieht Abwicklungsfehler, nicht aber, was sich schließt, obwohl es falsch ist.</translation>
        </message>
        <message>
            <location filename="../../ui/train_split.py" />
            <source>Part</source>
            <translation>Teil</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_extent.py" />
            <source>Part of the stack to select in: the arrow offers the map's view, a layer, or drawing on the map</source>
            <translation>Teil des Stapels, in dem ausgewählt wird: der Pfeil bietet die Kartenansicht, einen Layer oder das Zeichnen auf der Karte</translation>
        </message>
        <message>
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>Part to track in: the arrow offers the map's view, a layer, or drawing on the map</source>
            <translation>Teil, in dem gemessen wird: der Pfeil bietet die Kartenansicht, einen Layer oder das Zeichnen auf der Karte</translation>
        </message>
        <message>
            <location filename="../../ui/train_progress.py" />
            <source>Paused</source>
            <translation>Pausiert</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_plot.py" />
            <source>Perpendicular baseline</source>
            <translation>Senkrechte Basislinie</translation>
        </message>
        <message>
            <location filename="../../plugin/report/charts.py" />
            <location filename="../../ui/triage_graph_paint.py" />
            <source>Perpendicular baseline (m)</source>
            <translation>Senkrechte Basislinie (m)</translation>
        </message>
        <message>
            <location filename="../../plugin/report/gather.py" />
            <location filename="../../plugin/report/results.py" />
            <location filename="../../ui/analysis_words.py" />
            <source>Persistent scatterers</source>
            <translation>Persistent Scatterer</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Persistent scatterers (PS) in a stack</source>
            <translation>Persistent Scatterer (PS) in einem Stapel</translation>
        </message>
        <message>
            <location filename="../../plugin/scatterer_facts.py" />
            <source>Persistent scatterers (PS) with their probability, phase stability, amplitude dispersion and phase noise.</source>
            <translation>Persistent Scatterer (PS) mit Wahrscheinlichkeit, Phasenstabilität, Amplitudendispersion und Phasenrauschen.</translation>
        </message>
        <message>
            <location filename="../../plugin/scatterer_facts.py" />
            <source>Persistent scatterers (PS): 1 PS, 0 not, 255 no data.</source>
            <translation>Persistent Scatterer (PS): 1 PS, 0 nicht, 255 keine Daten.</translation>
        </message>
        <message>
            <location filename="../../ui/pixel_dock_content.py" />
            <location filename="../../ui/triage_detail.py" />
            <source>Phase</source>
            <translation>Phase</translation>
        </message>
        <message>
            <location filename="../../ui/pixel_dock_content.py" />
            <source>Phase against {common}</source>
            <translation>Phase gegen {common}</translation>
        </message>
        <message>
            <location filename="../../plugin/pixel.py" />
            <source>Phase agrees with its surroundings</source>
            <translation>Phase stimmt mit ihrer Umgebung überein</translation>
        </message>
        <message>
            <location filename="../../plugin/pixel.py" />
            <source>Phase disagrees with its surroundings</source>
            <translation>Phase widerspricht ihrer Umgebung</translation>
        </message>
        <message>
            <location filename="../../ui/series_panel.py" />
            <source>Phase jumps</source>
            <translation>Phasensprünge</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <location filename="../../plugin/report/results.py" />
            <location filename="../../plugin/scatterers.py" />
            <location filename="../../ui/select_dialog.py" />
            <source>Phase noise</source>
            <translation>Phasenrauschen</translation>
        </message>
        <message>
            <location filename="../../ui/pixel_dock.py" />
            <location filename="../../ui/review_stage.py" />
            <source>Phase over time</source>
            <translation>Phase über der Zeit</translation>
        </message>
        <message>
            <location filename="../../plugin/pixel.py" />
            <source>Phase partly agrees with its surroundings</source>
            <translation>Phase stimmt teilweise mit ihrer Umgebung überein</translation>
        </message>
        <message>
            <location filename="../../plugin/scatterer_facts.py" />
            <source>Phase stability</source>
            <translation>Phasenstabilität</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/fields.py" />
            <source>Phase stability (StaMPS)</source>
            <translation>Phasenstabilität (StaMPS)</translation>
        </message>
        <message>
            <location filename="../../plugin/report/method.py" />
            <source>Phase stability after Hooper et al. (StaMPS): pixels are kept whose phase stays close to that of their surroundings.</source>
            <translation>Phasenstabilität nach Hooper et al. (StaMPS): behalten werden Pixel, deren Phase nahe an der ihrer Umgebung bleibt.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <source>Phase stability gamma</source>
            <translation>Phasenstabilität Gamma</translation>
        </message>
        <message>
            <location filename="../../models/trends/classes.py" />
            <source>Phase unwrapping error</source>
            <translation>Abwicklungsfehler</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>Phase, std (rad)</source>
            <translation>Phase, Std.abw. (rad)</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <source>Pick</source>
            <translation>Anklicken</translation>
        </message>
        <message>
            <location filename="../../ui/profile_dock.py" />
            <location filename="../../ui/series_toolbar.py" />
            <source>Picture (PNG, SVG, PDF) ...</source>
            <translation>Bild (PNG, SVG, PDF) ...</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Pixel History</source>
            <translation>Pixelverlauf</translation>
        </message>
        <message>
            <location filename="../../ui/pixel_dock.py" />
            <source>Pixel history</source>
            <translation>Pixelverlauf</translation>
        </message>
        <message>
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>Pixel weights</source>
            <translation>Pixelgewichte</translation>
        </message>
        <message>
            <location filename="../../ui/offsets_words.py" />
            <source>Pixels</source>
            <translation>Pixel</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_histogram.py" />
            <source>Pixels by probability, on a logarithmic scale. Drag the line to move the threshold.</source>
            <translation>Pixel nach Wahrscheinlichkeit, auf logarithmischer Skala. Ziehen Sie die Linie, um die Schwelle zu verschieben.</translation>
        </message>
        <message>
            <location filename="../../ui/select_dialog.py" />
            <source>Pixels of at least this probability are PS. It can be changed afterwards with a slider.</source>
            <translation>Pixel mit mindestens dieser Wahrscheinlichkeit sind PS. Sie kann danach mit einem Schieber geändert werden.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>Pixels of at least this probability are PS; empty takes the model's own. It can be changed afterwards.</source>
            <translation>Pixel mit mindestens dieser Wahrscheinlichkeit sind PS; leer nimmt den Wert des Modells. Er lässt sich danach ändern.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>Pixels of random phase that phase_stability accepts per km²; empty takes 20, or 2 for small baselines (StaMPS).</source>
            <translation>Pixel zufälliger Phase, die phase_stability je km² hinnimmt; leer nimmt 20, oder 2 bei kurzen Basislinien (StaMPS).</translation>
        </message>
        <message>
            <location filename="../../models/jobs/offsets.py" />
            <source>Pixels of the images from one offset to the next.</source>
            <translation>Pixel der Bilder von einem Versatz zum nächsten.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_export.py" />
            <source>Plain list of the kept pairs…</source>
            <translation>Einfache Liste der behaltenen Paare…</translation>
        </message>
        <message>
            <location filename="../../ui/combine_dialog.py" />
            <source>Point files of further lines of sight</source>
            <translation>Punktdateien weiterer Sichtlinien</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>Point files of further lines of sight; each must tell its own (columns los_east, los_north, los_up, or angles).</source>
            <translation>Punktdateien weiterer Sichtlinien; jede muss ihre eigene nennen (Spalten los_east, los_north, los_up oder Winkel).</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/source_picker.py" />
            <source>Point layer of the project, or a file, with one displacement series a point</source>
            <translation>Punktlayer des Projekts oder eine Datei, mit einer Verschiebungszeitreihe je Punkt</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/classify_trends.py" />
            <source>Point series</source>
            <translation>Punktzeitreihen</translation>
        </message>
        <message>
            <location filename="../../ui/series_picks.py" />
            <source>Point {by_lower}</source>
            <translation>Punkt {by_lower}</translation>
        </message>
        <message>
            <location filename="../../ui/series_picks.py" />
            <source>Point {fid}</source>
            <translation>Punkt {fid}</translation>
        </message>
        <message>
            <location filename="../../plugin/report/atlas.py" />
            <source>Point {n}</source>
            <translation>Punkt {n}</translation>
        </message>
        <message>
            <location filename="../../models/jobs/points.py" />
            <location filename="../../plugin/report/results.py" />
            <location filename="../../ui/export_dialog.py" />
            <location filename="../../ui/series_toolbar.py" />
            <location filename="../../ui/widgets/source_picker.py" />
            <source>Points</source>
            <translation>Punkte</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Points of a lower temporal coherence are left out of the result; 0 keeps all.</source>
            <translation>Punkte mit kleinerer zeitlicher Kohärenz bleiben aus dem Ergebnis weg; 0 behält alle.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/method.py" />
            <source>Points of both geometries are brought together over a distance; motion that differs within it is averaged.</source>
            <translation>Punkte beider Geometrien werden über eine Entfernung zusammengeführt; Bewegung, die sich darin unterscheidet, wird gemittelt.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Points of the PS; each is measured in the pixel that it lies in. Give this or a mask.</source>
            <translation>Punkte der PS; jeder wird in dem Pixel gemessen, in dem er liegt. Entweder dies oder eine Maske.</translation>
        </message>
        <message>
            <location filename="../../plugin/sample_map.py" />
            <source>Points of the valley</source>
            <translation>Punkte des Tals</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <source>Points per km²</source>
            <translation>Punkte je km²</translation>
        </message>
        <message>
            <location filename="../../ui/series_viewer.py" />
            <source>Points shown</source>
            <translation>Gezeigte Punkte</translation>
        </message>
        <message>
            <location filename="../../ui/class_chart.py" />
            <source>Points to count</source>
            <translation>Zu zählende Punkte</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Points to write (.gpkg, .parquet, .fgb, .csv, .shp): velocity, its standard error, height error, coherence, and the displacement at each date in mm, positive towards the satellite.</source>
            <translation>Zu schreibende Punkte (.gpkg, .parquet, .fgb, .csv, .shp): Geschwindigkeit, ihr Standardfehler, Höhenfehler, Kohärenz und die Verschiebung an jedem Termin in mm, positiv zum Satelliten hin.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>Points to write (.gpkg, .shp, .csv): probability, gamma, amplitude dispersion, phase noise; empty writes none.</source>
            <translation>Zu schreibende Punkte (.gpkg, .shp, .csv): Wahrscheinlichkeit, Gamma, Amplitudendispersion, Phasenrauschen; leer schreibt keine.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>Points to write (.gpkg, .shp, .csv, .fgb, .parquet): vertical velocity and displacement series in mm, positive up.</source>
            <translation>Zu schreibende Punkte (.gpkg, .shp, .csv, .fgb, .parquet): vertikale Geschwindigkeit und Verschiebungszeitreihe in mm, positiv nach oben.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>Points to write: east-west velocity and series in mm, positive to the east; empty writes them beside the vertical ones, with _east in the name.</source>
            <translation>Zu schreibende Punkte: Ost-West-Geschwindigkeit und Zeitreihe in mm, positiv nach Osten; leer schreibt sie neben die vertikalen, mit _east im Namen.</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>Points whose displacement series are drawn; their numbers stand on the map</source>
            <translation>Punkte, deren Verschiebungszeitreihen gezeichnet werden; ihre Nummern stehen auf der Karte</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <source>Points with a displacement series each</source>
            <translation>Punkte mit je einer Verschiebungszeitreihe</translation>
        </message>
        <message>
            <location filename="../../ui/combine_dialog.py" />
            <source>Points with vertical velocity and series, positive up</source>
            <translation>Punkte mit vertikaler Geschwindigkeit und Zeitreihe, positiv nach oben</translation>
        </message>
        <message>
            <location filename="../../ui/series_toolbar.py" />
            <source>Polygon</source>
            <translation>Polygon</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>Polygon layer or classified raster: city, forest, fields, river ...</source>
            <translation>Polygonlayer oder klassifiziertes Raster: Stadt, Wald, Felder, Fluss ...</translation>
        </message>
        <message>
            <location filename="../../ui/assess_dialog.py" />
            <source>Polygon layer or classified raster: city, forest, fields, river …</source>
            <translation>Polygonlayer oder klassifiziertes Raster: Stadt, Wald, Felder, Fluss …</translation>
        </message>
        <message>
            <location filename="../../ui/combine_dialog.py" />
            <source>Polygons (*.gpkg *.shp *.geojson *.fgb *.kml);;All files (*)</source>
            <translation>Polygone (*.gpkg *.shp *.geojson *.fgb *.kml);;Alle Dateien (*)</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>Polygons of ground that did not move, for the reference; empty takes the cells that hardly move in every track.</source>
            <translation>Polygone von Boden, der sich nicht bewegt hat, als Bezug; leer nimmt die Zellen, die sich in jeder Spur kaum bewegen.</translation>
        </message>
        <message>
            <location filename="../../ui/combine_dialog.py" />
            <source>Polygons of ground that did not move; none: by velocities</source>
            <translation>Polygone von Boden, der sich nicht bewegt hat; keine: nach Geschwindigkeiten</translation>
        </message>
        <message>
            <location filename="../../models/jobs/offsets.py" />
            <source>Polygons or mask raster of ground that did not move: a plane fitted there is removed from the offsets.</source>
            <translation>Polygone oder Maskenraster von Boden, der sich nicht bewegt hat: eine dort angepasste Ebene wird von den Versätzen abgezogen.</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/report.py" />
            <source>Polygons to count points, classes, velocity and density by.</source>
            <translation>Polygone, nach denen Punkte, Klassen, Geschwindigkeit und Dichte gezählt werden.</translation>
        </message>
        <message>
            <location filename="../../ui/offsets_stable.py" />
            <source>Polygons, or a raster that is not 0, of ground that did not move: a plane fitted there is removed from the offsets</source>
            <translation>Polygone von Boden, der sich nicht bewegt hat, oder ein Raster, das dort nicht 0 ist: eine dort angepasste Ebene wird von den Versätzen abgezogen</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>Polygons, such as municipalities, to count points, classes, velocity and density by</source>
            <translation>Polygone, etwa Gemeinden, nach denen Punkte, Klassen, Geschwindigkeit und Dichte gezählt werden</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>Portrait</source>
            <translation>Hochformat</translation>
        </message>
        <message>
            <location filename="../../ui/train_progress.py" />
            <source>Preparing</source>
            <translation>Wird vorbereitet</translation>
        </message>
        <message>
            <location filename="../../ui/train_split.py" />
            <source>Press Check and show the split: data and labels are opened and checked, and the map shows which regions are learned from, which stop the training, and which judge it. Nothing is ever in two of them.</source>
            <translation>Drücken Sie „Prüfen und Aufteilung zeigen“: Daten und Labels werden geöffnet und geprüft, und die Karte zeigt, aus welchen Gebieten gelernt wird, welche das Training anhalten und welche es beurteilen. Nichts ist je in zweien davon.</translation>
        </message>
        <message>
            <location filename="../../ui/pixel_dock.py" />
            <source>Press Click a pixel, then click on the map.</source>
            <translation>Drücken Sie „Pixel anklicken“, dann klicken Sie auf die Karte.</translation>
        </message>
        <message>
            <location filename="../../ui/profile_dock.py" />
            <source>Press Draw a line, then click on the map: along the flow of a glacier, or across a fault.</source>
            <translation>Drücken Sie „Linie zeichnen“, dann klicken Sie auf die Karte: entlang des Fließens eines Gletschers oder quer über eine Verwerfung.</translation>
        </message>
        <message>
            <location filename="../../ui/series_viewer.py" />
            <source>Press Points, then click a point of {0} on the map to see its series. Hold Shift to compare several, or draw a Polygon for the median of an area.</source>
            <translation>Drücken Sie „Punkte“, dann klicken Sie auf der Karte auf einen Punkt von {0}, um seine Zeitreihe zu sehen. Halten Sie Umschalt, um mehrere zu vergleichen, oder zeichnen Sie ein Polygon für den Median einer Fläche.</translation>
        </message>
        <message>
            <location filename="../../ui/offsets_words.py" />
            <location filename="../../ui/scatterers_words.py" />
            <source>Preview of {part}: {text}</source>
            <translation>Vorschau, {part}: {text}</translation>
        </message>
        <message>
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>Prior</source>
            <translation>Vorwissen</translation>
        </message>
        <message>
            <location filename="../../models/jobs/offsets.py" />
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>Prior offsets</source>
            <translation>Vorab bekannt</translation>
        </message>
        <message>
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>Pro&amp;file…</source>
            <translation>Pro&amp;fil…</translation>
        </message>
        <message>
            <location filename="../../ui/series_panel.py" />
            <source>Probabilities of the classes</source>
            <translation>Wahrscheinlichkeiten der Klassen</translation>
        </message>
        <message>
            <location filename="../../ui/select_dialog.py" />
            <source>Probability of every pixel; its threshold can be moved afterwards</source>
            <translation>Wahrscheinlichkeit jedes Pixels; ihre Schwelle kann danach verschoben werden</translation>
        </message>
        <message>
            <location filename="../../plugin/scatterer_facts.py" />
            <source>Probability that a pixel is a persistent scatterer (PS), 0 to 1. Pixels below the threshold are not drawn.</source>
            <translation>Wahrscheinlichkeit, dass ein Pixel ein Persistent Scatterer (PS) ist, 0 bis 1. Pixel unter der Schwelle werden nicht gezeichnet.</translation>
        </message>
        <message>
            <location filename="../../ui/pixel_dock_panel.py" />
            <source>Probability {0:.2f} {1} threshold {2:.2f}</source>
            <translation>Wahrscheinlichkeit {0:.2f} {1} Schwelle {2:.2f}</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>Profile…</source>
            <translation>Profil…</translation>
        </message>
        <message>
            <location filename="../../ui/doctor_dialog.py" />
            <source>Puts everything as text into the clipboard, without private paths, names and passwords.</source>
            <translation>Legt alles als Text in die Zwischenablage, ohne private Pfade, Namen und Passwörter.</translation>
        </message>
        <message>
            <location filename="../../ui/review_dock.py" />
            <source>Putting what is least sure first</source>
            <translation>Das Unsicherste kommt nach vorn</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor.py" />
            <source>QGIS</source>
            <translation>QGIS</translation>
        </message>
        <message>
            <location filename="../../plugin/training_sources.py" />
            <source>QGIS cannot open {each} as a layer, so its field {field} cannot be read. Name that field {value}.</source>
            <translation>QGIS kann {each} nicht als Layer öffnen, daher ist das Feld {field} nicht lesbar. Nennen Sie dieses Feld {value}.</translation>
        </message>
        <message>
            <location filename="../../plugin/training_sources.py" />
            <source>QGIS cannot open {path} as a layer, so its field {field} cannot be read. Name that field label.</source>
            <translation>QGIS kann {path} nicht als Layer öffnen, daher ist das Feld {field} nicht lesbar. Nennen Sie dieses Feld label.</translation>
        </message>
        <message>
            <location filename="../../plugin/assessments.py" />
            <source>QGIS cannot open {path} as a layer.</source>
            <translation>QGIS kann {path} nicht als Layer öffnen.</translation>
        </message>
        <message>
            <location filename="../../plugin/layers.py" />
            <source>QGIS cannot open {path} as a layer.{hint}</source>
            <translation>QGIS kann {path} nicht als Layer öffnen.{hint}</translation>
        </message>
        <message>
            <location filename="../../plugin/raster_layers.py" />
            <location filename="../../plugin/scatterers.py" />
            <source>QGIS cannot open {path} as a raster layer.</source>
            <translation>QGIS kann {path} nicht als Rasterlayer öffnen.</translation>
        </message>
        <message>
            <location filename="../../plugin/raster_layers.py" />
            <source>QGIS cannot open {source} as a raster layer.</source>
            <translation>QGIS kann {source} nicht als Rasterlayer öffnen.</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor.py" />
            <source>QGIS profile</source>
            <translation>QGIS-Profil</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor.py" />
            <source>QGIS {qgis}, Qt {qt}, Python {python}, numpy {numpy}, GDAL {gdal}; Stillpoint {own}.</source>
            <translation>QGIS {qgis}, Qt {qt}, Python {python}, numpy {numpy}, GDAL {gdal}; Stillpoint {own}.</translation>
        </message>
        <message>
            <location filename="../../plugin/installation.py" />
            <source>QGIS's Python lacks the module venv or pip. On Debian and Ubuntu install it with: sudo apt install python3-venv</source>
            <translation>Dem Python von QGIS fehlt das Modul venv oder pip. Unter Debian und Ubuntu installieren Sie es mit: sudo apt install python3-venv</translation>
        </message>
        <message>
            <location filename="../../plugin/environment.py" />
            <source>QGIS's own Python</source>
            <translation>Python von QGIS</translation>
        </message>
        <message>
            <location filename="../../models/trends/classes.py" />
            <source>Quadratic</source>
            <translation>Quadratisch</translation>
        </message>
        <message>
            <location filename="../../models/jobs/rasters.py" />
            <source>Quantity</source>
            <translation>Größe</translation>
        </message>
        <message>
            <location filename="../../models/jobs/doctor.py" />
            <source>Quick</source>
            <translation>Schnell</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>R-index</source>
            <translation>R-Index</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>RMS {rms} rad</source>
            <translation>RMS {rms} rad</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>Radar</source>
            <translation>Radar</translation>
        </message>
        <message>
            <location filename="../../plugin/sample_map.py" />
            <source>Radar images of the city (stack)</source>
            <translation>Radarbilder der Stadt (Stapel)</translation>
        </message>
        <message>
            <location filename="../../models/jobs/rasters.py" />
            <source>Radar wavelength (0.0555 for C band) where the product does not name it.</source>
            <translation>Radarwellenlänge (0,0555 für C-Band), wo das Produkt sie nicht nennt.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Radar wavelength (0.0555 for C band), where the stack does not tell it.</source>
            <translation>Radarwellenlänge (0,0555 für C-Band), wo der Stapel sie nicht nennt.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/points.py" />
            <source>Radar wavelength (0.0555 for C band); empty takes it from the file, else from its dates and format.</source>
            <translation>Radarwellenlänge (0,0555 für C-Band); leer nimmt sie aus der Datei, sonst aus ihren Terminen und ihrem Format.</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/reading.py" />
            <source>Radar wavelength: choose a band, or type it in millimetres</source>
            <translation>Radarwellenlänge: wählen Sie ein Band, oder geben Sie sie in Millimetern ein</translation>
        </message>
        <message>
            <location filename="../../ui/offsets_words.py" />
            <source>Radar: azimuth and range</source>
            <translation>Radar: Azimut und Entfernung</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Radius of the reference area</source>
            <translation>Radius des Referenzgebiets</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>Random pixels</source>
            <translation>Zufällige Pixel</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets.py" />
            <source>Range</source>
            <translation>Entfernung</translation>
        </message>
        <message>
            <location filename="../../models/jobs/offsets.py" />
            <source>Raster of two bands with offsets expected in pixels (such as an earlier result): the search starts there.</source>
            <translation>Raster mit zwei Bändern mit erwarteten Versätzen in Pixeln (etwa ein früheres Ergebnis): dort beginnt die Suche.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Raster on the grid of the stack: 1 PS, 0 not, 255 no data (see Select scatterers). Give this or points.</source>
            <translation>Raster auf dem Gitter des Stapels: 1 PS, 0 nicht, 255 keine Daten (siehe „Scatterer auswählen“). Entweder dies oder Punkte.</translation>
        </message>
        <message>
            <location filename="../../ui/estimate_series_dialog.py" />
            <source>Raster on the grid of the stack: 1 PS, 0 not, as Select Scatterers makes it</source>
            <translation>Raster auf dem Gitter des Stapels: 1 PS, 0 nicht, wie „Scatterer auswählen“ es schreibt</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <source>Raster with the labels</source>
            <translation>Raster mit den Labels</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>Raw files with ENVI headers</source>
            <translation>Rohdateien mit ENVI-Kopf</translation>
        </message>
        <message>
            <location filename="../../ui/train_data.py" />
            <source>Re&amp;move</source>
            <translation>&amp;Entfernen</translation>
        </message>
        <message>
            <location filename="../../plugin/provenance.py" />
            <source>Read as</source>
            <translation>Gelesen als</translation>
        </message>
        <message>
            <location filename="../../plugin/review_sources.py" />
            <source>Reading pixels: row {top:,} of {rows:,}</source>
            <translation>Pixel werden gelesen: Zeile {top:,} von {rows:,}</translation>
        </message>
        <message>
            <location filename="../../plugin/review_sources.py" />
            <source>Reading points: {index:,} of {count:,}</source>
            <translation>Punkte werden gelesen: {index:,} von {count:,}</translation>
        </message>
        <message>
            <location filename="../../plugin/report/gather.py" />
            <source>Reading {name}</source>
            <translation>{name} wird gelesen</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <source>Reads how steady the phase of a pixel is against its surroundings. Any stack; learns from a few labelled regions.</source>
            <translation>Liest, wie beständig die Phase eines Pixels gegen seine Umgebung ist. Jeder Stapel; lernt aus wenigen gelabelten Gebieten.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>Ready</source>
            <translation>Bereit</translation>
        </message>
        <message>
            <location filename="../../models/jobs/analysis.py" />
            <source>Recipe</source>
            <translation>Rezept</translation>
        </message>
        <message>
            <location filename="../../models/jobs/analysis.py" />
            <source>Recipe (.json) that New Analysis exported, or the analysis.json in the folder of an earlier analysis.</source>
            <translation>Rezept (.json), das „Neue Analyse“ exportiert hat, oder die analysis.json im Ordner einer früheren Analyse.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_dock.py" />
            <source>Recipe or analysis.json</source>
            <translation>Rezept oder analysis.json</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_layout.py" />
            <source>Recipes, folders, a new start</source>
            <translation>Rezepte, Ordner, ein neuer Anfang</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_dialog.py" />
            <source>Recognised by content</source>
            <translation>Am Inhalt erkannt</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/run_analysis.py" />
            <source>Record of the analysis</source>
            <translation>Protokoll der Analyse</translation>
        </message>
        <message>
            <location filename="../../ui/triage_toolbar.py" />
            <source>Redo</source>
            <translation>Wiederherstellen</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <location filename="../../ui/assess_dialog.py" />
            <location filename="../../ui/open_stack_reading.py" />
            <location filename="../../ui/series_toolbar.py" />
            <source>Reference</source>
            <translation>Referenz</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_checks.py" />
            <source>Reference and secondary are the same image, {ours}. Choose two images of different dates.</source>
            <translation>Referenz und zweites Bild sind dasselbe, {ours}. Wählen Sie zwei Bilder verschiedener Termine.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/analysis.py" />
            <location filename="../../models/jobs/offsets.py" />
            <location filename="../../ui/library_compare.py" />
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>Reference image</source>
            <translation>Referenzbild</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>Reference mask</source>
            <translation>Referenzmaske</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Reference point</source>
            <translation>Referenzpunkt</translation>
        </message>
        <message>
            <location filename="../../ui/series_toolbar.py" />
            <source>Remove</source>
            <translation>Entfernen</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <source>Remove a model</source>
            <translation>Modell entfernen</translation>
        </message>
        <message>
            <location filename="../../ui/series_toolbar.py" />
            <source>Remove all points</source>
            <translation>Alle Punkte entfernen</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Remove planes</source>
            <translation>Ebenen abziehen</translation>
        </message>
        <message>
            <location filename="../../ui/series_toolbar.py" />
            <source>Remove the current point</source>
            <translation>Den aktuellen Punkt entfernen</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <source>Remove {name} and its card? The files are deleted.</source>
            <translation>{name} und seinen Steckbrief entfernen? Die Dateien werden gelöscht.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Removes a plane from each date, as inexact orbits leave it; steady tilting of the ground is kept.</source>
            <translation>Zieht von jedem Termin eine Ebene ab, wie ungenaue Bahnen sie hinterlassen; stetige Kippung des Bodens bleibt.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/points.py" />
            <source>Removes phase jumps (multiples of half a wavelength) from the series that are written.</source>
            <translation>Entfernt Phasensprünge (Vielfache der halben Wellenlänge) aus den geschriebenen Zeitreihen.</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor_repairs.py" />
            <source>Removes the address of the cluster from the settings, so that this machine computes.</source>
            <translation>Nimmt die Adresse des Clusters aus den Einstellungen, sodass dieser Rechner rechnet.</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor_repairs.py" />
            <source>Removes the interpreter from the settings, so that Stillpoint looks for one itself.</source>
            <translation>Nimmt den Interpreter aus den Einstellungen, sodass Stillpoint selbst einen sucht.</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor_repairs.py" />
            <source>Removes what Stillpoint remembers of the engine, and what an interrupted build left.</source>
            <translation>Löscht, was Stillpoint sich vom Rechenprogramm gemerkt hat, und was ein unterbrochener Bau hinterließ.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Removes what is smooth in space but random in time. Fast, smooth ground motion would be weakened too.</source>
            <translation>Entfernt, was im Raum glatt, in der Zeit aber zufällig ist. Schnelle, glatte Bodenbewegung würde auch geschwächt.</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor_repairs.py" />
            <source>Renames the damaged list of your models; the models stay where they are, and can be imported again.</source>
            <translation>Benennt die beschädigte Liste Ihrer Modelle um; die Modelle bleiben, wo sie sind, und können wieder importiert werden.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_repeat.py" />
            <source>Repeat on New Dates</source>
            <translation>Mit neuen Terminen wiederholen</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_layout.py" />
            <source>Repeat on new dates…</source>
            <translation>Mit neuen Terminen wiederholen…</translation>
        </message>
        <message>
            <location filename="../../ui/sample_dialog.py" />
            <source>Replaces the sample that lies in the folder, and its project file.</source>
            <translation>Ersetzt das Beispiel, das im Ordner liegt, und seine Projektdatei.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/doctor.py" />
            <location filename="../../models/jobs/scatterers.py" />
            <location filename="../../plugin/algorithms/report.py" />
            <location filename="../../plugin/algorithms/train_model.py" />
            <location filename="../../plugin/report/method.py" />
            <location filename="../../ui/report_dialog.py" />
            <source>Report</source>
            <translation>Bericht</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/report.py" />
            <source>Reports</source>
            <translation>Berichte</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>Reports versions and devices of the engine and runs a small network on each device.</source>
            <translation>Berichtet Versionen und Geräte des Rechenprogramms und lässt auf jedem Gerät ein kleines Netz laufen.</translation>
        </message>
        <message>
            <location filename="../../plugin/run_again.py" />
            <location filename="../../plugin/toolbar.py" />
            <source>Report…</source>
            <translation>Bericht…</translation>
        </message>
        <message>
            <location filename="../../ui/library_words.py" />
            <source>ResNet50</source>
            <translation>ResNet50</translation>
        </message>
        <message>
            <location filename="../../plugin/interferograms.py" />
            <source>ResNet50 of He et al.</source>
            <translation>ResNet50 von He et al.</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <source>ResNet50, as published</source>
            <translation>ResNet50, wie veröffentlicht</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <source>ResNet50, narrow</source>
            <translation>ResNet50, schmal</translation>
        </message>
        <message>
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>Resa&amp;mple it</source>
            <translation>Um&amp;rechnen</translation>
        </message>
        <message>
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>Resample the secondary image to the grid of the reference while it is read</source>
            <translation>Das zweite Bild beim Lesen auf das Gitter der Referenz umrechnen</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <source>Residual</source>
            <translation>Restabweichung</translation>
        </message>
        <message>
            <location filename="../../ui/series_panel.py" />
            <source>Residual RMS</source>
            <translation>Rest-RMS</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>Residue density</source>
            <translation>Dichte der Residuen</translation>
        </message>
        <message>
            <location filename="../../plugin/interferograms.py" />
            <location filename="../../ui/triage_words.py" />
            <source>Residues</source>
            <translation>Phasenresiduen</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>Result of Stillpoint: the report tells how it was made</source>
            <translation>Ergebnis von Stillpoint: der Bericht sagt, wie es entstand</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <location filename="../../ui/widgets/output_files.py" />
            <source>Results</source>
            <translation>Ergebnisse</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>Resume</source>
            <translation>Fortsetzen</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <location filename="../../ui/review_dock.py" />
            <source>Review</source>
            <translation>Nachprüfung</translation>
        </message>
        <message>
            <location filename="../../ui/review_start.py" />
            <source>Review {0}</source>
            <translation>{0} nachprüfen</translation>
        </message>
        <message>
            <location filename="../../ui/review_start.py" />
            <source>Reviewer</source>
            <translation>Geprüft von</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <source>Rings in the colour of what was said</source>
            <translation>Ringe in der Farbe dessen, was gesagt wurde</translation>
        </message>
        <message>
            <location filename="../../ui/pixel_dock_panel.py" />
            <source>Row {0}, column {1}</source>
            <translation>Zeile {0}, Spalte {1}</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>Rows and columns of a scene or of interferograms; empty takes 400 for a scene and 160 for interferograms.</source>
            <translation>Zeilen und Spalten einer Szene oder von Interferogrammen; leer nimmt 400 für eine Szene und 160 für Interferogramme.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/atlas.py" />
            <source>Rows and columns of the image: there is no scale and no north.</source>
            <translation>Zeilen und Spalten des Bildes: es gibt keinen Maßstab und kein Norden.</translation>
        </message>
        <message>
            <location filename="../../ui/library_agreement.py" />
            <source>Rows: {first} ({one:.1f} s). Columns: {second} ({two:.1f} s).</source>
            <translation>Zeilen: {first} ({one:.1f} s). Spalten: {second} ({two:.1f} s).</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <source>Run</source>
            <translation>Ausführen</translation>
        </message>
        <message>
            <location filename="../../plugin/run_again.py" />
            <source>Run Again with These Parameters…</source>
            <translation>Mit diesen Parametern erneut ausführen…</translation>
        </message>
        <message>
            <location filename="../../models/jobs/analysis.py" />
            <location filename="../../ui/analysis_card.py" />
            <source>Run again</source>
            <translation>Erneut ausführen</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_dock.py" />
            <location filename="../../ui/analysis_layout.py" />
            <source>Run all</source>
            <translation>Alles ausführen</translation>
        </message>
        <message>
            <location filename="../../models/jobs/analysis.py" />
            <source>Run analysis</source>
            <translation>Analyse ausführen</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_dock.py" />
            <source>Run everything again</source>
            <translation>Alles erneut ausführen</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_dock.py" />
            <source>Run of {day}</source>
            <translation>Lauf vom {day}</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_dock.py" />
            <source>Run the rest ({n})</source>
            <translation>Übriges ausführen ({n})</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <source>Run two models of one task on your data and see where they agree</source>
            <translation>Zwei Modelle einer Aufgabe an Ihren Daten laufen lassen und sehen, wo sie übereinstimmen</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <source>Run up to here</source>
            <translation>Bis hier ausführen</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_dock.py" />
            <source>Run what is out of date ({n})</source>
            <translation>Veraltetes ausführen ({n})</translation>
        </message>
        <message>
            <location filename="../../ui/series_panel.py" />
            <source>Runner-up: {0}</source>
            <translation>Nächste Klasse: {0}</translation>
        </message>
        <message>
            <location filename="../../ui/series_panel.py" />
            <source>Runner-up: {0} ({1} %)</source>
            <translation>Nächste Klasse: {0} ({1} %)</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>Running</source>
            <translation>Läuft</translation>
        </message>
        <message>
            <location filename="../../models/jobs/analysis.py" />
            <source>Runs a recipe of New Analysis from the stack to the trends, or from two images to their offsets: every step that is not done yet, or whose options or inputs changed since.</source>
            <translation>Führt ein Rezept von „Neue Analyse“ aus, vom Stapel bis zu den Trends oder von zwei Bildern bis zu ihren Versätzen: jeden Schritt, der noch nicht getan ist oder dessen Optionen oder Eingaben sich seither geändert haben.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/analysis.py" />
            <source>Runs the steps again although nothing changed since.</source>
            <translation>Führt die Schritte noch einmal aus, auch wenn sich seither nichts geändert hat.</translation>
        </message>
        <message>
            <location filename="../../ui/train_form.py" />
            <source>S&amp;eed</source>
            <translation>S&amp;tartwert</translation>
        </message>
        <message>
            <location filename="../../ui/train_form.py" />
            <source>S&amp;imulated</source>
            <translation>S&amp;imuliert</translation>
        </message>
        <message>
            <location filename="../../ui/estimate_series_dialog.py" />
            <location filename="../../ui/library_compare.py" />
            <location filename="../../ui/open_stack_dialog.py" />
            <location filename="../../ui/select_dialog.py" />
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>S&amp;tack</source>
            <translation>S&amp;tapel</translation>
        </message>
        <message>
            <location filename="../../ui/train_form.py" />
            <source>S&amp;tart from</source>
            <translation>Beginnen &amp;mit</translation>
        </message>
        <message>
            <location filename="../../ui/combine_dialog.py" />
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>S&amp;wap them</source>
            <translation>&amp;Tauschen</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>SNAP/StaMPS export</source>
            <translation>SNAP/StaMPS-Export</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>SNAPHU</source>
            <translation>SNAPHU</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor.py" />
            <source>Same versions</source>
            <translation>Gleiche Versionen</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Sample Project…</source>
            <translation>Beispielprojekt…</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_threshold.py" />
            <source>Save mask as…</source>
            <translation>Maske speichern unter…</translation>
        </message>
        <message>
            <location filename="../../ui/triage_export.py" />
            <source>Save my corrections as labels…</source>
            <translation>Meine Berichtigungen als Labels speichern…</translation>
        </message>
        <message>
            <location filename="../../ui/profile_dock.py" />
            <location filename="../../ui/series_viewer.py" />
            <source>Save the chart</source>
            <translation>Diagramm speichern</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_threshold.py" />
            <source>Save the mask</source>
            <translation>Maske speichern</translation>
        </message>
        <message>
            <location filename="../../ui/profile_dock.py" />
            <location filename="../../ui/series_viewer.py" />
            <source>Save the numbers</source>
            <translation>Zahlen speichern</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_dock.py" />
            <source>Save the recipe</source>
            <translation>Rezept speichern</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_dock.py" />
            <source>Save the recipe as…</source>
            <translation>Rezept speichern unter…</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_threshold.py" />
            <source>Saved the mask as {0}</source>
            <translation>Maske als {0} gespeichert</translation>
        </message>
        <message>
            <location filename="../../ui/profile_dock.py" />
            <location filename="../../ui/series_viewer.py" />
            <source>Saved {0}</source>
            <translation>{0} gespeichert</translation>
        </message>
        <message>
            <location filename="../../ui/review_keys.py" />
            <source>Say what the model says (Space)</source>
            <translation>Sagen, was das Modell sagt (Leertaste)</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>Says of every series how it moves: stable, linear, quadratic, bilinear, or not to be trusted.</source>
            <translation>Sagt zu jeder Zeitreihe, wie sie sich bewegt: stabil, linear, quadratisch, bilinear oder nicht vertrauenswürdig.</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/assess_scatterers.py" />
            <location filename="../../plugin/algorithms/select_scatterers.py" />
            <location filename="../../ui/library_words.py" />
            <location filename="../../ui/train_words.py" />
            <source>Scatterers</source>
            <translation>Scatterer</translation>
        </message>
        <message>
            <location filename="../../ui/estimate_series_dialog.py" />
            <source>Scatterers from</source>
            <translation>Scatterer aus</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>Scatterers: a PS mask on the grid of the stack, a file of points (with a field ps: 1 PS, 0 not, where both are marked), stability, or truth (of simulated stacks); empty takes stability. Interferograms: a CSV table with reference_date, secondary_date, keep (1 or 0), or the truth of a simulated stack. Trends: a table or layer with the identifier of the points and label or trend_code, or truth (of simulated points); empty takes those fields of the points themselves. Offsets: a raster with the range and azimuth offsets of the pair, truth (of simulated pairs), or correlation. For several sources a folder with a file named like each.</source>
            <translation>Scatterer: eine PS-Maske auf dem Gitter des Stapels, eine Punktdatei (mit einem Feld ps: 1 PS, 0 nicht, wo beide markiert sind), stability oder truth (simulierter Stapel); leer nimmt stability. Interferogramme: eine CSV-Tabelle mit reference_date, secondary_date, keep (1 oder 0) oder die Wahrheit eines simulierten Stapels. Trends: eine Tabelle oder ein Layer mit der Kennung der Punkte und label oder trend_code, oder truth (simulierter Punkte); leer nimmt diese Felder der Punkte selbst. Versätze: ein Raster mit den Versätzen des Paars in Entfernung und Azimut, truth (simulierter Paare) oder correlation. Bei mehreren Quellen ein Ordner mit je einer gleichnamigen Datei.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_filters.py" />
            <location filename="../../ui/triage_graph_paint.py" />
            <source>Score</source>
            <translation>Bewertung</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>Score {score}</source>
            <translation>Bewertung {score}</translation>
        </message>
        <message>
            <location filename="../../ui/triage_detail.py" />
            <source>Score {score}, {verdict}</source>
            <translation>Bewertung {score}, {verdict}</translation>
        </message>
        <message>
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>Score, choice and reason of every pair; the triage board opens on it</source>
            <translation>Bewertung, Entscheidung und Grund zu jedem Paar; die Sichtungstafel öffnet sich damit</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>Scores alone; dates may be lost</source>
            <translation>Nur Bewertungen; Termine können verloren gehen</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>Scores, and a spanning tree</source>
            <translation>Bewertungen und ein Spannbaum</translation>
        </message>
        <message>
            <location filename="../../ui/train_form.py" />
            <source>Scratch: new weights</source>
            <translation>Von vorn: neue Gewichte</translation>
        </message>
        <message>
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>Se&amp;condary</source>
            <translation>&amp;Zweites</translation>
        </message>
        <message>
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>Search ran&amp;ge</source>
            <translation>&amp;Suchbereich</translation>
        </message>
        <message>
            <location filename="../../models/jobs/offsets.py" />
            <location filename="../../ui/analysis_words.py" />
            <source>Search range</source>
            <translation>Suchbereich</translation>
        </message>
        <message>
            <location filename="../../ui/library_compare.py" />
            <source>Sec&amp;ondary</source>
            <translation>Z&amp;weites</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <location filename="../../ui/analysis_repeat.py" />
            <source>Second image</source>
            <translation>Zweites Bild</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>Secondary</source>
            <translation>Zweites</translation>
        </message>
        <message>
            <location filename="../../models/jobs/analysis.py" />
            <location filename="../../models/jobs/offsets.py" />
            <location filename="../../ui/library_compare.py" />
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>Secondary image</source>
            <translation>Zweites Bild</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>Seed</source>
            <translation>Startwert</translation>
        </message>
        <message>
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>Sees each interferogram as a colour picture, high against low quality. To compare with the literature.</source>
            <translation>Sieht jedes Interferogramm als Farbbild, gute gegen schlechte Qualität. Zum Vergleich mit der Literatur.</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>Select</source>
            <translation>Auswählen</translation>
        </message>
        <message>
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>Select Interferograms</source>
            <translation>Interferogramme auswählen</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Select Interferograms…</source>
            <translation>Interferogramme auswählen…</translation>
        </message>
        <message>
            <location filename="../../ui/select_dialog.py" />
            <source>Select Scatterers</source>
            <translation>Scatterer auswählen</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_threshold.py" />
            <source>Select Scatterers first: what is PS can then be moved to another threshold here.</source>
            <translation>Zuerst „Scatterer auswählen“: was PS ist, kann dann hier auf eine andere Schwelle gesetzt werden.</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Select Scatterers…</source>
            <translation>Scatterer auswählen…</translation>
        </message>
        <message>
            <location filename="../../models/jobs/interferograms.py" />
            <source>Select interferograms</source>
            <translation>Interferogramme auswählen</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>Select scatterers</source>
            <translation>Scatterer auswählen</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>Select them</source>
            <translation>Auswählen</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/source_picker.py" />
            <source>Selected feat&amp;ures only</source>
            <translation>Nur gewählte O&amp;bjekte</translation>
        </message>
        <message>
            <location filename="../../ui/class_chart.py" />
            <source>Selected points</source>
            <translation>Gewählte Punkte</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_threshold.py" />
            <source>Selection whose threshold is moved</source>
            <translation>Auswahl, deren Schwelle verschoben wird</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>Selects persistent scatterers (PS) in a stack of co-registered images or wrapped interferograms: a mask, a probability, an estimate of the phase noise, and points.</source>
            <translation>Wählt Persistent Scatterer (PS) in einem Stapel koregistrierter Bilder oder gewickelter Interferogramme aus: eine Maske, eine Wahrscheinlichkeit, eine Schätzung des Phasenrauschens und Punkte.</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/report.py" />
            <location filename="../../ui/export_dialog.py" />
            <location filename="../../ui/series_viewer.py" />
            <source>Series</source>
            <translation>Zeitreihen</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Series Viewer</source>
            <translation>Zeitreihenbetrachter</translation>
        </message>
        <message>
            <location filename="../../ui/estimate_series_dialog.py" />
            <source>Series la&amp;yer</source>
            <translation>Zeitreihenla&amp;yer</translation>
        </message>
        <message>
            <location filename="../../plugin/report/picks.py" />
            <source>Series of the first {n} of {all} selected points.</source>
            <translation>Zeitreihen der ersten {n} von {all} gewählten Punkten.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/picks.py" />
            <source>Series of the selected points.</source>
            <translation>Zeitreihen der gewählten Punkte.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/picks.py" />
            <source>Series of {which}.</source>
            <translation>Gezeigt: {which}.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>Series viewer…</source>
            <translation>Zeitreihenbetrachter…</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <source>Set as &amp;default</source>
            <translation>Als &amp;Standard setzen</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Set-up…</source>
            <translation>Einrichtung…</translation>
        </message>
        <message>
            <location filename="../../plugin/report/motion.py" />
            <source>Share</source>
            <translation>Anteil</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <source>Share and number of points of each trend class, of {n} points in all.</source>
            <translation>Anteil und Anzahl der Punkte jeder Trendklasse, von {n} Punkten insgesamt.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>Share of simulated examples among those that are learned from, beside yours: 0 takes yours alone. Some keep the network from forgetting what your data do not show.</source>
            <translation>Anteil simulierter Beispiele an denen, aus denen neben Ihren gelernt wird: 0 nimmt nur Ihre. Einige verhindern, dass das Netz vergisst, was Ihre Daten nicht zeigen.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>Share of simulation</source>
            <translation>Anteil der Simulation</translation>
        </message>
        <message>
            <location filename="../../ui/class_chart.py" />
            <source>Shares of the classes</source>
            <translation>Anteile der Klassen</translation>
        </message>
        <message>
            <location filename="../../ui/triage_filters.py" />
            <source>Show</source>
            <translation>Zeigen</translation>
        </message>
        <message>
            <location filename="../../ui/profile_dock.py" />
            <source>Show </source>
            <translation>Zeige </translation>
        </message>
        <message>
            <location filename="../../ui/combine_dialog.py" />
            <location filename="../../ui/estimate_series_dialog.py" />
            <source>Show &amp;series…</source>
            <translation>&amp;Zeitreihen zeigen…</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Show Offsets as Maps</source>
            <translation>Versätze als Karten zeigen</translation>
        </message>
        <message>
            <location filename="../../ui/triage_filters.py" />
            <source>Show all</source>
            <translation>Alle zeigen</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <source>Show labels on the map</source>
            <translation>Labels auf der Karte zeigen</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <source>Show on map</source>
            <translation>Auf Karte zeigen</translation>
        </message>
        <message>
            <location filename="../../ui/train_split.py" />
            <source>Show on the ma&amp;p</source>
            <translation>Auf der &amp;Karte zeigen</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_dock.py" />
            <source>Show the folder</source>
            <translation>Ordner zeigen</translation>
        </message>
        <message>
            <location filename="../../ui/series_toolbar.py" />
            <source>Show the series with its phase jumps taken out</source>
            <translation>Die Zeitreihe ohne ihre Phasensprünge zeigen</translation>
        </message>
        <message>
            <location filename="../../ui/series_toolbar.py" />
            <source>Show the trend with its annual term</source>
            <translation>Den Trend mit seinem Jahresgang zeigen</translation>
        </message>
        <message>
            <location filename="../../ui/doctor_dialog.py" />
            <source>Show what is &amp;good, too</source>
            <translation>Auch zeigen, was &amp;gut ist</translation>
        </message>
        <message>
            <location filename="../../models/jobs/rasters.py" />
            <source>Shows what Stillpoint reads from a folder or files: format, dates or pairs, baselines, quantity.</source>
            <translation>Zeigt, was Stillpoint aus einem Ordner oder aus Dateien liest: Format, Termine oder Paare, Basislinien, Größe.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/points.py" />
            <source>Shows what Stillpoint reads from a point file: dates, unit, coordinates, fields.</source>
            <translation>Zeigt, was Stillpoint aus einer Punktdatei liest: Termine, Einheit, Koordinaten, Felder.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>Side of a cell of the density map.</source>
            <translation>Seitenlänge einer Zelle der Dichtekarte.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>Side of the flight direction that the radar looks to; nearly all satellites look right.</source>
            <translation>Seite der Flugrichtung, zu der das Radar blickt; fast alle Satelliten blicken nach rechts.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>Side to which the radar looks, where incidence and heading are used: right for all usual missions, left for NISAR.</source>
            <translation>Seite, zu der das Radar blickt, wo Einfallswinkel und Flugrichtung verwendet werden: rechts bei allen üblichen Missionen, links bei NISAR.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/points.py" />
            <source>Significance level</source>
            <translation>Signifikanzniveau</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>Simulate</source>
            <translation>Simulieren</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>Simulated data</source>
            <translation>Simulierte Daten</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Simulated data to try everything on</source>
            <translation>Simulierte Daten, um alles auszuprobieren</translation>
        </message>
        <message>
            <location filename="../../ui/train_form.py" />
            <source>Simulated examples beside yours keep the network from forgetting what yours do not show</source>
            <translation>Simulierte Beispiele neben Ihren verhindern, dass das Netz vergisst, was Ihre nicht zeigen</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>Simulates a stack of radar images, points of a valley, or point series, with known truth.</source>
            <translation>Simuliert einen Stapel von Radarbildern, Punkte eines Tals oder Punktzeitreihen mit bekannter Wahrheit.</translation>
        </message>
        <message>
            <location filename="../../plugin/sample.py" />
            <source>Simulating a valley with landslides and a town</source>
            <translation>Ein Tal mit Hangrutschungen und einer Stadt wird simuliert</translation>
        </message>
        <message>
            <location filename="../../plugin/sample.py" />
            <source>Simulating interferograms</source>
            <translation>Interferogramme werden simuliert</translation>
        </message>
        <message>
            <location filename="../../plugin/sample.py" />
            <source>Simulating radar images of a city</source>
            <translation>Radarbilder einer Stadt werden simuliert</translation>
        </message>
        <message>
            <location filename="../../plugin/sample.py" />
            <source>Simulating two images of a glacier</source>
            <translation>Zwei Bilder eines Gletschers werden simuliert</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>Site of the scene</source>
            <translation>Ort der Szene</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <location filename="../../ui/library_words.py" />
            <source>Size</source>
            <translation>Größe</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>Size of the cells in which the points of each track are averaged; with the nearest points, how far apart they may lie.</source>
            <translation>Größe der Zellen, in denen die Punkte jeder Spur gemittelt werden; bei den nächsten Punkten, wie weit sie auseinander liegen dürfen.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>Size of the scene</source>
            <translation>Größe der Szene</translation>
        </message>
        <message>
            <location filename="../../ui/review_keys.py" />
            <location filename="../../ui/tour.py" />
            <source>Skip</source>
            <translation>Überspringen</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>Slow motion: from interferograms to trends</source>
            <translation>Langsam: von Interferogrammen zu Trends</translation>
        </message>
        <message>
            <location filename="../../ui/setup_dialog.py" />
            <source>Smoke test</source>
            <translation>Rauchtest</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <source>Some of each class</source>
            <translation>Einige jeder Klasse</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>Sorts out the interferograms that would spoil the result, and keeps every date connected.</source>
            <translation>Sortiert die Interferogramme aus, die das Ergebnis verderben würden, und hält jeden Termin verbunden.</translation>
        </message>
        <message>
            <location filename="../../ui/review_keys.py" />
            <source>Space</source>
            <translation>Leertaste</translation>
        </message>
        <message>
            <location filename="../../ui/review_keys.py" />
            <source>Space  Agree: {0}</source>
            <translation>Leertaste  Zustimmen: {0}</translation>
        </message>
        <message>
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>Spacin&amp;g</source>
            <translation>Abs&amp;tand</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <location filename="../../models/jobs/offsets.py" />
            <source>Spacing</source>
            <translation>Abstand</translation>
        </message>
        <message>
            <location filename="../../ui/train_dialog.py" />
            <source>Split</source>
            <translation>Aufteilung</translation>
        </message>
        <message>
            <location filename="../../plugin/report/motion.py" />
            <source>Spread (NMAD)</source>
            <translation>Streuung (NMAD)</translation>
        </message>
        <message>
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>Sta&amp;ble ground</source>
            <translation>Sta&amp;biler Boden</translation>
        </message>
        <message>
            <location filename="../../models/trends/classes.py" />
            <source>Stable</source>
            <translation>Stabil</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <location filename="../../models/jobs/offsets.py" />
            <location filename="../../ui/combine_dialog.py" />
            <location filename="../../ui/offsets_stable.py" />
            <source>Stable ground</source>
            <translation>Stabiler Boden</translation>
        </message>
        <message>
            <location filename="../../models/jobs/analysis.py" />
            <location filename="../../models/jobs/interferograms.py" />
            <location filename="../../models/jobs/rasters.py" />
            <location filename="../../models/jobs/scatterers.py" />
            <location filename="../../models/jobs/series.py" />
            <location filename="../../ui/analysis_card.py" />
            <location filename="../../ui/analysis_repeat.py" />
            <location filename="../../ui/analysis_words.py" />
            <location filename="../../ui/estimate_series_dialog.py" />
            <location filename="../../ui/library_compare.py" />
            <location filename="../../ui/select_dialog.py" />
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>Stack</source>
            <translation>Stapel</translation>
        </message>
        <message>
            <location filename="../../ui/pixel_dock.py" />
            <source>Stack </source>
            <translation>Stapel </translation>
        </message>
        <message>
            <location filename="../../ui/select_dialog.py" />
            <source>Stack of amplitudes, where the stack holds only phase and names none beside it</source>
            <translation>Stapel von Amplituden, wo der Stapel nur Phase enthält und keinen daneben nennt</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Stack of complex images, or of interferograms: wrapped, complex or unwrapped (see Open stack).</source>
            <translation>Stapel komplexer Bilder oder von Interferogrammen: gewickelt, komplex oder abgewickelt (siehe „Stapel öffnen“).</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>Stack of complex images, or of wrapped interferograms (see Open stack).</source>
            <translation>Stapel komplexer Bilder oder gewickelter Interferogramme (siehe „Stapel öffnen“).</translation>
        </message>
        <message>
            <location filename="../../ui/select_dialog.py" />
            <source>Stack of interferograms or complex images, one band a date or pair</source>
            <translation>Stapel von Interferogrammen oder komplexen Bildern, ein Band je Termin oder Paar</translation>
        </message>
        <message>
            <location filename="../../ui/estimate_series_dialog.py" />
            <source>Stack of interferograms or complex images, one band a pair or date</source>
            <translation>Stapel von Interferogrammen oder komplexen Bildern, ein Band je Paar oder Termin</translation>
        </message>
        <message>
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>Stack of interferograms, unwrapped or wrapped, one band a pair</source>
            <translation>Stapel von Interferogrammen, abgewickelt oder gewickelt, ein Band je Paar</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>Stack of the amplitude images, where the stack holds only phase and names no companion.</source>
            <translation>Stapel der Amplitudenbilder, wo der Stapel nur Phase enthält und keinen begleitenden nennt.</translation>
        </message>
        <message>
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>Stack of the coherence of the same pairs, where the stack names none beside it</source>
            <translation>Stapel der Kohärenz derselben Paare, wo der Stapel keinen daneben nennt</translation>
        </message>
        <message>
            <location filename="../../models/jobs/interferograms.py" />
            <source>Stack of the coherence of the same pairs; empty takes the companion that the stack names, where it names one.</source>
            <translation>Stapel der Kohärenz derselben Paare; leer nimmt den begleitenden, den der Stapel nennt, sofern er einen nennt.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_board.py" />
            <source>Stack of the interferograms</source>
            <translation>Stapel der Interferogramme</translation>
        </message>
        <message>
            <location filename="../../ui/triage_export.py" />
            <source>Stack of the kept pairs…</source>
            <translation>Stapel der behaltenen Paare…</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>Stack of the scene</source>
            <translation>Stapel der Szene</translation>
        </message>
        <message>
            <location filename="../../models/jobs/interferograms.py" />
            <source>Stack of unwrapped (or wrapped) interferograms, a pair of dates a band (see Open stack).</source>
            <translation>Stapel abgewickelter (oder gewickelter) Interferogramme, ein Terminpaar je Band (siehe „Stapel öffnen“).</translation>
        </message>
        <message>
            <location filename="../../models/jobs/analysis.py" />
            <source>Stack to analyse in the place of the recipe's, such as one with new dates; or the folder of a product, which is opened first; empty takes the recipe's.</source>
            <translation>Stapel, der anstelle desjenigen im Rezept ausgewertet wird, etwa einer mit neuen Terminen; oder der Ordner eines Produkts, der zuerst geöffnet wird; leer nimmt den des Rezepts.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/rasters.py" />
            <source>Stack to write: .vrt (refers to the files) or .tif (copies them).</source>
            <translation>Zu schreibender Stapel: .vrt (verweist auf die Dateien) oder .tif (kopiert sie).</translation>
        </message>
        <message>
            <location filename="../../ui/pixel_dock.py" />
            <source>Stack whose pixels are shown</source>
            <translation>Stapel, dessen Pixel gezeigt werden</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/describe_stack.py" />
            <location filename="../../plugin/algorithms/open_stack.py" />
            <source>Stacks</source>
            <translation>Stapel</translation>
        </message>
        <message>
            <location filename="../../ui/triage_toolbar.py" />
            <source>Stack…</source>
            <translation>Stapel…</translation>
        </message>
        <message>
            <location filename="../../plugin/scatterer_facts.py" />
            <source>Standard deviation of the phase of a single image, in radians: the lower, the steadier the pixel.</source>
            <translation>Standardabweichung der Phase eines einzelnen Bildes in Radiant: je kleiner, desto beständiger der Pixel.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/motion.py" />
            <source>Standard error</source>
            <translation>Standardfehler</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <source>Standard error of the velocity</source>
            <translation>Standardfehler der Geschwindigkeit</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>Stands on the first page and at the foot of every other</source>
            <translation>Steht auf der ersten Seite und am Fuß jeder anderen</translation>
        </message>
        <message>
            <location filename="../../ui/review_start.py" />
            <source>Stands with every label, so that those of several people can be told apart</source>
            <translation>Steht bei jedem Label, damit die mehrerer Leute zu unterscheiden sind</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_dock.py" />
            <source>Start a new analysis</source>
            <translation>Neue Analyse beginnen</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor_repairs.py" />
            <source>Start a new list</source>
            <translation>Neue Liste beginnen</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>Start from</source>
            <translation>Beginnen mit</translation>
        </message>
        <message>
            <location filename="../../ui/review_start.py" />
            <source>Start reviewing</source>
            <translation>Nachprüfung beginnen</translation>
        </message>
        <message>
            <location filename="../../ui/sample_dialog.py" />
            <source>Start the &amp;tour</source>
            <translation>&amp;Rundgang beginnen</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <source>Starting</source>
            <translation>Wird gestartet</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor.py" />
            <location filename="../../ui/job_dialog.py" />
            <location filename="../../ui/train_dialog.py" />
            <source>Starting the engine</source>
            <translation>Rechenprogramm wird gestartet</translation>
        </message>
        <message>
            <location filename="../../ui/train_words.py" />
            <source>Starts with random weights: needs thousands of labels, or simulation, and the longest time.</source>
            <translation>Beginnt mit zufälligen Gewichten: braucht tausende Labels oder Simulation, und am längsten.</translation>
        </message>
        <message>
            <location filename="../../plugin/provenance.py" />
            <location filename="../../ui/widgets/fields.py" />
            <source>Statistical tests after Berti et al.</source>
            <translation>Statistische Tests nach Berti et al.</translation>
        </message>
        <message>
            <location filename="../../plugin/pixel.py" />
            <source>Steady amplitude</source>
            <translation>Beständige Amplitude</translation>
        </message>
        <message>
            <location filename="../../plugin/pixel.py" />
            <source>Steady phase</source>
            <translation>Beständige Phase</translation>
        </message>
        <message>
            <location filename="../../ui/triage_toolbar.py" />
            <source>Step through the pairs that the method is least sure of: K or D decides, and the next one comes (U)</source>
            <translation>Durch die Paare gehen, bei denen die Methode am unsichersten ist: K oder D entscheidet, und das nächste kommt (U)</translation>
        </message>
        <message>
            <location filename="../../models/jobs/analysis.py" />
            <source>Steps</source>
            <translation>Schritte</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <location filename="../../ui/library_words.py" />
            <source>Stillpoint</source>
            <translation>Stillpoint</translation>
        </message>
        <message>
            <location filename="../../plugin/tasks.py" />
            <source>Stillpoint failed: {kind}: {error}. QGIS's log has the details.</source>
            <translation>Stillpoint ist gescheitert: {kind}: {error}. Einzelheiten stehen im Protokoll von QGIS.</translation>
        </message>
        <message>
            <location filename="../../plugin/installation.py" />
            <source>Stillpoint has no environment of its own yet. Build it first.</source>
            <translation>Stillpoint hat noch keine eigene Umgebung. Bauen Sie sie zuerst.</translation>
        </message>
        <message>
            <location filename="../../ui/series_viewer.py" />
            <source>Stillpoint series</source>
            <translation>Stillpoint-Zeitreihen</translation>
        </message>
        <message>
            <location filename="../../plugin/interferograms.py" />
            <location filename="../../plugin/offsets.py" />
            <location filename="../../plugin/provenance.py" />
            <location filename="../../plugin/scatterer_facts.py" />
            <location filename="../../plugin/training.py" />
            <location filename="../../ui/library_words.py" />
            <source>Stillpoint's network</source>
            <translation>Netz von Stillpoint</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/fields.py" />
            <source>Stillpoint's network (default)</source>
            <translation>Netz von Stillpoint (Standard)</translation>
        </message>
        <message>
            <location filename="../../plugin/environment.py" />
            <location filename="../../ui/setup_dialog.py" />
            <source>Stillpoint's own environment</source>
            <translation>Umgebung von Stillpoint</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor_repairs.py" />
            <source>Stillpoint's own environment was built.</source>
            <translation>Die Umgebung von Stillpoint wurde gebaut.</translation>
        </message>
        <message>
            <location filename="../../plugin/analysis.py" />
            <source>Stillpoint: analysis of {name}</source>
            <translation>Stillpoint: Analyse von {name}</translation>
        </message>
        <message>
            <location filename="../../ui/assess_dialog.py" />
            <source>Stillpoint: assessing {n} masks</source>
            <translation>Stillpoint: {n} Masken werden bewertet</translation>
        </message>
        <message>
            <location filename="../../ui/doctor_dialog.py" />
            <source>Stillpoint: checking the environment</source>
            <translation>Stillpoint: Umgebung wird geprüft</translation>
        </message>
        <message>
            <location filename="../../ui/doctor_dialog.py" />
            <location filename="../../ui/setup_dialog.py" />
            <source>Stillpoint: checking the interpreter</source>
            <translation>Stillpoint: Interpreter wird geprüft</translation>
        </message>
        <message>
            <location filename="../../ui/classify_dialog.py" />
            <source>Stillpoint: classifying {name}</source>
            <translation>Stillpoint: {name} wird klassifiziert</translation>
        </message>
        <message>
            <location filename="../../ui/combine_dialog.py" />
            <source>Stillpoint: combining {first} and {second}</source>
            <translation>Stillpoint: {first} und {second} werden kombiniert</translation>
        </message>
        <message>
            <location filename="../../ui/library_compare.py" />
            <source>Stillpoint: compare models</source>
            <translation>Stillpoint: Modelle vergleichen</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_threshold.py" />
            <source>Stillpoint: counting pixels</source>
            <translation>Stillpoint: Pixel werden gezählt</translation>
        </message>
        <message>
            <location filename="../../ui/setup_dialog.py" />
            <source>Stillpoint: creating the environment</source>
            <translation>Stillpoint: Umgebung wird angelegt</translation>
        </message>
        <message>
            <location filename="../../ui/doctor_dialog.py" />
            <source>Stillpoint: environment doctor</source>
            <translation>Stillpoint: Prüfung der Umgebung</translation>
        </message>
        <message>
            <location filename="../../ui/estimate_series_dialog.py" />
            <source>Stillpoint: estimating series in {name}</source>
            <translation>Stillpoint: Zeitreihen in {name} werden geschätzt</translation>
        </message>
        <message>
            <location filename="../../ui/help_dialog.py" />
            <source>Stillpoint: help</source>
            <translation>Stillpoint: Hilfe</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <source>Stillpoint: import a model</source>
            <translation>Stillpoint: Modell importieren</translation>
        </message>
        <message>
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>Stillpoint: judging {name}</source>
            <translation>Stillpoint: {name} wird beurteilt</translation>
        </message>
        <message>
            <location filename="../../ui/train_dialog.py" />
            <source>Stillpoint: looking at the training data</source>
            <translation>Stillpoint: Trainingsdaten werden angesehen</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/device_picker.py" />
            <source>Stillpoint: looking for devices</source>
            <translation>Stillpoint: Geräte werden gesucht</translation>
        </message>
        <message>
            <location filename="../../plugin/dialogs.py" />
            <source>Stillpoint: looking for the engine</source>
            <translation>Stillpoint: Rechenprogramm wird gesucht</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_dialog.py" />
            <source>Stillpoint: looking into the files</source>
            <translation>Stillpoint: Dateien werden angesehen</translation>
        </message>
        <message>
            <location filename="../../ui/combine_track.py" />
            <location filename="../../ui/describing.py" />
            <source>Stillpoint: looking into the points</source>
            <translation>Stillpoint: Punkte werden angesehen</translation>
        </message>
        <message>
            <location filename="../../ui/sample_dialog.py" />
            <source>Stillpoint: making the sample project</source>
            <translation>Stillpoint: Beispielprojekt wird gemacht</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_dialog.py" />
            <source>Stillpoint: opening {name}</source>
            <translation>Stillpoint: {name} wird geöffnet</translation>
        </message>
        <message>
            <location filename="../../plugin/triage_loading.py" />
            <source>Stillpoint: picture of an interferogram</source>
            <translation>Stillpoint: Bild eines Interferogramms</translation>
        </message>
        <message>
            <location filename="../../plugin/triage_loading.py" />
            <source>Stillpoint: pictures of interferograms</source>
            <translation>Stillpoint: Bilder von Interferogrammen</translation>
        </message>
        <message>
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>Stillpoint: preview of offsets</source>
            <translation>Stillpoint: Vorschau der Versätze</translation>
        </message>
        <message>
            <location filename="../../ui/select_dialog.py" />
            <source>Stillpoint: preview of {name}</source>
            <translation>Stillpoint: Vorschau von {name}</translation>
        </message>
        <message>
            <location filename="../../ui/pixel_dock.py" />
            <location filename="../../ui/review_stage.py" />
            <source>Stillpoint: reading a pixel</source>
            <translation>Stillpoint: ein Pixel wird gelesen</translation>
        </message>
        <message>
            <location filename="../../plugin/sample_map.py" />
            <location filename="../../ui/sample_dialog.py" />
            <source>Stillpoint: sample project</source>
            <translation>Stillpoint: Beispielprojekt</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_threshold.py" />
            <source>Stillpoint: saving the PS mask</source>
            <translation>Stillpoint: PS-Maske wird gespeichert</translation>
        </message>
        <message>
            <location filename="../../ui/select_dialog.py" />
            <source>Stillpoint: selecting scatterers in {name}</source>
            <translation>Stillpoint: Scatterer in {name} werden ausgewählt</translation>
        </message>
        <message>
            <location filename="../../ui/setup_dialog.py" />
            <source>Stillpoint: set-up</source>
            <translation>Stillpoint: Einrichtung</translation>
        </message>
        <message>
            <location filename="../../ui/setup_dialog.py" />
            <source>Stillpoint: testing the engine</source>
            <translation>Stillpoint: Rechenprogramm wird getestet</translation>
        </message>
        <message>
            <location filename="../../plugin/analysis_board.py" />
            <source>Stillpoint: the kept stack by your choices</source>
            <translation>Stillpoint: Stapel der behaltenen nach Ihren Entscheidungen</translation>
        </message>
        <message>
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>Stillpoint: tracking offsets in {name}</source>
            <translation>Stillpoint: Versätze in {name} werden gemessen</translation>
        </message>
        <message>
            <location filename="../../plugin/training_run.py" />
            <source>Stillpoint: training for {capability}</source>
            <translation>Stillpoint: Training für {capability}</translation>
        </message>
        <message>
            <location filename="../../ui/setup_dialog.py" />
            <source>Stillpoint: trying the cluster</source>
            <translation>Stillpoint: Cluster wird ausprobiert</translation>
        </message>
        <message>
            <location filename="../../ui/review_run.py" />
            <source>Stillpoint: what to review first</source>
            <translation>Stillpoint: was zuerst nachzuprüfen ist</translation>
        </message>
        <message>
            <location filename="../../ui/triage_export.py" />
            <source>Stillpoint: writing {name}</source>
            <translation>Stillpoint: {name} wird geschrieben</translation>
        </message>
        <message>
            <location filename="../../ui/train_dialog.py" />
            <source>Stop and &amp;keep the best</source>
            <translation>Anhalten, bestes &amp;behalten</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <source>Stop reviewing; every label is saved already (Esc)</source>
            <translation>Nachprüfung beenden; jedes Label ist schon gespeichert (Esc)</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_dock.py" />
            <location filename="../../ui/job_dialog.py" />
            <location filename="../../ui/setup_dialog.py" />
            <source>Stopping…</source>
            <translation>Wird angehalten…</translation>
        </message>
        <message>
            <location filename="../../ui/series_toolbar.py" />
            <source>Subtract the series of the current point from all others</source>
            <translation>Die Zeitreihe des aktuellen Punkts von allen anderen abziehen</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/assess_scatterers.py" />
            <location filename="../../plugin/algorithms/base.py" />
            <location filename="../../plugin/algorithms/models.py" />
            <location filename="../../plugin/algorithms/select_interferograms.py" />
            <location filename="../../plugin/algorithms/select_scatterers.py" />
            <location filename="../../plugin/algorithms/track_offsets.py" />
            <location filename="../../plugin/algorithms/train_model.py" />
            <source>Summary</source>
            <translation>Zusammenfassung</translation>
        </message>
        <message>
            <location filename="../../ui/doctor_rows.py" />
            <source>Surroundings</source>
            <translation>Umfeld</translation>
        </message>
        <message>
            <location filename="../../ui/train_dialog.py" />
            <source>T&amp;rain</source>
            <translation>T&amp;rainieren</translation>
        </message>
        <message>
            <location filename="../../models/jobs/interferograms.py" />
            <location filename="../../models/jobs/scatterers.py" />
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>Table</source>
            <translation>Tabelle</translation>
        </message>
        <message>
            <location filename="../../ui/triage_board.py" />
            <source>Table of a selection</source>
            <translation>Tabelle einer Auswahl</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>Table of a selection of interferograms, for the drawing of the network of pairs</source>
            <translation>Tabelle einer Auswahl von Interferogrammen, für die Zeichnung des Netzes der Paare</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/report.py" />
            <source>Table of a selection of interferograms, for the drawing of the network; empty takes that of the layers.</source>
            <translation>Tabelle einer Auswahl von Interferogrammen, für die Zeichnung des Netzes; leer nimmt die der Layer.</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>Table of pai&amp;rs</source>
            <translation>Tabelle der Paa&amp;re</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/report.py" />
            <source>Table of pairs</source>
            <translation>Tabelle der Paare</translation>
        </message>
        <message>
            <location filename="../../ui/triage_export.py" />
            <source>Table with my decisions…</source>
            <translation>Tabelle mit meinen Entscheidungen…</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>Tables (*.csv)</source>
            <translation>Tabellen (*.csv)</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <location filename="../../ui/triage_board.py" />
            <source>Tables (*.csv);;All files (*)</source>
            <translation>Tabellen (*.csv);;Alle Dateien (*)</translation>
        </message>
        <message>
            <location filename="../../ui/triage_filters.py" />
            <source>Take every filter away</source>
            <translation>Jeden Filter wegnehmen</translation>
        </message>
        <message>
            <location filename="../../ui/review_keys.py" />
            <source>Take the last label back, and look at it again (Backspace)</source>
            <translation>Das letzte Label zurücknehmen und es noch einmal ansehen (Rücktaste)</translation>
        </message>
        <message>
            <location filename="../../ui/tour.py" />
            <source>Take the tour</source>
            <translation>Rundgang machen</translation>
        </message>
        <message>
            <location filename="../../ui/train_progress.py" />
            <source>Take this model wherever none is named, in dialogs and in Processing</source>
            <translation>Dieses Modell nehmen, wo keines genannt ist, in Dialogen und in der Verarbeitung</translation>
        </message>
        <message>
            <location filename="../../ui/train_dialog.py" />
            <source>Take up the earlier training where it stopped, with the same data and settings</source>
            <translation>Das frühere Training fortsetzen, wo es anhielt, mit denselben Daten und Einstellungen</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <location filename="../../plugin/provenance.py" />
            <location filename="../../ui/library_words.py" />
            <source>Task</source>
            <translation>Aufgabe</translation>
        </message>
        <message>
            <location filename="../../ui/triage_export.py" />
            <source>Template (*.cfg *.txt)</source>
            <translation>Vorlage (*.cfg *.txt)</translation>
        </message>
        <message>
            <location filename="../../ui/triage_export.py" />
            <source>Template for MintPy…</source>
            <translation>Vorlage für MintPy…</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <source>Temporal coherence</source>
            <translation>Zeitliche Kohärenz</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_dialog.py" />
            <source>Temporary file; .vrt refers to the files, .tif copies them</source>
            <translation>Temporäre Datei; .vrt verweist auf die Dateien, .tif kopiert sie</translation>
        </message>
        <message>
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>Temporary file; choose one to keep it and what you decide</source>
            <translation>Temporäre Datei, außer Sie wählen eine; sie hält Entscheidungen</translation>
        </message>
        <message>
            <location filename="../../ui/assess_dialog.py" />
            <location filename="../../ui/classify_dialog.py" />
            <location filename="../../ui/estimate_series_dialog.py" />
            <location filename="../../ui/track_offsets_dialog.py" />
            <location filename="../../ui/widgets/output_files.py" />
            <source>Temporary file; choose one to keep the result</source>
            <translation>Temporäre Datei, außer Sie wählen eine</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>Terrain</source>
            <translation>Gelände</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <source>Test</source>
            <translation>Test</translation>
        </message>
        <message>
            <location filename="../../ui/triage_export.py" />
            <source>Text (*.txt)</source>
            <translation>Text (*.txt)</translation>
        </message>
        <message>
            <location filename="../../models/jobs/doctor.py" />
            <source>Text file for a report to hand on: without your home folder, user name, computer's name, passwords and tokens.</source>
            <translation>Textdatei für einen Bericht zum Weitergeben: ohne Ihren Benutzerordner, Benutzernamen, Rechnernamen, Passwörter und Token.</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>That of the chosen layers</source>
            <translation>Die der gewählten Layer</translation>
        </message>
        <message>
            <location filename="../../ui/review_words.py" />
            <source>That was the last one. Choose another order or class to see more, or train on the labels.</source>
            <translation>Das war das letzte. Wählen Sie eine andere Reihenfolge oder Klasse, um mehr zu sehen, oder trainieren Sie mit den Labels.</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>That was the tour</source>
            <translation>Das war der Rundgang</translation>
        </message>
        <message>
            <location filename="../../plugin/installation.py" />
            <source>The Python program that QGIS runs on was not found. Choose an interpreter of your own in the set-up.</source>
            <translation>Das Python-Programm, auf dem QGIS läuft, wurde nicht gefunden. Wählen Sie in der Einrichtung einen eigenen Interpreter.</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_words.py" />
            <source>The amplitude stack {name} holds {quantity}. Choose a stack of amplitudes or complex images.</source>
            <translation>Der Amplitudenstapel {name} enthält {quantity}. Wählen Sie einen Stapel von Amplituden oder komplexen Bildern.</translation>
        </message>
        <message>
            <location filename="../../plugin/pixel.py" />
            <source>The amplitudes beside the stack are of another grid and not shown.</source>
            <translation>Die Amplituden neben dem Stapel haben ein anderes Gitter und werden nicht gezeigt.</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_words.py" />
            <source>The amplitudes {name} have {first} pixels, the stack {stack} {second}: they must be of the same grid.</source>
            <translation>Die Amplituden {name} haben {first} Pixel, der Stapel {stack} {second}: sie müssen auf demselben Gitter liegen.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_dock.py" />
            <source>The analysis of {name} has ended.</source>
            <translation>Die Analyse von {name} ist beendet.</translation>
        </message>
        <message>
            <location filename="../../plugin/analysis.py" />
            <source>The analysis that the project keeps cannot be read: {error}</source>
            <translation>Die Analyse, die das Projekt enthält, ist nicht lesbar: {error}</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_arrows.py" />
            <source>The arrows {goal} cannot be written: {error}. Choose another folder.</source>
            <translation>Die Pfeile {goal} können nicht geschrieben werden: {error}. Wählen Sie einen anderen Ordner.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/motion.py" />
            <source>The baselines are not known: the height in the drawing only parts the lines.</source>
            <translation>Die Basislinien sind nicht bekannt: die Höhe in der Zeichnung trennt nur die Linien.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>The best that is installed</source>
            <translation>Die beste installierte</translation>
        </message>
        <message>
            <location filename="../../plugin/export.py" />
            <source>The binary field {name} was left out: the format has no such type.</source>
            <translation>Das binäre Feld {name} wurde weggelassen: das Format hat keinen solchen Typ.</translation>
        </message>
        <message>
            <location filename="../../plugin/triage_exports.py" />
            <source>The board has no stack. Choose it with Stack… first.</source>
            <translation>Die Tafel hat keinen Stapel. Wählen Sie ihn zuerst mit „Stapel…“.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/method.py" />
            <source>The card of the model {name} is not on this machine, so its figures and limits are not shown.</source>
            <translation>Der Steckbrief des Modells {name} ist nicht auf diesem Rechner, daher werden seine Kennzahlen und Grenzen nicht gezeigt.</translation>
        </message>
        <message>
            <location filename="../../ui/train_form.py" />
            <source>The card, the curves and the report are written beside it</source>
            <translation>Steckbrief, Kurven und Bericht werden daneben geschrieben</translation>
        </message>
        <message>
            <location filename="../../ui/doctor_dialog.py" />
            <source>The check was cancelled.</source>
            <translation>Die Prüfung wurde abgebrochen.</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor_repairs.py" />
            <source>The choice of the interpreter is Stillpoint's again.</source>
            <translation>Stillpoint wählt den Interpreter wieder selbst.</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <source>The classes of the model take turns, so that rare ones get labels too; spread over the map</source>
            <translation>Die Klassen des Modells wechseln sich ab, damit auch seltene Labels bekommen; über die Karte verteilt</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_words.py" />
            <source>The classical way: bright candidates whose phase stays near that of their surroundings on all dates.</source>
            <translation>Der klassische Weg: helle Kandidaten, deren Phase an allen Terminen nahe an der ihrer Umgebung bleibt.</translation>
        </message>
        <message>
            <location filename="../../ui/classify_dialog.py" />
            <source>The classified layer would overwrite its own points. Choose another file.</source>
            <translation>Der klassifizierte Layer würde seine eigenen Punkte überschreiben. Wählen Sie eine andere Datei.</translation>
        </message>
        <message>
            <location filename="../../ui/setup_dialog.py" />
            <source>The cluster is ready. {workers}</source>
            <translation>Der Cluster ist bereit. {workers}</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor.py" />
            <source>The cold start is slow: a network drive, or a virus scanner that looks at every file, may be why.</source>
            <translation>Der Kaltstart ist langsam: ein Netzlaufwerk oder ein Virenscanner, der jede Datei ansieht, kann der Grund sein.</translation>
        </message>
        <message>
            <location filename="../../ui/train_curves.py" />
            <source>The curves begin with the first epoch.</source>
            <translation>Die Kurven beginnen mit der ersten Epoche.</translation>
        </message>
        <message>
            <location filename="../../ui/train_progress.py" />
            <source>The curves of a training appear here, epoch by epoch.</source>
            <translation>Die Kurven eines Trainings erscheinen hier, Epoche für Epoche.</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor_repairs.py" />
            <source>The damaged list is now called {name}. Import your models again to use them.</source>
            <translation>Die beschädigte Liste heißt jetzt {name}. Importieren Sie Ihre Modelle wieder, um sie zu verwenden.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>The date {days} would be lost</source>
            <translation>Der Termin {days} ginge verloren</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/fields.py" />
            <source>The default of the library (Stillpoint &gt; Models)</source>
            <translation>Der Standard der Bibliothek (Stillpoint &gt; Modelle)</translation>
        </message>
        <message>
            <location filename="../../plugin/pip_output.py" />
            <source>The disk is full. Free some space, or choose the build for the CPU only.</source>
            <translation>Der Datenträger ist voll. Schaffen Sie Platz, oder wählen Sie die Variante nur für die CPU.</translation>
        </message>
        <message>
            <location filename="../../plugin/sample.py" />
            <source>The disk of {folder} has {free:.0f} MB free, and the sample needs {needed:.0f} MB. Choose another folder.</source>
            <translation>Auf dem Datenträger von {folder} sind {free:.0f} MB frei, und das Beispiel braucht {needed:.0f} MB. Wählen Sie einen anderen Ordner.</translation>
        </message>
        <message>
            <location filename="../../plugin/installation.py" />
            <source>The disk of {parent} has {free:.1f} GB free, but {needed:.0f} GB are needed. Free some space, or choose the build for the CPU only.</source>
            <translation>Auf dem Datenträger von {parent} sind {free:.1f} GB frei, aber {needed:.0f} GB nötig. Schaffen Sie Platz, oder wählen Sie die Variante nur für die CPU.</translation>
        </message>
        <message>
            <location filename="../../plugin/endings.py" />
            <source>The engine crashed ({name}), as faulty drivers and libraries do. Try the device cpu, or check the engine in Stillpoint's set-up. {lost}</source>
            <translation>Das Rechenprogramm ist abgestürzt ({name}), wie es fehlerhafte Treiber und Bibliotheken tun. Versuchen Sie das Gerät cpu, oder prüfen Sie das Rechenprogramm in der Einrichtung von Stillpoint. {lost}</translation>
        </message>
        <message>
            <location filename="../../plugin/endings.py" />
            <source>The engine does not start: {last} Open Stillpoint's set-up and check it.</source>
            <translation>Das Rechenprogramm startet nicht: {last} Öffnen Sie die Einrichtung von Stillpoint und prüfen Sie es.</translation>
        </message>
        <message>
            <location filename="../../plugin/endings.py" />
            <source>The engine ended unexpectedly (exit status {status}). {lost}</source>
            <translation>Das Rechenprogramm endete unerwartet (Status {status}). {lost}</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor.py" />
            <source>The engine has the numpy and GDAL of QGIS.</source>
            <translation>Das Rechenprogramm hat numpy und GDAL von QGIS.</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor.py" />
            <source>The engine has {versions}. That works, as both only share files; a format that one of them is too old for is read by the other alone.</source>
            <translation>Das Rechenprogramm hat {versions}. Das geht, da beide nur Dateien teilen; ein Format, für das eines zu alt ist, liest nur das andere.</translation>
        </message>
        <message>
            <location filename="../../ui/setup_dialog.py" />
            <source>The engine is ready; every device computes what it should.</source>
            <translation>Das Rechenprogramm ist bereit; jedes Gerät rechnet, wie es soll.</translation>
        </message>
        <message>
            <location filename="../../plugin/endings.py" />
            <source>The engine ran out of memory. Close other programs or choose another device. {lost}</source>
            <translation>Dem Rechenprogramm ging der Speicher aus. Schließen Sie andere Programme, oder wählen Sie ein anderes Gerät. {lost}</translation>
        </message>
        <message>
            <location filename="../../ui/setup_dialog.py" />
            <source>The engine runs in {path} ({origin}), Python {python}, torch {torch}.</source>
            <translation>Das Rechenprogramm läuft in {path} ({origin}), Python {python}, torch {torch}.</translation>
        </message>
        <message>
            <location filename="../../ui/train_progress.py" />
            <source>The engine starts</source>
            <translation>Das Rechenprogramm startet</translation>
        </message>
        <message>
            <location filename="../../plugin/endings.py" />
            <source>The engine was ended from outside (killed), which the system does when memory runs out. Close other programs and try again. {lost}</source>
            <translation>Das Rechenprogramm wurde von außen beendet; das tut das System, wenn der Speicher ausgeht. Schließen Sie andere Programme und versuchen Sie es noch einmal. {lost}</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor.py" />
            <source>The engine was started and did not answer: {reason}</source>
            <translation>Das Rechenprogramm wurde gestartet und antwortete nicht: {reason}</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>The engine's Python environment and its devices</source>
            <translation>Python-Umgebung des Rechenprogramms und seine Geräte</translation>
        </message>
        <message>
            <location filename="../../plugin/endings.py" />
            <source>The engine's environment is incomplete ({errors}). Open Stillpoint's set-up and repair it.</source>
            <translation>Die Umgebung des Rechenprogramms ist unvollständig ({errors}). Öffnen Sie die Einrichtung von Stillpoint und reparieren Sie sie.</translation>
        </message>
        <message>
            <location filename="../../plugin/installation.py" />
            <source>The environment cannot be created: {last_error}</source>
            <translation>Die Umgebung kann nicht angelegt werden: {last_error}</translation>
        </message>
        <message>
            <location filename="../../plugin/installation.py" />
            <source>The environment is complete</source>
            <translation>Die Umgebung ist vollständig</translation>
        </message>
        <message>
            <location filename="../../plugin/installation.py" />
            <source>The environment is ready</source>
            <translation>Die Umgebung ist bereit</translation>
        </message>
        <message>
            <location filename="../../plugin/installation.py" />
            <source>The environment was built but does not work. {problem}</source>
            <translation>Die Umgebung wurde gebaut, läuft aber nicht. {problem}</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <source>The field that holds the trend of each point, as its name or its code 0 to 4. Points without a value teach nothing.</source>
            <translation>Das Feld mit dem Trend jedes Punkts, als Name oder als Code 0 bis 4. Punkte ohne Wert lehren nichts.</translation>
        </message>
        <message>
            <location filename="../../plugin/training_sources.py" />
            <source>The field {field} is not in all of the data. Name the field of labels {value} in each.</source>
            <translation>Das Feld {field} ist nicht in allen Daten. Nennen Sie das Feld der Labels in jeder {value}.</translation>
        </message>
        <message>
            <location filename="../../plugin/training_sources.py" />
            <source>The field {field} of {name} is empty: choose the one that holds the labels.</source>
            <translation>Das Feld {field} von {name} ist leer: wählen Sie das mit den Labels.</translation>
        </message>
        <message>
            <location filename="../../plugin/export.py" />
            <source>The field {long} is called {short}: names in a shapefile have ten characters.</source>
            <translation>Das Feld {long} heißt {short}: Namen in einem Shapefile haben zehn Zeichen.</translation>
        </message>
        <message>
            <location filename="../../plugin/export.py" />
            <source>The field {name} is called {name_2}: the coordinates have its name.</source>
            <translation>Das Feld {name} heißt {name_2}: die Koordinaten haben seinen Namen.</translation>
        </message>
        <message>
            <location filename="../../plugin/series.py" />
            <source>The field {series_field} holds {data:g} values, but the layer names {epochs} dates: classify the points again to make the two agree.</source>
            <translation>Das Feld {series_field} enthält {data:g} Werte, aber der Layer nennt {epochs} Termine: klassifizieren Sie die Punkte noch einmal, damit beide übereinstimmen.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>The files that it wrote were moved or deleted. Run it again.</source>
            <translation>Die Dateien, die er schrieb, wurden verschoben oder gelöscht. Führen Sie ihn erneut aus.</translation>
        </message>
        <message>
            <location filename="../../ui/train_progress.py" />
            <source>The first epoch has not ended yet.</source>
            <translation>Die erste Epoche ist noch nicht zu Ende.</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>The first ten minutes, step by step, on the sample project</source>
            <translation>Die ersten zehn Minuten, Schritt für Schritt, am Beispielprojekt</translation>
        </message>
        <message>
            <location filename="../../plugin/report/motion.py" />
            <source>The first {n} of {all} pairs.</source>
            <translation>Die ersten {n} von {all} Paaren.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_repeat.py" />
            <source>The folder changed since it was opened: new dates are taken in.</source>
            <translation>Der Ordner hat sich geändert, seit er geöffnet wurde: neue Termine werden aufgenommen.</translation>
        </message>
        <message>
            <location filename="../../plugin/analysis.py" />
            <source>The folder {folder} cannot be made ({reason}). Choose another one.</source>
            <translation>Der Ordner {folder} kann nicht angelegt werden ({reason}). Wählen Sie einen anderen.</translation>
        </message>
        <message>
            <location filename="../../plugin/sample.py" />
            <source>The folder {folder} cannot be made ({reason}). Choose another.</source>
            <translation>Der Ordner {folder} kann nicht angelegt werden ({reason}). Wählen Sie einen anderen.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/__init__.py" />
            <source>The folder {folder} cannot be written to. Choose another one.</source>
            <translation>In den Ordner {folder} kann nicht geschrieben werden. Wählen Sie einen anderen.</translation>
        </message>
        <message>
            <location filename="../../plugin/sample.py" />
            <source>The folder {folder} cannot be written to. Choose another.</source>
            <translation>In den Ordner {folder} kann nicht geschrieben werden. Wählen Sie einen anderen.</translation>
        </message>
        <message>
            <location filename="../../plugin/installation.py" />
            <source>The folder {parent} cannot be written ({strerror}). Check its permissions.</source>
            <translation>In den Ordner {parent} kann nicht geschrieben werden ({strerror}). Prüfen Sie seine Rechte.</translation>
        </message>
        <message>
            <location filename="../../plugin/export.py" />
            <source>The folder {parent} does not exist: make it first or choose another.</source>
            <translation>Den Ordner {parent} gibt es nicht: legen Sie ihn zuerst an, oder wählen Sie einen anderen.</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <source>The full width of the published network: for a graphics card and a day of time.</source>
            <translation>Die volle Breite des veröffentlichten Netzes: für eine Grafikkarte und einen Tag Zeit.</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <source>The full width of the published network: for a graphics card and some thousands of labelled pictures.</source>
            <translation>Die volle Breite des veröffentlichten Netzes: für eine Grafikkarte und einige tausend gelabelte Bilder.</translation>
        </message>
        <message>
            <location filename="../../ui/series_words.py" />
            <source>The ground that does not move</source>
            <translation>Der Boden, der sich nicht bewegt</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_run.py" />
            <source>The images do not reach into the chosen extent. Choose another one.</source>
            <translation>Die Bilder reichen nicht in die gewählte Ausdehnung. Wählen Sie eine andere.</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>The installed models, their cards, and which are used</source>
            <translation>Die installierten Modelle, ihre Steckbriefe, und welche verwendet werden</translation>
        </message>
        <message>
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>The kept interferograms: .vrt refers to the stack, .tif copies it</source>
            <translation>Die behaltenen Interferogramme: .vrt verweist auf den Stapel, .tif kopiert ihn</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_dock.py" />
            <source>The kept stack is being written by your choices. Run it then.</source>
            <translation>Der Stapel der behaltenen wird nach Ihren Entscheidungen geschrieben. Führen Sie es danach aus.</translation>
        </message>
        <message>
            <location filename="../../plugin/review_file.py" />
            <source>The labels cannot be written to {path}: {reason}. Choose another file for them; those of before are safe.</source>
            <translation>Die Labels können nicht nach {path} geschrieben werden: {reason}. Wählen Sie eine andere Datei für sie; die bisherigen sind sicher.</translation>
        </message>
        <message>
            <location filename="../../plugin/training_sources.py" />
            <source>The labels cannot be written to {path}: {strerror}.</source>
            <translation>Die Labels können nicht nach {path} geschrieben werden: {strerror}.</translation>
        </message>
        <message>
            <location filename="../../plugin/review_file.py" />
            <source>The labels {path} cannot be read: {error}.</source>
            <translation>Die Labels {path} sind nicht lesbar: {error}.</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>The landslides stand out by their classes. To see why a point has its class, open the Series Viewer.</source>
            <translation>Die Hangrutschungen fallen durch ihre Klassen auf. Um zu sehen, warum ein Punkt seine Klasse hat, öffnen Sie den Zeitreihenbetrachter.</translation>
        </message>
        <message>
            <location filename="../../plugin/run_again.py" />
            <source>The layer</source>
            <translation>Der Layer</translation>
        </message>
        <message>
            <location filename="../../plugin/provenance.py" />
            <source>The layer does not say with which parameters it was made.</source>
            <translation>Der Layer sagt nicht, mit welchen Parametern er entstand.</translation>
        </message>
        <message>
            <location filename="../../plugin/export.py" />
            <source>The layer has no displacement series that could be exported.</source>
            <translation>Der Layer hat keine Verschiebungszeitreihen, die exportiert werden könnten.</translation>
        </message>
        <message>
            <location filename="../../plugin/review_sources.py" />
            <source>The layer has no points that could be reviewed; a filter may leave none.</source>
            <translation>Der Layer hat keine Punkte, die nachgeprüft werden könnten; vielleicht lässt ein Filter keine übrig.</translation>
        </message>
        <message>
            <location filename="../../ui/review_dock.py" />
            <source>The layer was removed. Its labels are safe in {0}.</source>
            <translation>Der Layer wurde entfernt. Seine Labels sind sicher in {0}.</translation>
        </message>
        <message>
            <location filename="../../plugin/sources.py" />
            <source>The layer {name} cannot be written to {path}: {writer}.</source>
            <translation>Der Layer {name} kann nicht nach {path} geschrieben werden: {writer}.</translation>
        </message>
        <message>
            <location filename="../../plugin/sources.py" />
            <source>The layer {name} cannot be written to {path}: {writer}. Free some space on the disk of the temporary folder.</source>
            <translation>Der Layer {name} kann nicht nach {path} geschrieben werden: {writer}. Schaffen Sie Platz auf dem Datenträger des temporären Ordners.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_run.py" />
            <location filename="../../ui/widgets/raster_picker.py" />
            <source>The layer {name} comes from a server, not from a file. Save it as a file first.</source>
            <translation>Der Layer {name} kommt von einem Server, nicht aus einer Datei. Speichern Sie ihn zuerst als Datei.</translation>
        </message>
        <message>
            <location filename="../../plugin/assessments.py" />
            <source>The layer {name} could not be written for the engine.</source>
            <translation>Der Layer {name} konnte nicht für das Rechenprogramm geschrieben werden.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/method.py" />
            <source>The layer {name} does not say how it was made: neither the layer nor its file carries the parameters. That is so for layers that other programs made, and for copies that lost what Stillpoint wrote beside them.</source>
            <translation>Der Layer {name} sagt nicht, wie er entstand: weder er noch seine Datei trägt die Parameter. So ist es bei Layern, die andere Programme gemacht haben, und bei Kopien, die verloren haben, was Stillpoint daneben schrieb.</translation>
        </message>
        <message>
            <location filename="../../plugin/series.py" />
            <source>The layer {name} has a field {series_field}, but its file does not say the dates (STILLPOINT_DATES): open the file that Stillpoint wrote rather than a copy of its table.</source>
            <translation>Der Layer {name} hat ein Feld {series_field}, aber seine Datei nennt die Termine nicht (STILLPOINT_DATES): öffnen Sie die Datei, die Stillpoint geschrieben hat, statt einer Kopie ihrer Tabelle.</translation>
        </message>
        <message>
            <location filename="../../plugin/training_sources.py" />
            <source>The layer {name} has a field {value} beside {field}: choose that, or rename it, so that it is clear which one holds the labels.</source>
            <translation>Der Layer {name} hat neben {field} ein Feld {value}: wählen Sie dieses, oder benennen Sie es um, damit klar ist, welches die Labels enthält.</translation>
        </message>
        <message>
            <location filename="../../plugin/training_sources.py" />
            <source>The layer {name} has no field {field}.</source>
            <translation>Der Layer {name} hat kein Feld {field}.</translation>
        </message>
        <message>
            <location filename="../../plugin/layers.py" />
            <source>The layer {name} has no field {field}: classify its trends first.</source>
            <translation>Der Layer {name} hat kein Feld {field}: klassifizieren Sie zuerst seine Trends.</translation>
        </message>
        <message>
            <location filename="../../plugin/sources.py" />
            <source>The layer {name} has no points to classify (no features, or none selected).</source>
            <translation>Der Layer {name} hat keine Punkte zum Klassifizieren (keine Objekte, oder keine gewählt).</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_run.py" />
            <source>The layer {name} holds neither polygons nor a raster.</source>
            <translation>Der Layer {name} enthält weder Polygone noch ein Raster.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/picks.py" />
            <source>The layer {name} holds no points whose series could be shown.</source>
            <translation>Der Layer {name} enthält keine Punkte, deren Zeitreihen gezeigt werden könnten.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <source>The layer {name} holds no points.</source>
            <translation>Der Layer {name} enthält keine Punkte.</translation>
        </message>
        <message>
            <location filename="../../plugin/assessments.py" />
            <source>The layer {name} is neither a raster nor a vector layer that can be read.</source>
            <translation>Der Layer {name} ist weder ein Raster- noch ein Vektorlayer, der gelesen werden kann.</translation>
        </message>
        <message>
            <location filename="../../plugin/assessments.py" />
            <source>The layer {name} is no file; save it as a GeoTIFF first.</source>
            <translation>Der Layer {name} ist keine Datei; speichern Sie ihn zuerst als GeoTIFF.</translation>
        </message>
        <message>
            <location filename="../../ui/train_data.py" />
            <source>The layer {name} is no raster file. Save it as a GeoTIFF first.</source>
            <translation>Der Layer {name} ist keine Rasterdatei. Speichern Sie ihn zuerst als GeoTIFF.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/gather.py" />
            <source>The layer {name} is not valid: its file may have been moved. Repair its source, or leave it out.</source>
            <translation>Der Layer {name} ist ungültig: seine Datei wurde vielleicht verschoben. Reparieren Sie seine Quelle, oder lassen Sie ihn weg.</translation>
        </message>
        <message>
            <location filename="../../plugin/sources.py" />
            <location filename="../../ui/offsets_stable.py" />
            <location filename="../../ui/widgets/raster_picker.py" />
            <source>The layer {name} is not valid: its file may have been moved. Repair its source.</source>
            <translation>Der Layer {name} ist ungültig: seine Datei wurde vielleicht verschoben. Reparieren Sie seine Quelle.</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>The layout is no longer in the project.</source>
            <translation>Das Layout ist nicht mehr im Projekt.</translation>
        </message>
        <message>
            <location filename="../../plugin/pip_output.py" />
            <source>The libraries cannot be installed: {last_error} The log has the details.</source>
            <translation>Die Bibliotheken können nicht installiert werden: {last_error} Einzelheiten stehen im Protokoll.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/library.py" />
            <source>The library of models: lists those that came with Stillpoint and yours, imports and exports them with their cards, makes one the default of its task, compares two on your data, and checks that they are what they were.</source>
            <translation>Die Modellbibliothek: listet die mitgelieferten und Ihre eigenen Modelle, importiert und exportiert sie mit ihren Steckbriefen, macht eines zum Standard seiner Aufgabe, vergleicht zwei an Ihren Daten und prüft, ob sie unverändert sind.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_profile.py" />
            <source>The line does not touch {stem}. Draw it across the offsets.</source>
            <translation>Die Linie berührt {stem} nicht. Zeichnen Sie sie über die Versätze.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_profile.py" />
            <source>The line has no length: click at least two different places.</source>
            <translation>Die Linie hat keine Länge: klicken Sie mindestens zwei verschiedene Stellen an.</translation>
        </message>
        <message>
            <location filename="../../ui/help_dialog.py" />
            <source>The list of all pages</source>
            <translation>Die Liste aller Seiten</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor.py" />
            <source>The list of devices that it remembers cannot be read.</source>
            <translation>Die gemerkte Liste der Geräte ist nicht lesbar.</translation>
        </message>
        <message>
            <location filename="../../ui/train_split.py" />
            <source>The map cannot show the parts: they are whole scenes or dates, or the data have no coordinates.</source>
            <translation>Die Karte kann die Teile nicht zeigen: es sind ganze Szenen oder Termine, oder die Daten haben keine Koordinaten.</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>The map shows how probable it is that a pixel is a PS. Move the slider of PS Threshold and watch the city keep its houses while river and fields lose their last pixels. The layer True PS tells what is right.</source>
            <translation>Die Karte zeigt, wie wahrscheinlich ein Pixel ein PS ist. Bewegen Sie den Schieber der PS-Schwelle und sehen Sie zu, wie die Stadt ihre Häuser behält, während Fluss und Felder ihre letzten Pixel verlieren. Der Layer „Wahre PS“ sagt, was stimmt.</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_extent.py" />
            <source>The map shows no part of {name}. Zoom to its layer, then preview again.</source>
            <translation>Die Karte zeigt keinen Teil von {name}. Zoomen Sie auf den Layer, dann machen Sie die Vorschau noch einmal.</translation>
        </message>
        <message>
            <location filename="../../ui/train_split.py" />
            <source>The map shows the regions in the same colours. Figures on the test part can be trusted: the network never saw it, nor anything beside it.</source>
            <translation>Die Karte zeigt die Gebiete in denselben Farben. Den Kennzahlen am Testteil ist zu trauen: das Netz hat weder ihn noch etwas neben ihm gesehen.</translation>
        </message>
        <message>
            <location filename="../../ui/select_dialog.py" />
            <source>The mask is always written: 1 PS, 0 not, 255 no data</source>
            <translation>Die Maske wird immer geschrieben: 1 PS, 0 nicht, 255 keine Daten</translation>
        </message>
        <message>
            <location filename="../../plugin/scatterers_mask.py" />
            <source>The mask would overwrite the probability that it is made from. Choose another file.</source>
            <translation>Die Maske würde die Wahrscheinlichkeit überschreiben, aus der sie entsteht. Wählen Sie eine andere Datei.</translation>
        </message>
        <message>
            <location filename="../../plugin/scatterers_mask.py" />
            <source>The mask {goal} cannot be written: {reason}. Choose another file or folder.</source>
            <translation>Die Maske {goal} kann nicht geschrieben werden: {reason}. Wählen Sie eine andere Datei oder einen anderen Ordner.</translation>
        </message>
        <message>
            <location filename="../../ui/series_words.py" />
            <source>The mask {name} has {first} pixels, the stack {stack} {second}: they must be of the same grid. Use the mask that was selected in this stack.</source>
            <translation>Die Maske {name} hat {first} Pixel, der Stapel {stack} {second}: sie müssen auf demselben Gitter liegen. Verwenden Sie die Maske, die in diesem Stapel ausgewählt wurde.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/method.py" />
            <source>The mean coherence decides. It does not see unwrapping errors.</source>
            <translation>Die mittlere Kohärenz entscheidet. Abwicklungsfehler sieht sie nicht.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>The mean of the PS within this distance of the reference point is taken for stable; 0 takes the nearest PS alone.</source>
            <translation>Das Mittel der PS in diesem Abstand vom Referenzpunkt gilt als stabil; 0 nimmt allein den nächsten PS.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>The method found nothing wrong</source>
            <translation>Die Methode fand nichts Falsches</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>The method gave no reason</source>
            <translation>Die Methode gab keinen Grund an</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <location filename="../../ui/select_dialog.py" />
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>The method's own</source>
            <translation>Wie die Methode</translation>
        </message>
        <message>
            <location filename="../../plugin/review.py" />
            <source>The model gave no answer here that could be accepted.</source>
            <translation>Das Modell gab hier keine Antwort, der zugestimmt werden könnte.</translation>
        </message>
        <message>
            <location filename="../../ui/review_keys.py" />
            <source>The model gave no class</source>
            <translation>Das Modell gab keine Klasse</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <source>The model with its card and SHA-256 as one zip</source>
            <translation>Das Modell mit Steckbrief und SHA-256 als ein Zip</translation>
        </message>
        <message>
            <location filename="../../ui/train_dialog.py" />
            <source>The model {name} is trained.</source>
            <translation>Das Modell {name} ist trainiert.</translation>
        </message>
        <message>
            <location filename="../../ui/library_compare.py" />
            <source>The models agree on {share} of the cases.</source>
            <translation>Die Modelle stimmen in {share} der Fälle überein.</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_dialog.py" />
            <source>The most useful</source>
            <translation>Die nützlichste</translation>
        </message>
        <message>
            <location filename="../../ui/train_form.py" />
            <source>The network's own number</source>
            <translation>Die Zahl des Netzes</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_repeat.py" />
            <source>The new data</source>
            <translation>Die neuen Daten</translation>
        </message>
        <message>
            <location filename="../../ui/train_progress.py" />
            <source>The new model beside the others, on the test part</source>
            <translation>Das neue Modell neben den anderen, am Testteil</translation>
        </message>
        <message>
            <location filename="../../plugin/report/method.py" />
            <source>The number of phase residues decides: it sees noise, not unwrapping errors.</source>
            <translation>Die Zahl der Phasenresiduen entscheidet: sie sieht Rauschen, keine Abwicklungsfehler.</translation>
        </message>
        <message>
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>The number of places where the phase turns around a point decides: noisy pairs have many.</source>
            <translation>Die Zahl der Stellen, an denen sich die Phase um einen Punkt dreht, entscheidet: verrauschte Paare haben viele.</translation>
        </message>
        <message>
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>The offsets would overwrite an image. Choose another file.</source>
            <translation>Die Versätze würden ein Bild überschreiben. Wählen Sie eine andere Datei.</translation>
        </message>
        <message>
            <location filename="../../plugin/installation.py" />
            <source>The old environment {folder} is in use ({strerror}). Restart QGIS and try again.</source>
            <translation>Die alte Umgebung {folder} ist in Gebrauch ({strerror}). Starten Sie QGIS neu und versuchen Sie es noch einmal.</translation>
        </message>
        <message>
            <location filename="../../ui/estimate_series_dialog.py" />
            <location filename="../../ui/select_dialog.py" />
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>The one beside the stack</source>
            <translation>Der neben dem Stapel</translation>
        </message>
        <message>
            <location filename="../../ui/help_dialog.py" />
            <source>The page before (Alt+Left)</source>
            <translation>Die Seite davor (Alt+Links)</translation>
        </message>
        <message>
            <location filename="../../ui/train_progress.py" />
            <source>The page with all figures: curves, classes, confusion, calibration</source>
            <translation>Die Seite mit allen Kennzahlen: Kurven, Klassen, Verwechslungen, Kalibrierung</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>The pages stay in the project (Project &gt; Layouts), where you can change them and print again</source>
            <translation>Die Seiten bleiben im Projekt (Projekt &gt; Layouts), wo Sie sie ändern und noch einmal drucken können</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/report.py" />
            <source>The pages stay in the project, where they can be changed.</source>
            <translation>Die Seiten bleiben im Projekt, wo sie geändert werden können.</translation>
        </message>
        <message>
            <location filename="../../ui/job_dialog.py" />
            <source>The parameters are those of the earlier run. Results go to new files unless you name some.</source>
            <translation>Die Parameter sind die des früheren Laufs. Ergebnisse kommen in neue Dateien, wenn Sie keine nennen.</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <source>The parts of the map take turns, each with what the model is least sure of: labels are not all neighbours</source>
            <translation>Die Teile der Karte wechseln sich ab, jeder mit dem, wo das Modell am unsichersten ist: so sind nicht alle Labels Nachbarn</translation>
        </message>
        <message>
            <location filename="../../plugin/pixel.py" />
            <source>The phase is that of each image against {date}, with topography and atmosphere still in it.</source>
            <translation>Die Phase ist die jedes Bildes gegen den {date}; Topographie und Atmosphäre sind noch darin.</translation>
        </message>
        <message>
            <location filename="../../ui/plot/pictures.py" />
            <source>The picture {target} cannot be written: {reason}. Choose another folder.</source>
            <translation>Das Bild {target} kann nicht geschrieben werden: {reason}. Wählen Sie einen anderen Ordner.</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_threshold.py" />
            <source>The points begin at {0:.2f}; below that, the raster shows the pixels that would be added.</source>
            <translation>Die Punkte beginnen bei {0:.2f}; darunter zeigt das Raster die Pixel, die hinzukämen.</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>The points of the valley are chosen already. Click Classify: it runs in the background, and QGIS stays yours. The first start of the engine takes some seconds.</source>
            <translation>Die Punkte des Tals sind schon gewählt. Klicken Sie auf „Klassifizieren“: es läuft im Hintergrund, und QGIS bleibt frei. Der erste Start des Rechenprogramms dauert einige Sekunden.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_run.py" />
            <source>The polygons of {name} cover the images: there is no ground outside them.</source>
            <translation>Die Polygone von {name} decken die Bilder ab: außerhalb von ihnen gibt es keinen Boden.</translation>
        </message>
        <message>
            <location filename="../../plugin/scatterers_mask.py" />
            <source>The probability {path} cannot be read at row {row}: the file is damaged or gone.</source>
            <translation>Die Wahrscheinlichkeit {path} ist in Zeile {row} nicht lesbar: die Datei ist beschädigt oder weg.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_profile.py" />
            <source>The profile {goal} cannot be written: {strerror}. Choose another folder.</source>
            <translation>Das Profil {goal} kann nicht geschrieben werden: {strerror}. Wählen Sie einen anderen Ordner.</translation>
        </message>
        <message>
            <location filename="../../plugin/sample_map.py" />
            <source>The project {path} cannot be written: {reason}</source>
            <translation>Das Projekt {path} kann nicht geschrieben werden: {reason}</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <source>The published Siamese network with fewer channels, which a processor can train.</source>
            <translation>Das veröffentlichte siamesische Netz mit weniger Kanälen, das ein Prozessor trainieren kann.</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <source>The published U-Net, which sees mean amplitude and its dispersion over an area.</source>
            <translation>Das veröffentlichte U-Net, das mittlere Amplitude und ihre Dispersion über eine Fläche sieht.</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <source>The published convolutional network, which sees the series alone. To compare with the literature.</source>
            <translation>Das veröffentlichte Faltungsnetz, das allein die Zeitreihe sieht. Zum Vergleich mit der Literatur.</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <source>The published network of convolutions over the interferograms of a stack.</source>
            <translation>Das veröffentlichte Netz aus Faltungen über die Interferogramme eines Stapels.</translation>
        </message>
        <message>
            <location filename="../../ui/doctor_dialog.py" />
            <source>The python program of an environment with torch and GDAL</source>
            <translation>Das Programm python einer Umgebung mit torch und GDAL</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_words.py" />
            <source>The quickest: steady brightness stands in for a steady phase. Needs amplitudes and some 20 dates.</source>
            <translation>Am schnellsten: beständige Helligkeit steht für eine beständige Phase. Braucht Amplituden und etwa 20 Termine.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>The radar images or interferograms to analyse: a raster with a band a date or pair, or the folder of a product.</source>
            <translation>Die auszuwertenden Radarbilder oder Interferogramme: ein Raster mit einem Band je Termin oder Paar, oder der Ordner eines Produkts.</translation>
        </message>
        <message>
            <location filename="../../ui/select_dialog.py" />
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>The raster {path} cannot be opened.</source>
            <translation>Das Raster {path} kann nicht geöffnet werden.</translation>
        </message>
        <message>
            <location filename="../../plugin/stacks.py" />
            <source>The raster {path} cannot be opened: {reason}.</source>
            <translation>Das Raster {path} kann nicht geöffnet werden: {reason}.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_dock.py" />
            <source>The recipe is saved. stillpoint run-analysis runs it without a window.</source>
            <translation>Das Rezept ist gespeichert. stillpoint run-analysis führt es ohne Fenster aus.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_checks.py" />
            <source>The reference ({first}) is later than the secondary image ({second}): offsets would tell the way back.</source>
            <translation>Die Referenz ({first}) ist später als das zweite Bild ({second}): die Versätze würden den Rückweg angeben.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/method.py" />
            <source>The relation holds for bright pixels and some twenty dates or more; dark steady pixels are missed.</source>
            <translation>Die Beziehung gilt für helle Pixel und etwa zwanzig oder mehr Termine; dunkle beständige Pixel werden übersehen.</translation>
        </message>
        <message>
            <location filename="../../ui/assess_dialog.py" />
            <source>The report (.html) and the density map (.tif) are written beside the table</source>
            <translation>Bericht (.html) und Dichtekarte (.tif) werden neben die Tabelle geschrieben</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>The report has one page.</source>
            <translation>Der Bericht hat eine Seite.</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>The report has {n} pages.</source>
            <translation>Der Bericht hat {n} Seiten.</translation>
        </message>
        <message>
            <location filename="../../ui/setup_dialog.py" />
            <source>The report is in the clipboard.</source>
            <translation>Der Bericht ist in der Zwischenablage.</translation>
        </message>
        <message>
            <location filename="../../ui/doctor_dialog.py" />
            <source>The report is in the clipboard: without your home folder, user name, computer's name, passwords and tokens.</source>
            <translation>Der Bericht ist in der Zwischenablage: ohne Ihren Benutzerordner, Benutzernamen, Rechnernamen, Passwörter und Token.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/__init__.py" />
            <source>The report {path} cannot be written: {reason}. Close it where it is open, or choose another file.</source>
            <translation>Der Bericht {path} kann nicht geschrieben werden: {reason}. Schließen Sie ihn, wo er geöffnet ist, oder wählen Sie eine andere Datei.</translation>
        </message>
        <message>
            <location filename="../../ui/assess_dialog.py" />
            <source>The report {path} is no longer there.</source>
            <translation>Der Bericht {path} ist nicht mehr da.</translation>
        </message>
        <message>
            <location filename="../../plugin/library_layers.py" />
            <source>The result {path} is gone. Compare again.</source>
            <translation>Das Ergebnis {path} ist weg. Vergleichen Sie noch einmal.</translation>
        </message>
        <message>
            <location filename="../../plugin/layers.py" />
            <location filename="../../plugin/scatterers.py" />
            <source>The result {path} is no longer there; it may have been moved or deleted.</source>
            <translation>Das Ergebnis {path} ist nicht mehr da; es wurde vielleicht verschoben oder gelöscht.</translation>
        </message>
        <message>
            <location filename="../../ui/library_compare.py" />
            <source>The results of both models as layers, to look at them one over the other</source>
            <translation>Die Ergebnisse beider Modelle als Layer, um sie übereinander anzusehen</translation>
        </message>
        <message>
            <location filename="../../plugin/review_sources.py" />
            <source>The review was left.</source>
            <translation>Die Nachprüfung wurde beendet.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_layout.py" />
            <source>The runs of this analysis, the last one first</source>
            <translation>Die Läufe dieser Analyse, der letzte zuerst</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_repeat.py" />
            <source>The same data as last time. Choose another where the new dates are in another file.</source>
            <translation>Dieselben Daten wie beim letzten Mal. Wählen Sie andere, wenn die neuen Termine in einer anderen Datei sind.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_repeat.py" />
            <source>The same folder; nothing in it changed since.</source>
            <translation>Derselbe Ordner; nichts darin hat sich seither geändert.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>The same for the second file (Sentinel-1 descending about -168).</source>
            <translation>Dasselbe für die zweite Datei (Sentinel-1 absteigend etwa -168).</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>The same for the second file.</source>
            <translation>Dasselbe für die zweite Datei.</translation>
        </message>
        <message>
            <location filename="../../ui/combine_dialog.py" />
            <source>The same places with east-west velocity and series, positive to the east</source>
            <translation>Dieselben Orte mit Ost-West-Geschwindigkeit und Zeitreihe, positiv nach Osten</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_layout.py" />
            <source>The same recipe on new data, into a new folder and group of today; old results stay</source>
            <translation>Dasselbe Rezept mit neuen Daten, in einen neuen Ordner und eine Gruppe von heute; alte Ergebnisse bleiben</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>The same seed gives the same data.</source>
            <translation>Derselbe Startwert ergibt dieselben Daten.</translation>
        </message>
        <message>
            <location filename="../../ui/train_form.py" />
            <source>The same seed repeats the training and its split</source>
            <translation>Derselbe Startwert wiederholt das Training und seine Aufteilung</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>The same seed repeats the training and its split.</source>
            <translation>Derselbe Startwert wiederholt das Training und seine Aufteilung.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_repeat.py" />
            <source>The same steps with the same options run on new data, into a new folder and a new group of layers of today. What was computed before stays as it is.</source>
            <translation>Dieselben Schritte mit denselben Optionen laufen mit neuen Daten, in einen neuen Ordner und eine neue Layergruppe von heute. Was zuvor berechnet wurde, bleibt, wie es ist.</translation>
        </message>
        <message>
            <location filename="../../plugin/sample.py" />
            <source>The sample is ready</source>
            <translation>Das Beispiel ist fertig</translation>
        </message>
        <message>
            <location filename="../../ui/sample_dialog.py" />
            <source>The sample project is open.</source>
            <translation>Das Beispielprojekt ist geöffnet.</translation>
        </message>
        <message>
            <location filename="../../ui/sample_dialog.py" />
            <source>The sample was not opened: your project stays open.</source>
            <translation>Das Beispiel wurde nicht geöffnet: Ihr Projekt bleibt offen.</translation>
        </message>
        <message>
            <location filename="../../ui/sample_dialog.py" />
            <source>The sample will be made there.</source>
            <translation>Das Beispiel wird dort gemacht.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_checks.py" />
            <source>The search range of {search} px is large against the image of {least:,} px: near its rim features leave the image. {least_2} px would do unless motion is larger.</source>
            <translation>Der Suchbereich von {search} px ist groß gegen das Bild von {least:,} px: nahe an seinem Rand verlassen Merkmale das Bild. {least_2} px würden genügen, wenn die Bewegung nicht größer ist.</translation>
        </message>
        <message>
            <location filename="../../ui/select_dialog.py" />
            <source>The selected pixels as points, with their figures</source>
            <translation>Die ausgewählten Pixel als Punkte, mit ihren Kennzahlen</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>The series of a point</source>
            <translation>Die Zeitreihe eines Punkts</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>The set that gives the best velocity</source>
            <translation>Auswahl mit der besten Geschwindigkeit</translation>
        </message>
        <message>
            <location filename="../../plugin/report/method.py" />
            <source>The share of the area that has a phase decides, whatever the phase is.</source>
            <translation>Der Anteil der Fläche mit Phase entscheidet, gleich welche Phase es ist.</translation>
        </message>
        <message>
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>The share of the area that has a phase decides.</source>
            <translation>Der Anteil der Fläche mit Phase entscheidet.</translation>
        </message>
        <message>
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>The share of the area that is coherent decides. Needs a coherence stack.</source>
            <translation>Der Anteil der kohärenten Fläche entscheidet. Braucht einen Kohärenzstapel.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/method.py" />
            <source>The share of the coherent area decides. It does not see unwrapping errors.</source>
            <translation>Der Anteil der kohärenten Fläche entscheidet. Abwicklungsfehler sieht er nicht.</translation>
        </message>
        <message>
            <location filename="../../ui/train_form.py" />
            <source>The shipped model (fine-tune it)</source>
            <translation>Mitgeliefertes Modell (fein abstimmen)</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <source>The shipped model is the default again.</source>
            <translation>Das mitgelieferte Modell ist wieder der Standard.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_run.py" />
            <source>The stable ground {name} cannot be read: {done}</source>
            <translation>Der stabile Boden {name} kann nicht gelesen werden: {done}</translation>
        </message>
        <message>
            <location filename="../../ui/triage_looks.py" />
            <source>The stack has no band for this pair.</source>
            <translation>Der Stapel hat kein Band für dieses Paar.</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/select_interferograms.py" />
            <location filename="../../plugin/algorithms/select_scatterers.py" />
            <source>The stack is no raster file. Choose one that Open Stack made, or save it as a GeoTIFF.</source>
            <translation>Der Stapel ist keine Rasterdatei. Wählen Sie einen, den „Stapel öffnen“ gemacht hat, oder speichern Sie ihn als GeoTIFF.</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>The stack of images is chosen already. Click Select: the network judges every pixel by its history.</source>
            <translation>Der Stapel der Bilder ist schon gewählt. Klicken Sie auf „Auswählen“: das Netz beurteilt jeden Pixel nach seinem Verlauf.</translation>
        </message>
        <message>
            <location filename="../../ui/review_stage.py" />
            <source>The stack of this selection is not in the project: add it (Open Stack) to see amplitude and phase.</source>
            <translation>Der Stapel dieser Auswahl ist nicht im Projekt: fügen Sie ihn hinzu („Stapel öffnen“), um Amplitude und Phase zu sehen.</translation>
        </message>
        <message>
            <location filename="../../ui/library_compare.py" />
            <source>The stack that both models look at</source>
            <translation>Der Stapel, den beide Modelle ansehen</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <source>The stack that this step looks at</source>
            <translation>Der Stapel, den dieser Schritt ansieht</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_dialog.py" />
            <source>The stack would overwrite the product itself. Choose another file.</source>
            <translation>Der Stapel würde das Produkt selbst überschreiben. Wählen Sie eine andere Datei.</translation>
        </message>
        <message>
            <location filename="../../plugin/raster_layers.py" />
            <source>The stack {path} is no longer there; it may have been moved or deleted.</source>
            <translation>Der Stapel {path} ist nicht mehr da; er wurde vielleicht verschoben oder gelöscht.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/motion.py" />
            <source>The standard error is the median of those that the method gives for every offset.</source>
            <translation>Der Standardfehler ist der Median derer, die die Methode zu jedem Versatz angibt.</translation>
        </message>
        <message>
            <location filename="../../plugin/export.py" />
            <source>The table of a shapefile ends at 2 GB, but {count:,} points with {n} fields need {needed:.1f} GB: leave the series out, select fewer points, or export a GeoPackage.</source>
            <translation>Die Tabelle eines Shapefiles endet bei 2 GB, aber {count:,} Punkte mit {n} Feldern brauchen {needed:.1f} GB: lassen Sie die Zeitreihen weg, wählen Sie weniger Punkte, oder exportieren Sie ein GeoPackage.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/gather.py" />
            <source>The table of the selection is no longer where it was, so the network cannot be drawn. Choose it to see it.</source>
            <translation>Die Tabelle der Auswahl ist nicht mehr, wo sie war, daher kann das Netz nicht gezeichnet werden. Wählen Sie sie, um es zu sehen.</translation>
        </message>
        <message>
            <location filename="../../plugin/library_layers.py" />
            <source>The table {path} cannot be opened.</source>
            <translation>Die Tabelle {path} kann nicht geöffnet werden.</translation>
        </message>
        <message>
            <location filename="../../plugin/triage_table.py" />
            <source>The table {path} cannot be read: {strerror}.</source>
            <translation>Die Tabelle {path} ist nicht lesbar: {strerror}.</translation>
        </message>
        <message>
            <location filename="../../ui/class_chart.py" />
            <source>The table {path} cannot be written: {reason}. Choose another folder.</source>
            <translation>Die Tabelle {path} kann nicht geschrieben werden: {reason}. Wählen Sie einen anderen Ordner.</translation>
        </message>
        <message>
            <location filename="../../ui/series_picks.py" />
            <source>The table {target} cannot be written: {reason}. Choose another folder.</source>
            <translation>Die Tabelle {target} kann nicht geschrieben werden: {reason}. Wählen Sie einen anderen Ordner.</translation>
        </message>
        <message>
            <location filename="../../ui/assess_table.py" />
            <source>The tables stand here once the masks were compared.</source>
            <translation>Hier stehen die Tabellen, sobald die Masken verglichen sind.</translation>
        </message>
        <message>
            <location filename="../../ui/combine_dialog.py" />
            <source>The tracks have no time in common. Choose points that cover the same years.</source>
            <translation>Die Spuren haben keine gemeinsame Zeit. Wählen Sie Punkte, die dieselben Jahre abdecken.</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>The triage board</source>
            <translation>Die Sichtungstafel</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/reading.py" />
            <source>The wavelength {text} is no number: choose a band, or type millimetres such as 55.5.</source>
            <translation>Die Wellenlänge {text} ist keine Zahl: wählen Sie ein Band, oder geben Sie Millimeter ein, etwa 55.5.</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_dialog.py" />
            <source>The wavelength {text} is no number: type metres, such as 0.0555.</source>
            <translation>Die Wellenlänge {text} ist keine Zahl: geben Sie Meter ein, etwa 0.0555.</translation>
        </message>
        <message>
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>The whole image</source>
            <translation>Das ganze Bild</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_extent.py" />
            <source>The whole stack</source>
            <translation>Der ganze Stapel</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>The worst come first. Look at the pictures and at the network above; one key keeps or drops a pair (F1 lists all keys). Go on when you have seen enough: the board is then closed.</source>
            <translation>Die schlechtesten kommen zuerst. Sehen Sie die Bilder und das Netz darüber an; eine Taste behält oder verwirft ein Paar (F1 nennt alle Tasten). Gehen Sie weiter, wenn Sie genug gesehen haben: die Tafel wird dann geschlossen.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/zones.py" />
            <source>The zones {name} cannot be brought to the coordinates of the points.</source>
            <translation>Die Zonen {name} lassen sich nicht in die Koordinaten der Punkte bringen.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/zones.py" />
            <source>The zones {name} have no field {field}.</source>
            <translation>Die Zonen {name} haben kein Feld {field}.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/zones.py" />
            <source>The zones {name} hold no polygons.</source>
            <translation>Die Zonen {name} enthalten keine Polygone.</translation>
        </message>
        <message>
            <location filename="../../plugin/triage_rasters.py" />
            <source>The {what} {name} does not say which pairs its bands are of. Use Open Stack first.</source>
            <translation>{name} ({what}) sagt nicht, zu welchen Paaren die Bänder gehören. Verwenden Sie zuerst „Stapel öffnen“.</translation>
        </message>
        <message>
            <location filename="../../plugin/triage_rasters.py" />
            <source>The {what} {name} holds none of the pairs of {of}. Choose the one it was made from.</source>
            <translation>{name} ({what}) enthält keines der Paare von {of}. Wählen Sie den Stapel, aus dem es entstand.</translation>
        </message>
        <message>
            <location filename="../../ui/class_chart.py" />
            <source>There are no classes to export: choose a classified layer first.</source>
            <translation>Es gibt keine Klassen zu exportieren: wählen Sie zuerst einen klassifizierten Layer.</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor_repairs.py" />
            <source>There is no damaged list any more.</source>
            <translation>Es gibt keine beschädigte Liste mehr.</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_dialog.py" />
            <source>There is no folder or file {path}.</source>
            <translation>Es gibt keinen Ordner und keine Datei {path}.</translation>
        </message>
        <message>
            <location filename="../../plugin/review_layers.py" />
            <source>There is no folder that labels could be written to. Save the project in one first.</source>
            <translation>Es gibt keinen Ordner, in den Labels geschrieben werden könnten. Speichern Sie zuerst das Projekt in einem.</translation>
        </message>
        <message>
            <location filename="../../ui/review_dock.py" />
            <source>There is no folder {0}. Choose another one.</source>
            <translation>Es gibt keinen Ordner {0}. Wählen Sie einen anderen.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/__init__.py" />
            <location filename="../../ui/assess_dialog.py" />
            <location filename="../../ui/classify_dialog.py" />
            <location filename="../../ui/open_stack_dialog.py" />
            <location filename="../../ui/series_words.py" />
            <location filename="../../ui/track_offsets_dialog.py" />
            <location filename="../../ui/train_form.py" />
            <location filename="../../ui/widgets/output_files.py" />
            <source>There is no folder {folder}. Choose another one.</source>
            <translation>Es gibt keinen Ordner {folder}. Wählen Sie einen anderen.</translation>
        </message>
        <message>
            <location filename="../../plugin/scatterers_mask.py" />
            <source>There is no folder {parent}. Choose another one.</source>
            <translation>Es gibt keinen Ordner {parent}. Wählen Sie einen anderen.</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/base.py" />
            <source>There is no point layer or file {text}. Check its spelling and where it lies.</source>
            <translation>Es gibt keinen Punktlayer und keine Datei {text}. Prüfen Sie Schreibweise und Ort.</translation>
        </message>
        <message>
            <location filename="../../ui/profile_dock.py" />
            <source>There is no profile to export: draw a line on the map first.</source>
            <translation>Es gibt kein Profil zu exportieren: zeichnen Sie zuerst eine Linie auf der Karte.</translation>
        </message>
        <message>
            <location filename="../../ui/series_viewer.py" />
            <source>There is no series to export: click a point on the map first.</source>
            <translation>Es gibt keine Zeitreihe zu exportieren: klicken Sie zuerst einen Punkt auf der Karte an.</translation>
        </message>
        <message>
            <location filename="../../plugin/export.py" />
            <source>There is no space left on the disk of {parent}, so {name} was not written. Free some, or choose another folder.</source>
            <translation>Auf dem Datenträger von {parent} ist kein Platz mehr, daher wurde {name} nicht geschrieben. Schaffen Sie Platz, oder wählen Sie einen anderen Ordner.</translation>
        </message>
        <message>
            <location filename="../../ui/pixel_dock.py" />
            <source>There is no stack in the project: use Open Stack first.</source>
            <translation>Im Projekt ist kein Stapel: verwenden Sie zuerst „Stapel öffnen“.</translation>
        </message>
        <message>
            <location filename="../../plugin/pip_output.py" />
            <source>There is no {name} for this Python on this system. Update QGIS, or choose an interpreter of your own.</source>
            <translation>Es gibt kein {name} für dieses Python auf diesem System. Aktualisieren Sie QGIS, oder wählen Sie einen eigenen Interpreter.</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <source>There is nothing to learn from.</source>
            <translation>Es gibt nichts, woraus zu lernen wäre.</translation>
        </message>
        <message>
            <location filename="../../ui/job_dialog.py" />
            <source>These inputs are no longer where they were: {names}. Choose them again.</source>
            <translation>Diese Eingaben sind nicht mehr, wo sie waren: {names}. Wählen Sie sie neu.</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_dialog.py" />
            <source>This is a single band. Scatterers and quality need a series: choose the folder that holds them all.</source>
            <translation>Das ist ein einzelnes Band. Scatterer und Güte brauchen eine Reihe: wählen Sie den Ordner mit allen.</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/scheduler_field.py" />
            <source>This is no address of a scheduler. Write it as tcp://host:8786, as the scheduler says itself.</source>
            <translation>Das ist keine Adresse eines Schedulers. Schreiben Sie sie als tcp://host:8786, wie der Scheduler selbst sie nennt.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_repeat.py" />
            <source>This is other data than last time.</source>
            <translation>Das sind andere Daten als beim letzten Mal.</translation>
        </message>
        <message>
            <location filename="../../ui/review_show.py" />
            <source>This layer has no displacement series to show. Look at the map.</source>
            <translation>Dieser Layer hat keine Verschiebungszeitreihen zu zeigen. Sehen Sie auf die Karte.</translation>
        </message>
        <message>
            <location filename="../../ui/series_panel.py" />
            <source>This layer is not classified yet. A straight line is fitted.</source>
            <translation>Dieser Layer ist noch nicht klassifiziert. Eine Gerade ist angepasst.</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor_repairs.py" />
            <location filename="../../ui/setup_dialog.py" />
            <source>This machine computes.</source>
            <translation>Dieser Rechner rechnet.</translation>
        </message>
        <message>
            <location filename="../../ui/library_card.py" />
            <source>This model has no card: nobody says what it was trained on and where it fails.</source>
            <translation>Dieses Modell hat keinen Steckbrief: niemand sagt, woran es trainiert wurde und wo es versagt.</translation>
        </message>
        <message>
            <location filename="../../ui/review_stage.py" />
            <location filename="../../ui/series_viewer.py" />
            <source>This series has no value.</source>
            <translation>Diese Zeitreihe hat keinen Wert.</translation>
        </message>
        <message>
            <location filename="../../ui/pixel_dock.py" />
            <location filename="../../ui/review_stage.py" />
            <source>This stack has no amplitudes beside it.</source>
            <translation>Dieser Stapel hat keine Amplituden neben sich.</translation>
        </message>
        <message>
            <location filename="../../ui/pixel_dock.py" />
            <source>This stack has no phase.</source>
            <translation>Dieser Stapel hat keine Phase.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <source>This step</source>
            <translation>Dieser Schritt</translation>
        </message>
        <message>
            <location filename="../../ui/series_words.py" />
            <source>Those of all files</source>
            <translation>Die aller Dateien</translation>
        </message>
        <message>
            <location filename="../../ui/series_words.py" />
            <source>Those of the first file</source>
            <translation>Die der ersten Datei</translation>
        </message>
        <message>
            <location filename="../../ui/select_dialog.py" />
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>Thresh&amp;old</source>
            <translation>Schwe&amp;lle</translation>
        </message>
        <message>
            <location filename="../../models/jobs/interferograms.py" />
            <location filename="../../models/jobs/scatterers.py" />
            <location filename="../../plugin/provenance.py" />
            <source>Threshold</source>
            <translation>Schwelle</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_threshold.py" />
            <source>Threshold of the probability</source>
            <translation>Schwelle der Wahrscheinlichkeit</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>Tick at least one layer, or choose the table of a selection of interferograms.</source>
            <translation>Kreuzen Sie mindestens einen Layer an, oder wählen Sie die Tabelle einer Auswahl von Interferogrammen.</translation>
        </message>
        <message>
            <location filename="../../ui/assess_dialog.py" />
            <source>Tick the PS masks to compare: layers of the project, or files.</source>
            <translation>Kreuzen Sie die zu vergleichenden PS-Masken an: Layer des Projekts oder Dateien.</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>Time against perpendicular baseline</source>
            <translation>Zeit gegen senkrechte Basislinie</translation>
        </message>
        <message>
            <location filename="../../plugin/provenance.py" />
            <source>Time taken</source>
            <translation>Dauer</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/report.py" />
            <source>Title</source>
            <translation>Titel</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/report.py" />
            <source>Title of the report; empty names it after the first result.</source>
            <translation>Titel des Berichts; leer benennt ihn nach dem ersten Ergebnis.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>To be chosen</source>
            <translation>Zu wählen</translation>
        </message>
        <message>
            <location filename="../../ui/doctor_rows.py" />
            <source>To look at</source>
            <translation>Anzusehen</translation>
        </message>
        <message>
            <location filename="../../ui/series_words.py" />
            <location filename="../../ui/widgets/fields.py" />
            <source>To the left (NISAR)</source>
            <translation>Nach links (NISAR)</translation>
        </message>
        <message>
            <location filename="../../ui/series_words.py" />
            <location filename="../../ui/widgets/fields.py" />
            <source>To the right (all usual missions)</source>
            <translation>Nach rechts (alle üblichen Missionen)</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>Touching pixels</source>
            <translation>Benachbarte Pixel</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <location filename="../../ui/tour_bubble.py" />
            <source>Tour</source>
            <translation>Rundgang</translation>
        </message>
        <message>
            <location filename="../../ui/series_words.py" />
            <source>Towards the satellite</source>
            <translation>Zum Satelliten hin</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>Track</source>
            <translation>Messen</translation>
        </message>
        <message>
            <location filename="../../ui/track_offsets_dialog.py" />
            <source>Track Offsets</source>
            <translation>Versätze messen</translation>
        </message>
        <message>
            <location filename="../../ui/profile_dock.py" />
            <source>Track Offsets makes the maps of offsets that a profile is read from.</source>
            <translation>„Versätze messen“ macht die Versatzkarten, aus denen ein Profil gelesen wird.</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Track Offsets…</source>
            <translation>Versätze messen…</translation>
        </message>
        <message>
            <location filename="../../models/jobs/offsets.py" />
            <source>Track offsets</source>
            <translation>Versätze messen</translation>
        </message>
        <message>
            <location filename="../../ui/train_dialog.py" />
            <source>Train a Model</source>
            <translation>Modell trainieren</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Train a Model…</source>
            <translation>Modell trainieren…</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>Train a model</source>
            <translation>Modell trainieren</translation>
        </message>
        <message>
            <location filename="../../ui/triage_export.py" />
            <source>Train on my corrections…</source>
            <translation>Mit meinen Berichtigungen trainieren…</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <source>Train on these labels…</source>
            <translation>Mit diesen Labels trainieren…</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <location filename="../../ui/train_dialog.py" />
            <source>Training</source>
            <translation>Training</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <location filename="../../ui/train_data.py" />
            <source>Training data</source>
            <translation>Trainingsdaten</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/train_model.py" />
            <source>Training data: there is no layer, file or folder {text}. Check its spelling and where it lies.</source>
            <translation>Trainingsdaten: es gibt keinen Layer, keine Datei und keinen Ordner {text}. Prüfen Sie Schreibweise und Ort.</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <source>Training: {rare} is rare ({counts:,} of {values:,} examples). The training weighs it up, but more labels of it help more.</source>
            <translation>Training: {rare} ist selten ({counts:,} von {values:,} Beispielen). Das Training gewichtet es höher, aber mehr Labels davon helfen mehr.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>Trains or fine-tunes one of the networks on simulated data, on yours, or on a mix of both; writes the model, its card, its curves, and a page that compares it with the shipped model and the classical method.</source>
            <translation>Trainiert eines der Netze oder stimmt es fein ab, an simulierten Daten, an Ihren oder an einer Mischung; schreibt das Modell, seinen Steckbrief, seine Kurven und eine Seite, die es mit dem mitgelieferten Modell und der klassischen Methode vergleicht.</translation>
        </message>
        <message>
            <location filename="../../ui/series_picks.py" />
            <source>Trend</source>
            <translation>Trend</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Trend class of every point of a series</source>
            <translation>Trendklasse jedes Punkts einer Zeitreihe</translation>
        </message>
        <message>
            <location filename="../../plugin/report/gather.py" />
            <source>Trend classes</source>
            <translation>Trendklassen</translation>
        </message>
        <message>
            <location filename="../../ui/library_words.py" />
            <source>Trend tests</source>
            <translation>Trendtests</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <location filename="../../ui/library_words.py" />
            <location filename="../../ui/train_words.py" />
            <source>Trends</source>
            <translation>Trends</translation>
        </message>
        <message>
            <location filename="../../ui/triage_toolbar.py" />
            <source>Triage</source>
            <translation>Sichtung</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>Triage board…</source>
            <translation>Sichtungstafel…</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/scheduler_field.py" />
            <source>Tries the cluster, and computes there from now on where it serves</source>
            <translation>Probiert den Cluster aus und rechnet von da an dort, wo er taugt</translation>
        </message>
        <message>
            <location filename="../../plugin/sample_map.py" />
            <source>True PS</source>
            <translation>Wahre PS</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <source>True offsets of simulated pairs</source>
            <translation>Wahre Versätze simulierter Paare</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <source>True scatterers of simulated stacks</source>
            <translation>Wahre Scatterer simulierter Stapel</translation>
        </message>
        <message>
            <location filename="../../plugin/sample_map.py" />
            <source>True trends</source>
            <translation>Wahre Trends</translation>
        </message>
        <message>
            <location filename="../../plugin/sample_map.py" />
            <source>True velocity (mm/yr)</source>
            <translation>Wahre Geschwindigkeit (mm/a)</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>Two amplitude images of a glacier, some days apart. Where the phase is lost, features can still be followed. Click Track Offsets.</source>
            <translation>Zwei Amplitudenbilder eines Gletschers, einige Tage auseinander. Wo die Phase verloren ist, lassen sich Merkmale noch verfolgen. Klicken Sie auf „Versätze messen“.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/method.py" />
            <source>Two lines of sight hardly see motion to the north: it is assumed to be none.</source>
            <translation>Zwei Sichtlinien sehen Bewegung nach Norden kaum: es wird angenommen, dass es keine gibt.</translation>
        </message>
        <message>
            <location filename="../../plugin/training_sources.py" />
            <source>Two of the data come from files of one name ({twice}): train with one of them.</source>
            <translation>Zwei der Daten kommen aus gleichnamigen Dateien ({twice}): trainieren Sie mit einer davon.</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/output_files.py" />
            <source>Two results have the same file. Give each a file of its own.</source>
            <translation>Zwei Ergebnisse haben dieselbe Datei. Geben Sie jedem eine eigene.</translation>
        </message>
        <message>
            <location filename="../../plugin/scatterer_facts.py" />
            <location filename="../../ui/library_words.py" />
            <source>U-Net</source>
            <translation>U-Net</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <location filename="../../ui/widgets/fields.py" />
            <source>U-Net of Tai et al.</source>
            <translation>U-Net von Tai et al.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_toolbar.py" />
            <source>Uncertain</source>
            <translation>Unsichere</translation>
        </message>
        <message>
            <location filename="../../ui/review_keys.py" />
            <location filename="../../ui/triage_toolbar.py" />
            <source>Undo</source>
            <translation>Rückgängig</translation>
        </message>
        <message>
            <location filename="../../models/jobs/points.py" />
            <source>Unit</source>
            <translation>Einheit</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/reading.py" />
            <source>Unit of the displacements in the file, where it was read wrongly</source>
            <translation>Einheit der Verschiebungen in der Datei, wo sie falsch gelesen wurde</translation>
        </message>
        <message>
            <location filename="../../ui/series_toolbar.py" />
            <source>Unit of the displacements in this layer's columns</source>
            <translation>Einheit der Verschiebungen in den Spalten dieses Layers</translation>
        </message>
        <message>
            <location filename="../../models/jobs/points.py" />
            <source>Unit of the displacements; auto reads it from the file's format and values.</source>
            <translation>Einheit der Verschiebungen; auto erkennt sie an Format und Werten der Datei.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/offsets.py" />
            <source>Units</source>
            <translation>Einheiten</translation>
        </message>
        <message>
            <location filename="../../models/jobs/offsets.py" />
            <source>Units of the offsets; metres a day needs the dates of both images.</source>
            <translation>Einheiten der Versätze; Meter pro Tag braucht die Termine beider Bilder.</translation>
        </message>
        <message>
            <location filename="../../plugin/pip_output.py" />
            <source>Unpacking the libraries (this takes some minutes)</source>
            <translation>Bibliotheken werden entpackt (das dauert einige Minuten)</translation>
        </message>
        <message>
            <location filename="../../plugin/pixel.py" />
            <source>Unsteady phase</source>
            <translation>Unbeständige Phase</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <source>Unwrap. error</source>
            <translation>Abwickl.-Fehler</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>Unwrapped phase</source>
            <translation>Abgewickelte Phase</translation>
        </message>
        <message>
            <location filename="../../ui/triage_toolbar.py" />
            <source>Unwrapped, each its own</source>
            <translation>Abgewickelt, je eigener</translation>
        </message>
        <message>
            <location filename="../../ui/triage_toolbar.py" />
            <source>Unwrapped, one scale</source>
            <translation>Abgewickelt, ein Maßstab</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <location filename="../../ui/analysis_words.py" />
            <source>Unwrapping</source>
            <translation>Abwicklung</translation>
        </message>
        <message>
            <location filename="../../ui/series_words.py" />
            <source>Up</source>
            <translation>Vertikal</translation>
        </message>
        <message>
            <location filename="../../ui/class_chart.py" />
            <source>Update</source>
            <translation>Aktualisieren</translation>
        </message>
        <message>
            <location filename="../../plugin/installation.py" />
            <source>Updating pip</source>
            <translation>pip wird aktualisiert</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/scheduler_field.py" />
            <source>Use &amp;cluster</source>
            <translation>&amp;Cluster verwenden</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <source>Use my choices</source>
            <translation>Meine Entscheidungen verwenden</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_dock.py" />
            <source>Use my {n} choices</source>
            <translation>Meine {n} Entscheidungen verwenden</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor_repairs.py" />
            <source>Use the shipped model</source>
            <translation>Mitgeliefertes Modell verwenden</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <source>Use this model wherever none is named: in dialogs, Processing and on the command line</source>
            <translation>Dieses Modell überall verwenden, wo keines genannt ist: in Dialogen, Verarbeitung und auf der Kommandozeile</translation>
        </message>
        <message>
            <location filename="../../ui/library_words.py" />
            <source>Used</source>
            <translation>Verwendet</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor_repairs.py" />
            <source>Used from now on: {names}.</source>
            <translation>Von jetzt an verwendet: {names}.</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <source>Used wherever no model is named</source>
            <translation>Wird überall verwendet, wo kein Modell genannt ist</translation>
        </message>
        <message>
            <location filename="../../models/jobs/interferograms.py" />
            <source>VRT or GeoTIFF of the kept interferograms to write; empty writes none.</source>
            <translation>Zu schreibendes VRT oder GeoTIFF der behaltenen Interferogramme; leer schreibt keines.</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <source>Validation</source>
            <translation>Validierung</translation>
        </message>
        <message>
            <location filename="../../plugin/sample_map.py" />
            <source>Valley: displacement series of points</source>
            <translation>Tal: Verschiebungszeitreihen von Punkten</translation>
        </message>
        <message>
            <location filename="../../ui/library_agreement.py" />
            <location filename="../../ui/library_card.py" />
            <source>Value</source>
            <translation>Wert</translation>
        </message>
        <message>
            <location filename="../../models/jobs/interferograms.py" />
            <location filename="../../plugin/report/results.py" />
            <location filename="../../ui/select_interferograms_dialog.py" />
            <location filename="../../ui/series_panel.py" />
            <source>Velocity</source>
            <translation>Geschwindigkeit</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <source>Velocity (mm/yr), {sense}</source>
            <translation>Geschwindigkeit (mm/a), {sense}</translation>
        </message>
        <message>
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>Velocity by all interferograms, by the kept ones, and their difference</source>
            <translation>Geschwindigkeit aus allen Interferogrammen, aus den behaltenen und ihre Differenz</translation>
        </message>
        <message>
            <location filename="../../ui/series_words.py" />
            <source>Velocity {middle:+.1f} mm/yr in the middle; nine of ten points between {low:+.1f} and {high:+.1f} mm/yr.</source>
            <translation>Geschwindigkeit {middle:+.1f} mm/a in der Mitte; neun von zehn Punkten zwischen {low:+.1f} und {high:+.1f} mm/a.</translation>
        </message>
        <message>
            <location filename="../../ui/library_words.py" />
            <source>Version</source>
            <translation>Version</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Vertical and east-west motion from the series of two lines of sight</source>
            <translation>Vertikale und Ost-West-Bewegung aus den Zeitreihen zweier Sichtlinien</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <location filename="../../ui/combine_dialog.py" />
            <source>Vertical series</source>
            <translation>Vertikale Zeitreihen</translation>
        </message>
        <message>
            <location filename="../../plugin/pixel.py" />
            <source>Very steady phase</source>
            <translation>Sehr beständige Phase</translation>
        </message>
        <message>
            <location filename="../../ui/triage_export.py" />
            <source>Virtual raster (*.vrt);;GeoTIFF (*.tif)</source>
            <translation>Virtuelles Raster (*.vrt);;GeoTIFF (*.tif)</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_dialog.py" />
            <source>Virtual raster that refers to the files (*.vrt)</source>
            <translation>Virtuelles Raster, das auf die Dateien verweist (*.vrt)</translation>
        </message>
        <message>
            <location filename="../../ui/class_chart.py" />
            <source>Visible on the map</source>
            <translation>Auf der Karte sichtbar</translation>
        </message>
        <message>
            <location filename="../../ui/train_dialog.py" />
            <source>Wait after this step, and leave the computer to other work until you go on</source>
            <translation>Nach diesem Schritt warten und den Rechner anderer Arbeit überlassen, bis Sie weitermachen</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>Waits</source>
            <translation>Wartet</translation>
        </message>
        <message>
            <location filename="../../models/jobs/points.py" />
            <location filename="../../models/jobs/rasters.py" />
            <location filename="../../models/jobs/series.py" />
            <source>Wavelength</source>
            <translation>Wellenlänge</translation>
        </message>
        <message>
            <location filename="../../plugin/provenance.py" />
            <source>Wavelength found</source>
            <translation>Gefundene Wellenlänge</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/report.py" />
            <source>Web page</source>
            <translation>Webseite</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <source>Weighs closures, noise and coherence of a pair and of its neighbours. Learns from some dozens of decisions.</source>
            <translation>Wägt Schleifenschlüsse, Rauschen und Kohärenz eines Paars und seiner Nachbarn. Lernt aus einigen Dutzend Entscheidungen.</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <source>Weighs statistics of a series together with its shape. Any number of dates, with gaps; the best choice for most data.</source>
            <translation>Wägt Statistiken einer Zeitreihe zusammen mit ihrer Form. Beliebig viele Termine, mit Lücken; für die meisten Daten die beste Wahl.</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <source>Weighs what correlation windows of several sizes measured, and knows how well each can be trusted where.</source>
            <translation>Wägt, was Korrelationsfenster mehrerer Größen gemessen haben, und weiß, wie weit jedem wo zu trauen ist.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/interferograms.py" />
            <source>Weights</source>
            <translation>Gewichte</translation>
        </message>
        <message>
            <location filename="../../plugin/interferograms.py" />
            <source>Weights of the pixels</source>
            <translation>Gewichte der Pixel</translation>
        </message>
        <message>
            <location filename="../../ui/tour.py" />
            <source>Welcome to Stillpoint</source>
            <translation>Willkommen bei Stillpoint</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>What</source>
            <translation>Was</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor.py" />
            <source>What Stillpoint remembers of the engine cannot be read.</source>
            <translation>Was Stillpoint sich vom Rechenprogramm gemerkt hat, ist nicht lesbar.</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor.py" />
            <source>What Stillpoint remembers of the engine is sound.</source>
            <translation>Was Stillpoint sich vom Rechenprogramm gemerkt hat, ist in Ordnung.</translation>
        </message>
        <message>
            <location filename="../../ui/doctor_dialog.py" />
            <source>What Stillpoint's engine stands on, and whether it is as it should be.</source>
            <translation>Worauf das Rechenprogramm von Stillpoint steht, und ob es ist, wie es sein soll.</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <source>What comes first</source>
            <translation>Was zuerst kommt</translation>
        </message>
        <message>
            <location filename="../../plugin/report/method.py" />
            <source>What is left of the atmosphere is smooth in space and changes from date to date.</source>
            <translation>Was von der Atmosphäre bleibt, ist im Raum glatt und wechselt von Termin zu Termin.</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_sources.py" />
            <source>What is opened as one stack: the folder of a product, one of its files, or several files.</source>
            <translation>Was als ein Stapel geöffnet wird: der Ordner eines Produkts, eine seiner Dateien oder mehrere Dateien.</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor.py" />
            <source>What is remembered</source>
            <translation>Was gemerkt ist</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <source>What is reviewed: classified points, or a probability of PS</source>
            <translation>Was nachgeprüft wird: klassifizierte Punkte oder eine PS-Wahrscheinlichkeit</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_layout.py" />
            <source>What is to be measured</source>
            <translation>Was gemessen werden soll</translation>
        </message>
        <message>
            <location filename="../../ui/library_words.py" />
            <source>What it reads</source>
            <translation>Was es liest</translation>
        </message>
        <message>
            <location filename="../../ui/library_words.py" />
            <source>What it was trained on</source>
            <translation>Woran es trainiert wurde</translation>
        </message>
        <message>
            <location filename="../../ui/profile_dock.py" />
            <source>What the chart shows along the line</source>
            <translation>Was das Diagramm entlang der Linie zeigt</translation>
        </message>
        <message>
            <location filename="../../plugin/report/method.py" />
            <source>What the engine said:</source>
            <translation>Was das Rechenprogramm sagte:</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>What the engine stands on, and repairs by one click</source>
            <translation>Worauf das Rechenprogramm steht, und Reparaturen mit einem Klick</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <source>What the library is, and what its buttons do (F1)</source>
            <translation>Was die Bibliothek ist und was ihre Knöpfe tun (F1)</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>What the map shows now</source>
            <translation>Was die Karte jetzt zeigt</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>What the maps of the report show; layers that lie outside the view are shown whole</source>
            <translation>Was die Karten des Berichts zeigen; Layer außerhalb der Ansicht werden ganz gezeigt</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/report.py" />
            <source>What the maps show; empty shows whole layers.</source>
            <translation>Was die Karten zeigen; leer zeigt ganze Layer.</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <source>What the model is least sure of, wherever it is</source>
            <translation>Wo das Modell am unsichersten ist, gleich wo das liegt</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>What the network is for.</source>
            <translation>Wofür das Netz gedacht ist.</translation>
        </message>
        <message>
            <location filename="../../ui/train_form.py" />
            <source>What the network knows at the beginning; the line below says what that takes.</source>
            <translation>Was das Netz am Anfang weiß; die Zeile darunter sagt, was das verlangt.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/rasters.py" />
            <source>What to take where the product holds several quantities; auto prefers the interferometric phase.</source>
            <translation>Was genommen wird, wo das Produkt mehrere Größen enthält; auto bevorzugt die interferometrische Phase.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/library.py" />
            <source>What two models are compared on: a file of points with series, a stack, or one or two images, as their task takes them.</source>
            <translation>Woran zwei Modelle verglichen werden: eine Punktdatei mit Zeitreihen, ein Stapel oder ein oder zwei Bilder, je nach ihrer Aufgabe.</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor_repairs.py" />
            <source>What was missing is installed.</source>
            <translation>Was fehlte, ist installiert.</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <location filename="../../ui/widgets/reading.py" />
            <source>What was read</source>
            <translation>Was gelesen wurde</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor_repairs.py" />
            <source>What was remembered is cleared; Stillpoint looks at the engine anew.</source>
            <translation>Gemerktes ist gelöscht; Stillpoint sieht das Rechenprogramm neu an.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_export.py" />
            <source>What you decided, to train the method on</source>
            <translation>Was Sie entschieden haben, um die Methode damit zu trainieren</translation>
        </message>
        <message>
            <location filename="../../ui/library_words.py" />
            <source>Where it fails</source>
            <translation>Wo es versagt</translation>
        </message>
        <message>
            <location filename="../../plugin/report/method.py" />
            <source>Where surroundings are not steady themselves, steady pixels among them are missed.</source>
            <translation>Wo die Umgebung selbst nicht beständig ist, werden beständige Pixel darin übersehen.</translation>
        </message>
        <message>
            <location filename="../../ui/sample_dialog.py" />
            <source>Where the data and the project go. The system empties its folder for temporary files from time to time.</source>
            <translation>Wohin Daten und Projekt kommen. Den Ordner für temporäre Dateien leert das System von Zeit zu Zeit.</translation>
        </message>
        <message>
            <location filename="../../ui/review_bar.py" />
            <source>Where the labels are kept</source>
            <translation>Wo die Labels abgelegt sind</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>Where the lines of sight are so parallel that errors grow beyond this, nothing is computed (ascending with descending has about 1.3).</source>
            <translation>Wo die Sichtlinien so parallel sind, dass Fehler darüber hinaus wachsen, wird nichts berechnet (auf- mit absteigend hat etwa 1,3).</translation>
        </message>
        <message>
            <location filename="../../ui/estimate_series_dialog.py" />
            <source>Where the scatterers to measure come from</source>
            <translation>Woher die zu messenden Scatterer kommen</translation>
        </message>
        <message>
            <location filename="../../plugin/report/method.py" />
            <source>Where the surface changed between the images, nothing correlates and nothing is measured.</source>
            <translation>Wo sich die Oberfläche zwischen den Bildern verändert hat, korreliert nichts, und nichts wird gemessen.</translation>
        </message>
        <message>
            <location filename="../../ui/combine_dialog.py" />
            <source>Where the velocities of all tracks hardly differ</source>
            <translation>Wo sich die Geschwindigkeiten aller Spuren kaum unterscheiden</translation>
        </message>
        <message>
            <location filename="../../ui/library_agreement.py" />
            <source>Where they differ most:</source>
            <translation>Wo sie sich am meisten unterscheiden:</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/device_picker.py" />
            <source>Where to compute. Automatic takes the fastest device.</source>
            <translation>Wo gerechnet wird. „Automatisch“ nimmt das schnellste Gerät.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/base.py" />
            <source>Where to compute: auto, cpu, cuda:0, mps ... auto takes the fastest that is free. A training can use several: cuda:0,cuda:1.</source>
            <translation>Wo gerechnet wird: auto, cpu, cuda:0, mps ... auto nimmt das schnellste freie Gerät. Ein Training kann mehrere nutzen: cuda:0,cuda:1.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/offsets.py" />
            <source>Whether rows and columns are azimuth and range, or north and east; auto tells by the geotransform.</source>
            <translation>Ob Zeilen und Spalten Azimut und Entfernung oder Nord und Ost sind; auto erkennt es an der Georeferenzierung.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>Whether the phase of an interferogram grows away from or towards the satellite; auto takes what the stack records, else away (GAMMA, ISCE, SNAP), and says which.</source>
            <translation>Ob die Phase eines Interferogramms vom Satelliten weg oder zu ihm hin wächst; auto nimmt, was der Stapel verzeichnet, sonst weg (GAMMA, ISCE, SNAP), und sagt, was es nahm.</translation>
        </message>
        <message>
            <location filename="../../ui/setup_dialog.py" />
            <source>Which PyTorch is downloaded: the first in the list is the one that fits this computer.</source>
            <translation>Welches PyTorch heruntergeladen wird: das erste in der Liste passt zu diesem Rechner.</translation>
        </message>
        <message>
            <location filename="../../ui/train_curves.py" />
            <source>Which figure on the validation part the right chart shows</source>
            <translation>Welche Kennzahl am Validierungsteil das rechte Diagramm zeigt</translation>
        </message>
        <message>
            <location filename="../../ui/train_words.py" />
            <source>Which interferograms are good enough</source>
            <translation>Welche Interferogramme gut genug sind</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>Which interferograms are good?</source>
            <translation>Welche Interferogramme sind gut?</translation>
        </message>
        <message>
            <location filename="../../plugin/toolbar.py" />
            <source>Which interferograms of a stack are good enough</source>
            <translation>Welche Interferogramme eines Stapels gut genug sind</translation>
        </message>
        <message>
            <location filename="../../ui/train_form.py" />
            <source>Which network learns; the line below says what it is good for.</source>
            <translation>Welches Netz lernt; die Zeile darunter sagt, wofür es gut ist.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>Which network to train: default or mirmazloumi_cnn for trends; default, unet, cnn_iss or clstm_iss for scatterers; default, resnet50 or resnet50_full (the published width) for interferograms; default, cc_ressiamnet or cc_ressiamnet_full (the published width) for offsets.</source>
            <translation>Welches Netz trainiert wird: default oder mirmazloumi_cnn für Trends; default, unet, cnn_iss oder clstm_iss für Scatterer; default, resnet50 oder resnet50_full (die veröffentlichte Breite) für Interferogramme; default, cc_ressiamnet oder cc_ressiamnet_full (die veröffentlichte Breite) für Versätze.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_filters.py" />
            <source>Which pairs are shown</source>
            <translation>Welche Paare gezeigt werden</translation>
        </message>
        <message>
            <location filename="../../ui/tour_steps.py" />
            <source>Which pixels can be trusted?</source>
            <translation>Welchen Pixeln ist zu trauen?</translation>
        </message>
        <message>
            <location filename="../../ui/train_words.py" />
            <source>Which pixels of a stack are persistent scatterers</source>
            <translation>Welche Pixel eines Stapels Persistent Scatterer sind</translation>
        </message>
        <message>
            <location filename="../../ui/review_keys.py" />
            <source>Which trend does this series follow?</source>
            <translation>Welchem Trend folgt diese Zeitreihe?</translation>
        </message>
        <message>
            <location filename="../../ui/train_words.py" />
            <source>Which trend the displacement series of a point follows</source>
            <translation>Welchem Trend die Verschiebungszeitreihe eines Punkts folgt</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>Whirlwind</source>
            <translation>Whirlwind</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/run_analysis.py" />
            <source>Whole analyses</source>
            <translation>Ganze Analysen</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>Whole layers</source>
            <translation>Ganze Layer</translation>
        </message>
        <message>
            <location filename="../../plugin/report/motion.py" />
            <source>Why pairs were dropped</source>
            <translation>Warum Paare verworfen wurden</translation>
        </message>
        <message>
            <location filename="../../ui/series_panel.py" />
            <source>Why: {0}</source>
            <translation>Warum: {0}</translation>
        </message>
        <message>
            <location filename="../../ui/series_picks.py" />
            <source>With annual term</source>
            <translation>Mit Jahresgang</translation>
        </message>
        <message>
            <location filename="../../ui/train_labels.py" />
            <source>With several sources of data: a folder with a file of labels named like each of them.</source>
            <translation>Bei mehreren Datenquellen: ein Ordner mit je einer gleichnamigen Datei von Labels.</translation>
        </message>
        <message>
            <location filename="../../ui/train_split.py" />
            <source>Without data of yours everything is simulated, each part with seeds of its own.</source>
            <translation>Ohne Ihre Daten ist alles simuliert, jeder Teil mit eigenen Startwerten.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_toolbar.py" />
            <source>Worst first</source>
            <translation>Schlechteste zuerst</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>Worst loop, with {day}: RMS {rms} rad, {off} % of the pixels beyond {limit}.</source>
            <translation>Schlechteste Schleife, mit {day}: RMS {rms} rad, {off} % der Pixel über {limit}.</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>Wrapped phase</source>
            <translation>Gewickelte Phase</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <source>Write the kept stack anew, as you decided on the triage board</source>
            <translation>Den Stapel der behaltenen neu schreiben, wie Sie es auf der Sichtungstafel entschieden haben</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_threshold.py" />
            <source>Write the mask at this threshold: 1 PS, 0 not, 255 no data</source>
            <translation>Die Maske bei dieser Schwelle schreiben: 1 PS, 0 nicht, 255 keine Daten</translation>
        </message>
        <message>
            <location filename="../../models/jobs/base.py" />
            <source>Writes rasters as Cloud-Optimised GeoTIFF, with overviews inside: quick to look at over a network.</source>
            <translation>Schreibt Raster als Cloud-Optimised GeoTIFF, mit Übersichten darin: über ein Netz schnell anzusehen.</translation>
        </message>
        <message>
            <location filename="../../plugin/training_sources.py" />
            <source>Writing the labels for the engine</source>
            <translation>Die Labels werden für das Rechenprogramm geschrieben</translation>
        </message>
        <message>
            <location filename="../../plugin/report/__init__.py" />
            <location filename="../../plugin/triage_exports.py" />
            <source>Writing {name}</source>
            <translation>{name} wird geschrieben</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/base.py" />
            <location filename="../../plugin/training_sources.py" />
            <location filename="../../ui/classify_dialog.py" />
            <location filename="../../ui/combine_dialog.py" />
            <location filename="../../ui/estimate_series_dialog.py" />
            <source>Writing {name} for the engine</source>
            <translation>{name} wird für das Rechenprogramm geschrieben</translation>
        </message>
        <message>
            <location filename="../../ui/triage_export.py" />
            <source>Wrote {path}</source>
            <translation>{path} geschrieben</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets.py" />
            <source>X, columns</source>
            <translation>X, Spalten</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets.py" />
            <source>Y, rows</source>
            <translation>Y, Zeilen</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor.py" />
            <source>You chose it in the set-up; forget that, and Stillpoint looks for one itself.</source>
            <translation>Sie haben es in der Einrichtung gewählt; vergessen Sie das, dann sucht Stillpoint selbst einen.</translation>
        </message>
        <message>
            <location filename="../../ui/review_pairs.py" />
            <source>You have decided on every pair that is shown. Export your corrections as labels, or train on them.</source>
            <translation>Sie haben über jedes gezeigte Paar entschieden. Exportieren Sie Ihre Berichtigungen als Labels, oder trainieren Sie damit.</translation>
        </message>
        <message>
            <location filename="../../ui/review_start.py" />
            <source>You see one pixel after the other, those nearest to the threshold first, with amplitude and phase over the dates. Say what each is with one key. Your labels can train the network.</source>
            <translation>Sie sehen einen Pixel nach dem anderen, die nächsten an der Schwelle zuerst, mit Amplitude und Phase über den Terminen. Sagen Sie mit einer Taste, was jeder ist. Ihre Labels können das Netz trainieren.</translation>
        </message>
        <message>
            <location filename="../../ui/review_start.py" />
            <source>You see one point after the other, those that the model is least sure of first, with their series. Say which trend each follows with one key. Your labels can train the network.</source>
            <translation>Sie sehen einen Punkt nach dem anderen, die unsichersten des Modells zuerst, mit ihren Zeitreihen. Sagen Sie mit einer Taste, welchem Trend jeder folgt. Ihre Labels können das Netz trainieren.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>Your file</source>
            <translation>Ihre Datei</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <source>Your file, which takes the place of this step's result</source>
            <translation>Ihre Datei, die an die Stelle des Ergebnisses dieses Schritts tritt</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <source>Zone</source>
            <translation>Zone</translation>
        </message>
        <message>
            <location filename="../../ui/assess_dialog.py" />
            <source>Zone &amp;names</source>
            <translation>Zonen&amp;namen</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <location filename="../../plugin/algorithms/report.py" />
            <location filename="../../plugin/sample_map.py" />
            <location filename="../../ui/assess_dialog.py" />
            <source>Zones</source>
            <translation>Zonen</translation>
        </message>
        <message>
            <location filename="../../ui/train_split.py" />
            <source>Zoom the map to the regions</source>
            <translation>Die Karte auf die Gebiete zoomen</translation>
        </message>
        <message>
            <location filename="../../ui/train_words.py" />
            <source>a few seconds</source>
            <translation>einige Sekunden</translation>
        </message>
        <message>
            <location filename="../../plugin/endings.py" />
            <source>a library is missing</source>
            <translation>eine Bibliothek fehlt</translation>
        </message>
        <message>
            <location filename="../../ui/triage_detail.py" />
            <source>a scale of its own</source>
            <translation>ein eigener Maßstab</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/reading.py" />
            <source>about {n} points</source>
            <translation>etwa {n} Punkte</translation>
        </message>
        <message>
            <location filename="../../ui/train_progress.py" />
            <source>about {time} left</source>
            <translation>noch etwa {time}</translation>
        </message>
        <message>
            <location filename="../../ui/series_panel.py" />
            <source>after the break</source>
            <translation>nach dem Knick</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>all keeps every PS; best keeps the most probable of each group of touching pixels (side lobes of one scatterer).</source>
            <translation>all behält jeden PS; best behält den wahrscheinlichsten jeder Gruppe sich berührender Pixel (Nebenkeulen eines Scatterers).</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>all {all} loops</source>
            <translation>alle {all} Schleifen</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>all {dates} dates connected</source>
            <translation>alle {dates} Termine verbunden</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_words.py" />
            <source>amplitudes</source>
            <translation>Amplituden</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_checks.py" />
            <source>an unnamed one</source>
            <translation>ein unbenanntes</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/reading.py" />
            <source>as read</source>
            <translation>wie gelesen</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_dialog.py" />
            <source>as read; 0.0555 for C band, 0.0311 for X, 0.236 for L</source>
            <translation>wie gelesen; 0.0555 für C-Band, 0.0311 für X, 0.236 für L</translation>
        </message>
        <message>
            <location filename="../../ui/assess_dialog.py" />
            <source>as the masks tell; needed with a DEM only</source>
            <translation>wie die Masken sagen; nur mit DGM nötig</translation>
        </message>
        <message>
            <location filename="../../ui/combine_dialog.py" />
            <source>ascending</source>
            <translation>aufsteigende</translation>
        </message>
        <message>
            <location filename="../../ui/train_progress.py" />
            <source>at most {time} left</source>
            <translation>noch höchstens {time}</translation>
        </message>
        <message>
            <location filename="../../models/jobs/points.py" />
            <source>balanced, typical, or five numbers such as 0.73,0.15,0.06,0.05,0.01: how common each class is expected to be.</source>
            <translation>balanced, typical oder fünf Zahlen wie 0.73,0.15,0.06,0.05,0.01: wie häufig jede Klasse erwartet wird.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_detail.py" />
            <source>baseline {b}</source>
            <translation>Basislinie {b}</translation>
        </message>
        <message>
            <location filename="../../plugin/interferograms.py" />
            <source>baselines up to {metres:.0f} m</source>
            <translation>Basislinien bis {metres:.0f} m</translation>
        </message>
        <message>
            <location filename="../../ui/series_panel.py" />
            <source>before the break</source>
            <translation>vor dem Knick</translation>
        </message>
        <message>
            <location filename="../../models/jobs/interferograms.py" />
            <source>best: the set that promises the best velocity (every date connected, redundant, in loops); tree: a spanning tree is kept whatever the scores; none: scores alone decide, and dates may be lost.</source>
            <translation>best: die Auswahl, die die beste Geschwindigkeit verspricht (jeder Termin verbunden, redundant, in Schleifen); tree: ein Spannbaum wird unabhängig von der Bewertung behalten; none: allein die Bewertung entscheidet, Termine können verloren gehen.</translation>
        </message>
        <message>
            <location filename="../../ui/train_curves.py" />
            <source>best: {n}</source>
            <translation>beste: {n}</translation>
        </message>
        <message>
            <location filename="../../plugin/report/motion.py" />
            <source>between the images</source>
            <translation>zwischen den Bildern</translation>
        </message>
        <message>
            <location filename="../../plugin/report/picks.py" />
            <source>break {date}</source>
            <translation>Knick {date}</translation>
        </message>
        <message>
            <location filename="../../ui/library_words.py" />
            <source>by the method itself; its weights belong to the program</source>
            <translation>durch die Methode selbst; ihre Gewichte gehören zum Programm</translation>
        </message>
        <message>
            <location filename="../../plugin/environment.py" />
            <source>chosen in the set-up</source>
            <translation>in der Einrichtung gewählt</translation>
        </message>
        <message>
            <location filename="../../ui/triage_board.py" />
            <source>coherence stack</source>
            <translation>Kohärenzstapel</translation>
        </message>
        <message>
            <location filename="../../plugin/interferograms.py" />
            <location filename="../../ui/scatterers_words.py" />
            <source>complex values</source>
            <translation>komplexe Werte</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>coordinates of its own</source>
            <translation>eigene Koordinaten</translation>
        </message>
        <message>
            <location filename="../../plugin/report/charts.py" />
            <source>date that is lost</source>
            <translation>verlorener Termin</translation>
        </message>
        <message>
            <location filename="../../plugin/provenance.py" />
            <location filename="../../plugin/report/motion.py" />
            <location filename="../../plugin/report/results.py" />
            <source>dates</source>
            <translation>Termine</translation>
        </message>
        <message>
            <location filename="../../ui/offsets_words.py" />
            <source>dates unknown</source>
            <translation>Termine unbekannt</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <location filename="../../models/jobs/series.py" />
            <source>days</source>
            <translation>Tage</translation>
        </message>
        <message>
            <location filename="../../models/jobs/points.py" />
            <source>default: Stillpoint's network; mirmazloumi_cnn: the published one; statistical: trend tests after Berti et al.</source>
            <translation>default: das Netz von Stillpoint; mirmazloumi_cnn: das veröffentlichte; statistical: Trendtests nach Berti et al.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>default: Stillpoint's network; unet (Tai et al.); cnn_iss and clstm_iss (Tiwari et al.); phase_stability (StaMPS); amplitude_dispersion.</source>
            <translation>default: das Netz von Stillpoint; unet (Tai et al.); cnn_iss und clstm_iss (Tiwari et al.); phase_stability (StaMPS); amplitude_dispersion.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/offsets.py" />
            <source>default: Stillpoint's own; cc_ressiamnet (Kim, Jung and Lu); correlation: multi-kernel normalised cross-correlation.</source>
            <translation>default: die von Stillpoint; cc_ressiamnet (Kim, Jung und Lu); correlation: normierte Kreuzkorrelation mit mehreren Fenstergrößen.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/interferograms.py" />
            <source>default: Stillpoint's own; resnet50 (He et al.); loop_closure (as LiCSBAS); coherence (as MintPy); area_ratio; coverage; residues; baselines.</source>
            <translation>default: die von Stillpoint; resnet50 (He et al.); loop_closure (wie LiCSBAS); coherence (wie MintPy); area_ratio; coverage; residues; baselines.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <location filename="../../models/jobs/scatterers.py" />
            <location filename="../../models/jobs/series.py" />
            <source>degrees</source>
            <translation>Grad</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>demo: a city on a river with forest and fields, or interferograms of which one is unwrapped wrongly, one decorrelated, and those of one date have a strong atmosphere; the others are drawn with everything else at random.</source>
            <translation>demo: eine Stadt an einem Fluss mit Wald und Feldern, oder Interferogramme, von denen eines falsch abgewickelt und eines dekorreliert ist und die eines Termins eine starke Atmosphäre haben; die anderen werden samt allem Übrigen zufällig gezogen.</translation>
        </message>
        <message>
            <location filename="../../ui/combine_dialog.py" />
            <source>descending</source>
            <translation>absteigende</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/device_picker.py" />
            <source>does not work</source>
            <translation>geht nicht</translation>
        </message>
        <message>
            <location filename="../../ui/triage_graph_paint.py" />
            <source>dropped</source>
            <translation>verworfen</translation>
        </message>
        <message>
            <location filename="../../plugin/report/charts.py" />
            <source>dropped ({n})</source>
            <translation>verworfen ({n})</translation>
        </message>
        <message>
            <location filename="../../ui/train_progress.py" />
            <source>ends early after {n} epochs without a better one</source>
            <translation>endet früher nach {n} Epochen ohne eine bessere</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor.py" />
            <source>environment doctor</source>
            <translation>Prüfung der Umgebung</translation>
        </message>
        <message>
            <location filename="../../ui/train_progress.py" />
            <source>epoch {n:g}</source>
            <translation>Epoche {n:g}</translation>
        </message>
        <message>
            <location filename="../../ui/train_progress.py" />
            <source>epoch {n:g} of {all:g}</source>
            <translation>Epoche {n:g} von {all:g}</translation>
        </message>
        <message>
            <location filename="../../models/jobs/library.py" />
            <source>export: the zip to write; compare: a folder that keeps the results of both models and the table of their agreement.</source>
            <translation>export: das zu schreibende Zip; compare: ein Ordner, der die Ergebnisse beider Modelle und die Tabelle ihrer Übereinstimmung behält.</translation>
        </message>
        <message>
            <location filename="../../ui/setup_dialog.py" />
            <source>fails</source>
            <translation>versagt</translation>
        </message>
        <message>
            <location filename="../../ui/triage_filters.py" />
            <source>first</source>
            <translation>erster</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>first: the dates of the first file; all: those of every file. Others are interpolated to them, inside the time that all files cover.</source>
            <translation>first: die Termine der ersten Datei; all: die jeder Datei. Die anderen werden auf sie interpoliert, innerhalb der Zeit, die alle Dateien abdecken.</translation>
        </message>
        <message>
            <location filename="../../ui/combine_track.py" />
            <source>from the file</source>
            <translation>aus der Datei</translation>
        </message>
        <message>
            <location filename="../../plugin/environment.py" />
            <source>from the variable STILLPOINT_PYTHON</source>
            <translation>aus der Variablen STILLPOINT_PYTHON</translation>
        </message>
        <message>
            <location filename="../../ui/doctor_rows.py" />
            <source>good</source>
            <translation>gut</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>grid: in the cells of a grid; points: at each point of the first file, with the nearest point of the others.</source>
            <translation>grid: in den Zellen eines Gitters; points: an jedem Punkt der ersten Datei, mit dem nächsten Punkt der anderen.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>half a cycle</source>
            <translation>einen halben Zyklus</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>heading {0}°</source>
            <translation>Flugrichtung {0}°</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_plot.py" />
            <location filename="../../ui/scatterers_words.py" />
            <source>images</source>
            <translation>Bilder</translation>
        </message>
        <message>
            <location filename="../../models/jobs/library.py" />
            <source>import: name of the model in the library; empty takes that of its file.</source>
            <translation>import: Name des Modells in der Bibliothek; leer nimmt den seiner Datei.</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>incidence {0:.1f}°</source>
            <translation>Einfallswinkel {0:.1f}°</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_plot.py" />
            <location filename="../../ui/scatterers_words.py" />
            <source>interferograms</source>
            <translation>Interferogramme</translation>
        </message>
        <message>
            <location filename="../../plugin/report/__init__.py" />
            <source>it could not be written</source>
            <translation>es konnte nicht geschrieben werden</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_checks.py" />
            <source>it has {:,} x {:,} pixels, not {:,} x {:,}</source>
            <translation>es hat {:,} x {:,} Pixel, nicht {:,} x {:,}</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_checks.py" />
            <source>its coordinate reference system is {names}, not {names_2}</source>
            <translation>sein Koordinatenbezugssystem ist {names}, nicht {names_2}</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <source>its figures will be mostly chance.</source>
            <translation>die Kennzahlen werden großenteils Zufall sein.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_checks.py" />
            <source>its pixels are {:g} x {:g}, not {:g} x {:g}</source>
            <translation>seine Pixel messen {:g} x {:g}, nicht {:g} x {:g}</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_checks.py" />
            <source>its pixels lie elsewhere</source>
            <translation>seine Pixel liegen anderswo</translation>
        </message>
        <message>
            <location filename="../../plugin/report/charts.py" />
            <source>kept ({n})</source>
            <translation>behalten ({n})</translation>
        </message>
        <message>
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>kept stack</source>
            <translation>behaltener Stapel</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>km</source>
            <translation>km</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <source>label more before you train.</source>
            <translation>labeln Sie mehr, bevor Sie trainieren.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_filters.py" />
            <source>last</source>
            <translation>letzter</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>leave: the series as they are; stable: subtracts from each track, date by date, the median of the points that do not move, so that both refer to the same ground.</source>
            <translation>leave: die Zeitreihen, wie sie sind; stable: zieht von jeder Spur Termin für Termin den Median der Punkte ab, die sich nicht bewegen, sodass sich beide auf denselben Boden beziehen.</translation>
        </message>
        <message>
            <location filename="../../ui/pixel_dock_content.py" />
            <source>less neighbours</source>
            <translation>ohne Nachbarn</translation>
        </message>
        <message>
            <location filename="../../models/jobs/library.py" />
            <source>list: what is installed; show: card and figures of a model; import: a model file or an archive (zip, tar) into the library; export: a model with its card and SHA-256 as one zip; remove: a model of yours; default: use a model wherever none is named (a shipped one undoes that); compare: two models on the same data; check: that models are sound and unchanged.</source>
            <translation>list: was installiert ist; show: Steckbrief und Kennzahlen eines Modells; import: eine Modelldatei oder ein Archiv (zip, tar) in die Bibliothek; export: ein Modell mit Steckbrief und SHA-256 als ein Zip; remove: ein eigenes Modell; default: ein Modell überall verwenden, wo keines genannt ist (ein mitgeliefertes macht das rückgängig); compare: zwei Modelle an denselben Daten; check: ob Modelle heil und unverändert sind.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_graph_paint.py" />
            <source>lost date</source>
            <translation>verlorener Termin</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <location filename="../../models/jobs/points.py" />
            <location filename="../../models/jobs/rasters.py" />
            <location filename="../../models/jobs/scatterers.py" />
            <location filename="../../models/jobs/series.py" />
            <source>m</source>
            <translation>m</translation>
        </message>
        <message>
            <location filename="../../plugin/library_layers.py" />
            <source>mask</source>
            <translation>Maske</translation>
        </message>
        <message>
            <location filename="../../models/jobs/offsets.py" />
            <source>mask: offsets that don't fit their neighbours or aren't trusted become no data; keep: everything measured is given.</source>
            <translation>mask: Versätze, die nicht zu ihren Nachbarn passen oder nicht vertrauenswürdig sind, werden zu „keine Daten“; keep: alles Gemessene wird ausgegeben.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_detail.py" />
            <source>mean {mean}</source>
            <translation>Mittel {mean}</translation>
        </message>
        <message>
            <location filename="../../plugin/report/motion.py" />
            <source>median motion</source>
            <translation>mittlere Bewegung</translation>
        </message>
        <message>
            <location filename="../../plugin/report/charts.py" />
            <source>median {value}</source>
            <translation>Median {value}</translation>
        </message>
        <message>
            <location filename="../../models/jobs/geometries.py" />
            <source>median: bad points hardly matter; mean: weighted by the noise of each point.</source>
            <translation>median: schlechte Punkte zählen kaum; mean: mit dem Rauschen jedes Punkts gewichtet.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_detail.py" />
            <source>missing</source>
            <translation>fehlt</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>mm/yr</source>
            <translation>mm/a</translation>
        </message>
        <message>
            <location filename="../../ui/review_words.py" />
            <source>model right in {0} of {1} ({2:.0f} %)</source>
            <translation>Modell richtig in {0} von {1} ({2:.0f} %)</translation>
        </message>
        <message>
            <location filename="../../ui/doctor_rows.py" />
            <source>must be repaired</source>
            <translation>muss repariert werden</translation>
        </message>
        <message>
            <location filename="../../plugin/provenance.py" />
            <source>no</source>
            <translation>nein</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>no loops</source>
            <translation>keine Schleifen</translation>
        </message>
        <message>
            <location filename="../../plugin/pip_output.py" />
            <source>no output.</source>
            <translation>keine Ausgabe.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_list.py" />
            <source>no picture</source>
            <translation>kein Bild</translation>
        </message>
        <message>
            <location filename="../../plugin/report/motion.py" />
            <source>no reason given</source>
            <translation>kein Grund angegeben</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>none</source>
            <translation>keine</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/reading.py" />
            <source>not named: C band is assumed</source>
            <translation>nicht genannt: C-Band wird angenommen</translation>
        </message>
        <message>
            <location filename="../../ui/doctor_rows.py" />
            <source>note</source>
            <translation>Hinweis</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <source>observed</source>
            <translation>beobachtet</translation>
        </message>
        <message>
            <location filename="../../plugin/report/motion.py" />
            <source>of positions measured</source>
            <translation>der Stellen gemessen</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <source>of the pixels</source>
            <translation>der Pixel</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <source>of the points move</source>
            <translation>der Punkte bewegen sich</translation>
        </message>
        <message>
            <location filename="../../ui/triage_detail.py" />
            <source>one cycle a fringe</source>
            <translation>ein Zyklus je Streifen</translation>
        </message>
        <message>
            <location filename="../../ui/triage_detail.py" />
            <source>one scale for all pairs</source>
            <translation>ein Maßstab für alle Paare</translation>
        </message>
        <message>
            <location filename="../../models/jobs/points.py" />
            <source>packed: one binary field, quick to read by the series viewer; columns: a field a date; none.</source>
            <translation>packed: ein binäres Feld, schnell für den Zeitreihenbetrachter; columns: ein Feld je Termin; none: keine.</translation>
        </message>
        <message>
            <location filename="../../plugin/provenance.py" />
            <source>pairs</source>
            <translation>Paare</translation>
        </message>
        <message>
            <location filename="../../plugin/report/motion.py" />
            <source>pairs dropped</source>
            <translation>Paare verworfen</translation>
        </message>
        <message>
            <location filename="../../plugin/report/motion.py" />
            <source>pairs kept</source>
            <translation>Paare behalten</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>per km²</source>
            <translation>je km²</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <source>persistent scatterers</source>
            <translation>Persistent Scatterer</translation>
        </message>
        <message>
            <location filename="../../ui/select_interferograms_dialog.py" />
            <source>pixel weights</source>
            <translation>Pixelgewichte</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>pixels</source>
            <translation>Pixel</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <source>points</source>
            <translation>Punkte</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <source>positive {direction}</source>
            <translation>positiv {direction}</translation>
        </message>
        <message>
            <location filename="../../plugin/library_layers.py" />
            <source>probability</source>
            <translation>Wahrscheinlichkeit</translation>
        </message>
        <message>
            <location filename="../../models/jobs/offsets.py" />
            <source>px</source>
            <translation>px</translation>
        </message>
        <message>
            <location filename="../../ui/setup_dialog.py" />
            <source>python program of an environment with torch and GDAL</source>
            <translation>Programm python einer Umgebung mit torch und GDAL</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>radar geometry or unknown coordinates</source>
            <translation>Radargeometrie oder unbekannte Koordinaten</translation>
        </message>
        <message>
            <location filename="../../ui/triage_board.py" />
            <source>reading pictures, {n} of {all}</source>
            <translation>Bilder werden gelesen, {n} von {all}</translation>
        </message>
        <message>
            <location filename="../../ui/train_data.py" />
            <source>reference</source>
            <translation>Referenz</translation>
        </message>
        <message>
            <location filename="../../models/jobs/offsets.py" />
            <source>refuse: images on different grids are an error; secondary: the secondary image is resampled to the reference's grid.</source>
            <translation>refuse: Bilder auf verschiedenen Gittern sind ein Fehler; secondary: das zweite Bild wird auf das Gitter der Referenz umgerechnet.</translation>
        </message>
        <message>
            <location filename="../../ui/series_picks.py" />
            <source>relative to {label}</source>
            <translation>relativ zu {label}</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>scratch: new weights; model: the model that is named, else the default of the library (the shipped one unless you chose another); auto fine-tunes where there are data of yours or a model is named, and begins anew where everything is simulated.</source>
            <translation>scratch: neue Gewichte; model: das genannte Modell, sonst der Standard der Bibliothek (das mitgelieferte, wenn Sie kein anderes gewählt haben); auto stimmt fein ab, wo es eigene Daten gibt oder ein Modell genannt ist, und beginnt neu, wo alles simuliert ist.</translation>
        </message>
        <message>
            <location filename="../../ui/train_data.py" />
            <source>secondary</source>
            <translation>zweites</translation>
        </message>
        <message>
            <location filename="../../ui/train_split.py" />
            <source>seen by nobody until the end: the figures of the model come from here</source>
            <translation>bis zum Ende von niemandem gesehen: die Kennzahlen des Modells kommen von hier</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>selected points, else the fastest</source>
            <translation>gewählte Punkte, sonst die schnellsten</translation>
        </message>
        <message>
            <location filename="../../ui/review_keys.py" />
            <source>somebody</source>
            <translation>jemand</translation>
        </message>
        <message>
            <location filename="../../ui/triage_board.py" />
            <source>stack</source>
            <translation>Stapel</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/fields.py" />
            <location filename="../../ui/widgets/scheduler_field.py" />
            <source>tcp://host:8786; empty: this machine computes</source>
            <translation>tcp://host:8786; leer: dieser Rechner rechnet</translation>
        </message>
        <message>
            <location filename="../../ui/train_split.py" />
            <source>tells which epoch is the best, and when to stop</source>
            <translation>sagt, welche Epoche die beste ist und wann aufzuhören ist</translation>
        </message>
        <message>
            <location filename="../../ui/report_dialog.py" />
            <source>the fastest points</source>
            <translation>die schnellsten Punkte</translation>
        </message>
        <message>
            <location filename="../../plugin/series.py" />
            <source>the layer {layer}</source>
            <translation>der Layer {layer}</translation>
        </message>
        <message>
            <location filename="../../ui/offsets_words.py" />
            <location filename="../../ui/scatterers_words.py" />
            <source>the middle of the map (a preview looks at a small part)</source>
            <translation>die Mitte der Karte (eine Vorschau sieht einen kleinen Teil an)</translation>
        </message>
        <message>
            <location filename="../../plugin/report/picks.py" />
            <source>the {n} fastest points, whichever way they move</source>
            <translation>die {n} schnellsten Punkte, gleich wohin sie sich bewegen</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>these {n} pairs</source>
            <translation>diese {n} Paare</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <source>threshold</source>
            <translation>Schwelle</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets.py" />
            <source>to later columns</source>
            <translation>zu späteren Spalten</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets.py" />
            <source>to later rows</source>
            <translation>zu späteren Zeilen</translation>
        </message>
        <message>
            <location filename="../../ui/train_words.py" />
            <source>training</source>
            <translation>Training</translation>
        </message>
        <message>
            <location filename="../../ui/library_words.py" />
            <location filename="../../ui/setup_dialog.py" />
            <location filename="../../ui/triage_words.py" />
            <source>unknown</source>
            <translation>unbekannt</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/reading.py" />
            <source>unknown: choose one</source>
            <translation>unbekannt: wählen Sie eine</translation>
        </message>
        <message>
            <location filename="../../plugin/interferograms.py" />
            <location filename="../../ui/series_words.py" />
            <source>unwrapped phase</source>
            <translation>abgewickelte Phase</translation>
        </message>
        <message>
            <location filename="../../ui/offsets_words.py" />
            <source>up to {metres:,.0f} m</source>
            <translation>bis zu {metres:,.0f} m</translation>
        </message>
        <message>
            <location filename="../../ui/offsets_words.py" />
            <source>up to {metres:.2g} m</source>
            <translation>bis zu {metres:.2g} m</translation>
        </message>
        <message>
            <location filename="../../ui/train_words.py" />
            <source>validation</source>
            <translation>Validierung</translation>
        </message>
        <message>
            <location filename="../../models/jobs/making.py" />
            <source>valley: points of a valley with landslides and a town; series: unrelated series of all classes; scene: a stack of radar images with its true persistent scatterers; interferograms: a small-baseline stack and its truth; offsets: a pair of amplitude images and its true offsets.</source>
            <translation>valley: Punkte eines Tals mit Hangrutschungen und einer Stadt; series: unabhängige Zeitreihen aller Klassen; scene: ein Stapel von Radarbildern mit seinen wahren Persistent Scatterern; interferograms: ein Small-Baseline-Stapel und seine Wahrheit; offsets: ein Paar von Amplitudenbildern und seine wahren Versätze.</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>wavelength unknown</source>
            <translation>Wellenlänge unbekannt</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>wavelength {0:.1f} mm</source>
            <translation>Wellenlänge {0:.1f} mm</translation>
        </message>
        <message>
            <location filename="../../ui/offsets_words.py" />
            <location filename="../../ui/scatterers_words.py" />
            <source>what the map shows</source>
            <translation>was die Karte zeigt</translation>
        </message>
        <message>
            <location filename="../../ui/train_split.py" />
            <source>what the network learns from</source>
            <translation>woraus das Netz lernt</translation>
        </message>
        <message>
            <location filename="../../ui/library_words.py" />
            <source>where it is named</source>
            <translation>wo es genannt ist</translation>
        </message>
        <message>
            <location filename="../../ui/library_words.py" />
            <source>wherever no model is named</source>
            <translation>überall, wo kein Modell genannt ist</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>whirlwind: minimum-cost flow; arcs: least squares along arcs, built in; auto takes whirlwind where it is installed. Stacks that are unwrapped already skip this.</source>
            <translation>whirlwind: Fluss minimaler Kosten; arcs: kleinste Quadrate entlang von Verbindungen, eingebaut; auto nimmt whirlwind, wo es installiert ist. Bereits abgewickelte Stapel überspringen dies.</translation>
        </message>
        <message>
            <location filename="../../ui/setup_dialog.py" />
            <source>works ({s})</source>
            <translation>geht ({s})</translation>
        </message>
        <message>
            <location filename="../../plugin/interferograms.py" />
            <location filename="../../ui/scatterers_words.py" />
            <source>wrapped phase</source>
            <translation>gewickelte Phase</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>x,y in the coordinates of the stack: displacements are relative to the PS around it. Empty takes the most coherent, most central group of PS, and says where it is.</source>
            <translation>x,y in den Koordinaten des Stapels: Verschiebungen beziehen sich auf die PS um ihn. Leer nimmt die kohärenteste, zentralste Gruppe von PS und sagt, wo sie liegt.</translation>
        </message>
        <message>
            <location filename="../../ui/estimate_series_dialog.py" />
            <source>x,y; empty takes the most coherent, most central group</source>
            <translation>x,y; leer nimmt die kohärenteste, zentralste Gruppe</translation>
        </message>
        <message>
            <location filename="../../models/jobs/series.py" />
            <source>xmin,ymin,xmax,ymax in the coordinates of the stack: only PS in it are measured; empty takes all.</source>
            <translation>xmin,ymin,xmax,ymax in den Koordinaten des Stapels: nur PS darin werden gemessen; leer nimmt alle.</translation>
        </message>
        <message>
            <location filename="../../models/jobs/scatterers.py" />
            <source>xmin,ymin,xmax,ymax in the coordinates of the stack: only this part is selected; empty takes everything.</source>
            <translation>xmin,ymin,xmax,ymax in den Koordinaten des Stapels: nur dieser Teil wird ausgewertet; leer nimmt alles.</translation>
        </message>
        <message>
            <location filename="../../plugin/provenance.py" />
            <source>yes</source>
            <translation>ja</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <location filename="../../ui/library_words.py" />
            <source>you</source>
            <translation>Ihnen</translation>
        </message>
        <message>
            <location filename="../../plugin/export_sinks.py" />
            <source>{0:,} texts of {1} were longer than the field and were cut.</source>
            <translation>{0:,} Texte von {1} waren länger als das Feld und wurden gekürzt.</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_threshold.py" />
            <source>{0} PS of {1} pixels ({2:.1f} %)</source>
            <translation>{0} PS von {1} Pixeln ({2:.1f} %)</translation>
        </message>
        <message>
            <location filename="../../ui/pixel_dock.py" />
            <source>{0} does not reach there.</source>
            <translation>{0} reicht nicht bis dorthin.</translation>
        </message>
        <message>
            <location filename="../../ui/review_words.py" />
            <source>{0} labels</source>
            <translation>{0} Labels</translation>
        </message>
        <message>
            <location filename="../../ui/review_words.py" />
            <source>{0} labels added from {1}.</source>
            <translation>{0} Labels aus {1} hinzugefügt.</translation>
        </message>
        <message>
            <location filename="../../ui/review_start.py" />
            <source>{0} labels are in the file.</source>
            <translation>In der Datei sind {0} Labels.</translation>
        </message>
        <message>
            <location filename="../../ui/review_words.py" />
            <source>{0} of {1}</source>
            <translation>{0} von {1}</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_threshold.py" />
            <source>{0} of {1} pixels reach it</source>
            <translation>{0} von {1} Pixeln erreichen sie</translation>
        </message>
        <message>
            <location filename="../../ui/series_panel.py" />
            <source>{0} of{1} {2} series inside were read, evenly taken.</source>
            <translation>{0} von{1} {2} Zeitreihen darin wurden gelesen, gleichmäßig verteilt.</translation>
        </message>
        <message>
            <location filename="../../ui/review_words.py" />
            <source>{0} say the same as yours.</source>
            <translation>{0} sagen dasselbe wie Ihre.</translation>
        </message>
        <message>
            <location filename="../../ui/series_picks.py" />
            <source>{axis}, relative to {label}</source>
            <translation>{axis}, relativ zu {label}</translation>
        </message>
        <message>
            <location filename="../../plugin/export.py" />
            <source>{count:,} points</source>
            <translation>{count:,} Punkte</translation>
        </message>
        <message>
            <location filename="../../ui/library_compare.py" />
            <source>{count} layers were added.</source>
            <translation>{count} Layer wurden hinzugefügt.</translation>
        </message>
        <message>
            <location filename="../../ui/library_words.py" />
            <source>{count} numbers</source>
            <translation>{count} Zahlen</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>{dates} dates in {parts} parts from the start</source>
            <translation>{dates} Termine von Anfang an in {parts} Teilen</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>{dropped} of {n} interferograms dropped</source>
            <translation>{dropped} von {n} Interferogrammen verworfen</translation>
        </message>
        <message>
            <location filename="../../plugin/interferograms.py" />
            <location filename="../../ui/offsets_words.py" />
            <location filename="../../ui/scatterers_words.py" />
            <source>{first} to {last}</source>
            <translation>{first} bis {last}</translation>
        </message>
        <message>
            <location filename="../../ui/offsets_words.py" />
            <source>{first} to {second}, {days} days</source>
            <translation>{first} bis {second}, {days} Tage</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor.py" />
            <source>{folder} can be written, and there is room for an environment.</source>
            <translation>In {folder} kann geschrieben werden, und für eine Umgebung ist Platz.</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor.py" />
            <source>{folder} can be written; its disk has {free:.1f} GB free, which is too little to build an environment.</source>
            <translation>In {folder} kann geschrieben werden; auf dem Datenträger sind {free:.1f} GB frei, zu wenig, um eine Umgebung zu bauen.</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor.py" />
            <source>{folder} cannot be written: settings and Stillpoint's environment have no place. Change its permissions.</source>
            <translation>In {folder} kann nicht geschrieben werden: Einstellungen und die Umgebung von Stillpoint haben keinen Platz. Ändern Sie die Rechte.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>{gone} loops of {all} lost</source>
            <translation>{gone} Schleifen von {all} verloren</translation>
        </message>
        <message>
            <location filename="../../ui/offsets_words.py" />
            <source>{high:.3g} x {wide:.3g} m each</source>
            <translation>je {high:.3g} x {wide:.3g} m</translation>
        </message>
        <message>
            <location filename="../../ui/train_words.py" />
            <source>{hours} h {minutes} min</source>
            <translation>{hours} h {minutes} min</translation>
        </message>
        <message>
            <location filename="../../ui/triage_graph.py" />
            <source>{kept} of {all} pairs kept</source>
            <translation>{kept} von {all} Paaren behalten</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>{kept} of {pairs} kept</source>
            <translation>{kept} von {pairs} behalten</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <source>{line} (before the change)</source>
            <translation>{line} (vor der Änderung)</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>{lost} of {dates} dates lost</source>
            <translation>{lost} von {dates} Terminen verloren</translation>
        </message>
        <message>
            <location filename="../../plugin/interferograms.py" />
            <source>{method} judges by the coherence, and {name} names none. Choose the coherence stack, or another method.</source>
            <translation>{method} urteilt nach der Kohärenz, und {name} nennt keine. Wählen Sie den Kohärenzstapel oder eine andere Methode.</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/reading.py" />
            <source>{mm:.1f} mm</source>
            <translation>{mm:.1f} mm</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor_repairs.py" />
            <source>{names} cannot be removed. Close other QGIS windows and try again.</source>
            <translation>{names} kann nicht entfernt werden. Schließen Sie andere QGIS-Fenster und versuchen Sie es noch einmal.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/gather.py" />
            <source>{names}: there is nothing in this layer, so it has no map.</source>
            <translation>{names}: in diesem Layer ist nichts, daher hat er keine Karte.</translation>
        </message>
        <message>
            <location filename="../../ui/library_words.py" />
            <source>{name} (unknown here)</source>
            <translation>{name} (hier unbekannt)</translation>
        </message>
        <message>
            <location filename="../../plugin/stacks.py" />
            <source>{name} cannot be read around row {row}, column {column}.</source>
            <translation>{name} ist um Zeile {row}, Spalte {column} nicht lesbar.</translation>
        </message>
        <message>
            <location filename="../../plugin/stacks.py" />
            <source>{name} cannot be read at row {row}, column {column}: {reason}.</source>
            <translation>{name} ist in Zeile {row}, Spalte {column} nicht lesbar: {reason}.</translation>
        </message>
        <message>
            <location filename="../../plugin/run_again.py" />
            <source>{name} does not say how it was made, so it cannot be run again. Results of Stillpoint say so.</source>
            <translation>{name} sagt nicht, wie es entstand, und kann daher nicht erneut ausgeführt werden. Ergebnisse von Stillpoint sagen es.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_checks.py" />
            <source>{name} does not say the date of every band: they are tracked in the order in which they stand.</source>
            <translation>{name} nennt nicht das Datum jedes Bandes: sie werden in der Reihenfolge gemessen, in der sie stehen.</translation>
        </message>
        <message>
            <location filename="../../plugin/stacks.py" />
            <location filename="../../ui/series_words.py" />
            <source>{name} does not say which date or pair its bands are of. Use Open Stack on the product's folder or files first: it writes the dates into the raster.</source>
            <translation>{name} sagt nicht, zu welchem Termin oder Paar seine Bänder gehören. Verwenden Sie zuerst „Stapel öffnen“ mit dem Ordner oder den Dateien des Produkts: das schreibt die Termine in das Raster.</translation>
        </message>
        <message>
            <location filename="../../plugin/interferograms.py" />
            <source>{name} does not say which pair its bands are of. Use Open Stack on the product's folder or files first: it writes the dates into the raster.</source>
            <translation>{name} sagt nicht, zu welchem Paar seine Bänder gehören. Verwenden Sie zuerst „Stapel öffnen“ mit dem Ordner oder den Dateien des Produkts: das schreibt die Termine in das Raster.</translation>
        </message>
        <message>
            <location filename="../../ui/train_dialog.py" />
            <source>{name} exists already. It is replaced when the training is done.</source>
            <translation>{name} gibt es schon. Es wird ersetzt, wenn das Training fertig ist.</translation>
        </message>
        <message>
            <location filename="../../plugin/triage_table.py" />
            <source>{name} has no column {lacking}. Choose the table that Select Interferograms wrote.</source>
            <translation>{name} hat keine Spalte {lacking}. Wählen Sie die Tabelle, die „Interferogramme auswählen“ geschrieben hat.</translation>
        </message>
        <message>
            <location filename="../../plugin/stacks.py" />
            <source>{name} has no date for band {which}. Use Open Stack on the product's folder or files, which dates every band.</source>
            <translation>{name} hat kein Datum für Band {which}. Verwenden Sie „Stapel öffnen“ mit dem Ordner oder den Dateien des Produkts; das datiert jedes Band.</translation>
        </message>
        <message>
            <location filename="../../plugin/interferograms.py" />
            <source>{name} has no pair of dates for band {which}. Use Open Stack, which dates every band.</source>
            <translation>{name} hat kein Terminpaar für Band {which}. Verwenden Sie „Stapel öffnen“, das jedes Band datiert.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_run.py" />
            <source>{name} has no polygons.</source>
            <translation>{name} hat keine Polygone.</translation>
        </message>
        <message>
            <location filename="../../plugin/review_sources.py" />
            <source>{name} has nothing to review. Choose points that Classify Trends has classified, or a PS probability.</source>
            <translation>In {name} ist nichts nachzuprüfen. Wählen Sie Punkte, die „Trends klassifizieren“ klassifiziert hat, oder eine PS-Wahrscheinlichkeit.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_checks.py" />
            <source>{name} has two images of one date. Offsets between dates need one image a date.</source>
            <translation>{name} hat zwei Bilder eines Termins. Versätze zwischen Terminen brauchen ein Bild je Termin.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_checks.py" />
            <source>{name} has {bands} bands; the first is tracked.</source>
            <translation>{name} hat {bands} Bänder; das erste wird gemessen.</translation>
        </message>
        <message>
            <location filename="../../ui/series_words.py" />
            <source>{name} has {n} dates; a displacement series needs at least three, and ten or more to be of use.</source>
            <translation>{name} hat {n} Termine; eine Verschiebungszeitreihe braucht mindestens drei, und zehn oder mehr, um zu nützen.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_checks.py" />
            <source>{name} has {size} pixels; offsets need at least {smallest} a side.</source>
            <translation>{name} hat {size} Pixel; Versätze brauchen mindestens {smallest} je Seite.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_checks.py" />
            <source>{name} holds a single image. Choose the secondary image, or a stack of at least two dates as the reference.</source>
            <translation>{name} enthält ein einzelnes Bild. Wählen Sie das zweite Bild, oder als Referenz einen Stapel von mindestens zwei Terminen.</translation>
        </message>
        <message>
            <location filename="../../plugin/stacks.py" />
            <source>{name} holds a single {what}. A scatterer shows itself by staying the same over many dates: choose a stack of several (ten or more for a good selection).</source>
            <translation>{name} enthält nur: {what}. Ein Scatterer zeigt sich darin, dass er über viele Termine gleich bleibt: wählen Sie einen Stapel mit mehreren (zehn oder mehr für eine gute Auswahl).</translation>
        </message>
        <message>
            <location filename="../../plugin/stacks.py" />
            <source>{name} holds amplitudes alone, which only the method Amplitude dispersion can judge. Choose that method, or a stack of interferograms or complex images.</source>
            <translation>{name} enthält allein Amplituden, die nur die Methode „Amplitudendispersion“ beurteilen kann. Wählen Sie diese Methode, oder einen Stapel von Interferogrammen oder komplexen Bildern.</translation>
        </message>
        <message>
            <location filename="../../plugin/interferograms.py" />
            <source>{name} holds images, not interferograms. Choose a stack with a pair of dates a band.</source>
            <translation>{name} enthält Bilder, keine Interferogramme. Wählen Sie einen Stapel mit einem Terminpaar je Band.</translation>
        </message>
        <message>
            <location filename="../../plugin/triage_table.py" />
            <source>{name} holds no decisions: it needs reference_date, secondary_date and keep.</source>
            <translation>{name} enthält keine Entscheidungen: nötig sind reference_date, secondary_date und keep.</translation>
        </message>
        <message>
            <location filename="../../plugin/triage_table.py" />
            <source>{name} holds no interferograms. Choose the table of a selection with at least one.</source>
            <translation>{name} enthält keine Interferogramme. Wählen Sie die Tabelle einer Auswahl mit mindestens einem.</translation>
        </message>
        <message>
            <location filename="../../plugin/review_file.py" />
            <source>{name} holds no labels of these {kind}: it has no column {lacking}. Choose another file for the labels.</source>
            <translation>{name} enthält keine Labels für {kind}: die Spalte {lacking} fehlt. Wählen Sie eine andere Datei für die Labels.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets.py" />
            <source>{name} holds no offsets that Track Offsets wrote: its bands do not say which component they are.</source>
            <translation>{name} enthält keine Versätze, die „Versätze messen“ geschrieben hat: seine Bänder sagen nicht, welche Komponente sie sind.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/zones.py" />
            <source>{name} holds no polygons: choose a layer of zones.</source>
            <translation>{name} enthält keine Polygone: wählen Sie einen Layer mit Zonen.</translation>
        </message>
        <message>
            <location filename="../../plugin/analysis_checks.py" />
            <source>{name} holds unwrapped phase, but PS are selected in wrapped phase or complex images. Choose such a stack of the same area under Goes in, or give your own PS.</source>
            <translation>{name} enthält abgewickelte Phase, PS werden aber in gewickelter Phase oder komplexen Bildern ausgewählt. Wählen Sie unter „Eingang“ einen solchen Stapel desselben Gebiets, oder geben Sie eigene PS an.</translation>
        </message>
        <message>
            <location filename="../../ui/series_words.py" />
            <source>{name} holds {quantity}, which has no phase. Choose a stack of interferograms or complex images.</source>
            <translation>{name} enthält {quantity} und hat keine Phase. Wählen Sie einen Stapel von Interferogrammen oder komplexen Bildern.</translation>
        </message>
        <message>
            <location filename="../../plugin/interferograms.py" />
            <source>{name} holds {quantity}. Interferograms are judged by their phase, unwrapped or wrapped: choose that stack{more}.</source>
            <translation>{name} enthält {quantity}. Interferogramme werden nach ihrer Phase beurteilt, abgewickelt oder gewickelt: wählen Sie diesen Stapel{more}.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_checks.py" />
            <source>{name} holds {quantity}. Offsets are tracked between amplitude or complex images.</source>
            <translation>{name} enthält {quantity}. Versätze werden zwischen Amplituden- oder komplexen Bildern gemessen.</translation>
        </message>
        <message>
            <location filename="../../plugin/stacks.py" />
            <source>{name} holds {quantity}. Scatterers are selected in complex images or wrapped interferograms: use Open Stack and choose phase or complex there.</source>
            <translation>{name} enthält {quantity}. Scatterer werden in komplexen Bildern oder gewickelten Interferogrammen ausgewählt: verwenden Sie „Stapel öffnen“ und wählen Sie dort Phase oder komplex.</translation>
        </message>
        <message>
            <location filename="../../plugin/raster_layers.py" />
            <source>{name} in time</source>
            <translation>{name} im Zeitverlauf</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_pick.py" />
            <source>{name} is filtered, edited or only in memory. Save it as a file first: an analysis is repeated later.</source>
            <translation>{name} ist gefiltert, in Bearbeitung oder nur im Speicher. Speichern Sie es zuerst als Datei: eine Analyse wird später wiederholt.</translation>
        </message>
        <message>
            <location filename="../../plugin/review_file.py" />
            <source>{name} is no GeoPackage with labels, or is damaged. Choose another file for the labels.</source>
            <translation>{name} ist kein GeoPackage mit Labels oder ist beschädigt. Wählen Sie eine andere Datei für die Labels.</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/track_offsets.py" />
            <location filename="../../plugin/algorithms/train_model.py" />
            <source>{name} is no raster file. Save it as a GeoTIFF first.</source>
            <translation>{name} ist keine Rasterdatei. Speichern Sie es zuerst als GeoTIFF.</translation>
        </message>
        <message>
            <location filename="../../plugin/triage_table.py" />
            <source>{name} is no text in UTF-8. Choose the table that Select Interferograms wrote.</source>
            <translation>{name} ist kein Text in UTF-8. Wählen Sie die Tabelle, die „Interferogramme auswählen“ geschrieben hat.</translation>
        </message>
        <message>
            <location filename="../../plugin/series.py" />
            <source>{name} is not a point layer: choose one of points.</source>
            <translation>{name} ist kein Punktlayer: wählen Sie einen mit Punkten.</translation>
        </message>
        <message>
            <location filename="../../ui/train_dialog.py" />
            <source>{name} is now what {network} takes wherever no model is named. The library of models takes it back.</source>
            <translation>{name} ist jetzt, was {network} nimmt, wo kein Modell genannt ist. Die Modellbibliothek nimmt es zurück.</translation>
        </message>
        <message>
            <location filename="../../ui/series_words.py" />
            <source>{name} is read and would be overwritten. Choose another file.</source>
            <translation>{name} wird gelesen und würde überschrieben. Wählen Sie eine andere Datei.</translation>
        </message>
        <message>
            <location filename="../../plugin/export.py" />
            <source>{name} is the file of the layer itself: choose another name.</source>
            <translation>{name} ist die Datei des Layers selbst: wählen Sie einen anderen Namen.</translation>
        </message>
        <message>
            <location filename="../../plugin/triage_exports.py" />
            <source>{name} is the table that the method wrote, and stays as it is. Choose another file.</source>
            <translation>{name} ist die Tabelle, die die Methode geschrieben hat, und bleibt, wie sie ist. Wählen Sie eine andere Datei.</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/open_stack.py" />
            <source>{name} stack</source>
            <translation>Stapel {name}</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <source>{name} was removed.</source>
            <translation>{name} wurde entfernt.</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <source>{name} was written to {path}.</source>
            <translation>{name} wurde nach {path} geschrieben.</translation>
        </message>
        <message>
            <location filename="../../plugin/triage_exports.py" />
            <source>{name} would overwrite a file that the stack is read from. Choose another file.</source>
            <translation>{name} würde eine Datei überschreiben, aus der der Stapel gelesen wird. Wählen Sie eine andere Datei.</translation>
        </message>
        <message>
            <location filename="../../plugin/triage_table.py" />
            <source>{name}, line {number}: both dates are {names}. A pair needs two dates.</source>
            <translation>{name}, Zeile {number}: beide Termine sind {names}. Ein Paar braucht zwei Termine.</translation>
        </message>
        <message>
            <location filename="../../plugin/triage_table.py" />
            <source>{name}, line {number}: keep is {text!r}; it is 1 or 0.</source>
            <translation>{name}, Zeile {number}: keep ist {text!r}; es ist 1 oder 0.</translation>
        </message>
        <message>
            <location filename="../../plugin/triage_table.py" />
            <source>{name}, line {number}: {column} is {text!r}, which is no number.</source>
            <translation>{name}, Zeile {number}: {column} ist {text!r} und keine Zahl.</translation>
        </message>
        <message>
            <location filename="../../plugin/triage_table.py" />
            <source>{name}, line {number}: {column} is {text!r}; a date reads 2018-01-15.</source>
            <translation>{name}, Zeile {number}: {column} ist {text!r}; ein Datum lautet 2018-01-15.</translation>
        </message>
        <message>
            <location filename="../../plugin/export.py" />
            <source>{name}: layers are exported as {value}; give one of these endings.</source>
            <translation>{name}: Layer werden als {value} exportiert; geben Sie eine dieser Endungen an.</translation>
        </message>
        <message>
            <location filename="../../ui/plot/pictures.py" />
            <source>{name}: pictures are written as {value}; give it one.</source>
            <translation>{name}: Bilder werden als {value} geschrieben; geben Sie eine dieser Endungen an.</translation>
        </message>
        <message>
            <location filename="../../ui/series_panel.py" />
            <source>{numbers} of {n}</source>
            <translation>{numbers} von {n}</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>{n} PS, {share:.1f} % of the pixels</source>
            <translation>{n} PS, {share:.1f} % der Pixel</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>{n} bands</source>
            <translation>{n} Bänder</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_dialog.py" />
            <source>{n} bands are open as {name}. Play them with the temporal controller, or select scatterers.</source>
            <translation>{n} Bänder sind als {name} geöffnet. Spielen Sie sie mit der Zeitsteuerung ab, oder wählen Sie Scatterer aus.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_card.py" />
            <source>{n} changed</source>
            <translation>{n} geändert</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>{n} changed by you</source>
            <translation>{n} von Ihnen geändert</translation>
        </message>
        <message>
            <location filename="../../plugin/report/motion.py" />
            <source>{n} choices were changed by hand.</source>
            <translation>{n} Entscheidungen wurden von Hand geändert.</translation>
        </message>
        <message>
            <location filename="../../plugin/interferograms.py" />
            <source>{n} dates</source>
            <translation>{n} Termine</translation>
        </message>
        <message>
            <location filename="../../plugin/report/motion.py" />
            <source>{n} dates belong to no pair that is kept.</source>
            <translation>{n} Termine gehören zu keinem behaltenen Paar.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>{n} dates would be lost ({days})</source>
            <translation>{n} Termine gingen verloren ({days})</translation>
        </message>
        <message>
            <location filename="../../ui/combine_track.py" />
            <source>{n} dates, {first} to {last}</source>
            <translation>{n} Termine, {first} bis {last}</translation>
        </message>
        <message>
            <location filename="../../plugin/report/motion.py" />
            <location filename="../../ui/triage_detail.py" />
            <location filename="../../ui/triage_words.py" />
            <source>{n} days</source>
            <translation>{n} Tage</translation>
        </message>
        <message>
            <location filename="../../ui/triage_board.py" />
            <source>{n} decisions of before were taken over.</source>
            <translation>{n} frühere Entscheidungen wurden übernommen.</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_sources.py" />
            <source>{n} files in {folder}</source>
            <translation>{n} Dateien in {folder}</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <location filename="../../ui/widgets/reading.py" />
            <source>{n} from {first} to {last}</source>
            <translation>{n} von {first} bis {last}</translation>
        </message>
        <message>
            <location filename="../../ui/train_words.py" />
            <source>{n} hours</source>
            <translation>{n} Stunden</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>{n} images</source>
            <translation>{n} Bilder</translation>
        </message>
        <message>
            <location filename="../../ui/offsets_words.py" />
            <source>{n} images, one pair</source>
            <translation>{n} Bilder, ein Paar</translation>
        </message>
        <message>
            <location filename="../../ui/offsets_words.py" />
            <source>{n} images, {pairs} consecutive pairs</source>
            <translation>{n} Bilder, {pairs} aufeinanderfolgende Paare</translation>
        </message>
        <message>
            <location filename="../../plugin/interferograms.py" />
            <source>{n} interferogram</source>
            <translation>{n} Interferogramm</translation>
        </message>
        <message>
            <location filename="../../plugin/interferograms.py" />
            <source>{n} interferograms</source>
            <translation>{n} Interferogramme</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>{n} interferograms against {day}</source>
            <translation>{n} Interferogramme gegen {day}</translation>
        </message>
        <message>
            <location filename="../../ui/open_stack_reading.py" />
            <source>{n} interferograms in a network</source>
            <translation>{n} Interferogramme in einem Netz</translation>
        </message>
        <message>
            <location filename="../../ui/assess_dialog.py" />
            <source>{n} masks assessed: {path}</source>
            <translation>{n} Masken bewertet: {path}</translation>
        </message>
        <message>
            <location filename="../../ui/train_words.py" />
            <source>{n} minutes</source>
            <translation>{n} Minuten</translation>
        </message>
        <message>
            <location filename="../../plugin/report/results.py" />
            <source>{n} of the {all} zones hold no point.</source>
            <translation>{n} der {all} Zonen enthalten keinen Punkt.</translation>
        </message>
        <message>
            <location filename="../../ui/tour.py" />
            <source>{n} of {all}</source>
            <translation>{n} von {all}</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>{n} of {all} offsets measured, the largest {largest:.1f} px</source>
            <translation>{n} von {all} Versätzen gemessen, der größte {largest:.1f} px</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/report.py" />
            <source>{n} pages.</source>
            <translation>{n} Seiten.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_history.py" />
            <source>{n} pairs</source>
            <translation>{n} Paare</translation>
        </message>
        <message>
            <location filename="../../ui/series_words.py" />
            <source>{n} places, {dates} dates from {first} to {last}.</source>
            <translation>{n} Orte, {dates} Termine von {first} bis {last}.</translation>
        </message>
        <message>
            <location filename="../../ui/combine_track.py" />
            <location filename="../../ui/widgets/reading.py" />
            <source>{n} points</source>
            <translation>{n} Punkte</translation>
        </message>
        <message>
            <location filename="../../ui/classify_dialog.py" />
            <source>{n} points classified{time}: {shares}.</source>
            <translation>{n} Punkte{time} klassifiziert: {shares}.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/picks.py" />
            <source>{n} points spread over the layer</source>
            <translation>{n} über den Layer verteilte Punkte</translation>
        </message>
        <message>
            <location filename="../../ui/series_words.py" />
            <source>{n} points with displacement series.</source>
            <translation>{n} Punkte mit Verschiebungszeitreihen.</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>{n} points, {dates} dates</source>
            <translation>{n} Punkte, {dates} Termine</translation>
        </message>
        <message>
            <location filename="../../ui/analysis_words.py" />
            <source>{n} points: {shares}</source>
            <translation>{n} Punkte: {shares}</translation>
        </message>
        <message>
            <location filename="../../ui/train_words.py" />
            <source>{n} seconds</source>
            <translation>{n} Sekunden</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>{n} shown</source>
            <translation>{n} gezeigt</translation>
        </message>
        <message>
            <location filename="../../ui/scatterers_words.py" />
            <source>{n} {what}</source>
            <translation>{n} {what}</translation>
        </message>
        <message>
            <location filename="../../plugin/interferograms.py" />
            <source>{other} has none of the pairs of {name}. Choose the coherence of the same pairs.</source>
            <translation>{other} hat keines der Paare von {name}. Wählen Sie die Kohärenz derselben Paare.</translation>
        </message>
        <message>
            <location filename="../../plugin/interferograms.py" />
            <source>{other} holds {quantity}, not coherence. Choose the coherence of the same pairs.</source>
            <translation>{other} enthält {quantity}, keine Kohärenz. Wählen Sie die Kohärenz derselben Paare.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_checks.py" />
            <source>{ours} and {theirs} hold the same values: there is nothing to track between them.</source>
            <translation>{ours} und {theirs} enthalten dieselben Werte: zwischen ihnen ist nichts zu messen.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_checks.py" />
            <source>{ours} has no coordinates, so its geometry is no map. Take radar or auto.</source>
            <translation>{ours} hat keine Koordinaten, daher ist die Geometrie keine Karte. Nehmen Sie Radar oder auto.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_checks.py" />
            <source>{ours} tells no distance between its pixels, so its offsets cannot be given in metres. Take pixels as the unit.</source>
            <translation>{ours} nennt keinen Abstand zwischen seinen Pixeln, daher können Versätze nicht in Metern angegeben werden. Nehmen Sie Pixel als Einheit.</translation>
        </message>
        <message>
            <location filename="../../plugin/export.py" />
            <source>{parent} cannot be written to, or {name} is open in another program. Close it there, or choose another folder.</source>
            <translation>In {parent} kann nicht geschrieben werden, oder {name} ist in einem anderen Programm geöffnet. Schließen Sie es dort, oder wählen Sie einen anderen Ordner.</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <source>{part}: all examples are of one class, {there}. {why}</source>
            <translation>{part}: alle Beispiele sind von einer Klasse, {there}. {why}</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <source>{part}: no examples of {missing}.</source>
            <translation>{part}: keine Beispiele von {missing}.</translation>
        </message>
        <message>
            <location filename="../../ui/train_split.py" />
            <source>{part}: {purpose}</source>
            <translation>{part}: {purpose}</translation>
        </message>
        <message>
            <location filename="../../plugin/training.py" />
            <source>{part}: {total:,} examples are very few; </source>
            <translation>{part}: {total:,} Beispiele sind sehr wenige; </translation>
        </message>
        <message>
            <location filename="../../plugin/review_sources.py" />
            <source>{path} cannot be read at row {top}: the file is damaged or truncated.</source>
            <translation>{path} ist in Zeile {top} nicht lesbar: die Datei ist beschädigt oder abgeschnitten.</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor_repairs.py" />
            <location filename="../../plugin/sample.py" />
            <source>{path} cannot be renamed: {reason}.</source>
            <translation>{path} kann nicht umbenannt werden: {reason}.</translation>
        </message>
        <message>
            <location filename="../../plugin/sample.py" />
            <source>{path} cannot be written: {strerror}.</source>
            <translation>{path} kann nicht geschrieben werden: {strerror}.</translation>
        </message>
        <message>
            <location filename="../../plugin/export.py" />
            <location filename="../../plugin/offsets_styles.py" />
            <source>{path} cannot be written: {strerror}. Choose another folder.</source>
            <translation>{path} kann nicht geschrieben werden: {strerror}. Wählen Sie einen anderen Ordner.</translation>
        </message>
        <message>
            <location filename="../../plugin/triage_table.py" />
            <source>{path} cannot be written: {why}. Choose a folder that you may write to.</source>
            <translation>{path} kann nicht geschrieben werden: {why}. Wählen Sie einen Ordner, in den Sie schreiben dürfen.</translation>
        </message>
        <message>
            <location filename="../../ui/sample_dialog.py" />
            <source>{path} exists and will be replaced, with the data beside it. What you added to it is lost.</source>
            <translation>{path} gibt es und wird ersetzt, samt den Daten daneben. Was Sie hinzugefügt haben, geht verloren.</translation>
        </message>
        <message>
            <location filename="../../plugin/review_sources.py" />
            <source>{path} has no pixel with a probability, so there is nothing to review.</source>
            <translation>{path} hat keinen Pixel mit einer Wahrscheinlichkeit, daher ist nichts nachzuprüfen.</translation>
        </message>
        <message>
            <location filename="../../plugin/report/__init__.py" />
            <source>{path} is a folder. Give the report a file name.</source>
            <translation>{path} ist ein Ordner. Geben Sie dem Bericht einen Dateinamen.</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor_repairs.py" />
            <source>{path} is used from now on.</source>
            <translation>{path} wird von jetzt an verwendet.</translation>
        </message>
        <message>
            <location filename="../../plugin/doctor.py" />
            <source>{path}, Python {python}. Rule {number} of {rules} found it: {origin}.</source>
            <translation>{path}, Python {python}. Regel {number} von {rules} hat es gefunden: {origin}.</translation>
        </message>
        <message>
            <location filename="../../plugin/installation.py" />
            <source>{problem} Build the environment anew.</source>
            <translation>{problem} Bauen Sie die Umgebung neu.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_board.py" />
            <source>{problem} The decisions stay with the project.</source>
            <translation>{problem} Die Entscheidungen bleiben im Projekt.</translation>
        </message>
        <message>
            <location filename="../../plugin/interferograms.py" />
            <location filename="../../ui/offsets_words.py" />
            <location filename="../../ui/open_stack_reading.py" />
            <location filename="../../ui/scatterers_words.py" />
            <source>{rows:,} x {columns:,} pixels</source>
            <translation>{rows:,} x {columns:,} Pixel</translation>
        </message>
        <message>
            <location filename="../../ui/library_agreement.py" />
            <source>{share} of what the first calls {name}</source>
            <translation>{share} von dem, was das erste {name} nennt</translation>
        </message>
        <message>
            <location filename="../../plugin/triage_exports.py" />
            <source>{target} cannot be written: {why}. Choose a folder that you may write to.</source>
            <translation>{target} kann nicht geschrieben werden: {why}. Wählen Sie einen Ordner, in den Sie schreiben dürfen.</translation>
        </message>
        <message>
            <location filename="../../ui/library_window.py" />
            <source>{task}, {network}: {name} is used wherever no model is named.</source>
            <translation>{task}, {network}: {name} wird überall verwendet, wo kein Modell genannt ist.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_checks.py" />
            <source>{text} Complex images cannot be resampled here: bring both onto one grid first.</source>
            <translation>{text} Komplexe Bilder können hier nicht umgerechnet werden: bringen Sie zuerst beide auf ein Gitter.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_checks.py" />
            <source>{text} It can be resampled to the grid of {ours}.</source>
            <translation>{text} Es kann auf das Gitter von {ours} umgerechnet werden.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_checks.py" />
            <source>{text} It will be resampled, which costs a little accuracy.</source>
            <translation>{text} Es wird umgerechnet, was ein wenig Genauigkeit kostet.</translation>
        </message>
        <message>
            <location filename="../../ui/triage_board.py" />
            <source>{text} Press {key} again to drop anyway.</source>
            <translation>{text} Drücken Sie noch einmal {key}, um trotzdem zu verwerfen.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_checks.py" />
            <source>{text} Without coordinates it cannot be resampled: bring both onto one grid first.</source>
            <translation>{text} Ohne Koordinaten kann es nicht umgerechnet werden: bringen Sie zuerst beide auf ein Gitter.</translation>
        </message>
        <message>
            <location filename="../../ui/combine_dialog.py" />
            <source>{text} is no angle: type degrees, such as 39.5.</source>
            <translation>{text} ist kein Winkel: geben Sie Grad ein, etwa 39.5.</translation>
        </message>
        <message>
            <location filename="../../ui/assess_dialog.py" />
            <source>{text} is no number of degrees.</source>
            <translation>{text} ist keine Gradzahl.</translation>
        </message>
        <message>
            <location filename="../../plugin/offsets_checks.py" />
            <source>{theirs} is not on the grid of {ours}: {differs}.</source>
            <translation>{theirs} liegt nicht auf dem Gitter von {ours}: {differs}.</translation>
        </message>
        <message>
            <location filename="../../plugin/tasks.py" />
            <source>{title} (cancelled)</source>
            <translation>{title} (abgebrochen)</translation>
        </message>
        <message>
            <location filename="../../plugin/run_again.py" />
            <source>{title} has no dialog: run it from the Processing toolbox.</source>
            <translation>{title} hat keinen Dialog: führen Sie es aus der Verarbeitungswerkzeugkiste aus.</translation>
        </message>
        <message>
            <location filename="../../ui/widgets/output_files.py" />
            <source>{title} would overwrite a file that is read. Choose another file.</source>
            <translation>{title} würde eine Datei überschreiben, die gelesen wird. Wählen Sie eine andere.</translation>
        </message>
        <message>
            <location filename="../../ui/series_words.py" />
            <source>{title}: nine of ten between {low:+.1f} and {high:+.1f} mm/yr, standard error {error:.1f}.</source>
            <translation>{title}: neun von zehn zwischen {low:+.1f} und {high:+.1f} mm/a, Standardfehler {error:.1f}.</translation>
        </message>
        <message>
            <location filename="../../plugin/algorithms/base.py" />
            <source>{title}: there is no layer or file {value}. Check its spelling and where it lies.</source>
            <translation>{title}: es gibt keinen Layer und keine Datei {value}. Prüfen Sie Schreibweise und Ort.</translation>
        </message>
        <message>
            <location filename="../../plugin/sample.py" />
            <source>{what} was left out: {reason}</source>
            <translation>{what} fehlt: {reason}</translation>
        </message>
        <message>
            <location filename="../../ui/triage_words.py" />
            <source>{whole} of its {all} loops are complete.</source>
            <translation>{whole} seiner {all} Schleifen sind vollständig.</translation>
        </message>
        <message>
            <location filename="../../plugin/pixel.py" />
            <source>{word}: {gamma:.2f} of 1</source>
            <translation>{word}: {gamma:.2f} von 1</translation>
        </message>
        <message>
            <location filename="../../ui/profile_content.py" />
            <source>± 1 standard error</source>
            <translation>± 1 Standardfehler</translation>
        </message>
    </context>
</TS>
