"""The ways into the record: what an editor or a command brings comes in whole or not at all, as often as one likes.

It keeps to the models' own rules and verbs, and leaves alone what is on record already.
"""

from .entries import RecordError, read_record
from .loading import Loaded, load_record

__all__ = ["Loaded", "RecordError", "load_record", "read_record"]
