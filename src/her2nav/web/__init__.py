"""The web page and the HTTP interface: the use cases of `app` over HTTP; nothing about a patient is kept."""
