"""Polling side by side: Chipwatch, a bare loop, reader, urlwatch and webchanges over one farm of local feeds."""
