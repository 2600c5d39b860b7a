"""Bad servers, one at a time: each ends in the outcome that an operator can act on, within its bounds."""

from __future__ import annotations

import asyncio
import gzip
import ipaddress
import socket
import ssl
import sys
import time
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from aiohttp import web
from backports import zstd
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.clock import SetClock
from bot.errors import SourceError
from bot.fetch.exchange import Request, Validators
from bot.fetch.network import Network
from tests.fakes.publisher import MIB, Names, bomb, rss
from tests.liveness import lively

CHILD = """
import asyncio, resource, sys
from bot.errors import SourceError
from bot.fetch.exchange import Request
from bot.fetch.network import Network
from tests.liveness import lively

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

async def main(warm, url):
    network = Network(allow_private=("127.0.0.1",))
    await network.get(Request(warm))
    before = peak()
    try:
        await network.get(Request(url))
        name = "answered"
    except SourceError as error:
        name = error.name
    print(name, peak() - before)
    await network.close()

asyncio.run(main(*sys.argv[1:]))
"""


async def refused(network: Network, url: str, **options) -> SourceError:
    with pytest.raises(SourceError) as error:
        await network.get(Request(url, **options))
    return error.value


async def in_a_child(publisher, url: str) -> tuple[str, float]:
    """The outcome of one request in a fresh process, and by how many MiB its memory grew at the most."""
    warm = publisher.says("warm", rss())
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", CHILD, warm, url, stdout=asyncio.subprocess.PIPE)
    printed, _ = await child.communicate()
    name, growth = printed.decode().split()
    return name, float(growth)


def self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    begin = datetime.now(UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    form, secrecy = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "both.pem").write_bytes(key.private_bytes(pem, form, secrecy) + certificate.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context


async def test_an_answer_comes_with_its_headers_in_lower_case(publisher, network):
    url = publisher.says("feed", rss(), ETag='"1"', Content_Type="application/rss+xml")
    answer = await network.get(Request(url))
    assert (answer.status, answer.headers["etag"], answer.text()) == (200, '"1"', rss())
    assert publisher.headers["User-Agent"] == "Chipwatch/test (ops@x.example)"
    assert {"gzip", "br", "zstd"} <= {coding.strip() for coding in publisher.headers["Accept-Encoding"].split(",")}


async def test_what_was_answered_makes_the_next_request_conditional(publisher, network):
    url = publisher.says("feed", "", 304)
    answer = await network.get(Request(url, validators=Validators('"7"', "Mon, 01 Jun 2026 12:00:00 GMT")))
    assert answer.not_modified
    assert publisher.headers["If-None-Match"] == '"7"'
    assert publisher.headers["If-Modified-Since"] == "Mon, 01 Jun 2026 12:00:00 GMT"


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
async def test_compressed_answers_are_read(publisher, network, coding):
    url = publisher.says("feed", bomb(coding, MIB), Content_Encoding=coding)
    assert len((await network.get(Request(url))).body) == MIB


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
async def test_a_bomb_is_stopped_at_the_cap_of_inflated_bytes(publisher, coding):
    url = publisher.says("feed", bomb(coding, 200 * MIB), Content_Encoding=coding)
    name, growth = await in_a_child(publisher, url)
    assert name == "too_large"
    assert growth < 40


async def test_a_body_of_200_mib_is_stopped_at_the_cap(publisher):
    url = publisher.streams("feed", b"A" * MIB, 200)
    name, growth = await in_a_child(publisher, url)
    assert name == "too_large"
    assert growth < 40
    assert publisher.gone_away == 1


async def test_a_length_beyond_the_cap_is_believed_at_once(publisher, network):
    url = publisher.raw("feed", b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
    assert (await refused(network, url)).name == "too_large"


async def test_packed_parts_in_a_row_are_one_body(publisher, network):
    for coding, pack in (("gzip", gzip.compress), ("zstd", zstd.compress)):
        url = publisher.says(coding, pack(b"one ") + pack(b"two ") + pack(b"three"), Content_Encoding=coding)
        assert (await network.get(Request(url))).body == b"one two three"


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
async def test_empty_parts_without_end_are_refused(publisher, network, coding):
    empty = gzip.compress(b"") if coding == "gzip" else zstd.compress(b"")
    url = publisher.says("feed", empty * 5000, Content_Encoding=coding)
    assert (await refused(network, url)).name == "bad_encoding"


async def test_padding_behind_a_packed_body_is_passed_over(publisher, network):
    answer = await network.get(Request(publisher.says("f", gzip.compress(b"x") + b"\0" * 512, Content_Encoding="gzip")))
    assert (answer.body, answer.cut) == (b"x", False)


@pytest.mark.parametrize("wbits", [zlib.MAX_WBITS, -zlib.MAX_WBITS])
async def test_deflate_is_read_with_and_without_its_header(publisher, network, wbits):
    packer = zlib.compressobj(wbits=wbits)
    url = publisher.says("feed", packer.compress(b"x" * 99) + packer.flush(), Content_Encoding="deflate")
    assert (await network.get(Request(url))).body == b"x" * 99


async def test_a_packed_body_that_ends_early_is_kept_and_marked(publisher, network):
    packed = gzip.compress(rss(200).encode(), 1)
    answer = await network.get(
        Request(publisher.says("f", packed[: len(packed) // 2], ETag='"1"', Content_Encoding="gzip"))
    )
    assert answer.cut
    assert rss(200).encode().startswith(answer.body)
    assert answer.body
    assert answer.validators == Validators()  # else a 304 would keep the missing half away for ever


async def test_a_damaged_packed_body_is_named(publisher, network):
    packed = bytearray(gzip.compress(rss(200).encode()))
    packed[len(packed) // 2] ^= 0xFF
    assert (await refused(network, publisher.says("f", bytes(packed), Content_Encoding="gzip"))).name == "bad_encoding"


@pytest.mark.parametrize("coding", ["compress", "gzip, br", "lzma"])
async def test_a_packing_that_was_not_asked_for_is_named(publisher, network, coding):
    assert (await refused(network, publisher.says("f", "x", Content_Encoding=coding))).name == "bad_encoding"


async def test_the_cap_is_the_requests_own(publisher, network):
    url = publisher.says("feed", b"A" * 5000)
    assert (await refused(network, url, max_bytes=4999)).name == "too_large"
    assert len((await network.get(Request(url, max_bytes=5000))).body) == 5000


async def test_a_byte_a_second_ends_at_the_deadline(publisher):
    network = Network(allow_private=("127.0.0.1",), deadline=1.0)
    url = publisher.streams("feed", b" ", 120, pause=0.2)
    with lively(1.2, time.monotonic):
        assert (await refused(network, url)).name == "timeout"
    await network.close()


async def test_a_redirect_is_followed_and_the_final_address_is_told(publisher, network):
    publisher.says("new", rss())
    answer = await network.get(Request(publisher.redirects("old", "/new")))
    assert answer.url == publisher.url("new")


async def test_a_redirect_in_a_circle_ends_at_its_first_return(publisher, network):
    publisher.redirects("there", "/back")
    publisher.redirects("back", "/there")
    assert (await refused(network, publisher.url("there"))).name == "too_many_redirects"
    assert publisher.asked == {"there": 1, "back": 1}


async def test_five_redirects_are_followed_and_no_more(publisher, network):
    for n in range(6):
        publisher.redirects(f"{n}", f"/{n + 1}")
    publisher.says("6", "x")
    assert (await network.get(Request(publisher.url("1")))).body == b"x"
    assert (await refused(network, publisher.url("0"))).name == "too_many_redirects"


async def test_a_redirect_without_an_address_is_a_refusal(publisher, network):
    assert (await refused(network, publisher.says("feed", "", 302))).name == "http_302"


async def test_redirects_do_not_renew_the_deadline(publisher):
    async def dawdle(request):
        await asyncio.sleep(0.4)
        raise web.HTTPFound(f"/{int(request.path[1:]) + 1}")

    for n in range(5):
        publisher.on(f"{n}", dawdle)
    network = Network(allow_private=("127.0.0.1",), deadline=1.0)
    with lively(1.2, time.monotonic):
        assert (await refused(network, publisher.url("0"))).name == "timeout"
    await network.close()


@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_closes_the_host_for_every_source_until_then(publisher, status):
    clock = SetClock(datetime(2026, 11, 24, 12, tzinfo=UTC))
    network = Network(allow_private=("127.0.0.1",), resolver=Names(["127.0.0.1"]), clock=clock)
    host = f"http://wire.example:{publisher.port}"
    publisher.says("feed", "slow down", status, Retry_After="3600")
    publisher.says("other", rss())
    error = await refused(network, f"{host}/feed")
    assert (error.name, error.retry_at) == ("asked_to_wait", datetime(2026, 11, 24, 13, tzinfo=UTC))
    again = await refused(network, f"{host}/other")
    assert (again.name, again.retry_at) == ("asked_to_wait", error.retry_at)
    assert publisher.asked == {"feed": 1}
    assert (await network.get(Request(f"http://another.example:{publisher.port}/other"))).status == 200
    clock.set(datetime(2026, 11, 24, 13, tzinfo=UTC))
    assert (await network.get(Request(f"{host}/other"))).status == 200
    await network.close()


async def test_retry_after_of_an_own_machine_speaks_for_the_one_address(publisher, network):
    """Behind a listed address may stand a feed generator that passes on what many publishers say."""
    url = publisher.says("feed", "slow down", 429, Retry_After="3600")
    assert (await refused(network, url)).name == "asked_to_wait"
    assert (await refused(network, url + "?again")).name == "asked_to_wait"
    assert publisher.asked == {"feed": 1}
    assert (await network.get(Request(publisher.says("other", rss())))).status == 200


async def test_retry_after_as_a_date(publisher, network):
    moment = (datetime.now(UTC) + timedelta(hours=2)).replace(microsecond=0)
    error = await refused(network, publisher.says("feed", "", 503, Retry_After=format_datetime(moment, usegmt=True)))
    assert error.retry_at is not None
    assert abs(error.retry_at - moment) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("value", "name"), [("soon", "http_429"), ("-5", "http_429"), ("", "http_429"), ("99999999999999", "asked_to_wait")]
)
async def test_nonsense_in_retry_after_is_no_promise(publisher, network, value, name):
    error = await refused(network, publisher.says("feed", "", 429, Retry_After=value))
    assert error.name == name
    if error.retry_at is not None:
        assert error.retry_at <= datetime.now(UTC) + timedelta(hours=25)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 500, 502, 504])
async def test_refusals_are_named_by_their_status(publisher, network, status):
    error = await refused(network, publisher.says("feed", "no", status))
    assert error.name == f"http_{status}"
    assert error.detail


async def test_a_body_that_breaks_off_is_kept_and_marked(publisher, network):
    whole = rss().encode()
    answer = await network.get(Request(publisher.cuts("feed", whole, len(whole) // 2)))
    assert answer.cut
    assert answer.body == whole[: len(whole) // 2]


async def test_a_compressed_body_that_is_none_is_named(publisher, network):
    url = publisher.says("feed", b"this is not gzip at all" * 10, Content_Encoding="gzip")
    assert (await refused(network, url)).name == "bad_encoding"


async def test_a_host_that_nobody_answers_for_is_unreachable(network):
    error = await refused(network, "http://127.0.0.1:9/feed")
    assert error.name == "unreachable"


async def test_a_name_that_does_not_exist_is_unreachable(network):
    assert (await refused(network, "http://no-such-host.invalid/feed")).name == "unreachable"


async def test_an_answer_that_is_no_http_is_named(network):
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1024)
        writer.write(b"SSH-2.0-OpenSSH_9.2\r\n" + b"\x00" * 500)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    error = await refused(network, f"http://127.0.0.1:{port}/")
    assert error.name == "bad_answer"
    server.close()


async def test_parameters_join_the_query_that_is_there(publisher, network):
    seen = []

    async def answer(request):
        seen.append(list(request.query.items()))
        return web.Response(text="x")

    url = publisher.on("api", answer)
    await network.get(Request(url + "?a=1", params=(("conditions[agencies][]", "x y"), ("b", "2"))))
    assert seen == [[("a", "1"), ("conditions[agencies][]", "x y"), ("b", "2")]]


async def test_a_304_without_a_question_is_a_refusal(publisher, network):
    """Else a publisher that is mistaken would look like one that has nothing to say, for ever."""
    assert (await refused(network, publisher.says("feed", "", 304))).name == "http_304"


async def test_no_cookie_is_kept(publisher, network):
    url = publisher.says("feed", "x", Set_Cookie="id=1; Path=/")
    await network.get(Request(url))
    await network.get(Request(url))
    assert "Cookie" not in publisher.headers


async def test_a_proxy_in_the_environment_is_not_used(publisher, network, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    assert (await network.get(Request(publisher.says("feed", "x")))).body == b"x"


async def test_bytes_in_a_header_that_are_no_text_do_no_harm(publisher, network):
    url = publisher.raw("feed", b'HTTP/1.1 200 OK\r\nETag: "caf\xe9"\r\nContent-Length: 1\r\n\r\nx')
    answer = await network.get(Request(url))
    assert answer.headers["etag"] == '"café"'
    await network.get(Request(url, validators=answer.validators))


async def test_headers_beyond_measure_are_no_answer(publisher, network):
    long = publisher.raw("long", b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 100_000 + b"\r\n\r\n")
    many = publisher.raw("many", b"HTTP/1.1 200 OK\r\n" + b"X-Many: a\r\n" * 50_000 + b"\r\n")
    assert (await refused(network, long)).name == "bad_answer"
    assert (await refused(network, many)).name == "bad_answer"


async def test_hanging_up_without_an_answer_is_unreachable(publisher, network):
    assert (await refused(network, publisher.raw("feed", b""))).name == "unreachable"
    nothing = publisher.raw("nothing", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")
    assert (await refused(network, nothing)).name == "unreachable"


async def test_a_chunked_body_that_breaks_off_is_kept_and_marked(publisher, network):
    url = publisher.raw("f", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
    answer = await network.get(Request(url))
    assert (answer.body, answer.cut) == (b"hello", True)


async def test_a_server_that_speaks_no_tls_is_unreachable(publisher, network):
    error = await refused(network, publisher.says("feed", "x").replace("http:", "https:"))
    assert error.name == "unreachable"
    assert "TLS" in error.detail


async def test_a_certificate_that_nobody_vouches_for_is_not_taken(tmp_path):
    server = await asyncio.start_server(lambda r, w: w.close(), "127.0.0.1", 0, ssl=self_signed(tmp_path))
    async with server:
        network = Network(allow_private=("127.0.0.1",))
        error = await refused(network, f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
        await network.close()
    assert error.name == "unreachable"
    assert "certificate" in error.detail


@pytest.mark.parametrize("host", ["a" * 64 + ".example", "a..b.example", "-"])
async def test_a_host_that_cannot_be_a_name_is_named_and_no_crash(network, host):
    assert (await refused(network, f"http://{host}/")).name in ("unreachable", "address_refused")


async def test_a_name_is_asked_again_after_the_address_is_gone():
    """A port that nobody listens on any more: the error is the same each time, and nothing is left open."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    network = Network(allow_private=("127.0.0.1",), resolver=Names(["127.0.0.1"]))
    for _ in range(2):
        error = await refused(network, f"http://wire.example:{port}/")
        assert (error.name, "refused the connection" in error.detail) == ("unreachable", True)
    await network.close()
