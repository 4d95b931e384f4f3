"""An MCP server over standard input and output: five tools with the JSON of the commands, as text and structured."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

import her2nav
from her2nav.app.session import Session
from her2nav.model.errors import Her2NavError, InputError

if TYPE_CHECKING:
    from mcp.server import MCPServer

_INSTRUCTIONS = (
    "HER2 (ERBB2) status by the rules of the tumour, treatment options and clinical trials with every reason. "
    "Unknown stays unknown: report it as it is. Decision support, not a medical device."
)
_PATIENT = "A patient file (YAML or JSON), a FHIR bundle (JSON), or the text of a report or letter."
Patient = Annotated[str | dict[str, Any], Field(description=_PATIENT, min_length=1)]
Result = dict[str, Any]


def mcp_server(session: Session | None = None) -> MCPServer:
    """Return the server with its tools.

    Raises:
        InputError: The mcp extra is not installed.
    """
    try:
        from mcp.server import MCPServer
    except ImportError:
        raise InputError("the MCP server needs the mcp extra", allowed="pip install 'her2nav[mcp]'") from None
    here = session or Session()
    server = MCPServer("her2nav", instructions=_INSTRUCTIONS, version=her2nav.__version__, log_level="ERROR")

    @server.tool(title="HER2 status", structured_output=True)
    def interpret(patient: Patient) -> Result:
        """HER2 status of every specimen and of the patient, with reasons and the next test."""
        from her2nav.app.interpret import interpret as run
        from her2nav.app.interpret import interpret_json

        def answer() -> Result:
            read = _read(here, patient)
            return interpret_json(here, run(here, read), read.warnings)

        return _answered(answer)

    @server.tool(title="ERBB2 variant", structured_output=True)
    def variant(
        text: Annotated[str, Field(description="The variant as written, for example A775_G776insYVMA.", min_length=1)],
        tumour: Annotated[str | None, Field(description="Tumour type.")] = None,
    ) -> Result:
        """Names, exon, domain, class and meaning for treatment of an ERBB2 variant."""
        from her2nav.app.variant import variant as run
        from her2nav.app.variant import variant_json

        return _answered(lambda: variant_json(here, run(here, [text], tumour)))

    @server.tool(title="Treatment options", structured_output=True)
    def options(
        patient: Patient, country: Annotated[str | None, Field(description="Name or code of a country.")] = None
    ) -> Result:
        """Labels, recommendations and trials as of today, with gates, evidence and what each would close."""
        from her2nav.app.options import options as run
        from her2nav.app.options_json import options_json

        return _answered(lambda: options_json(here, run(here, _read(here, patient), country)))

    @server.tool(title="Clinical trials", structured_output=True)
    def match(
        patient: Patient,
        top: Annotated[int, Field(description="How many trials, best first.", ge=1, le=200)] = 10,
    ) -> Result:
        """Trials judged criterion by criterion, ranked; what to find out next."""
        from her2nav.app.choice import Choice
        from her2nav.app.match import match as run
        from her2nav.app.match import match_json

        return _answered(lambda: match_json(here, run(here, _read(here, patient), Choice()), top=top))

    @server.tool(title="Read eligibility criteria", structured_output=True)
    def criteria(
        text: Annotated[str | None, Field(description="The eligibility text of a trial.")] = None,
        nct_id: Annotated[str | None, Field(description="Instead of a text: a trial of the registry store.")] = None,
    ) -> Result:
        """The criteria of a text or a stored trial as a tree; what was not read stays `unread` with its words."""
        from her2nav.app.criteria import criteria_json, read_criteria, stored, text_record

        def answer() -> Result:
            if bool(text and text.strip()) == bool(nct_id):
                raise InputError("one of text and nct_id is needed", allowed="text, or nct_id of a stored trial")
            trial = stored(here.folder, nct_id) if nct_id else text_record(text or "")
            return criteria_json(here.knowledge, read_criteria(here.knowledge, trial))

        return _answered(answer)

    return server


def _read(session: Session, patient: str | dict[str, Any]) -> Any:
    from her2nav.app.patient_source import given

    text = patient if isinstance(patient, str) else json.dumps(patient, ensure_ascii=False)
    return given(session, text.encode("utf-8", errors="replace"), "patient").read


def _answered(answer: Callable[[], Result]) -> Result:
    """Return an answer as plain JSON data; a user's mistake is the one error object."""
    try:
        found: Result = json.loads(json.dumps(answer(), ensure_ascii=False, default=str))
    except Her2NavError as error:
        return error.as_dict()
    return found
