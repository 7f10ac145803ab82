"""The tables of the index that are the same on both databases, and what is noted when a record changes.

A note is (kind, id) in `search_todo`. No trigger names another table: a rebuild of a table in a
migration would break such triggers on SQLite.
"""

__all__ = [
    "CLAIMING",
    "COMMON",
    "EVERYTHING",
    "NAMES",
    "NOTED",
    "NOTED_CHANGES",
    "OF_A_SHELF",
    "OPEN_CLAIM",
    "PUBLISHED",
    "TABLES",
]

# The one place where search says which quotes are public: it imports no model, which would say `published()`.
PUBLISHED = "status = 'published'"
# Of a row of tracker_claimquote l with its quote q: that a published quote of its own speaker makes the claim, or repeats it.
CLAIMING = f"q.{PUBLISHED} AND q.attribution <> 'misattributed' AND l.role IN ('makes', 'repeats')"
# The same of claims, of a row of tracker_claim k: as `Claim.objects.open_to_readers()` says it.
OPEN_CLAIM = f"""k.{PUBLISHED} AND EXISTS (
    SELECT 1 FROM tracker_claimquote l JOIN tracker_quote q ON q.id = l.quote_id
    WHERE l.claim_id = k.id AND {CLAIMING} AND l.role = 'makes')"""

EVERYTHING = "everything"  # noted when a table of the record was emptied at once
NAMES = "names"  # noted when lists call something by another name

# Each table: the kind that is noted, the column with its id, and at what.
_ALWAYS = ("INSERT", "UPDATE", "DELETE")
NOTED = {
    "tracker_quote": ("quote", "id", _ALWAYS),
    "tracker_citation": ("quote", "quote_id", _ALWAYS),
    "tracker_jointspeaker": ("quote", "quote_id", _ALWAYS),
    "tracker_quote_topics": ("quote", "quote_id", _ALWAYS),
    "tracker_claim": ("claim", "id", _ALWAYS),
    "tracker_claimquote": ("claim", "claim_id", _ALWAYS),
    "tracker_claim_topics": ("claim", "claim_id", _ALWAYS),
    "tracker_review": ("claim", "claim_id", _ALWAYS),
    "tracker_speaker": ("speaker", "id", _ALWAYS),
    "tracker_speakeralias": ("speaker", "speaker_id", _ALWAYS),
    # Until a quote points at one of these, nothing of it is in the index.
    "tracker_article": ("article", "id", ("UPDATE",)),
    "tracker_occasion": ("occasion", "id", ("UPDATE",)),
    # Of these the index holds nothing that changes; what is kept of pages that name them is forgotten.
    "tracker_position": (NAMES, "id", _ALWAYS),
    "tracker_publisher": (NAMES, "id", ("UPDATE",)),
    "tracker_topic": (NAMES, "id", ("UPDATE",)),
    "tracker_scale": (NAMES, "id", ("UPDATE",)),
    "tracker_verdict": (NAMES, "id", ("UPDATE",)),
    "tracker_verdictname": (NAMES, "id", _ALWAYS),
    "tracker_evidence": (NAMES, "id", _ALWAYS),
    "tracker_quotelink": (NAMES, "id", _ALWAYS),
    "tracker_correction": (NAMES, "id", _ALWAYS),
}
# What is noted only when this column changes: of names the index of quotes and claims knows nothing.
NOTED_CHANGES = {
    "tracker_speaker": ("kind of speaker", "kind"),
    "tracker_position": ("position", "organisation_id"),
    "tracker_verdict": ("verdict", "final"),
}

# Words are compared byte by byte ({bytewise}): what begins with the same letters then stands together,
# as it does in no order for readers.
#
# How many quotes, or claims, have each value of a filter: facet s, tag =s12. What is wrongly attributed
# counts in the facet of attributions alone. The facet =s12 has the years of one speaker. The facet '' is no
# filter's, see `standing`.
OF_A_SHELF = (
    "CREATE TABLE {counts} (facet TEXT NOT NULL, tag TEXT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (facet, tag)){lean}",
    "CREATE INDEX {counts}_most ON {counts} (facet, n)",
    "CREATE TABLE {shown} (key BIGINT NOT NULL PRIMARY KEY, shown TEXT NOT NULL)",
)
COMMON = (
    # The words of speakers' names and their stems, each with its place, so that several are found side by side.
    "CREATE TABLE search_name (word TEXT{bytewise} NOT NULL, speaker_id BIGINT NOT NULL, place INTEGER NOT NULL, organisation BOOLEAN NOT NULL, PRIMARY KEY (word, speaker_id, place)){lean}",
    "CREATE INDEX search_name_of_speaker ON search_name (speaker_id)",
    # Every word that stands in the index, for guessing what a reader meant.
    "CREATE TABLE search_word (word TEXT{bytewise} NOT NULL PRIMARY KEY){lean}",
    "CREATE TABLE search_place (tag TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL){lean}",
)
# Beside those of the shelves.
TABLES = ("search_name", "search_word", "search_place", "search_todo")
