/** Why a page was not saved, in words for the person who asked; `cause` is for whoever runs Carrel. */
export class PageRefused extends Error {}
