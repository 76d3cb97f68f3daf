"""What the Processing toolbox shows: thin algorithms that turn QGIS's parameters into a job and run it."""
