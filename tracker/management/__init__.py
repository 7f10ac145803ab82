"""Commands of `manage.py`: each reads its arguments, calls what does the work, and says what came of it."""
