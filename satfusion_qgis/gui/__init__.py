"""Windows of the plugin: the engine's dialog, and its page in QGIS's options. Imported only inside QGIS's window."""
