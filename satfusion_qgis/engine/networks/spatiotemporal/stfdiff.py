"""STFDiff: the fine image of the target date is drawn from noise, step by step, beside the images that are known.

Huang, H., He, W., Zhang, H., Xia, Y., Zhang, L. (2024): STFDiff: remote sensing image spatiotemporal fusion with
diffusion models. Information Fusion 111, 102505. https://doi.org/10.1016/j.inffus.2024.102505

Diffusion: Ho, J., Jain, A., Abbeel, P. (2020), https://doi.org/10.48550/arXiv.2006.11239; cosine schedule: Nichol, A.,
Dhariwal, P. (2021), https://doi.org/10.48550/arXiv.2102.09672; fewer steps: Song, J., Meng, C., Ermon, S. (2021),
https://doi.org/10.48550/arXiv.2010.02502.

What is drawn depends on the noise that it starts from. The result is the mean of several draws, and the spread among
them tells how sure it is. The noise of a pixel follows from the seed and the pixel's place alone, so it is the same on
every device and however a scene is cut. The layers normalise groups of features by their mean over the image, so an
output pixel depends on all of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Optional

import torch
from torch import Tensor, nn
from torch.nn import functional

from ....tasks.errors import InputError
from ..edges import crop, lengthen_sides
from .parts import conv

_GROUPS = 8
_OFFSET = 0.008  # of the cosine schedule
_LARGEST_BETA = 0.999
_LEAST_VARIANCE = 1e-20
_ACTIVATIONS = {"silu": nn.SiLU, "relu": nn.ReLU}
_WORD = 1 << 64


class StandardisedConv(nn.Conv2d):
    """A 3x3 convolution with a bias, each of whose kernels is brought to mean 0 and variance 1 before it is used.

    Args:
        inputs: Features that come in.
        outputs: Features that go out.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs, 3, padding=1)

    def forward(self, features: Tensor) -> Tensor:
        """Map [B, inputs, H, W] to [B, outputs, H, W]."""
        least = 1e-5 if features.dtype == torch.float32 else 1e-3
        variance, mean = torch.var_mean(self.weight, dim=(1, 2, 3), correction=0, keepdim=True)
        return functional.conv2d(features, (self.weight - mean) * torch.rsqrt(variance + least), self.bias, padding=1)


class ResidualBlock(nn.Module):
    """Two convolutions with normalisation, added to the input.

    Args:
        inputs: Features that come in.
        outputs: Features that go out.
        activation: The one behind the second convolution.
        time: Numbers that describe the step, which scale and shift the features; 0 for none.
    """

    def __init__(self, inputs: int, outputs: int, activation: str, time: int = 0) -> None:
        super().__init__()
        self.first, self.second = StandardisedConv(inputs, outputs), conv(outputs, outputs, edges="zeros")
        self.first_norm, self.second_norm = (nn.GroupNorm(_GROUPS, outputs) for _ in range(2))
        self.activation = _ACTIVATIONS[activation]()
        self.shortcut = nn.Identity() if inputs == outputs else conv(inputs, outputs, 1)
        self.time = nn.Sequential(nn.SiLU(), nn.Linear(time, 2 * outputs)) if time else None

    def forward(self, features: Tensor, time: Optional[Tensor] = None) -> Tensor:
        """Map [B, inputs, H, W], with the step's numbers [B, time], to [B, outputs, H, W]."""
        inner = self.first_norm(self.first(features))
        if self.time is not None:
            scale, shift = self.time(time)[:, :, None, None].chunk(2, 1)
            inner = inner * (scale + 1) + shift
        inner = self.activation(self.second_norm(self.second(functional.silu(inner))))
        return inner + self.shortcut(features)


class Denoiser(nn.Module):
    """Estimates the fine image of the target date from a noisy one and the images that are known.

    Args:
        bands: Bands of every image.
        width: Features of the finest level, a multiple of 8.
        multipliers: Features of the levels, as multiples of `width`.
        activation: Behind the second convolution of each block.
    """

    def __init__(self, bands: int, width: int, multipliers: Sequence[int], activation: str) -> None:
        super().__init__()
        widths = [width, *(width * multiplier for multiplier in multipliers)]
        time = 4 * width
        last = len(multipliers) - 1
        self.width = width
        self.time = nn.Sequential(nn.Linear(width, time), nn.GELU(), nn.Linear(time, time))
        self.fine, self.noisy = (conv(bands, width, edges="zeros") for _ in range(2))
        self.coarse = conv(2 * bands, width, edges="zeros")
        self.clean = conv(2 * width, width, 1)
        self.clean_blocks = nn.ModuleList(ResidualBlock(a, a, activation) for a in widths)
        self.noisy_blocks = nn.ModuleList(ResidualBlock(a, a, activation, time) for a in widths)
        self.clean_downs, self.noisy_downs = (
            nn.ModuleList(_down(*pair, i < last) for i, pair in enumerate(zip(widths, widths[1:]))) for _ in range(2)
        )
        pairs = list(zip(widths, widths[1:]))[::-1]
        self.up_blocks = nn.ModuleList(ResidualBlock(b + a, b, activation, time) for a, b in pairs)
        self.ups = nn.ModuleList(conv(b, a, edges="zeros") for a, b in pairs)
        self.end = ResidualBlock(2 * width, width, activation, time)
        self.last = conv(width, bands, 1)

    def known(self, fine: Tensor, coarse: Tensor, coarse_target: Tensor) -> list[Tensor]:
        """What the known images [B, bands, H, W] say at each level, whatever the step; the finest first."""
        stem = torch.cat((self.fine(fine), self.coarse(torch.cat((coarse, coarse_target), dim=1))), dim=1)
        features = self.clean(stem)
        found = [features]
        for block, down in zip(self.clean_blocks, self.clean_downs):
            found.append(block(features))
            features = down(found[-1])
        return [*found, self.clean_blocks[-1](features)]

    def forward(self, noisy: Tensor, time: Tensor, known: Sequence[Tensor]) -> Tensor:
        """Estimate the image without noise.

        Args:
            noisy: [B, bands, H, W].
            time: Steps [B], integers from 0.
            known: What `known` gives, for B images or one.

        Returns:
            [B, bands, H, W].
        """
        numbers = self.time(_waves(time, self.width).to(noisy.dtype))
        features = self.noisy(noisy)
        first, *levels = known
        skips = [features - first]
        for block, down, level in zip(self.noisy_blocks, self.noisy_downs, levels):
            features = block(features, numbers)
            skips.append(features - level)
            features = down(features)
        features = self.noisy_blocks[-1](features, numbers) - levels[-1]
        for i, (block, up) in enumerate(zip(self.up_blocks, self.ups)):
            features = block(torch.cat((features, skips.pop()), dim=1), numbers)
            if i < len(self.ups) - 1:
                features = functional.interpolate(features, scale_factor=2.0, mode="nearest")
            features = up(features)
        return self.last(self.end(torch.cat((features, skips.pop()), dim=1), numbers))


def _down(inputs: int, outputs: int, halve: bool) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, 4, 2, 1) if halve else conv(inputs, outputs, edges="zeros")


def _waves(time: Tensor, count: int) -> Tensor:
    """Sines, then cosines, of a step at `count` / 2 frequencies: [B] -> [B, count]."""
    half = count // 2
    places = torch.arange(half, device=time.device)
    phases = time[:, None] * torch.exp(places * (-math.log(10000.0) / max(1, half - 1)))
    return torch.cat((phases.sin(), phases.cos()), dim=-1)


class Schedule:
    """How much noise there is at each step: the cosine schedule, in double precision.

    Args:
        steps: Number of steps.

    Attributes:
        betas: Share of noise that each step adds.
        kept: Share of the image's variance that is left after each step.
        kept_before: That before each step; 1 before the first.
        variance: Variance of what leads from a step to the one before.
    """

    def __init__(self, steps: int) -> None:
        places = torch.arange(steps + 1, dtype=torch.float64) / steps
        curve = torch.cos((places + _OFFSET) / (1 + _OFFSET) * (math.pi / 2)) ** 2
        self.betas = (1 - curve[1:] / curve[:-1]).clamp(0, _LARGEST_BETA)
        self.kept = torch.cumprod(1 - self.betas, 0)
        self.kept_before = torch.cat((self.kept.new_ones(1), self.kept[:-1]))
        self.variance = self.betas * (1 - self.kept_before) / (1 - self.kept)


def _signed(number: int) -> int:
    """A 64-bit word as torch holds it."""
    number %= _WORD
    return number - _WORD if number >= _WORD // 2 else number


def _stirred(words: Tensor) -> Tensor:
    """Spread the bits of 64-bit words (the finaliser of SplitMix64, Steele et al. 2014, 10.1145/2714064.2660195)."""
    words = words + _signed(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        words = (words ^ _shifted(words, shift)) * _signed(factor)
    return words ^ _shifted(words, 31)


def _shifted(words: Tensor, bits: int) -> Tensor:
    """Shift right, with zeros from the left."""
    return (words >> bits) & ((1 << (64 - bits)) - 1)


def noise_at(numbers: Sequence[int], like: Tensor, origin: tuple[int, int] = (0, 0)) -> Tensor:
    """Standard normal noise that follows from some numbers, the band and the pixel's place alone.

    Args:
        numbers: The seed, and what tells one field of noise from another.
        like: [B, bands, H, W]: shape, device and type of the result. The images of a batch get the same noise.
        origin: Row and column of the upper left pixel in the scene.
    """
    _, bands, height, width = like.shape
    words = torch.zeros((), dtype=torch.int64)  # on the CPU, or devices would differ in the last digits
    for number in numbers:
        words = _stirred(words + _signed(number))
    starts = (0, *origin)
    for start, count in zip(starts, (bands, height, width)):
        words = _stirred(words[..., None] + torch.arange(start, start + count))
    first, second = (_shifted(part, 11).double() * 2.0**-53 for part in (words, _stirred(words)))
    field = torch.sqrt(-2 * torch.log1p(-first)) * torch.cos(2 * math.pi * second)
    return field.to(like).expand_as(like)


class STFDiff(nn.Module):
    """The diffusion model of Huang et al., for any number of bands.

    Args:
        bands: Bands of every image.
        width: Features of the finest level, a multiple of 8.
        multipliers: Features of the levels, as multiples of `width`; each level but the last halves the image.
        activation: Behind the second convolution of each block: "silu", or "relu" in the authors' main variant.
        rescaled: Values about 0 to 1 are taken to -1 to 1 and back, as the authors' data are: what is estimated is
            clipped to that range at each step. False is the survey's, for its weights alone.
        timesteps: Steps in training.
        steps: Steps in use. Fewer than `timesteps` skip some (DDIM); as many are those of training (DDPM).
        eta: Share of fresh noise in each step where some are skipped: 0 for none, 1 for as much as in training.
        samples: Draws that the result is the mean of.
        seed: Of the noise.

    Attributes:
        inputs: Names of the images that it uses.
        pairs: One pair is used.
        halo: Pixels around an output pixel that the convolutions of a step see.
        global_context: Every output pixel depends on the whole image.
        stochastic: The result depends on the seed.
        NOT_EXPORTABLE: Why it is not written as ONNX.

    Raises:
        InputError: A setting is out of range.
    """

    inputs = ("fine_1", "coarse_1", "coarse_target")
    pairs = 1
    global_context = True
    stochastic = True
    NOT_EXPORTABLE = (
        "STFDiff draws its result step by step, with as many draws and steps as the user asks for, which no graph of "
        "fixed operators does; it runs in PyTorch."
    )

    def __init__(
        self,
        bands: int,
        width: int = 64,
        multipliers: Sequence[int] = (1, 2, 4),
        activation: str = "silu",
        rescaled: bool = True,
        timesteps: int = 100,
        steps: int = 10,
        eta: float = 0.0,
        samples: int = 5,
        seed: int = 0,
    ) -> None:
        super().__init__()
        if width < _GROUPS or width % _GROUPS or not multipliers or min(multipliers) < 1:
            raise InputError(
                f"STFDiff's width must be a multiple of {_GROUPS} and its multipliers 1 or more, not {width} and "
                f"{list(multipliers)}."
            )
        if activation not in _ACTIVATIONS:
            raise InputError(f"STFDiff's activation must be one of {', '.join(_ACTIVATIONS)}, not {activation!r}.")
        if not 1 <= steps <= timesteps:
            raise InputError(f"STFDiff's steps must be 1 to its {timesteps} timesteps, not {steps}.")
        if samples < 1 or not 0 <= eta <= 1:
            raise InputError(f"STFDiff needs 1 or more samples and an eta of 0 to 1, not {samples} and {eta}.")
        self.bands = bands
        self.multipliers = tuple(multipliers)
        self.rescaled = rescaled
        self.timesteps, self.steps, self.eta = timesteps, steps, eta
        self.samples, self.seed = samples, seed
        self.schedule = Schedule(timesteps)
        self.denoiser = Denoiser(bands, width, multipliers, activation)

    @property
    def multiple(self) -> int:
        """Sides that are a multiple of this are not padded."""
        return 2 ** (len(self.multipliers) - 1)

    @property
    def halo(self) -> int:
        """Pixels around an output pixel that the convolutions of a step see.

        Two blocks and the convolutions between sizes reach 7 of a level's pixels on the way down and up, halved from
        level to level; a test measures the sum.
        """
        return 14 * self.multiple - 3

    def forward(
        self,
        fine_1: Tensor,
        coarse_1: Tensor,
        coarse_target: Tensor,
        fine_2: Optional[Tensor] = None,
        coarse_2: Optional[Tensor] = None,
    ) -> Tensor:
        """Estimate the fine image of the target date: the mean of several draws.

        Args:
            fine_1: Fine image of the pair [B, bands, H, W].
            coarse_1: Its coarse image, on the fine grid.
            coarse_target: Coarse image of the target date, on the fine grid.
            fine_2: Unused.
            coarse_2: Unused.

        Returns:
            [B, bands, H, W].
        """
        return self.mean_and_spread(fine_1, coarse_1, coarse_target)[0]

    def mean_and_spread(
        self, fine_1: Tensor, coarse_1: Tensor, coarse_target: Tensor, origin: tuple[int, int] = (0, 0)
    ) -> tuple[Tensor, Tensor]:
        """Mean of the draws and their standard deviation, which is 0 with one draw; the latter without a gradient.

        Args:
            fine_1: As `forward`.
            coarse_1: As `forward`.
            coarse_target: As `forward`.
            origin: Row and column of the upper left pixel in the scene, for the noise.

        Returns:
            Two of [B, bands, H, W].
        """
        known = self.known(fine_1, coarse_1, coarse_target)
        like = lengthen_sides(fine_1, self.multiple)
        mean = squares = torch.zeros_like(like)
        for sample in range(self.samples):

            def noise(step: int, sample: int = sample) -> Tensor:
                return noise_at((self.seed, sample, step), like, origin)

            drawn = self.draw(known, noise(self.timesteps), noise)
            away = drawn - mean
            mean = mean + away / (sample + 1)
            squares = squares + away.detach() * (drawn - mean).detach()
        spread = (squares / max(1, self.samples - 1)).clamp(min=0).sqrt()
        if self.rescaled:
            mean, spread = (mean + 1) / 2, spread / 2
        height, width = fine_1.shape[-2:]
        return crop(mean, height, width), crop(spread, height, width)

    def answers(
        self, fine_1: Tensor, coarse_1: Tensor, coarse_target: Tensor, origin: Optional[Tensor] = None
    ) -> dict[str, Tensor]:
        """All that the network gives, by name: "output" and "spread", each [B, bands, H, W].

        Args:
            fine_1: As `forward`.
            coarse_1: As `forward`.
            coarse_target: As `forward`.
            origin: Row and column of the upper left pixel in the scene [1, 2], for the noise; None for 0 and 0.
        """
        row, column = (0, 0) if origin is None else (round(float(one)) for one in origin[0])
        mean, spread = self.mean_and_spread(fine_1, coarse_1, coarse_target, (row, column))
        return {"output": mean, "spread": spread}

    def loss(
        self,
        target: Tensor,
        fine_1: Tensor,
        coarse_1: Tensor,
        coarse_target: Tensor,
        generator: Optional[torch.Generator] = None,
        mask: Optional[Tensor] = None,
    ) -> Tensor:
        """What training lowers: the mean absolute error of the estimate at a random step for each image.

        Args:
            target: Fine image of the target date [B, bands, H, W].
            fine_1: As `forward`.
            coarse_1: As `forward`.
            coarse_target: As `forward`.
            generator: Source of the random steps and noise, on the CPU; by default torch's own.
            mask: [B, 1, H, W], 1 where a pixel counts; None for all.
        """
        height, width = target.shape[-2:]
        clean = self._own(target)
        times = torch.randint(0, self.timesteps, (target.shape[0],), generator=generator).to(target.device)
        noise = torch.randn(clean.shape, generator=generator).to(clean)
        estimate = self.denoiser(self.noised(clean, times, noise), times, self.known(fine_1, coarse_1, coarse_target))
        errors = (crop(estimate, height, width) - crop(clean, height, width)).abs()
        return errors.mean() if mask is None else (errors * mask).sum() / (mask.sum() * self.bands).clamp(min=1)

    def known(self, fine_1: Tensor, coarse_1: Tensor, coarse_target: Tensor) -> list[Tensor]:
        """What the known images say at each level; arguments as `forward`."""
        return self.denoiser.known(*(self._own(image) for image in (fine_1, coarse_1, coarse_target)))

    def noised(self, clean: Tensor, times: Tensor, noise: Tensor) -> Tensor:
        """An image with as much noise as there is after steps [B]; all in the layers' own range."""
        kept = self.schedule.kept.to(clean.device)[times][:, None, None, None]
        return kept.sqrt().to(clean.dtype) * clean + (1 - kept).sqrt().to(clean.dtype) * noise

    def draw(self, known: Sequence[Tensor], start: Tensor, noise: Callable[[int], Tensor]) -> Tensor:
        """Draw one image.

        Args:
            known: What `known` gives.
            start: Noise to start from [B, bands, H, W], sides a multiple of `multiple`.
            noise: Step -> fresh noise; called only where some is added.

        Returns:
            [B, bands, H, W], in the layers' own range.
        """
        image = start
        for step, following in self.sequence():
            time = torch.full((start.shape[0],), step, device=start.device, dtype=torch.long)
            clean = self.denoiser(image, time, known).clamp(-1, 1)
            if following < 0:
                return clean
            image = self._stepped(image, clean, step, following, noise)
        return image

    def sequence(self) -> list[tuple[int, int]]:
        """The steps in use and the one that follows each, the last of which is -1: the image itself."""
        if self.steps == self.timesteps:
            return [(step, step - 1) for step in reversed(range(self.timesteps))]
        places = [int(place) for place in torch.linspace(-1, self.timesteps - 1, self.steps + 1).tolist()][::-1]
        return list(zip(places, places[1:]))

    def _stepped(
        self, image: Tensor, clean: Tensor, step: int, following: int, noise: Callable[[int], Tensor]
    ) -> Tensor:
        """The image at the following step, given what it seems to be without noise."""
        schedule = self.schedule
        kept, kept_next = float(schedule.kept[step]), float(schedule.kept[following])
        if self.steps == self.timesteps:
            beta, before = float(schedule.betas[step]), float(schedule.kept_before[step])
            mean = (beta * math.sqrt(before) * clean + (1 - before) * math.sqrt(1 - beta) * image) / (1 - kept)
            return mean + math.sqrt(max(float(schedule.variance[step]), _LEAST_VARIANCE)) * noise(step)
        found = (image / math.sqrt(kept) - clean) / math.sqrt(1 / kept - 1)
        fresh = self.eta * math.sqrt((1 - kept / kept_next) * (1 - kept_next) / (1 - kept))
        image = math.sqrt(kept_next) * clean + math.sqrt(max(0.0, 1 - kept_next - fresh**2)) * found
        return image + fresh * noise(step) if fresh else image

    def _own(self, image: Tensor) -> Tensor:
        """An image in the layers' own range, its edges repeated up to the multiple."""
        image = lengthen_sides(image, self.multiple)
        return 2 * image - 1 if self.rescaled else image
