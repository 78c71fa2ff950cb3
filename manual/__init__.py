"""The parts of the documentation site that are made of the program itself while it is built."""
