"""Methods that need no weights, one file each, by task. They run on numpy alone."""
