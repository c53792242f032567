"""Ingest: paths, globs, directories, archives and stdin become blocks of whole lines. Knows nothing of formats."""
