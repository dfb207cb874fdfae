"""What two changes of the same rules make together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from eakte.domain.rules import changed_files, differences, digest_of, merged

NAMES = st.sampled_from(["a.toml", "b.toml", "c.toml"])
FILES = st.dictionaries(NAMES, st.sampled_from(["", "1\n", "1\n2\n", "3\n"]))


@given(FILES, FILES)
def test_a_proposal_made_on_what_counts_is_taken_as_it_is(base, proposed):
    made = merged(base, proposed, base)
    assert (made.files, made.conflicts) == (proposed, ())


@given(FILES, FILES)
def test_where_nothing_is_proposed_nothing_changes(base, in_force):
    made = merged(base, base, in_force)
    assert (made.files, made.conflicts) == (in_force, ())


@given(FILES, FILES, FILES)
def test_what_only_one_side_changed_counts_and_the_rest_is_asked(base, proposed, in_force):
    made = merged(base, proposed, in_force)
    for name in {*base, *proposed, *in_force}:
        here, there = in_force.get(name), proposed.get(name)
        both = base.get(name) not in (here, there) and here != there
        assert (name in made.conflicts) == both
        wanted = here if both or there == base.get(name) else there
        assert made.files.get(name) == wanted


@given(FILES, FILES)
def test_different_files_have_different_digests(one, other):
    assert (digest_of(one) == digest_of(other)) == (one == other)


@given(FILES, FILES)
def test_a_difference_names_every_line_that_comes_or_goes(before, after):
    found = {one.name: one for one in differences(before, after)}
    assert set(found) == set(changed_files(before, after))
    for name, one in found.items():
        new = after.get(name, "").splitlines()
        kept = [text for sign, text in one.lines if sign in " +"]
        assert kept == new or len(kept) < len(new)
        assert one.added - one.removed == len(new) - len(before.get(name, "").splitlines())
