"""Scores at full scale, without a reference: D_lambda, D_s, QNR, D_lambda_K, HQNR, and the consistency with MS.

The consistency compares MS with the fused image as the MS sensor would have seen it: what was fused must not have
changed what was measured (the first property of Wald et al. 1997).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray

from .hqnr import d_lambda_k, hqnr
from .qnr import BLOCK, Edges, PairQualities, block_edges, d_lambda, d_s, qnr
from .reference import ReferenceScores
from .sliding import Float64

DEFINITIONS = {
    "hqnr": "(1 - D_lambda_K) (1 - D_s).",
    "d_lambda_k": "1 - Q2n of MS and of the fused image degraded with the MTF of the MS sensor onto the MS grid.",
    "d_s": "Mean over the bands of |Q(fused band, PAN) - Q(MS band, low-passed PAN)|, Q on blocks without overlap that "
    "hold no masked pixel; PAN is low-passed with a Gaussian of PAN's MTF gain at MS's Nyquist frequency.",
    "qnr": "(1 - D_lambda) (1 - D_s). It rewards blur.",
    "d_lambda": "Mean over the pairs of bands of |Q(fused, fused) - Q(MS, MS)|, Q on the same blocks.",
    "consistency": "MS compared with the fused image degraded onto the MS grid: RMSE, bias (degraded minus MS) and "
    "correlation of each band.",
}


class NoReferenceScores:
    """Scores of one scene at full scale, from windows that come one after the other; see `ReferenceScores`."""

    def __init__(
        self,
        bands: int,
        ratio: float,
        size: tuple[int, int],
        band_names: Sequence[str] | None = None,
        units: str = "",
    ) -> None:
        """Start empty.

        Args:
            bands: Number of bands.
            ratio: MS pixel size divided by the fused image's, above 1.
            size: (rows, columns) of the scored area in MS pixels.
            band_names: One name for each band.
            units: Name of the physical unit.
        """
        self._bands = bands
        self._pairs = PairQualities(bands + 1)
        self._consistency = ReferenceScores(bands, ratio, size, BLOCK, band_names, units, windowed=False)

    def add_consistency(
        self, ms: NDArray[Any], degraded: NDArray[Any], valid: Optional[NDArray[np.bool_]], row: int, column: int
    ) -> None:
        """Take in a window of MS and of the degraded fused image; see `ReferenceScores.add`."""
        self._consistency.add(ms, degraded, valid, row, column)

    def add_pairs(
        self,
        fine: Float64,
        coarse: Float64,
        fine_edges: tuple[Edges, Edges],
        coarse_edges: tuple[Edges, Edges],
        fine_valid: Optional[NDArray[np.bool_]],
        coarse_valid: Optional[NDArray[np.bool_]],
    ) -> None:
        """Take in a window of blocks; see `PairQualities.add`."""
        self._pairs.add(fine, coarse, fine_edges, coarse_edges, fine_valid, coarse_valid)

    def result(self) -> dict[str, Any]:
        """The scores as plain data, ready for JSON.

        Returns:
            ``all``: hqnr, d_lambda_k, d_s, qnr and d_lambda; ``bands``: for each band its name, d_s, and rmse, bias, cc
            and reference_mean of the consistency; ``consistency``: rmse, bias, cc, sam_degrees, ergas and q2n over
            all bands; ``blocks``: used and left out. A score that does not exist is None.

        Raises:
            ValueError: No pixel is valid in all images.
        """
        consistency = self._consistency.result()
        fine, coarse = self._pairs.fine(), self._pairs.coarse()
        each: list[Optional[float]] = [None] * self._bands
        spectral = spatial = None
        if fine is not None and coarse is not None:
            spectral = d_lambda(fine[:-1, :-1], coarse[:-1, :-1])
            spatial = d_s(fine[:-1, -1], coarse[:-1, -1])
            each = [float(value) for value in np.abs(fine[:-1, -1] - coarse[:-1, -1])]
        kept = ("name", "rmse", "bias", "cc", "reference_mean", "test_mean")
        over_all = ("rmse", "bias", "cc", "sam_degrees", "ergas", "q2n")
        return {
            "all": combined(spectral, spatial, d_lambda_k(consistency["all"]["q2n"])),
            "bands": [
                {"band": number, **{key: band[key] for key in kept}, "d_s": own}
                for number, (band, own) in enumerate(zip(consistency["bands"], each), 1)
            ],
            "consistency": {key: consistency["all"][key] for key in over_all},
            "blocks": {"used": self._pairs.blocks, "left_out": self._pairs.blocks_left_out},
            "q2n_blocks": consistency["q2n_blocks"],
            "pixels": consistency["pixels"],
            "ratio": consistency["ratio"],
            "units": consistency["units"],
            "size": consistency["size"],
            "definitions": dict(DEFINITIONS),
        }


def combined(
    spectral: Optional[float], spatial: Optional[float], consistency: Optional[float]
) -> dict[str, Optional[float]]:
    """Return D_lambda, D_s and D_lambda_K with the scores made of them; None where a part is missing."""
    return {
        "hqnr": None if spatial is None or consistency is None else hqnr(consistency, spatial),
        "d_lambda_k": consistency,
        "d_s": spatial,
        "qnr": None if spatial is None or spectral is None else qnr(spectral, spatial),
        "d_lambda": spectral,
    }


def quality_without_reference(
    fused: NDArray[Any], ms: NDArray[Any], pan: NDArray[Any], pan_low: NDArray[Any], ratio: int, block: int = BLOCK
) -> dict[str, Optional[float]]:
    """D_lambda, D_s and QNR of whole images on grids that share their corner, at an integer ratio.

    Args:
        fused: Shape (bands, rows, columns).
        ms: Shape (bands, rows / ratio, columns / ratio).
        pan: Shape (rows, columns).
        pan_low: PAN at the MS scale, shape (rows / ratio, columns / ratio).
        ratio: MS pixel size divided by PAN pixel size; the block is a multiple of it.
        block: Side of a block in PAN pixels.
    """
    fine = np.concatenate([fused, pan[None]]).astype(np.float64)
    coarse = np.concatenate([ms, pan_low[None]]).astype(np.float64)
    pairs = PairQualities(len(fine))
    low = tuple(block_edges(length, block // ratio) for length in coarse.shape[1:])
    pairs.add(fine, coarse, (low[0] * ratio, low[1] * ratio), (low[0], low[1]))
    high, small = pairs.fine(), pairs.coarse()
    if high is None or small is None:
        return combined(None, None, None)
    spectral = d_lambda(high[:-1, :-1], small[:-1, :-1])
    return combined(spectral, d_s(high[:-1, -1], small[:-1, -1]), None)
