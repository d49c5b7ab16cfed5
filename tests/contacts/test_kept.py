"""What a process has made and shows again: never old, never somebody else's."""

from __future__ import annotations

from threading import Thread

from contacts.kept import Near


def numbers() -> object:
    """Makes 1, then 2, and so on, so that what is made anew is seen."""
    made = iter(range(1, 1000))
    return lambda: next(made)


def test_what_is_kept_is_made_once_while_nothing_is_written() -> None:
    near, make = Near(9), numbers()

    assert [near.keep("page", "mark", make) for _ in range(3)] == [1, 1, 1]


def test_whatever_is_written_makes_it_anew() -> None:
    near, make = Near(9), numbers()

    assert [near.keep("page", mark, make) for mark in ("first", "second", "second", "first")] == [1, 2, 2, 3]


def test_nothing_is_kept_before_anything_has_been_written() -> None:
    near, make = Near(9), numbers()

    assert [near.keep("page", None, make) for _ in range(2)] == [1, 2]
    assert not near.values


def test_each_key_has_its_own() -> None:
    near, make = Near(9), numbers()

    assert [near.keep(key, "mark", make) for key in ("a", ("a", "b"), frozenset("a"), "a")] == [1, 2, 3, 1]


def test_what_has_not_been_asked_for_longest_goes_first() -> None:
    near, make = Near(2), numbers()
    for key in ("a", "b", "a", "c"):
        near.keep(key, "mark", make)

    assert list(near.values) == ["a", "c"]


def test_many_threads_may_ask_at_once() -> None:
    near = Near(5)
    threads = [
        Thread(target=lambda: [near.keep(n % 11, "mark", lambda n=n: n % 11) for n in range(2000)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(near.values) == 5
    assert all(key == value for key, (_, value) in near.values.items())
