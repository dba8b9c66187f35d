"""The figures of a release as pictures, sentences and tables."""
