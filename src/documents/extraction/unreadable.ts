export const reasons = {
  empty: 'This file is empty.',
  noText: 'There is no text in this file.',
  noTextInPdf: 'There is no text in this PDF. It may be a scan, which is a picture of the text.',
  damaged: 'This file is damaged or incomplete.',
  password: 'This file is protected by a password.',
  pdfPassword: 'This PDF is protected by a password.',
  copyProtected: 'This book is protected against copying.',
  fileBytes: 'This file is larger than is taken.',
  unpackedBytes: 'This file is larger when unpacked than is taken.',
  entries: 'This file is made of more parts than are taken.',
  pages: 'This file has more pages than are taken.',
  characters: 'This file holds more text than is taken.',
  blocks: 'This file has more paragraphs or rows than are taken.',
  depth: 'This file is nested more deeply than is taken.',
  ownMarkup: 'This file defines markup of its own, which is not taken.',
  time: 'This file took too long to read.',
  memory: 'This file needs more memory than is allowed.',
  failed: 'This file could not be read.',
  picture: 'Pictures cannot be read yet.',
  sound: 'Sound and video cannot be read yet.',
  archive: 'Archives cannot be read. Add the files that are inside one by one.',
  program: 'This is a program, not a document.',
  olderOffice: 'Older Word, Excel and PowerPoint files cannot be read yet. Save it as docx, xlsx or pptx.',
  richText: 'RTF files cannot be read yet. Save it as docx or PDF.',
  openDocument: 'Of OpenDocument files only texts can be read yet. Save it as xlsx, pptx or PDF.',
  unknown: 'This kind of file cannot be read.'
}

export type Reason = keyof typeof reasons

/** This file cannot be read, and trying again will not change that. The message is for the person it belongs to. */
export class Unreadable extends Error {
  readonly reason: Reason

  /** `where` is for the log: where in our own code the reading of it ended, and nothing that is in the file. */
  constructor(reason: Reason, where?: string) {
    super(reasons[reason], where ? { cause: where } : {})
    this.reason = reason
  }
}
