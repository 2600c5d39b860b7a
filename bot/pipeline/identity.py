"""The names that a document has wherever it is published: what makes one story of its stations."""

from __future__ import annotations

from bot.model import FOLLOWED, Document

SCHEMES = ("accession", "bill", "fr")
"""Names of public registers: an accession number, a bill, a Federal Register document number. Every other alias finds a
document again at its own source only."""


def identity(document: Document) -> tuple[str, ...]:
    """The names that it has everywhere: its aliases of the form `fr:2026-19537`."""
    return tuple(alias for alias in document.aliases if alias.partition(":")[0] in SCHEMES)


def continues(document: Document) -> tuple[str, ...]:
    """The names of the documents whose story this one goes on with: those that it is, then those that it corrects."""
    added = document.details.get(FOLLOWED)
    lists = (document.details.get("continues"), added.get("continues") if isinstance(added, dict) else None)
    names = [name for found in lists if isinstance(found, list | tuple) for name in found if isinstance(name, str)]
    return tuple(dict.fromkeys((*identity(document), *names)))
