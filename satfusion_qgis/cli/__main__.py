"""The command line of an interpreter that has this package."""

import sys

from . import main

sys.exit(main())
