"""One question to an OpenAI-compatible endpoint, with every way it can go wrong said in one line."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel

from her2nav.model.errors import Her2NavError, InputError, ValueProblem

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
MAX_TOKENS = 4_000
"""Length of an answer at most."""
Answer = TypeVar("Answer", bound=BaseModel)


class EndpointFailed(Her2NavError):
    """The endpoint is not there, refuses, is too slow, or answers in another form; nothing was proposed."""

    code = "endpoint_failed"
    exit_status = 1


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the language model is.

    Attributes:
        url: Base address, for example http://127.0.0.1:8000/v1.
        model: Its name there.
        key: Key of the account; local servers need none.
        timeout: Seconds for the whole answer.
    """

    url: str
    model: str
    key: str | None = None
    timeout: float = 120.0

    @property
    def local(self) -> bool:
        """True on this machine."""
        return urlsplit(self.url).hostname in _LOOPBACK


def endpoint(url: str, model: str, key: str | None, timeout: float) -> Endpoint:
    """Return an endpoint.

    Raises:
        ValueProblem: The address is neither https nor on this machine, or holds a password; or no model is named.
    """
    parts = urlsplit(url)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if not (safe and parts.hostname) or parts.username or parts.password:
        raise ValueProblem(
            f"'{url}' cannot be used",
            place="--endpoint",
            allowed="https://…, or http:// on this machine, without a password",
        )
    if not model.strip():
        raise ValueProblem("the model is not named", place="--model", allowed="a name that the endpoint knows")
    if not 0 < timeout <= 3_600:
        raise ValueProblem("the time is out of range", place="--timeout", allowed="1 to 3600 seconds")
    return Endpoint(url.rstrip("/"), model.strip(), key, timeout)


def ask(place: Endpoint, instructions: str, text: str, form: type[Answer]) -> Answer:
    """Send one request and return its answer in a form.

    Raises:
        InputError: The extra is not installed.
        EndpointFailed: No answer, a refusal, or an answer of another form.
    """
    try:
        import pydantic_ai  # noqa: F401
    except ImportError:
        raise InputError(
            "language models need an extra", allowed="pip install 'her2nav[llm]'", code="missing_extra"
        ) from None
    return asyncio.run(_ask(place, instructions, text, form))


async def _ask(place: Endpoint, instructions: str, text: str, form: type[Answer]) -> Answer:
    import httpx2
    import openai
    from pydantic_ai import Agent, PromptedOutput
    from pydantic_ai.exceptions import AgentRunError, UserError
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    # A proxy of the environment must not carry what was promised to stay on this machine.
    async with httpx2.AsyncClient(trust_env=not place.local, timeout=place.timeout, follow_redirects=False) as http:
        client = openai.AsyncOpenAI(
            base_url=place.url, api_key=place.key or "none", http_client=http, max_retries=1, timeout=place.timeout
        )
        model = OpenAIChatModel(place.model, provider=OpenAIProvider(openai_client=client))
        agent = Agent(model, output_type=PromptedOutput(form), instructions=instructions, retries=1)
        settings: Any = {"max_tokens": MAX_TOKENS, "temperature": 0.0}
        try:
            async with asyncio.timeout(place.timeout):
                answer: Answer = (await agent.run(text, model_settings=settings)).output
                return answer
        except TimeoutError:
            raise EndpointFailed(f"no answer within {place.timeout:g} s", place=place.url) from None
        except (AgentRunError, UserError, openai.OpenAIError, httpx2.HTTPError) as error:
            raise EndpointFailed(_line(error), place=place.url) from None


def _line(error: Exception) -> str:
    """Say in a few words what went wrong; the answer itself is not repeated, it may hold the note."""
    name = type(error).__name__
    status = getattr(error, "status_code", None)
    if status is not None:
        return f"the endpoint refused the request (HTTP {status})"
    if "Timeout" in name:
        return "no answer in time"
    if "Connection" in name or "Unavailable" in name:
        return "nobody answers there"
    if "Filter" in name:
        return "the model declined to answer"
    return f"the answer has another form than asked for ({name})"
