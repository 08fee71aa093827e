"""The project's settings with a data folder and secrets of the test run's own."""

import os
import tempfile

os.environ["PYPI_DATA"] = tempfile.mkdtemp(prefix="elastic-pypi-tests-")
os.environ.update(PYPI_SECRET_KEY="tests-only", PYPI_USERNAME="ana", PYPI_PASSWORD="pa:ss wörd")
for name in ("PYPI_TABLE", "PYPI_BUCKET"):
    os.environ.pop(name, None)

from pypi_site.settings import *  # noqa: F403, E402 - the settings under test, on the environment set above

# A hash that nobody can guess from takes time on purpose; tests compute hundreds and guess nothing.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
