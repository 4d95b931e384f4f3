"""Trees as tests write them, and a written tree without its places."""


def bare(form: object) -> object:
    """Return a written tree without spans and rules."""
    if isinstance(form, dict):
        return {name: bare(value) for name, value in form.items() if name not in ("span", "rule")}
    return [bare(item) for item in form] if isinstance(form, list) else form


def lab(variable: str, op: str, value: str, unit: str) -> dict[str, object]:
    """Return the limit of a laboratory value."""
    return {"lab_value": {"variable": variable, "op": op, "value": value, "unit": unit}}


def either(*parts: object) -> dict[str, object]:
    """Return alternatives."""
    return {"any_of": list(parts)}


def every(*parts: object) -> dict[str, object]:
    """Return demands that all hold."""
    return {"all_of": list(parts)}


def denied(part: object) -> dict[str, object]:
    """Return what must not be."""
    return {"not": part}
