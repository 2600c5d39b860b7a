"""Where Chipwatch stands with channels, workspaces and platforms: what is lost, regained, joined and left.

Platforms report here what they notice, the outbox what a refused message told. A lost order is paused with the reason
and kept; the workspace's managers are told once; when the right returns the order resumes by itself and catches up in
one message.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from bot.cards.card import Card
from bot.cards.standing import standing_card
from bot.cards.watched import watched_card
from bot.clock import Clock
from bot.delivery import catching_up
from bot.delivery.platform import Outgoing, Platform
from bot.delivery.watched import WATCHED
from bot.errors import DeliveryError, Reach
from bot.store import erasing, letters
from bot.store import presence as kept
from bot.store.engine import Connection, Store
from bot.store.letters import Letter

MOST_TRIES = 20
LEASE = timedelta(minutes=2)
LONGEST_WAIT = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long what nobody uses is kept: a lost channel's order and everything of a workspace that is out of reach, and
    everything of a workspace that has left."""

    lost: timedelta = timedelta(days=90)
    left: timedelta = timedelta(days=7)


@dataclass(slots=True)
class Presence:
    """`platforms` are those that this process serves; `wake` is called when the outbox has something to do at once;
    `report` hears of each change: what happened, platform, reach, id, reason."""

    store: Store
    platforms: Mapping[str, Platform]
    clock: Clock
    keeping: Keeping = field(default_factory=Keeping)
    wake: Callable[[], None] = lambda: None
    report: Callable[[str, str, Reach, str, str], None] = lambda what, platform, reach, id_, reason: None

    async def lost(self, platform: str, reach: Reach, id_: str, reason: str) -> int:
        """A channel, a workspace or the whole platform can no longer be posted in; how many orders were paused.

        `id_` is the channel's or the workspace's, empty for the platform; `reason` the platform's own words.
        """
        work = partial(self.lose, platform=platform, reach=reach, id_=id_, reason=reason)
        count = await self.store.write(work)
        if count:
            self.report("lost", platform, reach, id_, reason)
            self.wake()
        return count

    def lose(self, conn: Connection, platform: str, reach: Reach, id_: str, reason: str) -> int:
        """The unit of work of `lost`, for whoever has a transaction open."""
        now = self.clock.now()
        affected = kept.lose(conn, platform, reach, id_, reason, now)
        if reach == "channel":
            for order in affected:
                facts = {"channel": order.channel, "reason": reason}
                letters.write(conn, platform, order.workspace, "lost", facts, now)
        return len(affected)

    async def regained(self, platform: str, reach: Reach, id_: str) -> int:
        """It can be posted in again: orders lost by just this reach resume and catch up; how many."""

        def work(conn: Connection) -> int:
            now = self.clock.now()
            affected = kept.regain(conn, platform, reach, id_)
            for order in affected:
                catching_up.resume(conn, order.subscription, now)
                if reach == "channel":
                    letters.write(conn, platform, order.workspace, "regained", {"channel": order.channel}, now)
            return len(affected)

        count = await self.store.write(work)
        if count:
            self.report("regained", platform, reach, id_, "")
            self.wake()
        return count

    async def joined(
        self, platform: str, workspace: str, name: str, added_by: str = "", fallbacks: Sequence[str] = ()
    ) -> None:
        """We were added to a workspace, or see that we still are. `fallbacks` are told where no notices channel is set:
        channels, or `person:ID`, in their order; `added_by` comes last."""
        now = self.clock.now()
        await self.store.write(lambda conn: kept.join(conn, platform, workspace, name, added_by, fallbacks, now))
        await self.regained(platform, "workspace", workspace)

    async def left(self, platform: str, workspace: str, reason: str = "removed") -> None:
        """We were put out of a workspace: its orders rest, and all of it is erased in a few days (`Keeping.left`)."""
        now = self.clock.now()

        def work(conn: Connection) -> None:
            kept.leave(conn, platform, workspace, now)
            self.lose(conn, platform, "workspace", workspace, reason)

        await self.store.write(work)
        self.report("left", platform, "workspace", workspace, reason)

    async def only(self, platform: str, standing: Collection[str], concerns: Callable[[str], bool]) -> None:
        """A platform names the workspaces that we are in: all of those for which `concerns` holds. Whoever put us out
        while nobody was listening is not among them, and has left."""
        known = await self.store.read(lambda conn: kept.present(conn, platform))
        for workspace in sorted(set(known) - set(standing)):
            if concerns(workspace):
                await self.left(platform, workspace)

    async def look_again(self) -> int:
        """Ask the platforms whether lost channels can be posted in again; how many were regained. For platforms that do
        not tell of a right that returns."""
        back = 0
        for platform, channel in await self.store.read(lambda conn: kept.lost_channels(conn, list(self.platforms))):
            try:
                may = (await self.platforms[platform].surroundings(channel)).post
            except DeliveryError:
                continue
            if may:
                back += await self.regained(platform, "channel", channel)
        return back

    async def erase(self) -> int:
        """Take out of the store what has been lost or left for long enough; how many orders and workspaces."""
        now = self.clock.now()

        def work(conn: Connection) -> int:
            orders = kept.lost_before(conn, now - self.keeping.lost)
            erasing.orders(conn, orders)
            left = kept.left_before(conn, now - self.keeping.left)
            gone = dict.fromkeys((*left, *kept.workspaces_lost_before(conn, now - self.keeping.lost)))
            for platform, workspace in gone:
                erasing.workspace(conn, platform, workspace, now)
            return len(orders) + len(gone)

        return await self.store.write(work)

    async def deliver_letters(self) -> int:
        """Tell managers what waits to be told; how many letters were settled."""
        now, names = self.clock.now(), list(self.platforms)
        settled = 0
        for letter in await self.store.read(lambda conn: letters.due(conn, names, now)):
            wait = min(LEASE * 2**letter.attempts, LONGEST_WAIT)
            if await self.store.write(partial(letters.take, letter=letter, until=now + wait)):
                outcome = await self._tell(letter)
                if outcome is None and letter.attempts + 1 >= MOST_TRIES:
                    outcome = "nobody"
                if outcome is not None:
                    await self.store.write(partial(letters.done, id_=letter.id, outcome=outcome))
                    settled += 1
        return settled

    async def _tell(self, letter: Letter) -> str | None:
        """Who was told; `nobody` where there is nobody to tell, None to try again."""
        find = partial(kept.workspace, platform=letter.platform, id_=letter.workspace)
        home = await self.store.read(find)
        if home is not None and home.left_at is not None:
            return "nobody"
        platform, again = self.platforms[letter.platform], False
        card, doors = self._card(letter, home), _doors(letter, home)
        for door in dict.fromkeys(doors):
            if not door or door == letter.facts.get("channel"):
                continue
            try:
                if door.startswith("person:"):
                    await platform.tell(door.removeprefix("person:"), card, letter.key)
                elif letter.attempts == 0 or await platform.find(door, letter.key, letter.at) is None:
                    await platform.send(Outgoing(door, card, letter.key, {}, workspace=letter.workspace))
            except DeliveryError as error:
                if error.unknown:  # better told once too seldom than twice: the order itself shows that it is paused
                    return f"unknown:{door}"
                again = again or not (error.permanent or error.lost)
                continue
            return f"told:{door}"
        return None if again else "nobody"

    def _card(self, letter: Letter, home: kept.Workspace | None) -> Card:
        language = home.language if home is not None else "en"
        if letter.kind == WATCHED:
            return watched_card(letter.facts, language)
        reason, channel = str(letter.facts.get("reason", "")), str(letter.facts["channel"])
        return standing_card(letter.kind, channel, letter.at, reason, self.keeping.lost.days, language)


def _doors(letter: Letter, home: kept.Workspace | None) -> list[str | None]:
    """Where a letter may be left, the best place first. A watch list's hit goes to its owner and to nobody else."""
    owner = str(letter.facts.get("owner", ""))
    if letter.facts.get("owner_kind") == "channel":
        return [owner]
    if letter.facts.get("owner_kind") == "person":
        return [f"person:{owner}"]
    if home is None:
        return []
    by_hand = f"person:{home.added_by}" if home.added_by else None
    if letter.facts.get("owner_kind") == "workspace":
        return [home.notices_channel, by_hand]  # a channel that nobody chose for it may be open to all
    return [home.notices_channel, *home.fallbacks, by_hand]
