<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
<name>SatFusion</name>
<message>
<source>16-bit integers, 10000 times the reflectance (scale 0.0001, no data -32768)</source>
<translation type="vanished">16-Bit-Ganzzahlen, 10000-mal die Reflektanz (Skala 0.0001, kein Datenwert -32768)</translation>
</message>
<message>
<source>32-bit floats</source>
<translation type="vanished">32-Bit-Gleitkommazahlen</translation>
</message>
<message>
<source>A raster that SatFusion wrote: its metadata hold the job.</source>
<translation>Ein Raster, das SatFusion geschrieben hat: seine Metadaten enthalten den Auftrag.</translation>
</message>
<message>
<source>About {} left</source>
<translation>Noch etwa {}</translation>
</message>
<message>
<source>Adds PAN's detail over the intensity that best explains PAN, with one gain for each band. Sharp; robust where the bands together cover PAN's spectral range.</source>
<translation>Fügt das Detail hinzu, das PAN über die Intensität hinaus hat, die PAN am besten erklärt, mit einem Faktor je Band. Scharf; robust, wo die Bänder zusammen den Spektralbereich von PAN abdecken.</translation>
</message>
<message>
<source>Adds PAN's detail over the mean of the bands, with one gain for each band. Widely used; take GSA, whose intensity is regressed from the scene.</source>
<translation>Fügt das Detail hinzu, das PAN über das Mittel der Bänder hinaus hat, mit einem Faktor je Band. Weit verbreitet; nehmen Sie GSA, dessen Intensität aus der Szene durch Regression bestimmt wird.</translation>
</message>
<message>
<source>Adds PAN's wavelet planes in proportion to each pixel's spectrum. Keeps the colour; a long-standing reference.</source>
<translation>Fügt die Wavelet-Ebenen von PAN im Verhältnis zum Spektrum jedes Pixels hinzu. Erhält die Farbe; seit langem ein Maßstab.</translation>
</message>
<message>
<source>Adds smaller copies of the image to the file, so that it is drawn quickly at small scales.</source>
<translation>Fügt der Datei verkleinerte Kopien des Bildes hinzu, damit es in kleinen Maßstäben schnell gezeichnet wird.</translation>
</message>
<message>
<source>Adds the detail that the sensor's blur took away, found with its MTF, with one full-scale gain for each band. The safest choice for most scenes.</source>
<translation>Fügt das Detail hinzu, das die Unschärfe des Sensors weggenommen hat, gefunden mit seiner MTF, mit einem Faktor je Band, bestimmt in voller Auflösung. Für die meisten Szenen die sicherste Wahl.</translation>
</message>
<message>
<source>Adds the detail that the sensor's blur took away, from PAN matched to each band. For comparison; MTF-GLP-FS has better gains.</source>
<translation>Fügt das Detail hinzu, das die Unschärfe des Sensors weggenommen hat, aus PAN, das an jedes Band angepasst ist. Zum Vergleich; MTF-GLP-FS hat bessere Faktoren.</translation>
</message>
<message>
<source>Adds to each band the mixture of PAN and all bands that best gives back the detail one scale up. Sharp; its constrained form is robust.</source>
<translation>Fügt jedem Band die Mischung aus PAN und allen Bändern hinzu, die das Detail eine Stufe gröber am besten wiedergibt. Scharf; die Form mit Nebenbedingungen ist robust.</translation>
</message>
<message>
<source>Adds what a box filter takes away from PAN, matched to each band. Simple; take an MTF-GLP method where the sensor's blur is known.</source>
<translation>Fügt hinzu, was ein Mittelwertfilter von PAN wegnimmt, angepasst an jedes Band. Einfach; nehmen Sie eine MTF-GLP-Methode, wo die Unschärfe des Sensors bekannt ist.</translation>
</message>
<message>
<source>All bands</source>
<translation>Alle Bänder</translation>
</message>
<message>
<source>All scores, for each band and over all bands, as JSON.</source>
<translation>Alle Bewertungen, für jedes Band und über alle Bänder, als JSON.</translation>
</message>
<message>
<source>All virtual rasters</source>
<translation type="vanished">Alle virtuellen Raster</translation>
</message>
<message>
<source>Any other sensor (gain 0.30)</source>
<translation>Jeder andere Sensor (MTF 0,30)</translation>
</message>
<message>
<source>As a coarser sensor would see it.</source>
<translation>Wie ein gröberer Sensor es sähe.</translation>
</message>
<message>
<source>as given</source>
<translation>wie angegeben</translation>
</message>
<message>
<source>as small and quicker, for GDAL with ZSTD</source>
<translation>ebenso klein und schneller, für GDAL mit ZSTD</translation>
</message>
<message>
<source>as the input</source>
<translation>wie die Eingabe</translation>
</message>
<message>
<source>Assessment</source>
<translation>Bewertung</translation>
</message>
<message>
<source>Automatic choice</source>
<translation>Automatische Wahl</translation>
</message>
<message>
<source>Automatic choice: from how each band's detail follows PAN's: EXP where no correlation reaches 0.1, MTF-GLP with one gain for each band where all are 0.95 or more or the scene has fewer than 400 MS pixels, otherwise MTF-GLP with local gain</source>
<translation>Automatische Wahl: danach, wie das Detail jedes Bandes dem von PAN folgt: EXP, wo keine Korrelation 0.1 erreicht, MTF-GLP mit einem Faktor je Band, wo alle 0.95 oder mehr betragen oder die Szene weniger als 400 MS-Pixel hat, sonst MTF-GLP mit örtlichem Faktor</translation>
</message>
<message>
<source>AWLP (additive wavelet luminance proportional)</source>
<translation>AWLP (additive Wavelets, proportional zur Luminanz)</translation>
</message>
<message>
<source>Band</source>
<translation>Band</translation>
</message>
<message>
<source>band number</source>
<translation>Bandnummer</translation>
</message>
<message>
<source>Band numbers to use, such as 1,2,3 or 2-4, in the order wanted. Empty uses all. With several single-band files, 1 is the first file in order.</source>
<translation>Nummern der Bänder, die benutzt werden, etwa 1,2,3 oder 2-4, in der gewünschten Reihenfolge. Leer: alle. Bei mehreren Dateien mit je einem Band ist 1 die erste Datei der Reihenfolge.</translation>
</message>
<message>
<source>Band weights</source>
<translation>Gewichte der Bänder</translation>
</message>
<message>
<source>Bands</source>
<translation>Bänder</translation>
</message>
<message>
<source>Bands of the reference</source>
<translation>Bänder der Referenz</translation>
</message>
<message>
<source>BDSD (band-dependent spatial detail)</source>
<translation>BDSD (bandabhängiges räumliches Detail)</translation>
</message>
<message>
<source>Bias</source>
<translation>Mittlere Abweichung</translation>
</message>
<message>
<source>Bits (Landsat QA_PIXEL) or classes (Sentinel-2 SCL) that the masks mark, separated by commas. Empty takes bits 0 to 4 (fill, dilated cloud, cirrus, cloud, shadow) or classes 0, 1, 3, 8, 9, 10.</source>
<translation type="vanished">Bits (QA_PIXEL von Landsat) oder Klassen (SCL von Sentinel-2), die die Masken markieren, durch Kommas getrennt. Leer: Bits 0 bis 4 (Füllwert, erweiterte Wolke, Zirrus, Wolke, Schatten) oder Klassen 0, 1, 3, 8, 9, 10.</translation>
</message>
<message>
<source>Border left out</source>
<translation>Ausgelassener Rand</translation>
</message>
<message>
<source>Brovey</source>
<translation>Brovey</translation>
</message>
<message>
<source>Brovey on bands without their haze: keeps the colour, and is sharp where contrast is high. Good for visible bands of high resolution.</source>
<translation>Brovey auf Bändern ohne ihren Dunst: erhält die Farbe und ist scharf, wo der Kontrast hoch ist. Gut für sichtbare Bänder hoher Auflösung.</translation>
</message>
<message>
<source>BT-H (Brovey with haze correction)</source>
<translation>BT-H (Brovey mit Dunstkorrektur)</translation>
</message>
<message>
<source>Build overviews</source>
<translation>Übersichten (Pyramiden) erstellen</translation>
</message>
<message>
<source>Cannot write {}: {}.</source>
<translation>{} kann nicht geschrieben werden: {}.</translation>
</message>
<message>
<source>Centre of the preview</source>
<translation type="vanished">Mitte der Vorschau</translation>
</message>
<message>
<source>cloud-optimised GeoTIFF with DEFLATE</source>
<translation>für die Cloud optimiertes GeoTIFF (COG) mit DEFLATE</translation>
</message>
<message>
<source>Coefficients</source>
<translation>Koeffizienten</translation>
</message>
<message>
<source>Compares a fused image with the true one: root mean square error, spectral angle (SAM), ERGAS and Q2n, in physical units, for each band and over all bands.</source>
<translation>Vergleicht ein fusioniertes Bild mit dem wahren: mittlerer quadratischer Fehler, Spektralwinkel (SAM), ERGAS und Q2n, in physikalischen Einheiten, für jedes Band und über alle Bänder.</translation>
</message>
<message>
<source>Compression</source>
<translation>Kompression</translation>
</message>
<message>
<source>Cubic interpolation of the bands onto the panchromatic grid: no sharpening, the baseline that every method has to beat.</source>
<translation>Kubische Interpolation der Bänder auf das panchromatische Gitter: keine Schärfung, sondern die Grundlinie, die jede Methode übertreffen muss.</translation>
</message>
<message>
<source>Data type of the output; the input's by default. Values that do not fit are cut off at the ends of the type's range.</source>
<translation>Datentyp der Ausgabe; voreingestellt ist der der Eingabe. Werte, die nicht hineinpassen, werden an den Enden des Wertebereichs abgeschnitten.</translation>
</message>
<message>
<source>Date and time of the product</source>
<translation type="vanished">Datum und Uhrzeit des Produkts</translation>
</message>
<message>
<source>Degrade a scene</source>
<translation>Eine Szene vergröbern</translation>
</message>
<message>
<source>Degraded multispectral image</source>
<translation>Vergröbertes Multispektralbild</translation>
</message>
<message>
<source>Degraded panchromatic image</source>
<translation>Vergröbertes panchromatisches Bild</translation>
</message>
<message>
<source>ERGAS (0 is best)</source>
<translation>ERGAS (am besten 0)</translation>
</message>
<message>
<source>EXP (interpolation only)</source>
<translation>EXP (nur Interpolation)</translation>
</message>
<message>
<source>Flags not to be used</source>
<translation type="vanished">Kennzeichen, die nicht benutzt werden</translation>
</message>
<message>
<source>Folder for the virtual rasters</source>
<translation type="vanished">Ordner für die virtuellen Raster</translation>
</message>
<message>
<source>for blocks, interpolated between them</source>
<translation>für Blöcke, dazwischen interpoliert</translation>
</message>
<message>
<source>for the scene, free</source>
<translation>für die Szene, frei</translation>
</message>
<message>
<source>for the scene, with physical signs (BDSD-PC)</source>
<translation>für die Szene, mit physikalischen Vorzeichen (BDSD-PC)</translation>
</message>
<message>
<source>Fused image</source>
<translation>Fusioniertes Bild</translation>
</message>
<message>
<source>Fuses only 512 x 512 pixels of the coarse image, at the centre of the map, to try a method or a setting. The statistics are those of the whole scene, so the preview is what the full run gives there.</source>
<translation type="vanished">Fusioniert nur 512 x 512 Pixel des groben Bildes in der Mitte der Karte, um eine Methode oder eine Einstellung zu versuchen. Die Statistik ist die der ganzen Szene: die Vorschau ist, was der volle Lauf dort ergibt.</translation>
</message>
<message>
<source>GeoEye-1, WorldView-4</source>
<translation>GeoEye-1, WorldView-4</translation>
</message>
<message>
<source>GIHS (generalised IHS)</source>
<translation>GIHS (verallgemeinertes IHS)</translation>
</message>
<message>
<source>Give the product either as INPUT (a file) or as FOLDER.</source>
<translation type="vanished">Geben Sie das Produkt entweder als INPUT (eine Datei) oder als FOLDER an.</translation>
</message>
<message>
<source>Gives every band the same detail, PAN less the mean of the bands. Simple and fast; shifts colours where the bands do not cover PAN's spectral range.</source>
<translation>Gibt jedem Band dasselbe Detail: PAN minus das Mittel der Bänder. Einfach und schnell; verschiebt Farben, wo die Bänder den Spektralbereich von PAN nicht abdecken.</translation>
</message>
<message>
<source>Grow the masks</source>
<translation type="vanished">Masken erweitern</translation>
</message>
<message>
<source>Grows what the masks mark, clouds for example, by so many pixels of the quality band.</source>
<translation type="vanished">Erweitert, was die Masken markieren, Wolken zum Beispiel, um so viele Pixel des Qualitätsbandes.</translation>
</message>
<message>
<source>GS (Gram-Schmidt)</source>
<translation>GS (Gram-Schmidt)</translation>
</message>
<message>
<source>GSA (adaptive Gram-Schmidt)</source>
<translation>GSA (adaptives Gram-Schmidt)</translation>
</message>
<message>
<source>Haze</source>
<translation>Dunst</translation>
</message>
<message>
<source>How many processor cores to use; 0 uses all.</source>
<translation>Wie viele Prozessorkerne benutzt werden; 0 benutzt alle.</translation>
</message>
<message>
<source>How many times coarser the results are. Empty takes the ratio of the two pixel sizes, so that the degraded panchromatic image has the size of pixels of the multispectral one, which then is the truth.</source>
<translation>Um wie viel gröber die Ergebnisse sind. Leer: das Verhältnis der beiden Pixelgrößen, sodass das vergröberte panchromatische Bild so große Pixel hat wie das Multispektralbild, das dann die Wahrheit ist.</translation>
</message>
<message>
<source>How much each band counts in the intensity that PAN is compared with, separated by commas. Empty finds the weights by regression of PAN on the bands, which is right for nearly every scene.</source>
<translation>Wie viel jedes Band in der Intensität zählt, mit der PAN verglichen wird, durch Kommas getrennt. Leer: die Gewichte werden durch Regression von PAN auf die Bänder gefunden, was für fast jede Szene richtig ist.</translation>
</message>
<message>
<source>How the images are fused.</source>
<translation>Wie die Bilder fusioniert werden.</translation>
</message>
<message>
<source>How the output GeoTIFF is compressed; never with loss.</source>
<translation>Wie das ausgegebene GeoTIFF komprimiert wird; immer verlustfrei.</translation>
</message>
<message>
<source>HPF (high-pass filter)</source>
<translation>HPF (Hochpassfilter)</translation>
</message>
<message>
<source>IKONOS</source>
<translation>IKONOS</translation>
</message>
<message>
<source>Images</source>
<translation type="vanished">Bilder</translation>
</message>
<message>
<source>INPUT: a raster is needed.</source>
<translation>INPUT: Ein Raster wird gebraucht.</translation>
</message>
<message>
<source>JSON files (*.json)</source>
<translation>JSON-Dateien (*.json)</translation>
</message>
<message>
<source>Keep the order of single-band files</source>
<translation>Reihenfolge der Dateien mit einem Band behalten</translation>
</message>
<message>
<source>Known are: Landsat Collection 2, Sentinel-2, Pleiades and SPOT 6/7 (DIMAP), WorldView and GeoEye (TIL), MODIS, Sentinel-3 SYNERGY. The product is recognised by its content; zip and tar files are read without being unpacked.</source>
<translation type="vanished">Bekannt sind: Landsat Collection 2, Sentinel-2, Pleiades und SPOT 6/7 (DIMAP), WorldView und GeoEye (TIL), MODIS, Sentinel-3 SYNERGY. Das Produkt wird an seinem Inhalt erkannt; Zip- und Tar-Dateien werden gelesen, ohne dass man sie auspackt.</translation>
</message>
<message>
<source>Landsat 7 ETM+</source>
<translation>Landsat 7 ETM+</translation>
</message>
<message>
<source>Landsat 8/9 OLI</source>
<translation>Landsat 8/9 OLI</translation>
</message>
<message>
<source>Makes a coarser copy of a scene, as the same sensor would see it from farther away: each band is blurred with the sensor's modulation transfer function and sampled on a coarser grid.</source>
<translation>Macht eine gröbere Kopie einer Szene, wie derselbe Sensor sie aus größerer Entfernung sähe: jedes Band wird mit der Modulationsübertragungsfunktion des Sensors unscharf gemacht und auf einem gröberen Gitter abgetastet.</translation>
</message>
<message>
<source>Makes an output of SatFusion again, from the inputs and settings that are written in it. The inputs must still be where they were.</source>
<translation>Macht eine Ausgabe von SatFusion noch einmal, aus den Eingaben und Einstellungen, die in ihr stehen. Die Eingaben müssen noch dort liegen, wo sie lagen.</translation>
</message>
<message>
<source>Mask of the multispectral image</source>
<translation type="vanished">Maske des Multispektralbildes</translation>
</message>
<message>
<source>Mask of the panchromatic image</source>
<translation type="vanished">Maske des panchromatischen Bildes</translation>
</message>
<message>
<source>Mask polygons</source>
<translation type="vanished">Maskenpolygone</translation>
</message>
<message>
<source>Masks of products</source>
<translation type="vanished">Masken von Produkten</translation>
</message>
<message>
<source>Match PAN to each band by regression instead of by standard deviations.</source>
<translation>Passt PAN durch Regression an jedes Band an statt nach Standardabweichungen.</translation>
</message>
<message>
<source>Method</source>
<translation>Methode</translation>
</message>
<message>
<source>Method: {}</source>
<translation>Methode: {}</translation>
</message>
<message>
<source>MS: a raster is needed.</source>
<translation>MS: Ein Raster wird gebraucht.</translation>
</message>
<message>
<source>MTF gains at Nyquist</source>
<translation>MTF-Werte bei Nyquist</translation>
</message>
<message>
<source>MTF-GLP</source>
<translation>MTF-GLP</translation>
</message>
<message>
<source>MTF-GLP with a gain regressed around each pixel. Best where neighbouring fields relate to PAN in different ways; takes about twice the time.</source>
<translation>MTF-GLP mit einem Faktor, der um jedes Pixel durch Regression bestimmt wird. Am besten, wo sich benachbarte Felder verschieden zu PAN verhalten; braucht etwa doppelt so lange.</translation>
</message>
<message>
<source>MTF-GLP with gains regressed at the multispectral scale, one for each band. Close to MTF-GLP-FS.</source>
<translation>MTF-GLP mit Faktoren, die in der multispektralen Auflösung durch Regression bestimmt werden, einer je Band. Ähnlich MTF-GLP-FS.</translation>
</message>
<message>
<source>MTF-GLP with local gain</source>
<translation>MTF-GLP mit örtlichem Faktor</translation>
</message>
<message>
<source>MTF-GLP-CBD</source>
<translation>MTF-GLP-CBD</translation>
</message>
<message>
<source>MTF-GLP-FS</source>
<translation>MTF-GLP-FS</translation>
</message>
<message>
<source>MTF-GLP-FS, for most scenes</source>
<translation type="vanished">MTF-GLP-FS, für die meisten Szenen</translation>
</message>
<message>
<source>MTF-GLP-HPM (high-pass modulation)</source>
<translation>MTF-GLP-HPM (Hochpassmodulation)</translation>
</message>
<message>
<source>Multiplies every band by matched PAN over its low-pass with the sensor's blur; with regression also known as HPM-R. Detail is added instead where the quotient would run away.</source>
<translation>Multipliziert jedes Band mit dem angepassten PAN geteilt durch seinen Tiefpass mit der Unschärfe des Sensors; mit Regression auch als HPM-R bekannt. Wo der Quotient ausufern würde, wird das Detail addiert.</translation>
</message>
<message>
<source>Multiplies every band by PAN over its mean around each pixel. Simple, keeps the colour; less sharp than methods that know the sensor's blur.</source>
<translation>Multipliziert jedes Band mit PAN geteilt durch sein Mittel um jedes Pixel. Einfach, erhält die Farbe; weniger scharf als Methoden, die die Unschärfe des Sensors kennen.</translation>
</message>
<message>
<source>Multiplies every band by the ratio of PAN to the intensity of the bands; keeps the colour (spectral angle) of the multispectral image. Weights are regressed from the scene unless given.</source>
<translation>Multipliziert jedes Band mit dem Verhältnis von PAN zur Intensität der Bänder; erhält die Farbe (den Spektralwinkel) des Multispektralbildes. Die Gewichte werden aus der Szene durch Regression bestimmt, wenn sie nicht angegeben sind.</translation>
</message>
<message>
<source>Multispectral image</source>
<translation>Multispektralbild</translation>
</message>
<message>
<source>Multispectral pixel size divided by panchromatic pixel size, which ERGAS needs. Empty takes it from the fused image, where SatFusion made it.</source>
<translation>Multispektrale Pixelgröße geteilt durch die panchromatische, die ERGAS braucht. Leer: aus dem fusionierten Bild, sofern SatFusion es gemacht hat.</translation>
</message>
<message>
<source>Name of the product</source>
<translation type="vanished">Name des Produkts</translation>
</message>
<message>
<source>number times scale plus offset</source>
<translation>Zahl mal Skala plus Offset</translation>
</message>
<message>
<source>numbers as in the input, with its scale and offset</source>
<translation type="vanished">Zahlen wie in der Eingabe, mit deren Skala und Offset</translation>
</message>
<message>
<source>Offset</source>
<translation type="vanished">Offset</translation>
</message>
<message>
<source>Only pixels whose centre lies inside these polygons count in the statistics and are written; the others become no data. The polygons may be in any CRS. Empty processes everything.</source>
<translation type="vanished">Nur Pixel, deren Mittelpunkt in diesen Polygonen liegt, zählen in der Statistik und werden geschrieben; die anderen werden Nodata. Die Polygone dürfen jedes KBS haben. Leer: alles wird verarbeitet.</translation>
</message>
<message>
<source>Only this part is processed. Empty processes all that the inputs have in common.</source>
<translation>Nur dieser Teil wird verarbeitet. Leer: alles, was die Eingaben gemeinsam haben.</translation>
</message>
<message>
<source>Output data type</source>
<translation>Datentyp der Ausgabe</translation>
</message>
<message>
<source>Output units</source>
<translation>Einheiten der Ausgabe</translation>
</message>
<message>
<source>Outputs</source>
<translation>Ausgaben</translation>
</message>
<message>
<source>Over how many multispectral pixels the gain is regressed; an odd number. Smaller follows the land more closely, and noise too.</source>
<translation>Über wie viele multispektrale Pixel der Faktor durch Regression bestimmt wird; eine ungerade Zahl. Kleiner folgt dem Gelände genauer, und auch dem Rauschen.</translation>
</message>
<message>
<source>Own MTF gains instead of the sensor's: one number for all bands, or one for each band, separated by commas, each between 0.05 and 0.6. The word estimate finds them from the scene. Empty takes the sensor's.</source>
<translation>Eigene MTF-Werte statt derer des Sensors: eine Zahl für alle Bänder oder eine je Band, durch Kommas getrennt, jede zwischen 0.05 und 0.6. Das Wort estimate findet sie aus der Szene. Leer: die des Sensors.</translation>
</message>
<message>
<source>Panchromatic image</source>
<translation>Panchromatisches Bild</translation>
</message>
<message>
<source>Panchromatic or finer image</source>
<translation type="vanished">Panchromatisches oder feineres Bild</translation>
</message>
<message>
<source>Pansharpen</source>
<translation>Schärfen</translation>
</message>
<message>
<source>Pansharpening</source>
<translation>Bildschärfung (Pansharpening)</translation>
</message>
<message>
<source>Parameters</source>
<translation>Parameter</translation>
</message>
<message>
<source>Part to process</source>
<translation>Zu verarbeitender Teil</translation>
</message>
<message>
<source>PCA (principal component substitution)</source>
<translation>PCA (Ersetzung der Hauptkomponente)</translation>
</message>
<message>
<source>Physical offset of the bands (physical value = number * scale + offset) instead of the one that the product's metadata state; -0.1 stands for -1000 in Sentinel-2's numbers. Empty takes the product's own.</source>
<translation type="vanished">Physikalischer Offset der Bänder (physikalischer Wert = Zahl * Skala + Offset) statt dessen, den die Metadaten des Produkts angeben; -0.1 steht für -1000 in den Zahlen von Sentinel-2. Leer: der des Produkts.</translation>
</message>
<message>
<source>Pixels along the edges that are not scored.</source>
<translation>Pixel entlang der Ränder, die nicht bewertet werden.</translation>
</message>
<message>
<source>Pleiades, SPOT 6/7, SuperView, Gaofen (no published gains: 0.30)</source>
<translation>Pleiades, SPOT 6/7, SuperView, Gaofen (keine veröffentlichten Werte: 0,30)</translation>
</message>
<message>
<source>PRACS (partial replacement)</source>
<translation>PRACS (teilweise Ersetzung)</translation>
</message>
<message>
<source>Preparation</source>
<translation>Vorbereitung</translation>
</message>
<message>
<source>Prepare a product as delivered</source>
<translation type="vanished">Ein Produkt vorbereiten, wie es geliefert wird</translation>
</message>
<message>
<source>Preview only</source>
<translation type="vanished">Nur Vorschau</translation>
</message>
<message>
<source>PRISMA (hyperspectral)</source>
<translation>PRISMA (hyperspektral)</translation>
</message>
<message>
<source>Product: archive or metadata file</source>
<translation type="vanished">Produkt: Archiv oder Metadatendatei</translation>
</message>
<message>
<source>Product: folder</source>
<translation type="vanished">Produkt: Ordner</translation>
</message>
<message>
<source>Q2n (1 is best)</source>
<translation>Q2n (am besten 1)</translation>
</message>
<message>
<source>QuickBird</source>
<translation>QuickBird</translation>
</message>
<message>
<source>quickest and largest</source>
<translation>am schnellsten und am größten</translation>
</message>
<message>
<source>Raster made again</source>
<translation>Neu gemachtes Raster</translation>
</message>
<message>
<source>Raster made by SatFusion</source>
<translation>Von SatFusion gemachtes Raster</translation>
</message>
<message>
<source>Ratio</source>
<translation>Verhältnis</translation>
</message>
<message>
<source>RATIO is needed, as it cannot be found: {}</source>
<translation>RATIO wird gebraucht, da es nicht zu finden ist: {}</translation>
</message>
<message>
<source>Reads a satellite product as it is delivered, and makes one virtual raster for each pixel size: with band names, wavelengths, scale and offset, nodata and date, and with a mask from its quality band.</source>
<translation type="vanished">Liest ein Satellitenprodukt, wie es geliefert wird, und macht für jede Pixelgröße ein virtuelles Raster: mit Bandnamen, Wellenlängen, Skala und Offset, Nodata-Wert und Datum, und mit einer Maske aus seinem Qualitätsband.</translation>
</message>
<message>
<source>Reference</source>
<translation>Referenz</translation>
</message>
<message>
<source>References</source>
<translation>Literatur</translation>
</message>
<message>
<source>Regressed gain (HPM-R)</source>
<translation>Faktor durch Regression (HPM-R)</translation>
</message>
<message>
<source>Replaces each band's intensity only as far as the band correlates with it, and adjusts the detail pixel by pixel. Keeps bands that PAN does not see.</source>
<translation>Ersetzt die Intensität jedes Bandes nur so weit, wie das Band mit ihr korreliert, und passt das Detail Pixel für Pixel an. Schont Bänder, die PAN nicht sieht.</translation>
</message>
<message>
<source>Replaces the first principal component of the bands by PAN. For comparison with older work; shifts colours where that component is not what PAN sees.</source>
<translation>Ersetzt die erste Hauptkomponente der Bänder durch PAN. Zum Vergleich mit älteren Arbeiten; verschiebt Farben, wo diese Komponente nicht das ist, was PAN sieht.</translation>
</message>
<message>
<source>Root mean square error in physical units (0 is best)</source>
<translation>Mittlerer quadratischer Fehler in physikalischen Einheiten (am besten 0)</translation>
</message>
<message>
<source>Run again</source>
<translation>Noch einmal ausführen</translation>
</message>
<message>
<source>Runs again: {} with {}</source>
<translation>Führt noch einmal aus: {} mit {}</translation>
</message>
<message>
<source>Score against a reference</source>
<translation>Gegen eine Referenz bewerten</translation>
</message>
<message>
<source>Scores</source>
<translation>Bewertungen</translation>
</message>
<message>
<source>Sensor</source>
<translation>Sensor</translation>
</message>
<message>
<source>Sentinel-2 MSI</source>
<translation>Sentinel-2 MSI</translation>
</message>
<message>
<source>SFIM (smoothing filter-based intensity modulation)</source>
<translation>SFIM (Intensitätsmodulation mit Glättungsfilter)</translation>
</message>
<message>
<source>Sharpen the copies and compare the result with the original multispectral image (Score against a reference): so the methods can be tested on your own scene (Wald's protocol).</source>
<translation>Schärfen Sie die Kopien und vergleichen Sie das Ergebnis mit dem ursprünglichen Multispektralbild (Gegen eine Referenz bewerten): so lassen sich die Methoden an der eigenen Szene prüfen (Walds Protokoll).</translation>
</message>
<message>
<source>Sharpened image</source>
<translation>Geschärftes Bild</translation>
</message>
<message>
<source>Side of a block</source>
<translation>Seite eines Blocks</translation>
</message>
<message>
<source>Side of the blocks of local coefficients. Smaller follows the land more closely, and noise too.</source>
<translation>Seite der Blöcke der örtlichen Koeffizienten. Kleiner folgt dem Gelände genauer, und auch dem Rauschen.</translation>
</message>
<message>
<source>Side of the regression's square</source>
<translation>Seite des Regressionsquadrats</translation>
</message>
<message>
<source>Side of the square that is processed at a time. The result does not depend on it; smaller windows need less memory. 0 chooses a size.</source>
<translation>Seite des Quadrats, das auf einmal verarbeitet wird. Das Ergebnis hängt nicht davon ab; kleinere Fenster brauchen weniger Speicher. 0 wählt eine Größe.</translation>
</message>
<message>
<source>small, read everywhere</source>
<translation>klein, überall lesbar</translation>
</message>
<message>
<source>Spectral angle in degrees (0 is best)</source>
<translation>Spektralwinkel in Grad (am besten 0)</translation>
</message>
<message>
<source>Takes single-band files in the order of the list, instead of ordering them by wavelength or band number.</source>
<translation>Nimmt Dateien mit einem Band in der Reihenfolge der Liste, statt sie nach Wellenlänge oder Bandnummer zu ordnen.</translation>
</message>
<message>
<source>The algorithm was not prepared.</source>
<translation>Der Algorithmus wurde nicht vorbereitet.</translation>
</message>
<message>
<source>The finer image of the same scene, usually of a single band. With several, such as Sentinel-2's bands of 10 m for those of 20 m, each multispectral band gets its own mixture of them. The result has its grid, where it overlaps the multispectral image.</source>
<translation>Das feinere Bild derselben Szene, gewöhnlich mit einem einzigen Band. Sind es mehrere, wie die 10-m-Bänder von Sentinel-2 für die 20-m-Bänder, bekommt jedes multispektrale Band seine eigene Mischung davon. Das Ergebnis hat sein Gitter, soweit es sich mit dem Multispektralbild überdeckt.</translation>
</message>
<message>
<source>The finer single-band image of the same scene. The result has its grid, where it overlaps the multispectral image.</source>
<translation type="vanished">Das feinere Bild derselben Szene mit einem Band. Das Ergebnis hat sein Gitter, soweit es sich mit dem Multispektralbild überdeckt.</translation>
</message>
<message>
<source>The folder of the product, if it is not given as a file.</source>
<translation type="vanished">Der Ordner des Produkts, wenn es nicht als Datei angegeben ist.</translation>
</message>
<message>
<source>The haze in each band, which is not multiplied with PAN's detail: numbers in the image's units separated by commas, auto (for blue, green, red and near infrared from the darkest hundredth, otherwise the minimum), minimum or none.</source>
<translation>Der Dunst in jedem Band, der nicht mit dem Detail von PAN multipliziert wird: Zahlen in den Einheiten des Bildes, durch Kommas getrennt, auto (für Blau, Grün, Rot und nahes Infrarot aus dem dunkelsten Hundertstel, sonst das Minimum), minimum oder none.</translation>
</message>
<message>
<source>The image to degrade: one raster with several bands, or several single-band files.</source>
<translation>Das Bild, das vergröbert wird: ein Raster mit mehreren Bändern oder mehrere Dateien mit je einem Band.</translation>
</message>
<message>
<source>The image to judge.</source>
<translation>Das Bild, das beurteilt wird.</translation>
</message>
<message>
<source>The image to sharpen: one raster with several bands, or several single-band files (their order does not matter: bands are put in order of wavelength or band number).</source>
<translation>Das Bild, das geschärft wird: ein Raster mit mehreren Bändern oder mehrere Dateien mit je einem Band (ihre Reihenfolge ist gleich: die Bänder werden nach Wellenlänge oder Bandnummer geordnet).</translation>
</message>
<message>
<source>The job in this raster's metadata writes no raster.</source>
<translation>Der Auftrag in den Metadaten dieses Rasters schreibt kein Raster.</translation>
</message>
<message>
<source>The job stands in the raster's metadata, domain SATFUSION, item JOB.</source>
<translation>Der Auftrag steht in den Metadaten des Rasters, Domäne SATFUSION, Eintrag JOB.</translation>
</message>
<message>
<source>The multispectral bands on the panchromatic grid, in the multispectral image's units.</source>
<translation>Die multispektralen Bänder auf dem panchromatischen Gitter, in den Einheiten des Multispektralbildes.</translation>
</message>
<message>
<source>The new raster. Tables that the job wrote too are written beside it.</source>
<translation>Das neue Raster. Tabellen, die der Auftrag ebenfalls schrieb, kommen daneben.</translation>
</message>
<message>
<source>The panchromatic image of the same scene.</source>
<translation>Das panchromatische Bild derselben Szene.</translation>
</message>
<message>
<source>The product's zip or tar file, or its metadata file (MTL, MTD, DIM, TIL).</source>
<translation type="vanished">Die Zip- oder Tar-Datei des Produkts oder seine Metadatendatei (MTL, MTD, DIM, TIL).</translation>
</message>
<message>
<source>The sensor of the multispectral image: its modulation transfer function (MTF) says how blurred each band is. Take the default when yours is not listed.</source>
<translation>Der Sensor des Multispektralbildes: seine Modulationsübertragungsfunktion (MTF) sagt, wie unscharf jedes Band ist. Nehmen Sie die Voreinstellung, wenn Ihrer nicht aufgeführt ist.</translation>
</message>
<message>
<source>The style could not be written: {}</source>
<translation>Der Stil konnte nicht geschrieben werden: {}</translation>
</message>
<message>
<source>The true image: as many bands, in the same order, on the same grid.</source>
<translation>Das wahre Bild: ebenso viele Bänder, in derselben Reihenfolge, auf demselben Gitter.</translation>
</message>
<message>
<source>The virtual rasters point to the product's files, which have to stay where they are. A product's folder, archive or metadata file can also be given directly wherever SatFusion asks for a raster.</source>
<translation type="vanished">Die virtuellen Raster verweisen auf die Dateien des Produkts, die bleiben müssen, wo sie sind. Ordner, Archiv oder Metadatendatei eines Produkts können auch unmittelbar überall angegeben werden, wo SatFusion ein Raster verlangt.</translation>
</message>
<message>
<source>Thermal image</source>
<translation type="vanished">Thermalbild</translation>
</message>
<message>
<source>they are not looked at</source>
<translation type="vanished">sie werden nicht beachtet</translation>
</message>
<message>
<source>Threads</source>
<translation>Threads</translation>
</message>
<message>
<source>Tools</source>
<translation>Werkzeuge</translation>
</message>
<message>
<source>Virtual rasters (VRT) and masks (GeoTIFF) are written here.</source>
<translation type="vanished">Virtuelle Raster (VRT) und Masken (GeoTIFF) werden hierhin geschrieben.</translation>
</message>
<message>
<source>wavelength</source>
<translation>Wellenlänge</translation>
</message>
<message>
<source>What the numbers in the output mean. Reflectance is the stored number times the scale plus the offset of the input, which must be known; any other physical value that they give comes out the same way.</source>
<translation type="vanished">Was die Zahlen der Ausgabe bedeuten. Reflektanz ist die gespeicherte Zahl mal Skala plus Offset der Eingabe, die bekannt sein müssen; jede andere physikalische Größe, die sie ergeben, kommt ebenso heraus.</translation>
</message>
<message>
<source>what they mark is left out</source>
<translation type="vanished">was sie markieren, wird ausgelassen</translation>
</message>
<message>
<source>What to do with the quality bands (clouds, shadows, saturation) of inputs that are products as delivered. Missing pixels are always left out.</source>
<translation type="vanished">Was mit den Qualitätsbändern (Wolken, Schatten, Sättigung) von Eingaben geschieht, die Produkte wie geliefert sind. Fehlende Pixel werden immer ausgelassen.</translation>
</message>
<message>
<source>Where the preview is made. Empty takes the centre of the map, and without a map (in a model, in batch outside of QGIS) the centre of the scene.</source>
<translation type="vanished">Wo die Vorschau gemacht wird. Leer: in der Mitte der Karte, und ohne Karte (in einem Modell, als Stapel außerhalb von QGIS) in der Mitte der Szene.</translation>
</message>
<message>
<source>Whether the output holds numbers as the input does, with its scale and offset, or physical values (reflectance, radiance) as 32-bit floats.</source>
<translation>Ob die Ausgabe Zahlen enthält wie die Eingabe, mit deren Skala und Offset, oder physikalische Werte (Reflektanz, Strahldichte) als 32-Bit-Gleitkommazahlen.</translation>
</message>
<message>
<source>Which band to use where the raster has several.</source>
<translation type="vanished">Welches Band benutzt wird, wenn das Raster mehrere hat.</translation>
</message>
<message>
<source>Which band to use where the raster has several. Empty uses all that the method can take.</source>
<translation>Welches Band benutzt wird, wenn das Raster mehrere hat. Leer: alle, die die Methode nehmen kann.</translation>
</message>
<message>
<source>Which bands of the reference the fused image's bands are compared with, in order, such as 1,2,3. Empty takes all.</source>
<translation>Mit welchen Bändern der Referenz die Bänder des fusionierten Bildes verglichen werden, der Reihe nach, etwa 1,2,3. Leer: alle.</translation>
</message>
<message>
<source>Which coefficients mix PAN and the bands into detail.</source>
<translation>Welche Koeffizienten PAN und die Bänder zu Detail mischen.</translation>
</message>
<message>
<source>Which images of the product are wanted, separated by commas: ms, pan, thermal (Landsat); 10m, 20m, 60m (Sentinel-2); ms, pan (Pleiades, SPOT, WorldView). Empty takes all.</source>
<translation type="vanished">Welche Bilder des Produkts gewünscht sind, durch Kommas getrennt: ms, pan, thermal (Landsat); 10m, 20m, 60m (Sentinel-2); ms, pan (Pleiades, SPOT, WorldView). Leer: alle.</translation>
</message>
<message>
<source>Window size</source>
<translation>Größe des Verarbeitungsfensters</translation>
</message>
<message>
<source>WorldView-2</source>
<translation>WorldView-2</translation>
</message>
<message>
<source>WorldView-3</source>
<translation>WorldView-3</translation>
</message>
<message>
<source>Write masks</source>
<translation type="vanished">Masken schreiben</translation>
</message>
<message>
<source>Writes for each image a mask that is 1 where the product's quality band says that a pixel is not to be used: fill, cloud, cloud shadow, cirrus, saturation.</source>
<translation type="vanished">Schreibt für jedes Bild eine Maske, die 1 ist, wo das Qualitätsband des Produkts sagt, dass ein Pixel nicht zu benutzen ist: Füllwert, Wolke, Wolkenschatten, Zirrus, Sättigung.</translation>
</message>
<message>
<source>{} does not use the parameter {}.</source>
<translation>{} benutzt den Parameter {} nicht.</translation>
</message>
<message>
<source>{} h {} min</source>
<translation>{} h {} min</translation>
</message>
<message>
<source>{} min</source>
<translation>{} min</translation>
</message>
<message>
<source>{} s</source>
<translation>{} s</translation>
</message>
<message>
<source>{} with a method of your choice; by default {}.</source>
<translation type="vanished">{} mit einer Methode Ihrer Wahl; voreingestellt ist {}.</translation>
</message>
<message>
<source>{} with a method of your choice; by default: {}.</source>
<translation>{} mit einer Methode Ihrer Wahl; voreingestellt: {}.</translation>
</message>
<message>
<source>{}: a raster is needed.</source>
<translation>{}: Ein Raster wird gebraucht.</translation>
</message>
<message>
<source>{}: band</source>
<translation>{}: Band</translation>
</message>
<message>
<source>{}: order of the files ({}): {}</source>
<translation>{}: Reihenfolge der Dateien ({}): {}</translation>
</message>
<message>
<source>{}: {}</source>
<translation>{}: {}</translation>
</message>
</context>
</TS>
