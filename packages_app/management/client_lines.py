"""Lines to paste into a terminal or a file, so that each client uses this index."""

import shlex
from urllib.parse import quote


def lines(*, host: str, port: int | str, user: str, password: str) -> str:
    """Return what pip, uv, twine, poetry, pdm and .pypirc need, with credentials in place."""
    pair = f"{quote(user, safe='')}:{quote(password, safe='')}"
    base = f"http://{host}:{port}"
    simple = f"http://{pair}@{host}:{port}/simple/"
    name, shown = shlex.quote(user), shlex.quote(password)
    return f"""\
pip      pip install --index-url {simple} PACKAGE
uv       uv pip install --index-url {simple} PACKAGE
         uv publish --publish-url {base}/legacy/ --username {name} --password={shown} dist/*
twine    twine upload --repository-url {base}/legacy/ --username {name} --password={shown} dist/*
poetry   poetry config repositories.private {base}/legacy/
         poetry config http-basic.private {name} -- {shown}
         poetry publish --repository private
pdm      pdm publish --repository {base}/legacy/ --username {name} --password={shown}
~/.pypirc
         [distutils]
         index-servers = private
         [private]
         repository = {base}/legacy/
         username = {user}
         password = {password}
"""
