"""Any other service that signs OpenID Connect tokens, such as a cloud's for its machines: by the subject alone."""

from packages_app.accounts.publishers.kinds.base import Field, Kind, text

SUBJECT = Kind(
    name="subject",
    title="Another OpenID Connect service",
    fields=(Field(name="subject", about="the claim sub of its tokens, letter by letter"),),
    check=dict,
    place=lambda claims: text(claims, "sub"),
    names=lambda fields, claims: text(claims, "sub") == fields["subject"],
    run=lambda _: "",
)
