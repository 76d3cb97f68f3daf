"""Windows of the plugin: the engine's, the models', and the engine's page in QGIS's options.

Imported only inside QGIS's window.
"""
