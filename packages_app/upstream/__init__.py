"""Other indexes behind this one: who owns a name, their pages kept, their files, and what of them is shown."""
