"""The main job: from a case file and a resources file to help given, donors told and case records written back."""
