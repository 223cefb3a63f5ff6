"""`flask doctor`: asks everything on which the site stands and says in plain Chinese what is to be done."""
