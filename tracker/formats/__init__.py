"""How Django writes dates and times in every language: as ISO 8601, which sorts and says the same to every editor.

The desk alone is written by Django; dates that readers see are written by `tracker.dates`. A language of the site
needs a package here (Django's FORMAT_MODULE_PATH).
"""
