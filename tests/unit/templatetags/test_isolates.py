from packages_app.templatetags.isolates import isolated


def test_text_cannot_turn_what_follows_it():
    assert isolated("a\u202egnp.exe\u2069") == "\u2068agnp.exe\u2069"
