"""What reports call the scores, and what they say of them: data, in one place for translation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    """The words for one score.

    Attributes:
        key: Its key in the scores.
        title: Its short name.
        unit: "" for none, "image" for the unit of the images, else the unit.
        best: Value of a perfect result.
        meaning: What it tells, in one sentence.
    """

    key: str
    title: str
    unit: str
    best: str
    meaning: str


REFERENCE_SCORES = (
    Wording("ergas", "ERGAS", "", "0", "Error relative to the brightness of each band, all bands together."),
    Wording("sam_degrees", "SAM", "°", "0", "Mean angle between the spectra: errors of colour."),
    Wording("q2n", "Q2n", "", "1", "Quality of all bands together, block by block."),
    Wording("rmse", "RMSE", "image", "0", "Typical size of the errors; large errors count for more."),
    Wording("mae", "MAE", "image", "0", "Mean size of the errors."),
    Wording("bias", "Bias", "image", "0", "Mean of fused minus reference."),
    Wording("rase", "RASE", "%", "0", "Error relative to the mean brightness of all bands."),
    Wording("psnr", "PSNR", "dB", "∞", "Errors relative to the data range, squares pooled over the bands."),
    Wording("psnr_mean_of_bands", "PSNR, mean of bands", "dB", "∞", "Mean of the PSNR of the bands: another number."),
    Wording("ssim", "SSIM", "", "1", "Likeness of local structure."),
    Wording("uqi", "UQI", "", "1", "Likeness of local mean, contrast and structure."),
    Wording("scc", "SCC", "", "1", "Correlation of fine detail."),
    Wording("cc", "CC", "", "1", "Correlation of the bands."),
    Wording("r2", "R2", "", "1", "Share of the reference's variance that is explained."),
)
REGISTERED_SCORES = (
    Wording("cpsnr", "cPSNR", "dB", "∞", "PSNR after the shift that suits best and a constant for each band."),
    Wording("cssim", "cSSIM", "", "1", "SSIM after the shift that suits best and a constant for each band."),
)
BAND_SCORES = ("rmse", "mae", "bias", "psnr", "ssim", "uqi", "scc", "cc", "r2")
FULL_SCALE_SCORES = (
    Wording("hqnr", "HQNR", "", "1", "(1 - D_lambda_K) (1 - D_s): colour and detail at full scale."),
    Wording("d_lambda_k", "D_lambda_K", "", "0", "Change of colour: 1 - Q2n of the degraded fused image and MS."),
    Wording("d_s", "D_s", "", "0", "Change of the likeness of each band with PAN, from MS scale to PAN scale."),
    Wording("qnr", "QNR", "", "1", "(1 - D_lambda) (1 - D_s). It rewards blur: never rank by it alone."),
    Wording("d_lambda", "D_lambda", "", "0", "Change of the likeness between the bands, from MS scale to PAN scale."),
)
QNR_WARNING = (
    "QNR rewards blur: an image that was only interpolated, without any sharpening, scores well. Never rank methods "
    "by QNR alone. HQNR shares D_s and leans the same way, less so; the consistency does not."
)


def wording_of(key: str) -> Wording:
    """Return the words for a score.

    Raises:
        KeyError: There is no such score.
    """
    for item in (*REFERENCE_SCORES, *REGISTERED_SCORES, *FULL_SCALE_SCORES):
        if item.key == key:
            return item
    raise KeyError(key)
