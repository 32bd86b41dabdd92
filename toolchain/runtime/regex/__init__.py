"""Ruby's regular expressions: syntax.py reads them, translate.py writes what Python's `re` can match, matcher.py
matches the rest. Start with pattern.py."""
