"""What a slip makes of one node of the syntax tree."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

ARITHMETIC = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div,
              ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd}
#: With and without the boundary, and the other way round.
COMPARISONS = {ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE),
               ast.GtE: (ast.Gt, ast.Lt), ast.Eq: (None, ast.NotEq), ast.NotEq: (None, ast.Eq),
               ast.In: (None, ast.NotIn), ast.NotIn: (None, ast.In)}
PAIRS = [("min", "max"), ("minimum", "maximum"), ("amin", "amax"), ("nanmin", "nanmax"), ("argmin", "argmax"),
         ("mean", "sum"), ("nanmean", "nansum"), ("std", "var"), ("sin", "cos"), ("floor", "ceil"), ("any", "all")]
SWAPS = {**dict(PAIRS), **{b: a for a, b in PAIRS}, "median": "mean", "nanmedian": "nanmean",
         "log10": "log", "log": "log10", "log2": "log", "exp": "expm1"}
DROPPED = {"abs", "sqrt", "round", "square", "absolute", "fabs"}
TINY = 1e-6  # a guard against division by zero: a tenth more or less changes no digit


def variants(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Changed copies of a node, each with its kind."""
    for kind_of_node, rule in RULES.items():
        if isinstance(node, kind_of_node):
            yield from rule(node)


def changed(node: ast.AST, **fields: object) -> ast.AST:
    """A copy of a node with other fields."""
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def is_text(node: ast.AST) -> bool:
    """Whether an operand is a text, a collection or a path, with which operators do something else."""
    if isinstance(node, ast.BinOp):
        return is_text(node.left) or is_text(node.right)
    name = getattr(node, "id", getattr(node, "attr", "")).lower()
    collection = isinstance(node, (ast.JoinedStr, ast.List, ast.Tuple, ast.ListComp, ast.Dict, ast.Set, ast.DictComp))
    return (collection or isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes))
            or any(word in name for word in ("folder", "root", "path", "html", "text", "lines", "name")))


def operators(node: ast.BinOp) -> Iterator[tuple[ast.AST, str]]:
    """Plus for minus, times for divided by, a product for a power."""
    to = ARITHMETIC.get(type(node.op))
    alias = isinstance(node.op, ast.BitOr) and any(ast.unparse(x)[:1].isupper() or ast.unparse(x) == "None"
                                                   for x in (node.left, node.right))
    if to and not is_text(node) and not alias:
        yield changed(node, op=to()), "power" if isinstance(node.op, ast.Pow) else "arithmetic"


def comparisons(node: ast.Compare) -> Iterator[tuple[ast.AST, str]]:
    """The boundary in or out, and the opposite."""
    for index, op in enumerate(node.ops):
        boundary, opposite = COMPARISONS.get(type(op), (None, None))
        for to, kind in ((boundary, "boundary"), (opposite, "comparison")):
            if to:
                yield changed(node, ops=[*node.ops[:index], to(), *node.ops[index + 1 :]]), kind


def logic(node: ast.BoolOp) -> Iterator[tuple[ast.AST, str]]:
    """And for or."""
    yield changed(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And()), "logic"


def negations(node: ast.UnaryOp) -> Iterator[tuple[ast.AST, str]]:
    """A sign or a "not" left out."""
    if not isinstance(node.op, ast.UAdd):
        yield node.operand, "negation"


def constants(node: ast.Constant) -> Iterator[tuple[ast.AST, str]]:
    """A whole number one off, a tenth more, a switch the other way."""
    if isinstance(node.value, bool):
        yield changed(node, value=not node.value), "flag"
    elif isinstance(node.value, int):
        yield changed(node, value=node.value + 1), "constant"
        yield changed(node, value=node.value - 1), "constant"
    elif isinstance(node.value, float) and abs(node.value) > TINY:
        yield changed(node, value=float(f"{node.value * 1.1:.12g}")), "constant"


def calls(node: ast.Call) -> Iterator[tuple[ast.AST, str]]:
    """Another function of the same family, or none: minimum for maximum, no root."""
    name = getattr(node.func, "attr", getattr(node.func, "id", None))
    field = "attr" if isinstance(node.func, ast.Attribute) else "id"
    if name in SWAPS and (field == "attr" or name in ("min", "max", "any", "all")):
        yield changed(node, func=changed(node.func, **{field: SWAPS[name]})), "function"
    if name in DROPPED and len(node.args) == 1:
        yield node.args[0], "dropped call"
    elif name in DROPPED and not node.args and field == "attr":
        yield node.func.value, "dropped call"


def returns(node: ast.Return) -> Iterator[tuple[ast.AST, str]]:
    """Two results in the wrong order."""
    if isinstance(node.value, ast.Tuple) and len(node.value.elts) == 2:
        yield changed(node, value=changed(node.value, elts=node.value.elts[::-1])), "return"


RULES = {ast.BinOp: operators, ast.Compare: comparisons, ast.BoolOp: logic, ast.UnaryOp: negations,
         ast.Constant: constants, ast.Call: calls, ast.Return: returns}
