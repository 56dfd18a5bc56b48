"""The rules of the house that no other tool holds. tests/test_consistency.py runs them.

Each rule stands beside samples it must catch and near misses it must let pass, so that no rule can rot unseen.
"""
