"""What the child process runs: it reads specifications from its standard input and writes PNG to its standard output.

A message is its length (four bytes, big-endian) and its bytes. A request is JSON `{"spec": ..., "scale": ...}`; the
answer is one byte (1: a PNG follows, 0: the reason why there is none) and the rest. End of input ends the process.
"""

from __future__ import annotations

import json
import struct
import sys
import zlib
from pathlib import Path
from typing import BinaryIO

FONTS = Path(__file__).parent / "fonts"
LENGTH = struct.Struct(">I")
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def main() -> None:
    """Serve until the input ends."""
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
    # The library prints warnings of the engine; they must not come between the bytes of an answer.
    given, taken = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    while (request := read_message(given)) is not None:
        try:
            wish = json.loads(request)
            png = vl_convert.vegalite_to_png(wish["spec"], vl_version="6.4", scale=wish["scale"], allowed_base_urls=[])
            answer = b"\x01" + packed(png)
        except Exception as error:  # whatever went wrong in a picture, the caller must hear of it
            answer = b"\x00" + f"{type(error).__name__}: {error}".encode()[:2000]
        taken.write(LENGTH.pack(len(answer)) + answer)
        taken.flush()


def packed(png: bytes) -> bytes:
    """The same picture in a quarter of the bytes: the library deflates in its quickest manner."""
    chunks, at = [], len(SIGNATURE)
    while at < len(png):
        (length,) = LENGTH.unpack_from(png, at)
        chunks.append((png[at + 4 : at + 8], png[at + 8 : at + 8 + length]))
        at += 12 + length
    pixels = zlib.decompress(b"".join(data for name, data in chunks if name == b"IDAT"))
    kept = [(name, data) for name, data in chunks if name not in (b"IDAT", b"IEND")]
    kept += [(b"IDAT", zlib.compress(pixels, 6)), (b"IEND", b"")]
    return SIGNATURE + b"".join(
        LENGTH.pack(len(data)) + name + data + LENGTH.pack(zlib.crc32(name + data)) for name, data in kept
    )


def read_message(stream: BinaryIO) -> bytes | None:
    """The next message, None at the end of the stream."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    return stream.read(LENGTH.unpack(head)[0])


if __name__ == "__main__":
    main()
