"""Starting the server: an address that cannot be had is told in one line before anything is announced."""

import socket

import pytest

from her2nav.model.errors import InputError
from her2nav.web.run import serve
from her2nav.web.settings import Settings


@pytest.mark.parametrize("workers", [1, 2])
def test_a_port_that_is_taken(workers):
    told = []
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(InputError, match="something else serves there") as caught:
            serve(Settings(port=port), workers, lambda: told.append("up"))
    assert caught.value.place == "--port"
    assert not told


@pytest.mark.parametrize("host", ["203.0.113.77", "no.such.host.invalid"])
def test_an_address_of_another_machine(host):
    told = []
    with pytest.raises(InputError, match="cannot be had") as caught:
        serve(Settings(host=host, token="x" * 20), 1, lambda: told.append("up"))
    assert caught.value.place == "--host"
    assert not told


def test_beyond_this_machine_a_token_is_needed():
    told = []
    with pytest.raises(InputError, match="reachable from other machines"):
        serve(Settings(host="0.0.0.0"), 1, lambda: told.append("up"))
    assert not told
