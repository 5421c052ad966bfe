"""Spoil an answer as its provider plausibly would: another body, a broken one, or one too large."""

from dataclasses import replace

import numpy as np

from flows.replay.messages import HTML, Provider, Reply

HUGE = 13_000_000  # bytes
RETRY_AFTER = 1  # seconds
GARBAGE = 2048  # bytes


def instead(provider: Provider, faults: frozenset[str]) -> Reply | None:
    """Return what a provider says instead of an answer; None where no such fault is in force."""
    for status in (503, 500):
        if f"http_{status}" in faults:
            return Reply(_page(f"HTTP {status}", provider.notice), HTML, status)
    if "http_429" in faults:
        return replace(provider.too_many, status=429, headers={"Retry-After": str(RETRY_AFTER)})
    if "error_in_200" in faults:
        return provider.refusal
    if "html" in faults:
        return Reply(_page("Notice", provider.notice), HTML)
    return None


def spoilt(provider: Provider, reply: Reply, faults: frozenset[str], asked: int) -> Reply:
    """Return an answer with the faults that its bytes can have."""
    body = reply.body
    if "renamed_field" in faults:
        body = body.replace(*provider.renamed)
    if "truncated_json" in faults:
        body = body[: len(body) * 2 // 3] + provider.broken_off
    if "garbage" in faults:
        body = np.random.default_rng(asked).bytes(GARBAGE)
    if "huge" in faults:
        body += provider.padding * -(-(HUGE - len(body)) // len(provider.padding))
    return replace(reply, body=body)


def _page(title: str, notice: str) -> bytes:
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title></head>"
        f"<body><h1>{title}</h1><p>{notice}</p></body></html>"
    ).encode()
