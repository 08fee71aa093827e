"""Lines to paste into a terminal or a file, so that each client uses this index."""

import shlex
from urllib.parse import quote


def lines(*, url: str, user: str, password: str) -> str:
    """Return what pip, uv, twine, poetry, pdm and .pypirc need; ``url`` is the index's, such as ``https://host``."""
    pair = f"{quote(user, safe='')}:{quote(password, safe='')}"
    base = url.rstrip("/")
    scheme, _, rest = base.partition("://")
    simple = f"{scheme}://{pair}@{rest}/simple/"
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
