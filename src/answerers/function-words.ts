const listed = {
  english: `a an the this that these those some any each every all both either neither no not nor or and but if then than
    so as at by for from in into of off on onto out over to under up down with without about after again against before
    between during through until while above below within per via it its itself he him his himself she her hers herself
    they them their theirs themselves i me my mine myself we us our ours ourselves you your yours yourself is am are was
    were be been being do does did doing done has have had having can cannot could may might must shall should will would
    ought who whom whose which what when where why how there here just only also too very much many more most such own
    same other else ever please tell give show find explain say says said let get got`,
  german: `der die das den dem des ein eine einen einem einer eines und oder aber nicht kein keine auch nur noch schon mit
    ohne von vom zu zum zur bei beim nach vor aus auf an am im in ins fur uber unter um durch gegen bis ist sind war waren
    sein wird werden wurde wurden hat haben hatte kann konnen muss mussen soll sollen darf durfen wer wen wem wessen was
    wann wo wohin woher warum wieso weshalb wie welche welcher welches welchen ich du er sie es wir ihr mir mich dir dich
    uns euch mein meine meiner dein deine sich dies diese dieser dieses`,
  french: `le la les l un une des du de d et ou mais ne n pas dans sur sous avec sans pour par au aux en ce c cet cette ces
    est sont etait etre ete a ont avoir peut doit qui que qu quoi dont quand comment pourquoi quel quelle quels quelles
    combien je j tu il elle nous vous ils elles mon ma mes ton ta tes son sa ses notre votre leur leurs se s y`,
  spanish: `el la los las un una unos unas y o pero no con sin por para de del al en es son era eran ser fue esta estan
    hay ha han puede debe que quien quienes cual cuales cuando donde como cuanto cuanta cuantos cuantas yo ella ellos
    ellas nosotros mi mis tu tus su sus lo le se este estos estas ese esa`,
  italian: `il lo la i gli le un uno una e ed o ma non di del della dei da dal dalla in nel nella nei nelle con su per tra
    fra che chi cosa come quando dove perche quale quali quanto quanti quanta quante sono e era erano essere ha hanno io
    lui lei noi voi loro mio mia suo sua si`,
  dutch: `de het een en of maar niet geen in op te tot van voor met zonder naar uit bij aan om is zijn was waren wordt
    worden heeft hebben kan moet mag wie wat wanneer waar waarom hoe welke hoeveel ik jij je hij zij ze wij we mijn jouw
    haar hun ook dat die dit er`,
  portuguese: `o a os as um uma e ou mas nao de do da dos das em no na nos nas por para com sem ao que quem qual quais
    quando onde como porque quanto quanta e foi sao era eram ser tem ha ele ela eles elas meu minha seu sua se`
}

const sets = Object.values(listed).map((words) => new Set(words.split(/\s+/)))
const [english = new Set<string>()] = sets

/**
 * The words that tell nothing about what a text is about, in its language: that of which it has the most. A word may be
 * empty in one language only, such as "war", "son" or "die".
 */
export function functionWordsOf(words: string[]): Set<string> {
  const first = words.slice(0, 100)
  const counts = sets.map((set) => first.filter((word) => set.has(word)).length)
  return sets[counts.indexOf(Math.max(...counts))] ?? english
}
