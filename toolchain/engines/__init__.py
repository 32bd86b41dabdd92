"""The engines: ways to run a verified module. They share everything in `runtime/`."""
