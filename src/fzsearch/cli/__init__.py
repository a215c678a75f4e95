"""What can be done on the command line? Commands parse, call one service function, print."""

from fzsearch.cli.commands import main as main
