"""Extractors to be named on the command line of the benchmark: one that works, and all ways to fail."""

import os
import re
import time

BLOCK = re.compile(r"<(?:p|li|h1|nav|footer)\b[^>]*>([^<]*)")


def blocks():
    return lambda html, _: "\n".join(BLOCK.findall(html))


def languages():
    return lambda _, lang: lang


def scored_blocks():
    """Call what is short foreign."""
    return lambda html, _: [(line, 0.9 if len(line) < 25 else 0.1) for line in BLOCK.findall(html)]


def talks():
    print("I am loading")

    def extract(html, _):
        print('{"text": "not this"}')
        return html

    return extract


def fails():
    def extract(html, _):
        if "bad" in html:
            raise ValueError("bad page")
        return html

    return extract


def dies():
    def extract(html, _):
        if "bad" in html:
            os._exit(3)
        return html

    return extract


def hangs():
    def extract(html, _):
        if "bad" in html:
            time.sleep(60)
        return html

    return extract


def returns_nothing():
    return lambda html, _: None if "bad" in html else html


def loads_forever():
    time.sleep(60)
