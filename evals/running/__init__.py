"""Run the product over labelled accounts, through its one door, and keep what it found."""
