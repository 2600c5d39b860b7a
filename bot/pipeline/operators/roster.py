"""Which sources are polled: the curated list, what operators added at run time, less what they paused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.errors import ConfigError, UserError
from bot.sources.base import Source
from bot.sources.curated import as_toml, sources_of_text
from bot.store import added_sources, audit
from bot.store.engine import Connection


@dataclass(frozen=True, slots=True)
class Roster:
    """`curated` are the sources of the configuration, switched off ones too."""

    curated: Sequence[Source] = ()

    def known(self, conn: Connection) -> dict[str, Source]:
        """Every source, polled or not. One that was added can no more be read by this version: it is left out."""
        found = {source.id: source for source in self.curated}
        for id_, toml in added_sources.tables(conn).items():
            try:
                found.setdefault(id_, sources_of_text(toml, id_)[0])
            except (ConfigError, IndexError):
                continue
        return found

    def polled(self, conn: Connection) -> dict[str, Source]:
        """The sources that are to be polled."""
        paused = added_sources.paused(conn)
        return {id_: each for id_, each in self.known(conn).items() if each.enabled and id_ not in paused}

    def add(self, conn: Connection, toml: str, at: datetime, who: str) -> Source:
        """Add the one source that a text describes. Raises ConfigError for its mistakes, UserError for a known id."""
        found = sources_of_text(toml, "source.toml")
        if len(found) != 1:
            raise UserError("errors.one_source", n=len(found))
        source = found[0]
        if source.id in self.known(conn):
            raise UserError("errors.source_known", source=source.id)
        kept = as_toml([source])
        added_sources.add(conn, source.id, kept, at, who)
        audit.log(conn, at, who, "source.add", source.id, None, kept)
        return source

    def remove(self, conn: Connection, id_: str, at: datetime, who: str) -> None:
        """Take an added source away. Raises UserError for one that was not added here."""
        toml = added_sources.remove(conn, id_)
        if toml is None:
            raise UserError("errors.source_not_added", source=id_[:80])
        audit.log(conn, at, who, "source.remove", id_, toml)

    def pause(self, conn: Connection, id_: str, at: datetime, who: str) -> None:
        """Stop polling a source. Raises UserError for an unknown one, or one that is paused."""
        self._must_know(conn, id_)
        if not added_sources.pause(conn, id_, at, who):
            raise UserError("errors.source_paused", source=id_)
        audit.log(conn, at, who, "source.pause", id_)

    def resume(self, conn: Connection, id_: str, at: datetime, who: str) -> None:
        """Poll a source again. Raises UserError for an unknown one, or one that is not paused."""
        self._must_know(conn, id_)
        if not added_sources.resume(conn, id_, at):
            raise UserError("errors.source_not_paused", source=id_)
        audit.log(conn, at, who, "source.resume", id_)

    def _must_know(self, conn: Connection, id_: str) -> None:
        if id_ not in self.known(conn):
            raise UserError("errors.unknown_source", source=id_[:80])
