"""Requests that somebody else aims: what may be dialled, however it is spelt, whoever names it."""

from __future__ import annotations

import aiohttp
import pytest

from bot.errors import ConfigError, SourceError
from bot.fetch.exchange import Request
from bot.fetch.guard import ForbiddenAddressError, Guard
from bot.fetch.network import Network
from tests.fakes.publisher import Names, rss
from tests.fetch.test_network import refused

REFUSED = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",  # metadata services
    "100.64.0.1",  # carriers
    "100.127.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",  # metadata services
    "ff02::1",
    "2001:db8::1",
    "3fff::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
    "fec0::1",
    "64:ff9b:1::a00:1",
    "100::1",
    "4000::1",
    "168.63.129.16",  # metadata services
    "100.100.100.200",
    "239.255.255.250",
    "nonsense",
]
PERMITTED = [
    "93.184.215.14",
    "8.8.8.8",
    "172.15.0.1",
    "172.32.0.1",
    "100.63.255.255",
    "2606:2800:21f:cb07::1",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",  # NAT64: how a network without IPv4 reaches a public address
    "2002:808:808::1",
]


@pytest.mark.parametrize("address", REFUSED)
def test_addresses_that_are_not_public_are_refused(address):
    assert not Guard().permits(address)


@pytest.mark.parametrize("address", PERMITTED)
def test_public_addresses_are_permitted(address):
    assert Guard().permits(address)


def test_an_operator_may_open_single_addresses_and_networks():
    guard = Guard(["127.0.0.1", "10.8.0.0/16", "fd12::/16"])
    assert all(guard.permits(address) for address in ("127.0.0.1", "10.8.3.4", "fd12::5"))
    assert not any(guard.permits(address) for address in ("127.0.0.2", "10.9.0.1", "::1", "::ffff:127.0.0.1"))


async def outcome(url: str, *answers: list[str], allow=()) -> str:
    network = Network(resolver=Names(*answers) if answers else None, allow_private=allow, deadline=3)
    try:
        await network.get(Request(url))
    except SourceError as error:
        return error.name
    finally:
        await network.close()
    return "answered"


@pytest.mark.parametrize(
    "address", [["127.0.0.1"], ["10.0.0.1"], ["::1"], ["::ffff:169.254.169.254"], ["169.254.169.254", "127.0.0.1"]]
)
async def test_a_name_that_leads_inside_is_refused(address):
    assert await outcome("http://innocent.example/feed", address) == "address_refused"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0.0.0.0/",
        "http://[fe80::1%25lo]/",
    ],
)
async def test_literals_are_refused_though_no_resolver_sees_them(url):
    assert await outcome(url) == "address_refused"


@pytest.mark.parametrize(
    "url",
    [
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://0x7f.0.0.1/",
        "http://127.1/",
        "http://127.0.0.1./",
        "http://127.0.0.01/",
        "http://１２７.0.0.1/",
        "http://127。0。0。1/",
        "http://①②⑦.⓪.⓪.①/",
        "http://%31%32%37.0.0.1/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::1%25lo]/",
        "http://8.8.8.8@127.0.0.1/",
        "http://8.8.8.8\\@127.0.0.1/",
        "http://127.0.0.1\\.x.example/",
        "http://127.0.0.1 .x.example/",
        "http://x.example\t@127.0.0.1/",
        "http://[127.0.0.1]/",
        "http:///127.0.0.1/",
    ],
)
async def test_odd_spellings_are_refused_even_of_an_address_that_is_let_through(url):
    """Two programs may read them differently, so nobody can say what was let through."""
    assert await outcome(url, allow=("127.0.0.1",)) == "address_refused"


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://x.example/",
        "http://u:p@x.example/",
        "//x.example/",
        "x",
        "",
        "http://",
        "http://[::1",
    ],
)
async def test_what_is_no_plain_web_address_is_refused(url):
    assert await outcome(url) == "address_refused"


@pytest.mark.parametrize("text", ["127.0.0.1", "10.0.0.0/8", "fd00::/8"])
def test_what_may_be_opened_is_an_address_or_a_network(text):
    assert Guard([text]).permits(text.partition("/")[0])


def test_what_is_neither_is_a_mistake_in_the_settings():
    with pytest.raises(ConfigError, match=r"localhost.*no address or network"):
        Guard(["localhost"])


async def test_a_name_with_one_address_inside_is_refused_whole(publisher):
    publisher.says("feed", "x")
    url = f"http://mixed.example:{publisher.port}/feed"
    assert await outcome(url, ["127.0.0.1", "127.0.0.2"], allow=("127.0.0.1",)) == "address_refused"
    assert publisher.asked["feed"] == 0


async def test_a_name_that_changes_its_mind_between_two_requests_is_caught_at_the_second(publisher):
    """Rebinding: the first answer leads to a permitted address, the second inside."""
    publisher.says("feed", "x")
    names = Names(["127.0.0.1"], ["127.0.0.2"])
    network = Network(resolver=names, allow_private=("127.0.0.1",))
    url = f"http://rebound.example:{publisher.port}/feed"
    assert (await network.get(Request(url))).status == 200
    await network.close()
    with pytest.raises(SourceError) as refused:
        await network.get(Request(url))
    assert refused.value.name == "address_refused"
    assert publisher.asked["feed"] == 1
    await network.close()


async def test_an_address_is_judged_again_when_it_is_dialled(publisher):
    """A resolver that changed its answer after it was judged: the socket sees what is dialled, whatever was said."""
    publisher.says("feed", "x")
    guard = Guard(["127.0.0.1"])
    connector = aiohttp.TCPConnector(resolver=Names(["127.0.0.2"]), socket_factory=guard.socket_for)
    async with aiohttp.ClientSession(connector=connector) as session:
        with pytest.raises(aiohttp.ClientConnectorError) as refused:
            await session.get(f"http://rebound.example:{publisher.port}/feed")
    assert isinstance(refused.value.os_error, ForbiddenAddressError)
    assert publisher.asked["feed"] == 0


async def test_the_refusal_names_the_address_and_what_would_let_it_through(publisher):
    network = Network(resolver=Names(["10.1.2.3"]))
    with pytest.raises(SourceError) as refused:
        await network.get(Request("http://innocent.example/"))
    await network.close()
    assert "innocent.example" in refused.value.detail
    assert "10.1.2.3" in refused.value.detail
    assert "fetch.allow_private" in refused.value.detail


async def test_a_refusal_tells_no_password_and_no_key():
    network = Network()
    with pytest.raises(SourceError) as refused:
        await network.get(Request("http://user:hush@x.example/?api_key=hush"))
    await network.close()
    assert "hush" not in str(refused.value)


async def test_a_redirect_to_an_internal_address_is_refused_unasked(publisher, network):
    publisher.says("secret", rss())
    url = publisher.redirects("feed", publisher.url("secret", "127.0.0.2"))
    error = await refused(network, url)
    assert error.name == "address_refused"
    assert "127.0.0.2" in error.detail
    assert publisher.asked["secret"] == 0


@pytest.mark.parametrize(
    "target",
    ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://x", "http://user:pw@127.0.0.1/", "data:,x"],
)
async def test_a_redirect_to_anything_but_http_is_refused(publisher, network, target):
    assert (await refused(network, publisher.redirects("feed", target))).name == "address_refused"


async def test_credentials_do_not_follow_to_another_host(publisher):
    network = Network(allow_private=("127.0.0.0/8",))
    publisher.says("there", "x")
    url = publisher.redirects("here", publisher.url("there", "127.0.0.2"))
    await network.get(Request(url, headers={"X-Api-Key": "secret"}))
    assert "X-Api-Key" not in publisher.headers
    await network.close()


@pytest.mark.parametrize("port", [0, 22, 6379, 65535])
async def test_no_port_of_the_inside_is_asked(port):
    assert await outcome(f"http://127.0.0.1:{port}/") == "address_refused"


def test_what_an_operator_tries_or_adds_is_held_to_the_same_rule(chipwatch, publisher, tmp_path):
    """`sources test` and a source of one's own: nothing inside is asked without `fetch.allow_private`."""
    publisher.says("feed", rss())
    url = publisher.url("feed")
    tried = chipwatch("sources", "test", url)
    assert "address_refused" in tried.out + tried.err
    folder = tmp_path / "config"
    (folder / "sources").mkdir(parents=True)
    (folder / "sources" / "own.toml").write_text(f'[[source]]\nid = "own"\nkind = "feed"\nurl = "{url}"\n')
    polled = chipwatch("poll", "--config", folder)
    assert "address_refused" in polled.out + polled.err
    assert publisher.asked["feed"] == 0


@pytest.mark.parametrize("url", ["file:///etc/passwd", "//x.example/feed", "gopher://x.example/", "feed"])
def test_a_source_of_another_kind_of_address_is_no_source(url):
    from bot.sources.curated import sources_of_text

    with pytest.raises(ConfigError):
        sources_of_text(f'[[source]]\nid = "own"\nkind = "feed"\nurl = "{url}"\n')


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "https://a\u202eb.example/"]
)
def test_a_link_in_a_card_leads_to_the_web_or_nowhere(url):
    from bot.cards.quotation import safe_url

    assert safe_url(url) is None
