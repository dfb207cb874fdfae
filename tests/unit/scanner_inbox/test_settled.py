from hypothesis import given
from hypothesis import strategies as st

from scanner_inbox.settled import (
    FileState,
    SettledRule,
    Settling,
    is_in_the_making,
    observe,
    settled,
)

RULE = SettledRule(looks=3, seconds=1.0)


def state(size: int, mtime: int = 1, inode: int = 1) -> FileState:
    return FileState(size=size, mtime_ns=mtime, inode=inode)


def watch(sizes: list[int], *, every: float = 0.5) -> list[bool]:
    """Look at one file that has these sizes, one look each; was it settled after each look?"""
    observed: dict[str, Settling] = {}
    answers = []
    for number, size in enumerate(sizes):
        now = number * every
        observed = observe(observed, {"brief.pdf": state(size)}, now)
        answers.append(settled(observed, RULE, now) == ("brief.pdf",))
    return answers


def test_a_file_that_is_still_growing_is_left_alone():
    assert not any(watch([1, 2, 3, 4, 5, 6, 7, 8]))


def test_a_file_that_stayed_the_same_is_settled_on_the_third_look():
    assert watch([9, 9, 9]) == [False, False, True]


def test_a_pause_in_writing_begins_the_wait_anew():
    assert watch([5, 5, 6, 6, 6]) == [False, False, False, False, True]


def test_quick_looks_alone_are_not_enough():
    assert not any(watch([5] * 20, every=0.01))


def test_a_new_time_stamp_or_inode_counts_as_a_change():
    for changed in (state(5, mtime=2), state(5, inode=2)):
        observed = observe({}, {"a": state(5)}, 0)
        observed = observe(observed, {"a": changed}, 10)
        assert observed["a"].looks == 1


def test_vanished_files_are_forgotten():
    observed = observe({}, {"a": state(5), "b": state(5)}, 0)
    assert set(observe(observed, {"b": state(5)}, 1)) == {"b"}


def test_a_stack_keeps_its_order():
    seen = {"c": state(1, mtime=1), "a": state(1, mtime=3), "b": state(1, mtime=2)}
    observed: dict[str, Settling] = {}
    for now in range(3):
        observed = observe(observed, seen, now)
    assert settled(observed, RULE, 2) == ("c", "b", "a")


@given(
    sizes=st.lists(st.integers(0, 3), min_size=1, max_size=30),
    looks=st.integers(2, 5),
    seconds=st.floats(0, 3),
    every=st.floats(0.05, 2),
)
def test_settled_means_the_same_size_over_the_last_looks_and_seconds(
    sizes: list[int], looks: int, seconds: float, every: float
):
    rule = SettledRule(looks=looks, seconds=seconds)
    observed: dict[str, Settling] = {}
    for number, size in enumerate(sizes):
        observed = observe(observed, {"x": state(size)}, number * every)
    now = (len(sizes) - 1) * every
    same = 0
    while same < len(sizes) and sizes[-1 - same] == sizes[-1]:
        same += 1
    since = (len(sizes) - same) * every
    expected = same >= looks and now - since >= seconds
    assert (settled(observed, rule, now) == ("x",)) is expected


@given(st.lists(st.dictionaries(st.sampled_from("abcd"), st.integers(0, 2)), max_size=12))
def test_only_what_is_there_now_is_observed(history: list[dict[str, int]]):
    observed: dict[str, Settling] = {}
    for now, files in enumerate(history):
        observed = observe(observed, {n: state(s) for n, s in files.items()}, now)
        assert set(observed) == set(files)
        assert all(1 <= o.looks <= now + 1 and 0 <= o.since <= now for o in observed.values())


def test_names_of_unfinished_files_are_known():
    for name in (
        ".scan.pdf",
        "scan.pdf.part",
        "SCAN.TMP",
        "~$brief.docx",
        "brief.pdf~",
        "Thumbs.db",
    ):
        assert is_in_the_making(name), name
    for name in ("scan.pdf", "Stapel 07.tif", "tmp.pdf", "Übergabe.jpg", "ohne-endung"):
        assert not is_in_the_making(name), name
