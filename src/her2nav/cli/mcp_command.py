"""`her2nav mcp`."""

from __future__ import annotations


def mcp() -> None:
    """Serve interpret, variant, options, match and criteria to an MCP client over standard input and output."""
    from her2nav.web.collecting import tend_memory
    from her2nav.web.mcp_server import mcp_server

    server = mcp_server()
    tend_memory()
    server.run("stdio")
