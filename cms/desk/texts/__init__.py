"""Free text about a need: proposed by the officer, seen masked by two others."""
