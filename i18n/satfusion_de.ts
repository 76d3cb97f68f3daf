<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
<name>SatFusion</name>
<message>
<source>(1 - D_lambda) (1 - D_s). It rewards blur.</source>
<translation>(1 - D_lambda) (1 - D_s). Belohnt Unschärfe.</translation>
</message>
<message>
<source>(1 - D_lambda) (1 - D_s). It rewards blur: never rank by it alone.</source>
<translation>(1 - D_lambda) (1 - D_s). Belohnt Unschärfe: reihen Sie nie danach allein.</translation>
</message>
<message>
<source>(1 - D_lambda_K) (1 - D_s).</source>
<translation>(1 - D_lambda_K) (1 - D_s).</translation>
</message>
<message>
<source>(1 - D_lambda_K) (1 - D_s): colour and detail at full scale.</source>
<translation>(1 - D_lambda_K) (1 - D_s): Farbe und Detail in voller Auflösung.</translation>
</message>
<message>
<source>, cut to {} to {}</source>
<translation>, begrenzt auf {} bis {}</translation>
</message>
<message>
<source>, then less the mean and over the standard deviation of {}</source>
<translation>, dann minus das Mittel und geteilt durch die Standardabweichung {}</translation>
</message>
<message>
<source>, trained with {}</source>
<translation>, trainiert mit {}</translation>
</message>
<message>
<source>, without a border of {} pixels</source>
<translation>, ohne einen Rand von {} Pixeln</translation>
</message>
<message>
<source>0 makes patches for pansharpening. Otherwise so many revisits are simulated from each reference, with shifts, blur, noise and clouds, for patches for SatFusion.</source>
<translation>0 macht Patches für die Bildschärfung. Sonst werden aus jeder Referenz so viele Wiederholungsaufnahmen simuliert, mit Verschiebungen, Unschärfe, Rauschen und Wolken, für Patches für SatFusion.</translation>
</message>
<message>
<source>0.3 square error, 0.3 absolute error, 0.2 structural similarity, 0.2 spectral angle</source>
<translation>0,3 quadratischer Fehler, 0,3 absoluter Fehler, 0,2 strukturelle Ähnlichkeit, 0,2 Spektralwinkel</translation>
</message>
<message>
<source>1 - Q2n of MS and of the fused image degraded with the MTF of the MS sensor onto the MS grid.</source>
<translation>1 - Q2n von MS und dem fusionierten Bild, das mit der MTF des MS-Sensors auf das MS-Gitter vergröbert ist.</translation>
</message>
<message>
<source>1 - sum of squared errors / sum of squared deviations of the reference; over all: mean over the bands.</source>
<translation>1 - Summe der Fehlerquadrate / Summe der Abweichungsquadrate der Referenz; gesamt: Mittel über die Bänder.</translation>
</message>
<message>
<source>1 for networks that predict from one pair of a fine and a coarse image, 2 for those that take one before and one after the date.</source>
<translation>1 für Netze, die aus einem Paar aus einem feinen und einem groben Bild vorhersagen, 2 für solche, die eines vor und eines nach dem Datum nehmen.</translation>
</message>
<message>
<source>1 when networks can run, else 0</source>
<translation>1, wenn neuronale Netze laufen können, sonst 0</translation>
</message>
<message>
<source>100 / M * sqrt(mean over bands of RMSE^2) in percent, M = mean of the reference over all bands.</source>
<translation>100 / M * sqrt(Mittel über die Bänder von RMSE^2) in Prozent, M = Mittel der Referenz über alle Bänder.</translation>
</message>
<message>
<source>100 / ratio * sqrt(mean over bands of (RMSE / mean of the reference)^2), ratio = MS pixel / PAN pixel; none if a mean is zero.</source>
<translation>100 / Verhältnis * sqrt(Mittel über die Bänder von (RMSE / Mittel der Referenz)^2), Verhältnis = MS-Pixel / PAN-Pixel; keines, wenn ein Mittel null ist.</translation>
</message>
<message>
<source>16-bit integers, 10000 times the reflectance (scale 0.0001, no data -32768)</source>
<translation>16-Bit-Ganzzahlen, 10000-mal die Reflektanz (Skala 0.0001, kein Datenwert -32768)</translation>
</message>
<message>
<source>20 log10(data range / RMSE) in dB; over all: from the pooled RMSE; none for identical images.</source>
<translation>20 log10(Wertebereich / RMSE) in dB; gesamt: aus dem gemeinsamen RMSE; keines bei gleichen Bildern.</translation>
</message>
<message>
<source>32-bit floats</source>
<translation>32-Bit-Gleitkommazahlen</translation>
</message>
<message>
<source>95 % interval</source>
<translation>95-%-Intervall</translation>
</message>
<message>
<source>95 %, bootstrap of blocks of {} x {} fine pixels, {} draws</source>
<translation>95 %, Bootstrap aus Blöcken von {} x {} feinen Pixeln, {} Ziehungen</translation>
</message>
<message>
<source>95 %, bootstrap of {} blocks of {} x {} MS pixels, {} draws</source>
<translation>95 %, Bootstrap aus {} Blöcken von {} x {} MS-Pixeln, {} Ziehungen</translation>
</message>
<message>
<source>A checkpoint is opened as data: one that needs to run code is refused. This needs the engine with torch; an ONNX file does with ONNX Runtime.</source>
<translation>Ein Checkpoint wird als reine Daten geöffnet: einer, der dafür Code ausführen müsste, wird abgelehnt. Das braucht die Rechenumgebung mit torch; für eine ONNX-Datei genügt ONNX Runtime.</translation>
</message>
<message>
<source>A date for each revisit, such as 2024-01-31, separated by commas, in their order. Empty takes them from the metadata of products, else from the names of files or bands.</source>
<translation>Ein Datum für jede Wiederholungsaufnahme, etwa 2024-01-31, durch Kommas getrennt, in ihrer Reihenfolge. Leer: aus den Metadaten von Produkten, sonst aus den Namen der Dateien oder Bänder.</translation>
</message>
<message>
<source>A date that cannot be predicted is reported and the others go on. A series that was stopped goes on where it was.</source>
<translation>Ein Zeitpunkt, der sich nicht vorhersagen lässt, wird gemeldet, und die anderen gehen weiter. Eine abgebrochene Zeitreihe wird fortgesetzt, wo sie aufgehört hat.</translation>
</message>
<message>
<source>A deep branch with kernels of several sizes beside a shallow one.</source>
<translation>Ein tiefer Zweig mit Faltungskernen mehrerer Größen neben einem flachen.</translation>
</message>
<message>
<source>A fine image of another date, best on the other side of the one to predict. Methods for two pairs need it; others use the better pair at each place.</source>
<translation>Ein feines Bild eines anderen Datums, am besten von der anderen Seite des Zieldatums. Methoden für zwei Paare brauchen es; andere benutzen an jeder Stelle das bessere Paar.</translation>
</message>
<message>
<source>A JSON file that names models, their licences and addresses. Empty takes SatFusion's own.</source>
<translation>Eine JSON-Datei, die Modelle, ihre Lizenzen und Adressen nennt. Leer: die von SatFusion.</translation>
</message>
<message>
<source>A model whose card is damaged is named with what is wrong.</source>
<translation>Ein Modell, dessen Modellkarte beschädigt ist, wird mit dem Fehler genannt.</translation>
</message>
<message>
<source>A network fitted to the scene</source>
<translation>Ein an die Szene angepasstes Netz</translation>
</message>
<message>
<source>A number of steps in place of the time, so that a repeated run gives the same on the same processor. 0 takes the time.</source>
<translation>Eine Zahl von Schritten anstelle der Zeit, damit ein wiederholter Lauf auf demselben Prozessor dasselbe ergibt. 0 nimmt die Zeit.</translation>
</message>
<message>
<source>A page with scores and pictures in one HTML file; it opens in the results viewer and in any browser.</source>
<translation>Eine Seite mit Bewertungen und Bildern in einer einzigen HTML-Datei; sie öffnet sich in der Ergebnisanzeige und in jedem Browser.</translation>
</message>
<message>
<source>A page with the curves of the loss and the scores, written anew at each validation: look at it while it runs.</source>
<translation>Eine Seite mit den Kurven des Verlusts und der Bewertungen, bei jeder Validierung neu geschrieben: sehen Sie sie während des Trainings an.</translation>
</message>
<message>
<source>A page with the scores that were compared.</source>
<translation>Eine Seite mit den verglichenen Bewertungen.</translation>
</message>
<message>
<source>A pixel depends on</source>
<translation>Ein Pixel hängt ab von</translation>
</message>
<message>
<source>A place is one more than the number of methods that are better by more than the interval of the difference, so methods may share a place. The bar is the 95 % interval of the score itself; two bars may overlap and the methods still differ, because differences are drawn on the same blocks. Shaded: the interval of the first.</source>
<translation>Ein Platz ist eins mehr als die Zahl der Methoden, die um mehr als das Intervall der Differenz besser sind; Methoden können also einen Platz teilen. Der Balken ist das 95-%-Intervall der Bewertung selbst; zwei Balken können sich überdecken und die Methoden sich doch unterscheiden, weil die Differenzen auf denselben Blöcken gezogen werden. Getönt: das Intervall der ersten.</translation>
</message>
<message>
<source>a published data set where the fine images' folder is one, else your own images</source>
<translation>ein veröffentlichter Datensatz, wo der Ordner der feinen Bilder einer ist, sonst Ihre eigenen Bilder</translation>
</message>
<message>
<source>A raster for each revisit, in their order and on its grid, or one raster with a band for each: where it is not 0, the revisit is not used. They take the place of other masks.</source>
<translation>Ein Raster für jede Wiederholungsaufnahme, in ihrer Reihenfolge und auf ihrem Gitter, oder ein Raster mit einem Band für jede: wo es nicht 0 ist, wird die Wiederholungsaufnahme nicht benutzt. Sie treten an die Stelle anderer Masken.</translation>
</message>
<message>
<source>A raster on the image's grid: where it is not 0, the image is not used. It takes the place of other masks.</source>
<translation>Ein Raster auf dem Gitter des Bildes: wo es nicht 0 ist, wird das Bild nicht benutzt. Es tritt an die Stelle anderer Masken.</translation>
</message>
<message>
<source>A raster that SatFusion wrote: its metadata hold the job.</source>
<translation>Ein Raster, das SatFusion geschrieben hat: seine Metadaten enthalten den Auftrag.</translation>
</message>
<message>
<source>A split for each image, in their order and separated by commas: train, validation or test. Empty cuts every image by place.</source>
<translation>Eine Teilmenge für jedes Bild, in ihrer Reihenfolge und durch Kommas getrennt: train, validation oder test. Leer: jedes Bild wird räumlich aufgeteilt.</translation>
</message>
<message>
<source>A split for each scene, in their order and separated by commas: train, validation or test. Empty cuts every scene by place: blocks of it go whole to train, validation or test, with a buffer between them.</source>
<translation>Eine Teilmenge für jede Szene, in ihrer Reihenfolge und durch Kommas getrennt: train, validation oder test. Leer: jede Szene wird räumlich aufgeteilt: Blöcke von ihr kommen als Ganzes zu train, validation oder test, mit einem Puffer dazwischen.</translation>
</message>
<message>
<source>A transformer over the revisits of each pixel: their order and number do not matter, and clouded pixels are left out one by one. Adds detail to the back-projection.</source>
<translation>Ein Transformer über die Wiederholungsaufnahmen jedes Pixels: ihre Reihenfolge und Zahl sind gleich, und bewölkte Pixel werden einzeln ausgelassen. Fügt der Rückprojektion Detail hinzu.</translation>
</message>
<message>
<source>A U-shaped network whose convolutions stretch to the height and width of what they look at. The largest of these networks.</source>
<translation>Ein U-förmiges Netz, dessen Faltungen sich in Höhe und Breite nach dem strecken, was sie betrachten. Das größte dieser Netze.</translation>
</message>
<message>
<source>About how many pixels of the window count as similar: those spectrally nearest to the centre.</source>
<translation>Wie viele Pixel des Fensters ungefähr als ähnlich gelten: die, die dem mittleren spektral am nächsten sind.</translation>
</message>
<message>
<source>About so many at most, drawn evenly from all combinations of dates; 0 takes all, which may fill the disk: ten dates have 90 combinations.</source>
<translation>Ungefähr so viele höchstens, gleichmäßig aus allen Kombinationen von Zeitpunkten gezogen; 0 nimmt alle, was die Festplatte füllen kann: zehn Zeitpunkte haben 90 Kombinationen.</translation>
</message>
<message>
<source>About {} left</source>
<translation>Noch etwa {}</translation>
</message>
<message>
<source>Add the images to the project</source>
<translation>Die Bilder dem Projekt hinzufügen</translation>
</message>
<message>
<source>Added [{}]</source>
<translation>Addiert [{}]</translation>
</message>
<message>
<source>Added change</source>
<translation>Addierte Veränderung</translation>
</message>
<message>
<source>Added change (baseline)</source>
<translation>Addierte Veränderung (Grundlinie)</translation>
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
<source>Adds the coarse change to the fine image, averaged over similar pixels nearby. The common choice for gradual change in fields larger than a coarse pixel; takes one or two pairs.</source>
<translation>Addiert die grobe Veränderung zum feinen Bild, gemittelt über ähnliche Pixel in der Nähe. Die übliche Wahl bei allmählicher Veränderung in Feldern, die größer als ein grobes Pixel sind; nimmt ein Paar oder zwei.</translation>
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
<source>Adds to the estimate of</source>
<translation>Fügt Detail hinzu zur Schätzung von</translation>
</message>
<message>
<source>Adds to the fine image's features what those of the coarse images change by, at half the size: the first network of its kind, and smoother than EDC-STFN. With one pair or two.</source>
<translation>Addiert zu den Merkmalen des feinen Bildes, worum sich die der groben Bilder ändern, in halber Größe: das erste Netz seiner Art, und glatter als EDC-STFN. Mit einem Paar oder zweien.</translation>
</message>
<message>
<source>Adds what a box filter takes away from PAN, matched to each band. Simple; take an MTF-GLP method where the sensor's blur is known.</source>
<translation>Fügt hinzu, was ein Mittelwertfilter von PAN wegnimmt, angepasst an jedes Band. Einfach; nehmen Sie eine MTF-GLP-Methode, wo die Unschärfe des Sensors bekannt ist.</translation>
</message>
<message>
<source>AHB (Ar Horqin Banner): Landsat 8 and MODIS</source>
<translation>AHB (Ar Horqin Banner): Landsat 8 und MODIS</translation>
</message>
<message>
<source>all</source>
<translation>alle</translation>
</message>
<message>
<source>All bands</source>
<translation>Alle Bänder</translation>
</message>
<message>
<source>All files (*)</source>
<translation>Alle Dateien (*)</translation>
</message>
<message>
<source>All images are degraded by the ratio of their pixels, so that the reference revisit is the truth (Wald's protocol). A fifth of it is held out. The network learns from the rest for the time given, and is compared on what was held out with what needs no training: pansharpening of the reference alone, back-projection of the revisits with PAN's detail, and back-projection followed by pansharpening. Only where it is better by 2 % in ERGAS, and no worse in spectral angle, it fuses the scene; otherwise the best of the others does. The log says which, and by how much.</source>
<translation>Alle Bilder werden um das Verhältnis ihrer Pixel vergröbert, sodass die Referenz unter den Wiederholungsaufnahmen die Wahrheit ist (Walds Protokoll). Ein Fünftel davon wird zurückgehalten. Das Netz lernt in der angegebenen Zeit aus dem Rest und wird auf dem Zurückgehaltenen mit dem verglichen, was kein Training braucht: Schärfung der Referenz allein, Rückprojektion der Wiederholungsaufnahmen mit den Details von PAN, und Rückprojektion mit anschließender Schärfung. Nur wo es im ERGAS um 2 % besser und im Spektralwinkel nicht schlechter ist, fusioniert es die Szene; sonst tut es das beste der anderen Verfahren. Das Protokoll sagt, welches, und um wie viel.</translation>
</message>
<message>
<source>All images in one raster, one date after the other, with dates in the band names.</source>
<translation>Alle Bilder in einem Raster, ein Zeitpunkt nach dem anderen, mit dem Datum in den Namen der Bänder.</translation>
</message>
<message>
<source>All methods are scored on the same pixels. Baselines are shaded; a method that is not better than the best of them by more than the interval of the difference brings nothing here. Methods may share a place.</source>
<translation>Alle Methoden werden an denselben Pixeln bewertet. Grundlinien sind getönt; eine Methode, die nicht um mehr als das Intervall der Differenz besser ist als die beste von ihnen, bringt hier nichts. Methoden können einen Platz teilen.</translation>
</message>
<message>
<source>All scores as JSON, with the definition of each.</source>
<translation>Alle Bewertungen als JSON, mit der Definition jeder einzelnen.</translation>
</message>
<message>
<source>All scores, for each band and over all bands, as JSON.</source>
<translation type="vanished">Alle Bewertungen, für jedes Band und über alle Bänder, als JSON.</translation>
</message>
<message>
<source>all steps (DDPM)</source>
<translation>alle Schritte (DDPM)</translation>
</message>
<message>
<source>All virtual rasters</source>
<translation>Alle virtuellen Raster</translation>
</message>
<message>
<source>Also gives cPSNR and cSSIM, for super-resolved images: the fused image is laid on the reference at every small shift, and a constant is added to each band; what suits best counts. The plain scores stay beside them.</source>
<translation>Gibt auch cPSNR und cSSIM an, für Bilder in Superauflösung: das fusionierte Bild wird mit jeder kleinen Verschiebung auf die Referenz gelegt, und zu jedem Band wird eine Konstante addiert; was am besten passt, zählt. Die einfachen Bewertungen bleiben daneben stehen.</translation>
</message>
<message>
<source>Also judge at full scale</source>
<translation>Auch in voller Auflösung beurteilen</translation>
</message>
<message>
<source>Also makes a panchromatic image on the sharp image's grid: a weighted sum of the bands with blur, noise and a soft saturation.</source>
<translation>Macht auch ein panchromatisches Bild auf dem Gitter des scharfen Bildes: eine gewichtete Summe der Bänder mit Unschärfe, Rauschen und einer weichen Sättigung.</translation>
</message>
<message>
<source>also trains and adapts them, with torch (about 1.3 GB; several times as much for an NVIDIA GPU)</source>
<translation>trainiert sie auch und passt sie an, mit torch (etwa 1,3 GB; für eine NVIDIA-GPU ein Mehrfaches)</translation>
</message>
<message>
<source>Also writes the sharp image, cut to whole pixels of the revisits, for scores.</source>
<translation>Schreibt auch das scharfe Bild, zugeschnitten auf ganze Pixel der Wiederholungsaufnahmen, für Bewertungen.</translation>
</message>
<message>
<source>AMS-STF</source>
<translation>AMS-STF</translation>
</message>
<message>
<source>An empty or new folder, or one with an older patch set, which is replaced.</source>
<translation>Ein leerer oder neuer Ordner oder einer mit einem älteren Patch-Satz, der ersetzt wird.</translation>
</message>
<message>
<source>An image for each date is written here, and series.qlr, which opens all of them as layers with their dates.</source>
<translation>Ein Bild für jeden Zeitpunkt wird hierhin geschrieben, und dazu series.qlr, die alle als Layer mit ihrem Datum öffnet.</translation>
</message>
<message>
<source>Any other sensor (gain 0.30)</source>
<translation>Jeder andere Sensor (MTF 0,30)</translation>
</message>
<message>
<source>Apple GPU (MPS)</source>
<translation>Apple-GPU (MPS)</translation>
</message>
<message>
<source>ARConv</source>
<translation>ARConv</translation>
</message>
<message>
<source>Area</source>
<translation>Bereich</translation>
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
<source>as is usual with the official code</source>
<translation>wie beim offiziellen Code üblich</translation>
</message>
<message>
<source>as small and quicker, for GDAL with ZSTD</source>
<translation>ebenso klein und schneller, für GDAL mit ZSTD</translation>
</message>
<message>
<source>as the input</source>
<translation type="vanished">wie die Eingabe</translation>
</message>
<message>
<source>as the model's card says</source>
<translation>wie die Modellkarte sagt</translation>
</message>
<message>
<source>Ask who looks after this computer to allow programs in the engine's folder, or set SATFUSION_ENGINE_FOLDER to a folder where they are allowed.</source>
<translation>Bitten Sie den Administrator dieses Rechners, Programme im Ordner der Rechenumgebung zu erlauben, oder setzen Sie SATFUSION_ENGINE_FOLDER auf einen Ordner, in dem sie erlaubt sind.</translation>
</message>
<message>
<source>Assessment</source>
<translation>Bewertung</translation>
</message>
<message>
<source>Attention within windows carries what the coarse images change by to the fine image's features. The largest of these networks; wants much training data.</source>
<translation>Attention innerhalb von Fenstern überträgt auf die Merkmale des feinen Bildes, worum sich die groben Bilder ändern. Das größte dieser Netze; braucht viele Trainingsdaten.</translation>
</message>
<message>
<source>Attribution</source>
<translation>Namensnennung</translation>
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
<source>Automatic choice: FSDAF with one pair, ESTARFM with two</source>
<translation>Automatische Wahl: FSDAF mit einem Paar, ESTARFM mit zweien</translation>
</message>
<message>
<source>automatic: a graphics card where there is one</source>
<translation>automatisch: eine Grafikkarte, wo es eine gibt</translation>
</message>
<message>
<source>automatic: compiled code where the engine is installed</source>
<translation>automatisch: kompilierter Code, wo die Rechenumgebung installiert ist</translation>
</message>
<message>
<source>AWLP (additive wavelet luminance proportional)</source>
<translation>AWLP (additive Wavelets, proportional zur Luminanz)</translation>
</message>
<message>
<source>Back-projection</source>
<translation>Rückprojektion</translation>
</message>
<message>
<source>Back-projection with PAN's detail</source>
<translation>Rückprojektion mit den Details von PAN</translation>
</message>
<message>
<source>Back-projects the revisits onto PAN's grid, and adds what PAN shows beyond what the same back-projection makes of PAN, with a gain for each pixel. Needs nothing installed, and is what the networks start from.</source>
<translation>Rückprojiziert die Wiederholungsaufnahmen auf das Gitter von PAN und fügt hinzu, was PAN über das hinaus zeigt, was dieselbe Rückprojektion aus PAN macht, mit einem Faktor für jedes Pixel. Braucht keine Installation; davon gehen die Netze aus.</translation>
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
<source>Band numbers of the coarse images, such as 3,4,1,2,6,7, in the order of the fine image's bands. Empty finds them by wavelength or name.</source>
<translation>Nummern der Bänder der groben Bilder, etwa 3,4,1,2,6,7, in der Reihenfolge der Bänder des feinen Bildes. Leer: sie werden nach Wellenlänge oder Namen gefunden.</translation>
</message>
<message>
<source>Band numbers of the fine images to use, such as 1,2,3 or 2-4. Empty uses all.</source>
<translation>Nummern der Bänder der feinen Bilder, die benutzt werden, etwa 1,2,3 oder 2-4. Leer: alle.</translation>
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
<source>BANDS names band {}, but MS has {} files.</source>
<translation>BANDS nennt Band {}, aber MS hat {} Dateien.</translation>
</message>
<message>
<source>Bands of MS</source>
<translation type="vanished">Bänder von MS</translation>
</message>
<message>
<source>Bands of one revisit in a stack</source>
<translation>Bänder einer Wiederholungsaufnahme in einem Bildstapel</translation>
</message>
<message>
<source>Bands of the coarse images</source>
<translation>Bänder der groben Bilder</translation>
</message>
<message>
<source>Bands of the multispectral image</source>
<translation>Bänder des Multispektralbildes</translation>
</message>
<message>
<source>Bands of the multispectral image to use, such as 1,2,3. Empty uses all.</source>
<translation type="vanished">Bänder des Multispektralbildes, die benutzt werden, etwa 1,2,3. Leer: alle.</translation>
</message>
<message>
<source>Bands of the multispectral image, or of each revisit, to use, such as 1,2,3. Empty uses all.</source>
<translation>Bänder des Multispektralbildes oder jeder Wiederholungsaufnahme, die benutzt werden, etwa 1,2,3. Leer: alle.</translation>
</message>
<message>
<source>Bands of the multispectral images to use, such as 1,2,3. Empty uses all.</source>
<translation>Bänder der Multispektralbilder, die benutzt werden, etwa 1,2,3. Leer: alle.</translation>
</message>
<message>
<source>Bands of the reference</source>
<translation>Bänder der Referenz</translation>
</message>
<message>
<source>Bands to use of each image, such as 1,2,3. Empty uses all.</source>
<translation>Bänder jedes Bildes, die benutzt werden, etwa 1,2,3. Leer: alle.</translation>
</message>
<message>
<source>Baseline</source>
<translation>Grundlinie</translation>
</message>
<message>
<source>Batch</source>
<translation>Batch-Größe</translation>
</message>
<message>
<source>BC: Sentinel-2 and Sentinel-3</source>
<translation>BC: Sentinel-2 und Sentinel-3</translation>
</message>
<message>
<source>BDSD (band-dependent spatial detail)</source>
<translation>BDSD (bandabhängiges räumliches Detail)</translation>
</message>
<message>
<source>Begin anew</source>
<translation>Neu beginnen</translation>
</message>
<message>
<source>Behind the first (95 % interval)</source>
<translation>Hinter der ersten (95-%-Intervall)</translation>
</message>
<message>
<source>Best</source>
<translation>Am besten</translation>
</message>
<message>
<source>Between patches of different splits, so that nothing is scored that lies beside what was learned.</source>
<translation>Zwischen Patches verschiedener Teilmengen, damit nichts bewertet wird, was neben Gelerntem liegt.</translation>
</message>
<message>
<source>Between patches of different splits, so that nothing is scored that lies beside what was learned. It should be no less than what the network sees around a pixel.</source>
<translation>Zwischen Patches verschiedener Teilmengen, damit nichts bewertet wird, was neben Gelerntem liegt. Er sollte nicht kleiner sein als das, was das Netz um ein Pixel sieht.</translation>
</message>
<message>
<source>Bias</source>
<translation>Mittlere Abweichung</translation>
</message>
<message>
<source>Bias [{}]</source>
<translation>Mittlere Abweichung [{}]</translation>
</message>
<message>
<source>Bias of the same in physical units (0 is best)</source>
<translation>Mittlere Abweichung desselben in physikalischen Einheiten (am besten 0)</translation>
</message>
<message>
<source>bilinear</source>
<translation>bilinear</translation>
</message>
<message>
<source>Bits (Landsat QA_PIXEL) or classes (Sentinel-2 SCL) that the masks mark, separated by commas. Empty takes bits 0 to 4 (fill, dilated cloud, cirrus, cloud, shadow) or classes 0, 1, 3, 8, 9, 10.</source>
<translation>Bits (QA_PIXEL von Landsat) oder Klassen (SCL von Sentinel-2), die die Masken markieren, durch Kommas getrennt. Leer: Bits 0 bis 4 (Füllwert, erweiterte Wolke, Zirrus, Wolke, Schatten) oder Klassen 0, 1, 3, 8, 9, 10.</translation>
</message>
<message>
<source>Blocks of Q</source>
<translation>Blöcke von Q</translation>
</message>
<message>
<source>Blur</source>
<translation>Unschärfe</translation>
</message>
<message>
<source>Border left out</source>
<translation>Ausgelassener Rand</translation>
</message>
<message>
<source>Both images in physical units, compared pixel by pixel on one grid</source>
<translation>Beide Bilder in physikalischen Einheiten, Pixel für Pixel auf einem Gitter verglichen</translation>
</message>
<message>
<source>Both views have one stretch, from 1 % to 99 % of the first.</source>
<translation>Beide Ansichten haben eine Streckung, von 1 % bis 99 % der ersten.</translation>
</message>
<message>
<source>Brings every revisit to the reference's brightness, with the gain and offset that were measured.</source>
<translation>Bringt jede Wiederholungsaufnahme auf die Helligkeit der Referenz, mit dem gemessenen Faktor und Offset.</translation>
</message>
<message>
<source>Brings the coarse images to the fine sensor's level, band by band, from the pairs; the log says how much. A gain from a regression is overstated where coarse images are blurred.</source>
<translation>Bringt die groben Bilder Band für Band auf das Niveau des feinen Sensors, bestimmt aus den Paaren; das Protokoll sagt, um wie viel. Ein Faktor aus einer Regression fällt zu groß aus, wo grobe Bilder unscharf sind.</translation>
</message>
<message>
<source>Brings the fine image's features of five sizes to the statistics of the date, and mixes in the coarse ones where they differ; trained against a discriminator. For strong seasonal change.</source>
<translation>Bringt die Merkmale des feinen Bildes in fünf Größen auf die Statistik des Zieldatums und mischt die groben ein, wo sie sich unterscheiden; gegen einen Diskriminator trainiert. Für starke jahreszeitliche Veränderung.</translation>
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
<source>Buffer</source>
<translation>Puffer</translation>
</message>
<message>
<source>Build overviews</source>
<translation>Übersichten (Pyramiden) erstellen</translation>
</message>
<message>
<source>By how many days the fine and the coarse image of one pair may lie apart; of the same day is best.</source>
<translation>Um wie viele Tage das feine und das grobe Bild eines Paares auseinanderliegen dürfen; am besten sind sie vom selben Tag.</translation>
</message>
<message>
<source>By {}, {} ({}) is a tie with {} ({}).</source>
<translation>Nach {} ist {} ({}) gleichauf mit {} ({}).</translation>
</message>
<message>
<source>By {}, {} ({}) is better than {} ({}).</source>
<translation>Nach {} ist {} ({}) besser als {} ({}).</translation>
</message>
<message>
<source>By {}, {} ({}) is worse than {} ({}).</source>
<translation>Nach {} ist {} ({}) schlechter als {} ({}).</translation>
</message>
<message>
<source>Cancel</source>
<translation>Abbrechen</translation>
</message>
<message>
<source>Cancelled.</source>
<translation>Abgebrochen.</translation>
</message>
<message>
<source>Cannot write {}: {}.</source>
<translation type="vanished">{} kann nicht geschrieben werden: {}.</translation>
</message>
<message>
<source>Card as JSON</source>
<translation>Modellkarte als JSON</translation>
</message>
<message>
<source>Card of an ONNX file</source>
<translation>Modellkarte einer ONNX-Datei</translation>
</message>
<message>
<source>CC</source>
<translation>CC</translation>
</message>
<message>
<source>Centre of the preview</source>
<translation>Mitte der Vorschau</translation>
</message>
<message>
<source>Change</source>
<translation>Änderung</translation>
</message>
<message>
<source>Change of colour: 1 - Q2n of the degraded fused image and MS.</source>
<translation>Änderung der Farbe: 1 - Q2n des vergröberten fusionierten Bildes und MS.</translation>
</message>
<message>
<source>Change of the likeness between the bands, from MS scale to PAN scale.</source>
<translation>Änderung der Ähnlichkeit zwischen den Bändern, von der Auflösung von MS zu der von PAN.</translation>
</message>
<message>
<source>Change of the likeness of each band with PAN, from MS scale to PAN scale.</source>
<translation>Änderung der Ähnlichkeit jedes Bandes mit PAN, von der Auflösung von MS zu der von PAN.</translation>
</message>
<message>
<source>Check</source>
<translation>Prüfen</translation>
</message>
<message>
<source>Check again when the computer has less to do; a scan for viruses can make the first start very slow.</source>
<translation>Prüfen Sie noch einmal, wenn der Rechner weniger zu tun hat; eine Suche nach Viren kann den ersten Start sehr verlangsamen.</translation>
</message>
<message>
<source>Check the engine</source>
<translation>Rechenumgebung prüfen</translation>
</message>
<message>
<source>Check the files</source>
<translation>Dateien prüfen</translation>
</message>
<message>
<source>Checkpoint or ONNX file</source>
<translation>Checkpoint oder ONNX-Datei</translation>
</message>
<message>
<source>Choose a model to see its card.</source>
<translation>Wählen Sie ein Modell, um seine Modellkarte zu sehen.</translation>
</message>
<message>
<source>Choose DEVICE=cpu and update the driver: the device computes wrong numbers.</source>
<translation>Wählen Sie DEVICE=cpu und aktualisieren Sie den Treiber: das Gerät rechnet falsch.</translation>
</message>
<message>
<source>Choose DEVICE=cpu: the installed packages were not made for this GPU.</source>
<translation>Wählen Sie DEVICE=cpu: die installierten Pakete wurden nicht für diese GPU gemacht.</translation>
</message>
<message>
<source>CIA (Coleambally): Landsat 7 and MODIS</source>
<translation>CIA (Coleambally): Landsat 7 und MODIS</translation>
</message>
<message>
<source>Classes</source>
<translation>Klassen</translation>
</message>
<message>
<source>Classes of land cover that the fine image is divided into: as many as change in ways of their own. Too few put different crops together, which costs more than too many.</source>
<translation>Klassen der Landbedeckung, in die das feine Bild geteilt wird: so viele, wie sich auf eigene Weise verändern. Zu wenige legen verschiedene Feldfrüchte zusammen, was mehr kostet als zu viele.</translation>
</message>
<message>
<source>Classes that learned unmixing tells apart, where it begins from nothing; more of them need more time.</source>
<translation>Klassen, die das gelernte Entmischen unterscheidet, wenn es von nichts beginnt; mehr davon brauchen mehr Zeit.</translation>
</message>
<message>
<source>Close other programs that use the GPU, and check again; until then choose DEVICE=cpu.</source>
<translation>Schließen Sie andere Programme, die die GPU benutzen, und prüfen Sie noch einmal; wählen Sie bis dahin DEVICE=cpu.</translation>
</message>
<message>
<source>cloud-optimised GeoTIFF with DEFLATE</source>
<translation>für die Cloud optimiertes GeoTIFF (COG) mit DEFLATE</translation>
</message>
<message>
<source>Clouded revisits</source>
<translation>Bewölkte Wiederholungsaufnahmen</translation>
</message>
<message>
<source>Clouds</source>
<translation>Wolken</translation>
</message>
<message>
<source>Co-register revisits</source>
<translation>Wiederholungsaufnahmen koregistrieren</translation>
</message>
<message>
<source>Co-registered stack</source>
<translation>Koregistrierter Bildstapel</translation>
</message>
<message>
<source>Coarse image of that date</source>
<translation>Grobes Bild dieses Datums</translation>
</message>
<message>
<source>Coarse image of the date to predict</source>
<translation>Grobes Bild des Zieldatums</translation>
</message>
<message>
<source>Coarse image of the second date</source>
<translation>Grobes Bild des zweiten Datums</translation>
</message>
<message>
<source>Coarse image to predict from</source>
<translation>Grobes Bild des Zieldatums</translation>
</message>
<message>
<source>Coarse images</source>
<translation>Grobe Bilder</translation>
</message>
<message>
<source>Coarse images of further dates</source>
<translation>Grobe Bilder weiterer Tage</translation>
</message>
<message>
<source>Coefficient of determination (1 is best)</source>
<translation>Bestimmtheitsmaß (am besten 1)</translation>
</message>
<message>
<source>Coefficients</source>
<translation>Koeffizienten</translation>
</message>
<message>
<source>Compare methods on a scene</source>
<translation>Methoden an einer Szene vergleichen</translation>
</message>
<message>
<source>Compare methods on a series</source>
<translation>Methoden an einer Zeitreihe vergleichen</translation>
</message>
<message>
<source>Compares a fused image with the true one, in physical units, for each band and over all bands: ERGAS, spectral angle (SAM), Q2n, RMSE, MAE, bias, RASE, PSNR, SSIM, UQI, spatial correlation (SCC), correlation and R2; with a report that shows where and in which bands the errors are.</source>
<translation>Vergleicht ein fusioniertes Bild mit dem wahren, in physikalischen Einheiten, für jedes Band und über alle Bänder: ERGAS, Spektralwinkel (SAM), Q2n, RMSE, MAE, mittlere Abweichung, RASE, PSNR, SSIM, UQI, räumliche Korrelation (SCC), Korrelation und R2; mit einem Bericht, der zeigt, wo und in welchen Bändern die Fehler sind.</translation>
</message>
<message>
<source>Compares a fused image with the true one: root mean square error, spectral angle (SAM), ERGAS and Q2n, in physical units, for each band and over all bands.</source>
<translation type="vanished">Vergleicht ein fusioniertes Bild mit dem wahren: mittlerer quadratischer Fehler, Spektralwinkel (SAM), ERGAS und Q2n, in physikalischen Einheiten, für jedes Band und über alle Bänder.</translation>
</message>
<message>
<source>Comparison of methods</source>
<translation>Vergleich von Methoden</translation>
</message>
<message>
<source>Comparison of methods on a series</source>
<translation>Vergleich von Methoden an einer Zeitreihe</translation>
</message>
<message>
<source>Compression</source>
<translation>Kompression</translation>
</message>
<message>
<source>Configuration</source>
<translation>Konfiguration</translation>
</message>
<message>
<source>Consistency: CC</source>
<translation>Konsistenz: CC</translation>
</message>
<message>
<source>Consistency: does the fused image, seen by the MS sensor, equal MS?</source>
<translation>Konsistenz: Gleicht das fusionierte Bild, vom MS-Sensor gesehen, dem MS?</translation>
</message>
<message>
<source>Consistency: ERGAS</source>
<translation>Konsistenz: ERGAS</translation>
</message>
<message>
<source>Consistency: RMSE [{}]</source>
<translation>Konsistenz: RMSE [{}]</translation>
</message>
<message>
<source>Convolutions encode the fine image and what has changed, and decode their sum. Small and quick to fit to your own pairs, with one pair or two: the network to begin with.</source>
<translation>Faltungen kodieren das feine Bild und was sich verändert hat, und dekodieren ihre Summe. Klein und schnell an Ihre eigenen Paare anzupassen, mit einem Paar oder zweien: das Netz, mit dem man anfängt.</translation>
</message>
<message>
<source>Convolutions over space and revisits, whose features are weighted by what they are over the whole tile; adds detail to the back-projection. For a fixed number of revisits.</source>
<translation>Faltungen über Raum und Wiederholungsaufnahmen, deren Merkmale danach gewichtet werden, was sie über die ganze Kachel sind; fügt der Rückprojektion Detail hinzu. Für eine feste Zahl von Wiederholungsaufnahmen.</translation>
</message>
<message>
<source>Copy (baseline)</source>
<translation>Kopie (Grundlinie)</translation>
</message>
<message>
<source>Copy command</source>
<translation>Befehl kopieren</translation>
</message>
<message>
<source>Core ML (macOS)</source>
<translation>Core ML (macOS)</translation>
</message>
<message>
<source>Correlation (1 is best)</source>
<translation>Korrelation (am besten 1)</translation>
</message>
<message>
<source>Correlation of fine detail.</source>
<translation>Korrelation des feinen Details.</translation>
</message>
<message>
<source>Correlation of the bands.</source>
<translation>Korrelation der Bänder.</translation>
</message>
<message>
<source>Correlation of the same (1 is best)</source>
<translation>Korrelation desselben (am besten 1)</translation>
</message>
<message>
<source>count like all others</source>
<translation>zählen wie alle anderen</translation>
</message>
<message>
<source>cPSNR [dB], registered</source>
<translation>cPSNR [dB], registriert</translation>
</message>
<message>
<source>cPSNR and cSSIM forgive a shift of up to {} pixels and a constant in each band; all others compare pixel by pixel</source>
<translation>cPSNR und cSSIM verzeihen eine Verschiebung von bis zu {} Pixeln und eine Konstante in jedem Band; alle anderen vergleichen Pixel für Pixel</translation>
</message>
<message>
<source>cPSNR of the best method in dB, for revisits (more is better)</source>
<translation>cPSNR der besten Methode in dB, für Wiederholungsaufnahmen (mehr ist besser)</translation>
</message>
<message>
<source>cSSIM, registered</source>
<translation>cSSIM, registriert</translation>
</message>
<message>
<source>CSV files (*.csv)</source>
<translation>CSV-Dateien (*.csv)</translation>
</message>
<message>
<source>cubic</source>
<translation>kubisch</translation>
</message>
<message>
<source>Cubic interpolation of the bands onto the panchromatic grid: no sharpening, the baseline that every method has to beat.</source>
<translation>Kubische Interpolation der Bänder auf das panchromatische Gitter: keine Schärfung, sondern die Grundlinie, die jede Methode übertreffen muss.</translation>
</message>
<message>
<source>D_lambda</source>
<translation>D_lambda</translation>
</message>
<message>
<source>D_lambda_K</source>
<translation>D_lambda_K</translation>
</message>
<message>
<source>D_s</source>
<translation>D_s</translation>
</message>
<message>
<source>Data</source>
<translation>Daten</translation>
</message>
<message>
<source>Data preparation</source>
<translation>Datenvorbereitung</translation>
</message>
<message>
<source>Data range</source>
<translation>Wertebereich</translation>
</message>
<message>
<source>Data range (PSNR, SSIM)</source>
<translation>Wertebereich (PSNR, SSIM)</translation>
</message>
<message>
<source>Data range of both: {} {}.</source>
<translation>Wertebereich von beiden: {} {}.</translation>
</message>
<message>
<source>Data set</source>
<translation>Datensatz</translation>
</message>
<message>
<source>Data type of the output; the input's by default. Values that do not fit are cut off at the ends of the type's range.</source>
<translation>Datentyp der Ausgabe; voreingestellt ist der der Eingabe. Werte, die nicht hineinpassen, werden an den Enden des Wertebereichs abgeschnitten.</translation>
</message>
<message>
<source>Date</source>
<translation>Datum</translation>
</message>
<message>
<source>Date and time of the product</source>
<translation>Datum und Uhrzeit des Produkts</translation>
</message>
<message>
<source>Date of the pair</source>
<translation>Datum des Paares</translation>
</message>
<message>
<source>Date of the second pair</source>
<translation>Datum des zweiten Paares</translation>
</message>
<message>
<source>Date to predict</source>
<translation>Zieldatum</translation>
</message>
<message>
<source>Dates better / tie / worse than the best baseline</source>
<translation>Zeitpunkte besser / gleichauf / schlechter als die beste Grundlinie</translation>
</message>
<message>
<source>Dates come from names and metadata. Every date is predicted from the pair of a fine and a coarse image that is nearest: days away, divided by the share of the place that is clear in both images; or from the nearest pair before and the nearest after it. The log shows the choice as a table before anything is computed, and after the first date how long the others take.</source>
<translation>Das Datum jedes Bildes kommt aus Namen und Metadaten. Jeder Zeitpunkt wird aus dem nächstgelegenen Paar aus einem feinen und einem groben Bild vorhergesagt: es zählt der Abstand in Tagen, geteilt durch den Anteil des Ortes, der in beiden Bildern klar ist; oder aus dem nächstgelegenen Paar davor und dem nächstgelegenen danach. Das Protokoll zeigt die Wahl als Tabelle, bevor etwas berechnet wird, und nach dem ersten Zeitpunkt, wie lange die anderen dauern.</translation>
</message>
<message>
<source>Dates for tests</source>
<translation>Zeitpunkte für Tests</translation>
</message>
<message>
<source>Dates for validation</source>
<translation>Zeitpunkte für die Validierung</translation>
</message>
<message>
<source>Dates in the names</source>
<translation>Datum in den Namen</translation>
</message>
<message>
<source>Dates of the revisits</source>
<translation>Datum der Wiederholungsaufnahmen</translation>
</message>
<message>
<source>Dates such as 2024-01-31, separated by commas, each left out in turn. Empty takes all that have both a fine and a coarse image.</source>
<translation>Zeitpunkte, etwa 2024-01-31, durch Kommas getrennt, die reihum ausgelassen werden. Leer: alle, die sowohl ein feines als auch ein grobes Bild haben.</translation>
</message>
<message>
<source>Dates such as 2024-01-31, separated by commas. Empty predicts every date of a coarse image that has no fine one.</source>
<translation>Zeitpunkte, etwa 2024-01-31, durch Kommas getrennt. Leer: jeder Zeitpunkt eines groben Bildes, der kein feines hat.</translation>
</message>
<message>
<source>Dates that are done</source>
<translation>Fertige Zeitpunkte</translation>
</message>
<message>
<source>Dates that could not be predicted</source>
<translation>Zeitpunkte, die sich nicht vorhersagen ließen</translation>
</message>
<message>
<source>Dates that were not predicted</source>
<translation>Zeitpunkte, die nicht vorhergesagt wurden</translation>
</message>
<message>
<source>Dates to leave out</source>
<translation>Auszulassende Zeitpunkte</translation>
</message>
<message>
<source>Dates to predict</source>
<translation>Vorherzusagende Zeitpunkte</translation>
</message>
<message>
<source>Dates to predict in tests, separated by commas. Empty takes a share of the dates, the last ones.</source>
<translation>Zeitpunkte, die in Tests vorherzusagen sind, durch Kommas getrennt. Leer: ein Anteil der Zeitpunkte, die letzten.</translation>
</message>
<message>
<source>Dates to predict in validation, separated by commas. Empty takes a share of the dates, the last ones before those for tests.</source>
<translation>Zeitpunkte, die in der Validierung vorherzusagen sind, durch Kommas getrennt. Leer: ein Anteil der Zeitpunkte, die letzten vor denen für Tests.</translation>
</message>
<message>
<source>Dates with a fine image are made too: its clear pixels stay as they are, and only what is missing (clouds left out by a mask, stripes without data) is predicted. A file beside each image, ending in _source.tif, says where every pixel comes from: 0 none, 1 observed, 2 pair 1, 3 pair 2 or both, 4 another pair where these have gaps themselves; and how many days the nearest pair lies away.</source>
<translation>Auch Zeitpunkte mit einem feinen Bild werden gemacht: seine klaren Pixel bleiben, wie sie sind, und nur was fehlt (durch eine Maske ausgelassene Wolken, Streifen ohne Daten), wird vorhergesagt. Eine Datei neben jedem Bild, mit der Endung _source.tif, sagt, woher jedes Pixel kommt: 0 kein Wert, 1 beobachtet, 2 Paar 1, 3 Paar 2 oder beide, 4 ein anderes Paar, wo diese selbst Lücken haben; und wie viele Tage das nächstgelegene Paar entfernt ist.</translation>
</message>
<message>
<source>Dates with both images</source>
<translation>Zeitpunkte mit beiden Bildern</translation>
</message>
<message>
<source>Daxing: Landsat 8 and MODIS</source>
<translation>Daxing: Landsat 8 und MODIS</translation>
</message>
<message>
<source>Days within a pair</source>
<translation>Tage innerhalb eines Paares</translation>
</message>
<message>
<source>DCSTFN</source>
<translation>DCSTFN</translation>
</message>
<message>
<source>Definition</source>
<translation>Definition</translation>
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
<source>Delete the engine in {}? It can be installed again.</source>
<translation>Die Rechenumgebung in {} löschen? Sie kann wieder installiert werden.</translation>
</message>
<message>
<source>Delete the model {} with all that is in {}? This cannot be undone.</source>
<translation>Das Modell {} mit allem löschen, was in {} ist? Das lässt sich nicht rückgängig machen.</translation>
</message>
<message>
<source>Deletes the engine that is there first. Without it, an installation that was cut off goes on, and one that is complete is left alone or brought up to date.</source>
<translation>Löscht zuerst die vorhandene Rechenumgebung. Ohne dies wird eine abgebrochene Installation fortgesetzt, und eine vollständige bleibt, wie sie ist, oder wird auf den neuesten Stand gebracht.</translation>
</message>
<message>
<source>Detail</source>
<translation>Ausschnitt</translation>
</message>
<message>
<source>Device</source>
<translation>Gerät</translation>
</message>
<message>
<source>device</source>
<translation>Gerät</translation>
</message>
<message>
<source>Devices that work, separated by commas</source>
<translation>Geräte, die funktionieren, durch Kommas getrennt</translation>
</message>
<message>
<source>DiCNN</source>
<translation>DiCNN</translation>
</message>
<message>
<source>Difference</source>
<translation>Differenz</translation>
</message>
<message>
<source>Differences in brightness</source>
<translation>Unterschiede der Helligkeit</translation>
</message>
<message>
<source>diffraction at a square aperture</source>
<translation>Beugung an einer quadratischen Apertur</translation>
</message>
<message>
<source>DirectML (Windows)</source>
<translation>DirectML (Windows)</translation>
</message>
<message>
<source>Download a model</source>
<translation>Ein Modell herunterladen</translation>
</message>
<message>
<source>Download…</source>
<translation>Herunterladen…</translation>
</message>
<message>
<source>Draws</source>
<translation>Ziehungen</translation>
</message>
<message>
<source>Draws of each image</source>
<translation>Ziehungen je Bild</translation>
</message>
<message>
<source>Draws the image from noise, step by step, several times: the result is the mean of the draws, and their spread tells where it is not sure. By far the slowest of these networks.</source>
<translation>Zieht das Bild Schritt für Schritt aus Rauschen, mehrmals: das Ergebnis ist das Mittel der Ziehungen, und ihre Streuung sagt, wo es unsicher ist. Mit Abstand das langsamste dieser Netze.</translation>
</message>
<message>
<source>Drizzle</source>
<translation>Drizzle</translation>
</message>
<message>
<source>Drops every pixel, shrunken around its centre, onto the fine grid, by area: conserves brightness and says how much each pixel rests on. For many revisits with varied shifts.</source>
<translation>Lässt jedes Pixel, um seine Mitte verkleinert, nach seiner Fläche auf das feine Gitter fallen: erhält die Helligkeit und sagt, auf wie viel jedes Pixel beruht. Für viele Wiederholungsaufnahmen mit verschiedenen Verschiebungen.</translation>
</message>
<message>
<source>DRPNN</source>
<translation>DRPNN</translation>
</message>
<message>
<source>Each a raster with several bands; the same bands in all of them.</source>
<translation>Jedes ein Raster mit mehreren Bändern; in allen dieselben Bänder.</translation>
</message>
<message>
<source>Each date left out in turn and predicted from the others; its fine image is the truth and is used for nothing else</source>
<translation>Jeder Zeitpunkt reihum ausgelassen und aus den anderen vorhergesagt; sein feines Bild ist die Wahrheit und wird für nichts anderes benutzt</translation>
</message>
<message>
<source>Each image becomes a layer with its date, for the temporal controller.</source>
<translation>Jedes Bild wird ein Layer mit seinem Datum, für die Zeitsteuerung.</translation>
</message>
<message>
<source>Each package is imported there, and on each device (processor, NVIDIA and other GPUs) a small convolution is really computed, compared and timed. What fails is named with what to do about it. The log also holds the exact commands that install the engine by hand. Nothing is downloaded or changed.</source>
<translation>Jedes Paket wird dort importiert, und auf jedem Gerät (Prozessor, NVIDIA- und andere GPUs) wird eine kleine Faltung wirklich berechnet, verglichen und ihre Zeit gemessen. Was nicht gelingt, wird genannt, und dazu, was zu tun ist. Das Protokoll enthält auch die genauen Befehle, die die Rechenumgebung von Hand installieren. Nichts wird heruntergeladen oder verändert.</translation>
</message>
<message>
<source>Each point is the mean of {} x {} pixels.</source>
<translation>Jeder Punkt ist das Mittel von {} x {} Pixeln.</translation>
</message>
<message>
<source>Each revisit but the first is brighter or darker by up to this share.</source>
<translation>Jede Wiederholungsaufnahme außer der ersten ist um bis zu diesem Anteil heller oder dunkler.</translation>
</message>
<message>
<source>Each revisit but the first lies up to so many of its pixels from where its georeferencing puts it, down or up and right or left.</source>
<translation>Jede Wiederholungsaufnahme außer der ersten liegt um bis zu so viele ihrer Pixel neben der Stelle, die ihre Georeferenzierung angibt, nach unten oder oben und nach rechts oder links.</translation>
</message>
<message>
<source>Each revisit of the stack is also written as a file of its own in here.</source>
<translation>Jede Wiederholungsaufnahme des Bildstapels wird auch als eigene Datei hierhin geschrieben.</translation>
</message>
<message>
<source>ECPW-STFN</source>
<translation>ECPW-STFN</translation>
</message>
<message>
<source>EDC-STFN</source>
<translation>EDC-STFN</translation>
</message>
<message>
<source>Either this with a panchromatic image, or revisits.</source>
<translation>Entweder dies mit einem panchromatischen Bild oder Wiederholungsaufnahmen.</translation>
</message>
<message>
<source>Empty takes the coarse images from the fine images' folder.</source>
<translation>Leer nimmt die groben Bilder aus dem Ordner der feinen.</translation>
</message>
<message>
<source>Empty takes the coarse images from the fine images' folder: its subfolders (Landsat and MODIS) or the names tell which is which.</source>
<translation>Leer: die groben Bilder aus dem Ordner der feinen Bilder; seine Unterordner (Landsat und MODIS) oder die Namen sagen, welche welche sind.</translation>
</message>
<message>
<source>Encodes every revisit beside a common reference and fuses them pair by pair with one block; adds detail to the back-projection. For any number of revisits up to its model's.</source>
<translation>Kodiert jede Wiederholungsaufnahme neben einer gemeinsamen Referenz und fusioniert sie Paar für Paar mit einem einzigen Block; fügt der Rückprojektion Detail hinzu. Für jede Zahl von Wiederholungsaufnahmen bis zu der seines Modells.</translation>
</message>
<message>
<source>Engine</source>
<translation>Rechenumgebung</translation>
</message>
<message>
<source>Engine…</source>
<translation>Rechenumgebung…</translation>
</message>
<message>
<source>Epoch</source>
<translation>Epoche</translation>
</message>
<message>
<source>Epochs</source>
<translation>Epochen</translation>
</message>
<message>
<source>ERGAS</source>
<translation>ERGAS</translation>
</message>
<message>
<source>ERGAS (0 is best)</source>
<translation>ERGAS (am besten 0)</translation>
</message>
<message>
<source>ERGAS of plain interpolation on the same patches</source>
<translation type="vanished">ERGAS der bloßen Interpolation auf denselben Patches</translation>
</message>
<message>
<source>ERGAS of the best method (0 is best)</source>
<translation>ERGAS der besten Methode (am besten 0)</translation>
</message>
<message>
<source>ERGAS of the degraded fused image against the multispectral one (0 is best)</source>
<translation>ERGAS des vergröberten fusionierten Bildes gegen das multispektrale (am besten 0)</translation>
</message>
<message>
<source>ERGAS of the model (0 is best)</source>
<translation>ERGAS des Modells (am besten 0)</translation>
</message>
<message>
<source>ERGAS of what stands there without a network (EXP for pansharpening) on the same patches</source>
<translation>ERGAS dessen, was ohne Netz dasteht (EXP bei der Bildschärfung), auf denselben Patches</translation>
</message>
<message>
<source>ERGAS {}, SAM {}°, Q2n {} between the degraded fused image and MS.</source>
<translation>ERGAS {}, SAM {}°, Q2n {} zwischen dem vergröberten fusionierten Bild und MS.</translation>
</message>
<message>
<source>Error</source>
<translation>Fehler</translation>
</message>
<message>
<source>Error relative to the brightness of each band, all bands together.</source>
<translation>Fehler im Verhältnis zur Helligkeit jedes Bandes, alle Bänder zusammen.</translation>
</message>
<message>
<source>Error relative to the mean brightness of all bands.</source>
<translation>Fehler im Verhältnis zur mittleren Helligkeit aller Bänder.</translation>
</message>
<message>
<source>Errors of the masks</source>
<translation>Fehler der Masken</translation>
</message>
<message>
<source>errors relative to the brightness of each band, as ERGAS counts them</source>
<translation>Fehler im Verhältnis zur Helligkeit jedes Bandes, wie ERGAS sie zählt</translation>
</message>
<message>
<source>Errors relative to the data range, squares pooled over the bands.</source>
<translation>Fehler im Verhältnis zum Wertebereich, Quadrate über die Bänder zusammengefasst.</translation>
</message>
<message>
<source>ESTARFM</source>
<translation>ESTARFM</translation>
</message>
<message>
<source>Every method is compared with baselines that know as much: the fine image of the nearest date, the interpolation between two dates, and the added change of the coarse images; methods of one pair with those of the same pair, methods of two pairs with those of the same two. Differences inside the 95 % interval of a bootstrap of blocks are called ties.</source>
<translation>Jede Methode wird mit Grundlinien verglichen, die ebenso viel wissen: dem feinen Bild des nächstgelegenen Zeitpunkts, der Interpolation zwischen zwei Zeitpunkten und der addierten Veränderung der groben Bilder; Methoden mit einem Paar mit denen desselben Paares, Methoden mit zwei Paaren mit denen derselben zwei. Liegt eine Differenz im 95-%-Intervall eines Bootstraps von Blöcken, so gelten die Methoden als gleichauf.</translation>
</message>
<message>
<source>Every raster and product in this folder, and in the folders right below it, is taken.</source>
<translation>Jedes Raster und jedes Produkt in diesem Ordner und in den Ordnern unmittelbar darunter wird genommen.</translation>
</message>
<message>
<source>Every revisit interpolated onto the fine grid at its measured shift, then the median for each pixel: robust against clouds that no mask knows of, not sharper than one image. The baseline.</source>
<translation>Jede Wiederholungsaufnahme mit ihrer gemessenen Verschiebung auf das feine Gitter interpoliert, dann der Median für jedes Pixel: robust gegen Wolken, die keine Maske kennt, nicht schärfer als ein einzelnes Bild. Die Grundlinie.</translation>
</message>
<message>
<source>Everything random follows from this number; the same number gives the same revisits.</source>
<translation>Alles Zufällige folgt aus dieser Zahl; dieselbe Zahl ergibt dieselben Wiederholungsaufnahmen.</translation>
</message>
<message>
<source>EXP</source>
<translation>EXP</translation>
</message>
<message>
<source>EXP (interpolation only)</source>
<translation>EXP (nur Interpolation)</translation>
</message>
<message>
<source>Export a model to ONNX</source>
<translation>Ein Modell nach ONNX exportieren</translation>
</message>
<message>
<source>Export to ONNX</source>
<translation>Nach ONNX exportieren</translation>
</message>
<message>
<source>fails: {}</source>
<translation>scheitert: {}</translation>
</message>
<message>
<source>Features</source>
<translation>Merkmale</translation>
</message>
<message>
<source>Features inside the network for the revisits, where it begins from nothing; more of them need more time.</source>
<translation>Merkmale im Inneren des Netzes für die Wiederholungsaufnahmen, wo es von Grund auf beginnt; mehr davon brauchen mehr Zeit.</translation>
</message>
<message>
<source>Features inside the network that puts the revisits together; more of them need more time and more patches. 0 takes the published number.</source>
<translation>Merkmale im Inneren des Netzes, das die Wiederholungsaufnahmen zusammenführt; mehr davon brauchen mehr Zeit und mehr Patches. 0 nimmt die veröffentlichte Zahl.</translation>
</message>
<message>
<source>Features inside the network, where it begins from nothing; more of them need more time. 0 takes the usual number.</source>
<translation>Merkmale im Inneren des Netzes, wo es von Grund auf beginnt; mehr davon brauchen mehr Zeit. 0 nimmt die übliche Zahl.</translation>
</message>
<message>
<source>Fetches the weights of a network into the folder of your models. The model's card comes first, with its licence; its files follow once you accept that.</source>
<translation>Holt die Gewichte eines neuronalen Netzes in den Ordner Ihrer Modelle. Zuerst kommt die Modellkarte mit der Lizenz; die Dateien folgen, sobald Sie diese annehmen.</translation>
</message>
<message>
<source>few steps (DDIM)</source>
<translation>wenige Schritte (DDIM)</translation>
</message>
<message>
<source>File</source>
<translation>Datei</translation>
</message>
<message>
<source>File for tests</source>
<translation>Datei für Tests</translation>
</message>
<message>
<source>File for training</source>
<translation>Datei für das Training</translation>
</message>
<message>
<source>File for validation</source>
<translation>Datei für die Validierung</translation>
</message>
<message>
<source>Files</source>
<translation>Dateien</translation>
</message>
<message>
<source>Files of the revisits</source>
<translation>Dateien der Wiederholungsaufnahmen</translation>
</message>
<message>
<source>Fill the gaps of fine images</source>
<translation>Die Lücken feiner Bilder füllen</translation>
</message>
<message>
<source>Finds from two pairs how the change of each surface shows in the coarse pixels around it. For patchy landscapes, with pairs before and after the date.</source>
<translation>Findet aus zwei Paaren, wie sich die Veränderung jeder Oberfläche in den groben Pixeln um sie zeigt. Für kleinteilige Landschaften, mit Paaren vor und nach dem Zieldatum.</translation>
</message>
<message>
<source>Finds out which method of spatiotemporal fusion suits your series: each date that has both a fine and a coarse image is left out in turn and predicted from the other dates, and the result is compared with its fine image, which takes no part in anything else.</source>
<translation>Findet heraus, welche Methode der raumzeitlichen Fusion zu Ihrer Zeitreihe passt: jeder Zeitpunkt, der sowohl ein feines als auch ein grobes Bild hat, wird reihum ausgelassen und aus den anderen Zeitpunkten vorhergesagt, und das Ergebnis wird mit seinem feinen Bild verglichen, das an nichts anderem teilhat.</translation>
</message>
<message>
<source>Finds out which method suits your scene: makes a coarser copy of it, as the same sensor would see it from farther away, sharpens the copy with each method, and scores the results against the original multispectral image (Wald's protocol).</source>
<translation>Findet heraus, welche Methode zu Ihrer Szene passt: macht eine gröbere Kopie von ihr, wie derselbe Sensor sie aus größerer Entfernung sähe, schärft die Kopie mit jeder Methode und bewertet die Ergebnisse gegen das ursprüngliche Multispektralbild (Walds Protokoll).</translation>
</message>
<message>
<source>Fine image</source>
<translation>Feines Bild</translation>
</message>
<message>
<source>Fine image of the date held out</source>
<translation>Feines Bild des zurückgehaltenen Tages</translation>
</message>
<message>
<source>Fine images</source>
<translation>Feine Bilder</translation>
</message>
<message>
<source>Fine images learned from</source>
<translation>Feine Bilder, aus denen gelernt wurde</translation>
</message>
<message>
<source>Fine images of further dates</source>
<translation>Feine Bilder weiterer Tage</translation>
</message>
<message>
<source>FINE or FINE_FOLDER: fine images are needed.</source>
<translation>FINE oder FINE_FOLDER: Feine Bilder werden gebraucht.</translation>
</message>
<message>
<source>Fine pixels along a side of a coarse one: about 16 for Landsat and MODIS, 30 for Sentinel-2 and Sentinel-3.</source>
<translation>Feine Pixel entlang einer Seite eines groben: etwa 16 bei Landsat und MODIS, 30 bei Sentinel-2 und Sentinel-3.</translation>
</message>
<message>
<source>Fine pixels along a side of the coarse sensor's pixel. It is needed only where the coarse images were resampled onto the fine grid already, and their own pixels cannot be seen in them; 0 takes it from the images, and for a network where they do not show it from the model's card.</source>
<translation>Feine Pixel entlang einer Seite des Pixels des groben Sensors. Es wird nur gebraucht, wo die groben Bilder schon auf dem feinen Gitter neu abgetastet wurden und ihre eigenen Pixel darin nicht zu sehen sind; 0 nimmt es aus den Bildern und, wo sie es nicht zeigen, für ein Netz aus der Modellkarte.</translation>
</message>
<message>
<source>First date</source>
<translation>Erster Tag</translation>
</message>
<message>
<source>Fit a network to the scene</source>
<translation>Ein Netz an die Szene anpassen</translation>
</message>
<message>
<source>Fit a network to your pairs</source>
<translation>Ein Netz an Ihre Bildpaare anpassen</translation>
</message>
<message>
<source>Fit SatFusion to your revisits</source>
<translation>SatFusion an Ihre Wiederholungsaufnahmen anpassen</translation>
</message>
<message>
<source>Fit-FC</source>
<translation>Fit-FC</translation>
</message>
<message>
<source>Fits a small network to your own pairs of fine and coarse images, whatever their sensors, bands and ratio, and predicts the fine image of another date with it. Two pairs are needed at least, for one shows no change.</source>
<translation>Passt ein kleines Netz an Ihre eigenen Paare feiner und grober Bilder an, gleich welche Sensoren, Bänder und welches Verhältnis sie haben, und sagt damit das feine Bild eines anderen Tages voraus. Mindestens zwei Paare sind nötig, denn eines zeigt keine Änderung.</translation>
</message>
<message>
<source>Fits a small network to your own scene, whatever its sensor, bands and ratio, and sharpens the scene with it.</source>
<translation>Passt ein kleines neuronales Netz an Ihre eigene Szene an, gleich welcher Sensor, welche Bänder und welches Verhältnis, und schärft die Szene damit.</translation>
</message>
<message>
<source>Fits a small SatFusion network to your own revisits and panchromatic image, whatever their sensors, bands and ratio, and fuses them with it.</source>
<translation>Passt ein kleines SatFusion-Netz an Ihre eigenen Wiederholungsaufnahmen und Ihr panchromatisches Bild an, gleich welche Sensoren, welche Bänder und welches Verhältnis, und fusioniert sie damit.</translation>
</message>
<message>
<source>Fits every pixel to the observations around it with weights that follow the edges: smooth along them, sharp across. Good with noise and few revisits.</source>
<translation>Passt jedes Pixel an die Beobachtungen ringsum an, mit Gewichten, die den Kanten folgen: glatt an ihnen entlang, scharf quer dazu. Gut bei Rauschen und wenigen Wiederholungsaufnahmen.</translation>
</message>
<message>
<source>Fits the coarse images to each other around every coarse pixel, applies the fit to the fine image, and smooths it over similar pixels. Quick, and best with strong seasonal change.</source>
<translation>Gleicht die groben Bilder um jedes grobe Pixel durch Regression aneinander an, wendet das auf das feine Bild an und glättet es über ähnliche Pixel. Schnell, und am besten bei starker jahreszeitlicher Veränderung.</translation>
</message>
<message>
<source>Flags not to be used</source>
<translation>Kennzeichen, die nicht benutzt werden</translation>
</message>
<message>
<source>Folder</source>
<translation>Ordner</translation>
</message>
<message>
<source>Folder for one file of each revisit</source>
<translation>Ordner für je eine Datei jeder Wiederholungsaufnahme</translation>
</message>
<message>
<source>Folder for the images</source>
<translation>Ordner für die Bilder</translation>
</message>
<message>
<source>Folder for the revisits</source>
<translation>Ordner für die Wiederholungsaufnahmen</translation>
</message>
<message>
<source>Folder for the virtual rasters</source>
<translation>Ordner für die virtuellen Raster</translation>
</message>
<message>
<source>Folder of coarse images</source>
<translation>Ordner der groben Bilder</translation>
</message>
<message>
<source>Folder of coarse images of further dates</source>
<translation>Ordner mit groben Bildern weiterer Tage</translation>
</message>
<message>
<source>Folder of fine images</source>
<translation>Ordner der feinen Bilder</translation>
</message>
<message>
<source>Folder of fine images of further dates</source>
<translation>Ordner mit feinen Bildern weiterer Tage</translation>
</message>
<message>
<source>Folder of the data set</source>
<translation>Ordner des Datensatzes</translation>
</message>
<message>
<source>Folder of the fitted model</source>
<translation>Ordner des angepassten Modells</translation>
</message>
<message>
<source>Folder of the model</source>
<translation>Ordner des Modells</translation>
</message>
<message>
<source>Folder of the patch set</source>
<translation>Ordner des Patch-Satzes</translation>
</message>
<message>
<source>Folder of wheels</source>
<translation>Ordner mit Wheels</translation>
</message>
<message>
<source>Folders of MLFF-GAN: CIA or LGC by pairs of dates</source>
<translation>Ordner von MLFF-GAN: CIA oder LGC nach Paaren von Zeitpunkten</translation>
</message>
<message>
<source>for blocks, interpolated between them</source>
<translation>für Blöcke, dazwischen interpoliert</translation>
</message>
<message>
<source>For each revisit its date, file, shift, the shift's error, gain and offset, and the share that changed: CSV or JSON, as the name ends.</source>
<translation>Für jede Wiederholungsaufnahme Datum, Datei, Verschiebung, deren Fehler, Faktor und Offset sowie der Anteil, der sich verändert hat: CSV oder JSON, je nach der Endung des Namens.</translation>
</message>
<message>
<source>For patches for SatFusion: the finer image of the place, near the reference date.</source>
<translation>Für Patches für SatFusion: das feinere Bild des Ortes, nahe dem Referenzdatum.</translation>
</message>
<message>
<source>For SatFusion: one of the same pixels for each sharp image. Without, they are simulated.</source>
<translation>Für SatFusion: eines mit denselben Pixeln für jedes scharfe Bild. Ohne diese werden sie simuliert.</translation>
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
<source>Form of the blur; all of them have the MTF gains above.</source>
<translation>Form der Unschärfe; alle haben die MTF-Werte oben.</translation>
</message>
<message>
<source>fourth graphics card (CUDA)</source>
<translation>vierte Grafikkarte (CUDA)</translation>
</message>
<message>
<source>From</source>
<translation>Herkunft</translation>
</message>
<message>
<source>From how many pairs each date is predicted.</source>
<translation>Aus wie vielen Paaren jeder Zeitpunkt vorhergesagt wird.</translation>
</message>
<message>
<source>From how many pairs of a fine and a coarse image a date is predicted.</source>
<translation>Aus wie vielen Paaren aus einem feinen und einem groben Bild ein Zeitpunkt vorhergesagt wird.</translation>
</message>
<message>
<source>from one and from two, each with baselines of as many</source>
<translation>aus einem und aus zweien, jeweils mit Grundlinien aus ebenso vielen</translation>
</message>
<message>
<source>From one pair</source>
<translation>Aus einem Bildpaar</translation>
</message>
<message>
<source>From the corner of one patch to that of the next; below the side, patches overlap. Empty takes the side.</source>
<translation>Von der Ecke eines Patches zu der des nächsten; unterhalb der Seite überlappen sich die Patches. Leer: die Seite.</translation>
</message>
<message>
<source>from the nearest before and the nearest after the date</source>
<translation>aus dem nächstgelegenen vor und dem nächstgelegenen nach dem Zieldatum</translation>
</message>
<message>
<source>from the nearest one</source>
<translation>aus dem nächstgelegenen</translation>
</message>
<message>
<source>from the number of bits</source>
<translation>aus der Zahl der Bits</translation>
</message>
<message>
<source>From two pairs</source>
<translation>Aus zwei Bildpaaren</translation>
</message>
<message>
<source>FSDAF</source>
<translation>FSDAF</translation>
</message>
<message>
<source>Full scale, without a reference</source>
<translation>Volle Auflösung, ohne Referenz</translation>
</message>
<message>
<source>Full scale: the fused image is compared with MS and PAN, from which it was made</source>
<translation>Volle Auflösung: das fusionierte Bild wird mit MS und PAN verglichen, aus denen es gemacht wurde</translation>
</message>
<message>
<source>full: also trains and adapts them</source>
<translation>vollständig: trainiert sie auch und passt sie an</translation>
</message>
<message>
<source>Fuse</source>
<translation>Fusionieren</translation>
</message>
<message>
<source>Fused [{}]</source>
<translation>Fusioniert [{}]</translation>
</message>
<message>
<source>Fused image</source>
<translation>Fusioniertes Bild</translation>
</message>
<message>
<source>Fused image and reference</source>
<translation>Fusioniertes Bild und Referenz</translation>
</message>
<message>
<source>Fused image at full scale, without a reference</source>
<translation>Fusioniertes Bild in voller Auflösung, ohne Referenz</translation>
</message>
<message>
<source>Fused image, degraded</source>
<translation>Fusioniertes Bild, vergröbert</translation>
</message>
<message>
<source>Fuses only 512 x 512 pixels of the coarse image, at the centre of the map, to try a method or a setting. The statistics are those of the whole scene, so the preview is what the full run gives there.</source>
<translation>Fusioniert nur 512 x 512 Pixel des groben Bildes in der Mitte der Karte, um eine Methode oder eine Einstellung zu versuchen. Die Statistik ist die der ganzen Szene: die Vorschau ist, was der volle Lauf dort ergibt.</translation>
</message>
<message>
<source>FusionNet</source>
<translation>FusionNet</translation>
</message>
<message>
<source>gain and offset by robust regression</source>
<translation>Faktor und Offset durch robuste Regression</translation>
</message>
<message>
<source>GAN-STFM</source>
<translation>GAN-STFM</translation>
</message>
<message>
<source>Gaofen-2, four bands, 10 bits</source>
<translation>Gaofen-2, vier Bänder, 10 Bit</translation>
</message>
<message>
<source>Gaussian</source>
<translation>Gaußfunktion</translation>
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
<source>Give either MS, with a PAN, or REVISITS, with a PAN or without.</source>
<translation>Geben Sie entweder MS mit einem PAN an oder REVISITS, mit einem PAN oder ohne.</translation>
</message>
<message>
<source>Give the model either as INPUT (a file) or as INPUT_FOLDER.</source>
<translation>Geben Sie das Modell entweder als INPUT (eine Datei) oder als INPUT_FOLDER an.</translation>
</message>
<message>
<source>Give the product either as INPUT (a file) or as FOLDER.</source>
<translation>Geben Sie das Produkt entweder als INPUT (eine Datei) oder als FOLDER an.</translation>
</message>
<message>
<source>Gives every band the same detail, PAN less the mean of the bands. Simple and fast; shifts colours where the bands do not cover PAN's spectral range.</source>
<translation>Gibt jedem Band dasselbe Detail: PAN minus das Mittel der Bänder. Einfach und schnell; verschiebt Farben, wo die Bänder den Spektralbereich von PAN nicht abdecken.</translation>
</message>
<message>
<source>Go on with an earlier training</source>
<translation>Ein früheres Training fortsetzen</translation>
</message>
<message>
<source>Goes on where a training with the same folder, patches and network stopped.</source>
<translation>Fährt fort, wo ein Training mit demselben Ordner, denselben Patches und demselben Netz aufgehört hat.</translation>
</message>
<message>
<source>graphics card (CUDA)</source>
<translation>Grafikkarte (CUDA)</translation>
</message>
<message>
<source>Grey: no data.</source>
<translation>Grau: keine Daten.</translation>
</message>
<message>
<source>Ground sampling distance</source>
<translation>Bodenabtastweite</translation>
</message>
<message>
<source>Grow the masks</source>
<translation>Masken erweitern</translation>
</message>
<message>
<source>Grows what the masks mark, clouds for example, by so many pixels of the quality band.</source>
<translation>Erweitert, was die Masken markieren, Wolken zum Beispiel, um so viele Pixel des Qualitätsbandes.</translation>
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
<source>half (16 bits), where the device and the model's file allow it</source>
<translation>halbe (16 Bit), wo das Gerät und die Datei des Modells es erlauben</translation>
</message>
<message>
<source>Half precision is quicker on a GPU and takes half the memory; the result differs a little.</source>
<translation>Halbe Genauigkeit ist auf einer GPU schneller und braucht halb so viel Speicher; das Ergebnis weicht ein wenig ab.</translation>
</message>
<message>
<source>Haze</source>
<translation>Dunst</translation>
</message>
<message>
<source>highest value of the reference</source>
<translation>höchster Wert der Referenz</translation>
</message>
<message>
<source>HighRes-net</source>
<translation>HighRes-net</translation>
</message>
<message>
<source>How each image is drawn: as the model's card says; in few steps without fresh noise (DDIM); or in all the steps of training, each with fresh noise (DDPM).</source>
<translation>Wie jedes Bild gezogen wird: wie die Modellkarte sagt; in wenigen Schritten ohne neues Rauschen (DDIM); oder in allen Schritten des Trainings, jeder mit neuem Rauschen (DDPM).</translation>
</message>
<message>
<source>How far the masks miss the clouds' edges: 0 not at all, 1 wildly.</source>
<translation>Wie weit die Masken die Ränder der Wolken verfehlen: 0 gar nicht, 1 sehr stark.</translation>
</message>
<message>
<source>How far values of one surface differ by noise, in per cent of the image's range.</source>
<translation>Wie weit sich Werte derselben Oberfläche durch Rauschen unterscheiden, in Prozent des Wertebereichs des Bildes.</translation>
</message>
<message>
<source>How far, in pixels of the revisits, one may lie from where its georeferencing puts it; the shifts are measured and undone. 0 trusts the georeferencing.</source>
<translation>Wie weit, in Pixeln der Wiederholungsaufnahmen, eine neben der Stelle liegen darf, die ihre Georeferenzierung angibt; die Verschiebungen werden gemessen und rückgängig gemacht. 0 vertraut der Georeferenzierung.</translation>
</message>
<message>
<source>How fast it learns; too fast, and the loss is no number any more. Empty takes the preset's.</source>
<translation>Wie schnell es lernt; zu schnell, und der Verlust ist keine Zahl mehr. Leer: die der Vorgabe.</translation>
</message>
<message>
<source>How it went</source>
<translation>Verlauf</translation>
</message>
<message>
<source>How long it took [s]</source>
<translation>Dauer [s]</translation>
</message>
<message>
<source>How many bands belong to one date where a raster holds several dates one after the other. 0: a raster is a stack only where the names of its bands say the dates.</source>
<translation>Wie viele Bänder zu einem Datum gehören, wo ein Raster mehrere Daten hintereinander enthält. 0: ein Raster ist nur dann ein Bildstapel, wenn die Namen seiner Bänder die Daten sagen.</translation>
</message>
<message>
<source>How many coarse pixels, those with the largest share of a class, the change of a class is found from.</source>
<translation>Aus wie vielen groben Pixeln, denen mit dem größten Anteil einer Klasse, die Veränderung der Klasse bestimmt wird.</translation>
</message>
<message>
<source>How many fine pixels a coarse pixel was wide in training: of PAN and MS, or of two sensors. Empty takes what is usual with the official code.</source>
<translation>Wie viele feine Pixel ein grobes beim Training breit war: von PAN und MS, oder von zwei Sensoren. Leer nimmt, was beim offiziellen Code üblich ist.</translation>
</message>
<message>
<source>How many images are drawn; the result is their mean. More are steadier and take longer. With one, the result has the texture of a real image, and is farther from it on average.</source>
<translation>Wie viele Bilder gezogen werden; das Ergebnis ist ihr Mittel. Mehr sind ruhiger und dauern länger. Mit einem hat das Ergebnis die Textur eines echten Bildes und ist im Mittel weiter von ihm entfernt.</translation>
</message>
<message>
<source>How many PAN pixels a MS pixel was wide in training. Empty takes what is usual with the official code.</source>
<translation type="vanished">Wie viele PAN-Pixel ein MS-Pixel im Training breit war. Leer: wie beim offiziellen Code üblich.</translation>
</message>
<message>
<source>How many processor cores networks use.</source>
<translation>Wie viele Prozessorkerne neuronale Netze benutzen.</translation>
</message>
<message>
<source>How many processor cores to use; 0 uses all.</source>
<translation>Wie viele Prozessorkerne benutzt werden; 0 benutzt alle.</translation>
</message>
<message>
<source>How many revisits are made; the first is the reference.</source>
<translation>Wie viele Wiederholungsaufnahmen gemacht werden; die erste ist die Referenz.</translation>
</message>
<message>
<source>How many revisits have clouds; the first has none unless all have.</source>
<translation>Wie viele Wiederholungsaufnahmen Wolken haben; die erste hat keine, außer wenn alle welche haben.</translation>
</message>
<message>
<source>How many times coarser the results are. Empty takes the ratio of the two pixel sizes, so that the degraded panchromatic image has the size of pixels of the multispectral one, which then is the truth.</source>
<translation>Um wie viel gröber die Ergebnisse sind. Leer: das Verhältnis der beiden Pixelgrößen, sodass das vergröberte panchromatische Bild so große Pixel hat wie das Multispektralbild, das dann die Wahrheit ist.</translation>
</message>
<message>
<source>How many times finer the result's pixels are than the reference's. Revisits of Sentinel-2 and the like support 2; a finer grid shows no more.</source>
<translation>Wie viel feiner die Pixel des Ergebnisses sind als die der Referenz. Wiederholungsaufnahmen von Sentinel-2 und ähnlichen tragen 2; ein feineres Gitter zeigt nicht mehr.</translation>
</message>
<message>
<source>How many times finer the result's pixels are. WorldStrat's reference is resampled to what is asked for; PROBA-V's is 3.</source>
<translation>Wie viel feiner die Pixel des Ergebnisses sind. Die Referenz von WorldStrat wird auf das verlangte Verhältnis neu abgetastet; bei PROBA-V ist es 3.</translation>
</message>
<message>
<source>How many times finer the result's pixels are: a whole number.</source>
<translation>Wie viel feiner die Pixel des Ergebnisses sind: eine ganze Zahl.</translation>
</message>
<message>
<source>How many times finer the result's pixels are: a whole number. With a panchromatic image it is that of the pixels.</source>
<translation>Wie viel feiner die Pixel des Ergebnisses sind: eine ganze Zahl. Mit einem panchromatischen Bild ist es das Verhältnis der Pixel.</translation>
</message>
<message>
<source>How many times larger the pixels of the revisits are than those of the sharp image.</source>
<translation>Wie viel größer die Pixel der Wiederholungsaufnahmen sind als die des scharfen Bildes.</translation>
</message>
<message>
<source>How MS was brought onto PAN's grid in training.</source>
<translation>Wie MS im Training auf das Gitter von PAN gebracht wurde.</translation>
</message>
<message>
<source>How much chooses the best state of the network.</source>
<translation>Wie viel den besten Zustand des Netzes bestimmt.</translation>
</message>
<message>
<source>How much contrast the sensor leaves at the finest detail that the revisits' pixels can hold: one number for all bands, or one for each, separated by commas, each between 0.05 and 0.6.</source>
<translation>Wie viel Kontrast der Sensor beim feinsten Detail übrig lässt, das die Pixel der Wiederholungsaufnahmen enthalten können: eine Zahl für alle Bänder oder eine je Band, durch Kommas getrennt, jede zwischen 0.05 und 0.6.</translation>
</message>
<message>
<source>How much each band counts in the intensity that PAN is compared with, separated by commas. Empty finds the weights by regression of PAN on the bands, which is right for nearly every scene.</source>
<translation>Wie viel jedes Band in der Intensität zählt, mit der PAN verglichen wird, durch Kommas getrennt. Leer: die Gewichte werden durch Regression von PAN auf die Bänder gefunden, was für fast jede Szene richtig ist.</translation>
</message>
<message>
<source>How much every pixel rests on: the sum of the weights of the observations in it, or the spread between them, as the method says.</source>
<translation>Auf wie viel jedes Pixel beruht: die Summe der Gewichte der Beobachtungen in ihm oder die Streuung zwischen ihnen, je nach Methode.</translation>
</message>
<message>
<source>How much gives the scores on the model's card, and nothing else.</source>
<translation>Wie viel die Bewertungen auf der Modellkarte liefert und sonst nichts.</translation>
</message>
<message>
<source>How much lower its ERGAS is than the best classical one</source>
<translation>Um wie viel sein ERGAS kleiner ist als das der besten klassischen Methode</translation>
</message>
<message>
<source>How much lower its RMSE is than the best classical one</source>
<translation>Wie viel niedriger sein RMSE ist als der des besten klassischen Verfahrens</translation>
</message>
<message>
<source>How much of a clouded revisit is clouded.</source>
<translation>Wie viel einer bewölkten Wiederholungsaufnahme bewölkt ist.</translation>
</message>
<message>
<source>How much of each scene chooses the best state of the network.</source>
<translation>Wie viel von jeder Szene den besten Zustand des Netzes bestimmt.</translation>
</message>
<message>
<source>How much of each scene gives the scores on the model's card, and is used for nothing else.</source>
<translation>Wie viel von jeder Szene die Bewertungen auf der Modellkarte liefert und für nichts anderes benutzt wird.</translation>
</message>
<message>
<source>How names hold dates, such as *_%Y%m%d_*: * stands for any text, ? for any character, %Y for the year, %m for the month, %d for the day, %j for the day of the year, %H, %M and %S for the time. Empty knows the names of Landsat, Sentinel and MODIS products, of the published data sets for spatiotemporal fusion, and plain dates.</source>
<translation>Wie Namen das Datum enthalten, etwa *_%Y%m%d_*: * steht für beliebigen Text, ? für ein beliebiges Zeichen, %Y für das Jahr, %m für den Monat, %d für den Tag, %j für den Tag des Jahres, %H, %M und %S für die Uhrzeit. Leer: die Namen der Produkte von Landsat, Sentinel und MODIS und der veröffentlichten Datensätze für die raumzeitliche Fusion sowie ein einfaches Datum werden erkannt.</translation>
</message>
<message>
<source>How often dates are simulated of each image, each time others.</source>
<translation>Wie oft Zeitpunkte von jedem Bild simuliert werden, jedes Mal andere.</translation>
</message>
<message>
<source>How often every patch is seen, if the time suffices. Empty takes the preset's.</source>
<translation>Wie oft jeder Patch gesehen wird, wenn die Zeit reicht. Leer: wie in der Vorgabe.</translation>
</message>
<message>
<source>How often revisits are simulated of each image, each time others.</source>
<translation>Wie oft Wiederholungsaufnahmen von jedem Bild simuliert werden, jedes Mal andere.</translation>
</message>
<message>
<source>How often the scene is degraded before it is cut.</source>
<translation>Wie oft die Szene vergröbert wird, bevor sie zerschnitten wird.</translation>
</message>
<message>
<source>How smooth the result is, where 1 is what the measured noise asks for. Raise it when the result is noisy, lower it when it is not sharp enough.</source>
<translation>Wie glatt das Ergebnis ist; 1 ist, was das gemessene Rauschen verlangt. Erhöhen Sie den Wert, wenn das Ergebnis verrauscht ist, senken Sie ihn, wenn es nicht scharf genug ist.</translation>
</message>
<message>
<source>How the images are fused.</source>
<translation>Wie die Bilder fusioniert werden.</translation>
</message>
<message>
<source>How the images are kept. A published data set is one folder, and says by its names which images are fine and which coarse, and what their numbers mean.</source>
<translation>Wie die Bilder abgelegt sind. Ein veröffentlichter Datensatz ist ein einziger Ordner und sagt durch seine Namen, welche Bilder fein und welche grob sind und was ihre Zahlen bedeuten.</translation>
</message>
<message>
<source>How the output GeoTIFF is compressed; never with loss.</source>
<translation>Wie das ausgegebene GeoTIFF komprimiert wird; immer verlustfrei.</translation>
</message>
<message>
<source>How the scores are defined</source>
<translation>Wie die Bewertungen definiert sind</translation>
</message>
<message>
<source>HPF (high-pass filter)</source>
<translation>HPF (Hochpassfilter)</translation>
</message>
<message>
<source>HQNR</source>
<translation>HQNR</translation>
</message>
<message>
<source>HQNR (1 is best)</source>
<translation>HQNR (am besten 1)</translation>
</message>
<message>
<source>HTML files (*.html)</source>
<translation>HTML-Dateien (*.html)</translation>
</message>
<message>
<source>I accept the model's licence</source>
<translation>Ich nehme die Lizenz des Modells an</translation>
</message>
<message>
<source>IC: Sentinel-2 and Sentinel-3</source>
<translation>IC: Sentinel-2 und Sentinel-3</translation>
</message>
<message>
<source>Id</source>
<translation>Kennung</translation>
</message>
<message>
<source>Id of the best method</source>
<translation>Kennung der besten Methode</translation>
</message>
<message>
<source>Id of the model</source>
<translation>Kennung des Modells</translation>
</message>
<message>
<source>Ids of the models, separated by commas</source>
<translation>Kennungen der Modelle, durch Kommas getrennt</translation>
</message>
<message>
<source>IKONOS</source>
<translation>IKONOS</translation>
</message>
<message>
<source>IMAGE: a raster is needed.</source>
<translation>IMAGE: Ein Raster wird gebraucht.</translation>
</message>
<message>
<source>Images</source>
<translation>Bilder</translation>
</message>
<message>
<source>Images are paired by their dates. Every pair is combined with every other date near enough: its coarse image and the pair are what the network gets, its fine image is what it is to predict. Alignment, bands, reflectance, masks and the fit between the sensors are those of a prediction.</source>
<translation>Bilder werden nach ihrem Datum gepaart. Jedes Paar wird mit jedem anderen Zeitpunkt kombiniert, der nahe genug liegt: dessen grobes Bild und das Paar bekommt das Netz, dessen feines Bild soll es vorhersagen. Ausrichtung, Bänder, Reflektanz, Masken und die Angleichung der Sensoren sind wie bei einer Vorhersage.</translation>
</message>
<message>
<source>Images of one place at several dates, by one sensor: layers, files or products, or one raster that holds them all one after the other. Each may have its own extent, coordinate reference system, nodata value and mask.</source>
<translation>Bilder eines Ortes zu mehreren Zeitpunkten, von einem Sensor: Layer, Dateien oder Produkte oder ein Raster, das sie alle hintereinander enthält. Jedes darf seine eigene Ausdehnung, sein eigenes Koordinatenbezugssystem, seinen Nodata-Wert und seine Maske haben.</translation>
</message>
<message>
<source>Images of which less is clear are not used in pairs.</source>
<translation>Bilder, von denen weniger klar ist, werden nicht in Paaren benutzt.</translation>
</message>
<message>
<source>Import a model</source>
<translation>Ein Modell importieren</translation>
</message>
<message>
<source>Import…</source>
<translation>Importieren…</translation>
</message>
<message>
<source>Improves an estimate until it gives the revisits again when it is shifted, blurred with the sensor's MTF and sampled as they were: undoes blur and aliasing together. The sharpest of the classical methods.</source>
<translation>Verbessert eine Schätzung, bis sie die Wiederholungsaufnahmen wiedergibt, wenn sie wie diese verschoben, mit der MTF des Sensors unscharf gemacht und abgetastet wird: macht Unschärfe und Aliasing zusammen rückgängig. Die schärfste der klassischen Methoden.</translation>
</message>
<message>
<source>In reflectance, with the wavelengths of their bands; the same bands in all.</source>
<translation>In Reflektanz, mit den Wellenlängen ihrer Bänder; in allen dieselben Bänder.</translation>
</message>
<message>
<source>In the order of the ranking above. Reduced and full scale can disagree: none of them is the whole truth.</source>
<translation>In der Reihenfolge der Rangliste oben. Verringerte und volle Auflösung können einander widersprechen: keine von beiden ist die ganze Wahrheit.</translation>
</message>
<message>
<source>inference: runs networks</source>
<translation>Inferenz: führt neuronale Netze aus</translation>
</message>
<message>
<source>INNformer</source>
<translation>INNformer</translation>
</message>
<message>
<source>INPUT: a raster is needed.</source>
<translation>INPUT: Ein Raster wird gebraucht.</translation>
</message>
<message>
<source>Install</source>
<translation>Installieren</translation>
</message>
<message>
<source>Install the engine</source>
<translation>Rechenumgebung installieren</translation>
</message>
<message>
<source>Install the engine again with satfusion:engine_install and DEVICE=gpu to use this GPU.</source>
<translation>Installieren Sie die Rechenumgebung mit satfusion:engine_install und DEVICE=gpu neu, um diese GPU zu benutzen.</translation>
</message>
<message>
<source>Install the engine again with satfusion:engine_install and REINSTALL, or name another INTERPRETER.</source>
<translation>Installieren Sie die Rechenumgebung mit satfusion:engine_install und REINSTALL neu, oder nennen Sie einen anderen INTERPRETER.</translation>
</message>
<message>
<source>Install the engine again with satfusion:engine_install and REINSTALL: a package is damaged.</source>
<translation>Installieren Sie die Rechenumgebung mit satfusion:engine_install und REINSTALL neu: ein Paket ist beschädigt.</translation>
</message>
<message>
<source>Install the engine again with satfusion:engine_install and REINSTALL: its numpy does not fit the other packages.</source>
<translation>Installieren Sie die Rechenumgebung mit satfusion:engine_install und REINSTALL neu: ihr numpy passt nicht zu den anderen Paketen.</translation>
</message>
<message>
<source>Install the engine again with satfusion:engine_install and REINSTALL; if it stops again, choose DEVICE=cpu.</source>
<translation>Installieren Sie die Rechenumgebung mit satfusion:engine_install und REINSTALL neu; wenn sie wieder abbricht, wählen Sie DEVICE=cpu.</translation>
</message>
<message>
<source>Install the engine again with satfusion:engine_install, DEVICE=gpu and REINSTALL: libraries of CUDA or cuDNN are missing.</source>
<translation>Installieren Sie die Rechenumgebung mit satfusion:engine_install, DEVICE=gpu und REINSTALL neu: Bibliotheken von CUDA oder cuDNN fehlen.</translation>
</message>
<message>
<source>Install the engine again with satfusion:engine_install: it needs numpy.</source>
<translation>Installieren Sie die Rechenumgebung mit satfusion:engine_install neu: sie braucht numpy.</translation>
</message>
<message>
<source>Install the engine again with satfusion:engine_install: it needs onnxruntime or torch.</source>
<translation>Installieren Sie die Rechenumgebung mit satfusion:engine_install neu: sie braucht onnxruntime oder torch.</translation>
</message>
<message>
<source>Install the engine with satfusion:engine_install.</source>
<translation>Installieren Sie die Rechenumgebung mit satfusion:engine_install.</translation>
</message>
<message>
<source>Install the Microsoft Visual C++ Redistributable (2015-2022, x64), restart Windows, and check again.</source>
<translation>Installieren Sie Microsoft Visual C++ Redistributable (2015-2022, x64), starten Sie Windows neu und prüfen Sie noch einmal.</translation>
</message>
<message>
<source>Install the NVIDIA driver if there is an NVIDIA GPU; otherwise choose DEVICE=cpu.</source>
<translation>Installieren Sie den NVIDIA-Treiber, wenn es eine NVIDIA-GPU gibt; wählen Sie sonst DEVICE=cpu.</translation>
</message>
<message>
<source>Installation</source>
<translation>Installation</translation>
</message>
<message>
<source>installed by SatFusion</source>
<translation>von SatFusion installiert</translation>
</message>
<message>
<source>Installs from the wheels (*.whl) in this folder, without any network. Empty fetches them.</source>
<translation>Installiert aus den Wheels (*.whl) in diesem Ordner, ganz ohne Internetverbindung. Leer: sie werden heruntergeladen.</translation>
</message>
<message>
<source>Interpolation between dates (baseline)</source>
<translation>Interpolation zwischen Zeitpunkten (Grundlinie)</translation>
</message>
<message>
<source>Interpolation of MS</source>
<translation>Interpolation von MS</translation>
</message>
<message>
<source>Interpreter of the engine</source>
<translation>Interpreter der Rechenumgebung</translation>
</message>
<message>
<source>Interpreter: {} ({})</source>
<translation>Interpreter: {} ({})</translation>
</message>
<message>
<source>Interval</source>
<translation>Intervall</translation>
</message>
<message>
<source>Intervals</source>
<translation>Intervalle</translation>
</message>
<message>
<source>It runs in the engine, with PyTorch. Each network learns by its own loss: where that compares features of an auto-encoder, this is trained first; where it has a discriminator, both learn in turn; the steps of a diffusion are averaged. Pixels that are masked in any of the images have no influence. The state with the lowest error on the validation patches is kept, also when you cancel or when the time is up. A network that learned from few places and dates knows these: score it on others.</source>
<translation>Es läuft in der Rechenumgebung, mit PyTorch. Jedes Netz lernt mit seinem eigenen Verlust: wo dieser Merkmale eines Autoencoders vergleicht, wird der Autoencoder zuerst trainiert; wo es einen Diskriminator hat, lernen beide abwechselnd; die Schritte einer Diffusion werden gemittelt. Pixel, die in einem der Bilder maskiert sind, haben keinen Einfluss. Behalten wird der Zustand mit dem kleinsten Fehler auf den Validierungs-Patches, auch wenn Sie abbrechen oder die Zeit um ist. Ein Netz, das an wenigen Orten und Zeitpunkten gelernt hat, kennt diese: bewerten Sie es an anderen.</translation>
</message>
<message>
<source>It runs in the engine, with PyTorch. The network begins as the classical back-projection, and learns what to add to it; revisits change their order and some are left out while it learns, so it works with any number of them. The state with the lowest loss on the validation patches is kept, also when you cancel or when the time is up. A network that learned from few places knows these places: score it on others.</source>
<translation>Es läuft in der Rechenumgebung, mit PyTorch. Das Netz beginnt als klassische Rückprojektion und lernt, was zu ihr hinzuzufügen ist; während es lernt, wechseln die Wiederholungsaufnahmen ihre Reihenfolge, und einige werden ausgelassen, sodass es mit jeder Zahl von ihnen funktioniert. Behalten wird der Zustand mit dem kleinsten Verlust auf den Validierungs-Patches, auch wenn Sie abbrechen oder die Zeit um ist. Ein Netz, das an wenigen Orten gelernt hat, kennt diese Orte: bewerten Sie es an anderen.</translation>
</message>
<message>
<source>It runs in the engine, with PyTorch. The reduced scale is not the full one: look at the result.</source>
<translation>Es läuft in der Rechenumgebung, mit PyTorch. Die verringerte Auflösung ist nicht die volle: sehen Sie das Ergebnis an.</translation>
</message>
<message>
<source>It runs in the engine, with PyTorch. The reduced scale is not the full one: look at the result. If you cancel while it is fitted, the best state so far is kept in the model folder, where one is given.</source>
<translation>Es läuft in der Rechenumgebung, mit PyTorch. Die verringerte Auflösung ist nicht die volle: sehen Sie das Ergebnis an. Wenn Sie während der Anpassung abbrechen, bleibt der bisher beste Zustand im Modellordner, sofern einer angegeben ist.</translation>
</message>
<message>
<source>It runs in the engine, with PyTorch. The state with the lowest loss on the validation patches is kept, also when you cancel or when the time is up. A network that learned from few places knows these places: score it on others.</source>
<translation>Es läuft in der Rechenumgebung, mit PyTorch. Behalten wird der Zustand mit dem kleinsten Verlust auf den Validierungs-Patches, auch wenn Sie abbrechen oder die Zeit um ist. Ein Netz, das an wenigen Orten gelernt hat, kennt diese Orte: bewerten Sie es an anderen.</translation>
</message>
<message>
<source>It runs in the engine, with PyTorch. What is best on known dates need not be on the one to predict: look at the result. If you cancel while it is fitted, the best state so far is kept in the model folder, where one is given.</source>
<translation>Läuft in der Engine, mit PyTorch. Was an bekannten Tagen am besten ist, muss es am Zieldatum nicht sein: Sehen Sie sich das Ergebnis an. Wenn Sie während der Anpassung abbrechen, bleibt der bis dahin beste Zustand im Modellordner, wenn einer angegeben ist.</translation>
</message>
<message>
<source>It took {}.</source>
<translation>Dauer: {}.</translation>
</message>
<message>
<source>Iterative back-projection</source>
<translation>Iterative Rückprojektion</translation>
</message>
<message>
<source>Its ERGAS on the held-out pixels (0 is best)</source>
<translation>Sein ERGAS auf den zurückgehaltenen Pixeln (am besten 0)</translation>
</message>
<message>
<source>Its files are compared with the card: their size and SHA-256.</source>
<translation>Seine Dateien werden mit der Modellkarte verglichen: ihre Größe und SHA-256.</translation>
</message>
<message>
<source>its own</source>
<translation>eigene</translation>
</message>
<message>
<source>Its RMSE there (0 is best)</source>
<translation>Sein RMSE dort (0 ist am besten)</translation>
</message>
<message>
<source>Its spectral angle there in degrees (0 is best)</source>
<translation>Sein Spektralwinkel dort in Grad (am besten 0)</translation>
</message>
<message>
<source>Joins the coarse image of the date with a fine image of any date, whose own coarse image it does not need; trained against a discriminator. For references far from the date.</source>
<translation>Verbindet das grobe Bild des Zieldatums mit einem feinen Bild irgendeines Datums, dessen eigenes grobes Bild es nicht braucht; gegen einen Diskriminator trainiert. Für Referenzen, die weit vom Zieldatum entfernt sind.</translation>
</message>
<message>
<source>JSON files (*.json)</source>
<translation>JSON-Dateien (*.json)</translation>
</message>
<message>
<source>Judges a sharpened image by the images that it was made of: HQNR, D_lambda_K and D_s, QNR and D_lambda, and the consistency: blurred with the sensor's modulation transfer function and sampled on the multispectral grid, the fused image should equal the multispectral one, band by band.</source>
<translation>Beurteilt ein geschärftes Bild nach den Bildern, aus denen es gemacht wurde: HQNR, D_lambda_K und D_s, QNR und D_lambda, und die Konsistenz: mit der Modulationsübertragungsfunktion des Sensors unscharf gemacht und auf dem multispektralen Gitter abgetastet, sollte das fusionierte Bild dem multispektralen gleichen, Band für Band.</translation>
</message>
<message>
<source>Keep the order of single-band files</source>
<translation>Reihenfolge der Dateien mit einem Band behalten</translation>
</message>
<message>
<source>Keeps the fitted network, to fuse other revisits of the same sensors with it.</source>
<translation>Behält das angepasste Netz, um damit andere Wiederholungsaufnahmen derselben Sensoren zu fusionieren.</translation>
</message>
<message>
<source>Keeps the fitted network, to predict other dates of the same place and sensors with it.</source>
<translation>Behält das angepasste Netz, um damit andere Tage desselben Ortes und derselben Sensoren vorherzusagen.</translation>
</message>
<message>
<source>Keeps the fitted network, to sharpen other scenes of the same sensor with it.</source>
<translation>Behält das angepasste Netz, um damit andere Szenen desselben Sensors zu schärfen.</translation>
</message>
<message>
<source>Kernel regression</source>
<translation>Kernel-Regression</translation>
</message>
<message>
<source>Known are: Landsat Collection 2, Sentinel-2, Pleiades and SPOT 6/7 (DIMAP), WorldView and GeoEye (TIL), MODIS, Sentinel-3 SYNERGY. The product is recognised by its content; zip and tar files are read without being unpacked.</source>
<translation>Bekannt sind: Landsat Collection 2, Sentinel-2, Pleiades und SPOT 6/7 (DIMAP), WorldView und GeoEye (TIL), MODIS, Sentinel-3 SYNERGY. Das Produkt wird an seinem Inhalt erkannt; Zip- und Tar-Dateien werden gelesen, ohne dass man sie auspackt.</translation>
</message>
<message>
<source>Label of the model. Empty takes the file's name.</source>
<translation>Bezeichnung des Modells. Leer: der Name der Datei.</translation>
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
<source>Largest difference from the network</source>
<translation>Größte Abweichung vom Netz</translation>
</message>
<message>
<source>Largest distance in days</source>
<translation>Größter Abstand in Tagen</translation>
</message>
<message>
<source>Largest shift</source>
<translation>Größte Verschiebung</translation>
</message>
<message>
<source>Largest shift of registered scores</source>
<translation>Größte Verschiebung der registrierten Bewertungen</translation>
</message>
<message>
<source>Last date</source>
<translation>Letzter Tag</translation>
</message>
<message>
<source>Layers or files of the coarse sensor. Or give a folder below.</source>
<translation>Layer oder Dateien des groben Sensors. Oder geben Sie unten einen Ordner an.</translation>
</message>
<message>
<source>Layers or files of the fine sensor, each with its date in its name or metadata. Or give a folder below.</source>
<translation>Layer oder Dateien des feinen Sensors, jede mit ihrem Datum im Namen oder in den Metadaten. Oder geben Sie unten einen Ordner an.</translation>
</message>
<message>
<source>Layout</source>
<translation>Ablage</translation>
</message>
<message>
<source>Learned unmixing (SatFusion)</source>
<translation>Gelerntes Entmischen (SatFusion)</translation>
</message>
<message>
<source>Learning rate</source>
<translation>Lernrate</translation>
</message>
<message>
<source>Learns classes from the fine images, and finds by least squares what each of them has changed; few weights. Made to be fitted to your own pairs: the network of Fit a network to your pairs.</source>
<translation>Lernt Klassen aus den feinen Bildern und findet mit kleinsten Quadraten, was sich in jeder geändert hat; wenige Gewichte. Dafür gemacht, an Ihre eigenen Bildpaare angepasst zu werden: das Netz von „Ein Netz an Ihre Bildpaare anpassen“.</translation>
</message>
<message>
<source>Least clear share</source>
<translation>Kleinster klarer Anteil</translation>
</message>
<message>
<source>Least share of valid pixels</source>
<translation>Kleinster Anteil gültiger Pixel</translation>
</message>
<message>
<source>Length of each round's step, as a share of the longest one that is safe.</source>
<translation>Länge des Schrittes in jedem Durchgang, als Anteil des längsten, der sicher ist.</translation>
</message>
<message>
<source>Lets each band find similar pixels of its own, as first published, instead of pixels that are similar in all bands: slower, and less accurate. Give a larger number of classes then, such as 20.</source>
<translation>Lässt jedes Band seine eigenen ähnlichen Pixel finden, wie zuerst veröffentlicht, statt solcher, die in allen Bändern ähnlich sind: langsamer und weniger genau. Geben Sie dann eine größere Zahl von Klassen an, etwa 20.</translation>
</message>
<message>
<source>Lets pixels whose coarse value changed less count more, and sums both pairs together, as first published. This favours what did not change, which is rarely wanted.</source>
<translation>Lässt Pixel, deren grober Wert sich weniger verändert hat, mehr zählen und summiert beide Paare zusammen, wie zuerst veröffentlicht. Das begünstigt, was sich nicht verändert hat, was selten erwünscht ist.</translation>
</message>
<message>
<source>Level of the coarse images</source>
<translation>Niveau der groben Bilder</translation>
</message>
<message>
<source>Level of the products that it was trained on, such as L1C or L2A.</source>
<translation>Verarbeitungsstufe der Produkte, mit denen es trainiert wurde, etwa L1C oder L2A.</translation>
</message>
<message>
<source>LGC (Lower Gwydir): Landsat 5 and MODIS</source>
<translation>LGC (Lower Gwydir): Landsat 5 und MODIS</translation>
</message>
<message>
<source>Licence</source>
<translation>Lizenz</translation>
</message>
<message>
<source>Licence of the model, as an SPDX identifier such as CC-BY-4.0. Look at the terms of the scenes first.</source>
<translation>Lizenz des Modells als SPDX-Kennung, etwa CC-BY-4.0. Sehen Sie vorher die Nutzungsbedingungen der Szenen an.</translation>
</message>
<message>
<source>Licence of the weights as an SPDX identifier, such as Apache-2.0 or CC-BY-NC-4.0. LicenseRef-unknown says that their author states none, and then nobody may pass them on.</source>
<translation>Lizenz der Gewichte als SPDX-Kennung, etwa Apache-2.0 oder CC-BY-NC-4.0. LicenseRef-unknown sagt, dass ihr Urheber keine angibt; dann darf niemand sie weitergeben.</translation>
</message>
<message>
<source>Licence: {}</source>
<translation>Lizenz: {}</translation>
</message>
<message>
<source>Likeness of local mean, contrast and structure.</source>
<translation>Ähnlichkeit von örtlichem Mittel, Kontrast und Struktur.</translation>
</message>
<message>
<source>Likeness of local structure.</source>
<translation>Ähnlichkeit der örtlichen Struktur.</translation>
</message>
<message>
<source>Limits</source>
<translation>Grenzen</translation>
</message>
<message>
<source>Linear between the fine images of two dates: hard to beat where both are near and nothing sudden happened. Does not look at the coarse images.</source>
<translation>Linear zwischen den feinen Bildern zweier Zeitpunkte: schwer zu schlagen, wo beide nahe sind und nichts Plötzliches geschah. Betrachtet die groben Bilder nicht.</translation>
</message>
<message>
<source>List of models</source>
<translation>Liste der Modelle</translation>
</message>
<message>
<source>List the models</source>
<translation>Modelle auflisten</translation>
</message>
<message>
<source>Lists the weights of networks that are there: those that come with SatFusion and your own. Each row says for which bands and which ratio of pixel sizes a model was made, its licence and its size.</source>
<translation>Listet die vorhandenen Gewichte neuronaler Netze auf: die mit SatFusion gelieferten und Ihre eigenen. Jede Zeile sagt, für welche Bänder und welches Verhältnis der Pixelgrößen ein Modell gemacht ist, seine Lizenz und seine Größe.</translation>
</message>
<message>
<source>Looks at two pairs, one on either side of the date, at several scales: follows change that both pairs bracket, and coarse images that are not well registered.</source>
<translation>Betrachtet zwei Paare, je eines auf jeder Seite des Zieldatums, in mehreren Auflösungen: folgt Veränderungen, die die beiden Paare einschließen, und verträgt grobe Bilder, die nicht gut registriert sind.</translation>
</message>
<message>
<source>lose their weight</source>
<translation>verlieren ihr Gewicht</translation>
</message>
<message>
<source>Loss</source>
<translation>Verlust</translation>
</message>
<message>
<source>Made by SatFusion {}.</source>
<translation>Gemacht von SatFusion {}.</translation>
</message>
<message>
<source>MAE</source>
<translation>MAE</translation>
</message>
<message>
<source>Make again what is there</source>
<translation>Vorhandenes neu machen</translation>
</message>
<message>
<source>Makes a coarser copy of a scene, as the same sensor would see it from farther away: each band is blurred with the sensor's modulation transfer function and sampled on a coarser grid.</source>
<translation>Macht eine gröbere Kopie einer Szene, wie derselbe Sensor sie aus größerer Entfernung sähe: jedes Band wird mit der Modulationsübertragungsfunktion des Sensors unscharf gemacht und auf einem gröberen Gitter abgetastet.</translation>
</message>
<message>
<source>Makes a model of the weights that somebody published: a PyTorch checkpoint (.pth, .pt, .ckpt), safetensors, a model folder of SatFusion, or an ONNX file with its card.</source>
<translation>Macht ein Modell aus Gewichten, die jemand veröffentlicht hat: aus einem PyTorch-Checkpoint (.pth, .pt, .ckpt), safetensors, einem Modellordner von SatFusion oder einer ONNX-Datei mit ihrer Modellkarte.</translation>
</message>
<message>
<source>Makes a Python environment of its own for networks, in the folder for the user's data (the variable SATFUSION_ENGINE_FOLDER moves it). QGIS's own Python is not changed, and an update of SatFusion leaves the engine alone.</source>
<translation>Legt für neuronale Netze eine eigene Python-Umgebung an, im Ordner für die Daten des Benutzers (die Variable SATFUSION_ENGINE_FOLDER verlegt ihn). Das Python von QGIS wird nicht verändert, und eine Aktualisierung von SatFusion lässt die Rechenumgebung, wie sie ist.</translation>
</message>
<message>
<source>Makes a set of patches for spatiotemporal fusion from single fine images in reflectance: dates are simulated, with a season of every class of cover and of fields, and changes of cover, and the coarse images of another sensor, with its brightness, blur, noise, clouds and errors of its position drawn at random. Use it to begin with where real pairs are few.</source>
<translation>Macht einen Satz von Patches für die raumzeitliche Fusion aus einzelnen feinen Bildern in Reflektanz: Zeitpunkte werden simuliert, mit einem Jahresgang jeder Klasse der Bedeckung und der Felder und mit Wechseln der Bedeckung, und dazu die groben Bilder eines anderen Sensors, dessen Helligkeit, Unschärfe, Rauschen, Wolken und Lagefehler zufällig gezogen werden. Damit können Sie anfangen, wo echte Paare selten sind.</translation>
</message>
<message>
<source>Makes a set of patches for super-resolution or SatFusion from single sharp images: revisits of them are simulated, with shifts, blur, noise, brightness, clouds and errors of their masks drawn at random, and the sharp image is the truth.</source>
<translation>Macht einen Satz von Patches für Superauflösung oder SatFusion aus einzelnen scharfen Bildern: Wiederholungsaufnahmen davon werden simuliert, mit zufällig gezogenen Verschiebungen, Unschärfe, Rauschen, Helligkeit, Wolken und Fehlern ihrer Masken, und das scharfe Bild ist die Wahrheit.</translation>
</message>
<message>
<source>Makes a set of patches, from which a network for spatiotemporal fusion learns, from fine and coarse images of several dates: your own, or a published data set as it is downloaded (CIA, LGC, AHB, Daxing, Tianjin, Wuhan, IC, BC, and MLFF-GAN's folders).</source>
<translation>Macht einen Satz von Patches, aus dem ein Netz für die raumzeitliche Fusion lernt, aus feinen und groben Bildern mehrerer Zeitpunkte: aus Ihren eigenen oder aus einem veröffentlichten Datensatz, wie er heruntergeladen wird (CIA, LGC, AHB, Daxing, Tianjin, Wuhan, IC, BC und die Ordner von MLFF-GAN).</translation>
</message>
<message>
<source>Makes a set of patches, from which a network for super-resolution or SatFusion learns, from your own revisits: all images are degraded as the same sensor would see them from farther away, so that the reference is the truth (Wald's protocol), and cut into small squares.</source>
<translation>Macht aus Ihren eigenen Wiederholungsaufnahmen einen Satz von Patches, aus dem ein neuronales Netz für Superauflösung oder SatFusion lernt: alle Bilder werden vergröbert, wie derselbe Sensor sie aus größerer Entfernung sähe, sodass die Referenz die Wahrheit ist (Walds Protokoll), und in kleine Quadrate zerschnitten.</translation>
</message>
<message>
<source>Makes a set of patches, from which a pansharpening network learns, from your own scenes: multispectral and panchromatic image are degraded as the same sensor would see them from farther away, so that the original multispectral image is the truth (Wald's protocol), and cut into small squares.</source>
<translation>Macht aus Ihren eigenen Szenen einen Satz von Patches, aus dem ein neuronales Netz die Bildschärfung lernt: Multispektralbild und panchromatisches Bild werden vergröbert, wie derselbe Sensor sie aus größerer Entfernung sähe, sodass das ursprüngliche Multispektralbild die Wahrheit ist (Walds Protokoll), und in kleine Quadrate zerschnitten.</translation>
</message>
<message>
<source>Makes an output of SatFusion again, from the inputs and settings that are written in it. The inputs must still be where they were.</source>
<translation>Macht eine Ausgabe von SatFusion noch einmal, aus den Eingaben und Einstellungen, die in ihr stehen. Die Eingaben müssen noch dort liegen, wo sie lagen.</translation>
</message>
<message>
<source>Makes fine images for all dates that only a coarse sensor saw, such as Landsat images for days of MODIS: give a folder of fine and a folder of coarse images.</source>
<translation>Macht feine Bilder für alle Zeitpunkte, die nur ein grober Sensor gesehen hat, etwa Landsat-Bilder für Tage von MODIS: geben Sie einen Ordner mit feinen und einen Ordner mit groben Bildern an.</translation>
</message>
<message>
<source>Makes several coarser images of one place from one sharp image, as a sensor would take them on several days: each shifted by a fraction of a pixel, blurred, sampled, with noise, brightness and clouds of its own.</source>
<translation>Macht aus einem scharfen Bild mehrere gröbere Bilder eines Ortes, wie ein Sensor sie an mehreren Tagen aufnähme: jedes um einen Bruchteil eines Pixels verschoben, unscharf gemacht und abgetastet, mit eigenem Rauschen, eigener Helligkeit und eigenen Wolken.</translation>
</message>
<message>
<source>Mask of the multispectral image</source>
<translation>Maske des Multispektralbildes</translation>
</message>
<message>
<source>Mask of the panchromatic image</source>
<translation>Maske des panchromatischen Bildes</translation>
</message>
<message>
<source>Mask polygons</source>
<translation>Maskenpolygone</translation>
</message>
<message>
<source>Masked pixels are left out of every score.</source>
<translation>Maskierte Pixel bleiben aus jeder Bewertung.</translation>
</message>
<message>
<source>Masked pixels are left out of every score; block scores say below how many blocks were used.</source>
<translation>Maskierte Pixel bleiben aus jeder Bewertung; bei Bewertungen in Blöcken steht unten, wie viele Blöcke benutzt wurden.</translation>
</message>
<message>
<source>Masked pixels count nowhere; scores of windows (SSIM, UQI, SCC) use only windows without a masked pixel.</source>
<translation>Maskierte Pixel zählen nirgends; Bewertungen in Fenstern (SSIM, UQI, SCC) benutzen nur Fenster ohne maskiertes Pixel.</translation>
</message>
<message>
<source>Masks of products</source>
<translation>Masken von Produkten</translation>
</message>
<message>
<source>Masks of products and prepared images</source>
<translation>Masken von Produkten und vorbereiteten Bildern</translation>
</message>
<message>
<source>Masks of the revisits</source>
<translation>Masken der Wiederholungsaufnahmen</translation>
</message>
<message>
<source>Match PAN to each band by regression instead of by standard deviations.</source>
<translation>Passt PAN durch Regression an jedes Band an statt nach Standardabweichungen.</translation>
</message>
<message>
<source>Match the brightness</source>
<translation>Helligkeit anpassen</translation>
</message>
<message>
<source>Matches patches of the bands with patches of PAN by attention, and mixes both in invertible blocks. Looks at the whole of a tile.</source>
<translation>Ordnet Ausschnitten der Bänder durch Attention Ausschnitte von PAN zu und mischt beide in umkehrbaren Blöcken. Betrachtet eine ganze Kachel.</translation>
</message>
<message>
<source>mean</source>
<translation>Mittel</translation>
</message>
<message>
<source>Mean [{}]</source>
<translation>Mittel [{}]</translation>
</message>
<message>
<source>mean absolute error</source>
<translation>mittlerer absoluter Fehler</translation>
</message>
<message>
<source>Mean absolute error in physical units (0 is best)</source>
<translation>Mittlerer absoluter Fehler in physikalischen Einheiten (am besten 0)</translation>
</message>
<message>
<source>Mean absolute error in the units of the image; over all: mean over the bands.</source>
<translation>Mittlerer absoluter Fehler in den Einheiten des Bildes; gesamt: Mittel über die Bänder.</translation>
</message>
<message>
<source>Mean angle between the spectra: errors of colour.</source>
<translation>Mittlerer Winkel zwischen den Spektren: Fehler der Farbe.</translation>
</message>
<message>
<source>Mean of fused minus reference in physical units (0 is best)</source>
<translation>Mittel von fusioniert minus Referenz in physikalischen Einheiten (am besten 0)</translation>
</message>
<message>
<source>Mean of fused minus reference.</source>
<translation>Mittel von fusioniert minus Referenz.</translation>
</message>
<message>
<source>Mean of test minus reference in the units of the image; over all: mean over the bands.</source>
<translation>Mittel von Test minus Referenz in den Einheiten des Bildes; gesamt: Mittel über die Bänder.</translation>
</message>
<message>
<source>Mean of the PSNR of the bands: another number.</source>
<translation>Mittel der PSNR der Bänder: eine andere Zahl.</translation>
</message>
<message>
<source>Mean over blocks of the hypercomplex quality index, 1 for identical images; blocks normalised with the reference, mirrored at the right and bottom edge, left out with less than half their pixels valid.</source>
<translation>Mittel über Blöcke des hyperkomplexen Qualitätsindex, 1 bei gleichen Bildern; Blöcke mit der Referenz normiert, am rechten und unteren Rand gespiegelt, ausgelassen, wenn weniger als die Hälfte ihrer Pixel gültig ist.</translation>
</message>
<message>
<source>Mean over the bands of their PSNR, which is not the PSNR of the image.</source>
<translation>Mittel über die Bänder ihrer PSNR, das nicht das PSNR des Bildes ist.</translation>
</message>
<message>
<source>Mean over the bands of |Q(fused band, PAN) - Q(MS band, low-passed PAN)|, Q on blocks without overlap that hold no masked pixel; PAN is low-passed with a Gaussian of PAN's MTF gain at MS's Nyquist frequency.</source>
<translation>Mittel über die Bänder von |Q(fusioniertes Band, PAN) - Q(MS-Band, tiefpassgefiltertes PAN)|, Q auf Blöcken ohne Überlappung und ohne maskiertes Pixel; der Tiefpass von PAN ist eine Gaußfunktion mit dem MTF-Wert von PAN bei der Nyquist-Frequenz von MS.</translation>
</message>
<message>
<source>Mean over the pairs of bands of |Q(fused, fused) - Q(MS, MS)|, Q on the same blocks.</source>
<translation>Mittel über die Paare von Bändern von |Q(fusioniert, fusioniert) - Q(MS, MS)|, Q auf denselben Blöcken.</translation>
</message>
<message>
<source>Mean over the pixels of the angle between the spectra, in degrees; pixels with a zero spectrum left out; none for one band.</source>
<translation>Mittel über die Pixel des Winkels zwischen den Spektren, in Grad; Pixel mit Nullspektrum ausgelassen; keines bei einem einzigen Band.</translation>
</message>
<message>
<source>Mean size of the errors.</source>
<translation>Mittlere Größe der Fehler.</translation>
</message>
<message>
<source>Mean spectra</source>
<translation>Mittlere Spektren</translation>
</message>
<message>
<source>mean square error</source>
<translation>mittlerer quadratischer Fehler</translation>
</message>
<message>
<source>Means over the {} dates:</source>
<translation>Mittel über die {} Zeitpunkte:</translation>
</message>
<message>
<source>Measures to a fraction of a pixel how far images of one place at several dates lie from where their georeferencing puts them, and resamples them onto one grid, that of the reference.</source>
<translation>Misst auf einen Bruchteil eines Pixels genau, wie weit Bilder eines Ortes zu mehreren Zeitpunkten neben der Stelle liegen, die ihre Georeferenzierung angibt, und tastet sie auf einem gemeinsamen Gitter neu ab, dem der Referenz.</translation>
</message>
<message>
<source>median</source>
<translation>Median</translation>
</message>
<message>
<source>Median of bicubics</source>
<translation>Median der bikubischen Interpolationen</translation>
</message>
<message>
<source>median over the revisits</source>
<translation>Median über die Wiederholungsaufnahmen</translation>
</message>
<message>
<source>memory</source>
<translation>Speicher</translation>
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
<source>Methods</source>
<translation>Methoden</translation>
</message>
<message>
<source>Methods are ranked by ERGAS, with 95 % intervals from a bootstrap of blocks of 32 x 32 multispectral pixels; where a difference lies inside its interval, the methods are called a tie.</source>
<translation>Die Methoden werden nach ERGAS gereiht, mit 95-%-Intervallen aus einem Bootstrap von Blöcken aus 32 x 32 multispektralen Pixeln; wo eine Differenz in ihrem Intervall liegt, gelten die Methoden als gleichauf.</translation>
</message>
<message>
<source>Methods compared</source>
<translation>Verglichene Methoden</translation>
</message>
<message>
<source>Methods that are a tie with the best</source>
<translation>Methoden, die mit der besten gleichauf sind</translation>
</message>
<message>
<source>Methods that could not be run</source>
<translation>Methoden, die nicht ausgeführt werden konnten</translation>
</message>
<message>
<source>MLFF-GAN</source>
<translation>MLFF-GAN</translation>
</message>
<message>
<source>Model</source>
<translation>Modell</translation>
</message>
<message>
<source>Model folder</source>
<translation>Modellordner</translation>
</message>
<message>
<source>Model of step {}: ERGAS {:.4g} (EXP {:.4g}), RMSE {:.4g} (EXP {:.4g}), on the {} patches</source>
<translation type="vanished">Modell von Schritt {}: ERGAS {:.4g} (EXP {:.4g}), RMSE {:.4g} (EXP {:.4g}), auf den {}-Patches</translation>
</message>
<message>
<source>Model of step {}: ERGAS {:.4g} ({} {:.4g}), RMSE {:.4g} ({} {:.4g}), on the {} patches</source>
<translation>Modell von Schritt {}: ERGAS {:.4g} ({} {:.4g}), RMSE {:.4g} ({} {:.4g}), auf den {}-Patches</translation>
</message>
<message>
<source>MODEL: name a model by its id or its folder.</source>
<translation>MODEL: Nennen Sie ein Modell mit seiner Kennung oder seinem Ordner.</translation>
</message>
<message>
<source>MODEL: name a model of the list, or the https:// address of a model's card.</source>
<translation>MODEL: Nennen Sie ein Modell der Liste oder die https://-Adresse der Modellkarte.</translation>
</message>
<message>
<source>Models</source>
<translation>Modelle</translation>
</message>
<message>
<source>Models as JSON</source>
<translation>Modelle als JSON</translation>
</message>
<message>
<source>Models folder</source>
<translation>Ordner der Modelle</translation>
</message>
<message>
<source>Models with a damaged card</source>
<translation>Modelle mit beschädigter Modellkarte</translation>
</message>
<message>
<source>Models…</source>
<translation>Modelle…</translation>
</message>
<message>
<source>More pairs to learn from, each with its date in its name or metadata; the one nearest to the date to predict is held out to compare methods. A fine image of the date to predict is not looked at.</source>
<translation>Weitere Bildpaare zum Lernen, jedes mit seinem Datum im Namen oder in den Metadaten; das dem Zieldatum nächste wird zurückgehalten, um Verfahren zu vergleichen. Ein feines Bild des Zieldatums wird nicht angesehen.</translation>
</message>
<message>
<source>More scores, at reduced scale</source>
<translation>Weitere Bewertungen, in verringerter Auflösung</translation>
</message>
<message>
<source>Most days from the reference</source>
<translation>Größter Abstand von der Referenz in Tagen</translation>
</message>
<message>
<source>Most patches</source>
<translation>Höchstzahl der Patches</translation>
</message>
<message>
<source>Most places</source>
<translation>Höchstzahl der Orte</translation>
</message>
<message>
<source>Moves the features of two fine images, before and after the date, to where the date has them, at three sizes; trained against a discriminator. For two pairs that bracket the date.</source>
<translation>Verschiebt die Merkmale zweier feiner Bilder, vor und nach dem Zieldatum, dorthin, wo das Zieldatum sie hat, in drei Größen; gegen einen Diskriminator trainiert. Für zwei Paare, die das Zieldatum einschließen.</translation>
</message>
<message>
<source>MS compared with the fused image degraded onto the MS grid: RMSE, bias (degraded minus MS) and correlation of each band.</source>
<translation>MS verglichen mit dem auf das MS-Gitter vergröberten fusionierten Bild: RMSE, mittlere Abweichung (vergröbert minus MS) und Korrelation jedes Bandes.</translation>
</message>
<message>
<source>MS {}; PAN {}</source>
<translation>MS {}; PAN {}</translation>
</message>
<message>
<source>MS: a raster is needed.</source>
<translation>MS: Ein Raster wird gebraucht.</translation>
</message>
<message>
<source>MS_LIST has {} images and PAN_LIST {}; give one of each for every scene.</source>
<translation>MS_LIST hat {} Bilder und PAN_LIST {}; geben Sie für jede Szene je eines an.</translation>
</message>
<message>
<source>MSDCNN</source>
<translation>MSDCNN</translation>
</message>
<message>
<source>MTF gain at Nyquist</source>
<translation>MTF-Wert bei Nyquist</translation>
</message>
<message>
<source>MTF gains</source>
<translation>MTF-Werte</translation>
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
<source>MTF-GLP with a gain regressed around each pixel. Best where neighbouring fields relate to PAN in different ways; takes about half as long again.</source>
<translation>MTF-GLP mit einem Faktor, der um jedes Pixel durch Regression bestimmt wird. Am besten, wo sich benachbarte Felder verschieden zu PAN verhalten; braucht etwa anderthalbmal so lange.</translation>
</message>
<message>
<source>MTF-GLP with a gain regressed around each pixel. Best where neighbouring fields relate to PAN in different ways; takes about twice the time.</source>
<translation type="vanished">MTF-GLP mit einem Faktor, der um jedes Pixel durch Regression bestimmt wird. Am besten, wo sich benachbarte Felder verschieden zu PAN verhalten; braucht etwa doppelt so lange.</translation>
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
<source>Multi-image pansharpening (SatFusion)</source>
<translation>Bildschärfung aus mehreren Bildern (SatFusion)</translation>
</message>
<message>
<source>Multi-image super-resolution</source>
<translation>Superauflösung aus mehreren Bildern (Super-Resolution)</translation>
</message>
<message>
<source>Multiple</source>
<translation>Vielfaches</translation>
</message>
<message>
<source>multiplied with the ratio of the means</source>
<translation>multipliziert mit dem Verhältnis der Mittel</translation>
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
<source>Multispectral images</source>
<translation>Multispektralbilder</translation>
</message>
<message>
<source>Multispectral pixel size divided by panchromatic pixel size, which ERGAS needs. Empty takes it from the fused image, where SatFusion made it.</source>
<translation>Multispektrale Pixelgröße geteilt durch die panchromatische, die ERGAS braucht. Leer: aus dem fusionierten Bild, sofern SatFusion es gemacht hat.</translation>
</message>
<message>
<source>Multispectral pixel size divided by panchromatic pixel size. Empty takes it from the images.</source>
<translation>Multispektrale Pixelgröße geteilt durch die panchromatische. Leer: aus den Bildern.</translation>
</message>
<message>
<source>Multispectral pixel size divided by panchromatic pixel size. Empty takes it from the images; for revisits without a panchromatic image it is 2.</source>
<translation>Multispektrale Pixelgröße geteilt durch die panchromatische. Leer: aus den Bildern; für Wiederholungsaufnahmen ohne panchromatisches Bild ist sie 2.</translation>
</message>
<message>
<source>Multispectral pixels along the edges that are not scored, because filters reach beyond the images there.</source>
<translation>Multispektrale Pixel entlang der Ränder, die nicht bewertet werden, weil Filter dort über die Bilder hinausreichen.</translation>
</message>
<message>
<source>Multispectral pixels along the edges that are not scored. Empty takes four times the ratio, and less in small images.</source>
<translation>Multispektrale Pixel entlang der Ränder, die nicht bewertet werden. Leer: viermal das Verhältnis, in kleinen Bildern weniger.</translation>
</message>
<message>
<source>MUSTFN</source>
<translation>MUSTFN</translation>
</message>
<message>
<source>name</source>
<translation>Name</translation>
</message>
<message>
<source>Name of each file without its ending: %Y stands for the year, %m for the month, %d for the day, %j for the day of the year.</source>
<translation>Name jeder Datei ohne ihre Endung: %Y steht für das Jahr, %m für den Monat, %d für den Tag, %j für den Tag des Jahres.</translation>
</message>
<message>
<source>Name of the product</source>
<translation>Name des Produkts</translation>
</message>
<message>
<source>named by the variable {}</source>
<translation>genannt in der Variablen {}</translation>
</message>
<message>
<source>named in the options or in INTERPRETER</source>
<translation>genannt in den Optionen oder in INTERPRETER</translation>
</message>
<message>
<source>Names of the coarse images</source>
<translation>Namen der groben Bilder</translation>
</message>
<message>
<source>Names of the files</source>
<translation>Namen der Dateien</translation>
</message>
<message>
<source>Names of the fine images</source>
<translation>Namen der feinen Bilder</translation>
</message>
<message>
<source>nearest neighbour</source>
<translation>nächster Nachbar</translation>
</message>
<message>
<source>Network</source>
<translation>Neuronales Netz</translation>
</message>
<message>
<source>Network for PAN</source>
<translation>Netz für PAN</translation>
</message>
<message>
<source>Network for the revisits</source>
<translation>Netz für die Wiederholungsaufnahmen</translation>
</message>
<message>
<source>no</source>
<translation>nein</translation>
</message>
<message>
<source>no date</source>
<translation>kein Datum</translation>
</message>
<message>
<source>No date after this one is left out. Empty for no limit.</source>
<translation>Kein Zeitpunkt nach diesem wird ausgelassen. Leer: keine Grenze.</translation>
</message>
<message>
<source>No date after this one is predicted. Empty for no limit.</source>
<translation>Kein Zeitpunkt nach diesem wird vorhergesagt. Leer: keine Grenze.</translation>
</message>
<message>
<source>No date before this one is left out. Empty for no limit.</source>
<translation>Kein Zeitpunkt vor diesem wird ausgelassen. Leer: keine Grenze.</translation>
</message>
<message>
<source>No date before this one is predicted. Empty for no limit.</source>
<translation>Kein Zeitpunkt vor diesem wird vorhergesagt. Leer: keine Grenze.</translation>
</message>
<message>
<source>No date could be held out, for there are two: the date to predict may have changed in another way.</source>
<translation>Kein Tag konnte zurückgehalten werden, denn es sind nur zwei: Am Zieldatum kann sich anderes geändert haben.</translation>
</message>
<message>
<source>none</source>
<translation>keines</translation>
</message>
<message>
<source>None are stated.</source>
<translation>Keine angegeben.</translation>
</message>
<message>
<source>None are stated: compare it with the classical methods on your own scene.</source>
<translation>Keine angegeben: vergleichen Sie es an Ihrer eigenen Szene mit den klassischen Methoden.</translation>
</message>
<message>
<source>none: PAN guides the first network alone</source>
<translation>keines: PAN führt das erste Netz allein</translation>
</message>
<message>
<source>None: SatFusion's own simulation.</source>
<translation>Keine: die eigene Simulation von SatFusion.</translation>
</message>
<message>
<source>not checked</source>
<translation>nicht geprüft</translation>
</message>
<message>
<source>Not installed: {}</source>
<translation>Nicht installiert: {}</translation>
</message>
<message>
<source>Not used</source>
<translation>Nicht benutzt</translation>
</message>
<message>
<source>Nothing is stated.</source>
<translation>Nichts angegeben.</translation>
</message>
<message>
<source>Number of classes</source>
<translation>Zahl der Klassen</translation>
</message>
<message>
<source>Number of models</source>
<translation>Zahl der Modelle</translation>
</message>
<message>
<source>Number of revisits</source>
<translation>Zahl der Wiederholungsaufnahmen</translation>
</message>
<message>
<source>Number of steps</source>
<translation>Zahl der Schritte</translation>
</message>
<message>
<source>number times scale plus offset</source>
<translation type="vanished">Zahl mal Skala plus Offset</translation>
</message>
<message>
<source>numbers as in the input, with its scale and offset</source>
<translation>Zahlen wie in der Eingabe, mit deren Skala und Offset</translation>
</message>
<message>
<source>numbers as stored</source>
<translation>Zahlen wie gespeichert</translation>
</message>
<message>
<source>Observations that do not fit</source>
<translation>Beobachtungen, die nicht passen</translation>
</message>
<message>
<source>OBSUM</source>
<translation>OBSUM</translation>
</message>
<message>
<source>Of a method that draws its result several times (STFDiff): the standard deviation among the draws, in reflectance where that is known. It is large where the draws do not agree.</source>
<translation>Bei einer Methode, die ihr Ergebnis mehrmals zieht (STFDiff): die Standardabweichung zwischen den Ziehungen, in Reflektanz, wo diese bekannt ist. Sie ist groß, wo die Ziehungen nicht übereinstimmen.</translation>
</message>
<message>
<source>Of more, the clearest and most consistent are taken; where there are fewer, empty masks stand for the rest.</source>
<translation>Sind es mehr, werden die klarsten und stimmigsten genommen; sind es weniger, stehen leere Masken für die übrigen.</translation>
</message>
<message>
<source>Of the second fine image's date.</source>
<translation>Vom Datum des zweiten feinen Bildes.</translation>
</message>
<message>
<source>Official code</source>
<translation>Offizieller Code</translation>
</message>
<message>
<source>Offset</source>
<translation>Offset</translation>
</message>
<message>
<source>on a GPU as well: NVIDIA with its driver, any on Windows, Intel on Linux, Apple's</source>
<translation>auch auf einer GPU: NVIDIA mit Treiber, jede unter Windows, Intel unter Linux, die von Apple</translation>
</message>
<message>
<source>on the processor</source>
<translation>auf dem Prozessor</translation>
</message>
<message>
<source>once; the original multispectral image is the truth</source>
<translation>einmal; das ursprüngliche Multispektralbild ist die Wahrheit</translation>
</message>
<message>
<source>One pair</source>
<translation>Ein Bildpaar</translation>
</message>
<message>
<source>One raster with several bands for each scene; or, with a single panchromatic image, the single-band files of one scene.</source>
<translation>Ein Raster mit mehreren Bändern für jede Szene; oder, bei einem einzigen panchromatischen Bild, die Dateien einer Szene mit je einem Band.</translation>
</message>
<message>
<source>One stretch for all, that of the reference.</source>
<translation>Eine Streckung für alle, die der Referenz.</translation>
</message>
<message>
<source>Only https addresses are taken, also after a redirect. Each file's size and SHA-256 are compared with the card; a download that broke off goes on where it stopped. What is fetched holds numbers, no programs.</source>
<translation>Nur https-Adressen werden angenommen, auch nach einer Weiterleitung. Größe und SHA-256 jeder Datei werden mit der Modellkarte verglichen; ein abgebrochenes Herunterladen wird fortgesetzt, wo es aufgehört hat. Was geholt wird, enthält Zahlen, keine Programme.</translation>
</message>
<message>
<source>Only models of this method, such as pnn. Empty lists those of all methods.</source>
<translation>Nur Modelle dieser Methode, etwa pnn. Leer: die aller Methoden.</translation>
</message>
<message>
<source>Only pixels whose centre lies inside these polygons count in the statistics and are written; the others become no data. The polygons may be in any CRS. Empty processes everything.</source>
<translation>Nur Pixel, deren Mittelpunkt in diesen Polygonen liegt, zählen in der Statistik und werden geschrieben; die anderen werden Nodata. Die Polygone dürfen jedes KBS haben. Leer: alles wird verarbeitet.</translation>
</message>
<message>
<source>Only this part is processed. Empty processes all that the inputs have in common.</source>
<translation>Nur dieser Teil wird verarbeitet. Leer: alles, was die Eingaben gemeinsam haben.</translation>
</message>
<message>
<source>ONNX file</source>
<translation>ONNX-Datei</translation>
</message>
<message>
<source>Open the folder</source>
<translation>Ordner öffnen</translation>
</message>
<message>
<source>OpenVINO</source>
<translation>OpenVINO</translation>
</message>
<message>
<source>Other revisits (share that is clear)</source>
<translation>Andere Wiederholungsaufnahmen (klarer Anteil)</translation>
</message>
<message>
<source>Other scores, with intervals</source>
<translation>Andere Bewertungen, mit Intervallen</translation>
</message>
<message>
<source>Otherwise a date is left as it is where its file is whole, was made with the same images and settings, and is newer than its images: so a series that was stopped goes on where it was.</source>
<translation>Sonst bleibt ein Zeitpunkt, wie er ist, wenn seine Datei vollständig ist, mit denselben Bildern und Einstellungen gemacht wurde und neuer als seine Bilder ist: so wird eine abgebrochene Zeitreihe fortgesetzt, wo sie aufgehört hat.</translation>
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
<source>Own MTF gains instead of the sensor's: one number for all bands, or one for each band, separated by commas, each between 0.05 and 0.6. Empty takes the sensor's.</source>
<translation>Eigene MTF-Werte statt derer des Sensors: eine Zahl für alle Bänder oder eine je Band, durch Kommas getrennt, jede zwischen 0.05 und 0.6. Leer: die des Sensors.</translation>
</message>
<message>
<source>Own MTF gains instead of the sensor's: one number for all bands, or one for each band, separated by commas, each between 0.05 and 0.6. The word estimate finds them from the scene. Empty takes the sensor's.</source>
<translation>Eigene MTF-Werte statt derer des Sensors: eine Zahl für alle Bänder oder eine je Band, durch Kommas getrennt, jede zwischen 0.05 und 0.6. Das Wort estimate findet sie aus der Szene. Leer: die des Sensors.</translation>
</message>
<message>
<source>Pairs</source>
<translation>Bildpaare</translation>
</message>
<message>
<source>Pairs farther from the date to predict are not combined with it; 0 for no limit.</source>
<translation>Paare, die weiter vom Zieldatum entfernt sind, werden nicht mit ihm kombiniert; 0 setzt keine Grenze.</translation>
</message>
<message>
<source>Pairs that lie farther from the date to predict are not used; 0 for no limit.</source>
<translation>Paare, die weiter vom Zieldatum entfernt liegen, werden nicht benutzt; 0 setzt keine Grenze.</translation>
</message>
<message>
<source>Pan-Mamba</source>
<translation>Pan-Mamba</translation>
</message>
<message>
<source>Panchromatic image</source>
<translation>Panchromatisches Bild</translation>
</message>
<message>
<source>Panchromatic images</source>
<translation>Panchromatische Bilder</translation>
</message>
<message>
<source>Panchromatic or finer image</source>
<translation>Panchromatisches oder feineres Bild</translation>
</message>
<message>
<source>PanNet</source>
<translation>PanNet</translation>
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
<source>Patches</source>
<translation>Patches</translation>
</message>
<message>
<source>Patches for SatFusion, which takes one; without, patches for super-resolution.</source>
<translation>Patches für SatFusion, das eines braucht; ohne es Patches für Superauflösung.</translation>
</message>
<message>
<source>Patches for tests</source>
<translation>Patches für Tests</translation>
</message>
<message>
<source>Patches for training</source>
<translation>Patches für das Training</translation>
</message>
<message>
<source>Patches for validation</source>
<translation>Patches für die Validierung</translation>
</message>
<message>
<source>Patches left out because of missing pixels</source>
<translation>Wegen fehlender Pixel ausgelassene Patches</translation>
</message>
<message>
<source>Patches that are looked at together. Empty takes the preset's.</source>
<translation>Patches, die zusammen betrachtet werden. Leer: wie in der Vorgabe.</translation>
</message>
<message>
<source>Patches with fewer pixels that are valid in all images are left out, and counted; in the others, missing pixels are masked.</source>
<translation>Patches mit weniger Pixeln, die in allen Bildern gültig sind, werden ausgelassen und gezählt; in den anderen werden fehlende Pixel maskiert.</translation>
</message>
<message>
<source>PCA (principal component substitution)</source>
<translation>PCA (Ersetzung der Hauptkomponente)</translation>
</message>
<message>
<source>Peak signal-to-noise ratio in dB (more is better)</source>
<translation>Spitzen-Signal-Rausch-Verhältnis in dB (mehr ist besser)</translation>
</message>
<message>
<source>Pearson correlation of both images after a 3 x 3 Laplacian filter; over all: mean over the bands; only pixels whose neighbours are inside the area and valid.</source>
<translation>Pearson-Korrelation beider Bilder nach einem 3-x-3-Laplace-Filter; gesamt: Mittel über die Bänder; nur Pixel, deren Nachbarn im Bereich liegen und gültig sind.</translation>
</message>
<message>
<source>Pearson correlation; over all: mean over the bands that vary in both images.</source>
<translation>Pearson-Korrelation; gesamt: Mittel über die Bänder, die in beiden Bildern nicht konstant sind.</translation>
</message>
<message>
<source>Physical offset of the bands (physical value = number * scale + offset) instead of the one that the product's metadata state; -0.1 stands for -1000 in Sentinel-2's numbers. Empty takes the product's own.</source>
<translation>Physikalischer Offset der Bänder (physikalischer Wert = Zahl * Skala + Offset) statt dessen, den die Metadaten des Produkts angeben; -0.1 steht für -1000 in den Zahlen von Sentinel-2. Leer: der des Produkts.</translation>
</message>
<message>
<source>physical values</source>
<translation>physikalische Werte</translation>
</message>
<message>
<source>physical values such as reflectance</source>
<translation>physikalische Werte wie Reflektanz</translation>
</message>
<message>
<source>Pixels</source>
<translation>Pixel</translation>
</message>
<message>
<source>Pixels along the edges that are not scored.</source>
<translation>Pixel entlang der Ränder, die nicht bewertet werden.</translation>
</message>
<message>
<source>Pixels by the value in the reference (across) and in the fused image (upwards); darker is more, on a logarithmic scale. On the dashed line both are equal. Values beyond the axes are drawn at their ends.</source>
<translation>Pixel nach dem Wert in der Referenz (waagerecht) und im fusionierten Bild (senkrecht); dunkler ist mehr, auf einer logarithmischen Skala. Auf der gestrichelten Linie sind beide gleich. Werte jenseits der Achsen sind an deren Enden gezeichnet.</translation>
</message>
<message>
<source>Pixels of the fine grid. A multiple of 16 suits all networks.</source>
<translation>Pixel des feinen Gitters. Ein Vielfaches von 16 passt zu allen Netzen.</translation>
</message>
<message>
<source>Pixels of the fine grid; a multiple of the ratio.</source>
<translation>Pixel des feinen Gitters; ein Vielfaches des Verhältnisses.</translation>
</message>
<message>
<source>Pixels of the panchromatic grid at the reduced scale, which are those of the original multispectral image.</source>
<translation>Pixel des panchromatischen Gitters in der verringerten Auflösung; es sind die des ursprünglichen Multispektralbildes.</translation>
</message>
<message>
<source>Pixels up to which a shift is forgiven, and which the fused image loses on each side. Empty takes the ratio: one coarse pixel, as PROBA-V has it (3 at ratio 3).</source>
<translation>Pixel, bis zu denen eine Verschiebung verziehen wird und die das fusionierte Bild auf jeder Seite verliert. Leer: das Verhältnis, also ein grobes Pixel, wie bei PROBA-V (3 bei Verhältnis 3).</translation>
</message>
<message>
<source>Place</source>
<translation>Platz</translation>
</message>
<message>
<source>Plain and registered scores</source>
<translation>Einfache und registrierte Bewertungen</translation>
</message>
<message>
<source>Pleiades, SPOT 6/7, SuperView, Gaofen (no published gains: 0.30)</source>
<translation>Pleiades, SPOT 6/7, SuperView, Gaofen (keine veröffentlichten Werte: 0,30)</translation>
</message>
<message>
<source>PNN</source>
<translation>PNN</translation>
</message>
<message>
<source>PRACS (partial replacement)</source>
<translation>PRACS (teilweise Ersetzung)</translation>
</message>
<message>
<source>Precision</source>
<translation>Genauigkeit</translation>
</message>
<message>
<source>Predict</source>
<translation>Vorhersagen</translation>
</message>
<message>
<source>Predict a series</source>
<translation>Eine Zeitreihe vorhersagen</translation>
</message>
<message>
<source>Predicted image</source>
<translation>Vorhergesagtes Bild</translation>
</message>
<message>
<source>Predicted series</source>
<translation>Vorhergesagte Zeitreihe</translation>
</message>
<message>
<source>Predicted with</source>
<translation>Vorhergesagt mit</translation>
</message>
<message>
<source>Preparation</source>
<translation type="vanished">Vorbereitung</translation>
</message>
<message>
<source>Prepare a product as delivered</source>
<translation>Ein Produkt vorbereiten, wie es geliefert wird</translation>
</message>
<message>
<source>Prepare patches for spatiotemporal fusion</source>
<translation>Patches für die raumzeitliche Fusion vorbereiten</translation>
</message>
<message>
<source>Prepare patches from PanCollection</source>
<translation>Patches aus PanCollection vorbereiten</translation>
</message>
<message>
<source>Prepare patches from WorldStrat or PROBA-V</source>
<translation>Patches aus WorldStrat oder PROBA-V vorbereiten</translation>
</message>
<message>
<source>Prepare patches of revisits</source>
<translation>Patches aus Wiederholungsaufnahmen vorbereiten</translation>
</message>
<message>
<source>Prepare patches of simulated dates</source>
<translation>Patches aus simulierten Zeitpunkten vorbereiten</translation>
</message>
<message>
<source>Prepare patches of simulated revisits</source>
<translation>Patches aus simulierten Wiederholungsaufnahmen vorbereiten</translation>
</message>
<message>
<source>Prepare training patches</source>
<translation>Trainings-Patches vorbereiten</translation>
</message>
<message>
<source>Preview only</source>
<translation>Nur Vorschau</translation>
</message>
<message>
<source>PRISMA (hyperspectral)</source>
<translation>PRISMA (hyperspektral)</translation>
</message>
<message>
<source>PROBA-V: the super-resolution challenge of ESA</source>
<translation>PROBA-V: der Wettbewerb der ESA zur Superauflösung</translation>
</message>
<message>
<source>processor</source>
<translation>Prozessor</translation>
</message>
<message>
<source>processor and GPU</source>
<translation>Prozessor und GPU</translation>
</message>
<message>
<source>processor: the engine's compiled code</source>
<translation>Prozessor: der kompilierte Code der Rechenumgebung</translation>
</message>
<message>
<source>Product level</source>
<translation>Verarbeitungsstufe</translation>
</message>
<message>
<source>Product: archive or metadata file</source>
<translation>Produkt: Archiv oder Metadatendatei</translation>
</message>
<message>
<source>Product: folder</source>
<translation>Produkt: Ordner</translation>
</message>
<message>
<source>Protocol</source>
<translation>Protokoll</translation>
</message>
<message>
<source>Proxy</source>
<translation>Proxy</translation>
</message>
<message>
<source>PSNR</source>
<translation>PSNR</translation>
</message>
<message>
<source>PSNR [dB], plain</source>
<translation>PSNR [dB], einfach</translation>
</message>
<message>
<source>PSNR, mean of bands</source>
<translation>PSNR, Mittel der Bänder</translation>
</message>
<message>
<source>Purest coarse pixels</source>
<translation>Reinste grobe Pixel</translation>
</message>
<message>
<source>Puts every observation at its place on the fine grid and averages what falls into a pixel; empty pixels are interpolated by normalised convolution. Simple and quick.</source>
<translation>Setzt jede Beobachtung an ihre Stelle auf dem feinen Gitter und mittelt, was in ein Pixel fällt; leere Pixel werden durch normierte Faltung interpoliert. Einfach und schnell.</translation>
</message>
<message>
<source>Puts the pairs together into one virtual pair as like the target date as can be, and spreads what is left over similar pixels: quick, and uses two pairs well.</source>
<translation>Setzt die Paare zu einem einzigen virtuellen Paar zusammen, das dem Zieldatum so ähnlich wie möglich ist, und verteilt den Rest über ähnliche Pixel: schnell, und nutzt zwei Paare gut.</translation>
</message>
<message>
<source>Python does not start</source>
<translation>Python startet nicht</translation>
</message>
<message>
<source>Python interpreter</source>
<translation>Python-Interpreter</translation>
</message>
<message>
<source>Python {}</source>
<translation>Python {}</translation>
</message>
<message>
<source>Q2n</source>
<translation>Q2n</translation>
</message>
<message>
<source>Q2n (1 is best)</source>
<translation>Q2n (am besten 1)</translation>
</message>
<message>
<source>Q2n of the best method (1 is best)</source>
<translation>Q2n der besten Methode (am besten 1)</translation>
</message>
<message>
<source>Q2n: {} blocks used, {} left out.</source>
<translation>Q2n: {} Blöcke benutzt, {} ausgelassen.</translation>
</message>
<message>
<source>QGIS's own Python</source>
<translation>das Python von QGIS</translation>
</message>
<message>
<source>QGIS's own Python: classical methods only</source>
<translation>das Python von QGIS: nur klassische Methoden</translation>
</message>
<message>
<source>QNR</source>
<translation>QNR</translation>
</message>
<message>
<source>QNR (1 is best; rewards blur)</source>
<translation>QNR (am besten 1; belohnt Unschärfe)</translation>
</message>
<message>
<source>QNR rewards blur: an image that was only interpolated, without any sharpening, scores well. Never rank methods by QNR alone.</source>
<translation>QNR belohnt Unschärfe: ein Bild, das nur interpoliert und gar nicht geschärft wurde, schneidet gut ab. Reihen Sie Methoden nie nach QNR allein.</translation>
</message>
<message>
<source>QNR rewards blur: an image that was only interpolated, without any sharpening, scores well. Never rank methods by QNR alone. HQNR shares D_s and leans the same way, less so; the consistency does not.</source>
<translation>QNR belohnt Unschärfe: ein Bild, das nur interpoliert und gar nicht geschärft wurde, schneidet gut ab. Reihen Sie Methoden nie nach QNR allein. HQNR teilt D_s und neigt zum selben, schwächer; die Konsistenz nicht.</translation>
</message>
<message>
<source>QNR rewards blur: never rank methods by QNR alone.</source>
<translation>QNR belohnt Unschärfe: reihen Sie Methoden nie nach QNR allein.</translation>
</message>
<message>
<source>Quality of all bands together, block by block.</source>
<translation>Qualität aller Bänder zusammen, Block für Block.</translation>
</message>
<message>
<source>QuickBird</source>
<translation>QuickBird</translation>
</message>
<message>
<source>QuickBird, four bands, 11 bits</source>
<translation>QuickBird, vier Bänder, 11 Bit</translation>
</message>
<message>
<source>quickest and largest</source>
<translation>am schnellsten und am größten</translation>
</message>
<message>
<source>R2</source>
<translation>R2</translation>
</message>
<message>
<source>RAMS</source>
<translation>RAMS</translation>
</message>
<message>
<source>Ranking by ERGAS, at reduced scale</source>
<translation>Rangliste nach ERGAS, in verringerter Auflösung</translation>
</message>
<message>
<source>RASE</source>
<translation>RASE</translation>
</message>
<message>
<source>RASE in percent (0 is best)</source>
<translation>RASE in Prozent (am besten 0)</translation>
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
<source>Ratio (coarse pixel / fine pixel)</source>
<translation>Verhältnis (grobes Pixel / feines Pixel)</translation>
</message>
<message>
<source>Ratio (MS pixel / PAN pixel)</source>
<translation>Verhältnis (MS-Pixel / PAN-Pixel)</translation>
</message>
<message>
<source>RATIO is needed, as it cannot be found: {}</source>
<translation>RATIO wird gebraucht, da es nicht zu finden ist: {}</translation>
</message>
<message>
<source>Ratio of pixel sizes</source>
<translation>Verhältnis der Pixelgrößen</translation>
</message>
<message>
<source>Ratio: {}</source>
<translation>Verhältnis: {}</translation>
</message>
<message>
<source>Reads a satellite product as it is delivered, and makes one virtual raster for each pixel size: with band names, wavelengths, scale and offset, nodata and date, and with a mask from its quality band.</source>
<translation>Liest ein Satellitenprodukt, wie es geliefert wird, und macht für jede Pixelgröße ein virtuelles Raster: mit Bandnamen, Wellenlängen, Skala und Offset, Nodata-Wert und Datum, und mit einer Maske aus seinem Qualitätsband.</translation>
</message>
<message>
<source>Reason</source>
<translation>Grund</translation>
</message>
<message>
<source>Red, green and blue show {}.</source>
<translation>Rot, Grün und Blau zeigen {}.</translation>
</message>
<message>
<source>Reduced scale (Wald): all revisits and PAN blurred with the sensor's MTF and sampled {} times coarser, each on a grid of its own; the reference as it was is the truth, clear pixels only</source>
<translation>Verringerte Auflösung (Wald): alle Wiederholungsaufnahmen und PAN mit der MTF des Sensors unscharf gemacht und {}-mal gröber abgetastet, jede auf ihrem eigenen Gitter; die Referenz, wie sie war, ist die Wahrheit, nur klare Pixel</translation>
</message>
<message>
<source>Reduced scale (Wald): all revisits blurred with the sensor's MTF and sampled {} times coarser, each on a grid of its own; the reference as it was is the truth, clear pixels only</source>
<translation>Verringerte Auflösung (Wald): alle Wiederholungsaufnahmen mit der MTF des Sensors unscharf gemacht und {}-mal gröber abgetastet, jede auf ihrem eigenen Gitter; die Referenz, wie sie war, ist die Wahrheit, nur klare Pixel</translation>
</message>
<message>
<source>Reduced scale (Wald): both images blurred with the sensor's MTF and sampled {} times coarser; the original MS is the truth</source>
<translation>Verringerte Auflösung (Wald): beide Bilder mit der MTF des Sensors unscharf gemacht und {}-mal gröber abgetastet; das ursprüngliche MS ist die Wahrheit</translation>
</message>
<message>
<source>Reference</source>
<translation>Referenz</translation>
</message>
<message>
<source>Reference (original MS)</source>
<translation>Referenz (ursprüngliches MS)</translation>
</message>
<message>
<source>Reference (the truth where it is clear)</source>
<translation>Referenz (die Wahrheit, wo sie klar ist)</translation>
</message>
<message>
<source>Reference [{}]</source>
<translation>Referenz [{}]</translation>
</message>
<message>
<source>Reference date</source>
<translation>Referenzdatum</translation>
</message>
<message>
<source>References</source>
<translation>Literatur</translation>
</message>
<message>
<source>Registered PSNR in dB, where asked for (more is better)</source>
<translation>Registriertes PSNR in dB, wo verlangt (mehr ist besser)</translation>
</message>
<message>
<source>Registered scores</source>
<translation>Registrierte Bewertungen</translation>
</message>
<message>
<source>Registered scores too</source>
<translation>Auch registrierte Bewertungen</translation>
</message>
<message>
<source>Registered structural similarity, where asked for (1 is best)</source>
<translation>Registrierte strukturelle Ähnlichkeit, wo verlangt (am besten 1)</translation>
</message>
<message>
<source>Regressed gain (HPM-R)</source>
<translation>Faktor durch Regression (HPM-R)</translation>
</message>
<message>
<source>Remove</source>
<translation>Entfernen</translation>
</message>
<message>
<source>Remove the engine</source>
<translation>Rechenumgebung entfernen</translation>
</message>
<message>
<source>Replace</source>
<translation>Ersetzen</translation>
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
<source>Report</source>
<translation>Bericht</translation>
</message>
<message>
<source>Residual blocks on the difference between PAN and each interpolated band find the detail that is added. Small; close to the classical methods in what it looks at.</source>
<translation>Residualblöcke auf der Differenz zwischen PAN und jedem interpolierten Band finden das Detail, das hinzugefügt wird. Klein; betrachtet Ähnliches wie die klassischen Methoden.</translation>
</message>
<message>
<source>Residual network on high-passed bands and PAN, added to the interpolated bands: carries over to other sensors better than networks that see the values themselves.</source>
<translation>Residualnetz auf hochpassgefilterten Bändern und PAN, zu den interpolierten Bändern addiert: lässt sich besser auf andere Sensoren übertragen als Netze, die die Werte selbst sehen.</translation>
</message>
<message>
<source>result</source>
<translation>Ergebnis</translation>
</message>
<message>
<source>Result depends on the seed</source>
<translation>Ergebnis hängt vom Startwert ab</translation>
</message>
<message>
<source>Revisits</source>
<translation>Wiederholungsaufnahmen</translation>
</message>
<message>
<source>Revisits farther away in time than this are left out; 0 takes all.</source>
<translation>Wiederholungsaufnahmen, die zeitlich weiter von der Referenz entfernt sind, werden ausgelassen; 0 nimmt alle.</translation>
</message>
<message>
<source>Revisits of a patch</source>
<translation>Wiederholungsaufnahmen je Patch</translation>
</message>
<message>
<source>Revisits that take turns as the truth</source>
<translation>Wiederholungsaufnahmen, die abwechselnd die Wahrheit sind</translation>
</message>
<message>
<source>Revisits to simulate</source>
<translation>Zu simulierende Wiederholungsaufnahmen</translation>
</message>
<message>
<source>Revisits, masks and the table of shifts are written here.</source>
<translation>Wiederholungsaufnahmen, Masken und die Tabelle der Verschiebungen werden hierhin geschrieben.</translation>
</message>
<message>
<source>RMSE</source>
<translation>RMSE</translation>
</message>
<message>
<source>RMSE [% of mean]</source>
<translation>RMSE [% des Mittels]</translation>
</message>
<message>
<source>RMSE of each band [{}]</source>
<translation>RMSE jedes Bandes [{}]</translation>
</message>
<message>
<source>RMSE of {} [{}]</source>
<translation>RMSE von {} [{}]</translation>
</message>
<message>
<source>RMSE over all bands [{}]</source>
<translation>RMSE über alle Bänder [{}]</translation>
</message>
<message>
<source>RMSE, all bands [{}]</source>
<translation>RMSE, alle Bänder [{}]</translation>
</message>
<message>
<source>RMSE, MAE, PSNR, SSIM, SAM, ERGAS, RASE, UQI, SCC, CC and R2 as they are usually defined</source>
<translation>RMSE, MAE, PSNR, SSIM, SAM, ERGAS, RASE, UQI, SCC, CC und R2, wie sie gewöhnlich definiert sind</translation>
</message>
<message>
<source>Root mean square error in physical units (0 is best)</source>
<translation>Mittlerer quadratischer Fehler in physikalischen Einheiten (am besten 0)</translation>
</message>
<message>
<source>Root mean square error in the units of the image; over all: squares pooled over the bands.</source>
<translation>Mittlerer quadratischer Fehler in den Einheiten des Bildes; gesamt: Quadrate über die Bänder zusammengefasst.</translation>
</message>
<message>
<source>Root mean square error of the best baseline</source>
<translation>Mittlerer quadratischer Fehler der besten Grundlinie</translation>
</message>
<message>
<source>Root mean square error of the best method in physical units (0 is best)</source>
<translation>Mittlerer quadratischer Fehler der besten Methode in physikalischen Einheiten (am besten 0)</translation>
</message>
<message>
<source>Root mean square error of the model (0 is best)</source>
<translation>Mittlerer quadratischer Fehler des Modells (am besten 0)</translation>
</message>
<message>
<source>Root mean square error of the same in physical units (0 is best)</source>
<translation>Mittlerer quadratischer Fehler desselben in physikalischen Einheiten (am besten 0)</translation>
</message>
<message>
<source>Rounds</source>
<translation>Durchgänge</translation>
</message>
<message>
<source>Rounds of improvement; more hardly change the result.</source>
<translation>Durchgänge der Verbesserung; mehr ändern das Ergebnis kaum.</translation>
</message>
<message>
<source>RSFN</source>
<translation>RSFN</translation>
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
<source>runs networks with ONNX Runtime (about 200 MB on the disk)</source>
<translation>führt neuronale Netze mit ONNX Runtime aus (etwa 200 MB auf der Festplatte)</translation>
</message>
<message>
<source>Runs the engine; empty takes the installed one.</source>
<translation>Führt die Rechenumgebung aus; leer: die installierte.</translation>
</message>
<message>
<source>runtime</source>
<translation>Bibliothek</translation>
</message>
<message>
<source>SAM</source>
<translation>SAM</translation>
</message>
<message>
<source>SAM [degrees]</source>
<translation>SAM [Grad]</translation>
</message>
<message>
<source>SAM [°]</source>
<translation>SAM [°]</translation>
</message>
<message>
<source>SatFusion</source>
<translation>SatFusion</translation>
</message>
<message>
<source>SatFusion with PAN as a guide of the first network too, a transformer over the revisits of each pixel, whose query comes from PAN.</source>
<translation>SatFusion mit PAN als Führung auch des ersten Netzes, eines Transformers über die Wiederholungsaufnahmen jedes Pixels, dessen Anfrage (Query) aus PAN kommt.</translation>
</message>
<message>
<source>SatFusion*</source>
<translation>SatFusion*</translation>
</message>
<message>
<source>SatFusion, or SatFusion*, in which PAN guides the network for the revisits too.</source>
<translation>SatFusion oder SatFusion*, in dem PAN auch das Netz für die Wiederholungsaufnahmen führt.</translation>
</message>
<message>
<source>SatFusion: engine</source>
<translation>SatFusion: Rechenumgebung</translation>
</message>
<message>
<source>SatFusion: models</source>
<translation>SatFusion: Modelle</translation>
</message>
<message>
<source>Scale</source>
<translation>Skala</translation>
</message>
<message>
<source>Scale of the coarse images</source>
<translation>Skala der groben Bilder</translation>
</message>
<message>
<source>Scale of the fine images</source>
<translation>Skala der feinen Bilder</translation>
</message>
<message>
<source>SCC</source>
<translation>SCC</translation>
</message>
<message>
<source>Scenes</source>
<translation>Szenen</translation>
</message>
<message>
<source>Score</source>
<translation>Bewertung</translation>
</message>
<message>
<source>Score against a reference</source>
<translation>Gegen eine Referenz bewerten</translation>
</message>
<message>
<source>Score at full scale, without a reference</source>
<translation>In voller Auflösung bewerten, ohne Referenz</translation>
</message>
<message>
<source>Scored on the whole reduced scene, for nothing was fitted.</source>
<translation>Bewertet auf der ganzen verkleinerten Szene, denn nichts wurde angepasst.</translation>
</message>
<message>
<source>Scored on the whole scene, for nothing was fitted.</source>
<translation>Auf der ganzen Szene bewertet, denn nichts wurde angepasst.</translation>
</message>
<message>
<source>Scored on {} held-out pixels, which the fit did not see but which chose among its states.</source>
<translation>Bewertet auf {} zurückgehaltenen Pixeln, die die Anpassung nicht sah, die aber unter ihren Zuständen wählten.</translation>
</message>
<message>
<source>Scores</source>
<translation>Bewertungen</translation>
</message>
<message>
<source>Scores as a survey's code computes them</source>
<translation>Bewertungen, wie der Code einer Übersichtsarbeit sie berechnet</translation>
</message>
<message>
<source>Scores as a table</source>
<translation>Bewertungen als Tabelle</translation>
</message>
<message>
<source>Scores at the reduced scale</source>
<translation>Bewertungen im verkleinerten Maßstab</translation>
</message>
<message>
<source>Scores of each band</source>
<translation>Bewertungen jedes Bandes</translation>
</message>
<message>
<source>Scores of the model</source>
<translation>Bewertungen des Modells</translation>
</message>
<message>
<source>Scores on known dates</source>
<translation>Werte an bekannten Tagen</translation>
</message>
<message>
<source>Scores over all bands</source>
<translation>Bewertungen über alle Bänder</translation>
</message>
<message>
<source>Script</source>
<translation>Skript</translation>
</message>
<message>
<source>Search window</source>
<translation>Suchfenster</translation>
</message>
<message>
<source>Second fine image</source>
<translation>Zweites feines Bild</translation>
</message>
<message>
<source>second graphics card (CUDA)</source>
<translation>zweite Grafikkarte (CUDA)</translation>
</message>
<message>
<source>Seed</source>
<translation>Startwert</translation>
</message>
<message>
<source>Seed of the fit.</source>
<translation>Startwert der Anpassung.</translation>
</message>
<message>
<source>Selective state-space scans over bands and PAN that exchange channels: sees a whole tile at a cost that grows with its area only.</source>
<translation>Selektive Zustandsraum-Durchläufe (State Space) über Bänder und PAN, die Kanäle austauschen: sieht eine ganze Kachel zu Kosten, die nur mit ihrer Fläche wachsen.</translation>
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
<source>Sets what counts as similar: fine values within twice the band's standard deviation divided by this. More is stricter.</source>
<translation>Bestimmt, was als ähnlich gilt: feine Werte innerhalb des Doppelten der Standardabweichung des Bandes, geteilt durch diese Zahl. Mehr ist strenger.</translation>
</message>
<message>
<source>Settings</source>
<translation>Einstellungen</translation>
</message>
<message>
<source>settings that suit most scenes</source>
<translation>Einstellungen, die zu den meisten Szenen passen</translation>
</message>
<message>
<source>SFIM (smoothing filter-based intensity modulation)</source>
<translation>SFIM (Intensitätsmodulation mit Glättungsfilter)</translation>
</message>
<message>
<source>Share for tests</source>
<translation>Anteil für Tests</translation>
</message>
<message>
<source>Share for validation</source>
<translation>Anteil für die Validierung</translation>
</message>
<message>
<source>Share of the dates that choose the best state of the network. Their fine images are in no training patch.</source>
<translation>Anteil der Zeitpunkte, die den besten Zustand des Netzes bestimmen. Ihre feinen Bilder sind in keinem Trainings-Patch.</translation>
</message>
<message>
<source>Share of the dates that give the scores on the model's card, and nothing else; 0 for none.</source>
<translation>Anteil der Zeitpunkte, die die Bewertungen auf der Modellkarte liefern und sonst nichts; 0 für keine.</translation>
</message>
<message>
<source>Share of the reference's variance that is explained.</source>
<translation>Erklärter Anteil der Varianz der Referenz.</translation>
</message>
<message>
<source>Sharp image</source>
<translation>Scharfes Bild</translation>
</message>
<message>
<source>Sharp images</source>
<translation>Scharfe Bilder</translation>
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
<source>Sharpened with</source>
<translation>Geschärft mit</translation>
</message>
<message>
<source>Sharpens the scene itself with each method too, and scores it without a reference (HQNR and the consistency with the multispectral image). Takes much longer than the reduced scale alone; the two can disagree, so look at both.</source>
<translation type="vanished">Schärft auch die Szene selbst mit jeder Methode und bewertet sie ohne Referenz (HQNR und die Konsistenz mit dem Multispektralbild). Dauert viel länger als die verringerte Auflösung allein; beide können einander widersprechen, sehen Sie also beide an.</translation>
</message>
<message>
<source>Sharpens the scene itself with each method too, and scores it without a reference (HQNR and the consistency with the multispectral image). Takes much longer than the reduced scale alone; the two can disagree, so look at both. Needs a panchromatic image.</source>
<translation>Schärft auch die Szene selbst mit jeder Methode und bewertet sie ohne Referenz (HQNR und die Konsistenz mit dem Multispektralbild). Dauert viel länger als die verringerte Auflösung allein; beide können einander widersprechen, sehen Sie also beide an. Braucht ein panchromatisches Bild.</translation>
</message>
<message>
<source>Shift ({}, {}) pixels</source>
<translation>Verschiebung ({}, {}) Pixel</translation>
</message>
<message>
<source>Shift-and-add</source>
<translation>Shift-and-Add (Verschieben und Addieren)</translation>
</message>
<message>
<source>Shifts, brightness, masks and the first estimate (back-projection) are measured as they are when the network runs, so it learns on what it will see.</source>
<translation>Verschiebungen, Helligkeit, Masken und die erste Schätzung (Rückprojektion) werden so gemessen wie beim Einsatz des Netzes; es lernt also an dem, was es sehen wird.</translation>
</message>
<message>
<source>Short name of the model, which is also its folder's. Empty makes one from the title.</source>
<translation>Kurzer Name des Modells, zugleich der seines Ordners. Leer: aus dem Titel gebildet.</translation>
</message>
<message>
<source>Show a model</source>
<translation>Ein Modell zeigen</translation>
</message>
<message>
<source>Shown is {}.</source>
<translation>Gezeigt ist {}.</translation>
</message>
<message>
<source>Shows what a model was made for and where it comes from: bands and wavelengths, units, ratio, licence, training data, scores, and where it loses.</source>
<translation>Zeigt, wofür ein Modell gemacht ist und woher es kommt: Bänder und Wellenlängen, Einheiten, Verhältnis, Lizenz, Trainingsdaten, Bewertungen, und wo es unterliegt.</translation>
</message>
<message>
<source>Side of a block</source>
<translation>Seite eines Blocks</translation>
</message>
<message>
<source>Side of a drop as a share of the revisit's pixel. Smaller is sharper, and leaves more pixels with few drops; a drop is never smaller than a pixel of the result.</source>
<translation>Seite eines Tropfens als Anteil des Pixels der Wiederholungsaufnahme. Kleiner ist schärfer und lässt mehr Pixel mit wenigen Tropfen; ein Tropfen ist nie kleiner als ein Pixel des Ergebnisses.</translation>
</message>
<message>
<source>Side of a patch</source>
<translation>Seite eines Patches</translation>
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
<source>Side of the sliding window of UQI: 8 as its authors have it, 32 in much work on pansharpening.</source>
<translation>Seite des gleitenden Fensters von UQI: 8 wie bei seinen Urhebern, 32 in vielen Arbeiten über Pansharpening.</translation>
</message>
<message>
<source>Side of the square in which similar pixels are looked for, in coarse pixels. A larger one is smoother and slower; patchy landscapes need less.</source>
<translation>Seite des Quadrats, in dem ähnliche Pixel gesucht werden, in groben Pixeln. Ein größeres ist glatter und langsamer; kleinteilige Landschaften brauchen ein kleineres.</translation>
</message>
<message>
<source>Side of the square of coarse pixels that each fit takes: odd.</source>
<translation>Seite des Quadrats aus groben Pixeln, das jede Anpassung nimmt: ungerade.</translation>
</message>
<message>
<source>Side of the square of coarse pixels that each unmixing takes: odd. Larger is steadier.</source>
<translation>Seite des Quadrats aus groben Pixeln, das jede Entmischung nimmt: ungerade. Größer ist stabiler.</translation>
</message>
<message>
<source>Side of the square that is processed at a time. The result does not depend on it; smaller windows need less memory. 0 chooses a size.</source>
<translation>Seite des Quadrats, das auf einmal verarbeitet wird. Das Ergebnis hängt nicht davon ab; kleinere Fenster brauchen weniger Speicher. 0 wählt eine Größe.</translation>
</message>
<message>
<source>Signal-to-noise ratio</source>
<translation>Signal-Rausch-Verhältnis</translation>
</message>
<message>
<source>Similar pixels</source>
<translation>Ähnliche Pixel</translation>
</message>
<message>
<source>Similar pixels for each band</source>
<translation>Ähnliche Pixel für jedes Band</translation>
</message>
<message>
<source>Simulate revisits</source>
<translation>Wiederholungsaufnahmen simulieren</translation>
</message>
<message>
<source>Simulated seasons are simpler than real ones: fit the network to real pairs afterwards, and score it on them.</source>
<translation>Simulierte Jahresgänge sind einfacher als echte: passen Sie das Netz danach an echte Paare an und bewerten Sie es an ihnen.</translation>
</message>
<message>
<source>single (32 bits)</source>
<translation>einfache (32 Bit)</translation>
</message>
<message>
<source>Size</source>
<translation>Größe</translation>
</message>
<message>
<source>Size [MB]</source>
<translation>Größe [MB]</translation>
</message>
<message>
<source>Size of a drop</source>
<translation>Größe eines Tropfens</translation>
</message>
<message>
<source>small, read everywhere</source>
<translation>klein, überall lesbar</translation>
</message>
<message>
<source>Smoothness</source>
<translation>Glätte</translation>
</message>
<message>
<source>So many places at most, the first by name; 0 takes all.</source>
<translation>Höchstens so viele Orte, nach Namen die ersten; 0 nimmt alle.</translation>
</message>
<message>
<source>Spatial correlation (1 is best)</source>
<translation>Räumliche Korrelation (am besten 1)</translation>
</message>
<message>
<source>Spatial distortion D_s (0 is best)</source>
<translation>Räumliche Verzerrung D_s (am besten 0)</translation>
</message>
<message>
<source>Spatiotemporal fusion</source>
<translation>Raumzeitliche Fusion</translation>
</message>
<message>
<source>spectral angle</source>
<translation>Spektralwinkel</translation>
</message>
<message>
<source>Spectral angle in degrees (0 is best)</source>
<translation>Spektralwinkel in Grad (am besten 0)</translation>
</message>
<message>
<source>Spectral angle of the best method in degrees (0 is best)</source>
<translation>Spektralwinkel der besten Methode in Grad (am besten 0)</translation>
</message>
<message>
<source>Spectral angle of the model in degrees (0 is best)</source>
<translation>Spektralwinkel des Modells in Grad (am besten 0)</translation>
</message>
<message>
<source>Spectral distortion D_lambda (0 is best)</source>
<translation>Spektrale Verzerrung D_lambda (am besten 0)</translation>
</message>
<message>
<source>Spectral distortion D_lambda_K (0 is best)</source>
<translation>Spektrale Verzerrung D_lambda_K (am besten 0)</translation>
</message>
<message>
<source>SPLITS names {} splits for {} scenes; give one for each.</source>
<translation>SPLITS nennt {} Teilmengen für {} Szenen; geben Sie für jede eine an.</translation>
</message>
<message>
<source>Splits of whole images</source>
<translation>Teilmengen ganzer Bilder</translation>
</message>
<message>
<source>Splits of whole scenes</source>
<translation>Teilmengen ganzer Szenen</translation>
</message>
<message>
<source>Spread</source>
<translation>Streuung</translation>
</message>
<message>
<source>Squares for learning, for validation and for tests come from different places, with a buffer between them. Those with missing pixels are left out. Values are in physical units where scale and offset are known.</source>
<translation>Die Quadrate zum Lernen, für die Validierung und für Tests kommen von verschiedenen Orten, mit einem Puffer dazwischen. Solche mit fehlenden Pixeln werden ausgelassen. Die Werte sind in physikalischen Einheiten, wo Skala und Offset bekannt sind.</translation>
</message>
<message>
<source>SRCNN (WorldStrat)</source>
<translation>SRCNN (WorldStrat)</translation>
</message>
<message>
<source>SRSF-GAN</source>
<translation>SRSF-GAN</translation>
</message>
<message>
<source>SSIM</source>
<translation>SSIM</translation>
</message>
<message>
<source>SSIM, plain</source>
<translation>SSIM, einfach</translation>
</message>
<message>
<source>Stack of all dates</source>
<translation>Bildstapel aller Zeitpunkte</translation>
</message>
<message>
<source>Stacks the encoded revisits and fuses them by convolutions: the baseline among the networks. For a fixed number of revisits; adds detail to the back-projection.</source>
<translation>Stapelt die kodierten Wiederholungsaufnahmen und fusioniert sie durch Faltungen: die Grundlinie unter den neuronalen Netzen. Für eine feste Zahl von Wiederholungsaufnahmen; fügt der Rückprojektion Detail hinzu.</translation>
</message>
<message>
<source>STARFM</source>
<translation>STARFM</translation>
</message>
<message>
<source>State</source>
<translation>Zustand</translation>
</message>
<message>
<source>Statistic</source>
<translation>Statistik</translation>
</message>
<message>
<source>Step</source>
<translation>Schritt</translation>
</message>
<message>
<source>Steps</source>
<translation>Schritte</translation>
</message>
<message>
<source>Steps done</source>
<translation>Ausgeführte Schritte</translation>
</message>
<message>
<source>Steps from noise to image</source>
<translation>Schritte vom Rauschen zum Bild</translation>
</message>
<message>
<source>Steps of each draw; 0 takes the model's own number. Time grows with it.</source>
<translation>Schritte jeder Ziehung; 0 nimmt die Zahl des Modells. Die Zeit wächst mit ihr.</translation>
</message>
<message>
<source>Steps of the fit</source>
<translation>Schritte der Anpassung</translation>
</message>
<message>
<source>STFDiff</source>
<translation>STFDiff</translation>
</message>
<message>
<source>Stride</source>
<translation>Schrittweite</translation>
</message>
<message>
<source>structural similarity</source>
<translation>strukturelle Ähnlichkeit</translation>
</message>
<message>
<source>Structural similarity (1 is best)</source>
<translation>Strukturelle Ähnlichkeit (am besten 1)</translation>
</message>
<message>
<source>Structural similarity, 11 x 11 Gaussian window of 1.5 pixels, with the stated data range; over all: mean over the bands; only windows that lie inside the area and hold no masked pixel.</source>
<translation>Strukturelle Ähnlichkeit, 11-x-11-Gaußfenster von 1.5 Pixeln, mit dem angegebenen Wertebereich; gesamt: Mittel über die Bänder; nur Fenster, die im Bereich liegen und kein maskiertes Pixel enthalten.</translation>
</message>
<message>
<source>Such as http://host:port. Empty takes that of QGIS's options.</source>
<translation>Etwa http://host:port. Leer: der aus den Optionen von QGIS.</translation>
</message>
<message>
<source>Super-resolved image</source>
<translation>Bild in Superauflösung</translation>
</message>
<message>
<source>Super-resolves the coarse image step by step, with the fine image's features mixed in by a gate: it needs a fine image of another date alone, not that date's coarse one.</source>
<translation>Bringt das grobe Bild Schritt für Schritt in Superauflösung und mischt dabei die Merkmale des feinen Bildes durch ein Gate ein: es braucht von einem anderen Datum nur ein feines Bild, nicht das grobe.</translation>
</message>
<message>
<source>Super-resolves the revisits with one network, sharpens the result with PAN by another, and corrects the colours; the model says which two. Trained as one.</source>
<translation>Berechnet mit einem Netz die Superauflösung der Wiederholungsaufnahmen, schärft das Ergebnis durch ein anderes mit PAN und korrigiert die Farben; das Modell sagt, welche beiden. Als eines trainiert.</translation>
</message>
<message>
<source>Superresolve</source>
<translation>Superauflösung berechnen</translation>
</message>
<message>
<source>SwinSTFM</source>
<translation>SwinSTFM</translation>
</message>
<message>
<source>Table of shifts</source>
<translation>Tabelle der Verschiebungen</translation>
</message>
<message>
<source>Table of the dates</source>
<translation>Tabelle der Zeitpunkte</translation>
</message>
<message>
<source>Take an older Python for the engine (INTERPRETER of satfusion:engine_install): its packages are made for systems as old as this one.</source>
<translation>Nehmen Sie ein älteres Python für die Rechenumgebung (INTERPRETER von satfusion:engine_install): dessen Pakete sind für so alte Systeme wie dieses gemacht.</translation>
</message>
<message>
<source>Take another computer, or an INTERPRETER whose packages were built for this processor: it lacks instructions that the engine's packages use.</source>
<translation>Nehmen Sie einen anderen Rechner oder einen INTERPRETER, dessen Pakete für diesen Prozessor gebaut wurden: ihm fehlen Befehle, die die Pakete der Rechenumgebung benutzen.</translation>
</message>
<message>
<source>Takes single-band files in the order of the list, instead of ordering them by wavelength or band number.</source>
<translation>Nimmt Dateien mit einem Band in der Reihenfolge der Liste, statt sie nach Wellenlänge oder Bandnummer zu ordnen.</translation>
</message>
<message>
<source>Takes the place of a model of yours with the same id.</source>
<translation>Tritt an die Stelle eines eigenen Modells mit derselben Kennung.</translation>
</message>
<message>
<source>Task</source>
<translation>Aufgabe</translation>
</message>
<message>
<source>Tells whether networks can run on this computer. The engine is a Python of its own, beside that of QGIS, with ONNX Runtime or torch; classical methods do not need it.</source>
<translation>Sagt, ob neuronale Netze auf diesem Rechner laufen können. Die Rechenumgebung ist ein eigenes Python neben dem von QGIS, mit ONNX Runtime oder torch; klassische Methoden brauchen sie nicht.</translation>
</message>
<message>
<source>Temporal difference</source>
<translation>Zeitlicher Unterschied</translation>
</message>
<message>
<source>Ten convolutions with a skip around them: a deeper PNN.</source>
<translation>Zehn Faltungen mit einer Überbrückung (Skip-Verbindung): ein tieferes PNN.</translation>
</message>
<message>
<source>that of the model that fits</source>
<translation>das des passenden Modells</translation>
</message>
<message>
<source>that of the preset</source>
<translation>der der Vorgabe</translation>
</message>
<message>
<source>The algorithm was not prepared.</source>
<translation>Der Algorithmus wurde nicht vorbereitet.</translation>
</message>
<message>
<source>The bands at the reference date on the panchromatic grid, in the units of the revisits.</source>
<translation>Die Bänder zum Referenzdatum auf dem panchromatischen Gitter, in den Einheiten der Wiederholungsaufnahmen.</translation>
</message>
<message>
<source>The bands at the reference date, on a grid that is finer by the ratio, in the units of the revisits.</source>
<translation>Die Bänder zum Referenzdatum, auf einem um das Verhältnis feineren Gitter, in den Einheiten der Wiederholungsaufnahmen.</translation>
</message>
<message>
<source>The bands of all revisits on the reference's grid, each at its measured shift: the reference first, with dates in the names of the bands. Masked pixels are no data.</source>
<translation>Die Bänder aller Wiederholungsaufnahmen auf dem Gitter der Referenz, jede mit ihrer gemessenen Verschiebung: die Referenz zuerst, mit dem Datum in den Namen der Bänder. Maskierte Pixel sind Nodata.</translation>
</message>
<message>
<source>The bands that the network was trained on, in its order: name:wavelength or name:wavelength:width in nm, separated by commas, such as Blue:485, Green:555, Red:660, NIR:830; or a sensor's id, such as worldview3. Empty states no wavelengths; the network then takes any bands in the order they come in.</source>
<translation>Die Bänder, mit denen das Netz trainiert wurde, in seiner Reihenfolge: Name:Wellenlänge oder Name:Wellenlänge:Breite in nm, durch Kommas getrennt, etwa Blue:485, Green:555, Red:660, NIR:830; oder die Kennung eines Sensors, etwa worldview3. Leer: keine Wellenlängen; das Netz nimmt dann beliebige Bänder in der Reihenfolge, in der sie kommen.</translation>
</message>
<message>
<source>The card as it is written.</source>
<translation>Die Modellkarte, wie sie geschrieben ist.</translation>
</message>
<message>
<source>The card as one HTML file.</source>
<translation>Die Modellkarte als eine einzige HTML-Datei.</translation>
</message>
<message>
<source>The card.json of an ONNX file. Empty takes the one beside the file.</source>
<translation>Die card.json einer ONNX-Datei. Leer: die neben der Datei.</translation>
</message>
<message>
<source>The clearest ones, without a panchromatic image: more patches of the same place. With one it is the reference alone.</source>
<translation>Ohne panchromatisches Bild die klarsten: mehr Patches desselben Ortes. Mit einem ist es die Referenz allein.</translation>
</message>
<message>
<source>The coarse images of the same dates.</source>
<translation>Die groben Bilder derselben Tage.</translation>
</message>
<message>
<source>The coarse sensor's image of the date to predict.</source>
<translation>Das Bild des groben Sensors vom Zieldatum.</translation>
</message>
<message>
<source>The coarse sensor's image of the fine image's date: at its own resolution, or resampled onto the fine grid already.</source>
<translation>Das Bild des groben Sensors vom Datum des feinen Bildes: in seiner eigenen Auflösung oder schon auf dem feinen Gitter neu abgetastet.</translation>
</message>
<message>
<source>the combination after a fit of brightness and shift, for references of another sensor</source>
<translation>diese Kombination nach Angleichung von Helligkeit und Lage, für Referenzen eines anderen Sensors</translation>
</message>
<message>
<source>the combination as the published code computes it, with its faults</source>
<translation>diese Kombination, wie der veröffentlichte Code sie berechnet, mit seinen Fehlern</translation>
</message>
<message>
<source>The date that the result shows, such as 2024-06-15: the revisit of that date, or the nearest, is what the others are laid over. Empty takes the clearest revisit.</source>
<translation>Das Datum, das das Ergebnis zeigt, etwa 2024-06-15: die Wiederholungsaufnahme dieses Datums oder die nächste ist es, auf die die anderen gelegt werden. Leer: die klarste Wiederholungsaufnahme.</translation>
</message>
<message>
<source>The dates are split: what validates or tests is in no training patch. The log says which dates are where.</source>
<translation>Die Zeitpunkte werden aufgeteilt: was validiert oder testet, ist in keinem Trainings-Patch. Das Protokoll sagt, welche Zeitpunkte wo sind.</translation>
</message>
<message>
<source>the detector's square and a Gaussian</source>
<translation>Quadrat des Detektors und eine Gaußfunktion</translation>
</message>
<message>
<source>The device must be one of {}, not {}.</source>
<translation>Das Gerät muss eines von {} sein, nicht {}.</translation>
</message>
<message>
<source>the difference of the means is added</source>
<translation>die Differenz der Mittel wird addiert</translation>
</message>
<message>
<source>The engine does not work.</source>
<translation>Die Rechenumgebung funktioniert nicht.</translation>
</message>
<message>
<source>The engine is another Python: {}</source>
<translation>Die Rechenumgebung ist ein anderes Python: {}</translation>
</message>
<message>
<source>The engine was removed.</source>
<translation>Die Rechenumgebung wurde entfernt.</translation>
</message>
<message>
<source>The engine works.</source>
<translation>Die Rechenumgebung funktioniert.</translation>
</message>
<message>
<source>The engine works: {}</source>
<translation>Die Rechenumgebung funktioniert: {}</translation>
</message>
<message>
<source>The file is compared with the network on images of several sizes before it is kept; the largest difference stands on the card. Networks that ONNX cannot express are refused with the reason. This needs the engine with torch.</source>
<translation>Die Datei wird mit dem Netz an Bildern mehrerer Größen verglichen, bevor sie behalten wird; die größte Abweichung steht auf der Modellkarte. Netze, die ONNX nicht ausdrücken kann, werden mit Angabe des Grundes abgelehnt. Das braucht die Rechenumgebung mit torch.</translation>
</message>
<message>
<source>The files are HDF5 with the data sets gt (reference), lms (enlarged multispectral image) and pan. Look at their terms of use before you publish a network that learned from them.</source>
<translation>Die Dateien sind HDF5 mit den Datensätzen gt (Referenz), lms (vergrößertes Multispektralbild) und pan. Sehen Sie ihre Nutzungsbedingungen an, bevor Sie ein Netz veröffentlichen, das daraus gelernt hat.</translation>
</message>
<message>
<source>The files of {} are those of its card.</source>
<translation>Die Dateien von {} sind die seiner Modellkarte.</translation>
</message>
<message>
<source>The fine image at the date of the coarse one, in the fine image's units.</source>
<translation>Das feine Bild zum Datum des groben, in den Einheiten des feinen Bildes.</translation>
</message>
<message>
<source>The fine image of a date near the one to predict. The result has its grid and bands.</source>
<translation>Das feine Bild eines Datums nahe dem Zieldatum. Das Ergebnis hat sein Gitter und seine Bänder.</translation>
</message>
<message>
<source>The fine image of the nearest date as it is: what every prediction must beat.</source>
<translation>Das feine Bild des nächstgelegenen Zeitpunkts, wie es ist: was jede Vorhersage schlagen muss.</translation>
</message>
<message>
<source>The fine image plus the change of the coarse images, interpolated: quick, but smears the change over the fields.</source>
<translation>Das feine Bild plus die Veränderung der groben Bilder, interpoliert: schnell, verschmiert aber die Veränderung über die Felder.</translation>
</message>
<message>
<source>The finer image of the same place, near the reference date. The result has its grid, where it overlaps the reference.</source>
<translation>Das feinere Bild desselben Ortes, nahe dem Referenzdatum. Das Ergebnis hat sein Gitter, soweit es sich mit der Referenz überdeckt.</translation>
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
<source>The first of SatFusion's two networks, which puts the revisits together. SatFusion* always takes TR-MISR.</source>
<translation>Das erste der beiden Netze von SatFusion, das die Wiederholungsaufnahmen zusammenführt. SatFusion* nimmt immer TR-MISR.</translation>
</message>
<message>
<source>The first of the two networks, which puts the revisits together. A choice leaves the models that have it.</source>
<translation>Das erste der beiden Netze, das die Wiederholungsaufnahmen zusammenführt. Mit einer Wahl bleiben die Modelle, die es haben.</translation>
</message>
<message>
<source>The folder is {}</source>
<translation>Der Ordner ist {}</translation>
</message>
<message>
<source>The folder of a model with its card.json, in place of a file.</source>
<translation>Der Ordner eines Modells mit seiner card.json, anstelle einer Datei.</translation>
</message>
<message>
<source>The folder of the product, if it is not given as a file.</source>
<translation>Der Ordner des Produkts, wenn es nicht als Datei angegeben ist.</translation>
</message>
<message>
<source>The haze in each band, which is not multiplied with PAN's detail: numbers in the image's units separated by commas, auto (for blue, green, red and near infrared from the darkest hundredth, otherwise the minimum), minimum or none.</source>
<translation type="vanished">Der Dunst in jedem Band, der nicht mit dem Detail von PAN multipliziert wird: Zahlen in den Einheiten des Bildes, durch Kommas getrennt, auto (für Blau, Grün, Rot und nahes Infrarot aus dem dunkelsten Hundertstel, sonst das Minimum), minimum oder none.</translation>
</message>
<message>
<source>The haze in each band, which is not multiplied with PAN's detail: numbers in the image's units separated by commas, auto (for blue, green, red and near infrared from the darkest hundredth, otherwise the minimum), minimum or none. Empty takes auto for BT-H, and none for MTF-GLP-HPM.</source>
<translation>Der Dunst in jedem Band, der nicht mit dem Detail von PAN multipliziert wird: Zahlen in den Einheiten des Bildes, durch Kommas getrennt, auto (für Blau, Grün, Rot und nahes Infrarot aus dem dunkelsten Hundertstel, sonst das Minimum), minimum oder none. Leer: auto für BT-H und none für MTF-GLP-HPM.</translation>
</message>
<message>
<source>The HDF5 file at the reduced scale that gives the scores; its images are cut.</source>
<translation>Die HDF5-Datei in verringerter Auflösung, die die Bewertungen liefert; ihre Bilder werden zerschnitten.</translation>
</message>
<message>
<source>The HDF5 file that chooses the best state of the network.</source>
<translation>Die HDF5-Datei, die den besten Zustand des Netzes bestimmt.</translation>
</message>
<message>
<source>The HDF5 file with gt, lms and pan for training.</source>
<translation>Die HDF5-Datei mit gt, lms und pan für das Training.</translation>
</message>
<message>
<source>The id of a model in the library, or the folder of another one. Empty takes weights that fit the bands and the ratio, where there are any, and begins from nothing otherwise; none always begins from nothing.</source>
<translation>Die Kennung eines vorhandenen Modells oder der Ordner eines anderen. Leer: Gewichte, die zu den Bändern und dem Verhältnis passen, wenn es welche gibt, sonst ein Beginn von Grund auf; none beginnt immer von Grund auf.</translation>
</message>
<message>
<source>The id of a model in the library, or the folder of another one. List the models shows the ids.</source>
<translation>Die Kennung eines vorhandenen Modells oder der Ordner eines anderen. Modelle auflisten zeigt die Kennungen.</translation>
</message>
<message>
<source>The id of a model in the list, or the https:// address of a model's card.json; its files are fetched from beside it. Empty shows the list in the log.</source>
<translation>Die Kennung eines Modells der Liste oder die https://-Adresse der card.json eines Modells; seine Dateien werden von daneben geholt. Leer: zeigt die Liste im Protokoll.</translation>
</message>
<message>
<source>The image that the revisits show: one raster with any bands.</source>
<translation>Das Bild, das die Wiederholungsaufnahmen zeigen: ein Raster mit beliebigen Bändern.</translation>
</message>
<message>
<source>The image that was sharpened: one raster with several bands, or several single-band files. Empty takes the one that the fused image was made of, where SatFusion made it.</source>
<translation>Das Bild, das geschärft wurde: ein Raster mit mehreren Bändern oder mehrere Dateien mit je einem Band. Leer: das, aus dem das fusionierte Bild gemacht wurde, sofern SatFusion es gemacht hat.</translation>
</message>
<message>
<source>The image to degrade: one raster with several bands, or several single-band files.</source>
<translation>Das Bild, das vergröbert wird: ein Raster mit mehreren Bändern oder mehrere Dateien mit je einem Band.</translation>
</message>
<message>
<source>The image to judge, with the bands of the multispectral image in their order.</source>
<translation>Das Bild, das beurteilt wird, mit den Bändern des Multispektralbildes in ihrer Reihenfolge.</translation>
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
<source>The image to sharpen: one raster with several bands, or several single-band files (their order does not matter: bands are put in order of wavelength or band number). Either this with a panchromatic image, or revisits.</source>
<translation>Das Bild, das geschärft wird: ein Raster mit mehreren Bändern oder mehrere Dateien mit je einem Band (ihre Reihenfolge ist gleich: die Bänder werden nach Wellenlänge oder Bandnummer geordnet). Entweder dies mit einem panchromatischen Bild oder Wiederholungsaufnahmen.</translation>
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
<source>The last {} of {}.</source>
<translation>Die letzten {} von {}.</translation>
</message>
<message>
<source>The layer definition {} could not be written: {}.</source>
<translation>Die Layerdefinition {} konnte nicht geschrieben werden: {}.</translation>
</message>
<message>
<source>The learning rate is brought down over this time. Preparing and sharpening take their own time; an estimate is logged first.</source>
<translation>Über diese Zeit wird die Lernrate abgesenkt. Vorbereiten und Schärfen brauchen ihre eigene Zeit; eine Schätzung steht vorher im Protokoll.</translation>
</message>
<message>
<source>The mean of a band divided by the noise's standard deviation; 0 for no noise.</source>
<translation>Das Mittel eines Bandes geteilt durch die Standardabweichung des Rauschens; 0 für kein Rauschen.</translation>
</message>
<message>
<source>The middle of the area, pixel by pixel:</source>
<translation>Die Mitte des Bereichs, Pixel für Pixel:</translation>
</message>
<message>
<source>The middle of the scene at reduced scale</source>
<translation>Die Mitte der Szene in verringerter Auflösung</translation>
</message>
<message>
<source>The model {} was removed.</source>
<translation>Das Modell {} wurde entfernt.</translation>
</message>
<message>
<source>The multispectral bands on the panchromatic grid, in the multispectral image's units.</source>
<translation>Die multispektralen Bänder auf dem panchromatischen Gitter, in den Einheiten des Multispektralbildes.</translation>
</message>
<message>
<source>the nearest before and the nearest after the date</source>
<translation>das nächstgelegene vor und das nächstgelegene nach dem Zieldatum</translation>
</message>
<message>
<source>the nearest one</source>
<translation>das nächstgelegene</translation>
</message>
<message>
<source>The network is recognised by the names and shapes of its weights; they are loaded strictly, checked and tried on a small image, and written with a card into the folder of your models. What a checkpoint does not say (bands, units, licence) is asked below; what is left empty is taken as is usual with the official code.</source>
<translation>Das Netz wird an den Namen und Formen seiner Gewichte erkannt; sie werden streng geladen, geprüft und an einem kleinen Bild ausprobiert und mit einer Modellkarte in den Ordner Ihrer Modelle geschrieben. Was ein Checkpoint nicht sagt (Bänder, Einheiten, Lizenz), wird unten gefragt; was leer bleibt, gilt wie beim offiziellen Code üblich.</translation>
</message>
<message>
<source>The network learns to predict each date from another one on part of the scene, for the time given. It is compared with classical methods on blocks that are held out, and with images of further dates on a date that is held out too. Only where its RMSE is lower by 2 % (by 10 % without such a date), and its ERGAS is no worse, it predicts; otherwise the best classical method does. The log says which, and by how much.</source>
<translation>Das Netz lernt auf einem Teil der Szene, jeden Tag aus einem anderen vorherzusagen, so lange wie angegeben. Es wird mit klassischen Verfahren auf zurückgehaltenen Blöcken verglichen, und mit Bildern weiterer Tage auch an einem zurückgehaltenen Tag. Nur wenn sein RMSE um 2 % niedriger ist (um 10 % ohne einen solchen Tag) und sein ERGAS nicht schlechter, sagt es voraus; sonst tut es das beste klassische Verfahren. Das Protokoll sagt, welches, und um wie viel.</translation>
</message>
<message>
<source>the network's own as the published code computes it, with its faults</source>
<translation>der eigene des Netzes, wie der veröffentlichte Code ihn berechnet, mit seinen Fehlern</translation>
</message>
<message>
<source>the network's own, without the faults of its published code</source>
<translation>der eigene des Netzes, ohne die Fehler seines veröffentlichten Codes</translation>
</message>
<message>
<source>The new raster. Tables that the job wrote too are written beside it.</source>
<translation>Das neue Raster. Tabellen, die der Auftrag ebenfalls schrieb, kommen daneben.</translation>
</message>
<message>
<source>The number of revisits that count in every pixel, each between 0 (not at all) and 1.</source>
<translation>Die Zahl der Wiederholungsaufnahmen, die in jedem Pixel zählen, jede zwischen 0 (gar nicht) und 1.</translation>
</message>
<message>
<source>The number of threads must be a whole number, not {}.</source>
<translation>Die Zahl der Threads muss eine ganze Zahl sein, nicht {}.</translation>
</message>
<message>
<source>The packages are fetched by pip, with QGIS's proxy, or taken from a folder of wheels without any network. A cancelled or failed installation goes on where it stopped when it is run again. The log begins with the commands that do the same by hand.</source>
<translation>Die Pakete werden von pip geholt, mit dem Proxy von QGIS, oder ganz ohne Internetverbindung aus einem Ordner mit Wheels genommen. Eine abgebrochene oder gescheiterte Installation fährt beim nächsten Lauf fort, wo sie aufgehört hat. Das Protokoll beginnt mit den Befehlen, die dasselbe von Hand tun.</translation>
</message>
<message>
<source>The panchromatic image of each scene, in the order of the multispectral images.</source>
<translation>Das panchromatische Bild jeder Szene, in der Reihenfolge der Multispektralbilder.</translation>
</message>
<message>
<source>The panchromatic image of the same scene.</source>
<translation>Das panchromatische Bild derselben Szene.</translation>
</message>
<message>
<source>The panchromatic image that it was sharpened with. Empty takes the one that the fused image was made of.</source>
<translation>Das panchromatische Bild, mit dem es geschärft wurde. Leer: das, aus dem das fusionierte Bild gemacht wurde.</translation>
</message>
<message>
<source>The plain scores compare each pixel with the reference's pixel at the same place, as the georeferencing says. The registered ones (PROBA-V) first lay the fused image, without a border of {} pixels, on the reference at every whole shift up to that many pixels, add to each band the mean difference over the clear pixels, and take what suits best: they forgive a small shift and a constant, not a change of contrast.</source>
<translation>Die einfachen Bewertungen vergleichen jedes Pixel mit dem Pixel der Referenz an derselben Stelle, wie die Georeferenzierung sie angibt. Die registrierten (PROBA-V) legen zuerst das fusionierte Bild, ohne einen Rand von {} Pixeln, mit jeder ganzen Verschiebung von bis zu so vielen Pixeln auf die Referenz, addieren zu jedem Band die mittlere Differenz über die klaren Pixel und nehmen, was am besten passt: sie verzeihen eine kleine Verschiebung und eine Konstante, aber keine Änderung des Kontrastes.</translation>
</message>
<message>
<source>The product's zip or tar file, or its metadata file (MTL, MTD, DIM, TIL).</source>
<translation>Die Zip- oder Tar-Datei des Produkts oder seine Metadatendatei (MTL, MTD, DIM, TIL).</translation>
</message>
<message>
<source>The Python to check. Empty takes that of the options, else the one that the variable SATFUSION_PYTHON names, else the installed engine.</source>
<translation>Das Python, das geprüft wird. Leer: das aus den Optionen, sonst das, das die Variable SATFUSION_PYTHON nennt, sonst die installierte Rechenumgebung.</translation>
</message>
<message>
<source>The Python to make the environment with. Empty looks for one; the log says which it took.</source>
<translation>Das Python, mit dem die Umgebung angelegt wird. Leer: es wird eines gesucht; das Protokoll sagt, welches genommen wurde.</translation>
</message>
<message>
<source>The range that values may have, in physical units: 1 for reflectance, 2047 for numbers of 11 bits. PSNR and SSIM depend on it, so compare only scores with the same range. Empty takes the number of bits that the reference declares, else the highest value of the reference; never the data type.</source>
<translation>Der Bereich, den Werte haben können, in physikalischen Einheiten: 1 für Reflektanz, 2047 für Zahlen mit 11 Bit. PSNR und SSIM hängen davon ab; vergleichen Sie also nur Bewertungen mit demselben Bereich. Leer: die Zahl der Bits, die die Referenz angibt, sonst der höchste Wert der Referenz; nie der Datentyp.</translation>
</message>
<message>
<source>The same by hand:</source>
<translation>Dasselbe von Hand:</translation>
</message>
<message>
<source>The same for the coarse images, such as modis_*.</source>
<translation>Dasselbe für die groben Bilder, etwa modis_*.</translation>
</message>
<message>
<source>The same seed cuts a scene in the same way.</source>
<translation>Derselbe Startwert zerschneidet eine Szene auf dieselbe Weise.</translation>
</message>
<message>
<source>The same seed draws the same images, on every device and in windows of every size.</source>
<translation>Derselbe Startwert zieht dieselben Bilder, auf jedem Gerät und in Fenstern jeder Größe.</translation>
</message>
<message>
<source>The same seed gives the same network on the same processor, where no time limit ends it. Empty takes that of the preset.</source>
<translation>Derselbe Startwert ergibt auf demselben Prozessor dasselbe Netz, wo keine Zeitgrenze das Training beendet. Leer: der der Vorgabe.</translation>
</message>
<message>
<source>The same seed makes the same patches.</source>
<translation>Derselbe Startwert macht dieselben Patches.</translation>
</message>
<message>
<source>The same seed simulates the same revisits.</source>
<translation>Derselbe Startwert simuliert dieselben Wiederholungsaufnahmen.</translation>
</message>
<message>
<source>the same, and four times as much of the spectral angle</source>
<translation>dasselbe, mit viermal so viel Gewicht auf dem Spektralwinkel</translation>
</message>
<message>
<source>the same, and the spectral angle</source>
<translation>dieselben und der Spektralwinkel</translation>
</message>
<message>
<source>the scene</source>
<translation>der Szene</translation>
</message>
<message>
<source>The scene is degraded by the ratio of its pixels, so that its multispectral image is the truth (Wald's protocol). A fifth of it is held out. The network learns from the rest for the time given, and is compared with classical methods on what was held out: only where it is better by 2 % in ERGAS, and no worse in spectral angle, it sharpens the scene; otherwise the best classical method does. The log says which, and by how much.</source>
<translation>Die Szene wird um das Verhältnis ihrer Pixel vergröbert, sodass ihr Multispektralbild die Wahrheit ist (Walds Protokoll). Ein Fünftel davon wird zurückgehalten. Das Netz lernt in der angegebenen Zeit aus dem Rest und wird auf dem Zurückgehaltenen mit klassischen Methoden verglichen: nur wo es im ERGAS um 2 % besser und im Spektralwinkel nicht schlechter ist, schärft es die Szene; sonst tut es die beste klassische Methode. Das Protokoll sagt, welche, und um wie viel.</translation>
</message>
<message>
<source>The scores as CSV, for spreadsheets.</source>
<translation>Die Bewertungen als CSV, für Tabellenprogramme.</translation>
</message>
<message>
<source>The second of the two networks, which adds PAN's detail.</source>
<translation>Das zweite der beiden Netze, das das Detail von PAN hinzufügt.</translation>
</message>
<message>
<source>The second of the two networks, which adds PAN's detail. A choice leaves the models that have it.</source>
<translation>Das zweite der beiden Netze, das das Detail von PAN hinzufügt. Mit einer Wahl bleiben die Modelle, die es haben.</translation>
</message>
<message>
<source>The sensor of the files: it says which bands they hold, and the highest number.</source>
<translation>Der Sensor der Dateien: er sagt, welche Bänder sie enthalten und was die höchste Zahl ist.</translation>
</message>
<message>
<source>The sensor of the multispectral image: its modulation transfer function (MTF) says how blurred each band is. Take the default when yours is not listed.</source>
<translation>Der Sensor des Multispektralbildes: seine Modulationsübertragungsfunktion (MTF) sagt, wie unscharf jedes Band ist. Nehmen Sie die Voreinstellung, wenn Ihrer nicht aufgeführt ist.</translation>
</message>
<message>
<source>The sensor of the revisits: its modulation transfer function (MTF) says how blurred each band is. Take the default when yours is not listed.</source>
<translation>Der Sensor der Wiederholungsaufnahmen: seine Modulationsübertragungsfunktion (MTF) sagt, wie unscharf jedes Band ist. Nehmen Sie die Voreinstellung, wenn Ihrer nicht aufgeführt ist.</translation>
</message>
<message>
<source>The shifts are not in the georeferencing, as with true images; a table holds them. Masks lie beside the images, where MASKS finds them. Super-resolve the revisits and compare the result with the sharp image.</source>
<translation>Wie bei echten Bildern stehen die Verschiebungen nicht in der Georeferenzierung; eine Tabelle enthält sie. Masken liegen neben den Bildern, wo MASKS sie findet. Berechnen Sie die Superauflösung der Wiederholungsaufnahmen und vergleichen Sie das Ergebnis mit dem scharfen Bild.</translation>
</message>
<message>
<source>The side, the stride and the corners of patches are multiples of this.</source>
<translation>Seite, Schrittweite und Ecken der Patches sind Vielfache davon.</translation>
</message>
<message>
<source>The stack can be given to anything that wants images that lie exactly over each other. Super-resolution needs the images as they are and measures their shifts itself: resampling loses what it lives on.</source>
<translation>Der Bildstapel lässt sich überall verwenden, wo Bilder verlangt sind, die genau übereinanderliegen. Die Superauflösung braucht die Bilder, wie sie sind, und misst ihre Verschiebungen selbst: durch Resampling geht verloren, wovon sie lebt.</translation>
</message>
<message>
<source>The state of step {}, on the {} patches, in physical units; 0 is best everywhere.</source>
<translation>Der Zustand von Schritt {}, auf den {}-Patches, in physikalischen Einheiten; überall ist 0 am besten.</translation>
</message>
<message>
<source>The style could not be written: {}</source>
<translation>Der Stil konnte nicht geschrieben werden: {}</translation>
</message>
<message>
<source>The table as data, with each model's folder.</source>
<translation>Die Tabelle als Daten, mit dem Ordner jedes Modells.</translation>
</message>
<message>
<source>The table as one HTML file.</source>
<translation>Die Tabelle als eine einzige HTML-Datei.</translation>
</message>
<message>
<source>The time limit ended the training.</source>
<translation>Die Zeitgrenze hat das Training beendet.</translation>
</message>
<message>
<source>The toolbox has no {}; enable Processing.</source>
<translation>Die Werkzeugkiste hat kein {}; aktivieren Sie die Erweiterung Processing.</translation>
</message>
<message>
<source>the training data</source>
<translation>der Trainingsdaten</translation>
</message>
<message>
<source>The training is finished.</source>
<translation>Das Training ist beendet.</translation>
</message>
<message>
<source>The training is running; this page is written anew at each validation.</source>
<translation>Das Training läuft; diese Seite wird bei jeder Validierung neu geschrieben.</translation>
</message>
<message>
<source>The training was cancelled; the best state so far is kept in the model folder.</source>
<translation>Das Training wurde abgebrochen; der bisher beste Zustand bleibt im Modellordner.</translation>
</message>
<message>
<source>The true image: as many bands, in the same order, on the same grid.</source>
<translation>Das wahre Bild: ebenso viele Bänder, in derselben Reihenfolge, auf demselben Gitter.</translation>
</message>
<message>
<source>The virtual rasters point to the product's files, which have to stay where they are. A product's folder, archive or metadata file can also be given directly wherever SatFusion asks for a raster.</source>
<translation>Die virtuellen Raster verweisen auf die Dateien des Produkts, die bleiben müssen, wo sie sind. Ordner, Archiv oder Metadatendatei eines Produkts können auch unmittelbar überall angegeben werden, wo SatFusion ein Raster verlangt.</translation>
</message>
<message>
<source>The weights of a network: the id of a model in the library, or the folder of another one. Empty takes the model that fits the bands and the ratio.</source>
<translation>Die Gewichte eines neuronalen Netzes: die Kennung eines vorhandenen Modells oder der Ordner eines anderen. Leer: das Modell, das zu den Bändern und dem Verhältnis passt.</translation>
</message>
<message>
<source>The weights: .pth, .pt, .ckpt, .bin, .safetensors or .onnx.</source>
<translation>Die Gewichte: .pth, .pt, .ckpt, .bin, .safetensors oder .onnx.</translation>
</message>
<message>
<source>the whole tile of {} pixels</source>
<translation>der ganzen Kachel von {} Pixeln</translation>
</message>
<message>
<source>There are no models yet.</source>
<translation>Es gibt noch keine Modelle.</translation>
</message>
<message>
<source>There are no models yet: import weights, download a model, or train one.</source>
<translation>Es gibt noch keine Modelle: importieren Sie Gewichte, laden Sie ein Modell herunter oder trainieren Sie eines.</translation>
</message>
<message>
<source>There are only {} blocks: the intervals are rough.</source>
<translation>Es gibt nur {} Blöcke: die Intervalle sind grob.</translation>
</message>
<message>
<source>There was no engine to remove.</source>
<translation>Es gab keine Rechenumgebung zu entfernen.</translation>
</message>
<message>
<source>Thermal image</source>
<translation>Thermalbild</translation>
</message>
<message>
<source>These lines are in the clipboard.</source>
<translation>Diese Zeilen sind in der Zwischenablage.</translation>
</message>
<message>
<source>these, and those of a survey's code under names of their own, to compare with its tables</source>
<translation>diese, und dazu die aus dem Code einer Übersichtsarbeit unter eigenen Namen, zum Vergleich mit deren Tabellen</translation>
</message>
<message>
<source>they are not looked at</source>
<translation>sie werden nicht beachtet</translation>
</message>
<message>
<source>they are taken as they are</source>
<translation>sie werden genommen, wie sie sind</translation>
</message>
<message>
<source>third graphics card (CUDA)</source>
<translation>dritte Grafikkarte (CUDA)</translation>
</message>
<message>
<source>those with which the network was published</source>
<translation>die, mit denen das Netz veröffentlicht wurde</translation>
</message>
<message>
<source>Threads</source>
<translation>Threads</translation>
</message>
<message>
<source>Three convolutions find the detail that is added to the interpolated bands. Small and quick to fit to a scene of your own.</source>
<translation>Drei Faltungen finden das Detail, das zu den interpolierten Bändern hinzugefügt wird. Klein und schnell an eine eigene Szene anzupassen.</translation>
</message>
<message>
<source>Three convolutions from the bands and PAN to the sharpened bands: the first network for pansharpening. Small; does well on scenes like those it was trained on.</source>
<translation>Drei Faltungen von den Bändern und PAN zu den geschärften Bändern: das erste neuronale Netz für die Bildschärfung. Klein; gut bei Szenen wie denen, mit denen es trainiert wurde.</translation>
</message>
<message>
<source>Tianjin: Landsat 8 and MODIS</source>
<translation>Tianjin: Landsat 8 und MODIS</translation>
</message>
<message>
<source>tie</source>
<translation>gleichauf</translation>
</message>
<message>
<source>Tie?</source>
<translation>Gleichauf?</translation>
</message>
<message>
<source>Time [s]</source>
<translation>Zeit [s]</translation>
</message>
<message>
<source>Time for the fit</source>
<translation>Zeit für die Anpassung</translation>
</message>
<message>
<source>Time limit</source>
<translation>Zeitgrenze</translation>
</message>
<message>
<source>Title</source>
<translation>Titel</translation>
</message>
<message>
<source>To</source>
<translation type="vanished">Bis</translation>
</message>
<message>
<source>To compare with its published tables alone: several of them are not what their names say elsewhere.</source>
<translation>Nur zum Vergleich mit den veröffentlichten Tabellen dieser Arbeit: mehrere sind nicht das, was ihre Namen sonst bedeuten.</translation>
</message>
<message>
<source>To install the engine by hand (nothing of this was run):</source>
<translation>Um die Rechenumgebung von Hand zu installieren (nichts davon wurde ausgeführt):</translation>
</message>
<message>
<source>Tools</source>
<translation>Werkzeuge</translation>
</message>
<message>
<source>TR-MISR</source>
<translation>TR-MISR</translation>
</message>
<message>
<source>Train a network for spatiotemporal fusion</source>
<translation>Ein Netz für die raumzeitliche Fusion trainieren</translation>
</message>
<message>
<source>Train a pansharpening network</source>
<translation>Ein Netz für die Bildschärfung trainieren</translation>
</message>
<message>
<source>Train a SatFusion network</source>
<translation>Ein SatFusion-Netz trainieren</translation>
</message>
<message>
<source>Train a super-resolution network</source>
<translation>Ein Netz für die Superauflösung trainieren</translation>
</message>
<message>
<source>Training</source>
<translation>Training</translation>
</message>
<message>
<source>Training data</source>
<translation>Trainingsdaten</translation>
</message>
<message>
<source>Training loss</source>
<translation>Trainingsverlust</translation>
</message>
<message>
<source>Training: {}</source>
<translation>Training: {}</translation>
</message>
<message>
<source>Trains a network on patches of your own scenes (Prepare training patches), and writes a model folder that can be used for pansharpening: its weights, and a card that says what it was made for and what it reaches beside plain interpolation.</source>
<translation>Trainiert ein neuronales Netz mit Patches Ihrer eigenen Szenen (Trainings-Patches vorbereiten) und schreibt einen Modellordner, mit dem sich Bilder schärfen lassen: seine Gewichte und eine Modellkarte, die sagt, wofür es gemacht ist und was es neben der bloßen Interpolation erreicht.</translation>
</message>
<message>
<source>Trains a network that makes a finer image from several revisits, on patches that Prepare patches of revisits has made.</source>
<translation>Trainiert ein neuronales Netz, das aus mehreren Wiederholungsaufnahmen ein feineres Bild macht, mit Patches, die Patches aus Wiederholungsaufnahmen vorbereiten gemacht hat.</translation>
</message>
<message>
<source>Trains a network that predicts a fine image from pairs of other dates and the coarse image of its own, on patches of dates at which both sensors saw a place, and writes a model folder that can be used to predict: its weights, and a card that says what it was made for and what it reaches beside the interpolated change added to the fine image.</source>
<translation>Trainiert ein neuronales Netz, das ein feines Bild aus Paaren anderer Zeitpunkte und dem groben Bild seines eigenen vorhersagt, mit Patches von Zeitpunkten, zu denen beide Sensoren einen Ort gesehen haben, und schreibt einen Modellordner, mit dem sich Bilder vorhersagen lassen: seine Gewichte und eine Modellkarte, die sagt, wofür es gemacht ist und was es neben der interpolierten, zum feinen Bild addierten Veränderung erreicht.</translation>
</message>
<message>
<source>Trains a network that puts several revisits together and sharpens them with a panchromatic image, as one, on patches that Prepare patches of revisits has made.</source>
<translation>Trainiert ein neuronales Netz, das mehrere Wiederholungsaufnahmen zusammenführt und mit einem panchromatischen Bild schärft, als eines, mit Patches, die Patches aus Wiederholungsaufnahmen vorbereiten gemacht hat.</translation>
</message>
<message>
<source>Truth</source>
<translation>Wahrheit</translation>
</message>
<message>
<source>Turns the files of PanCollection, the data set with which pansharpening networks are compared, into a set of patches for training, of pansharpening or, with simulated revisits, of SatFusion.</source>
<translation>Macht aus den Dateien von PanCollection, dem Datensatz, an dem neuronale Netze für die Bildschärfung verglichen werden, einen Satz von Patches für das Training, der Bildschärfung oder, mit simulierten Wiederholungsaufnahmen, von SatFusion.</translation>
</message>
<message>
<source>Turns the files of PanCollection, the data set with which pansharpening networks are compared, into a set of patches for training.</source>
<translation type="vanished">Macht aus den Dateien von PanCollection, dem Datensatz, an dem neuronale Netze für die Bildschärfung verglichen werden, einen Satz von Patches für das Training.</translation>
</message>
<message>
<source>Turns the folder of a public data set of revisits, as it is downloaded, into a set of patches for super-resolution or SatFusion. Whole places go to training, validation and tests.</source>
<translation>Macht aus dem Ordner eines öffentlichen Datensatzes von Wiederholungsaufnahmen, wie er heruntergeladen wird, einen Satz von Patches für Superauflösung oder SatFusion. Orte kommen als Ganzes zu Training, Validierung und Tests.</translation>
</message>
<message>
<source>twice, for a network that is adapted to this scene and scored on it at the scale above</source>
<translation>zweimal, für ein Netz, das an diese Szene angepasst und eine Stufe feiner an ihr bewertet wird</translation>
</message>
<message>
<source>Two pairs</source>
<translation>Zwei Bildpaare</translation>
</message>
<message>
<source>Two U-shaped branches, for the bands and for PAN, joined by spatial and spectral attention. Strong on its own sensor; slow on large tiles.</source>
<translation>Zwei U-förmige Zweige, für die Bänder und für PAN, verbunden durch räumliche und spektrale Attention. Stark beim eigenen Sensor; langsam bei großen Kacheln.</translation>
</message>
<message>
<source>two where there is one before and one after the date and the method takes two, else one</source>
<translation>zwei, wo es eines vor und eines nach dem Zieldatum gibt und die Methode zwei nimmt, sonst eines</translation>
</message>
<message>
<source>Typical size of the errors; large errors count for more.</source>
<translation>Typische Größe der Fehler; große Fehler zählen mehr.</translation>
</message>
<message>
<source>U2Net</source>
<translation>U2Net</translation>
</message>
<message>
<source>Uncertainty</source>
<translation>Unsicherheit</translation>
</message>
<message>
<source>Units</source>
<translation>Einheiten</translation>
</message>
<message>
<source>Universal quality index (1 is best)</source>
<translation>Universeller Qualitätsindex (am besten 1)</translation>
</message>
<message>
<source>Universal quality index over every position of a square window; over all: mean over the bands; only windows that hold no masked pixel.</source>
<translation>Universeller Qualitätsindex über alle Lagen eines quadratischen Fensters; gesamt: Mittel über die Bänder; nur Fenster ohne maskiertes Pixel.</translation>
</message>
<message>
<source>Unmixes the coarse change around every coarse pixel, gives it to whole objects such as fields, and corrects objects and then pixels by what is left. The most accurate with one pair on fields.</source>
<translation>Entmischt die grobe Veränderung um jedes grobe Pixel, gibt sie ganzen Objekten wie Feldern und korrigiert Objekte und dann Pixel um den Rest. Auf Feldern mit einem Paar die genaueste.</translation>
</message>
<message>
<source>Unmixes the coarse change into changes of classes, and puts what is left where the interpolated coarse image shows it: follows changes of land cover that coarse pixels see.</source>
<translation>Entmischt die grobe Veränderung in Veränderungen von Klassen und bringt den Rest dorthin, wo das interpolierte grobe Bild ihn zeigt: folgt Veränderungen der Landbedeckung, die grobe Pixel sehen.</translation>
</message>
<message>
<source>Update the NVIDIA driver, and check again; until then choose DEVICE=cpu.</source>
<translation>Aktualisieren Sie den NVIDIA-Treiber und prüfen Sie noch einmal; wählen Sie bis dahin DEVICE=cpu.</translation>
</message>
<message>
<source>UQI</source>
<translation>UQI</translation>
</message>
<message>
<source>UQI {} x {}, Q2n blocks {} x {}</source>
<translation>UQI {} x {}, Q2n-Blöcke {} x {}</translation>
</message>
<message>
<source>Validation</source>
<translation>Validierung</translation>
</message>
<message>
<source>Validation loss</source>
<translation>Validierungsverlust</translation>
</message>
<message>
<source>Validations</source>
<translation>Validierungen</translation>
</message>
<message>
<source>Value</source>
<translation>Wert</translation>
</message>
<message>
<source>Values of the bands</source>
<translation>Werte der Bänder</translation>
</message>
<message>
<source>verified: size and SHA-256 are those of the card</source>
<translation>geprüft: Größe und SHA-256 sind die der Modellkarte</translation>
</message>
<message>
<source>Version</source>
<translation>Version</translation>
</message>
<message>
<source>Version of lightning</source>
<translation>Version von lightning</translation>
</message>
<message>
<source>Version of numpy</source>
<translation>Version von numpy</translation>
</message>
<message>
<source>Version of ONNX Runtime</source>
<translation>Version von ONNX Runtime</translation>
</message>
<message>
<source>Version of Python</source>
<translation>Version von Python</translation>
</message>
<message>
<source>Version of torch</source>
<translation>Version von torch</translation>
</message>
<message>
<source>Versions of the packages</source>
<translation>Versionen der Pakete</translation>
</message>
<message>
<source>Views</source>
<translation>Ansichten</translation>
</message>
<message>
<source>Views at the scale of MS</source>
<translation>Ansichten in der Auflösung von MS</translation>
</message>
<message>
<source>VIPSTF</source>
<translation>VIPSTF</translation>
</message>
<message>
<source>Virtual rasters (VRT) and masks (GeoTIFF) are written here.</source>
<translation>Virtuelle Raster (VRT) und Masken (GeoTIFF) werden hierhin geschrieben.</translation>
</message>
<message>
<source>wavelength</source>
<translation>Wellenlänge</translation>
</message>
<message>
<source>Wavelength [nm]</source>
<translation>Wellenlänge [nm]</translation>
</message>
<message>
<source>Weight</source>
<translation>Gewicht</translation>
</message>
<message>
<source>Weights to start from</source>
<translation>Gewichte zum Beginn</translation>
</message>
<message>
<source>Weights two fine images, before and after the date, by how well each agrees with the coarse image of the date: stands haze and clouds that no mask shows.</source>
<translation>Gewichtet zwei feine Bilder, vor und nach dem Zieldatum, danach, wie gut jedes mit dem groben Bild des Zieldatums übereinstimmt: hält Dunst und Wolken stand, die keine Maske zeigt.</translation>
</message>
<message>
<source>What a pixel gets of the observations in it. The median stands clouds that no mask knows of, but needs many revisits.</source>
<translation>Was ein Pixel von den Beobachtungen in ihm bekommt. Der Median hält Wolken stand, die keine Maske kennt, braucht aber viele Wiederholungsaufnahmen.</translation>
</message>
<message>
<source>What a stored number is multiplied with for reflectance, such as 0.0001. 0 takes it from the files; integers without one that are as large as reflectance x 10000 are taken for that.</source>
<translation>Womit eine gespeicherte Zahl für Reflektanz multipliziert wird, etwa 0.0001. 0 nimmt es aus den Dateien; Ganzzahlen ohne Skala, die so groß sind wie Reflektanz x 10000, gelten als solche.</translation>
</message>
<message>
<source>What becomes of clouds and changes that neither a mask nor the comparison of the revisits showed: they lose their weight half-way, or the median over the revisits stands them (slower, and less sharp), or they count like all others.</source>
<translation>Was mit Wolken und Veränderungen geschieht, die weder eine Maske noch der Vergleich der Wiederholungsaufnahmen zeigte: sie verlieren auf halbem Weg ihr Gewicht, oder der Median über die Wiederholungsaufnahmen hält ihnen stand (langsamer und weniger scharf), oder sie zählen wie alle anderen.</translation>
</message>
<message>
<source>What computes; the result is the same. The engine's compiled code takes a third of the time that QGIS's own Python needs. What is not there is replaced by the processor, and the log says so.</source>
<translation>Was rechnet; das Ergebnis ist dasselbe. Der kompilierte Code der Rechenumgebung braucht ein Drittel der Zeit, die das Python von QGIS braucht. Was es nicht gibt, wird durch den Prozessor ersetzt, und das Protokoll sagt es.</translation>
</message>
<message>
<source>What fused the scene</source>
<translation>Womit die Szene fusioniert wurde</translation>
</message>
<message>
<source>What is better at the reduced scale need not be at the full one: look at the result.</source>
<translation>Was im verkleinerten Maßstab besser ist, muss es im vollen nicht sein: Sehen Sie sich das Ergebnis an.</translation>
</message>
<message>
<source>What is better on known dates need not be on the one to predict: look at the result.</source>
<translation>Was an bekannten Tagen besser ist, muss es am Zieldatum nicht sein: Sehen Sie sich das Ergebnis an.</translation>
</message>
<message>
<source>What it takes</source>
<translation>Was es bekommt</translation>
</message>
<message>
<source>What it tells</source>
<translation>Was sie sagt</translation>
</message>
<message>
<source>What predicted the date</source>
<translation>Was den Tag vorhergesagt hat</translation>
</message>
<message>
<source>What Prepare training patches has made.</source>
<translation>Was Trainings-Patches vorbereiten gemacht hat.</translation>
</message>
<message>
<source>What sharpened the scene</source>
<translation>Womit die Szene geschärft wurde</translation>
</message>
<message>
<source>What suits best: {} rows and {} columns down and to the right of the fused image; {} clear pixels.</source>
<translation>Was am besten passt: {} Zeilen nach unten und {} Spalten nach rechts, vom fusionierten Bild aus; {} klare Pixel.</translation>
</message>
<message>
<source>What the engine is for.</source>
<translation>Wofür die Rechenumgebung da ist.</translation>
</message>
<message>
<source>What the network learns to make small.</source>
<translation>Was das Netz klein zu machen lernt.</translation>
</message>
<message>
<source>What the network was trained on, separated by semicolons.</source>
<translation>Womit das Netz trainiert wurde, durch Semikolons getrennt.</translation>
</message>
<message>
<source>What the numbers in the output mean. Reflectance is the stored number times the scale plus the offset of the input, which must be known; any other physical value that they give comes out the same way.</source>
<translation>Was die Zahlen der Ausgabe bedeuten. Reflektanz ist die gespeicherte Zahl mal Skala plus Offset der Eingabe, die bekannt sein müssen; jede andere physikalische Größe, die sie ergeben, kommt ebenso heraus.</translation>
</message>
<message>
<source>what they mark is left out</source>
<translation>was sie markieren, wird ausgelassen</translation>
</message>
<message>
<source>What to do with the quality bands (clouds, shadows, saturation) of images that are products as delivered, and with the masks that were written beside prepared ones (ending in _mask.tif). Missing pixels are always left out.</source>
<translation>Was mit den Qualitätsbändern (Wolken, Schatten, Sättigung) von Bildern geschieht, die Produkte wie geliefert sind, und mit den Masken, die neben vorbereitete geschrieben wurden (mit der Endung _mask.tif). Fehlende Pixel werden immer ausgelassen.</translation>
</message>
<message>
<source>What to do with the quality bands (clouds, shadows, saturation) of inputs that are products as delivered. Missing pixels are always left out.</source>
<translation>Was mit den Qualitätsbändern (Wolken, Schatten, Sättigung) von Eingaben geschieht, die Produkte wie geliefert sind. Fehlende Pixel werden immer ausgelassen.</translation>
</message>
<message>
<source>What to do with the quality bands (clouds, shadows, saturation) of revisits that are products as delivered, and with the masks that were written beside prepared ones (ending in _mask.tif). Missing pixels are always left out.</source>
<translation>Was mit den Qualitätsbändern (Wolken, Schatten, Sättigung) von Wiederholungsaufnahmen geschieht, die Produkte wie geliefert sind, und mit den Masken, die neben vorbereitete geschrieben wurden (mit der Endung _mask.tif). Fehlende Pixel werden immer ausgelassen.</translation>
</message>
<message>
<source>What values were multiplied by before they entered the network: 1/2047 = 0.000488520 for numbers of 11 bits. Empty takes what is usual with the official code.</source>
<translation>Womit Werte multipliziert wurden, bevor sie in das Netz kamen: 1/2047 = 0.000488520 für Zahlen mit 11 Bit. Leer: wie beim offiziellen Code üblich.</translation>
</message>
<message>
<source>What was added after the scale. Empty takes 0.</source>
<translation>Was nach der Skala addiert wurde. Leer: 0.</translation>
</message>
<message>
<source>What was done with each date, from which pairs, and why not: CSV or JSON by the name.</source>
<translation>Was mit jedem Zeitpunkt gemacht wurde, aus welchen Paaren, und warum nicht: CSV oder JSON, je nach Namen.</translation>
</message>
<message>
<source>When COARSE_TARGET was taken, such as 2024-02-15. Empty takes it from the metadata or the file names.</source>
<translation>Wann COARSE_TARGET aufgenommen wurde, etwa 2024-02-15. Leer: aus den Metadaten oder den Dateinamen.</translation>
</message>
<message>
<source>When FINE_1 and COARSE_1 were taken, such as 2024-01-31. Empty takes it from the metadata or the file names.</source>
<translation>Wann FINE_1 und COARSE_1 aufgenommen wurden, etwa 2024-01-31. Leer: aus den Metadaten oder den Dateinamen.</translation>
</message>
<message>
<source>When FINE_2 and COARSE_2 were taken, if they are given. Empty takes it from the metadata or the file names.</source>
<translation>Wann FINE_2 und COARSE_2 aufgenommen wurden, wenn sie angegeben sind. Leer: aus den Metadaten oder den Dateinamen.</translation>
</message>
<message>
<source>When it has to be finished, scores and model included; the learning rate is brought down in time. 0 sets no limit.</source>
<translation>Wann es fertig sein muss, Bewertungen und Modell eingeschlossen; die Lernrate wird rechtzeitig abgesenkt. 0 setzt keine Grenze.</translation>
</message>
<message>
<source>Where a network runs, and what computes the sums of a classical method with a moving window, whose result is the same everywhere. What is not there is replaced by the processor, and the log says so.</source>
<translation>Wo ein neuronales Netz läuft, und was die Summen einer klassischen Methode mit gleitendem Fenster berechnet, deren Ergebnis überall dasselbe ist. Was es nicht gibt, wird durch den Prozessor ersetzt, und das Protokoll sagt es.</translation>
</message>
<message>
<source>Where a network runs. What is not there is replaced by the processor, and the log says so.</source>
<translation>Wo ein neuronales Netz läuft. Was es nicht gibt, wird durch den Prozessor ersetzt, und das Protokoll sagt es.</translation>
</message>
<message>
<source>Where all settings come from that are not given here.</source>
<translation>Die Vorgabe, aus der alle Einstellungen kommen, die hier nicht angegeben sind.</translation>
</message>
<message>
<source>Where card and weights go; the name of the folder becomes that of the model.</source>
<translation>Wohin Modellkarte und Gewichte kommen; der Name des Ordners wird der des Modells.</translation>
</message>
<message>
<source>Where it was unpacked.</source>
<translation>Wo er ausgepackt wurde.</translation>
</message>
<message>
<source>Where measured</source>
<translation>Ort der Messung</translation>
</message>
<message>
<source>Where networks run: auto takes a GPU that works, else the processor.</source>
<translation>Wo neuronale Netze laufen: auto nimmt eine GPU, die funktioniert, sonst den Prozessor.</translation>
</message>
<message>
<source>Where networks will run.</source>
<translation>Wo neuronale Netze laufen werden.</translation>
</message>
<message>
<source>Where pixels come from</source>
<translation>Woher Pixel kommen</translation>
</message>
<message>
<source>Where the preview is made. Empty takes the centre of the map, and without a map (in a model, in batch outside of QGIS) the centre of the scene.</source>
<translation>Wo die Vorschau gemacht wird. Leer: in der Mitte der Karte, und ohne Karte (in einem Modell, als Stapel außerhalb von QGIS) in der Mitte der Szene.</translation>
</message>
<message>
<source>Where your own models lie; empty takes the usual place.</source>
<translation>Wo Ihre eigenen Modelle liegen; leer: der übliche Ort.</translation>
</message>
<message>
<source>Whether its files are those of the card</source>
<translation>Ob seine Dateien die der Modellkarte sind</translation>
</message>
<message>
<source>Whether the output holds numbers as the input does, with its scale and offset, or physical values (reflectance, radiance) as 32-bit floats.</source>
<translation type="vanished">Ob die Ausgabe Zahlen enthält wie die Eingabe, mit deren Skala und Offset, oder physikalische Werte (Reflektanz, Strahldichte) als 32-Bit-Gleitkommazahlen.</translation>
</message>
<message>
<source>Whether the scale below is applied to physical values (reflectance) or to numbers as they are stored (DN).</source>
<translation>Ob die Skala unten für physikalische Werte (Reflektanz) gilt oder für Zahlen, wie sie gespeichert sind (DN).</translation>
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
<source>Which bands of the multispectral image were sharpened, in order, such as 1,2,3. Empty takes all.</source>
<translation>Welche Bänder des Multispektralbildes geschärft wurden, der Reihe nach, etwa 1,2,3. Leer: alle.</translation>
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
<translation>Welche Bilder des Produkts gewünscht sind, durch Kommas getrennt: ms, pan, thermal (Landsat); 10m, 20m, 60m (Sentinel-2); ms, pan (Pleiades, SPOT, WorldView). Leer: alle.</translation>
</message>
<message>
<source>Which methods to compare. None chosen takes all.</source>
<translation type="vanished">Welche Methoden verglichen werden. Keine gewählt: alle.</translation>
</message>
<message>
<source>Which methods to compare: of pansharpening for MS, of super-resolution for revisits, of SatFusion and pansharpening for revisits with a panchromatic image. None chosen takes all that suit.</source>
<translation>Welche Methoden verglichen werden: für MS solche der Bildschärfung, für Wiederholungsaufnahmen solche der Superauflösung, für Wiederholungsaufnahmen mit einem panchromatischen Bild SatFusion und solche der Bildschärfung. Keine gewählt: alle, die passen.</translation>
</message>
<message>
<source>Which methods to compare; the baselines always take part. None chosen takes all that can be run.</source>
<translation>Welche Methoden verglichen werden; die Grundlinien nehmen immer teil. Keine gewählt: alle, die sich ausführen lassen.</translation>
</message>
<message>
<source>Which network adds PAN's detail, where it begins from nothing.</source>
<translation>Welches Netz das Detail von PAN hinzufügt, wo es von Grund auf beginnt.</translation>
</message>
<message>
<source>Which network is fitted where it begins from nothing.</source>
<translation>Welches Netz angepasst wird, wo es von Grund auf beginnt.</translation>
</message>
<message>
<source>Which network is fitted where it begins from nothing. Learned unmixing is the quickest to learn.</source>
<translation>Welches Netz angepasst wird, wenn es von nichts beginnt. Gelerntes Entmischen lernt am schnellsten.</translation>
</message>
<message>
<source>Which network is trained. EDC-STFN, DCSTFN and ECPW-STFN are small and learn in minutes on a processor; the adversarial ones take a few times as long for a step, and SwinSTFM and STFDiff want a GPU. MUSTFN, RSFN and AMS-STF need patches of two pairs.</source>
<translation>Welches Netz trainiert wird. EDC-STFN, DCSTFN und ECPW-STFN sind klein und lernen in Minuten auf einem Prozessor; die mit Diskriminator brauchen für einen Schritt ein paarmal so lange, und SwinSTFM und STFDiff brauchen eine GPU. MUSTFN, RSFN und AMS-STF brauchen Patches mit zwei Paaren.</translation>
</message>
<message>
<source>Which network is trained. FusionNet, DiCNN and PNN are small and learn in minutes on a processor; ARConv, Pan-Mamba and INNformer want a GPU.</source>
<translation>Welches Netz trainiert wird. FusionNet, DiCNN und PNN sind klein und lernen in Minuten auf einem Prozessor; ARConv, Pan-Mamba und INNformer brauchen eine GPU.</translation>
</message>
<message>
<source>Which network is trained. With few features HighRes-net and SRCNN learn in minutes on a processor; RAMS and TR-MISR want a GPU.</source>
<translation>Welches Netz trainiert wird. Mit wenigen Merkmalen lernen HighRes-net und SRCNN in Minuten auf einem Prozessor; RAMS und TR-MISR brauchen eine GPU.</translation>
</message>
<message>
<source>Which network puts the revisits together, where it begins from nothing.</source>
<translation>Welches Netz die Wiederholungsaufnahmen zusammenführt, wo es von Grund auf beginnt.</translation>
</message>
<message>
<source>Which official code the checkpoint is from, such as dlpan.pnn. Empty finds it by the names and shapes of the weights; where several would fit, the error names them.</source>
<translation>Aus welchem offiziellen Code der Checkpoint stammt, etwa dlpan.pnn. Leer: er wird an den Namen und Formen der Gewichte erkannt; wo mehrere passen, nennt der Fehler sie.</translation>
</message>
<message>
<source>Which scores are computed.</source>
<translation>Welche Bewertungen berechnet werden.</translation>
</message>
<message>
<source>Whom to name for the weights. Empty names the official code.</source>
<translation>Wer für die Gewichte zu nennen ist. Leer: der offizielle Code.</translation>
</message>
<message>
<source>Whose folder it is.</source>
<translation>Wessen Ordner es ist.</translation>
</message>
<message>
<source>Why it ended: finished, time or cancelled</source>
<translation>Warum es endete: finished (fertig), time (Zeit) oder cancelled (abgebrochen)</translation>
</message>
<message>
<source>Width [nm]</source>
<translation>Breite [nm]</translation>
</message>
<message>
<source>Width of the network</source>
<translation>Breite des Netzes</translation>
</message>
<message>
<source>Wildcards that choose among the files, separated by commas, such as landsat8_*; one that begins with ! leaves files out, such as !*_gaps*. Empty takes all.</source>
<translation>Platzhalter, die unter den Dateien wählen, durch Kommas getrennt, etwa landsat8_*; einer, der mit ! beginnt, lässt Dateien aus, etwa !*_gaps*. Leer: alle.</translation>
</message>
<message>
<source>Window of the fit</source>
<translation>Fenster der Anpassung</translation>
</message>
<message>
<source>Window of the unmixing</source>
<translation>Fenster der Entmischung</translation>
</message>
<message>
<source>Window of UQI</source>
<translation>Fenster von UQI</translation>
</message>
<message>
<source>Window size</source>
<translation>Größe des Verarbeitungsfensters</translation>
</message>
<message>
<source>Windows</source>
<translation>Fenster</translation>
</message>
<message>
<source>Windows used: SSIM {}, UQI {}, SCC {}.</source>
<translation>Benutzte Fenster: SSIM {}, UQI {}, SCC {}.</translation>
</message>
<message>
<source>With a panchromatic image</source>
<translation>Mit einem panchromatischen Bild</translation>
</message>
<message>
<source>with masks of what counts in each</source>
<translation>mit Masken dessen, was in jedem zählt</translation>
</message>
<message>
<source>With revisits instead of one multispectral image, methods for multi-image super-resolution are compared: all revisits are made coarser, each on a grid of its own, and the reference as it was is the truth where it is clear. With revisits and a panchromatic image, SatFusion competes with classical pansharpening of the reference alone, and with super-resolution followed by pansharpening.</source>
<translation>Mit Wiederholungsaufnahmen statt eines einzigen Multispektralbildes werden Methoden der Superauflösung aus mehreren Bildern verglichen: alle Wiederholungsaufnahmen werden vergröbert, jede auf ihrem eigenen Gitter, und die Referenz, wie sie war, ist die Wahrheit, wo sie klar ist. Mit Wiederholungsaufnahmen und einem panchromatischen Bild tritt SatFusion gegen die klassische Schärfung der Referenz allein an und gegen Superauflösung mit anschließender Schärfung.</translation>
</message>
<message>
<source>Without it, the licence is shown in the log and nothing but the card is fetched.</source>
<translation>Ohne dies wird die Lizenz im Protokoll gezeigt und nichts als die Modellkarte geholt.</translation>
</message>
<message>
<source>without masks</source>
<translation>ohne Masken</translation>
</message>
<message>
<source>Works on wavelets of the fine image and of its difference from the coarse image of the date, then refines. Needs no coarse image of the fine image's date.</source>
<translation>Arbeitet mit Wavelets des feinen Bildes und seiner Differenz zum groben Bild des Zieldatums und verfeinert dann. Braucht kein grobes Bild vom Datum des feinen Bildes.</translation>
</message>
<message>
<source>works: {:.2f} ms</source>
<translation>funktioniert: {:.2f} ms</translation>
</message>
<message>
<source>WorldStrat: Sentinel-2 and SPOT</source>
<translation>WorldStrat: Sentinel-2 und SPOT</translation>
</message>
<message>
<source>WorldStrat: the folders lr_dataset and hr_dataset; its reference was itself sharpened with the panchromatic image that goes with it, which the model's card will say. PROBA-V: folders imgsetNNNN with LR, QM, HR and SM. Look at their terms of use before you publish a network that learned from them.</source>
<translation>WorldStrat: die Ordner lr_dataset und hr_dataset; seine Referenz wurde selbst mit dem panchromatischen Bild geschärft, das dazugehört, was die Modellkarte sagen wird. PROBA-V: Ordner imgsetNNNN mit LR, QM, HR und SM. Sehen Sie die Nutzungsbedingungen an, bevor Sie ein Netz veröffentlichen, das daraus gelernt hat.</translation>
</message>
<message>
<source>WorldView-2</source>
<translation>WorldView-2</translation>
</message>
<message>
<source>WorldView-2, eight bands, 11 bits</source>
<translation>WorldView-2, acht Bänder, 11 Bit</translation>
</message>
<message>
<source>WorldView-3</source>
<translation>WorldView-3</translation>
</message>
<message>
<source>WorldView-3, eight bands, 11 bits</source>
<translation>WorldView-3, acht Bänder, 11 Bit</translation>
</message>
<message>
<source>Write a PAN</source>
<translation>Ein PAN schreiben</translation>
</message>
<message>
<source>Write masks</source>
<translation>Masken schreiben</translation>
</message>
<message>
<source>Write the truth</source>
<translation>Die Wahrheit schreiben</translation>
</message>
<message>
<source>Writes a model's network as an ONNX file beside its weights. ONNX Runtime runs it without torch, and usually faster on a processor.</source>
<translation>Schreibt das Netz eines Modells als ONNX-Datei neben seine Gewichte. ONNX Runtime führt es ohne torch aus, und auf einem Prozessor meist schneller.</translation>
</message>
<message>
<source>Writes for each image a mask that is 1 where the product's quality band says that a pixel is not to be used: fill, cloud, cloud shadow, cirrus, saturation.</source>
<translation>Schreibt für jedes Bild eine Maske, die 1 ist, wo das Qualitätsband des Produkts sagt, dass ein Pixel nicht zu benutzen ist: Füllwert, Wolke, Wolkenschatten, Zirrus, Sättigung.</translation>
</message>
<message>
<source>Wrote {}; it differs from the network by {} at most.</source>
<translation>{} geschrieben; es weicht vom Netz um höchstens {} ab.</translation>
</message>
<message>
<source>Wuhan: GaoFen and Landsat 8</source>
<translation>Wuhan: GaoFen und Landsat 8</translation>
</message>
<message>
<source>yes</source>
<translation>ja</translation>
</message>
<message>
<source>your models</source>
<translation>eigene Modelle</translation>
</message>
<message>
<source>your own images</source>
<translation>Ihre eigenen Bilder</translation>
</message>
<message>
<source>Your own models are in {}</source>
<translation>Ihre eigenen Modelle sind in {}</translation>
</message>
<message>
<source>{:.1f} of {:.1f} GiB free</source>
<translation>{:.1f} von {:.1f} GiB frei</translation>
</message>
<message>
<source>{} and {} are a tie.</source>
<translation>{} und {} sind gleichauf.</translation>
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
<source>{} has the lowest ERGAS, {}, but it is a tie with {}: the differences lie inside their 95 % intervals.</source>
<translation>{} hat das kleinste ERGAS, {}, ist aber gleichauf mit {}: die Differenzen liegen in ihren 95-%-Intervallen.</translation>
</message>
<message>
<source>{} is best: ERGAS {}, better than every other method by more than the interval of the difference.</source>
<translation>{} ist am besten: ERGAS {}, besser als jede andere Methode um mehr als das Intervall der Differenz.</translation>
</message>
<message>
<source>{} is needed, as it cannot be found: {}</source>
<translation>{} wird gebraucht, da nicht zu finden: {}</translation>
</message>
<message>
<source>{} may be left out.</source>
<translation>{} darf fehlen.</translation>
</message>
<message>
<source>{} min</source>
<translation>{} min</translation>
</message>
<message>
<source>{} MS pixels, {} fused pixels a side; {} used, {} left out</source>
<translation>{} MS-Pixel, {} fusionierte Pixel je Seite; {} benutzt, {} ausgelassen</translation>
</message>
<message>
<source>{} of the validation patches (0 is best)</source>
<translation>{} der Validierungs-Patches (am besten 0)</translation>
</message>
<message>
<source>{} pixels around it</source>
<translation>{} Pixeln ringsum</translation>
</message>
<message>
<source>{} s</source>
<translation>{} s</translation>
</message>
<message>
<source>{} to {}</source>
<translation>{} bis {}</translation>
</message>
<message>
<source>{} used, {} masked, {} not finite</source>
<translation>{} benutzt, {} maskiert, {} nicht endlich</translation>
</message>
<message>
<source>{} was scored alone: ERGAS {}.</source>
<translation>{} wurde allein bewertet: ERGAS {}.</translation>
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
<source>{} x {} MS pixels</source>
<translation>{} x {} MS-Pixel</translation>
</message>
<message>
<source>{} x {} MS pixels, without a border of {}</source>
<translation>{} x {} MS-Pixel, ohne einen Rand von {}</translation>
</message>
<message>
<source>{} x {} pixels</source>
<translation>{} x {} Pixel</translation>
</message>
<message>
<source>{}, from {}</source>
<translation>{}, aus {}</translation>
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
<source>{}: mask</source>
<translation>{}: Maske</translation>
</message>
<message>
<source>{}: no method beats the baselines: {} has an RMSE of {}, and {} has {}.</source>
<translation>{}: keine Methode schlägt die Grundlinien: {} hat einen RMSE von {}, und {} hat {}.</translation>
</message>
<message>
<source>{}: order of the files ({}): {}</source>
<translation>{}: Reihenfolge der Dateien ({}): {}</translation>
</message>
<message>
<source>{}: the best method, {}, with an RMSE of {}, is a tie with the best baseline, {}, with {}.</source>
<translation>{}: die beste Methode, {}, ist mit einem RMSE von {} gleichauf mit der besten Grundlinie, {}, mit {}.</translation>
</message>
<message>
<source>{}: there are only {} blocks, so the intervals say little.</source>
<translation>{}: es gibt nur {} Blöcke, die Intervalle besagen also wenig.</translation>
</message>
<message>
<source>{}: verified</source>
<translation>{}: geprüft</translation>
</message>
<message>
<source>{}: {}</source>
<translation>{}: {}</translation>
</message>
<message>
<source>{}: {} bands; the network gets {}.</source>
<translation>{}: {} Bänder; das Netz bekommt {}.</translation>
</message>
<message>
<source>{}: {} images</source>
<translation>{}: {} Bilder</translation>
</message>
<message>
<source>{}: {} images or more</source>
<translation>{}: {} Bilder oder mehr</translation>
</message>
<message>
<source>{}: {} is best with an RMSE of {}; the best baseline, {}, has {}, and that is no tie.</source>
<translation>{}: {} ist mit einem RMSE von {} am besten; die beste Grundlinie, {}, hat {}, und das ist kein Gleichstand.</translation>
</message>
<message>
<source>{}: {} to {} images</source>
<translation>{}: {} bis {} Bilder</translation>
</message>
<message>
<source>{}: {}. {}</source>
<translation>{}: {}. {}</translation>
</message>
</context>
</TS>
