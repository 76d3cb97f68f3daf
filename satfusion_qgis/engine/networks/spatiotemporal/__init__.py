"""Networks that estimate the fine image of a date from images of other dates and the coarse one of that date."""
