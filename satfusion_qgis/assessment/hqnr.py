"""HQNR: quality at full scale from the consistency with MS and the likeness with PAN.

The spectral part is that of Khan et al. 2009 (10.1109/TGRS.2009.2029094): the fused image, blurred with the MTF of the
MS sensor and sampled on the MS grid, is compared with MS by Q2n. The spatial part is D_s of QNR. The combination is
that of Aiazzi et al. 2014 (Full scale assessment of pansharpening methods and data products, Proc. SPIE 9244).
"""

from __future__ import annotations

from typing import Optional


def d_lambda_k(q2n: Optional[float]) -> Optional[float]:
    """Spectral distortion, ``1 - Q2n(MS, degraded fused image)``; 0 is best, None without a Q2n."""
    return None if q2n is None else 1.0 - q2n


def hqnr(spectral: float, spatial: float, alpha: float = 1.0, beta: float = 1.0) -> float:
    """Hybrid quality with no reference, ``(1 - D_lambda_K)^alpha (1 - D_s)^beta``; 1 is best."""
    return float((1.0 - spectral) ** alpha * (1.0 - spatial) ** beta)
