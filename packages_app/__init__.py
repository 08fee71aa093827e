"""A private Python package index, one package per capability.

tables         where items live: DynamoDB, or the embedded answer to it from one SQLite file
catalogue      projects and files: what is listed, and how that changes
file_store     where bytes live: keys, durable local files, S3, presigned links
metadata       what a distribution says about itself: archive soundness, core metadata, attestations
audit          what happened, by whom
downloads      how often files are downloaded, by project, version and day
discovery      what people find: descriptions of projects and releases, what came lately, the search
accounts       who is asking, and what they may do
upstream       other indexes behind this one: who owns a name, kept pages and files, what is withheld
uploads        how files come in: publish.py is the single way in; legacy/ and sessions/ are doors to it
maintenance    what maintainers do to what is published: yank, delete, status, retention
storage_events files that appear in the store, or vanish from it, by other means: events, reconcile, adoption
simple_api     the index installers read: pages, negotiation, page cache, downloads
json_api       the legacy JSON API that tools still read
api            the door for scripts, described by an OpenAPI document
browser        pages for people: home, search, projects, and the static files they need
admin          Django's admin over the catalogue, for administrators
aws_setup      what the index needs of an AWS account: compares, and makes what is missing
management     the commands of manage.py

names.py       project names, versions and file names        conf.py        the app's options
errors.py      the base of every domain error                problems.py    errors as HTTP answers
patience.py    how long a request may take, and how often AWS is asked again
preferences.py headers that rank by quality                  page.py        templates as answers to browsers
templatetags/  what templates can do beside Django's own       sealed.py      texts that callers carry and cannot read
middleware.py  request ids, headers, errors to problems      checks.py      settings that contradict each other
"""
