<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
<context>
<name>SatFusion</name>
<message>
<source>(1 - D_lambda) (1 - D_s). It rewards blur.</source>
<translation>(1 - D_lambda) (1 - D_s). Récompense le flou.</translation>
</message>
<message>
<source>(1 - D_lambda) (1 - D_s). It rewards blur: never rank by it alone.</source>
<translation>(1 - D_lambda) (1 - D_s). Récompense le flou : ne classez jamais par lui seul.</translation>
</message>
<message>
<source>(1 - D_lambda_K) (1 - D_s).</source>
<translation>(1 - D_lambda_K) (1 - D_s).</translation>
</message>
<message>
<source>(1 - D_lambda_K) (1 - D_s): colour and detail at full scale.</source>
<translation>(1 - D_lambda_K) (1 - D_s) : couleur et détail à pleine échelle.</translation>
</message>
<message>
<source>, cut to {} to {}</source>
<translation>, bornées entre {} et {}</translation>
</message>
<message>
<source>, then less the mean and over the standard deviation of {}</source>
<translation>, puis centrées et réduites par la moyenne et l'écart type {}</translation>
</message>
<message>
<source>, trained with {}</source>
<translation>, apprentissage avec {}</translation>
</message>
<message>
<source>, without a border of {} pixels</source>
<translation>, sans un bord de {} pixels</translation>
</message>
<message>
<source>0 makes patches for pansharpening. Otherwise so many revisits are simulated from each reference, with shifts, blur, noise and clouds, for patches for SatFusion.</source>
<translation>0 fait des imagettes pour l'affinage panchromatique. Sinon, autant de revisites sont simulées à partir de chaque référence, avec décalages, flou, bruit et nuages, pour des imagettes pour SatFusion.</translation>
</message>
<message>
<source>0.3 square error, 0.3 absolute error, 0.2 structural similarity, 0.2 spectral angle</source>
<translation>0.3 erreur quadratique, 0.3 erreur absolue, 0.2 similarité structurelle, 0.2 angle spectral</translation>
</message>
<message>
<source>1 - Q2n of MS and of the fused image degraded with the MTF of the MS sensor onto the MS grid.</source>
<translation>1 - Q2n de MS et de l'image fusionnée dégradée avec la FTM du capteur MS sur la grille MS.</translation>
</message>
<message>
<source>1 - sum of squared errors / sum of squared deviations of the reference; over all: mean over the bands.</source>
<translation>1 - somme des carrés des erreurs / somme des carrés des écarts de la référence ; global : moyenne sur les bandes.</translation>
</message>
<message>
<source>1 for networks that predict from one pair of a fine and a coarse image, 2 for those that take one before and one after the date.</source>
<translation>1 pour les réseaux qui prédisent à partir d'un couple formé d'une image fine et d'une image grossière, 2 pour ceux qui en prennent un avant et un après la date.</translation>
</message>
<message>
<source>1 when networks can run, else 0</source>
<translation>1 si des réseaux peuvent s'exécuter, sinon 0</translation>
</message>
<message>
<source>100 / M * sqrt(mean over bands of RMSE^2) in percent, M = mean of the reference over all bands.</source>
<translation>100 / M * sqrt(moyenne sur les bandes de RMSE^2) en pour cent, M = moyenne de la référence sur toutes les bandes.</translation>
</message>
<message>
<source>100 / ratio * sqrt(mean over bands of (RMSE / mean of the reference)^2), ratio = MS pixel / PAN pixel; none if a mean is zero.</source>
<translation>100 / rapport * sqrt(moyenne sur les bandes de (RMSE / moyenne de la référence)^2), rapport = pixel MS / pixel PAN ; aucun si une moyenne est nulle.</translation>
</message>
<message>
<source>16-bit integers, 10000 times the reflectance (scale 0.0001, no data -32768)</source>
<translation>entiers de 16 bits, 10000 fois la réflectance (échelle 0.0001, sans donnée -32768)</translation>
</message>
<message>
<source>20 log10(data range / RMSE) in dB; over all: from the pooled RMSE; none for identical images.</source>
<translation>20 log10(plage des données / RMSE) en dB ; global : d'après la RMSE groupée ; aucun pour des images identiques.</translation>
</message>
<message>
<source>32-bit floats</source>
<translation>flottants de 32 bits</translation>
</message>
<message>
<source>95 % interval</source>
<translation>Intervalle à 95 %</translation>
</message>
<message>
<source>95 %, bootstrap of blocks of {} x {} fine pixels, {} draws</source>
<translation>95 %, bootstrap sur des blocs de {} x {} pixels fins, {} tirages</translation>
</message>
<message>
<source>95 %, bootstrap of {} blocks of {} x {} MS pixels, {} draws</source>
<translation>95 %, bootstrap sur {} blocs de {} x {} pixels MS, {} tirages</translation>
</message>
<message>
<source>A checkpoint is opened as data: one that needs to run code is refused. This needs the engine with torch; an ONNX file does with ONNX Runtime.</source>
<translation>Un checkpoint est ouvert comme des données : s'il a besoin d'exécuter du code, il est refusé. Il faut pour cela le moteur avec torch ; pour un fichier ONNX, ONNX Runtime suffit.</translation>
</message>
<message>
<source>A date for each revisit, such as 2024-01-31, separated by commas, in their order. Empty takes them from the metadata of products, else from the names of files or bands.</source>
<translation>Une date pour chaque revisite, par exemple 2024-01-31, séparées par des virgules, dans leur ordre. Vide : elles sont lues dans les métadonnées des produits, sinon dans les noms des fichiers ou des bandes.</translation>
</message>
<message>
<source>A date that cannot be predicted is reported and the others go on. A series that was stopped goes on where it was.</source>
<translation>Une date qui ne peut pas être prédite est signalée, et les autres continuent. Une série interrompue reprend là où elle en était.</translation>
</message>
<message>
<source>A deep branch with kernels of several sizes beside a shallow one.</source>
<translation>Une branche profonde à noyaux de plusieurs tailles à côté d'une branche peu profonde.</translation>
</message>
<message>
<source>A fine image of another date, best on the other side of the one to predict. Methods for two pairs need it; others use the better pair at each place.</source>
<translation>Une image fine d'une autre date, de préférence de l'autre côté de la date à prédire. Les méthodes à deux couples en ont besoin ; les autres utilisent à chaque endroit le meilleur des deux couples.</translation>
</message>
<message>
<source>A JSON file that names models, their licences and addresses. Empty takes SatFusion's own.</source>
<translation>Un fichier JSON qui nomme des modèles, leurs licences et leurs adresses. Vide : celui de SatFusion.</translation>
</message>
<message>
<source>A model whose card is damaged is named with what is wrong.</source>
<translation>Un modèle dont la fiche est endommagée est nommé, avec ce qui ne va pas.</translation>
</message>
<message>
<source>A network fitted to the scene</source>
<translation>Un réseau adapté à la scène</translation>
</message>
<message>
<source>A number of steps in place of the time, so that a repeated run gives the same on the same processor. 0 takes the time.</source>
<translation>Un nombre d'itérations au lieu de la durée, pour qu'un traitement répété donne la même chose sur le même processeur. 0 : la durée.</translation>
</message>
<message>
<source>A page with scores and pictures in one HTML file; it opens in the results viewer and in any browser.</source>
<translation>Une page avec les notes et des images dans un seul fichier HTML ; elle s'ouvre dans la visionneuse de résultats et dans tout navigateur.</translation>
</message>
<message>
<source>A page with the curves of the loss and the scores, written anew at each validation: look at it while it runs.</source>
<translation>Une page avec les courbes de la perte et des notes, réécrite à chaque validation : consultez-la pendant l'apprentissage.</translation>
</message>
<message>
<source>A page with the scores that were compared.</source>
<translation>Une page avec les notes comparées.</translation>
</message>
<message>
<source>A pixel depends on</source>
<translation>Un pixel dépend de</translation>
</message>
<message>
<source>A place is one more than the number of methods that are better by more than the interval of the difference, so methods may share a place. The bar is the 95 % interval of the score itself; two bars may overlap and the methods still differ, because differences are drawn on the same blocks. Shaded: the interval of the first.</source>
<translation>Un rang vaut un de plus que le nombre de méthodes meilleures de plus que l'intervalle de la différence : des méthodes peuvent donc partager un rang. La barre est l'intervalle à 95 % de la note elle-même ; deux barres peuvent se recouvrir et les méthodes différer quand même, car les différences sont tirées sur les mêmes blocs. En grisé : l'intervalle de la première.</translation>
</message>
<message>
<source>a published data set where the fine images' folder is one, else your own images</source>
<translation>un jeu de données publié si le dossier des images fines en est un, sinon vos propres images</translation>
</message>
<message>
<source>A raster for each revisit, in their order and on its grid, or one raster with a band for each: where it is not 0, the revisit is not used. They take the place of other masks.</source>
<translation>Un raster pour chaque revisite, dans leur ordre et sur sa grille, ou un seul raster avec une bande pour chacune : là où il n'est pas 0, la revisite n'est pas utilisée. Ils prennent la place des autres masques.</translation>
</message>
<message>
<source>A raster on the image's grid: where it is not 0, the image is not used. It takes the place of other masks.</source>
<translation>Un raster sur la grille de l'image : là où il n'est pas 0, l'image n'est pas utilisée. Il prend la place des autres masques.</translation>
</message>
<message>
<source>A raster that SatFusion wrote: its metadata hold the job.</source>
<translation>Un raster écrit par SatFusion : ses métadonnées contiennent le travail.</translation>
</message>
<message>
<source>A split for each image, in their order and separated by commas: train, validation or test. Empty cuts every image by place.</source>
<translation>Un sous-ensemble pour chaque image, dans leur ordre et séparés par des virgules : train, validation ou test. Vide : chaque image est découpée par lieu.</translation>
</message>
<message>
<source>A split for each scene, in their order and separated by commas: train, validation or test. Empty cuts every scene by place: blocks of it go whole to train, validation or test, with a buffer between them.</source>
<translation>Un sous-ensemble pour chaque scène, dans leur ordre et séparés par des virgules : train, validation ou test. Vide : chaque scène est découpée par lieu ; des blocs entiers vont à train, validation ou test, avec une zone tampon entre eux.</translation>
</message>
<message>
<source>A transformer over the revisits of each pixel: their order and number do not matter, and clouded pixels are left out one by one. Adds detail to the back-projection.</source>
<translation>Un transformeur sur les revisites de chaque pixel : leur ordre et leur nombre n'importent pas, et les pixels nuageux sont exclus un par un. Ajoute du détail à la rétroprojection.</translation>
</message>
<message>
<source>A U-shaped network whose convolutions stretch to the height and width of what they look at. The largest of these networks.</source>
<translation>Un réseau en U dont les convolutions s'étirent à la hauteur et à la largeur de ce qu'elles regardent. Le plus gros de ces réseaux.</translation>
</message>
<message>
<source>About how many pixels of the window count as similar: those spectrally nearest to the centre.</source>
<translation>Nombre approximatif de pixels de la fenêtre qui comptent comme semblables : ceux dont le spectre est le plus proche de celui du centre.</translation>
</message>
<message>
<source>About so many at most, drawn evenly from all combinations of dates; 0 takes all, which may fill the disk: ten dates have 90 combinations.</source>
<translation>Environ autant au plus, tirées uniformément parmi toutes les combinaisons de dates ; 0 les prend toutes, ce qui peut remplir le disque : dix dates ont 90 combinaisons.</translation>
</message>
<message>
<source>About {} left</source>
<translation>Encore {} environ</translation>
</message>
<message>
<source>Add the images to the project</source>
<translation>Ajouter les images au projet</translation>
</message>
<message>
<source>Added [{}]</source>
<translation>Ajouté [{}]</translation>
</message>
<message>
<source>Added change</source>
<translation>Changement ajouté</translation>
</message>
<message>
<source>Added change (baseline)</source>
<translation>Changement ajouté (référence de base)</translation>
</message>
<message>
<source>Adds PAN's detail over the intensity that best explains PAN, with one gain for each band. Sharp; robust where the bands together cover PAN's spectral range.</source>
<translation>Ajoute le détail de PAN par rapport à l'intensité qui explique le mieux PAN, avec un gain par bande. Net ; robuste là où les bandes couvrent ensemble le domaine spectral de PAN.</translation>
</message>
<message>
<source>Adds PAN's detail over the mean of the bands, with one gain for each band. Widely used; take GSA, whose intensity is regressed from the scene.</source>
<translation>Ajoute le détail de PAN par rapport à la moyenne des bandes, avec un gain par bande. Très répandue ; prenez GSA, dont l'intensité est régressée sur la scène.</translation>
</message>
<message>
<source>Adds PAN's wavelet planes in proportion to each pixel's spectrum. Keeps the colour; a long-standing reference.</source>
<translation>Ajoute les plans d'ondelettes de PAN en proportion du spectre de chaque pixel. Conserve la couleur ; une référence de longue date.</translation>
</message>
<message>
<source>Adds smaller copies of the image to the file, so that it is drawn quickly at small scales.</source>
<translation>Ajoute au fichier des copies réduites de l'image, afin qu'elle s'affiche vite aux petites échelles.</translation>
</message>
<message>
<source>Adds the coarse change to the fine image, averaged over similar pixels nearby. The common choice for gradual change in fields larger than a coarse pixel; takes one or two pairs.</source>
<translation>Ajoute à l'image fine le changement des images grossières, en moyenne sur des pixels semblables voisins. Le choix courant pour un changement progressif dans des champs plus grands qu'un pixel grossier ; prend un ou deux couples.</translation>
</message>
<message>
<source>Adds the detail that the sensor's blur took away, found with its MTF, with one full-scale gain for each band. The safest choice for most scenes.</source>
<translation>Ajoute le détail que le flou du capteur a enlevé, trouvé avec sa FTM, avec un gain à pleine échelle par bande. Le choix le plus sûr pour la plupart des scènes.</translation>
</message>
<message>
<source>Adds the detail that the sensor's blur took away, from PAN matched to each band. For comparison; MTF-GLP-FS has better gains.</source>
<translation>Ajoute le détail que le flou du capteur a enlevé, tiré de PAN ajusté à chaque bande. Pour comparaison ; MTF-GLP-FS a de meilleurs gains.</translation>
</message>
<message>
<source>Adds to each band the mixture of PAN and all bands that best gives back the detail one scale up. Sharp; its constrained form is robust.</source>
<translation>Ajoute à chaque bande le mélange de PAN et de toutes les bandes qui restitue le mieux le détail à l'échelle supérieure. Net ; sa forme contrainte est robuste.</translation>
</message>
<message>
<source>Adds to the estimate of</source>
<translation>Ajoute à l'estimation de</translation>
</message>
<message>
<source>Adds to the fine image's features what those of the coarse images change by, at half the size: the first network of its kind, and smoother than EDC-STFN. With one pair or two.</source>
<translation>Ajoute aux caractéristiques de l'image fine ce dont changent celles des images grossières, à la moitié de la taille : le premier réseau de ce genre, plus lisse qu'EDC-STFN. Avec un ou deux couples.</translation>
</message>
<message>
<source>Adds what a box filter takes away from PAN, matched to each band. Simple; take an MTF-GLP method where the sensor's blur is known.</source>
<translation>Ajoute ce qu'un filtre moyenneur enlève à PAN, ajusté à chaque bande. Simple ; prenez une méthode MTF-GLP là où le flou du capteur est connu.</translation>
</message>
<message>
<source>AHB (Ar Horqin Banner): Landsat 8 and MODIS</source>
<translation>AHB (Ar Horqin Banner) : Landsat 8 et MODIS</translation>
</message>
<message>
<source>all</source>
<translation>tous</translation>
</message>
<message>
<source>All bands</source>
<translation>Toutes les bandes</translation>
</message>
<message>
<source>All files (*)</source>
<translation>Tous les fichiers (*)</translation>
</message>
<message>
<source>All images are degraded by the ratio of their pixels, so that the reference revisit is the truth (Wald's protocol). A fifth of it is held out. The network learns from the rest for the time given, and is compared on what was held out with what needs no training: pansharpening of the reference alone, back-projection of the revisits with PAN's detail, and back-projection followed by pansharpening. Only where it is better by 2 % in ERGAS, and no worse in spectral angle, it fuses the scene; otherwise the best of the others does. The log says which, and by how much.</source>
<translation>Toutes les images sont dégradées du rapport de leurs pixels, de sorte que la revisite de référence est la vérité (protocole de Wald). Un cinquième en est mis de côté. Le réseau apprend du reste pendant le temps donné, et est comparé sur ce qui a été mis de côté avec ce qui ne demande aucun apprentissage : l'affinage panchromatique de la référence seule, la rétroprojection des revisites avec le détail de PAN, et la rétroprojection suivie d'un affinage panchromatique. C'est seulement s'il est meilleur de 2 % en ERGAS, et pas moins bon en angle spectral, qu'il fusionne la scène ; sinon, la meilleure des autres méthodes s'en charge. Le journal dit qui l'a emporté, et de combien.</translation>
</message>
<message>
<source>All images in one raster, one date after the other, with dates in the band names.</source>
<translation>Toutes les images dans un seul raster, une date après l'autre, avec les dates dans les noms des bandes.</translation>
</message>
<message>
<source>All methods are scored on the same pixels. Baselines are shaded; a method that is not better than the best of them by more than the interval of the difference brings nothing here. Methods may share a place.</source>
<translation>Toutes les méthodes sont notées sur les mêmes pixels. Les références de base sont grisées ; une méthode qui n'est pas meilleure que la meilleure d'entre elles de plus que l'intervalle de la différence n'apporte rien ici. Des méthodes peuvent partager un rang.</translation>
</message>
<message>
<source>All scores as JSON, with the definition of each.</source>
<translation>Toutes les notes en JSON, avec la définition de chacune.</translation>
</message>
<message>
<source>All scores, for each band and over all bands, as JSON.</source>
<translation type="vanished">Toutes les notes, pour chaque bande et pour toutes les bandes, en JSON.</translation>
</message>
<message>
<source>all steps (DDPM)</source>
<translation>toutes les étapes (DDPM)</translation>
</message>
<message>
<source>All virtual rasters</source>
<translation>Tous les rasters virtuels</translation>
</message>
<message>
<source>Also gives cPSNR and cSSIM, for super-resolved images: the fused image is laid on the reference at every small shift, and a constant is added to each band; what suits best counts. The plain scores stay beside them.</source>
<translation>Donne aussi cPSNR et cSSIM, pour les images super-résolues : l'image fusionnée est posée sur la référence à chaque petit décalage, et une constante est ajoutée à chaque bande ; ce qui convient le mieux compte. Les notes sans recalage restent à côté.</translation>
</message>
<message>
<source>Also judge at full scale</source>
<translation>Juger aussi à pleine échelle</translation>
</message>
<message>
<source>Also makes a panchromatic image on the sharp image's grid: a weighted sum of the bands with blur, noise and a soft saturation.</source>
<translation>Fait aussi une image panchromatique sur la grille de l'image nette : une somme pondérée des bandes, avec flou, bruit et une saturation douce.</translation>
</message>
<message>
<source>also trains and adapts them, with torch (about 1.3 GB; several times as much for an NVIDIA GPU)</source>
<translation>les entraîne et les adapte aussi, avec torch (environ 1,3 Go ; plusieurs fois autant pour un GPU NVIDIA)</translation>
</message>
<message>
<source>Also writes the sharp image, cut to whole pixels of the revisits, for scores.</source>
<translation>Écrit aussi l'image nette, coupée à des pixels entiers des revisites, pour les notes.</translation>
</message>
<message>
<source>AMS-STF</source>
<translation>AMS-STF</translation>
</message>
<message>
<source>An empty or new folder, or one with an older patch set, which is replaced.</source>
<translation>Un dossier vide ou nouveau, ou un dossier avec un ancien jeu d'imagettes, qui est remplacé.</translation>
</message>
<message>
<source>An image for each date is written here, and series.qlr, which opens all of them as layers with their dates.</source>
<translation>Une image pour chaque date est écrite ici, ainsi que series.qlr, qui les ouvre toutes comme couches avec leurs dates.</translation>
</message>
<message>
<source>Any other sensor (gain 0.30)</source>
<translation>Tout autre capteur (gain 0,30)</translation>
</message>
<message>
<source>Apple GPU (MPS)</source>
<translation>GPU Apple (MPS)</translation>
</message>
<message>
<source>ARConv</source>
<translation>ARConv</translation>
</message>
<message>
<source>Area</source>
<translation>Étendue</translation>
</message>
<message>
<source>As a coarser sensor would see it.</source>
<translation>Telle qu'un capteur plus grossier la verrait.</translation>
</message>
<message>
<source>as given</source>
<translation>tel que donné</translation>
</message>
<message>
<source>as is usual with the official code</source>
<translation>comme d'usage avec le code officiel</translation>
</message>
<message>
<source>as small and quicker, for GDAL with ZSTD</source>
<translation>aussi petit et plus rapide, pour GDAL avec ZSTD</translation>
</message>
<message>
<source>as the input</source>
<translation type="vanished">comme l'entrée</translation>
</message>
<message>
<source>as the model's card says</source>
<translation>comme l'indique la fiche du modèle</translation>
</message>
<message>
<source>Ask who looks after this computer to allow programs in the engine's folder, or set SATFUSION_ENGINE_FOLDER to a folder where they are allowed.</source>
<translation>Demandez à la personne qui s'occupe de cet ordinateur d'autoriser les programmes dans le dossier du moteur, ou donnez à SATFUSION_ENGINE_FOLDER un dossier où ils sont autorisés.</translation>
</message>
<message>
<source>Assessment</source>
<translation>Évaluation</translation>
</message>
<message>
<source>Attention within windows carries what the coarse images change by to the fine image's features. The largest of these networks; wants much training data.</source>
<translation>Une attention par fenêtres transmet aux caractéristiques de l'image fine ce dont changent les images grossières. Le plus gros de ces réseaux ; veut beaucoup de données d'apprentissage.</translation>
</message>
<message>
<source>Attribution</source>
<translation>Attribution</translation>
</message>
<message>
<source>Automatic choice</source>
<translation>Choix automatique</translation>
</message>
<message>
<source>Automatic choice: from how each band's detail follows PAN's: EXP where no correlation reaches 0.1, MTF-GLP with one gain for each band where all are 0.95 or more or the scene has fewer than 400 MS pixels, otherwise MTF-GLP with local gain</source>
<translation>Choix automatique : d'après la façon dont le détail de chaque bande suit celui de PAN : EXP là où aucune corrélation n'atteint 0.1, MTF-GLP avec un gain par bande là où toutes valent 0.95 ou plus ou si la scène a moins de 400 pixels MS, sinon MTF-GLP à gain local</translation>
</message>
<message>
<source>Automatic choice: FSDAF with one pair, ESTARFM with two</source>
<translation>Choix automatique : FSDAF avec un couple, ESTARFM avec deux</translation>
</message>
<message>
<source>automatic: a graphics card where there is one</source>
<translation>automatique : une carte graphique s'il y en a une</translation>
</message>
<message>
<source>automatic: compiled code where the engine is installed</source>
<translation>automatique : du code compilé là où le moteur est installé</translation>
</message>
<message>
<source>AWLP (additive wavelet luminance proportional)</source>
<translation>AWLP (ondelettes additives proportionnelles à la luminance)</translation>
</message>
<message>
<source>Back-projection</source>
<translation>Rétroprojection</translation>
</message>
<message>
<source>Back-projection with PAN's detail</source>
<translation>Rétroprojection avec le détail de PAN</translation>
</message>
<message>
<source>Back-projects the revisits onto PAN's grid, and adds what PAN shows beyond what the same back-projection makes of PAN, with a gain for each pixel. Needs nothing installed, and is what the networks start from.</source>
<translation>Rétroprojette les revisites sur la grille de PAN et ajoute ce que PAN montre au-delà de ce que la même rétroprojection fait de PAN, avec un gain pour chaque pixel. Ne demande aucune installation ; c'est de là que partent les réseaux.</translation>
</message>
<message>
<source>Band</source>
<translation>Bande</translation>
</message>
<message>
<source>band number</source>
<translation>numéro de bande</translation>
</message>
<message>
<source>Band numbers of the coarse images, such as 3,4,1,2,6,7, in the order of the fine image's bands. Empty finds them by wavelength or name.</source>
<translation>Numéros des bandes des images grossières, par exemple 3,4,1,2,6,7, dans l'ordre des bandes de l'image fine. Vide : elles sont trouvées d'après leur longueur d'onde ou leur nom.</translation>
</message>
<message>
<source>Band numbers of the fine images to use, such as 1,2,3 or 2-4. Empty uses all.</source>
<translation>Numéros des bandes des images fines à utiliser, par exemple 1,2,3 ou 2-4. Vide : toutes.</translation>
</message>
<message>
<source>Band numbers to use, such as 1,2,3 or 2-4, in the order wanted. Empty uses all. With several single-band files, 1 is the first file in order.</source>
<translation>Numéros des bandes à utiliser, par exemple 1,2,3 ou 2-4, dans l'ordre voulu. Vide : toutes. Avec plusieurs fichiers à une bande, 1 est le premier fichier dans l'ordre.</translation>
</message>
<message>
<source>Band weights</source>
<translation>Poids des bandes</translation>
</message>
<message>
<source>Bands</source>
<translation>Bandes</translation>
</message>
<message>
<source>BANDS names band {}, but MS has {} files.</source>
<translation>BANDS nomme la bande {}, mais MS a {} fichiers.</translation>
</message>
<message>
<source>Bands of MS</source>
<translation type="vanished">Bandes de MS</translation>
</message>
<message>
<source>Bands of one revisit in a stack</source>
<translation>Bandes d'une revisite dans une pile</translation>
</message>
<message>
<source>Bands of the coarse images</source>
<translation>Bandes des images grossières</translation>
</message>
<message>
<source>Bands of the multispectral image</source>
<translation>Bandes de l'image multispectrale</translation>
</message>
<message>
<source>Bands of the multispectral image to use, such as 1,2,3. Empty uses all.</source>
<translation type="vanished">Bandes de l'image multispectrale à utiliser, par exemple 1,2,3. Vide : toutes.</translation>
</message>
<message>
<source>Bands of the multispectral image, or of each revisit, to use, such as 1,2,3. Empty uses all.</source>
<translation>Bandes de l'image multispectrale, ou de chaque revisite, à utiliser, par exemple 1,2,3. Vide : toutes.</translation>
</message>
<message>
<source>Bands of the multispectral images to use, such as 1,2,3. Empty uses all.</source>
<translation>Bandes des images multispectrales à utiliser, par exemple 1,2,3. Vide : toutes.</translation>
</message>
<message>
<source>Bands of the reference</source>
<translation>Bandes de la référence</translation>
</message>
<message>
<source>Bands to use of each image, such as 1,2,3. Empty uses all.</source>
<translation>Bandes à utiliser de chaque image, par exemple 1,2,3. Vide : toutes.</translation>
</message>
<message>
<source>Baseline</source>
<translation>Référence de base</translation>
</message>
<message>
<source>Batch</source>
<translation>Lot</translation>
</message>
<message>
<source>BC: Sentinel-2 and Sentinel-3</source>
<translation>BC : Sentinel-2 et Sentinel-3</translation>
</message>
<message>
<source>BDSD (band-dependent spatial detail)</source>
<translation>BDSD (détail spatial dépendant de la bande)</translation>
</message>
<message>
<source>Begin anew</source>
<translation>Recommencer de zéro</translation>
</message>
<message>
<source>Behind the first (95 % interval)</source>
<translation>Derrière la première (intervalle à 95 %)</translation>
</message>
<message>
<source>Best</source>
<translation>Le mieux</translation>
</message>
<message>
<source>Between patches of different splits, so that nothing is scored that lies beside what was learned.</source>
<translation>Entre les imagettes de sous-ensembles différents, afin que rien ne soit noté juste à côté de ce qui a été appris.</translation>
</message>
<message>
<source>Between patches of different splits, so that nothing is scored that lies beside what was learned. It should be no less than what the network sees around a pixel.</source>
<translation>Entre les imagettes de sous-ensembles différents, afin que rien ne soit noté juste à côté de ce qui a été appris. Elle ne devrait pas être inférieure à ce que le réseau voit autour d'un pixel.</translation>
</message>
<message>
<source>Bias</source>
<translation>Biais</translation>
</message>
<message>
<source>Bias [{}]</source>
<translation>Biais [{}]</translation>
</message>
<message>
<source>Bias of the same in physical units (0 is best)</source>
<translation>Biais de la même en unités physiques (le mieux est 0)</translation>
</message>
<message>
<source>bilinear</source>
<translation>bilinéaire</translation>
</message>
<message>
<source>Bits (Landsat QA_PIXEL) or classes (Sentinel-2 SCL) that the masks mark, separated by commas. Empty takes bits 0 to 4 (fill, dilated cloud, cirrus, cloud, shadow) or classes 0, 1, 3, 8, 9, 10.</source>
<translation>Bits (QA_PIXEL de Landsat) ou classes (SCL de Sentinel-2) que les masques marquent, séparés par des virgules. Vide : les bits 0 à 4 (remplissage, nuage dilaté, cirrus, nuage, ombre) ou les classes 0, 1, 3, 8, 9, 10.</translation>
</message>
<message>
<source>Blocks of Q</source>
<translation>Blocs de Q</translation>
</message>
<message>
<source>Blur</source>
<translation>Flou</translation>
</message>
<message>
<source>Border left out</source>
<translation>Bord exclu</translation>
</message>
<message>
<source>Both images in physical units, compared pixel by pixel on one grid</source>
<translation>Les deux images en unités physiques, comparées pixel par pixel sur une même grille</translation>
</message>
<message>
<source>Both views have one stretch, from 1 % to 99 % of the first.</source>
<translation>Les deux vues ont un même étirement, de 1 % à 99 % de la première.</translation>
</message>
<message>
<source>Brings every revisit to the reference's brightness, with the gain and offset that were measured.</source>
<translation>Amène chaque revisite à la luminosité de la référence, avec le gain et le décalage radiométriques mesurés.</translation>
</message>
<message>
<source>Brings the coarse images to the fine sensor's level, band by band, from the pairs; the log says how much. A gain from a regression is overstated where coarse images are blurred.</source>
<translation>Amène les images grossières au niveau du capteur fin, bande par bande, d'après les couples ; le journal dit de combien. Un gain tiré d'une régression est surestimé là où les images grossières sont floues.</translation>
</message>
<message>
<source>Brings the fine image's features of five sizes to the statistics of the date, and mixes in the coarse ones where they differ; trained against a discriminator. For strong seasonal change.</source>
<translation>Amène les caractéristiques de l'image fine, à cinq tailles, aux statistiques de la date, et y mêle celles des images grossières là où elles diffèrent ; entraîné contre un discriminateur. Pour un fort changement saisonnier.</translation>
</message>
<message>
<source>Brovey</source>
<translation>Brovey</translation>
</message>
<message>
<source>Brovey on bands without their haze: keeps the colour, and is sharp where contrast is high. Good for visible bands of high resolution.</source>
<translation>Brovey sur les bandes sans leur brume : conserve la couleur, et est net là où le contraste est fort. Bon pour les bandes visibles à haute résolution.</translation>
</message>
<message>
<source>BT-H (Brovey with haze correction)</source>
<translation>BT-H (Brovey avec correction de la brume)</translation>
</message>
<message>
<source>Buffer</source>
<translation>Zone tampon</translation>
</message>
<message>
<source>Build overviews</source>
<translation>Construire des aperçus (pyramides)</translation>
</message>
<message>
<source>By how many days the fine and the coarse image of one pair may lie apart; of the same day is best.</source>
<translation>De combien de jours l'image fine et l'image grossière d'un même couple peuvent être éloignées ; le mieux est le même jour.</translation>
</message>
<message>
<source>By {}, {} ({}) is a tie with {} ({}).</source>
<translation>Selon {}, {} ({}) est ex æquo avec {} ({}).</translation>
</message>
<message>
<source>By {}, {} ({}) is better than {} ({}).</source>
<translation>Selon {}, {} ({}) est meilleure que {} ({}).</translation>
</message>
<message>
<source>By {}, {} ({}) is worse than {} ({}).</source>
<translation>Selon {}, {} ({}) est moins bonne que {} ({}).</translation>
</message>
<message>
<source>Cancel</source>
<translation>Annuler</translation>
</message>
<message>
<source>Cancelled.</source>
<translation>Annulé.</translation>
</message>
<message>
<source>Cannot write {}: {}.</source>
<translation type="vanished">Impossible d'écrire {} : {}.</translation>
</message>
<message>
<source>Card as JSON</source>
<translation>Fiche en JSON</translation>
</message>
<message>
<source>Card of an ONNX file</source>
<translation>Fiche d'un fichier ONNX</translation>
</message>
<message>
<source>CC</source>
<translation>CC</translation>
</message>
<message>
<source>Centre of the preview</source>
<translation>Centre de l'aperçu</translation>
</message>
<message>
<source>Change</source>
<translation>Variation</translation>
</message>
<message>
<source>Change of colour: 1 - Q2n of the degraded fused image and MS.</source>
<translation>Changement de couleur : 1 - Q2n de l'image fusionnée dégradée et de MS.</translation>
</message>
<message>
<source>Change of the likeness between the bands, from MS scale to PAN scale.</source>
<translation>Changement de la ressemblance entre les bandes, de l'échelle MS à l'échelle PAN.</translation>
</message>
<message>
<source>Change of the likeness of each band with PAN, from MS scale to PAN scale.</source>
<translation>Changement de la ressemblance de chaque bande avec PAN, de l'échelle MS à l'échelle PAN.</translation>
</message>
<message>
<source>Check</source>
<translation>Vérifier</translation>
</message>
<message>
<source>Check again when the computer has less to do; a scan for viruses can make the first start very slow.</source>
<translation>Vérifiez de nouveau quand l'ordinateur est moins occupé ; une analyse antivirus peut rendre le premier démarrage très lent.</translation>
</message>
<message>
<source>Check the engine</source>
<translation>Vérifier le moteur</translation>
</message>
<message>
<source>Check the files</source>
<translation>Vérifier les fichiers</translation>
</message>
<message>
<source>Checkpoint or ONNX file</source>
<translation>Checkpoint ou fichier ONNX</translation>
</message>
<message>
<source>Choose a model to see its card.</source>
<translation>Choisissez un modèle pour voir sa fiche.</translation>
</message>
<message>
<source>Choose DEVICE=cpu and update the driver: the device computes wrong numbers.</source>
<translation>Choisissez DEVICE=cpu et mettez à jour le pilote : le périphérique calcule des nombres faux.</translation>
</message>
<message>
<source>Choose DEVICE=cpu: the installed packages were not made for this GPU.</source>
<translation>Choisissez DEVICE=cpu : les paquets installés n'ont pas été faits pour ce GPU.</translation>
</message>
<message>
<source>CIA (Coleambally): Landsat 7 and MODIS</source>
<translation>CIA (Coleambally) : Landsat 7 et MODIS</translation>
</message>
<message>
<source>Classes</source>
<translation>Classes</translation>
</message>
<message>
<source>Classes of land cover that the fine image is divided into: as many as change in ways of their own. Too few put different crops together, which costs more than too many.</source>
<translation>Classes d'occupation du sol entre lesquelles l'image fine est divisée : autant qu'il y en a qui changent chacune à sa façon. Trop peu de classes réunissent des cultures différentes, ce qui coûte plus que d'en avoir trop.</translation>
</message>
<message>
<source>Classes that learned unmixing tells apart, where it begins from nothing; more of them need more time.</source>
<translation>Classes que distingue le démélange appris, lorsqu'il part de zéro ; plus il y en a, plus il faut de temps.</translation>
</message>
<message>
<source>Close other programs that use the GPU, and check again; until then choose DEVICE=cpu.</source>
<translation>Fermez les autres programmes qui utilisent le GPU, et vérifiez de nouveau ; d'ici là, choisissez DEVICE=cpu.</translation>
</message>
<message>
<source>cloud-optimised GeoTIFF with DEFLATE</source>
<translation>GeoTIFF optimisé pour le nuage (COG) avec DEFLATE</translation>
</message>
<message>
<source>Clouded revisits</source>
<translation>Revisites nuageuses</translation>
</message>
<message>
<source>Clouds</source>
<translation>Nuages</translation>
</message>
<message>
<source>Co-register revisits</source>
<translation>Recaler les revisites</translation>
</message>
<message>
<source>Co-registered stack</source>
<translation>Pile recalée</translation>
</message>
<message>
<source>Coarse image of that date</source>
<translation>Image grossière de cette date</translation>
</message>
<message>
<source>Coarse image of the date to predict</source>
<translation>Image grossière de la date à prédire</translation>
</message>
<message>
<source>Coarse image of the second date</source>
<translation>Image grossière de la seconde date</translation>
</message>
<message>
<source>Coarse image to predict from</source>
<translation>Image grossière à partir de laquelle prédire</translation>
</message>
<message>
<source>Coarse images</source>
<translation>Images grossières</translation>
</message>
<message>
<source>Coarse images of further dates</source>
<translation>Images grossières d'autres dates</translation>
</message>
<message>
<source>Coefficient of determination (1 is best)</source>
<translation>Coefficient de détermination (le mieux est 1)</translation>
</message>
<message>
<source>Coefficients</source>
<translation>Coefficients</translation>
</message>
<message>
<source>Compare methods on a scene</source>
<translation>Comparer des méthodes sur une scène</translation>
</message>
<message>
<source>Compare methods on a series</source>
<translation>Comparer des méthodes sur une série</translation>
</message>
<message>
<source>Compares a fused image with the true one, in physical units, for each band and over all bands: ERGAS, spectral angle (SAM), Q2n, RMSE, MAE, bias, RASE, PSNR, SSIM, UQI, spatial correlation (SCC), correlation and R2; with a report that shows where and in which bands the errors are.</source>
<translation>Compare une image fusionnée avec la vraie, en unités physiques, pour chaque bande et pour toutes les bandes : ERGAS, angle spectral (SAM), Q2n, RMSE, MAE, biais, RASE, PSNR, SSIM, UQI, corrélation spatiale (SCC), corrélation et R2 ; avec un rapport qui montre où et dans quelles bandes sont les erreurs.</translation>
</message>
<message>
<source>Compares a fused image with the true one: root mean square error, spectral angle (SAM), ERGAS and Q2n, in physical units, for each band and over all bands.</source>
<translation type="vanished">Compare une image fusionnée avec la vraie : erreur quadratique moyenne, angle spectral (SAM), ERGAS et Q2n, en unités physiques, pour chaque bande et pour toutes les bandes.</translation>
</message>
<message>
<source>Comparison of methods</source>
<translation>Comparaison de méthodes</translation>
</message>
<message>
<source>Comparison of methods on a series</source>
<translation>Comparaison de méthodes sur une série</translation>
</message>
<message>
<source>Compression</source>
<translation>Compression</translation>
</message>
<message>
<source>Configuration</source>
<translation>Configuration</translation>
</message>
<message>
<source>Consistency: CC</source>
<translation>Cohérence : CC</translation>
</message>
<message>
<source>Consistency: does the fused image, seen by the MS sensor, equal MS?</source>
<translation>Cohérence : l'image fusionnée, vue par le capteur MS, est-elle égale à MS ?</translation>
</message>
<message>
<source>Consistency: ERGAS</source>
<translation>Cohérence : ERGAS</translation>
</message>
<message>
<source>Consistency: RMSE [{}]</source>
<translation>Cohérence : RMSE [{}]</translation>
</message>
<message>
<source>Convolutions encode the fine image and what has changed, and decode their sum. Small and quick to fit to your own pairs, with one pair or two: the network to begin with.</source>
<translation>Des convolutions encodent l'image fine et ce qui a changé, et décodent leur somme. Petit et rapide à adapter à vos propres couples, avec un ou deux couples : le réseau par lequel commencer.</translation>
</message>
<message>
<source>Convolutions over space and revisits, whose features are weighted by what they are over the whole tile; adds detail to the back-projection. For a fixed number of revisits.</source>
<translation>Des convolutions dans l'espace et sur les revisites, dont les canaux sont pondérés d'après ce qu'ils sont sur toute la tuile ; ajoute du détail à la rétroprojection. Pour un nombre fixe de revisites.</translation>
</message>
<message>
<source>Copy (baseline)</source>
<translation>Copie (référence de base)</translation>
</message>
<message>
<source>Copy command</source>
<translation>Copier la commande</translation>
</message>
<message>
<source>Core ML (macOS)</source>
<translation>Core ML (macOS)</translation>
</message>
<message>
<source>Correlation (1 is best)</source>
<translation>Corrélation (le mieux est 1)</translation>
</message>
<message>
<source>Correlation of fine detail.</source>
<translation>Corrélation du détail fin.</translation>
</message>
<message>
<source>Correlation of the bands.</source>
<translation>Corrélation des bandes.</translation>
</message>
<message>
<source>Correlation of the same (1 is best)</source>
<translation>Corrélation de la même (le mieux est 1)</translation>
</message>
<message>
<source>count like all others</source>
<translation>comptent comme toutes les autres</translation>
</message>
<message>
<source>cPSNR [dB], registered</source>
<translation>cPSNR [dB], avec recalage</translation>
</message>
<message>
<source>cPSNR and cSSIM forgive a shift of up to {} pixels and a constant in each band; all others compare pixel by pixel</source>
<translation>cPSNR et cSSIM pardonnent un décalage jusqu'à {} pixels et une constante dans chaque bande ; toutes les autres notes comparent pixel par pixel</translation>
</message>
<message>
<source>cPSNR of the best method in dB, for revisits (more is better)</source>
<translation>cPSNR de la meilleure méthode en dB, pour des revisites (plus grand est mieux)</translation>
</message>
<message>
<source>cSSIM, registered</source>
<translation>cSSIM, avec recalage</translation>
</message>
<message>
<source>CSV files (*.csv)</source>
<translation>Fichiers CSV (*.csv)</translation>
</message>
<message>
<source>cubic</source>
<translation>cubique</translation>
</message>
<message>
<source>Cubic interpolation of the bands onto the panchromatic grid: no sharpening, the baseline that every method has to beat.</source>
<translation>Interpolation cubique des bandes sur la grille panchromatique : aucun affinage, la référence de base que toute méthode doit battre.</translation>
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
<translation>Données</translation>
</message>
<message>
<source>Data preparation</source>
<translation>Préparation des données</translation>
</message>
<message>
<source>Data range</source>
<translation>Plage des données</translation>
</message>
<message>
<source>Data range (PSNR, SSIM)</source>
<translation>Plage des données (PSNR, SSIM)</translation>
</message>
<message>
<source>Data range of both: {} {}.</source>
<translation>Plage des données des deux : {} {}.</translation>
</message>
<message>
<source>Data set</source>
<translation>Jeu de données</translation>
</message>
<message>
<source>Data type of the output; the input's by default. Values that do not fit are cut off at the ends of the type's range.</source>
<translation>Type de données de la sortie ; par défaut celui de l'entrée. Les valeurs qui n'y tiennent pas sont coupées aux limites du type.</translation>
</message>
<message>
<source>Date</source>
<translation>Date</translation>
</message>
<message>
<source>Date and time of the product</source>
<translation>Date et heure du produit</translation>
</message>
<message>
<source>Date of the pair</source>
<translation>Date du couple</translation>
</message>
<message>
<source>Date of the second pair</source>
<translation>Date du second couple</translation>
</message>
<message>
<source>Date to predict</source>
<translation>Date à prédire</translation>
</message>
<message>
<source>Dates better / tie / worse than the best baseline</source>
<translation>Dates meilleures / ex æquo / moins bonnes que la meilleure référence de base</translation>
</message>
<message>
<source>Dates come from names and metadata. Every date is predicted from the pair of a fine and a coarse image that is nearest: days away, divided by the share of the place that is clear in both images; or from the nearest pair before and the nearest after it. The log shows the choice as a table before anything is computed, and after the first date how long the others take.</source>
<translation>Les dates viennent des noms et des métadonnées. Chaque date est prédite à partir du couple d'images, fine et grossière, le plus proche : nombre de jours d'écart, divisé par la part du lieu qui est dégagée dans les deux images ; ou à partir du couple le plus proche avant et du plus proche après. Le journal montre ce choix dans un tableau avant tout calcul, et après la première date combien de temps prennent les autres.</translation>
</message>
<message>
<source>Dates for tests</source>
<translation>Dates pour les tests</translation>
</message>
<message>
<source>Dates for validation</source>
<translation>Dates pour la validation</translation>
</message>
<message>
<source>Dates in the names</source>
<translation>Dates dans les noms</translation>
</message>
<message>
<source>Dates of the revisits</source>
<translation>Dates des revisites</translation>
</message>
<message>
<source>Dates such as 2024-01-31, separated by commas, each left out in turn. Empty takes all that have both a fine and a coarse image.</source>
<translation>Dates, par exemple 2024-01-31, séparées par des virgules, mises de côté tour à tour. Vide : toutes celles qui ont à la fois une image fine et une image grossière.</translation>
</message>
<message>
<source>Dates such as 2024-01-31, separated by commas. Empty predicts every date of a coarse image that has no fine one.</source>
<translation>Dates, par exemple 2024-01-31, séparées par des virgules. Vide : toute date d'une image grossière qui n'a pas d'image fine est prédite.</translation>
</message>
<message>
<source>Dates that are done</source>
<translation>Dates terminées</translation>
</message>
<message>
<source>Dates that could not be predicted</source>
<translation>Dates qui n'ont pas pu être prédites</translation>
</message>
<message>
<source>Dates that were not predicted</source>
<translation>Dates qui n'ont pas été prédites</translation>
</message>
<message>
<source>Dates to leave out</source>
<translation>Dates à mettre de côté</translation>
</message>
<message>
<source>Dates to predict</source>
<translation>Dates à prédire</translation>
</message>
<message>
<source>Dates to predict in tests, separated by commas. Empty takes a share of the dates, the last ones.</source>
<translation>Dates à prédire dans les tests, séparées par des virgules. Vide : une part des dates, les dernières.</translation>
</message>
<message>
<source>Dates to predict in validation, separated by commas. Empty takes a share of the dates, the last ones before those for tests.</source>
<translation>Dates à prédire dans la validation, séparées par des virgules. Vide : une part des dates, les dernières avant celles des tests.</translation>
</message>
<message>
<source>Dates with a fine image are made too: its clear pixels stay as they are, and only what is missing (clouds left out by a mask, stripes without data) is predicted. A file beside each image, ending in _source.tif, says where every pixel comes from: 0 none, 1 observed, 2 pair 1, 3 pair 2 or both, 4 another pair where these have gaps themselves; and how many days the nearest pair lies away.</source>
<translation>Les dates qui ont une image fine sont faites aussi : ses pixels dégagés restent tels quels, et seul ce qui manque (nuages exclus par un masque, rayures sans données) est prédit. À côté de chaque image, un fichier au nom finissant par _source.tif dit d'où vient chaque pixel : 0 aucun, 1 observé, 2 couple 1, 3 couple 2 ou les deux, 4 un autre couple là où ceux-ci ont eux-mêmes des lacunes ; et à combien de jours se trouve le couple le plus proche.</translation>
</message>
<message>
<source>Dates with both images</source>
<translation>Dates avec les deux images</translation>
</message>
<message>
<source>Daxing: Landsat 8 and MODIS</source>
<translation>Daxing : Landsat 8 et MODIS</translation>
</message>
<message>
<source>Days within a pair</source>
<translation>Écart en jours dans un couple</translation>
</message>
<message>
<source>DCSTFN</source>
<translation>DCSTFN</translation>
</message>
<message>
<source>Definition</source>
<translation>Définition</translation>
</message>
<message>
<source>Degrade a scene</source>
<translation>Dégrader une scène</translation>
</message>
<message>
<source>Degraded multispectral image</source>
<translation>Image multispectrale dégradée</translation>
</message>
<message>
<source>Degraded panchromatic image</source>
<translation>Image panchromatique dégradée</translation>
</message>
<message>
<source>Delete the engine in {}? It can be installed again.</source>
<translation>Supprimer le moteur dans {} ? Il peut être réinstallé.</translation>
</message>
<message>
<source>Delete the model {} with all that is in {}? This cannot be undone.</source>
<translation>Supprimer le modèle {} avec tout ce que contient {} ? Cette action est irréversible.</translation>
</message>
<message>
<source>Deletes the engine that is there first. Without it, an installation that was cut off goes on, and one that is complete is left alone or brought up to date.</source>
<translation>Supprime d'abord le moteur présent. Sinon, une installation interrompue reprend, et une installation complète est laissée telle quelle ou mise à jour.</translation>
</message>
<message>
<source>Detail</source>
<translation>Détail</translation>
</message>
<message>
<source>Device</source>
<translation>Périphérique de calcul</translation>
</message>
<message>
<source>device</source>
<translation>périphérique</translation>
</message>
<message>
<source>Devices that work, separated by commas</source>
<translation>Périphériques qui fonctionnent, séparés par des virgules</translation>
</message>
<message>
<source>DiCNN</source>
<translation>DiCNN</translation>
</message>
<message>
<source>Difference</source>
<translation>Différence</translation>
</message>
<message>
<source>Differences in brightness</source>
<translation>Différences de luminosité</translation>
</message>
<message>
<source>diffraction at a square aperture</source>
<translation>diffraction par une ouverture carrée</translation>
</message>
<message>
<source>DirectML (Windows)</source>
<translation>DirectML (Windows)</translation>
</message>
<message>
<source>Download a model</source>
<translation>Télécharger un modèle</translation>
</message>
<message>
<source>Download…</source>
<translation>Télécharger…</translation>
</message>
<message>
<source>Draws</source>
<translation>Tirages</translation>
</message>
<message>
<source>Draws of each image</source>
<translation>Tirages par image</translation>
</message>
<message>
<source>Draws the image from noise, step by step, several times: the result is the mean of the draws, and their spread tells where it is not sure. By far the slowest of these networks.</source>
<translation>Tire l'image du bruit, étape par étape, plusieurs fois : le résultat est la moyenne des tirages, et leur dispersion dit où il n'est pas sûr. De loin le plus lent de ces réseaux.</translation>
</message>
<message>
<source>Drizzle</source>
<translation>Drizzle</translation>
</message>
<message>
<source>Drops every pixel, shrunken around its centre, onto the fine grid, by area: conserves brightness and says how much each pixel rests on. For many revisits with varied shifts.</source>
<translation>Dépose chaque pixel, rétréci autour de son centre, sur la grille fine, au prorata des surfaces : conserve la luminosité et dit sur combien chaque pixel s'appuie. Pour de nombreuses revisites aux décalages variés.</translation>
</message>
<message>
<source>DRPNN</source>
<translation>DRPNN</translation>
</message>
<message>
<source>Each a raster with several bands; the same bands in all of them.</source>
<translation>Chacune est un raster à plusieurs bandes ; les mêmes bandes dans toutes.</translation>
</message>
<message>
<source>Each date left out in turn and predicted from the others; its fine image is the truth and is used for nothing else</source>
<translation>Chaque date est mise de côté tour à tour et prédite à partir des autres ; son image fine est la vérité et ne sert à rien d'autre</translation>
</message>
<message>
<source>Each image becomes a layer with its date, for the temporal controller.</source>
<translation>Chaque image devient une couche avec sa date, pour le contrôleur temporel.</translation>
</message>
<message>
<source>Each package is imported there, and on each device (processor, NVIDIA and other GPUs) a small convolution is really computed, compared and timed. What fails is named with what to do about it. The log also holds the exact commands that install the engine by hand. Nothing is downloaded or changed.</source>
<translation>Chaque paquet y est importé, et sur chaque périphérique (processeur, GPU NVIDIA et autres) une petite convolution est réellement calculée, comparée et chronométrée. Ce qui échoue est nommé, avec ce qu'il faut y faire. Le journal contient aussi les commandes exactes qui installent le moteur à la main. Rien n'est téléchargé ni modifié.</translation>
</message>
<message>
<source>Each point is the mean of {} x {} pixels.</source>
<translation>Chaque point est la moyenne de {} x {} pixels.</translation>
</message>
<message>
<source>Each revisit but the first is brighter or darker by up to this share.</source>
<translation>Chaque revisite sauf la première est plus claire ou plus sombre, jusqu'à cette part.</translation>
</message>
<message>
<source>Each revisit but the first lies up to so many of its pixels from where its georeferencing puts it, down or up and right or left.</source>
<translation>Chaque revisite sauf la première se trouve jusqu'à autant de ses pixels de l'endroit où son géoréférencement la place, vers le bas ou le haut et vers la droite ou la gauche.</translation>
</message>
<message>
<source>Each revisit of the stack is also written as a file of its own in here.</source>
<translation>Chaque revisite de la pile est aussi écrite ici dans un fichier à part.</translation>
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
<translation>Soit celle-ci avec une image panchromatique, soit des revisites.</translation>
</message>
<message>
<source>Empty takes the coarse images from the fine images' folder.</source>
<translation>Vide : les images grossières du dossier des images fines.</translation>
</message>
<message>
<source>Empty takes the coarse images from the fine images' folder: its subfolders (Landsat and MODIS) or the names tell which is which.</source>
<translation>Vide : les images grossières sont prises dans le dossier des images fines ; ses sous-dossiers (Landsat et MODIS) ou les noms disent lesquelles sont fines et lesquelles grossières.</translation>
</message>
<message>
<source>Encodes every revisit beside a common reference and fuses them pair by pair with one block; adds detail to the back-projection. For any number of revisits up to its model's.</source>
<translation>Encode chaque revisite à côté d'une référence commune et les fusionne deux à deux avec un même bloc ; ajoute du détail à la rétroprojection. Pour tout nombre de revisites jusqu'à celui de son modèle.</translation>
</message>
<message>
<source>Engine</source>
<translation>Moteur</translation>
</message>
<message>
<source>Engine…</source>
<translation>Moteur…</translation>
</message>
<message>
<source>Epoch</source>
<translation>Époque</translation>
</message>
<message>
<source>Epochs</source>
<translation>Époques</translation>
</message>
<message>
<source>ERGAS</source>
<translation>ERGAS</translation>
</message>
<message>
<source>ERGAS (0 is best)</source>
<translation>ERGAS (le mieux est 0)</translation>
</message>
<message>
<source>ERGAS of plain interpolation on the same patches</source>
<translation type="vanished">ERGAS de la simple interpolation sur les mêmes imagettes</translation>
</message>
<message>
<source>ERGAS of the best method (0 is best)</source>
<translation>ERGAS de la meilleure méthode (le mieux est 0)</translation>
</message>
<message>
<source>ERGAS of the degraded fused image against the multispectral one (0 is best)</source>
<translation>ERGAS de l'image fusionnée dégradée par rapport à la multispectrale (le mieux est 0)</translation>
</message>
<message>
<source>ERGAS of the model (0 is best)</source>
<translation>ERGAS du modèle (le mieux est 0)</translation>
</message>
<message>
<source>ERGAS of what stands there without a network (EXP for pansharpening) on the same patches</source>
<translation>ERGAS de ce qu'il y a sans réseau (EXP pour l'affinage panchromatique) sur les mêmes imagettes</translation>
</message>
<message>
<source>ERGAS {}, SAM {}°, Q2n {} between the degraded fused image and MS.</source>
<translation>ERGAS {}, SAM {}°, Q2n {} entre l'image fusionnée dégradée et MS.</translation>
</message>
<message>
<source>Error</source>
<translation>Erreur</translation>
</message>
<message>
<source>Error relative to the brightness of each band, all bands together.</source>
<translation>Erreur relative à la luminosité de chaque bande, toutes bandes ensemble.</translation>
</message>
<message>
<source>Error relative to the mean brightness of all bands.</source>
<translation>Erreur relative à la luminosité moyenne de toutes les bandes.</translation>
</message>
<message>
<source>Errors of the masks</source>
<translation>Erreurs des masques</translation>
</message>
<message>
<source>errors relative to the brightness of each band, as ERGAS counts them</source>
<translation>erreurs relatives à la luminosité de chaque bande, comme ERGAS les compte</translation>
</message>
<message>
<source>Errors relative to the data range, squares pooled over the bands.</source>
<translation>Erreurs relatives à la plage des données, carrés groupés sur les bandes.</translation>
</message>
<message>
<source>ESTARFM</source>
<translation>ESTARFM</translation>
</message>
<message>
<source>Every method is compared with baselines that know as much: the fine image of the nearest date, the interpolation between two dates, and the added change of the coarse images; methods of one pair with those of the same pair, methods of two pairs with those of the same two. Differences inside the 95 % interval of a bootstrap of blocks are called ties.</source>
<translation>Chaque méthode est comparée avec des références de base qui en savent autant : l'image fine de la date la plus proche, l'interpolation entre deux dates, et le changement ajouté des images grossières ; les méthodes à un couple avec celles du même couple, les méthodes à deux couples avec celles des deux mêmes. Les différences qui tiennent dans l'intervalle à 95 % d'un bootstrap par blocs sont dites ex æquo.</translation>
</message>
<message>
<source>Every raster and product in this folder, and in the folders right below it, is taken.</source>
<translation>Tous les rasters et produits de ce dossier, et des dossiers juste en dessous, sont pris.</translation>
</message>
<message>
<source>Every revisit interpolated onto the fine grid at its measured shift, then the median for each pixel: robust against clouds that no mask knows of, not sharper than one image. The baseline.</source>
<translation>Chaque revisite est interpolée sur la grille fine à son décalage mesuré, puis la médiane est prise pour chaque pixel : robuste aux nuages qu'aucun masque ne connaît, pas plus nette qu'une seule image. La référence de base.</translation>
</message>
<message>
<source>Everything random follows from this number; the same number gives the same revisits.</source>
<translation>Tout ce qui est aléatoire découle de ce nombre ; le même nombre donne les mêmes revisites.</translation>
</message>
<message>
<source>EXP</source>
<translation>EXP</translation>
</message>
<message>
<source>EXP (interpolation only)</source>
<translation>EXP (interpolation seule)</translation>
</message>
<message>
<source>Export a model to ONNX</source>
<translation>Exporter un modèle en ONNX</translation>
</message>
<message>
<source>Export to ONNX</source>
<translation>Exporter en ONNX</translation>
</message>
<message>
<source>fails: {}</source>
<translation>échoue : {}</translation>
</message>
<message>
<source>Features</source>
<translation>Nombre de canaux</translation>
</message>
<message>
<source>Features inside the network for the revisits, where it begins from nothing; more of them need more time.</source>
<translation>Nombre de canaux à l'intérieur du réseau des revisites, quand il part de zéro ; davantage de canaux demandent plus de temps.</translation>
</message>
<message>
<source>Features inside the network that puts the revisits together; more of them need more time and more patches. 0 takes the published number.</source>
<translation>Nombre de canaux à l'intérieur du réseau qui réunit les revisites ; davantage de canaux demandent plus de temps et plus d'imagettes. 0 : le nombre publié.</translation>
</message>
<message>
<source>Features inside the network, where it begins from nothing; more of them need more time. 0 takes the usual number.</source>
<translation>Nombre de canaux à l'intérieur du réseau, quand il part de zéro ; davantage de canaux demandent plus de temps. 0 : le nombre habituel.</translation>
</message>
<message>
<source>Fetches the weights of a network into the folder of your models. The model's card comes first, with its licence; its files follow once you accept that.</source>
<translation>Télécharge les poids d'un réseau dans le dossier de vos modèles. La fiche du modèle vient d'abord, avec sa licence ; ses fichiers suivent une fois que vous l'avez acceptée.</translation>
</message>
<message>
<source>few steps (DDIM)</source>
<translation>peu d'étapes (DDIM)</translation>
</message>
<message>
<source>File</source>
<translation>Fichier</translation>
</message>
<message>
<source>File for tests</source>
<translation>Fichier pour les tests</translation>
</message>
<message>
<source>File for training</source>
<translation>Fichier pour l'apprentissage</translation>
</message>
<message>
<source>File for validation</source>
<translation>Fichier pour la validation</translation>
</message>
<message>
<source>Files</source>
<translation>Fichiers</translation>
</message>
<message>
<source>Files of the revisits</source>
<translation>Fichiers des revisites</translation>
</message>
<message>
<source>Fill the gaps of fine images</source>
<translation>Combler les lacunes des images fines</translation>
</message>
<message>
<source>Finds from two pairs how the change of each surface shows in the coarse pixels around it. For patchy landscapes, with pairs before and after the date.</source>
<translation>Trouve à partir de deux couples comment le changement de chaque surface apparaît dans les pixels grossiers autour d'elle. Pour des paysages morcelés, avec des couples avant et après la date.</translation>
</message>
<message>
<source>Finds out which method of spatiotemporal fusion suits your series: each date that has both a fine and a coarse image is left out in turn and predicted from the other dates, and the result is compared with its fine image, which takes no part in anything else.</source>
<translation>Trouve la méthode de fusion spatio-temporelle qui convient à votre série : chaque date qui a à la fois une image fine et une image grossière est mise de côté tour à tour et prédite à partir des autres dates, et le résultat est comparé avec son image fine, qui ne prend part à rien d'autre.</translation>
</message>
<message>
<source>Finds out which method suits your scene: makes a coarser copy of it, as the same sensor would see it from farther away, sharpens the copy with each method, and scores the results against the original multispectral image (Wald's protocol).</source>
<translation>Trouve la méthode qui convient à votre scène : en fait une copie plus grossière, telle que le même capteur la verrait de plus loin, affine la copie avec chaque méthode, et note les résultats par rapport à l'image multispectrale d'origine (protocole de Wald).</translation>
</message>
<message>
<source>Fine image</source>
<translation>Image fine</translation>
</message>
<message>
<source>Fine image of the date held out</source>
<translation>Image fine de la date mise de côté</translation>
</message>
<message>
<source>Fine images</source>
<translation>Images fines</translation>
</message>
<message>
<source>Fine images learned from</source>
<translation>Images fines servant à l'apprentissage</translation>
</message>
<message>
<source>Fine images of further dates</source>
<translation>Images fines d'autres dates</translation>
</message>
<message>
<source>FINE or FINE_FOLDER: fine images are needed.</source>
<translation>FINE ou FINE_FOLDER : il faut des images fines.</translation>
</message>
<message>
<source>Fine pixels along a side of a coarse one: about 16 for Landsat and MODIS, 30 for Sentinel-2 and Sentinel-3.</source>
<translation>Nombre de pixels fins le long d'un côté d'un pixel grossier : environ 16 pour Landsat et MODIS, 30 pour Sentinel-2 et Sentinel-3.</translation>
</message>
<message>
<source>Fine pixels along a side of the coarse sensor's pixel. It is needed only where the coarse images were resampled onto the fine grid already, and their own pixels cannot be seen in them; 0 takes it from the images, and for a network where they do not show it from the model's card.</source>
<translation>Nombre de pixels fins le long d'un côté du pixel du capteur grossier. Il n'est nécessaire que si les images grossières ont déjà été rééchantillonnées sur la grille fine et que leurs propres pixels ne s'y voient pas ; 0 : il est lu dans les images, et pour un réseau, si elles ne le montrent pas, dans la fiche du modèle.</translation>
</message>
<message>
<source>First date</source>
<translation>Première date</translation>
</message>
<message>
<source>Fit a network to the scene</source>
<translation>Adapter un réseau à la scène</translation>
</message>
<message>
<source>Fit a network to your pairs</source>
<translation>Ajuster un réseau à vos couples d'images</translation>
</message>
<message>
<source>Fit SatFusion to your revisits</source>
<translation>Adapter SatFusion à vos revisites</translation>
</message>
<message>
<source>Fit-FC</source>
<translation>Fit-FC</translation>
</message>
<message>
<source>Fits a small network to your own pairs of fine and coarse images, whatever their sensors, bands and ratio, and predicts the fine image of another date with it. Two pairs are needed at least, for one shows no change.</source>
<translation>Ajuste un petit réseau à vos propres couples d'images fines et grossières, quels que soient leurs capteurs, leurs bandes et leur rapport, et prédit avec lui l'image fine d'une autre date. Il faut au moins deux couples, car un seul ne montre aucun changement.</translation>
</message>
<message>
<source>Fits a small network to your own scene, whatever its sensor, bands and ratio, and sharpens the scene with it.</source>
<translation>Adapte un petit réseau à votre propre scène, quels que soient son capteur, ses bandes et son rapport, et affine la scène avec lui.</translation>
</message>
<message>
<source>Fits a small SatFusion network to your own revisits and panchromatic image, whatever their sensors, bands and ratio, and fuses them with it.</source>
<translation>Adapte un petit réseau SatFusion à vos propres revisites et à votre image panchromatique, quels que soient leurs capteurs, leurs bandes et leur rapport, et les fusionne avec lui.</translation>
</message>
<message>
<source>Fits every pixel to the observations around it with weights that follow the edges: smooth along them, sharp across. Good with noise and few revisits.</source>
<translation>Ajuste chaque pixel aux observations autour de lui avec des poids qui suivent les contours : lisse le long d'eux, nette en travers. Bonne en présence de bruit et avec peu de revisites.</translation>
</message>
<message>
<source>Fits the coarse images to each other around every coarse pixel, applies the fit to the fine image, and smooths it over similar pixels. Quick, and best with strong seasonal change.</source>
<translation>Ajuste les images grossières l'une à l'autre autour de chaque pixel grossier, applique cet ajustement à l'image fine, et le lisse sur des pixels semblables. Rapide, et la meilleure en cas de fort changement saisonnier.</translation>
</message>
<message>
<source>Flags not to be used</source>
<translation>Marques à ne pas utiliser</translation>
</message>
<message>
<source>Folder</source>
<translation>Dossier</translation>
</message>
<message>
<source>Folder for one file of each revisit</source>
<translation>Dossier pour un fichier par revisite</translation>
</message>
<message>
<source>Folder for the images</source>
<translation>Dossier des images</translation>
</message>
<message>
<source>Folder for the revisits</source>
<translation>Dossier des revisites</translation>
</message>
<message>
<source>Folder for the virtual rasters</source>
<translation>Dossier des rasters virtuels</translation>
</message>
<message>
<source>Folder of coarse images</source>
<translation>Dossier des images grossières</translation>
</message>
<message>
<source>Folder of coarse images of further dates</source>
<translation>Dossier d'images grossières d'autres dates</translation>
</message>
<message>
<source>Folder of fine images</source>
<translation>Dossier des images fines</translation>
</message>
<message>
<source>Folder of fine images of further dates</source>
<translation>Dossier d'images fines d'autres dates</translation>
</message>
<message>
<source>Folder of the data set</source>
<translation>Dossier du jeu de données</translation>
</message>
<message>
<source>Folder of the fitted model</source>
<translation>Dossier du modèle adapté</translation>
</message>
<message>
<source>Folder of the model</source>
<translation>Dossier du modèle</translation>
</message>
<message>
<source>Folder of the patch set</source>
<translation>Dossier du jeu d'imagettes</translation>
</message>
<message>
<source>Folder of wheels</source>
<translation>Dossier de paquets wheel</translation>
</message>
<message>
<source>Folders of MLFF-GAN: CIA or LGC by pairs of dates</source>
<translation>Dossiers de MLFF-GAN : CIA ou LGC par couples de dates</translation>
</message>
<message>
<source>for blocks, interpolated between them</source>
<translation>par blocs, interpolés entre eux</translation>
</message>
<message>
<source>For each revisit its date, file, shift, the shift's error, gain and offset, and the share that changed: CSV or JSON, as the name ends.</source>
<translation>Pour chaque revisite, sa date, son fichier, son décalage et l'erreur de celui-ci, le gain et le décalage radiométriques, et la part qui a changé : CSV ou JSON, selon la fin du nom.</translation>
</message>
<message>
<source>For patches for SatFusion: the finer image of the place, near the reference date.</source>
<translation>Pour des imagettes pour SatFusion : l'image plus fine du lieu, proche de la date de référence.</translation>
</message>
<message>
<source>For SatFusion: one of the same pixels for each sharp image. Without, they are simulated.</source>
<translation>Pour SatFusion : une image aux mêmes pixels pour chaque image nette. Sinon, elles sont simulées.</translation>
</message>
<message>
<source>for the scene, free</source>
<translation>pour la scène, libres</translation>
</message>
<message>
<source>for the scene, with physical signs (BDSD-PC)</source>
<translation>pour la scène, aux signes physiques (BDSD-PC)</translation>
</message>
<message>
<source>Form of the blur; all of them have the MTF gains above.</source>
<translation>Forme du flou ; toutes ont les gains de FTM ci-dessus.</translation>
</message>
<message>
<source>fourth graphics card (CUDA)</source>
<translation>quatrième carte graphique (CUDA)</translation>
</message>
<message>
<source>From</source>
<translation>Provenance</translation>
</message>
<message>
<source>From how many pairs each date is predicted.</source>
<translation>À partir de combien de couples chaque date est prédite.</translation>
</message>
<message>
<source>From how many pairs of a fine and a coarse image a date is predicted.</source>
<translation>À partir de combien de couples d'images, fine et grossière, une date est prédite.</translation>
</message>
<message>
<source>from one and from two, each with baselines of as many</source>
<translation>à partir d'un et de deux, chacun avec des références de base d'autant de couples</translation>
</message>
<message>
<source>From one pair</source>
<translation>À partir d'un couple</translation>
</message>
<message>
<source>From the corner of one patch to that of the next; below the side, patches overlap. Empty takes the side.</source>
<translation>Du coin d'une imagette à celui de la suivante ; s'il est inférieur au côté, les imagettes se recouvrent. Vide : le côté.</translation>
</message>
<message>
<source>from the nearest before and the nearest after the date</source>
<translation>à partir du plus proche avant et du plus proche après la date</translation>
</message>
<message>
<source>from the nearest one</source>
<translation>à partir du plus proche</translation>
</message>
<message>
<source>from the number of bits</source>
<translation>d'après le nombre de bits</translation>
</message>
<message>
<source>From two pairs</source>
<translation>À partir de deux couples</translation>
</message>
<message>
<source>FSDAF</source>
<translation>FSDAF</translation>
</message>
<message>
<source>Full scale, without a reference</source>
<translation>Pleine échelle, sans référence</translation>
</message>
<message>
<source>Full scale: the fused image is compared with MS and PAN, from which it was made</source>
<translation>Pleine échelle : l'image fusionnée est comparée avec MS et PAN, dont elle a été faite</translation>
</message>
<message>
<source>full: also trains and adapts them</source>
<translation>full : les entraîne et les adapte aussi</translation>
</message>
<message>
<source>Fuse</source>
<translation>Fusionner</translation>
</message>
<message>
<source>Fused [{}]</source>
<translation>Fusionnée [{}]</translation>
</message>
<message>
<source>Fused image</source>
<translation>Image fusionnée</translation>
</message>
<message>
<source>Fused image and reference</source>
<translation>Image fusionnée et référence</translation>
</message>
<message>
<source>Fused image at full scale, without a reference</source>
<translation>Image fusionnée à pleine échelle, sans référence</translation>
</message>
<message>
<source>Fused image, degraded</source>
<translation>Image fusionnée, dégradée</translation>
</message>
<message>
<source>Fuses only 512 x 512 pixels of the coarse image, at the centre of the map, to try a method or a setting. The statistics are those of the whole scene, so the preview is what the full run gives there.</source>
<translation>Ne fusionne que 512 x 512 pixels de l'image grossière, au centre de la carte, pour essayer une méthode ou un réglage. Les statistiques sont celles de toute la scène : l'aperçu est ce que le traitement complet y donne.</translation>
</message>
<message>
<source>FusionNet</source>
<translation>FusionNet</translation>
</message>
<message>
<source>gain and offset by robust regression</source>
<translation>gain et décalage par régression robuste</translation>
</message>
<message>
<source>GAN-STFM</source>
<translation>GAN-STFM</translation>
</message>
<message>
<source>Gaofen-2, four bands, 10 bits</source>
<translation>Gaofen-2, quatre bandes, 10 bits</translation>
</message>
<message>
<source>Gaussian</source>
<translation>gaussien</translation>
</message>
<message>
<source>GeoEye-1, WorldView-4</source>
<translation>GeoEye-1, WorldView-4</translation>
</message>
<message>
<source>GIHS (generalised IHS)</source>
<translation>GIHS (IHS généralisé)</translation>
</message>
<message>
<source>Give either MS, with a PAN, or REVISITS, with a PAN or without.</source>
<translation>Donnez soit MS, avec un PAN, soit REVISITS, avec ou sans PAN.</translation>
</message>
<message>
<source>Give the model either as INPUT (a file) or as INPUT_FOLDER.</source>
<translation>Donnez le modèle soit dans INPUT (un fichier), soit dans INPUT_FOLDER.</translation>
</message>
<message>
<source>Give the product either as INPUT (a file) or as FOLDER.</source>
<translation>Donnez le produit soit dans INPUT (un fichier), soit dans FOLDER.</translation>
</message>
<message>
<source>Gives every band the same detail, PAN less the mean of the bands. Simple and fast; shifts colours where the bands do not cover PAN's spectral range.</source>
<translation>Donne à chaque bande le même détail : PAN moins la moyenne des bandes. Simple et rapide ; décale les couleurs là où les bandes ne couvrent pas le domaine spectral de PAN.</translation>
</message>
<message>
<source>Go on with an earlier training</source>
<translation>Reprendre un apprentissage antérieur</translation>
</message>
<message>
<source>Goes on where a training with the same folder, patches and network stopped.</source>
<translation>Reprend là où un apprentissage avec les mêmes dossier, imagettes et réseau s'est arrêté.</translation>
</message>
<message>
<source>graphics card (CUDA)</source>
<translation>carte graphique (CUDA)</translation>
</message>
<message>
<source>Grey: no data.</source>
<translation>Gris : sans donnée.</translation>
</message>
<message>
<source>Ground sampling distance</source>
<translation>Pas d'échantillonnage au sol</translation>
</message>
<message>
<source>Grow the masks</source>
<translation>Dilater les masques</translation>
</message>
<message>
<source>Grows what the masks mark, clouds for example, by so many pixels of the quality band.</source>
<translation>Dilate ce que les masques marquent, les nuages par exemple, d'autant de pixels de la bande de qualité.</translation>
</message>
<message>
<source>GS (Gram-Schmidt)</source>
<translation>GS (Gram-Schmidt)</translation>
</message>
<message>
<source>GSA (adaptive Gram-Schmidt)</source>
<translation>GSA (Gram-Schmidt adaptatif)</translation>
</message>
<message>
<source>half (16 bits), where the device and the model's file allow it</source>
<translation>demi-précision (16 bits), là où le périphérique et le fichier du modèle le permettent</translation>
</message>
<message>
<source>Half precision is quicker on a GPU and takes half the memory; the result differs a little.</source>
<translation>La demi-précision est plus rapide sur un GPU et prend moitié moins de mémoire ; le résultat diffère un peu.</translation>
</message>
<message>
<source>Haze</source>
<translation>Brume</translation>
</message>
<message>
<source>highest value of the reference</source>
<translation>plus haute valeur de la référence</translation>
</message>
<message>
<source>HighRes-net</source>
<translation>HighRes-net</translation>
</message>
<message>
<source>How each image is drawn: as the model's card says; in few steps without fresh noise (DDIM); or in all the steps of training, each with fresh noise (DDPM).</source>
<translation>Comment chaque image est tirée : comme l'indique la fiche du modèle ; en peu d'étapes, sans nouveau bruit (DDIM) ; ou en toutes les étapes de l'apprentissage, chacune avec un nouveau bruit (DDPM).</translation>
</message>
<message>
<source>How far the masks miss the clouds' edges: 0 not at all, 1 wildly.</source>
<translation>À quel point les masques manquent les bords des nuages : 0 pas du tout, 1 énormément.</translation>
</message>
<message>
<source>How far values of one surface differ by noise, in per cent of the image's range.</source>
<translation>De combien les valeurs d'une même surface diffèrent à cause du bruit, en pour cent de la plage de l'image.</translation>
</message>
<message>
<source>How far, in pixels of the revisits, one may lie from where its georeferencing puts it; the shifts are measured and undone. 0 trusts the georeferencing.</source>
<translation>À quelle distance, en pixels des revisites, l'une d'elles peut se trouver de l'endroit où son géoréférencement la place ; les décalages sont mesurés et compensés. 0 : le géoréférencement est tenu pour exact.</translation>
</message>
<message>
<source>How fast it learns; too fast, and the loss is no number any more. Empty takes the preset's.</source>
<translation>À quelle vitesse le réseau apprend ; trop vite, et la perte n'est plus un nombre. Vide : le taux du préréglage.</translation>
</message>
<message>
<source>How it went</source>
<translation>Déroulement</translation>
</message>
<message>
<source>How long it took [s]</source>
<translation>Durée totale [s]</translation>
</message>
<message>
<source>How many bands belong to one date where a raster holds several dates one after the other. 0: a raster is a stack only where the names of its bands say the dates.</source>
<translation>Nombre de bandes d'une même date quand un raster contient plusieurs dates l'une après l'autre. 0 : un raster n'est une pile que si les noms de ses bandes indiquent les dates.</translation>
</message>
<message>
<source>How many coarse pixels, those with the largest share of a class, the change of a class is found from.</source>
<translation>Nombre de pixels grossiers, ceux qui ont la plus grande part d'une classe, d'où le changement de la classe est tiré.</translation>
</message>
<message>
<source>How many fine pixels a coarse pixel was wide in training: of PAN and MS, or of two sensors. Empty takes what is usual with the official code.</source>
<translation>Largeur d'un pixel grossier en pixels fins à l'entraînement : du PAN et de la MS, ou de deux capteurs. Vide : ce qui est usuel avec le code officiel.</translation>
</message>
<message>
<source>How many images are drawn; the result is their mean. More are steadier and take longer. With one, the result has the texture of a real image, and is farther from it on average.</source>
<translation>Nombre d'images tirées ; le résultat est leur moyenne. Davantage de tirages sont plus stables et prennent plus de temps. Avec un seul, le résultat a la texture d'une vraie image, et en est plus éloigné en moyenne.</translation>
</message>
<message>
<source>How many PAN pixels a MS pixel was wide in training. Empty takes what is usual with the official code.</source>
<translation type="vanished">Largeur d'un pixel MS en pixels PAN pendant l'apprentissage. Vide : comme d'usage avec le code officiel.</translation>
</message>
<message>
<source>How many processor cores networks use.</source>
<translation>Nombre de cœurs de processeur que les réseaux utilisent.</translation>
</message>
<message>
<source>How many processor cores to use; 0 uses all.</source>
<translation>Nombre de cœurs de processeur à utiliser ; 0 les utilise tous.</translation>
</message>
<message>
<source>How many revisits are made; the first is the reference.</source>
<translation>Nombre de revisites à faire ; la première est la référence.</translation>
</message>
<message>
<source>How many revisits have clouds; the first has none unless all have.</source>
<translation>Nombre de revisites qui ont des nuages ; la première n'en a pas, sauf si toutes en ont.</translation>
</message>
<message>
<source>How many times coarser the results are. Empty takes the ratio of the two pixel sizes, so that the degraded panchromatic image has the size of pixels of the multispectral one, which then is the truth.</source>
<translation>De combien de fois les résultats sont plus grossiers. Vide : le rapport des deux tailles de pixel, de sorte que l'image panchromatique dégradée ait les pixels de l'image multispectrale, qui est alors la vérité.</translation>
</message>
<message>
<source>How many times finer the result's pixels are than the reference's. Revisits of Sentinel-2 and the like support 2; a finer grid shows no more.</source>
<translation>De combien de fois les pixels du résultat sont plus fins que ceux de la référence. Les revisites de Sentinel-2 et de capteurs semblables permettent 2 ; une grille plus fine ne montre rien de plus.</translation>
</message>
<message>
<source>How many times finer the result's pixels are. WorldStrat's reference is resampled to what is asked for; PROBA-V's is 3.</source>
<translation>De combien de fois les pixels du résultat sont plus fins. La référence de WorldStrat est rééchantillonnée à ce qui est demandé ; pour PROBA-V, c'est 3.</translation>
</message>
<message>
<source>How many times finer the result's pixels are: a whole number.</source>
<translation>De combien de fois les pixels du résultat sont plus fins : un nombre entier.</translation>
</message>
<message>
<source>How many times finer the result's pixels are: a whole number. With a panchromatic image it is that of the pixels.</source>
<translation>De combien de fois les pixels du résultat sont plus fins : un nombre entier. Avec une image panchromatique, c'est le rapport des pixels.</translation>
</message>
<message>
<source>How many times larger the pixels of the revisits are than those of the sharp image.</source>
<translation>De combien de fois les pixels des revisites sont plus grands que ceux de l'image nette.</translation>
</message>
<message>
<source>How MS was brought onto PAN's grid in training.</source>
<translation>Comment MS a été amené sur la grille de PAN pendant l'apprentissage.</translation>
</message>
<message>
<source>How much chooses the best state of the network.</source>
<translation>La part qui choisit le meilleur état du réseau.</translation>
</message>
<message>
<source>How much contrast the sensor leaves at the finest detail that the revisits' pixels can hold: one number for all bands, or one for each, separated by commas, each between 0.05 and 0.6.</source>
<translation>Le contraste que le capteur laisse au détail le plus fin que les pixels des revisites peuvent contenir : un nombre pour toutes les bandes, ou un par bande, séparés par des virgules, chacun entre 0.05 et 0.6.</translation>
</message>
<message>
<source>How much each band counts in the intensity that PAN is compared with, separated by commas. Empty finds the weights by regression of PAN on the bands, which is right for nearly every scene.</source>
<translation>Combien chaque bande compte dans l'intensité à laquelle PAN est comparé, séparés par des virgules. Vide : les poids sont trouvés par régression de PAN sur les bandes, ce qui convient à presque toutes les scènes.</translation>
</message>
<message>
<source>How much every pixel rests on: the sum of the weights of the observations in it, or the spread between them, as the method says.</source>
<translation>Sur combien chaque pixel s'appuie : la somme des poids des observations qu'il contient, ou la dispersion entre elles, selon la méthode.</translation>
</message>
<message>
<source>How much gives the scores on the model's card, and nothing else.</source>
<translation>La part qui donne les notes inscrites sur la fiche du modèle, et ne sert à rien d'autre.</translation>
</message>
<message>
<source>How much lower its ERGAS is than the best classical one</source>
<translation>De combien son ERGAS est inférieur à celui de la meilleure méthode classique</translation>
</message>
<message>
<source>How much lower its RMSE is than the best classical one</source>
<translation>De combien son RMSE est inférieur à celui de la meilleure méthode classique</translation>
</message>
<message>
<source>How much of a clouded revisit is clouded.</source>
<translation>La part nuageuse d'une revisite nuageuse.</translation>
</message>
<message>
<source>How much of each scene chooses the best state of the network.</source>
<translation>La part de chaque scène qui choisit le meilleur état du réseau.</translation>
</message>
<message>
<source>How much of each scene gives the scores on the model's card, and is used for nothing else.</source>
<translation>La part de chaque scène qui donne les notes inscrites sur la fiche du modèle, et ne sert à rien d'autre.</translation>
</message>
<message>
<source>How names hold dates, such as *_%Y%m%d_*: * stands for any text, ? for any character, %Y for the year, %m for the month, %d for the day, %j for the day of the year, %H, %M and %S for the time. Empty knows the names of Landsat, Sentinel and MODIS products, of the published data sets for spatiotemporal fusion, and plain dates.</source>
<translation>Comment les noms contiennent les dates, par exemple *_%Y%m%d_* : * tient lieu d'un texte quelconque, ? d'un caractère quelconque, %Y de l'année, %m du mois, %d du jour, %j du jour de l'année, %H, %M et %S de l'heure. Vide : sont connus les noms des produits Landsat, Sentinel et MODIS, ceux des jeux de données publiés pour la fusion spatio-temporelle, et les simples dates.</translation>
</message>
<message>
<source>How often dates are simulated of each image, each time others.</source>
<translation>Combien de fois des dates sont simulées à partir de chaque image, chaque fois d'autres.</translation>
</message>
<message>
<source>How often every patch is seen, if the time suffices. Empty takes the preset's.</source>
<translation>Combien de fois chaque imagette est vue, si le temps suffit. Vide : le nombre du préréglage.</translation>
</message>
<message>
<source>How often revisits are simulated of each image, each time others.</source>
<translation>Combien de fois des revisites sont simulées à partir de chaque image, chaque fois d'autres.</translation>
</message>
<message>
<source>How often the scene is degraded before it is cut.</source>
<translation>Combien de fois la scène est dégradée avant d'être découpée.</translation>
</message>
<message>
<source>How smooth the result is, where 1 is what the measured noise asks for. Raise it when the result is noisy, lower it when it is not sharp enough.</source>
<translation>À quel point le résultat est lisse, 1 étant ce que demande le bruit mesuré. Augmentez-le si le résultat est bruité, diminuez-le s'il n'est pas assez net.</translation>
</message>
<message>
<source>How the images are fused.</source>
<translation>Comment les images sont fusionnées.</translation>
</message>
<message>
<source>How the images are kept. A published data set is one folder, and says by its names which images are fine and which coarse, and what their numbers mean.</source>
<translation>Comment les images sont rangées. Un jeu de données publié est un seul dossier, et dit par ses noms quelles images sont fines et lesquelles grossières, et ce que signifient leurs nombres.</translation>
</message>
<message>
<source>How the output GeoTIFF is compressed; never with loss.</source>
<translation>Comment le GeoTIFF de sortie est compressé ; toujours sans perte.</translation>
</message>
<message>
<source>How the scores are defined</source>
<translation>Comment les notes sont définies</translation>
</message>
<message>
<source>HPF (high-pass filter)</source>
<translation>HPF (filtre passe-haut)</translation>
</message>
<message>
<source>HQNR</source>
<translation>HQNR</translation>
</message>
<message>
<source>HQNR (1 is best)</source>
<translation>HQNR (le mieux est 1)</translation>
</message>
<message>
<source>HTML files (*.html)</source>
<translation>Fichiers HTML (*.html)</translation>
</message>
<message>
<source>I accept the model's licence</source>
<translation>J'accepte la licence du modèle</translation>
</message>
<message>
<source>IC: Sentinel-2 and Sentinel-3</source>
<translation>IC : Sentinel-2 et Sentinel-3</translation>
</message>
<message>
<source>Id</source>
<translation>Identifiant</translation>
</message>
<message>
<source>Id of the best method</source>
<translation>Identifiant de la meilleure méthode</translation>
</message>
<message>
<source>Id of the model</source>
<translation>Identifiant du modèle</translation>
</message>
<message>
<source>Ids of the models, separated by commas</source>
<translation>Identifiants des modèles, séparés par des virgules</translation>
</message>
<message>
<source>IKONOS</source>
<translation>IKONOS</translation>
</message>
<message>
<source>IMAGE: a raster is needed.</source>
<translation>IMAGE : il faut un raster.</translation>
</message>
<message>
<source>Images</source>
<translation>Images</translation>
</message>
<message>
<source>Images are paired by their dates. Every pair is combined with every other date near enough: its coarse image and the pair are what the network gets, its fine image is what it is to predict. Alignment, bands, reflectance, masks and the fit between the sensors are those of a prediction.</source>
<translation>Les images sont mises en couples d'après leurs dates. Chaque couple est combiné avec chaque autre date assez proche : son image grossière et le couple sont ce que le réseau reçoit, son image fine est ce qu'il doit prédire. L'alignement, les bandes, la réflectance, les masques et l'ajustement entre les capteurs sont ceux d'une prédiction.</translation>
</message>
<message>
<source>Images of one place at several dates, by one sensor: layers, files or products, or one raster that holds them all one after the other. Each may have its own extent, coordinate reference system, nodata value and mask.</source>
<translation>Images d'un même lieu à plusieurs dates, par un même capteur : couches, fichiers ou produits, ou un seul raster qui les contient toutes l'une après l'autre. Chacune peut avoir sa propre étendue, son système de coordonnées de référence (SCR), sa valeur sans donnée et son masque.</translation>
</message>
<message>
<source>Images of which less is clear are not used in pairs.</source>
<translation>Les images dont une part moindre est dégagée ne sont pas utilisées dans des couples.</translation>
</message>
<message>
<source>Import a model</source>
<translation>Importer un modèle</translation>
</message>
<message>
<source>Import…</source>
<translation>Importer…</translation>
</message>
<message>
<source>Improves an estimate until it gives the revisits again when it is shifted, blurred with the sensor's MTF and sampled as they were: undoes blur and aliasing together. The sharpest of the classical methods.</source>
<translation>Améliore une estimation jusqu'à ce qu'elle redonne les revisites une fois décalée, rendue floue avec la FTM du capteur et échantillonnée comme elles : défait ensemble le flou et le repliement de spectre. La plus nette des méthodes classiques.</translation>
</message>
<message>
<source>In reflectance, with the wavelengths of their bands; the same bands in all.</source>
<translation>En réflectance, avec les longueurs d'onde de leurs bandes ; les mêmes bandes dans toutes.</translation>
</message>
<message>
<source>In the order of the ranking above. Reduced and full scale can disagree: none of them is the whole truth.</source>
<translation>Dans l'ordre du classement ci-dessus. L'échelle réduite et la pleine échelle peuvent se contredire : aucune n'est toute la vérité.</translation>
</message>
<message>
<source>inference: runs networks</source>
<translation>inference : exécute des réseaux</translation>
</message>
<message>
<source>INNformer</source>
<translation>INNformer</translation>
</message>
<message>
<source>INPUT: a raster is needed.</source>
<translation>INPUT : il faut un raster.</translation>
</message>
<message>
<source>Install</source>
<translation>Installer</translation>
</message>
<message>
<source>Install the engine</source>
<translation>Installer le moteur</translation>
</message>
<message>
<source>Install the engine again with satfusion:engine_install and DEVICE=gpu to use this GPU.</source>
<translation>Réinstallez le moteur avec satfusion:engine_install et DEVICE=gpu pour utiliser ce GPU.</translation>
</message>
<message>
<source>Install the engine again with satfusion:engine_install and REINSTALL, or name another INTERPRETER.</source>
<translation>Réinstallez le moteur avec satfusion:engine_install et REINSTALL, ou nommez un autre INTERPRETER.</translation>
</message>
<message>
<source>Install the engine again with satfusion:engine_install and REINSTALL: a package is damaged.</source>
<translation>Réinstallez le moteur avec satfusion:engine_install et REINSTALL : un paquet est endommagé.</translation>
</message>
<message>
<source>Install the engine again with satfusion:engine_install and REINSTALL: its numpy does not fit the other packages.</source>
<translation>Réinstallez le moteur avec satfusion:engine_install et REINSTALL : son numpy ne convient pas aux autres paquets.</translation>
</message>
<message>
<source>Install the engine again with satfusion:engine_install and REINSTALL; if it stops again, choose DEVICE=cpu.</source>
<translation>Réinstallez le moteur avec satfusion:engine_install et REINSTALL ; s'il s'arrête encore, choisissez DEVICE=cpu.</translation>
</message>
<message>
<source>Install the engine again with satfusion:engine_install, DEVICE=gpu and REINSTALL: libraries of CUDA or cuDNN are missing.</source>
<translation>Réinstallez le moteur avec satfusion:engine_install, DEVICE=gpu et REINSTALL : des bibliothèques de CUDA ou de cuDNN manquent.</translation>
</message>
<message>
<source>Install the engine again with satfusion:engine_install: it needs numpy.</source>
<translation>Réinstallez le moteur avec satfusion:engine_install : il a besoin de numpy.</translation>
</message>
<message>
<source>Install the engine again with satfusion:engine_install: it needs onnxruntime or torch.</source>
<translation>Réinstallez le moteur avec satfusion:engine_install : il a besoin d'onnxruntime ou de torch.</translation>
</message>
<message>
<source>Install the engine with satfusion:engine_install.</source>
<translation>Installez le moteur avec satfusion:engine_install.</translation>
</message>
<message>
<source>Install the Microsoft Visual C++ Redistributable (2015-2022, x64), restart Windows, and check again.</source>
<translation>Installez le Microsoft Visual C++ Redistributable (2015-2022, x64), redémarrez Windows, et vérifiez de nouveau.</translation>
</message>
<message>
<source>Install the NVIDIA driver if there is an NVIDIA GPU; otherwise choose DEVICE=cpu.</source>
<translation>Installez le pilote NVIDIA s'il y a un GPU NVIDIA ; sinon choisissez DEVICE=cpu.</translation>
</message>
<message>
<source>Installation</source>
<translation>Installation</translation>
</message>
<message>
<source>installed by SatFusion</source>
<translation>installé par SatFusion</translation>
</message>
<message>
<source>Installs from the wheels (*.whl) in this folder, without any network. Empty fetches them.</source>
<translation>Installe à partir des paquets wheel (*.whl) de ce dossier, sans aucun réseau. Vide : ils sont téléchargés.</translation>
</message>
<message>
<source>Interpolation between dates (baseline)</source>
<translation>Interpolation entre dates (référence de base)</translation>
</message>
<message>
<source>Interpolation of MS</source>
<translation>Interpolation de MS</translation>
</message>
<message>
<source>Interpreter of the engine</source>
<translation>Interpréteur du moteur</translation>
</message>
<message>
<source>Interpreter: {} ({})</source>
<translation>Interpréteur : {} ({})</translation>
</message>
<message>
<source>Interval</source>
<translation>Intervalle</translation>
</message>
<message>
<source>Intervals</source>
<translation>Intervalles</translation>
</message>
<message>
<source>It runs in the engine, with PyTorch. Each network learns by its own loss: where that compares features of an auto-encoder, this is trained first; where it has a discriminator, both learn in turn; the steps of a diffusion are averaged. Pixels that are masked in any of the images have no influence. The state with the lowest error on the validation patches is kept, also when you cancel or when the time is up. A network that learned from few places and dates knows these: score it on others.</source>
<translation>S'exécute dans le moteur, avec PyTorch. Chaque réseau apprend avec sa propre perte : si elle compare les caractéristiques d'un auto-encodeur, celui-ci est entraîné d'abord ; s'il y a un discriminateur, les deux apprennent tour à tour ; les étapes d'une diffusion sont moyennées. Les pixels masqués dans l'une des images n'ont aucune influence. L'état à la plus faible erreur sur les imagettes de validation est conservé, même si vous annulez ou si le temps est écoulé. Un réseau qui n'a appris que de peu de lieux et de dates les connaît : notez-le sur d'autres.</translation>
</message>
<message>
<source>It runs in the engine, with PyTorch. The network begins as the classical back-projection, and learns what to add to it; revisits change their order and some are left out while it learns, so it works with any number of them. The state with the lowest loss on the validation patches is kept, also when you cancel or when the time is up. A network that learned from few places knows these places: score it on others.</source>
<translation>S'exécute dans le moteur, avec PyTorch. Le réseau part de la rétroprojection classique, et apprend ce qu'il faut y ajouter ; pendant l'apprentissage, les revisites changent d'ordre et certaines sont omises, si bien qu'il fonctionne avec n'importe quel nombre d'entre elles. L'état à la plus faible perte sur les imagettes de validation est conservé, même si vous annulez ou si le temps est écoulé. Un réseau qui n'a appris que de peu de lieux connaît ces lieux : notez-le sur d'autres.</translation>
</message>
<message>
<source>It runs in the engine, with PyTorch. The reduced scale is not the full one: look at the result.</source>
<translation>S'exécute dans le moteur, avec PyTorch. L'échelle réduite n'est pas la pleine échelle : regardez le résultat.</translation>
</message>
<message>
<source>It runs in the engine, with PyTorch. The reduced scale is not the full one: look at the result. If you cancel while it is fitted, the best state so far is kept in the model folder, where one is given.</source>
<translation>S'exécute dans le moteur, avec PyTorch. L'échelle réduite n'est pas la pleine échelle : regardez le résultat. Si vous annulez pendant l'adaptation, le meilleur état atteint est conservé dans le dossier du modèle, s'il en est donné un.</translation>
</message>
<message>
<source>It runs in the engine, with PyTorch. The state with the lowest loss on the validation patches is kept, also when you cancel or when the time is up. A network that learned from few places knows these places: score it on others.</source>
<translation>S'exécute dans le moteur, avec PyTorch. L'état à la plus faible perte sur les imagettes de validation est conservé, même si vous annulez ou si le temps est écoulé. Un réseau qui n'a appris que de peu de lieux connaît ces lieux : notez-le sur d'autres.</translation>
</message>
<message>
<source>It runs in the engine, with PyTorch. What is best on known dates need not be on the one to predict: look at the result. If you cancel while it is fitted, the best state so far is kept in the model folder, where one is given.</source>
<translation>S'exécute dans le moteur, avec PyTorch. Ce qui est le meilleur aux dates connues ne l'est pas forcément à la date à prédire : regardez le résultat. Si vous annulez pendant l'ajustement, le meilleur état obtenu est conservé dans le dossier du modèle, s'il est donné.</translation>
</message>
<message>
<source>It took {}.</source>
<translation>Durée : {}.</translation>
</message>
<message>
<source>Iterative back-projection</source>
<translation>Rétroprojection itérative</translation>
</message>
<message>
<source>Its ERGAS on the held-out pixels (0 is best)</source>
<translation>Son ERGAS sur les pixels mis de côté (le mieux est 0)</translation>
</message>
<message>
<source>Its files are compared with the card: their size and SHA-256.</source>
<translation>Ses fichiers sont comparés avec la fiche : leur taille et leur SHA-256.</translation>
</message>
<message>
<source>its own</source>
<translation>lui-même</translation>
</message>
<message>
<source>Its RMSE there (0 is best)</source>
<translation>Son RMSE à cet endroit (0 est le mieux)</translation>
</message>
<message>
<source>Its spectral angle there in degrees (0 is best)</source>
<translation>Son angle spectral sur les mêmes pixels, en degrés (le mieux est 0)</translation>
</message>
<message>
<source>Joins the coarse image of the date with a fine image of any date, whose own coarse image it does not need; trained against a discriminator. For references far from the date.</source>
<translation>Réunit l'image grossière de la date et une image fine d'une date quelconque, dont l'image grossière n'est pas nécessaire ; entraîné contre un discriminateur. Pour des références éloignées de la date.</translation>
</message>
<message>
<source>JSON files (*.json)</source>
<translation>Fichiers JSON (*.json)</translation>
</message>
<message>
<source>Judges a sharpened image by the images that it was made of: HQNR, D_lambda_K and D_s, QNR and D_lambda, and the consistency: blurred with the sensor's modulation transfer function and sampled on the multispectral grid, the fused image should equal the multispectral one, band by band.</source>
<translation>Juge une image affinée d'après les images dont elle a été faite : HQNR, D_lambda_K et D_s, QNR et D_lambda, et la cohérence : rendue floue avec la fonction de transfert de modulation du capteur et échantillonnée sur la grille multispectrale, l'image fusionnée devrait être égale à la multispectrale, bande par bande.</translation>
</message>
<message>
<source>Keep the order of single-band files</source>
<translation>Garder l'ordre des fichiers à une bande</translation>
</message>
<message>
<source>Keeps the fitted network, to fuse other revisits of the same sensors with it.</source>
<translation>Conserve le réseau adapté, pour fusionner avec lui d'autres revisites des mêmes capteurs.</translation>
</message>
<message>
<source>Keeps the fitted network, to predict other dates of the same place and sensors with it.</source>
<translation>Conserve le réseau ajusté, pour prédire d'autres dates du même lieu et des mêmes capteurs.</translation>
</message>
<message>
<source>Keeps the fitted network, to sharpen other scenes of the same sensor with it.</source>
<translation>Conserve le réseau adapté, pour affiner avec lui d'autres scènes du même capteur.</translation>
</message>
<message>
<source>Kernel regression</source>
<translation>Régression à noyau</translation>
</message>
<message>
<source>Known are: Landsat Collection 2, Sentinel-2, Pleiades and SPOT 6/7 (DIMAP), WorldView and GeoEye (TIL), MODIS, Sentinel-3 SYNERGY. The product is recognised by its content; zip and tar files are read without being unpacked.</source>
<translation>Sont connus : Landsat Collection 2, Sentinel-2, Pleiades et SPOT 6/7 (DIMAP), WorldView et GeoEye (TIL), MODIS, Sentinel-3 SYNERGY. Le produit est reconnu à son contenu ; les fichiers zip et tar sont lus sans être décompressés.</translation>
</message>
<message>
<source>Label of the model. Empty takes the file's name.</source>
<translation>Libellé du modèle. Vide : le nom du fichier.</translation>
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
<translation>Plus grande différence par rapport au réseau</translation>
</message>
<message>
<source>Largest distance in days</source>
<translation>Écart maximal en jours</translation>
</message>
<message>
<source>Largest shift</source>
<translation>Décalage maximal</translation>
</message>
<message>
<source>Largest shift of registered scores</source>
<translation>Décalage maximal des notes avec recalage</translation>
</message>
<message>
<source>Last date</source>
<translation>Dernière date</translation>
</message>
<message>
<source>Layers or files of the coarse sensor. Or give a folder below.</source>
<translation>Couches ou fichiers du capteur grossier. Ou donnez un dossier ci-dessous.</translation>
</message>
<message>
<source>Layers or files of the fine sensor, each with its date in its name or metadata. Or give a folder below.</source>
<translation>Couches ou fichiers du capteur fin, chacun avec sa date dans son nom ou ses métadonnées. Ou donnez un dossier ci-dessous.</translation>
</message>
<message>
<source>Layout</source>
<translation>Organisation des fichiers</translation>
</message>
<message>
<source>Learned unmixing (SatFusion)</source>
<translation>Démélange appris (SatFusion)</translation>
</message>
<message>
<source>Learning rate</source>
<translation>Taux d'apprentissage</translation>
</message>
<message>
<source>Learns classes from the fine images, and finds by least squares what each of them has changed; few weights. Made to be fitted to your own pairs: the network of Fit a network to your pairs.</source>
<translation>Apprend des classes à partir des images fines et trouve par moindres carrés ce qui a changé dans chacune ; peu de poids. Fait pour être ajusté à vos propres couples d'images : le réseau de « Ajuster un réseau à vos couples d'images ».</translation>
</message>
<message>
<source>Least clear share</source>
<translation>Part dégagée minimale</translation>
</message>
<message>
<source>Least share of valid pixels</source>
<translation>Part minimale de pixels valides</translation>
</message>
<message>
<source>Length of each round's step, as a share of the longest one that is safe.</source>
<translation>Longueur du pas de chaque itération, comme part du plus long pas qui soit sûr.</translation>
</message>
<message>
<source>Lets each band find similar pixels of its own, as first published, instead of pixels that are similar in all bands: slower, and less accurate. Give a larger number of classes then, such as 20.</source>
<translation>Laisse chaque bande trouver ses propres pixels semblables, comme dans la première publication, au lieu de pixels semblables dans toutes les bandes : plus lent, et moins exact. Donnez alors un plus grand nombre de classes, par exemple 20.</translation>
</message>
<message>
<source>Lets pixels whose coarse value changed less count more, and sums both pairs together, as first published. This favours what did not change, which is rarely wanted.</source>
<translation>Fait compter davantage les pixels dont la valeur grossière a moins changé, et somme les deux couples ensemble, comme dans la première publication. Cela favorise ce qui n'a pas changé, ce qui est rarement voulu.</translation>
</message>
<message>
<source>Level of the coarse images</source>
<translation>Niveau des images grossières</translation>
</message>
<message>
<source>Level of the products that it was trained on, such as L1C or L2A.</source>
<translation>Niveau des produits de son apprentissage, par exemple L1C ou L2A.</translation>
</message>
<message>
<source>LGC (Lower Gwydir): Landsat 5 and MODIS</source>
<translation>LGC (Lower Gwydir) : Landsat 5 et MODIS</translation>
</message>
<message>
<source>Licence</source>
<translation>Licence</translation>
</message>
<message>
<source>Licence of the model, as an SPDX identifier such as CC-BY-4.0. Look at the terms of the scenes first.</source>
<translation>Licence du modèle, comme identifiant SPDX, par exemple CC-BY-4.0. Regardez d'abord les conditions des scènes.</translation>
</message>
<message>
<source>Licence of the weights as an SPDX identifier, such as Apache-2.0 or CC-BY-NC-4.0. LicenseRef-unknown says that their author states none, and then nobody may pass them on.</source>
<translation>Licence des poids, comme identifiant SPDX, par exemple Apache-2.0 ou CC-BY-NC-4.0. LicenseRef-unknown signifie que leur auteur n'en indique aucune, et alors personne n'a le droit de les transmettre.</translation>
</message>
<message>
<source>Licence: {}</source>
<translation>Licence : {}</translation>
</message>
<message>
<source>Likeness of local mean, contrast and structure.</source>
<translation>Ressemblance de moyenne, de contraste et de structure locaux.</translation>
</message>
<message>
<source>Likeness of local structure.</source>
<translation>Ressemblance de la structure locale.</translation>
</message>
<message>
<source>Limits</source>
<translation>Limites</translation>
</message>
<message>
<source>Linear between the fine images of two dates: hard to beat where both are near and nothing sudden happened. Does not look at the coarse images.</source>
<translation>Linéaire entre les images fines de deux dates : difficile à battre si les deux sont proches et que rien de soudain n'est arrivé. Ne regarde pas les images grossières.</translation>
</message>
<message>
<source>List of models</source>
<translation>Liste de modèles</translation>
</message>
<message>
<source>List the models</source>
<translation>Lister les modèles</translation>
</message>
<message>
<source>Lists the weights of networks that are there: those that come with SatFusion and your own. Each row says for which bands and which ratio of pixel sizes a model was made, its licence and its size.</source>
<translation>Liste les poids de réseaux présents : ceux qui viennent avec SatFusion et les vôtres. Chaque ligne indique pour quelles bandes et quel rapport de tailles de pixel un modèle a été fait, sa licence et sa taille.</translation>
</message>
<message>
<source>Looks at two pairs, one on either side of the date, at several scales: follows change that both pairs bracket, and coarse images that are not well registered.</source>
<translation>Regarde deux couples, un de chaque côté de la date, à plusieurs échelles : suit un changement que les deux couples encadrent, et des images grossières mal recalées.</translation>
</message>
<message>
<source>lose their weight</source>
<translation>perdent leur poids</translation>
</message>
<message>
<source>Loss</source>
<translation>Perte</translation>
</message>
<message>
<source>Made by SatFusion {}.</source>
<translation>Fait par SatFusion {}.</translation>
</message>
<message>
<source>MAE</source>
<translation>MAE</translation>
</message>
<message>
<source>Make again what is there</source>
<translation>Refaire ce qui est déjà là</translation>
</message>
<message>
<source>Makes a coarser copy of a scene, as the same sensor would see it from farther away: each band is blurred with the sensor's modulation transfer function and sampled on a coarser grid.</source>
<translation>Fait une copie plus grossière d'une scène, telle que le même capteur la verrait de plus loin : chaque bande est rendue floue avec la fonction de transfert de modulation du capteur, puis échantillonnée sur une grille plus grossière.</translation>
</message>
<message>
<source>Makes a model of the weights that somebody published: a PyTorch checkpoint (.pth, .pt, .ckpt), safetensors, a model folder of SatFusion, or an ONNX file with its card.</source>
<translation>Fait un modèle des poids que quelqu'un a publiés : un checkpoint PyTorch (.pth, .pt, .ckpt), safetensors, un dossier de modèle de SatFusion, ou un fichier ONNX avec sa fiche.</translation>
</message>
<message>
<source>Makes a Python environment of its own for networks, in the folder for the user's data (the variable SATFUSION_ENGINE_FOLDER moves it). QGIS's own Python is not changed, and an update of SatFusion leaves the engine alone.</source>
<translation>Fait un environnement Python à part pour les réseaux de neurones, dans le dossier des données de l'utilisateur (la variable SATFUSION_ENGINE_FOLDER le déplace). Le Python de QGIS n'est pas modifié, et une mise à jour de SatFusion ne touche pas au moteur.</translation>
</message>
<message>
<source>Makes a set of patches for spatiotemporal fusion from single fine images in reflectance: dates are simulated, with a season of every class of cover and of fields, and changes of cover, and the coarse images of another sensor, with its brightness, blur, noise, clouds and errors of its position drawn at random. Use it to begin with where real pairs are few.</source>
<translation>Fait un jeu d'imagettes pour la fusion spatio-temporelle à partir d'images fines isolées, en réflectance : des dates sont simulées, avec une saison pour chaque classe d'occupation et pour les champs, et des changements d'occupation, ainsi que les images grossières d'un autre capteur, avec sa luminosité, son flou, son bruit, ses nuages et ses erreurs de position tirés au hasard. Utilisez-le pour commencer quand les vrais couples sont peu nombreux.</translation>
</message>
<message>
<source>Makes a set of patches for super-resolution or SatFusion from single sharp images: revisits of them are simulated, with shifts, blur, noise, brightness, clouds and errors of their masks drawn at random, and the sharp image is the truth.</source>
<translation>Fait un jeu d'imagettes pour la super-résolution ou SatFusion à partir d'images nettes isolées : des revisites en sont simulées, avec décalages, flou, bruit, luminosité, nuages et erreurs de leurs masques tirés au hasard, et l'image nette est la vérité.</translation>
</message>
<message>
<source>Makes a set of patches, from which a network for spatiotemporal fusion learns, from fine and coarse images of several dates: your own, or a published data set as it is downloaded (CIA, LGC, AHB, Daxing, Tianjin, Wuhan, IC, BC, and MLFF-GAN's folders).</source>
<translation>Fait un jeu d'imagettes (patchs), d'où un réseau de fusion spatio-temporelle apprend, à partir d'images fines et grossières de plusieurs dates : les vôtres, ou un jeu de données publié tel qu'il est téléchargé (CIA, LGC, AHB, Daxing, Tianjin, Wuhan, IC, BC, et les dossiers de MLFF-GAN).</translation>
</message>
<message>
<source>Makes a set of patches, from which a network for super-resolution or SatFusion learns, from your own revisits: all images are degraded as the same sensor would see them from farther away, so that the reference is the truth (Wald's protocol), and cut into small squares.</source>
<translation>Fait à partir de vos propres revisites un jeu d'imagettes (patchs), d'où un réseau de super-résolution ou SatFusion apprend : toutes les images sont dégradées telles que le même capteur les verrait de plus loin, de sorte que la référence est la vérité (protocole de Wald), puis découpées en petits carrés.</translation>
</message>
<message>
<source>Makes a set of patches, from which a pansharpening network learns, from your own scenes: multispectral and panchromatic image are degraded as the same sensor would see them from farther away, so that the original multispectral image is the truth (Wald's protocol), and cut into small squares.</source>
<translation>Fait à partir de vos propres scènes un jeu d'imagettes (patchs), d'où un réseau d'affinage panchromatique apprend : les images multispectrale et panchromatique sont dégradées telles que le même capteur les verrait de plus loin, de sorte que l'image multispectrale d'origine est la vérité (protocole de Wald), puis découpées en petits carrés.</translation>
</message>
<message>
<source>Makes an output of SatFusion again, from the inputs and settings that are written in it. The inputs must still be where they were.</source>
<translation>Refait une sortie de SatFusion à partir des entrées et des réglages qui y sont inscrits. Les entrées doivent encore se trouver au même endroit.</translation>
</message>
<message>
<source>Makes fine images for all dates that only a coarse sensor saw, such as Landsat images for days of MODIS: give a folder of fine and a folder of coarse images.</source>
<translation>Fait des images fines pour toutes les dates que seul un capteur grossier a vues, par exemple des images Landsat pour des jours de MODIS : donnez un dossier d'images fines et un dossier d'images grossières.</translation>
</message>
<message>
<source>Makes several coarser images of one place from one sharp image, as a sensor would take them on several days: each shifted by a fraction of a pixel, blurred, sampled, with noise, brightness and clouds of its own.</source>
<translation>Fait d'une seule image nette plusieurs images plus grossières d'un même lieu, telles qu'un capteur les prendrait en plusieurs jours : chacune décalée d'une fraction de pixel, rendue floue, échantillonnée, avec un bruit, une luminosité et des nuages propres.</translation>
</message>
<message>
<source>Mask of the multispectral image</source>
<translation>Masque de l'image multispectrale</translation>
</message>
<message>
<source>Mask of the panchromatic image</source>
<translation>Masque de l'image panchromatique</translation>
</message>
<message>
<source>Mask polygons</source>
<translation>Polygones de masque</translation>
</message>
<message>
<source>Masked pixels are left out of every score.</source>
<translation>Les pixels masqués sont exclus de toutes les notes.</translation>
</message>
<message>
<source>Masked pixels are left out of every score; block scores say below how many blocks were used.</source>
<translation>Les pixels masqués sont exclus de toutes les notes ; pour les notes par blocs, le nombre de blocs utilisés est indiqué plus bas.</translation>
</message>
<message>
<source>Masked pixels count nowhere; scores of windows (SSIM, UQI, SCC) use only windows without a masked pixel.</source>
<translation>Les pixels masqués ne comptent nulle part ; les notes par fenêtres (SSIM, UQI, SCC) n'utilisent que les fenêtres sans pixel masqué.</translation>
</message>
<message>
<source>Masks of products</source>
<translation>Masques des produits</translation>
</message>
<message>
<source>Masks of products and prepared images</source>
<translation>Masques des produits et des images préparées</translation>
</message>
<message>
<source>Masks of the revisits</source>
<translation>Masques des revisites</translation>
</message>
<message>
<source>Match PAN to each band by regression instead of by standard deviations.</source>
<translation>Ajuste PAN à chaque bande par régression au lieu des écarts types.</translation>
</message>
<message>
<source>Match the brightness</source>
<translation>Ajuster la luminosité</translation>
</message>
<message>
<source>Matches patches of the bands with patches of PAN by attention, and mixes both in invertible blocks. Looks at the whole of a tile.</source>
<translation>Met en correspondance par attention de petits carrés des bandes et de PAN, et mélange les deux dans des blocs inversibles. Regarde toute une tuile.</translation>
</message>
<message>
<source>mean</source>
<translation>moyenne</translation>
</message>
<message>
<source>Mean [{}]</source>
<translation>Moyenne [{}]</translation>
</message>
<message>
<source>mean absolute error</source>
<translation>erreur absolue moyenne</translation>
</message>
<message>
<source>Mean absolute error in physical units (0 is best)</source>
<translation>Erreur absolue moyenne en unités physiques (le mieux est 0)</translation>
</message>
<message>
<source>Mean absolute error in the units of the image; over all: mean over the bands.</source>
<translation>Erreur absolue moyenne dans les unités de l'image ; global : moyenne sur les bandes.</translation>
</message>
<message>
<source>Mean angle between the spectra: errors of colour.</source>
<translation>Angle moyen entre les spectres : erreurs de couleur.</translation>
</message>
<message>
<source>Mean of fused minus reference in physical units (0 is best)</source>
<translation>Moyenne de fusionnée moins référence en unités physiques (le mieux est 0)</translation>
</message>
<message>
<source>Mean of fused minus reference.</source>
<translation>Moyenne de fusionnée moins référence.</translation>
</message>
<message>
<source>Mean of test minus reference in the units of the image; over all: mean over the bands.</source>
<translation>Moyenne de test moins référence dans les unités de l'image ; global : moyenne sur les bandes.</translation>
</message>
<message>
<source>Mean of the PSNR of the bands: another number.</source>
<translation>Moyenne des PSNR des bandes : un autre nombre.</translation>
</message>
<message>
<source>Mean over blocks of the hypercomplex quality index, 1 for identical images; blocks normalised with the reference, mirrored at the right and bottom edge, left out with less than half their pixels valid.</source>
<translation>Moyenne sur les blocs de l'indice de qualité hypercomplexe, 1 pour des images identiques ; blocs normalisés avec la référence, réfléchis aux bords droit et inférieur, exclus quand moins de la moitié de leurs pixels est valide.</translation>
</message>
<message>
<source>Mean over the bands of their PSNR, which is not the PSNR of the image.</source>
<translation>Moyenne sur les bandes de leur PSNR, qui n'est pas le PSNR de l'image.</translation>
</message>
<message>
<source>Mean over the bands of |Q(fused band, PAN) - Q(MS band, low-passed PAN)|, Q on blocks without overlap that hold no masked pixel; PAN is low-passed with a Gaussian of PAN's MTF gain at MS's Nyquist frequency.</source>
<translation>Moyenne sur les bandes de |Q(bande fusionnée, PAN) - Q(bande MS, PAN passe-bas)|, Q sur des blocs sans recouvrement et sans pixel masqué ; le passe-bas de PAN est une gaussienne au gain de FTM de PAN à la fréquence de Nyquist de MS.</translation>
</message>
<message>
<source>Mean over the pairs of bands of |Q(fused, fused) - Q(MS, MS)|, Q on the same blocks.</source>
<translation>Moyenne sur les paires de bandes de |Q(fusionnée, fusionnée) - Q(MS, MS)|, Q sur les mêmes blocs.</translation>
</message>
<message>
<source>Mean over the pixels of the angle between the spectra, in degrees; pixels with a zero spectrum left out; none for one band.</source>
<translation>Moyenne sur les pixels de l'angle entre les spectres, en degrés ; pixels au spectre nul exclus ; aucun pour une seule bande.</translation>
</message>
<message>
<source>Mean size of the errors.</source>
<translation>Taille moyenne des erreurs.</translation>
</message>
<message>
<source>Mean spectra</source>
<translation>Spectres moyens</translation>
</message>
<message>
<source>mean square error</source>
<translation>erreur quadratique moyenne</translation>
</message>
<message>
<source>Means over the {} dates:</source>
<translation>Moyennes sur les {} dates :</translation>
</message>
<message>
<source>Measures to a fraction of a pixel how far images of one place at several dates lie from where their georeferencing puts them, and resamples them onto one grid, that of the reference.</source>
<translation>Mesure à une fraction de pixel près de combien les images d'un même lieu à plusieurs dates s'écartent de l'endroit où leur géoréférencement les place, et les rééchantillonne sur une même grille, celle de la référence.</translation>
</message>
<message>
<source>median</source>
<translation>médiane</translation>
</message>
<message>
<source>Median of bicubics</source>
<translation>Médiane des bicubiques</translation>
</message>
<message>
<source>median over the revisits</source>
<translation>médiane sur les revisites</translation>
</message>
<message>
<source>memory</source>
<translation>mémoire</translation>
</message>
<message>
<source>Method</source>
<translation>Méthode</translation>
</message>
<message>
<source>Method: {}</source>
<translation>Méthode : {}</translation>
</message>
<message>
<source>Methods</source>
<translation>Méthodes</translation>
</message>
<message>
<source>Methods are ranked by ERGAS, with 95 % intervals from a bootstrap of blocks of 32 x 32 multispectral pixels; where a difference lies inside its interval, the methods are called a tie.</source>
<translation>Les méthodes sont classées par ERGAS, avec des intervalles à 95 % d'un bootstrap sur des blocs de 32 x 32 pixels multispectraux ; là où une différence tient dans son intervalle, les méthodes sont dites ex æquo.</translation>
</message>
<message>
<source>Methods compared</source>
<translation>Méthodes comparées</translation>
</message>
<message>
<source>Methods that are a tie with the best</source>
<translation>Méthodes ex æquo avec la meilleure</translation>
</message>
<message>
<source>Methods that could not be run</source>
<translation>Méthodes qui n'ont pas pu être exécutées</translation>
</message>
<message>
<source>MLFF-GAN</source>
<translation>MLFF-GAN</translation>
</message>
<message>
<source>Model</source>
<translation>Modèle</translation>
</message>
<message>
<source>Model folder</source>
<translation>Dossier du modèle</translation>
</message>
<message>
<source>Model of step {}: ERGAS {:.4g} (EXP {:.4g}), RMSE {:.4g} (EXP {:.4g}), on the {} patches</source>
<translation type="vanished">Modèle de l'itération {} : ERGAS {:.4g} (EXP {:.4g}), RMSE {:.4g} (EXP {:.4g}), sur les imagettes du sous-ensemble {}</translation>
</message>
<message>
<source>Model of step {}: ERGAS {:.4g} ({} {:.4g}), RMSE {:.4g} ({} {:.4g}), on the {} patches</source>
<translation>Modèle de l'itération {} : ERGAS {:.4g} ({} {:.4g}), RMSE {:.4g} ({} {:.4g}), sur les imagettes du sous-ensemble {}</translation>
</message>
<message>
<source>MODEL: name a model by its id or its folder.</source>
<translation>MODEL : nommez un modèle par son identifiant ou son dossier.</translation>
</message>
<message>
<source>MODEL: name a model of the list, or the https:// address of a model's card.</source>
<translation>MODEL : nommez un modèle de la liste, ou l'adresse https:// de la fiche d'un modèle.</translation>
</message>
<message>
<source>Models</source>
<translation>Modèles</translation>
</message>
<message>
<source>Models as JSON</source>
<translation>Modèles en JSON</translation>
</message>
<message>
<source>Models folder</source>
<translation>Dossier des modèles</translation>
</message>
<message>
<source>Models with a damaged card</source>
<translation>Modèles à la fiche endommagée</translation>
</message>
<message>
<source>Models…</source>
<translation>Modèles…</translation>
</message>
<message>
<source>More pairs to learn from, each with its date in its name or metadata; the one nearest to the date to predict is held out to compare methods. A fine image of the date to predict is not looked at.</source>
<translation>D'autres couples d'images pour apprendre, chacun avec sa date dans son nom ou ses métadonnées ; le plus proche de la date à prédire est mis de côté pour comparer les méthodes. Une image fine de la date à prédire n'est pas regardée.</translation>
</message>
<message>
<source>More scores, at reduced scale</source>
<translation>Autres notes, à échelle réduite</translation>
</message>
<message>
<source>Most days from the reference</source>
<translation>Écart maximal à la référence, en jours</translation>
</message>
<message>
<source>Most patches</source>
<translation>Nombre maximal d'imagettes</translation>
</message>
<message>
<source>Most places</source>
<translation>Nombre maximal de lieux</translation>
</message>
<message>
<source>Moves the features of two fine images, before and after the date, to where the date has them, at three sizes; trained against a discriminator. For two pairs that bracket the date.</source>
<translation>Déplace les caractéristiques de deux images fines, avant et après la date, là où la date les a, à trois tailles ; entraîné contre un discriminateur. Pour deux couples qui encadrent la date.</translation>
</message>
<message>
<source>MS compared with the fused image degraded onto the MS grid: RMSE, bias (degraded minus MS) and correlation of each band.</source>
<translation>MS comparé avec l'image fusionnée dégradée sur la grille MS : RMSE, biais (dégradée moins MS) et corrélation de chaque bande.</translation>
</message>
<message>
<source>MS {}; PAN {}</source>
<translation>MS {} ; PAN {}</translation>
</message>
<message>
<source>MS: a raster is needed.</source>
<translation>MS : il faut un raster.</translation>
</message>
<message>
<source>MS_LIST has {} images and PAN_LIST {}; give one of each for every scene.</source>
<translation>MS_LIST a {} images et PAN_LIST {} ; donnez-en une de chaque pour chaque scène.</translation>
</message>
<message>
<source>MSDCNN</source>
<translation>MSDCNN</translation>
</message>
<message>
<source>MTF gain at Nyquist</source>
<translation>Gain de FTM à Nyquist</translation>
</message>
<message>
<source>MTF gains</source>
<translation>Gains de FTM</translation>
</message>
<message>
<source>MTF gains at Nyquist</source>
<translation>Gains de FTM à Nyquist</translation>
</message>
<message>
<source>MTF-GLP</source>
<translation>MTF-GLP</translation>
</message>
<message>
<source>MTF-GLP with a gain regressed around each pixel. Best where neighbouring fields relate to PAN in different ways; takes about half as long again.</source>
<translation>MTF-GLP avec un gain régressé autour de chaque pixel. Le meilleur là où des champs voisins se rapportent différemment à PAN ; prend environ une fois et demie le temps.</translation>
</message>
<message>
<source>MTF-GLP with a gain regressed around each pixel. Best where neighbouring fields relate to PAN in different ways; takes about twice the time.</source>
<translation type="vanished">MTF-GLP avec un gain régressé autour de chaque pixel. Le meilleur là où des champs voisins se rapportent différemment à PAN ; prend environ deux fois plus de temps.</translation>
</message>
<message>
<source>MTF-GLP with gains regressed at the multispectral scale, one for each band. Close to MTF-GLP-FS.</source>
<translation>MTF-GLP avec des gains régressés à l'échelle multispectrale, un par bande. Proche de MTF-GLP-FS.</translation>
</message>
<message>
<source>MTF-GLP with local gain</source>
<translation>MTF-GLP à gain local</translation>
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
<translation type="vanished">MTF-GLP-FS, pour la plupart des scènes</translation>
</message>
<message>
<source>MTF-GLP-HPM (high-pass modulation)</source>
<translation>MTF-GLP-HPM (modulation passe-haut)</translation>
</message>
<message>
<source>Multi-image pansharpening (SatFusion)</source>
<translation>Affinage panchromatique multi-image (SatFusion)</translation>
</message>
<message>
<source>Multi-image super-resolution</source>
<translation>Super-résolution multi-image</translation>
</message>
<message>
<source>Multiple</source>
<translation>Multiple</translation>
</message>
<message>
<source>multiplied with the ratio of the means</source>
<translation>multipliées par le rapport des moyennes</translation>
</message>
<message>
<source>Multiplies every band by matched PAN over its low-pass with the sensor's blur; with regression also known as HPM-R. Detail is added instead where the quotient would run away.</source>
<translation>Multiplie chaque bande par PAN ajusté divisé par son passe-bas au flou du capteur ; avec régression, aussi connu comme HPM-R. Là où le quotient s'emballerait, le détail est ajouté.</translation>
</message>
<message>
<source>Multiplies every band by PAN over its mean around each pixel. Simple, keeps the colour; less sharp than methods that know the sensor's blur.</source>
<translation>Multiplie chaque bande par PAN divisé par sa moyenne autour de chaque pixel. Simple, conserve la couleur ; moins net que les méthodes qui connaissent le flou du capteur.</translation>
</message>
<message>
<source>Multiplies every band by the ratio of PAN to the intensity of the bands; keeps the colour (spectral angle) of the multispectral image. Weights are regressed from the scene unless given.</source>
<translation>Multiplie chaque bande par le rapport de PAN à l'intensité des bandes ; conserve la couleur (l'angle spectral) de l'image multispectrale. Les poids sont régressés sur la scène s'ils ne sont pas donnés.</translation>
</message>
<message>
<source>Multispectral image</source>
<translation>Image multispectrale</translation>
</message>
<message>
<source>Multispectral images</source>
<translation>Images multispectrales</translation>
</message>
<message>
<source>Multispectral pixel size divided by panchromatic pixel size, which ERGAS needs. Empty takes it from the fused image, where SatFusion made it.</source>
<translation>Taille du pixel multispectral divisée par celle du pixel panchromatique, dont ERGAS a besoin. Vide : elle est lue dans l'image fusionnée, si SatFusion l'a faite.</translation>
</message>
<message>
<source>Multispectral pixel size divided by panchromatic pixel size. Empty takes it from the images.</source>
<translation>Taille du pixel multispectral divisée par celle du pixel panchromatique. Vide : elle est lue dans les images.</translation>
</message>
<message>
<source>Multispectral pixel size divided by panchromatic pixel size. Empty takes it from the images; for revisits without a panchromatic image it is 2.</source>
<translation>Taille du pixel multispectral divisée par celle du pixel panchromatique. Vide : elle est lue dans les images ; pour des revisites sans image panchromatique, c'est 2.</translation>
</message>
<message>
<source>Multispectral pixels along the edges that are not scored, because filters reach beyond the images there.</source>
<translation>Pixels multispectraux le long des bords qui ne sont pas notés, car les filtres y dépassent les images.</translation>
</message>
<message>
<source>Multispectral pixels along the edges that are not scored. Empty takes four times the ratio, and less in small images.</source>
<translation>Pixels multispectraux le long des bords qui ne sont pas notés. Vide : quatre fois le rapport, et moins dans les petites images.</translation>
</message>
<message>
<source>MUSTFN</source>
<translation>MUSTFN</translation>
</message>
<message>
<source>name</source>
<translation>nom</translation>
</message>
<message>
<source>Name of each file without its ending: %Y stands for the year, %m for the month, %d for the day, %j for the day of the year.</source>
<translation>Nom de chaque fichier sans son extension : %Y tient lieu de l'année, %m du mois, %d du jour, %j du jour de l'année.</translation>
</message>
<message>
<source>Name of the product</source>
<translation>Nom du produit</translation>
</message>
<message>
<source>named by the variable {}</source>
<translation>nommé par la variable {}</translation>
</message>
<message>
<source>named in the options or in INTERPRETER</source>
<translation>nommé dans les options ou dans INTERPRETER</translation>
</message>
<message>
<source>Names of the coarse images</source>
<translation>Noms des images grossières</translation>
</message>
<message>
<source>Names of the files</source>
<translation>Noms des fichiers</translation>
</message>
<message>
<source>Names of the fine images</source>
<translation>Noms des images fines</translation>
</message>
<message>
<source>nearest neighbour</source>
<translation>plus proche voisin</translation>
</message>
<message>
<source>Network</source>
<translation>Réseau</translation>
</message>
<message>
<source>Network for PAN</source>
<translation>Réseau pour PAN</translation>
</message>
<message>
<source>Network for the revisits</source>
<translation>Réseau pour les revisites</translation>
</message>
<message>
<source>no</source>
<translation>non</translation>
</message>
<message>
<source>no date</source>
<translation>sans date</translation>
</message>
<message>
<source>No date after this one is left out. Empty for no limit.</source>
<translation>Aucune date après celle-ci n'est mise de côté. Vide : aucune limite.</translation>
</message>
<message>
<source>No date after this one is predicted. Empty for no limit.</source>
<translation>Aucune date après celle-ci n'est prédite. Vide : aucune limite.</translation>
</message>
<message>
<source>No date before this one is left out. Empty for no limit.</source>
<translation>Aucune date avant celle-ci n'est mise de côté. Vide : aucune limite.</translation>
</message>
<message>
<source>No date before this one is predicted. Empty for no limit.</source>
<translation>Aucune date avant celle-ci n'est prédite. Vide : aucune limite.</translation>
</message>
<message>
<source>No date could be held out, for there are two: the date to predict may have changed in another way.</source>
<translation>Aucune date n'a pu être mise de côté, car il n'y en a que deux : la date à prédire a pu changer autrement.</translation>
</message>
<message>
<source>none</source>
<translation>aucun</translation>
</message>
<message>
<source>None are stated.</source>
<translation>Aucune n'est indiquée.</translation>
</message>
<message>
<source>None are stated: compare it with the classical methods on your own scene.</source>
<translation>Aucune n'est indiquée : comparez-le avec les méthodes classiques sur votre propre scène.</translation>
</message>
<message>
<source>none: PAN guides the first network alone</source>
<translation>aucun : PAN ne guide que le premier réseau</translation>
</message>
<message>
<source>None: SatFusion's own simulation.</source>
<translation>Aucune : simulation propre à SatFusion.</translation>
</message>
<message>
<source>not checked</source>
<translation>non vérifié</translation>
</message>
<message>
<source>Not installed: {}</source>
<translation>Non installés : {}</translation>
</message>
<message>
<source>Not used</source>
<translation>Non utilisées</translation>
</message>
<message>
<source>Nothing is stated.</source>
<translation>Rien n'est indiqué.</translation>
</message>
<message>
<source>Number of classes</source>
<translation>Nombre de classes</translation>
</message>
<message>
<source>Number of models</source>
<translation>Nombre de modèles</translation>
</message>
<message>
<source>Number of revisits</source>
<translation>Nombre de revisites</translation>
</message>
<message>
<source>Number of steps</source>
<translation>Nombre d'étapes</translation>
</message>
<message>
<source>number times scale plus offset</source>
<translation type="vanished">nombre fois échelle plus décalage</translation>
</message>
<message>
<source>numbers as in the input, with its scale and offset</source>
<translation>nombres comme dans l'entrée, avec son échelle et son décalage</translation>
</message>
<message>
<source>numbers as stored</source>
<translation>valeurs telles qu'enregistrées</translation>
</message>
<message>
<source>Observations that do not fit</source>
<translation>Observations qui ne concordent pas</translation>
</message>
<message>
<source>OBSUM</source>
<translation>OBSUM</translation>
</message>
<message>
<source>Of a method that draws its result several times (STFDiff): the standard deviation among the draws, in reflectance where that is known. It is large where the draws do not agree.</source>
<translation>Pour une méthode qui tire son résultat plusieurs fois (STFDiff) : l'écart type entre les tirages, en réflectance si elle est connue. Il est grand là où les tirages ne concordent pas.</translation>
</message>
<message>
<source>Of more, the clearest and most consistent are taken; where there are fewer, empty masks stand for the rest.</source>
<translation>S'il y en a davantage, les plus dégagées et les plus cohérentes sont prises ; s'il y en a moins, des masques vides tiennent lieu des autres.</translation>
</message>
<message>
<source>Of the second fine image's date.</source>
<translation>De la date de la seconde image fine.</translation>
</message>
<message>
<source>Official code</source>
<translation>Code officiel</translation>
</message>
<message>
<source>Offset</source>
<translation>Décalage</translation>
</message>
<message>
<source>on a GPU as well: NVIDIA with its driver, any on Windows, Intel on Linux, Apple's</source>
<translation>aussi sur un GPU : NVIDIA avec son pilote, tout GPU sous Windows, Intel sous Linux, celui d'Apple</translation>
</message>
<message>
<source>on the processor</source>
<translation>sur le processeur</translation>
</message>
<message>
<source>once; the original multispectral image is the truth</source>
<translation>une fois ; l'image multispectrale d'origine est la vérité</translation>
</message>
<message>
<source>One pair</source>
<translation>Un couple</translation>
</message>
<message>
<source>One raster with several bands for each scene; or, with a single panchromatic image, the single-band files of one scene.</source>
<translation>Un raster à plusieurs bandes pour chaque scène ; ou, avec une seule image panchromatique, les fichiers à une bande d'une scène.</translation>
</message>
<message>
<source>One stretch for all, that of the reference.</source>
<translation>Un même étirement pour toutes, celui de la référence.</translation>
</message>
<message>
<source>Only https addresses are taken, also after a redirect. Each file's size and SHA-256 are compared with the card; a download that broke off goes on where it stopped. What is fetched holds numbers, no programs.</source>
<translation>Seules les adresses https sont acceptées, même après une redirection. La taille et le SHA-256 de chaque fichier sont comparés avec la fiche ; un téléchargement interrompu reprend là où il s'est arrêté. Ce qui est téléchargé contient des nombres, pas de programmes.</translation>
</message>
<message>
<source>Only models of this method, such as pnn. Empty lists those of all methods.</source>
<translation>Seulement les modèles de cette méthode, par exemple pnn. Vide : ceux de toutes les méthodes.</translation>
</message>
<message>
<source>Only pixels whose centre lies inside these polygons count in the statistics and are written; the others become no data. The polygons may be in any CRS. Empty processes everything.</source>
<translation>Seuls les pixels dont le centre est dans ces polygones comptent dans les statistiques et sont écrits ; les autres deviennent sans donnée. Les polygones peuvent avoir n'importe quel SCR. Vide : tout est traité.</translation>
</message>
<message>
<source>Only this part is processed. Empty processes all that the inputs have in common.</source>
<translation>Seule cette partie est traitée. Vide : tout ce que les entrées ont en commun.</translation>
</message>
<message>
<source>ONNX file</source>
<translation>Fichier ONNX</translation>
</message>
<message>
<source>Open the folder</source>
<translation>Ouvrir le dossier</translation>
</message>
<message>
<source>OpenVINO</source>
<translation>OpenVINO</translation>
</message>
<message>
<source>Other revisits (share that is clear)</source>
<translation>Autres revisites (part dégagée)</translation>
</message>
<message>
<source>Other scores, with intervals</source>
<translation>Autres notes, avec intervalles</translation>
</message>
<message>
<source>Otherwise a date is left as it is where its file is whole, was made with the same images and settings, and is newer than its images: so a series that was stopped goes on where it was.</source>
<translation>Sinon, une date est laissée telle quelle si son fichier est entier, a été fait avec les mêmes images et réglages, et est plus récent que ses images : une série interrompue reprend ainsi là où elle en était.</translation>
</message>
<message>
<source>Output data type</source>
<translation>Type de données de la sortie</translation>
</message>
<message>
<source>Output units</source>
<translation>Unités de la sortie</translation>
</message>
<message>
<source>Outputs</source>
<translation>Sorties</translation>
</message>
<message>
<source>Over how many multispectral pixels the gain is regressed; an odd number. Smaller follows the land more closely, and noise too.</source>
<translation>Sur combien de pixels multispectraux le gain est régressé ; un nombre impair. Plus petit, il suit mieux le terrain, et le bruit aussi.</translation>
</message>
<message>
<source>Own MTF gains instead of the sensor's: one number for all bands, or one for each band, separated by commas, each between 0.05 and 0.6. Empty takes the sensor's.</source>
<translation>Gains de FTM propres au lieu de ceux du capteur : un nombre pour toutes les bandes, ou un par bande, séparés par des virgules, chacun entre 0.05 et 0.6. Vide : ceux du capteur.</translation>
</message>
<message>
<source>Own MTF gains instead of the sensor's: one number for all bands, or one for each band, separated by commas, each between 0.05 and 0.6. The word estimate finds them from the scene. Empty takes the sensor's.</source>
<translation>Gains de FTM propres au lieu de ceux du capteur : un nombre pour toutes les bandes, ou un par bande, séparés par des virgules, chacun entre 0.05 et 0.6. Le mot estimate les trouve à partir de la scène. Vide : ceux du capteur.</translation>
</message>
<message>
<source>Pairs</source>
<translation>Couples</translation>
</message>
<message>
<source>Pairs farther from the date to predict are not combined with it; 0 for no limit.</source>
<translation>Les couples plus éloignés de la date à prédire ne sont pas combinés avec elle ; 0 : aucune limite.</translation>
</message>
<message>
<source>Pairs that lie farther from the date to predict are not used; 0 for no limit.</source>
<translation>Les couples plus éloignés de la date à prédire ne sont pas utilisés ; 0 : aucune limite.</translation>
</message>
<message>
<source>Pan-Mamba</source>
<translation>Pan-Mamba</translation>
</message>
<message>
<source>Panchromatic image</source>
<translation>Image panchromatique</translation>
</message>
<message>
<source>Panchromatic images</source>
<translation>Images panchromatiques</translation>
</message>
<message>
<source>Panchromatic or finer image</source>
<translation>Image panchromatique ou plus fine</translation>
</message>
<message>
<source>PanNet</source>
<translation>PanNet</translation>
</message>
<message>
<source>Pansharpen</source>
<translation>Affiner (pansharpening)</translation>
</message>
<message>
<source>Pansharpening</source>
<translation>Affinage panchromatique (pansharpening)</translation>
</message>
<message>
<source>Parameters</source>
<translation>Paramètres</translation>
</message>
<message>
<source>Part to process</source>
<translation>Partie à traiter</translation>
</message>
<message>
<source>Patches</source>
<translation>Imagettes</translation>
</message>
<message>
<source>Patches for SatFusion, which takes one; without, patches for super-resolution.</source>
<translation>Imagettes pour SatFusion, qui en prend une ; sinon, imagettes pour la super-résolution.</translation>
</message>
<message>
<source>Patches for tests</source>
<translation>Imagettes pour les tests</translation>
</message>
<message>
<source>Patches for training</source>
<translation>Imagettes pour l'apprentissage</translation>
</message>
<message>
<source>Patches for validation</source>
<translation>Imagettes pour la validation</translation>
</message>
<message>
<source>Patches left out because of missing pixels</source>
<translation>Imagettes exclues à cause de pixels manquants</translation>
</message>
<message>
<source>Patches that are looked at together. Empty takes the preset's.</source>
<translation>Nombre d'imagettes regardées ensemble. Vide : celui du préréglage.</translation>
</message>
<message>
<source>Patches with fewer pixels that are valid in all images are left out, and counted; in the others, missing pixels are masked.</source>
<translation>Les imagettes qui ont moins de pixels valides dans toutes les images sont exclues, et comptées ; dans les autres, les pixels manquants sont masqués.</translation>
</message>
<message>
<source>PCA (principal component substitution)</source>
<translation>PCA (substitution de la composante principale)</translation>
</message>
<message>
<source>Peak signal-to-noise ratio in dB (more is better)</source>
<translation>Rapport signal sur bruit de crête en dB (plus grand est mieux)</translation>
</message>
<message>
<source>Pearson correlation of both images after a 3 x 3 Laplacian filter; over all: mean over the bands; only pixels whose neighbours are inside the area and valid.</source>
<translation>Corrélation de Pearson des deux images après un filtre laplacien 3 x 3 ; global : moyenne sur les bandes ; seulement les pixels dont les voisins sont dans l'étendue et valides.</translation>
</message>
<message>
<source>Pearson correlation; over all: mean over the bands that vary in both images.</source>
<translation>Corrélation de Pearson ; global : moyenne sur les bandes qui varient dans les deux images.</translation>
</message>
<message>
<source>Physical offset of the bands (physical value = number * scale + offset) instead of the one that the product's metadata state; -0.1 stands for -1000 in Sentinel-2's numbers. Empty takes the product's own.</source>
<translation>Décalage physique des bandes (valeur physique = nombre * échelle + décalage) au lieu de celui qu'indiquent les métadonnées du produit ; -0.1 correspond à -1000 dans les nombres de Sentinel-2. Vide : celui du produit.</translation>
</message>
<message>
<source>physical values</source>
<translation>valeurs physiques</translation>
</message>
<message>
<source>physical values such as reflectance</source>
<translation>valeurs physiques, telles que la réflectance</translation>
</message>
<message>
<source>Pixels</source>
<translation>Pixels</translation>
</message>
<message>
<source>Pixels along the edges that are not scored.</source>
<translation>Pixels le long des bords qui ne sont pas notés.</translation>
</message>
<message>
<source>Pixels by the value in the reference (across) and in the fused image (upwards); darker is more, on a logarithmic scale. On the dashed line both are equal. Values beyond the axes are drawn at their ends.</source>
<translation>Pixels selon la valeur dans la référence (en abscisse) et dans l'image fusionnée (en ordonnée) ; plus sombre signifie davantage, sur une échelle logarithmique. Sur la ligne tiretée les deux sont égales. Les valeurs au-delà des axes sont dessinées à leurs bouts.</translation>
</message>
<message>
<source>Pixels of the fine grid. A multiple of 16 suits all networks.</source>
<translation>Pixels de la grille fine. Un multiple de 16 convient à tous les réseaux.</translation>
</message>
<message>
<source>Pixels of the fine grid; a multiple of the ratio.</source>
<translation>Pixels de la grille fine ; un multiple du rapport.</translation>
</message>
<message>
<source>Pixels of the panchromatic grid at the reduced scale, which are those of the original multispectral image.</source>
<translation>Pixels de la grille panchromatique à l'échelle réduite, qui sont ceux de l'image multispectrale d'origine.</translation>
</message>
<message>
<source>Pixels up to which a shift is forgiven, and which the fused image loses on each side. Empty takes the ratio: one coarse pixel, as PROBA-V has it (3 at ratio 3).</source>
<translation>Nombre de pixels jusqu'auquel un décalage est pardonné, et que l'image fusionnée perd de chaque côté. Vide : le rapport, soit un pixel grossier, comme pour PROBA-V (3 pour un rapport de 3).</translation>
</message>
<message>
<source>Place</source>
<translation>Rang</translation>
</message>
<message>
<source>Plain and registered scores</source>
<translation>Notes sans et avec recalage</translation>
</message>
<message>
<source>Pleiades, SPOT 6/7, SuperView, Gaofen (no published gains: 0.30)</source>
<translation>Pleiades, SPOT 6/7, SuperView, Gaofen (aucun gain publié : 0,30)</translation>
</message>
<message>
<source>PNN</source>
<translation>PNN</translation>
</message>
<message>
<source>PRACS (partial replacement)</source>
<translation>PRACS (remplacement partiel)</translation>
</message>
<message>
<source>Precision</source>
<translation>Précision</translation>
</message>
<message>
<source>Predict</source>
<translation>Prédire</translation>
</message>
<message>
<source>Predict a series</source>
<translation>Prédire une série</translation>
</message>
<message>
<source>Predicted image</source>
<translation>Image prédite</translation>
</message>
<message>
<source>Predicted series</source>
<translation>Série prédite</translation>
</message>
<message>
<source>Predicted with</source>
<translation>Prédit avec</translation>
</message>
<message>
<source>Preparation</source>
<translation type="vanished">Préparation</translation>
</message>
<message>
<source>Prepare a product as delivered</source>
<translation>Préparer un produit tel que livré</translation>
</message>
<message>
<source>Prepare patches for spatiotemporal fusion</source>
<translation>Préparer des imagettes pour la fusion spatio-temporelle</translation>
</message>
<message>
<source>Prepare patches from PanCollection</source>
<translation>Préparer des imagettes depuis PanCollection</translation>
</message>
<message>
<source>Prepare patches from WorldStrat or PROBA-V</source>
<translation>Préparer des imagettes depuis WorldStrat ou PROBA-V</translation>
</message>
<message>
<source>Prepare patches of revisits</source>
<translation>Préparer des imagettes de revisites</translation>
</message>
<message>
<source>Prepare patches of simulated dates</source>
<translation>Préparer des imagettes de dates simulées</translation>
</message>
<message>
<source>Prepare patches of simulated revisits</source>
<translation>Préparer des imagettes de revisites simulées</translation>
</message>
<message>
<source>Prepare training patches</source>
<translation>Préparer des imagettes d'apprentissage</translation>
</message>
<message>
<source>Preview only</source>
<translation>Aperçu seulement</translation>
</message>
<message>
<source>PRISMA (hyperspectral)</source>
<translation>PRISMA (hyperspectral)</translation>
</message>
<message>
<source>PROBA-V: the super-resolution challenge of ESA</source>
<translation>PROBA-V : le concours de super-résolution de l'ESA</translation>
</message>
<message>
<source>processor</source>
<translation>processeur</translation>
</message>
<message>
<source>processor and GPU</source>
<translation>processeur et GPU</translation>
</message>
<message>
<source>processor: the engine's compiled code</source>
<translation>processeur : le code compilé du moteur</translation>
</message>
<message>
<source>Product level</source>
<translation>Niveau de produit</translation>
</message>
<message>
<source>Product: archive or metadata file</source>
<translation>Produit : archive ou fichier de métadonnées</translation>
</message>
<message>
<source>Product: folder</source>
<translation>Produit : dossier</translation>
</message>
<message>
<source>Protocol</source>
<translation>Protocole</translation>
</message>
<message>
<source>Proxy</source>
<translation>Serveur mandataire (proxy)</translation>
</message>
<message>
<source>PSNR</source>
<translation>PSNR</translation>
</message>
<message>
<source>PSNR [dB], plain</source>
<translation>PSNR [dB], sans recalage</translation>
</message>
<message>
<source>PSNR, mean of bands</source>
<translation>PSNR, moyenne des bandes</translation>
</message>
<message>
<source>Purest coarse pixels</source>
<translation>Pixels grossiers les plus purs</translation>
</message>
<message>
<source>Puts every observation at its place on the fine grid and averages what falls into a pixel; empty pixels are interpolated by normalised convolution. Simple and quick.</source>
<translation>Met chaque observation à sa place sur la grille fine et fait la moyenne de ce qui tombe dans un pixel ; les pixels vides sont interpolés par convolution normalisée. Simple et rapide.</translation>
</message>
<message>
<source>Puts the pairs together into one virtual pair as like the target date as can be, and spreads what is left over similar pixels: quick, and uses two pairs well.</source>
<translation>Réunit les couples en un seul couple virtuel aussi semblable que possible à la date cible, et répartit ce qui reste sur des pixels semblables : rapide, et tire un bon parti de deux couples.</translation>
</message>
<message>
<source>Python does not start</source>
<translation>Python ne démarre pas</translation>
</message>
<message>
<source>Python interpreter</source>
<translation>Interpréteur Python</translation>
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
<translation>Q2n (le mieux est 1)</translation>
</message>
<message>
<source>Q2n of the best method (1 is best)</source>
<translation>Q2n de la meilleure méthode (le mieux est 1)</translation>
</message>
<message>
<source>Q2n: {} blocks used, {} left out.</source>
<translation>Q2n : {} blocs utilisés, {} exclus.</translation>
</message>
<message>
<source>QGIS's own Python</source>
<translation>le Python de QGIS</translation>
</message>
<message>
<source>QGIS's own Python: classical methods only</source>
<translation>le Python de QGIS : méthodes classiques seulement</translation>
</message>
<message>
<source>QNR</source>
<translation>QNR</translation>
</message>
<message>
<source>QNR (1 is best; rewards blur)</source>
<translation>QNR (le mieux est 1 ; récompense le flou)</translation>
</message>
<message>
<source>QNR rewards blur: an image that was only interpolated, without any sharpening, scores well. Never rank methods by QNR alone.</source>
<translation>QNR récompense le flou : une image seulement interpolée, sans aucun affinage, y est bien notée. Ne classez jamais des méthodes par QNR seul.</translation>
</message>
<message>
<source>QNR rewards blur: an image that was only interpolated, without any sharpening, scores well. Never rank methods by QNR alone. HQNR shares D_s and leans the same way, less so; the consistency does not.</source>
<translation>QNR récompense le flou : une image seulement interpolée, sans aucun affinage, y est bien notée. Ne classez jamais des méthodes par QNR seul. HQNR partage D_s et penche du même côté, moins fort ; la cohérence, non.</translation>
</message>
<message>
<source>QNR rewards blur: never rank methods by QNR alone.</source>
<translation>QNR récompense le flou : ne classez jamais des méthodes par QNR seul.</translation>
</message>
<message>
<source>Quality of all bands together, block by block.</source>
<translation>Qualité de toutes les bandes ensemble, bloc par bloc.</translation>
</message>
<message>
<source>QuickBird</source>
<translation>QuickBird</translation>
</message>
<message>
<source>QuickBird, four bands, 11 bits</source>
<translation>QuickBird, quatre bandes, 11 bits</translation>
</message>
<message>
<source>quickest and largest</source>
<translation>le plus rapide et le plus gros</translation>
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
<translation>Classement par ERGAS, à échelle réduite</translation>
</message>
<message>
<source>RASE</source>
<translation>RASE</translation>
</message>
<message>
<source>RASE in percent (0 is best)</source>
<translation>RASE en pour cent (le mieux est 0)</translation>
</message>
<message>
<source>Raster made again</source>
<translation>Raster refait</translation>
</message>
<message>
<source>Raster made by SatFusion</source>
<translation>Raster fait par SatFusion</translation>
</message>
<message>
<source>Ratio</source>
<translation>Rapport</translation>
</message>
<message>
<source>Ratio (coarse pixel / fine pixel)</source>
<translation>Rapport (pixel grossier / pixel fin)</translation>
</message>
<message>
<source>Ratio (MS pixel / PAN pixel)</source>
<translation>Rapport (pixel MS / pixel PAN)</translation>
</message>
<message>
<source>RATIO is needed, as it cannot be found: {}</source>
<translation>RATIO est nécessaire, car il est introuvable : {}</translation>
</message>
<message>
<source>Ratio of pixel sizes</source>
<translation>Rapport des tailles de pixel</translation>
</message>
<message>
<source>Ratio: {}</source>
<translation>Rapport : {}</translation>
</message>
<message>
<source>Reads a satellite product as it is delivered, and makes one virtual raster for each pixel size: with band names, wavelengths, scale and offset, nodata and date, and with a mask from its quality band.</source>
<translation>Lit un produit satellite tel qu'il est livré, et fait un raster virtuel pour chaque taille de pixel : avec noms des bandes, longueurs d'onde, échelle et décalage, valeur sans donnée et date, et avec un masque tiré de sa bande de qualité.</translation>
</message>
<message>
<source>Reason</source>
<translation>Raison</translation>
</message>
<message>
<source>Red, green and blue show {}.</source>
<translation>Rouge, vert et bleu montrent {}.</translation>
</message>
<message>
<source>Reduced scale (Wald): all revisits and PAN blurred with the sensor's MTF and sampled {} times coarser, each on a grid of its own; the reference as it was is the truth, clear pixels only</source>
<translation>Échelle réduite (Wald) : toutes les revisites et PAN rendus flous avec la FTM du capteur et échantillonnés {} fois plus grossièrement, chacun sur sa propre grille ; la référence d'origine est la vérité, pixels dégagés seulement</translation>
</message>
<message>
<source>Reduced scale (Wald): all revisits blurred with the sensor's MTF and sampled {} times coarser, each on a grid of its own; the reference as it was is the truth, clear pixels only</source>
<translation>Échelle réduite (Wald) : toutes les revisites rendues floues avec la FTM du capteur et échantillonnées {} fois plus grossièrement, chacune sur sa propre grille ; la référence d'origine est la vérité, pixels dégagés seulement</translation>
</message>
<message>
<source>Reduced scale (Wald): both images blurred with the sensor's MTF and sampled {} times coarser; the original MS is the truth</source>
<translation>Échelle réduite (Wald) : les deux images rendues floues avec la FTM du capteur et échantillonnées {} fois plus grossièrement ; l'image MS d'origine est la vérité</translation>
</message>
<message>
<source>Reference</source>
<translation>Référence</translation>
</message>
<message>
<source>Reference (original MS)</source>
<translation>Référence (MS d'origine)</translation>
</message>
<message>
<source>Reference (the truth where it is clear)</source>
<translation>Référence (la vérité là où elle est dégagée)</translation>
</message>
<message>
<source>Reference [{}]</source>
<translation>Référence [{}]</translation>
</message>
<message>
<source>Reference date</source>
<translation>Date de référence</translation>
</message>
<message>
<source>References</source>
<translation>Références</translation>
</message>
<message>
<source>Registered PSNR in dB, where asked for (more is better)</source>
<translation>PSNR avec recalage en dB, s'il est demandé (plus grand est mieux)</translation>
</message>
<message>
<source>Registered scores</source>
<translation>Notes avec recalage</translation>
</message>
<message>
<source>Registered scores too</source>
<translation>Aussi les notes avec recalage</translation>
</message>
<message>
<source>Registered structural similarity, where asked for (1 is best)</source>
<translation>Similarité structurelle avec recalage, si elle est demandée (le mieux est 1)</translation>
</message>
<message>
<source>Regressed gain (HPM-R)</source>
<translation>Gain régressé (HPM-R)</translation>
</message>
<message>
<source>Remove</source>
<translation>Supprimer</translation>
</message>
<message>
<source>Remove the engine</source>
<translation>Supprimer le moteur</translation>
</message>
<message>
<source>Replace</source>
<translation>Remplacer</translation>
</message>
<message>
<source>Replaces each band's intensity only as far as the band correlates with it, and adjusts the detail pixel by pixel. Keeps bands that PAN does not see.</source>
<translation>Remplace l'intensité de chaque bande seulement autant que la bande lui est corrélée, et ajuste le détail pixel par pixel. Préserve les bandes que PAN ne voit pas.</translation>
</message>
<message>
<source>Replaces the first principal component of the bands by PAN. For comparison with older work; shifts colours where that component is not what PAN sees.</source>
<translation>Remplace la première composante principale des bandes par PAN. Pour comparaison avec des travaux anciens ; décale les couleurs là où cette composante n'est pas ce que PAN voit.</translation>
</message>
<message>
<source>Report</source>
<translation>Rapport d'évaluation</translation>
</message>
<message>
<source>Residual blocks on the difference between PAN and each interpolated band find the detail that is added. Small; close to the classical methods in what it looks at.</source>
<translation>Des blocs résiduels sur la différence entre PAN et chaque bande interpolée trouvent le détail à ajouter. Petit ; proche des méthodes classiques par ce qu'il regarde.</translation>
</message>
<message>
<source>Residual network on high-passed bands and PAN, added to the interpolated bands: carries over to other sensors better than networks that see the values themselves.</source>
<translation>Réseau résiduel sur les bandes et PAN filtrés passe-haut, ajouté aux bandes interpolées : se transpose mieux à d'autres capteurs que les réseaux qui voient les valeurs elles-mêmes.</translation>
</message>
<message>
<source>result</source>
<translation>résultat</translation>
</message>
<message>
<source>Result depends on the seed</source>
<translation>Le résultat dépend de la graine</translation>
</message>
<message>
<source>Revisits</source>
<translation>Revisites</translation>
</message>
<message>
<source>Revisits farther away in time than this are left out; 0 takes all.</source>
<translation>Les revisites plus éloignées dans le temps sont exclues ; 0 les prend toutes.</translation>
</message>
<message>
<source>Revisits of a patch</source>
<translation>Revisites par imagette</translation>
</message>
<message>
<source>Revisits that take turns as the truth</source>
<translation>Revisites qui servent tour à tour de vérité</translation>
</message>
<message>
<source>Revisits to simulate</source>
<translation>Revisites à simuler</translation>
</message>
<message>
<source>Revisits, masks and the table of shifts are written here.</source>
<translation>Les revisites, les masques et le tableau des décalages sont écrits ici.</translation>
</message>
<message>
<source>RMSE</source>
<translation>RMSE</translation>
</message>
<message>
<source>RMSE [% of mean]</source>
<translation>RMSE [% de la moyenne]</translation>
</message>
<message>
<source>RMSE of each band [{}]</source>
<translation>RMSE de chaque bande [{}]</translation>
</message>
<message>
<source>RMSE of {} [{}]</source>
<translation>RMSE de {} [{}]</translation>
</message>
<message>
<source>RMSE over all bands [{}]</source>
<translation>RMSE sur toutes les bandes [{}]</translation>
</message>
<message>
<source>RMSE, all bands [{}]</source>
<translation>RMSE, toutes les bandes [{}]</translation>
</message>
<message>
<source>RMSE, MAE, PSNR, SSIM, SAM, ERGAS, RASE, UQI, SCC, CC and R2 as they are usually defined</source>
<translation>RMSE, MAE, PSNR, SSIM, SAM, ERGAS, RASE, UQI, SCC, CC et R2 tels qu'ils sont d'ordinaire définis</translation>
</message>
<message>
<source>Root mean square error in physical units (0 is best)</source>
<translation>Erreur quadratique moyenne en unités physiques (le mieux est 0)</translation>
</message>
<message>
<source>Root mean square error in the units of the image; over all: squares pooled over the bands.</source>
<translation>Erreur quadratique moyenne dans les unités de l'image ; global : carrés groupés sur les bandes.</translation>
</message>
<message>
<source>Root mean square error of the best baseline</source>
<translation>Erreur quadratique moyenne de la meilleure référence de base</translation>
</message>
<message>
<source>Root mean square error of the best method in physical units (0 is best)</source>
<translation>Erreur quadratique moyenne de la meilleure méthode en unités physiques (le mieux est 0)</translation>
</message>
<message>
<source>Root mean square error of the model (0 is best)</source>
<translation>Erreur quadratique moyenne du modèle (le mieux est 0)</translation>
</message>
<message>
<source>Root mean square error of the same in physical units (0 is best)</source>
<translation>Erreur quadratique moyenne de la même en unités physiques (le mieux est 0)</translation>
</message>
<message>
<source>Rounds</source>
<translation>Nombre d'itérations</translation>
</message>
<message>
<source>Rounds of improvement; more hardly change the result.</source>
<translation>Itérations d'amélioration ; davantage ne changent guère le résultat.</translation>
</message>
<message>
<source>RSFN</source>
<translation>RSFN</translation>
</message>
<message>
<source>Run again</source>
<translation>Refaire</translation>
</message>
<message>
<source>Runs again: {} with {}</source>
<translation>Refait : {} avec {}</translation>
</message>
<message>
<source>runs networks with ONNX Runtime (about 200 MB on the disk)</source>
<translation>exécute des réseaux avec ONNX Runtime (environ 200 Mo sur le disque)</translation>
</message>
<message>
<source>Runs the engine; empty takes the installed one.</source>
<translation>Fait fonctionner le moteur ; vide : celui qui est installé.</translation>
</message>
<message>
<source>runtime</source>
<translation>bibliothèque</translation>
</message>
<message>
<source>SAM</source>
<translation>SAM</translation>
</message>
<message>
<source>SAM [degrees]</source>
<translation>SAM [degrés]</translation>
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
<translation>SatFusion où PAN guide aussi le premier réseau, un transformeur sur les revisites de chaque pixel dont la requête vient de PAN.</translation>
</message>
<message>
<source>SatFusion*</source>
<translation>SatFusion*</translation>
</message>
<message>
<source>SatFusion, or SatFusion*, in which PAN guides the network for the revisits too.</source>
<translation>SatFusion, ou SatFusion*, où PAN guide aussi le réseau des revisites.</translation>
</message>
<message>
<source>SatFusion: engine</source>
<translation>SatFusion : moteur</translation>
</message>
<message>
<source>SatFusion: models</source>
<translation>SatFusion : modèles</translation>
</message>
<message>
<source>Scale</source>
<translation>Échelle</translation>
</message>
<message>
<source>Scale of the coarse images</source>
<translation>Échelle des images grossières</translation>
</message>
<message>
<source>Scale of the fine images</source>
<translation>Échelle des images fines</translation>
</message>
<message>
<source>SCC</source>
<translation>SCC</translation>
</message>
<message>
<source>Scenes</source>
<translation>Scènes</translation>
</message>
<message>
<source>Score</source>
<translation>Note</translation>
</message>
<message>
<source>Score against a reference</source>
<translation>Noter par rapport à une référence</translation>
</message>
<message>
<source>Score at full scale, without a reference</source>
<translation>Noter à pleine échelle, sans référence</translation>
</message>
<message>
<source>Scored on the whole reduced scene, for nothing was fitted.</source>
<translation>Noté sur toute la scène réduite, car rien n'a été adapté.</translation>
</message>
<message>
<source>Scored on the whole scene, for nothing was fitted.</source>
<translation>Évalué sur toute la scène, car rien n'a été ajusté.</translation>
</message>
<message>
<source>Scored on {} held-out pixels, which the fit did not see but which chose among its states.</source>
<translation>Noté sur {} pixels mis de côté, que l'adaptation n'a pas vus mais qui ont choisi parmi ses états.</translation>
</message>
<message>
<source>Scores</source>
<translation>Notes</translation>
</message>
<message>
<source>Scores as a survey's code computes them</source>
<translation>Notes telles que le code d'une étude de synthèse les calcule</translation>
</message>
<message>
<source>Scores as a table</source>
<translation>Notes en tableau</translation>
</message>
<message>
<source>Scores at the reduced scale</source>
<translation>Notes à l'échelle réduite</translation>
</message>
<message>
<source>Scores of each band</source>
<translation>Notes de chaque bande</translation>
</message>
<message>
<source>Scores of the model</source>
<translation>Notes du modèle</translation>
</message>
<message>
<source>Scores on known dates</source>
<translation>Scores aux dates connues</translation>
</message>
<message>
<source>Scores over all bands</source>
<translation>Notes sur toutes les bandes</translation>
</message>
<message>
<source>Script</source>
<translation>Script</translation>
</message>
<message>
<source>Search window</source>
<translation>Fenêtre de recherche</translation>
</message>
<message>
<source>Second fine image</source>
<translation>Seconde image fine</translation>
</message>
<message>
<source>second graphics card (CUDA)</source>
<translation>deuxième carte graphique (CUDA)</translation>
</message>
<message>
<source>Seed</source>
<translation>Graine aléatoire</translation>
</message>
<message>
<source>Seed of the fit.</source>
<translation>Graine aléatoire de l'adaptation.</translation>
</message>
<message>
<source>Selective state-space scans over bands and PAN that exchange channels: sees a whole tile at a cost that grows with its area only.</source>
<translation>Des balayages sélectifs à espace d'états sur les bandes et PAN, qui échangent des canaux : voit toute une tuile pour un coût qui ne croît qu'avec sa surface.</translation>
</message>
<message>
<source>Sensor</source>
<translation>Capteur</translation>
</message>
<message>
<source>Sentinel-2 MSI</source>
<translation>Sentinel-2 MSI</translation>
</message>
<message>
<source>Sets what counts as similar: fine values within twice the band's standard deviation divided by this. More is stricter.</source>
<translation>Fixe ce qui compte comme semblable : les valeurs fines à moins de deux fois l'écart type de la bande divisé par ce nombre. Plus grand, il est plus strict.</translation>
</message>
<message>
<source>Settings</source>
<translation>Réglages</translation>
</message>
<message>
<source>settings that suit most scenes</source>
<translation>réglages qui conviennent à la plupart des scènes</translation>
</message>
<message>
<source>SFIM (smoothing filter-based intensity modulation)</source>
<translation>SFIM (modulation d'intensité par filtre de lissage)</translation>
</message>
<message>
<source>Share for tests</source>
<translation>Part pour les tests</translation>
</message>
<message>
<source>Share for validation</source>
<translation>Part pour la validation</translation>
</message>
<message>
<source>Share of the dates that choose the best state of the network. Their fine images are in no training patch.</source>
<translation>La part des dates qui choisit le meilleur état du réseau. Les images fines de ces dates ne sont dans aucune imagette d'apprentissage.</translation>
</message>
<message>
<source>Share of the dates that give the scores on the model's card, and nothing else; 0 for none.</source>
<translation>La part des dates qui donne les notes inscrites sur la fiche du modèle, et ne sert à rien d'autre ; 0 : aucune.</translation>
</message>
<message>
<source>Share of the reference's variance that is explained.</source>
<translation>Part expliquée de la variance de la référence.</translation>
</message>
<message>
<source>Sharp image</source>
<translation>Image nette</translation>
</message>
<message>
<source>Sharp images</source>
<translation>Images nettes</translation>
</message>
<message>
<source>Sharpen the copies and compare the result with the original multispectral image (Score against a reference): so the methods can be tested on your own scene (Wald's protocol).</source>
<translation>Affinez les copies et comparez le résultat avec l'image multispectrale d'origine (Noter par rapport à une référence) : ainsi les méthodes se laissent essayer sur votre propre scène (protocole de Wald).</translation>
</message>
<message>
<source>Sharpened image</source>
<translation>Image affinée</translation>
</message>
<message>
<source>Sharpened with</source>
<translation>Affiné avec</translation>
</message>
<message>
<source>Sharpens the scene itself with each method too, and scores it without a reference (HQNR and the consistency with the multispectral image). Takes much longer than the reduced scale alone; the two can disagree, so look at both.</source>
<translation type="vanished">Affine aussi la scène elle-même avec chaque méthode, et la note sans référence (HQNR et la cohérence avec l'image multispectrale). Prend bien plus de temps que l'échelle réduite seule ; les deux peuvent se contredire, regardez donc les deux.</translation>
</message>
<message>
<source>Sharpens the scene itself with each method too, and scores it without a reference (HQNR and the consistency with the multispectral image). Takes much longer than the reduced scale alone; the two can disagree, so look at both. Needs a panchromatic image.</source>
<translation>Affine aussi la scène elle-même avec chaque méthode, et la note sans référence (HQNR et la cohérence avec l'image multispectrale). Prend bien plus de temps que l'échelle réduite seule ; les deux peuvent se contredire, regardez donc les deux. Il faut une image panchromatique.</translation>
</message>
<message>
<source>Shift ({}, {}) pixels</source>
<translation>Décalage ({}, {}) pixels</translation>
</message>
<message>
<source>Shift-and-add</source>
<translation>Décalage et addition (shift-and-add)</translation>
</message>
<message>
<source>Shifts, brightness, masks and the first estimate (back-projection) are measured as they are when the network runs, so it learns on what it will see.</source>
<translation>Les décalages, la luminosité, les masques et la première estimation (rétroprojection) sont mesurés comme ils le sont quand le réseau s'exécute : il apprend donc sur ce qu'il verra.</translation>
</message>
<message>
<source>Short name of the model, which is also its folder's. Empty makes one from the title.</source>
<translation>Nom court du modèle, qui est aussi celui de son dossier. Vide : il est tiré du titre.</translation>
</message>
<message>
<source>Show a model</source>
<translation>Afficher un modèle</translation>
</message>
<message>
<source>Shown is {}.</source>
<translation>Montré : {}.</translation>
</message>
<message>
<source>Shows what a model was made for and where it comes from: bands and wavelengths, units, ratio, licence, training data, scores, and where it loses.</source>
<translation>Montre pour quoi un modèle a été fait et d'où il vient : bandes et longueurs d'onde, unités, rapport, licence, données d'apprentissage, notes, et où il est moins bon.</translation>
</message>
<message>
<source>Side of a block</source>
<translation>Côté d'un bloc</translation>
</message>
<message>
<source>Side of a drop as a share of the revisit's pixel. Smaller is sharper, and leaves more pixels with few drops; a drop is never smaller than a pixel of the result.</source>
<translation>Côté d'une goutte comme part du pixel de la revisite. Plus petite, elle donne un résultat plus net, et laisse plus de pixels avec peu de gouttes ; une goutte n'est jamais plus petite qu'un pixel du résultat.</translation>
</message>
<message>
<source>Side of a patch</source>
<translation>Côté d'une imagette</translation>
</message>
<message>
<source>Side of the blocks of local coefficients. Smaller follows the land more closely, and noise too.</source>
<translation>Côté des blocs des coefficients locaux. Plus petit, il suit mieux le terrain, et le bruit aussi.</translation>
</message>
<message>
<source>Side of the regression's square</source>
<translation>Côté du carré de régression</translation>
</message>
<message>
<source>Side of the sliding window of UQI: 8 as its authors have it, 32 in much work on pansharpening.</source>
<translation>Côté de la fenêtre glissante de UQI : 8 comme chez ses auteurs, 32 dans beaucoup de travaux sur l'affinage panchromatique.</translation>
</message>
<message>
<source>Side of the square in which similar pixels are looked for, in coarse pixels. A larger one is smoother and slower; patchy landscapes need less.</source>
<translation>Côté du carré où les pixels semblables sont cherchés, en pixels grossiers. Plus grand, il donne un résultat plus lisse et prend plus de temps ; des paysages morcelés en demandent moins.</translation>
</message>
<message>
<source>Side of the square of coarse pixels that each fit takes: odd.</source>
<translation>Côté du carré de pixels grossiers que prend chaque ajustement : impair.</translation>
</message>
<message>
<source>Side of the square of coarse pixels that each unmixing takes: odd. Larger is steadier.</source>
<translation>Côté du carré de pixels grossiers que prend chaque démélange : impair. Plus grand, il est plus stable.</translation>
</message>
<message>
<source>Side of the square that is processed at a time. The result does not depend on it; smaller windows need less memory. 0 chooses a size.</source>
<translation>Côté du carré traité à la fois. Le résultat n'en dépend pas ; de plus petites fenêtres demandent moins de mémoire. 0 choisit une taille.</translation>
</message>
<message>
<source>Signal-to-noise ratio</source>
<translation>Rapport signal sur bruit</translation>
</message>
<message>
<source>Similar pixels</source>
<translation>Pixels semblables</translation>
</message>
<message>
<source>Similar pixels for each band</source>
<translation>Pixels semblables par bande</translation>
</message>
<message>
<source>Simulate revisits</source>
<translation>Simuler des revisites</translation>
</message>
<message>
<source>Simulated seasons are simpler than real ones: fit the network to real pairs afterwards, and score it on them.</source>
<translation>Les saisons simulées sont plus simples que les vraies : adaptez ensuite le réseau à de vrais couples, et notez-le sur ceux-ci.</translation>
</message>
<message>
<source>single (32 bits)</source>
<translation>simple précision (32 bits)</translation>
</message>
<message>
<source>Size</source>
<translation>Taille</translation>
</message>
<message>
<source>Size [MB]</source>
<translation>Taille [Mo]</translation>
</message>
<message>
<source>Size of a drop</source>
<translation>Taille d'une goutte</translation>
</message>
<message>
<source>small, read everywhere</source>
<translation>petit, lisible partout</translation>
</message>
<message>
<source>Smoothness</source>
<translation>Lissage</translation>
</message>
<message>
<source>So many places at most, the first by name; 0 takes all.</source>
<translation>Au plus autant de lieux, les premiers par leur nom ; 0 les prend tous.</translation>
</message>
<message>
<source>Spatial correlation (1 is best)</source>
<translation>Corrélation spatiale (le mieux est 1)</translation>
</message>
<message>
<source>Spatial distortion D_s (0 is best)</source>
<translation>Distorsion spatiale D_s (le mieux est 0)</translation>
</message>
<message>
<source>Spatiotemporal fusion</source>
<translation>Fusion spatio-temporelle</translation>
</message>
<message>
<source>spectral angle</source>
<translation>angle spectral</translation>
</message>
<message>
<source>Spectral angle in degrees (0 is best)</source>
<translation>Angle spectral en degrés (le mieux est 0)</translation>
</message>
<message>
<source>Spectral angle of the best method in degrees (0 is best)</source>
<translation>Angle spectral de la meilleure méthode en degrés (le mieux est 0)</translation>
</message>
<message>
<source>Spectral angle of the model in degrees (0 is best)</source>
<translation>Angle spectral du modèle en degrés (le mieux est 0)</translation>
</message>
<message>
<source>Spectral distortion D_lambda (0 is best)</source>
<translation>Distorsion spectrale D_lambda (le mieux est 0)</translation>
</message>
<message>
<source>Spectral distortion D_lambda_K (0 is best)</source>
<translation>Distorsion spectrale D_lambda_K (le mieux est 0)</translation>
</message>
<message>
<source>SPLITS names {} splits for {} scenes; give one for each.</source>
<translation>SPLITS nomme {} sous-ensembles pour {} scènes ; donnez-en un pour chacune.</translation>
</message>
<message>
<source>Splits of whole images</source>
<translation>Sous-ensembles d'images entières</translation>
</message>
<message>
<source>Splits of whole scenes</source>
<translation>Sous-ensembles de scènes entières</translation>
</message>
<message>
<source>Spread</source>
<translation>Dispersion</translation>
</message>
<message>
<source>Squares for learning, for validation and for tests come from different places, with a buffer between them. Those with missing pixels are left out. Values are in physical units where scale and offset are known.</source>
<translation>Les carrés pour l'apprentissage, la validation et les tests viennent de lieux différents, avec une zone tampon entre eux. Ceux qui ont des pixels manquants sont exclus. Les valeurs sont en unités physiques là où l'échelle et le décalage sont connus.</translation>
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
<translation>SSIM, sans recalage</translation>
</message>
<message>
<source>Stack of all dates</source>
<translation>Pile de toutes les dates</translation>
</message>
<message>
<source>Stacks the encoded revisits and fuses them by convolutions: the baseline among the networks. For a fixed number of revisits; adds detail to the back-projection.</source>
<translation>Empile les revisites encodées et les fusionne par des convolutions : la référence de base parmi les réseaux. Pour un nombre fixe de revisites ; ajoute du détail à la rétroprojection.</translation>
</message>
<message>
<source>STARFM</source>
<translation>STARFM</translation>
</message>
<message>
<source>State</source>
<translation>État</translation>
</message>
<message>
<source>Statistic</source>
<translation>Statistique</translation>
</message>
<message>
<source>Step</source>
<translation>Pas</translation>
</message>
<message>
<source>Steps</source>
<translation>Itérations</translation>
</message>
<message>
<source>Steps done</source>
<translation>Itérations effectuées</translation>
</message>
<message>
<source>Steps from noise to image</source>
<translation>Étapes du bruit à l'image</translation>
</message>
<message>
<source>Steps of each draw; 0 takes the model's own number. Time grows with it.</source>
<translation>Étapes de chaque tirage ; 0 : le nombre propre au modèle. La durée croît avec ce nombre.</translation>
</message>
<message>
<source>Steps of the fit</source>
<translation>Itérations de l'adaptation</translation>
</message>
<message>
<source>STFDiff</source>
<translation>STFDiff</translation>
</message>
<message>
<source>Stride</source>
<translation>Pas</translation>
</message>
<message>
<source>structural similarity</source>
<translation>similarité structurelle</translation>
</message>
<message>
<source>Structural similarity (1 is best)</source>
<translation>Similarité structurelle (le mieux est 1)</translation>
</message>
<message>
<source>Structural similarity, 11 x 11 Gaussian window of 1.5 pixels, with the stated data range; over all: mean over the bands; only windows that lie inside the area and hold no masked pixel.</source>
<translation>Similarité structurelle, fenêtre gaussienne 11 x 11 de 1.5 pixel, avec la plage des données indiquée ; global : moyenne sur les bandes ; seulement les fenêtres entièrement dans l'étendue et sans pixel masqué.</translation>
</message>
<message>
<source>Such as http://host:port. Empty takes that of QGIS's options.</source>
<translation>Par exemple http://host:port. Vide : celui des options de QGIS.</translation>
</message>
<message>
<source>Super-resolved image</source>
<translation>Image super-résolue</translation>
</message>
<message>
<source>Super-resolves the coarse image step by step, with the fine image's features mixed in by a gate: it needs a fine image of another date alone, not that date's coarse one.</source>
<translation>Augmente étape par étape la résolution de l'image grossière, en y mêlant par une porte les caractéristiques de l'image fine : il ne faut qu'une image fine d'une autre date, pas l'image grossière de celle-ci.</translation>
</message>
<message>
<source>Super-resolves the revisits with one network, sharpens the result with PAN by another, and corrects the colours; the model says which two. Trained as one.</source>
<translation>Augmente la résolution des revisites (super-résolution) avec un réseau, affine le résultat par PAN avec un autre, et corrige les couleurs ; le modèle dit lesquels. Les deux apprennent comme un seul.</translation>
</message>
<message>
<source>Superresolve</source>
<translation>Augmenter la résolution (super-résolution)</translation>
</message>
<message>
<source>SwinSTFM</source>
<translation>SwinSTFM</translation>
</message>
<message>
<source>Table of shifts</source>
<translation>Tableau des décalages</translation>
</message>
<message>
<source>Table of the dates</source>
<translation>Tableau des dates</translation>
</message>
<message>
<source>Take an older Python for the engine (INTERPRETER of satfusion:engine_install): its packages are made for systems as old as this one.</source>
<translation>Prenez un Python plus ancien pour le moteur (INTERPRETER de satfusion:engine_install) : ses paquets sont faits pour des systèmes aussi anciens que celui-ci.</translation>
</message>
<message>
<source>Take another computer, or an INTERPRETER whose packages were built for this processor: it lacks instructions that the engine's packages use.</source>
<translation>Prenez un autre ordinateur, ou un INTERPRETER dont les paquets ont été compilés pour ce processeur : il lui manque des instructions que les paquets du moteur utilisent.</translation>
</message>
<message>
<source>Takes single-band files in the order of the list, instead of ordering them by wavelength or band number.</source>
<translation>Prend les fichiers à une bande dans l'ordre de la liste, au lieu de les ranger par longueur d'onde ou par numéro de bande.</translation>
</message>
<message>
<source>Takes the place of a model of yours with the same id.</source>
<translation>Prend la place d'un de vos modèles de même identifiant.</translation>
</message>
<message>
<source>Task</source>
<translation>Tâche</translation>
</message>
<message>
<source>Tells whether networks can run on this computer. The engine is a Python of its own, beside that of QGIS, with ONNX Runtime or torch; classical methods do not need it.</source>
<translation>Dit si des réseaux de neurones peuvent s'exécuter sur cet ordinateur. Le moteur est un Python à part, à côté de celui de QGIS, avec ONNX Runtime ou torch ; les méthodes classiques n'en ont pas besoin.</translation>
</message>
<message>
<source>Temporal difference</source>
<translation>Différence temporelle</translation>
</message>
<message>
<source>Ten convolutions with a skip around them: a deeper PNN.</source>
<translation>Dix convolutions avec une connexion directe qui les contourne : un PNN plus profond.</translation>
</message>
<message>
<source>that of the model that fits</source>
<translation>celui du modèle qui convient</translation>
</message>
<message>
<source>that of the preset</source>
<translation>celle du préréglage</translation>
</message>
<message>
<source>The algorithm was not prepared.</source>
<translation>L'algorithme n'a pas été préparé.</translation>
</message>
<message>
<source>The bands at the reference date on the panchromatic grid, in the units of the revisits.</source>
<translation>Les bandes à la date de référence sur la grille panchromatique, dans les unités des revisites.</translation>
</message>
<message>
<source>The bands at the reference date, on a grid that is finer by the ratio, in the units of the revisits.</source>
<translation>Les bandes à la date de référence, sur une grille plus fine du rapport donné, dans les unités des revisites.</translation>
</message>
<message>
<source>The bands of all revisits on the reference's grid, each at its measured shift: the reference first, with dates in the names of the bands. Masked pixels are no data.</source>
<translation>Les bandes de toutes les revisites sur la grille de la référence, chacune à son décalage mesuré : la référence d'abord, avec les dates dans les noms des bandes. Les pixels masqués sont sans donnée.</translation>
</message>
<message>
<source>The bands that the network was trained on, in its order: name:wavelength or name:wavelength:width in nm, separated by commas, such as Blue:485, Green:555, Red:660, NIR:830; or a sensor's id, such as worldview3. Empty states no wavelengths; the network then takes any bands in the order they come in.</source>
<translation>Les bandes avec lesquelles le réseau a appris, dans son ordre : nom:longueur_onde ou nom:longueur_onde:largeur en nm, séparées par des virgules, par exemple Blue:485, Green:555, Red:660, NIR:830 ; ou l'identifiant d'un capteur, par exemple worldview3. Vide : aucune longueur d'onde n'est indiquée ; le réseau prend alors n'importe quelles bandes, dans l'ordre où elles viennent.</translation>
</message>
<message>
<source>The card as it is written.</source>
<translation>La fiche telle qu'elle est écrite.</translation>
</message>
<message>
<source>The card as one HTML file.</source>
<translation>La fiche en un seul fichier HTML.</translation>
</message>
<message>
<source>The card.json of an ONNX file. Empty takes the one beside the file.</source>
<translation>Le fichier card.json d'un fichier ONNX. Vide : celui qui est à côté du fichier.</translation>
</message>
<message>
<source>The clearest ones, without a panchromatic image: more patches of the same place. With one it is the reference alone.</source>
<translation>Les plus dégagées, sans image panchromatique : davantage d'imagettes du même lieu. Avec une image panchromatique, c'est la référence seule.</translation>
</message>
<message>
<source>The coarse images of the same dates.</source>
<translation>Les images grossières des mêmes dates.</translation>
</message>
<message>
<source>The coarse sensor's image of the date to predict.</source>
<translation>L'image du capteur grossier à la date à prédire.</translation>
</message>
<message>
<source>The coarse sensor's image of the fine image's date: at its own resolution, or resampled onto the fine grid already.</source>
<translation>L'image du capteur grossier à la date de l'image fine : à sa propre résolution, ou déjà rééchantillonnée sur la grille fine.</translation>
</message>
<message>
<source>the combination after a fit of brightness and shift, for references of another sensor</source>
<translation>la combinaison après ajustement de la luminosité et recalage, pour des références d'un autre capteur</translation>
</message>
<message>
<source>the combination as the published code computes it, with its faults</source>
<translation>la combinaison telle que le code publié la calcule, avec ses défauts</translation>
</message>
<message>
<source>The date that the result shows, such as 2024-06-15: the revisit of that date, or the nearest, is what the others are laid over. Empty takes the clearest revisit.</source>
<translation>La date que montre le résultat, par exemple 2024-06-15 : c'est sur la revisite de cette date, ou sur la plus proche, que les autres sont superposées. Vide : la revisite la plus dégagée.</translation>
</message>
<message>
<source>The dates are split: what validates or tests is in no training patch. The log says which dates are where.</source>
<translation>Les dates sont réparties : ce qui sert à la validation ou aux tests n'est dans aucune imagette d'apprentissage. Le journal dit où se trouve chaque date.</translation>
</message>
<message>
<source>the detector's square and a Gaussian</source>
<translation>le carré du détecteur et une gaussienne</translation>
</message>
<message>
<source>The device must be one of {}, not {}.</source>
<translation>Le périphérique doit être l'un de {}, et non {}.</translation>
</message>
<message>
<source>the difference of the means is added</source>
<translation>la différence des moyennes est ajoutée</translation>
</message>
<message>
<source>The engine does not work.</source>
<translation>Le moteur ne fonctionne pas.</translation>
</message>
<message>
<source>The engine is another Python: {}</source>
<translation>Le moteur est un autre Python : {}</translation>
</message>
<message>
<source>The engine was removed.</source>
<translation>Le moteur a été supprimé.</translation>
</message>
<message>
<source>The engine works.</source>
<translation>Le moteur fonctionne.</translation>
</message>
<message>
<source>The engine works: {}</source>
<translation>Le moteur fonctionne : {}</translation>
</message>
<message>
<source>The file is compared with the network on images of several sizes before it is kept; the largest difference stands on the card. Networks that ONNX cannot express are refused with the reason. This needs the engine with torch.</source>
<translation>Le fichier est comparé avec le réseau sur des images de plusieurs tailles avant d'être conservé ; la plus grande différence est inscrite sur la fiche. Les réseaux qu'ONNX ne sait pas exprimer sont refusés, avec la raison. Il faut pour cela le moteur avec torch.</translation>
</message>
<message>
<source>The files are HDF5 with the data sets gt (reference), lms (enlarged multispectral image) and pan. Look at their terms of use before you publish a network that learned from them.</source>
<translation>Les fichiers sont des HDF5 avec les jeux de données gt (référence), lms (image multispectrale agrandie) et pan. Regardez leurs conditions d'utilisation avant de publier un réseau entraîné avec eux.</translation>
</message>
<message>
<source>The files of {} are those of its card.</source>
<translation>Les fichiers de {} sont ceux de sa fiche.</translation>
</message>
<message>
<source>The fine image at the date of the coarse one, in the fine image's units.</source>
<translation>L'image fine à la date de l'image grossière, dans les unités de l'image fine.</translation>
</message>
<message>
<source>The fine image of a date near the one to predict. The result has its grid and bands.</source>
<translation>L'image fine d'une date proche de la date à prédire. Le résultat a sa grille et ses bandes.</translation>
</message>
<message>
<source>The fine image of the nearest date as it is: what every prediction must beat.</source>
<translation>L'image fine de la date la plus proche, telle quelle : ce que toute prédiction doit battre.</translation>
</message>
<message>
<source>The fine image plus the change of the coarse images, interpolated: quick, but smears the change over the fields.</source>
<translation>L'image fine plus le changement des images grossières, interpolé : rapide, mais étale le changement sur les champs.</translation>
</message>
<message>
<source>The finer image of the same place, near the reference date. The result has its grid, where it overlaps the reference.</source>
<translation>L'image plus fine du même lieu, proche de la date de référence. Le résultat a sa grille, là où elle recouvre la référence.</translation>
</message>
<message>
<source>The finer image of the same scene, usually of a single band. With several, such as Sentinel-2's bands of 10 m for those of 20 m, each multispectral band gets its own mixture of them. The result has its grid, where it overlaps the multispectral image.</source>
<translation>L'image plus fine de la même scène, d'ordinaire à une seule bande. S'il y en a plusieurs, comme les bandes à 10 m de Sentinel-2 pour celles à 20 m, chaque bande multispectrale en reçoit son propre mélange. Le résultat a sa grille, là où elle recouvre l'image multispectrale.</translation>
</message>
<message>
<source>The finer single-band image of the same scene. The result has its grid, where it overlaps the multispectral image.</source>
<translation type="vanished">L'image plus fine, à une bande, de la même scène. Le résultat a sa grille, là où elle recouvre l'image multispectrale.</translation>
</message>
<message>
<source>The first of SatFusion's two networks, which puts the revisits together. SatFusion* always takes TR-MISR.</source>
<translation>Le premier des deux réseaux de SatFusion, qui réunit les revisites. SatFusion* prend toujours TR-MISR.</translation>
</message>
<message>
<source>The first of the two networks, which puts the revisits together. A choice leaves the models that have it.</source>
<translation>Le premier des deux réseaux, qui réunit les revisites. Un choix ne laisse que les modèles qui l'ont.</translation>
</message>
<message>
<source>The folder is {}</source>
<translation>Le dossier est {}</translation>
</message>
<message>
<source>The folder of a model with its card.json, in place of a file.</source>
<translation>Le dossier d'un modèle avec son card.json, au lieu d'un fichier.</translation>
</message>
<message>
<source>The folder of the product, if it is not given as a file.</source>
<translation>Le dossier du produit, s'il n'est pas donné comme fichier.</translation>
</message>
<message>
<source>The haze in each band, which is not multiplied with PAN's detail: numbers in the image's units separated by commas, auto (for blue, green, red and near infrared from the darkest hundredth, otherwise the minimum), minimum or none.</source>
<translation type="vanished">La brume dans chaque bande, qui n'est pas multipliée par le détail de PAN : nombres dans les unités de l'image, séparés par des virgules, auto (pour bleu, vert, rouge et proche infrarouge d'après le centième le plus sombre, sinon le minimum), minimum ou none.</translation>
</message>
<message>
<source>The haze in each band, which is not multiplied with PAN's detail: numbers in the image's units separated by commas, auto (for blue, green, red and near infrared from the darkest hundredth, otherwise the minimum), minimum or none. Empty takes auto for BT-H, and none for MTF-GLP-HPM.</source>
<translation>La brume dans chaque bande, qui n'est pas multipliée par le détail de PAN : nombres dans les unités de l'image, séparés par des virgules, auto (pour bleu, vert, rouge et proche infrarouge d'après le centième le plus sombre, sinon le minimum), minimum ou none. Vide : auto pour BT-H, et none pour MTF-GLP-HPM.</translation>
</message>
<message>
<source>The HDF5 file at the reduced scale that gives the scores; its images are cut.</source>
<translation>Le fichier HDF5 à l'échelle réduite qui donne les notes ; ses images sont découpées.</translation>
</message>
<message>
<source>The HDF5 file that chooses the best state of the network.</source>
<translation>Le fichier HDF5 qui choisit le meilleur état du réseau.</translation>
</message>
<message>
<source>The HDF5 file with gt, lms and pan for training.</source>
<translation>Le fichier HDF5 avec gt, lms et pan pour l'apprentissage.</translation>
</message>
<message>
<source>The id of a model in the library, or the folder of another one. Empty takes weights that fit the bands and the ratio, where there are any, and begins from nothing otherwise; none always begins from nothing.</source>
<translation>L'identifiant d'un modèle de la bibliothèque, ou le dossier d'un autre. Vide : des poids qui conviennent aux bandes et au rapport, s'il y en a, et sinon le réseau part de zéro ; none : il part toujours de zéro.</translation>
</message>
<message>
<source>The id of a model in the library, or the folder of another one. List the models shows the ids.</source>
<translation>L'identifiant d'un modèle de la bibliothèque, ou le dossier d'un autre. Lister les modèles montre les identifiants.</translation>
</message>
<message>
<source>The id of a model in the list, or the https:// address of a model's card.json; its files are fetched from beside it. Empty shows the list in the log.</source>
<translation>L'identifiant d'un modèle de la liste, ou l'adresse https:// du card.json d'un modèle ; ses fichiers sont téléchargés d'à côté. Vide : la liste est affichée dans le journal.</translation>
</message>
<message>
<source>The image that the revisits show: one raster with any bands.</source>
<translation>L'image que les revisites montrent : un raster, quelles que soient ses bandes.</translation>
</message>
<message>
<source>The image that was sharpened: one raster with several bands, or several single-band files. Empty takes the one that the fused image was made of, where SatFusion made it.</source>
<translation>L'image qui a été affinée : un raster à plusieurs bandes, ou plusieurs fichiers à une bande. Vide : celle dont l'image fusionnée a été faite, si SatFusion l'a faite.</translation>
</message>
<message>
<source>The image to degrade: one raster with several bands, or several single-band files.</source>
<translation>L'image à dégrader : un raster à plusieurs bandes, ou plusieurs fichiers à une bande.</translation>
</message>
<message>
<source>The image to judge, with the bands of the multispectral image in their order.</source>
<translation>L'image à juger, avec les bandes de l'image multispectrale dans leur ordre.</translation>
</message>
<message>
<source>The image to judge.</source>
<translation>L'image à juger.</translation>
</message>
<message>
<source>The image to sharpen: one raster with several bands, or several single-band files (their order does not matter: bands are put in order of wavelength or band number).</source>
<translation>L'image à affiner : un raster à plusieurs bandes, ou plusieurs fichiers à une bande (leur ordre n'importe pas : les bandes sont rangées par longueur d'onde ou par numéro).</translation>
</message>
<message>
<source>The image to sharpen: one raster with several bands, or several single-band files (their order does not matter: bands are put in order of wavelength or band number). Either this with a panchromatic image, or revisits.</source>
<translation>L'image à affiner : un raster à plusieurs bandes, ou plusieurs fichiers à une bande (leur ordre n'importe pas : les bandes sont rangées par longueur d'onde ou par numéro). Soit celle-ci avec une image panchromatique, soit des revisites.</translation>
</message>
<message>
<source>The job in this raster's metadata writes no raster.</source>
<translation>Le travail inscrit dans les métadonnées de ce raster n'écrit aucun raster.</translation>
</message>
<message>
<source>The job stands in the raster's metadata, domain SATFUSION, item JOB.</source>
<translation>Le travail est inscrit dans les métadonnées du raster, domaine SATFUSION, élément JOB.</translation>
</message>
<message>
<source>The last {} of {}.</source>
<translation>Les {} dernières sur {}.</translation>
</message>
<message>
<source>The layer definition {} could not be written: {}.</source>
<translation>La définition de couche {} n'a pas pu être écrite : {}.</translation>
</message>
<message>
<source>The learning rate is brought down over this time. Preparing and sharpening take their own time; an estimate is logged first.</source>
<translation>Le taux d'apprentissage est abaissé sur cette durée. La préparation et l'affinage prennent leur propre temps ; une estimation est d'abord inscrite au journal.</translation>
</message>
<message>
<source>The mean of a band divided by the noise's standard deviation; 0 for no noise.</source>
<translation>La moyenne d'une bande divisée par l'écart type du bruit ; 0 : aucun bruit.</translation>
</message>
<message>
<source>The middle of the area, pixel by pixel:</source>
<translation>Le milieu de l'étendue, pixel par pixel :</translation>
</message>
<message>
<source>The middle of the scene at reduced scale</source>
<translation>Le milieu de la scène à échelle réduite</translation>
</message>
<message>
<source>The model {} was removed.</source>
<translation>Le modèle {} a été supprimé.</translation>
</message>
<message>
<source>The multispectral bands on the panchromatic grid, in the multispectral image's units.</source>
<translation>Les bandes multispectrales sur la grille panchromatique, dans les unités de l'image multispectrale.</translation>
</message>
<message>
<source>the nearest before and the nearest after the date</source>
<translation>le plus proche avant et le plus proche après la date</translation>
</message>
<message>
<source>the nearest one</source>
<translation>le plus proche</translation>
</message>
<message>
<source>The network is recognised by the names and shapes of its weights; they are loaded strictly, checked and tried on a small image, and written with a card into the folder of your models. What a checkpoint does not say (bands, units, licence) is asked below; what is left empty is taken as is usual with the official code.</source>
<translation>Le réseau est reconnu aux noms et aux formes de ses poids ; ceux-ci sont chargés strictement, vérifiés et essayés sur une petite image, puis écrits avec une fiche dans le dossier de vos modèles. Ce qu'un checkpoint ne dit pas (bandes, unités, licence) est demandé ci-dessous ; ce qui reste vide est pris comme d'usage avec le code officiel.</translation>
</message>
<message>
<source>The network learns to predict each date from another one on part of the scene, for the time given. It is compared with classical methods on blocks that are held out, and with images of further dates on a date that is held out too. Only where its RMSE is lower by 2 % (by 10 % without such a date), and its ERGAS is no worse, it predicts; otherwise the best classical method does. The log says which, and by how much.</source>
<translation>Le réseau apprend à prédire chaque date à partir d'une autre sur une partie de la scène, pendant la durée donnée. Il est comparé aux méthodes classiques sur des blocs mis de côté et, avec des images d'autres dates, sur une date mise de côté elle aussi. Il ne prédit que si son RMSE est inférieur de 2 % (de 10 % sans une telle date) et si son ERGAS n'est pas moins bon ; sinon, c'est la meilleure méthode classique. Le journal dit laquelle, et de combien.</translation>
</message>
<message>
<source>the network's own as the published code computes it, with its faults</source>
<translation>celle du réseau telle que le code publié la calcule, avec ses défauts</translation>
</message>
<message>
<source>the network's own, without the faults of its published code</source>
<translation>celle du réseau, sans les défauts de son code publié</translation>
</message>
<message>
<source>The new raster. Tables that the job wrote too are written beside it.</source>
<translation>Le nouveau raster. Les tableaux que le travail a aussi écrits sont placés à côté.</translation>
</message>
<message>
<source>The number of revisits that count in every pixel, each between 0 (not at all) and 1.</source>
<translation>Le nombre de revisites qui comptent dans chaque pixel, chacune entre 0 (pas du tout) et 1.</translation>
</message>
<message>
<source>The number of threads must be a whole number, not {}.</source>
<translation>Le nombre de fils d'exécution doit être un entier, et non {}.</translation>
</message>
<message>
<source>The packages are fetched by pip, with QGIS's proxy, or taken from a folder of wheels without any network. A cancelled or failed installation goes on where it stopped when it is run again. The log begins with the commands that do the same by hand.</source>
<translation>Les paquets sont téléchargés par pip, avec le proxy de QGIS, ou pris dans un dossier de paquets wheel sans aucun réseau. Une installation annulée ou échouée reprend là où elle s'est arrêtée quand elle est relancée. Le journal commence par les commandes qui font la même chose à la main.</translation>
</message>
<message>
<source>The panchromatic image of each scene, in the order of the multispectral images.</source>
<translation>L'image panchromatique de chaque scène, dans l'ordre des images multispectrales.</translation>
</message>
<message>
<source>The panchromatic image of the same scene.</source>
<translation>L'image panchromatique de la même scène.</translation>
</message>
<message>
<source>The panchromatic image that it was sharpened with. Empty takes the one that the fused image was made of.</source>
<translation>L'image panchromatique avec laquelle elle a été affinée. Vide : celle dont l'image fusionnée a été faite.</translation>
</message>
<message>
<source>The plain scores compare each pixel with the reference's pixel at the same place, as the georeferencing says. The registered ones (PROBA-V) first lay the fused image, without a border of {} pixels, on the reference at every whole shift up to that many pixels, add to each band the mean difference over the clear pixels, and take what suits best: they forgive a small shift and a constant, not a change of contrast.</source>
<translation>Les notes sans recalage comparent chaque pixel avec le pixel de la référence au même endroit, selon le géoréférencement. Celles avec recalage (PROBA-V) posent d'abord l'image fusionnée, sans un bord de {} pixels, sur la référence à chaque décalage entier jusqu'à ce nombre de pixels, ajoutent à chaque bande la différence moyenne sur les pixels dégagés, et prennent ce qui convient le mieux : elles pardonnent un petit décalage et une constante, pas un changement de contraste.</translation>
</message>
<message>
<source>The product's zip or tar file, or its metadata file (MTL, MTD, DIM, TIL).</source>
<translation>Le fichier zip ou tar du produit, ou son fichier de métadonnées (MTL, MTD, DIM, TIL).</translation>
</message>
<message>
<source>The Python to check. Empty takes that of the options, else the one that the variable SATFUSION_PYTHON names, else the installed engine.</source>
<translation>Le Python à vérifier. Vide : celui des options, sinon celui que nomme la variable SATFUSION_PYTHON, sinon le moteur installé.</translation>
</message>
<message>
<source>The Python to make the environment with. Empty looks for one; the log says which it took.</source>
<translation>Le Python avec lequel faire l'environnement. Vide : il en est cherché un ; le journal dit lequel a été pris.</translation>
</message>
<message>
<source>The range that values may have, in physical units: 1 for reflectance, 2047 for numbers of 11 bits. PSNR and SSIM depend on it, so compare only scores with the same range. Empty takes the number of bits that the reference declares, else the highest value of the reference; never the data type.</source>
<translation>La plage que les valeurs peuvent avoir, en unités physiques : 1 pour la réflectance, 2047 pour des nombres de 11 bits. PSNR et SSIM en dépendent : ne comparez que des notes de même plage. Vide : le nombre de bits que la référence déclare, sinon la plus haute valeur de la référence ; jamais le type de données.</translation>
</message>
<message>
<source>The same by hand:</source>
<translation>La même chose à la main :</translation>
</message>
<message>
<source>The same for the coarse images, such as modis_*.</source>
<translation>De même pour les images grossières, par exemple modis_*.</translation>
</message>
<message>
<source>The same seed cuts a scene in the same way.</source>
<translation>La même graine découpe une scène de la même façon.</translation>
</message>
<message>
<source>The same seed draws the same images, on every device and in windows of every size.</source>
<translation>La même graine tire les mêmes images, sur tout périphérique et dans des fenêtres de toute taille.</translation>
</message>
<message>
<source>The same seed gives the same network on the same processor, where no time limit ends it. Empty takes that of the preset.</source>
<translation>La même graine donne le même réseau sur le même processeur, si aucune limite de temps n'y met fin. Vide : celle du préréglage.</translation>
</message>
<message>
<source>The same seed makes the same patches.</source>
<translation>La même graine fait les mêmes imagettes.</translation>
</message>
<message>
<source>The same seed simulates the same revisits.</source>
<translation>La même graine simule les mêmes revisites.</translation>
</message>
<message>
<source>the same, and four times as much of the spectral angle</source>
<translation>la même, avec quatre fois plus d'angle spectral</translation>
</message>
<message>
<source>the same, and the spectral angle</source>
<translation>les mêmes, et l'angle spectral</translation>
</message>
<message>
<source>the scene</source>
<translation>de la scène</translation>
</message>
<message>
<source>The scene is degraded by the ratio of its pixels, so that its multispectral image is the truth (Wald's protocol). A fifth of it is held out. The network learns from the rest for the time given, and is compared with classical methods on what was held out: only where it is better by 2 % in ERGAS, and no worse in spectral angle, it sharpens the scene; otherwise the best classical method does. The log says which, and by how much.</source>
<translation>La scène est dégradée du rapport de ses pixels, de sorte que son image multispectrale est la vérité (protocole de Wald). Un cinquième en est mis de côté. Le réseau apprend du reste pendant le temps donné, et est comparé avec des méthodes classiques sur ce qui a été mis de côté : c'est seulement s'il est meilleur de 2 % en ERGAS, et pas moins bon en angle spectral, qu'il affine la scène ; sinon, la meilleure méthode classique s'en charge. Le journal dit qui l'a emporté, et de combien.</translation>
</message>
<message>
<source>The scores as CSV, for spreadsheets.</source>
<translation>Les notes en CSV, pour les tableurs.</translation>
</message>
<message>
<source>The second of the two networks, which adds PAN's detail.</source>
<translation>Le second des deux réseaux, qui ajoute le détail de PAN.</translation>
</message>
<message>
<source>The second of the two networks, which adds PAN's detail. A choice leaves the models that have it.</source>
<translation>Le second des deux réseaux, qui ajoute le détail de PAN. Un choix ne laisse que les modèles qui l'ont.</translation>
</message>
<message>
<source>The sensor of the files: it says which bands they hold, and the highest number.</source>
<translation>Le capteur des fichiers : il dit quelles bandes ils contiennent, et le nombre le plus haut.</translation>
</message>
<message>
<source>The sensor of the multispectral image: its modulation transfer function (MTF) says how blurred each band is. Take the default when yours is not listed.</source>
<translation>Le capteur de l'image multispectrale : sa fonction de transfert de modulation (FTM) dit à quel point chaque bande est floue. Prenez la valeur par défaut si le vôtre n'est pas dans la liste.</translation>
</message>
<message>
<source>The sensor of the revisits: its modulation transfer function (MTF) says how blurred each band is. Take the default when yours is not listed.</source>
<translation>Le capteur des revisites : sa fonction de transfert de modulation (FTM) dit à quel point chaque bande est floue. Prenez la valeur par défaut si le vôtre n'est pas dans la liste.</translation>
</message>
<message>
<source>The shifts are not in the georeferencing, as with true images; a table holds them. Masks lie beside the images, where MASKS finds them. Super-resolve the revisits and compare the result with the sharp image.</source>
<translation>Les décalages ne sont pas dans le géoréférencement, comme pour de vraies images ; un tableau les contient. Les masques sont à côté des images, là où MASKS les trouve. Appliquez la super-résolution aux revisites et comparez le résultat avec l'image nette.</translation>
</message>
<message>
<source>The side, the stride and the corners of patches are multiples of this.</source>
<translation>Le côté, le pas et les coins des imagettes sont des multiples de ce nombre.</translation>
</message>
<message>
<source>The stack can be given to anything that wants images that lie exactly over each other. Super-resolution needs the images as they are and measures their shifts itself: resampling loses what it lives on.</source>
<translation>La pile peut être donnée à tout ce qui veut des images exactement superposées. La super-résolution a besoin des images telles qu'elles sont et mesure elle-même leurs décalages : le rééchantillonnage perd ce dont elle vit.</translation>
</message>
<message>
<source>The state of step {}, on the {} patches, in physical units; 0 is best everywhere.</source>
<translation>L'état de l'itération {}, sur les imagettes du sous-ensemble {}, en unités physiques ; le mieux est partout 0.</translation>
</message>
<message>
<source>The style could not be written: {}</source>
<translation>Le style n'a pas pu être écrit : {}</translation>
</message>
<message>
<source>The table as data, with each model's folder.</source>
<translation>Le tableau comme données, avec le dossier de chaque modèle.</translation>
</message>
<message>
<source>The table as one HTML file.</source>
<translation>Le tableau en un seul fichier HTML.</translation>
</message>
<message>
<source>The time limit ended the training.</source>
<translation>La limite de temps a mis fin à l'apprentissage.</translation>
</message>
<message>
<source>The toolbox has no {}; enable Processing.</source>
<translation>La boîte à outils n'a pas {} ; activez l'extension Processing.</translation>
</message>
<message>
<source>the training data</source>
<translation>des données d'apprentissage</translation>
</message>
<message>
<source>The training is finished.</source>
<translation>L'apprentissage est terminé.</translation>
</message>
<message>
<source>The training is running; this page is written anew at each validation.</source>
<translation>L'apprentissage est en cours ; cette page est réécrite à chaque validation.</translation>
</message>
<message>
<source>The training was cancelled; the best state so far is kept in the model folder.</source>
<translation>L'apprentissage a été annulé ; le meilleur état atteint est conservé dans le dossier du modèle.</translation>
</message>
<message>
<source>The true image: as many bands, in the same order, on the same grid.</source>
<translation>La vraie image : autant de bandes, dans le même ordre, sur la même grille.</translation>
</message>
<message>
<source>The virtual rasters point to the product's files, which have to stay where they are. A product's folder, archive or metadata file can also be given directly wherever SatFusion asks for a raster.</source>
<translation>Les rasters virtuels renvoient aux fichiers du produit, qui doivent rester où ils sont. Le dossier, l'archive ou le fichier de métadonnées d'un produit peut aussi être donné directement partout où SatFusion demande un raster.</translation>
</message>
<message>
<source>The weights of a network: the id of a model in the library, or the folder of another one. Empty takes the model that fits the bands and the ratio.</source>
<translation>Les poids d'un réseau : l'identifiant d'un modèle de la bibliothèque, ou le dossier d'un autre. Vide : le modèle qui convient aux bandes et au rapport.</translation>
</message>
<message>
<source>The weights: .pth, .pt, .ckpt, .bin, .safetensors or .onnx.</source>
<translation>Les poids : .pth, .pt, .ckpt, .bin, .safetensors ou .onnx.</translation>
</message>
<message>
<source>the whole tile of {} pixels</source>
<translation>toute la tuile de {} pixels</translation>
</message>
<message>
<source>There are no models yet.</source>
<translation>Il n'y a pas encore de modèle.</translation>
</message>
<message>
<source>There are no models yet: import weights, download a model, or train one.</source>
<translation>Il n'y a pas encore de modèle : importez des poids, téléchargez un modèle, ou entraînez-en un.</translation>
</message>
<message>
<source>There are only {} blocks: the intervals are rough.</source>
<translation>Il n'y a que {} blocs : les intervalles sont approximatifs.</translation>
</message>
<message>
<source>There was no engine to remove.</source>
<translation>Il n'y avait pas de moteur à supprimer.</translation>
</message>
<message>
<source>Thermal image</source>
<translation>Image thermique</translation>
</message>
<message>
<source>These lines are in the clipboard.</source>
<translation>Ces lignes sont dans le presse-papiers.</translation>
</message>
<message>
<source>these, and those of a survey's code under names of their own, to compare with its tables</source>
<translation>celles-ci, et celles du code d'une étude de synthèse sous des noms à part, pour comparer avec ses tableaux</translation>
</message>
<message>
<source>they are not looked at</source>
<translation>elles ne sont pas regardées</translation>
</message>
<message>
<source>they are taken as they are</source>
<translation>elles sont prises telles quelles</translation>
</message>
<message>
<source>third graphics card (CUDA)</source>
<translation>troisième carte graphique (CUDA)</translation>
</message>
<message>
<source>those with which the network was published</source>
<translation>ceux avec lesquels le réseau a été publié</translation>
</message>
<message>
<source>Threads</source>
<translation>Fils d'exécution</translation>
</message>
<message>
<source>Three convolutions find the detail that is added to the interpolated bands. Small and quick to fit to a scene of your own.</source>
<translation>Trois convolutions trouvent le détail qui est ajouté aux bandes interpolées. Petit et rapide à adapter à votre propre scène.</translation>
</message>
<message>
<source>Three convolutions from the bands and PAN to the sharpened bands: the first network for pansharpening. Small; does well on scenes like those it was trained on.</source>
<translation>Trois convolutions des bandes et de PAN aux bandes affinées : le premier réseau d'affinage panchromatique. Petit ; bon sur des scènes semblables à celles de son apprentissage.</translation>
</message>
<message>
<source>Tianjin: Landsat 8 and MODIS</source>
<translation>Tianjin : Landsat 8 et MODIS</translation>
</message>
<message>
<source>tie</source>
<translation>ex æquo</translation>
</message>
<message>
<source>Tie?</source>
<translation>Ex æquo ?</translation>
</message>
<message>
<source>Time [s]</source>
<translation>Temps [s]</translation>
</message>
<message>
<source>Time for the fit</source>
<translation>Durée de l'adaptation</translation>
</message>
<message>
<source>Time limit</source>
<translation>Limite de temps</translation>
</message>
<message>
<source>Title</source>
<translation>Titre</translation>
</message>
<message>
<source>To</source>
<translation type="vanished">Jusqu'au</translation>
</message>
<message>
<source>To compare with its published tables alone: several of them are not what their names say elsewhere.</source>
<translation>À comparer seulement avec ses tableaux publiés : plusieurs d'entre elles ne sont pas ce que leurs noms disent ailleurs.</translation>
</message>
<message>
<source>To install the engine by hand (nothing of this was run):</source>
<translation>Pour installer le moteur à la main (rien de ceci n'a été exécuté) :</translation>
</message>
<message>
<source>Tools</source>
<translation>Outils</translation>
</message>
<message>
<source>TR-MISR</source>
<translation>TR-MISR</translation>
</message>
<message>
<source>Train a network for spatiotemporal fusion</source>
<translation>Entraîner un réseau de fusion spatio-temporelle</translation>
</message>
<message>
<source>Train a pansharpening network</source>
<translation>Entraîner un réseau d'affinage panchromatique</translation>
</message>
<message>
<source>Train a SatFusion network</source>
<translation>Entraîner un réseau SatFusion</translation>
</message>
<message>
<source>Train a super-resolution network</source>
<translation>Entraîner un réseau de super-résolution</translation>
</message>
<message>
<source>Training</source>
<translation>Apprentissage</translation>
</message>
<message>
<source>Training data</source>
<translation>Données d'apprentissage</translation>
</message>
<message>
<source>Training loss</source>
<translation>Perte d'apprentissage</translation>
</message>
<message>
<source>Training: {}</source>
<translation>Apprentissage : {}</translation>
</message>
<message>
<source>Trains a network on patches of your own scenes (Prepare training patches), and writes a model folder that can be used for pansharpening: its weights, and a card that says what it was made for and what it reaches beside plain interpolation.</source>
<translation>Entraîne un réseau de neurones sur des imagettes de vos propres scènes (Préparer des imagettes d'apprentissage), et écrit un dossier de modèle utilisable pour l'affinage panchromatique : ses poids, et une fiche qui dit pour quoi il a été fait et ce qu'il atteint à côté de la simple interpolation.</translation>
</message>
<message>
<source>Trains a network that makes a finer image from several revisits, on patches that Prepare patches of revisits has made.</source>
<translation>Entraîne un réseau qui fait une image plus fine de plusieurs revisites, sur des imagettes que Préparer des imagettes de revisites a faites.</translation>
</message>
<message>
<source>Trains a network that predicts a fine image from pairs of other dates and the coarse image of its own, on patches of dates at which both sensors saw a place, and writes a model folder that can be used to predict: its weights, and a card that says what it was made for and what it reaches beside the interpolated change added to the fine image.</source>
<translation>Entraîne un réseau qui prédit une image fine à partir de couples d'autres dates et de l'image grossière de sa propre date, sur des imagettes de dates où les deux capteurs ont vu un lieu, et écrit un dossier de modèle utilisable pour prédire : ses poids, et une fiche qui dit pour quoi il a été fait et ce qu'il atteint à côté du changement interpolé ajouté à l'image fine.</translation>
</message>
<message>
<source>Trains a network that puts several revisits together and sharpens them with a panchromatic image, as one, on patches that Prepare patches of revisits has made.</source>
<translation>Entraîne un réseau qui réunit plusieurs revisites et les affine avec une image panchromatique, comme un seul réseau, sur des imagettes que Préparer des imagettes de revisites a faites.</translation>
</message>
<message>
<source>Truth</source>
<translation>Vérité</translation>
</message>
<message>
<source>Turns the files of PanCollection, the data set with which pansharpening networks are compared, into a set of patches for training, of pansharpening or, with simulated revisits, of SatFusion.</source>
<translation>Transforme les fichiers de PanCollection, le jeu de données avec lequel les réseaux d'affinage panchromatique sont comparés, en un jeu d'imagettes pour l'apprentissage, de l'affinage panchromatique ou, avec des revisites simulées, de SatFusion.</translation>
</message>
<message>
<source>Turns the files of PanCollection, the data set with which pansharpening networks are compared, into a set of patches for training.</source>
<translation type="vanished">Transforme les fichiers de PanCollection, le jeu de données avec lequel les réseaux d'affinage panchromatique sont comparés, en un jeu d'imagettes pour l'apprentissage.</translation>
</message>
<message>
<source>Turns the folder of a public data set of revisits, as it is downloaded, into a set of patches for super-resolution or SatFusion. Whole places go to training, validation and tests.</source>
<translation>Transforme le dossier d'un jeu de données public de revisites, tel qu'il est téléchargé, en un jeu d'imagettes pour la super-résolution ou SatFusion. Des lieux entiers vont à l'apprentissage, à la validation et aux tests.</translation>
</message>
<message>
<source>twice, for a network that is adapted to this scene and scored on it at the scale above</source>
<translation>deux fois, pour un réseau qui est adapté à cette scène et noté sur elle à l'échelle au-dessus</translation>
</message>
<message>
<source>Two pairs</source>
<translation>Deux couples</translation>
</message>
<message>
<source>Two U-shaped branches, for the bands and for PAN, joined by spatial and spectral attention. Strong on its own sensor; slow on large tiles.</source>
<translation>Deux branches en U, pour les bandes et pour PAN, jointes par une attention spatiale et spectrale. Fort sur son propre capteur ; lent sur de grandes tuiles.</translation>
</message>
<message>
<source>two where there is one before and one after the date and the method takes two, else one</source>
<translation>deux s'il y en a un avant et un après la date et que la méthode en prend deux, sinon un</translation>
</message>
<message>
<source>Typical size of the errors; large errors count for more.</source>
<translation>Taille typique des erreurs ; les grandes erreurs comptent davantage.</translation>
</message>
<message>
<source>U2Net</source>
<translation>U2Net</translation>
</message>
<message>
<source>Uncertainty</source>
<translation>Incertitude</translation>
</message>
<message>
<source>Units</source>
<translation>Unités</translation>
</message>
<message>
<source>Universal quality index (1 is best)</source>
<translation>Indice de qualité universel (le mieux est 1)</translation>
</message>
<message>
<source>Universal quality index over every position of a square window; over all: mean over the bands; only windows that hold no masked pixel.</source>
<translation>Indice de qualité universel sur toutes les positions d'une fenêtre carrée ; global : moyenne sur les bandes ; seulement les fenêtres sans pixel masqué.</translation>
</message>
<message>
<source>Unmixes the coarse change around every coarse pixel, gives it to whole objects such as fields, and corrects objects and then pixels by what is left. The most accurate with one pair on fields.</source>
<translation>Démélange le changement des images grossières autour de chaque pixel grossier, le donne à des objets entiers tels que des champs, et corrige les objets puis les pixels d'après ce qui reste. La plus exacte avec un seul couple sur des champs.</translation>
</message>
<message>
<source>Unmixes the coarse change into changes of classes, and puts what is left where the interpolated coarse image shows it: follows changes of land cover that coarse pixels see.</source>
<translation>Démélange le changement des images grossières en changements de classes, et met ce qui reste là où l'image grossière interpolée le montre : suit les changements d'occupation du sol que voient les pixels grossiers.</translation>
</message>
<message>
<source>Update the NVIDIA driver, and check again; until then choose DEVICE=cpu.</source>
<translation>Mettez à jour le pilote NVIDIA, et vérifiez de nouveau ; d'ici là, choisissez DEVICE=cpu.</translation>
</message>
<message>
<source>UQI</source>
<translation>UQI</translation>
</message>
<message>
<source>UQI {} x {}, Q2n blocks {} x {}</source>
<translation>UQI {} x {}, blocs de Q2n {} x {}</translation>
</message>
<message>
<source>Validation</source>
<translation>Validation</translation>
</message>
<message>
<source>Validation loss</source>
<translation>Perte de validation</translation>
</message>
<message>
<source>Validations</source>
<translation>Validations</translation>
</message>
<message>
<source>Value</source>
<translation>Valeur</translation>
</message>
<message>
<source>Values of the bands</source>
<translation>Valeurs des bandes</translation>
</message>
<message>
<source>verified: size and SHA-256 are those of the card</source>
<translation>vérifié : la taille et le SHA-256 sont ceux de la fiche</translation>
</message>
<message>
<source>Version</source>
<translation>Version</translation>
</message>
<message>
<source>Version of lightning</source>
<translation>Version de lightning</translation>
</message>
<message>
<source>Version of numpy</source>
<translation>Version de numpy</translation>
</message>
<message>
<source>Version of ONNX Runtime</source>
<translation>Version d'ONNX Runtime</translation>
</message>
<message>
<source>Version of Python</source>
<translation>Version de Python</translation>
</message>
<message>
<source>Version of torch</source>
<translation>Version de torch</translation>
</message>
<message>
<source>Versions of the packages</source>
<translation>Versions des paquets</translation>
</message>
<message>
<source>Views</source>
<translation>Vues</translation>
</message>
<message>
<source>Views at the scale of MS</source>
<translation>Vues à l'échelle de MS</translation>
</message>
<message>
<source>VIPSTF</source>
<translation>VIPSTF</translation>
</message>
<message>
<source>Virtual rasters (VRT) and masks (GeoTIFF) are written here.</source>
<translation>Les rasters virtuels (VRT) et les masques (GeoTIFF) sont écrits ici.</translation>
</message>
<message>
<source>wavelength</source>
<translation>longueur d'onde</translation>
</message>
<message>
<source>Wavelength [nm]</source>
<translation>Longueur d'onde [nm]</translation>
</message>
<message>
<source>Weight</source>
<translation>Poids</translation>
</message>
<message>
<source>Weights to start from</source>
<translation>Poids de départ</translation>
</message>
<message>
<source>Weights two fine images, before and after the date, by how well each agrees with the coarse image of the date: stands haze and clouds that no mask shows.</source>
<translation>Pondère deux images fines, avant et après la date, selon l'accord de chacune avec l'image grossière de la date : résiste à la brume et aux nuages qu'aucun masque ne montre.</translation>
</message>
<message>
<source>What a pixel gets of the observations in it. The median stands clouds that no mask knows of, but needs many revisits.</source>
<translation>Ce qu'un pixel reçoit des observations qu'il contient. La médiane résiste aux nuages qu'aucun masque ne connaît, mais demande beaucoup de revisites.</translation>
</message>
<message>
<source>What a stored number is multiplied with for reflectance, such as 0.0001. 0 takes it from the files; integers without one that are as large as reflectance x 10000 are taken for that.</source>
<translation>Ce par quoi un nombre enregistré est multiplié pour donner la réflectance, par exemple 0.0001. 0 : le facteur est lu dans les fichiers ; les entiers sans facteur qui sont aussi grands que réflectance x 10000 sont pris comme tels.</translation>
</message>
<message>
<source>What becomes of clouds and changes that neither a mask nor the comparison of the revisits showed: they lose their weight half-way, or the median over the revisits stands them (slower, and less sharp), or they count like all others.</source>
<translation>Ce que deviennent les nuages et les changements que ni un masque ni la comparaison des revisites n'ont révélés : ces observations perdent leur poids à mi-chemin, ou la médiane sur les revisites y résiste (plus lent, et moins net), ou elles comptent comme toutes les autres.</translation>
</message>
<message>
<source>What computes; the result is the same. The engine's compiled code takes a third of the time that QGIS's own Python needs. What is not there is replaced by the processor, and the log says so.</source>
<translation>Ce qui calcule ; le résultat est le même. Le code compilé du moteur prend un tiers du temps qu'il faut au Python de QGIS. Ce qui n'est pas là est remplacé par le processeur, et le journal le dit.</translation>
</message>
<message>
<source>What fused the scene</source>
<translation>Ce qui a fusionné la scène</translation>
</message>
<message>
<source>What is better at the reduced scale need not be at the full one: look at the result.</source>
<translation>Ce qui est meilleur à l'échelle réduite ne l'est pas forcément à pleine échelle : regardez le résultat.</translation>
</message>
<message>
<source>What is better on known dates need not be on the one to predict: look at the result.</source>
<translation>Ce qui est meilleur aux dates connues ne l'est pas forcément à la date à prédire : regardez le résultat.</translation>
</message>
<message>
<source>What it takes</source>
<translation>Entrées du réseau</translation>
</message>
<message>
<source>What it tells</source>
<translation>Ce qu'elle dit</translation>
</message>
<message>
<source>What predicted the date</source>
<translation>Ce qui a prédit la date</translation>
</message>
<message>
<source>What Prepare training patches has made.</source>
<translation>Le dossier produit par Préparer des imagettes d'apprentissage.</translation>
</message>
<message>
<source>What sharpened the scene</source>
<translation>Ce qui a affiné la scène</translation>
</message>
<message>
<source>What suits best: {} rows and {} columns down and to the right of the fused image; {} clear pixels.</source>
<translation>Ce qui convient le mieux : {} lignes en dessous et {} colonnes à droite de l'image fusionnée ; {} pixels dégagés.</translation>
</message>
<message>
<source>What the engine is for.</source>
<translation>À quoi sert le moteur.</translation>
</message>
<message>
<source>What the network learns to make small.</source>
<translation>Ce que le réseau apprend à réduire.</translation>
</message>
<message>
<source>What the network was trained on, separated by semicolons.</source>
<translation>Sur quoi le réseau a appris, séparé par des points-virgules.</translation>
</message>
<message>
<source>What the numbers in the output mean. Reflectance is the stored number times the scale plus the offset of the input, which must be known; any other physical value that they give comes out the same way.</source>
<translation>Ce que signifient les nombres de la sortie. La réflectance est le nombre enregistré fois l'échelle plus le décalage de l'entrée, qui doivent être connus ; toute autre grandeur physique qu'ils donnent sort de la même façon.</translation>
</message>
<message>
<source>what they mark is left out</source>
<translation>ce qu'elles marquent est exclu</translation>
</message>
<message>
<source>What to do with the quality bands (clouds, shadows, saturation) of images that are products as delivered, and with the masks that were written beside prepared ones (ending in _mask.tif). Missing pixels are always left out.</source>
<translation>Que faire des bandes de qualité (nuages, ombres, saturation) des images qui sont des produits tels que livrés, et des masques écrits à côté de celles qui sont préparées (au nom finissant par _mask.tif). Les pixels manquants sont toujours exclus.</translation>
</message>
<message>
<source>What to do with the quality bands (clouds, shadows, saturation) of inputs that are products as delivered. Missing pixels are always left out.</source>
<translation>Que faire des bandes de qualité (nuages, ombres, saturation) des entrées qui sont des produits tels que livrés. Les pixels manquants sont toujours exclus.</translation>
</message>
<message>
<source>What to do with the quality bands (clouds, shadows, saturation) of revisits that are products as delivered, and with the masks that were written beside prepared ones (ending in _mask.tif). Missing pixels are always left out.</source>
<translation>Que faire des bandes de qualité (nuages, ombres, saturation) des revisites qui sont des produits tels que livrés, et des masques écrits à côté de celles qui sont préparées (au nom finissant par _mask.tif). Les pixels manquants sont toujours exclus.</translation>
</message>
<message>
<source>What values were multiplied by before they entered the network: 1/2047 = 0.000488520 for numbers of 11 bits. Empty takes what is usual with the official code.</source>
<translation>Ce par quoi les valeurs étaient multipliées avant d'entrer dans le réseau : 1/2047 = 0.000488520 pour des nombres de 11 bits. Vide : comme d'usage avec le code officiel.</translation>
</message>
<message>
<source>What was added after the scale. Empty takes 0.</source>
<translation>Ce qui était ajouté après l'échelle. Vide : 0.</translation>
</message>
<message>
<source>What was done with each date, from which pairs, and why not: CSV or JSON by the name.</source>
<translation>Ce qui a été fait de chaque date, à partir de quels couples, et sinon pourquoi : CSV ou JSON, selon le nom.</translation>
</message>
<message>
<source>When COARSE_TARGET was taken, such as 2024-02-15. Empty takes it from the metadata or the file names.</source>
<translation>Quand COARSE_TARGET a été prise, par exemple 2024-02-15. Vide : la date est lue dans les métadonnées ou dans les noms des fichiers.</translation>
</message>
<message>
<source>When FINE_1 and COARSE_1 were taken, such as 2024-01-31. Empty takes it from the metadata or the file names.</source>
<translation>Quand FINE_1 et COARSE_1 ont été prises, par exemple 2024-01-31. Vide : la date est lue dans les métadonnées ou dans les noms des fichiers.</translation>
</message>
<message>
<source>When FINE_2 and COARSE_2 were taken, if they are given. Empty takes it from the metadata or the file names.</source>
<translation>Quand FINE_2 et COARSE_2 ont été prises, si elles sont données. Vide : la date est lue dans les métadonnées ou dans les noms des fichiers.</translation>
</message>
<message>
<source>When it has to be finished, scores and model included; the learning rate is brought down in time. 0 sets no limit.</source>
<translation>Quand tout doit être terminé, notes et modèle compris ; le taux d'apprentissage est abaissé à temps. 0 : aucune limite.</translation>
</message>
<message>
<source>Where a network runs, and what computes the sums of a classical method with a moving window, whose result is the same everywhere. What is not there is replaced by the processor, and the log says so.</source>
<translation>Où un réseau s'exécute, et ce qui calcule les sommes d'une méthode classique à fenêtre mobile, dont le résultat est partout le même. Ce qui n'est pas là est remplacé par le processeur, et le journal le dit.</translation>
</message>
<message>
<source>Where a network runs. What is not there is replaced by the processor, and the log says so.</source>
<translation>Où un réseau s'exécute. Ce qui n'est pas là est remplacé par le processeur, et le journal le dit.</translation>
</message>
<message>
<source>Where all settings come from that are not given here.</source>
<translation>D'où viennent tous les réglages qui ne sont pas donnés ici.</translation>
</message>
<message>
<source>Where card and weights go; the name of the folder becomes that of the model.</source>
<translation>Où vont la fiche et les poids ; le nom du dossier devient celui du modèle.</translation>
</message>
<message>
<source>Where it was unpacked.</source>
<translation>Le dossier où il a été décompressé.</translation>
</message>
<message>
<source>Where measured</source>
<translation>Lieu de la mesure</translation>
</message>
<message>
<source>Where networks run: auto takes a GPU that works, else the processor.</source>
<translation>Où les réseaux s'exécutent : auto prend un GPU qui fonctionne, sinon le processeur.</translation>
</message>
<message>
<source>Where networks will run.</source>
<translation>Où les réseaux s'exécuteront.</translation>
</message>
<message>
<source>Where pixels come from</source>
<translation>D'où viennent les pixels</translation>
</message>
<message>
<source>Where the preview is made. Empty takes the centre of the map, and without a map (in a model, in batch outside of QGIS) the centre of the scene.</source>
<translation>Où l'aperçu est fait. Vide : au centre de la carte, et sans carte (dans un modèle, par lots hors de QGIS) au centre de la scène.</translation>
</message>
<message>
<source>Where your own models lie; empty takes the usual place.</source>
<translation>Où se trouvent vos propres modèles ; vide : à l'endroit habituel.</translation>
</message>
<message>
<source>Whether its files are those of the card</source>
<translation>Si ses fichiers sont ceux de la fiche</translation>
</message>
<message>
<source>Whether the output holds numbers as the input does, with its scale and offset, or physical values (reflectance, radiance) as 32-bit floats.</source>
<translation type="vanished">Si la sortie contient des nombres comme l'entrée, avec son échelle et son décalage, ou des valeurs physiques (réflectance, luminance) en flottants de 32 bits.</translation>
</message>
<message>
<source>Whether the scale below is applied to physical values (reflectance) or to numbers as they are stored (DN).</source>
<translation>Si l'échelle ci-dessous s'applique à des valeurs physiques (réflectance) ou aux valeurs telles qu'enregistrées (DN).</translation>
</message>
<message>
<source>Which band to use where the raster has several.</source>
<translation type="vanished">Quelle bande utiliser quand le raster en a plusieurs.</translation>
</message>
<message>
<source>Which band to use where the raster has several. Empty uses all that the method can take.</source>
<translation>Quelle bande utiliser quand le raster en a plusieurs. Vide : toutes celles que la méthode peut prendre.</translation>
</message>
<message>
<source>Which bands of the multispectral image were sharpened, in order, such as 1,2,3. Empty takes all.</source>
<translation>Quelles bandes de l'image multispectrale ont été affinées, dans l'ordre, par exemple 1,2,3. Vide : toutes.</translation>
</message>
<message>
<source>Which bands of the reference the fused image's bands are compared with, in order, such as 1,2,3. Empty takes all.</source>
<translation>Avec quelles bandes de la référence les bandes de l'image fusionnée sont comparées, dans l'ordre, par exemple 1,2,3. Vide : toutes.</translation>
</message>
<message>
<source>Which coefficients mix PAN and the bands into detail.</source>
<translation>Quels coefficients mélangent PAN et les bandes pour donner le détail.</translation>
</message>
<message>
<source>Which images of the product are wanted, separated by commas: ms, pan, thermal (Landsat); 10m, 20m, 60m (Sentinel-2); ms, pan (Pleiades, SPOT, WorldView). Empty takes all.</source>
<translation>Quelles images du produit sont voulues, séparées par des virgules : ms, pan, thermal (Landsat) ; 10m, 20m, 60m (Sentinel-2) ; ms, pan (Pleiades, SPOT, WorldView). Vide : toutes.</translation>
</message>
<message>
<source>Which methods to compare. None chosen takes all.</source>
<translation type="vanished">Quelles méthodes comparer. Aucune choisie : toutes.</translation>
</message>
<message>
<source>Which methods to compare: of pansharpening for MS, of super-resolution for revisits, of SatFusion and pansharpening for revisits with a panchromatic image. None chosen takes all that suit.</source>
<translation>Quelles méthodes comparer : d'affinage panchromatique pour MS, de super-résolution pour des revisites, de SatFusion et d'affinage panchromatique pour des revisites avec une image panchromatique. Aucune choisie : toutes celles qui conviennent.</translation>
</message>
<message>
<source>Which methods to compare; the baselines always take part. None chosen takes all that can be run.</source>
<translation>Quelles méthodes comparer ; les références de base prennent toujours part. Aucune choisie : toutes celles qui peuvent être exécutées.</translation>
</message>
<message>
<source>Which network adds PAN's detail, where it begins from nothing.</source>
<translation>Quel réseau ajoute le détail de PAN, quand il part de zéro.</translation>
</message>
<message>
<source>Which network is fitted where it begins from nothing.</source>
<translation>Quel réseau est adapté quand il part de zéro.</translation>
</message>
<message>
<source>Which network is fitted where it begins from nothing. Learned unmixing is the quickest to learn.</source>
<translation>Réseau qui est ajusté lorsqu'il part de zéro. Le démélange appris est le plus rapide à apprendre.</translation>
</message>
<message>
<source>Which network is trained. EDC-STFN, DCSTFN and ECPW-STFN are small and learn in minutes on a processor; the adversarial ones take a few times as long for a step, and SwinSTFM and STFDiff want a GPU. MUSTFN, RSFN and AMS-STF need patches of two pairs.</source>
<translation>Quel réseau est entraîné. EDC-STFN, DCSTFN et ECPW-STFN sont petits et apprennent en quelques minutes sur un processeur ; une itération des réseaux antagonistes prend plusieurs fois ce temps, et SwinSTFM et STFDiff veulent un GPU. MUSTFN, RSFN et AMS-STF ont besoin d'imagettes de deux couples.</translation>
</message>
<message>
<source>Which network is trained. FusionNet, DiCNN and PNN are small and learn in minutes on a processor; ARConv, Pan-Mamba and INNformer want a GPU.</source>
<translation>Quel réseau est entraîné. FusionNet, DiCNN et PNN sont petits et apprennent en quelques minutes sur un processeur ; ARConv, Pan-Mamba et INNformer veulent un GPU.</translation>
</message>
<message>
<source>Which network is trained. With few features HighRes-net and SRCNN learn in minutes on a processor; RAMS and TR-MISR want a GPU.</source>
<translation>Quel réseau est entraîné. Avec peu de canaux, HighRes-net et SRCNN apprennent en quelques minutes sur un processeur ; RAMS et TR-MISR veulent un GPU.</translation>
</message>
<message>
<source>Which network puts the revisits together, where it begins from nothing.</source>
<translation>Quel réseau réunit les revisites, quand il part de zéro.</translation>
</message>
<message>
<source>Which official code the checkpoint is from, such as dlpan.pnn. Empty finds it by the names and shapes of the weights; where several would fit, the error names them.</source>
<translation>De quel code officiel vient le checkpoint, par exemple dlpan.pnn. Vide : il est trouvé aux noms et aux formes des poids ; si plusieurs conviennent, l'erreur les nomme.</translation>
</message>
<message>
<source>Which scores are computed.</source>
<translation>Quelles notes sont calculées.</translation>
</message>
<message>
<source>Whom to name for the weights. Empty names the official code.</source>
<translation>Qui nommer pour les poids. Vide : le code officiel est nommé.</translation>
</message>
<message>
<source>Whose folder it is.</source>
<translation>De quel jeu de données vient le dossier.</translation>
</message>
<message>
<source>Why it ended: finished, time or cancelled</source>
<translation>Pourquoi il s'est terminé : finished, time ou cancelled</translation>
</message>
<message>
<source>Width [nm]</source>
<translation>Largeur [nm]</translation>
</message>
<message>
<source>Width of the network</source>
<translation>Largeur du réseau</translation>
</message>
<message>
<source>Wildcards that choose among the files, separated by commas, such as landsat8_*; one that begins with ! leaves files out, such as !*_gaps*. Empty takes all.</source>
<translation>Motifs à caractères génériques qui choisissent parmi les fichiers, séparés par des virgules, par exemple landsat8_* ; un motif qui commence par ! exclut des fichiers, par exemple !*_gaps*. Vide : tous.</translation>
</message>
<message>
<source>Window of the fit</source>
<translation>Fenêtre de l'ajustement</translation>
</message>
<message>
<source>Window of the unmixing</source>
<translation>Fenêtre du démélange</translation>
</message>
<message>
<source>Window of UQI</source>
<translation>Fenêtre de UQI</translation>
</message>
<message>
<source>Window size</source>
<translation>Taille de la fenêtre de traitement</translation>
</message>
<message>
<source>Windows</source>
<translation>Fenêtres</translation>
</message>
<message>
<source>Windows used: SSIM {}, UQI {}, SCC {}.</source>
<translation>Fenêtres utilisées : SSIM {}, UQI {}, SCC {}.</translation>
</message>
<message>
<source>With a panchromatic image</source>
<translation>Avec une image panchromatique</translation>
</message>
<message>
<source>with masks of what counts in each</source>
<translation>avec des masques de ce qui compte dans chacune</translation>
</message>
<message>
<source>With revisits instead of one multispectral image, methods for multi-image super-resolution are compared: all revisits are made coarser, each on a grid of its own, and the reference as it was is the truth where it is clear. With revisits and a panchromatic image, SatFusion competes with classical pansharpening of the reference alone, and with super-resolution followed by pansharpening.</source>
<translation>Avec des revisites au lieu d'une image multispectrale, ce sont des méthodes de super-résolution multi-image qui sont comparées : toutes les revisites sont rendues plus grossières, chacune sur sa propre grille, et la référence d'origine est la vérité là où elle est dégagée. Avec des revisites et une image panchromatique, SatFusion concourt avec l'affinage panchromatique classique de la référence seule, et avec la super-résolution suivie d'un affinage panchromatique.</translation>
</message>
<message>
<source>Without it, the licence is shown in the log and nothing but the card is fetched.</source>
<translation>Sans cela, la licence est affichée dans le journal et rien d'autre que la fiche n'est téléchargé.</translation>
</message>
<message>
<source>without masks</source>
<translation>sans masques</translation>
</message>
<message>
<source>Works on wavelets of the fine image and of its difference from the coarse image of the date, then refines. Needs no coarse image of the fine image's date.</source>
<translation>Travaille sur des ondelettes de l'image fine et de sa différence avec l'image grossière de la date, puis retouche le résultat. N'a pas besoin d'image grossière de la date de l'image fine.</translation>
</message>
<message>
<source>works: {:.2f} ms</source>
<translation>fonctionne : {:.2f} ms</translation>
</message>
<message>
<source>WorldStrat: Sentinel-2 and SPOT</source>
<translation>WorldStrat : Sentinel-2 et SPOT</translation>
</message>
<message>
<source>WorldStrat: the folders lr_dataset and hr_dataset; its reference was itself sharpened with the panchromatic image that goes with it, which the model's card will say. PROBA-V: folders imgsetNNNN with LR, QM, HR and SM. Look at their terms of use before you publish a network that learned from them.</source>
<translation>WorldStrat : les dossiers lr_dataset et hr_dataset ; sa référence a elle-même été affinée avec l'image panchromatique qui l'accompagne, ce que dira la fiche du modèle. PROBA-V : les dossiers imgsetNNNN avec LR, QM, HR et SM. Regardez leurs conditions d'utilisation avant de publier un réseau entraîné avec eux.</translation>
</message>
<message>
<source>WorldView-2</source>
<translation>WorldView-2</translation>
</message>
<message>
<source>WorldView-2, eight bands, 11 bits</source>
<translation>WorldView-2, huit bandes, 11 bits</translation>
</message>
<message>
<source>WorldView-3</source>
<translation>WorldView-3</translation>
</message>
<message>
<source>WorldView-3, eight bands, 11 bits</source>
<translation>WorldView-3, huit bandes, 11 bits</translation>
</message>
<message>
<source>Write a PAN</source>
<translation>Écrire un PAN</translation>
</message>
<message>
<source>Write masks</source>
<translation>Écrire les masques</translation>
</message>
<message>
<source>Write the truth</source>
<translation>Écrire la vérité</translation>
</message>
<message>
<source>Writes a model's network as an ONNX file beside its weights. ONNX Runtime runs it without torch, and usually faster on a processor.</source>
<translation>Écrit le réseau d'un modèle comme fichier ONNX à côté de ses poids. ONNX Runtime l'exécute sans torch, et d'ordinaire plus vite sur un processeur.</translation>
</message>
<message>
<source>Writes for each image a mask that is 1 where the product's quality band says that a pixel is not to be used: fill, cloud, cloud shadow, cirrus, saturation.</source>
<translation>Écrit pour chaque image un masque qui vaut 1 là où la bande de qualité du produit dit de ne pas utiliser un pixel : remplissage, nuage, ombre de nuage, cirrus, saturation.</translation>
</message>
<message>
<source>Wrote {}; it differs from the network by {} at most.</source>
<translation>{} est écrit ; il diffère du réseau de {} au plus.</translation>
</message>
<message>
<source>Wuhan: GaoFen and Landsat 8</source>
<translation>Wuhan : GaoFen et Landsat 8</translation>
</message>
<message>
<source>yes</source>
<translation>oui</translation>
</message>
<message>
<source>your models</source>
<translation>vos modèles</translation>
</message>
<message>
<source>your own images</source>
<translation>vos propres images</translation>
</message>
<message>
<source>Your own models are in {}</source>
<translation>Vos propres modèles sont dans {}</translation>
</message>
<message>
<source>{:.1f} of {:.1f} GiB free</source>
<translation>{:.1f} sur {:.1f} Gio libres</translation>
</message>
<message>
<source>{} and {} are a tie.</source>
<translation>{} et {} sont ex æquo.</translation>
</message>
<message>
<source>{} does not use the parameter {}.</source>
<translation>{} n'utilise pas le paramètre {}.</translation>
</message>
<message>
<source>{} h {} min</source>
<translation>{} h {} min</translation>
</message>
<message>
<source>{} has the lowest ERGAS, {}, but it is a tie with {}: the differences lie inside their 95 % intervals.</source>
<translation>{} a l'ERGAS le plus bas, {}, mais est ex æquo avec {} : les différences tiennent dans leurs intervalles à 95 %.</translation>
</message>
<message>
<source>{} is best: ERGAS {}, better than every other method by more than the interval of the difference.</source>
<translation>{} est la meilleure : ERGAS {}, meilleure que toute autre méthode de plus que l'intervalle de la différence.</translation>
</message>
<message>
<source>{} is needed, as it cannot be found: {}</source>
<translation>{} est nécessaire, car introuvable : {}</translation>
</message>
<message>
<source>{} may be left out.</source>
<translation>{} est facultatif.</translation>
</message>
<message>
<source>{} min</source>
<translation>{} min</translation>
</message>
<message>
<source>{} MS pixels, {} fused pixels a side; {} used, {} left out</source>
<translation>{} pixels MS, {} pixels fusionnés de côté ; {} utilisés, {} exclus</translation>
</message>
<message>
<source>{} of the validation patches (0 is best)</source>
<translation>{} des imagettes de validation (le mieux est 0)</translation>
</message>
<message>
<source>{} pixels around it</source>
<translation>{} pixels autour de lui</translation>
</message>
<message>
<source>{} s</source>
<translation>{} s</translation>
</message>
<message>
<source>{} to {}</source>
<translation>{} à {}</translation>
</message>
<message>
<source>{} used, {} masked, {} not finite</source>
<translation>{} utilisés, {} masqués, {} non finis</translation>
</message>
<message>
<source>{} was scored alone: ERGAS {}.</source>
<translation>{} a été notée seule : ERGAS {}.</translation>
</message>
<message>
<source>{} with a method of your choice; by default {}.</source>
<translation type="vanished">{} avec la méthode de votre choix ; par défaut {}.</translation>
</message>
<message>
<source>{} with a method of your choice; by default: {}.</source>
<translation>{} avec la méthode de votre choix ; par défaut : {}.</translation>
</message>
<message>
<source>{} x {} MS pixels</source>
<translation>{} x {} pixels MS</translation>
</message>
<message>
<source>{} x {} MS pixels, without a border of {}</source>
<translation>{} x {} pixels MS, sans un bord de {}</translation>
</message>
<message>
<source>{} x {} pixels</source>
<translation>{} x {} pixels</translation>
</message>
<message>
<source>{}, from {}</source>
<translation>{}, à partir de {}</translation>
</message>
<message>
<source>{}: a raster is needed.</source>
<translation>{} : il faut un raster.</translation>
</message>
<message>
<source>{}: band</source>
<translation>{} : bande</translation>
</message>
<message>
<source>{}: mask</source>
<translation>{} : masque</translation>
</message>
<message>
<source>{}: no method beats the baselines: {} has an RMSE of {}, and {} has {}.</source>
<translation>{} : aucune méthode ne bat les références de base : {} a une RMSE de {}, et {} de {}.</translation>
</message>
<message>
<source>{}: order of the files ({}): {}</source>
<translation>{} : ordre des fichiers ({}) : {}</translation>
</message>
<message>
<source>{}: the best method, {}, with an RMSE of {}, is a tie with the best baseline, {}, with {}.</source>
<translation>{} : la meilleure méthode, {}, avec une RMSE de {}, est ex æquo avec la meilleure référence de base, {}, avec {}.</translation>
</message>
<message>
<source>{}: there are only {} blocks, so the intervals say little.</source>
<translation>{} : il n'y a que {} blocs, les intervalles disent donc peu.</translation>
</message>
<message>
<source>{}: verified</source>
<translation>{} : vérifié</translation>
</message>
<message>
<source>{}: {}</source>
<translation>{} : {}</translation>
</message>
<message>
<source>{}: {} bands; the network gets {}.</source>
<translation>{} : {} bandes ; le réseau reçoit : {}.</translation>
</message>
<message>
<source>{}: {} images</source>
<translation>{} : {} images</translation>
</message>
<message>
<source>{}: {} images or more</source>
<translation>{} : {} images ou plus</translation>
</message>
<message>
<source>{}: {} is best with an RMSE of {}; the best baseline, {}, has {}, and that is no tie.</source>
<translation>{} : {} est la meilleure avec une RMSE de {} ; la meilleure référence de base, {}, a {}, et ce n'est pas un ex æquo.</translation>
</message>
<message>
<source>{}: {} to {} images</source>
<translation>{} : {} à {} images</translation>
</message>
<message>
<source>{}: {}. {}</source>
<translation>{} : {}. {}</translation>
</message>
</context>
</TS>
