from packages_app.browser.commands import install, publish


def test_lines_name_this_index_and_the_version():
    lines = {command.tool: command.line for command in install("https://a.example/dev/simple/", "demo", "1.0+local")}
    assert lines["pip"] == "pip install --index-url https://a.example/dev/simple/ demo==1.0+local"
    assert lines["uv"].splitlines() == [
        "export UV_INDEX_PRIVATE_USERNAME=__token__ UV_INDEX_PRIVATE_PASSWORD=TOKEN",
        "uv add --index private=https://a.example/dev/simple/ demo==1.0+local",
    ]
    assert lines["Poetry"].endswith("poetry add --source private demo==1.0+local")


def test_a_version_that_a_shell_would_read_is_quoted():
    assert install("https://a.example/simple/", "demo", "1!2.0")[0].line.endswith("'demo==1!2.0'")


def test_publishing_names_the_upload_address():
    assert [command.line for command in publish("https://a.example/legacy/")] == [
        "twine upload --repository-url https://a.example/legacy/ dist/*",
        "uv publish --publish-url https://a.example/legacy/",
    ]
