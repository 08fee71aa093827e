import shlex

from packages_app.management.client_lines import lines


def test_a_password_with_special_characters_survives_url_and_shell():
    text = lines(url="http://127.0.0.1:8000", user="ana", password="a/b:c@d'e f")
    assert "http://ana:a%2Fb%3Ac%40d%27e%20f@127.0.0.1:8000/simple/" in text
    twine = next(line for line in text.splitlines() if line.startswith("twine")).replace("dist/*", "")
    assert shlex.split(twine)[-1] == "--password=a/b:c@d'e f"


def test_every_client_has_its_line():
    text = lines(url="https://packages.example/", user="ana", password="x")
    for client in ("pip ", "uv ", "twine ", "poetry ", "pdm ", "~/.pypirc"):
        assert any(line.startswith(client) for line in text.splitlines())


def test_an_index_behind_tls_is_named_so():
    text = lines(url="https://packages.example/", user="ana", password="x")
    assert "https://ana:x@packages.example/simple/" in text
    assert "--repository-url https://packages.example/legacy/" in text
    assert "http://" not in text
