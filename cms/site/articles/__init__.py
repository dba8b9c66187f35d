"""Stories and news beside their pages: feeds, demonstration texts."""
