"""English: where Django looks for its formats."""
