"""`her2nav mcp`."""

from __future__ import annotations


def mcp() -> None:
    """Serve interpret, variant, options, match and criteria to an MCP client over standard input and output."""
    from her2nav.web.mcp_server import mcp_server

    mcp_server().run("stdio")
