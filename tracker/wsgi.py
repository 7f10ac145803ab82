"""The entry for a web server: `gunicorn tracker.wsgi`."""

import gc
import os

from django.core.wsgi import get_wsgi_application

__all__ = ["application"]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")

application = get_wsgi_application()

# What is loaded by now stays for good: looking through it for garbage again and again would
# make every twentieth long page take twice its time.
gc.collect()
gc.freeze()
