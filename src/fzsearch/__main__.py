"""`python -m fzsearch` is the command line."""

from fzsearch.cli import main

main()
