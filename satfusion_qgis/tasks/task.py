"""A task: which inputs a fusion takes, under which roles, and which outputs it gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class Role:
    """One input of a task.

    Attributes:
        name: Upper-case name, the same in jobs, algorithms and blocks ("MS", "PAN", "REVISITS").
        title: Label for the user.
        help: One or two sentences for the user.
        min_items: Fewest images under this role (0 makes the role optional).
        max_items: Most images; None for no limit. With more than one, blocks are tuples of arrays.
        single_band: Exactly one band is taken.
        band_choice: Usually one band: the user may choose it from a raster that has several.
        dated: Every image needs a date.
        revisits: The images show one place at several dates, on grids of their own. The pipeline puts the reference
            first, leaves out what is too far away in time or covered by clouds, and takes dates from names and metadata
            where there are any.
    """

    name: str
    title: str
    help: str
    min_items: int = 1
    max_items: Optional[int] = 1
    single_band: bool = False
    band_choice: bool = False
    dated: bool = False
    revisits: bool = False

    @property
    def is_list(self) -> bool:
        """Whether several images may come under this role."""
        return self.max_items is None or self.max_items > 1


@dataclass(frozen=True)
class OutputSpec:
    """One output of a task.

    Attributes:
        name: Upper-case name ("OUTPUT").
        kind: "image" (values in units), "measure" (float32 that says something of each pixel, with bands of its own:
            weights, counts, spreads), "classes" (labels), "probability", "table" (JSON), "csv" or "report" (HTML).
        title: Label for the user.
        help: One sentence for the user.
        like: Role whose bands (names, wavelengths, units, type, nodata) an "image" takes over.
        optional: Written only when the job names it.
        stacked: The bands of `like` come once for each of its images, whose dates stand in their names.
        drawn: Given by methods alone that draw their result (`Method.stochastic`).
    """

    name: str
    kind: str
    title: str
    help: str
    like: Optional[str] = None
    optional: bool = False
    stacked: bool = False
    drawn: bool = False


@dataclass(frozen=True)
class Task:
    """A kind of fusion.

    Attributes:
        id: Stable lower-case id ("pansharpening").
        title: Label for the user.
        verb: Prefix of the algorithm ids of its methods ("pansharpen").
        roles: Inputs, in the order the user sees them.
        outputs: Outputs, in the order the user sees them.
        grid_of: Role whose grid the outputs have unless the job gives a grid; None where the job has to give it.
        coarse: Role that must be coarser than `grid_of`; None where no such rule holds.
        finer: Parameter of every method of the task that says how many times finer than `grid_of` the outputs are;
            None where they have that grid itself.
        pairs: Whether the roles are fine and coarse images of one or two dates (FINE_1, COARSE_1, FINE_2, COARSE_2) and
            the coarse image to predict from (COARSE_TARGET), whose bands, units, dates and pixels are put in order.
    """

    id: str
    title: str
    verb: str
    roles: tuple[Role, ...]
    outputs: tuple[OutputSpec, ...]
    grid_of: Optional[str]
    coarse: Optional[str] = None
    finer: Optional[str] = None
    pairs: bool = False

    def role(self, name: str) -> Role:
        """Return the role called `name`.

        Raises:
            KeyError: The task has no such role.
        """
        for role in self.roles:
            if role.name == name:
                return role
        raise KeyError(f"Task {self.id} has no role {name}.")

    def output(self, name: str) -> OutputSpec:
        """Return the output called `name`.

        Raises:
            KeyError: The task has no such output.
        """
        for output in self.outputs:
            if output.name == name:
                return output
        raise KeyError(f"Task {self.id} has no output {name}.")
