"""Read the text of a template, JSON or YAML, to plain values, with bounds on what it may hold.

AWS: "CloudFormation template formats" in the CloudFormation User Guide. Values are dictionaries
with text as keys, lists, text, finite numbers, booleans and None. As on AWS the last of two equal
keys counts. moto's own reader would run Python code that a template's tags name.
"""

from __future__ import annotations

import json
import math
from typing import Any

import yaml
from moto.cloudformation.exceptions import ValidationError

from local_aws.host.yaml_bounds import (
    DEEPEST,
    SafeLoader,
    YamlAliasError,
    YamlBoundsError,
    require_bounded,
)

_UNSUPPORTED_TAGS = ("binary", "omap", "pairs", "set", "timestamp")
_TAG = "tag:yaml.org,2002:"


class _TemplateLoader(SafeLoader):
    """YAML as CloudFormation reads it: short tags for functions, dates and keys stay text."""

    def construct_mapping(self, node: yaml.Node, deep: bool = False) -> dict[Any, Any]:
        """AWS has no hash merges ("<<"); a key such as an account's number stays what it is."""
        if not isinstance(node, yaml.MappingNode):
            raise yaml.constructor.ConstructorError(None, None, "", node.start_mark)
        mapping = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag == f"{_TAG}merge":
                raise yaml.constructor.ConstructorError(None, None, "", key.start_mark)
            mapping[key.value] = self.construct_object(value, deep=deep)
        return mapping


_TemplateLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _short_function(loader: _TemplateLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    """`!Sub x` is `{"Fn::Sub": x}`; Ref and Condition have no prefix."""
    value: Any = None
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


def _unsupported(_loader: _TemplateLoader, node: yaml.Node) -> None:
    raise yaml.constructor.ConstructorError(None, None, "", node.start_mark)


_TemplateLoader.add_multi_constructor("!", _short_function)
for _name in _UNSUPPORTED_TAGS:
    _TemplateLoader.add_constructor(f"{_TAG}{_name}", _unsupported)


def read(text: str) -> Any:
    """The template's values, every `Fn::GetAtt` as a list. Raises ValidationError."""
    return _plain(_from_json(text) if text.lstrip().startswith("{") else _from_yaml(text), 0)


def _from_json(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        # AWS's reader names the column after the character that it could not take, as recorded.
        column = error.colno + (error.pos < len(text))
        where = f" (line {error.lineno}, column {column})"
        raise format_error(f"JSON not well-formed.{where}") from error
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:  # a number of more than 4,300 digits, NaN, Infinity
        raise format_error(f"JSON not well-formed. {error}") from error


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def _from_yaml(text: str) -> Any:
    try:
        require_bounded(text, aliases=False)
        # S506: the loader is a SafeLoader with CloudFormation's own tags.
        return yaml.load(text, Loader=_TemplateLoader)  # noqa: S506
    except YamlAliasError as error:
        raise format_error("YAML aliases are not allowed in CloudFormation templates") from error
    except YamlBoundsError as error:
        raise _too_deep() from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise format_error(f"YAML not well-formed.{where}") from error
    except (yaml.YAMLError, ValueError) as error:  # a control character; a number without end
        reason = " ".join(str(error).split())
        raise format_error(f"YAML not well-formed. {reason}") from error


def _plain(value: Any, depth: int) -> Any:
    """Check every value; `Fn::GetAtt` may be "Name.Attribute" or ["Name", "Attribute"].

    One without a dot stays as it is: it names no attribute.
    """
    if depth > DEEPEST:
        raise _too_deep()
    if isinstance(value, list):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {
            _plain(key, depth): inner.split(".", 1)
            if key == "Fn::GetAtt" and isinstance(inner, str) and "." in inner
            else _plain(inner, depth + 1)
            for key, inner in value.items()
        }
    if isinstance(value, str) and not _is_unicode(value):
        raise format_error("Invalid UTF-8: it has half of a surrogate pair.")
    if isinstance(value, float) and not math.isfinite(value):
        raise format_error(f"{value} is not a number")
    return value


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _too_deep() -> ValidationError:
    return format_error(f"It is nested more than {DEEPEST} levels deep.")


def format_error(reason: str) -> ValidationError:
    return ValidationError(message=f"Template format error: {reason}")
