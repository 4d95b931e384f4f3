"""The MCP server as a client sees it: in a process of its own, over standard input and output."""

import asyncio
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

pytest.importorskip("mcp", reason="the mcp extra is not installed")

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client


async def asked(calls):
    server = StdioServerParameters(command=sys.executable, args=["-m", "her2nav", "mcp"], env=dict(os.environ))
    async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        tools = (await session.list_tools()).tools
        return tools, [await session.call_tool(name, arguments) for name, arguments in calls]


def test_five_tools_with_text_and_structure(patient):
    calls = [
        ("interpret", {"patient": patient}),
        ("variant", {"text": "S310F"}),
        ("criteria", {"text": "Inclusion Criteria:\n- Age 18 or over"}),
        ("match", {"patient": patient, "top": 1}),
        ("interpret", {"patient": "...."}),
        ("interpret", {"patient": {"id": "p", "cancer": {"tumour_type": "breast cancer"}}}),
        ("criteria", {"text": " "}),
    ]
    # A browser of other tests may hold a loop in this thread.
    with ThreadPoolExecutor(1) as other:
        tools, answers = other.submit(asyncio.run, asked(calls)).result()
    assert sorted(tool.name for tool in tools) == ["criteria", "interpret", "match", "options", "variant"]
    assert all(tool.description for tool in tools)
    interpret, variant, criteria, match, wrong, as_object, empty = (answer.structured_content for answer in answers)
    assert interpret["overall"]["status"]
    assert variant["hgvs_p"]
    assert criteria["tree"][0]["rule"]["age"] == {"min": 18}
    assert len(match["matches"]) == 1
    assert wrong["error"]["message"]
    assert as_object["overall"]["status"]
    assert "nct_id" in empty["error"]["allowed"]
    assert answers[0].content[0].text
