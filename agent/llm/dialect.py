"""What one model at one endpoint understands, learnt from its own answers.

Servers that call themselves OpenAI-compatible differ in how they take a schema, a token limit and a
temperature. The first real request is the probe: a refusal to understand (400, 404, 422, 501) teaches one
thing and the request is asked again; such refusals are not charged for. Once an answer was usable the
dialect is settled.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from agent.llm.api import CompletionRequest
from agent.llm.schema import strict_schema

Mode = Literal["json_schema", "json_object", "fenced"]
_NEXT: dict[Mode, Mode] = {"json_schema": "json_object", "json_object": "fenced"}


@dataclass
class Dialect:
    """How to speak to one model."""

    mode: Mode = "json_schema"
    limit_field: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    temperature: bool = True
    settled: bool = False
    switched_limit: bool = False

    def degrade(self) -> bool:
        """Ask for JSON in a plainer way from now on; `False` when there is none left."""
        following = _NEXT.get(self.mode)
        if following is None:
            return False
        self.mode = following
        return True

    def learn(self, message: str) -> bool:
        """Change what the server's complaint is about; `False` when nothing is left to change."""
        said = message.lower()
        if "max_tokens" in said or "max_completion_tokens" in said:
            if self.switched_limit:
                return False
            self.switched_limit = True
            self.limit_field = (
                "max_tokens" if self.limit_field == "max_completion_tokens" else "max_completion_tokens"
            )
            return True
        if "temperature" in said and self.temperature:
            self.temperature = False
            return True
        return self.degrade()

    def body(self, request: CompletionRequest) -> dict[str, Any]:  # Any: keyword arguments of the SDK
        """Return the arguments of `chat.completions.create` for a request."""
        schema = strict_schema(request.response)
        messages = [{"role": each.role, "content": each.content} for each in request.messages]
        arguments: dict[str, Any] = {"model": request.model, self.limit_field: request.max_output_tokens}
        if self.temperature:
            arguments["temperature"] = request.temperature
        if self.mode == "json_schema":
            arguments["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": request.response.__name__, "strict": True, "schema": schema},
            }
        else:
            fence = " inside one ```json fence" if self.mode == "fenced" else ""
            rule = f"\n\nAnswer with one JSON object{fence}, nothing else, that fits this JSON schema:\n{json.dumps(schema)}"
            messages[0] = {**messages[0], "content": messages[0]["content"] + rule}
        if self.mode == "json_object":
            arguments["response_format"] = {"type": "json_object"}
        arguments["messages"] = messages
        return arguments
