"""Cash by province: one part a province, solved each by itself; national money is divided among them by prices.

`solve_by_province` is what callers need. The rule, in four steps (`Plan` takes them one by one, so that the parts may
be solved anywhere):

1. **Parts.** A need belongs to the part of its province, and so does a fund whose regions all lie in it. Provinces that
   share a household are one part: its caps are one. All other funds are *shared*: each part has a share of their
   balance.
2. **Shares** begin with what each province would draw if no grant were capped, which is solved exactly in a moment.
3. **Rounds.** Each part answers with its grants and the level at which each shared fund ends in it, the fund's price
   there. Money that serves later levels (or nobody) in one province goes to what earlier levels lack in another
   (`shares`), until no money moves or the rounds are over.
4. **Finish.** Let t be the earliest level at which any shared fund ends in any part. Before t every cut that the parts
   found holds local funds alone, so it is a cut of the whole instance: coverage is optimal up to there. Grants at t and
   after it are taken back, and the needs from t on are served as in a single run, by augmenting paths over all
   provinces, starting from what stands. Where no minimum grants are set, each need's coverage is that of the single
   run, to the fen: the lexicographic optimum of a polymatroid is unique (decision 125).

Without step 4 the answer is feasible, and what it loses is measured by `bench.provinces`.
"""

from matching.engine.provinces.parts import Part, PartAnswer, solve_part
from matching.engine.provinces.plan import Plan, SolveParts, solve_by_province, solve_here, worth_dividing

__all__ = [
    "Part",
    "PartAnswer",
    "Plan",
    "SolveParts",
    "solve_by_province",
    "solve_here",
    "solve_part",
    "worth_dividing",
]
