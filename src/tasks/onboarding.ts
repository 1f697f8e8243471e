/** The first things to do at a new desk: what they say, and where they are done. */
export const onboarding = {
  welcome: {
    title: 'Look around your room',
    text: 'It is the private workspace that was made for you. Nobody else can open it unless you invite them.',
    action: 'Open your room',
    href: '/room'
  },
  'invite-someone': {
    title: 'Invite someone',
    text: 'Share a room with one other person, as a reader or as somebody who adds to it.',
    action: 'Make a link',
    href: '/invite-coparent'
  },
  'make-workspace': {
    title: 'Make a second workspace',
    text: 'Keep one for each part of your life: the flat, a course, the club.',
    action: 'Make a workspace',
    href: '/workspaces/new'
  }
} as const

export type TaskKind = keyof typeof onboarding

export const taskKinds = Object.keys(onboarding) as TaskKind[]
