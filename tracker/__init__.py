"""On Record: who said what, when and as what, with its source."""
