/** Everything that is written down, and what it means. Nothing else reaches the audit log. */
export const events = {
  'user.registered': 'an account was made',
  'user.signup_requested': 'a letter was asked for that finishes a sign-up',
  'user.signup_refused':
    'a sign-up was refused: a filled honeypot, too many from one network, or not open to newcomers',
  'user.password_rehashed': 'a stored password hash was renewed because the settings rose',
  'user.profile_changed': 'somebody changed their name or username',
  'user.password_changed': 'a password was changed, or set for the first time, and every other session ended',
  'setup.link_made': 'the link for the first administrator was printed',
  'setup.link_refused': 'a wrong or used setup link was tried',
  'link.refused': 'a link out of a letter was tried that does not work, or without its password',
  'session.started': 'somebody signed in',
  'session.refused': 'a sign-in failed',
  'session.throttled': 'a sign-in was not even tried, because there were too many failures',
  'session.ended': 'somebody signed out, or ended one of their sessions',
  'session.expired': 'expired sessions and tokens were dropped',
  'credential.refused': 'a token was shown that is not ours, was changed, or has ended',
  'access.denied': 'somebody asked for a thing that is not theirs or that is not there, or that their role forbids',
  'access.limited': 'requests were refused because there were too many',
  'origin.refused': 'a change was asked for from a foreign page',
  'workspace.created': 'a workspace was made',
  'workspace.changed': 'a workspace was renamed or described anew',
  'workspace.deleted': 'a workspace was deleted with all it held',
  'invite.created': 'a link into a workspace was made',
  'invite.revoked': 'a link into a workspace was taken back',
  'invite.accepted': 'somebody joined a workspace',
  'invite.refused': 'an invite was tried that does not work',
  'member.role_changed': 'a member was given another role',
  'member.removed': 'a member was removed by the owner',
  'member.left': 'a member left',
  'document.added': 'a document was put on a desk',
  'document.changed': 'a document was renamed or given other tags',
  'document.downloaded': 'an original was downloaded',
  'document.deleted': 'a document was deleted with all that was made of it',
  'error.unexpected': 'something failed that should not have'
} as const

export type EventName = keyof typeof events
