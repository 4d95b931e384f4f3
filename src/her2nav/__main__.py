"""`python -m her2nav`."""

from her2nav.cli.main import start

start()
