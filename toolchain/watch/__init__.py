"""`metorex watch`: what changed (snapshot.py), when to look (signals.py), what to do about it (watcher.py)."""
