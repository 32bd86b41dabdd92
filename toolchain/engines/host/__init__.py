"""The host engine: verified stack bytecode becomes Python functions, translated lazily, one at a time.

Running         `machine.py` runs scripts, part by part (`parts.py`, `division.py`), `units.py` makes and replaces
                functions, `links.py` fills in their globals, `contexts.py` tells them what they are; `support.py`,
                `general_calls.py`, `items.py`, `patterns.py`, `shims.py` are what generated code calls, `blocks.py` and
                `reader.py` tell natives and backtraces about it, `block_methods.py` makes methods of blocks.
What is known   `facts.py` answers the translator's questions, `assumptions.py` notices when an answer changes, with
                `careful.py` and `redefinitions.py`; `initializers.py`, `summaries.py` say what functions do,
                `attributes.py` is the protocol of readers and writers, `answers.py` has tables by class,
                `exemplars.py` gives hints.
Translating     `translate.py` and `function.py` are one function on its way, `graph.py` (bytecode to basic blocks,
                inlined blocks joined in), `shortcuts.py` (what `&&` and `||` are known to be), `scope.py` (whose
                variables), `types.py` and `lists.py` (what they hold),
                `lower.py` (a block's instructions to Python text), `structure.py` with `nodes.py` and `analysis.py`
                (the graph to loops, conditionals and `try`), `generate.py` and `line_table.py` (text to a code object),
                `results.py`.
Instructions    `variables.py`, `arithmetic.py`, `sends.py`, `passing.py` (splats, keywords), `parameters.py`,
                `rest.py`, `closures.py`, `raising.py`; done in place: `templates.py`, `elements.py`, `texts.py`,
                `objects.py`; inlined blocks: `inline.py`, `symbols.py`, `iteration.py`; inlined methods:
                `inline_calls.py`; loops that count: `counting.py`; long `case`s: `switches.py`.

What the translator declines runs on the stack engine, function by function.
"""
