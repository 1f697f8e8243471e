import SQLite from 'better-sqlite3'
import { tokenizer } from './words.ts'

/** Asks SQLite's own tokenizer what it makes of words, and how often: there is no other way to be of one mind with it. */
export function openStems() {
  const sqlite = new SQLite(':memory:')
  sqlite.exec(`
    create virtual table asked using fts5(text, content = '', contentless_delete = 1, tokenize = "${tokenizer}");
    create virtual table stems using fts5vocab(asked, row)`)
  const write = sqlite.prepare('insert into asked (rowid, text) values (1, ?)')
  const read = sqlite.prepare<[], [string, number]>('select term, cnt from stems').raw()
  const forget = sqlite.prepare('delete from asked')

  return (words: string[]): [stem: string, times: number][] => {
    write.run(words.join(' '))
    const stems = read.all()
    forget.run()
    return stems
  }
}

export type Stems = ReturnType<typeof openStems>
