"""What the child process runs: it reads specifications from its standard input and writes PNG to its standard output.

A message is its length (four bytes, big-endian) and its bytes. A request is JSON `{"spec": ..., "scale": ...}`; the
answer is one byte (1: a PNG follows, 0: the reason why there is none) and the rest. End of input ends the process.
"""

from __future__ import annotations

import json
import struct
import sys
from pathlib import Path
from typing import BinaryIO

FONTS = Path(__file__).parent / "fonts"
LENGTH = struct.Struct(">I")


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
            answer = b"\x01" + png
        except Exception as error:  # whatever went wrong in a picture, the caller must hear of it
            answer = b"\x00" + f"{type(error).__name__}: {error}".encode()[:2000]
        taken.write(LENGTH.pack(len(answer)) + answer)
        taken.flush()


def read_message(stream: BinaryIO) -> bytes | None:
    """The next message, None at the end of the stream."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    return stream.read(LENGTH.unpack(head)[0])


if __name__ == "__main__":
    main()
