"""Floor 3: from a path to a verified module. Start at `load.load_path`."""
