"""An organization with people in it, and the pages about them."""

from datetime import timedelta

from django.utils.timezone import now

from accounts import invitations, letters
from accounts.models import Email, Membership, Role
from tests import factories
from tests.browser.pages import Pages


def gather(owner: Membership) -> Membership:
    """Two colleagues, two teams, invitations; the owner belongs elsewhere too and is invited to a third. The member."""
    harbour = owner.organization
    adam = factories.membership(factories.user("adam@example.org", name="Adam Reed"), harbour, role=Role.ADMIN)
    mina = factories.membership(factories.user("mina@example.org", name="Mina Sol"), harbour, role=Role.MEMBER)
    factories.team(harbour, owner, mina, name="Consulting")
    factories.team(harbour, name="Night shift")
    factories.invitation(owner, email="nina@example.org", secret="newcomer")
    factories.invitation(owner, email=mina.user.email, secret="account")
    factories.invitation(adam, email="paul.with.a.long.address@subsidiary.example.org", expires_at=now() - timedelta(1))
    factories.membership(owner.user, factories.organization("Lighthouse Keepers’ Association"), role=Role.MEMBER)
    factories.address(owner.user)
    factories.invitation(factories.membership(organization_=factories.organization("Quay")), email=owner.user.email)
    factories.booking(factories.scheduler(mina, name="Coaching"))
    factories.connection(mina)
    invitations.invite(owner, ["mailed@example.org"], role=Role.ADMIN)
    letters.say_goodbye(mina, by=adam.user)
    return mina


def of_owner(owner: Membership, member: Membership) -> Pages:
    base = f"/o/{owner.organization.slug}"
    team = owner.organization.teams.get(name="Consulting")
    return {
        "organizations": "/organizations",
        "settings": f"{base}/settings",
        "members": f"{base}/members",
        "members-found-none": f"{base}/members?q=nobody",
        "invite": f"{base}/members/invite",
        "member": f"{base}/members/{member.uid}",
        "member-last-owner": f"{base}/members/{owner.uid}",
        "member-hand-over": f"{base}/members/{member.uid}/hand-over",
        "member-remove": f"{base}/members/{member.uid}/remove",
        "leave-last-owner": f"{base}/leave",
        "audit-log": f"{base}/audit",
        "audit-log-found-none": f"{base}/audit?q=nobody",
        "teams": f"{base}/teams",
        "team": f"{base}/teams/{team.uid}",
        "team-delete": f"{base}/teams/{team.uid}/delete",
        "invitation-somebody-else": "/invitations/newcomer",
        **{f"mail-{sent.to.split('@')[0]}": f"/tryout/mails/{sent.pk}" for sent in Email.objects.all()},
    }


def of_member(member: Membership) -> Pages:
    base = f"/o/{member.organization.slug}"
    return {"member-leave": f"{base}/leave", "members-as-member": f"{base}/members", "not-allowed": f"{base}/settings"}


INVITED: Pages = {
    "invitation-newcomer": "/invitations/newcomer",
    "invitation-account": "/invitations/account",
    "invitation-unknown": "/invitations/nobody",
}
