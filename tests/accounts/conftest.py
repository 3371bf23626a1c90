import pytest

from accounts import invitations
from accounts.models import Membership, Role
from tests import factories
from tests.accounts.inviting import NINA, link_to


@pytest.fixture
def link(olga: Membership) -> str:
    """Olga has invited Nina, who is not known here; what stands in her mail."""
    invitations.invite(olga, [NINA], role=Role.MEMBER)
    return link_to(NINA)


@pytest.fixture
def owen(olga: Membership) -> Membership:
    """Owns Harbour too."""
    return factories.membership(factories.user("owen@example.org", name="Owen Quay"), olga.organization)
