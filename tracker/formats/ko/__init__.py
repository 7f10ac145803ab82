"""Korean: where Django looks for its formats."""
